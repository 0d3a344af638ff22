//! Risk alerts (风险预警, “互联网+监管”, notice 6.2).
//!
//! What the other services' facts say of an organisation adds up to figures; [`RiskRules`] say from
//! which figures on something stands out. That opens an [`Alert`], once for each rule and subject,
//! and an officer of the filing centre says what was done about it. Figures count people and name
//! none.

use std::fmt;

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{AlertId, InspectionId, MeasureId, OrganizationId};
use kernel::reference::Reference;
use kernel::rejection::Faults;
use kernel::working_day::{Deadline, DeadlineRule, YearWithoutData};
use serde::{Deserialize, Serialize};

use super::Context;

mod rules;

pub use rules::{Attendance, Figures, Finding, Reported, RiskKind, RiskRule, RiskRules};

kernel::rejections! {
    /// Why an alert is not handled so.
    pub enum AlertRejection {
        /// No such alert, or none that the caller may see.
        NotFound => "ALERT_NOT_FOUND", NotFound, "platform",
            "未找到该风险预警", "there is no such risk alert";
        /// Who filed the organisation answers for it.
        NotFilingAuthority => "ALERT_NOT_FILING_AUTHORITY", PermissionDenied, "notice 6.2",
            "风险预警由备案的职业技能鉴定（指导）中心处置，本中心不能处置", "only the centre with which the organisation filed handles its alerts";
        /// What is handled stays handled.
        Handled => "ALERT_HANDLED", FailedPrecondition, "notice 6.2",
            "该风险预警已经处置", "the alert was handled before";
        /// The outcome is one of three.
        OutcomeUnknown => "ALERT_OUTCOME_UNKNOWN", InvalidArgument, "notice 6.2",
            "处置结果应为说明情况予以消除、已检查或已采取监管措施之一", "an alert is dismissed, or the organisation was inspected, or a measure was taken";
        /// What an outcome refers to is an inspection or a measure, and nothing where dismissed.
        Reference => "ALERT_REFERENCE", InvalidArgument, "notice 6.2",
            "已检查的应填写检查编号，已采取措施的应填写措施编号，予以消除的不填写", "an inspection or a measure is named by its id, and nothing where the alert is dismissed";
        /// It is about somebody else, or has not come to anything yet.
        ReferenceNotFound => "ALERT_REFERENCE_NOT_FOUND", FailedPrecondition, "notice 6.2",
            "未找到针对该机构的检查结果或由该预警决定的监管措施", "there is no inspection result about the organisation, or no measure decided on this alert";
        /// A page begins where another one of the same list ended.
        PageToken => "ALERT_PAGE_TOKEN", InvalidArgument, "platform",
            "page_token 应取自上一页的答复", "a page_token is taken from the response before";
    }
}

/// What an officer says was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum AlertOutcome {
    /// There is an explanation.
    Dismissed,
    /// The organisation was inspected.
    Inspected {
        /// The inspection.
        inspection: InspectionId,
    },
    /// A measure was taken.
    MeasureTaken {
        /// The measure.
        measure: MeasureId,
    },
}

impl fmt::Display for AlertOutcome {
    /// What it refers to.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dismissed => Ok(()),
            Self::Inspected { inspection } => inspection.fmt(formatter),
            Self::MeasureTaken { measure } => measure.fmt(formatter),
        }
    }
}

/// What an outcome is called, without what it refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutcomeKind {
    /// See [`AlertOutcome::Dismissed`].
    Dismissed,
    /// See [`AlertOutcome::Inspected`].
    Inspected,
    /// See [`AlertOutcome::MeasureTaken`].
    MeasureTaken,
}

impl OutcomeKind {
    /// The outcome with what it refers to.
    ///
    /// # Errors
    /// When that is not what belongs to it.
    pub fn with(self, reference: &str) -> Result<AlertOutcome, AlertRejection> {
        match self {
            Self::Dismissed if reference.is_empty() => Ok(AlertOutcome::Dismissed),
            Self::Dismissed => Err(AlertRejection::Reference),
            Self::Inspected => InspectionId::parse(reference)
                .map(|inspection| AlertOutcome::Inspected { inspection })
                .map_err(|_| AlertRejection::Reference),
            Self::MeasureTaken => MeasureId::parse(reference)
                .map(|measure| AlertOutcome::MeasureTaken { measure })
                .map_err(|_| AlertRejection::Reference),
        }
    }
}

/// What was done, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handling {
    /// What was done.
    #[serde(flatten)]
    pub outcome: AlertOutcome,
    /// The day.
    pub on: Date,
}

/// A risk alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Identifies it.
    pub id: AlertId,
    /// The organisation.
    pub organization: OrganizationId,
    /// The centre that answers for it.
    pub filing_division: DivisionCode,
    /// What stood out, and the figures it stood out by.
    pub finding: Finding,
    /// Day on which it was opened.
    pub opened_on: Date,
    /// Day by which it is to be handled; none while the calendar does not reach so far, since an
    /// alert does not wait for the calendar.
    pub due: Option<Deadline>,
    /// What was done; none while nothing was.
    pub handling: Option<Handling>,
}

/// Something that happened to an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum AlertFact {
    /// Something stood out.
    AlertOpened {
        /// The alert.
        alert: AlertId,
        /// The organisation.
        organization: OrganizationId,
        /// The centre that answers for it.
        filing_division: DivisionCode,
        /// What stood out.
        finding: Finding,
        /// The day.
        on: Date,
    },
    /// The calendar changed, and the day by which it is to be handled is counted anew.
    AlertDueRecounted {
        /// The alert.
        alert: AlertId,
        /// The centre that answers for it.
        filing_division: DivisionCode,
        /// Day by which it is to be handled.
        due: Deadline,
    },
    /// An officer handled it.
    AlertHandled {
        /// The alert.
        alert: AlertId,
        /// The centre.
        filing_division: DivisionCode,
        /// What was done.
        handling: Handling,
    },
}

impl Alert {
    /// Opens an alert about what stands out today.
    pub fn open(
        id: AlertId,
        organization: OrganizationId,
        filing_division: DivisionCode,
        finding: Finding,
        context: &Context<'_>,
    ) -> (Self, AlertFact) {
        let fact = AlertFact::AlertOpened {
            alert: id,
            organization,
            filing_division,
            finding: finding.clone(),
            on: context.today,
        };
        let alert = Self {
            id,
            organization,
            filing_division,
            finding,
            opened_on: context.today,
            due: context
                .deadline(DeadlineRule::RiskAlert, context.today)
                .ok(),
            handling: None,
        };
        (alert, fact)
    }

    /// An officer says what was done. `vouched` is whether what the outcome refers to is there.
    ///
    /// # Errors
    /// All reasons why that is not taken.
    pub fn handle(
        &self,
        outcome: AlertOutcome,
        vouched: bool,
        centre: Option<DivisionCode>,
        today: Date,
    ) -> Result<AlertFact, Faults> {
        if centre != Some(self.filing_division) {
            return Err(AlertRejection::NotFilingAuthority.into());
        }
        if self.handling.is_some() {
            return Err(AlertRejection::Handled.into());
        }
        if !vouched {
            let not_found = AlertRejection::ReferenceNotFound;
            return Err(Faults::at("reference_id", &not_found));
        }
        Ok(AlertFact::AlertHandled {
            alert: self.id,
            filing_division: self.filing_division,
            handling: Handling { outcome, on: today },
        })
    }

    /// While it is open, the day by which it is to be handled, by the calendar as it is now; none where
    /// that is what it was.
    ///
    /// # Errors
    /// When the count reaches a year without a calendar.
    pub fn recount(&self, reference: &Reference) -> Result<Option<AlertFact>, Faults> {
        if self.handling.is_some() {
            return Ok(None);
        }
        let due = match &self.due {
            Some(before) => reference.calendar.recount(before)?,
            None => Self::due(reference, self.opened_on)?,
        };
        let moved = self.due.as_ref() != Some(&due);
        Ok(moved.then_some(AlertFact::AlertDueRecounted {
            alert: self.id,
            filing_division: self.filing_division,
            due,
        }))
    }

    /// Day by which an alert of a day is to be handled.
    ///
    /// # Errors
    /// When the count reaches a year without a calendar.
    pub fn due(reference: &Reference, opened_on: Date) -> Result<Deadline, YearWithoutData> {
        reference.deadline(DeadlineRule::RiskAlert, opened_on, opened_on)
    }

    /// Changes the alert by what happened.
    pub fn apply(&mut self, fact: &AlertFact) {
        match fact {
            AlertFact::AlertOpened { .. } => {}
            AlertFact::AlertDueRecounted { due, .. } => self.due = Some(due.clone()),
            AlertFact::AlertHandled { handling, .. } => self.handling = Some(*handling),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::samples::{DAY, on, organization, weihai};
    use super::*;

    fn alert() -> Alert {
        let figures = Figures {
            present: 40,
            certified: 40,
            ..Figures::default()
        };
        let finding = RiskRules::supplied()
            .judge_plan("plan_1", &figures, DAY)
            .remove(0);
        let id = AlertId::from_uuid(Uuid::from_u128(1));
        Alert::open(id, organization(), weihai(), finding, &on(DAY)).0
    }

    #[test]
    fn an_alert_is_handled_once_and_by_its_centre() {
        let mut alert = alert();
        let handle = |alert: &Alert, vouched, centre| {
            let outcome = AlertOutcome::Dismissed;
            let handled = alert.handle(outcome, vouched, centre, DAY);
            handled.map_err(|refused| refused.codes())
        };
        for centre in [None, Some(DivisionCode::PROVINCE)] {
            let refused = handle(&alert, true, centre).expect_err("another's");
            assert_eq!(refused, ["ALERT_NOT_FILING_AUTHORITY"]);
        }
        let refused = handle(&alert, false, Some(weihai())).expect_err("not there");
        assert_eq!(refused, ["ALERT_REFERENCE_NOT_FOUND"]);
        let handled = handle(&alert, true, Some(weihai())).expect("its centre");
        alert.apply(&handled);
        let refused = handle(&alert, true, Some(weihai())).expect_err("again");
        assert_eq!(refused, ["ALERT_HANDLED"]);
    }

    #[test]
    fn an_outcome_names_what_belongs_to_it() {
        let inspection = InspectionId::from_uuid(Uuid::from_u128(2)).to_string();
        let measure = MeasureId::from_uuid(Uuid::from_u128(3)).to_string();
        for (kind, reference) in [
            (OutcomeKind::Dismissed, ""),
            (OutcomeKind::Inspected, &inspection),
            (OutcomeKind::MeasureTaken, &measure),
        ] {
            let outcome = kind.with(reference).expect("it belongs to it");
            assert_eq!(outcome.to_string(), reference);
        }
        for (kind, reference) in [
            (OutcomeKind::Dismissed, &*measure),
            (OutcomeKind::Inspected, ""),
            (OutcomeKind::Inspected, &measure),
            (OutcomeKind::MeasureTaken, &inspection),
        ] {
            assert_eq!(kind.with(reference), Err(AlertRejection::Reference));
        }
    }
}
