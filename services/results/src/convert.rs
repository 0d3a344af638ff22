//! The words of this service and its exams in the contract and in the domain, each way. Those that
//! every service has are `platform::contract`'s.

use proto::exam::v1 as exam;
use proto::results::v1 as results;

use crate::domain::certificate::{CertificateStatus, RevocationReason};
use crate::domain::exam::{Attendance, ExamPart};
use crate::domain::result::ResultState;
use crate::domain::review::ReviewLevel;

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

/// A category for the contract.
pub(crate) fn revocation_word(reason: RevocationReason) -> results::RevocationReason {
    use results::RevocationReason as Word;
    match reason {
        RevocationReason::FalseMaterials => Word::FalseMaterials,
        RevocationReason::Cheating => Word::Cheating,
        RevocationReason::IssuedInError => Word::IssuedInError,
        RevocationReason::OrganizationBreach => Word::OrganizationBreach,
    }
}

/// A certificate's status for the contract.
pub(crate) fn status_word(status: CertificateStatus) -> results::CertificateStatus {
    match status {
        CertificateStatus::Valid => results::CertificateStatus::Valid,
        CertificateStatus::Revoked => results::CertificateStatus::Revoked,
    }
}
