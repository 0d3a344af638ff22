//! What anybody may look at without a client: public notices of selections, as pages and as JSON.
//!
//! ```text
//! GET /public-notices                    the notices that are shown now
//! GET /public-notices/{id}?on=           one of them, now or as it was on a day
//! GET /public-notices/{id}/sheet.pdf     one of them as it was hung up
//! GET /inspections/{id}/announcement.pdf an inspection that was drawn
//! GET /api/v1/public-notices             the list as JSON, with the filters of the contract
//! GET /api/v1/public-notices/{id}?on=    one of them as JSON, with exactly what is hashed
//! ```

use std::time::Duration;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use kernel::ids::{InspectionId, PublicNoticeId};
use kernel::rejection::Faults;
use platform::download::Sheet;
use platform::pages::{Answer, Json, Parameters, shown};
use platform::public_notice::{parse_listing, parse_view};
use proto::common::v1 as common;
use serde::Deserialize;

use crate::app::App;

/// All pages over an app, each within a time.
pub(crate) fn pages(app: App, request_timeout: Duration) -> Router {
    let routes = Router::new()
        .route("/public-notices", get(list_page))
        .route("/public-notices/style.css", get(style))
        .route("/public-notices/{id}", get(notice_page))
        .route("/public-notices/{id}/sheet.pdf", get(notice_sheet))
        .route("/inspections/{id}/announcement.pdf", get(announcement))
        .route("/api/v1/public-notices", get(list))
        .route("/api/v1/public-notices/{id}", get(notice))
        .with_state(app);
    shown(routes, request_timeout)
}

/// The filters of the list.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Filters {
    division_code: String,
    current_only: bool,
    page_size: u32,
    page_token: String,
}

impl From<Filters> for common::ListPublicNoticesRequest {
    fn from(filters: Filters) -> Self {
        Self {
            division_code: filters.division_code,
            current_only: filters.current_only,
            page_size: filters.page_size,
            page_token: filters.page_token,
        }
    }
}

/// Which day; today where nothing is said.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Day {
    on: String,
}

#[derive(Template)]
#[template(path = "notices.html")]
struct ListPage {
    notices: Vec<common::PublicNoticeSummary>,
    next_page_token: String,
}

#[derive(Template)]
#[template(path = "notice.html")]
struct NoticePage {
    notice: common::PublicNotice,
    on: String,
    hash: String,
}

impl NoticePage {
    /// Where a row stands, in words.
    fn standing(row: &common::PublicNoticeRow) -> (&'static str, &'static str) {
        use common::PublicNoticeRowState as State;
        match row.state() {
            State::Open => ("公示中", "shown"),
            State::Held => ("有异议，正在核查", "an objection is being looked into"),
            State::Concluded => ("公示期满，无异议", "ended without objection"),
            State::Upheld => ("异议成立，已撤出", "taken out: an objection was upheld"),
            State::Withdrawn => ("已撤回", "withdrawn"),
            State::Unspecified => ("", ""),
        }
    }
}

async fn list(
    State(app): State<App>,
    Parameters(filters): Parameters<Filters>,
) -> Answer<Json<common::ListPublicNoticesResponse>> {
    let wanted = parse_listing(&filters.into())?;
    Ok(Json(app.public_notices(&wanted).await?))
}

async fn notice(
    State(app): State<App>,
    Path(id): Path<String>,
    Parameters(day): Parameters<Day>,
) -> Answer<Json<common::GetPublicNoticeOnResponse>> {
    Ok(Json(view(&app, id, day).await?.0))
}

/// Those that are shown now; who wants older ones goes on from page to page.
async fn list_page(
    State(app): State<App>,
    Parameters(filters): Parameters<Filters>,
) -> Answer<Response> {
    let wanted = parse_listing(&filters.into())?;
    let listed = app.public_notices(&wanted).await?;
    render(&ListPage {
        notices: listed.public_notices,
        next_page_token: listed.next_page_token,
    })
}

async fn notice_page(
    State(app): State<App>,
    Path(id): Path<String>,
    Parameters(day): Parameters<Day>,
) -> Answer<Response> {
    let (view, on) = view(&app, id, day).await?;
    let notice = view.public_notice.unwrap_or_default();
    render(&NoticePage {
        hash: hex::encode(&notice.snapshot_hash),
        notice,
        on,
    })
}

async fn notice_sheet(State(app): State<App>, Path(id): Path<String>) -> Answer<Response> {
    let id = PublicNoticeId::parse(&id);
    let id = id.map_err(|rejection| Faults::at("public_notice_id", &rejection))?;
    pdf(app.print_public_notice(id).await?)
}

async fn announcement(State(app): State<App>, Path(id): Path<String>) -> Answer<Response> {
    let id = InspectionId::parse(&id);
    let id = id.map_err(|rejection| Faults::at("inspection_id", &rejection))?;
    pdf(app.print_inspection_announcement(id).await?)
}

/// A sheet to look at or to save.
fn pdf(sheet: Sheet) -> Answer<Response> {
    let named = format!("inline; filename=\"{}\"", sheet.file_name);
    let named = HeaderValue::try_from(named).map_err(anyhow::Error::from)?;
    let tag = format!("\"{}\"", sheet.sha256);
    let tag = HeaderValue::try_from(tag).map_err(anyhow::Error::from)?;
    let kind = HeaderValue::from_static("application/pdf");
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, named),
        (header::ETAG, tag),
    ];
    Ok((headers, sheet.content).into_response())
}

/// A notice on a day, and which day that is.
async fn view(
    app: &App,
    public_notice_id: String,
    Day { on }: Day,
) -> platform::Result<(common::GetPublicNoticeOnResponse, String)> {
    let on = if on.is_empty() {
        app.today()?.to_string()
    } else {
        on
    };
    let request = common::GetPublicNoticeOnRequest {
        public_notice_id,
        on: on.clone(),
        ..common::GetPublicNoticeOnRequest::default()
    };
    let (id, day) = parse_view(&request)?;
    Ok((app.public_notice_on(id, day).await?, on))
}

fn render(page: &impl Template) -> Answer<Response> {
    let text = page.render().map_err(anyhow::Error::from)?;
    Ok(Html(text).into_response())
}

async fn style() -> Response {
    let style = include_str!("../templates/style.css");
    let kind = HeaderValue::from_static("text/css; charset=utf-8");
    let cache = HeaderValue::from_static("public, max-age=3600");
    (
        [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, cache)],
        style,
    )
        .into_response()
}
