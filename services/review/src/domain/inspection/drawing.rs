//! The draw, and what is drawn anew.
//!
//! All of it follows from the frozen lists, the seeds, the redraws that were ordered and who was left
//! out of a draw on record, and from nothing else; `tests/clients/draw.py` finds the same.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::draw::Seed;
use kernel::ids::{OrganizationId, PersonId};
use kernel::rejection::{FaultList, Faults};
use kernel::working_day::{Deadline, DeadlineRule};
use serde::{Deserialize, Serialize};

use super::super::{Context, PoolMember};
use super::refusal::{PlanningRejection, RedrawRejection};
use super::{FrozenLists, Inspection, InspectionFact, InspectionState};

/// A draw: committed to first, and revealed later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draw {
    /// SHA-256 over the seed.
    pub commitment: ContentHash,
    /// Day of the commitment.
    pub committed_on: Date,
    /// What it replaces; nothing for the first draw.
    pub redraw: Option<Redraw>,
    /// What came of it.
    pub revealed: Option<Revealed>,
}

/// What a redraw replaces, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redraw {
    /// The organisation concerned.
    pub organization: OrganizationId,
    /// The inspector who does not inspect it; none where the organisation itself falls out.
    pub person: Option<PersonId>,
    /// Why, for everybody to read.
    pub reason: String,
}

/// A draw that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revealed {
    /// The seed.
    pub seed: Seed,
    /// The day.
    pub on: Date,
    /// Organisations of the frozen list that other inspections have drawn since, as often as it may
    /// be in a year, and of a redraw those that too few inspectors are left for; by id. They were not
    /// drawn from.
    pub left_out: BTreeSet<OrganizationId>,
    /// Inspectors of the frozen list who could not serve any more; by id. They were not drawn from.
    pub unavailable: BTreeSet<PersonId>,
    /// What was drawn, by rank.
    pub drawn: Vec<Drawn>,
    /// Day by which results are to be recorded.
    pub results_due: Deadline,
}

/// An organisation with the inspectors drawn for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawn {
    /// The organisation.
    pub organization: OrganizationId,
    /// The inspectors, by rank.
    pub inspectors: Vec<PersonId>,
}

/// What has become of the frozen lists by the day of a draw.
pub struct Since<'a> {
    /// How often organisations were drawn this year, under lock.
    pub times_drawn: BTreeMap<OrganizationId, u32>,
    /// Who is in the pools today: what bars a person bars from the frozen list, too.
    pub pool: &'a [PoolMember],
}

impl Draw {
    /// A draw to which somebody commits.
    pub fn committed(commitment: ContentHash, on: Date, redraw: Option<Redraw>) -> Self {
        Self {
            commitment,
            committed_on: on,
            redraw,
            revealed: None,
        }
    }
}

impl Inspection {
    /// Reveals the seed of the draw that waits, and draws. Who was drawn often enough elsewhere since
    /// the lists were frozen is left out, and so is an inspector who may not serve any more; both on
    /// record. No redraw leaves an organisation with fewer inspectors than the first draw gives.
    ///
    /// # Errors
    /// When no draw waits, the period is over, all who are left were drawn often enough, or too few
    /// inspectors are left for one.
    pub fn draw(
        &self,
        seed: Seed,
        since: &Since<'_>,
        context: &Context<'_>,
    ) -> Result<InspectionFact, Faults> {
        self.require(&[InspectionState::Frozen, InspectionState::RedrawOrdered])?;
        self.judge_period(context.today)?;
        let (Some(frozen), Some(waiting)) = (&self.frozen, self.draws.last()) else {
            return Err(self.wrong_state().into());
        };
        let lists = frozen.lists();
        let often = self.drawn_often(lists, &since.times_drawn, context);
        let unavailable = lists.unavailable_by(since.pool);
        let left_out = self.left_out(often, lists, &unavailable, waiting.redraw.as_ref())?;
        let without = Without {
            organizations: &left_out,
            inspectors: &unavailable,
        };
        let drawn = self.drawn_by(&seed, lists, &without, waiting.redraw.as_ref());
        // A redraw that finds nobody else leaves one organisation fewer; a first draw has drawn nothing.
        if drawn.is_empty() && waiting.redraw.is_none() {
            return Err(PlanningRejection::NoOrganizations.into());
        }
        let results_due = context.deadline(DeadlineRule::InspectionReport, self.plan.until)?;
        let revealed = Revealed {
            seed,
            on: context.today,
            left_out,
            unavailable,
            drawn,
            results_due,
        };
        let publication_due = self.publication_due_after(&revealed, context)?;
        Ok(InspectionFact::InspectionDrawn {
            inspection: self.id,
            number: self.draws.len(),
            revealed,
            publication_due,
        })
    }

    /// Organisations that are not drawn from: those drawn too often, and of a redraw those that too few
    /// inspectors are left for. A first draw is not made while there is one of these.
    fn left_out(
        &self,
        often: BTreeSet<OrganizationId>,
        lists: &FrozenLists,
        unavailable: &BTreeSet<PersonId>,
        redraw: Option<&Redraw>,
    ) -> Result<BTreeSet<OrganizationId>, Faults> {
        match redraw {
            None => {
                let mut faults = FaultList::default();
                lists.judge_inspectors(&often, unavailable, &mut faults);
                faults.finish()?;
                Ok(often)
            }
            Some(redraw) if self.finds_nobody(redraw, lists, unavailable) => {
                Err(RedrawRejection::NobodyLeft.into())
            }
            Some(Redraw { person: None, .. }) => {
                let understaffed = self.understaffed(lists, unavailable);
                Ok(often.into_iter().chain(understaffed).collect())
            }
            Some(_) => Ok(often),
        }
    }

    /// Day by which the results are to be published where a redraw that found nobody leaves only
    /// organisations whose results are there.
    fn publication_due_after(
        &self,
        revealed: &Revealed,
        context: &Context<'_>,
    ) -> Result<Option<Deadline>, Faults> {
        let mut after = self.clone();
        if let Some(draw) = after.draws.last_mut() {
            draw.revealed = Some(revealed.clone());
        }
        if after.results.len() < after.inspected().len() {
            return Ok(None);
        }
        let due = context.deadline(DeadlineRule::InspectionPublication, context.today)?;
        Ok(Some(due))
    }

    /// Orders a redraw. `commitment` is the hash of its seed; `pool` is who may serve today. While one
    /// of an inspector waits that nobody is left for, its organisation may fall out instead.
    ///
    /// # Errors
    /// When there is nothing to replace, nobody to replace it, or no redraw left.
    pub fn order_redraw(
        &self,
        redraw: Redraw,
        commitment: ContentHash,
        pool: &[PoolMember],
        context: &Context<'_>,
    ) -> Result<InspectionFact, Faults> {
        self.require(&[InspectionState::Drawn, InspectionState::RedrawOrdered])?;
        self.judge_period(context.today)?;
        let Some(frozen) = &self.frozen else {
            return Err(self.wrong_state().into());
        };
        let mut faults = FaultList::default();
        let lists = frozen.lists();
        let unavailable = lists.unavailable_by(pool);
        if self.state() == InspectionState::Drawn {
            self.judge_redraw(&redraw, lists, &unavailable, &mut faults);
        } else if !self.replaces_the_waiting(&redraw, lists, &unavailable) {
            return Err(self.wrong_state().into());
        }
        let limit = context.pilot.inspection_redraws_most;
        // One that could not be drawn does not count.
        if self.revealed().count() > usize::from(limit) {
            faults.refuse(&RedrawRejection::UsedUp { limit });
        }
        faults.finish()?;
        Ok(InspectionFact::RedrawOrdered {
            inspection: self.id,
            number: self.draws.len() + 1,
            redraw,
            commitment,
            on: context.today,
        })
    }

    /// Who is inspected by whom, after all draws so far.
    pub fn inspected(&self) -> Vec<Drawn> {
        let mut inspected: Vec<Drawn> = Vec::new();
        for (redraw, revealed) in self.revealed() {
            match redraw {
                None => inspected.extend(revealed.drawn.iter().cloned()),
                Some(Redraw {
                    organization,
                    person: None,
                    ..
                }) => {
                    inspected.retain(|known| known.organization != *organization);
                    inspected.extend(revealed.drawn.iter().cloned());
                }
                Some(Redraw {
                    organization,
                    person: Some(person),
                    ..
                }) => {
                    let known = inspected.iter_mut();
                    for known in known.filter(|known| known.organization == *organization) {
                        known.inspectors.retain(|inspector| inspector != person);
                        let drawn = revealed.drawn.iter();
                        known
                            .inspectors
                            .extend(drawn.flat_map(|drawn| &drawn.inspectors));
                    }
                }
            }
        }
        inspected
    }

    fn revealed(&self) -> impl Iterator<Item = (Option<&Redraw>, &Revealed)> {
        let draws = self.draws.iter();
        draws.filter_map(|draw| Some((draw.redraw.as_ref(), draw.revealed.as_ref()?)))
    }

    /// Organisations of the list that may not be drawn once more this year, beside those that this
    /// inspection has drawn itself.
    fn drawn_often(
        &self,
        lists: &FrozenLists,
        times: &BTreeMap<OrganizationId, u32>,
        context: &Context<'_>,
    ) -> BTreeSet<OrganizationId> {
        let most = u32::from(context.pilot.inspections_per_year_most);
        let before = self.ever_drawn();
        let listed = lists.organizations.iter().map(|it| it.organization_id);
        let often = listed.filter(|it| times.get(it).is_some_and(|times| *times >= most));
        often.filter(|it| !before.contains(it)).collect()
    }

    fn drawn_by(
        &self,
        seed: &Seed,
        lists: &FrozenLists,
        without: &Without<'_>,
        redraw: Option<&Redraw>,
    ) -> Vec<Drawn> {
        let (organizations, each) = match redraw {
            None => (
                self.draw_organizations(seed, lists, without, lists.count),
                lists.inspectors_each,
            ),
            Some(Redraw { person: None, .. }) => (
                self.draw_organizations(seed, lists, without, 1),
                lists.inspectors_each,
            ),
            Some(Redraw { organization, .. }) => (vec![*organization], 1),
        };
        let draw = |organization| Drawn {
            organization,
            inspectors: self.draw_inspectors(seed, lists, without, organization, each),
        };
        organizations.into_iter().map(draw).collect()
    }

    /// Of the organisations that were not drawn before, here or elsewhere too often.
    fn draw_organizations(
        &self,
        seed: &Seed,
        lists: &FrozenLists,
        without: &Without<'_>,
        count: usize,
    ) -> Vec<OrganizationId> {
        let before = self.ever_drawn();
        let left: Vec<_> = lists
            .organizations
            .iter()
            .map(|listed| listed.organization_id)
            .filter(|organization| !before.contains(organization))
            .filter(|organization| !without.organizations.contains(organization))
            .collect();
        seed.draw(&left, count, ToString::to_string)
            .into_iter()
            .copied()
            .collect()
    }

    /// Of the inspectors without a conflict who were not drawn for this organisation before.
    fn draw_inspectors(
        &self,
        seed: &Seed,
        lists: &FrozenLists,
        without: &Without<'_>,
        organization: OrganizationId,
        count: usize,
    ) -> Vec<PersonId> {
        let left = self.inspectors_left(lists, without.inspectors, organization);
        let key = |person: &PersonId| format!("{organization}:{person}");
        seed.draw(&left, count, key).into_iter().copied().collect()
    }

    fn inspectors_left(
        &self,
        lists: &FrozenLists,
        unavailable: &BTreeSet<PersonId>,
        organization: OrganizationId,
    ) -> Vec<PersonId> {
        let before: BTreeSet<PersonId> = self
            .revealed()
            .flat_map(|(_, revealed)| &revealed.drawn)
            .filter(|drawn| drawn.organization == organization)
            .flat_map(|drawn| drawn.inspectors.iter().copied())
            .collect();
        let eligible = lists.eligible(organization).into_iter();
        eligible
            .map(|inspector| inspector.person_id)
            .filter(|person| !before.contains(person) && !unavailable.contains(person))
            .collect()
    }

    /// Organisations that any draw named, whether or not they fell out later.
    fn ever_drawn(&self) -> BTreeSet<OrganizationId> {
        self.revealed()
            .flat_map(|(_, revealed)| &revealed.drawn)
            .map(|drawn| drawn.organization)
            .collect()
    }

    fn judge_redraw(
        &self,
        redraw: &Redraw,
        lists: &FrozenLists,
        unavailable: &BTreeSet<PersonId>,
        faults: &mut FaultList,
    ) {
        let inspected = self.inspected();
        let organization = redraw.organization;
        let Some(drawn) = inspected
            .iter()
            .find(|known| known.organization == organization)
        else {
            faults.add("organization_id", &RedrawRejection::NotDrawn);
            return;
        };
        let open = !self.results.contains_key(&organization);
        faults.require(open, "organization_id", &RedrawRejection::Recorded);
        let left = match redraw.person {
            Some(person) => {
                let its = drawn.inspectors.contains(&person);
                faults.require(its, "person_id", &RedrawRejection::NotItsInspector);
                let left = self.inspectors_left(lists, unavailable, organization);
                left.len()
            }
            None => {
                let understaffed = self.understaffed(lists, unavailable).count();
                lists.organizations.len() - self.ever_drawn().len() - understaffed
            }
        };
        if left == 0 {
            faults.refuse(&RedrawRejection::NobodyLeft);
        }
    }

    /// Whether a redraw stands in for the one that waits, which nobody is left for: the organisation
    /// falls out, for it is not inspected by one alone.
    fn replaces_the_waiting(
        &self,
        redraw: &Redraw,
        lists: &FrozenLists,
        unavailable: &BTreeSet<PersonId>,
    ) -> bool {
        let waiting = self.draws.last().and_then(|draw| draw.redraw.as_ref());
        redraw.person.is_none()
            && waiting.is_some_and(|waiting| {
                waiting.organization == redraw.organization
                    && self.finds_nobody(waiting, lists, unavailable)
            })
    }

    /// Whether no inspector is left who could replace one.
    fn finds_nobody(
        &self,
        redraw: &Redraw,
        lists: &FrozenLists,
        unavailable: &BTreeSet<PersonId>,
    ) -> bool {
        let organization = redraw.organization;
        redraw.person.is_some()
            && self
                .inspectors_left(lists, unavailable, organization)
                .is_empty()
    }

    /// Organisations that were not drawn yet and that too few inspectors are left for.
    fn understaffed(
        &self,
        lists: &FrozenLists,
        unavailable: &BTreeSet<PersonId>,
    ) -> impl Iterator<Item = OrganizationId> {
        let before = self.ever_drawn();
        let listed = lists.organizations.iter().map(|it| it.organization_id);
        listed.filter(move |it| {
            let left = self.inspectors_left(lists, unavailable, *it).len();
            !before.contains(it) && left < lists.inspectors_each
        })
    }
}

/// What is on the frozen lists and is not drawn.
struct Without<'a> {
    organizations: &'a BTreeSet<OrganizationId>,
    inspectors: &'a BTreeSet<PersonId>,
}
