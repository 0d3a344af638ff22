//! Which records exist for a caller.
//!
//! Every finder takes a [`Scope`] and puts its filter into the query, always in the same words:
//!
//! ```sql
//! where ($1::text is null or filing_division = $1)
//!   and ($2::uuid is null or organization_id = $2)
//! ```

use kernel::division::DivisionCode;
use kernel::ids::OrganizationId;
use uuid::Uuid;

use super::{Caller, Role};

/// The records that exist for a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All of the province.
    Province,
    /// Those filed in one area.
    Area(DivisionCode),
    /// Those of one organisation.
    Organization(OrganizationId),
    /// None at all.
    Nobody,
}

/// A [`Scope`] as the two parameters of a query.
///
/// `null` opens, so that "nobody" is not a third parameter that a query could forget: it is an
/// area and an organisation that no record has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeFilter {
    /// The area that a record must be filed in, if it matters.
    pub area: Option<String>,
    /// The organisation that a record must belong to, if it matters.
    pub organization: Option<Uuid>,
}

impl Scope {
    /// The parameters for a query.
    pub fn filter(&self) -> ScopeFilter {
        ScopeFilter {
            area: self.area().map(str::to_owned),
            organization: self.organization(),
        }
    }

    /// The first parameter alone. A query needs both.
    pub fn area(&self) -> Option<&str> {
        match self {
            Self::Province | Self::Organization(_) => None,
            Self::Area(division) => Some(division.as_str()),
            Self::Nobody => Some(""),
        }
    }

    /// The second parameter alone. A query needs both.
    pub fn organization(&self) -> Option<Uuid> {
        match self {
            Self::Province | Self::Area(_) => None,
            Self::Organization(organization) => Some(organization.uuid()),
            Self::Nobody => Some(Uuid::nil()),
        }
    }

    /// Whether a record in hand, or one about to be made, is in the scope: what the query asks,
    /// asked of values.
    pub fn covers(&self, filing_division: DivisionCode, organization: OrganizationId) -> bool {
        match self {
            Self::Province => true,
            Self::Area(division) => *division == filing_division,
            Self::Organization(own) => *own == organization,
            Self::Nobody => false,
        }
    }
}

impl Caller {
    /// The centre for which the caller acts, by its area; none for whoever is of no centre.
    pub fn centre(&self) -> Option<DivisionCode> {
        match self.role {
            Role::CityCentre => self.division,
            Role::ProvinceCentre => Some(DivisionCode::PROVINCE),
            _ => None,
        }
    }

    /// The records that exist for this caller.
    pub fn scope(&self) -> Scope {
        match self.role {
            Role::Department | Role::ProvinceCentre | Role::Auditor | Role::Service => {
                Scope::Province
            }
            Role::CityCentre | Role::QualitySupervisor | Role::Inspector | Role::Expert => {
                self.division.map_or(Scope::Nobody, Scope::Area)
            }
            Role::Organization => self.organization.map_or(Scope::Nobody, Scope::Organization),
            Role::Public => Scope::Nobody,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weihai() -> DivisionCode {
        DivisionCode::parse("371000").expect("Weihai's code")
    }

    fn organization(number: u128) -> OrganizationId {
        OrganizationId::from_uuid(Uuid::from_u128(number))
    }

    /// A caller whose token carries everything a token can.
    fn equipped(role: Role) -> Caller {
        Caller {
            subject: "somebody".to_owned(),
            role,
            division: Some(weihai()),
            organization: Some(organization(1)),
        }
    }

    /// The query of the module's header, asked of one row.
    fn found(filter: &ScopeFilter, division: DivisionCode, organization: OrganizationId) -> bool {
        filter
            .area
            .as_deref()
            .is_none_or(|area| area == division.as_str())
            && filter
                .organization
                .is_none_or(|wanted| wanted == organization.uuid())
    }

    #[test]
    fn the_role_alone_decides_which_claim_counts() {
        for role in Role::ALL {
            let expected = match role {
                Role::Department | Role::ProvinceCentre | Role::Auditor | Role::Service => {
                    Scope::Province
                }
                Role::CityCentre | Role::QualitySupervisor | Role::Inspector | Role::Expert => {
                    Scope::Area(weihai())
                }
                Role::Organization => Scope::Organization(organization(1)),
                Role::Public => Scope::Nobody,
            };
            assert_eq!(equipped(role).scope(), expected, "{role:?}");
        }
    }

    #[test]
    fn a_claim_that_is_missing_closes_and_never_opens() {
        for role in Role::ALL {
            let bare = Caller {
                division: None,
                organization: None,
                ..equipped(role)
            };
            assert!(
                matches!(bare.scope(), Scope::Province | Scope::Nobody),
                "{role:?}"
            );
            assert_eq!(
                bare.scope() == Scope::Province,
                equipped(role).scope() == Scope::Province,
                "{role:?}"
            );
        }
    }

    #[test]
    fn the_query_and_the_values_give_the_same_answer() {
        let jinan = DivisionCode::parse("370100").expect("Jinan's code");
        let scopes = [
            Scope::Province,
            Scope::Area(weihai()),
            Scope::Organization(organization(1)),
            Scope::Nobody,
        ];
        for scope in scopes {
            for division in [weihai(), jinan, DivisionCode::SHANDONG] {
                for organization in [organization(1), organization(2)] {
                    assert_eq!(
                        found(&scope.filter(), division, organization),
                        scope.covers(division, organization),
                        "{scope:?} {division} {organization}"
                    );
                }
            }
        }
    }

    #[test]
    fn each_parameter_by_itself_keeps_nobody_out() {
        let filter = Scope::Nobody.filter();
        assert!(
            filter
                .area
                .is_some_and(|area| DivisionCode::parse(&area).is_err())
        );
        assert_eq!(filter.organization, Some(Uuid::nil()));
    }
}
