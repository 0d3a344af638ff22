//! Expert panels (专家论证, notice 3.4): planned, drawn or named, heard one by one, closed.
//!
//! Who has a conflict of interest is excluded before anybody is drawn. The list that is left is
//! frozen, and the seed committed to, in one act; the draw is another, and follows from both. An
//! expert who cannot come is followed by the next rank, so that nobody chooses. When every member
//! has given an opinion the panel closes, and the majority counts.

mod convening;
mod fact;
mod hearing;
pub mod refusal;
#[cfg(test)]
mod tests;

use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::division::DivisionCode;
use kernel::draw::Seed;
use kernel::ids::{ApplicationId, PanelId, PersonId};
use kernel::typed::normalise_hyphenated as normalise;
use serde::{Deserialize, Serialize};

use super::ConflictGround;
use refusal::PanelRejection;

pub use convening::{Convening, judge_named, judge_size};
pub use fact::PanelFact;

/// An expert who may be drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Who it is.
    pub person: PersonId,
    /// Number in the pool; what a draw ranks.
    pub number: String,
}

/// Why an expert may not assess an applicant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conflict {
    /// The applicant is the expert's employer.
    Employer,
    /// The expert worked for the applicant.
    WorkedThere,
    /// It was declared.
    Declared,
}

impl Conflict {
    fn chinese(self) -> &'static str {
        match self {
            Self::Employer => ConflictGround::Employer.chinese(),
            Self::WorkedThere => ConflictGround::WorkedThere.chinese(),
            Self::Declared => "已申报回避",
        }
    }

    fn english(self) -> &'static str {
        match self {
            Self::Employer => ConflictGround::Employer.english(),
            Self::WorkedThere => ConflictGround::WorkedThere.english(),
            Self::Declared => "declared",
        }
    }

    fn refusal(self) -> PanelRejection {
        let (chinese, english) = (self.chinese(), self.english());
        PanelRejection::ExpertConflicted { chinese, english }
    }
}

/// An expert who may not be drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exclusion {
    /// Number in the pool.
    pub number: String,
    /// Why.
    pub conflict: Conflict,
}

/// What an expert said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voice {
    /// Whether for the applicant.
    pub in_favour: bool,
    /// Day of the record.
    pub on: Date,
    /// Whether the expert recorded it, and not the centre's clerk.
    pub by_expert: bool,
}

/// An expert on a panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Who it is.
    pub expert: Candidate,
    /// The opinion; none while it is awaited.
    pub voice: Option<Voice>,
    /// Day on which the expert was excused.
    pub excused_on: Option<Date>,
    /// Of an expert who stepped in by rank: numbers of those before, who could not serve any more that
    /// day.
    pub passed_over: Vec<String>,
}

impl Member {
    fn new(expert: Candidate) -> Self {
        Self {
            expert,
            voice: None,
            excused_on: None,
            passed_over: Vec::new(),
        }
    }

    fn sits(&self) -> bool {
        self.excused_on.is_none()
    }
}

/// Where a panel stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PanelState {
    /// It is to be drawn.
    Planned,
    /// Opinions are awaited.
    Sitting,
    /// All are in.
    Closed,
    /// It ended before that.
    Dissolved,
}

/// A draw: what was committed to, and what was revealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draw {
    /// SHA-256 over the seed.
    pub commitment: ContentHash,
    /// The seed, once it is revealed.
    pub seed: Option<Seed>,
}

/// A panel about one application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Panel {
    /// Identifies it.
    pub id: PanelId,
    /// The application.
    pub application: ApplicationId,
    /// Where that is filed.
    pub filing_division: DivisionCode,
    /// Hash over the documents that it is convened about.
    pub documents: ContentHash,
    /// How many sit on it.
    pub size: usize,
    /// Who could be drawn or named, in the order of their numbers.
    pub candidates: Vec<Candidate>,
    /// Who could not.
    pub exclusions: Vec<Exclusion>,
    /// Numbers of candidates who could not serve any more when it was drawn, and were not drawn from:
    /// what bars a person bars from the frozen list, too.
    pub unavailable: Vec<String>,
    /// How it is drawn; none where its members were named.
    pub draw: Option<Draw>,
    /// The experts, in the order in which they came onto it.
    pub members: Vec<Member>,
    /// Where it stands.
    pub state: PanelState,
    /// Day on which it was planned or named.
    pub planned_on: Date,
    /// Day on which it closed or was dissolved.
    pub ended_on: Option<Date>,
}

impl Panel {
    /// Whether it has not ended.
    pub fn is_open(&self) -> bool {
        self.ended_on.is_none()
    }

    /// Whether somebody is, or was, on it.
    pub fn has(&self, person: PersonId) -> bool {
        let mut members = self.members.iter();
        members.any(|member| member.expert.person == person)
    }

    /// The member of a number, however it is typed, who is not excused.
    fn member(&self, number: &str) -> Option<&Member> {
        let number = normalise(number);
        let mut sitting = self.members.iter().filter(|member| member.sits());
        sitting.find(|member| normalise(&member.expert.number) == number)
    }

    /// Changes the panel by what happened.
    pub fn apply(&mut self, fact: &PanelFact) {
        match fact {
            // Its content came with the command, and so it is there already.
            PanelFact::PanelPlanned { .. } | PanelFact::PanelConvened { .. } => {}
            PanelFact::PanelDrawn {
                seed,
                members,
                unavailable,
            } => {
                self.unavailable.clone_from(unavailable);
                self.state = PanelState::Sitting;
                if let Some(draw) = &mut self.draw {
                    draw.seed = Some(*seed);
                }
                self.members = members.iter().cloned().map(Member::new).collect();
            }
            PanelFact::ExpertExcused {
                number,
                replacement,
                passed_over,
                on,
            } => {
                for member in &mut self.members {
                    if member.expert.number == *number {
                        member.excused_on = Some(*on);
                    }
                }
                self.members.push(Member {
                    passed_over: passed_over.clone(),
                    ..Member::new(replacement.clone())
                });
            }
            PanelFact::OpinionRecorded { number, voice } => {
                let mut sitting = self.members.iter_mut().filter(|member| member.sits());
                if let Some(member) = sitting.find(|member| member.expert.number == *number) {
                    member.voice = Some(*voice);
                }
            }
            PanelFact::PanelClosed { on, .. } => {
                (self.state, self.ended_on) = (PanelState::Closed, Some(*on));
            }
            PanelFact::PanelDissolved { on } => {
                (self.state, self.ended_on) = (PanelState::Dissolved, Some(*on));
            }
        }
    }

    /// Changes the panel by all that happened, in order.
    pub fn apply_all(&mut self, facts: &[PanelFact]) {
        for fact in facts {
            self.apply(fact);
        }
    }
}

/// What was written about a panel. It may name people, so it lies beside the aggregate.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanelTexts {
    /// Conflicts that were declared, by number in the pool.
    pub conflicts: Vec<(String, String)>,
    /// Opinions, by number in the pool.
    pub opinions: Vec<(String, String)>,
    /// Why experts were excused, by number in the pool.
    pub excuses: Vec<(String, String)>,
    /// Why it was dissolved.
    pub dissolution: String,
}

/// The text about a number in the pool, however that was typed; empty where there is none.
pub fn text_about<'a>(texts: &'a [(String, String)], number: &str) -> &'a str {
    let number = normalise(number);
    let about = texts.iter().find(|(about, _)| normalise(about) == number);
    about.map_or("", |(_, text)| text)
}
