//! A version of a certificate in twenty-eight bytes.

use anyhow::{Context, bail, ensure};
use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::store::certificate::Entry;

/// The day that days are counted from.
const EPOCH: Date = date(2000, 1, 1);

/// What is said of a version; texts and what is shared stand elsewhere.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record {
    /// Where the masked texts are.
    pub(super) texts: u32,
    /// Which subject it certifies.
    pub(super) subject: u32,
    /// Who issued it.
    pub(super) organization: u32,
    /// The last part of its number.
    pub(super) sequence: u32,
    pub(super) issued_on: Day,
    pub(super) status_since: Day,
    pub(super) version: u16,
    /// Why it was revoked.
    pub(super) reason: u16,
    /// The two digits of its number.
    pub(super) year: u8,
    /// The character of its number.
    pub(super) level: u8,
    pub(super) status: Status,
    /// Whether there is a newer version.
    pub(super) superseded: bool,
}

/// Where a certificate stands; since when and why are elsewhere in the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Valid,
    Suspended,
    Revoked,
}

impl Status {
    /// Reads the word in the tables. One that is not understood is never taken for valid.
    pub(super) fn parse(word: &str) -> anyhow::Result<Self> {
        Ok(match word {
            "valid" => Self::Valid,
            "suspended" => Self::Suspended,
            "revoked" => Self::Revoked,
            _ => bail!("a stored certificate of unknown status"),
        })
    }
}

/// A day of this century or the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day(u16);

impl Day {
    /// # Errors
    /// When it lies before 2000 or after 2179.
    pub(super) fn of(day: Date) -> anyhow::Result<Self> {
        let days = EPOCH.until(day).context("a day")?.get_days();
        Ok(Self(u16::try_from(days).context("a day out of range")?))
    }

    pub(super) fn date(self) -> Date {
        EPOCH + i32::from(self.0).days()
    }
}

/// The parts of a certificate number behind the organisation.
pub(super) struct Tail {
    pub(super) year: u8,
    pub(super) level: u8,
    pub(super) sequence: u32,
}

/// Takes the number of an entry apart. It was judged when it was written.
pub(super) fn tail<'a>(entry: &Entry<'a>) -> anyhow::Result<(&'a str, Tail)> {
    ensure!(
        entry.number.len() == 22 && entry.number.is_ascii(),
        "a stored certificate number that is none"
    );
    let (organization, tail) = entry.number.split_at(13);
    Ok((
        organization,
        Tail {
            year: tail[..2].parse()?,
            level: tail.as_bytes()[2],
            sequence: tail[3..].parse()?,
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_takes_twenty_eight_bytes() {
        assert_eq!(size_of::<Record>(), 28);
    }

    #[test]
    fn a_day_comes_back_and_one_out_of_range_is_refused() {
        for day in [date(2000, 1, 1), date(2020, 6, 15), date(2179, 6, 6)] {
            assert_eq!(Day::of(day).expect("in range").date(), day);
        }
        for day in [date(1999, 12, 31), date(2179, 6, 7)] {
            Day::of(day).expect_err("out of range");
        }
    }
}
