//! The roster: candidates come on and go, and a neighbour reads it once it is locked.

use kernel::identity_document::Document;
use kernel::ids::{CandidateId, PlanId};
use kernel::rejection::Faults;
use platform::Result;
use platform::access::Caller;
use platform::unit::Begun;
use proto::exam::v1 as contract;
use sqlx::PgConnection;

use super::reply::{self, Names};
use super::{App, LIST_ROSTER, advance};
use crate::domain::intake::{Judged, Source, Verdict, all_or_none, check_size};
use crate::domain::plan::Plan;
use crate::domain::rejection::RosterRejection;
use crate::domain::roster::{Applicant, Person, TicketNumber};
use crate::store;
use crate::store::identity;
use crate::store::roster::{Stored, candidate_place};

impl App {
    /// Admits all candidates of a call, or none.
    pub(crate) async fn import_roster(
        &self,
        caller: &Caller,
        request: &contract::ImportRosterRequest,
        id: PlanId,
        rows: Vec<Applicant>,
    ) -> Result<contract::ImportRosterResponse> {
        // What was answered before is answered so again, whatever the neighbour says by now.
        if let Some(reply) = self.journal.answered(caller, request).await? {
            return Ok(reply);
        }
        self.must_see(caller, id).await?;
        check_size(rows.len())?;
        let holdings = self
            .ask_holdings(rows.iter().map(|row| row.document.as_ref()))
            .await?;
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, mut plan) = self.open(&mut unit, caller, id).await?;
        let (judged, marks) = self
            .judge_rows(&mut unit, &plan, (rows, holdings), Source::Call)
            .await?;
        all_or_none(&judged, |row, field| format!("candidates[{row}].{field}"))?;
        let (persons, warnings) = admitted(judged);
        let fact = plan.admit(&persons)?;
        let tickets = self.enter(&mut unit, id, &persons, &marks).await?;
        advance(&mut unit, &mut locked, &mut plan, fact.as_slice()).await?;
        let shown = persons.iter().zip(&warnings);
        let candidates = shown
            .map(|(person, warned)| reply::admitted(person, &tickets[&person.id], warned.as_ref()))
            .collect();
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
            let person = identity::read(&plain, Document::read)?;
            entries.push(reply::entry(plan, &stored.candidate, &person));
        }
        Ok(entries)
    }
}

/// Those who were admitted, and the warnings of each.
fn admitted(judged: Vec<Judged>) -> (Vec<Person>, Vec<Option<Faults>>) {
    let admitted = judged.into_iter().filter_map(|row| match row.verdict {
        Verdict::Admitted(person) => Some((*person, row.warnings)),
        Verdict::Unchanged(_) | Verdict::Refused(_) => None,
    });
    admitted.unzip()
}
