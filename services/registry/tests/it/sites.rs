//! Sites and rooms are registered, changed and closed by their organisation.

use futures::future::join_all;
use kernel::ids::{RoomId, SiteId};
use platform::access::Caller;
use platform::testing::city_officer;
use proto::common::v1::OccupationRef;
use proto::registry::v1::site_service_server::SiteService;
use proto::registry::v1::{
    AddRoomRequest, CloseRoomRequest, CloseSiteRequest, GetSiteRequest, ListSitesRequest,
    RegisterSiteRequest, RoomKind, RoomProfile, Site, SiteTenure, UpdateRoomRequest,
};
use tonic::Status;
use uuid::Uuid;

use crate::people_setup::{TODAY, electrician, site};
use crate::setup::{QINGDAO, Setup, WEIHAI, codes, from, setup, violations};

fn room_of(site: &Site, position: usize) -> (String, RoomProfile) {
    let room = &site.rooms[position];
    (
        room.room_id.clone(),
        room.profile.clone().expect("a profile"),
    )
}

impl Setup {
    async fn update_room(
        &self,
        caller: &Caller,
        request: UpdateRoomRequest,
    ) -> Result<Site, Status> {
        let reply = self.registry.update_room(from(caller, request)).await?;
        Ok(reply.into_inner().site.expect("a site"))
    }

    async fn add_room(&self, caller: &Caller, request: AddRoomRequest) -> Result<Site, Status> {
        let reply = self.registry.add_room(from(caller, request)).await?;
        Ok(reply.into_inner().site.expect("a site"))
    }

    async fn close_room(&self, caller: &Caller, id: &str, request: &str) -> Result<Site, Status> {
        let request = CloseRoomRequest {
            request_id: request.to_owned(),
            room_id: id.to_owned(),
        };
        let reply = self.registry.close_room(from(caller, request)).await?;
        Ok(reply.into_inner().site.expect("a site"))
    }

    async fn close_site(&self, caller: &Caller, id: &str, request: &str) -> Result<Site, Status> {
        let request = CloseSiteRequest {
            request_id: request.to_owned(),
            site_id: id.to_owned(),
        };
        let reply = self.registry.close_site(from(caller, request)).await?;
        Ok(reply.into_inner().site.expect("a site"))
    }

    async fn site(&self, caller: &Caller, id: &str) -> Result<Site, Status> {
        let request = GetSiteRequest {
            site_id: id.to_owned(),
        };
        let reply = self.registry.get_site(from(caller, request)).await?;
        Ok(reply.into_inner().site.expect("a site"))
    }
}

#[tokio::test]
async fn a_site_is_registered_changed_and_closed() {
    let setup = setup().await;
    let (clerk, organization) = setup.college(1).await;
    let made = setup
        .register_site(&clerk, site(&organization, "一考点"))
        .await;
    let made = made.expect("registered");
    assert_eq!((made.rooms.len(), made.version), (2, 1));

    let added = AddRoomRequest {
        request_id: "add".to_owned(),
        site_id: made.site_id.clone(),
        profile: Some(RoomProfile {
            name: "机考二室".to_owned(),
            ..room_of(&made, 0).1
        }),
    };
    let with_three = setup.add_room(&clerk, added).await.expect("added");
    assert_eq!((with_three.rooms.len(), with_three.version), (3, 2));

    let (room_id, profile) = room_of(&made, 0);
    let smaller = UpdateRoomRequest {
        request_id: "smaller".to_owned(),
        room_id: room_id.clone(),
        profile: Some(RoomProfile {
            seats: 10,
            ..profile
        }),
        site_version: 2,
    };
    let changed = setup.update_room(&clerk, smaller).await.expect("changed");
    assert_eq!(room_of(&changed, 0).1.seats, 10);

    setup
        .close_room(&clerk, &room_id, "close")
        .await
        .expect("closed");
    let again = setup.close_room(&clerk, &room_id, "close-again").await;
    assert_eq!(codes(&again.err().expect("refused")), ["ROOM_CLOSED"]);
    let closed = setup
        .close_site(&clerk, &made.site_id, "close")
        .await
        .expect("closed");
    assert!(closed.rooms.iter().all(|room| room.closed_on == TODAY));
    let again = setup.close_site(&clerk, &made.site_id, "close-again").await;
    assert_eq!(codes(&again.err().expect("refused")), ["SITE_CLOSED"]);
    let read = setup.site(&clerk, &made.site_id).await.expect("a site");
    assert!(read == closed);

    // Its name is free again.
    let request = RegisterSiteRequest {
        request_id: "another".to_owned(),
        ..site(&organization, "一考点")
    };
    setup
        .register_site(&clerk, request)
        .await
        .expect("registered");
}

#[tokio::test]
async fn every_fault_of_a_site_is_told_at_once_and_nothing_is_left() {
    let setup = setup().await;
    let (clerk, organization) = setup.college(1).await;
    let before = setup.rows("platform.fact").await;
    let empty = setup
        .register_site(&clerk, RegisterSiteRequest::default())
        .await;
    assert_eq!(
        codes(&empty.err().expect("refused")),
        [
            "REQUEST_ID_MISSING",
            "ID_PREFIX",
            "FIELD_REQUIRED",
            "DIVISION_CODE_LENGTH",
            "FIELD_REQUIRED",
            "SITE_TENURE_UNKNOWN"
        ]
    );
    let mut wrong = site(&organization, "一考点");
    wrong.division_code = "371200".to_owned();
    wrong.tenure = SiteTenure::Leased.into();
    wrong.leased_until = "2020-05-17".to_owned();
    wrong.rooms[0].seats = 0;
    wrong.rooms[0].machines = 2001;
    wrong.rooms[0].occupations = vec![electrician()];
    let unknown = OccupationRef {
        code: "6-99-99-99".to_owned(),
        ..electrician()
    };
    wrong.rooms[1].name = "机考一室".to_owned();
    wrong.rooms[1].occupations = vec![unknown, electrician(), electrician()];
    let mut bare = wrong.rooms[1].clone();
    bare.name = "裸".to_owned();
    bare.occupations.clear();
    wrong.rooms.push(bare);
    let refused = setup
        .register_site(&clerk, wrong)
        .await
        .err()
        .expect("refused");
    assert_eq!(
        codes(&refused),
        [
            "SITE_DIVISION_UNKNOWN",
            "SITE_LEASE_OVER",
            "ROOM_SEATS_OUT_OF_RANGE",
            "ROOM_MACHINES_OUT_OF_RANGE",
            "ROOM_OCCUPATIONS_OF_SKILL_ALONE",
            "ROOM_OCCUPATION_UNKNOWN",
            "ROOM_OCCUPATION_TWICE",
            "ROOM_NAME_TWICE",
            "ROOM_OCCUPATIONS_MISSING",
        ]
    );
    for (tenure, until, code) in [
        (SiteTenure::Owned, "2030-01-01", "SITE_LEASE_OF_OWNED"),
        (SiteTenure::Leased, "", "SITE_LEASE_MISSING"),
        (SiteTenure::Leased, "2030-13-01", "DATE_MALFORMED"),
    ] {
        let request = RegisterSiteRequest {
            tenure: tenure.into(),
            leased_until: until.to_owned(),
            ..site(&organization, "一考点")
        };
        let refused = setup
            .register_site(&clerk, request)
            .await
            .err()
            .expect("refused");
        assert_eq!(codes(&refused), [code]);
    }
    for (count, code) in [(0, "ROOMS_MISSING"), (101, "ROOMS_TOO_MANY")] {
        let mut request = site(&organization, "一考点");
        request.rooms = vec![request.rooms[0].clone(); count];
        for (index, room) in request.rooms.iter_mut().enumerate() {
            room.name = format!("机考 {index} 室");
        }
        let refused = setup
            .register_site(&clerk, request)
            .await
            .err()
            .expect("refused");
        assert_eq!(codes(&refused), [code]);
    }
    let mut request = site(&organization, "一考点");
    request.rooms[0].kind = RoomKind::Unspecified.into();
    request.rooms[1].occupations = vec![electrician(); 51];
    let refused = setup
        .register_site(&clerk, request)
        .await
        .err()
        .expect("refused");
    assert_eq!(
        codes(&refused),
        ["ROOM_KIND_UNKNOWN", "ROOM_OCCUPATIONS_TOO_MANY"]
    );
    assert_eq!(setup.rows("platform.fact").await, before);
    assert_eq!((setup.rows("site").await, setup.rows("room").await), (0, 0));
}

#[tokio::test]
async fn of_two_who_change_a_room_one_is_told_and_a_name_is_taken_once() {
    let setup = setup().await;
    let (clerk, organization) = setup.college(1).await;
    let made = setup
        .register_site(&clerk, site(&organization, "一考点"))
        .await;
    let made = made.expect("registered");
    let (room_id, profile) = room_of(&made, 0);
    let attempts = (1..=8).map(|seats| {
        let request = UpdateRoomRequest {
            request_id: format!("update-{seats}"),
            room_id: room_id.clone(),
            profile: Some(RoomProfile {
                seats,
                ..profile.clone()
            }),
            site_version: made.version,
        };
        setup.update_room(&clerk, request)
    });
    let outcomes = join_all(attempts).await;
    let refused: Vec<_> = outcomes
        .iter()
        .filter_map(|one| one.as_ref().err())
        .collect();
    assert_eq!(refused.len(), 7);
    assert!(
        refused
            .iter()
            .all(|status| codes(status) == ["SITE_CHANGED"])
    );

    let same = RegisterSiteRequest {
        request_id: "again".to_owned(),
        ..site(&organization, "一考点")
    };
    let refused = setup
        .register_site(&clerk, same)
        .await
        .err()
        .expect("refused");
    let taken = ("name".to_owned(), "SITE_NAME_TAKEN".to_owned());
    assert_eq!(violations(&refused), [taken]);
}

#[tokio::test]
async fn foreign_sites_and_rooms_are_those_that_do_not_exist() {
    let setup = setup().await;
    let (clerk_a, a) = setup.college(1).await;
    let (clerk_b, b) = setup.college(2).await;
    let made = setup.register_site(&clerk_a, site(&a, "一考点")).await;
    let made = made.expect("registered");
    let nowhere = SiteId::from_uuid(Uuid::from_u128(7)).to_string();
    let no_room = RoomId::from_uuid(Uuid::from_u128(7)).to_string();
    for id in [&made.site_id, &nowhere] {
        for caller in [&clerk_b, &city_officer("officer", QINGDAO)] {
            let refused = setup.site(caller, id).await.err().expect("foreign");
            assert_eq!(codes(&refused), ["SITE_NOT_FOUND"]);
        }
        let refused = setup
            .close_site(&clerk_b, id, "close")
            .await
            .err()
            .expect("foreign");
        assert_eq!(codes(&refused), ["SITE_NOT_FOUND"]);
    }
    for id in [&made.rooms[0].room_id, &no_room] {
        let refused = setup
            .close_room(&clerk_b, id, "close")
            .await
            .err()
            .expect("foreign");
        assert_eq!(codes(&refused), ["ROOM_NOT_FOUND"]);
    }
    let refused = setup.register_site(&clerk_a, site(&b, "二考点")).await;
    assert_eq!(
        codes(&refused.err().expect("foreign")),
        ["PERSON_HOME_OF_ANOTHER"]
    );

    let request = |organization_id: &str, page_token: &str| ListSitesRequest {
        organization_id: organization_id.to_owned(),
        page_size: 1,
        page_token: page_token.to_owned(),
    };
    let asked = from(&city_officer("officer", WEIHAI), request(&a, ""));
    let listed = setup
        .registry
        .list_sites(asked)
        .await
        .expect("a list")
        .into_inner();
    assert_eq!(
        (listed.sites.len(), listed.next_page_token.as_str()),
        (1, "")
    );
    let asked = from(&clerk_b, request(&a, ""));
    let refused = setup
        .registry
        .list_sites(asked)
        .await
        .err()
        .expect("foreign");
    assert_eq!(codes(&refused), ["BODY_NOT_FOUND"]);
    let asked = from(&clerk_a, request(&a, &a));
    let refused = setup
        .registry
        .list_sites(asked)
        .await
        .err()
        .expect("refused");
    assert_eq!(codes(&refused), ["PAGE_TOKEN_MALFORMED"]);
}
