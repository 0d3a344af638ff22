//! Messages to organisations: told in the unit of what happened, read and noted as read.

use std::collections::BTreeSet;

use kernel::division::DivisionCode;
use kernel::ids::{MessageId, OrganizationId};
use kernel::rejection::FaultList;
use platform::Result;
use platform::access::Caller;
use platform::facts::Locked;
use platform::unit::{Begun, Unit};
use proto::registry::v1 as contract;

use super::App;
use crate::domain::message::{MessageRejection, Telling};
use crate::domain::organization::OrganizationFact;
use crate::store;
use crate::store::message::Found;

/// A page of an inbox.
pub(crate) struct InboxPage {
    pub(crate) messages: Vec<Found>,
    pub(crate) unread: u32,
    pub(crate) mailed: bool,
    pub(crate) next: Option<MessageId>,
}

/// The inbox of a body that nobody else changes until the unit ends.
struct Inbox {
    locked: Locked,
    area: DivisionCode,
}

impl Inbox {
    async fn lock(unit: &mut Unit, own: OrganizationId) -> Result<Self> {
        let area = store::body::area(unit.connection(), own).await?;
        let locked = unit.lock("organization", own.uuid()).await?;
        Ok(Self { locked, area })
    }
}

/// Records what happened to an organisation, and tells it what it must know.
pub(super) async fn record(
    unit: &mut Unit,
    locked: &mut Locked,
    facts: &[OrganizationFact],
) -> Result<()> {
    for telling in facts.iter().filter_map(Telling::of) {
        tell(unit, &telling).await?;
    }
    unit.record(locked, facts).await
}

/// Tells an organisation of something, in the unit of the fact.
pub(crate) async fn tell(unit: &mut Unit, telling: &Telling) -> Result<()> {
    let today = unit.today();
    store::message::insert(unit.connection(), telling, today).await
}

impl App {
    /// A page of the inbox of the caller's organisation; whoever has none has no messages.
    pub(crate) async fn inbox(
        &self,
        caller: &Caller,
        unread_only: bool,
        before: Option<MessageId>,
        size: u32,
    ) -> Result<InboxPage> {
        let own = own(caller);
        let mut reading = self.snapshot().await?;
        let limit = i64::from(size) + 1;
        let page = store::message::page(&mut reading, own, unread_only, before, limit);
        let mut messages = page.await?;
        let unread = store::message::unread(&mut reading, own).await?;
        let mailed = store::message::is_mailed(&mut reading, own).await?;
        reading.commit().await?;
        let more = messages.len() > size as usize;
        messages.truncate(size as usize);
        let next = messages.last().filter(|_| more).map(|last| last.id);
        Ok(InboxPage {
            messages,
            unread,
            mailed,
            next,
        })
    }

    /// Notes messages as read.
    pub(crate) async fn mark_read(
        &self,
        caller: &Caller,
        request: &contract::MarkReadRequest,
        ids: &[MessageId],
    ) -> Result<contract::MarkReadResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (own, today) = (own(caller), unit.today());
        let mut held = Inbox::lock(&mut unit, own).await?;
        let uuids: Vec<_> = ids.iter().map(MessageId::uuid).collect();
        let known = store::message::known(unit.connection(), own, &uuids).await?;
        let known: BTreeSet<_> = known.into_iter().collect();
        let mut faults = FaultList::default();
        for (index, id) in uuids.iter().enumerate() {
            let field = format!("message_ids[{index}]");
            faults.require(known.contains(id), field, &MessageRejection::NotFound);
        }
        faults.finish()?;
        let count = store::message::mark_read(unit.connection(), own, &uuids, today).await?;
        if count > 0 {
            let read = OrganizationFact::MessagesRead {
                organization_id: own,
                division: held.area,
                count,
            };
            unit.record(&mut held.locked, &[read]).await?;
        }
        let unread = store::message::unread(unit.connection(), own).await?;
        unit.finish(contract::MarkReadResponse { unread }).await
    }

    /// Sets where messages are mailed; none for nowhere.
    pub(crate) async fn set_mail_address(
        &self,
        caller: &Caller,
        request: &contract::SetMailAddressRequest,
        address: Option<&str>,
    ) -> Result<contract::SetMailAddressResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let own = own(caller);
        let mut held = Inbox::lock(&mut unit, own).await?;
        let (connection, vault) = (unit.connection(), self.journal.vault());
        let changed = match address {
            Some(address) => {
                store::message::set_address(connection, vault, own, address).await?;
                true
            }
            None => store::message::remove_address(connection, own).await?,
        };
        let mailed = address.is_some();
        if changed {
            let set = OrganizationFact::MailAddressSet {
                organization_id: own,
                division: held.area,
                mailed,
            };
            unit.record(&mut held.locked, &[set]).await?;
        }
        unit.finish(contract::SetMailAddressResponse { mailed })
            .await
    }
}

/// The caller's organisation; one that nothing was ever told where there is none.
fn own(caller: &Caller) -> OrganizationId {
    let nobody = OrganizationId::from_uuid(uuid::Uuid::nil());
    caller.organization.unwrap_or(nobody)
}
