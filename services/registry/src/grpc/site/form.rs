//! Sites and rooms, as requests write them.

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{OrganizationId, RoomId, SiteId};
use kernel::rejection::{FaultList, Faults};
use platform::contract::{FieldRejection, date, line, text};
use proto::registry::v1::{self as contract, RegisterSiteRequest};
use uuid::Uuid;

use super::super::all_there;
use super::super::occupations;
use crate::domain::site::{
    MOST_OCCUPATIONS, MOST_ROOMS, Room, RoomKind, RoomProfile, RoomRejection, Site, SiteRejection,
    Tenure,
};

/// Longest texts, in characters.
const NAME: usize = 100;
const ADDRESS: usize = 200;
const EQUIPMENT: usize = 2000;

/// A site that is to be registered.
pub(super) struct NewSite {
    organization_id: OrganizationId,
    name: String,
    division: DivisionCode,
    address: String,
    tenure: Tenure,
    rooms: Vec<RoomProfile>,
}

impl NewSite {
    /// The site with its rooms, as of a day.
    pub(super) fn opened_on(self, opened_on: Date) -> Site {
        let room = |profile| Room {
            id: RoomId::from_uuid(Uuid::now_v7()),
            profile,
            opened_on,
            closed_on: None,
        };
        Site {
            id: SiteId::from_uuid(Uuid::now_v7()),
            organization_id: self.organization_id,
            name: self.name,
            division: self.division,
            address: self.address,
            tenure: self.tenure,
            rooms: self.rooms.into_iter().map(room).collect(),
            opened_on,
            closed_on: None,
        }
    }
}

/// A new site.
pub(super) fn site(request: &RegisterSiteRequest) -> Result<NewSite, Faults> {
    let mut faults = FaultList::default();
    let organization = OrganizationId::parse(&request.organization_id);
    let organization = faults.take("organization_id", organization);
    let name = faults.take("name", line(&request.name, NAME));
    let division = faults.take("division_code", DivisionCode::parse(&request.division_code));
    let address = faults.take("address", line(&request.address, ADDRESS));
    let tenure = tenure(request, &mut faults);
    // One more than a site may have tells that there are too many; all could be very many.
    let given = request.rooms.iter().take(MOST_ROOMS + 1).enumerate();
    let rooms = given
        .filter_map(|(index, given)| profile(Some(given), &format!("rooms[{index}]"), &mut faults))
        .collect();
    let names = name.zip(address);
    let places = organization.zip(division).zip(tenure);
    let ((name, address), ((organization_id, division), tenure)) =
        all_there(faults, names.zip(places))?;
    Ok(NewSite {
        organization_id,
        name,
        division,
        address,
        tenure,
        rooms,
    })
}

fn tenure(request: &RegisterSiteRequest, faults: &mut FaultList) -> Option<Tenure> {
    let until = request.leased_until.as_str();
    match (request.tenure(), until) {
        (contract::SiteTenure::Unspecified, _) => {
            faults.add("tenure", &SiteRejection::TenureUnknown);
            None
        }
        (contract::SiteTenure::Owned, "") => Some(Tenure::Owned),
        (contract::SiteTenure::Owned, _) => {
            faults.add("leased_until", &SiteRejection::LeaseOfOwned);
            None
        }
        (contract::SiteTenure::Leased, "") => {
            faults.add("leased_until", &SiteRejection::LeaseMissing);
            None
        }
        (contract::SiteTenure::Leased, until) => {
            let until = faults.take("leased_until", date(until))?;
            Some(Tenure::Leased { until })
        }
    }
}

/// What a room is and has.
pub(super) fn profile(
    given: Option<&contract::RoomProfile>,
    field: &str,
    faults: &mut FaultList,
) -> Option<RoomProfile> {
    let Some(given) = given else {
        faults.add(field, &FieldRejection::Required);
        return None;
    };
    let at = |name: &str| format!("{field}.{name}");
    let name = faults.take(at("name"), line(&given.name, NAME));
    let kind = faults.take(at("kind"), kind(given.kind()));
    let equipment = match given.equipment.as_str() {
        "" => Some(String::new()),
        equipment => faults.take(at("equipment"), text(equipment, EQUIPMENT)),
    };
    let limit = MOST_OCCUPATIONS;
    let few = given.occupations.len() <= limit;
    let too_many = RoomRejection::TooManyOccupations { limit };
    faults.require(few, at("occupations"), &too_many);
    let occupations = occupations(&given.occupations, limit, &at(""), faults);
    Some(RoomProfile {
        name: name?,
        kind: kind?,
        seats: given.seats,
        machines: given.machines,
        network: given.network,
        identity_check: given.identity_check,
        signal_shielding: given.signal_shielding,
        audio_monitoring: given.audio_monitoring,
        video_monitoring: given.video_monitoring,
        equipment: equipment?,
        occupations,
    })
}

fn kind(given: contract::RoomKind) -> Result<RoomKind, RoomRejection> {
    match given {
        contract::RoomKind::Unspecified => Err(RoomRejection::RoomKindUnknown),
        contract::RoomKind::Theory => Ok(RoomKind::Theory),
        contract::RoomKind::Skill => Ok(RoomKind::Skill),
        contract::RoomKind::Review => Ok(RoomKind::Review),
    }
}
