//! The province decides, and decides an ending: each proposed by one person and confirmed by
//! another.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::division::DivisionCode;
use kernel::ids::{ConsultationId, OrganizationId};
use kernel::rejection::{FaultList, Faults};
use serde::{Deserialize, Serialize};

use super::super::OccupationScope;
use super::refusal::ConsultationRejection;
use super::{Answer, Area, Consultation, ConsultationFact, ConsultationState, Outcome, Registered};

/// What is decided about a city.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AreaDecision {
    /// The city.
    pub division: DivisionCode,
    /// Whether work there is granted.
    pub granted: bool,
    /// The last day of it, where one is set.
    pub valid_until: Option<Date>,
    /// Why.
    pub reasons: String,
}

/// An end of work in a city.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// The city.
    pub division: DivisionCode,
    /// The last day.
    pub ends_on: Date,
    /// Why.
    pub reasons: String,
}

/// All that a decision of the province rests on; two persons who agree on its hash agree on all
/// of it.
#[derive(Serialize)]
struct Content<'a, D> {
    consultation: ConsultationId,
    organization: OrganizationId,
    scopes: &'a [OccupationScope],
    areas: &'a BTreeMap<DivisionCode, Area>,
    decided: &'a D,
}

/// Whether work is granted anywhere.
pub fn grants(decisions: &[AreaDecision]) -> bool {
    decisions.iter().any(|decision| decision.granted)
}

impl Consultation {
    /// Hash of what a decision or an ending rests on, as things are now.
    pub fn content_hash<D: Serialize>(&self, decided: &D) -> ContentHash {
        let content = Content {
            consultation: self.id,
            organization: self.organization,
            scopes: &self.scopes,
            areas: &self.areas,
            decided,
        };
        let bytes = serde_json::to_vec(&content).expect("ids, dates and texts always serialise");
        ContentHash::of_bytes(&bytes)
    }

    /// First person. What is granted is judged by what the organisation is and holds today; where
    /// nothing is, nobody has to know that.
    ///
    /// # Errors
    /// When cities have still to answer, it is decided already, a city is left out, or the
    /// organisation may not do at home what is granted.
    pub fn propose_decision(
        &self,
        decisions: &[AreaDecision],
        registered: Option<&Registered>,
        today: Date,
    ) -> Result<ConsultationFact, Faults> {
        self.judge_decision(decisions, registered, today)?;
        let (granted, _) = parted(decisions);
        Ok(ConsultationFact::DecisionProposed {
            granted: granted.iter().map(|decision| decision.division).collect(),
            content_hash: self.content_hash(&decisions),
        })
    }

    /// Second person.
    ///
    /// # Errors
    /// As for the first; the days have gone on.
    pub fn decide(
        &self,
        decisions: &[AreaDecision],
        registered: Option<&Registered>,
        today: Date,
    ) -> Result<Vec<ConsultationFact>, Faults> {
        self.judge_decision(decisions, registered, today)?;
        let (granted, refused) = parted(decisions);
        let mut facts = vec![ConsultationFact::ConsultationDecided {
            on: today,
            refused: refused.iter().map(|decision| decision.division).collect(),
        }];
        facts.extend(
            granted
                .iter()
                .map(|decision| ConsultationFact::CrossAreaGranted {
                    consultation: self.id,
                    organization: self.organization,
                    division: decision.division,
                    scopes: self.scopes.clone(),
                    from: today,
                    until: decision.valid_until,
                }),
        );
        Ok(facts)
    }

    fn judge_decision(
        &self,
        decisions: &[AreaDecision],
        registered: Option<&Registered>,
        today: Date,
    ) -> Result<(), Faults> {
        let due = self.answers_due.date;
        match self.state() {
            ConsultationState::Consulting => {
                return Err(ConsultationRejection::AnswersOutstanding { due }.into());
            }
            ConsultationState::Decided => return Err(ConsultationRejection::Decided.into()),
            ConsultationState::Answered => {}
        }
        let mut faults = FaultList::default();
        let named: Vec<_> = decisions.iter().map(Some).collect();
        judge_decisions(&named, today, &mut faults);
        if grants(decisions) {
            match registered {
                // The scopes are those of the recommendation.
                Some(registered) => {
                    let field = |_| "decisions".to_owned();
                    registered.judge_at_home(&self.scopes, field, today, &mut faults);
                }
                None => faults.refuse(&ConsultationRejection::OrganizationNotFound),
            }
        }
        for (index, decision) in decisions.iter().enumerate() {
            let field = format!("decisions[{index}]");
            match self.areas.get(&decision.division) {
                None => faults.add(
                    format!("{field}.division_code"),
                    &ConsultationRejection::DecisionNotConsulted,
                ),
                Some(area) => {
                    let disagreed = matches!(area.answer, Some((Answer::Disagreed, _)));
                    let reasoned = !decision.reasons.is_empty();
                    // A refusal without reasons was noted already.
                    let enough = !(decision.granted && disagreed) || reasoned;
                    let field = format!("{field}.reasons");
                    faults.require(enough, field, &ConsultationRejection::DecisionReasons);
                }
            }
        }
        for division in self.areas.keys().copied() {
            let decided = decisions
                .iter()
                .any(|decision| decision.division == division);
            let missing = ConsultationRejection::DecisionMissing { division };
            faults.require(decided, "decisions", &missing);
        }
        faults.finish()
    }

    /// First person.
    ///
    /// # Errors
    /// When there is no work in that city, or it ends by then anyway.
    pub fn propose_ending(&self, ending: &Ending, today: Date) -> Result<ConsultationFact, Faults> {
        self.judge_ending(ending, today)?;
        Ok(ConsultationFact::EndingProposed {
            division: ending.division,
            ends_on: ending.ends_on,
            content_hash: self.content_hash(ending),
        })
    }

    /// Second person.
    ///
    /// # Errors
    /// As for the first; the days have gone on.
    pub fn end(&self, ending: &Ending, today: Date) -> Result<ConsultationFact, Faults> {
        self.judge_ending(ending, today)?;
        Ok(ConsultationFact::CrossAreaEnded {
            consultation: self.id,
            organization: self.organization,
            division: ending.division,
            ends_on: ending.ends_on,
            on: today,
        })
    }

    fn judge_ending(&self, ending: &Ending, today: Date) -> Result<(), Faults> {
        let outcome = self.areas.get(&ending.division);
        let Some(Outcome::Granted { until, .. }) = outcome.and_then(|area| area.outcome) else {
            return Err(Faults::at(
                "division_code",
                &ConsultationRejection::NotGranted,
            ));
        };
        let mut faults = FaultList::default();
        judge_end(ending.ends_on, today, "ends_on", &mut faults);
        if let Some(until) = until {
            let not_earlier = ConsultationRejection::EndNotEarlier { until };
            faults.require(ending.ends_on < until, "ends_on", &not_earlier);
        }
        faults.finish()
    }
}

/// Notes what is wrong with decisions whatever the cities said: a city twice, an end of what is
/// not granted or before today, a refusal without reasons. `decisions` as far as they can be read.
pub fn judge_decisions(decisions: &[Option<&AreaDecision>], today: Date, faults: &mut FaultList) {
    for (index, decision) in decisions.iter().enumerate() {
        let Some(decision) = decision else { continue };
        let field = |name: &str| format!("decisions[{index}].{name}");
        let mut earlier = decisions[..index].iter().flatten();
        let twice = earlier.any(|earlier| earlier.division == decision.division);
        faults.require(
            !twice,
            field("division_code"),
            &ConsultationRejection::AreaTwice,
        );
        match decision.valid_until {
            Some(until) if decision.granted => {
                judge_end(until, today, &field("valid_until"), faults);
            }
            Some(_) => faults.add(
                field("valid_until"),
                &ConsultationRejection::EndWithoutGrant,
            ),
            None => {}
        }
        let reasoned = decision.granted || !decision.reasons.is_empty();
        faults.require(
            reasoned,
            field("reasons"),
            &ConsultationRejection::DecisionReasons,
        );
    }
}

/// Notes that something ends before today.
pub fn judge_end(end: Date, today: Date, field: &str, faults: &mut FaultList) {
    faults.require(
        end >= today,
        field,
        &ConsultationRejection::EndPast { today },
    );
}

/// Those granted and those not.
fn parted(decisions: &[AreaDecision]) -> (Vec<&AreaDecision>, Vec<&AreaDecision>) {
    decisions.iter().partition(|decision| decision.granted)
}
