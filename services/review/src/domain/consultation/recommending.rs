//! The filing centre recommends (申报地择优推荐), which asks the cities concerned.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{ConsultationId, OrganizationId, RightId};
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::rejection::{FaultList, Faults};
use kernel::working_day::DeadlineRule;

use super::super::{Context, OccupationScope};
use super::refusal::ConsultationRejection;
use super::{Area, Consultation, ConsultationFact};

/// What a centre recommends.
pub struct Recommendation {
    /// The consultation's new id.
    pub id: ConsultationId,
    /// The organisation.
    pub organization: OrganizationId,
    /// What it is to evaluate elsewhere.
    pub scopes: Vec<OccupationScope>,
    /// In these cities.
    pub areas: Vec<DivisionCode>,
}

/// An evaluation organisation as the registry answered.
pub struct Registered {
    /// 单位名称
    pub name: String,
    /// 机构代码
    pub code: EvaluationOrganizationCode,
    /// Where it is filed.
    pub filing_division: DivisionCode,
    /// Whether it may work at all.
    pub standing: Standing,
    /// What it may evaluate, and where.
    pub rights: Vec<HeldRight>,
}

/// Whether an organisation may work, by the measures on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It may, but perhaps not in all of its rights.
    Working,
    /// All of its rights are suspended (暂停).
    Suspended,
    /// It is an evaluation organisation no longer (取消备案).
    Withdrawn,
}

/// A right that an organisation holds.
pub struct HeldRight {
    /// `right_…`.
    pub right_id: RightId,
    /// Occupation, trade and levels.
    pub scope: OccupationScope,
    /// Where.
    pub division: DivisionCode,
    /// First day.
    pub valid_from: Date,
    /// Last day, where a term is set.
    pub valid_until: Option<Date>,
    /// Whether it is suspended today.
    pub suspended: bool,
}

impl Registered {
    /// Rights that cover a scope in a division on a day, be they suspended or not.
    fn covering(
        &self,
        scope: &OccupationScope,
        division: DivisionCode,
        on: Date,
    ) -> impl Iterator<Item = &HeldRight> {
        self.rights.iter().filter(move |right| {
            right.scope.covers(scope)
                && right.division.contains(&division)
                && right.valid_from <= on
                && right.valid_until.is_none_or(|until| on <= until)
        })
    }

    fn holds(&self, scope: &OccupationScope, division: DivisionCode, on: Date) -> bool {
        self.covering(scope, division, on).next().is_some()
    }

    /// Why it does not evaluate this at home today, if it does not.
    fn declines(&self, scope: &OccupationScope, on: Date) -> Option<ConsultationRejection> {
        let occupation = scope.occupation;
        let mut covering = self.covering(scope, self.filing_division, on).peekable();
        if covering.peek().is_none() {
            return Some(ConsultationRejection::ScopeNotHeld { occupation });
        }
        // Where nothing may be used, that is told once and not of each occupation.
        let rests = self.standing == Standing::Working && covering.all(|right| right.suspended);
        rests.then_some(ConsultationRejection::ScopeSuspended { occupation })
    }

    /// Notes why it is not sent elsewhere to evaluate this: it may not work, or not evaluate it, where
    /// it is filed. `field` is where the command names a scope, by its place.
    pub(super) fn judge_at_home(
        &self,
        scopes: &[OccupationScope],
        field: impl Fn(usize) -> String,
        today: Date,
        faults: &mut FaultList,
    ) {
        match self.standing {
            Standing::Working => {}
            Standing::Suspended => faults.refuse(&ConsultationRejection::OrganizationSuspended),
            Standing::Withdrawn => faults.refuse(&ConsultationRejection::OrganizationWithdrawn),
        }
        for (index, scope) in scopes.iter().enumerate() {
            if let Some(rejection) = self.declines(scope, today) {
                faults.add(field(index), &rejection);
            }
        }
    }
}

impl Consultation {
    /// Opens a consultation. `cities` are those of the province.
    ///
    /// # Errors
    /// When the organisation is not filed with the centre that recommends, may not work, has no
    /// such right there, or has it elsewhere already; when the cities are not others of the province; or when
    /// the due day reaches a year without a calendar.
    pub fn recommend(
        recommendation: Recommendation,
        registered: Registered,
        cities: &BTreeSet<DivisionCode>,
        context: &Context<'_>,
    ) -> Result<(Self, ConsultationFact), Faults> {
        let filing_division = registered.filing_division;
        if context.centre != Some(filing_division) {
            return Err(ConsultationRejection::OrganizationNotFound.into());
        }
        recommendation.judge(&registered, cities, context.today)?;
        let Recommendation {
            id,
            organization,
            scopes,
            areas,
        } = recommendation;
        let answers_due = context.deadline(DeadlineRule::Consultation, context.today)?;
        let fact = ConsultationFact::OrganizationRecommended {
            organization,
            filing_division,
            scopes: scopes.clone(),
            areas: areas.clone(),
            answers_due: answers_due.clone(),
        };
        let areas = areas.into_iter().map(|area| (area, Area::default()));
        let consultation = Self {
            id,
            organization,
            organization_code: registered.code,
            organization_name: registered.name,
            filing_division,
            scopes,
            recommended_on: context.today,
            answers_due,
            areas: areas.collect(),
            decided_on: None,
        };
        Ok((consultation, fact))
    }
}

impl Recommendation {
    fn judge(
        &self,
        registered: &Registered,
        cities: &BTreeSet<DivisionCode>,
        today: Date,
    ) -> Result<(), Faults> {
        let mut faults = FaultList::default();
        let scopes: Vec<_> = self.scopes.iter().map(Some).collect();
        judge_scopes(&scopes, &mut faults);
        let field = |index| format!("scopes[{index}]");
        registered.judge_at_home(&self.scopes, field, today, &mut faults);
        let areas: Vec<_> = self.areas.iter().copied().map(Some).collect();
        judge_areas(&areas, Some(registered.filing_division), &mut faults);
        for (index, area) in self.areas.iter().enumerate() {
            let field = format!("division_codes[{index}]");
            if !cities.contains(area) {
                faults.add(field, &ConsultationRejection::AreaNotCity);
                continue;
            }
            let held = |scope| registered.holds(scope, *area, today);
            let new = *area == registered.filing_division || !self.scopes.iter().any(held);
            faults.require(new, field, &ConsultationRejection::AreaHeld);
        }
        faults.finish()
    }
}

/// Notes what is listed twice among scopes; as far as they can be read.
pub fn judge_scopes(scopes: &[Option<&OccupationScope>], faults: &mut FaultList) {
    for (index, scope) in scopes.iter().enumerate() {
        let Some(scope) = scope else { continue };
        let mut earlier = scopes[..index].iter().flatten();
        let twice = earlier.any(|earlier| earlier.is_about_the_same(scope));
        let field = format!("scopes[{index}]");
        faults.require(!twice, field, &ConsultationRejection::ScopeTwice);
    }
}

/// Notes each city that is listed twice, and the filing one; as far as they can be read.
pub fn judge_areas(
    areas: &[Option<DivisionCode>],
    filing_division: Option<DivisionCode>,
    faults: &mut FaultList,
) {
    let mut seen = BTreeSet::new();
    for (index, area) in areas.iter().enumerate() {
        let Some(area) = area else { continue };
        let field = format!("division_codes[{index}]");
        if Some(*area) == filing_division {
            faults.add(field, &ConsultationRejection::AreaOwn);
        } else if !seen.insert(*area) {
            faults.add(field, &ConsultationRejection::AreaTwice);
        }
    }
}
