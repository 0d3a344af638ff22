//! Seats and admission tickets (准考证).

use kernel::identity_document::Document;
use kernel::ids::PlanId;
use kernel::rejection::Faults;
use platform::Result;
use platform::access::Caller;
use platform::crypto::Purpose;
use platform::unit::Begun;
use proto::exam::v1 as contract;

use super::{App, advance, reply};
use crate::domain::roster::TicketNumber;
use crate::domain::seating::SeatingRejection;
use crate::store;
use crate::store::identity;
use crate::store::roster::candidate_place;

/// Personal data is opened for an organisation that hands out admission tickets.
const ADMISSION_TICKETS: Purpose = Purpose("list_admission_tickets");

impl App {
    /// Assigns a seat of each part to every candidate of a reported plan.
    pub(crate) async fn assign_seats(
        &self,
        caller: &Caller,
        request: &contract::AssignSeatsRequest,
        id: PlanId,
    ) -> Result<contract::AssignSeatsResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, mut plan) = self.open(&mut unit, caller, id).await?;
        let now = unit.origin().occurred_at;
        let stored = store::roster::all(unit.connection(), id).await?;
        let roster: Vec<_> = stored.into_iter().map(|stored| stored.candidate).collect();
        let (seats, fact) = plan.assign_seats(&roster, now)?;
        store::seating::replace(unit.connection(), id, &seats).await?;
        advance(&mut unit, &mut locked, &mut plan, &[fact]).await?;
        let candidates = plan.candidates;
        unit.finish(contract::AssignSeatsResponse { candidates })
            .await
    }

    /// A page of the admission tickets of a plan, from behind a ticket number on. Each is a
    /// person's, so each one read is recorded by itself.
    pub(crate) async fn admission_tickets(
        &self,
        caller: &Caller,
        id: PlanId,
        after: Option<TicketNumber>,
        size: u32,
    ) -> Result<contract::ListAdmissionTicketsResponse> {
        let mut transaction = self.journal.pool().begin().await?;
        let vault = self.journal.vault();
        let plan = store::plan::find(&mut transaction, vault, &caller.scope(), id).await?;
        // A token is the last ticket of the page before. One from elsewhere would pass some over.
        if let Some(after) = &after
            && !store::roster::holds(&mut transaction, id, after).await?
        {
            return Err(Faults::at("page_token", &SeatingRejection::PageToken).into());
        }
        // One more than asked for, to know whether another page follows.
        let limit = i64::from(size) + 1;
        let mut page = store::roster::page(&mut transaction, id, after.as_ref(), limit).await?;
        let more = page.len() > size as usize;
        page.truncate(size as usize);
        let ids: Vec<_> = page.iter().map(|one| one.candidate.id.uuid()).collect();
        let mut seats = store::seating::of(&mut transaction, &ids).await?;
        let mut tickets = Vec::with_capacity(page.len());
        for stored in &page {
            let seats = seats.remove(&stored.candidate.id.uuid());
            let seats = seats.ok_or_else(|| Faults::from(SeatingRejection::NotSeated))?;
            let place = candidate_place(stored.candidate.id);
            let plain = vault
                .reveal(
                    &mut transaction,
                    caller,
                    ADMISSION_TICKETS,
                    place,
                    &stored.identity,
                )
                .await?;
            let person = identity::read(&plain, Document::read)?;
            tickets.push(reply::ticket(&plan, &stored.candidate, &person, &seats));
        }
        transaction.commit().await?;
        let last = page.last().filter(|_| more);
        Ok(contract::ListAdmissionTicketsResponse {
            tickets,
            next_page_token: last
                .map(|last| last.candidate.ticket.to_string())
                .unwrap_or_default(),
        })
    }
}
