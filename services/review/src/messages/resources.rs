//! What an applicant had to evaluate with, as messages write it.

use platform::contract::{level_message, occupation_message};
use proto::review::v1 as review;

use crate::domain::{ExamDevice, ExamRoom, ExamRoomKind, ExamSite, Examiners, Resources};

/// What was frozen with an application.
pub(super) fn message(resources: &Resources) -> review::Resources {
    review::Resources {
        on: resources.on.to_string(),
        people: resources.people,
        full_time_people: resources.full_time_people,
        full_time_managers: resources.full_time_managers,
        full_time_staff: resources.full_time_staff,
        invigilators: resources.invigilators,
        supervisors: resources.supervisors,
        experts: resources.experts,
        examiners: resources.examiners.iter().map(examiners).collect(),
        sites: resources.sites.iter().map(site).collect(),
        digest: resources.digest.as_bytes().to_vec().into(),
    }
}

fn examiners(count: &Examiners) -> review::Examiners {
    review::Examiners {
        occupation: Some(occupation_message(&count.occupation)),
        level: level_message(count.level).into(),
        people: count.people,
    }
}

fn site(site: &ExamSite) -> review::ExamSite {
    review::ExamSite {
        site_id: site.id.to_string(),
        division_code: site.division.to_string(),
        rooms: site.rooms.iter().map(room).collect(),
    }
}

fn room(room: &ExamRoom) -> review::ExamRoom {
    let kind = match room.kind {
        ExamRoomKind::Theory => review::ExamRoomKind::Theory,
        ExamRoomKind::Skill => review::ExamRoomKind::Skill,
        ExamRoomKind::Review => review::ExamRoomKind::Review,
    };
    let devices = room.devices.iter();
    review::ExamRoom {
        room_id: room.id.to_string(),
        kind: kind.into(),
        seats: room.seats,
        machines: room.machines,
        devices: devices.map(|one| device(*one).into()).collect(),
        occupations: room.occupations.iter().map(occupation_message).collect(),
    }
}

fn device(device: ExamDevice) -> review::ExamDevice {
    match device {
        ExamDevice::Network => review::ExamDevice::Network,
        ExamDevice::IdentityCheck => review::ExamDevice::IdentityCheck,
        ExamDevice::SignalShielding => review::ExamDevice::SignalShielding,
        ExamDevice::AudioMonitoring => review::ExamDevice::AudioMonitoring,
        ExamDevice::VideoMonitoring => review::ExamDevice::VideoMonitoring,
    }
}
