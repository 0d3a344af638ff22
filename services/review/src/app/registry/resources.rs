//! What an applicant has to evaluate with.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::division::DivisionCode;
use kernel::ids::{OrganizationId, RoomId, SiteId};
use platform::Result;
use platform::client::away;
use platform::contract;
use proto::registry::v1 as registry;
use proto::registry::v1::{CardKind, PersonRole};

use super::{NAME, Registry, unreadable};
use crate::domain::{ExamDevice, ExamRoom, ExamRoomKind, ExamSite, Examiners, Resources};

impl Registry {
    /// People by role, valid cards and sites of an organisation on a day.
    pub(in crate::app) async fn resources(
        &self,
        organization: OrganizationId,
        on: Date,
    ) -> Result<Resources> {
        let request = registry::DescribeResourcesRequest {
            organization_id: organization.to_string(),
            on: on.to_string(),
        };
        let answer = self.people.clone().describe_resources(request).await;
        let answer = answer.map_err(|status| away(NAME, status))?.into_inner();
        resources(on, &answer).ok_or_else(|| unreadable("resources"))
    }
}

fn resources(on: Date, answer: &registry::DescribeResourcesResponse) -> Option<Resources> {
    let of = |role: PersonRole| {
        let mut counts = answer.roles.iter();
        counts
            .find(|count| count.role() == role)
            .copied()
            .unwrap_or_default()
    };
    let examiners: Option<_> = answer.examiners.iter().map(examiners).collect();
    let sites: Option<_> = answer.sites.iter().map(site).collect();
    Some(Resources {
        on,
        people: answer.people,
        full_time_people: answer.full_time_people,
        full_time_managers: of(PersonRole::Manager).full_time,
        full_time_staff: of(PersonRole::Staff).full_time,
        invigilators: of(PersonRole::Invigilator).people,
        supervisors: supervisors(&answer.cards),
        experts: of(PersonRole::Expert).people,
        examiners: examiners?,
        sites: sites?,
        digest: ContentHash::from_bytes(answer.digest.as_ref().try_into().ok()?),
    })
}

/// The registry counts a card only for somebody who is on post in what it is for.
fn supervisors(cards: &[registry::CardCount]) -> u32 {
    let supervisors = cards.iter();
    let supervisors = supervisors.filter(|count| count.kind() == CardKind::QualitySupervisor);
    supervisors.map(|count| count.holders).sum()
}

fn examiners(count: &registry::ExaminerCount) -> Option<Examiners> {
    Some(Examiners {
        occupation: contract::occupation(count.occupation.as_ref()).ok()?,
        level: contract::level(count.level).ok()?,
        people: count.people,
    })
}

fn site(site: &registry::Site) -> Option<ExamSite> {
    let rooms: Option<_> = site.rooms.iter().map(room).collect();
    Some(ExamSite {
        id: SiteId::parse(&site.site_id).ok()?,
        division: DivisionCode::parse(&site.division_code).ok()?,
        rooms: rooms?,
    })
}

fn room(room: &registry::Room) -> Option<ExamRoom> {
    let profile = room.profile.as_ref()?;
    let occupations: Option<_> = profile
        .occupations
        .iter()
        .map(|occupation| contract::occupation(Some(occupation)).ok())
        .collect();
    Some(ExamRoom {
        id: RoomId::parse(&room.room_id).ok()?,
        kind: match profile.kind() {
            registry::RoomKind::Theory => ExamRoomKind::Theory,
            registry::RoomKind::Skill => ExamRoomKind::Skill,
            registry::RoomKind::Review => ExamRoomKind::Review,
            registry::RoomKind::Unspecified => return None,
        },
        seats: profile.seats,
        machines: profile.machines,
        devices: devices(profile),
        occupations: occupations?,
    })
}

fn devices(profile: &registry::RoomProfile) -> BTreeSet<ExamDevice> {
    let devices = [
        (ExamDevice::Network, profile.network),
        (ExamDevice::IdentityCheck, profile.identity_check),
        (ExamDevice::SignalShielding, profile.signal_shielding),
        (ExamDevice::AudioMonitoring, profile.audio_monitoring),
        (ExamDevice::VideoMonitoring, profile.video_monitoring),
    ];
    let there = devices.into_iter().filter(|(_, there)| *there);
    there.map(|(device, _)| device).collect()
}
