//! Writing facts, any number of them on any number of locked aggregates, in three statements.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::ids::FactId;
use prost::Message;
use proto::common::v1 as common;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Locked, Origin, Record, hash, subject};
use crate::error::Result;

/// What the facts of one transaction have in common.
pub(crate) struct Writer<'a> {
    pub(crate) service: &'static str,
    pub(crate) epoch: i32,
    pub(crate) origin: &'a Origin,
    /// System time, by the database's clock.
    pub(crate) recorded_at: Timestamp,
}

impl Writer<'_> {
    /// Appends facts to their aggregates, in the order given. The caller holds the locks.
    pub(crate) async fn record(
        &self,
        connection: &mut PgConnection,
        facts: Vec<(&mut Locked, Record)>,
    ) -> Result<()> {
        let mut rows = FactRows::default();
        let mut publications = PublicationRows::default();
        let mut heads = HeadRows::default();
        for (locked, record) in facts {
            self.append(&mut rows, &mut publications, locked, record);
            heads.push(locked);
        }
        rows.insert(connection, self).await?;
        publications.insert(connection, self.recorded_at).await?;
        heads.update(connection).await
    }

    fn append(
        &self,
        rows: &mut FactRows,
        publications: &mut PublicationRows,
        locked: &mut Locked,
        mut record: Record,
    ) {
        let fact_id = Uuid::now_v7();
        let version = locked.version + 1;
        let message = record.message.take();
        let published_version = message.is_some().then_some(locked.published_version + 1);
        let mut fact = common::Fact {
            version: version.cast_unsigned(),
            published_version: published_version.unwrap_or(0).cast_unsigned(),
            payload: message.unwrap_or_default().into(),
            ..self.envelope(fact_id, locked, &record)
        };
        let hash = hash(&fact);
        fact.hash = hash.to_vec().into();

        if let Some(published_version) = published_version {
            let subject = subject(self.service, locked.kind, record.kind);
            publications.push(fact_id, locked, subject, &fact);
            locked.published_version = published_version;
        }
        let areas = fact.areas.join(",");
        rows.push(
            fact_id,
            locked,
            version,
            published_version,
            record,
            areas,
            hash,
        );
        locked.version = version;
        locked.head_hash = hash.to_vec();
    }

    /// What a fact says beside its place in the chain and its payload.
    fn envelope(&self, fact_id: Uuid, locked: &Locked, record: &Record) -> common::Fact {
        common::Fact {
            fact_id: FactId::from_uuid(fact_id).to_string(),
            aggregate_kind: locked.kind.to_owned(),
            aggregate_id: locked.id.to_string(),
            kind: record.kind.to_owned(),
            schema_version: record.schema_version,
            areas: record.areas.iter().map(ToString::to_string).collect(),
            epoch: self.epoch.cast_unsigned(),
            actor: Some(common::Actor {
                subject: self.origin.actor.clone(),
                role: common::Role::from(self.origin.role).into(),
            }),
            request_id: self.origin.request.clone(),
            occurred_at: self.origin.occurred_at.to_string(),
            recorded_at: Some(prost_types::Timestamp {
                seconds: self.recorded_at.as_second(),
                nanos: self.recorded_at.subsec_nanosecond(),
            }),
            traceparent: self.origin.traceparent.clone(),
            record_digest: Sha256::digest(&record.payload).to_vec().into(),
            previous_hash: locked.head_hash.clone().into(),
            ..common::Fact::default()
        }
    }
}

/// Columns of the facts to insert; arrays of equal length.
#[derive(Default)]
struct FactRows {
    fact_ids: Vec<Uuid>,
    aggregate_kinds: Vec<String>,
    aggregate_ids: Vec<Uuid>,
    versions: Vec<i64>,
    published_versions: Vec<Option<i64>>,
    kinds: Vec<String>,
    schema_versions: Vec<i32>,
    areas: Vec<String>,
    payloads: Vec<String>,
    previous_hashes: Vec<Vec<u8>>,
    hashes: Vec<Vec<u8>>,
}

impl FactRows {
    #[expect(clippy::too_many_arguments, reason = "one value a column")]
    fn push(
        &mut self,
        fact_id: Uuid,
        locked: &Locked,
        version: i64,
        published_version: Option<i64>,
        record: Record,
        areas: String,
        hash: [u8; 32],
    ) {
        self.fact_ids.push(fact_id);
        self.aggregate_kinds.push(locked.kind.to_owned());
        self.aggregate_ids.push(locked.id);
        self.versions.push(version);
        self.published_versions.push(published_version);
        self.kinds.push(record.kind.to_owned());
        self.schema_versions
            .push(record.schema_version.cast_signed());
        self.areas.push(areas);
        self.payloads.push(record.payload);
        self.previous_hashes.push(locked.head_hash.clone());
        self.hashes.push(hash.to_vec());
    }

    async fn insert(self, connection: &mut PgConnection, writer: &Writer<'_>) -> Result<()> {
        let Writer {
            epoch,
            origin,
            recorded_at,
            ..
        } = writer;
        sqlx::query!(
            "insert into platform.fact (fact_id, aggregate_kind, aggregate_id, version,
                 published_version, kind, schema_version, areas, payload, previous_hash, hash,
                 epoch, actor, actor_role, request_id, occurred_at, recorded_at, traceparent)
             select fact_id, aggregate_kind, aggregate_id, version, published_version, kind,
                 schema_version, string_to_array(areas, ','), payload::json, previous_hash, hash,
                 $12, $13, $14, $15, $16, $17, $18
             from unnest($1::uuid[], $2::text[], $3::uuid[], $4::bigint[], $5::bigint[],
                 $6::text[], $7::integer[], $8::text[], $9::text[], $10::bytea[], $11::bytea[])
                 as new (fact_id, aggregate_kind, aggregate_id, version, published_version, kind,
                     schema_version, areas, payload, previous_hash, hash)",
            &self.fact_ids,
            &self.aggregate_kinds,
            &self.aggregate_ids,
            &self.versions,
            &self.published_versions as &[Option<i64>],
            &self.kinds,
            &self.schema_versions,
            &self.areas,
            &self.payloads,
            &self.previous_hashes,
            &self.hashes,
            epoch,
            origin.actor,
            origin.role.as_str(),
            origin.request,
            origin.occurred_at.to_sqlx() as _,
            recorded_at.to_sqlx() as _,
            origin.traceparent,
        )
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// Columns of the outgoing messages to insert.
#[derive(Default)]
struct PublicationRows {
    fact_ids: Vec<Uuid>,
    aggregate_kinds: Vec<String>,
    aggregate_ids: Vec<Uuid>,
    subjects: Vec<String>,
    message_ids: Vec<String>,
    messages: Vec<Vec<u8>>,
}

impl PublicationRows {
    fn push(&mut self, fact_id: Uuid, locked: &Locked, subject: String, message: &common::Fact) {
        self.fact_ids.push(fact_id);
        self.aggregate_kinds.push(locked.kind.to_owned());
        self.aggregate_ids.push(locked.id);
        self.subjects.push(subject);
        self.message_ids.push(message.fact_id.clone());
        self.messages.push(message.encode_to_vec());
    }

    async fn insert(self, connection: &mut PgConnection, recorded_at: Timestamp) -> Result<()> {
        if self.fact_ids.is_empty() {
            return Ok(());
        }
        // `position` is given in the order of the select, which is the order of the facts.
        sqlx::query!(
            "insert into platform.publication (fact_id, aggregate_kind, aggregate_id, subject,
                 message_id, message, recorded_at)
             select fact_id, aggregate_kind, aggregate_id, subject, message_id, message, $7
             from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::bytea[])
                 with ordinality
                 as new (fact_id, aggregate_kind, aggregate_id, subject, message_id, message, at)
             order by at",
            &self.fact_ids,
            &self.aggregate_kinds,
            &self.aggregate_ids,
            &self.subjects,
            &self.message_ids,
            &self.messages,
            recorded_at.to_sqlx() as _,
        )
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// New ends of the chains. An aggregate with several facts appears several times; the last counts.
#[derive(Default)]
struct HeadRows {
    kinds: Vec<String>,
    ids: Vec<Uuid>,
    versions: Vec<i64>,
    published_versions: Vec<i64>,
    hashes: Vec<Vec<u8>>,
}

impl HeadRows {
    fn push(&mut self, locked: &Locked) {
        self.kinds.push(locked.kind.to_owned());
        self.ids.push(locked.id);
        self.versions.push(locked.version);
        self.published_versions.push(locked.published_version);
        self.hashes.push(locked.head_hash.clone());
    }

    async fn update(self, connection: &mut PgConnection) -> Result<()> {
        sqlx::query!(
            "update platform.aggregate
             set version = new.version, published_version = new.published_version,
                 head_hash = new.head_hash
             from (select distinct on (kind, id) *
                   from unnest($1::text[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bytea[])
                       as given (kind, id, version, published_version, head_hash)
                   order by kind, id, version desc) as new
             where aggregate.kind = new.kind and aggregate.id = new.id",
            &self.kinds,
            &self.ids,
            &self.versions,
            &self.published_versions,
            &self.hashes,
        )
        .execute(connection)
        .await?;
        Ok(())
    }
}
