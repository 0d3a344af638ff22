//! Candidates of a plan.

use std::collections::{HashMap, HashSet};

use anyhow::anyhow;
use kernel::ids::{CandidateId, PlanId};
use platform::crypto::{BlindIndex, Place, Vault};
use platform::{Error, Result};
use sqlx::PgConnection;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{conduct, hash, identity, known};
use crate::domain::eligibility::claim::Claim;
use crate::domain::roster::{Candidate, Person, TicketNumber};

/// How often tickets are drawn before something else must be wrong: each round leaves only those
/// whose number was in use, and most numbers of a year never are.
const ROUNDS: usize = 20;

/// Somebody to be put on a roster.
pub struct NewCandidate<'a> {
    /// Who it is.
    pub person: &'a Person,
    /// Blind index of the document under the key in use.
    pub index: BlindIndex,
    /// Blind index of all that the row said, under the same key.
    pub content: [u8; 32],
}

/// A candidate with the sealed identity.
pub(crate) struct Stored {
    pub(crate) candidate: Candidate,
    pub(crate) identity: Vec<u8>,
    pub(crate) claim: Vec<u8>,
}

/// Somebody on a roster, as found by blind index.
pub(crate) struct Enrolled {
    pub(crate) id: CandidateId,
    pub(crate) index: Vec<u8>,
    pub(crate) content: Vec<u8>,
}

/// Where the identity of a candidate rests.
pub(crate) fn candidate_place(candidate: CandidateId) -> Place {
    Place {
        table: "candidate",
        row: candidate.uuid(),
        column: "identity",
    }
}

/// Where the claim of a candidate rests.
pub(crate) fn claim_place(candidate: CandidateId) -> Place {
    Place {
        column: "claim",
        ..candidate_place(candidate)
    }
}

/// Reads a claim that was opened.
pub(crate) fn claim(plain: &[u8]) -> Result<Claim> {
    known("claim", serde_json::from_slice(plain).ok())
}

/// Who of those with these blind indexes is on the roster of a plan.
pub(crate) async fn enrolled(
    connection: &mut PgConnection,
    plan: PlanId,
    indexes: &[Vec<u8>],
) -> Result<Vec<Enrolled>> {
    let found = sqlx::query!(
        "select candidate_id, person_index, content_index from candidate
         where plan_id = $1 and person_index = any($2)",
        plan.uuid(),
        indexes,
    )
    .fetch_all(connection)
    .await?;
    let enrolled = found.into_iter().map(|row| Enrolled {
        id: CandidateId::from_uuid(row.candidate_id),
        index: row.person_index,
        content: row.content_index,
    });
    Ok(enrolled.collect())
}

/// Puts candidates on the roster, each under a ticket number that `draw` gives. A number in use
/// is drawn again.
pub async fn insert(
    connection: &mut PgConnection,
    vault: &Vault,
    plan: PlanId,
    candidates: &[NewCandidate<'_>],
    mut draw: impl FnMut() -> TicketNumber,
) -> Result<HashMap<CandidateId, TicketNumber>> {
    let mut tickets = HashMap::with_capacity(candidates.len());
    for _ in 0..ROUNDS {
        let mut rows = Rows::default();
        for new in candidates
            .iter()
            .filter(|new| !tickets.contains_key(&new.person.id))
        {
            rows.push(vault, new, &draw())?;
        }
        if rows.ids.is_empty() {
            return Ok(tickets);
        }
        tickets.extend(rows.insert(connection, plan).await?);
    }
    Err(Error::Internal(anyhow!("no free ticket numbers are drawn")))
}

/// Columns of the candidates to insert; arrays of equal length.
#[derive(Default)]
struct Rows {
    ids: Vec<Uuid>,
    subjects: Vec<i32>,
    tickets: Vec<String>,
    indexes: Vec<Vec<u8>>,
    index_keys: Vec<String>,
    identities: Vec<Vec<u8>>,
    commitments: Vec<Vec<u8>>,
    claims: Vec<Vec<u8>>,
    rules: Vec<String>,
    conditions: Vec<String>,
    groups: Vec<String>,
    programmes: Vec<String>,
    contents: Vec<Vec<u8>>,
}

impl Rows {
    fn push(&mut self, vault: &Vault, new: &NewCandidate<'_>, ticket: &TicketNumber) -> Result<()> {
        let person = new.person;
        let place = candidate_place(person.id);
        let document = person.document.written();
        self.ids.push(person.id.uuid());
        self.subjects.push(person.subject.cast_signed());
        self.tickets.push(ticket.to_string());
        self.indexes.push(new.index.digest.to_vec());
        self.index_keys.push(new.index.key_id.clone());
        self.identities.push(identity::seal(
            vault,
            place,
            &document,
            &person.salt,
            &person.name,
        ));
        self.commitments
            .push(person.commitment().as_bytes().to_vec());
        let claim = serde_json::to_vec(&person.claim).map_err(anyhow::Error::from)?;
        let claim = Zeroizing::new(claim);
        self.claims.push(vault.seal(claim_place(person.id), &claim));
        self.rules.push(person.claim.rule.clone());
        self.conditions.push(person.conditions.clone());
        self.groups.push(<&str>::from(person.group).to_owned());
        self.programmes.push(person.programme.clone());
        self.contents.push(new.content.to_vec());
        Ok(())
    }

    /// Inserts all but those whose ticket number is in use.
    async fn insert(
        self,
        connection: &mut PgConnection,
        plan: PlanId,
    ) -> Result<Vec<(CandidateId, TicketNumber)>> {
        let rows = sqlx::query!(
            "insert into candidate (candidate_id, plan_id, subject, ticket_number, person_index,
                 index_key, identity, commitment, claim, rule, conditions, candidate_group,
                 programme, content_index)
             select candidate_id, $1, subject, ticket_number, person_index, index_key, identity,
                 commitment, claim, rule, conditions, candidate_group, programme, content_index
             from unnest($2::uuid[], $3::integer[], $4::text[], $5::bytea[], $6::text[],
                 $7::bytea[], $8::bytea[], $9::bytea[], $10::text[], $11::text[], $12::text[],
                 $13::text[], $14::bytea[])
                 as new (candidate_id, subject, ticket_number, person_index, index_key, identity,
                     commitment, claim, rule, conditions, candidate_group, programme,
                     content_index)
             on conflict on constraint candidate_ticket_once do nothing
             returning candidate_id, ticket_number",
            plan.uuid(),
            &self.ids,
            &self.subjects,
            &self.tickets,
            &self.indexes,
            &self.index_keys,
            &self.identities,
            &self.commitments,
            &self.claims,
            &self.rules,
            &self.conditions,
            &self.groups,
            &self.programmes,
            &self.contents,
        )
        .fetch_all(connection)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok((
                    CandidateId::from_uuid(row.candidate_id),
                    ticket(&row.ticket_number)?,
                ))
            })
            .collect()
    }
}

/// Takes a candidate off the roster of a draft, where nothing else speaks of one yet.
pub(crate) async fn remove(connection: &mut PgConnection, candidate: CandidateId) -> Result<()> {
    sqlx::query!(
        "delete from candidate where candidate_id = $1",
        candidate.uuid(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

fn ticket(stored: &str) -> Result<TicketNumber> {
    known("ticket number", TicketNumber::parse(stored))
}

/// Candidates in order of ticket numbers, from behind a number on, at most so many.
pub(crate) async fn page(
    connection: &mut PgConnection,
    plan: PlanId,
    after: Option<&TicketNumber>,
    limit: i64,
) -> Result<Vec<Stored>> {
    let rows = sqlx::query!(
        "select candidate_id, ticket_number, subject, identity, commitment, claim from candidate
         where plan_id = $1 and ticket_number > $2 order by ticket_number limit $3",
        plan.uuid(),
        after.map_or("", TicketNumber::as_str),
        limit,
    )
    .fetch_all(&mut *connection)
    .await?;
    let ids: Vec<_> = rows.iter().map(|row| row.candidate_id).collect();
    let mut marks = conduct::marks(connection, &ids).await?;
    let mut stored = Vec::with_capacity(rows.len());
    for row in rows {
        let candidate = Candidate {
            id: CandidateId::from_uuid(row.candidate_id),
            ticket: ticket(&row.ticket_number)?,
            subject: row.subject.cast_unsigned(),
            commitment: hash("commitment", &row.commitment)?,
            marks: marks.remove(&row.candidate_id).unwrap_or_default(),
        };
        stored.push(Stored {
            candidate,
            identity: row.identity,
            claim: row.claim,
        });
    }
    Ok(stored)
}

/// The whole roster of a plan, in order of ticket numbers.
pub(crate) async fn all(connection: &mut PgConnection, plan: PlanId) -> Result<Vec<Stored>> {
    page(connection, plan, None, i64::MAX).await
}

/// Whether a ticket number is on the roster of a plan.
pub(crate) async fn holds(
    connection: &mut PgConnection,
    plan: PlanId,
    ticket: &TicketNumber,
) -> Result<bool> {
    let holds = sqlx::query_scalar!(
        r#"select exists (select from candidate where plan_id = $1 and ticket_number = $2)
            as "holds!""#,
        plan.uuid(),
        ticket.as_str(),
    )
    .fetch_one(connection)
    .await?;
    Ok(holds)
}

/// Which of these are candidates of the plan.
pub(crate) async fn known_of(
    connection: &mut PgConnection,
    plan: PlanId,
    ids: &[Uuid],
) -> Result<HashSet<CandidateId>> {
    let found = sqlx::query_scalar!(
        "select candidate_id from candidate where plan_id = $1 and candidate_id = any($2)",
        plan.uuid(),
        ids,
    )
    .fetch_all(connection)
    .await?;
    Ok(found.into_iter().map(CandidateId::from_uuid).collect())
}
