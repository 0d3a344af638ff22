//! Who sits on a panel: conflicts of interest excluded, then drawn or named.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::draw::Seed;
use kernel::ids::{OrganizationId, PanelId};
use kernel::pilot::Pilot;
use kernel::rejection::{FaultList, Faults};
use kernel::typed::normalise_hyphenated as normalise;

use super::super::refusal::{ApplicationRejection, SelectionRejection};
use super::super::{Application, ConflictGround, Context, PoolMember};
use super::refusal::PanelRejection;
use super::{Candidate, Conflict, Draw, Exclusion, Member, Panel, PanelFact, PanelState};

/// Nobody convenes more; there is a list of at most so many in one request.
const LARGEST_PANEL: usize = 49;

/// What a panel is convened from.
pub struct Convening {
    /// The panel's new id.
    pub id: PanelId,
    /// Who may be drawn today.
    pub pool: Vec<PoolMember>,
    /// Credit code of the applicant.
    pub applicant_credit_code: String,
    /// Numbers in the pool of those who have declared a conflict.
    pub declared: Vec<String>,
}

impl Convening {
    /// Who is left, in the order of their numbers, and who is not. Somebody in two pools is one.
    fn sorted(
        &self,
        applicant: OrganizationId,
        context: &Context<'_>,
    ) -> (Vec<Candidate>, Vec<Exclusion>) {
        let (mut candidates, mut exclusions) = (Vec::new(), Vec::new());
        let mut seen = BTreeSet::new();
        let declared: BTreeSet<_> = self.declared.iter().map(|typed| normalise(typed)).collect();
        for member in &self.pool {
            if !seen.insert(member.person) {
                continue;
            }
            let number = member.number.clone();
            match self.conflict(member, applicant, &declared, context) {
                Some(conflict) => exclusions.push(Exclusion { number, conflict }),
                None => candidates.push(Candidate {
                    person: member.person,
                    number,
                }),
            }
        }
        candidates.sort_by(|one, other| one.number.cmp(&other.number));
        exclusions.sort_by(|one, other| one.number.cmp(&other.number));
        (candidates, exclusions)
    }

    /// Notes each declared conflict of somebody whom the pools do not have: a number that is typed
    /// wrong would exclude nobody.
    fn judge_declared(&self, faults: &mut FaultList) {
        for (index, typed) in self.declared.iter().enumerate() {
            let number = normalise(typed);
            let mut pool = self.pool.iter();
            let known = pool.any(|member| normalise(&member.number) == number);
            let field = format!("declared_conflicts[{index}].expert_number");
            faults.require(known, field, &PanelRejection::ExpertUnknown);
        }
    }

    fn conflict(
        &self,
        member: &PoolMember,
        applicant: OrganizationId,
        declared: &BTreeSet<String>,
        context: &Context<'_>,
    ) -> Option<Conflict> {
        let credit_code = &self.applicant_credit_code;
        let years = context.pilot.conflict_years;
        match member.conflict_with(applicant, credit_code, context.today, years) {
            Some(ConflictGround::Employer) => Some(Conflict::Employer),
            Some(ConflictGround::WorkedThere) => Some(Conflict::WorkedThere),
            None if declared.contains(&normalise(&member.number)) => Some(Conflict::Declared),
            None => None,
        }
    }
}

impl Panel {
    /// Freezes who may be drawn and commits to a seed.
    ///
    /// # Errors
    /// When the application is not under assessment, it is another centre's, or there are too few.
    pub fn plan(
        convening: &Convening,
        application: &Application,
        size: usize,
        seed: &Seed,
        context: &Context<'_>,
    ) -> Result<(Self, PanelFact), Faults> {
        application.require_assessing(context)?;
        let mut faults = FaultList::default();
        judge_size(size, "size", context.pilot, &mut faults);
        convening.judge_declared(&mut faults);
        let (candidates, exclusions) = convening.sorted(application.organization, context);
        let left = candidates.len();
        let too_small = PanelRejection::PoolTooSmall { left, size };
        faults.require(left >= size, "size", &too_small);
        faults.finish()?;
        let commitment = seed.commitment();
        let fact = PanelFact::PanelPlanned {
            application: application.id,
            size,
            candidates: candidates.clone(),
            exclusions: exclusions.clone(),
            commitment,
        };
        let draw = Draw {
            commitment,
            seed: None,
        };
        let panel = Self {
            size,
            candidates,
            exclusions,
            draw: Some(draw),
            state: PanelState::Planned,
            ..Self::empty(convening.id, application, context.today)
        };
        Ok((panel, fact))
    }

    /// Convenes experts who are named.
    ///
    /// # Errors
    /// When the application is not under assessment, it is another centre's, or somebody named is
    /// unknown, there twice or has a conflict.
    pub fn convene(
        convening: &Convening,
        application: &Application,
        named: &[String],
        context: &Context<'_>,
    ) -> Result<(Self, PanelFact), Faults> {
        application.require_assessing(context)?;
        let (candidates, exclusions) = convening.sorted(application.organization, context);
        let panel = Self {
            size: named.len(),
            candidates,
            exclusions,
            ..Self::empty(convening.id, application, context.today)
        };
        let mut faults = FaultList::default();
        let numbers: Vec<_> = named.iter().map(Some).collect();
        judge_named(&numbers, context.pilot, &mut faults);
        convening.judge_declared(&mut faults);
        let mut members = Vec::with_capacity(named.len());
        for (index, number) in named.iter().enumerate() {
            let field = format!("expert_numbers[{index}]");
            members.extend(faults.take(field, panel.candidate(number)));
        }
        faults.finish()?;
        let fact = PanelFact::PanelConvened {
            application: application.id,
            members: members.clone(),
            exclusions: panel.exclusions.clone(),
        };
        let members = members.into_iter().map(Member::new).collect();
        Ok((Self { members, ..panel }, fact))
    }

    /// A panel of nobody, about an application as it is.
    fn empty(id: PanelId, application: &Application, today: Date) -> Self {
        Self {
            id,
            application: application.id,
            filing_division: application.filing_division,
            documents: application.documents_hash(),
            size: 0,
            candidates: Vec::new(),
            exclusions: Vec::new(),
            unavailable: Vec::new(),
            draw: None,
            members: Vec::new(),
            state: PanelState::Sitting,
            planned_on: today,
            ended_on: None,
        }
    }

    /// The candidate of a number, however it is typed.
    pub(super) fn candidate(&self, number: &str) -> Result<Candidate, PanelRejection> {
        let number = normalise(number);
        let mut excluded = self.exclusions.iter();
        if let Some(excluded) = excluded.find(|excluded| normalise(&excluded.number) == number) {
            return Err(excluded.conflict.refusal());
        }
        let mut candidates = self.candidates.iter();
        let candidate = candidates.find(|candidate| normalise(&candidate.number) == number);
        candidate.cloned().ok_or(PanelRejection::ExpertUnknown)
    }

    /// Draws the panel by the seed that was committed to, of those of the frozen list who are in
    /// the pools today.
    ///
    /// # Errors
    /// When it does not wait for its draw, the documents have changed since it was planned, or too
    /// few are left.
    pub fn draw(
        &self,
        seed: Seed,
        pool: &[PoolMember],
        application: &Application,
        context: &Context<'_>,
    ) -> Result<PanelFact, Faults> {
        application.require_assessing(context)?;
        self.require_state(PanelState::Planned, PanelRejection::NotPlanned)?;
        self.require_current(application)?;
        let unavailable = self.unavailable_by(pool);
        let ranked = self.ranked(&seed);
        let left = ranked.filter(|candidate| !unavailable.contains(&candidate.number));
        let members: Vec<_> = left.take(self.size).cloned().collect();
        let (left, size) = (members.len(), self.size);
        if left < size {
            return Err(PanelRejection::PoolTooSmall { left, size }.into());
        }
        Ok(PanelFact::PanelDrawn {
            seed,
            members,
            unavailable,
        })
    }

    /// Numbers of the candidates whom the pools do not have any more.
    pub(super) fn unavailable_by(&self, pool: &[PoolMember]) -> Vec<String> {
        let there: BTreeSet<_> = pool.iter().map(|member| member.person).collect();
        let gone = self.candidates.iter();
        gone.filter(|candidate| !there.contains(&candidate.person))
            .map(|candidate| candidate.number.clone())
            .collect()
    }

    /// The candidates in the order of their ranks.
    pub(super) fn ranked(&self, seed: &Seed) -> impl Iterator<Item = &Candidate> {
        let all = self.candidates.len();
        let number = |candidate: &Candidate| candidate.number.clone();
        seed.draw(&self.candidates, all, number).into_iter()
    }
}

impl Application {
    /// Lets a command about a panel through only where the centre assesses the application now.
    pub(super) fn require_assessing(&self, context: &Context<'_>) -> Result<(), Faults> {
        if context.centre != Some(self.filing_division) {
            return Err(ApplicationRejection::NotFilingAuthority.into());
        }
        self.require_under_assessment()
    }

    /// Hash over the annexes and documents handed in, as they are.
    pub(super) fn documents_hash(&self) -> ContentHash {
        let mut hashes = self.form.uuid().as_bytes().to_vec();
        for material in self.materials.values() {
            hashes.extend_from_slice(material.sha256.as_bytes());
        }
        ContentHash::of_bytes(&hashes)
    }
}

/// Notes that a panel is too small, even, or too large.
pub fn judge_size(size: usize, field: &str, pilot: &Pilot, faults: &mut FaultList) {
    let (least, given) = (usize::from(pilot.panel_least), size);
    if given < least || given.is_multiple_of(2) {
        faults.add(field, &SelectionRejection::PanelSize { least, given });
    }
    let limit = LARGEST_PANEL;
    faults.require(given <= limit, field, &PanelRejection::TooLarge { limit });
}

/// Notes what is wrong with a list of numbers whatever the pool: its size, and each expert who is
/// there twice, however the number is typed; as far as they can be read.
pub fn judge_named(named: &[Option<&String>], pilot: &Pilot, faults: &mut FaultList) {
    judge_size(named.len(), "expert_numbers", pilot, faults);
    let mut seen = BTreeSet::new();
    for (index, number) in named.iter().enumerate() {
        let field = format!("expert_numbers[{index}]");
        let first_time = number.is_none_or(|number| seen.insert(normalise(number)));
        faults.require(first_time, field, &SelectionRejection::ExpertTwice);
    }
}
