//! Who works for an applicant, and where: people who do not exist, with cards that nobody issued, and
//! the rooms in which they examine.
//!
//! Every journey has a college of its own, six applicants of a city's round, and people of their own:
//! the number of a card is one human's in the whole province.

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
pub(super) const SITE: &str = "示例考点";
/// 理论考场
pub(super) const THEORY_ROOM: &str = "机考一室";
/// 技能操作考场
pub(super) const SKILL_ROOM: &str = "电工实训场";
/// Places in either room.
pub(super) const SEATS: u32 = 36;
/// Serial numbers of citizen ids that each applicant may use up.
const SERIALS: u16 = 50;
/// Who examines nobody here has no more people of a kind.
const FEW: usize = 3;
/// What people of an applicant do, how many of them, and letter and kind of their cards.
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

/// Everybody who works for an applicant of a journey: for the college, which has seat 0, or for one
/// of its city's round.
pub(super) fn members(journey: u32, seat: u16) -> Vec<Member> {
    const NAMES: [&str; 7] = ["甲", "乙", "丙", "丁", "戊", "己", "庚"];
    let most = if seat == 0 { NAMES.len() } else { FEW };
    let duties = DUTIES.iter().flat_map(|&(role, count, card)| {
        (0..count.min(most)).map(move |position| (role, position, card))
    });
    let member = |(serial, (role, position, card)): (u16, Duty)| {
        let born = date(1970, 1, 1) + (i64::from(journey) % 3650).days();
        Member {
            role,
            name: format!("示例{}", NAMES[position]),
            citizen_id: CitizenId::synthetic(REGION, born, serial),
            card: card.map(|(letter, kind)| {
                let number = position + 1 + usize::from(seat) * 10;
                (format!("WH{letter}{journey:04}{number:02}"), kind)
            }),
        }
    };
    (100 + seat * SERIALS..).zip(duties).map(member).collect()
}

/// Those at the college who do this.
pub(super) fn who_do(journey: u32, role: PersonRole) -> Vec<Member> {
    let mut members = members(journey, 0);
    members.retain(|member| member.role == role);
    members
}

/// Whose people and rooms they are.
pub(super) struct Employer<'a> {
    /// Who speaks for it.
    pub(super) clerk: Who,
    /// 0 for the college of the story.
    pub(super) seat: u16,
    /// `org_…`
    pub(super) organization_id: &'a str,
    /// Where its site is.
    pub(super) division: &'a str,
}

/// The college enlists its people, records their cards, and registers its site.
pub(super) async fn enlist(story: &mut Story<'_>, organization_id: &str) -> Result<()> {
    let employer = Employer {
        clerk: Who::CollegeA,
        seat: 0,
        organization_id,
        division: WEIHAI,
    };
    let count = members(story.number, employer.seat).len();
    let what = format!("登记管理人员、工作人员、考务人员和专家 {count} 人及其资质证");
    story.page.deed(employer.clerk.title(), &what, RULE)?;
    let what = "登记考点：理论考场、技能操作考场各一";
    story.page.deed(employer.clerk.title(), what, RULE)?;
    enlist_all(story, &employer).await
}

/// An applicant enlists its people, records their cards, and registers its site.
pub(super) async fn enlist_all(story: &Story<'_>, employer: &Employer<'_>) -> Result<()> {
    for (index, member) in members(story.number, employer.seat).iter().enumerate() {
        let request = enlisting(story, employer, (index, member));
        let reply = story.ask(employer.clerk, request).await?;
        let person = reply.person.unwrap_or_default();
        ensure!(person.name != member.name, "a reply names {index}");
        if let Some(card) = &member.card {
            let step = format!("card-{}-{index}", employer.seat);
            let request = card_of(story, &step, person.person_id, card);
            story.ask(employer.clerk, request).await?;
        }
    }
    let reply = story.ask(employer.clerk, site(story, employer)).await?;
    expect("rooms", reply.site.unwrap_or_default().rooms.len(), 2)
}

fn enlisting(
    story: &Story<'_>,
    employer: &Employer<'_>,
    (index, member): (usize, &Member),
) -> registry::EnlistPersonRequest {
    registry::EnlistPersonRequest {
        request_id: story.id(&format!("enlist-{}-{index}", employer.seat)),
        organization_id: employer.organization_id.to_owned(),
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
    step: &str,
    person_id: String,
    (number, kind): &(String, CardKind),
) -> registry::RecordCardRequest {
    let examines = *kind == CardKind::Examiner;
    let levels = [Level::Five, Level::Four].map(|level| papers::level(level).into());
    let year = story.dates.applied.year();
    registry::RecordCardRequest {
        request_id: story.id(step),
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

fn site(story: &Story<'_>, employer: &Employer<'_>) -> registry::RegisterSiteRequest {
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
        request_id: story.id(&format!("register-site-{}", employer.seat)),
        organization_id: employer.organization_id.to_owned(),
        name: SITE.to_owned(),
        division_code: employer.division.to_owned(),
        address: "示例路 1 号".to_owned(),
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
    fn nobody_works_for_two_applicants_and_no_card_is_anybody_elses() {
        let seats = |journey| (0..=6).flat_map(move |seat| members(journey, seat));
        let everybody: Vec<_> = (1..=100).flat_map(seats).collect();
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
