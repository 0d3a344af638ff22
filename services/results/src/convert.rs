//! The words of the contract and those of the domain, each way.

use kernel::level::Level;
use kernel::public_notice::{ObjectionOutcome, RowState};
use kernel::working_day::{self, DayKind};
use proto::common::v1 as common;
use proto::exam::v1 as exam;
use proto::results::v1 as results;

use crate::domain::certificate::{CertificateStatus, RevocationReason};
use crate::domain::exam::{Attendance, ExamPart};
use crate::domain::result::ResultState;
use crate::domain::review::ReviewLevel;

/// A level of the contract.
pub(crate) fn level(level: common::Level) -> Option<Level> {
    use common::Level as Word;
    Some(match level {
        Word::Unspecified => return None,
        Word::Apprentice => Level::Apprentice,
        Word::Five => Level::Five,
        Word::Four => Level::Four,
        Word::Three => Level::Three,
        Word::Two => Level::Two,
        Word::One => Level::One,
        Word::Special => Level::Special,
        Word::Chief => Level::Chief,
    })
}

/// A level for the contract.
pub(crate) fn level_word(level: Level) -> common::Level {
    use common::Level as Word;
    match level {
        Level::Apprentice => Word::Apprentice,
        Level::Five => Word::Five,
        Level::Four => Word::Four,
        Level::Three => Word::Three,
        Level::Two => Word::Two,
        Level::One => Word::One,
        Level::Special => Word::Special,
        Level::Chief => Word::Chief,
    }
}

/// A part of the contract.
pub(crate) fn part(part: exam::ExamPart) -> Option<ExamPart> {
    match part {
        exam::ExamPart::Unspecified => None,
        exam::ExamPart::Theory => Some(ExamPart::Theory),
        exam::ExamPart::Skill => Some(ExamPart::Skill),
        exam::ExamPart::Review => Some(ExamPart::Review),
    }
}

/// A part for the contract.
pub(crate) fn part_word(part: ExamPart) -> exam::ExamPart {
    match part {
        ExamPart::Theory => exam::ExamPart::Theory,
        ExamPart::Skill => exam::ExamPart::Skill,
        ExamPart::Review => exam::ExamPart::Review,
    }
}

/// Attendance of the contract.
pub(crate) fn attendance(attendance: exam::Attendance) -> Option<Attendance> {
    match attendance {
        exam::Attendance::Unspecified => None,
        exam::Attendance::Present => Some(Attendance::Present),
        exam::Attendance::Absent => Some(Attendance::Absent),
        exam::Attendance::Void => Some(Attendance::Void),
    }
}

/// Attendance for the contract.
pub(crate) fn attendance_word(attendance: Attendance) -> exam::Attendance {
    match attendance {
        Attendance::Present => exam::Attendance::Present,
        Attendance::Absent => exam::Attendance::Absent,
        Attendance::Void => exam::Attendance::Void,
    }
}

/// A state for the contract, which does not say who gave a row back.
pub(crate) fn state_word(state: ResultState) -> results::ResultState {
    use results::ResultState as Word;
    match state {
        ResultState::Scoring => Word::Scoring,
        ResultState::NotPassed => Word::NotPassed,
        ResultState::InPublicNotice => Word::InPublicNotice,
        ResultState::NoticeConcluded => Word::NoticeConcluded,
        ResultState::InCityReview => Word::InCityReview,
        ResultState::InProvinceReview => Word::InProvinceReview,
        ResultState::ReturnedByCity | ResultState::ReturnedByProvince => Word::Returned,
        ResultState::Approved => Word::Approved,
        ResultState::Certified => Word::Certified,
        ResultState::ObjectionUpheld => Word::ObjectionUpheld,
    }
}

/// A review level of the contract.
pub(crate) fn review_level(level: results::ReviewLevel) -> Option<ReviewLevel> {
    match level {
        results::ReviewLevel::Unspecified => None,
        results::ReviewLevel::City => Some(ReviewLevel::City),
        results::ReviewLevel::Province => Some(ReviewLevel::Province),
    }
}

/// An outcome of the contract.
pub(crate) fn outcome(outcome: results::ObjectionOutcome) -> Option<ObjectionOutcome> {
    match outcome {
        results::ObjectionOutcome::Unspecified => None,
        results::ObjectionOutcome::Dismissed => Some(ObjectionOutcome::Dismissed),
        results::ObjectionOutcome::Upheld => Some(ObjectionOutcome::Upheld),
    }
}

/// A category of the contract.
pub(crate) fn revocation_reason(reason: results::RevocationReason) -> Option<RevocationReason> {
    use results::RevocationReason as Word;
    match reason {
        Word::Unspecified => None,
        Word::FalseMaterials => Some(RevocationReason::FalseMaterials),
        Word::Cheating => Some(RevocationReason::Cheating),
        Word::IssuedInError => Some(RevocationReason::IssuedInError),
        Word::OrganizationBreach => Some(RevocationReason::OrganizationBreach),
    }
}

/// A certificate's status for the contract.
pub(crate) fn status_word(status: CertificateStatus) -> results::CertificateStatus {
    match status {
        CertificateStatus::Valid => results::CertificateStatus::Valid,
        CertificateStatus::Revoked => results::CertificateStatus::Revoked,
    }
}

/// A row's state for the contract.
pub(crate) fn row_state_word(state: RowState) -> common::PublicNoticeRowState {
    use common::PublicNoticeRowState as Word;
    match state {
        RowState::Open => Word::Open,
        RowState::Held => Word::Held,
        RowState::Concluded => Word::Concluded,
        RowState::Upheld => Word::Upheld,
        RowState::Withdrawn => Word::Withdrawn,
    }
}

/// A deadline for the contract, with its computation.
pub(crate) fn deadline(deadline: &working_day::Deadline) -> common::Deadline {
    let day = |day: &working_day::CountedDay| {
        let kind = match day.kind {
            DayKind::Counted(_) => common::DayKind::Working,
            DayKind::MakeUpWorked(_) => common::DayKind::MakeUp,
            DayKind::Weekend => common::DayKind::Weekend,
            DayKind::Holiday => common::DayKind::Holiday,
        };
        common::CountedDay {
            date: day.date.to_string(),
            kind: kind.into(),
            counted: day.kind.number().map_or(0, u32::from),
        }
    };
    common::Deadline {
        date: deadline.date.to_string(),
        rule: deadline.rule.id().to_owned(),
        source: deadline.rule.source().to_owned(),
        calendar_version: deadline.calendar_version.to_string(),
        days: deadline.days.iter().map(day).collect(),
        explanation_zh: deadline.explain_chinese(),
        explanation_en: deadline.explain_english(),
    }
}
