//! Values that both the contract and the kernel have: read from a message with their own
//! refusals, and written back. What only one service says, that service converts.

use jiff::civil::Date;
use kernel::level::{Level, LevelRejection};
use kernel::occupation::{Edition, OccupationCode, OccupationRef, OccupationRejection};
use kernel::public_notice::RowState;
use kernel::rejection::{FaultList, Rejection};
use kernel::rejections;
use kernel::typed::is_without_mark;
use kernel::working_day::{DayKind, Deadline};
use proto::common::v1 as common;

mod document;
mod measure;

pub use document::{document, person_message};
pub use measure::{GivenMeasure, measure_ground_message, measure_kind_message, measure_terms};

rejections! {
    /// Why a field common to many messages is refused.
    pub enum FieldRejection {
        /// Dates are ISO 8601.
        DateMalformed => "DATE_MALFORMED", InvalidArgument, "ISO 8601",
            "日期应写作 YYYY-MM-DD", "a date is written YYYY-MM-DD";
        /// The field may not be empty.
        Required => "FIELD_REQUIRED", InvalidArgument, "platform",
            "该项不能为空", "this field is required";
        /// The field is longer than what is kept.
        TooLong { limit: usize } => "FIELD_TOO_LONG", InvalidArgument, "platform",
            "该项不能超过 {limit} 个字符", "this field has at most {limit} characters";
        /// Nobody types control characters, the database takes no NUL, and what cannot be seen in a
        /// name makes it look like another.
        Characters => "FIELD_CHARACTERS", InvalidArgument, "platform",
            "该项含有不可用的控制字符或不可见字符",
            "this field has control or invisible characters that cannot be kept";
        /// Whoever is given the file later may keep it under this name, and in no other folder.
        FileNamePath => "FILE_NAME_PATH", InvalidArgument, "platform",
            "文件名不应含有路径", "a file's name has no folders in it";
    }
}

/// A date as messages write it.
pub fn date(text: &str) -> Result<Date, FieldRejection> {
    // jiff reads more forms than the contract has.
    if text.len() == 10 {
        text.parse().ok()
    } else {
        None
    }
    .ok_or(FieldRejection::DateMalformed)
}

/// A text that has to be there, trimmed, of at most so many characters; lines and tabs are text.
/// What nobody sees is not there.
pub fn text(given: &str, limit: usize) -> Result<String, FieldRejection> {
    let trimmed = given.trim();
    let unseen = |character: char| is_without_mark(character) && !character.is_control();
    if trimmed
        .chars()
        .all(|character| unseen(character) || character.is_whitespace())
    {
        Err(FieldRejection::Required)
    } else if trimmed.chars().count() > limit {
        Err(FieldRejection::TooLong { limit })
    } else if trimmed
        .chars()
        .any(|character| character.is_control() && !matches!(character, '\n' | '\r' | '\t'))
    {
        Err(FieldRejection::Characters)
    } else {
        Ok(trimmed.to_owned())
    }
}

/// A [`text`] on one line, of nothing but what is seen: for names and addresses, which are printed,
/// posted up and compared by eye.
pub fn line(given: &str, limit: usize) -> Result<String, FieldRejection> {
    let line = text(given, limit)?;
    if line.chars().any(is_without_mark) {
        Err(FieldRejection::Characters)
    } else {
        Ok(line)
    }
}

/// Characters of a file's name.
const FILE_NAME: usize = 255;

/// The name of a file: a `line` that leads nowhere.
pub fn file_name(given: &str) -> Result<String, FieldRejection> {
    let name = line(given, FILE_NAME)?;
    if name.contains(['/', '\\']) || name.chars().all(|character| character == '.') {
        Err(FieldRejection::FileNamePath)
    } else {
        Ok(name)
    }
}

/// Rows of a page at most.
pub const LARGEST_PAGE: u32 = 500;

/// Rows of a page: as many as were asked for, 100 when nothing was said, and [`LARGEST_PAGE`] at most,
/// since who asks for more wants many and not a refusal (AIP-158).
pub fn page_size(asked: u32) -> u32 {
    match asked {
        0 => 100,
        asked => asked.min(LARGEST_PAGE),
    }
}

/// Where a page begins: nowhere in particular for the first one, else where the page before ended.
/// What cannot be read was never given out by the same list.
pub fn page_token<T, E>(
    token: &str,
    read: impl FnOnce(&str) -> Result<T, E>,
    rejection: &impl Rejection,
    faults: &mut FaultList,
) -> Option<T> {
    if token.is_empty() {
        return None;
    }
    let last = read(token).ok();
    faults.require(last.is_some(), "page_token", rejection);
    last
}

/// A level as messages write it.
pub fn level(given: i32) -> Result<Level, LevelRejection> {
    match common::Level::try_from(given) {
        Ok(common::Level::Apprentice) => Ok(Level::Apprentice),
        Ok(common::Level::Five) => Ok(Level::Five),
        Ok(common::Level::Four) => Ok(Level::Four),
        Ok(common::Level::Three) => Ok(Level::Three),
        Ok(common::Level::Two) => Ok(Level::Two),
        Ok(common::Level::One) => Ok(Level::One),
        Ok(common::Level::Special) => Ok(Level::Special),
        Ok(common::Level::Chief) => Ok(Level::Chief),
        Ok(common::Level::Unspecified) | Err(_) => Err(LevelRejection::Unknown),
    }
}

/// A level for a message.
pub fn level_message(level: Level) -> common::Level {
    match level {
        Level::Apprentice => common::Level::Apprentice,
        Level::Five => common::Level::Five,
        Level::Four => common::Level::Four,
        Level::Three => common::Level::Three,
        Level::Two => common::Level::Two,
        Level::One => common::Level::One,
        Level::Special => common::Level::Special,
        Level::Chief => common::Level::Chief,
    }
}

/// An occupation as messages write it.
pub fn occupation(
    given: Option<&common::OccupationRef>,
) -> Result<OccupationRef, OccupationRejection> {
    let given = given.ok_or(OccupationRejection::Reference)?;
    let year = u16::try_from(given.edition).map_err(|_| OccupationRejection::Edition)?;
    Ok(OccupationRef::new(
        Edition::of_year(year)?,
        OccupationCode::parse(&given.code)?,
    ))
}

/// An occupation for a message.
pub fn occupation_message(occupation: &OccupationRef) -> common::OccupationRef {
    common::OccupationRef {
        edition: occupation.edition.year().into(),
        code: occupation.code.to_string(),
    }
}

/// A deadline with its computation, for a message.
pub fn deadline_message(deadline: &Deadline) -> common::Deadline {
    let days = deadline.days.iter().map(|day| {
        let kind = match day.kind {
            DayKind::Counted(_) => common::DayKind::Working,
            DayKind::MakeUpWorked(_) => common::DayKind::MakeUp,
            DayKind::Weekend => common::DayKind::Weekend,
            DayKind::Holiday => common::DayKind::Holiday,
        };
        common::CountedDay {
            date: day.date.to_string(),
            kind: kind.into(),
            counted: day.kind.number().unwrap_or(0).into(),
        }
    });
    common::Deadline {
        date: deadline.date.to_string(),
        rule: deadline.rule.id().to_owned(),
        source: deadline.source().to_owned(),
        calendar_version: deadline.calendar_version.as_str().to_owned(),
        days: days.collect(),
        explanation_zh: deadline.explain_chinese(),
        explanation_en: deadline.explain_english(),
    }
}

/// The state of a public notice's row, for a message.
pub fn row_state_message(state: RowState) -> common::PublicNoticeRowState {
    match state {
        RowState::Open => common::PublicNoticeRowState::Open,
        RowState::Held => common::PublicNoticeRowState::Held,
        RowState::Concluded => common::PublicNoticeRowState::Concluded,
        RowState::Upheld => common::PublicNoticeRowState::Upheld,
        RowState::Withdrawn => common::PublicNoticeRowState::Withdrawn,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_trimmed_and_has_its_bounds() {
        assert_eq!(text(" 示例\u{3000}", 2), Ok("示例".to_owned()));
        assert_eq!(text("a\r\n\tb", 5), Ok("a\r\n\tb".to_owned()));
        for (given, rejection) in [
            ("", FieldRejection::Required),
            (" \u{3000}\n", FieldRejection::Required),
            ("\u{200b} \u{2060}", FieldRejection::Required),
            ("示例示", FieldRejection::TooLong { limit: 2 }),
            ("\0", FieldRejection::Characters),
            ("a\u{9b}", FieldRejection::Characters),
        ] {
            assert_eq!(text(given, 2), Err(rejection), "{given:?}");
        }
    }

    #[test]
    fn a_line_is_a_text_of_which_everything_is_seen() {
        assert_eq!(line(" 示例 路 1 号\n", 8), Ok("示例 路 1 号".to_owned()));
        assert_eq!(line("\u{3000}", 7), Err(FieldRejection::Required));
        assert_eq!(line("示例", 1), Err(FieldRejection::TooLong { limit: 1 }));
        for hidden in [
            '\0', '\n', '\r', '\t', '\u{1b}', '\u{85}', '\u{ad}', '\u{200b}', '\u{202e}',
            '\u{2028}', '\u{2066}', '\u{feff}',
        ] {
            let given = format!("示{hidden}例");
            assert_eq!(
                line(&given, 7),
                Err(FieldRejection::Characters),
                "{given:?}"
            );
        }
    }

    #[test]
    fn the_name_of_a_file_leads_nowhere() {
        assert_eq!(
            file_name(" 扫描件 1..2.pdf"),
            Ok("扫描件 1..2.pdf".to_owned())
        );
        for given in ["../../etc/passwd", "a/b.pdf", "C:\\a.pdf", "..", "."] {
            let refused = file_name(given).expect_err(given);
            assert_eq!(refused.code(), "FILE_NAME_PATH", "{given}");
        }
    }

    #[test]
    fn a_date_has_one_form() {
        assert!(date("2020-02-29").is_ok());
        for given in [
            "",
            "2021-02-29",
            "2020-13-01",
            "2020-2-29",
            "20200229",
            "2020-02-29T00:00",
            "２０２０-02-29",
            " 2020-02-29",
            "2020/02/29",
            "2020-W09-6",
            "20200229[u",
        ] {
            assert_eq!(date(given), Err(FieldRejection::DateMalformed), "{given:?}");
        }
    }
}
