//! What the registry is asked. No answer is never a yes.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::OrganizationId;
use platform::client::{Neighbour, away, refusal};
use platform::contract;
use platform::{Error, Result};
use proto::common::v1::BasisKind;
use proto::registry::v1 as registry;
use proto::registry::v1::body_service_client::BodyServiceClient;
use proto::registry::v1::catalogue_service_client::CatalogueServiceClient;

use crate::domain::refusal::{ApplicationRejection, OccupationRejection};
use crate::domain::{Affiliation, Applicant, Basis, BodyKind, Catalogued, OccupationScope};

/// The name under which failures of the neighbour are told.
const NAME: &str = "registry";
/// The registry's word for a body that is not enrolled.
const BODY_NOT_FOUND: &str = "BODY_NOT_FOUND";

/// The registry as review needs it.
#[derive(Clone)]
pub struct Registry {
    bodies: BodyServiceClient<Neighbour>,
    catalogue: CatalogueServiceClient<Neighbour>,
}

impl Registry {
    /// The registry at the end of a channel.
    pub fn new(neighbour: Neighbour) -> Self {
        Self {
            bodies: BodyServiceClient::new(neighbour.clone()),
            catalogue: CatalogueServiceClient::new(neighbour),
        }
    }

    /// The applicant as it is enrolled.
    pub(super) async fn applicant(&self, organization: OrganizationId) -> Result<Applicant> {
        let request = registry::GetBodyRequest {
            organization_id: organization.to_string(),
        };
        let answer = match self.bodies.clone().get_body(request).await {
            Ok(answer) => answer.into_inner(),
            Err(status) if refusal(&status).as_deref() == Some(BODY_NOT_FOUND) => {
                return Err(Error::refused(ApplicationRejection::ApplicantNotFound));
            }
            Err(status) => return Err(away(NAME, status)),
        };
        applicant(answer).ok_or_else(|| unreadable("body"))
    }

    /// Whether an occupation may be evaluated on a day.
    pub(super) async fn catalogued(&self, scope: &OccupationScope, on: Date) -> Result<Catalogued> {
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
        catalogued(answer).ok_or_else(|| unreadable("occupation"))
    }

    /// Name of a division, as people are shown it.
    pub(super) async fn division_name(&self, division: DivisionCode) -> Result<String> {
        let answer = self
            .catalogue
            .clone()
            .list_divisions(registry::ListDivisionsRequest {})
            .await
            .map_err(|status| away(NAME, status))?
            .into_inner();
        let mut divisions = answer.divisions.into_iter();
        let known = divisions.find(|known| known.code == division.as_str());
        known
            .map(|known| known.name)
            .ok_or_else(|| unreadable("division"))
    }
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
        seat: DivisionCode::parse(&body.division_code).ok()?,
        name: body.name,
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
