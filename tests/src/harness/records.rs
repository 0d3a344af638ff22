//! A service's tables as they lie in the database. Services see them through their own finders;
//! tests look past those, as the superuser.

use std::collections::BTreeMap;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool};

use super::Service;

/// The tables of one service.
#[derive(Debug, Clone)]
pub struct Records {
    service: Service,
    database: PgConnectOptions,
}

impl Records {
    pub(super) fn of(service: Service, database: PgConnectOptions) -> Self {
        Self { service, database }
    }

    /// A connection as the superuser.
    pub async fn connect(&self) -> sqlx::Result<PgConnection> {
        PgConnection::connect_with(&self.database).await
    }

    /// Connections as the superuser.
    pub fn pool(&self) -> PgPool {
        PgPoolOptions::new()
            .max_connections(2)
            .connect_lazy_with(self.database.clone())
    }

    /// Facts by kind: `certificate/certificate_issued` → 26.
    pub async fn facts(&self) -> sqlx::Result<Vec<(String, i64)>> {
        sqlx::query_as(
            "select aggregate_kind || '/' || kind, count(*) from platform.fact group by 1",
        )
        .fetch_all(&mut self.connect().await?)
        .await
    }

    /// Commands that have a reply: caller, method, request id, and the facts that it caused by
    /// kind. Ids that the platform gave are left out of request ids.
    pub async fn commands(&self) -> sqlx::Result<Vec<(String, i64)>> {
        // Callers without a token are told apart by what they sent, ids of the platform included.
        sqlx::query_as(
            "select concat_ws(' ', caller, method, regexp_replace(request_id, '_\\w{26}', '', 'g'),
                        coalesce(caused, 'nothing')),
                    count(*)
             from platform.request_log,
                  lateral (select regexp_replace(subject, '^public:.*', 'public') as caller) who,
                  lateral (select string_agg(kind || ' ' || facts, ', ' order by kind) as caused
                           from (select kind, count(*) as facts from platform.fact
                                 where fact.actor = caller
                                   and fact.request_id = request_log.reference::text
                                 group by kind) kinds) what
             where reply is not null
             group by 1",
        )
        .fetch_all(&mut self.connect().await?)
        .await
    }

    /// Facts that have left or are to leave.
    pub async fn published(&self) -> sqlx::Result<i64> {
        sqlx::query_scalar("select count(*) from platform.publication")
            .fetch_one(&mut self.connect().await?)
            .await
    }

    /// Messages of this service that the stream has not acknowledged, and neighbours' facts that
    /// wait here for their predecessors or have failed.
    pub async fn unfinished(&self) -> sqlx::Result<i64> {
        sqlx::query_scalar(
            "select (select count(*) from platform.publication where stream_sequence is null)
                  + (select count(*) from platform.parked)
                  + (select count(*) from platform.quarantine where given_up)",
        )
        .fetch_one(&mut self.connect().await?)
        .await
    }

    /// Every row of every table as JSON, tables and rows in order; bytes are in hexadecimal.
    pub async fn dump(&self) -> sqlx::Result<BTreeMap<String, Vec<String>>> {
        let mut connection = self.connect().await?;
        let tables: Vec<String> = sqlx::query_scalar(
            "select format('%I.%I', table_schema, table_name) from information_schema.tables
             where table_type = 'BASE TABLE' and table_name <> '_sqlx_migrations'
               and table_schema not in ('pg_catalog', 'information_schema')",
        )
        .fetch_all(&mut connection)
        .await?;
        let mut dump = BTreeMap::new();
        for table in tables {
            let rows = format!("select to_jsonb(row)::text from {table} as row order by 1");
            let rows = sqlx::query_scalar(AssertSqlSafe(rows))
                .fetch_all(&mut connection)
                .await?;
            dump.insert(format!("{}: {table}", self.service.name()), rows);
        }
        Ok(dump)
    }
}

/// Commands answered in the database of a connection.
pub(super) async fn answered(connection: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar("select count(*) from platform.request_log")
        .fetch_one(connection)
        .await
}
