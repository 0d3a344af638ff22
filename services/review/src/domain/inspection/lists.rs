//! The lists that are drawn from, frozen: exactly these characters, named by their hash.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::ids::{OrganizationId, PersonId};
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::rejection::{FaultList, Faults};
use serde::{Deserialize, Serialize};

use super::super::{ConflictGround, Context, PoolMember};
use super::refusal::PlanningRejection;
use super::{Inspection, InspectionFact, InspectionState};

/// Entries that a list has at most.
const LONGEST_LIST: usize = 5_000;

/// An organisation that may be inspected, as it is today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Identifies it.
    pub organization: OrganizationId,
    /// 机构代码
    pub code: EvaluationOrganizationCode,
    /// 单位名称
    pub name: String,
    /// 统一社会信用代码
    pub credit_code: String,
    /// How often it was drawn this year.
    pub drawn_this_year: u32,
}

/// An organisation on a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedOrganization {
    /// Identifies it; the key by which it is drawn.
    pub organization_id: OrganizationId,
    /// 机构代码
    pub organization_code: EvaluationOrganizationCode,
    /// 单位名称
    pub name: String,
}

/// An inspector on a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedInspector {
    /// Identifies the inspector.
    pub person_id: PersonId,
    /// Number in the pool.
    pub number: String,
    /// 姓名, masked.
    pub masked_name: String,
}

/// An inspector who does not inspect an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// The organisation.
    pub organization_id: OrganizationId,
    /// The inspector.
    pub person_id: PersonId,
    /// Why.
    pub ground: ConflictGround,
}

/// All that a draw depends on beside its seed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenLists {
    /// Day of the freeze.
    pub frozen_on: Date,
    /// Organisations of which is drawn, by id.
    pub organizations: Vec<ListedOrganization>,
    /// Organisations that were drawn often enough this year, by id.
    pub left_out: Vec<ListedOrganization>,
    /// Inspectors of whom is drawn, by id.
    pub inspectors: Vec<ListedInspector>,
    /// Who does not inspect whom, by organisation and inspector.
    pub conflicts: Vec<Conflict>,
    /// How many organisations are drawn.
    pub count: usize,
    /// How many inspectors are drawn for each.
    pub inspectors_each: usize,
}

/// Frozen lists with the characters that are kept and hashed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    text: String,
    lists: FrozenLists,
}

impl Frozen {
    fn new(lists: FrozenLists) -> Self {
        let text = serde_json::to_string(&lists).expect("ids, texts and dates always serialise");
        Self { text, lists }
    }

    /// What was frozen earlier; none if these characters are no lists.
    pub fn read(text: String) -> Option<Self> {
        let lists = serde_json::from_str(&text).ok()?;
        Some(Self { text, lists })
    }

    /// The characters.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The hash under which everybody speaks of them.
    pub fn hash(&self) -> ContentHash {
        ContentHash::of_bytes(self.text.as_bytes())
    }

    /// What they say.
    pub fn lists(&self) -> &FrozenLists {
        &self.lists
    }
}

impl FrozenLists {
    /// Inspectors of whom is drawn for an organisation: those without a conflict.
    pub fn eligible(&self, organization: OrganizationId) -> Vec<&ListedInspector> {
        let conflicting = |person: PersonId| {
            let mut conflicts = self.conflicts.iter();
            conflicts.any(|it| it.organization_id == organization && it.person_id == person)
        };
        let inspectors = self.inspectors.iter();
        inspectors
            .filter(|inspector| !conflicting(inspector.person_id))
            .collect()
    }

    /// Inspectors on the list whom the pools do not have any more.
    pub(super) fn unavailable_by(&self, pool: &[PoolMember]) -> BTreeSet<PersonId> {
        let there: BTreeSet<_> = pool.iter().map(|member| member.person).collect();
        let listed = self.inspectors.iter().map(|inspector| inspector.person_id);
        listed.filter(|person| !there.contains(person)).collect()
    }

    /// Notes each organisation with too few inspectors. All that may be drawn are judged, so that a
    /// refusal says nothing of who would be.
    pub(super) fn judge_inspectors(
        &self,
        left_out: &BTreeSet<OrganizationId>,
        unavailable: &BTreeSet<PersonId>,
        faults: &mut FaultList,
    ) {
        let least = self.inspectors_each;
        for listed in &self.organizations {
            let id = listed.organization_id;
            let eligible = self.eligible(id).into_iter();
            let found = eligible.filter(|it| !unavailable.contains(&it.person_id));
            let found = found.count();
            if found < least && !left_out.contains(&id) {
                let name = listed.name.clone();
                faults.refuse(&PlanningRejection::InspectorsTooFew { name, least, found });
            }
        }
    }
}

impl Inspection {
    /// Freezes the lists, of organisations and inspectors as they are today.
    ///
    /// # Errors
    /// When nobody can be drawn, or too few inspectors are without a conflict.
    pub fn freeze(
        &self,
        subjects: &[Subject],
        pool: &[PoolMember],
        context: &Context<'_>,
    ) -> Result<(Frozen, InspectionFact), Faults> {
        self.require(&[InspectionState::Planned])?;
        self.judge_period(context.today)?;
        let most = u32::from(context.pilot.inspections_per_year_most);
        let (often, open): (Vec<_>, Vec<_>) = subjects
            .iter()
            .partition(|subject| subject.drawn_this_year >= most);
        let lists = FrozenLists {
            frozen_on: context.today,
            organizations: listed(&open),
            left_out: listed(&often),
            inspectors: listed_inspectors(pool),
            conflicts: conflicts(&open, pool, context),
            count: self.count(open.len(), context),
            inspectors_each: context.pilot.inspectors_per_subject.into(),
        };
        judge(&lists)?;
        let frozen = Frozen::new(lists);
        let lists = frozen.lists();
        let fact = InspectionFact::ListsFrozen {
            inspection: self.id,
            organizations: lists.organizations.len(),
            left_out: lists.left_out.len(),
            inspectors: lists.inspectors.len(),
            conflicts: lists.conflicts.len(),
            count: lists.count,
            hash: frozen.hash(),
            on: context.today,
        };
        Ok((frozen, fact))
    }

    /// How many of so many are drawn: the share, rounded up, and never fewer than the setting.
    fn count(&self, of: usize, context: &Context<'_>) -> usize {
        let share = (of * usize::from(self.plan.share_percent)).div_ceil(100);
        let least = usize::from(context.pilot.inspection_least);
        share.max(least).min(of)
    }
}

fn judge(lists: &FrozenLists) -> Result<(), Faults> {
    let mut faults = FaultList::default();
    if lists.organizations.is_empty() {
        faults.refuse(&PlanningRejection::NoOrganizations);
    }
    if lists.organizations.len().max(lists.inspectors.len()) > LONGEST_LIST {
        let limit = LONGEST_LIST;
        faults.refuse(&PlanningRejection::ListTooLong { limit });
    }
    lists.judge_inspectors(&BTreeSet::new(), &BTreeSet::new(), &mut faults);
    faults.finish()
}

fn listed(subjects: &[&Subject]) -> Vec<ListedOrganization> {
    let mut listed: Vec<_> = subjects
        .iter()
        .map(|subject| ListedOrganization {
            organization_id: subject.organization,
            organization_code: subject.code,
            name: subject.name.clone(),
        })
        .collect();
    listed.sort_by_key(|organization| organization.organization_id);
    listed
}

fn listed_inspectors(pool: &[PoolMember]) -> Vec<ListedInspector> {
    let mut listed: Vec<_> = pool
        .iter()
        .map(|member| ListedInspector {
            person_id: member.person,
            number: member.number.clone(),
            masked_name: member.masked_name.clone(),
        })
        .collect();
    listed.sort_by_key(|inspector| inspector.person_id);
    listed.dedup_by_key(|inspector| inspector.person_id);
    listed
}

fn conflicts(subjects: &[&Subject], pool: &[PoolMember], context: &Context<'_>) -> Vec<Conflict> {
    let years = context.pilot.conflict_years;
    let mut conflicts = Vec::new();
    for subject in subjects {
        let (id, code) = (subject.organization, &subject.credit_code);
        conflicts.extend(pool.iter().filter_map(|member| {
            let ground = member.conflict_with(id, code, context.today, years)?;
            Some(Conflict {
                organization_id: id,
                person_id: member.person,
                ground,
            })
        }));
    }
    conflicts.sort_by_key(|conflict| (conflict.organization_id, conflict.person_id));
    conflicts.dedup_by_key(|conflict| (conflict.organization_id, conflict.person_id));
    conflicts
}
