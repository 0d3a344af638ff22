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
        let body = body(header, ContentHash::of_bytes(&file));
        let read = self.turns.take(move || sheets::candidates::read(&file));
        let read = read.await?;
        if header.dry_run {
            let tried = match read {
                // All is judged, and nothing stays: the unit ends with this call.
                Ok(listed) => {
                    let mut unit = self.journal.begin_own().await?;
                    self.admit_listed(&mut unit, caller, (header, id), listed)
                        .await
                }
                Err(refused) => Err(refused.into()),
            };
            return tried.or_else(|failure| match failure {
                Error::Refused(faults) => Ok(contract::ImportCandidatesResponse {
                    faults: told(&faults),
                    ..contract::ImportCandidatesResponse::default()
                }),
                failure => Err(failure),
            });
        }
        let listed = read?;
        let begun = self.journal.begin_hashed(caller, header, body);
        let mut unit = match begun.await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let admitted = self.admit_listed(&mut unit, caller, (header, id), listed);
        let reply = admitted.await?;
        unit.finish(reply).await
    }

    /// A file is not read for somebody who may not see its plan.
    async fn must_see(&self, caller: &Caller, id: PlanId) -> Result<()> {
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
        listed: Vec<Listed>,
    ) -> Result<contract::ImportCandidatesResponse> {
        let (mut locked, mut plan) = self.open(unit, caller, id).await?;
        let rows = listed.into_iter().map(|listed| listed.of(&plan)).collect();
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
