//! A human at a home, and how one comes there.

use jiff::civil::Date;
use kernel::citizen_id::CitizenId;
use kernel::ids::{PersonId, SanctionId};
use kernel::rejection::{FaultList, Faults};
use kernel::rejections;
use serde::Serialize;

use super::card::{Card, CardKind};
use super::engagement::{
    Engagement, EngagementRejection, MOST_ENGAGEMENTS, PersonRole, latest_day,
};
use super::home::Home;
use super::pool::{PoolEntry, PoolRejection};
use super::sanction::Sanction;
use super::{CardId, HumanId};

/// Most engagements of a person, over all years.
const MOST_EVER: usize = 100;

rejections! {
    /// Why somebody is not enlisted or found.
    pub enum PersonRejection {
        /// No such person, or not the caller's to see.
        PersonNotFound => "PERSON_NOT_FOUND", NotFound, "platform",
            "未找到该人员", "no such person";
        /// One human, one entry at a home.
        PersonEnlistedAlready => "PERSON_ENLISTED_ALREADY", AlreadyExists, "platform",
            "该人员已登记", "this person is enlisted here already";
        /// Somebody else was faster.
        PersonChanged => "PERSON_CHANGED", Aborted, "platform",
            "人员信息已被他人修改，请刷新后重试", "the person's entry was changed in between, please read it again";
    }
}

/// A human at a home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// `pers_…`
    pub id: PersonId,
    /// The human, over all homes.
    pub human: HumanId,
    /// The home.
    pub home: Home,
    /// What the person did, does and will do there.
    pub engagements: Vec<Engagement>,
    /// What the centre knows of somebody in its pool.
    pub pool_entry: Option<PoolEntry>,
    /// The human's cards.
    pub cards: Vec<Card>,
    /// The human's sanctions.
    pub sanctions: Vec<Sanction>,
}

/// Somebody who is to be enlisted.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The home.
    pub home: Home,
    /// What the person does there.
    pub engagements: Vec<Engagement>,
    /// What the centre knows of somebody in its pool.
    pub pool_entry: Option<PoolEntry>,
}

/// What happened to an entry. Names nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum PersonFact {
    /// Somebody was enlisted.
    PersonEnlisted {
        /// `pers_…`
        person_id: PersonId,
        /// The home.
        home: Home,
        /// What the person does there.
        engagements: Vec<Engagement>,
    },
    /// Name, or what the centre knows, was corrected.
    PersonUpdated {
        /// `pers_…`
        person_id: PersonId,
        /// Whether the name is another.
        renamed: bool,
        /// What the centre knows from now on.
        pool_entry: Option<PoolEntry>,
    },
    /// Somebody has another duty.
    PersonEngaged {
        /// `pers_…`
        person_id: PersonId,
        /// The duty.
        engagement: Engagement,
    },
    /// A duty has an end.
    EngagementEnded {
        /// `pers_…`
        person_id: PersonId,
        /// The duty as it was, with its last day.
        engagement: Engagement,
    },
    /// A card is on record.
    CardRecorded {
        /// The card.
        card: Card,
    },
    /// A card is revoked.
    CardRevoked {
        /// `pers_…`
        person_id: PersonId,
        /// `card_…`
        card_id: CardId,
        /// From this day on.
        on: Date,
    },
    /// The human is barred from duties.
    SanctionImposed {
        /// The sanction, without its grounds.
        sanction: Sanction,
    },
    /// A sanction is lifted.
    SanctionLifted {
        /// `pers_…`
        person_id: PersonId,
        /// `sanc_…`
        sanction_id: SanctionId,
        /// From this day on.
        on: Date,
    },
}

impl Candidate {
    /// Whether somebody with this citizen id may be enlisted.
    ///
    /// # Errors
    /// Every fault at once.
    pub fn check(&self, citizen_id: &CitizenId, today: Date) -> Result<(), Faults> {
        let mut faults = FaultList::default();
        check_entry(self.home, self.pool_entry.as_ref(), &mut faults);
        let given = self.engagements.len();
        let missing = EngagementRejection::EngagementsMissing;
        faults.require(given > 0, "engagements", &missing);
        let too_many = EngagementRejection::TooManyEngagements {
            limit: MOST_ENGAGEMENTS,
        };
        faults.require(given <= MOST_ENGAGEMENTS, "engagements", &too_many);
        for (index, engagement) in self.engagements.iter().enumerate() {
            let before = self.engagements[..index].iter();
            let field = format!("engagements[{index}]");
            let holder = (self.home, citizen_id);
            engagement.check(holder, before, (today, &field), &mut faults);
        }
        faults.finish()
    }

    /// The fact that somebody is enlisted.
    pub fn enlist(&self, person_id: PersonId) -> PersonFact {
        PersonFact::PersonEnlisted {
            person_id,
            home: self.home,
            engagements: self.engagements.clone(),
        }
    }
}

impl Person {
    /// Whether the person is on post in a role on a day, and not barred from it.
    pub fn acts_as(&self, role: PersonRole, on: Date) -> bool {
        self.is_on_post(role, on) && !self.is_barred(role, on)
    }

    /// Whether the person has a duty on a day.
    pub fn is_on_post(&self, duty: PersonRole, on: Date) -> bool {
        let has = |one: &Engagement| one.role.is_same_duty(duty) && one.holds_on(on);
        self.engagements.iter().any(has)
    }

    /// Whether a sanction keeps the human from a duty on a day.
    pub fn is_barred(&self, duty: PersonRole, on: Date) -> bool {
        self.sanctions
            .iter()
            .any(|sanction| sanction.bars(duty, on))
    }

    /// Corrects the name, and what the centre knows.
    ///
    /// # Errors
    /// When there is something to know of somebody at an organisation, or nothing of somebody in a
    /// pool.
    pub fn update(
        &self,
        renamed: bool,
        pool_entry: Option<PoolEntry>,
    ) -> Result<PersonFact, Faults> {
        let mut faults = FaultList::default();
        check_entry(self.home, pool_entry.as_ref(), &mut faults);
        faults.finish()?;
        Ok(PersonFact::PersonUpdated {
            person_id: self.id,
            renamed,
            pool_entry,
        })
    }

    /// Gives the person another duty.
    ///
    /// # Errors
    /// Every fault at once.
    pub fn engage(
        &self,
        engagement: Engagement,
        citizen_id: &CitizenId,
        today: Date,
    ) -> Result<PersonFact, Faults> {
        let mut faults = FaultList::default();
        let limit = MOST_EVER;
        let too_many = EngagementRejection::TooManyEngagements { limit };
        if self.engagements.len() >= limit {
            faults.refuse(&too_many);
        }
        let (holder, beside) = ((self.home, citizen_id), self.engagements.iter());
        engagement.check(holder, beside, (today, "engagement"), &mut faults);
        faults.finish()?;
        Ok(PersonFact::PersonEngaged {
            person_id: self.id,
            engagement,
        })
    }

    /// A duty as it is ended with a last day.
    ///
    /// # Errors
    /// When the person does not have it, or not until then.
    pub fn end(&self, role: PersonRole, until: Date, today: Date) -> Result<Engagement, Faults> {
        let lasts =
            |one: &&Engagement| one.role == role && one.until.is_none_or(|known| until < known);
        let lasting = self.engagements.iter().rev().find(lasts);
        let lasting = lasting.ok_or(EngagementRejection::NotOnPost)?;
        let mut faults = FaultList::default();
        let ends_later = lasting.from <= until;
        faults.require(
            ends_later,
            "on_post_until",
            &EngagementRejection::EndsTooEarly,
        );
        let latest = latest_day(today);
        let ends_too_late = EngagementRejection::EndsTooLate { latest };
        faults.require(until <= latest, "on_post_until", &ends_too_late);
        faults.finish()?;
        Ok(Engagement {
            until: Some(until),
            ..lasting.clone()
        })
    }

    /// Whether the human has a card of a kind that is valid on a day.
    pub fn has_valid_card(&self, kind: CardKind, on: Date) -> bool {
        let mut cards = self.cards.iter();
        cards.any(|card| card.kind == kind && card.is_valid_on(on))
    }
}

/// A pool is nothing without what its centre knows; an organisation is no pool.
fn check_entry(home: Home, entry: Option<&PoolEntry>, faults: &mut FaultList) {
    match (home, entry) {
        (Home::Pool(_), None) => faults.add("pool_entry", &PoolRejection::EntryMissing),
        (Home::Organization(_), Some(_)) => {
            faults.add("pool_entry", &PoolRejection::EntryOfOrganization);
        }
        _ => {}
    }
}
