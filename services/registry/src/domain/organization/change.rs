//! What becomes of an organisation's entry (变更): where the public reaches it, which holds at once,
//! and its name, address and legal representative, which its filing centre looks at first.

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::ChangeId;
use kernel::person_name::PersonName;
use kernel::rejection::{FaultList, Faults};
use kernel::rejections;
use strum::{EnumString, IntoStaticStr};

use super::{Organization, OrganizationFact};
use crate::domain::body::Body;

rejections! {
    /// Why an entry is not changed.
    pub enum ChangeRejection {
        /// Something changes.
        ChangeEmpty => "CHANGE_EMPTY", InvalidArgument, "platform",
            "请填写需要变更的名称、地址或法定代表人",
            "a change is one of the name, the address or the legal representative";
        /// What is there already is no change.
        ChangeOfNothing => "CHANGE_OF_NOTHING", FailedPrecondition, "platform",
            "与现登记内容相同", "this is what is registered already";
        /// One at a time, so that nobody approves what another change has overtaken.
        ChangePending => "CHANGE_PENDING", FailedPrecondition, "platform",
            "上一项变更尚未办结", "the change before is not decided yet";
        /// No such change of this organisation.
        ChangeNotFound => "CHANGE_NOT_FOUND", NotFound, "platform",
            "未找到该项变更", "no such change of this organisation";
        /// It is decided once.
        ChangeDecided => "CHANGE_DECIDED", FailedPrecondition, "platform",
            "该项变更已经办结", "the change is decided already";
        /// A contact can be written to or called.
        ContactMissing => "CONTACT_MISSING", InvalidArgument, "notice annex 1",
            "请填写联系部门和联系电话", "a contact has an office and a telephone number";
    }
}

/// Where the public reaches an organisation: an office, never a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// 联系部门
    pub office: String,
    /// 联系电话
    pub phone: String,
    /// 电子邮箱; may be empty.
    pub email: String,
}

/// What of an entry is to change.
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// 单位名称
    pub name: Option<String>,
    /// 地址
    pub address: Option<String>,
    /// 法定代表人
    pub legal_representative: Option<PersonName>,
}

/// Where a change stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum ChangeState {
    /// Asked for, not decided.
    Requested,
    /// The entry is changed.
    Approved,
    /// It stays.
    Declined,
}

impl Organization {
    /// Notes that it said where the public reaches it.
    ///
    /// # Errors
    /// When it is withdrawn.
    pub fn change_contact(&self, today: Date) -> Result<Vec<OrganizationFact>, Faults> {
        let mut faults = FaultList::default();
        self.require_not_withdrawn(today, &mut faults);
        faults.finish()?;
        Ok(vec![OrganizationFact::ContactChanged {
            organization_id: self.organization_id,
            filing_division: self.filing_division,
        }])
    }

    /// Asks for a change. `pending` is whether one is undecided.
    ///
    /// # Errors
    /// Every reason against it.
    pub fn request_change(
        &self,
        body: &Body,
        entry: &NewEntry,
        pending: bool,
        change_id: ChangeId,
        today: Date,
    ) -> Result<Vec<OrganizationFact>, Faults> {
        let mut faults = FaultList::default();
        self.require_not_withdrawn(today, &mut faults);
        let NewEntry {
            name,
            address,
            legal_representative,
        } = entry;
        let nothing = name.is_none() && address.is_none() && legal_representative.is_none();
        if nothing {
            faults.refuse(&ChangeRejection::ChangeEmpty);
        }
        if pending {
            faults.refuse(&ChangeRejection::ChangePending);
        }
        let differs = |new: &Option<String>, old: &str| new.as_deref() != Some(old);
        let same = ChangeRejection::ChangeOfNothing;
        faults.require(differs(name, &body.name), "name", &same);
        faults.require(differs(address, &body.address), "address", &same);
        faults.finish()?;
        Ok(vec![OrganizationFact::ChangeRequested {
            organization_id: self.organization_id,
            filing_division: self.filing_division,
            change_id,
        }])
    }

    /// Decides a change that stands as `state` says.
    ///
    /// # Errors
    /// When the centre is another, or it is decided.
    pub fn decide_change(
        &self,
        centre: DivisionCode,
        change_id: ChangeId,
        state: ChangeState,
        approved: bool,
    ) -> Result<Vec<OrganizationFact>, Faults> {
        self.filed_at(centre)?;
        if state != ChangeState::Requested {
            return Err(ChangeRejection::ChangeDecided.into());
        }
        Ok(vec![OrganizationFact::ChangeDecided {
            organization_id: self.organization_id,
            filing_division: self.filing_division,
            change_id,
            approved,
        }])
    }
}

#[cfg(test)]
mod tests {
    use kernel::measure::Measure as Terms;
    use uuid::Uuid;

    use super::*;
    use crate::domain::samples::{TODAY, body, measure, organization, weihai};

    fn entry(name: Option<&str>) -> NewEntry {
        NewEntry {
            name: name.map(str::to_owned),
            address: None,
            legal_representative: None,
        }
    }

    const CHANGE: ChangeId = ChangeId::from_uuid(Uuid::from_u128(5));

    #[test]
    fn a_change_changes_something_and_comes_alone() {
        let organization = organization();
        let request = |entry: &NewEntry, pending| {
            organization.request_change(&body(), entry, pending, CHANGE, TODAY)
        };
        assert!(request(&entry(Some("威海新名示例学院（示例）")), false).is_ok());
        for (entry, pending, code) in [
            (entry(None), false, "CHANGE_EMPTY"),
            (entry(Some(&body().name)), false, "CHANGE_OF_NOTHING"),
            (entry(Some("另一名称（示例）")), true, "CHANGE_PENDING"),
        ] {
            let refused = request(&entry, pending).expect_err("refused");
            assert_eq!(refused.codes(), [code]);
        }
        let mut withdrawn = organization.clone();
        withdrawn.measures = vec![measure(Terms::Withdrawal)];
        let refused = withdrawn.change_contact(TODAY).expect_err("it is none");
        assert_eq!(refused.codes(), ["ORGANIZATION_WITHDRAWN"]);
    }

    #[test]
    fn a_change_is_decided_once_by_the_filing_centre() {
        let decide = |centre, state| organization().decide_change(centre, CHANGE, state, true);
        assert!(decide(weihai(), ChangeState::Requested).is_ok());
        for state in [ChangeState::Approved, ChangeState::Declined] {
            let refused = decide(weihai(), state).expect_err("decided");
            assert_eq!(refused.codes(), ["CHANGE_DECIDED"]);
        }
        let refused = decide(DivisionCode::PROVINCE, ChangeState::Requested);
        assert_eq!(
            refused.expect_err("another centre").codes(),
            ["NOT_FILING_CENTRE"]
        );
    }
}
