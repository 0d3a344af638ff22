//! What the others are told: fact by fact, exhaustively.

use kernel::division::DivisionCode;
use platform::facts::{IntoRecord, Record};
use prost::Message;
use proto::registry::v1 as contract;
use serde::Serialize;

use crate::domain::code::CodeBookFact;
use crate::domain::directory::DirectoryFact;
use crate::domain::organization::OrganizationFact;
use crate::domain::people::person::PersonFact;
use crate::domain::site::SiteFact;
use crate::messages;

impl IntoRecord for OrganizationFact {
    fn record(&self) -> Record {
        match self {
            Self::BodyEnrolled {
                organization_id,
                kind,
                division,
            } => {
                let message = contract::BodyEnrolled {
                    organization_id: organization_id.to_string(),
                    kind: messages::body_kind(*kind).into(),
                    division_code: division.to_string(),
                };
                published("body_enrolled", *division, self, &message)
            }
            Self::OrganizationRegistered {
                organization_id,
                code,
                selection_id,
                application_id,
                filing_division,
                rights,
                on,
            } => {
                let message = contract::OrganizationRegistered {
                    organization_id: organization_id.to_string(),
                    organization_code: code.to_string(),
                    selection_id: selection_id.to_string(),
                    application_id: application_id.to_string(),
                    filing_division: filing_division.to_string(),
                    scopes: rights
                        .iter()
                        .map(|right| messages::scope(&right.scope))
                        .collect(),
                    valid_from: on.to_string(),
                };
                published("organization_registered", *filing_division, self, &message)
            }
            Self::OrganizationReported {
                organization_id,
                city_report_id,
                filing_division,
            } => {
                let message = contract::OrganizationReported {
                    organization_id: organization_id.to_string(),
                    city_report_id: city_report_id.to_string(),
                };
                published("organization_reported", *filing_division, self, &message)
            }
        }
    }
}

impl IntoRecord for CodeBookFact {
    fn record(&self) -> Record {
        match self {
            Self::CodesReserved { .. } => internal("codes_reserved", self),
        }
    }
}

impl IntoRecord for PersonFact {
    fn record(&self) -> Record {
        match self {
            Self::PersonEnlisted { .. } => internal("person_enlisted", self),
        }
    }
}

impl IntoRecord for SiteFact {
    fn record(&self) -> Record {
        match self {
            Self::SiteRegistered { .. } => internal("site_registered", self),
            Self::RoomAdded { .. } => internal("room_added", self),
            Self::RoomUpdated { .. } => internal("room_updated", self),
            Self::RoomClosed { .. } => internal("room_closed", self),
            Self::SiteClosed { .. } => internal("site_closed", self),
        }
    }
}

impl IntoRecord for DirectoryFact {
    fn record(&self) -> Record {
        match self {
            Self::DirectoryPublished { .. } => internal("directory_published", self),
        }
    }
}

fn published(
    kind: &'static str,
    area: DivisionCode,
    fact: &impl Serialize,
    message: &impl Message,
) -> Record {
    Record {
        areas: vec![area],
        message: Some(message.encode_to_vec()),
        ..internal(kind, fact)
    }
}

fn internal(kind: &'static str, fact: &impl Serialize) -> Record {
    Record {
        kind,
        schema_version: 1,
        areas: Vec::new(),
        payload: serde_json::to_string(fact).expect("facts are plain values"),
        message: None,
    }
}
