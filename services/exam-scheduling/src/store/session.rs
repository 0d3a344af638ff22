//! Sessions of a plan and their staff.

use jiff_sqlx::ToSqlx;
use kernel::card_number::CardNumber;
use kernel::division::DivisionCode;
use kernel::ids::SessionId;
use platform::Result;
use platform::crypto::{Place, Vault};
use platform::error::readable;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{identity, known};
use crate::domain::avoidance::Avoidance;
use crate::domain::session::{ExamPart, Session, Staff, StaffRole};

/// Where the identity of a member of staff rests.
pub(crate) fn staff_place(staff: Uuid) -> Place {
    Place {
        table: "session_staff",
        row: staff,
        column: "identity",
    }
}

/// Inserts the sessions of a plan that has none.
pub(super) async fn insert(
    connection: &mut PgConnection,
    vault: &Vault,
    plan: Uuid,
    sessions: &[Session],
) -> Result<()> {
    for (position, session) in (0_i32..).zip(sessions) {
        sqlx::query!(
            "insert into exam_session (session_id, plan_id, position, part, held_on, starts_at,
                 ends_at, site, room, seats, division_code)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            session.id.uuid(),
            plan,
            position,
            session.part.name(),
            session.held_on.to_sqlx() as _,
            session.starts_at.to_sqlx() as _,
            session.ends_at.to_sqlx() as _,
            session.site,
            session.room,
            session.seats.cast_signed(),
            session.division.as_str(),
        )
        .execute(&mut *connection)
        .await?;
        insert_staff(connection, vault, session).await?;
    }
    Ok(())
}

async fn insert_staff(
    connection: &mut PgConnection,
    vault: &Vault,
    session: &Session,
) -> Result<()> {
    let ids: Vec<_> = session.staff.iter().map(|staff| staff.id).collect();
    let roles: Vec<_> = session
        .staff
        .iter()
        .map(|staff| staff.role.name().to_owned())
        .collect();
    let seal = |staff: &Staff| {
        identity::seal(
            vault,
            staff_place(staff.id),
            staff.card.reveal(),
            &staff.salt,
            &staff.name,
        )
    };
    let identities: Vec<_> = session.staff.iter().map(seal).collect();
    // Lists of unequal length are no column, so what was taught travels as text.
    let declared = session.staff.iter().map(|staff| staff.avoidance.as_ref());
    let taught: Vec<_> = declared.clone().map(|it| it.map(taught_text)).collect();
    let relative: Vec<_> = declared.map(|it| it.map(|it| it.relative)).collect();
    sqlx::query!(
        "insert into session_staff (staff_id, session_id, position, role, identity, taught, relative)
         select staff_id, $1, position, role, identity, taught::integer[], relative
         from unnest($2::uuid[], $3::text[], $4::bytea[], $5::text[], $6::boolean[])
             with ordinality as new (staff_id, role, identity, taught, relative, position)",
        session.id.uuid(),
        &ids,
        &roles,
        &identities,
        &taught as _,
        &relative as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Puts somebody in the place of a member of staff.
pub(crate) async fn replace_staff(
    connection: &mut PgConnection,
    vault: &Vault,
    leaving: Uuid,
    joining: &Staff,
) -> Result<()> {
    let (card, salt, name) = (joining.card.reveal(), &joining.salt, &joining.name);
    let place = staff_place(joining.id);
    let declared = joining.avoidance.as_ref();
    sqlx::query!(
        "update session_staff
         set staff_id = $2, identity = $3, taught = $4::text::integer[], relative = $5
         where staff_id = $1",
        leaving,
        joining.id,
        identity::seal(vault, place, card, salt, name),
        declared.map(taught_text),
        declared.map(|avoidance| avoidance.relative),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// An array as PostgreSQL writes it.
fn taught_text(avoidance: &Avoidance) -> String {
    let taught: Vec<_> = avoidance.taught.iter().map(u32::to_string).collect();
    format!("{{{}}}", taught.join(","))
}

/// Removes the sessions of a draft; their staff goes with them.
pub(super) async fn delete(connection: &mut PgConnection, plan: Uuid) -> Result<()> {
    sqlx::query!("delete from exam_session where plan_id = $1", plan)
        .execute(connection)
        .await?;
    Ok(())
}

/// The sessions of a plan, in its order.
pub(super) async fn load(
    connection: &mut PgConnection,
    vault: &Vault,
    plan: Uuid,
) -> Result<Vec<Session>> {
    let rows = sqlx::query!(
        "select session_id, part, held_on, starts_at, ends_at, site, room, seats, division_code,
             prepared, completed
         from exam_session where plan_id = $1 order by position",
        plan,
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut sessions = Vec::with_capacity(rows.len());
    for row in rows {
        sessions.push(Session {
            id: SessionId::from_uuid(row.session_id),
            part: known("part", ExamPart::from_name(&row.part))?,
            held_on: row.held_on.to_jiff(),
            starts_at: row.starts_at.to_jiff(),
            ends_at: row.ends_at.to_jiff(),
            site: row.site,
            room: row.room,
            seats: row.seats.cast_unsigned(),
            division: readable("division", DivisionCode::parse(&row.division_code))?,
            staff: Vec::new(),
            prepared: row.prepared,
            completed: row.completed,
        });
    }
    load_staff(connection, vault, plan, &mut sessions).await?;
    Ok(sessions)
}

async fn load_staff(
    connection: &mut PgConnection,
    vault: &Vault,
    plan: Uuid,
    sessions: &mut [Session],
) -> Result<()> {
    let rows = sqlx::query!(
        "select staff_id, session_id, role, identity, taught, relative
         from session_staff join exam_session using (session_id)
         where plan_id = $1 order by session_staff.position",
        plan,
    )
    .fetch_all(connection)
    .await?;
    for row in rows {
        let plain = vault
            .unseal(staff_place(row.staff_id), &row.identity)
            .await?;
        let person = identity::read(&plain, CardNumber::parse)?;
        let staff = Staff {
            id: row.staff_id,
            role: known("role", StaffRole::from_name(&row.role))?,
            card: person.number,
            name: person.name,
            salt: person.salt,
            avoidance: row
                .taught
                .zip(row.relative)
                .map(|(taught, relative)| Avoidance {
                    taught: taught.into_iter().map(i32::cast_unsigned).collect(),
                    relative,
                }),
        };
        let session = sessions
            .iter_mut()
            .find(|session| session.id.uuid() == row.session_id);
        known("session", session)?.staff.push(staff);
    }
    Ok(())
}
