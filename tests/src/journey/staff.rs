//! Who works for the college, and where: people who do not exist, with cards that nobody issued, and
//! the rooms in which they examine.
//!
//! Every journey has a college of its own, and people of its own: the number of a card is one
//! human's in the whole province.

use anyhow::{Result, ensure};
use jiff::{ToSpan, civil::date};
use kernel::{citizen_id::CitizenId, level::Level};
use proto::registry::v1 as registry;
use proto::registry::v1::{CardKind, PersonRole, ProofOfEmployment, RoomKind, SiteTenure};

use super::{
    annexes,
    cast::{WEIHAI, Who},
    papers,
    story::{Story, expect},
};

const RULE: &str = "通知一（三）、（四），三（一）4、5";
/// Huancui district of Weihai.
const REGION: &str = "371002";
/// 考点
pub(super) const SITE: &str = "威海示例技师学院";
/// 理论考场
pub(super) const THEORY_ROOM: &str = "机考一室";
/// 技能操作考场
pub(super) const SKILL_ROOM: &str = "电工实训场";
/// Places in either room.
pub(super) const SEATS: u32 = 36;
/// What people of the college do, how many of them, and letter and kind of their cards.
type Duty = (PersonRole, usize, Option<(char, CardKind)>);
const DUTIES: [Duty; 6] = [
    (PersonRole::Manager, 1, None),
    (PersonRole::Staff, 1, None),
    (PersonRole::Expert, 3, None),
    (
        PersonRole::Invigilator,
        3,
        Some(('J', CardKind::Invigilator)),
    ),
    // One examiner for five candidates makes six; a panel is odd.
    (PersonRole::Examiner, 7, Some(('K', CardKind::Examiner))),
    (
        PersonRole::InternalSupervisor,
        1,
        Some(('D', CardKind::QualitySupervisor)),
    ),
];

/// Somebody who works for the college.
#[derive(Clone)]
pub(super) struct Member {
    pub(super) role: PersonRole,
    pub(super) name: String,
    pub(super) citizen_id: CitizenId,
    /// Number and kind of the card.
    card: Option<(String, CardKind)>,
}

impl Member {
    /// Number of the card; empty for who has none.
    pub(super) fn card_number(&self) -> String {
        self.card
            .clone()
            .map(|(number, _)| number)
            .unwrap_or_default()
    }
}

/// Everybody who works for the college of a journey.
pub(super) fn members(journey: u32) -> Vec<Member> {
    const NAMES: [&str; 7] = ["甲", "乙", "丙", "丁", "戊", "己", "庚"];
    let duties = DUTIES
        .iter()
        .flat_map(|&(role, count, card)| (0..count).map(move |position| (role, position, card)));
    let member = |(serial, (role, position, card)): (u16, Duty)| {
        let born = date(1970, 1, 1) + (i64::from(journey) % 3650).days();
        Member {
            role,
            name: format!("示例{}", NAMES[position]),
            citizen_id: CitizenId::synthetic(REGION, born, serial),
            card: card
                .map(|(letter, kind)| (format!("WH{letter}{journey:04}{:02}", position + 1), kind)),
        }
    };
    (100..).zip(duties).map(member).collect()
}

/// Those who do this.
pub(super) fn who_do(journey: u32, role: PersonRole) -> Vec<Member> {
    let mut members = members(journey);
    members.retain(|member| member.role == role);
    members
}

/// The college enlists its people, records their cards, and registers its site.
pub(super) async fn enlist(story: &mut Story<'_>, organization_id: &str) -> Result<()> {
    let members = members(story.number);
    let what = format!(
        "登记管理人员、工作人员、考务人员和专家 {} 人及其资质证",
        members.len()
    );
    story.page.deed(Who::CollegeA.title(), &what, RULE)?;
    for (index, member) in members.iter().enumerate() {
        let request = enlisting(story, organization_id, (index, member));
        let reply = story.ask(Who::CollegeA, request).await?;
        let person = reply.person.unwrap_or_default();
        ensure!(person.name != member.name, "a reply names {index}");
        if let Some(card) = &member.card {
            let request = card_of(story, index, person.person_id, card);
            story.ask(Who::CollegeA, request).await?;
        }
    }
    let what = "登记考点：理论考场、技能操作考场各一";
    let request = site(story, organization_id);
    let reply = story.deed(Who::CollegeA, what, RULE, request).await?;
    expect("rooms", reply.site.unwrap_or_default().rooms.len(), 2)
}

fn enlisting(
    story: &Story<'_>,
    organization_id: &str,
    (index, member): (usize, &Member),
) -> registry::EnlistPersonRequest {
    registry::EnlistPersonRequest {
        request_id: story.id(&format!("enlist-{index}")),
        organization_id: organization_id.to_owned(),
        name: member.name.clone(),
        citizen_id: member.citizen_id.reveal().to_owned(),
        engagements: vec![registry::Engagement {
            role: member.role.into(),
            full_time: true,
            on_post_from: "2019-09-01".to_owned(),
            proof: ProofOfEmployment::SocialInsurance.into(),
            ..Default::default()
        }],
        ..Default::default()
    }
}

/// The card, valid for the year of the journey and the next: an examiner's names what is examined.
fn card_of(
    story: &Story<'_>,
    index: usize,
    person_id: String,
    (number, kind): &(String, CardKind),
) -> registry::RecordCardRequest {
    let examines = *kind == CardKind::Examiner;
    let levels = [Level::Five, Level::Four].map(|level| papers::level(level).into());
    let year = story.dates.applied.year();
    registry::RecordCardRequest {
        request_id: story.id(&format!("card-{index}")),
        person_id,
        number: number.clone(),
        kind: (*kind).into(),
        occupations: examines.then(annexes::electrician).into_iter().collect(),
        levels: if examines {
            levels.to_vec()
        } else {
            Vec::new()
        },
        valid_from: date(year, 1, 1).to_string(),
        valid_until: date(year + 1, 12, 31).to_string(),
        issuer: "山东省职业技能鉴定指导中心（示例）".to_owned(),
    }
}

fn site(story: &Story<'_>, organization_id: &str) -> registry::RegisterSiteRequest {
    let equipped = |name: &str, kind: RoomKind| registry::RoomProfile {
        name: name.to_owned(),
        kind: kind.into(),
        seats: SEATS,
        machines: SEATS,
        network: true,
        identity_check: true,
        signal_shielding: true,
        audio_monitoring: true,
        video_monitoring: true,
        ..Default::default()
    };
    let skill = registry::RoomProfile {
        equipment: "电工实训装置 36 套".to_owned(),
        occupations: vec![annexes::electrician()],
        ..equipped(SKILL_ROOM, RoomKind::Skill)
    };
    registry::RegisterSiteRequest {
        request_id: story.id("register-site"),
        organization_id: organization_id.to_owned(),
        name: SITE.to_owned(),
        division_code: WEIHAI.to_owned(),
        address: "威海市示例路 1 号".to_owned(),
        tenure: SiteTenure::Owned.into(),
        leased_until: String::new(),
        rooms: vec![equipped(THEORY_ROOM, RoomKind::Theory), skill],
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn nobody_works_for_two_colleges_and_no_card_is_anybody_elses() {
        let everybody: Vec<_> = (1..=100).flat_map(members).collect();
        let numbers: HashSet<_> = everybody
            .iter()
            .map(|member| member.citizen_id.reveal().to_owned())
            .collect();
        assert_eq!(numbers.len(), everybody.len());
        let cards: Vec<_> = everybody
            .iter()
            .filter(|member| member.card.is_some())
            .collect();
        let different: HashSet<_> = cards.iter().map(|member| member.card_number()).collect();
        assert_eq!(different.len(), cards.len());
    }
}
