//! Work outside the filing area (跨区域协商, notice 3.4).
//!
//! An evaluation organisation works where it is filed. Work elsewhere takes three: its filing
//! centre recommends it, each city concerned answers by a due day or is silent, and the province
//! decides, city by city, by two persons. What is granted the registry turns into rights; an
//! ending, decided in the same way, takes them back.

mod answering;
mod deciding;
mod fact;
mod recommending;
pub mod refusal;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{ConsultationId, OrganizationId};
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::working_day::Deadline;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use super::OccupationScope;

pub use deciding::{AreaDecision, Ending, grants, judge_decisions, judge_end};
pub use fact::ConsultationFact;
pub use recommending::{
    HeldRight, Recommendation, Registered, Standing, judge_areas, judge_scopes,
};

/// What a city said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Answer {
    /// 同意
    Agreed,
    /// 不同意
    Disagreed,
    /// 逾期未答复
    Silent,
}

impl Answer {
    /// Name for machines, as stored.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// What became of a city.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The organisation does not work there.
    Refused,
    /// It may.
    Granted {
        /// First day.
        from: Date,
        /// Last day, where one is set.
        until: Option<Date>,
        /// Day on which an ending was decided, where one was.
        ending_decided_on: Option<Date>,
    },
}

/// A city concerned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Area {
    /// What it said and when; none while it may still answer.
    pub answer: Option<(Answer, Date)>,
    /// What became of it; none before the decision.
    pub outcome: Option<Outcome>,
}

/// Where a consultation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsultationState {
    /// A city has still to answer.
    Consulting,
    /// The province is to decide.
    Answered,
    /// It has.
    Decided,
}

/// A consultation about one organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consultation {
    /// Identifies it.
    pub id: ConsultationId,
    /// The organisation.
    pub organization: OrganizationId,
    /// 机构代码
    pub organization_code: EvaluationOrganizationCode,
    /// 单位名称, as the registry had it on the day of the recommendation.
    pub organization_name: String,
    /// The city that recommends.
    pub filing_division: DivisionCode,
    /// What is to be evaluated elsewhere.
    pub scopes: Vec<OccupationScope>,
    /// Day of the recommendation.
    pub recommended_on: Date,
    /// Until when cities answer.
    pub answers_due: Deadline,
    /// The cities concerned.
    pub areas: BTreeMap<DivisionCode, Area>,
    /// Day of the decision.
    pub decided_on: Option<Date>,
}

impl Consultation {
    /// Where it stands.
    pub fn state(&self) -> ConsultationState {
        if self.decided_on.is_some() {
            ConsultationState::Decided
        } else if self.areas.values().all(|area| area.answer.is_some()) {
            ConsultationState::Answered
        } else {
            ConsultationState::Consulting
        }
    }

    /// Last day on which a city may answer; none when nobody is waited for.
    pub fn waits_until(&self) -> Option<Date> {
        (self.state() == ConsultationState::Consulting).then_some(self.answers_due.date)
    }

    /// The areas that hear of it: the filing one and those consulted.
    pub fn concerned(&self) -> Vec<DivisionCode> {
        let consulted = self.areas.keys().copied();
        std::iter::once(self.filing_division)
            .chain(consulted)
            .collect()
    }

    /// Changes the consultation by what happened.
    pub fn apply(&mut self, fact: &ConsultationFact) {
        match fact {
            // Its content came with the recommendation, and so it is there already; a proposal
            // changes nothing yet.
            ConsultationFact::OrganizationRecommended { .. }
            | ConsultationFact::DecisionProposed { .. }
            | ConsultationFact::EndingProposed { .. } => {}
            ConsultationFact::AnswersDueRecounted { answers_due } => {
                self.answers_due = answers_due.clone();
            }
            ConsultationFact::CityAnswered {
                division,
                answer,
                on,
            } => self.area(*division).answer = Some((*answer, *on)),
            ConsultationFact::ConsultationDecided { on, refused } => {
                self.decided_on = Some(*on);
                for division in refused {
                    self.area(*division).outcome = Some(Outcome::Refused);
                }
            }
            ConsultationFact::CrossAreaGranted {
                division,
                from,
                until,
                ..
            } => {
                self.area(*division).outcome = Some(Outcome::Granted {
                    from: *from,
                    until: *until,
                    ending_decided_on: None,
                });
            }
            ConsultationFact::CrossAreaEnded {
                division,
                ends_on,
                on,
                ..
            } => {
                if let Some(Outcome::Granted {
                    until,
                    ending_decided_on,
                    ..
                }) = &mut self.area(*division).outcome
                {
                    *until = Some(*ends_on);
                    *ending_decided_on = Some(*on);
                }
            }
        }
    }

    /// Changes the consultation by all that happened, in order.
    pub fn apply_all(&mut self, facts: &[ConsultationFact]) {
        for fact in facts {
            self.apply(fact);
        }
    }

    fn area(&mut self, division: DivisionCode) -> &mut Area {
        self.areas.entry(division).or_default()
    }
}

/// What was written about a consultation. It may name people, so it lies beside the aggregate.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Texts {
    /// Why the organisation is recommended.
    pub reasons: String,
    /// About each city.
    pub areas: BTreeMap<DivisionCode, AreaTexts>,
}

impl Texts {
    /// What was written about a city.
    pub fn about(&mut self, division: DivisionCode) -> &mut AreaTexts {
        self.areas.entry(division).or_default()
    }
}

/// What was written about a city concerned.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AreaTexts {
    /// The city's own reasons.
    pub answer: String,
    /// The province's, for its decision.
    pub decision: String,
    /// And for an ending.
    pub ending: String,
}
