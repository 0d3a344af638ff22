//! Answers as JSON. Fields that say nothing are left out.

use jiff::civil::Date;
use serde::Serialize;

use crate::index::{Certificate, Finding, Progress, Standing};
use crate::question::Hint;
use crate::reason::reason;

/// What is said of one certificate.
#[derive(Serialize)]
pub(super) struct Reply<'a> {
    status: &'static str,
    #[serde(flatten)]
    certificate: Option<CertificateFields<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<Texts>,
}

/// What is said of all certificates of a person.
#[derive(Serialize)]
pub(super) struct Found<'a> {
    status: &'static str,
    certificates: Vec<Reply<'a>>,
}

impl<'a> Found<'a> {
    pub(super) fn of(findings: &'a [Finding]) -> Self {
        let reply = |finding| Reply::of(finding, None);
        Self {
            status: if findings.is_empty() {
                "not_found"
            } else {
                "found"
            },
            certificates: findings.iter().map(reply).collect(),
        }
    }
}

/// What is said of a candidate.
#[derive(Serialize)]
pub(super) struct StageReply {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<StageFields>,
}

#[derive(Serialize)]
struct StageFields {
    code: &'static str,
    #[serde(flatten)]
    texts: Texts,
    since: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Date>,
}

impl StageReply {
    pub(super) fn of(progress: Option<&Progress>) -> Self {
        let stage = progress.map(|progress| StageFields {
            code: progress.stage.name(),
            texts: Texts {
                zh: progress.stage.chinese(),
                en: progress.stage.english(),
            },
            since: progress.since,
            until: progress.until,
        });
        Self {
            status: if stage.is_some() {
                "in_progress"
            } else {
                "not_found"
            },
            stage,
        }
    }
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
    pub(super) fn of(finding: &'a Finding, elsewhere: Option<Hint>) -> Self {
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
        let subject = &found.subject;
        Self {
            number: &found.number,
            holder: &found.holder,
            document_number: &found.document_number,
            occupation: Occupation {
                edition: subject.occupation.edition.year(),
                code: subject.occupation.code.as_str(),
                name: &subject.occupation_name,
            },
            trade: subject.shown_trade(),
            level: subject.level.chinese(),
            organization: Organization {
                code: &found.organization.code,
                name: &found.organization.name,
            },
            issued_on: found.issued_on,
            suspended_on,
            revoked_on,
            reason,
        }
    }
}
