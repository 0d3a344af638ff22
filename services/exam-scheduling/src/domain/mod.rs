//! What an exam plan is, and every rule about it.
//!
//! - [`plan`]: the aggregate, and how facts change it; [`draft`]: opening and changing a draft
//! - [`session`]: a part, a day, a room, and who works there; [`staffing`]: how many of them;
//!   [`avoidance`]: who must not; [`venue`]: in which rooms; [`clash`]: what other plans have meanwhile
//! - [`roster`]: who comes on it and who leaves; [`intake`]: whether somebody may come on it;
//!   [`eligibility`]: the conditions (申报条件); [`report`]: whether the plan arrived in time and whole;
//!   [`assignment`]: whether its staff may do what it is planned for
//! - [`standing`]: returned, taken back, changed late, withdrawn; [`replacement`]: somebody else does
//!   the work
//! - [`running`]: paper and room made ready, and what went wrong; [`supervision`]: what a centre found
//! - [`seating`]: who sits where; [`conduct`]: what happened in the room; [`completion`]: the end of a
//!   session and of the plan
//! - [`canonical`]: what the hashes are over; [`rejection`]: every refusal of this service
//!
//! Commands look at the plan and answer with facts or with all reasons why not; they change
//! nothing. [`plan::Plan::apply`] is the only thing that does. Days, settings and answers of
//! neighbours come in as arguments.

pub mod assignment;
pub mod avoidance;
pub mod canonical;
pub mod clash;
pub mod completion;
pub mod conduct;
pub mod draft;
pub mod eligibility;
pub mod fact;
pub mod intake;
pub mod plan;
pub mod rejection;
pub mod replacement;
pub mod report;
pub mod roster;
pub mod rules;
pub mod running;
#[cfg(test)]
mod samples;
pub mod seating;
pub mod session;
pub mod staffing;
pub mod standing;
pub mod supervision;
pub mod venue;
