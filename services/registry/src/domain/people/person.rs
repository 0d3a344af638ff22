//! A human at a home, and how one comes there.

use jiff::civil::Date;
use kernel::citizen_id::CitizenId;
use kernel::ids::PersonId;
use kernel::rejection::{FaultList, Faults};
use kernel::rejections;
use serde::Serialize;

use super::HumanId;
use super::card::{Card, CardKind};
use super::engagement::{Engagement, EngagementRejection, MOST_ENGAGEMENTS, PersonRole};
use super::home::Home;
use super::pool::{PoolEntry, PoolRejection};
use super::sanction::Sanction;

rejections! {
    /// Why somebody is not enlisted or found.
    pub enum PersonRejection {
        /// No such person, or not the caller's to see.
        PersonNotFound => "PERSON_NOT_FOUND", NotFound, "platform",
            "未找到该人员", "no such person";
        /// One human, one entry at a home.
        PersonEnlistedAlready => "PERSON_ENLISTED_ALREADY", AlreadyExists, "platform",
            "该人员已登记", "this person is enlisted here already";
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
}

impl Candidate {
    /// Whether somebody with this citizen id may be enlisted.
    ///
    /// # Errors
    /// Every fault at once.
    pub fn check(&self, citizen_id: &CitizenId, today: Date) -> Result<(), Faults> {
        let mut faults = FaultList::default();
        match (self.home, &self.pool_entry) {
            (Home::Pool(_), None) => faults.add("pool_entry", &PoolRejection::EntryMissing),
            (Home::Organization(_), Some(_)) => {
                faults.add("pool_entry", &PoolRejection::EntryOfOrganization);
            }
            _ => {}
        }
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
        let on_post = |engagement: &Engagement| engagement.role == role && engagement.holds_on(on);
        self.engagements.iter().any(on_post) && !self.is_barred(role, on)
    }

    /// Whether a sanction keeps the human from a duty on a day.
    pub fn is_barred(&self, duty: PersonRole, on: Date) -> bool {
        self.sanctions
            .iter()
            .any(|sanction| sanction.bars(duty, on))
    }

    /// Whether the human has a card of a kind that is valid on a day.
    pub fn has_valid_card(&self, kind: CardKind, on: Date) -> bool {
        let mut cards = self.cards.iter();
        cards.any(|card| card.kind == kind && card.is_valid_on(on))
    }
}
