//! Cards (资质证): what somebody may do, in which occupations and at which levels, and until when.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::ids::PersonId;
use kernel::level::Level;
use kernel::occupation::OccupationRef;
use kernel::rejection::{FaultList, Faults};
use kernel::rejections;
use serde::Serialize;
use strum::{EnumString, IntoStaticStr};

use super::CardId;
use super::engagement::PersonRole;
use super::person::PersonFact;

/// Longest time for which a card is issued, in years: longer is a slip of the fingers.
const LONGEST_YEARS: i16 = 20;
/// Most occupations of a card.
pub const MOST_OCCUPATIONS: usize = 20;

rejections! {
    /// Why a card is not recorded, revoked or found.
    pub enum CardRejection {
        /// No such card, or not the caller's to see.
        CardNotFound => "CARD_NOT_FOUND", NotFound, "platform",
            "未找到该证卡", "no such card";
        /// One of the kinds of the contract.
        CardKindUnknown => "CARD_KIND_UNKNOWN", InvalidArgument, "notice 3.1",
            "没有这种证卡", "there is no such kind of card";
        /// One number, one human.
        NumberTaken => "CARD_NUMBER_TAKEN", AlreadyExists, "notice 3.1",
            "该证卡编号已登记在他人名下", "the number is that of somebody else's card";
        /// A card is renewed from the day on which it ends.
        RecordedAlready => "CARD_RECORDED_ALREADY", AlreadyExists, "notice 3.1",
            "该证卡在这段有效期内已登记", "the card is on record already for that time";
        /// Days run forward.
        EndsTooEarly => "CARD_ENDS_TOO_EARLY", InvalidArgument, "notice 3.1",
            "有效期止不能早于有效期起", "a card does not end before it begins";
        /// A slip of the fingers, most likely.
        LastsTooLong { years: i16 } => "CARD_LASTS_TOO_LONG", InvalidArgument, "platform",
            "证卡有效期不能超过 {years} 年", "a card is valid for at most {years} years";
        /// An examiner's card says for what.
        OccupationsMissing => "CARD_OCCUPATIONS_MISSING", InvalidArgument, "notice 3.1",
            "考评员证应填写考评职业", "an examiner's card names its occupations";
        /// An examiner's card says for what.
        LevelsMissing => "CARD_LEVELS_MISSING", InvalidArgument, "notice 3.1",
            "考评员证应填写考评等级", "an examiner's card names its levels";
        /// Other cards do not.
        ScopeOfExaminersAlone => "CARD_SCOPE_OF_EXAMINERS_ALONE", InvalidArgument, "notice 3.1",
            "只有考评员证填写考评职业和等级", "only an examiner's card names occupations and levels";
        /// The list has an end.
        TooManyOccupations { limit: usize } => "CARD_OCCUPATIONS_TOO_MANY", InvalidArgument, "platform",
            "最多填写 {limit} 个职业", "a card has at most {limit} occupations";
        /// Not in the catalogue.
        OccupationUnknown => "CARD_OCCUPATION_UNKNOWN", InvalidArgument, "notice 2",
            "职业分类大典中没有该职业", "the catalogue has no such occupation";
        /// Once is enough.
        OccupationTwice => "CARD_OCCUPATION_TWICE", InvalidArgument, "platform",
            "该职业重复", "the occupation is named twice";
        /// Once and for all.
        RevokedAlready => "CARD_REVOKED_ALREADY", FailedPrecondition, "platform",
            "该证卡已注销", "the card is revoked already";
    }
}

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
    pub levels: BTreeSet<Level>,
    /// First day.
    pub valid_from: Date,
    /// Last day.
    pub valid_until: Date,
    /// 发证机构
    pub issuer: String,
    /// Day from which it is revoked.
    pub revoked_on: Option<Date>,
    /// Why; empty unless it is. Free text, so no fact has it.
    #[serde(skip)]
    pub revocation_reason: String,
}

impl Card {
    /// Whether it is valid on a day.
    pub fn is_valid_on(&self, day: Date) -> bool {
        self.valid_from <= day
            && day <= self.valid_until
            && self.revoked_on.is_none_or(|revoked| day < revoked)
    }

    /// Records the card; `same_number` are those that have been recorded with its number, all of
    /// the same human, and `knows` tells whether the catalogue has an occupation.
    ///
    /// # Errors
    /// Every fault at once.
    pub fn record<'c>(
        &self,
        mut same_number: impl Iterator<Item = &'c Self>,
        knows: impl Fn(&OccupationRef) -> bool,
    ) -> Result<PersonFact, Faults> {
        let mut faults = FaultList::default();
        let ends_later = self.valid_from <= self.valid_until;
        faults.require(ends_later, "valid_until", &CardRejection::EndsTooEarly);
        let latest = self.valid_from.saturating_add(LONGEST_YEARS.years());
        let years = LONGEST_YEARS;
        let lasts_too_long = CardRejection::LastsTooLong { years };
        faults.require(self.valid_until < latest, "valid_until", &lasts_too_long);
        self.check_scope(knows, &mut faults);
        let known = same_number.any(|other| self.clashes(other));
        faults.require(!known, "number", &CardRejection::RecordedAlready);
        faults.finish()?;
        Ok(PersonFact::CardRecorded { card: self.clone() })
    }

    /// Revokes the card from a day on.
    ///
    /// # Errors
    /// When it is revoked already.
    pub fn revoke(&self, on: Date) -> Result<PersonFact, CardRejection> {
        if self.revoked_on.is_some() {
            return Err(CardRejection::RevokedAlready);
        }
        Ok(PersonFact::CardRevoked {
            person_id: self.person_id,
            card_id: self.id,
            on,
        })
    }

    fn check_scope(&self, knows: impl Fn(&OccupationRef) -> bool, faults: &mut FaultList) {
        let (occupations, levels) = (!self.occupations.is_empty(), !self.levels.is_empty());
        if self.kind.is_by_occupation() {
            faults.require(
                occupations,
                "occupations",
                &CardRejection::OccupationsMissing,
            );
            faults.require(levels, "levels", &CardRejection::LevelsMissing);
        } else {
            let scope = occupations || levels;
            faults.require(!scope, "occupations", &CardRejection::ScopeOfExaminersAlone);
        }
        for (index, occupation) in self.occupations.iter().enumerate() {
            let field = format!("occupations[{index}]");
            faults.require(
                knows(occupation),
                &*field,
                &CardRejection::OccupationUnknown,
            );
            let twice = self.occupations[..index].contains(occupation);
            faults.require(!twice, field, &CardRejection::OccupationTwice);
        }
    }

    /// Whether both are valid at the same time, if only for a day.
    fn clashes(&self, other: &Self) -> bool {
        other.revoked_on.is_none()
            && self.valid_from <= other.valid_until
            && other.valid_from <= self.valid_until
    }
}
