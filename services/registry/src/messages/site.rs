//! Sites as the contract's messages.

use platform::contract::occupation_message;
use proto::registry::v1 as contract;

use crate::domain::site::{Room, RoomKind, RoomProfile, Site, Tenure};

/// A site in a version.
pub(crate) fn site(site: &Site, version: u64) -> contract::Site {
    let (tenure, leased_until) = match site.tenure {
        Tenure::Owned => (contract::SiteTenure::Owned, String::new()),
        Tenure::Leased { until } => (contract::SiteTenure::Leased, until.to_string()),
    };
    let closed_on = site.closed_on.map(|on| on.to_string());
    contract::Site {
        site_id: site.id.to_string(),
        organization_id: site.organization_id.to_string(),
        name: site.name.clone(),
        division_code: site.division.to_string(),
        address: site.address.clone(),
        tenure: tenure.into(),
        leased_until,
        rooms: site.rooms.iter().map(room).collect(),
        opened_on: site.opened_on.to_string(),
        closed_on: closed_on.unwrap_or_default(),
        version,
    }
}

fn room(room: &Room) -> contract::Room {
    let closed_on = room.closed_on.map(|on| on.to_string());
    contract::Room {
        room_id: room.id.to_string(),
        profile: Some(profile(&room.profile)),
        opened_on: room.opened_on.to_string(),
        closed_on: closed_on.unwrap_or_default(),
    }
}

fn profile(profile: &RoomProfile) -> contract::RoomProfile {
    let kind = match profile.kind {
        RoomKind::Theory => contract::RoomKind::Theory,
        RoomKind::Skill => contract::RoomKind::Skill,
        RoomKind::Review => contract::RoomKind::Review,
    };
    contract::RoomProfile {
        name: profile.name.clone(),
        kind: kind.into(),
        seats: profile.seats,
        machines: profile.machines,
        network: profile.network,
        identity_check: profile.identity_check,
        signal_shielding: profile.signal_shielding,
        audio_monitoring: profile.audio_monitoring,
        video_monitoring: profile.video_monitoring,
        equipment: profile.equipment.clone(),
        occupations: profile.occupations.iter().map(occupation_message).collect(),
    }
}
