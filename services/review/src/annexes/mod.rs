//! Annexes 1 and 2 of the notice as the applicant writes them.
//!
//! They are kept as they were written, complete or not. What is missing or cannot be read in them is
//! told once they are to be handed in; what can be read is what the rules look at.

use proto::review::v1::{BasicForm, WorkPlan};

mod conditions;
mod paths;
mod reading;

pub(crate) use reading::Reading;

/// Both annexes. Annex 1 names people, so this is never printed.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Annexes {
    /// Annex 1 (社会培训评价组织基本情况表), without its head, which enrolment holds.
    pub(crate) basic_form: BasicForm,
    /// Annex 2 (社会培训评价组织职业技能等级认定工作方案).
    pub(crate) work_plan: WorkPlan,
}

/// The people that annex 1 names, apart from the rest of it.
#[derive(Clone, Default)]
pub(crate) struct Contact {
    /// 法定代表人
    pub(crate) legal_representative: String,
    /// 联系人
    pub(crate) name: String,
    /// 职务
    pub(crate) position: String,
    /// 联系电话
    pub(crate) phone: String,
    /// 电子邮箱
    pub(crate) email: String,
}

impl Annexes {
    /// The annexes of a request, which may have none yet.
    pub(crate) fn new(basic_form: Option<&BasicForm>, work_plan: Option<&WorkPlan>) -> Self {
        Self {
            basic_form: basic_form.cloned().unwrap_or_default(),
            work_plan: work_plan.cloned().unwrap_or_default(),
        }
    }

    /// Takes the people out.
    pub(crate) fn take_contact(&mut self) -> Contact {
        let form = &mut self.basic_form;
        Contact {
            legal_representative: std::mem::take(&mut form.legal_representative),
            name: std::mem::take(&mut form.contact_name),
            position: std::mem::take(&mut form.contact_position),
            phone: std::mem::take(&mut form.contact_phone),
            email: std::mem::take(&mut form.contact_email),
        }
    }

    /// The same with its people.
    pub(crate) fn with_contact(mut self, contact: Contact) -> Self {
        let form = &mut self.basic_form;
        form.legal_representative = contact.legal_representative;
        form.contact_name = contact.name;
        form.contact_position = contact.position;
        form.contact_phone = contact.phone;
        form.contact_email = contact.email;
        self
    }
}
