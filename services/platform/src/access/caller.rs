//! Who calls.

use std::sync::LazyLock;

use kernel::division::DivisionCode;
use kernel::ids::OrganizationId;
use proto::common::v1 as common;

/// What somebody is to the platform; a token carries exactly one. Their meaning stands at
/// `luban.common.v1.Role` in the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(
    missing_docs,
    reason = "documented in the contract, proto/luban/common/v1/access.proto"
)]
pub enum Role {
    Public,
    Department,
    ProvinceCentre,
    CityCentre,
    Organization,
    Expert,
    QualitySupervisor,
    Inspector,
    Auditor,
    Service,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 10] = [
        Self::Public,
        Self::Department,
        Self::ProvinceCentre,
        Self::CityCentre,
        Self::Organization,
        Self::Expert,
        Self::QualitySupervisor,
        Self::Inspector,
        Self::Auditor,
        Self::Service,
    ];

    /// The role as tokens and facts spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Department => "department",
            Self::ProvinceCentre => "province_centre",
            Self::CityCentre => "city_centre",
            Self::Organization => "organization",
            Self::Expert => "expert",
            Self::QualitySupervisor => "quality_supervisor",
            Self::Inspector => "inspector",
            Self::Auditor => "auditor",
            Self::Service => "service",
        }
    }

    /// The role spelled so, if there is one.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }

    /// The role of the contract; `None` for `ROLE_UNSPECIFIED`.
    pub fn from_proto(role: common::Role) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|candidate| common::Role::from(*candidate) == role)
    }
}

impl From<Role> for common::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Public => Self::Public,
            Role::Department => Self::Department,
            Role::ProvinceCentre => Self::ProvinceCentre,
            Role::CityCentre => Self::CityCentre,
            Role::Organization => Self::Organization,
            Role::Expert => Self::Expert,
            Role::QualitySupervisor => Self::QualitySupervisor,
            Role::Inspector => Self::Inspector,
            Role::Auditor => Self::Auditor,
            Role::Service => Self::Service,
        }
    }
}

/// Who calls, as far as the platform is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Subject of the token, as the issuer spells it. Whether two are one person is for
    /// [`Subject::is_same_person`](kernel::two_persons::Subject::is_same_person) to say.
    pub subject: String,
    /// The role in which the call is made.
    pub role: Role,
    /// The area of a city centre, or of somebody who works in one.
    pub division: Option<DivisionCode>,
    /// The organisation of an organisation's staff, from its enrolment on.
    pub organization: Option<OrganizationId>,
}

/// Subject of everybody who calls without a token. No token may carry it, nor begin with it and a
/// colon.
pub(super) const PUBLIC_SUBJECT: &str = "public";
/// What the subject of a service begins with, before a colon and its name.
pub(super) const SERVICE_SUBJECT: &str = "service";

static PUBLIC: LazyLock<Caller> = LazyLock::new(|| Caller {
    subject: PUBLIC_SUBJECT.to_owned(),
    role: Role::Public,
    division: None,
    organization: None,
});

impl Caller {
    /// Anybody, without a token.
    pub fn public() -> Self {
        PUBLIC.clone()
    }

    /// A service of the platform, acting by itself or calling a neighbour.
    pub fn service(name: &str) -> Self {
        Self {
            subject: format!("{SERVICE_SUBJECT}:{name}"),
            role: Role::Service,
            ..Self::public()
        }
    }
}

/// The caller of a request that came through the [`AccessLayer`](super::AccessLayer).
pub fn caller<T>(request: &tonic::Request<T>) -> &Caller {
    request.extensions().get().unwrap_or(&PUBLIC)
}

/// [`caller`] for what is left of a request: a stream's extensions, or those of plain HTTP.
pub fn caller_of(extensions: &http::Extensions) -> &Caller {
    extensions.get().unwrap_or(&PUBLIC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_of_the_contract_has_its_spelling() {
        let mut known = 0;
        for number in 1..64 {
            let Ok(role) = common::Role::try_from(number) else {
                continue;
            };
            let ours = Role::from_proto(role).expect("the contract knows no role that we do not");
            let spelled = format!("ROLE_{}", ours.as_str().to_uppercase());
            assert_eq!(spelled, role.as_str_name());
            assert_eq!(Role::parse(ours.as_str()), Some(ours));
            known += 1;
        }
        assert_eq!(known, Role::ALL.len());
        assert_eq!(Role::from_proto(common::Role::Unspecified), None);
        assert_eq!(Role::parse("Department"), None);
    }

    #[test]
    fn a_request_without_a_caller_is_the_publics() {
        let mut request = tonic::Request::new(());
        assert_eq!(caller(&request).role, Role::Public);
        request.extensions_mut().insert(Caller::service("review"));
        assert_eq!(caller(&request).subject, "service:review");
    }
}
