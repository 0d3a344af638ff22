//! What the registry is asked. No answer is never a yes.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::credit_code::UnifiedSocialCreditCode;
use kernel::division::DivisionCode;
use kernel::ids::{OrganizationId, RightId};
use kernel::organization_code::EvaluationOrganizationCode;
use platform::client::{Neighbour, away, refusal};
use platform::contract;
use platform::{Error, Result};
use proto::common::v1::BasisKind;
use proto::registry::v1 as registry;
use proto::registry::v1::body_service_client::BodyServiceClient;
use proto::registry::v1::catalogue_service_client::CatalogueServiceClient;
use proto::registry::v1::organization_service_client::OrganizationServiceClient;
use proto::registry::v1::people_service_client::PeopleServiceClient;

use crate::domain::consultation::{HeldRight, Registered, Standing};
use crate::domain::refusal::{ApplicationRejection, OccupationRejection};
use crate::domain::{Affiliation, Applicant, Basis, BodyKind, Catalogued, OccupationScope};

mod pool;
mod resources;

pub(super) use pool::PoolKind;

/// The name under which failures of the neighbour are told.
const NAME: &str = "registry";
/// The registry's word for a body that is not enrolled.
const BODY_NOT_FOUND: &str = "BODY_NOT_FOUND";
/// The registry's word for a body that is no evaluation organisation.
const ORGANIZATION_NOT_FOUND: &str = "ORGANIZATION_NOT_FOUND";

/// The registry as review needs it.
#[derive(Clone)]
pub struct Registry {
    bodies: BodyServiceClient<Neighbour>,
    catalogue: CatalogueServiceClient<Neighbour>,
    organizations: OrganizationServiceClient<Neighbour>,
    people: PeopleServiceClient<Neighbour>,
}

impl Registry {
    /// The registry at the end of a channel.
    pub fn new(neighbour: Neighbour) -> Self {
        Self {
            bodies: BodyServiceClient::new(neighbour.clone()),
            catalogue: CatalogueServiceClient::new(neighbour.clone()),
            organizations: OrganizationServiceClient::new(neighbour.clone()),
            people: PeopleServiceClient::new(neighbour),
        }
    }

    /// The applicant as it is enrolled.
    pub(super) async fn applicant(&self, organization: OrganizationId) -> Result<Applicant> {
        applicant(self.enrolled(organization).await?).ok_or_else(|| unreadable("body"))
    }

    async fn enrolled(&self, organization: OrganizationId) -> Result<registry::GetBodyResponse> {
        let request = registry::GetBodyRequest {
            organization_id: organization.to_string(),
        };
        match self.bodies.clone().get_body(request).await {
            Ok(answer) => Ok(answer.into_inner()),
            Err(status) if refusal(&status).as_deref() == Some(BODY_NOT_FOUND) => {
                Err(Error::refused(ApplicationRejection::ApplicantNotFound))
            }
            Err(status) => Err(away(NAME, status)),
        }
    }

    /// Whether an occupation may be evaluated on a day; anew, if it is not one whose right is only to
    /// last longer.
    pub(super) async fn catalogued(
        &self,
        scope: &OccupationScope,
        on: Date,
        anew: bool,
    ) -> Result<Catalogued> {
        let request = registry::CheckOccupationRequest {
            occupation: Some(contract::occupation_message(&scope.occupation)),
            trade: scope.trade.clone(),
            on: on.to_string(),
        };
        let answer = self.catalogue.clone().check_occupation(request).await;
        let answer = answer.map_err(|status| away(NAME, status))?.into_inner();
        if !answer.evaluable {
            return Ok(Catalogued::NotEvaluable(refused_for(&answer.reason)));
        }
        if anew && answer.superseded {
            return Ok(Catalogued::NotEvaluable(OccupationRejection::Superseded));
        }
        catalogued(answer).ok_or_else(|| unreadable("occupation"))
    }

    /// An evaluation organisation with its rights, if the body is one.
    pub(super) async fn registered(
        &self,
        organization: OrganizationId,
    ) -> Result<Option<Registered>> {
        let request = registry::GetOrganizationRequest {
            organization_id: organization.to_string(),
        };
        let answer = match self.organizations.clone().get_organization(request).await {
            Ok(answer) => answer.into_inner(),
            Err(status) if refusal(&status).as_deref() == Some(ORGANIZATION_NOT_FOUND) => {
                return Ok(None);
            }
            Err(status) => return Err(away(NAME, status)),
        };
        let registered = registered(answer).ok_or_else(|| unreadable("organisation"))?;
        Ok(Some(registered))
    }

    /// The cities of the province.
    pub(super) async fn cities(&self) -> Result<BTreeSet<DivisionCode>> {
        let divisions = self.divisions().await?;
        let current = divisions.iter().filter(|division| division.current);
        let codes: Option<BTreeSet<_>> = current
            .map(|division| DivisionCode::parse(&division.code).ok())
            .collect();
        let mut cities = codes.ok_or_else(|| unreadable("division"))?;
        cities.retain(DivisionCode::is_city);
        Ok(cities)
    }

    /// Name of a division, as people are shown it.
    pub(super) async fn division_name(&self, division: DivisionCode) -> Result<String> {
        let mut divisions = self.divisions().await?.into_iter();
        let known = divisions.find(|known| known.code == division.as_str());
        known
            .map(|known| known.name)
            .ok_or_else(|| unreadable("division"))
    }

    async fn divisions(&self) -> Result<Vec<registry::Division>> {
        let answer = self
            .catalogue
            .clone()
            .list_divisions(registry::ListDivisionsRequest {})
            .await
            .map_err(|status| away(NAME, status))?;
        Ok(answer.into_inner().divisions)
    }
}

fn registered(answer: registry::GetOrganizationResponse) -> Option<Registered> {
    let organization = answer.organization?;
    let standing = standing(organization.standing())?;
    let resting = &organization.suspended_right_ids;
    let rights = organization.rights.into_iter().map(|right| {
        let suspended = resting.contains(&right.right_id);
        held_right(right, suspended)
    });
    let rights: Option<Vec<_>> = rights.collect();
    Some(Registered {
        standing,
        code: EvaluationOrganizationCode::parse(&organization.organization_code).ok()?,
        filing_division: DivisionCode::parse(&organization.filing_division).ok()?,
        rights: rights?,
        name: organization.name,
    })
}

/// What is partly suspended works; which rights do not, each of them says.
fn standing(given: registry::OrganizationStanding) -> Option<Standing> {
    use registry::OrganizationStanding as Given;
    match given {
        Given::Active | Given::PartlySuspended => Some(Standing::Working),
        Given::Suspended => Some(Standing::Suspended),
        Given::Withdrawn => Some(Standing::Withdrawn),
        Given::Unspecified => None,
    }
}

fn held_right(right: registry::Right, suspended: bool) -> Option<HeldRight> {
    let scope = right.scope?;
    let levels: Option<BTreeSet<_>> = scope
        .levels
        .iter()
        .map(|level| contract::level(*level).ok())
        .collect();
    let valid_until = match right.valid_until.as_str() {
        "" => None,
        day => Some(contract::date(day).ok()?),
    };
    Some(HeldRight {
        right_id: RightId::parse(&right.right_id).ok()?,
        scope: OccupationScope {
            occupation: contract::occupation(scope.occupation.as_ref()).ok()?,
            trade: scope.trade,
            levels: levels?,
        },
        division: DivisionCode::parse(&right.division_code).ok()?,
        valid_from: contract::date(&right.valid_from).ok()?,
        valid_until,
        suspended,
    })
}

fn applicant(answer: registry::GetBodyResponse) -> Option<Applicant> {
    let body = answer.body?;
    Some(Applicant {
        kind: match body.kind() {
            registry::BodyKind::Enterprise => BodyKind::Enterprise,
            registry::BodyKind::IndustryAssociation => BodyKind::IndustryAssociation,
            registry::BodyKind::HigherEducation => BodyKind::HigherEducation,
            registry::BodyKind::TechnicianCollege => BodyKind::TechnicianCollege,
            registry::BodyKind::PrivateTraining => BodyKind::PrivateTraining,
            registry::BodyKind::Unspecified => return None,
        },
        affiliation: match body.affiliation() {
            registry::Affiliation::Provincial => Affiliation::Provincial,
            registry::Affiliation::City => Affiliation::City,
            registry::Affiliation::Private => Affiliation::Private,
            registry::Affiliation::Unspecified => return None,
        },
        // One that does not check, an officer has vouched for.
        credit_code: UnifiedSocialCreditCode::admit(&body.unified_social_credit_code).ok()?,
        seat: DivisionCode::parse(&body.division_code).ok()?,
        name: body.name,
        address: body.address,
        registration_authority: body.registration_authority,
    })
}

fn catalogued(answer: registry::CheckOccupationResponse) -> Option<Catalogued> {
    let basis = match answer.basis() {
        BasisKind::NationalStandard => Basis::NationalStandard,
        BasisKind::FiledSpecification => Basis::FiledSpecification,
        BasisKind::Unspecified => return None,
    };
    let levels: Option<BTreeSet<_>> = answer
        .levels
        .iter()
        .map(|level| contract::level(*level).ok())
        .collect();
    Some(Catalogued::Evaluable {
        name: answer.occupation?.name,
        basis,
        levels: levels?,
    })
}

/// The reason for which an occupation may not be evaluated, by the registry's code.
fn refused_for(reason: &str) -> OccupationRejection {
    match reason {
        "OCCUPATION_UNKNOWN" => OccupationRejection::Unknown,
        "OCCUPATION_ACCESS_TYPE" => OccupationRejection::AccessType,
        "OCCUPATION_NOT_SKILL_TYPE" => OccupationRejection::NotSkillType,
        "OCCUPATION_WITHOUT_BASIS" => OccupationRejection::WithoutBasis,
        "TRADE_UNKNOWN" => OccupationRejection::TradeUnknown,
        "OCCUPATION_EDITION_NOT_IN_FORCE" => OccupationRejection::Superseded,
        _ => OccupationRejection::NotEvaluable,
    }
}

fn unreadable(what: &'static str) -> Error {
    Error::Internal(anyhow::anyhow!(
        "the registry's answer about the {what} is not readable"
    ))
}

#[cfg(test)]
mod tests {
    use kernel::rejection::Rejection;

    use super::*;

    #[test]
    fn each_reason_of_the_registry_is_told_under_its_own_name() {
        for code in OccupationRejection::CODES {
            assert_eq!(refused_for(code).code(), *code);
        }
        let other = refused_for("OCCUPATION_OF_TOMORROW");
        assert_eq!(other, OccupationRejection::NotEvaluable);
    }
}
