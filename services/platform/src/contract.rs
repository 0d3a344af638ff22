//! Values that both the contract and the kernel have: read from a message with their own
//! refusals, and written back. What only one service says, that service converts.

use jiff::civil::Date;
use kernel::level::{Level, LevelRejection};
use kernel::occupation::{Edition, OccupationCode, OccupationRef, OccupationRejection};
use kernel::public_notice::RowState;
use kernel::rejections;
use kernel::working_day::{DayKind, Deadline};
use proto::common::v1 as common;

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

/// A text that has to be there, trimmed, of at most so many characters.
pub fn text(given: &str, limit: usize) -> Result<String, FieldRejection> {
    let trimmed = given.trim();
    if trimmed.is_empty() {
        Err(FieldRejection::Required)
    } else if trimmed.chars().count() > limit {
        Err(FieldRejection::TooLong { limit })
    } else {
        Ok(trimmed.to_owned())
    }
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
        source: deadline.rule.source().to_owned(),
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
