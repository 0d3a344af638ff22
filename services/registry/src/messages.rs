//! Domain values as the contract's messages, where more than one side of the service writes them.

use platform::contract::{level_message, occupation_message};
use proto::common::v1 as common;
use proto::registry::v1 as contract;

pub(crate) mod catalogue;
pub(crate) mod keeping;
pub(crate) mod people;
pub(crate) mod settings;
pub(crate) mod site;

use crate::domain::body::{Affiliation, Body, BodyKind};
use crate::domain::right::GrantedScope;

/// A body.
pub(crate) fn body(body: &Body) -> contract::Body {
    let affiliation = match body.affiliation {
        Affiliation::Provincial => contract::Affiliation::Provincial,
        Affiliation::City => contract::Affiliation::City,
        Affiliation::Private => contract::Affiliation::Private,
    };
    contract::Body {
        organization_id: body.organization_id.to_string(),
        name: body.name.clone(),
        unified_social_credit_code: body.credit_code.to_string(),
        kind: body_kind(body.kind).into(),
        affiliation: affiliation.into(),
        division_code: body.division.to_string(),
        address: body.address.clone(),
        registration_authority: body.registration_authority.clone(),
        credit_code_vouched_for: body.credit_code.check().is_err(),
    }
}

/// A kind of body.
pub(crate) fn body_kind(kind: BodyKind) -> contract::BodyKind {
    match kind {
        BodyKind::Enterprise => contract::BodyKind::Enterprise,
        BodyKind::IndustryAssociation => contract::BodyKind::IndustryAssociation,
        BodyKind::HigherEducation => contract::BodyKind::HigherEducation,
        BodyKind::TechnicianCollege => contract::BodyKind::TechnicianCollege,
        BodyKind::PrivateTraining => contract::BodyKind::PrivateTraining,
    }
}

/// A granted scope.
pub(crate) fn scope(scope: &GrantedScope) -> common::OccupationScope {
    let levels = scope.levels.iter();
    common::OccupationScope {
        occupation: Some(occupation_message(&scope.occupation)),
        trade: scope.trade.clone(),
        levels: levels.map(|level| level_message(*level).into()).collect(),
    }
}
