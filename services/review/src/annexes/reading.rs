//! Reading both annexes. Every field that is missing is told at once.

use kernel::contact::{email, phone};
use kernel::rejection::{FaultList, Faults};
use platform::contract::{FieldRejection, line, text};
use proto::common::v1 as common;
use proto::review::v1 as review;

use super::{Annexes, conditions};
use crate::domain::refusal::ApplicationRejection;
use crate::domain::{Basis, Conditions, RequestedOccupation};
use crate::scopes::{self, rows};

/// Years of experience that anybody can have.
const MOST_YEARS: u32 = 100;
/// People that anybody can have evaluated or trained: a tenth of the province.
pub(super) const MOST_PEOPLE: u32 = 10_000_000;
/// Characters of a name, a number, an address.
const LINE: usize = 200;
/// Characters of a section of an annex.
const SECTION: usize = 20_000;

/// What the annexes say, as far as it can be read.
pub(crate) struct Reading {
    /// The table of occupations.
    pub(crate) occupations: Vec<RequestedOccupation>,
    /// What the body states of itself by its kind, if every part of that can be read.
    pub(crate) conditions: Option<Conditions>,
    /// Whether the integrity pledge (诚信承诺) was made.
    pub(crate) pledged: bool,
    /// What is missing or cannot be read.
    pub(crate) faults: Option<Faults>,
}

impl Annexes {
    /// Reads both annexes.
    pub(crate) fn read(&self) -> Reading {
        let mut faults = FaultList::default();
        let form = &self.basic_form;
        let occupations = occupations(&form.occupations, &mut faults);
        judge_contact(form, &mut faults);
        judge_texts(form, &mut faults);
        let conditions = conditions::parse(form.conditions.as_ref(), &mut faults);
        judge_plan(&self.work_plan, &mut faults);
        Reading {
            occupations,
            conditions,
            pledged: form.integrity_pledge,
            faults: faults.finish().err(),
        }
    }
}

fn judge_contact(form: &review::BasicForm, faults: &mut FaultList) {
    for (name, given) in [
        ("legal_representative", &form.legal_representative),
        ("contact_name", &form.contact_name),
        ("contact_position", &form.contact_position),
    ] {
        faults.take(format!("basic_form.{name}"), line(given, LINE));
    }
    let field = "basic_form.contact_phone";
    if let Some(given) = faults.take(field, line(&form.contact_phone, LINE)) {
        faults.take(field, phone(&given));
    }
    let field = "basic_form.contact_email";
    if let Some(given) = faults.take(field, line(&form.contact_email, LINE)) {
        faults.take(field, email(&given));
    }
}

fn judge_texts(form: &review::BasicForm, faults: &mut FaultList) {
    let capital = form.registered_capital_yuan;
    let field = "basic_form.registered_capital_yuan";
    faults.require(capital > 0, field, &FieldRejection::Required);
    let department = line(&form.evaluation_department, LINE);
    faults.take("basic_form.evaluation_department", department);
    for (name, given) in [
        ("strengths", &form.strengths),
        ("site_and_equipment", &form.site_and_equipment),
        ("staff", &form.staff),
    ] {
        faults.take(format!("basic_form.{name}"), text(given, SECTION));
    }
}

fn judge_plan(plan: &review::WorkPlan, faults: &mut FaultList) {
    let mut sections = vec![
        ("overall_plan", &plan.overall_plan),
        ("organization_and_duties", &plan.organization_and_duties),
        ("occupations_and_basis", &plan.occupations_and_basis),
        ("process_and_rules", &plan.process_and_rules),
        ("content_and_method", &plan.content_and_method),
        ("safeguards", &plan.safeguards),
    ];
    // 七、其他 is the only heading that may stay empty.
    if !plan.other.trim().is_empty() {
        sections.push(("other", &plan.other));
    }
    for (name, given) in sections {
        faults.take(format!("work_plan.{name}"), text(given, SECTION));
    }
}

/// The rows of the table, as far as they can be read.
fn occupations(
    given: &[review::AppliedOccupation],
    faults: &mut FaultList,
) -> Vec<RequestedOccupation> {
    const TABLE: &str = "basic_form.occupations";
    faults.require(!given.is_empty(), TABLE, &FieldRejection::Required);
    let given = rows(given, TABLE, faults);
    let mut requested = Vec::with_capacity(given.len());
    for (index, row) in given.iter().enumerate() {
        let field = format!("{TABLE}[{index}]");
        let at = format!("{field}.scope");
        let (scope, levels) = scopes::scope_and_levels(row.scope.as_ref(), &at, faults);
        for (name, given, limit) in [
            ("experience_years", row.experience_years, MOST_YEARS),
            ("persons_evaluated", row.persons_evaluated, MOST_PEOPLE),
        ] {
            let too_large = ApplicationRejection::NumberTooLarge { limit };
            faults.require(given <= limit, format!("{field}.{name}"), &too_large);
        }
        requested.push(RequestedOccupation {
            scope,
            levels,
            basis: faults.take(format!("{field}.basis"), basis(row.basis())),
            experience_years: row.experience_years,
            persons_evaluated: row.persons_evaluated,
            catalogued: None,
        });
    }
    requested
}

fn basis(given: common::BasisKind) -> Result<Basis, FieldRejection> {
    match given {
        common::BasisKind::NationalStandard => Ok(Basis::NationalStandard),
        common::BasisKind::FiledSpecification => Ok(Basis::FiledSpecification),
        common::BasisKind::Unspecified => Err(FieldRejection::Required),
    }
}
