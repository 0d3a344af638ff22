//! The PostgreSQL server beneath a platform: the one that `DATABASE_URL` names, or, where tests
//! kill it, one of the platform's own.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::Command;
use std::str::FromStr;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use platform::crypto::secret_file;
use platform::facts::relay::RELAY_LOCK;
use platform::testing::free_port;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};

use super::program::{Program, signal};

const SUPERUSER: &str = "postgres";
const PATIENCE: Duration = Duration::from_mins(1);

/// A server and how its superuser connects.
pub(super) struct Postgres {
    /// The superuser's way in.
    pub(super) superuser: PgConnectOptions,
    own: Option<Program>,
}

impl Postgres {
    /// The server that `DATABASE_URL` names.
    pub(super) fn given() -> anyhow::Result<Self> {
        let address = std::env::var("DATABASE_URL")
            .context("DATABASE_URL names a PostgreSQL server; ./scripts/test starts one")?;
        Ok(Self {
            superuser: PgConnectOptions::from_str(&address)?,
            own: None,
        })
    }

    /// A new server with its data in the platform's folder.
    pub(super) async fn start(folder: &Path) -> anyhow::Result<Self> {
        let (home, data) = (folder.join("postgres"), folder.join("postgres/data"));
        let password = hex::encode(rand::random::<[u8; 16]>());
        secret_file::write(&home.join("password"), password.as_bytes())?;
        give_away(folder, &home)?;
        let data = data.display().to_string();
        let mut words = as_postgres();
        words.extend([
            "initdb".to_owned(),
            format!("--pgdata={data}"),
            format!("--username={SUPERUSER}"),
            format!("--pwfile={}", home.join("password").display()),
        ]);
        words.extend(
            [
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--data-checksums",
            ]
            .map(str::to_owned),
        );
        words.extend(["--no-sync", "--no-instructions"].map(str::to_owned));
        Program::new(folder, "initdb", words).run()?;

        let port = free_port();
        let superuser = PgConnectOptions::new_without_pgpass()
            .host("127.0.0.1")
            .port(port)
            .username(SUPERUSER)
            .password(&password)
            .database("postgres");
        let server = Program::new(folder, "postgres", server_words(&data, port)).ended_by("INT");
        let mut postgres = Self {
            superuser,
            own: Some(server),
        };
        postgres.restart().await?;
        Ok(postgres)
    }

    /// Ends the server as a power cut would.
    pub(super) fn kill(&mut self) -> anyhow::Result<()> {
        self.own()?.kill();
        Ok(())
    }

    /// Starts it, again or for the first time, and waits until it has recovered.
    pub(super) async fn restart(&mut self) -> anyhow::Result<()> {
        let superuser = self.superuser.clone();
        let server = self.own()?;
        let began = Instant::now();
        loop {
            // Sessions of a killed server hold its memory for a moment longer; until they are
            // gone, the next one refuses to start.
            if !server.runs() {
                server.start()?;
            }
            match PgConnection::connect_with(&superuser).await {
                Ok(connection) => return Ok(connection.close().await?),
                Err(_) if began.elapsed() < PATIENCE => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                Err(error) => {
                    bail!(
                        "PostgreSQL does not come up: {error}\n{}",
                        server.last_words()
                    )
                }
            }
        }
    }

    /// Kills one session of some service, upon which the server ends all and recovers; `choice`
    /// picks among the sessions.
    pub(super) async fn kill_session(&mut self, choice: usize) -> anyhow::Result<()> {
        self.own()?;
        let mut connection = PgConnection::connect_with(&self.superuser).await?;
        let began = Instant::now();
        loop {
            let sessions: Vec<i32> = sqlx::query_scalar(
                "select pid from pg_stat_activity
                 where backend_type = 'client backend' and usename <> current_user order by pid",
            )
            .fetch_all(&mut connection)
            .await?;
            if let Some(chosen) = choice.checked_rem(sessions.len())
                && signal("KILL", u32::try_from(sessions[chosen])?).is_ok()
            {
                return Ok(());
            }
            ensure!(
                began.elapsed() < PATIENCE,
                "no service is connected to PostgreSQL"
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Ends the session on which the relay of a database holds its lock, in the middle of its term;
    /// all others go on.
    pub(super) async fn end_relay(&self, database: &str) -> anyhow::Result<()> {
        let mut connection = PgConnection::connect_with(&self.superuser).await?;
        let began = Instant::now();
        loop {
            // A lock on a number of 64 bits is listed by its halves.
            let ended: Option<bool> = sqlx::query_scalar(
                "select pg_terminate_backend(pid)
                 from pg_locks join pg_database on pg_database.oid = pg_locks.database
                 where datname = $1 and locktype = 'advisory' and granted
                   and classid = ($2 >> 32)::oid and objid = ($2 & 4294967295)::oid",
            )
            .bind(database)
            .bind(RELAY_LOCK)
            .fetch_optional(&mut connection)
            .await?;
            if ended == Some(true) {
                return Ok(());
            }
            ensure!(began.elapsed() < PATIENCE, "{database} has no relay");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    fn own(&mut self) -> anyhow::Result<&mut Program> {
        self.own
            .as_mut()
            .context("only a server of the platform's own may be killed")
    }
}

/// Everything that makes acknowledged commits survive the end of the process is as in production;
/// only power cuts of the whole machine are not reckoned with.
fn server_words(data: &str, port: u16) -> Vec<String> {
    let mut words = as_postgres();
    words.extend(["postgres".to_owned(), "-D".to_owned(), data.to_owned()]);
    for setting in [
        "listen_addresses=127.0.0.1",
        &format!("port={port}"),
        "unix_socket_directories=",
        "timezone=UTC",
        "log_timezone=UTC",
        "max_connections=120",
        "shared_buffers=48MB",
        "jit=off",
        "fsync=off",
    ] {
        words.extend(["-c".to_owned(), setting.to_owned()]);
    }
    words
}

/// PostgreSQL refuses to run as root. `setpriv` replaces itself by the program, so that the
/// process we started is the server.
fn as_postgres() -> Vec<String> {
    let words = [
        "setpriv",
        "--reuid=postgres",
        "--regid=postgres",
        "--init-groups",
        "--",
    ];
    if is_root() {
        words.map(str::to_owned).to_vec()
    } else {
        Vec::new()
    }
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|this| this.uid() == 0)
}

/// Lets the server's user through the platform's folder to its own.
fn give_away(folder: &Path, home: &Path) -> anyhow::Result<()> {
    if is_root() {
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o711))?;
        let given = Command::new("chown")
            .args(["-R", "postgres:"])
            .arg(home)
            .status()?;
        ensure!(
            given.success(),
            "{} could not be given to the user postgres",
            home.display()
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::keeper::Keeper;

    #[tokio::test]
    async fn a_server_that_was_killed_comes_back_with_what_was_committed() {
        let folder = tempfile::tempdir().expect("a folder").keep();
        let _keeper = Keeper::of(&folder).expect("a keeper");
        std::fs::create_dir(folder.join("log")).expect("a folder");
        let mut postgres = Postgres::start(&folder).await.expect("a server");
        let superuser = postgres.superuser.clone();
        for committed in 0..3 {
            let mut session = PgConnection::connect_with(&superuser)
                .await
                .expect("a session");
            let make = "create table if not exists kept as select 0 as number with no data";
            sqlx::query(make)
                .execute(&mut session)
                .await
                .expect("a table");
            let insert = sqlx::query("insert into kept values ($1)").bind(committed);
            insert.execute(&mut session).await.expect("a row");

            postgres.kill().expect("its own server");
            postgres.restart().await.expect("it comes back");
            let mut session = PgConnection::connect_with(&superuser)
                .await
                .expect("a session");
            let kept: i64 = sqlx::query_scalar("select count(*) from kept")
                .fetch_one(&mut session)
                .await
                .expect("the table");
            assert_eq!(kept, i64::from(committed) + 1);
        }
    }
}
