use std::path::Path;

use sqlx::{
    SqlSafeStr,
    migrate::{Migration, MigrationType},
};
use tempfile::TempDir;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;

use super::*;
use crate::{
    config::{NoSections, load},
    crypto::secret_file,
};

/// A database with its two roles and without any migration.
struct Fresh {
    settings: Settings,
    owner: PgConnectOptions,
    _secrets: TempDir,
}

impl Fresh {
    async fn database() -> Self {
        let address = std::env::var("DATABASE_URL")
            .expect("DATABASE_URL names a PostgreSQL server for tests; ./scripts/test starts one");
        let server = PgConnectOptions::from_str(&address).expect("DATABASE_URL is an address");
        let mut admin = PgConnection::connect_with(&server)
            .await
            .expect("reach the test server");
        let name = format!("luban_test_{}", Uuid::now_v7().simple());
        for statement in [
            format!("create role {name}_owner login password 'o'"),
            format!("create role {name}_runtime login password 'r'"),
            format!("create database {name} owner {name}_owner"),
        ] {
            sqlx::query(AssertSqlSafe(statement))
                .execute(&mut admin)
                .await
                .expect("as superuser");
        }

        let secrets = tempfile::tempdir().expect("a folder for the test");
        let file = |role: &str, password: &str| {
            let (host, port) = (server.get_host(), server.get_port());
            let url = format!("postgres://{name}_{role}:{password}@{host}:{port}/{name}");
            let path = secrets.path().join(role);
            secret_file::write(&path, url.as_bytes()).expect("writable");
            path.to_string_lossy().into_owned()
        };
        let variables = [
            ("LUBAN__SERVICE__MODE", "test".to_owned()),
            ("LUBAN__ACCESS__ISSUER", "https://issuer.test".to_owned()),
            ("LUBAN__ACCESS__JWKS_FILE", "/nowhere".to_owned()),
            ("LUBAN__DATABASE__URL_FILE", file("runtime", "r")),
            ("LUBAN__DATABASE__OWNER_URL_FILE", file("owner", "o")),
        ];
        let variables = variables
            .map(|(name, value)| (name.to_owned(), value))
            .into();
        let settings = load::<NoSections>("", None::<&Path>, &variables)
            .expect("usable")
            .0;
        let owner = options(&settings.database.owner_url().expect("written")).expect("an address");
        Self {
            settings,
            owner,
            _secrets: secrets,
        }
    }

    fn pool(&self) -> PgPool {
        pool(&self.settings, "the-test").expect("an address")
    }
}

/// A service's track with one table.
fn one_table() -> Migrator {
    let sql = "create table plan (id bigint not null);
               do $$ begin
                   execute format('grant select on plan to %I',
                                  current_setting('luban.runtime_role'));
               end $$;";
    let name = "plan".into();
    let migration = Migration::new(1, name, MigrationType::Simple, sql.into_sql_str(), false);
    Migrator::with_migrations(vec![migration])
}

#[tokio::test]
async fn two_migrations_at_once_take_turns_and_the_runtime_role_gets_its_grants() {
    let fresh = Fresh::database().await;
    let (one, other) = tokio::join!(
        migrate(&fresh.settings, one_table()),
        migrate(&fresh.settings, one_table())
    );
    one.expect("the first applies");
    other.expect("the second finds nothing to do");

    let pool = fresh.pool();
    wait_for_schema(&pool, &one_table())
        .await
        .expect("it is there");
    sqlx::query("select from plan")
        .execute(&pool)
        .await
        .expect("granted");
    let refused = sqlx::query("drop table plan")
        .execute(&pool)
        .await
        .expect_err("not the owner");
    assert!(
        Chain(&refused).to_string().starts_with("code 42501"),
        "{}",
        Chain(&refused)
    );
}

#[tokio::test]
async fn a_service_waits_for_its_schema() {
    let fresh = Fresh::database().await;
    let pool = fresh.pool();
    assert!(
        applied(&pool, PLATFORM_TRACK).await.is_err(),
        "there is nothing yet"
    );
    let migrations = one_table();
    let (waited, migrated) = tokio::join!(
        wait_for_schema(&pool, &migrations),
        migrate(&fresh.settings, one_table())
    );
    migrated.expect("applies");
    waited.expect("ends once both tracks are there");
    assert_eq!(applied(&pool, SERVICE_TRACK).await.expect("readable"), 1);
}

#[tokio::test]
async fn a_service_waits_for_its_database_too() {
    let fresh = Fresh::database().await;
    migrate(&fresh.settings, one_table())
        .await
        .expect("applies");
    let runtime = options(&fresh.settings.database.url().expect("written")).expect("an address");
    let (host, port) = (runtime.get_host().to_owned(), runtime.get_port());
    let away = crate::testing::free_port();
    let pool = PgPoolOptions::new()
        .acquire_timeout(Duration::from_secs(2))
        .connect_lazy_with(runtime.port(away));
    let refused = applied(&pool, PLATFORM_TRACK).await;
    assert!(matches!(
        refused,
        Err(sqlx::Error::PoolTimedOut | sqlx::Error::Io(_))
    ));

    let comes_up = async {
        let listener = TcpListener::bind(("127.0.0.1", away)).await.expect("free");
        loop {
            let (mut client, _) = listener.accept().await.expect("somebody");
            let server = TcpStream::connect((host.as_str(), port)).await;
            let mut server = server.expect("the real one");
            tokio::spawn(async move { copy_bidirectional(&mut client, &mut server).await });
        }
    };
    let migrations = one_table();
    tokio::select! {
        waited = wait_for_schema(&pool, &migrations) => waited.expect("it is there at last"),
        () = comes_up => {}
    }
}

#[tokio::test]
async fn a_broken_index_is_not_taken_for_done() {
    let fresh = Fresh::database().await;
    migrate(&fresh.settings, one_table())
        .await
        .expect("applies");
    let mut owner = PgConnection::connect_with(&fresh.owner)
        .await
        .expect("reachable");
    sqlx::query("insert into plan values (1), (1)")
        .execute(&mut owner)
        .await
        .expect("ours");
    sqlx::query("create unique index concurrently plan_once on plan (id)")
        .execute(&mut owner)
        .await
        .expect_err("the rows are alike");
    let error = migrate(&fresh.settings, one_table())
        .await
        .expect_err("an index is left behind");
    assert!(
        Chain(&error).to_string().ends_with(": plan_once"),
        "{}",
        Chain(&error)
    );
}

#[tokio::test]
async fn a_migration_that_fails_is_named() {
    let fresh = Fresh::database().await;
    let sql = "create table plan (id nonsense)".into_sql_str();
    let migration = Migration::new(7, "plan".into(), MigrationType::Simple, sql, false);
    let migrations = Migrator::with_migrations(vec![migration]);
    let error = migrate(&fresh.settings, migrations)
        .await
        .expect_err("no such type");
    assert_eq!(
        Chain(&error).to_string(),
        r#"database: migration 7: code 42704: type "nonsense" does not exist"#
    );
}

#[tokio::test]
async fn a_connection_has_its_name_and_its_limit() {
    let pool = Fresh::database().await.pool();
    let setting = async |name: &str| -> String {
        sqlx::query_scalar("select current_setting($1)")
            .bind(name)
            .fetch_one(&pool)
            .await
            .expect("readable")
    };
    assert_eq!(setting("application_name").await, "the-test");
    assert_eq!(setting("statement_timeout").await, "8s");
}

#[tokio::test]
async fn a_server_that_could_forget_is_refused() {
    let fresh = Fresh::database().await;
    let runtime = options(&fresh.settings.database.url().expect("written")).expect("an address");
    let careless = PgPool::connect_lazy_with(runtime.options([("synchronous_commit", "off")]));
    let error = require_durability(&careless)
        .await
        .expect_err("commits may be lost");
    assert!(
        Chain(&error)
            .to_string()
            .contains("synchronous_commit = off")
    );
}

#[test]
fn an_address_that_is_none_is_not_repeated() {
    let error = options(&SecretString::from("postgres://me:hidden@[:/")).expect_err("nonsense");
    assert!(!format!("{error:?} {}", Chain(&error)).contains("hidden"));
}
