//! Documents that one service owns and all others keep a copy of.
//!
//! The owner writes a document with [`publish`], in the unit of the command that changes it, and a
//! fact carries the whole of it to the others, each of which runs a consumer that [`keeps`](keep)
//! its copy. Every use case reads what holds from its own database, so that none waits for a
//! neighbour: [`Unit::reference`] looks up the newest change there, and reads the documents anew
//! only when it is another. So every replica is current, and none asks the others.
//!
//! The documents are one aggregate: their changes have one order, and one version for all.

use std::sync::{Arc, RwLock};

use kernel::division::DivisionCode;
use kernel::reference::Reference;
use prost::Message;
use proto::common::v1::{Fact, ReferenceChanged};
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::bus::{Bus, Subscription};
use crate::error::Result;
use crate::facts::{IntoRecord, Record};
use crate::inbox::{Consumer, Handler, Owner};
use crate::unit::{Journal, Unit};

/// Aggregate kind of the documents, of which there is one aggregate.
const REFERENCE: &str = "reference";
/// Its id.
const THE_ONE: Uuid = Uuid::nil();
/// The fact that tells of them.
const CHANGED: &str = "reference_changed";

/// What holds by this database as last read, and the change that it was read after.
#[derive(Clone)]
pub(crate) struct References(Arc<RwLock<(Option<Uuid>, Arc<Reference>)>>);

impl References {
    /// What comes with the platform, until somebody asks.
    pub(crate) fn supplied() -> Self {
        Self(Arc::new(RwLock::new((
            None,
            Arc::new(Reference::supplied()),
        ))))
    }

    /// What holds now.
    pub(crate) async fn current(&self, connection: &mut PgConnection) -> Result<Arc<Reference>> {
        let newest = sqlx::query_scalar!(
            "select change from platform.reference order by version desc limit 1"
        )
        .fetch_optional(&mut *connection)
        .await?;
        if let Some(known) = self.read_after(newest) {
            return Ok(known);
        }
        // Both in one statement: another change may have come since.
        let row = sqlx::query!(
            r#"select (array_agg(change order by version desc))[1] as change,
                   coalesce(jsonb_object_agg(name, content), '{}') as "documents!"
               from platform.reference"#,
        )
        .fetch_one(connection)
        .await?;
        let read: Reference = serde_json::from_value(row.documents).map_err(anyhow::Error::from)?;
        let read = Arc::new(read);
        *self.0.write().expect(NO_PANIC) = (row.change, Arc::clone(&read));
        Ok(read)
    }

    fn read_after(&self, change: Option<Uuid>) -> Option<Arc<Reference>> {
        let (known, reference) = &*self.0.read().expect(NO_PANIC);
        (*known == change).then(|| Arc::clone(reference))
    }
}

/// A pair is put into the lock, or taken from it; neither panics.
const NO_PANIC: &str = "nobody panics while holding this lock";

/// Writes a document, and tells the others.
///
/// # Errors
/// When the database does not take it.
pub async fn publish(unit: &mut Unit, name: &str, content: &impl Serialize) -> Result<()> {
    let mut locked = unit.lock(REFERENCE, THE_ONE).await?;
    let changed = Changed {
        name,
        version: locked.published_version + 1,
        content: serde_json::to_string(content).map_err(anyhow::Error::from)?,
    };
    write(unit, name, changed.version, &changed.content).await?;
    unit.record(&mut locked, &[changed]).await
}

/// A consumer that keeps a copy of the documents of their owner.
pub fn keep(
    journal: Journal,
    bus: Bus,
    listener: &'static str,
    owner: &'static str,
    feed: Owner,
) -> Consumer<Copies> {
    let subscription = Subscription {
        listener,
        owner,
        aggregate_kind: REFERENCE,
    };
    Consumer::new(journal, bus, subscription, feed, Copies)
}

/// Hears the facts of the documents.
pub struct Copies;

impl Handler for Copies {
    async fn apply(&self, unit: &mut Unit, fact: &Fact) -> Result<()> {
        if fact.kind != CHANGED {
            return Ok(());
        }
        let changed =
            ReferenceChanged::decode(fact.payload.clone()).map_err(anyhow::Error::from)?;
        let version = i64::try_from(changed.version).map_err(anyhow::Error::from)?;
        write(unit, &changed.name, version, &changed.content).await
    }
}

async fn write(unit: &mut Unit, name: &str, version: i64, content: &str) -> Result<()> {
    sqlx::query!(
        "insert into platform.reference (name, version, content) values ($1, $2, $3::text::jsonb)
         on conflict (name) do update
             set version = excluded.version, content = excluded.content, change = excluded.change",
        name,
        version,
        content,
    )
    .execute(unit.connection())
    .await?;
    Ok(())
}

/// A document is another from now on.
#[derive(Serialize)]
struct Changed<'a> {
    name: &'a str,
    version: i64,
    content: String,
}

impl IntoRecord for Changed<'_> {
    fn record(&self) -> Record {
        let message = ReferenceChanged {
            name: self.name.to_owned(),
            version: self.version.cast_unsigned(),
            content: self.content.clone(),
        };
        Record {
            kind: CHANGED,
            schema_version: 1,
            areas: vec![DivisionCode::PROVINCE],
            payload: serde_json::to_string(self).expect("texts and a number always serialise"),
            message: Some(message.encode_to_vec()),
        }
    }
}
