//! A database per test, cloned from a template that is migrated once per set of migrations.

use std::str::FromStr;

use sha2::{Digest, Sha256};
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, PgPool};
use uuid::Uuid;

use crate::db;

const OWNER: &str = "luban_test_owner";
const RUNTIME: &str = "luban_test_runtime";
/// Server-wide names are made under this advisory lock.
const SETUP_LOCK: i64 = 0x6c75_6261_6e00_7e57;

/// A fresh database with the platform's and the service's migrations, as the runtime role.
///
/// # Panics
/// When `DATABASE_URL` names no server on which databases can be created.
pub async fn database(migrator: &Migrator) -> PgPool {
    let address = std::env::var("DATABASE_URL")
        .expect("DATABASE_URL names a PostgreSQL server for tests; ./scripts/test starts one");
    let server = PgConnectOptions::from_str(&address).expect("DATABASE_URL is an address");
    let mut admin = PgConnection::connect_with(&server)
        .await
        .expect("reach the test server");

    let template = template(&mut admin, &server, migrator).await;
    let name = format!("luban_test_{}", Uuid::now_v7().simple());
    run(
        &mut admin,
        format!("create database {name} template {template} owner {OWNER}"),
    )
    .await;
    let runtime = server.username(RUNTIME).password(RUNTIME).database(&name);
    PgPoolOptions::new()
        .max_connections(8)
        .connect_with(runtime)
        .await
        .expect("reach the fresh database")
}

/// The migrated template, made by whoever comes first.
async fn template(
    admin: &mut PgConnection,
    server: &PgConnectOptions,
    migrator: &Migrator,
) -> String {
    let mut hash = Sha256::new();
    for migration in db::PLATFORM.iter().chain(migrator.iter()) {
        hash.update(&migration.checksum);
    }
    let name = format!("luban_template_{}", &hex::encode(hash.finalize())[..16]);

    run(admin, format!("select pg_advisory_lock({SETUP_LOCK})")).await;
    let exists: bool =
        sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
            .bind(&name)
            .fetch_one(&mut *admin)
            .await
            .expect("look for the template");
    if !exists {
        ensure_role(admin, OWNER).await;
        ensure_role(admin, RUNTIME).await;
        let unfinished = format!("{name}_unfinished");
        run(
            admin,
            format!("drop database if exists {unfinished} with (force)"),
        )
        .await;
        run(admin, format!("create database {unfinished} owner {OWNER}")).await;
        let owner = server
            .clone()
            .username(OWNER)
            .password(OWNER)
            .database(&unfinished)
            .options([("luban.runtime_role", RUNTIME)]);
        let mut connection = PgConnection::connect_with(&owner)
            .await
            .expect("reach the template");
        run(
            &mut connection,
            format!("grant usage on schema public to {RUNTIME}"),
        )
        .await;
        db::apply(&mut connection, migrator)
            .await
            .expect("migrate the template");
        connection.close().await.expect("leave the template");
        run(
            admin,
            format!("alter database {unfinished} rename to {name}"),
        )
        .await;
    }
    run(admin, format!("select pg_advisory_unlock({SETUP_LOCK})")).await;
    name
}

async fn ensure_role(admin: &mut PgConnection, role: &str) {
    let exists: bool =
        sqlx::query_scalar("select exists (select from pg_roles where rolname = $1)")
            .bind(role)
            .fetch_one(&mut *admin)
            .await
            .expect("look for the role");
    if !exists {
        run(admin, format!("create role {role} login password '{role}'")).await;
    }
}

/// Names of databases and roles cannot be parameters; all of them are made here.
async fn run(connection: &mut PgConnection, statement: String) {
    connection
        .execute(AssertSqlSafe(statement))
        .await
        .expect("run a set-up statement");
}
