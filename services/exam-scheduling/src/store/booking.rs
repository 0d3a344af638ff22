//! What plans have taken, and when.

use std::collections::{HashMap, HashSet};

use kernel::ids::{OrganizationId, PlanId, SessionId};
use platform::{Error, Result};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::plan::Plan;
use crate::domain::rejection::PlanRejection;

/// What kind of thing is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// A room, by its id.
    Room,
    /// A member of staff, by a blind index of the card number.
    Staff,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Room => "room",
            Self::Staff => "staff",
        }
    }
}

/// Something that a session takes for its hours.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Booking {
    pub(crate) session: SessionId,
    pub(crate) kind: Kind,
    pub(crate) key: Vec<u8>,
}

/// Columns of bookings; arrays of equal length.
fn columns(bookings: &[Booking]) -> (Vec<Uuid>, Vec<String>, Vec<Vec<u8>>) {
    let each = bookings.iter();
    (
        each.clone().map(|booking| booking.session.uuid()).collect(),
        each.clone()
            .map(|booking| booking.kind.name().to_owned())
            .collect(),
        each.map(|booking| booking.key.clone()).collect(),
    )
}

/// Which of these another plan has at the same time.
pub(crate) async fn taken(
    connection: &mut PgConnection,
    plan: PlanId,
    bookings: &[Booking],
) -> Result<HashSet<Booking>> {
    let (sessions, kinds, keys) = columns(bookings);
    let found = sqlx::query_scalar!(
        r#"select distinct asked.position as "position!"
           from unnest($2::uuid[], $3::text[], $4::bytea[]) with ordinality
               as asked (session_id, kind, key, position)
           join exam_session using (session_id)
           join booking on booking.kind = asked.kind and booking.key = asked.key
               and during && tsrange(held_on + starts_at, held_on + ends_at)
           where booking.plan_id <> $1"#,
        plan.uuid(),
        &sessions,
        &kinds,
        &keys,
    )
    .fetch_all(connection)
    .await?;
    let found = found.into_iter().filter_map(|position| {
        let index = usize::try_from(position - 1).ok()?;
        bookings.get(index).cloned()
    });
    Ok(found.collect())
}

/// How many candidates of a plan have to be in another place: of a part with a single session, in
/// that session.
pub(crate) async fn candidates_taken(connection: &mut PgConnection, plan: PlanId) -> Result<u32> {
    let count = sqlx::query_scalar!(
        r#"with single as (
               select min(held_on + starts_at) as from_hour, min(held_on + ends_at) as to_hour
               from exam_session where plan_id = $1 group by part having count(*) = 1)
           select count(distinct person_index) as "count!"
           from candidate
           join booking on booking.kind = 'candidate' and booking.key = person_index
           join single on during && tsrange(from_hour, to_hour)
           where candidate.plan_id = $1 and booking.plan_id <> $1"#,
        plan.uuid(),
    )
    .fetch_one(connection)
    .await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Takes rooms, staff and candidates for a plan that is reported, in place of what it had before.
///
/// # Errors
/// `PLAN_BOOKED_MEANWHILE` when another plan takes one of them at this moment.
pub(crate) async fn book(
    connection: &mut PgConnection,
    plan: &Plan,
    bookings: &[Booking],
) -> Result<()> {
    release(connection, plan.id).await?;
    let (sessions, kinds, keys) = columns(bookings);
    // In order of kinds and keys, so that two plans which want the same do not wait for each other.
    let booked = sqlx::query!(
        "insert into booking (session_id, plan_id, kind, key, during)
         select session_id, $1, kind, key, tsrange(held_on + starts_at, held_on + ends_at)
         from (
             select session_id, kind, key
             from unnest($2::uuid[], $3::text[], $4::bytea[]) as given (session_id, kind, key)
             union all
             select (select session_id from exam_session as sole
                     where sole.plan_id = $1 and sole.part = single.part),
                 'candidate', person_index
             from candidate cross join (
                 select part from exam_session where plan_id = $1
                 group by part having count(*) = 1) as single
             where candidate.plan_id = $1) as wanted
         join exam_session using (session_id)
         order by kind, key, held_on, starts_at",
        plan.id.uuid(),
        &sessions,
        &kinds,
        &keys,
    )
    .execute(connection)
    .await;
    booked.map(|_| ()).map_err(taken_meanwhile)
}

/// Takes somebody for a session in place of somebody else.
///
/// # Errors
/// `PLAN_BOOKED_MEANWHILE` when another plan takes whoever joins at this moment.
pub(crate) async fn exchange(
    connection: &mut PgConnection,
    plan: PlanId,
    gone: &[Booking],
    wanted: &[Booking],
) -> Result<()> {
    let (sessions, kinds, keys) = columns(gone);
    sqlx::query!(
        "delete from booking using unnest($1::uuid[], $2::text[], $3::bytea[])
             as gone (session_id, kind, key)
         where booking.session_id = gone.session_id and booking.kind = gone.kind
             and booking.key = gone.key",
        &sessions,
        &kinds,
        &keys,
    )
    .execute(&mut *connection)
    .await?;
    let (sessions, kinds, keys) = columns(wanted);
    let booked = sqlx::query!(
        "insert into booking (session_id, plan_id, kind, key, during)
         select session_id, $1, kind, key, tsrange(held_on + starts_at, held_on + ends_at)
         from unnest($2::uuid[], $3::text[], $4::bytea[]) as given (session_id, kind, key)
         join exam_session using (session_id)",
        plan.uuid(),
        &sessions,
        &kinds,
        &keys,
    )
    .execute(connection)
    .await;
    booked.map(|_| ()).map_err(taken_meanwhile)
}

fn taken_meanwhile(error: sqlx::Error) -> Error {
    Error::from(error).on_constraint("booking_once", PlanRejection::BookedMeanwhile)
}

/// Gives up everything that a plan has taken.
pub(crate) async fn release(connection: &mut PgConnection, plan: PlanId) -> Result<()> {
    sqlx::query!("delete from booking where plan_id = $1", plan.uuid())
        .execute(connection)
        .await?;
    Ok(())
}

/// At how many exams of an organisation in a row each of these people worked before a plan began.
/// Somebody is known by any of the keys.
pub(crate) async fn in_a_row(
    connection: &mut PgConnection,
    plan: &Plan,
    people: &HashMap<Uuid, Vec<Vec<u8>>>,
) -> Result<HashMap<Uuid, u32>> {
    let keys: Vec<_> = people.values().flatten().cloned().collect();
    let rows = sqlx::query!(
        r#"select booking.key, organization_id, min(lower(during)) as "from_hour!"
           from booking join plan using (plan_id)
           where kind = 'staff' and key = any($2) and plan_id <> $1
             and lower(during) < (select min(held_on + starts_at) from exam_session
                                  where exam_session.plan_id = $1)
           group by booking.key, plan_id, organization_id
           order by booking.key, min(lower(during)) desc"#,
        plan.id.uuid(),
        &keys,
    )
    .fetch_all(connection)
    .await?;
    let mut exams: HashMap<Vec<u8>, Vec<OrganizationId>> = HashMap::new();
    for row in rows {
        let organization = OrganizationId::from_uuid(row.organization_id);
        exams.entry(row.key).or_default().push(organization);
    }
    let running = |keys: &Vec<Vec<u8>>| {
        let of_key = |key| exams.get(key).map(|exams| own(exams, plan.organization_id));
        keys.iter().filter_map(of_key).max().unwrap_or_default()
    };
    let counted = people.iter().map(|(staff, keys)| (*staff, running(keys)));
    Ok(counted.collect())
}

/// How many of the latest exams were this organisation's.
fn own(exams: &[OrganizationId], organization: OrganizationId) -> u32 {
    let running = exams.iter().take_while(|other| **other == organization);
    u32::try_from(running.count()).unwrap_or(u32::MAX)
}
