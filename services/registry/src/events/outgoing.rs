//! What the others are told: fact by fact, exhaustively.

use kernel::division::DivisionCode;
use kernel::ids::OrganizationId;
use platform::contract::measure_kind_message;
use platform::facts::{IntoRecord, Record};
use prost::Message;
use proto::registry::v1 as contract;
use serde::Serialize;

use crate::domain::catalogue::importing::CatalogueFact;
use crate::domain::code::CodeBookFact;
use crate::domain::directory::DirectoryFact;
use crate::domain::organization::measure::Measure;
use crate::domain::organization::{OrganizationFact, RightsEnd};
use crate::domain::people::person::PersonFact;
use crate::domain::right::{GrantBasis, Right};
use crate::domain::settings::SettingFact;
use crate::domain::site::SiteFact;
use crate::messages::{self, keeping};

impl IntoRecord for OrganizationFact {
    #[expect(
        clippy::too_many_lines,
        reason = "one arm for each fact, and nothing but arms"
    )]
    fn record(&self) -> Record {
        match self {
            Self::BodyEnrolled {
                organization_id,
                kind,
                division,
                ..
            } => {
                let message = contract::BodyEnrolled {
                    organization_id: organization_id.to_string(),
                    kind: messages::body_kind(*kind).into(),
                    division_code: division.to_string(),
                };
                published("body_enrolled", *division, self, &message)
            }
            Self::BodyCorrected {
                organization_id,
                kind,
                division,
                former_division,
                ..
            } => {
                let message = contract::BodyCorrected {
                    organization_id: organization_id.to_string(),
                    kind: messages::body_kind(*kind).into(),
                    division_code: division.to_string(),
                };
                let mut areas = vec![*former_division, *division];
                areas.dedup();
                told("body_corrected", areas, self, &message)
            }
            Self::MessagesRead { division, .. } => of_area("messages_read", *division, self),
            Self::MailAddressSet { division, .. } => of_area("mail_address_set", *division, self),
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
                    rights: rights.iter().map(keeping::right).collect(),
                    registered_on: on.to_string(),
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
            Self::RightsGranted {
                organization_id,
                filing_division,
                rights,
            } => {
                let (selection_id, consultation_id) = basis(rights);
                let message = contract::RightsGranted {
                    organization_id: organization_id.to_string(),
                    rights: rights.iter().map(keeping::right).collect(),
                    selection_id,
                    consultation_id,
                };
                let areas = areas(*filing_division, rights);
                told("rights_granted", areas, self, &message)
            }
            Self::RightsRenewed {
                organization_id,
                filing_division,
                selection_id,
                rights,
            } => {
                let message = contract::RightsRenewed {
                    organization_id: organization_id.to_string(),
                    rights: rights.iter().map(keeping::right).collect(),
                    selection_id: selection_id.to_string(),
                };
                published("rights_renewed", *filing_division, self, &message)
            }
            Self::RightsEnded {
                organization_id,
                filing_division,
                rights,
                reason,
            } => {
                let reason = match reason {
                    RightsEnd::GivenUp => contract::RightsEnd::GivenUp,
                    RightsEnd::CrossArea => contract::RightsEnd::CrossArea,
                };
                let message = contract::RightsEnded {
                    organization_id: organization_id.to_string(),
                    rights: rights.iter().map(keeping::right).collect(),
                    reason: reason.into(),
                };
                told(
                    "rights_ended",
                    areas(*filing_division, rights),
                    self,
                    &message,
                )
            }
            Self::MeasureImposed {
                organization_id,
                filing_division,
                measure,
            } => {
                let message = measure_imposed(*organization_id, measure);
                published("measure_imposed", *filing_division, self, &message)
            }
            Self::OrganizationWithdrawn {
                organization_id,
                code,
                filing_division,
                measure,
            } => {
                let message = contract::OrganizationWithdrawn {
                    organization_id: organization_id.to_string(),
                    organization_code: code.to_string(),
                    filing_division: filing_division.to_string(),
                    measure_id: measure.measure_id.to_string(),
                    grounds: keeping::grounds(measure),
                    effective_on: measure.order.effective_on.to_string(),
                    origin_id: origin(measure),
                };
                published("organization_withdrawn", *filing_division, self, &message)
            }
            Self::RectificationAccepted {
                organization_id,
                filing_division,
                measure_id,
                on,
            } => {
                let message = contract::RectificationAccepted {
                    measure_id: measure_id.to_string(),
                    organization_id: organization_id.to_string(),
                    accepted_on: on.to_string(),
                };
                published("rectification_accepted", *filing_division, self, &message)
            }
            Self::RightsResumed {
                organization_id,
                filing_division,
                measure_id,
                resumes_on,
            } => {
                let message = contract::RightsResumed {
                    measure_id: measure_id.to_string(),
                    organization_id: organization_id.to_string(),
                    resumes_on: resumes_on.to_string(),
                };
                published("rights_resumed", *filing_division, self, &message)
            }
            Self::RulesPublished {
                organization_id,
                filing_division,
                kind,
                version,
                in_force_from,
            } => {
                let message = contract::RulesPublished {
                    organization_id: organization_id.to_string(),
                    kind: keeping::rules_kind(*kind).into(),
                    version: *version,
                    in_force_from: in_force_from.to_string(),
                };
                published("rules_published", *filing_division, self, &message)
            }
            Self::RectificationReported {
                filing_division, ..
            } => of_area("rectification_reported", *filing_division, self),
            Self::RectificationPostponed {
                filing_division, ..
            } => of_area("rectification_postponed", *filing_division, self),
            Self::RectificationReturned {
                filing_division, ..
            } => of_area("rectification_returned", *filing_division, self),
            Self::ContactChanged {
                filing_division, ..
            } => of_area("contact_changed", *filing_division, self),
            Self::ChangeRequested {
                filing_division, ..
            } => of_area("change_requested", *filing_division, self),
            Self::ChangeDecided {
                filing_division, ..
            } => of_area("change_decided", *filing_division, self),
        }
    }
}

fn measure_imposed(organization_id: OrganizationId, measure: &Measure) -> contract::MeasureImposed {
    let (due_on, right_ids, ongoing_batches) = keeping::terms(measure);
    contract::MeasureImposed {
        measure_id: measure.measure_id.to_string(),
        organization_id: organization_id.to_string(),
        kind: measure_kind_message(measure.order.measure.kind()).into(),
        grounds: keeping::grounds(measure),
        effective_on: measure.order.effective_on.to_string(),
        due_on,
        right_ids,
        ongoing_batches: ongoing_batches.into(),
        origin_id: origin(measure),
    }
}

fn origin(measure: &Measure) -> String {
    let origin = measure.origin.as_ref();
    origin.map(ToString::to_string).unwrap_or_default()
}

/// The one decision that rights granted together follow from.
fn basis(rights: &[Right]) -> (String, String) {
    match rights.first().map(|right| right.basis) {
        Some(GrantBasis::Selection(id)) => (id.to_string(), String::new()),
        Some(GrantBasis::Consultation(id)) => (String::new(), id.to_string()),
        None => (String::new(), String::new()),
    }
}

/// Where it filed, and where the rights hold.
fn areas(filing_division: DivisionCode, rights: &[Right]) -> Vec<DivisionCode> {
    let mut areas = vec![filing_division];
    for right in rights {
        if !areas.contains(&right.division) {
            areas.push(right.division);
        }
    }
    areas
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
            Self::PersonUpdated { .. } => internal("person_updated", self),
            Self::PersonEngaged { .. } => internal("person_engaged", self),
            Self::EngagementEnded { .. } => internal("engagement_ended", self),
            Self::CardRecorded { .. } => internal("card_recorded", self),
            Self::CardRevoked { .. } => internal("card_revoked", self),
            Self::SanctionImposed { .. } => internal("sanction_imposed", self),
            Self::SanctionLifted { .. } => internal("sanction_lifted", self),
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

impl IntoRecord for SettingFact {
    /// What all services go by they are told by `platform::reference`.
    fn record(&self) -> Record {
        match self {
            Self::ParameterChangeProposed(_) => internal("parameter_change_proposed", self),
            Self::ParameterChanged(_) => internal("parameter_changed", self),
            Self::CalendarYearImported { .. } => internal("calendar_year_imported", self),
        }
    }
}

impl IntoRecord for CatalogueFact {
    fn record(&self) -> Record {
        match self {
            Self::EditionImported { .. } => internal("catalogue_edition_imported", self),
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
    told(kind, vec![area], fact, message)
}

fn told(
    kind: &'static str,
    areas: Vec<DivisionCode>,
    fact: &impl Serialize,
    message: &impl Message,
) -> Record {
    Record {
        areas,
        message: Some(message.encode_to_vec()),
        ..internal(kind, fact)
    }
}

fn of_area(kind: &'static str, area: DivisionCode, fact: &impl Serialize) -> Record {
    Record {
        areas: vec![area],
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
