//! One row a candidate. All statements are over many rows at once.

use std::collections::HashMap;

use kernel::ids::{BatchId, CandidateId, ProposalId, PublicNoticeId, ResultId};
use platform::access::Scope;
use platform::crypto::Vault;
use platform::{Error, Result};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{CHUNK, person, returned, unreadable};
use crate::domain::batch::Batch;
use crate::domain::exam::{Attendance, ExamPart};
use crate::domain::person::Person;
use crate::domain::rejection::ReviewRejection;
use crate::domain::result::{CandidateResult, PartResult, ResultState};

/// Which rows of a batch.
#[derive(Default)]
pub(crate) struct Filter<'a> {
    /// Those in a state.
    pub(crate) state: Option<ResultState>,
    /// Those with these ticket numbers.
    pub(crate) tickets: Option<&'a [String]>,
    /// Those after a ticket number.
    pub(crate) after: &'a str,
    /// At most so many.
    pub(crate) limit: Option<i64>,
}

struct Row {
    result_id: Uuid,
    candidate_id: Uuid,
    ticket_number: String,
    subject: i16,
    masked_name: String,
    masked_document_number: String,
    salt: Vec<u8>,
    state: String,
    returned_reason_sealed: Option<Vec<u8>>,
    answer_sealed: Option<Vec<u8>>,
    city_review: Option<Uuid>,
    province_review: Option<Uuid>,
    public_notice_id: Option<Uuid>,
}

/// Rows of a batch, in order of their ticket numbers.
pub(crate) async fn select(
    connection: &mut PgConnection,
    vault: &Vault,
    batch: &Batch,
    filter: Filter<'_>,
) -> Result<Vec<CandidateResult>> {
    let rows = sqlx::query_as!(
        Row,
        "select result_id, candidate_id, ticket_number, subject, masked_name,
             masked_document_number, salt, state, returned_reason_sealed, answer_sealed,
             city_review, province_review, public_notice_id
         from result
         where batch_id = $1
           and ($2::text is null or state = $2)
           and ($3::text[] is null or ticket_number = any($3))
           and ticket_number > $4
         order by ticket_number limit $5",
        batch.id.uuid(),
        filter.state.map(ResultState::as_str),
        filter.tickets as Option<&[String]>,
        filter.after,
        filter.limit,
    )
    .fetch_all(&mut *connection)
    .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.result_id).collect();
    let mut parts = parts(connection, &ids).await?;
    let mut results = Vec::with_capacity(rows.len());
    for row in rows {
        let parts = parts.remove(&row.result_id).unwrap_or_default();
        results.push(row.into_result(vault, parts).await?);
    }
    Ok(results)
}

async fn parts(
    connection: &mut PgConnection,
    results: &[Uuid],
) -> Result<HashMap<Uuid, Vec<PartResult>>> {
    let rows = sqlx::query!(
        "select result_id, part, attendance, score, kept_from from result_part
         where result_id = any($1) order by result_id, part desc",
        results,
    )
    .fetch_all(connection)
    .await?;
    let mut parts: HashMap<Uuid, Vec<PartResult>> = HashMap::new();
    for row in rows {
        parts.entry(row.result_id).or_default().push(PartResult {
            part: ExamPart::parse(&row.part).ok_or_else(|| unreadable("part"))?,
            attendance: Attendance::parse(&row.attendance)
                .ok_or_else(|| unreadable("attendance"))?,
            score: row
                .score
                .map(u8::try_from)
                .transpose()
                .map_err(|_| unreadable("score"))?,
            kept_from: row.kept_from.map(ResultId::from_uuid),
        });
    }
    Ok(parts)
}

impl Row {
    async fn into_result(self, vault: &Vault, parts: Vec<PartResult>) -> Result<CandidateResult> {
        let id = ResultId::from_uuid(self.result_id);
        let sealed = (self.returned_reason_sealed, self.answer_sealed);
        let (returned_reason, answer) = returned::unseal(vault, id, sealed).await?;
        Ok(CandidateResult {
            id,
            candidate: CandidateId::from_uuid(self.candidate_id),
            ticket_number: self.ticket_number,
            subject: u16::try_from(self.subject).map_err(|_| unreadable("subject"))?,
            masked_name: self.masked_name,
            masked_document_number: self.masked_document_number,
            salt: self.salt.try_into().map_err(|_| unreadable("salt"))?,
            state: ResultState::parse(&self.state).ok_or_else(|| unreadable("state"))?,
            parts,
            returned_reason,
            answer,
            city_review: self.city_review.map(ProposalId::from_uuid),
            province_review: self.province_review.map(ProposalId::from_uuid),
            public_notice: self.public_notice_id.map(PublicNoticeId::from_uuid),
        })
    }
}

/// The batch and the ticket number of a result in the caller's scope.
pub(crate) async fn locate(
    connection: &mut PgConnection,
    scope: &Scope,
    result: ResultId,
) -> Result<(BatchId, String)> {
    let row = sqlx::query!(
        "select batch_id, ticket_number from result join batch using (batch_id)
         where result_id = $1
           and ($2::text is null or review_area = $2)
           and ($3::uuid is null or organization_id = $3)",
        result.uuid(),
        scope.area(),
        scope.organization(),
    )
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| Error::refused(ReviewRejection::ResultNotFound))?;
    Ok((BatchId::from_uuid(row.batch_id), row.ticket_number))
}

/// Puts new rows into the table, personal data sealed.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    vault: &Vault,
    batch: &Batch,
    rows: &[(CandidateResult, Person)],
) -> Result<()> {
    for chunk in rows.chunks(CHUNK) {
        insert_chunk(connection, vault, batch, chunk).await?;
        insert_parts(connection, chunk).await?;
    }
    Ok(())
}

async fn insert_chunk(
    connection: &mut PgConnection,
    vault: &Vault,
    batch: &Batch,
    rows: &[(CandidateResult, Person)],
) -> Result<()> {
    let column = |value: fn(&CandidateResult) -> &str| -> Vec<String> {
        rows.iter().map(|(row, _)| value(row).to_owned()).collect()
    };
    let subjects = rows
        .iter()
        .map(|(row, _)| row.subject.cast_signed())
        .collect::<Vec<_>>();
    let (names, documents): (Vec<_>, Vec<_>) = rows
        .iter()
        .map(|(row, person)| person::seal(vault, row.id, person))
        .unzip();
    sqlx::query!(
        "insert into result (batch_id, state, result_id, candidate_id, ticket_number, subject,
             name_sealed, document_sealed, masked_name, masked_document_number, salt,
             person_digest)
         select $1, $2, new.*
         from unnest($3::uuid[], $4::uuid[], $5::text[], $6::smallint[], $7::bytea[], $8::bytea[],
             $9::text[], $10::text[], $11::bytea[], $12::bytea[]) as new",
        batch.id.uuid(),
        ResultState::Scoring.as_str(),
        &rows
            .iter()
            .map(|(row, _)| row.id.uuid())
            .collect::<Vec<_>>(),
        &rows
            .iter()
            .map(|(row, _)| row.candidate.uuid())
            .collect::<Vec<_>>(),
        &column(|row| &row.ticket_number),
        &subjects,
        &names,
        &documents,
        &column(|row| &row.masked_name),
        &column(|row| &row.masked_document_number),
        &rows
            .iter()
            .map(|(row, _)| row.salt.to_vec())
            .collect::<Vec<_>>(),
        &rows
            .iter()
            .map(|(_, person)| person::digest(vault, person))
            .collect::<Vec<_>>(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn insert_parts(
    connection: &mut PgConnection,
    rows: &[(CandidateResult, Person)],
) -> Result<()> {
    let parts = || {
        rows.iter()
            .flat_map(|(row, _)| row.parts.iter().map(move |part| (row, part)))
    };
    let column = |value: fn(&PartResult) -> &'static str| -> Vec<String> {
        parts().map(|(_, part)| value(part).to_owned()).collect()
    };
    sqlx::query!(
        "insert into result_part (result_id, part, attendance, score, kept_from)
         select * from unnest($1::uuid[], $2::text[], $3::text[], $4::smallint[], $5::uuid[])",
        &parts().map(|(row, _)| row.id.uuid()).collect::<Vec<_>>(),
        &column(|part| part.part.as_str()),
        &column(|part| part.attendance.as_str()),
        &parts()
            .map(|(_, part)| part.score.map(i16::from))
            .collect::<Vec<_>>() as &[Option<i16>],
        &parts()
            .map(|(_, part)| part.kept_from.map(|kept| kept.uuid()))
            .collect::<Vec<_>>() as &[Option<Uuid>],
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Saves what can change about rows.
pub(crate) async fn save(
    connection: &mut PgConnection,
    vault: &Vault,
    rows: &[&CandidateResult],
) -> Result<()> {
    let (reasons, answers): (Vec<_>, Vec<_>) =
        rows.iter().map(|row| returned::seal(vault, row)).unzip();
    let review = |value: fn(&CandidateResult) -> Option<ProposalId>| -> Vec<Option<Uuid>> {
        rows.iter()
            .map(|row| value(row).map(|id| id.uuid()))
            .collect()
    };
    sqlx::query!(
        "update result
         set state = new.state, returned_reason_sealed = new.returned_reason_sealed,
             answer_sealed = new.answer_sealed, city_review = new.city_review,
             province_review = new.province_review, public_notice_id = new.public_notice_id
         from unnest($1::uuid[], $2::text[], $3::bytea[], $4::bytea[], $5::uuid[], $6::uuid[],
             $7::uuid[])
             as new (result_id, state, returned_reason_sealed, answer_sealed, city_review,
                 province_review, public_notice_id)
         where result.result_id = new.result_id",
        &rows.iter().map(|row| row.id.uuid()).collect::<Vec<_>>(),
        &rows
            .iter()
            .map(|row| row.state.as_str().to_owned())
            .collect::<Vec<_>>(),
        &reasons as &[Option<Vec<u8>>],
        &answers as &[Option<Vec<u8>>],
        &review(|row| row.city_review) as &[Option<Uuid>],
        &review(|row| row.province_review) as &[Option<Uuid>],
        &rows
            .iter()
            .map(|row| row.public_notice.map(|id| id.uuid()))
            .collect::<Vec<_>>() as &[Option<Uuid>],
    )
    .execute(&mut *connection)
    .await?;
    save_scores(connection, rows).await
}

async fn save_scores(connection: &mut PgConnection, rows: &[&CandidateResult]) -> Result<()> {
    let (mut ids, mut parts, mut scores) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        for part in &row.parts {
            if let Some(score) = part.score {
                ids.push(row.id.uuid());
                parts.push(part.part.as_str().to_owned());
                scores.push(i16::from(score));
            }
        }
    }
    sqlx::query!(
        "update result_part set score = new.score
         from unnest($1::uuid[], $2::text[], $3::smallint[]) as new (result_id, part, score)
         where result_part.result_id = new.result_id and result_part.part = new.part
           and result_part.score is distinct from new.score",
        &ids,
        &parts,
        &scores,
    )
    .execute(connection)
    .await?;
    Ok(())
}
