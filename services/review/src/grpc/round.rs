//! Rounds and quotas over gRPC.

use kernel::division::DivisionCode;
use kernel::ids::RoundId;
use kernel::rejection::{FaultList, Faults};
use platform::Error;
use platform::access::{Caller, Scope, caller};
use platform::contract::{date, line, page_size, page_token};
use platform::unit::{judge_id, parsed};
use proto::review::v1 as review;
use proto::review::v1::round_service_server::RoundService;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{Review, rows};
use crate::domain::refusal::RoundRejection;
use crate::domain::{AssessmentKind, OpenRound};
use crate::messages;
use crate::store::round::Wanted;

/// Characters of a title.
const TITLE: usize = 100;

#[tonic::async_trait]
impl RoundService for Review {
    async fn open_round(
        &self,
        request: Request<review::OpenRoundRequest>,
    ) -> Result<Response<review::OpenRoundResponse>, Status> {
        let (caller, request) = (caller(&request), request.get_ref());
        let (opening, faults) = opening(request, centre_of(caller)?);
        Ok(Response::new(
            self.app
                .open_round(caller, request, opening, faults)
                .await?,
        ))
    }

    async fn close_round(
        &self,
        request: Request<review::CloseRoundRequest>,
    ) -> Result<Response<review::CloseRoundResponse>, Status> {
        let id = parsed(request.get_ref(), round_id(&request.get_ref().round_id))?;
        let (caller, request) = (caller(&request), request.get_ref());
        let centre = centre_of(caller)?;
        Ok(Response::new(
            self.app.close_round(caller, request, id, centre).await?,
        ))
    }

    async fn get_round(
        &self,
        request: Request<review::GetRoundRequest>,
    ) -> Result<Response<review::GetRoundResponse>, Status> {
        let id = round_id(&request.get_ref().round_id).map_err(Error::from)?;
        let (round, today) = (self.app.round(id).await?, self.app.today()?);
        let round = Some(messages::round(&round, today));
        Ok(Response::new(review::GetRoundResponse { round }))
    }

    async fn list_rounds(
        &self,
        request: Request<review::ListRoundsRequest>,
    ) -> Result<Response<review::ListRoundsResponse>, Status> {
        let today = self.app.today()?;
        let request = request.get_ref();
        let (division, before) = narrowed(request).map_err(Error::from)?;
        let wanted = Wanted {
            division,
            open_on: request.open_only.then_some(today),
        };
        let size = page_size(request.page_size);
        let (rounds, next) = self.app.rounds(&wanted, before, size).await?;
        let rounds = rounds.iter().map(|round| messages::round(round, today));
        Ok(Response::new(review::ListRoundsResponse {
            rounds: rounds.collect(),
            next_page_token: next.map(|id| id.to_string()).unwrap_or_default(),
        }))
    }

    async fn get_round_progress(
        &self,
        request: Request<review::GetRoundProgressRequest>,
    ) -> Result<Response<review::GetRoundProgressResponse>, Status> {
        let id = round_id(&request.get_ref().round_id).map_err(Error::from)?;
        let progress = self.app.round_progress(caller(&request), id).await?;
        Ok(Response::new(messages::round_progress(&progress)))
    }

    async fn list_city_quotas(
        &self,
        request: Request<review::ListCityQuotasRequest>,
    ) -> Result<Response<review::ListCityQuotasResponse>, Status> {
        let mut faults = FaultList::default();
        let token = &request.get_ref().page_token;
        let refused = RoundRejection::PageToken;
        let after = page_token(token, DivisionCode::parse, &refused, &mut faults);
        faults.finish().map_err(Error::from)?;
        let size = page_size(request.get_ref().page_size);
        let (quotas, pilot, next) = self.app.city_quotas(caller(&request), after, size).await?;
        let quotas = quotas
            .iter()
            .map(|quota| messages::city_quota(quota, &pilot));
        Ok(Response::new(review::ListCityQuotasResponse {
            quotas: quotas.collect(),
            next_page_token: next.map(|code| code.to_string()).unwrap_or_default(),
        }))
    }
}

fn opening(request: &review::OpenRoundRequest, division: DivisionCode) -> (OpenRound, FaultList) {
    let mut faults = FaultList::default();
    judge_id(request, &mut faults);
    let title = faults.take("title", line(&request.title, TITLE));
    let hand_in_from = faults.take("hand_in_from", date(&request.hand_in_from));
    // Empty where there is no such day.
    let mut optional = |field: &str, given: &str| match given {
        "" => None,
        given => faults.take(field, date(given)),
    };
    let hand_in_until = optional("hand_in_until", &request.hand_in_until);
    let select_by = optional("select_by", &request.select_by);
    let given = rows(
        &request.required_assessments,
        "required_assessments",
        &mut faults,
    );
    let required = given.iter().enumerate().filter_map(|(index, way)| {
        let field = format!("required_assessments[{index}]");
        faults.take(field, assessment(*way))
    });
    let opening = OpenRound {
        id: RoundId::from_uuid(Uuid::now_v7()),
        division,
        title,
        hand_in_from,
        hand_in_until,
        select_by,
        required: required.collect(),
    };
    (opening, faults)
}

fn assessment(given: i32) -> Result<AssessmentKind, RoundRejection> {
    match review::AssessmentWay::try_from(given) {
        Ok(review::AssessmentWay::DocumentCheck) => Ok(AssessmentKind::DocumentCheck),
        Ok(review::AssessmentWay::ExpertPanel) => Ok(AssessmentKind::ExpertPanel),
        Ok(review::AssessmentWay::SiteVisit) => Ok(AssessmentKind::SiteVisit),
        Ok(review::AssessmentWay::Unspecified) | Err(_) => Err(RoundRejection::AssessmentUnknown),
    }
}

/// The division that a list is narrowed to, and where its page begins.
fn narrowed(
    request: &review::ListRoundsRequest,
) -> Result<(Option<DivisionCode>, Option<RoundId>), Faults> {
    let mut faults = FaultList::default();
    let division = match request.division_code.as_str() {
        "" => None,
        given => faults.take("division_code", DivisionCode::parse(given)),
    };
    let refused = RoundRejection::PageToken;
    let before = page_token(&request.page_token, RoundId::parse, &refused, &mut faults);
    faults.finish()?;
    Ok((division, before))
}

fn round_id(text: &str) -> Result<RoundId, Faults> {
    RoundId::parse(text).map_err(|rejection| Faults::at("round_id", &rejection))
}

/// The division whose centre calls; without one there is no round.
fn centre_of(caller: &Caller) -> Result<DivisionCode, Error> {
    match caller.scope() {
        Scope::Area(division) => Ok(division),
        Scope::Province => Ok(DivisionCode::PROVINCE),
        Scope::Organization(_) | Scope::Nobody => Err(Error::refused(RoundRejection::NotFound)),
    }
}
