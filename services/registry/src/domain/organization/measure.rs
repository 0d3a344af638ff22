//! What an organisation is told to do or not to do (监管措施): talk, rectification, suspension,
//! withdrawal. Its filing centre decides, here or in review after an inspection or a complaint.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::division::DivisionCode;
use kernel::ids::{AlertId, ComplaintId, IdRejection, InspectionId, MeasureId, RightId};
use kernel::measure::{Measure as Terms, MeasureOrder, OngoingBatches};
use kernel::rejection::{FaultList, Faults};
use kernel::rejections;
use serde::{Deserialize, Serialize};

use super::ending::EndingRejection;
use super::{Organization, OrganizationFact};
use crate::domain::day::{DayRejection, within_a_year};
use crate::domain::right::Right;

rejections! {
    /// Why a measure is not imposed, ended or found.
    pub enum MeasureRejection {
        /// No such measure on this organisation.
        MeasureNotFound => "MEASURE_NOT_FOUND", NotFound, "platform",
            "未找到该项监管措施", "no such measure on this organisation";
        /// The hard ones are proposed and confirmed.
        TakesTwoPersons => "MEASURE_TAKES_TWO_PERSONS", InvalidArgument, "notice 6.2",
            "暂停和取消备案须由两人提出并确认", "a suspension or withdrawal is proposed by one person and confirmed by another";
        /// What rests cannot be put to rest.
        SuspendedAlready => "RIGHTS_SUSPENDED_ALREADY", FailedPrecondition, "notice 6.2",
            "所列评价资格已经暂停", "these rights are suspended already";
        /// Only a rectification is reported and accepted.
        NotRectification => "MEASURE_NOT_RECTIFICATION", FailedPrecondition, "notice 6.2",
            "该项措施不是限期整改", "the measure is no rectification";
        /// There is nothing to judge yet.
        RectificationNotReported => "RECTIFICATION_NOT_REPORTED", FailedPrecondition, "notice 6.2",
            "整改尚未报告，整改期限也未届满", "the rectification is not reported, and there is time left for it";
        /// It is accepted once.
        RectificationAccepted => "RECTIFICATION_ACCEPTED", FailedPrecondition, "notice 6.2",
            "该项整改已经验收", "the rectification is accepted already";
        /// Only a suspension is ended.
        NotSuspension => "MEASURE_NOT_SUSPENSION", FailedPrecondition, "notice 6.2",
            "该项措施不是暂停", "the measure is no suspension";
        /// It is ended once.
        SuspensionEnded => "SUSPENSION_ENDED", FailedPrecondition, "notice 6.2",
            "该项暂停已有恢复日期", "the suspension has its end already";
        /// What review decided names what it follows from.
        OriginUnknown => "MEASURE_ORIGIN_UNKNOWN", InvalidArgument, "platform",
            "监管措施的来源应为检查、投诉或预警",
            "a measure follows from an inspection, a complaint or an alert";
    }
}

/// What of review's a measure follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Origin {
    /// 双随机检查
    Inspection(InspectionId),
    /// 投诉举报
    Complaint(ComplaintId),
    /// 风险预警
    Alert(AlertId),
}

impl Origin {
    /// Reads the id of any of the three.
    ///
    /// # Errors
    /// When it is another's.
    pub fn parse(id: &str) -> Result<Self, MeasureRejection> {
        let read = InspectionId::parse(id)
            .map(Self::Inspection)
            .or_else(|_| ComplaintId::parse(id).map(Self::Complaint))
            .or_else(|_| AlertId::parse(id).map(Self::Alert));
        read.map_err(|_: IdRejection| MeasureRejection::OriginUnknown)
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Inspection(id) => id.fmt(formatter),
            Self::Complaint(id) => id.fmt(formatter),
            Self::Alert(id) => id.fmt(formatter),
        }
    }
}

/// A measure on an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// `meas_…`.
    pub measure_id: MeasureId,
    /// What it does, why, and from which day on; the findings in words are no part of facts.
    pub order: MeasureOrder,
    /// The centre that decided.
    pub decided_by: DivisionCode,
    /// Day of the decision.
    pub decided_on: Date,
    /// What it follows from, where review decided it.
    pub origin: Option<Origin>,
    /// What has become of it.
    pub progress: Progress,
}

/// What has become of a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Progress {
    /// When the organisation reported a rectification done.
    pub reported_on: Option<Date>,
    /// When its centre accepted the rectification.
    pub accepted_on: Option<Date>,
    /// The day to which that of the rectification moved: nobody works on the day set, or it was to be
    /// done again.
    pub moved_to: Option<Date>,
    /// The first day on which suspended rights hold again.
    pub resumes_on: Option<Date>,
}

/// A measure with its findings, as the first of two persons proposes it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Proposed {
    /// The measure, dated by the day of the proposal.
    pub measure: Measure,
    /// What was found, as the public is told it.
    pub statement: String,
}

impl Proposed {
    /// What both persons name.
    pub fn hash(&self) -> ContentHash {
        ContentHash::of_bytes(&serde_json::to_vec(self).expect("plain values are JSON"))
    }
}

impl Measure {
    /// Whether it makes the organisation one no longer, on a day.
    pub fn withdraws_on(&self, day: Date) -> bool {
        self.order.measure == Terms::Withdrawal && self.order.effective_on <= day
    }

    /// Whether a suspension is in force on a day.
    pub fn suspends_on(&self, day: Date) -> bool {
        let resumes_on = self.progress.resumes_on;
        matches!(self.order.measure, Terms::Suspension { .. })
            && self.order.effective_on <= day
            && resumes_on.is_none_or(|resumes| day < resumes)
    }

    /// Whether a suspension is about a right.
    pub fn is_about(&self, right: RightId) -> bool {
        match &self.order.measure {
            Terms::Suspension { rights, .. } => rights.is_empty() || rights.contains(&right),
            _ => false,
        }
    }

    /// The day by which a rectification is due.
    pub fn due_on(&self) -> Option<Date> {
        match self.order.measure {
            Terms::Rectification { due_on } => self.progress.moved_to.or(Some(due_on)),
            _ => None,
        }
    }

    /// Whether a rectification's day has passed without acceptance.
    pub fn is_overdue(&self, today: Date) -> bool {
        let accepted = self.progress.accepted_on.is_some();
        self.due_on().is_some_and(|due_on| due_on < today) && !accepted
    }

    /// Whether a suspension is about all rights.
    pub fn is_about_all(&self) -> bool {
        matches!(&self.order.measure, Terms::Suspension { rights, .. } if rights.is_empty())
    }

    /// Whether exams held before a suspension wait for its end.
    pub fn holds_batches(&self) -> bool {
        matches!(
            self.order.measure,
            Terms::Suspension {
                ongoing_batches: OngoingBatches::Hold,
                ..
            }
        )
    }

    /// Whether the public is told of it.
    pub fn is_announced(&self) -> bool {
        matches!(
            self.order.measure,
            Terms::Suspension { .. } | Terms::Withdrawal
        )
    }
}

impl Organization {
    /// Imposes a measure that its filing centre decided.
    ///
    /// # Errors
    /// Every fault of the measure.
    pub fn impose(
        &self,
        centre: DivisionCode,
        measure: Measure,
    ) -> Result<Vec<OrganizationFact>, Faults> {
        let today = measure.decided_on;
        let mut faults = FaultList::default();
        if let Err(rejection) = self.filed_at(centre) {
            faults.refuse(&rejection);
        }
        let effective_on = measure.order.effective_on;
        self.require_not_withdrawn(by_then(&measure), &mut faults);
        faults.take("effective_on", within_a_year(effective_on, today));
        match &measure.order.measure {
            Terms::Rectification { due_on } => {
                faults.take("due_on", within_a_year(*due_on, today));
            }
            Terms::Suspension { rights, .. } => {
                self.check_suspended(rights, effective_on, &mut faults);
            }
            Terms::Talk | Terms::Withdrawal => {}
        }
        faults.finish()?;
        Ok(vec![self.imposed(measure)])
    }

    fn check_suspended(&self, rights: &BTreeSet<RightId>, from: Date, faults: &mut FaultList) {
        for (index, right_id) in rights.iter().enumerate() {
            faults.require(
                self.right(*right_id).is_some(),
                format!("right_ids[{index}]"),
                &EndingRejection::RightUnknown,
            );
        }
        let open = self
            .measures
            .iter()
            .filter(|known| known.suspends_on(from) && known.progress.resumes_on.is_none());
        let open: Vec<&Measure> = open.collect();
        let all_rest = if rights.is_empty() {
            open.iter().any(|known| known.is_about_all())
        } else {
            let mut named = rights.iter().map(|id| self.right(*id));
            let rests = |right: &Right| open.iter().any(|known| self.is_under(known, right));
            named.all(|right| right.is_some_and(rests))
        };
        if all_rest {
            faults.refuse(&MeasureRejection::SuspendedAlready);
        }
    }

    /// Takes over a measure that two persons decided in review. Hearing it again changes nothing,
    /// nor does one on an organisation that is withdrawn by then.
    pub fn take_over(&self, measure: Measure) -> Vec<OrganizationFact> {
        let known = self
            .measures
            .iter()
            .any(|known| known.measure_id == measure.measure_id);
        if known || self.is_withdrawn(by_then(&measure)) {
            return Vec::new();
        }
        vec![self.imposed(measure)]
    }

    fn imposed(&self, measure: Measure) -> OrganizationFact {
        if measure.order.measure == Terms::Withdrawal {
            OrganizationFact::OrganizationWithdrawn {
                organization_id: self.organization_id,
                code: self.code,
                filing_division: self.filing_division,
                measure,
            }
        } else {
            OrganizationFact::MeasureImposed {
                organization_id: self.organization_id,
                filing_division: self.filing_division,
                measure,
            }
        }
    }

    /// Its filing centre ends a suspension: `resumes_on` is the first day on which the rights hold
    /// again.
    ///
    /// # Errors
    /// When there is no such suspension, it has its end already, the centre is another, or the day
    /// cannot be chosen.
    pub fn resume(
        &self,
        centre: DivisionCode,
        measure_id: MeasureId,
        resumes_on: Date,
        today: Date,
    ) -> Result<Vec<OrganizationFact>, Faults> {
        self.filed_at(centre)?;
        let measure = self.measure(measure_id)?;
        if !matches!(measure.order.measure, Terms::Suspension { .. }) {
            return Err(MeasureRejection::NotSuspension.into());
        }
        if measure.progress.resumes_on.is_some() {
            return Err(MeasureRejection::SuspensionEnded.into());
        }
        within_a_year(resumes_on, today.max(measure.order.effective_on))
            .map_err(|rejection: DayRejection| Faults::at("resumes_on", &rejection))?;
        Ok(vec![OrganizationFact::RightsResumed {
            organization_id: self.organization_id,
            filing_division: self.filing_division,
            measure_id,
            resumes_on,
        }])
    }

    pub(super) fn measure(&self, measure_id: MeasureId) -> Result<&Measure, MeasureRejection> {
        let mut measures = self.measures.iter();
        measures
            .find(|measure| measure.measure_id == measure_id)
            .ok_or(MeasureRejection::MeasureNotFound)
    }
}

/// The day by which a withdrawal stands in a measure's way: until it takes effect others may be taken,
/// but it is decided once.
fn by_then(measure: &Measure) -> Date {
    match measure.order.measure {
        Terms::Withdrawal => Date::MAX,
        _ => measure.order.effective_on.max(measure.decided_on),
    }
}

#[cfg(test)]
mod tests;
