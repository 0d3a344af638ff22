//! Five databases, each with an owner and a runtime role of its own, as `scripts/up` makes them.

use std::path::Path;

use platform::crypto::secret_file;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use super::Service;

/// Makes the database of a service and writes both roles' addresses into the folder of secrets.
pub(super) async fn create(
    superuser: &PgConnectOptions,
    database: &str,
    secrets: &Path,
) -> anyhow::Result<()> {
    let (owner, runtime) = (format!("{database}_owner"), format!("{database}_runtime"));
    let mut server = PgConnection::connect_with(superuser).await?;
    for role in [&owner, &runtime] {
        let password = hex::encode(rand::random::<[u8; 16]>());
        run(
            &mut server,
            format!("create role {role} login password '{password}'"),
        )
        .await?;
        let (host, port) = (superuser.get_host(), superuser.get_port());
        let address = format!("postgres://{role}:{password}@{host}:{port}/{database}");
        secret_file::write(&secrets.join(format!("{role}.url")), address.as_bytes())?;
    }
    run(
        &mut server,
        format!("create database {database} owner {owner}"),
    )
    .await?;
    run(
        &mut server,
        format!("revoke all on database {database} from public"),
    )
    .await?;
    run(
        &mut server,
        format!("grant connect on database {database} to {runtime}"),
    )
    .await?;
    server.close().await?;

    let mut inside = PgConnection::connect_with(&superuser.clone().database(database)).await?;
    run(&mut inside, format!("alter schema public owner to {owner}")).await?;
    run(
        &mut inside,
        "revoke all on schema public from public".to_owned(),
    )
    .await?;
    run(
        &mut inside,
        format!("grant usage on schema public to {runtime}"),
    )
    .await?;
    Ok(inside.close().await?)
}

/// Name of a service's database in the platform with this prefix.
pub(super) fn name(prefix: &str, service: Service) -> String {
    format!("{prefix}_{}", service.identifier())
}

/// Names of databases and roles cannot be parameters; all of them are made here.
async fn run(connection: &mut PgConnection, statement: String) -> sqlx::Result<()> {
    connection
        .execute(AssertSqlSafe(statement))
        .await
        .map(|_| ())
}
