//! What becomes of a plan after it was reported and before its first session begins: returned for
//! named faults, taken back to be changed, reported again, consented to, withdrawn.
//!
//! Silence never blocks: a plan is in force from its receipt on. What is taken back is a draft again
//! until it is reported again. Whether that takes consent is asked of the outcome and not of the
//! intention: a plan whose dates, venues and roster are what they were is in force at once; with
//! others it is, too, as long as both the old and the new exam are far enough ahead; later it waits
//! for the centre where the organisation filed (notice 4.1 has the days, the rest is our reading).

use jiff::civil::{Date, DateTime};
use kernel::content_hash::ContentHash;
use kernel::division::DivisionCode;
use kernel::rejection::Faults;
use serde::{Deserialize, Serialize};

use super::canonical::Canonical;
use super::fact::Fact;
use super::plan::{Plan, Report, Stage};
use super::rejection::{PlanRejection, StandingRejection};
use super::roster::Candidate;

/// A centre returns a plan for at most so many faults.
pub const MOST_FAULTS: usize = 20;

/// What a fault of a plan is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Matter {
    /// 评价流程
    Process,
    /// 评价职业（工种）
    Subjects,
    /// 时间场次安排
    Sessions,
    /// 考点考场
    Venues,
    /// 考务人员
    Staff,
    /// 考生名册
    Roster,
}

impl Matter {
    /// Every matter.
    pub const ALL: [Self; 6] = [
        Self::Process,
        Self::Subjects,
        Self::Sessions,
        Self::Venues,
        Self::Staff,
        Self::Roster,
    ];

    /// Name for machines, as stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Process => "process",
            Self::Subjects => "subjects",
            Self::Sessions => "sessions",
            Self::Venues => "venues",
            Self::Staff => "staff",
            Self::Roster => "roster",
        }
    }

    /// The matter of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|matter| matter.name() == name)
    }
}

/// What a late change of takes consent, as hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Days and hours.
    pub dates: ContentHash,
    /// Sites, rooms, seats.
    pub venues: ContentHash,
    /// Candidates.
    pub roster: ContentHash,
}

/// What was in force before a plan was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct InForce {
    /// What of it takes consent.
    pub terms: Terms,
    /// The latest day on which it could be reported.
    pub latest: Date,
}

impl InForce {
    fn of(report: &Report) -> Self {
        Self {
            terms: report.terms,
            latest: report.deadline.date,
        }
    }
}

impl Plan {
    /// What of the plan takes consent when it is changed late, with its roster in order of tickets.
    pub(super) fn terms(&self, roster: &[Candidate]) -> Terms {
        let hash = |kind, describe: fn(&super::session::Session) -> String| {
            let mut described: Vec<_> = self.sessions.iter().map(describe).collect();
            described.sort();
            let mut canonical = Canonical::of(kind);
            for session in &described {
                canonical.text(session);
            }
            canonical.hash()
        };
        Terms {
            dates: hash("luban.exam.dates.v1", |session| {
                let (from, to) = (session.begins(), session.ends());
                format!("{} {from} {to}", session.part)
            }),
            venues: hash("luban.exam.venues.v1", |session| {
                let (site, room) = (&session.site, &session.room);
                let (division, seats) = (session.division, session.seats);
                format!("{}\n{division}\n{site}\n{room}\n{seats}", session.part)
            }),
            roster: self.digest_of(roster),
        }
    }

    /// Whether a report made today takes consent: of a plan that was in force before, and is another
    /// one now, too late for either of the two.
    pub(super) fn takes_consent(&self, report: &Report) -> bool {
        let Stage::Reopened(_, before) = &self.stage else {
            return false;
        };
        let today = report.received_on;
        let late = today > before.latest || report.deadline.is_over_on(today);
        late && report.terms != before.terms
    }

    /// Returns the plan for faults in these matters.
    ///
    /// # Errors
    /// When another centre asks, the plan is not reported, or it is under way.
    pub fn return_for(
        &self,
        matters: Vec<Matter>,
        centre: DivisionCode,
        now: DateTime,
    ) -> Result<Fact, Faults> {
        match &self.stage {
            Stage::Reported(report) => {
                report.filed_with(centre)?;
                self.must_not_have_begun(now)?;
            }
            Stage::Awaiting(report, _) => report.filed_with(centre)?,
            _ => self.must_be_under_way().map(|_| ())?,
        }
        Ok(Fact::PlanReturned { matters })
    }

    /// Takes the plan back to change it.
    ///
    /// # Errors
    /// When it is not reported, or under way.
    pub fn reopen(&self, now: DateTime) -> Result<Fact, Faults> {
        self.must_be_under_way()?;
        self.must_not_have_begun(now)?;
        Ok(Fact::PlanReopened {})
    }

    /// Consents to the plan as it was seen.
    ///
    /// # Errors
    /// When another centre asks, nothing waits for consent, the plan is another one by now, or its
    /// time has come.
    pub fn consent(
        &self,
        seen: ContentHash,
        centre: DivisionCode,
        now: DateTime,
    ) -> Result<Fact, Faults> {
        let Stage::Awaiting(report, _) = &self.stage else {
            return Err(StandingRejection::NothingToConsent.into());
        };
        report.filed_with(centre)?;
        if report.plan_hash != seen {
            return Err(Faults::at("plan_hash", &StandingRejection::AnotherPlan));
        }
        self.must_not_have_begun(now)?;
        let first = self.first_session_on();
        let first_session_on = first.ok_or(PlanRejection::SessionsMissing)?;
        Ok(Fact::PlanConsented {
            report: Report {
                consented_on: Some(now.date()),
                ..report.clone()
            },
            first_session_on,
            candidates: self.candidates,
        })
    }

    /// Withdraws the plan: the exam does not take place.
    ///
    /// # Errors
    /// When it was never reported, is withdrawn, or is under way.
    pub fn withdraw(&self, now: DateTime) -> Result<Fact, Faults> {
        match self.stage {
            Stage::Reopened(..) | Stage::Awaiting(..) => {}
            _ => {
                self.must_be_under_way()?;
                self.must_not_have_begun(now)?;
            }
        }
        Ok(Fact::PlanWithdrawn {})
    }

    /// Whether it is a draft again after it was reported.
    pub fn is_reopened(&self) -> bool {
        matches!(self.stage, Stage::Reopened(..))
    }

    pub(super) fn must_not_have_begun(&self, now: DateTime) -> Result<(), Faults> {
        let begun = self.sessions.iter().any(|session| session.begins() <= now);
        if begun {
            Err(StandingRejection::Begun.into())
        } else {
            Ok(())
        }
    }

    /// The stage of a plan that was taken back.
    pub(super) fn reopened(&self) -> Stage {
        match &self.stage {
            Stage::Reported(report) => Stage::Reopened(report.clone(), InForce::of(report)),
            Stage::Awaiting(report, before) => Stage::Reopened(report.clone(), *before),
            other => other.clone(),
        }
    }
}

impl Report {
    pub(super) fn filed_with(&self, centre: DivisionCode) -> Result<(), Faults> {
        if self.filing_division == centre {
            Ok(())
        } else {
            Err(StandingRejection::NotFilingCentre.into())
        }
    }
}

#[cfg(test)]
mod tests;
