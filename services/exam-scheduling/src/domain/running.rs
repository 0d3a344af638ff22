//! Before and during a session (考务组织, notice 4.2): paper and room are made ready, and what goes
//! wrong is put down.
//!
//! A session is not completed before it is on record what paper was used, who kept it, and that
//! everything was there. What is recorded last counts until the session begins; what was forgotten is
//! recorded once later, and the fact has its time.

use jiff::civil::{Date, DateTime, Time};
use kernel::ids::SessionId;
use kernel::person_name::PersonName;
use kernel::rejection::{FaultList, Faults};
use kernel::written::Written;
use serde::Serialize;

use super::fact::Fact;
use super::plan::Plan;
use super::rejection::{ConductRejection, RunningRejection};

/// Copies of a paper at most.
pub const MOST_COPIES: u32 = 10_000;

/// Values with a name for machines, as stored and told.
macro_rules! named {
    ($(#[$doc:meta])* $type:ident { $($(#[$of:meta])* $variant:ident = $name:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $type { $($(#[$of])* $variant,)* }

        impl $type {
            /// Every one of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Name for machines, as stored.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The one of that name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.name() == name)
            }
        }
    };
}

named! {
    /// Where a paper or task is from (命题来源).
    PaperSource {
        /// 国家题库
        National = "national",
        /// 省级题库
        Province = "province",
        /// 机构自建题库
        Own = "own",
        /// 委托命题
        Commissioned = "commissioned",
    }
}

named! {
    /// What has to be there before a session (notice 1.4, 4.2).
    Item {
        /// 原材料
        Materials = "materials",
        /// 场地设施
        Facilities = "facilities",
        /// 设备、仪器仪表
        Equipment = "equipment",
        /// 身份识别
        IdentityCheck = "identity_check",
        /// 信号屏蔽
        SignalShielding = "signal_shielding",
        /// 音频视频监控
        Monitoring = "monitoring",
    }
}

named! {
    /// What goes wrong in a room (突发情况).
    IncidentKind {
        /// 停电、断网
        Outage = "outage",
        /// 设备故障
        Equipment = "equipment",
        /// 试题试卷
        Paper = "paper",
        /// 人员伤病
        Health = "health",
        /// 考场秩序
        Order = "order",
        /// 其他
        Other = "other",
    }
}

/// The paper of a session and its custody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Where it is from.
    pub source: PaperSource,
    /// 试卷编号
    pub set_code: String,
    /// So many; none where the exam is taken at machines.
    pub copies: u32,
    /// Who keeps it until the session.
    pub custodian: PersonName,
    /// Since when.
    pub kept_since: Date,
}

/// Something that went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// What kind of thing.
    pub kind: IncidentKind,
    /// The hour.
    pub happened_at: Time,
    /// For how long, in minutes.
    pub minutes: u32,
    /// What happened.
    pub account: Written,
    /// What was done about it.
    pub handling: Written,
}

impl Plan {
    /// Records that a session is ready, with this paper and these items.
    ///
    /// # Errors
    /// When the plan is not in force, the session is not one of it, completed, or begun with a
    /// record already; when an item is not there, or the paper is kept later than the session.
    pub fn prepare(
        &self,
        id: SessionId,
        paper: &Paper,
        ready: &[Item],
        now: DateTime,
    ) -> Result<Fact, Faults> {
        self.must_be_under_way()?;
        let session = self.session(id)?;
        if session.completed {
            return Err(Faults::at("session_id", &ConductRejection::Completed));
        }
        let mut faults = FaultList::default();
        let in_time = now < session.begins() || !session.prepared;
        faults.require(in_time, "session_id", &RunningRejection::PreparedAlready);
        for &item in Item::ALL {
            let missing = RunningRejection::ItemMissing { item: item.name() };
            faults.require(ready.contains(&item), "ready", &missing);
        }
        let kept = paper.kept_since <= session.held_on;
        let late = RunningRejection::PaperKeptLate {
            day: session.held_on,
        };
        faults.require(kept, "paper.kept_since", &late);
        faults.finish()?;
        Ok(Fact::SessionPrepared {
            session_id: id,
            source: paper.source,
            set_code: paper.set_code.clone(),
            copies: paper.copies,
        })
    }

    /// Records an incident.
    ///
    /// # Errors
    /// When the plan is not under way, the session has not begun, or the hour is still to come.
    pub fn record_incident(
        &self,
        id: SessionId,
        incident: &Incident,
        now: DateTime,
    ) -> Result<Fact, Faults> {
        let session = self.begun_session(id, now)?;
        if session.held_on.to_datetime(incident.happened_at) > now {
            return Err(Faults::at("happened_at", &RunningRejection::StillToCome));
        }
        Ok(Fact::IncidentRecorded {
            session_id: id,
            kind: incident.kind,
            minutes: incident.minutes,
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;

    use super::*;
    use crate::domain::samples::{self, EXAM_DAY};

    fn paper() -> Paper {
        Paper {
            source: PaperSource::Province,
            set_code: "2020-0601-A".to_owned(),
            copies: 30,
            custodian: PersonName::parse("示例保管").expect("a name"),
            kept_since: EXAM_DAY,
        }
    }

    #[test]
    fn everything_has_to_be_there_and_the_paper_kept_before() {
        let plan = samples::reported();
        let (id, before) = (plan.sessions[0].id, EXAM_DAY.at(8, 0, 0, 0));
        assert!(plan.prepare(id, &paper(), Item::ALL, before).is_ok());
        let late = Paper {
            kept_since: samples::LATER,
            ..paper()
        };
        let refused = plan.prepare(id, &late, &Item::ALL[2..], before);
        assert_eq!(
            refused.expect_err("two are missing").codes(),
            [
                "PREPARATION_ITEM_MISSING",
                "PREPARATION_ITEM_MISSING",
                "PAPER_KEPT_LATE"
            ]
        );
    }

    #[test]
    fn what_was_recorded_stands_from_the_beginning_on() {
        let mut plan = samples::reported();
        let (id, begun) = (plan.sessions[0].id, plan.sessions[0].begins());
        plan.sessions[0].prepared = false;
        let prepare = |plan: &Plan, now| plan.prepare(id, &paper(), Item::ALL, now);
        assert!(prepare(&plan, begun).is_ok(), "forgotten");
        plan.sessions[0].prepared = true;
        let codes = |refused: Result<Fact, Faults>| refused.expect_err("refused").codes();
        assert_eq!(codes(prepare(&plan, begun)), ["SESSION_PREPARED_ALREADY"]);
        plan.sessions[0].completed = true;
        assert_eq!(codes(prepare(&plan, begun)), ["SESSION_COMPLETED"]);
        let unknown = plan.prepare(samples::session_id(9), &paper(), Item::ALL, begun);
        assert_eq!(codes(unknown), ["SESSION_NOT_FOUND"]);
        let draft = prepare(&samples::draft(), begun);
        assert_eq!(codes(draft), ["PLAN_NOT_REPORTED"]);
    }

    #[test]
    fn an_incident_has_happened() {
        let plan = samples::reported();
        let id = plan.sessions[0].id;
        let incident = Incident {
            kind: IncidentKind::Outage,
            happened_at: time(9, 30, 0, 0),
            minutes: 10,
            account: Written::new("停电"),
            handling: Written::new("顺延"),
        };
        let record = |hour| plan.record_incident(id, &incident, EXAM_DAY.at(hour, 30, 0, 0));
        assert!(record(9).is_ok());
        let early = plan.record_incident(id, &incident, EXAM_DAY.at(9, 29, 0, 0));
        assert_eq!(
            early.expect_err("to come").codes(),
            ["INCIDENT_STILL_TO_COME"]
        );
        assert_eq!(
            record(8).expect_err("not begun").codes(),
            ["SESSION_NOT_YET"]
        );
    }

    #[test]
    fn names_read_back() {
        for &item in Item::ALL {
            assert_eq!(Item::from_name(item.name()), Some(item));
        }
        for &kind in IncidentKind::ALL {
            assert_eq!(IncidentKind::from_name(kind.name()), Some(kind));
        }
        for &source in PaperSource::ALL {
            assert_eq!(PaperSource::from_name(source.name()), Some(source));
        }
    }
}
