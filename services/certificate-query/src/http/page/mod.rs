//! The page: a few fields, one answer, no script.
//!
//! Each way to ask ([`door`]) has an address of its own with a form; sent there, it is answered by a
//! page about what was found ([`state`]). What can come of it, and how much may be asked, is told
//! under `/about`.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::Router;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Query, State as Extracted};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use kernel::rejection::{Fault, Faults};

use super::refusal::RequestRejection;
use super::visitor::Asking;
use super::{for_everybody, note_refusal, refusing, unavailable, worth};
use crate::index::{Finding, Progress, Standing};
use crate::limit::{Limited, Limits};
use crate::public::{Public, Told, Unanswered, Visitor};
use crate::question::Hint;

mod door;
mod state;

const HTML: &str = "text/html; charset=utf-8";

use door::{DOORS, Door, Field, Typed};
use state::State;

/// The form, with what is wrong with what was typed, which is not cleared.
#[derive(Template)]
#[template(path = "form.html")]
struct FormPage<'a> {
    door: &'a Door,
    typed: Typed,
    faults: &'a [Fault],
}

impl FormPage<'_> {
    /// What to say beside a field.
    fn faults_of<'f>(&'f self, field: &'f Field) -> impl Iterator<Item = &'f Fault> {
        self.faults
            .iter()
            .filter(move |fault| fault.field.as_deref() == Some(field.name))
    }

    /// The other ways to ask.
    fn others(&self) -> impl Iterator<Item = &'static Door> {
        let path = self.door.path;
        DOORS.iter().filter(move |door| door.path != path)
    }
}

/// What was found, of which there may be several.
#[derive(Template)]
#[template(path = "found.html")]
struct FoundPage<'a> {
    findings: &'a [Finding],
}

impl FoundPage<'_> {
    /// What the title says: the state of the one, or that there are several.
    fn title(&self) -> &'static str {
        match self.findings {
            [finding] => state_of(finding).chinese(),
            _ => "查询结果",
        }
    }
}

#[derive(Template)]
#[template(path = "progress.html")]
struct ProgressPage<'a> {
    progress: &'a Progress,
}

#[derive(Template)]
#[template(path = "not_found.html")]
struct NotFoundPage {
    hint: Option<Hint>,
}

#[derive(Template)]
#[template(path = "wait.html")]
struct WaitPage<'a> {
    door: &'a Door,
    typed: Typed,
    seconds: u64,
    challenge: &'a str,
}

#[derive(Template)]
#[template(path = "unavailable.html")]
struct UnavailablePage;

#[derive(Template)]
#[template(path = "about.html")]
struct AboutPage<'a> {
    limits: &'a Limits,
}

/// The routes of the page.
pub(super) fn routes() -> Router<Arc<Public>> {
    Router::new()
        .route("/", get(async || form(&door::NUMBER)).post(verify))
        .route("/token", get(token_form).post(verify_token))
        .route("/document", get(async || form(&door::DOCUMENT)).post(find))
        .route("/ticket", get(async || form(&door::TICKET)).post(progress))
        .route("/about", get(about))
        .route("/away", get(away))
        .route("/style.css", get(style))
}

fn form(door: &Door) -> Response {
    render(&FormPage {
        door,
        typed: Typed::default(),
        faults: &[],
    })
}

/// The form for what a QR code holds. Where the code was scanned it is filled in already, and the one
/// tap that is left makes it a question: links are also opened by those who ask nothing.
async fn token_form(scanned: Result<Query<Typed>, QueryRejection>) -> Response {
    let typed = scanned.map_or_else(|_| Typed::default(), |Query(typed)| typed.scanned());
    render(&FormPage {
        door: &door::TOKEN,
        typed,
        faults: &[],
    })
}

/// A form as it came.
type Sent = Result<Form<Typed>, FormRejection>;

async fn verify(asking: Asking, sent: Sent) -> Response {
    if let Ok(Form(typed)) = &sent
        && let Some(state) = State::shown_by(&typed.number)
    {
        return demonstrate(state);
    }
    answer(
        &door::NUMBER,
        &asking,
        sent,
        Typed::question,
        Public::verify,
        |question, finding| found(std::slice::from_ref(finding), question.hint()),
    )
}

async fn verify_token(asking: Asking, sent: Sent) -> Response {
    answer(
        &door::TOKEN,
        &asking,
        sent,
        Typed::token,
        Public::verify_token,
        |_, finding| found(std::slice::from_ref(finding), None),
    )
}

async fn find(asking: Asking, sent: Sent) -> Response {
    answer(
        &door::DOCUMENT,
        &asking,
        sent,
        Typed::document,
        Public::find,
        |_, findings| found(findings, None),
    )
}

async fn progress(asking: Asking, sent: Sent) -> Response {
    answer(
        &door::TICKET,
        &asking,
        sent,
        Typed::ticket,
        Public::progress,
        |_, progress| match progress {
            Some(progress) => render(&ProgressPage { progress }),
            None => found(&[], None),
        },
    )
}

/// Reads what was typed at a door, asks, and shows what came of it.
fn answer<Q, T>(
    door: &Door,
    asking: &Asking,
    sent: Sent,
    read: impl FnOnce(&Typed) -> Result<Q, Faults>,
    ask: impl FnOnce(&Public, &Visitor<'_>, &Q) -> Result<Told<T>, Unanswered>,
    show: impl FnOnce(&Q, &T) -> Response,
) -> Response {
    let typed = match sent {
        Ok(Form(typed)) => typed,
        Err(rejection) => {
            let faults = RequestRejection::FormMalformed.into();
            return refused(rejection.status(), door, Typed::default(), &faults);
        }
    };
    let question = match read(&typed) {
        Ok(question) => question,
        Err(faults) => return refused(StatusCode::BAD_REQUEST, door, typed, &faults),
    };
    let told = asking.ask_with(&typed.proof, |public, visitor| {
        ask(public, visitor, &question)
    });
    match told {
        Ok(told) => (worth(&told), show(&question, &told.answer.finding)).into_response(),
        Err(Unanswered::Unavailable(rejection)) => unavailable(&rejection),
        Err(Unanswered::Limited(limited)) => wait(door, typed, &limited),
    }
}

/// What was found, or that nothing was.
fn found(findings: &[Finding], hint: Option<Hint>) -> Response {
    match findings {
        [] | [Finding::NotFound] => render(&NotFoundPage { hint }),
        findings => render(&FoundPage { findings }),
    }
}

/// The state of something that was found.
fn state_of(finding: &Finding) -> State {
    match finding {
        Finding::NotFound => State::NoMatch,
        Finding::Corrected => State::Superseded,
        Finding::Found(certificate) => match certificate.standing {
            Standing::Valid => State::Valid,
            Standing::Suspended { .. } => State::Suspended,
            Standing::Revoked { .. } => State::Revoked,
        },
    }
}

/// A state, shown to whoever wants to see it.
fn demonstrate(state: State) -> Response {
    match state.finding() {
        Some(finding) => found(std::slice::from_ref(&finding), None),
        None if state == State::InProgress => render(&ProgressPage {
            progress: &State::progress(),
        }),
        None if state == State::TooMany => {
            let limited = Limited::TooMany(60);
            wait(&door::NUMBER, Typed::default(), &limited)
        }
        None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// Asks for patience: the same question, sent again with the challenge after the wait.
fn wait(door: &Door, typed: Typed, limited: &Limited) -> Response {
    note_refusal(&limited.rejection().into());
    let (seconds, challenge) = match limited {
        Limited::Proof(challenge) => (challenge.wait_seconds, challenge.text.as_str()),
        Limited::TooMany(seconds) => (*seconds, ""),
    };
    let page = render(&WaitPage {
        door,
        typed,
        seconds,
        challenge,
    });
    (StatusCode::TOO_MANY_REQUESTS, refusing(limited), page).into_response()
}

/// `GET /about`
async fn about(Extracted(public): Extracted<Arc<Public>>) -> Response {
    let limits = public.limiter().limits();
    (for_everybody(HTML), render(&AboutPage { limits })).into_response()
}

/// `GET /away`: what the edge shows while nobody answers it. Fetched beforehand.
async fn away() -> Response {
    (for_everybody(HTML), render(&UnavailablePage)).into_response()
}

/// `GET /style.css`
async fn style() -> Response {
    let style = include_str!("../../../templates/style.css");
    (for_everybody("text/css; charset=utf-8"), style).into_response()
}

/// What stands where an answer should: a page for a failure, a line for what is nowhere linked, and
/// the form again for all else.
pub(super) fn failure(status: StatusCode, path: &str, faults: &Faults) -> Response {
    match status {
        _ if status.is_server_error() => (status, render(&UnavailablePage)).into_response(),
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
            let why = faults.leading();
            (status, format!("{} / {}\n", why.chinese, why.english)).into_response()
        }
        _ => {
            let door = DOORS.iter().find(|door| door.path == path);
            let door = door.unwrap_or(&door::NUMBER);
            refused(status, door, Typed::default(), faults)
        }
    }
}

fn refused(status: StatusCode, door: &Door, typed: Typed, faults: &Faults) -> Response {
    note_refusal(faults);
    let faults = faults.all();
    let page = render(&FormPage {
        door,
        typed,
        faults,
    });
    (status, page).into_response()
}

fn render(page: &impl Template) -> Response {
    let text = page.render().expect("a page is written into memory");
    Html(text).into_response()
}
