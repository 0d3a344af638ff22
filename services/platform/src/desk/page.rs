//! Where a page of the desk ends: by day, kind and record, which no two items share.

use std::fmt;

use jiff::civil::Date;
use uuid::Uuid;

use super::DeskRejection;
use super::store::Item;
use crate::contract::date;

/// Stands for the day of what has none, behind all others.
const NO_DAY: &str = "-";

/// The last item of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct After {
    pub(super) due_on: Option<Date>,
    pub(super) kind: String,
    pub(super) subject: Uuid,
}

impl After {
    /// The page ends with this item.
    pub(super) fn item(item: &Item) -> Self {
        Self {
            due_on: item.due_on,
            kind: item.kind.clone(),
            subject: item.subject,
        }
    }

    /// Reads a page token.
    pub(super) fn parse(token: &str) -> Result<Self, DeskRejection> {
        let read = || {
            let (day, rest) = token.split_once('.')?;
            let (kind, subject) = rest.split_once('.')?;
            let due_on = match day {
                NO_DAY => None,
                day => Some(date(day).ok()?),
            };
            let subject = Uuid::try_parse(subject).ok()?;
            let after = Self {
                due_on,
                kind: kind.to_owned(),
                subject,
            };
            // What reads like a token and was never written as one is none; a kind has no mark
            // that a database would not take.
            (after.to_string() == token && kind.bytes().all(|byte| byte.is_ascii_graphic()))
                .then_some(after)
        };
        read().ok_or(DeskRejection::PageToken)
    }
}

impl fmt::Display for After {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.due_on {
            Some(day) => write!(formatter, "{day}")?,
            None => formatter.write_str(NO_DAY)?,
        }
        write!(formatter, ".{}.{}", self.kind, self.subject.simple())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_token_reads_back_and_nothing_else_does() {
        for due_on in [None, Some(date(2020, 6, 15))] {
            let after = After {
                due_on,
                kind: "application_to_check".to_owned(),
                subject: Uuid::from_u128(7),
            };
            assert_eq!(After::parse(&after.to_string()), Ok(after));
        }
        for foreign in [
            "-",
            "app_00000000000000000000000001",
            "-.kind",
            "-.kind.7",
            "2020-6-15.kind.00000000000000000000000000000007",
            "-.kind.00000000-0000-0000-0000-000000000007",
            "-.ki\0nd.00000000000000000000000000000007",
            "２０２０-06-15.kind.00000000000000000000000000000007",
        ] {
            assert_eq!(
                After::parse(foreign),
                Err(DeskRejection::PageToken),
                "{foreign:?}"
            );
        }
    }
}
