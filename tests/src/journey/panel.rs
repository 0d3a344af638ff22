//! Act 2, the experts: a pool, a draw that anybody can repeat, opinions one by one.

use anyhow::{Result, ensure};
use jiff::{ToSpan, civil::date};
use kernel::{citizen_id::CitizenId, draw::Seed, rejection::Faults};
use proto::registry::v1 as registry;
use proto::review::v1 as review;

use super::{
    annexes,
    application::Applicant,
    cast::{WEIHAI, Who},
    papers,
    story::{Story, expect},
};

/// Panel of three.
const SEATS: u32 = 3;
const NAMES: [&str; 5] = ["闻建平", "柏学勤", "尚志远", "鲁明德", "颜修文"];

/// Somebody in the city's expert pool who does not exist.
pub(super) struct Expert {
    /// Name.
    pub(super) name: &'static str,
    /// Citizen number.
    pub(super) citizen_id: CitizenId,
    /// Number in the pool.
    pub(super) number: String,
}

/// The experts of a journey; others in each, since a number stands for one person for ever.
pub(super) fn experts(journey: u32) -> [Expert; 5] {
    let mut seat = 0_u16;
    NAMES.map(|name| {
        seat += 1;
        let born = date(1962, 3, 1) + (i64::from(journey) + 400 * i64::from(seat)).days();
        Expert {
            name,
            citizen_id: CitizenId::synthetic("371002", born, 800 + seat),
            number: format!("WH-ZJ-{journey:03}{seat:02}"),
        }
    })
}

/// Five experts are in the pool; three are drawn and heard.
pub(super) async fn hear(story: &mut Story<'_>, applicant: &Applicant) -> Result<()> {
    story.day(story.dates.experts_met)?;
    enlist(story).await?;
    let panel = draw(story, applicant).await?;
    let members = panel.members.iter();
    let numbers: Vec<_> = members.map(|member| member.expert_number.clone()).collect();
    for (seat, number) in numbers.iter().enumerate() {
        let request = review::RecordOpinionRequest {
            request_id: story.id(&format!("opinion-{seat}")),
            panel_id: panel.panel_id.clone(),
            expert_number: number.clone(),
            in_favour: true,
            opinion: "师资、题库与考核条件满足电工五级、四级评价要求".to_owned(),
        };
        let what = format!("记录专家 {number} 的论证意见");
        let reply = story
            .deed(Who::CityA, &what, "通知三（二）4", request)
            .await?;
        let panel = reply.panel.unwrap_or_default();
        let closed = panel.state() == review::PanelState::Closed;
        expect("the panel closes with the last opinion", closed, seat == 2)?;
    }
    story.page.result("3 人，3 票同意")
}

async fn enlist(story: &mut Story<'_>) -> Result<()> {
    for (seat, expert) in experts(story.number).iter().enumerate() {
        let request = registry::EnlistPersonRequest {
            request_id: story.id(&format!("expert-{seat}")),
            pool_division: WEIHAI.to_owned(),
            name: expert.name.to_owned(),
            citizen_id: expert.citizen_id.reveal().to_owned(),
            engagements: vec![registry::Engagement {
                role: registry::PersonRole::Expert.into(),
                on_post_from: story.dates.applied.to_string(),
                proof: registry::ProofOfEmployment::LetterOfAppointment.into(),
                ..registry::Engagement::default()
            }],
            pool_entry: Some(registry::PoolEntry {
                number: expert.number.clone(),
                fields: vec!["电气".to_owned()],
                occupations: annexes::scope().occupation.into_iter().collect(),
                rank: "高级技师".to_owned(),
                ..registry::PoolEntry::default()
            }),
            ..registry::EnlistPersonRequest::default()
        };
        story.ask(Who::CityA, request).await?;
    }
    story
        .page
        .event("威海市专家库入库 5 名专家（姓名、证件号码加密保存）")
}

/// The list is frozen and a seed committed to; then the draw reveals it.
async fn draw(story: &mut Story<'_>, applicant: &Applicant) -> Result<review::Panel> {
    let request = review::PlanPanelRequest {
        request_id: story.id("plan-panel"),
        application_id: applicant.application_id.clone(),
        size: SEATS,
        with_province_pool: false,
        declared_conflicts: Vec::new(),
    };
    let what = "组织专家论证：冻结专家名单，公布抽取种子的哈希";
    let reply = story
        .deed(Who::CityA, what, "通知三（二）4，六（二）", request)
        .await?;
    let planned = reply.panel.unwrap_or_default();
    story.page.result(&format!(
        "可抽取 {} 人，种子 SHA-256 {}",
        planned.candidate_numbers.len(),
        papers::short(&planned.seed_commitment)
    ))?;
    let request = review::DrawPanelRequest {
        request_id: story.id("draw-panel"),
        panel_id: planned.panel_id.clone(),
    };
    let reply = story
        .deed(Who::CityA, "抽取专家并公开种子", "通知六（二）", request)
        .await?;
    let drawn = reply.panel.unwrap_or_default();
    repeat(&planned, &drawn)?;
    let members = drawn.members.iter();
    let numbers: Vec<_> = members
        .map(|member| member.expert_number.as_str())
        .collect();
    story.page.result(&format!(
        "抽中 {}；用公开的种子复算，结果相同",
        numbers.join("、")
    ))?;
    Ok(drawn)
}

/// What anybody can do who has the list and the seed.
fn repeat(planned: &review::Panel, drawn: &review::Panel) -> Result<()> {
    let seed = Seed::parse(&drawn.seed).map_err(Faults::from)?;
    ensure!(
        seed.commitment().as_bytes()[..] == planned.seed_commitment[..],
        "the seed is not the one that was committed to"
    );
    let again = seed.draw(&planned.candidate_numbers, 3, String::clone);
    let members = drawn.members.iter();
    let numbers: Vec<_> = members.map(|member| &member.expert_number).collect();
    expect("the draw, repeated", again, numbers)
}
