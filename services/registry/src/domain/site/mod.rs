//! Sites (考点) and their rooms (考场): where an organisation evaluates (notice 1.4).
//!
//! What was closed stays on record; whoever asks for a day is shown what was in use that day.

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{OrganizationId, RoomId, SiteId};
use kernel::occupation::OccupationRef;
use kernel::rejection::{FaultList, Faults};
use serde::Serialize;

use super::divisions::Divisions;

mod rejection;
mod room;

pub use rejection::{RoomRejection, SiteRejection};
pub use room::{MOST_OCCUPATIONS, Room, RoomKind, RoomProfile};

/// Most rooms of a site.
pub const MOST_ROOMS: usize = 100;

/// By what right a site is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tenure {
    /// 自有
    Owned,
    /// 租赁
    Leased {
        /// Last day of the lease.
        until: Date,
    },
}

/// A site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Site {
    /// `site_…`
    pub id: SiteId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// 考点名称
    pub name: String,
    /// Where it lies.
    pub division: DivisionCode,
    /// 地址
    pub address: String,
    /// By what right it is used.
    pub tenure: Tenure,
    /// Its rooms, in the order in which they were added.
    pub rooms: Vec<Room>,
    /// First day in use.
    pub opened_on: Date,
    /// Day from which it is closed.
    pub closed_on: Option<Date>,
}

/// What happened to a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum SiteFact {
    /// It was registered.
    SiteRegistered {
        /// As it was registered.
        site: Site,
    },
    /// A room was added.
    RoomAdded {
        /// `site_…`
        site_id: SiteId,
        /// The room.
        room: Room,
    },
    /// A room has other things than before.
    RoomUpdated {
        /// `site_…`
        site_id: SiteId,
        /// `room_…`
        room_id: RoomId,
        /// What it is and has from now on.
        profile: RoomProfile,
    },
    /// A room is closed.
    RoomClosed {
        /// `site_…`
        site_id: SiteId,
        /// `room_…`
        room_id: RoomId,
        /// From this day on.
        on: Date,
    },
    /// The site is closed with all its rooms.
    SiteClosed {
        /// `site_…`
        site_id: SiteId,
        /// From this day on.
        on: Date,
    },
}

/// What a site is judged by, beside itself.
#[derive(Clone, Copy)]
pub struct SiteContext<'a, Knows> {
    /// The business day.
    pub today: Date,
    /// The province and its cities.
    pub divisions: &'a Divisions,
    /// Whether the catalogue has an occupation.
    pub knows: Knows,
}

impl Site {
    /// Whether the site may be registered as it is.
    ///
    /// # Errors
    /// Every fault at once.
    pub fn register(
        self,
        context: &SiteContext<'_, impl Fn(&OccupationRef) -> bool>,
    ) -> Result<SiteFact, Faults> {
        let mut faults = FaultList::default();
        let city = self.division.city();
        let in_a_city = city.is_some_and(|city| context.divisions.is_current_city(city));
        let unknown = SiteRejection::SiteDivisionUnknown;
        faults.require(in_a_city, "division_code", &unknown);
        let lease_holds = self.tenure.holds_on(context.today);
        faults.require(lease_holds, "leased_until", &SiteRejection::LeaseOver);
        let given = self.rooms.len();
        faults.require(given > 0, "rooms", &RoomRejection::RoomsMissing);
        faults.require(given <= MOST_ROOMS, "rooms", &TOO_MANY_ROOMS);
        for (index, room) in self.rooms.iter().enumerate() {
            let field = format!("rooms[{index}]");
            room.profile.check(&context.knows, &field, &mut faults);
            let before = self.rooms[..index].iter();
            check_name(&room.profile, before, &field, &mut faults);
        }
        faults.finish()?;
        Ok(SiteFact::SiteRegistered { site: self })
    }

    /// Adds a room.
    ///
    /// # Errors
    /// When the site is closed or full, and everything that is wrong with the room.
    pub fn add_room(
        &self,
        room: Room,
        knows: impl Fn(&OccupationRef) -> bool,
    ) -> Result<SiteFact, Faults> {
        self.must_be_open()?;
        let mut faults = FaultList::default();
        if self.rooms.len() >= MOST_ROOMS {
            faults.refuse(&TOO_MANY_ROOMS);
        }
        room.profile.check(knows, "profile", &mut faults);
        check_name(&room.profile, self.open_rooms(), "profile", &mut faults);
        faults.finish()?;
        Ok(SiteFact::RoomAdded {
            site_id: self.id,
            room,
        })
    }

    /// Gives a room another profile.
    ///
    /// # Errors
    /// When site or room is closed, and everything that is wrong with the profile.
    pub fn update_room(
        &self,
        room_id: RoomId,
        profile: RoomProfile,
        knows: impl Fn(&OccupationRef) -> bool,
    ) -> Result<SiteFact, Faults> {
        self.open_room(room_id)?;
        let mut faults = FaultList::default();
        profile.check(knows, "profile", &mut faults);
        let others = self.open_rooms().filter(|other| other.id != room_id);
        check_name(&profile, others, "profile", &mut faults);
        faults.finish()?;
        Ok(SiteFact::RoomUpdated {
            site_id: self.id,
            room_id,
            profile,
        })
    }

    /// Closes a room from a day on.
    ///
    /// # Errors
    /// When site or room is closed already.
    pub fn close_room(&self, room_id: RoomId, on: Date) -> Result<SiteFact, Faults> {
        self.open_room(room_id)?;
        Ok(SiteFact::RoomClosed {
            site_id: self.id,
            room_id,
            on,
        })
    }

    /// Closes the site from a day on.
    ///
    /// # Errors
    /// When it is closed already.
    pub fn close(&self, on: Date) -> Result<SiteFact, Faults> {
        self.must_be_open()?;
        Ok(SiteFact::SiteClosed {
            site_id: self.id,
            on,
        })
    }

    /// Makes a fact part of the site.
    pub fn apply(&mut self, fact: &SiteFact) {
        match fact {
            SiteFact::SiteRegistered { site } => self.clone_from(site),
            SiteFact::RoomAdded { room, .. } => self.rooms.push(room.clone()),
            SiteFact::RoomUpdated {
                room_id, profile, ..
            } => {
                for room in self.rooms.iter_mut().filter(|room| room.id == *room_id) {
                    room.profile.clone_from(profile);
                }
            }
            SiteFact::RoomClosed { room_id, on, .. } => {
                for room in self.rooms.iter_mut().filter(|room| room.id == *room_id) {
                    room.closed_on = Some(*on);
                }
            }
            SiteFact::SiteClosed { on, .. } => {
                self.closed_on = Some(*on);
                for room in &mut self.rooms {
                    room.closed_on.get_or_insert(*on);
                }
            }
        }
    }

    /// The site with the rooms that are in use on a day, if there are any.
    pub fn in_use_on(mut self, day: Date) -> Option<Self> {
        let open = self.opened_on <= day && self.closed_on.is_none_or(|closed| day < closed);
        self.rooms.retain(|room| room.is_in_use_on(day));
        (open && self.tenure.holds_on(day) && !self.rooms.is_empty()).then_some(self)
    }

    fn must_be_open(&self) -> Result<(), SiteRejection> {
        match self.closed_on {
            None => Ok(()),
            Some(_) => Err(SiteRejection::SiteClosed),
        }
    }

    fn open_rooms(&self) -> impl Iterator<Item = &Room> {
        self.rooms.iter().filter(|room| room.closed_on.is_none())
    }

    fn open_room(&self, room_id: RoomId) -> Result<&Room, Faults> {
        self.must_be_open()?;
        let found = self.open_rooms().find(|room| room.id == room_id);
        Ok(found.ok_or(RoomRejection::RoomClosed)?)
    }
}

impl Tenure {
    fn holds_on(self, day: Date) -> bool {
        match self {
            Self::Owned => true,
            Self::Leased { until } => day <= until,
        }
    }
}

const TOO_MANY_ROOMS: RoomRejection = RoomRejection::TooManyRooms { limit: MOST_ROOMS };

fn check_name<'r>(
    profile: &RoomProfile,
    mut beside: impl Iterator<Item = &'r Room>,
    field: &str,
    faults: &mut FaultList,
) {
    let taken = beside.any(|other| other.profile.name == profile.name);
    let field = format!("{field}.name");
    faults.require(!taken, field, &RoomRejection::RoomNameTwice);
}
