//! What an applicant has to evaluate with (notice 1.3 and 1.4), as the registry counted it on the
//! day of handing in. It is frozen with the application, since what is assessed is what was there
//! that day; the digest shows whether the entries behind the counts were the same another day.
//!
//! The machine judges whether there is enough of each; whether it is good enough, the document
//! check and the site visit do.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::division::DivisionCode;
use kernel::ids::{RoomId, SiteId};
use kernel::level::Level;
use kernel::occupation::OccupationRef;
use kernel::pilot::Pilot;
use kernel::rejection::FaultList;
use serde::{Deserialize, Serialize};
use strum::{EnumIter, IntoEnumIterator};

use super::AppliedOccupation;
use super::occupation::TABLE;
use super::refusal::ResourceRejection;

/// What an applicant has. Names nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resources {
    /// The day.
    pub on: Date,
    /// People on post, each once.
    pub people: u32,
    /// Of them, those full time in some role.
    pub full_time_people: u32,
    /// 管理人员, full time.
    pub full_time_managers: u32,
    /// 工作人员, full time.
    pub full_time_staff: u32,
    /// 监考人员
    pub invigilators: u32,
    /// 内部督导员 with a valid card.
    pub supervisors: u32,
    /// 专家团队
    pub experts: u32,
    /// 考评人员 with a valid card.
    pub examiners: Vec<Examiners>,
    /// Sites in use with their rooms in use.
    pub sites: Vec<ExamSite>,
    /// Fingerprint of the registry's entries behind all of this.
    pub digest: ContentHash,
}

/// How many may examine an occupation at a level, each once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Examiners {
    /// The occupation.
    pub occupation: OccupationRef,
    /// The level.
    pub level: Level,
    /// How many.
    pub people: u32,
}

/// A site (考点).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExamSite {
    /// Identifies it.
    pub id: SiteId,
    /// Division in which it lies.
    pub division: DivisionCode,
    /// Its rooms.
    pub rooms: Vec<ExamRoom>,
}

/// A room (考场) of a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExamRoom {
    /// Identifies it.
    pub id: RoomId,
    /// What it is for.
    pub kind: ExamRoomKind,
    /// Places for candidates.
    pub seats: u32,
    /// 考试机
    pub machines: u32,
    /// What it has beside.
    pub devices: BTreeSet<ExamDevice>,
    /// What can be examined in a skill room.
    pub occupations: Vec<OccupationRef>,
}

/// What a room is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExamRoomKind {
    /// 理论考场
    Theory,
    /// 技能操作考场
    Skill,
    /// 综合评审场所
    Review,
}

/// What a room has beside places and machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, EnumIter)]
#[serde(rename_all = "snake_case")]
pub enum ExamDevice {
    /// 网络
    Network,
    /// 身份识别
    IdentityCheck,
    /// 信号屏蔽
    SignalShielding,
    /// 音频监控
    AudioMonitoring,
    /// 视频监控
    VideoMonitoring,
}

impl ExamDevice {
    fn missing(self) -> ResourceRejection {
        match self {
            Self::Network => ResourceRejection::NetworkMissing,
            Self::IdentityCheck => ResourceRejection::IdentityCheckMissing,
            Self::SignalShielding => ResourceRejection::SignalShieldingMissing,
            Self::AudioMonitoring => ResourceRejection::AudioMonitoringMissing,
            Self::VideoMonitoring => ResourceRejection::VideoMonitoringMissing,
        }
    }
}

impl Resources {
    /// Seats in its theory rooms.
    pub fn theory_seats(&self) -> u32 {
        let rooms = self.sites.iter().flat_map(|site| &site.rooms);
        let theory = rooms.filter(|room| room.kind == ExamRoomKind::Theory);
        theory.fold(0, |seats, room| seats.saturating_add(room.seats))
    }

    /// Notes all that is lacking for evaluating these occupations in this area.
    pub(super) fn judge(
        &self,
        occupations: &[AppliedOccupation],
        area: DivisionCode,
        pilot: &Pilot,
        faults: &mut FaultList,
    ) {
        self.judge_people(pilot, faults);
        self.judge_examiners(occupations, pilot, faults);
        self.judge_rooms(occupations, area, faults);
    }

    fn judge_people(&self, pilot: &Pilot, faults: &mut FaultList) {
        let mut require = |enough, role: &str, rejection| {
            faults.require(enough, format!("resources.{role}"), &rejection);
        };
        let manager = ResourceRejection::ManagerMissing;
        require(self.full_time_managers > 0, "full_time_managers", manager);
        let (least, given) = (pilot.full_time_staff_least, self.full_time_staff);
        let too_few = ResourceRejection::StaffTooFew { least, given };
        require(given >= least.into(), "full_time_staff", too_few);
        let invigilator = ResourceRejection::InvigilatorMissing;
        require(self.invigilators > 0, "invigilators", invigilator);
        let supervisor = ResourceRejection::SupervisorMissing;
        require(self.supervisors > 0, "supervisors", supervisor);
        let (least, given) = (pilot.expert_team_least, self.experts);
        let too_small = ResourceRejection::ExpertTeamTooSmall { least, given };
        require(given >= least.into(), "experts", too_small);
    }

    fn judge_examiners(
        &self,
        occupations: &[AppliedOccupation],
        pilot: &Pilot,
        faults: &mut FaultList,
    ) {
        let least = pilot.examiners_per_occupation_least;
        for (index, row) in occupations.iter().enumerate() {
            for level in &row.scope.levels {
                let given = self.examiners_of(row.scope.occupation, *level);
                let too_few = ResourceRejection::ExaminersTooFew {
                    level_zh: level.chinese(),
                    level_en: level.english(),
                    least,
                    given,
                };
                let field = format!("{TABLE}[{index}].scope.levels");
                faults.require(given >= least.into(), field, &too_few);
            }
        }
    }

    fn examiners_of(&self, occupation: OccupationRef, level: Level) -> u32 {
        let counted = self.examiners.iter();
        let of = |count: &&Examiners| count.occupation == occupation && count.level == level;
        counted.filter(of).map(|count| count.people).sum()
    }

    /// Work begins in the area where the application is filed (notice 3.4), so that is where the
    /// rooms have to be. Without any, there is nothing to say about each.
    fn judge_rooms(
        &self,
        occupations: &[AppliedOccupation],
        area: DivisionCode,
        faults: &mut FaultList,
    ) {
        let sites = self.sites.iter();
        let there = sites.filter(|site| area.contains(&site.division));
        let rooms: Vec<_> = there.flat_map(|site| &site.rooms).collect();
        if rooms.is_empty() {
            faults.add("resources.sites", &ResourceRejection::SiteMissing);
            return;
        }
        judge_theory_rooms(&rooms, faults);
        for (index, row) in occupations.iter().enumerate() {
            let occupation = &row.scope.occupation;
            faults.require(
                rooms.iter().any(|room| room.examines(occupation)),
                format!("{TABLE}[{index}].scope.occupation"),
                &ResourceRejection::SkillRoomMissing,
            );
        }
    }
}

/// One theory room has to have everything; what the best one lacks is told. The devices are asked
/// of the room in which people write: which of them make sense where they weld or drive, the site
/// visit judges. That is our reading.
fn judge_theory_rooms(rooms: &[&ExamRoom], faults: &mut FaultList) {
    const FIELD: &str = "resources.sites";
    let theory = rooms
        .iter()
        .filter(|room| room.kind == ExamRoomKind::Theory);
    match theory.map(|room| room.lacking()).min_by_key(Vec::len) {
        None => faults.add(FIELD, &ResourceRejection::TheoryRoomMissing),
        Some(lacking) => {
            for missing in lacking {
                faults.add(FIELD, &missing);
            }
        }
    }
}

impl ExamRoom {
    /// What it lacks as a room for the written exam.
    fn lacking(&self) -> Vec<ResourceRejection> {
        let machines = (self.machines == 0).then_some(ResourceRejection::MachinesMissing);
        let devices = ExamDevice::iter().filter(|device| !self.devices.contains(device));
        devices.map(ExamDevice::missing).chain(machines).collect()
    }

    fn examines(&self, occupation: &OccupationRef) -> bool {
        self.kind == ExamRoomKind::Skill && self.occupations.contains(occupation)
    }
}

#[cfg(test)]
mod tests {
    use kernel::rejection::Faults;

    use super::super::samples::{DAY, PILOT, ample, electrician, requested, scope, weihai};
    use super::super::{OccupationScope, RequestedOccupation};
    use super::*;

    fn rows(scopes: impl IntoIterator<Item = OccupationScope>) -> Vec<AppliedOccupation> {
        let rows = scopes.into_iter().map(requested);
        rows.filter_map(RequestedOccupation::vouched_for).collect()
    }

    /// What an applicant for an electrician's levels five and four is told, where and why.
    fn told(change: impl FnOnce(&mut Resources)) -> Vec<(String, &'static str)> {
        let occupations = rows([electrician()]);
        let mut resources = ample(&[electrician()]);
        change(&mut resources);
        let mut faults = FaultList::default();
        resources.judge(&occupations, weihai(), &PILOT, &mut faults);
        let faults = faults.finish().err();
        let faults = faults.iter().flat_map(Faults::all);
        faults
            .map(|fault| (fault.field.clone().unwrap_or_default(), fault.code))
            .collect()
    }

    fn codes(change: impl FnOnce(&mut Resources)) -> Vec<&'static str> {
        told(change).into_iter().map(|(_, code)| code).collect()
    }

    #[test]
    fn who_has_just_enough_lacks_nothing() {
        assert_eq!(codes(|_| ()), [""; 0]);
    }

    #[test]
    fn each_of_the_people_is_there() {
        for (change, code) in [
            (
                (|all| all.full_time_managers = 0) as fn(&mut Resources),
                "MANAGER_MISSING",
            ),
            (|all| all.full_time_staff = 0, "FULL_TIME_STAFF_TOO_FEW"),
            (|all| all.invigilators = 0, "INVIGILATOR_MISSING"),
            (|all| all.supervisors = 0, "INTERNAL_SUPERVISOR_MISSING"),
            (|all| all.experts = 2, "EXPERT_TEAM_TOO_SMALL"),
        ] {
            assert_eq!(codes(change), [code]);
        }
    }

    #[test]
    fn examiners_are_counted_for_each_occupation_and_each_level() {
        let field = "basic_form.occupations[0].scope.levels".to_owned();
        let of_level_four = |all: &mut Resources| {
            let four = all.examiners.iter_mut();
            let four = four.filter(|count| count.level == Level::Four);
            four.for_each(|count| count.people = 2);
        };
        assert_eq!(told(of_level_four), [(field.clone(), "EXAMINERS_TOO_FEW")]);
        let none = told(|all| all.examiners.clear());
        assert_eq!(
            none,
            [
                (field.clone(), "EXAMINERS_TOO_FEW"),
                (field, "EXAMINERS_TOO_FEW")
            ]
        );
        let other = scope("6-18-02-04", &[Level::Five, Level::Four]);
        let of_another = codes(|all| all.examiners = ample(&[other]).examiners);
        assert_eq!(of_another, ["EXAMINERS_TOO_FEW"; 2]);
    }

    #[test]
    fn the_rooms_are_in_the_area_where_the_application_is_filed() {
        let elsewhere = |all: &mut Resources| {
            all.sites[0].division = DivisionCode::parse("370202").expect("in Qingdao");
        };
        let nowhere = [("resources.sites".to_owned(), "SITE_NOT_IN_AREA")];
        assert_eq!(told(elsewhere), nowhere);
        assert_eq!(told(|all| all.sites.clear()), nowhere);

        let occupations = rows([electrician()]);
        let mut resources = ample(&[electrician()]);
        elsewhere(&mut resources);
        let mut faults = FaultList::default();
        resources.judge(&occupations, DivisionCode::PROVINCE, &PILOT, &mut faults);
        assert!(faults.is_empty(), "all of the province is the province's");
    }

    #[test]
    fn a_theory_room_has_everything_and_what_the_best_one_lacks_is_told() {
        fn theory(all: &mut Resources) -> &mut ExamRoom {
            &mut all.sites[0].rooms[0]
        }
        for (device, code) in [
            (ExamDevice::Network, "THEORY_ROOM_WITHOUT_NETWORK"),
            (
                ExamDevice::IdentityCheck,
                "THEORY_ROOM_WITHOUT_IDENTITY_CHECK",
            ),
            (
                ExamDevice::SignalShielding,
                "THEORY_ROOM_WITHOUT_SIGNAL_SHIELDING",
            ),
            (ExamDevice::AudioMonitoring, "THEORY_ROOM_WITHOUT_AUDIO"),
            (ExamDevice::VideoMonitoring, "THEORY_ROOM_WITHOUT_VIDEO"),
        ] {
            let lacks = |all: &mut Resources| {
                theory(all).devices.remove(&device);
            };
            assert_eq!(codes(lacks), [code]);
        }
        let machines = codes(|all| theory(all).machines = 0);
        assert_eq!(machines, ["THEORY_ROOM_WITHOUT_MACHINES"]);
        let none = codes(|all| theory(all).kind = ExamRoomKind::Review);
        assert_eq!(none, ["THEORY_ROOM_MISSING"]);

        let best = codes(|all| {
            let whole = theory(all).clone();
            theory(all).devices.clear();
            let almost = ExamRoom {
                machines: 0,
                ..whole
            };
            all.sites[0].rooms.push(almost);
        });
        assert_eq!(best, ["THEORY_ROOM_WITHOUT_MACHINES"]);
    }

    #[test]
    fn each_occupation_has_a_skill_room() {
        let field = "basic_form.occupations[0].scope.occupation".to_owned();
        let missing = [(field, "SKILL_ROOM_MISSING")];
        assert_eq!(told(|all| all.sites[0].rooms.truncate(1)), missing);
        let other = |all: &mut Resources| {
            let other = scope("6-18-02-04", &[Level::Five]);
            all.sites[0].rooms[1].occupations = vec![other.occupation];
        };
        assert_eq!(told(other), missing);
    }

    #[test]
    fn all_that_is_lacking_is_told_at_once() {
        let nothing = |all: &mut Resources| {
            *all = Resources {
                on: DAY,
                people: 0,
                full_time_people: 0,
                full_time_managers: 0,
                full_time_staff: 0,
                invigilators: 0,
                supervisors: 0,
                experts: 0,
                examiners: Vec::new(),
                sites: Vec::new(),
                digest: all.digest,
            }
        };
        let expected = [
            "MANAGER_MISSING",
            "FULL_TIME_STAFF_TOO_FEW",
            "INVIGILATOR_MISSING",
            "INTERNAL_SUPERVISOR_MISSING",
            "EXPERT_TEAM_TOO_SMALL",
            "EXAMINERS_TOO_FEW",
            "EXAMINERS_TOO_FEW",
            "SITE_NOT_IN_AREA",
        ];
        assert_eq!(codes(nothing), expected);
    }
}
