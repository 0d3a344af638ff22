//! The log of public notices: how one was opened, and what happened to it on which day.
//!
//! The state machine is [`kernel::public_notice`]'s, and where a notice stands now its service
//! keeps. Here is its past, from which any day's view is made again: what somebody relied on in
//! front of the sheet on the wall can be shown to them.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::content_hash::ContentHash;
use kernel::division::DivisionCode;
use kernel::ids::PublicNoticeId;
use kernel::public_notice::{NoticeEvent, NoticeRejection, PublicNotice};
use kernel::rejection::{FaultList, Faults};
use kernel::rejections;
use proto::common::v1 as common;
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::contract::{date, page_size, page_token};
use crate::error::{Error, Result};

rejections! {
    /// Why a notice is not shown.
    pub enum NoticeViewRejection {
        /// Nobody has seen it yet.
        DayAhead { today: Date } => "NOTICE_DAY_AHEAD", InvalidArgument, "platform",
            "所查日期不能晚于今日 {today}", "what is shown can be looked up to today, {today}";
        /// A page begins where another one of the same list ended.
        PageToken => "NOTICE_PAGE_TOKEN", InvalidArgument, "platform",
            "page_token 应取自上一页的答复", "a page_token is taken from the response before";
    }
}

/// Notes how a notice was opened.
pub async fn log_opening(connection: &mut PgConnection, notice: &PublicNotice) -> Result<()> {
    sqlx::query!(
        "insert into platform.notice_log (public_notice_id, happened_on, opened)
         values ($1, $2, $3)",
        notice.id().uuid(),
        notice.opened_on().to_sqlx() as _,
        Json(notice) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes what happened to a notice.
pub async fn log_events(
    connection: &mut PgConnection,
    notice: PublicNoticeId,
    on: Date,
    events: &[NoticeEvent],
) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "insert into platform.notice_log (public_notice_id, happened_on, events)
         values ($1, $2, $3)",
        notice.uuid(),
        on.to_sqlx() as _,
        Json(events) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A notice as it stood at the end of a day, today being the last that can be asked for; `None`
/// where there is no such notice.
///
/// # Errors
/// When the day lies before its opening, or ahead.
pub async fn as_of(
    connection: &mut PgConnection,
    id: PublicNoticeId,
    day: Date,
    today: Date,
) -> Result<Option<PublicNotice>> {
    let rows = sqlx::query!(
        r#"select happened_on, opened as "opened: Json<PublicNotice>",
               events as "events: Json<Vec<NoticeEvent>>"
           from platform.notice_log where public_notice_id = $1 order by position"#,
        id.uuid(),
    )
    .fetch_all(connection)
    .await?;
    let mut rows = rows.into_iter();
    let Some(Json(mut notice)) = rows.next().and_then(|first| first.opened) else {
        return Ok(None);
    };
    judge_day(&notice, day, today).map_err(Error::from)?;
    for row in rows.take_while(|row| row.happened_on.to_jiff() <= day) {
        if let Some(Json(events)) = row.events {
            notice.apply_all(&events);
        }
    }
    Ok(Some(notice))
}

/// Lets a snapshot pass that is, character by character, what the notice was opened with.
///
/// # Errors
/// When it is not: then nobody is shown anything.
pub fn verify(notice: &PublicNotice, snapshot: &str) -> Result<()> {
    if ContentHash::of_bytes(snapshot.as_bytes()) == notice.snapshot_hash() {
        Ok(())
    } else {
        let id = notice.id();
        Err(anyhow::anyhow!("the stored snapshot of {id} is not what was shown").into())
    }
}

fn judge_day(notice: &PublicNotice, day: Date, today: Date) -> Result<(), Faults> {
    let mut faults = FaultList::default();
    let ahead = NoticeViewRejection::DayAhead { today };
    faults.require(day <= today, "on", &ahead);
    let opened = notice.opened_on();
    let early = NoticeRejection::BeforeOpening { opened };
    faults.require(day >= opened, "on", &early);
    faults.finish()
}

/// What a list of notices is to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Those of this area alone.
    pub area: Option<DivisionCode>,
    /// Those alone of which a row is still open.
    pub current_only: bool,
    /// Those that are older than this one.
    pub before: Option<PublicNoticeId>,
    /// Rows of the page.
    pub size: u32,
}

/// What a request for a list says.
///
/// # Errors
/// Everything that cannot be read, at once.
pub fn parse_listing(request: &common::ListPublicNoticesRequest) -> Result<Listing, Faults> {
    let mut faults = FaultList::default();
    let area = match request.division_code.as_str() {
        "" => None,
        code => faults.take("division_code", DivisionCode::parse(code)),
    };
    let before = page_token(
        &request.page_token,
        PublicNoticeId::parse,
        &NoticeViewRejection::PageToken,
        &mut faults,
    );
    faults.finish()?;
    Ok(Listing {
        area,
        current_only: request.current_only,
        before,
        size: page_size(request.page_size),
    })
}

/// Which notice a request means, and which day.
///
/// # Errors
/// When either cannot be read.
pub fn parse_view(
    request: &common::GetPublicNoticeOnRequest,
) -> Result<(PublicNoticeId, Date), Faults> {
    let mut faults = FaultList::default();
    let id = PublicNoticeId::parse(&request.public_notice_id);
    let id = faults.take("public_notice_id", id);
    let on = faults.take("on", date(&request.on));
    faults.finish()?;
    Ok(id
        .zip(on)
        .expect("a missing value is a fault, and there was none"))
}
