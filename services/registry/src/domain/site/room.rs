//! Rooms (考场): what each is for, and what it has.

use jiff::civil::Date;
use kernel::ids::RoomId;
use kernel::occupation::OccupationRef;
use kernel::rejection::FaultList;
use serde::Serialize;
use strum::{EnumString, IntoStaticStr};

use super::rejection::RoomRejection;

/// Most places of a room, and most machines in it.
pub(super) const MOST_SEATS: u32 = 2000;
/// Most occupations of a room.
pub const MOST_OCCUPATIONS: usize = 50;

/// What a room is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RoomKind {
    /// 理论考场
    Theory,
    /// 技能操作考场
    Skill,
    /// 综合评审场所
    Review,
}

/// What a room is and has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one of the devices that notice 1.4 asks for, there or not"
)]
pub struct RoomProfile {
    /// 考场名称
    pub name: String,
    /// What it is for.
    pub kind: RoomKind,
    /// Places for candidates.
    pub seats: u32,
    /// 考试机
    pub machines: u32,
    /// 网络
    pub network: bool,
    /// 身份识别设备
    pub identity_check: bool,
    /// 信号屏蔽设备
    pub signal_shielding: bool,
    /// 音频监控
    pub audio_monitoring: bool,
    /// 视频监控
    pub video_monitoring: bool,
    /// 设施设备、仪表仪器; empty where there is none.
    pub equipment: String,
    /// What can be examined in a skill room.
    pub occupations: Vec<OccupationRef>,
}

/// A room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Room {
    /// `room_…`
    pub id: RoomId,
    /// What it is and has.
    pub profile: RoomProfile,
    /// First day in use.
    pub opened_on: Date,
    /// Day from which it is closed.
    pub closed_on: Option<Date>,
}

impl Room {
    /// Whether candidates can sit in it on a day.
    pub fn is_in_use_on(&self, day: Date) -> bool {
        self.opened_on <= day && self.closed_on.is_none_or(|closed| day < closed)
    }
}

impl RoomProfile {
    /// Notes what cannot be; `knows` tells whether the catalogue has an occupation.
    pub(super) fn check(
        &self,
        knows: impl Fn(&OccupationRef) -> bool,
        field: &str,
        faults: &mut FaultList,
    ) {
        let at = |name: &str| format!("{field}.{name}");
        let limit = MOST_SEATS;
        let seats = RoomRejection::SeatsOutOfRange { limit };
        faults.require((1..=limit).contains(&self.seats), at("seats"), &seats);
        let machines = RoomRejection::MachinesOutOfRange { limit };
        faults.require(self.machines <= limit, at("machines"), &machines);
        let is_skill = self.kind == RoomKind::Skill;
        if is_skill && self.occupations.is_empty() {
            faults.add(at("occupations"), &RoomRejection::OccupationsMissing);
        } else if !is_skill && !self.occupations.is_empty() {
            faults.add(at("occupations"), &RoomRejection::OccupationsOfSkillAlone);
        }
        for (index, occupation) in self.occupations.iter().enumerate() {
            let field = format!("{field}.occupations[{index}]");
            faults.require(
                knows(occupation),
                &*field,
                &RoomRejection::OccupationUnknown,
            );
            let twice = self.occupations[..index].contains(occupation);
            faults.require(!twice, field, &RoomRejection::OccupationTwice);
        }
    }
}
