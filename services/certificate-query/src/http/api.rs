//! The JSON door.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use kernel::rejection::Faults;
use platform::pages::refused_as;
use serde::{Deserialize, Serialize};

use super::refusal::RequestRejection;
use super::{age, failed, note_refusal};
use crate::index::{Certificate, Finding, Index, Standing};
use crate::question::{Hint, Question};
use crate::reason::reason;

/// What is asked, as it was typed. Whatever is left out is told as missing, together with all else.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    pub(super) number: String,
    pub(super) name: String,
}

/// `POST /api/v1/certificates:verify`
pub(super) async fn verify(State(index): State<Arc<Index>>, body: Bytes) -> Response {
    let question = match read(&body) {
        Ok(question) => question,
        Err(faults) => {
            note_refusal(&faults);
            return refused_as(StatusCode::BAD_REQUEST, &faults);
        }
    };
    match index.answer(&question).await {
        Ok(answer) => {
            let reply = Reply::of(&answer.finding, question.checked_elsewhere());
            (age(answer.data_as_of), Json(reply)).into_response()
        }
        Err(error) => failed(error),
    }
}

/// The question in a body, or why there is none.
fn read(body: &[u8]) -> Result<Question, Faults> {
    let typed = object(body).ok_or(RequestRejection::BodyMalformed)?;
    Question::parse(&typed.number, &typed.name)
}

/// serde would read a struct from an array, too. An object that has a field twice it refuses, as it
/// should: two readers could take it for two questions.
fn object(body: &[u8]) -> Option<Typed> {
    let is_object = body.trim_ascii_start().starts_with(b"{");
    is_object.then(|| serde_json::from_slice(body).ok())?
}

/// An answer. Fields that say nothing are left out.
#[derive(Serialize)]
struct Reply<'a> {
    status: &'static str,
    #[serde(flatten)]
    certificate: Option<CertificateFields<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<Texts>,
}

#[derive(Serialize)]
struct CertificateFields<'a> {
    number: &'a str,
    holder: &'a str,
    document_number: &'a str,
    occupation: Occupation<'a>,
    trade: &'a str,
    level: &'static str,
    organization: Organization<'a>,
    issued_on: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    suspended_on: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_on: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<PublicReason<'a>>,
}

#[derive(Serialize)]
struct Occupation<'a> {
    edition: u16,
    code: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct Organization<'a> {
    code: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct PublicReason<'a> {
    code: &'a str,
    #[serde(flatten)]
    texts: Texts,
}

#[derive(Serialize)]
struct Texts {
    zh: &'static str,
    en: &'static str,
}

impl<'a> Reply<'a> {
    fn of(finding: &'a Finding, elsewhere: Option<Hint>) -> Self {
        let hint = elsewhere.map(|hint| Texts {
            zh: hint.chinese,
            en: hint.english,
        });
        match finding {
            Finding::NotFound => Self {
                status: "not_found",
                certificate: None,
                hint,
            },
            Finding::Corrected => Self {
                status: "corrected",
                certificate: None,
                hint: None,
            },
            Finding::Found(found) => Self {
                status: match found.standing {
                    Standing::Valid => "valid",
                    Standing::Suspended { .. } => "suspended",
                    Standing::Revoked { .. } => "revoked",
                },
                certificate: Some(CertificateFields::of(found)),
                hint: None,
            },
        }
    }
}

impl<'a> CertificateFields<'a> {
    fn of(found: &'a Certificate) -> Self {
        let (suspended_on, revoked_on, code) = match &found.standing {
            Standing::Valid => (None, None, None),
            Standing::Suspended { since } => (Some(*since), None, None),
            Standing::Revoked { on, reason } => (None, Some(*on), Some(reason.as_str())),
        };
        let reason = code.map(|code| {
            let words = reason(code);
            PublicReason {
                code,
                texts: Texts {
                    zh: words.chinese,
                    en: words.english,
                },
            }
        });
        Self {
            number: &found.number,
            holder: &found.holder,
            document_number: &found.document_number,
            occupation: Occupation {
                edition: found.occupation.edition.year(),
                code: found.occupation.code.as_str(),
                name: &found.occupation_name,
            },
            trade: found.shown_trade(),
            level: found.level.chinese(),
            organization: Organization {
                code: &found.organization_code,
                name: &found.organization_name,
            },
            issued_on: found.issued_on,
            suspended_on,
            revoked_on,
            reason,
        }
    }
}
