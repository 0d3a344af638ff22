//! People over gRPC.

use kernel::ids::PersonId;
use kernel::rejection::Faults;
use platform::Error;
use platform::access::caller;
use platform::unit::parsed;
use proto::registry::v1::people_service_server::PeopleService;
use proto::registry::v1::{
    DescribeResourcesRequest, DescribeResourcesResponse, EnlistPersonRequest, EnlistPersonResponse,
    GetPersonRequest, GetPersonResponse, ListPeopleRequest, ListPeopleResponse, ListPoolRequest,
    ListPoolResponse,
};
use tonic::{Request, Response, Status};

use super::Registry;
use crate::messages;

mod asked;
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
