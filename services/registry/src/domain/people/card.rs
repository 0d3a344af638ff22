//! Cards (资质证): what somebody may do, in which occupations and at which levels, and until when.

use jiff::civil::Date;
use kernel::ids::PersonId;
use kernel::level::Level;
use kernel::occupation::OccupationRef;
use serde::Serialize;
use strum::{EnumString, IntoStaticStr};

use super::CardId;
use super::engagement::PersonRole;

/// Kind of a card.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum CardKind {
    /// 考评员证
    Examiner,
    /// 高级考评员证
    SeniorExaminer,
    /// 监考员证
    Invigilator,
    /// 督导员证
    QualitySupervisor,
    /// 行政执法证
    Enforcement,
}

impl CardKind {
    /// Whether the card is one for this duty.
    pub fn is_for(self, duty: PersonRole) -> bool {
        match self {
            Self::Examiner | Self::SeniorExaminer => {
                matches!(duty, PersonRole::Examiner | PersonRole::SeniorExaminer)
            }
            Self::Invigilator => duty == PersonRole::Invigilator,
            Self::QualitySupervisor => matches!(
                duty,
                PersonRole::InternalSupervisor | PersonRole::ExternalSupervisor
            ),
            Self::Enforcement => duty == PersonRole::Inspector,
        }
    }

    /// Whether the card says in which occupations and at which levels.
    pub fn is_by_occupation(self) -> bool {
        matches!(self, Self::Examiner | Self::SeniorExaminer)
    }
}

/// A card. Its number is not here: it names a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Card {
    /// `card_…`
    pub id: CardId,
    /// The entry of the human for which it was recorded.
    pub person_id: PersonId,
    /// What it is for.
    pub kind: CardKind,
    /// Occupations, of a card that goes by them.
    pub occupations: Vec<OccupationRef>,
    /// Levels, of a card that goes by them.
    pub levels: Vec<Level>,
    /// First day.
    pub valid_from: Date,
    /// Last day.
    pub valid_until: Date,
    /// 发证机构
    pub issuer: String,
    /// Day from which it is revoked.
    pub revoked_on: Option<Date>,
}

impl Card {
    /// Whether it is valid on a day.
    pub fn is_valid_on(&self, day: Date) -> bool {
        self.valid_from <= day
            && day <= self.valid_until
            && self.revoked_on.is_none_or(|revoked| day < revoked)
    }
}
