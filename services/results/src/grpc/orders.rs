//! `RevocationOrderService`.

use kernel::ids::RevocationOrderId;
use kernel::rejection::Faults;
use platform::Error;
use platform::access::caller;
use platform::unit::parsed;
use proto::results::v1 as results;
use proto::results::v1::revocation_order_service_server::RevocationOrderService;
use tonic::{Request, Response, Status};

use super::certificates::{REASON_MISSING, category, target};
use super::{Face, at, both, opened, written};
use crate::page::Page;

#[tonic::async_trait]
impl RevocationOrderService for Face {
    async fn order_revocation(
        &self,
        request: Request<results::OrderRevocationRequest>,
    ) -> Result<Response<results::OrderRevocationResponse>, Status> {
        let (caller, request) = opened(request);
        let target = target(&request.number, &request.batch_id, &request.organization_id);
        let why = both(
            category(request.reason()),
            written("grounds", &request.grounds, &REASON_MISSING),
        );
        let (target, (reason, grounds)) = parsed(&request, both(target, why))?;
        let reply = self.0.to_the_end(|results| async move {
            let which = target.which();
            let ordered = results.order_revocation(&caller, &request, which, reason, &grounds);
            ordered.await
        });
        Ok(Response::new(reply.await?))
    }

    async fn lift_revocation_order(
        &self,
        request: Request<results::LiftRevocationOrderRequest>,
    ) -> Result<Response<results::LiftRevocationOrderResponse>, Status> {
        let (caller, request) = opened(request);
        let reason = written("reason", &request.reason, &REASON_MISSING);
        let form = both(order(&request.revocation_order_id), reason);
        let (id, reason) = parsed(&request, form)?;
        let reply = self.0.lift_revocation_order(&caller, &request, id, &reason);
        Ok(Response::new(reply.await?))
    }

    async fn get_revocation_order(
        &self,
        request: Request<results::GetRevocationOrderRequest>,
    ) -> Result<Response<results::GetRevocationOrderResponse>, Status> {
        let asked = request.get_ref();
        let of = &asked.revocation_order_id;
        let page = Page::parse(of, asked.page_size, &asked.page_token);
        let (id, page) = both(order(of), page).map_err(Error::from)?;
        let reply = self.0.revocation_order(caller(&request), id, &page);
        Ok(Response::new(reply.await?))
    }
}

fn order(text: &str) -> Result<RevocationOrderId, Faults> {
    at("revocation_order_id", RevocationOrderId::parse(text))
}
