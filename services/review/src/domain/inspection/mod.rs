//! Double-random inspections (双随机、一公开, notice 6.2): who is inspected and by whom is drawn, and
//! everybody can see how.
//!
//! A centre plans an [`Inspection`] and commits to the seed of its draw; then it freezes the lists;
//! then the seed is revealed and the draw made. So whoever makes the lists does not know the seed,
//! and whoever chooses the seed does not know the lists. What cannot be inspected, or not by
//! somebody, is drawn anew with a seed of its own, for a reason that everybody can read, and only
//! so often. Each organisation drawn has its result recorded, and all are published together.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{InspectionId, OrganizationId, PersonId};
use kernel::rejection::Faults;
use kernel::working_day::{Calendar, Deadline};
use strum::{EnumIter, EnumString, IntoStaticStr};

use super::refusal::words;

mod drawing;
mod fact;
mod lists;
mod plan;
pub mod refusal;
mod result;
#[cfg(test)]
mod tests;

pub use drawing::{Draw, Drawn, Redraw, Revealed, Since};
pub use fact::InspectionFact;
pub use lists::{Conflict, Frozen, FrozenLists, ListedInspector, ListedOrganization, Subject};
pub use plan::{Matter, MatterList, MatterListFact, Plan, Wanted, judge_codes, matter_code};
pub use result::{MatterFinding, Outcome, Recorded, Report};

use refusal::{InspectionRejection, PlanningRejection, ResultRejection};

/// Where an inspection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum InspectionState {
    /// The seed is committed to.
    Planned,
    /// The lists are frozen.
    Frozen,
    /// Drawn; results come in.
    Drawn,
    /// A redraw waits for its draw.
    RedrawOrdered,
    /// The results are published.
    Published,
    /// Given up before the draw.
    Cancelled,
}

impl InspectionState {
    /// Name for machines, as stored.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Name in Chinese, for refusals.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Planned => "已计划",
            Self::Frozen => "名录已冻结",
            Self::Drawn => "已抽取",
            Self::RedrawOrdered => "待重新抽取",
            Self::Published => "结果已公开",
            Self::Cancelled => "已撤销",
        }
    }
}

/// A double-random inspection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// Identifies it.
    pub id: InspectionId,
    /// The centre that inspects.
    pub division: DivisionCode,
    /// What is inspected.
    pub plan: Plan,
    /// What is drawn from, once it is frozen.
    pub frozen: Option<Frozen>,
    /// The first draw, and redraws in their order.
    pub draws: Vec<Draw>,
    /// The results so far.
    pub results: BTreeMap<OrganizationId, Recorded>,
    /// Day by which the results are to be published, once all are there.
    pub publication_due: Option<Deadline>,
    /// Day of publication.
    pub published_on: Option<Date>,
    /// Why it was given up, if it was.
    pub cancelled_reason: Option<String>,
}

impl Inspection {
    fn planned(id: InspectionId, division: DivisionCode, plan: Plan, first: Draw) -> Self {
        Self {
            id,
            division,
            plan,
            frozen: None,
            draws: vec![first],
            results: BTreeMap::new(),
            publication_due: None,
            published_on: None,
            cancelled_reason: None,
        }
    }

    /// Where it stands, which follows from what is there.
    pub fn state(&self) -> InspectionState {
        let waits = self
            .draws
            .last()
            .is_some_and(|draw| draw.revealed.is_none());
        if self.cancelled_reason.is_some() {
            InspectionState::Cancelled
        } else if self.published_on.is_some() {
            InspectionState::Published
        } else if self.frozen.is_none() {
            InspectionState::Planned
        } else if !waits {
            InspectionState::Drawn
        } else if self.draws.len() == 1 {
            InspectionState::Frozen
        } else {
            InspectionState::RedrawOrdered
        }
    }

    /// Gives it up, as long as nobody knows whom it would have met.
    ///
    /// # Errors
    /// Once it is drawn.
    pub fn cancel(&self, reason: String, today: Date) -> Result<InspectionFact, Faults> {
        self.require(&[InspectionState::Planned, InspectionState::Frozen])?;
        Ok(InspectionFact::InspectionCancelled {
            inspection: self.id,
            reason,
            on: today,
        })
    }

    /// Once it is drawn, the day by which its results are to be recorded, and when they are all there,
    /// the day by which they are to be published, by the calendar as it is now; none where that is what
    /// it was.
    ///
    /// # Errors
    /// When the count reaches a year without a calendar.
    pub fn recount(&self, calendar: &Calendar) -> Result<Option<InspectionFact>, Faults> {
        if self.state() != InspectionState::Drawn {
            return Ok(None);
        }
        let inspection = self.id;
        if let Some(before) = &self.publication_due {
            let publication_due = calendar.recount(before)?;
            let moved = publication_due != *before;
            return Ok(moved.then_some(InspectionFact::PublicationDueRecounted {
                inspection,
                publication_due,
            }));
        }
        let revealed = self.draws.last().and_then(|draw| draw.revealed.as_ref());
        let Some(Revealed {
            results_due: before,
            ..
        }) = revealed
        else {
            return Ok(None);
        };
        let results_due = calendar.recount(before)?;
        let moved = results_due != *before;
        Ok(moved.then_some(InspectionFact::ResultsDueRecounted {
            inspection,
            results_due,
        }))
    }

    /// Changes the inspection by what happened. Its plan and its lists lie beside the facts.
    pub fn apply(&mut self, fact: &InspectionFact) {
        match fact {
            InspectionFact::InspectionPlanned { .. } | InspectionFact::ListsFrozen { .. } => {}
            InspectionFact::InspectionDrawn {
                revealed,
                publication_due,
                ..
            } => {
                if let Some(draw) = self.draws.last_mut() {
                    draw.revealed = Some(revealed.clone());
                }
                self.publication_due.clone_from(publication_due);
            }
            InspectionFact::RedrawOrdered {
                redraw,
                commitment,
                on,
                ..
            } => {
                self.draws
                    .push(Draw::committed(*commitment, *on, Some(redraw.clone())));
            }
            InspectionFact::InspectionCancelled { reason, .. } => {
                self.cancelled_reason = Some(reason.clone());
            }
            InspectionFact::ResultRecorded {
                organization,
                recorded,
                publication_due,
                ..
            } => {
                self.results.insert(*organization, recorded.clone());
                self.publication_due.clone_from(publication_due);
            }
            InspectionFact::ResultsDueRecounted { results_due, .. } => {
                let last = self.draws.last_mut();
                if let Some(revealed) = last.and_then(|draw| draw.revealed.as_mut()) {
                    revealed.results_due = results_due.clone();
                }
            }
            InspectionFact::PublicationDueRecounted {
                publication_due, ..
            } => self.publication_due = Some(publication_due.clone()),
            InspectionFact::InspectionPublished { on, .. } => self.published_on = Some(*on),
        }
    }

    /// Whether somebody inspects for it, whomever.
    pub fn has_inspector(&self, person: PersonId) -> bool {
        let mut inspected = self.inspected().into_iter();
        inspected.any(|drawn| drawn.inspectors.contains(&person))
    }

    /// Lets an inspector through who was drawn for the organisation, and no other.
    ///
    /// # Errors
    /// For every other one: who has an interest was left out of the draw.
    pub fn is_inspected_by(
        &self,
        organization: OrganizationId,
        person: PersonId,
    ) -> Result<(), Faults> {
        let mut inspected = self.inspected().into_iter();
        let own = inspected
            .any(|drawn| drawn.organization == organization && drawn.inspectors.contains(&person));
        if own {
            Ok(())
        } else {
            Err(Faults::at("organization_id", &ResultRejection::NotOwn))
        }
    }

    /// Lets a centre through that planned the inspection, and no other.
    ///
    /// # Errors
    /// For every other one.
    pub fn is_of(&self, centre: Option<DivisionCode>) -> Result<(), Faults> {
        if centre == Some(self.division) {
            Ok(())
        } else {
            Err(InspectionRejection::NotInspectingCentre.into())
        }
    }

    fn require(&self, states: &[InspectionState]) -> Result<(), Faults> {
        if states.contains(&self.state()) {
            Ok(())
        } else {
            Err(self.wrong_state().into())
        }
    }

    /// The refusal of what cannot be done as it stands.
    pub fn wrong_state(&self) -> InspectionRejection {
        let state = self.state();
        let (chinese, english) = (state.chinese(), words(state.name()));
        InspectionRejection::State { chinese, english }
    }

    fn judge_period(&self, today: Date) -> Result<(), Faults> {
        let until = self.plan.until;
        if today > until {
            Err(PlanningRejection::PeriodOver { until }.into())
        } else {
            Ok(())
        }
    }
}
