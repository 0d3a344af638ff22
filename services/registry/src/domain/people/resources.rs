//! What an organisation has on a day to evaluate with (notice 1.3, 1.4), as counts and a digest.
//!
//! Review freezes the answer when an application is handed in. The digest is over the entries
//! themselves, so that it shows whether one was exchanged for another with the counts unchanged.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::ids::PersonId;
use kernel::level::Level;
use kernel::occupation::OccupationRef;
use serde::Serialize;

use super::card::{Card, CardKind};
use super::engagement::{Engagement, PersonRole};
use super::person::Person;
use crate::domain::site::Site;

/// What an organisation has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Resources {
    people: Vec<OnPost>,
    /// Sites in use, with their rooms in use.
    pub sites: Vec<Site>,
}

/// Somebody on post, with the cards for what the person does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct OnPost {
    person_id: PersonId,
    engagements: Vec<Engagement>,
    cards: Vec<Card>,
}

/// How many do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RoleCount {
    /// On post.
    pub people: u32,
    /// Of them full time.
    pub full_time: u32,
}

/// What a card is for: its kind, and an occupation and level where it goes by them.
pub type CardScope = (CardKind, Option<(OccupationRef, Level)>);

impl Resources {
    /// What these people and sites of an organisation are on a day.
    pub fn on(day: Date, people: &[Person], sites: Vec<Site>) -> Self {
        let mut people: Vec<_> = people
            .iter()
            .filter_map(|person| OnPost::on(day, person))
            .collect();
        people.sort_by_key(|person| person.person_id);
        let sites = sites.into_iter();
        Self {
            people,
            sites: sites.filter_map(|site| site.in_use_on(day)).collect(),
        }
    }

    /// People on post, each once; and of them, those full time in some role.
    pub fn people(&self) -> RoleCount {
        let full_time = |person: &&OnPost| person.engagements.iter().any(|one| one.full_time);
        RoleCount {
            people: count(self.people.len()),
            full_time: count(self.people.iter().filter(full_time).count()),
        }
    }

    /// People on post, role by role.
    pub fn roles(&self) -> BTreeMap<PersonRole, RoleCount> {
        let mut roles: BTreeMap<_, RoleCount> = BTreeMap::new();
        for engagement in self.people.iter().flat_map(|person| &person.engagements) {
            let role = roles.entry(engagement.role).or_default();
            role.people += 1;
            role.full_time += u32::from(engagement.full_time);
        }
        roles
    }

    /// Holders of cards, by what the cards are for.
    pub fn cards(&self) -> BTreeMap<CardScope, u32> {
        let mut cards: BTreeMap<_, u32> = BTreeMap::new();
        for person in &self.people {
            // Two cards of one person for one thing are one holder.
            let mut scopes: Vec<_> = person.cards.iter().flat_map(scopes).collect();
            scopes.sort_unstable();
            scopes.dedup();
            for scope in scopes {
                *cards.entry(scope).or_default() += 1;
            }
        }
        cards
    }

    /// People who may examine an occupation at a level, each once whichever cards they hold.
    pub fn examiners(&self) -> BTreeMap<(OccupationRef, Level), u32> {
        let mut examiners: BTreeMap<_, u32> = BTreeMap::new();
        for person in &self.people {
            let scopes = person.cards.iter().flat_map(scopes);
            let examined: BTreeSet<_> = scopes.filter_map(|(_, scope)| scope).collect();
            for scope in examined {
                *examiners.entry(scope).or_default() += 1;
            }
        }
        examiners
    }

    /// Fingerprint of the entries behind the counts.
    pub fn digest(&self) -> ContentHash {
        let json = serde_json::to_vec(self).expect("entries are plain values");
        ContentHash::of_bytes(&json)
    }
}

impl OnPost {
    fn on(day: Date, person: &Person) -> Option<Self> {
        let acts = |engagement: &&Engagement| {
            engagement.holds_on(day) && !person.is_barred(engagement.role, day)
        };
        let engagements: Vec<_> = person.engagements.iter().filter(acts).cloned().collect();
        let used = |card: &&Card| {
            let mut roles = engagements.iter().map(|engagement| engagement.role);
            card.is_valid_on(day) && roles.any(|role| card.kind.is_for(role))
        };
        let cards = person.cards.iter().filter(used).cloned().collect();
        (!engagements.is_empty()).then_some(Self {
            person_id: person.id,
            engagements,
            cards,
        })
    }
}

fn scopes(card: &Card) -> Vec<CardScope> {
    if !card.kind.is_by_occupation() {
        return vec![(card.kind, None)];
    }
    let occupations = card.occupations.iter();
    let of = |occupation: &OccupationRef| {
        let occupation = *occupation;
        let levels = card.levels.iter();
        levels.map(move |level| (card.kind, Some((occupation, *level))))
    };
    occupations.flat_map(of).collect()
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
