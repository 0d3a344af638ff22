//! Changes of organisations' entries.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::ids::{ChangeId, OrganizationId};
use platform::crypto::Place;
use platform::{Error, Result};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::organization::change::{ChangeRejection, ChangeState};

/// A change as it is read.
pub(crate) struct Change {
    pub(crate) id: ChangeId,
    pub(crate) name: Option<String>,
    pub(crate) address: Option<String>,
    /// Sealed.
    pub(crate) legal_representative: Option<Vec<u8>>,
    pub(crate) former_name: String,
    pub(crate) reason: String,
    pub(crate) requested_on: Date,
    pub(crate) state: ChangeState,
    pub(crate) decided_on: Option<Date>,
    pub(crate) decision_reason: Option<String>,
}

struct Row {
    change_id: Uuid,
    name: Option<String>,
    address: Option<String>,
    legal_representative: Option<Vec<u8>>,
    former_name: String,
    reason: String,
    requested_on: jiff_sqlx::Date,
    state: String,
    decided_on: Option<jiff_sqlx::Date>,
    decision_reason: Option<String>,
}

impl Row {
    fn read(self) -> Result<Change> {
        Ok(Change {
            id: ChangeId::from_uuid(self.change_id),
            name: self.name,
            address: self.address,
            legal_representative: self.legal_representative,
            former_name: self.former_name,
            reason: self.reason,
            requested_on: self.requested_on.to_jiff(),
            state: self.state.parse().map_err(anyhow::Error::from)?,
            decided_on: self.decided_on.map(jiff_sqlx::Date::to_jiff),
            decision_reason: self.decision_reason,
        })
    }
}

/// Where a change keeps the sealed name of the legal representative.
pub(crate) fn legal_representative(change_id: ChangeId) -> Place {
    Place {
        table: "organization_change",
        row: change_id.uuid(),
        column: "legal_representative",
    }
}

/// Whether a change of this organisation waits for its decision.
pub(crate) async fn is_pending(
    connection: &mut PgConnection,
    organization_id: OrganizationId,
) -> Result<bool> {
    let pending = sqlx::query_scalar!(
        r#"select exists (select from organization_change
             where organization_id = $1 and state = 'requested') as "pending!""#,
        organization_id.uuid(),
    )
    .fetch_one(connection)
    .await?;
    Ok(pending)
}

pub(crate) async fn insert(
    connection: &mut PgConnection,
    organization_id: OrganizationId,
    change: &Change,
) -> Result<()> {
    sqlx::query!(
        "insert into organization_change (change_id, organization_id, name, address,
             legal_representative, former_name, reason, requested_on, state)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        change.id.uuid(),
        organization_id.uuid(),
        change.name,
        change.address,
        change.legal_representative,
        change.former_name,
        change.reason,
        change.requested_on.to_sqlx() as _,
        <&str>::from(change.state),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// One change of an organisation that whoever calls has found.
pub(crate) async fn find(
    connection: &mut PgConnection,
    organization_id: OrganizationId,
    change_id: ChangeId,
) -> Result<Change> {
    let row = sqlx::query_as!(
        Row,
        "select change_id, name, address, legal_representative, former_name, reason, requested_on,
             state, decided_on, decision_reason
         from organization_change where organization_id = $1 and change_id = $2",
        organization_id.uuid(),
        change_id.uuid(),
    )
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| Error::refused(ChangeRejection::ChangeNotFound))?;
    row.read()
}

/// Changes of an organisation before one of them, the newest first. Whoever calls has found the
/// organisation.
pub(crate) async fn page(
    connection: &mut PgConnection,
    organization_id: OrganizationId,
    before: Option<ChangeId>,
    limit: i64,
) -> Result<Vec<Change>> {
    let rows = sqlx::query_as!(
        Row,
        "select change_id, name, address, legal_representative, former_name, reason, requested_on,
             state, decided_on, decision_reason
         from organization_change
         where organization_id = $1 and ($2::uuid is null or change_id < $2)
         order by change_id desc limit $3",
        organization_id.uuid(),
        before.map(|id| id.uuid()),
        limit,
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// Writes the decision and, where it is a yes, the entry.
pub(crate) async fn save_decision(
    connection: &mut PgConnection,
    organization_id: OrganizationId,
    change: &Change,
) -> Result<()> {
    sqlx::query!(
        "update organization_change set state = $2, decided_on = $3, decision_reason = $4
         where change_id = $1",
        change.id.uuid(),
        <&str>::from(change.state),
        change.decided_on.map(ToSqlx::to_sqlx) as _,
        change.decision_reason,
    )
    .execute(&mut *connection)
    .await?;
    if change.state == ChangeState::Approved {
        sqlx::query!(
            "update body set name = coalesce($2, name), address = coalesce($3, address)
             where organization_id = $1",
            organization_id.uuid(),
            change.name,
            change.address,
        )
        .execute(connection)
        .await?;
    }
    Ok(())
}
