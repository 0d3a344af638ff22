//! Risk alerts over gRPC.

use kernel::ids::AlertId;
use kernel::rejection::{FaultList, Faults};
use platform::Error;
use platform::access::caller;
use platform::contract::{date, page_size, page_token, text};
use platform::unit::parsed;
use proto::review::v1 as review;
use proto::review::v1::risk_service_server::RiskService;
use tonic::{Request, Response, Status};

use super::{ALL_THERE, Review};
use crate::domain::risk::{AlertOutcome, AlertRejection, OutcomeKind, RiskRules};
use crate::messages;

/// Characters of a reason.
const REASON: usize = 5_000;

#[tonic::async_trait]
impl RiskService for Review {
    async fn list_risk_rules(
        &self,
        request: Request<review::ListRiskRulesRequest>,
    ) -> Result<Response<review::ListRiskRulesResponse>, Status> {
        let on = match request.get_ref().on.as_str() {
            "" => self.app.today()?,
            given => date(given).map_err(|rejection| Error::from(Faults::at("on", &rejection)))?,
        };
        let rules = RiskRules::supplied().on(on).into_iter();
        let rules = rules.map(messages::risk_rule).collect();
        Ok(Response::new(review::ListRiskRulesResponse { rules }))
    }

    async fn handle_alert(
        &self,
        request: Request<review::HandleAlertRequest>,
    ) -> Result<Response<review::HandleAlertResponse>, Status> {
        let handled = parsed(request.get_ref(), handled(request.get_ref()));
        let (id, outcome, reason) = handled?;
        let (caller, request) = (caller(&request), request.get_ref());
        let answer = self
            .app
            .handle_alert(caller, request, id, outcome, reason)
            .await?;
        Ok(Response::new(answer))
    }

    async fn get_alert(
        &self,
        request: Request<review::GetAlertRequest>,
    ) -> Result<Response<review::GetAlertResponse>, Status> {
        let (caller, request) = (caller(&request), request.get_ref());
        let id = AlertId::parse(&request.alert_id)
            .map_err(|rejection| Error::from(Faults::at("alert_id", &rejection)))?;
        let (alert, reason) = self.app.alert(caller, id).await?;
        let alert = Some(messages::alert(&alert, reason));
        Ok(Response::new(review::GetAlertResponse { alert }))
    }

    async fn list_alerts(
        &self,
        request: Request<review::ListAlertsRequest>,
    ) -> Result<Response<review::ListAlertsResponse>, Status> {
        let (caller, request) = (caller(&request), request.get_ref());
        let mut faults = FaultList::default();
        let refused = AlertRejection::PageToken;
        let before = page_token(&request.page_token, AlertId::parse, &refused, &mut faults);
        faults.finish().map_err(Error::from)?;
        let size = page_size(request.page_size);
        let (alerts, next) = self
            .app
            .alerts(caller, request.open_only, before, size)
            .await?;
        let alerts = alerts
            .iter()
            .map(|alert| messages::alert(alert, String::new()));
        Ok(Response::new(review::ListAlertsResponse {
            alerts: alerts.collect(),
            next_page_token: next.map(|id| id.to_string()).unwrap_or_default(),
        }))
    }
}

fn handled(
    request: &review::HandleAlertRequest,
) -> Result<(AlertId, AlertOutcome, String), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take("alert_id", AlertId::parse(&request.alert_id));
    let kind = match request.outcome() {
        review::AlertOutcome::Unspecified => Err(AlertRejection::OutcomeUnknown),
        review::AlertOutcome::Dismissed => Ok(OutcomeKind::Dismissed),
        review::AlertOutcome::Inspected => Ok(OutcomeKind::Inspected),
        review::AlertOutcome::Measure => Ok(OutcomeKind::MeasureTaken),
    };
    let outcome = faults
        .take("outcome", kind)
        .and_then(|kind| faults.take("reference_id", kind.with(&request.reference_id)));
    let reason = faults.take("reason", text(&request.reason, REASON));
    faults.finish()?;
    Ok((
        id.expect(ALL_THERE),
        outcome.expect(ALL_THERE),
        reason.expect(ALL_THERE),
    ))
}
