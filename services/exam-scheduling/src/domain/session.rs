//! Sessions (场次): a part, a day, a room, and who works there.

use std::fmt;

use jiff::civil::{Date, DateTime, Time};
use kernel::card_number::CardNumber;
use kernel::content_hash::ContentHash;
use kernel::division::DivisionCode;
use kernel::ids::SessionId;
use kernel::person_name::PersonName;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::avoidance::Avoidance;
use super::canonical::{Canonical, Salt, commitment};

/// Part of an exam (考核科目). Displayed with `#`, it shows its Chinese name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExamPart {
    /// 理论知识考试
    Theory,
    /// 技能考核
    Skill,
    /// 综合评审, for levels 2 and 1
    Review,
}

impl ExamPart {
    /// Every part.
    pub const ALL: [Self; 3] = [Self::Theory, Self::Skill, Self::Review];
    /// The parts that every exam has (national standards 1.9.1).
    pub const REQUIRED: [Self; 2] = [Self::Theory, Self::Skill];

    /// Name for machines, as stored and hashed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Theory => "theory",
            Self::Skill => "skill",
            Self::Review => "review",
        }
    }

    /// The part of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.name() == name)
    }
}

impl fmt::Display for ExamPart {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match (formatter.alternate(), self) {
            (false, part) => part.name(),
            (true, Self::Theory) => "理论知识考试",
            (true, Self::Skill) => "技能考核",
            (true, Self::Review) => "综合评审",
        })
    }
}

/// What a member of staff does in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffRole {
    /// 监考员
    Invigilator,
    /// 考评员
    Examiner,
    /// 督导员
    QualitySupervisor,
}

impl StaffRole {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Invigilator, Self::Examiner, Self::QualitySupervisor];

    /// Name for machines, as stored and hashed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Invigilator => "invigilator",
            Self::Examiner => "examiner",
            Self::QualitySupervisor => "quality_supervisor",
        }
    }

    /// The role of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// A member of staff of a session. In a fact only the role remains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Staff {
    /// Identifies the entry.
    #[serde(skip)]
    pub id: Uuid,
    /// What the person does.
    pub role: StaffRole,
    /// Number of the person's card.
    #[serde(skip)]
    pub card: CardNumber,
    /// Name of the person.
    #[serde(skip)]
    pub name: PersonName,
    /// Salt of the commitment to the person.
    #[serde(skip)]
    pub salt: Salt,
    /// What the person declared about the candidates, once declared.
    #[serde(skip)]
    pub avoidance: Option<Avoidance>,
}

impl Staff {
    /// Stands for the person in hashes.
    pub fn commitment(&self) -> ContentHash {
        commitment(&self.salt, self.card.reveal(), self.name.reveal())
    }
}

/// A session of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Session {
    /// `ses_…`
    pub id: SessionId,
    /// The part examined.
    pub part: ExamPart,
    /// The day.
    pub held_on: Date,
    /// Beginning.
    pub starts_at: Time,
    /// End.
    pub ends_at: Time,
    /// 考点
    pub site: String,
    /// 考场
    pub room: String,
    /// Seats in the room.
    pub seats: u32,
    /// Division in which the site lies.
    pub division: DivisionCode,
    /// Who works in it.
    pub staff: Vec<Staff>,
    /// Whether paper, custody and preparation are on record.
    #[serde(skip)]
    pub prepared: bool,
    /// Whether it has been held.
    #[serde(skip)]
    pub completed: bool,
}

impl Session {
    /// When it begins, in business time.
    pub fn begins(&self) -> DateTime {
        self.held_on.to_datetime(self.starts_at)
    }

    /// When it is over, in business time.
    pub fn ends(&self) -> DateTime {
        self.held_on.to_datetime(self.ends_at)
    }

    /// Whether the two take place at the same time, if only for a moment.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.held_on == other.held_on
            && self.starts_at < other.ends_at
            && other.starts_at < self.ends_at
    }

    /// How many of its staff do this.
    pub fn staff_as(&self, role: StaffRole) -> u32 {
        let count = self.staff.iter().filter(|staff| staff.role == role).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Adds the session to the encoding of its plan.
    pub(super) fn encode(&self, canonical: &mut Canonical) {
        canonical
            .value(self.id)
            .value(self.part)
            .value(self.held_on)
            .value(self.starts_at)
            .value(self.ends_at)
            .text(&self.site)
            .text(&self.room)
            .value(self.seats)
            .value(self.division)
            .value(self.staff.len());
        for staff in &self.staff {
            canonical
                .text(staff.role.name())
                .bytes(staff.commitment().as_bytes());
            let taught = staff.avoidance.iter().flat_map(|it| &it.taught);
            let taught: Vec<_> = taught.map(u32::to_string).collect();
            canonical.text(&taught.join(","));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::samples;

    #[test]
    fn a_part_has_a_name_in_either_language() {
        for part in ExamPart::ALL {
            assert_eq!(ExamPart::from_name(part.name()), Some(part));
            assert_eq!(part.to_string(), part.name());
            assert_ne!(format!("{part:#}"), part.name());
        }
        for role in StaffRole::ALL {
            assert_eq!(StaffRole::from_name(role.name()), Some(role));
        }
    }

    #[test]
    fn nobody_of_the_staff_is_named_in_a_fact() {
        let session = samples::theory();
        let json = serde_json::to_string(&session).expect("a session serialises");
        assert!(
            json.contains(r#""staff":[{"role":"invigilator"}"#),
            "{json}"
        );
        assert!(!json.contains(session.staff[0].card.reveal()), "{json}");
        assert!(!json.contains(session.staff[0].name.reveal()), "{json}");
    }

    #[test]
    fn sessions_that_only_touch_do_not_overlap() {
        let morning = samples::theory();
        let mut next = morning.clone();
        next.starts_at = morning.ends_at;
        next.ends_at = Time::constant(23, 0, 0, 0);
        assert!(!morning.overlaps(&next) && !next.overlaps(&morning));
        assert!(morning.overlaps(&morning));
    }
}
