//! The JSON door.

use axum::Json;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::rejection::Faults;
use platform::pages::refused_as;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::refusal::RequestRejection;
use super::reply::{Found, Reply, StageReply};
use super::visitor::Asking;
use super::{for_everybody, note_refusal, refusing, unavailable, worth};
use crate::public::{Told, Unanswered};
use crate::question::{DocumentQuestion, Question, TicketQuestion, Token};

/// What is asked, as it was typed. Whatever is left out is told as missing, together with all else.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Typed {
    number: String,
    name: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct TypedToken {
    token: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct TypedDocument {
    document_number: String,
    name: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct TypedTicket {
    ticket_number: String,
    name: String,
}

/// `POST /api/v1/certificates:verify`
pub(super) async fn verify(visitor: Asking, body: Bytes) -> Response {
    let question = match read(&body, |typed: Typed| {
        Question::parse(&typed.number, &typed.name)
    }) {
        Ok(question) => question,
        Err(faults) => return refused(&faults),
    };
    answered(
        visitor.ask(|public, visitor| public.verify(visitor, &question)),
        |finding| Json(Reply::of(finding, question.checked_elsewhere())).into_response(),
    )
}

/// `POST /api/v1/certificates:verifyByToken`
pub(super) async fn verify_by_token(visitor: Asking, body: Bytes) -> Response {
    let token = match read(&body, |typed: TypedToken| Ok(Token::parse(&typed.token)?)) {
        Ok(token) => token,
        Err(faults) => return refused(&faults),
    };
    answered(
        visitor.ask(|public, visitor| public.verify_token(visitor, &token)),
        |finding| Json(Reply::of(finding, None)).into_response(),
    )
}

/// `POST /api/v1/certificates:find`
pub(super) async fn find(visitor: Asking, body: Bytes) -> Response {
    let question = match read(&body, |typed: TypedDocument| {
        DocumentQuestion::parse(&typed.document_number, &typed.name)
    }) {
        Ok(question) => question,
        Err(faults) => return refused(&faults),
    };
    answered(
        visitor.ask(|public, visitor| public.find(visitor, &question)),
        |findings| Json(Found::of(findings)).into_response(),
    )
}

/// `POST /api/v1/candidates:stage`
pub(super) async fn stage(visitor: Asking, body: Bytes) -> Response {
    let question = match read(&body, |typed: TypedTicket| {
        TicketQuestion::parse(&typed.ticket_number, &typed.name)
    }) {
        Ok(question) => question,
        Err(faults) => return refused(&faults),
    };
    answered(
        visitor.ask(|public, visitor| public.progress(visitor, &question)),
        |progress| Json(StageReply::of(progress.as_ref())).into_response(),
    )
}

/// `GET /api/v1/openapi.json`
pub(super) async fn document() -> Response {
    let document = include_str!("../../templates/openapi.json");
    (for_everybody("application/json"), document).into_response()
}

/// The question in a body, or why there is none.
fn read<T: DeserializeOwned, Q>(
    body: &[u8],
    parse: impl FnOnce(T) -> Result<Q, Faults>,
) -> Result<Q, Faults> {
    let typed = object(body).ok_or(RequestRejection::BodyMalformed.into());
    typed.and_then(parse)
}

fn refused(faults: &Faults) -> Response {
    note_refusal(faults);
    refused_as(StatusCode::BAD_REQUEST, faults)
}

/// serde would read a struct from an array, too. An object that has a field twice it refuses, as it
/// should: two readers could take it for two questions.
fn object<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    let is_object = body.trim_ascii_start().starts_with(b"{");
    is_object.then(|| serde_json::from_slice(body).ok())?
}

/// What the index said, with its age and what may still be asked.
fn answered<T>(told: Result<Told<T>, Unanswered>, reply: impl FnOnce(&T) -> Response) -> Response {
    match told {
        Ok(told) => (worth(&told), reply(&told.answer.finding)).into_response(),
        Err(Unanswered::Unavailable(rejection)) => unavailable(&rejection),
        Err(Unanswered::Limited(limited)) => {
            let faults = limited.rejection().into();
            note_refusal(&faults);
            (
                refusing(&limited),
                refused_as(StatusCode::TOO_MANY_REQUESTS, &faults),
            )
                .into_response()
        }
    }
}
