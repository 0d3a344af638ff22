//! Objections. Who raised one and why is sealed, and opened for nobody yet; whether the same person
//! did before is found by a blind index.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::ids::{BatchId, ObjectionId, PublicNoticeId, ResultId};
use kernel::public_notice::ObjectionOutcome;
use platform::access::Scope;
use platform::crypto::{BlindIndex, Place, Vault};
use platform::{Error, Result};
use sqlx::PgConnection;

use super::person::Person;
use crate::domain::objector::Earlier;
use crate::domain::rejection::ResultNoticeRejection;
use kernel::written::Written;

/// What became of the objection that somebody raised to a result, if there is one. The indexes are
/// those of the person's citizen id.
pub(crate) async fn earlier(
    connection: &mut PgConnection,
    result: ResultId,
    objector: &[BlindIndex],
) -> Result<Option<Earlier>> {
    let digests: Vec<_> = objector.iter().map(|index| index.digest.to_vec()).collect();
    let decided = sqlx::query_scalar!(
        r#"select outcome is not null as "decided!" from objection
           where result_id = $1 and objector_index = any($2)"#,
        result.uuid(),
        &digests,
    )
    .fetch_optional(connection)
    .await?;
    Ok(decided.map(|decided| {
        if decided {
            Earlier::Decided
        } else {
            Earlier::Open
        }
    }))
}

/// An objection to be stored.
pub(crate) struct NewObjection<'a> {
    pub(crate) id: ObjectionId,
    pub(crate) notice: PublicNoticeId,
    pub(crate) result: ResultId,
    pub(crate) objector: &'a Person,
    /// Under the key in use.
    pub(crate) index: &'a BlindIndex,
    pub(crate) grounds: &'a Written,
    pub(crate) raised_on: Date,
}

/// Puts an objection into the table, its texts sealed.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    vault: &Vault,
    new: &NewObjection<'_>,
) -> Result<()> {
    let seal = |column, text: &str| vault.seal(place(new.id, column), text.as_bytes());
    sqlx::query!(
        "insert into objection (objection_id, public_notice_id, result_id, name_sealed,
             citizen_id_sealed, objector_index, index_key, grounds_sealed, raised_on)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        new.id.uuid(),
        new.notice.uuid(),
        new.result.uuid(),
        seal("name_sealed", new.objector.name.reveal()),
        seal("citizen_id_sealed", new.objector.citizen_id.reveal()),
        &new.index.digest[..],
        new.index.key_id,
        seal("grounds_sealed", new.grounds.reveal()),
        new.raised_on.to_sqlx() as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The batch and the result that an objection in the caller's scope is about.
pub(crate) async fn locate(
    connection: &mut PgConnection,
    scope: &Scope,
    objection: ObjectionId,
) -> Result<(BatchId, ResultId)> {
    let row = sqlx::query!(
        "select batch_id, result_id
         from objection join result using (result_id) join batch using (batch_id)
         where objection_id = $1
           and ($2::text is null or review_area = $2)
           and ($3::uuid is null or organization_id = $3)",
        objection.uuid(),
        scope.area(),
        scope.organization(),
    )
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| Error::refused(ResultNoticeRejection::ObjectionNotFound))?;
    Ok((
        BatchId::from_uuid(row.batch_id),
        ResultId::from_uuid(row.result_id),
    ))
}

/// Saves the decision on an objection.
pub(crate) async fn decide(
    connection: &mut PgConnection,
    vault: &Vault,
    objection: ObjectionId,
    outcome: ObjectionOutcome,
    reason: &Written,
    decided_on: Date,
) -> Result<()> {
    let outcome = match outcome {
        ObjectionOutcome::Dismissed => "dismissed",
        ObjectionOutcome::Upheld => "upheld",
    };
    sqlx::query!(
        "update objection set outcome = $2, reason_sealed = $3, decided_on = $4
         where objection_id = $1",
        objection.uuid(),
        outcome,
        vault.seal(
            place(objection, "reason_sealed"),
            reason.reveal().as_bytes()
        ),
        decided_on.to_sqlx() as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

fn place(objection: ObjectionId, column: &'static str) -> Place {
    Place {
        table: "objection",
        row: objection.uuid(),
        column,
    }
}
