//! Parts that people passed in an exam that they failed as a whole.

use std::collections::HashMap;

use kernel::ids::ResultId;
use platform::Result;
use platform::crypto::Vault;
use sqlx::PgConnection;
use uuid::Uuid;

use super::person;
use super::unreadable;
use crate::domain::batch::Batch;
use crate::domain::exam::{ExamPart, Subject};
use crate::domain::person::Person;
use crate::domain::resit::EarlierPass;

/// What is asked: who is examined now, and in what.
pub(crate) struct Examined<'a> {
    pub(crate) person: &'a Person,
    pub(crate) subject: &'a Subject,
}

/// Parts passed before by each of these people, in the order of the people: with this organisation,
/// in the same occupation, trade and level, in an exam failed as a whole. How often each was kept is
/// not told: see [`count_kept`].
pub(crate) async fn earlier(
    connection: &mut PgConnection,
    vault: &Vault,
    batch: &Batch,
    pass_mark: u8,
    people: &[Examined<'_>],
) -> Result<Vec<Vec<EarlierPass>>> {
    let column = |value: fn(&Subject) -> String| -> Vec<String> {
        people.iter().map(|asked| value(asked.subject)).collect()
    };
    let digests: Vec<_> = people
        .iter()
        .map(|asked| person::digest(vault, asked.person))
        .collect();
    let rows = sqlx::query!(
        r#"select place as "place!", result_id, part, score as "score!",
               held_on as "held_on!: jiff_sqlx::Date"
           from unnest($1::bytea[], $2::text[], $3::text[], $4::text[]) with ordinality
               as asked (person_digest, occupation_code, trade, level, place)
           join result using (person_digest)
           join batch using (batch_id)
           join batch_subject subject using (batch_id, occupation_code, trade, level)
           join result_part using (result_id)
           cross join lateral (
               select max(held_on) as held_on from batch_sitting
               where batch_sitting.batch_id = batch.batch_id
           ) as exam
           where state = 'not_passed' and subject.position = result.subject
             and organization_id = $5 and batch.batch_id <> $6
             and attendance = 'present' and kept_from is null and score >= $7"#,
        &digests,
        &column(|subject| subject.occupation.code.to_string()),
        &column(|subject| subject.trade.clone()),
        &column(|subject| subject.level.name().to_owned()),
        batch.organization.uuid(),
        batch.id.uuid(),
        i16::from(pass_mark),
    )
    .fetch_all(connection)
    .await?;
    let mut passes = vec![Vec::new(); people.len()];
    for row in rows {
        let place = usize::try_from(row.place - 1).map_err(|_| unreadable("place"))?;
        let of_person = passes.get_mut(place);
        of_person
            .ok_or_else(|| unreadable("place"))?
            .push(EarlierPass {
                result: ResultId::from_uuid(row.result_id),
                part: ExamPart::parse(&row.part).ok_or_else(|| unreadable("part"))?,
                score: u8::try_from(row.score).map_err(|_| unreadable("score"))?,
                examined_on: row.held_on.to_jiff(),
                kept: 0,
            });
    }
    Ok(passes)
}

/// For how many re-sits each part of these results was kept.
pub(crate) async fn count_kept(
    connection: &mut PgConnection,
    results: &[Uuid],
) -> Result<HashMap<(ResultId, ExamPart), u16>> {
    let rows = sqlx::query!(
        r#"select kept_from as "kept_from!", part, count(*) as "times!" from result_part
           where kept_from = any($1) group by kept_from, part"#,
        results,
    )
    .fetch_all(connection)
    .await?;
    let mut kept = HashMap::with_capacity(rows.len());
    for row in rows {
        let part = ExamPart::parse(&row.part).ok_or_else(|| unreadable("part"))?;
        let times = u16::try_from(row.times).unwrap_or(u16::MAX);
        kept.insert((ResultId::from_uuid(row.kept_from), part), times);
    }
    Ok(kept)
}
