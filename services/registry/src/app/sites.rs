//! Sites and their rooms.

use jiff::civil::Date;
use kernel::ids::{OrganizationId, RoomId, SiteId};
use kernel::occupation::OccupationRef;
use platform::access::Caller;
use platform::facts::Locked;
use platform::unit::{Begun, Unit};
use platform::{Error, Result};
use proto::Command;
use proto::registry::v1 as contract;
use uuid::Uuid;

use super::App;
use super::people::must_be_home;
use crate::domain::people::home::Home;
use crate::domain::site::{Room, RoomProfile, Site, SiteContext, SiteFact, SiteRejection};
use crate::messages;
use crate::store;
use crate::store::site::Found;

/// Which site a command is about.
enum Named {
    Site(SiteId),
    Of(RoomId),
}

impl App {
    /// Registers a site of the caller's own organisation.
    pub(crate) async fn register_site(
        &self,
        caller: &Caller,
        request: &contract::RegisterSiteRequest,
        site: impl FnOnce(Date) -> Site,
    ) -> Result<contract::RegisterSiteResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let today = unit.origin().occurred_at.date();
        let site = site(today);
        must_be_home(caller, Home::Organization(site.organization_id))?;
        let scope = caller.scope();
        store::home::must_see(unit.connection(), &scope, site.organization_id).await?;
        let id = site.id;
        let catalogue = self.catalogue_in(unit.connection()).await?;
        let fact = site.register(&SiteContext {
            today,
            divisions: self.divisions(),
            knows: |occupation: &OccupationRef| catalogue.knows(occupation),
        })?;
        let mut locked = unit.lock("site", id.uuid()).await?;
        if let SiteFact::SiteRegistered { site } = &fact {
            store::site::insert(unit.connection(), site).await?;
        }
        unit.record(&mut locked, &[fact]).await?;
        let found = store::site::find(unit.connection(), &scope, id).await?;
        let site = Some(messages::site::site(&found.site, found.version));
        unit.finish(contract::RegisterSiteResponse { site }).await
    }

    /// A site that the caller may see.
    pub(crate) async fn site(&self, caller: &Caller, id: SiteId) -> Result<Found> {
        let mut connection = self.journal.pool().acquire().await?;
        store::site::find(&mut connection, &caller.scope(), id).await
    }

    /// A page of an organisation's sites, and whether there are more.
    pub(crate) async fn sites(
        &self,
        caller: &Caller,
        organization: OrganizationId,
        after: Option<SiteId>,
        size: u32,
    ) -> Result<(Vec<Found>, bool)> {
        let mut connection = self.journal.pool().acquire().await?;
        let scope = self.reading(&mut connection, caller, organization).await?;
        store::home::must_see(&mut connection, &scope, organization).await?;
        let limit = i64::from(size) + 1;
        let mut ids =
            store::site::of_organization(&mut connection, organization, after, limit).await?;
        let more = ids.len() > size as usize;
        ids.truncate(size as usize);
        let found = store::site::find_all(&mut connection, &scope, &ids).await?;
        Ok((found, more))
    }

    /// Adds a room to a site.
    pub(crate) async fn add_room(
        &self,
        caller: &Caller,
        request: &contract::AddRoomRequest,
        id: SiteId,
        profile: RoomProfile,
    ) -> Result<contract::AddRoomResponse> {
        let catalogue = self.catalogue().await?;
        let decide = |site: &Found, today: Date| {
            let room = Room {
                id: RoomId::from_uuid(Uuid::now_v7()),
                profile,
                opened_on: today,
                closed_on: None,
            };
            Ok(site.site.add_room(room, |wanted| catalogue.knows(wanted))?)
        };
        let reply = |site| contract::AddRoomResponse { site };
        self.change_site(caller, request, Named::Site(id), decide, reply)
            .await
    }

    /// Gives a room another profile.
    pub(crate) async fn update_room(
        &self,
        caller: &Caller,
        request: &contract::UpdateRoomRequest,
        id: RoomId,
        profile: RoomProfile,
    ) -> Result<contract::UpdateRoomResponse> {
        let catalogue = self.catalogue().await?;
        let decide = |site: &Found, _: Date| {
            if site.version != request.site_version {
                return Err(Error::refused(SiteRejection::SiteChanged));
            }
            let knows = |wanted: &OccupationRef| catalogue.knows(wanted);
            Ok(site.site.update_room(id, profile, knows)?)
        };
        let reply = |site| contract::UpdateRoomResponse { site };
        self.change_site(caller, request, Named::Of(id), decide, reply)
            .await
    }

    /// Closes a room from today on.
    pub(crate) async fn close_room(
        &self,
        caller: &Caller,
        request: &contract::CloseRoomRequest,
        id: RoomId,
    ) -> Result<contract::CloseRoomResponse> {
        let decide = |site: &Found, today: Date| Ok(site.site.close_room(id, today)?);
        let reply = |site| contract::CloseRoomResponse { site };
        self.change_site(caller, request, Named::Of(id), decide, reply)
            .await
    }

    /// Closes a site from today on.
    pub(crate) async fn close_site(
        &self,
        caller: &Caller,
        request: &contract::CloseSiteRequest,
        id: SiteId,
    ) -> Result<contract::CloseSiteResponse> {
        let decide = |site: &Found, today: Date| Ok(site.site.close(today)?);
        let reply = |site| contract::CloseSiteResponse { site };
        self.change_site(caller, request, Named::Site(id), decide, reply)
            .await
    }

    /// What all changes of a site share: begin, lock, load, decide, save, record, finish.
    async fn change_site<C, R>(
        &self,
        caller: &Caller,
        request: &C,
        named: Named,
        decide: impl FnOnce(&Found, Date) -> Result<SiteFact>,
        reply: impl FnOnce(Option<contract::Site>) -> R,
    ) -> Result<R>
    where
        C: Command,
        R: prost::Message + Default,
    {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let scope = caller.scope();
        let id = match named {
            Named::Site(id) => id,
            Named::Of(room) => store::site::of_room(unit.connection(), &scope, room).await?,
        };
        let mut locked = unit.lock("site", id.uuid()).await?;
        let mut found = store::site::find(unit.connection(), &scope, id).await?;
        let today = unit.origin().occurred_at.date();
        let fact = decide(&found, today)?;
        advance(&mut unit, &mut locked, &mut found.site, fact).await?;
        let version = locked.version().cast_unsigned();
        let site = messages::site::site(&found.site, version);
        unit.finish(reply(Some(site))).await
    }
}

async fn advance(
    unit: &mut Unit,
    locked: &mut Locked,
    site: &mut Site,
    fact: SiteFact,
) -> Result<()> {
    site.apply(&fact);
    store::site::save(unit.connection(), site).await?;
    unit.record(locked, &[fact]).await
}
