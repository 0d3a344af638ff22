//! The database of a service: its connections, its migrations, and what must hold before work
//! begins.
//!
//! Two roles: the owner changes tables and only `migrate` knows it; the service works as the
//! runtime role, which may not. Two tracks of migrations, the platform's and the service's, run
//! in one job under a lock that is polled. sqlx's own lock blocks instead, and PostgreSQL has
//! been seen to call that a deadlock when the winner builds an index concurrently.

use std::{str::FromStr, time::Duration};

use secrecy::{ExposeSecret, SecretString};
use sqlx::{
    AssertSqlSafe, Connection, PgConnection, PgPool,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{Error, Result, config::Settings, status::Chain};

pub(crate) static PLATFORM: Migrator = sqlx::migrate!("./migrations");

/// Tables in which sqlx notes what is applied (`sqlx.toml`). No migration makes them, so the
/// macros, which look at a database made from migrations alone, cannot check queries on them.
const PLATFORM_TRACK: &str = "platform._sqlx_migrations";
const SERVICE_TRACK: &str = "public._sqlx_migrations";

/// Key of the advisory lock around migrations; the lock is per database.
const MIGRATION_LOCK: i64 = 0x6c75_6261_6e00_0000;
const POLL: Duration = Duration::from_secs(1);
/// How often waiting is mentioned in the log.
const POLLS_PER_LINE: u32 = 15;

/// A pool of connections as the runtime role. Connects when first used.
pub fn pool(settings: &Settings, service: &str) -> Result<PgPool> {
    let database = &settings.database;
    // COMMIT is exempt: PostgreSQL ends this timer before it commits, so that it never leaves a
    // commit half waited for.
    let statement_timeout = database.statement_timeout.as_millis();
    let options = options(&database.url()?)?
        .application_name(service)
        .options([("statement_timeout", statement_timeout)])
        // A process that vanished must not keep its locks for hours.
        .options([
            ("tcp_keepalives_idle", "10"),
            ("tcp_keepalives_interval", "5"),
            ("tcp_keepalives_count", "3"),
            ("idle_in_transaction_session_timeout", "30s"),
        ]);
    Ok(PgPoolOptions::new()
        .max_connections(database.max_connections)
        .acquire_timeout(database.acquire_timeout)
        .test_before_acquire(true)
        .connect_lazy_with(options))
}

/// sqlx's complaint about an address could repeat the password in it, so it is not passed on.
fn options(url: &SecretString) -> Result<PgConnectOptions> {
    PgConnectOptions::from_str(url.expose_secret())
        .map_err(|_| Error::Internal(anyhow::anyhow!("the database address is not usable")))
}

/// Brings the database to the newest schema, as its owner.
///
/// Migrations learn the name of the role to grant to from `luban.runtime_role`.
pub async fn migrate(settings: &Settings, migrations: Migrator) -> Result<()> {
    let runtime = options(&settings.database.url()?)?;
    let owner = options(&settings.database.owner_url()?)?
        .application_name("migrate")
        .options([("luban.runtime_role", runtime.get_username())]);
    let mut connection = PgConnection::connect_with(&owner).await?;
    take_migration_lock(&mut connection).await?;
    apply(&mut connection, &migrations).await?;
    refuse_invalid_indexes(&mut connection).await?;
    // The lock goes with the connection.
    Ok(connection.close().await?)
}

/// Runs both tracks, the platform's first. The caller holds the lock, if one is needed.
pub(crate) async fn apply(connection: &mut PgConnection, migrations: &Migrator) -> Result<()> {
    for (track, migrations) in [(PLATFORM_TRACK, &PLATFORM), (SERVICE_TRACK, migrations)] {
        let migrator = unlocked(migrations);
        migrator
            .run(&mut *connection)
            .await
            .map_err(sqlx::Error::from)?;
        let_runtime_read(connection, track).await?;
        tracing::info!(track, version = newest(&migrator), "migrated");
    }
    Ok(())
}

/// A copy that takes no lock of its own; sqlx offers no `Clone`.
fn unlocked(migrations: &Migrator) -> Migrator {
    Migrator {
        migrations: migrations.migrations.clone(),
        table_name: migrations.table_name.clone(),
        create_schemas: migrations.create_schemas.clone(),
        locking: false,
        ..Migrator::DEFAULT
    }
}

async fn take_migration_lock(connection: &mut PgConnection) -> Result<()> {
    for poll in 0_u32.. {
        let taken = sqlx::query_scalar!("select pg_try_advisory_lock($1)", MIGRATION_LOCK)
            .fetch_one(&mut *connection)
            .await?;
        if taken == Some(true) {
            break;
        }
        if poll % POLLS_PER_LINE == 0 {
            tracing::info!("waiting for another migration of this database");
        }
        tokio::time::sleep(POLL).await;
    }
    Ok(())
}

/// Services wait for their schema by these tables.
async fn let_runtime_read(connection: &mut PgConnection, track: &str) -> Result<()> {
    let grant = sqlx::query_scalar!(
        "select format('grant select on %s to %I', $1::text, current_setting('luban.runtime_role'))",
        track,
    )
    .fetch_one(&mut *connection)
    .await?;
    sqlx::query(AssertSqlSafe(grant.unwrap_or_default()))
        .execute(connection)
        .await?;
    Ok(())
}

/// A concurrent build that was interrupted leaves an index behind that is never used, and that
/// `if not exists` takes for done.
async fn refuse_invalid_indexes(connection: &mut PgConnection) -> Result<()> {
    let invalid = sqlx::query_scalar!(
        r#"select indexrelid::regclass::text as "name!" from pg_index where not indisvalid"#
    )
    .fetch_all(connection)
    .await?;
    if invalid.is_empty() {
        return Ok(());
    }
    let names = invalid.join(", ");
    Err(Error::Internal(anyhow::anyhow!(
        "indexes are not valid, drop and build them: {names}"
    )))
}

/// Waits until both tracks have their newest migration: a service never migrates by itself.
pub async fn wait_for_schema(pool: &PgPool, migrations: &Migrator) -> Result<()> {
    for (track, wanted) in [
        (PLATFORM_TRACK, newest(&PLATFORM)),
        (SERVICE_TRACK, newest(migrations)),
    ] {
        for poll in 0_u32.. {
            let applied = applied(pool, track).await;
            if matches!(applied, Ok(version) if version >= wanted) {
                break;
            }
            if poll % POLLS_PER_LINE == 0 {
                let applied = applied.map_err(|error| Chain(&error).to_string());
                tracing::info!(track, wanted, ?applied, "waiting for the schema");
            }
            tokio::time::sleep(POLL).await;
        }
    }
    Ok(())
}

fn newest(migrations: &Migrator) -> i64 {
    migrations
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or(0)
}

async fn applied(pool: &PgPool, track: &str) -> Result<i64, sqlx::Error> {
    let query = format!("select coalesce(max(version), 0) from {track} where success");
    sqlx::query_scalar(AssertSqlSafe(query))
        .fetch_one(pool)
        .await
}

/// Refuses a server that could forget what it confirmed.
pub async fn require_durability(pool: &PgPool) -> Result<()> {
    let settings = sqlx::query!(
        r#"select name as "name!", setting as "setting!" from pg_settings
           where name in ('fsync', 'full_page_writes', 'synchronous_commit')"#
    )
    .fetch_all(pool)
    .await?;
    let strict = |setting: &str| matches!(setting, "on" | "remote_apply");
    let loose = settings.iter().filter(|row| !strict(&row.setting));
    let loose: Vec<_> = loose
        .map(|row| format!("{} = {}", row.name, row.setting))
        .collect();
    if loose.is_empty() {
        return Ok(());
    }
    let loose = loose.join(", ");
    Err(Error::Internal(anyhow::anyhow!(
        "PostgreSQL could lose what it confirmed: {loose}"
    )))
}

#[cfg(all(test, feature = "testing"))]
mod tests;
