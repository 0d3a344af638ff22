//! Expert panels: what is known of them in clear, and sealed what was written and the seed before
//! it is revealed.

use kernel::draw::Seed;
use kernel::ids::{ApplicationId, PanelId};
use platform::access::Scope;
use platform::crypto::{Place, Vault};
use platform::{Error, Result};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::{open, unreadable};
use crate::domain::panel::refusal::PanelRejection;
use crate::domain::panel::{Panel, PanelTexts};

/// Keeps a panel that was just planned or convened; with its seed where it is to be drawn.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    vault: &Vault,
    panel: &Panel,
    texts: &PanelTexts,
    seed: Option<&Seed>,
) -> Result<()> {
    let seed = seed.map(|seed| vault.seal(place(panel.id, "seed"), seed.to_string().as_bytes()));
    sqlx::query!(
        "insert into panel (panel_id, application_id, filing_division, is_open, panel, texts, seed)
         values ($1, $2, $3, $4, $5, $6, $7)",
        panel.id.uuid(),
        panel.application.uuid(),
        panel.filing_division.as_str(),
        panel.is_open(),
        Json(panel) as _,
        seal(vault, panel.id, texts)?,
        seed,
    )
    .execute(connection)
    .await
    .map_err(|error| Error::from(error).on_constraint("panel_once", PanelRejection::Open))?;
    Ok(())
}

/// Keeps what changed in a panel.
pub(crate) async fn save(
    connection: &mut PgConnection,
    vault: &Vault,
    panel: &Panel,
    texts: &PanelTexts,
) -> Result<()> {
    sqlx::query!(
        "update panel set is_open = $2, panel = $3, texts = $4 where panel_id = $1",
        panel.id.uuid(),
        panel.is_open(),
        Json(panel) as _,
        seal(vault, panel.id, texts)?,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A panel with what was written about it.
pub(crate) async fn find(
    connection: &mut PgConnection,
    vault: &Vault,
    scope: &Scope,
    id: PanelId,
) -> Result<(Panel, PanelTexts)> {
    let scope = scope.filter();
    let row = sqlx::query!(
        r#"select panel as "panel: Json<Panel>", texts from panel
           where panel_id = $1
             and ($2::text is null or filing_division = $2) and $3::uuid is null"#,
        id.uuid(),
        scope.area,
        scope.organization,
    )
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| Error::refused(PanelRejection::NotFound))?;
    Ok((row.panel.0, unseal(vault, id, &row.texts).await?))
}

/// The panels of an application that was found in the caller's scope, in the order in which they
/// were planned.
pub(crate) async fn of_application(
    connection: &mut PgConnection,
    vault: &Vault,
    application: ApplicationId,
) -> Result<Vec<(Panel, PanelTexts)>> {
    let rows = sqlx::query!(
        r#"select panel_id, panel as "panel: Json<Panel>", texts from panel
           where application_id = $1 order by panel_id"#,
        application.uuid(),
    )
    .fetch_all(connection)
    .await?;
    let mut panels = Vec::with_capacity(rows.len());
    for row in rows {
        let texts = unseal(vault, PanelId::from_uuid(row.panel_id), &row.texts).await?;
        panels.push((row.panel.0, texts));
    }
    Ok(panels)
}

/// The panel of an application that has not ended; there is one at most.
pub(crate) async fn open_of(
    connection: &mut PgConnection,
    application: ApplicationId,
) -> Result<Option<Panel>> {
    let panel = sqlx::query_scalar!(
        r#"select panel as "panel: Json<Panel>" from panel
           where application_id = $1 and is_open"#,
        application.uuid(),
    )
    .fetch_optional(connection)
    .await?;
    Ok(panel.map(|panel| panel.0))
}

/// The seed that a planned panel was committed to.
pub(crate) async fn seed(
    connection: &mut PgConnection,
    vault: &Vault,
    id: PanelId,
) -> Result<Option<Seed>> {
    let sealed = sqlx::query_scalar!("select seed from panel where panel_id = $1", id.uuid())
        .fetch_one(connection)
        .await?;
    let Some(sealed) = sealed else {
        return Ok(None);
    };
    let seed = open(vault, place(id, "seed"), &sealed).await?;
    Seed::parse(&seed).map(Some).map_err(|_| unreadable("seed"))
}

async fn unseal(vault: &Vault, id: PanelId, sealed: &[u8]) -> Result<PanelTexts> {
    let bytes = vault.unseal(place(id, "texts"), sealed).await?;
    serde_json::from_slice(&bytes).map_err(|_| unreadable("texts of a panel"))
}

fn seal(vault: &Vault, id: PanelId, texts: &PanelTexts) -> Result<Vec<u8>> {
    let texts = serde_json::to_vec(texts).map_err(anyhow::Error::from)?;
    Ok(vault.seal(place(id, "texts"), &texts))
}

fn place(id: PanelId, column: &'static str) -> Place {
    Place {
        table: "panel",
        row: id.uuid(),
        column,
    }
}
