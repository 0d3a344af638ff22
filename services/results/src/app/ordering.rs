//! Orders of a centre that an organisation revoke certificates (责令撤销). Whoever issues revokes
//! (谁发证、谁负责); the centre sees to it that it does.

use kernel::division::DivisionCode;
use kernel::ids::RevocationOrderId;
use kernel::rejection::Faults;
use kernel::working_day::DeadlineRule;
use kernel::written::Written;
use platform::access::Caller;
use platform::contract::deadline_message;
use platform::crypto::{Purpose, record_access};
use platform::unit::Begun;
use platform::{Error, Result};
use proto::results::v1::{
    GetRevocationOrderResponse, LiftRevocationOrderRequest, LiftRevocationOrderResponse,
    OrderRevocationRequest, OrderRevocationResponse,
};
use uuid::Uuid;

use super::revoking::{areas, wanted};
use super::{Results, count};
use crate::domain::certificate::{OrderFact, Revocation, RevocationReason};
use crate::domain::rejection::CertificateRejection;
use crate::events::outgoing;
use crate::page::Page;
use crate::show;
use crate::store;
use crate::store::certificate::Which;
use crate::store::order::Order;

const ORDER: &str = "revocation_order";

/// Grounds can name people.
const READ_ORDER: Purpose = Purpose("read_revocation_order");

impl Results {
    /// The centre orders: which certificates, and why. The organisation has its time to carry it out.
    pub async fn order_revocation(
        &self,
        caller: &Caller,
        request: &OrderRevocationRequest,
        which: Which<'_>,
        reason: RevocationReason,
        grounds: &Written,
    ) -> Result<OrderRevocationResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let certificates = wanted(unit.connection(), &caller.scope(), which).await?;
        Revocation::concerns(&certificates).map_err(Error::refused)?;
        let (id, today) = (RevocationOrderId::from_uuid(Uuid::now_v7()), unit.today());
        let reference = unit.reference().await?;
        let due = reference.deadline(DeadlineRule::Rectification, today, today);
        let due = due.map_err(Faults::from)?;
        let order = Order {
            id,
            organization: certificates[0].lineage.organization,
            areas: areas(&certificates),
            ordered_by: centre(caller)?,
            reason,
            ordered_on: today,
            due_on: due.date,
        };
        let mut locked = unit.lock(ORDER, id.uuid()).await?;
        let vault = self.journal.vault();
        store::order::insert(unit.connection(), vault, &order, grounds, &certificates).await?;
        let fact = OrderFact::RevocationOrdered {
            organization: order.organization,
            reason,
            certificates: certificates.len(),
            due_on: due.date,
        };
        let record = outgoing::of_order(&order.areas, &fact);
        unit.record_all(vec![(&mut locked, record)]).await?;
        unit.finish(OrderRevocationResponse {
            revocation_order_id: id.to_string(),
            certificates: count(certificates.len())?,
            due: Some(deadline_message(&due)),
        })
        .await
    }

    /// The centre that gave an order thinks better of it.
    pub async fn lift_revocation_order(
        &self,
        caller: &Caller,
        request: &LiftRevocationOrderRequest,
        id: RevocationOrderId,
        reason: &Written,
    ) -> Result<LiftRevocationOrderResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let vault = self.journal.vault();
        let found = store::order::find(unit.connection(), vault, &caller.scope(), id).await?;
        let mut locked = unit.lock(ORDER, found.order.id.uuid()).await?;
        let found = store::order::find(unit.connection(), vault, &caller.scope(), id).await?;
        if found.order.ordered_by != centre(caller)? || !found.is_open() {
            return Err(Error::refused(CertificateRejection::OrderNotFound));
        }
        store::order::lift(unit.connection(), vault, id, reason).await?;
        let areas = &found.order.areas;
        let record = outgoing::of_order(areas, &OrderFact::RevocationOrderLifted {});
        unit.record_all(vec![(&mut locked, record)]).await?;
        unit.finish(LiftRevocationOrderResponse {}).await
    }

    /// An order, with a page of the certificates that are still in force.
    pub(crate) async fn revocation_order(
        &self,
        caller: &Caller,
        id: RevocationOrderId,
        page: &Page,
    ) -> Result<GetRevocationOrderResponse> {
        let mut transaction = self.journal.pool().begin().await?;
        let vault = self.journal.vault();
        let found = store::order::find(&mut transaction, vault, &caller.scope(), id).await?;
        let place = store::order::grounds_place(id);
        record_access(&mut transaction, caller, READ_ORDER, place).await?;
        let one_more = i64::try_from(page.size + 1).map_err(anyhow::Error::from)?;
        let mut numbers =
            store::order::in_force(&mut transaction, id, &page.after, one_more).await?;
        transaction.commit().await?;
        let next_page_token = page.cut(&mut numbers, |number| number);
        Ok(show::revocation_order(&found, numbers, next_page_token))
    }
}

/// The division of the centre that calls.
fn centre(caller: &Caller) -> Result<DivisionCode> {
    let centre = caller.centre();
    Ok(centre.ok_or_else(|| anyhow::anyhow!("only a centre gives orders"))?)
}
