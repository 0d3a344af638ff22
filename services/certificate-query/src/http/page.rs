//! The page: two fields, one answer, no script.

use askama::Template;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use kernel::rejection::{Fault, Faults};

use super::api::Typed;
use super::refusal::RequestRejection;
use super::visitor::Asking;
use super::{note_refusal, refusing, unavailable, worth};
use crate::index::{Certificate, Finding, Standing};
use crate::limit::Limited;
use crate::public::Unanswered;
use crate::question::{Hint, Question};
use crate::reason::{Reason, reason};

/// The form, with what is wrong with what was typed, which is not cleared.
#[derive(Template, Default)]
#[template(path = "form.html")]
struct FormPage<'a> {
    typed: Typed,
    faults: &'a [Fault],
}

impl FormPage<'_> {
    /// What to say beside a field.
    fn faults_of<'f>(&'f self, field: &'f str) -> impl Iterator<Item = &'f Fault> {
        self.faults
            .iter()
            .filter(move |fault| fault.field.as_deref() == Some(field))
    }
}

#[derive(Template)]
#[template(path = "found.html")]
struct FoundPage<'a> {
    certificate: &'a Certificate,
}

impl FoundPage<'_> {
    fn reason(code: &str) -> Reason {
        reason(code)
    }
}

#[derive(Template)]
#[template(path = "corrected.html")]
struct CorrectedPage;

#[derive(Template)]
#[template(path = "not_found.html")]
struct NotFoundPage {
    hint: Option<Hint>,
}

#[derive(Template)]
#[template(path = "wait.html")]
struct WaitPage<'a> {
    typed: Typed,
    seconds: u64,
    challenge: &'a str,
}

#[derive(Template)]
#[template(path = "unavailable.html")]
struct UnavailablePage;

/// `GET /`
pub(super) async fn form() -> Response {
    render(&FormPage::default())
}

/// `POST /`
pub(super) async fn verify(asking: Asking, form: Result<Form<Typed>, FormRejection>) -> Response {
    let typed = match form {
        Ok(Form(typed)) => typed,
        Err(rejection) => {
            let faults = RequestRejection::FormMalformed.into();
            return refused(rejection.status(), Typed::default(), &faults);
        }
    };
    let question = match Question::parse(&typed.number, &typed.name) {
        Ok(question) => question,
        Err(faults) => return refused(StatusCode::BAD_REQUEST, typed, &faults),
    };
    let told = asking.ask_with(&typed.proof, |public, visitor| {
        public.verify(visitor, &question)
    });
    match told {
        Ok(told) => {
            let page = match &told.answer.finding {
                Finding::Found(certificate) => render(&FoundPage { certificate }),
                Finding::Corrected => render(&CorrectedPage),
                Finding::NotFound => render(&NotFoundPage {
                    hint: question.hint(),
                }),
            };
            (worth(&told), page).into_response()
        }
        Err(Unanswered::Unavailable(rejection)) => unavailable(&rejection),
        Err(Unanswered::Limited(limited)) => wait(typed, &limited),
    }
}

/// Asks for patience: the same question, sent again with the challenge after the wait.
fn wait(typed: Typed, limited: &Limited) -> Response {
    note_refusal(&limited.rejection().into());
    let (seconds, challenge) = match limited {
        Limited::Proof(challenge) => (challenge.wait_seconds, challenge.text.as_str()),
        Limited::TooMany(seconds) => (*seconds, ""),
    };
    let page = render(&WaitPage {
        typed,
        seconds,
        challenge,
    });
    (StatusCode::TOO_MANY_REQUESTS, refusing(limited), page).into_response()
}

/// `GET /style.css`
pub(super) async fn style() -> Response {
    let style = include_str!("../../templates/style.css");
    let kind = HeaderValue::from_static("text/css; charset=utf-8");
    let cache = HeaderValue::from_static("public, max-age=3600");
    (
        [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, cache)],
        style,
    )
        .into_response()
}

/// What stands where an answer should: a page for a failure, a line for what is nowhere linked, and
/// the form again for all else.
pub(super) fn failure(status: StatusCode, faults: &Faults) -> Response {
    match status {
        _ if status.is_server_error() => (status, render(&UnavailablePage)).into_response(),
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
            let why = faults.leading();
            (status, format!("{} / {}\n", why.chinese, why.english)).into_response()
        }
        _ => refused(status, Typed::default(), faults),
    }
}

fn refused(status: StatusCode, typed: Typed, faults: &Faults) -> Response {
    note_refusal(faults);
    (
        status,
        render(&FormPage {
            typed,
            faults: faults.all(),
        }),
    )
        .into_response()
}

fn render(page: &impl Template) -> Response {
    let text = page.render().expect("a page is written into memory");
    Html(text).into_response()
}
