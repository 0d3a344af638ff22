//! Public notices: the frozen snapshot, and where its rows stand.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, PublicNoticeId};
use kernel::public_notice::{NoticeEvent, PublicNotice};
use kernel::working_day::CalendarVersion;
use platform::public_notice::{Listing, log_events, log_opening};
use platform::{Error, Result};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::unreadable;
use crate::domain::refusal::SelectionRejection;
use crate::domain::{Selection, Snapshot};

/// Keeps a public notice that was just opened.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    application: ApplicationId,
    selection: &Selection,
    snapshot: &Snapshot,
    traceparent: &str,
) -> Result<()> {
    let notice = &selection.notice;
    sqlx::query!(
        "insert into public_notice (public_notice_id, application_id, selection_id, snapshot,
             notice, due_on, traceparent)
         values ($1, $2, $3, $4, $5, $6, $7)",
        notice.id().uuid(),
        application.uuid(),
        selection.id.uuid(),
        snapshot.to_json(),
        Json(notice) as _,
        notice.next_due().map(ToSqlx::to_sqlx) as _,
        traceparent,
    )
    .execute(&mut *connection)
    .await?;
    log_opening(connection, notice).await
}

/// Keeps where the rows stand, and what brought them there.
pub(crate) async fn save(
    connection: &mut PgConnection,
    notice: &PublicNotice,
    events: &[NoticeEvent],
    on: Date,
) -> Result<()> {
    sqlx::query!(
        "update public_notice set notice = $2, due_on = $3, concluded = $4
         where public_notice_id = $1",
        notice.id().uuid(),
        Json(notice) as _,
        notice.next_due().map(ToSqlx::to_sqlx) as _,
        notice.is_concluded(),
    )
    .execute(&mut *connection)
    .await?;
    log_events(connection, notice.id(), on, events).await
}

/// The application whose selection a notice shows. Everybody may see it, so no scope is asked for.
pub(crate) async fn application(
    connection: &mut PgConnection,
    id: PublicNoticeId,
) -> Result<ApplicationId> {
    let application = sqlx::query_scalar!(
        "select application_id from public_notice where public_notice_id = $1",
        id.uuid(),
    )
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| Error::refused(SelectionRejection::PublicNoticeNotFound))?;
    Ok(ApplicationId::from_uuid(application))
}

/// What a notice shows, character by character.
pub(crate) async fn snapshot(connection: &mut PgConnection, id: PublicNoticeId) -> Result<String> {
    sqlx::query_scalar!(
        "select snapshot from public_notice where public_notice_id = $1",
        id.uuid(),
    )
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| Error::refused(SelectionRejection::PublicNoticeNotFound))
}

/// A notice in a list.
pub(crate) struct Listed {
    pub(crate) notice: PublicNotice,
    /// Its heading.
    pub(crate) title: String,
    /// Who is shown.
    pub(crate) organization_name: String,
    /// Whose centre takes objections.
    pub(crate) filing_division: String,
}

/// Notices, the newest first.
pub(crate) async fn list(connection: &mut PgConnection, wanted: &Listing) -> Result<Vec<Listed>> {
    let listed = sqlx::query!(
        r#"select notice as "notice: Json<PublicNotice>", snapshot::json ->> 'title' as "title!",
               applicant ->> 'name' as "organization_name!", filing_division
           from public_notice join application using (application_id)
           where ($1::text is null or filing_division = $1)
             and not ($2 and concluded)
             and ($3::uuid is null or public_notice_id < $3)
           order by public_notice_id desc limit $4"#,
        wanted.area.as_ref().map(DivisionCode::as_str),
        wanted.current_only,
        wanted.before.map(|id| id.uuid()),
        i64::from(wanted.size) + 1,
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(|row| Listed {
        notice: row.notice.0,
        title: row.title,
        organization_name: row.organization_name,
        filing_division: row.filing_division,
    });
    Ok(listed.collect())
}

/// A public notice as it was shown. Everybody may see it, so no scope is asked for.
pub(crate) async fn find(
    connection: &mut PgConnection,
    id: PublicNoticeId,
) -> Result<(PublicNotice, Snapshot)> {
    let row = sqlx::query!(
        r#"select notice as "notice: Json<PublicNotice>", snapshot from public_notice
           where public_notice_id = $1"#,
        id.uuid(),
    )
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| Error::refused(SelectionRejection::PublicNoticeNotFound))?;
    let snapshot = serde_json::from_str(&row.snapshot).map_err(|_| unreadable("snapshot"))?;
    Ok((row.notice.0, snapshot))
}

/// Applications in a public notice that was counted with another calendar than this one; no more
/// than so many.
pub(crate) async fn counted_otherwise(
    connection: &mut PgConnection,
    calendar: &CalendarVersion,
    limit: i64,
) -> Result<Vec<ApplicationId>> {
    let ids = sqlx::query_scalar!(
        "select application_id from public_notice
         where not concluded and notice #>> '{period,calendar_version}' <> $1
         order by public_notice_id limit $2",
        calendar.as_str(),
        limit,
    )
    .fetch_all(connection)
    .await?;
    Ok(ids.into_iter().map(ApplicationId::from_uuid).collect())
}

/// Applications whose public notice can come to its end on this day, each with the trace that led
/// there; longest due first, and no more than so many.
pub(crate) async fn due(
    connection: &mut PgConnection,
    today: Date,
    limit: i64,
) -> Result<Vec<(ApplicationId, String)>> {
    let rows = sqlx::query!(
        "select application_id, traceparent from public_notice where due_on <= $1
         order by due_on, public_notice_id limit $2",
        today.to_sqlx() as _,
        limit,
    )
    .fetch_all(connection)
    .await?;
    let due = rows.into_iter().map(|row| {
        (
            ApplicationId::from_uuid(row.application_id),
            row.traceparent,
        )
    });
    Ok(due.collect())
}
