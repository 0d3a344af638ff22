//! One change, one transaction.
//!
//! A command is a unit of work: the journal notes its request id, hands out locks, takes the facts
//! that the domain decided, remembers the reply, and commits all of it or nothing. A unit that is
//! dropped leaves no trace. There is no network call inside a unit: nothing in scope can make one.

use std::sync::Arc;

use kernel::rejections;
use proto::Command;
use sha2::{Digest, Sha256};
use sqlx::{PgConnection, PgPool, Postgres, Transaction};
use uuid::Uuid;

use crate::access::{Caller, Role};
use crate::clock::BusinessClock;
use crate::crypto::{Place, Vault};
use crate::error::{Error, Result};
use crate::facts::{self, IntoRecord, Locked, Origin, Record};
use crate::telemetry;

rejections! {
    /// Why a request id is not taken.
    pub enum RequestRejection {
        /// Every command carries an id of its caller's choice.
        RequestIdMissing => "REQUEST_ID_MISSING", InvalidArgument, "platform",
            "缺少请求编号 request_id（1 至 64 个可见字符）",
            "a request_id of 1 to 64 visible characters is required";
        /// An id stands for one content.
        RequestIdReused => "REQUEST_ID_REUSED", AlreadyExists, "platform",
            "该请求编号已用于内容不同的请求",
            "this request id was used before for a request with another content";
    }
}

/// What a service relies on that seals.
const HAS_VAULT: &str = "a service that seals opened its journal with its vault";

/// Where units of work begin. One per service; cheap to clone.
#[derive(Clone)]
pub struct Journal {
    pool: PgPool,
    vault: Option<Arc<Vault>>,
    clock: BusinessClock,
    service: &'static str,
    epoch: i32,
}

/// What became of a command at its beginning.
pub enum Begun<R> {
    /// It is new: decide.
    New(Box<Unit>),
    /// It was answered before: the same reply again.
    Answered(R),
}

impl Journal {
    /// Opens the journal of a service on its database. A service that only listens to others has
    /// no vault, and takes no commands: their replies are remembered sealed.
    pub async fn open(
        pool: PgPool,
        vault: impl Into<Option<Arc<Vault>>>,
        clock: BusinessClock,
        service: &'static str,
    ) -> Result<Self> {
        let vault = vault.into();
        let epoch = sqlx::query_scalar!("select epoch from platform.incarnation")
            .fetch_one(&pool)
            .await?;
        Ok(Self {
            pool,
            vault,
            clock,
            service,
            epoch,
        })
    }

    /// The database, for reading.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// The business clock.
    pub fn clock(&self) -> &BusinessClock {
        &self.clock
    }

    /// The vault of this service.
    ///
    /// # Panics
    /// In a service that has none.
    pub fn vault(&self) -> &Arc<Vault> {
        self.vault.as_ref().expect(HAS_VAULT)
    }

    /// The service whose journal this is.
    pub fn service(&self) -> &'static str {
        self.service
    }

    /// Begins a command, or finds that it was answered before.
    pub async fn begin<C, R>(&self, caller: &Caller, command: &C) -> Result<Begun<R>>
    where
        C: Command,
        R: prost::Message + Default,
    {
        let body_hash = Sha256::digest(command.encode_to_vec()).into();
        self.begin_hashed(caller, command, body_hash).await
    }

    /// [`Journal::begin`] for a command whose content came beside it, such as an upload.
    pub async fn begin_hashed<C, R>(
        &self,
        caller: &Caller,
        command: &C,
        body_hash: [u8; 32],
    ) -> Result<Begun<R>>
    where
        C: Command,
        R: prost::Message + Default,
    {
        let request_id = command.request_id();
        let visible = request_id.bytes().all(|byte| byte.is_ascii_graphic());
        if request_id.is_empty() || request_id.len() > 64 || !visible {
            return Err(Error::refused(RequestRejection::RequestIdMissing));
        }
        let vault = self.vault.clone();
        let request = Request {
            vault: vault
                .ok_or_else(|| anyhow::anyhow!("a command in a service without a vault"))?,
            subject: key_of(caller, &body_hash),
            method: C::full_name(),
            id: request_id.to_owned(),
        };
        let mut unit = self
            .open_unit(&caller.subject, caller.role, request_id)
            .await?;
        if request.note(unit.connection(), &body_hash).await? {
            unit.request = Some(request);
            return Ok(Begun::New(Box::new(unit)));
        }
        let reply = request.reply(unit.connection(), &body_hash).await?;
        Ok(Begun::Answered(
            R::decode(reply.as_slice()).map_err(anyhow::Error::from)?,
        ))
    }

    /// Begins a unit that no request caused: a deadline that passed, a neighbour's fact.
    pub async fn begin_own(&self) -> Result<Unit> {
        self.open_unit(&format!("service:{}", self.service), Role::Service, "")
            .await
    }

    async fn open_unit(&self, actor: &str, role: Role, request_id: &str) -> Result<Unit> {
        let origin = Origin {
            actor: actor.to_owned(),
            role,
            request_id: request_id.to_owned(),
            occurred_at: self.clock.now()?,
            traceparent: telemetry::traceparent(),
        };
        Ok(Unit {
            transaction: self.pool.begin().await?,
            vault: self.vault.clone(),
            service: self.service,
            epoch: self.epoch,
            origin,
            request: None,
        })
    }
}

/// One transaction and who is behind it.
pub struct Unit {
    transaction: Transaction<'static, Postgres>,
    vault: Option<Arc<Vault>>,
    service: &'static str,
    epoch: i32,
    origin: Origin,
    request: Option<Request>,
}

impl Unit {
    /// The connection, for a store's functions.
    pub fn connection(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }

    /// Who acts, and on which business day.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The vault of the service.
    ///
    /// # Panics
    /// In a service that has none.
    pub fn vault(&self) -> &Vault {
        self.vault.as_ref().expect(HAS_VAULT)
    }

    /// From here on, facts continue the trace of the current span.
    pub(crate) fn follow_trace(&mut self) {
        self.origin.traceparent = telemetry::traceparent();
    }

    /// Locks an aggregate until the unit ends; one that has no facts yet comes into being.
    pub async fn lock(&mut self, kind: &'static str, id: Uuid) -> Result<Locked> {
        let mut locked = self.lock_all(kind, &[id]).await?;
        locked
            .pop()
            .ok_or_else(|| Error::Internal(anyhow::anyhow!("a lock was not given")))
    }

    /// Locks aggregates of one kind, in the order of their ids, so that no two units wait for
    /// each other. The locks come back in that order.
    pub async fn lock_all(&mut self, kind: &'static str, ids: &[Uuid]) -> Result<Vec<Locked>> {
        sqlx::query!(
            "insert into platform.aggregate (kind, id)
             select $1, id from unnest($2::uuid[]) as given (id) order by id
             on conflict do nothing",
            kind,
            ids,
        )
        .execute(self.connection())
        .await?;
        let rows = sqlx::query!(
            "select id, version, published_version, head_hash from platform.aggregate
             where kind = $1 and id = any($2) order by id for update",
            kind,
            ids,
        )
        .fetch_all(self.connection())
        .await?;
        let locked = rows.into_iter().map(|row| Locked {
            kind,
            id: row.id,
            version: row.version,
            published_version: row.published_version,
            head_hash: row.head_hash,
        });
        Ok(locked.collect())
    }

    /// Records what the domain decided about one aggregate.
    pub async fn record(&mut self, locked: &mut Locked, facts: &[impl IntoRecord]) -> Result<()> {
        for fact in facts {
            self.record_all(vec![(&mut *locked, fact.record())]).await?;
        }
        Ok(())
    }

    /// Records facts of many aggregates with a fixed number of statements.
    pub async fn record_all(&mut self, facts: Vec<(&mut Locked, Record)>) -> Result<()> {
        facts::record(
            &mut self.transaction,
            self.service,
            self.epoch,
            &self.origin,
            facts,
        )
        .await
    }

    /// Remembers the reply and commits: from here on the command has happened.
    pub async fn finish<R: prost::Message>(mut self, reply: R) -> Result<R> {
        if let Some(request) = self.request.take() {
            request
                .remember(&mut self.transaction, &reply.encode_to_vec())
                .await?;
        }
        self.transaction.commit().await?;
        Ok(reply)
    }

    /// Commits a unit that answers nobody.
    pub async fn commit(self) -> Result<()> {
        Ok(self.transaction.commit().await?)
    }
}

/// Whose request ids these are. Everybody without a token shares one subject, so there a little of
/// the content's hash keeps their ids apart: too little to tell the content by.
fn key_of(caller: &Caller, body_hash: &[u8]) -> String {
    match caller.role {
        Role::Public => format!("public:{}", hex::encode(&body_hash[..2])),
        _ => caller.subject.clone(),
    }
}

/// The key under which a command is remembered. Ids of different callers never meet.
struct Request {
    vault: Arc<Vault>,
    subject: String,
    method: String,
    id: String,
}

impl Request {
    /// Whether this is the first time. A twin still under way is waited for.
    async fn note(&self, connection: &mut PgConnection, body_hash: &[u8]) -> Result<bool> {
        let inserted = sqlx::query!(
            "insert into platform.request_log (subject, method, request_id, body_hash)
             values ($1, $2, $3, $4) on conflict do nothing",
            self.subject,
            self.method,
            self.id,
            body_hash,
        )
        .execute(connection)
        .await?;
        Ok(inserted.rows_affected() == 1)
    }

    async fn reply(&self, connection: &mut PgConnection, body_hash: &[u8]) -> Result<Vec<u8>> {
        let row = sqlx::query!(
            "select body_hash, reply from platform.request_log
             where subject = $1 and method = $2 and request_id = $3",
            self.subject,
            self.method,
            self.id,
        )
        .fetch_one(connection)
        .await?;
        if row.body_hash != body_hash {
            return Err(Error::refused(RequestRejection::RequestIdReused));
        }
        let sealed = row
            .reply
            .ok_or_else(|| anyhow::anyhow!("an answered command has no reply"))?;
        Ok(self.vault.unseal(self.place(), &sealed).await?.to_vec())
    }

    async fn remember(&self, connection: &mut PgConnection, reply: &[u8]) -> Result<()> {
        sqlx::query!(
            "update platform.request_log set reply = $4
             where subject = $1 and method = $2 and request_id = $3",
            self.subject,
            self.method,
            self.id,
            self.vault.seal(self.place(), reply),
        )
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Replies can hold what only their caller may read, so they are sealed in place.
    fn place(&self) -> Place {
        let key = [self.subject.as_str(), &self.method, &self.id].join("\n");
        let digest = Sha256::digest(key);
        let mut row = [0; 16];
        row.copy_from_slice(&digest[..16]);
        Place {
            table: "platform.request_log",
            row: Uuid::from_bytes(row),
            column: "reply",
        }
    }
}
