//! Annex 1 (社会培训评价组织基本情况表).

use documents::{BasicForm, FormOccupation};
use kernel::ids::ApplicationId;
use proto::review::v1 as review;

use super::{levels, with_trade};
use crate::domain::{Applicant, AppliedOccupation};

/// The form as it was written; its head as the registry has it.
pub(crate) fn basic_form(
    application: ApplicationId,
    applicant: Applicant,
    occupations: &[AppliedOccupation],
    form: review::BasicForm,
) -> BasicForm {
    BasicForm {
        application: application.to_string(),
        name: applicant.name,
        address: applicant.address,
        credit_code: applicant.credit_code.to_string(),
        registration_authority: applicant.registration_authority,
        kind: applicant.kind.chinese().to_owned(),
        legal_representative: form.legal_representative,
        registered_capital: format!("{} 元", form.registered_capital_yuan),
        contact_name: form.contact_name,
        contact_position: form.contact_position,
        contact_phone: form.contact_phone,
        contact_email: form.contact_email,
        occupations: occupations.iter().map(occupation).collect(),
        strengths: form.strengths,
        site_and_equipment: form.site_and_equipment,
        staff: form.staff,
    }
}

fn occupation(row: &AppliedOccupation) -> FormOccupation {
    FormOccupation {
        name: with_trade(&row.name, &row.scope),
        code: row.scope.occupation.code.to_string(),
        basis: row.basis.chinese().to_owned(),
        experience_years: row.experience_years,
        persons_evaluated: row.persons_evaluated,
        levels: levels(&row.scope.levels),
    }
}
