//! Judgements as officers made them. What counts of them stands with the application.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::ids::ApplicationId;
use platform::Result;
use platform::crypto::{Place, Vault};
use sqlx::PgConnection;
use uuid::Uuid;

use super::unreadable;
use crate::domain::{Judgement, JudgementId, JudgementSubject};

/// A judgement with what the officer wrote.
pub(crate) struct ReasonedJudgement {
    /// What was judged.
    pub(crate) subject: JudgementSubject,
    /// What came of it.
    pub(crate) judgement: Judgement,
    /// Why.
    pub(crate) reason: String,
    /// The day.
    pub(crate) recorded_on: Date,
}

/// Keeps a judgement.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    vault: &Vault,
    application: ApplicationId,
    reasoned: &ReasonedJudgement,
) -> Result<()> {
    let Judgement { id, met } = reasoned.judgement;
    sqlx::query!(
        "insert into judgement (judgement_id, application_id, subject, met, recorded_on, reason)
         values ($1, $2, $3, $4, $5, $6)",
        id.uuid(),
        application.uuid(),
        reasoned.subject.name(),
        met,
        reasoned.recorded_on.to_sqlx() as _,
        vault.seal(place(id), reasoned.reason.as_bytes()),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Those of the judgements with these ids.
pub(crate) async fn find(
    connection: &mut PgConnection,
    vault: &Vault,
    ids: &[Uuid],
) -> Result<Vec<ReasonedJudgement>> {
    let rows = sqlx::query!(
        "select judgement_id, subject, met, recorded_on, reason from judgement
         where judgement_id = any($1)",
        ids,
    )
    .fetch_all(connection)
    .await?;
    let mut judgements = Vec::with_capacity(rows.len());
    for row in rows {
        let id = JudgementId::from_uuid(row.judgement_id);
        let subject = row.subject.parse();
        let reason = vault.unseal(place(id), &row.reason).await?;
        let reason = String::from_utf8(reason.to_vec());
        judgements.push(ReasonedJudgement {
            subject: subject.map_err(|_| unreadable("subject of a judgement"))?,
            judgement: Judgement { id, met: row.met },
            reason: reason.map_err(|_| unreadable("reason of a judgement"))?,
            recorded_on: row.recorded_on.to_jiff(),
        });
    }
    Ok(judgements)
}

fn place(id: JudgementId) -> Place {
    Place {
        table: "judgement",
        row: id.uuid(),
        column: "reason",
    }
}
