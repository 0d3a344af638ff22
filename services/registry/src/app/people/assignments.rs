//! Whether people may be assigned to duties: judged live, before another service decides.

use std::collections::{HashMap, HashSet};

use kernel::card_number::CardNumber;
use kernel::ids::{OrganizationId, PersonId};
use kernel::person_name::PersonName;
use platform::Result;
use platform::access::{Caller, Scope};
use sqlx::PgConnection;

use super::{App, CARD_NUMBER};
use crate::domain::people::assignment::{AssignmentVerdict, Duty, Named, judge};
use crate::domain::people::card::Card;
use crate::domain::people::{CardId, HumanId};
use crate::store;
use crate::store::person::Found;

/// Somebody who is to do something.
pub(crate) struct Assignment {
    pub(crate) who: Who,
    /// The name by which the person is known where this is asked.
    pub(crate) name: Option<PersonName>,
    pub(crate) duty: Duty,
}

/// How somebody is named.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum Who {
    Card(CardNumber),
    Person(PersonId),
}

/// Who is named: the human, and the cards with the number if it was one.
type Known = HashMap<Who, (HumanId, Option<HashSet<CardId>>)>;

impl App {
    /// Whether people may be assigned at an organisation's exams, one answer for each.
    pub(crate) async fn check_assignments(
        &self,
        caller: &Caller,
        organization: OrganizationId,
        assignments: &[Assignment],
    ) -> Result<Vec<Result<PersonId, AssignmentVerdict>>> {
        let mut snapshot = self.snapshot().await?;
        store::home::must_see(&mut snapshot, &caller.scope(), organization).await?;
        let known = self.known(&mut snapshot, assignments).await?;
        let humans: HashSet<_> = known.values().map(|(human, _)| human.uuid()).collect();
        let humans: Vec<_> = humans.into_iter().collect();
        let ids = store::person::for_duties(&mut snapshot, organization, &humans).await?;
        let entries = store::person::find_all(&mut snapshot, &Scope::Province, &ids).await?;
        let mut verdicts = Vec::with_capacity(assignments.len());
        for assignment in assignments {
            let verdict = match known.get(&assignment.who) {
                None => Err(AssignmentVerdict::PersonUnknown),
                Some((human, cards)) => {
                    let entries = entries.iter().filter(|one| one.person.human == *human);
                    let entries: Vec<_> = entries.collect();
                    self.judge(organization, &entries, cards.as_ref(), assignment)
                        .await?
                }
            };
            verdicts.push(verdict);
        }
        Ok(verdicts)
    }

    async fn judge(
        &self,
        organization: OrganizationId,
        entries: &[&Found],
        cards: Option<&HashSet<CardId>>,
        assignment: &Assignment,
    ) -> Result<Result<PersonId, AssignmentVerdict>> {
        let mut same_name = assignment.name.is_none();
        for entry in entries {
            let Some(name) = assignment.name.as_ref().filter(|_| !same_name) else {
                break;
            };
            same_name = self.name(entry).await?.normalised() == name.normalised();
        }
        let people: Vec<_> = entries.iter().map(|entry| &entry.person).collect();
        let of_human = people.first().map_or(&[][..], |person| &person.cards[..]);
        let with_number = |wanted: &HashSet<CardId>| -> Vec<&Card> {
            let cards = of_human.iter();
            cards.filter(|card| wanted.contains(&card.id)).collect()
        };
        let cards = cards.map(with_number);
        let named = Named {
            entries: &people,
            cards: cards.as_deref(),
            same_name,
        };
        Ok(judge(organization, named, &assignment.duty))
    }

    /// Whom the numbers and ids name.
    async fn known(
        &self,
        connection: &mut PgConnection,
        assignments: &[Assignment],
    ) -> Result<Known> {
        let mut known = Known::new();
        let mut people = Vec::new();
        let mut by_index: HashMap<Vec<u8>, &Who> = HashMap::new();
        for Assignment { who, .. } in assignments {
            match who {
                Who::Person(person) => people.push(*person),
                Who::Card(number) => {
                    let indexes = self.indexer.index(CARD_NUMBER, &[number.reveal()]);
                    let digests = indexes.into_iter().map(|index| index.digest.to_vec());
                    by_index.extend(digests.map(|digest| (digest, who)));
                }
            }
        }
        let digests: Vec<_> = by_index.keys().cloned().collect();
        for numbered in store::card::with_numbers(connection, &digests).await? {
            let Some(who) = by_index.get(&numbered.index) else {
                continue;
            };
            let entry = known.entry((*who).clone());
            let (_, cards) = entry.or_insert_with(|| (numbered.human, Some(HashSet::new())));
            cards.get_or_insert_default().insert(numbered.card);
        }
        let humans = store::human::of_people(connection, &people).await?;
        let humans = humans.into_iter();
        known.extend(humans.map(|(person, human)| (Who::Person(person), (human, None))));
        Ok(known)
    }
}
