//! People over gRPC.

use futures::StreamExt;
use kernel::ids::PersonId;
use kernel::rejection::Faults;
use platform::Error;
use platform::access::{caller, caller_of};
use platform::unit::parsed;
use platform::upload::form;
use proto::registry::v1::engagement_service_server::EngagementService;
use proto::registry::v1::people_service_server::PeopleService;
use proto::registry::v1::qualification_service_server::QualificationService;
use proto::registry::v1::{
    CheckAssignmentsRequest, CheckAssignmentsResponse, DescribeResourcesRequest,
    DescribeResourcesResponse, EndEngagementRequest, EndEngagementResponse, EngagePersonRequest,
    EngagePersonResponse, EnlistPersonRequest, EnlistPersonResponse, GetPersonRequest,
    GetPersonResponse, ImportPeopleRequest, ImportPeopleResponse, ImposeSanctionRequest,
    ImposeSanctionResponse, LiftSanctionRequest, LiftSanctionResponse, ListPeopleRequest,
    ListPeopleResponse, ListPoolRequest, ListPoolResponse, RecordCardRequest, RecordCardResponse,
    RevokeCardRequest, RevokeCardResponse, UpdatePersonRequest, UpdatePersonResponse,
};
use tonic::{Request, Response, Status, Streaming};

use super::Registry;
use crate::{messages, sheets};

mod asked;
mod cards;
mod enlisting;

#[tonic::async_trait]
impl PeopleService for Registry {
    async fn enlist_person(
        &self,
        request: Request<EnlistPersonRequest>,
    ) -> Result<Response<EnlistPersonResponse>, Status> {
        let new = parsed(request.get_ref(), enlisting::new_person(request.get_ref()))?;
        let reply = self
            .app
            .enlist_person(caller(&request), request.get_ref(), new)
            .await?;
        Ok(Response::new(reply))
    }

    async fn get_person(
        &self,
        request: Request<GetPersonRequest>,
    ) -> Result<Response<GetPersonResponse>, Status> {
        let id = PersonId::parse(&request.get_ref().person_id)
            .map_err(|rejection| Error::from(Faults::at("person_id", &rejection)))?;
        let person = self.app.person(caller(&request), id).await?;
        Ok(Response::new(GetPersonResponse {
            person: Some(person),
        }))
    }

    async fn list_people(
        &self,
        request: Request<ListPeopleRequest>,
    ) -> Result<Response<ListPeopleResponse>, Status> {
        let asked = asked::people(request.get_ref()).map_err(Error::from)?;
        let (people, more) = self.app.people(caller(&request), &asked).await?;
        let next = people.last().filter(|_| more);
        let next_page_token = next.map(|last| last.person_id.clone()).unwrap_or_default();
        Ok(Response::new(ListPeopleResponse {
            people,
            next_page_token,
        }))
    }

    async fn describe_resources(
        &self,
        request: Request<DescribeResourcesRequest>,
    ) -> Result<Response<DescribeResourcesResponse>, Status> {
        let (organization, on) = asked::resources(request.get_ref()).map_err(Error::from)?;
        let caller = caller(&request);
        let resources = self.app.resources(caller, organization, on).await?;
        Ok(Response::new(messages::people::resources(&resources)))
    }

    async fn list_pool(
        &self,
        request: Request<ListPoolRequest>,
    ) -> Result<Response<ListPoolResponse>, Status> {
        let asked = asked::pool(request.get_ref()).map_err(Error::from)?;
        let (pool, after, size) = (asked.of, asked.after.as_ref(), asked.size);
        let page = self
            .app
            .pool_page(caller(&request), pool, after, size)
            .await?;
        let next = page.next.map(|number| number.to_string());
        Ok(Response::new(ListPoolResponse {
            members: page.members,
            next_page_token: next.unwrap_or_default(),
            total: page.total,
            digest: page.digest.as_bytes().to_vec().into(),
        }))
    }
}

#[tonic::async_trait]
impl EngagementService for Registry {
    async fn import_people(
        &self,
        request: Request<Streaming<ImportPeopleRequest>>,
    ) -> Result<Response<ImportPeopleResponse>, Status> {
        let (_, extensions, parts) = request.into_parts();
        let parts = parts.map(|sent| sent.map(enlisting::part));
        let limit = sheets::people::LIMITS.bytes;
        let (header, organization, file) = form(parts, limit, enlisting::organization).await?;
        let caller = caller_of(&extensions);
        let reply = self
            .app
            .import_people(caller, &header, organization, file)
            .await?;
        Ok(Response::new(reply))
    }

    async fn update_person(
        &self,
        request: Request<UpdatePersonRequest>,
    ) -> Result<Response<UpdatePersonResponse>, Status> {
        let given = request.get_ref();
        let (id, change) = parsed(given, enlisting::correction(given))?;
        let caller = caller(&request);
        let reply = self.app.update_person(caller, given, id, change).await?;
        Ok(Response::new(reply))
    }

    async fn engage_person(
        &self,
        request: Request<EngagePersonRequest>,
    ) -> Result<Response<EngagePersonResponse>, Status> {
        let given = request.get_ref();
        let (id, engagement) = parsed(given, enlisting::engaging(given))?;
        let caller = caller(&request);
        let reply = self
            .app
            .engage_person(caller, given, id, engagement)
            .await?;
        Ok(Response::new(reply))
    }

    async fn end_engagement(
        &self,
        request: Request<EndEngagementRequest>,
    ) -> Result<Response<EndEngagementResponse>, Status> {
        let given = request.get_ref();
        let (id, end) = parsed(given, enlisting::ending(given))?;
        let caller = caller(&request);
        let reply = self.app.end_engagement(caller, given, id, end).await?;
        Ok(Response::new(reply))
    }
}

#[tonic::async_trait]
impl QualificationService for Registry {
    async fn record_card(
        &self,
        request: Request<RecordCardRequest>,
    ) -> Result<Response<RecordCardResponse>, Status> {
        let given = request.get_ref();
        let new = parsed(given, cards::card(given))?;
        let reply = self.app.record_card(caller(&request), given, new).await?;
        Ok(Response::new(reply))
    }

    async fn revoke_card(
        &self,
        request: Request<RevokeCardRequest>,
    ) -> Result<Response<RevokeCardResponse>, Status> {
        let given = request.get_ref();
        let (id, reason) = parsed(given, cards::revocation(given))?;
        let caller = caller(&request);
        let reply = self.app.revoke_card(caller, given, (id, &reason)).await?;
        Ok(Response::new(reply))
    }

    async fn impose_sanction(
        &self,
        request: Request<ImposeSanctionRequest>,
    ) -> Result<Response<ImposeSanctionResponse>, Status> {
        let given = request.get_ref();
        let (id, sanction) = parsed(given, cards::sanction(given))?;
        let caller = caller(&request);
        let reply = self
            .app
            .impose_sanction(caller, given, id, sanction)
            .await?;
        Ok(Response::new(reply))
    }

    async fn lift_sanction(
        &self,
        request: Request<LiftSanctionRequest>,
    ) -> Result<Response<LiftSanctionResponse>, Status> {
        let given = request.get_ref();
        let (id, reason) = parsed(given, cards::lifting(given))?;
        let caller = caller(&request);
        let reply = self.app.lift_sanction(caller, given, (id, &reason)).await?;
        Ok(Response::new(reply))
    }

    async fn check_assignments(
        &self,
        request: Request<CheckAssignmentsRequest>,
    ) -> Result<Response<CheckAssignmentsResponse>, Status> {
        let (organization, assignments) =
            asked::assignments(request.get_ref()).map_err(Error::from)?;
        let verdicts = self
            .app
            .check_assignments(caller(&request), organization, &assignments)
            .await?;
        Ok(Response::new(CheckAssignmentsResponse {
            verdicts: verdicts.iter().map(messages::people::verdict).collect(),
        }))
    }
}
