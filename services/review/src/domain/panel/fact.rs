//! What can happen to an expert panel. Numbers in the pool stand for people; nobody's words.

use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::draw::Seed;
use kernel::ids::ApplicationId;
use serde::Serialize;

use super::{Candidate, Exclusion, Voice};

/// Something that happened to a panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum PanelFact {
    /// It is to be drawn: the list is frozen, the seed committed to.
    PanelPlanned {
        /// The application.
        application: ApplicationId,
        /// How many are to be drawn.
        size: usize,
        /// From these.
        candidates: Vec<Candidate>,
        /// Not from these.
        exclusions: Vec<Exclusion>,
        /// SHA-256 over the seed.
        commitment: ContentHash,
    },
    /// It was drawn, and the seed revealed.
    PanelDrawn {
        /// The seed.
        seed: Seed,
        /// The members, in the order of their ranks.
        members: Vec<Candidate>,
        /// Numbers of those who could not serve any more; they were not drawn from.
        unavailable: Vec<String>,
    },
    /// Its members were named.
    PanelConvened {
        /// The application.
        application: ApplicationId,
        /// The members.
        members: Vec<Candidate>,
        /// Who could not be named.
        exclusions: Vec<Exclusion>,
    },
    /// A member was excused, and another stepped in.
    ExpertExcused {
        /// Number of the one excused.
        number: String,
        /// The other.
        replacement: Candidate,
        /// Of a panel that was drawn: numbers of those whose turn it was before, who could not serve
        /// any more.
        passed_over: Vec<String>,
        /// The day.
        on: Date,
    },
    /// A member's opinion was recorded.
    OpinionRecorded {
        /// Number of the member.
        number: String,
        /// What it comes to.
        voice: Voice,
    },
    /// All opinions are in.
    PanelClosed {
        /// Members.
        experts: usize,
        /// Those for the applicant.
        in_favour: usize,
        /// The day.
        on: Date,
    },
    /// It ended before that.
    PanelDissolved {
        /// The day.
        on: Date,
    },
}
