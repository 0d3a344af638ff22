//! Working days (工作日) and the deadlines counted in them.
//!
//! A working day is a weekday that is no public holiday, or a weekend day worked to make up for
//! one. Which days those are, the State Council announces each autumn for the year to come; no
//! formula knows. So there is a file a year ([`CalendarYear`]), a [`Calendar`] of the years that
//! are known, and a refusal naming the year when a count would reach beyond them: the platform
//! does not guess.
//!
//! A [`Deadline`] is no bare date. It carries the rule it follows from, the version of the
//! calendar, and every day that was looked at, so that anybody can check it by hand.

mod calendar;
mod deadline;
mod named;
mod year;

pub use calendar::{Calendar, CalendarVersion, YearWithoutData};
pub use deadline::{CountedDay, CountingRule, DayKind, Deadline};
pub use named::DeadlineRule;
pub use year::{CalendarRejection, CalendarYear};
