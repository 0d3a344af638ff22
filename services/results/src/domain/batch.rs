//! A batch: the results of one plan, and what happened to them together.
//!
//! What a batch is never changes after its opening; what happens to its rows is theirs. Its facts
//! say what was done to many rows at once, with counts and hashes.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::division::DivisionCode;
use kernel::ids::{
    BatchId, ObjectionId, OrganizationId, PlanId, ProposalId, PublicNoticeId, ResultId,
};
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::public_notice::ObjectionOutcome;
use serde::{Deserialize, Serialize};

use super::exam::Sitting;
use super::result::Showing;
use super::review::{ReviewLevel, ReviewRoute};

/// A batch of results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Which one.
    pub id: BatchId,
    /// The plan whose results these are.
    pub plan: PlanId,
    /// Whose.
    pub organization: OrganizationId,
    /// 机构代码
    pub organization_code: EvaluationOrganizationCode,
    /// 单位名称, on the day of opening.
    pub organization_name: String,
    /// Where the organisation filed.
    pub filing_division: DivisionCode,
    /// Whose centre reviews first.
    pub review_area: DivisionCode,
}

impl Batch {
    /// The way of its results through the reviews.
    pub fn route(&self) -> ReviewRoute {
        ReviewRoute::of(&self.review_area)
    }

    /// The divisions whose feeds carry its facts, and those of its rows and certificates.
    pub fn areas(&self) -> Vec<DivisionCode> {
        areas(self.filing_division, self.review_area)
    }
}

/// The divisions whose feeds carry what was filed in one and is reviewed in the other.
pub fn areas(filing_division: DivisionCode, review_area: DivisionCode) -> Vec<DivisionCode> {
    let areas = BTreeSet::from([filing_division, review_area]);
    areas.into_iter().collect()
}

/// Who reviews first the results of an organisation that filed at the province. The notice is
/// silent; a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProvinceFiledReview {
    /// The province, at once.
    Province,
    /// The city in which the exam was held, then the province.
    CityOfExam,
}

impl ProvinceFiledReview {
    /// Whose centre reviews first.
    pub fn area(self, filing_division: DivisionCode, sittings: &[Sitting]) -> DivisionCode {
        match (self, sittings.first()) {
            (Self::CityOfExam, Some(sitting)) if filing_division.is_province() => {
                sitting.division.city().unwrap_or(filing_division)
            }
            _ => filing_division,
        }
    }
}

/// What happened to a batch.
#[expect(missing_docs, reason = "each field is named for what it holds")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum BatchFact {
    /// It came into being with one row a candidate.
    BatchOpened {
        plan: PlanId,
        organization: OrganizationId,
        organization_code: EvaluationOrganizationCode,
        filing_division: DivisionCode,
        review_area: DivisionCode,
        entries: usize,
        roster_digest: ContentHash,
    },
    /// Scores were recorded.
    ScoresRecorded { scores: usize },
    /// Scoring is proposed to end.
    PublicNoticeProposed {
        content_hash: ContentHash,
        shown: usize,
        not_passed: usize,
    },
    /// Scoring ended, and those who passed are shown.
    PublicNoticeOpened {
        notice: PublicNoticeId,
        ends_on: Date,
        calendar_version: String,
        snapshot_hash: ContentHash,
        shown: usize,
        not_passed: usize,
    },
    /// Scoring ended and nobody passed: nothing to show, to review or to certify.
    NobodyPassed { not_passed: usize },
    /// A change of scores was proposed.
    ScoreChangeProposed {
        content_hash: ContentHash,
        shown: usize,
        not_passed: usize,
    },
    /// Scores were changed; those who pass with them are shown in a notice of their own.
    ScoresChanged {
        change: ProposalId,
        #[serde(skip_serializing_if = "Option::is_none")]
        notice: Option<Showing>,
        shown: usize,
        not_passed: usize,
    },
    /// Somebody objected to a row, or to the session.
    ObjectionRaised {
        objection: ObjectionId,
        notice: PublicNoticeId,
        #[serde(skip_serializing_if = "Option::is_none")]
        result: Option<ResultId>,
    },
    /// An objection was decided.
    ObjectionResolved {
        objection: ObjectionId,
        outcome: ObjectionOutcome,
        taken_out: usize,
    },
    /// The calendar changed, and what still runs of the notice is counted anew.
    PublicNoticeRecounted {
        notice: PublicNoticeId,
        ends_on: Date,
        calendar_version: String,
        moved: usize,
    },
    /// Rows came through their notice.
    NoticeRowsConcluded {
        notice: PublicNoticeId,
        rows: usize,
        notice_concluded: bool,
    },
    /// Rows were uploaded.
    ResultsUploaded {
        to: ReviewLevel,
        uploaded: usize,
        held: usize,
    },
    /// A review was proposed.
    ReviewProposed {
        level: ReviewLevel,
        content_hash: ContentHash,
        approved: usize,
        returned: usize,
    },
    /// A review was confirmed.
    ReviewConfirmed {
        level: ReviewLevel,
        review: ProposalId,
        approved: usize,
        returned: usize,
    },
    /// An issuance was proposed.
    IssuanceProposed {
        content_hash: ContentHash,
        certificates: usize,
    },
    /// Certificates were issued.
    CertificatesIssued {
        issuance: ProposalId,
        certificates: usize,
    },
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn division(code: &str) -> DivisionCode {
        DivisionCode::parse(code).expect("a division")
    }

    #[test]
    fn the_route_follows_the_place_of_filing_and_the_setting() {
        let sittings = [Sitting {
            division: division("371002"),
            held_on: date(2020, 7, 4),
        }];
        let (weihai, province) = (division("371000"), DivisionCode::SHANDONG);
        for setting in [
            ProvinceFiledReview::Province,
            ProvinceFiledReview::CityOfExam,
        ] {
            assert_eq!(setting.area(weihai, &sittings), weihai);
        }
        assert_eq!(
            ProvinceFiledReview::Province.area(province, &sittings),
            province
        );
        assert_eq!(
            ProvinceFiledReview::CityOfExam.area(province, &sittings),
            weihai
        );
        assert_eq!(ReviewRoute::of(&weihai).first(), ReviewLevel::City);
        assert_eq!(ReviewRoute::of(&province).first(), ReviewLevel::Province);
    }
}
