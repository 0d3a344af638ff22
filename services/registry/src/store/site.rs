//! Sites with their rooms.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::division::DivisionCode;
use kernel::ids::{OrganizationId, RoomId, SiteId};
use kernel::rejection::Faults;
use platform::access::Scope;
use platform::error::readable;
use platform::{Error, Result};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{occupations, texts};
use crate::domain::site::{Room, RoomProfile, RoomRejection, Site, SiteRejection, Tenure};

/// A site as it is read.
pub(crate) struct Found {
    pub(crate) site: Site,
    /// How many facts it has.
    pub(crate) version: u64,
}

/// Writes a site down as it was registered.
pub(crate) async fn insert(connection: &mut PgConnection, site: &Site) -> Result<()> {
    let (tenure, leased_until) = match site.tenure {
        Tenure::Owned => ("owned", None),
        Tenure::Leased { until } => ("leased", Some(until)),
    };
    sqlx::query!(
        "insert into site (site_id, organization_id, name, division_code, address, tenure,
             leased_until, opened_on)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        site.id.uuid(),
        site.organization_id.uuid(),
        site.name,
        site.division.as_str(),
        site.address,
        tenure,
        leased_until.map(ToSqlx::to_sqlx) as _,
        site.opened_on.to_sqlx() as _,
    )
    .execute(&mut *connection)
    .await
    .map_err(|error| {
        let taken = Faults::at("name", &SiteRejection::SiteNameTaken);
        Error::from(error).on_constraint("site_name_once", taken)
    })?;
    save_rooms(connection, site).await
}

/// Saves what can change of a site: whether it is closed, and its rooms.
pub(crate) async fn save(connection: &mut PgConnection, site: &Site) -> Result<()> {
    sqlx::query!(
        "update site set closed_on = $2 where site_id = $1",
        site.id.uuid(),
        site.closed_on.map(ToSqlx::to_sqlx) as _,
    )
    .execute(&mut *connection)
    .await?;
    save_rooms(connection, site).await
}

async fn save_rooms(connection: &mut PgConnection, site: &Site) -> Result<()> {
    for (position, room) in (0..).zip(&site.rooms) {
        save_room(connection, site.id, position, room).await?;
    }
    Ok(())
}

async fn save_room(
    connection: &mut PgConnection,
    site: SiteId,
    position: i32,
    room: &Room,
) -> Result<()> {
    let profile = &room.profile;
    sqlx::query!(
        "insert into room (room_id, site_id, position, name, kind, seats, machines, network,
             identity_check, signal_shielding, audio_monitoring, video_monitoring, equipment,
             occupations, opened_on, closed_on)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
         on conflict (room_id) do update set name = $4, kind = $5, seats = $6, machines = $7,
             network = $8, identity_check = $9, signal_shielding = $10, audio_monitoring = $11,
             video_monitoring = $12, equipment = $13, occupations = $14, closed_on = $16",
        room.id.uuid(),
        site.uuid(),
        position,
        profile.name,
        <&str>::from(profile.kind),
        profile.seats.cast_signed(),
        profile.machines.cast_signed(),
        profile.network,
        profile.identity_check,
        profile.signal_shielding,
        profile.audio_monitoring,
        profile.video_monitoring,
        profile.equipment,
        &texts(&profile.occupations),
        room.opened_on.to_sqlx() as _,
        room.closed_on.map(ToSqlx::to_sqlx) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A site that the caller may see.
pub(crate) async fn find(
    connection: &mut PgConnection,
    scope: &Scope,
    id: SiteId,
) -> Result<Found> {
    let found = find_all(connection, scope, &[id]).await?.pop();
    found.ok_or_else(|| Error::refused(SiteRejection::SiteNotFound))
}

/// The site of a room that the caller may see.
pub(crate) async fn of_room(
    connection: &mut PgConnection,
    scope: &Scope,
    room: RoomId,
) -> Result<SiteId> {
    let scope = scope.filter();
    let site = sqlx::query_scalar!(
        "select site_id
         from room join site using (site_id) join body_area using (organization_id)
         where room_id = $3
           and ($1::text is null or area = $1)
           and ($2::uuid is null or organization_id = $2)",
        scope.area,
        scope.organization,
        room.uuid(),
    )
    .fetch_optional(connection)
    .await?;
    site.map(SiteId::from_uuid)
        .ok_or_else(|| Error::refused(RoomRejection::RoomNotFound))
}

/// Sites of an organisation after one, in the order of registration.
pub(crate) async fn of_organization(
    connection: &mut PgConnection,
    organization: OrganizationId,
    after: Option<SiteId>,
    limit: i64,
) -> Result<Vec<SiteId>> {
    let ids = sqlx::query_scalar!(
        "select site_id from site
         where organization_id = $1 and ($2::uuid is null or site_id > $2)
         order by site_id limit $3",
        organization.uuid(),
        after.map(|after| after.uuid()),
        limit,
    )
    .fetch_all(connection)
    .await?;
    Ok(ids.into_iter().map(SiteId::from_uuid).collect())
}

struct Row {
    site_id: Uuid,
    organization_id: Uuid,
    name: String,
    division_code: String,
    address: String,
    leased_until: Option<jiff_sqlx::Date>,
    opened_on: jiff_sqlx::Date,
    closed_on: Option<jiff_sqlx::Date>,
    version: i64,
}

impl Row {
    fn read(self, rooms: Vec<Room>) -> Result<Found> {
        let date =
            |date: Option<jiff_sqlx::Date>| -> Option<Date> { date.map(jiff_sqlx::Date::to_jiff) };
        let owned = Tenure::Owned;
        let site = Site {
            id: SiteId::from_uuid(self.site_id),
            organization_id: OrganizationId::from_uuid(self.organization_id),
            name: self.name,
            division: readable("division", DivisionCode::parse(&self.division_code))?,
            address: self.address,
            tenure: date(self.leased_until).map_or(owned, |until| Tenure::Leased { until }),
            rooms,
            opened_on: self.opened_on.to_jiff(),
            closed_on: date(self.closed_on),
        };
        Ok(Found {
            site,
            version: self.version.cast_unsigned(),
        })
    }
}

/// Those of these sites that the caller may see, in the order of registration.
pub(crate) async fn find_all(
    connection: &mut PgConnection,
    scope: &Scope,
    ids: &[SiteId],
) -> Result<Vec<Found>> {
    let ids: Vec<Uuid> = ids.iter().map(SiteId::uuid).collect();
    let scope = scope.filter();
    let rows = sqlx::query_as!(
        Row,
        "select site_id, organization_id, name, division_code, address, leased_until, opened_on,
             closed_on, version
         from site
         join body_area using (organization_id)
         join platform.aggregate on aggregate.kind = 'site' and aggregate.id = site_id
         where site_id = any($3)
           and ($1::text is null or area = $1)
           and ($2::uuid is null or organization_id = $2)
         order by site_id",
        scope.area,
        scope.organization,
        &ids,
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut rooms = rooms(connection, &ids).await?;
    let found = rows.into_iter().map(|row| {
        let rooms = rooms.remove(&row.site_id).unwrap_or_default();
        row.read(rooms)
    });
    found.collect()
}

async fn rooms(connection: &mut PgConnection, sites: &[Uuid]) -> Result<HashMap<Uuid, Vec<Room>>> {
    let rows = sqlx::query!(
        "select room_id, site_id, name, kind, seats, machines, network, identity_check,
             signal_shielding, audio_monitoring, video_monitoring, equipment, occupations,
             opened_on, closed_on
         from room where site_id = any($1) order by site_id, position",
        sites,
    )
    .fetch_all(connection)
    .await?;
    let mut rooms: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        let profile = RoomProfile {
            name: row.name,
            kind: row.kind.parse().map_err(anyhow::Error::from)?,
            seats: row.seats.cast_unsigned(),
            machines: row.machines.cast_unsigned(),
            network: row.network,
            identity_check: row.identity_check,
            signal_shielding: row.signal_shielding,
            audio_monitoring: row.audio_monitoring,
            video_monitoring: row.video_monitoring,
            equipment: row.equipment,
            occupations: occupations(&row.occupations)?,
        };
        rooms.entry(row.site_id).or_default().push(Room {
            id: RoomId::from_uuid(row.room_id),
            profile,
            opened_on: row.opened_on.to_jiff(),
            closed_on: row.closed_on.map(jiff_sqlx::Date::to_jiff),
        });
    }
    Ok(rooms)
}
