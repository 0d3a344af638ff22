//! Candidates out of a spreadsheet: all of them, or none and every row's faults; or, if that is
//! wanted, those without.

use bytes::Bytes;
use kernel::content_hash::ContentHash;
use kernel::ids::PlanId;
use kernel::rejection::FaultList;
use platform::access::Caller;
use platform::sheets::{MOST_FAULTS, faults as told};
use platform::unit::{Begun, Unit};
use platform::upload::body;
use platform::{Error, Result};
use proto::exam::v1 as contract;

use super::holdings::Holdings;
use super::{App, advance, reply};
use crate::domain::intake::{Judged, Source, Verdict, all_or_none};
use crate::domain::roster::MOST_ROWS;
use crate::sheets;
use crate::sheets::candidates::{Listed, place};
use crate::store;

impl App {
    /// Admits the candidates of a file, unless that is only tried.
    pub(crate) async fn import_candidates(
        &self,
        caller: &Caller,
        header: &contract::CandidatesHeader,
        id: PlanId,
        file: Bytes,
    ) -> Result<contract::ImportCandidatesResponse> {
        self.must_see(caller, id).await?;
        if header.dry_run {
            return self.try_file(caller, (header, id), file).await;
        }
        let body = body(header, ContentHash::of_bytes(&file));
        let answered = self.journal.answered_hashed(caller, header, body);
        if let Some(reply) = answered.await? {
            return Ok(reply);
        }
        let listed = self.listed(file).await?;
        let begun = self.journal.begin_hashed(caller, header, body);
        let mut unit = match begun.await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let admitted = self.admit_listed(&mut unit, caller, (header, id), listed);
        let reply = admitted.await?;
        unit.finish(reply).await
    }

    /// What would become of a file. All is judged, and nothing stays: the unit ends with this call.
    async fn try_file(
        &self,
        caller: &Caller,
        at: (&contract::CandidatesHeader, PlanId),
        file: Bytes,
    ) -> Result<contract::ImportCandidatesResponse> {
        let tried = async {
            let listed = self.listed(file).await?;
            let mut unit = self.journal.begin_own().await?;
            self.admit_listed(&mut unit, caller, at, listed).await
        };
        tried.await.or_else(|failure| match failure {
            Error::Refused(faults) => Ok(contract::ImportCandidatesResponse {
                faults: told(&faults),
                ..contract::ImportCandidatesResponse::default()
            }),
            failure => Err(failure),
        })
    }

    /// The rows of a file, and what their people hold.
    async fn listed(&self, file: Bytes) -> Result<(Vec<Listed>, Holdings)> {
        let read = self.turns.take(move || sheets::candidates::read(&file));
        let listed = read.await??;
        let people = listed.iter().map(Listed::person);
        let holdings = self.ask_holdings(people).await?;
        Ok((listed, holdings))
    }

    /// Neither is a file read nor a neighbour asked for somebody who may not see its plan.
    pub(super) async fn must_see(&self, caller: &Caller, id: PlanId) -> Result<()> {
        let mut connection = self.journal.pool().acquire().await?;
        let vault = self.journal.vault();
        store::plan::find(&mut connection, vault, &caller.scope(), id).await?;
        Ok(())
    }

    async fn admit_listed(
        &self,
        unit: &mut Unit,
        caller: &Caller,
        (header, id): (&contract::CandidatesHeader, PlanId),
        (listed, holdings): (Vec<Listed>, Holdings),
    ) -> Result<contract::ImportCandidatesResponse> {
        let (mut locked, mut plan) = self.open(unit, caller, id).await?;
        let rows = listed.into_iter().map(|listed| listed.of(&plan)).collect();
        let rows = (rows, holdings);
        let (judged, marks) = self.judge_rows(unit, &plan, rows, Source::File).await?;
        if !header.partial && !header.dry_run {
            all_or_none(&judged, place)?;
        }
        let mut reply = summary(&judged);
        let admitted = judged.into_iter().filter_map(|row| match row.verdict {
            Verdict::Admitted(person) => Some((*person, (row.number, row.warnings))),
            Verdict::Unchanged(_) | Verdict::Refused(_) => None,
        });
        let (persons, notes): (Vec<_>, Vec<_>) = admitted.unzip();
        for (persons, notes) in persons.chunks(MOST_ROWS).zip(notes.chunks(MOST_ROWS)) {
            let fact = plan.admit(persons)?;
            let tickets = self.enter(unit, id, persons, &marks).await?;
            advance(unit, &mut locked, &mut plan, fact.as_slice()).await?;
            let entered = persons.iter().zip(notes);
            reply
                .candidates
                .extend(entered.map(|(person, (row, warned))| {
                    let ticket = &tickets[&person.id];
                    contract::ImportedCandidate {
                        row: u32::try_from(*row).unwrap_or(u32::MAX),
                        candidate: Some(reply::admitted(person, ticket, warned.as_ref())),
                    }
                }));
        }
        Ok(reply)
    }
}

/// What becomes of the rows that are not admitted.
fn summary(judged: &[Judged]) -> contract::ImportCandidatesResponse {
    let mut reply = contract::ImportCandidatesResponse::default();
    let mut faults = FaultList::default();
    for row in judged {
        match &row.verdict {
            Verdict::Admitted(_) => {}
            Verdict::Unchanged(_) => reply.unchanged += 1,
            Verdict::Refused(refused) => {
                reply.refused += 1;
                if faults.len() < MOST_FAULTS {
                    faults.extend(refused.clone().moved(|field| place(row.number, field)));
                }
            }
        }
    }
    let refused = faults.finish().err();
    reply.faults = refused.as_ref().map_or_else(Vec::new, told);
    reply
}
