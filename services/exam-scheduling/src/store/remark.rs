//! What organisation and centre said about a reported plan.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::ids::PlanId;
use kernel::written::Written;
use platform::Result;
use platform::crypto::{Place, Vault};
use sqlx::PgConnection;
use uuid::Uuid;

use super::known;
use crate::domain::standing::Matter;

/// On what occasion something was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// A centre returned the plan for a fault in this.
    Returned(Matter),
    /// The organisation took it back.
    Reopened,
    /// The organisation withdrew it.
    Withdrawn,
    /// Somebody was replaced.
    StaffReplaced,
}

impl Occasion {
    fn names(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Returned(matter) => ("returned", Some(matter.name())),
            Self::Reopened => ("reopened", None),
            Self::Withdrawn => ("withdrawn", None),
            Self::StaffReplaced => ("staff_replaced", None),
        }
    }

    fn from_names(kind: &str, matter: Option<&str>) -> Option<Self> {
        match (kind, matter) {
            ("returned", Some(matter)) => Matter::from_name(matter).map(Self::Returned),
            ("reopened", None) => Some(Self::Reopened),
            ("withdrawn", None) => Some(Self::Withdrawn),
            ("staff_replaced", None) => Some(Self::StaffReplaced),
            _ => None,
        }
    }
}

/// A remark, with its words sealed.
pub(crate) struct Remark {
    pub(crate) id: Uuid,
    pub(crate) occasion: Occasion,
    pub(crate) said: Vec<u8>,
    pub(crate) said_on: Date,
}

/// Where the words of a remark rest.
pub(crate) fn remark_place(remark: Uuid) -> Place {
    Place {
        table: "plan_remark",
        row: remark,
        column: "said",
    }
}

/// Keeps a remark.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    vault: &Vault,
    (plan, on): (PlanId, Date),
    occasion: Occasion,
    said: &Written,
) -> Result<()> {
    let id = Uuid::now_v7();
    let (kind, matter) = occasion.names();
    sqlx::query!(
        "insert into plan_remark (remark_id, plan_id, kind, matter, said, said_on)
         values ($1, $2, $3, $4, $5, $6)",
        id,
        plan.uuid(),
        kind,
        matter,
        vault.seal(remark_place(id), said.reveal().as_bytes()),
        on.to_sqlx() as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Everything that was said about a plan, in order.
pub(crate) async fn of_plan(connection: &mut PgConnection, plan: PlanId) -> Result<Vec<Remark>> {
    let rows = sqlx::query!(
        "select remark_id, kind, matter, said, said_on from plan_remark
         where plan_id = $1 order by remark_id",
        plan.uuid(),
    )
    .fetch_all(connection)
    .await?;
    let remark = rows.into_iter().map(|row| {
        let occasion = Occasion::from_names(&row.kind, row.matter.as_deref());
        Ok(Remark {
            id: row.remark_id,
            occasion: known("occasion of a remark", occasion)?,
            said: row.said,
            said_on: row.said_on.to_jiff(),
        })
    });
    remark.collect()
}
