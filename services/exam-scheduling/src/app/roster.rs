//! The roster: candidates come on and go, and a neighbour reads it once it is locked.

use std::collections::{HashMap, HashSet};

use anyhow::anyhow;
use kernel::citizen_id::CitizenId;
use kernel::ids::{CandidateId, PlanId};
use kernel::rejection::Faults;
use platform::Result;
use platform::access::Caller;
use platform::crypto::BlindIndex;
use platform::unit::{Begun, Unit};
use proto::exam::v1 as contract;
use sqlx::PgConnection;

use super::reply::{self, Names};
use super::{App, LIST_ROSTER, advance};
use crate::domain::plan::Plan;
use crate::domain::rejection::RosterRejection;
use crate::domain::roster::{Applicant, Person, TicketNumber};
use crate::store;
use crate::store::identity;
use crate::store::roster::{NewCandidate, Stored, candidate_place};

/// What the blind indexes of this service are for: finding a person on a roster twice.
const CANDIDATE: &str = "exam.candidate";

/// Blind indexes of persons, the one under the key in use first.
type Indexes = HashMap<CitizenId, Vec<BlindIndex>>;

impl App {
    /// Admits all candidates of a call, or none.
    pub(crate) async fn import_roster(
        &self,
        caller: &Caller,
        request: &contract::ImportRosterRequest,
        id: PlanId,
        rows: Vec<Applicant>,
    ) -> Result<contract::ImportRosterResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, mut plan) = self.open(&mut unit, caller, id).await?;
        let indexes = self.index(&rows);
        let enrolled = enrolled(unit.connection(), id, &indexes).await?;
        let today = unit.origin().occurred_at.date();
        let (persons, fact) = plan.admit(rows, &enrolled, &self.rules.plan, today)?;
        let candidates = self.admit(&mut unit, id, persons, indexes).await?;
        advance(&mut unit, &mut locked, &mut plan, &[fact]).await?;
        unit.finish(contract::ImportRosterResponse { candidates })
            .await
    }

    /// Takes a candidate off the roster of a draft; what identified the person is gone with it.
    pub(crate) async fn remove_candidate(
        &self,
        caller: &Caller,
        request: &contract::RemoveCandidateRequest,
        (id, candidate): (PlanId, CandidateId),
    ) -> Result<contract::RemoveCandidateResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, mut plan) = self.open(&mut unit, caller, id).await?;
        let ids = [candidate.uuid()];
        let known = store::roster::known_of(unit.connection(), id, &ids).await?;
        let fact = plan.remove_candidate(candidate, known.contains(&candidate))?;
        store::roster::remove(unit.connection(), candidate).await?;
        advance(&mut unit, &mut locked, &mut plan, &[fact]).await?;
        let plan = Some(reply::plan(&plan, Names::Masked));
        unit.finish(contract::RemoveCandidateResponse { plan })
            .await
    }

    fn index(&self, rows: &[Applicant]) -> Indexes {
        let citizen_ids = rows.iter().filter_map(|row| row.citizen_id.as_ref().ok());
        citizen_ids
            .map(|citizen_id| {
                (
                    citizen_id.clone(),
                    self.indexer.index(CANDIDATE, &[citizen_id.reveal()]),
                )
            })
            .collect()
    }

    async fn admit(
        &self,
        unit: &mut Unit,
        plan: PlanId,
        persons: Vec<Person>,
        mut indexes: Indexes,
    ) -> Result<Vec<contract::AdmittedCandidate>> {
        let today = unit.origin().occurred_at.date();
        let draw = || TicketNumber::new(today, rand::random_range(0..TicketNumber::NUMBERS));
        let mut new = Vec::with_capacity(persons.len());
        for person in persons {
            let index = indexes
                .remove(&person.citizen_id)
                .and_then(|found| found.into_iter().next());
            let index = index.ok_or_else(|| anyhow!("a candidate was not indexed"))?;
            new.push(NewCandidate { person, index });
        }
        let vault = self.journal.vault();
        let tickets = store::roster::insert(unit.connection(), vault, plan, &new, draw).await?;
        let admitted = new
            .iter()
            .map(|new| reply::admitted(&new.person, &tickets[&new.person.id]));
        Ok(admitted.collect())
    }

    /// A page of a locked roster, from behind a ticket number on. Each entry is a person, so each
    /// one read is recorded by itself.
    pub(crate) async fn roster_page(
        &self,
        caller: &Caller,
        id: PlanId,
        after: Option<TicketNumber>,
        size: u32,
    ) -> Result<contract::ListRosterResponse> {
        let mut transaction = self.journal.pool().begin().await?;
        let vault = self.journal.vault();
        let plan = store::plan::find(&mut transaction, vault, &caller.scope(), id).await?;
        let not_locked = || Faults::at("plan_id", &RosterRejection::NotLocked);
        let digest = plan.roster_digest().ok_or_else(not_locked)?;
        // A token is the last ticket of the page before. One from elsewhere would pass entries over.
        if let Some(after) = &after
            && !store::roster::holds(&mut transaction, id, after).await?
        {
            return Err(Faults::at("page_token", &RosterRejection::PageToken).into());
        }
        // One more than asked for, to know whether another page follows.
        let limit = i64::from(size) + 1;
        let mut page = store::roster::page(&mut transaction, id, after.as_ref(), limit).await?;
        let more = page.len() > size as usize;
        page.truncate(size as usize);
        let next = page
            .last()
            .filter(|_| more)
            .map(|last| last.candidate.ticket.to_string());
        let entries = self.reveal(&mut transaction, caller, &plan, &page).await?;
        transaction.commit().await?;
        Ok(contract::ListRosterResponse {
            entries,
            next_page_token: next.unwrap_or_default(),
            roster_digest: digest.as_bytes().to_vec().into(),
            total: plan.candidates,
        })
    }

    async fn reveal(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        plan: &Plan,
        page: &[Stored],
    ) -> Result<Vec<contract::RosterEntry>> {
        let vault = self.journal.vault();
        let mut entries = Vec::with_capacity(page.len());
        for stored in page {
            let place = candidate_place(stored.candidate.id);
            let plain = vault
                .reveal(connection, caller, LIST_ROSTER, place, &stored.identity)
                .await?;
            let person = identity::read(&plain, CitizenId::parse)?;
            entries.push(reply::entry(plan, &stored.candidate, &person));
        }
        Ok(entries)
    }
}

/// Who of these persons is on the roster already, under whatever key that was noted.
async fn enrolled(
    connection: &mut PgConnection,
    plan: PlanId,
    indexes: &Indexes,
) -> Result<HashSet<CitizenId>> {
    let digests = indexes
        .values()
        .flatten()
        .map(|index| index.digest.to_vec());
    let found = store::roster::enrolled(connection, plan, &digests.collect::<Vec<_>>()).await?;
    let on_roster = |indexes: &[BlindIndex]| {
        indexes
            .iter()
            .any(|index| found.contains(index.digest.as_slice()))
    };
    let persons = indexes.iter().filter(|(_, indexes)| on_roster(indexes));
    Ok(persons.map(|(citizen_id, _)| citizen_id.clone()).collect())
}
