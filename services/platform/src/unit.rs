//! One change, one transaction.
//!
//! A command is a unit of work: the journal notes its request id, hands out locks, takes the facts
//! that the domain decided, remembers the reply, and commits all of it or nothing. A unit that is
//! dropped leaves no trace. There is no network call inside a unit: nothing in scope can make one.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::reference::Reference;
use proto::Command;
use sha2::{Digest, Sha256};
use sqlx::{PgConnection, PgPool, Postgres, Transaction};
use uuid::Uuid;

use crate::access::{Caller, Role};
use crate::clock::BusinessClock;
use crate::crypto::Vault;
use crate::error::{Error, Result};
use crate::facts::{IntoRecord, Locked, Origin, Record, Writer};
use crate::reference::References;
use crate::telemetry;

mod request;

use request::Request;
pub use request::{RequestRejection, judge_id, parsed};

/// What a service relies on that seals.
const HAS_VAULT: &str = "a service that seals opened its journal with its vault";

/// Where units of work begin. One per service; cheap to clone.
#[derive(Clone)]
pub struct Journal {
    pool: PgPool,
    vault: Option<Arc<Vault>>,
    clock: BusinessClock,
    references: References,
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
            references: References::supplied(),
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

    /// What all services go by, as it is now; within a unit ask [`Unit::reference`].
    pub async fn reference(&self) -> Result<Arc<Reference>> {
        let mut connection = self.pool.acquire().await?;
        self.references.current(&mut connection).await
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
        self.begin_hashed(caller, command, hash(command)).await
    }

    /// The reply to a command that was answered before. For use cases that ask a neighbour before
    /// they begin: what was answered once is answered so again, whatever the neighbour says by now.
    pub async fn answered<C, R>(&self, caller: &Caller, command: &C) -> Result<Option<R>>
    where
        C: Command,
        R: prost::Message + Default,
    {
        self.answered_hashed(caller, command, hash(command)).await
    }

    /// [`Journal::answered`] for a command whose content came beside it.
    pub async fn answered_hashed<C, R>(
        &self,
        caller: &Caller,
        command: &C,
        body_hash: [u8; 32],
    ) -> Result<Option<R>>
    where
        C: Command,
        R: prost::Message + Default,
    {
        let request = self.request(caller, command, body_hash)?;
        let mut connection = self.pool.acquire().await?;
        request.reply(&mut connection).await
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
        let request = self.request(caller, command, body_hash)?;
        let mut unit = self
            .open_unit(&caller.subject, caller.role, request.reference.to_string())
            .await?;
        if request.note(unit.connection()).await? {
            unit.request = Some(request);
            return Ok(Begun::New(Box::new(unit)));
        }
        let reply = request.reply(unit.connection()).await?;
        let reply = reply.ok_or_else(|| anyhow::anyhow!("a command was noted and is not there"))?;
        Ok(Begun::Answered(reply))
    }

    fn request<C: Command>(
        &self,
        caller: &Caller,
        command: &C,
        body_hash: [u8; 32],
    ) -> Result<Request> {
        let vault = self.vault.clone();
        let vault =
            vault.ok_or_else(|| anyhow::anyhow!("a command in a service without a vault"))?;
        Request::new(vault, caller, command, body_hash)
    }

    /// Begins a unit that no request caused: a deadline that passed, a neighbour's fact.
    pub async fn begin_own(&self) -> Result<Unit> {
        let actor = format!("service:{}", self.service);
        self.open_unit(&actor, Role::Service, String::new()).await
    }

    async fn open_unit(&self, actor: &str, role: Role, request: String) -> Result<Unit> {
        let origin = Origin {
            actor: actor.to_owned(),
            role,
            request,
            occurred_at: self.clock.now()?,
            traceparent: telemetry::traceparent(),
        };
        Ok(Unit {
            transaction: self.pool.begin().await?,
            vault: self.vault.clone(),
            references: self.references.clone(),
            service: self.service,
            epoch: self.epoch,
            origin,
            recorded_at: None,
            request: None,
        })
    }
}

fn hash(command: &impl Command) -> [u8; 32] {
    Sha256::digest(command.encode_to_vec()).into()
}

/// One transaction and who is behind it.
pub struct Unit {
    transaction: Transaction<'static, Postgres>,
    vault: Option<Arc<Vault>>,
    references: References,
    service: &'static str,
    epoch: i32,
    origin: Origin,
    recorded_at: Option<Timestamp>,
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

    /// The business day.
    pub fn today(&self) -> Date {
        self.origin.occurred_at.date()
    }

    /// What all services go by, as it is now: calendar and pilot parameters.
    pub async fn reference(&mut self) -> Result<Arc<Reference>> {
        let references = self.references.clone();
        references.current(&mut self.transaction).await
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
        let recorded_at = self.recorded_at().await?;
        let writer = Writer {
            service: self.service,
            epoch: self.epoch,
            origin: &self.origin,
            recorded_at,
        };
        writer.record(&mut self.transaction, facts).await
    }

    /// System time of the unit's facts, by the database's clock, which watermarks go by too. Taken
    /// under the first lock: from then on a watermark sees this transaction and waits for it.
    async fn recorded_at(&mut self) -> Result<Timestamp> {
        if let Some(known) = self.recorded_at {
            return Ok(known);
        }
        let now = sqlx::query_scalar!(r#"select clock_timestamp() as "now!""#)
            .fetch_one(self.connection())
            .await?
            .to_jiff();
        Ok(*self.recorded_at.insert(now))
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
