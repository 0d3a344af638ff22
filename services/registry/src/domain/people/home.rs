//! Where somebody is enlisted.

use kernel::division::DivisionCode;
use kernel::ids::OrganizationId;
use kernel::rejections;
use serde::Serialize;

use super::engagement::PersonRole;

rejections! {
    /// Why a home is refused.
    pub enum HomeRejection {
        /// Either an organisation or a pool.
        HomeUnclear => "PERSON_HOME_UNCLEAR", InvalidArgument, "platform",
            "应填写机构或人员库所属区划中的一项，且只填一项",
            "the home is either an organisation or a centre's pool, exactly one of them";
        /// Organisations keep their own people, centres their own pool.
        HomeOfAnother => "PERSON_HOME_OF_ANOTHER", PermissionDenied, "platform",
            "机构只能登记本机构人员，中心只能登记本中心人员库的人员",
            "an organisation enlists its own people, a centre those of its own pool";
    }
}

/// Where somebody is enlisted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Home {
    /// An organisation.
    Organization(OrganizationId),
    /// The pool of a centre: a city's, or the province's.
    Pool(DivisionCode),
}

impl Home {
    /// Whether people of this home do that. An expert is either of an organisation's own team
    /// (notice 1.3) or of a centre's pool (notice 6.2).
    pub fn has_role(self, role: PersonRole) -> bool {
        match role {
            PersonRole::Manager
            | PersonRole::Staff
            | PersonRole::Examiner
            | PersonRole::SeniorExaminer
            | PersonRole::Invigilator
            | PersonRole::InternalSupervisor => matches!(self, Self::Organization(_)),
            PersonRole::ExternalSupervisor | PersonRole::Inspector => matches!(self, Self::Pool(_)),
            PersonRole::Expert => true,
        }
    }
}
