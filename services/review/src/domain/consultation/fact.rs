//! What can happen to a consultation. Nobody's reasons: they may name people.

use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::division::DivisionCode;
use kernel::ids::{ConsultationId, OrganizationId};
use kernel::working_day::Deadline;
use serde::Serialize;

use super::super::OccupationScope;
use super::Answer;

/// Something that happened to a consultation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum ConsultationFact {
    /// The filing centre recommended the organisation, and the cities were asked.
    OrganizationRecommended {
        /// The organisation.
        organization: OrganizationId,
        /// Where it is filed.
        filing_division: DivisionCode,
        /// What is to be evaluated elsewhere.
        scopes: Vec<OccupationScope>,
        /// The cities concerned.
        areas: Vec<DivisionCode>,
        /// Until when they answer.
        answers_due: Deadline,
    },
    /// The calendar changed, and the day until which cities answer is counted anew.
    AnswersDueRecounted {
        /// Until when they answer.
        answers_due: Deadline,
    },
    /// A city answered, or let the due day pass.
    CityAnswered {
        /// The city.
        division: DivisionCode,
        /// What it said.
        answer: Answer,
        /// The day.
        on: Date,
    },
    /// A first person proposed a decision.
    DecisionProposed {
        /// The cities in which work is to be granted; in all others it is not.
        granted: Vec<DivisionCode>,
        /// Hash of all that the decision rests on.
        content_hash: ContentHash,
    },
    /// A second person confirmed it.
    ConsultationDecided {
        /// The day.
        on: Date,
        /// The cities in which work is not granted.
        refused: Vec<DivisionCode>,
    },
    /// Work in a city is granted. Published.
    CrossAreaGranted {
        /// The consultation.
        consultation: ConsultationId,
        /// The organisation.
        organization: OrganizationId,
        /// The city.
        division: DivisionCode,
        /// What it may evaluate there.
        scopes: Vec<OccupationScope>,
        /// First day.
        from: Date,
        /// Last day, where one is set.
        until: Option<Date>,
    },
    /// A first person proposed that work in a city come to its end.
    EndingProposed {
        /// The city.
        division: DivisionCode,
        /// The last day.
        ends_on: Date,
        /// Hash of all that the ending rests on.
        content_hash: ContentHash,
    },
    /// A second person confirmed it. Published.
    CrossAreaEnded {
        /// The consultation.
        consultation: ConsultationId,
        /// The organisation.
        organization: OrganizationId,
        /// The city.
        division: DivisionCode,
        /// The last day.
        ends_on: Date,
        /// Day of the decision.
        on: Date,
    },
}
