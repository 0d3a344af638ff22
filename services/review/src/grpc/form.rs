//! Both annexes as they come over gRPC. Every field that is missing is told at once.

use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, OrganizationId, RoundId};
use kernel::rejection::FaultList;
use platform::contract::{self, FieldRejection, line};
use platform::unit::judge_id;
use proto::common::v1 as common;
use proto::review::v1 as review;
use uuid::Uuid;

use super::{conditions, rows, scopes};
use crate::app::Draft;
use crate::domain::refusal::PurposeRejection;
use crate::domain::{
    Annexes, Basis, Contact, Filling, Form, FormId, Purpose, RequestedOccupation, WorkPlan,
};

/// Characters of a name, a number, an address.
const LINE: usize = 200;
/// Characters of a section of an annex.
const SECTION: usize = 20_000;

/// The draft that a request asks for, with all that is wrong with its form.
pub(super) fn draft(request: &review::CreateApplicationRequest) -> Draft {
    let mut faults = FaultList::default();
    judge_id(request, &mut faults);
    let organization = faults.take(
        "organization_id",
        OrganizationId::parse(&request.organization_id),
    );
    let filing_division = faults.take(
        "filing_division",
        DivisionCode::parse(&request.filing_division),
    );
    let round = faults.take("round_id", RoundId::parse(&request.round_id));
    let purpose = faults.take("purpose", purpose(request.purpose()));
    let draft = filled(
        request.basic_form.as_ref(),
        request.work_plan.as_ref(),
        round,
        faults,
    );
    Draft {
        filling: Filling {
            organization,
            filing_division,
            purpose,
            ..draft.filling
        },
        ..draft
    }
}

/// What an application is to be filled in with anew, with all that is wrong with it.
pub(super) fn anew(request: &review::SaveApplicationRequest) -> (Option<ApplicationId>, Draft) {
    let mut faults = FaultList::default();
    judge_id(request, &mut faults);
    let id = faults.take(
        "application_id",
        ApplicationId::parse(&request.application_id),
    );
    // Empty for the same one.
    let round = match request.round_id.as_str() {
        "" => None,
        given => faults.take("round_id", RoundId::parse(given)),
    };
    let (form, plan) = (request.basic_form.as_ref(), request.work_plan.as_ref());
    (id, filled(form, plan, round, faults))
}

/// Both annexes. What they belong to, the request or the application says.
fn filled(
    form: Option<&review::BasicForm>,
    plan: Option<&review::WorkPlan>,
    round: Option<RoundId>,
    mut faults: FaultList,
) -> Draft {
    let form = form.cloned().unwrap_or_default();
    let occupations = occupations(&form.occupations, &mut faults);
    let annexes = Annexes {
        contact: contact(&form, &mut faults),
        form: texts(&form, &mut faults),
        conditions: conditions::parse(form.conditions.as_ref(), &mut faults),
        work_plan: work_plan(&plan.cloned().unwrap_or_default(), &mut faults),
    };
    let filling = Filling {
        form: FormId::from_uuid(Uuid::now_v7()),
        organization: None,
        applicant: None,
        holdings: None,
        filing_division: None,
        round: None,
        purpose: None,
        occupations,
        conditions: annexes.conditions.clone(),
        pledged: form.integrity_pledge,
    };
    Draft {
        filling,
        round,
        annexes,
        faults,
    }
}

fn purpose(given: review::ApplicationPurpose) -> Result<Purpose, PurposeRejection> {
    match given {
        review::ApplicationPurpose::First => Ok(Purpose::First),
        review::ApplicationPurpose::Extension => Ok(Purpose::Extension),
        review::ApplicationPurpose::Renewal => Ok(Purpose::Renewal),
        review::ApplicationPurpose::Unspecified => Err(PurposeRejection::Unknown),
    }
}

fn contact(form: &review::BasicForm, faults: &mut FaultList) -> Contact {
    let mut line = |name: &str, given: &str| {
        let field = format!("basic_form.{name}");
        faults.take(field, line(given, LINE)).unwrap_or_default()
    };
    Contact {
        legal_representative: line("legal_representative", &form.legal_representative),
        name: line("contact_name", &form.contact_name),
        position: line("contact_position", &form.contact_position),
        phone: line("contact_phone", &form.contact_phone),
        email: line("contact_email", &form.contact_email),
    }
}

fn texts(form: &review::BasicForm, faults: &mut FaultList) -> Form {
    let capital = form.registered_capital_yuan;
    let field = "basic_form.registered_capital_yuan";
    faults.require(capital > 0, field, &FieldRejection::Required);
    let department = line(&form.evaluation_department, LINE);
    let department = faults.take("basic_form.evaluation_department", department);
    let mut section = |name: &str, given: &str| text("basic_form", name, given, SECTION, faults);
    Form {
        registered_capital_yuan: capital,
        strengths: section("strengths", &form.strengths),
        site_and_equipment: section("site_and_equipment", &form.site_and_equipment),
        staff: section("staff", &form.staff),
        integrity_pledge: form.integrity_pledge,
        evaluation_department: department.unwrap_or_default(),
    }
}

fn work_plan(plan: &review::WorkPlan, faults: &mut FaultList) -> WorkPlan {
    let mut section = |name: &str, given: &str| text("work_plan", name, given, SECTION, faults);
    WorkPlan {
        overall_plan: section("overall_plan", &plan.overall_plan),
        organization_and_duties: section("organization_and_duties", &plan.organization_and_duties),
        occupations_and_basis: section("occupations_and_basis", &plan.occupations_and_basis),
        process_and_rules: section("process_and_rules", &plan.process_and_rules),
        content_and_method: section("content_and_method", &plan.content_and_method),
        safeguards: section("safeguards", &plan.safeguards),
        // 七、其他 is the only heading that may stay empty.
        other: if plan.other.trim().is_empty() {
            String::new()
        } else {
            section("other", &plan.other)
        },
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

/// A text that has to be there; an empty one beside its fault.
fn text(part: &str, name: &str, given: &str, limit: usize, faults: &mut FaultList) -> String {
    faults
        .take(format!("{part}.{name}"), contract::text(given, limit))
        .unwrap_or_default()
}
