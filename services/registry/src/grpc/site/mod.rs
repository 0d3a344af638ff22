//! Sites over gRPC.

use kernel::ids::{OrganizationId, RoomId, SiteId};
use kernel::rejection::{FaultList, Faults};
use platform::Error;
use platform::access::caller;
use platform::contract::{page_size, page_token};
use platform::unit::parsed;
use proto::registry::v1::site_service_server::SiteService;
use proto::registry::v1::{
    AddRoomRequest, AddRoomResponse, CloseRoomRequest, CloseRoomResponse, CloseSiteRequest,
    CloseSiteResponse, GetSiteRequest, GetSiteResponse, ListSitesRequest, ListSitesResponse,
    RegisterSiteRequest, RegisterSiteResponse, UpdateRoomRequest, UpdateRoomResponse,
};
use tonic::{Request, Response, Status};

use super::{Registry, all_there};
use crate::domain::directory::DirectoryRejection;
use crate::messages;

mod form;

#[tonic::async_trait]
impl SiteService for Registry {
    async fn register_site(
        &self,
        request: Request<RegisterSiteRequest>,
    ) -> Result<Response<RegisterSiteResponse>, Status> {
        let new = parsed(request.get_ref(), form::site(request.get_ref()))?;
        let reply = self
            .app
            .register_site(caller(&request), request.get_ref(), |today| {
                new.opened_on(today)
            })
            .await?;
        Ok(Response::new(reply))
    }

    async fn get_site(
        &self,
        request: Request<GetSiteRequest>,
    ) -> Result<Response<GetSiteResponse>, Status> {
        let id = site_id(&request.get_ref().site_id).map_err(Error::from)?;
        let found = self.app.site(caller(&request), id).await?;
        let site = Some(messages::site::site(&found.site, found.version));
        Ok(Response::new(GetSiteResponse { site }))
    }

    async fn list_sites(
        &self,
        request: Request<ListSitesRequest>,
    ) -> Result<Response<ListSitesResponse>, Status> {
        let (organization, after) = page(request.get_ref()).map_err(Error::from)?;
        let size = page_size(request.get_ref().page_size);
        let caller = caller(&request);
        let (found, more) = self.app.sites(caller, organization, after, size).await?;
        let next = found.last().filter(|_| more);
        let next = next.map(|last| last.site.id.to_string());
        let message =
            |found: &crate::store::site::Found| messages::site::site(&found.site, found.version);
        Ok(Response::new(ListSitesResponse {
            sites: found.iter().map(message).collect(),
            next_page_token: next.unwrap_or_default(),
        }))
    }

    async fn add_room(
        &self,
        request: Request<AddRoomRequest>,
    ) -> Result<Response<AddRoomResponse>, Status> {
        let given = request.get_ref();
        let mut faults = FaultList::default();
        let id = faults.take("site_id", SiteId::parse(&given.site_id));
        let profile = form::profile(given.profile.as_ref(), "profile", &mut faults);
        let (id, profile) = parsed(given, all_there(faults, id.zip(profile)))?;
        let caller = caller(&request);
        let reply = self.app.add_room(caller, given, id, profile).await?;
        Ok(Response::new(reply))
    }

    async fn update_room(
        &self,
        request: Request<UpdateRoomRequest>,
    ) -> Result<Response<UpdateRoomResponse>, Status> {
        let given = request.get_ref();
        let mut faults = FaultList::default();
        let id = faults.take("room_id", RoomId::parse(&given.room_id));
        let profile = form::profile(given.profile.as_ref(), "profile", &mut faults);
        let (id, profile) = parsed(given, all_there(faults, id.zip(profile)))?;
        let caller = caller(&request);
        let reply = self.app.update_room(caller, given, id, profile).await?;
        Ok(Response::new(reply))
    }

    async fn close_room(
        &self,
        request: Request<CloseRoomRequest>,
    ) -> Result<Response<CloseRoomResponse>, Status> {
        let given = request.get_ref();
        let id = RoomId::parse(&given.room_id);
        let id = id.map_err(|rejection| Faults::at("room_id", &rejection));
        let id = parsed(given, id)?;
        let reply = self.app.close_room(caller(&request), given, id).await?;
        Ok(Response::new(reply))
    }

    async fn close_site(
        &self,
        request: Request<CloseSiteRequest>,
    ) -> Result<Response<CloseSiteResponse>, Status> {
        let given = request.get_ref();
        let id = parsed(given, site_id(&given.site_id))?;
        let reply = self.app.close_site(caller(&request), given, id).await?;
        Ok(Response::new(reply))
    }
}

fn site_id(given: &str) -> Result<SiteId, Faults> {
    SiteId::parse(given).map_err(|rejection| Faults::at("site_id", &rejection))
}

/// Whose sites, and after which one the page begins.
fn page(request: &ListSitesRequest) -> Result<(OrganizationId, Option<SiteId>), Faults> {
    let mut faults = FaultList::default();
    let organization = OrganizationId::parse(&request.organization_id);
    let organization = faults.take("organization_id", organization);
    let after = page_token(
        &request.page_token,
        SiteId::parse,
        &DirectoryRejection::PageTokenMalformed,
        &mut faults,
    );
    Ok((all_there(faults, organization)?, after))
}
