//! The directory as JSON over HTTP, for websites and for whoever has no gRPC.
//!
//! ```text
//! GET /api/v1/directory                        ?city=371000&occupation=2015:6-31-01-03&level=five
//!                                              &name=…&standing=active&filing_division=…
//!                                              &page_size=…&page_token=…
//! GET /api/v1/directory/{organization_code}    rules in force, fees, history
//! GET /api/v1/announcements                    ?page_size=…&page_token=…
//! ```
//!
//! Each answers with the message of `luban.registry.v1.DirectoryService`, in which its fields are
//! described.

use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use kernel::level::Level;
use kernel::occupation::OccupationRef;
use kernel::rejection::{FaultList, Faults};
use platform::contract::{level_message, occupation_message};
use platform::pages::{self, Answer, Json, Parameters};
use proto::registry::v1::{
    GetDirectoryEntryRequest, GetDirectoryEntryResponse, ListAnnouncementsRequest,
    ListAnnouncementsResponse, ListDirectoryRequest, ListDirectoryResponse, OrganizationStanding,
};
use serde::Deserialize;

use crate::app::App;
use crate::domain::directory::DirectoryRejection;
use crate::grpc;

/// The routes over a register.
pub fn directory(app: App, request_timeout: Duration) -> Router {
    let routes = Router::new()
        .route("/api/v1/directory", get(search))
        .route("/api/v1/directory/{organization_code}", get(entry))
        .route("/api/v1/announcements", get(announcements))
        .with_state(app);
    pages::shown(routes, request_timeout)
}

/// What is searched for, as addresses write it.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Search {
    filing_division: String,
    city: String,
    occupation: String,
    level: String,
    name: String,
    standing: String,
    page_size: u32,
    page_token: String,
}

impl Search {
    fn request(self) -> Result<ListDirectoryRequest, Faults> {
        let mut faults = FaultList::default();
        let occupation = match self.occupation.as_str() {
            "" => None,
            given => faults.take("occupation", OccupationRef::parse(given)),
        };
        let level = match self.level.as_str() {
            "" => None,
            given => faults.take("level", Level::parse(given)),
        };
        let standing = faults.take("standing", standing(&self.standing));
        faults.finish()?;
        Ok(ListDirectoryRequest {
            filing_division: self.filing_division,
            page_size: self.page_size,
            page_token: self.page_token,
            city: self.city,
            occupation: occupation.as_ref().map(occupation_message),
            level: level.map_or(0, |level| level_message(level).into()),
            name: self.name,
            standing: standing.unwrap_or_default().into(),
        })
    }
}

fn standing(given: &str) -> Result<OrganizationStanding, DirectoryRejection> {
    Ok(match given {
        "" => OrganizationStanding::Unspecified,
        "active" => OrganizationStanding::Active,
        "partly_suspended" => OrganizationStanding::PartlySuspended,
        "suspended" => OrganizationStanding::Suspended,
        "withdrawn" => OrganizationStanding::Withdrawn,
        _ => return Err(DirectoryRejection::StandingUnknown),
    })
}

async fn search(
    State(app): State<App>,
    Parameters(asked): Parameters<Search>,
) -> Answer<Json<ListDirectoryResponse>> {
    Ok(Json(grpc::page_of(&app, &asked.request()?).await?))
}

async fn entry(
    State(app): State<App>,
    Path(organization_code): Path<String>,
) -> Answer<Json<GetDirectoryEntryResponse>> {
    let request = GetDirectoryEntryRequest { organization_code };
    Ok(Json(grpc::entry(&app, &request).await?))
}

/// A page, as addresses write it.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Page {
    page_size: u32,
    page_token: String,
}

async fn announcements(
    State(app): State<App>,
    Parameters(asked): Parameters<Page>,
) -> Answer<Json<ListAnnouncementsResponse>> {
    let request = ListAnnouncementsRequest {
        page_size: asked.page_size,
        page_token: asked.page_token,
    };
    Ok(Json(grpc::announcements(&app, &request).await?))
}
