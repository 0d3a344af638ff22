//! What organisations published. Everybody's to see.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::ids::OrganizationId;
use kernel::level::Level;
use platform::Result;
use platform::error::readable;
use sqlx::PgConnection;

use super::occupation;
use crate::domain::rules::{Fee, Rulebook, RulesKind, Subject, Version};

/// A version as the public reads it; without text and fees in lists.
pub(crate) struct Published {
    pub(crate) kind: RulesKind,
    pub(crate) version: u32,
    pub(crate) in_force_from: Date,
    pub(crate) on: Date,
    pub(crate) text: String,
    pub(crate) fees: Vec<Fee>,
}

/// Every version, as far as plans are judged by it.
pub(crate) async fn rulebook(
    connection: &mut PgConnection,
    organization_id: OrganizationId,
) -> Result<Rulebook> {
    let versions = all(&mut *connection, organization_id).await?;
    let fees = fees(connection, organization_id, None).await?;
    let mut charged: BTreeMap<u32, BTreeSet<Subject>> = BTreeMap::new();
    for (version, fee) in fees {
        charged.entry(version).or_default().insert(fee.subject);
    }
    let versions = versions.into_iter().map(|published| Version {
        kind: published.kind,
        version: published.version,
        in_force_from: published.in_force_from,
        charged: match published.kind {
            RulesKind::Fees => charged.remove(&published.version).unwrap_or_default(),
            _ => BTreeSet::new(),
        },
    });
    Ok(Rulebook(versions.collect()))
}

/// Every version without text and fees, by kind, the newest first.
pub(crate) async fn all(
    connection: &mut PgConnection,
    organization_id: OrganizationId,
) -> Result<Vec<Published>> {
    let rows = sqlx::query!(
        "select kind, version, in_force_from, published_on from published_rules
         where organization_id = $1 order by kind, version desc",
        organization_id.uuid(),
    )
    .fetch_all(connection)
    .await?;
    let versions = rows.into_iter().map(|row| {
        Ok(Published {
            kind: row.kind.parse().map_err(anyhow::Error::from)?,
            version: row.version.cast_unsigned(),
            in_force_from: row.in_force_from.to_jiff(),
            on: row.published_on.to_jiff(),
            text: String::new(),
            fees: Vec::new(),
        })
    });
    versions.collect()
}

/// Puts the text and the fees to a version.
pub(crate) async fn fill(
    connection: &mut PgConnection,
    organization_id: OrganizationId,
    published: &mut Published,
) -> Result<()> {
    published.text = sqlx::query_scalar!(
        "select content from published_rules
         where organization_id = $1 and kind = $2 and version = $3",
        organization_id.uuid(),
        <&str>::from(published.kind),
        published.version.cast_signed(),
    )
    .fetch_one(&mut *connection)
    .await?;
    if published.kind == RulesKind::Fees {
        let fees = fees(connection, organization_id, Some(published.version)).await?;
        published.fees = fees.into_iter().map(|(_, fee)| fee).collect();
    }
    Ok(())
}

async fn fees(
    connection: &mut PgConnection,
    organization_id: OrganizationId,
    version: Option<u32>,
) -> Result<Vec<(u32, Fee)>> {
    let rows = sqlx::query!(
        "select version, edition, occupation_code, trade, level, part, fen from fee
         where organization_id = $1 and ($2::integer is null or version = $2)
         order by version, edition, occupation_code, trade, level, part",
        organization_id.uuid(),
        version.map(u32::cast_signed),
    )
    .fetch_all(connection)
    .await?;
    let fees = rows.into_iter().map(|row| {
        let fee = Fee {
            subject: Subject {
                occupation: occupation(row.edition, &row.occupation_code)?,
                trade: row.trade,
                level: readable("level", Level::parse(&row.level))?,
            },
            part: row.part.parse().map_err(anyhow::Error::from)?,
            fen: row.fen.cast_unsigned(),
        };
        Ok((row.version.cast_unsigned(), fee))
    });
    fees.collect()
}

pub(crate) async fn insert(
    connection: &mut PgConnection,
    organization_id: OrganizationId,
    published: &Published,
) -> Result<()> {
    sqlx::query!(
        "insert into published_rules (organization_id, kind, version, in_force_from, published_on,
             content)
         values ($1, $2, $3, $4, $5, $6)",
        organization_id.uuid(),
        <&str>::from(published.kind),
        published.version.cast_signed(),
        published.in_force_from.to_sqlx() as _,
        published.on.to_sqlx() as _,
        published.text,
    )
    .execute(&mut *connection)
    .await?;
    insert_fees(
        connection,
        organization_id,
        published.version,
        &published.fees,
    )
    .await
}

/// All of a table at once: it may have hundreds of rows.
async fn insert_fees(
    connection: &mut PgConnection,
    organization_id: OrganizationId,
    version: u32,
    fees: &[Fee],
) -> Result<()> {
    let mut editions = Vec::with_capacity(fees.len());
    let [mut codes, mut trades, mut levels, mut parts]: [Vec<String>; 4] = Default::default();
    let mut fen = Vec::with_capacity(fees.len());
    for fee in fees {
        let Subject {
            occupation,
            trade,
            level,
        } = &fee.subject;
        editions.push(occupation.edition.year().cast_signed());
        codes.push(occupation.code.as_str().to_owned());
        trades.push(trade.clone());
        levels.push(level.name().to_owned());
        parts.push(<&str>::from(fee.part).to_owned());
        fen.push(fee.fen.cast_signed());
    }
    sqlx::query!(
        "insert into fee (organization_id, version, edition, occupation_code, trade, level, part,
             fen)
         select $1, $2, fee.*
         from unnest($3::smallint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::integer[])
             as fee",
        organization_id.uuid(),
        version.cast_signed(),
        &editions,
        &codes,
        &trades,
        &levels,
        &parts,
        &fen,
    )
    .execute(connection)
    .await?;
    Ok(())
}
