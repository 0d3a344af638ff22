//! A batch, its subjects and its rows, for tests.

use jiff::civil::{Date, date};
use kernel::division::DivisionCode;
use kernel::ids::{
    BatchId, CandidateId, OrganizationId, PlanId, ProposalId, PublicNoticeId, ResultId, RightId,
};
use kernel::level::Level;
use kernel::occupation::OccupationRef;
use kernel::organization_code::EvaluationOrganizationCode;
use uuid::Uuid;

use super::batch::Batch;
use super::exam::{Attendance, ExamPart, Passing, Subject};
use super::issuance::GrantedRight;
use super::result::{CandidateResult, PartResult, ResultCommand, ResultState, Showing};
use super::review::{ReviewLevel, ReviewRoute};
use kernel::written::Written;

pub(super) const TODAY: Date = date(2020, 7, 6);

pub(super) fn batch() -> Batch {
    let weihai = DivisionCode::parse("371000").expect("a division");
    Batch {
        id: BatchId::from_uuid(Uuid::from_u128(1)),
        plan: PlanId::from_uuid(Uuid::from_u128(2)),
        organization: OrganizationId::from_uuid(Uuid::from_u128(3)),
        organization_code: code(),
        organization_name: "示例技师学院".to_owned(),
        filing_division: weihai,
        review_area: weihai,
    }
}

pub(super) fn code() -> EvaluationOrganizationCode {
    EvaluationOrganizationCode::parse("S000037100001").expect("a code")
}

/// Level five is subject 0, level four subject 1.
pub(super) fn subjects() -> Vec<Subject> {
    let subject = |level| Subject {
        occupation: OccupationRef::parse("2015:6-31-01-03").expect("an occupation"),
        occupation_name: "电工".to_owned(),
        trade: String::new(),
        level,
    };
    vec![subject(Level::Five), subject(Level::Four)]
}

pub(super) fn right() -> GrantedRight {
    GrantedRight {
        right: RightId::from_uuid(Uuid::from_u128(4)),
        organization_version: 7,
        organization_name: "示例技师学院".to_owned(),
    }
}

pub(super) fn proposal(number: u128) -> ProposalId {
    ProposalId::from_uuid(Uuid::from_u128(number))
}

pub(super) fn written(text: &str) -> Written {
    Written::new(text)
}

/// What level five takes.
pub(super) fn passing() -> Passing {
    Passing::of(Level::Five, 60)
}

/// A public notice that ends today.
pub(super) fn showing() -> Showing {
    Showing {
        notice: notice(),
        until: TODAY,
    }
}

pub(super) fn notice() -> PublicNoticeId {
    PublicNoticeId::from_uuid(Uuid::from_u128(5))
}

/// A candidate who was present in theory and skill, without scores.
pub(super) fn candidate(number: u16) -> CandidateResult {
    let present = |part| PartResult::examined(part, Attendance::Present);
    CandidateResult {
        id: ResultId::from_uuid(Uuid::from_u128(0x100 + u128::from(number))),
        candidate: CandidateId::from_uuid(Uuid::from_u128(0x200 + u128::from(number))),
        ticket_number: format!("2020{number:09}"),
        subject: 0,
        masked_name: "示*".to_owned(),
        masked_document_number: "370099********0011".to_owned(),
        salt: [9; 32],
        state: ResultState::Scoring,
        parts: vec![present(ExamPart::Theory), present(ExamPart::Skill)],
        returned_reason: None,
        answer: None,
        city_review: None,
        province_review: None,
        public_notice: None,
    }
}

/// The candidate with these scores.
pub(super) fn scored(number: u16, theory: u8, skill: u8) -> CandidateResult {
    let mut row = candidate(number);
    row.parts[0].score = Some(theory);
    row.parts[1].score = Some(skill);
    row
}

/// A candidate whose result waits for a review.
pub(super) fn waiting(number: u16, level: ReviewLevel) -> CandidateResult {
    CandidateResult {
        state: level.waiting(),
        ..scored(number, 80, 80)
    }
}

/// A candidate whose result passed every review.
pub(super) fn approved(number: u16, subject: u16) -> CandidateResult {
    let row = scored(number, 80, 80);
    CandidateResult {
        state: ResultState::Approved,
        subject,
        ..row
    }
}

/// One command of each kind.
pub(super) fn every_command() -> Vec<ResultCommand> {
    vec![
        ResultCommand::Score {
            scores: [(ExamPart::Theory, 70)].into(),
        },
        ResultCommand::CloseScoring {
            passing: passing(),
            showing: Some(showing()),
        },
        ResultCommand::ChangeScores {
            change: proposal(5),
            scores: [(ExamPart::Theory, 71)].into(),
            passing: passing(),
            showing: Some(showing()),
        },
        ResultCommand::MoveNotice {
            until: showing().until,
        },
        ResultCommand::ConcludeNotice,
        ResultCommand::TakeOut {
            objection: kernel::ids::ObjectionId::from_uuid(Uuid::nil()),
        },
        ResultCommand::Upload {
            route: ReviewRoute::CityThenProvince,
        },
        ResultCommand::Approve {
            level: ReviewLevel::City,
            review: proposal(1),
        },
        ResultCommand::Approve {
            level: ReviewLevel::Province,
            review: proposal(2),
        },
        ResultCommand::GiveBack {
            level: ReviewLevel::City,
            review: proposal(3),
            reason: written("缺签字"),
        },
        ResultCommand::GiveBack {
            level: ReviewLevel::Province,
            review: proposal(4),
            reason: written("缺签字"),
        },
        ResultCommand::Resubmit {
            answer: written("已补"),
        },
        ResultCommand::Certify {
            certificate: kernel::ids::CertificateId::from_uuid(Uuid::nil()),
        },
    ]
}
