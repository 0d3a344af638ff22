//! Annex 1 (社会培训评价组织基本情况表).

use documents::{BasicForm, FormOccupation};

use super::{levels, named};
use crate::app::BodyHead;
use crate::domain::{Application, AppliedOccupation, Contact, Form};

/// The form as it was filled in last; what enrolment holds as the registry has it.
pub(crate) fn basic_form(
    application: &Application,
    enrolled: BodyHead,
    contact: Contact,
    form: Form,
) -> BasicForm {
    let occupations = application.occupations.iter();
    BasicForm {
        application: application.id.to_string(),
        name: application.organization_name.clone(),
        address: enrolled.address,
        credit_code: application.credit_code.to_string(),
        registration_authority: enrolled.registration_authority,
        kind: application.organization_kind.chinese().to_owned(),
        legal_representative: contact.legal_representative,
        registered_capital: format!("{} 元", form.registered_capital_yuan),
        contact_name: contact.name,
        contact_position: contact.position,
        contact_phone: contact.phone,
        contact_email: contact.email,
        occupations: occupations
            .map(|row| occupation(application, row))
            .collect(),
        strengths: form.strengths,
        site_and_equipment: form.site_and_equipment,
        staff: form.staff,
    }
}

fn occupation(application: &Application, row: &AppliedOccupation) -> FormOccupation {
    FormOccupation {
        name: named(application, &row.scope),
        code: row.scope.occupation.code.to_string(),
        basis: row.basis.chinese().to_owned(),
        experience_years: row.experience_years,
        persons_evaluated: row.persons_evaluated,
        levels: levels(&row.scope.levels),
    }
}
