//! What the others are told of consultations.

use platform::facts::{IntoRecord, Record};
use proto::review::v1 as review;

use super::outgoing::{internal, published};
use crate::domain::consultation::{Consultation, ConsultationFact};
use crate::messages;

/// A fact of a consultation with the areas that hear of it: the filing one and those consulted.
pub(crate) struct ConsultationRecord<'a> {
    consultation: &'a Consultation,
    fact: &'a ConsultationFact,
}

impl<'a> ConsultationRecord<'a> {
    /// The facts of one consultation.
    pub(crate) fn all(consultation: &'a Consultation, facts: &'a [ConsultationFact]) -> Vec<Self> {
        let of_this = |fact| Self { consultation, fact };
        facts.iter().map(of_this).collect()
    }

    fn of_filing_area(&self) -> Record {
        let (area, fact) = (self.consultation.filing_division, self.fact);
        match fact {
            ConsultationFact::OrganizationRecommended { organization, .. } => {
                let message = review::OrganizationRecommended {
                    consultation_id: self.consultation.id.to_string(),
                    organization_id: organization.to_string(),
                };
                published("organization_recommended", area, fact, &message)
            }
            ConsultationFact::AnswersDueRecounted { .. } => {
                internal("answers_due_recounted", area, fact)
            }
            ConsultationFact::CityAnswered { .. } => internal("city_answered", area, fact),
            ConsultationFact::DecisionProposed { .. } => {
                internal("cross_area_decision_proposed", area, fact)
            }
            ConsultationFact::ConsultationDecided { refused, .. } => {
                let message = review::ConsultationDecided {
                    consultation_id: self.consultation.id.to_string(),
                    organization_id: self.consultation.organization.to_string(),
                    refused_divisions: refused.iter().map(ToString::to_string).collect(),
                };
                published("consultation_decided", area, fact, &message)
            }
            ConsultationFact::CrossAreaGranted {
                consultation,
                organization,
                division,
                scopes,
                from,
                until,
            } => {
                let message = review::CrossAreaGranted {
                    consultation_id: consultation.to_string(),
                    organization_id: organization.to_string(),
                    division_code: division.to_string(),
                    scopes: scopes.iter().map(messages::scope).collect(),
                    valid_from: from.to_string(),
                    valid_until: until.map(|day| day.to_string()).unwrap_or_default(),
                };
                published("cross_area_granted", area, fact, &message)
            }
            ConsultationFact::EndingProposed { .. } => {
                internal("cross_area_ending_proposed", area, fact)
            }
            ConsultationFact::CrossAreaEnded {
                consultation,
                organization,
                division,
                ends_on,
                ..
            } => {
                let message = review::CrossAreaEnded {
                    consultation_id: consultation.to_string(),
                    organization_id: organization.to_string(),
                    division_code: division.to_string(),
                    ends_on: ends_on.to_string(),
                };
                published("cross_area_ended", area, fact, &message)
            }
        }
    }
}

impl IntoRecord for ConsultationRecord<'_> {
    fn record(&self) -> Record {
        Record {
            areas: self.consultation.concerned(),
            ..self.of_filing_area()
        }
    }
}
