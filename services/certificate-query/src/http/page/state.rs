//! What an answer can come to: its code, its words, and a number that shows it without being
//! anybody's.
//!
//! Demonstration numbers are of the organisation with the running number 0, which is never given:
//! nothing can be known under them, and nobody is charged for them.

use std::sync::Arc;

use jiff::civil::date;
use kernel::level::Level;
use kernel::occupation::{Edition, OccupationCode, OccupationRef};
use kernel::typed::normalise_number;

use crate::index::{Certificate, Finding, Organization, Progress, Stage, Standing, Subject};

/// A state that a question can find, or not be answered in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Valid,
    Superseded,
    Revoked,
    Suspended,
    InProgress,
    NoMatch,
    TooMany,
    Unavailable,
}

impl State {
    pub(super) const ALL: [Self; 8] = [
        Self::Valid,
        Self::Superseded,
        Self::Revoked,
        Self::Suspended,
        Self::InProgress,
        Self::NoMatch,
        Self::TooMany,
        Self::Unavailable,
    ];

    /// Its name for machines, as it stands on the page.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Valid => "VALID",
            Self::Superseded => "SUPERSEDED",
            Self::Revoked => "REVOKED",
            Self::Suspended => "SUSPENDED",
            Self::InProgress => "IN_PROGRESS",
            Self::NoMatch => "NO_MATCH",
            Self::TooMany => "TOO_MANY_QUESTIONS",
            Self::Unavailable => "STATUS_UNAVAILABLE",
        }
    }

    pub(super) fn chinese(self) -> &'static str {
        match self {
            Self::Valid => "证书有效",
            Self::Superseded => "证书已更正或补发，请以新证书为准",
            Self::Revoked => "证书已撤销",
            Self::Suspended => "证书暂停使用",
            Self::InProgress => "尚未发证：公示或审核中",
            Self::NoMatch => "未查询到匹配的证书",
            Self::TooMany => "查询过于频繁",
            Self::Unavailable => "暂时无法核验，结果不代表证书无效",
        }
    }

    pub(super) fn english(self) -> &'static str {
        match self {
            Self::Valid => "The certificate is in force",
            Self::Superseded => "The certificate was corrected or issued anew; the new one counts",
            Self::Revoked => "The certificate was revoked",
            Self::Suspended => "The certificate is suspended",
            Self::InProgress => "Not issued yet: in public notice or under review",
            Self::NoMatch => "No certificate matches",
            Self::TooMany => "Too many questions",
            Self::Unavailable => "It cannot be checked at present, which says nothing about it",
        }
    }

    /// The number that shows it, with whatever name.
    pub(super) fn demonstration(self) -> String {
        format!("S000037000000000{:06}", self as u32 + 1)
    }

    /// The state that a typed number shows, if it is there to show one.
    pub(super) fn shown_by(typed: &str) -> Option<Self> {
        let number = normalise_number(typed);
        let mut all = Self::ALL.into_iter();
        all.find(|state| state.demonstration() == number)
    }

    /// What is found under its number; none where it is a state without an answer.
    pub(super) fn finding(self) -> Option<Finding> {
        let standing = match self {
            Self::Valid => Standing::Valid,
            Self::Suspended => Standing::Suspended {
                since: date(2020, 7, 1),
            },
            Self::Revoked => Standing::Revoked {
                on: date(2020, 7, 1),
                reason: "issued_in_error".to_owned(),
            },
            Self::Superseded => return Some(Finding::Corrected),
            Self::NoMatch => return Some(Finding::NotFound),
            Self::InProgress | Self::TooMany | Self::Unavailable => return None,
        };
        Some(Finding::Found(Box::new(certificate(
            self.demonstration(),
            standing,
        ))))
    }

    /// How far the candidate is who is shown.
    pub(super) fn progress() -> Progress {
        Progress {
            stage: Stage::InPublicNotice,
            since: date(2020, 6, 15),
            until: Some(date(2020, 6, 22)),
        }
    }
}

/// A certificate of nobody.
fn certificate(number: String, standing: Standing) -> Certificate {
    let code = OccupationCode::parse("6-31-01-03").expect("a code");
    let edition = Edition::of_year(2015).expect("an edition");
    Certificate {
        holder: "演*例".to_owned(),
        document_number: "370000********0000".to_owned(),
        subject: Arc::new(Subject {
            occupation: OccupationRef::new(edition, code),
            occupation_name: "电工".to_owned(),
            trade: String::new(),
            level: Level::Five,
        }),
        organization: Arc::new(Organization {
            code: number[..13].to_owned(),
            name: "演示机构".to_owned(),
        }),
        number,
        issued_on: date(2020, 6, 15),
        standing,
    }
}

#[cfg(test)]
mod tests {
    use kernel::certificate_number::CertificateNumber;

    use super::*;

    #[test]
    fn a_demonstration_shows_its_state_and_its_number_can_be_nobodys() {
        for state in State::ALL {
            let number = state.demonstration();
            assert_eq!(State::shown_by(&number.to_lowercase()), Some(state));
            CertificateNumber::parse(&number).expect_err("no organisation has it");
        }
        for typed in ["", "S000037100001205000001", "S000037000000000000000"] {
            assert_eq!(State::shown_by(typed), None, "{typed}");
        }
    }
}
