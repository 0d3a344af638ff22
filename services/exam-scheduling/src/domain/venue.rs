//! Where sessions take place: in rooms that the organisation registered, for the part that is
//! examined, with seats enough (notice 1.4, 6.3: 评价规模要与评价能力相适应).
//!
//! Sites and rooms are the register's to know. They are asked for before anything is locked, and the
//! answer comes in as an argument, as with rights.

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::RoomId;
use kernel::occupation::OccupationRef;
use kernel::rejection::FaultList;

use super::plan::Plan;
use super::rejection::VenueRejection;
use super::session::{ExamPart, Session};

/// A room of the organisation, as the register has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredRoom {
    /// `room_…`
    pub id: RoomId,
    /// Name of its site.
    pub site: String,
    /// Its name.
    pub name: String,
    /// Where the site lies.
    pub division: DivisionCode,
    /// The part it is for.
    pub part: ExamPart,
    /// Places for candidates.
    pub seats: u32,
    /// Occupations that can be examined in it; of a skill room alone.
    pub occupations: Vec<OccupationRef>,
    /// First day in use.
    pub from: Date,
    /// Last day in use, as far as one is known.
    pub until: Option<Date>,
}

impl RegisteredRoom {
    fn is_named_by(&self, session: &Session) -> bool {
        let day = session.held_on;
        self.site == session.site
            && self.name == session.room
            && self.from <= day
            && self.until.is_none_or(|until| day <= until)
    }
}

impl Plan {
    /// The room of each session, where the register has one of that name in use on the day. Of
    /// several, it is one for the part.
    pub fn rooms_of<'a>(
        &self,
        registered: &'a [RegisteredRoom],
    ) -> Vec<Option<&'a RegisteredRoom>> {
        let room = |session: &Session| {
            let mut named = registered.iter().filter(|room| room.is_named_by(session));
            let first = named.clone().next();
            named.find(|room| room.part == session.part).or(first)
        };
        self.sessions.iter().map(room).collect()
    }

    /// Notes sessions in rooms that are not there, or not for them.
    pub(super) fn check_rooms(&self, registered: &[RegisteredRoom], faults: &mut FaultList) {
        let rooms = self.rooms_of(registered);
        for (index, (session, room)) in self.sessions.iter().zip(rooms).enumerate() {
            let at = |field: &str| format!("sessions[{index}].{field}");
            let Some(room) = room else {
                let on = session.held_on;
                faults.add(at("room"), &VenueRejection::RoomUnknown { on });
                continue;
            };
            let same_city = room.division.city() == session.division.city();
            let elsewhere = VenueRejection::RoomElsewhere {
                division: room.division,
            };
            faults.require(same_city, at("division_code"), &elsewhere);
            let part = session.part;
            let kind = VenueRejection::RoomKind { part };
            faults.require(room.part == part, at("room"), &kind);
            let few = VenueRejection::RoomSeats {
                seats: session.seats,
                has: room.seats,
            };
            faults.require(session.seats <= room.seats, at("seats"), &few);
            let mut subjects = self.subjects.iter();
            let fit = |occupation| room.occupations.contains(occupation);
            let equipped = subjects.any(|subject| fit(&subject.occupation));
            let suits = part != ExamPart::Skill || equipped;
            faults.require(suits, at("room"), &VenueRejection::RoomOccupation);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::samples::{self, EXAM_DAY};

    fn codes(change: impl Fn(&mut RegisteredRoom)) -> Vec<&'static str> {
        let plan = samples::draft();
        let mut rooms = samples::rooms();
        rooms.iter_mut().for_each(change);
        let mut faults = FaultList::default();
        plan.check_rooms(&rooms, &mut faults);
        faults
            .finish()
            .map_or_else(|faults| faults.codes(), |()| Vec::new())
    }

    #[test]
    fn sessions_take_place_in_registered_rooms_in_use_on_the_day() {
        assert!(codes(|_| {}).is_empty());
        assert!(codes(|room| room.until = Some(EXAM_DAY)).is_empty());
        let unknown = ["PLAN_ROOM_UNKNOWN"; 2];
        assert_eq!(codes(|room| room.name.push('x')), unknown);
        assert_eq!(codes(|room| room.site.push('x')), unknown);
        assert_eq!(codes(|room| room.from = samples::LATER), unknown);
        let before = EXAM_DAY.yesterday().expect("a day before");
        assert_eq!(codes(|room| room.until = Some(before)), unknown);
    }

    #[test]
    fn a_room_is_for_its_part_its_occupations_its_city_and_its_seats() {
        assert_eq!(
            codes(|room| room.part = ExamPart::Review),
            ["PLAN_ROOM_KIND"; 2]
        );
        assert_eq!(
            codes(|room| room.occupations.clear()),
            ["PLAN_ROOM_OCCUPATION"],
            "theory is sat anywhere"
        );
        assert_eq!(codes(|room| room.seats = 29), ["PLAN_ROOM_SEATS"; 2]);
        let qingdao = DivisionCode::parse("370200").expect("Qingdao");
        assert_eq!(
            codes(|room| room.division = qingdao),
            ["PLAN_ROOM_ELSEWHERE"; 2]
        );
        let district = DivisionCode::parse("371002").expect("Huancui");
        assert!(codes(|room| room.division = district).is_empty());
    }
}
