//! Seats of candidates.

use std::collections::HashMap;

use kernel::ids::{PlanId, SessionId};
use platform::Result;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::seating::Seat;

/// Puts these seats in place of those that the plan had.
pub(crate) async fn replace(
    connection: &mut PgConnection,
    plan: PlanId,
    seats: &[Seat],
) -> Result<()> {
    sqlx::query!(
        "delete from seat using exam_session
         where exam_session.session_id = seat.session_id and plan_id = $1",
        plan.uuid(),
    )
    .execute(&mut *connection)
    .await?;
    let sessions: Vec<_> = seats.iter().map(|seat| seat.session.uuid()).collect();
    let candidates: Vec<_> = seats.iter().map(|seat| seat.candidate.uuid()).collect();
    let numbers: Vec<_> = seats.iter().map(|seat| seat.number.cast_signed()).collect();
    sqlx::query!(
        "insert into seat (session_id, candidate_id, number)
         select * from unnest($1::uuid[], $2::uuid[], $3::integer[])",
        &sessions,
        &candidates,
        &numbers,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The seats of candidates. Those who have none are left out.
pub(crate) async fn of(
    connection: &mut PgConnection,
    candidates: &[Uuid],
) -> Result<HashMap<Uuid, Vec<(SessionId, u32)>>> {
    let rows = sqlx::query!(
        "select candidate_id, session_id, number from seat where candidate_id = any($1)",
        candidates,
    )
    .fetch_all(connection)
    .await?;
    let mut seats: HashMap<Uuid, Vec<_>> = HashMap::new();
    for row in rows {
        let seat = (
            SessionId::from_uuid(row.session_id),
            row.number.cast_unsigned(),
        );
        seats.entry(row.candidate_id).or_default().push(seat);
    }
    Ok(seats)
}
