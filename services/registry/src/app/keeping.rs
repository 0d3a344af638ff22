//! Changes of organisations' entries, and rights that they give up.

use jiff::civil::Date;
use kernel::ids::{ChangeId, OrganizationId};
use platform::Result;
use platform::access::{Caller, Role};
use platform::crypto::Purpose;
use platform::unit::Begun;
use proto::registry::v1 as contract;
use uuid::Uuid;

use super::App;
use super::held::{Held, centre};
use super::messages::record;
use crate::domain::organization::OrganizationFact;
use crate::domain::organization::change::{ChangeState, Contact, NewEntry};
use crate::domain::organization::ending::Relinquished;
use crate::messages;
use crate::store;
use crate::store::change::Change;

/// A change and, for who may see it, the new legal representative.
pub(crate) struct ChangeShown {
    pub(crate) change: Change,
    pub(crate) legal_representative: String,
}

/// Rights that an organisation gives up.
pub(crate) struct GivingUp {
    pub(crate) rights: Vec<Relinquished>,
    /// The first day without them.
    pub(crate) from: Date,
    /// In the organisation's words.
    pub(crate) reason: String,
}

/// What the sealed name is opened for.
const SHOW_CHANGE: Purpose = Purpose("show_organization_change");

impl App {
    /// Says where the public reaches an organisation.
    pub(crate) async fn change_contact(
        &self,
        caller: &Caller,
        request: &contract::ChangeContactRequest,
        id: OrganizationId,
        contact: &Contact,
    ) -> Result<contract::ChangeContactResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut held = Held::lock_for(&mut unit, caller, id).await?;
        let today = unit.origin().occurred_at.date();
        let facts = held.organization().change_contact(today)?;
        store::organization::save_contact(unit.connection(), id, contact).await?;
        record(&mut unit, &mut held.locked, &facts).await?;
        unit.finish(contract::ChangeContactResponse {}).await
    }

    /// Asks for a change that the filing centre decides.
    pub(crate) async fn request_change(
        &self,
        caller: &Caller,
        request: &contract::RequestChangeRequest,
        id: OrganizationId,
        entry: NewEntry,
        reason: String,
    ) -> Result<contract::RequestChangeResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut held = Held::lock_for(&mut unit, caller, id).await?;
        let today = unit.origin().occurred_at.date();
        let body = store::body::find(unit.connection(), &caller.scope(), id).await?;
        let pending = store::change::is_pending(unit.connection(), id).await?;
        let change_id = ChangeId::from_uuid(Uuid::now_v7());
        let organization = held.organization();
        let facts = organization.request_change(&body, &entry, pending, change_id, today)?;
        let place = store::change::legal_representative(change_id);
        let sealed = entry
            .legal_representative
            .as_ref()
            .map(|name| unit.vault().seal(place, name.reveal().as_bytes()));
        let change = Change {
            id: change_id,
            name: entry.name,
            address: entry.address,
            legal_representative: sealed,
            former_name: body.name,
            reason,
            requested_on: today,
            state: ChangeState::Requested,
            decided_on: None,
            decision_reason: None,
        };
        store::change::insert(unit.connection(), id, &change).await?;
        record(&mut unit, &mut held.locked, &facts).await?;
        // The reply is kept for whoever asks again, so that it says no more than that.
        unit.finish(contract::RequestChangeResponse {
            change: Some(messages::keeping::change(&change, String::new())),
        })
        .await
    }

    /// Approves a change or declines it.
    pub(crate) async fn decide_change(
        &self,
        caller: &Caller,
        request: &contract::DecideChangeRequest,
        id: OrganizationId,
        change_id: ChangeId,
        declined_because: Option<String>,
    ) -> Result<contract::DecideChangeResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut held = Held::lock_for(&mut unit, caller, id).await?;
        let mut change = store::change::find(unit.connection(), id, change_id).await?;
        let approved = declined_because.is_none();
        let organization = held.organization();
        let facts =
            organization.decide_change(centre(caller), change_id, change.state, approved)?;
        change.state = if approved {
            ChangeState::Approved
        } else {
            ChangeState::Declined
        };
        change.decided_on = Some(unit.origin().occurred_at.date());
        change.decision_reason = declined_because;
        store::change::save_decision(unit.connection(), id, &change).await?;
        record(&mut unit, &mut held.locked, &facts).await?;
        unit.finish(contract::DecideChangeResponse {
            change: Some(messages::keeping::change(&change, String::new())),
        })
        .await
    }

    /// Changes of an organisation before one of them, the newest first, and whether there are more.
    /// The organisation and the centres read who its legal representative becomes, on record.
    pub(crate) async fn changes(
        &self,
        caller: &Caller,
        id: OrganizationId,
        before: Option<ChangeId>,
        page_size: u32,
    ) -> Result<(Vec<ChangeShown>, bool)> {
        let mut reading = self.journal.pool().begin().await?;
        store::organization::find(&mut reading, &caller.scope(), id).await?;
        let limit = i64::from(page_size) + 1;
        let mut changes = store::change::page(&mut reading, id, before, limit).await?;
        let size = usize::try_from(page_size).map_err(anyhow::Error::from)?;
        let more = changes.len() > size;
        changes.truncate(size);
        let may_see = !matches!(caller.role, Role::Department | Role::Auditor);
        let mut shown = Vec::with_capacity(changes.len());
        for change in changes {
            let mut legal_representative = String::new();
            if let Some(sealed) = change.legal_representative.as_ref().filter(|_| may_see) {
                let place = store::change::legal_representative(change.id);
                let vault = self.journal.vault();
                let name = vault
                    .reveal(&mut reading, caller, SHOW_CHANGE, place, sealed)
                    .await?;
                legal_representative = String::from_utf8_lossy(&name).into_owned();
            }
            shown.push(ChangeShown {
                change,
                legal_representative,
            });
        }
        reading.commit().await?;
        Ok((shown, more))
    }

    /// Gives rights up from a day on.
    pub(crate) async fn give_up_rights(
        &self,
        caller: &Caller,
        request: &contract::GiveUpRightsRequest,
        id: OrganizationId,
        giving_up: &GivingUp,
    ) -> Result<contract::GiveUpRightsResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut held = Held::lock_for(&mut unit, caller, id).await?;
        let today = unit.origin().occurred_at.date();
        let facts = held
            .organization()
            .give_up(&giving_up.rights, giving_up.from, today)?;
        held.save_rights(&mut unit, &facts).await?;
        let GivingUp { rights, reason, .. } = giving_up;
        let last_day = giving_up.from.yesterday().map_err(anyhow::Error::from)?;
        for what in rights {
            store::right::give_up(unit.connection(), what, last_day, reason).await?;
        }
        let mut given_up = Vec::new();
        for fact in &facts {
            if let OrganizationFact::RightsEnded { rights, .. } = fact {
                given_up.extend(rights.iter().map(messages::keeping::right));
            }
        }
        unit.finish(contract::GiveUpRightsResponse { rights: given_up })
            .await
    }
}
