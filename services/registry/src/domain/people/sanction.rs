//! Sanctions on people (责任追究, notice 6.3): what somebody may not do for a time, or ever.

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{PersonId, SanctionId};
use kernel::rejection::{FaultList, Faults};
use kernel::rejections;
use serde::Serialize;

use super::engagement::PersonRole;
use super::person::PersonFact;

rejections! {
    /// Why a sanction is not imposed, lifted or found.
    pub enum SanctionRejection {
        /// No such sanction, or not the caller's to see.
        SanctionNotFound => "SANCTION_NOT_FOUND", NotFound, "platform",
            "未找到该责任追究记录", "no such sanction";
        /// Nobody is barred afterwards from what was done before.
        FromThePast { today: Date } => "SANCTION_FROM_THE_PAST", InvalidArgument, "notice 6.3",
            "限制起始日不能早于今天（{today}）", "a sanction begins today, {today}, or later";
        /// Days run forward.
        EndsTooEarly => "SANCTION_ENDS_TOO_EARLY", InvalidArgument, "notice 6.3",
            "限制截止日不能早于起始日", "a sanction does not end before it begins";
        /// Once is enough.
        DutyTwice => "SANCTION_DUTY_TWICE", InvalidArgument, "platform",
            "该项工作重复", "the duty is named twice";
        /// The list has an end.
        TooManyDuties { limit: usize } => "SANCTION_DUTIES_TOO_MANY", InvalidArgument, "platform",
            "最多填写 {limit} 项工作", "a sanction names at most {limit} duties";
        /// Nothing would be added by it.
        Stands => "SANCTION_STANDS", FailedPrecondition, "notice 6.3",
            "该人员在这段时间已被限制承担这些工作", "the person is barred from these duties for that time already";
        /// Once and for all.
        LiftedAlready => "SANCTION_LIFTED_ALREADY", FailedPrecondition, "notice 6.3",
            "该限制已解除", "the sanction is lifted already";
        /// Nothing to lift.
        Over => "SANCTION_OVER", FailedPrecondition, "notice 6.3",
            "该限制已到期", "the sanction is over";
        /// Whoever imposed it, or the province.
        OfAnotherCentre => "SANCTION_OF_ANOTHER_CENTRE", PermissionDenied, "notice 6.3",
            "该限制只能由作出的中心或省中心解除",
            "a sanction is lifted by the centre that imposed it or by the province's";
    }
}

/// Most duties of a sanction: as many as there are.
pub const MOST_DUTIES: usize = 9;

/// A sanction. Its grounds are not here: free text that may name somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sanction {
    /// `sanc_…`
    pub id: SanctionId,
    /// The entry of the human on whose account it was imposed.
    pub person_id: PersonId,
    /// Division of the centre that imposed it.
    pub imposed_by: DivisionCode,
    /// Duties it bars from; none means all.
    pub duties: Vec<PersonRole>,
    /// First day.
    pub from: Date,
    /// Last day; none means for ever.
    pub until: Option<Date>,
    /// Day from which it was lifted.
    pub lifted_on: Option<Date>,
}

impl Sanction {
    /// Whether it keeps somebody from a duty on a day.
    pub fn bars(&self, duty: PersonRole, on: Date) -> bool {
        let barred = |barred: &PersonRole| barred.is_same_duty(duty);
        (self.duties.is_empty() || self.duties.iter().any(barred))
            && self.from <= on
            && self.until.is_none_or(|until| on <= until)
            && self.lifted_on.is_none_or(|lifted| on < lifted)
    }

    /// Imposes the sanction, beside those that the human has.
    ///
    /// # Errors
    /// Every fault at once.
    pub fn impose(&self, standing: &[Self], today: Date) -> Result<PersonFact, Faults> {
        let mut faults = FaultList::default();
        let past = SanctionRejection::FromThePast { today };
        faults.require(self.from >= today, "from", &past);
        let ends_later = self.until.is_none_or(|until| self.from <= until);
        faults.require(ends_later, "until", &SanctionRejection::EndsTooEarly);
        for (index, duty) in self.duties.iter().enumerate() {
            let field = format!("duties[{index}]");
            let twice = self.duties[..index].contains(duty);
            faults.require(!twice, field, &SanctionRejection::DutyTwice);
        }
        if standing.iter().any(|other| other.includes(self)) {
            faults.refuse(&SanctionRejection::Stands);
        }
        faults.finish()?;
        Ok(PersonFact::SanctionImposed {
            sanction: self.clone(),
        })
    }

    /// Lifts the sanction from a day on.
    ///
    /// # Errors
    /// When another centre imposed it, or there is nothing to lift.
    pub fn lift(&self, by: DivisionCode, on: Date) -> Result<PersonFact, SanctionRejection> {
        if by != self.imposed_by && !by.is_province() {
            return Err(SanctionRejection::OfAnotherCentre);
        }
        if self.lifted_on.is_some() {
            return Err(SanctionRejection::LiftedAlready);
        }
        if self.until.is_some_and(|until| until < on) {
            return Err(SanctionRejection::Over);
        }
        Ok(PersonFact::SanctionLifted {
            person_id: self.person_id,
            sanction_id: self.id,
            on,
        })
    }

    /// Whether the other would add nothing to it.
    fn includes(&self, other: &Self) -> bool {
        let bars = |duty: &PersonRole| self.duties.iter().any(|own| own.is_same_duty(*duty));
        let all_duties =
            self.duties.is_empty() || (!other.duties.is_empty() && other.duties.iter().all(bars));
        let as_long = match (self.until, other.until) {
            (None, _) => true,
            (Some(own), Some(other)) => other <= own,
            (Some(_), None) => false,
        };
        self.lifted_on.is_none() && all_duties && self.from <= other.from && as_long
    }
}
