//! Act 2: technical assessment, selection by two persons, public notice.

use anyhow::Result;
use proto::common::v1 as common;
use proto::review::v1 as review;

use super::{
    annexes,
    application::{Applicant, expect_state},
    cast::Who,
    panel, papers,
    story::{Story, expect, reached},
};

const RULE: &str = "通知三（二）4";

/// Conditions, documents, experts, site.
pub(super) async fn assess(story: &mut Story<'_>, applicant: &Applicant) -> Result<()> {
    story
        .page
        .act("第二幕 技术评估与遴选", "Assessment and selection")?;
    judge_conditions(story, applicant).await?;
    check_documents(story, applicant).await?;
    panel::hear(story, applicant).await?;
    visit_site(story, applicant).await
}

async fn judge_conditions(story: &mut Story<'_>, applicant: &Applicant) -> Result<()> {
    use review::JudgementSubject as Subject;
    story.day(story.dates.documents_checked)?;
    for (subject, what, rule, reason) in [
        (
            Subject::Affiliation,
            "隶属关系为市属",
            "通知三（二）2",
            "与主管部门批复一致（示例）",
        ),
        (
            Subject::Registration,
            "在山东省内依法登记",
            "通知一（一）",
            "法人登记证书在有效期内（示例）",
        ),
        (
            Subject::ManagementAndCredit,
            "财务管理制度与社会信用",
            "通知一（一）",
            "制度健全，无不良记录（示例）",
        ),
        (
            Subject::ExperienceAndQuality,
            "评价经验与质量管控制度",
            "通知一（二）",
            "累计评价2600人，制度完善（示例）",
        ),
        (
            Subject::EmergencyPlan,
            "应急处置预案",
            "通知一（二）",
            "预案完整，已演练（示例）",
        ),
        (
            Subject::Funding,
            "经费保障与公益性",
            "通知一（五）",
            "列入年度预算，不以营利为目的（示例）",
        ),
        (
            Subject::MainField,
            "电工属于本校主体专业",
            "通知二",
            "电气自动化为主体专业（示例）",
        ),
    ] {
        let request = review::RecordJudgementRequest {
            request_id: story.id(&format!("judge-{}", i32::from(subject))),
            application_id: applicant.application_id.clone(),
            subject: subject.into(),
            met: true,
            reason: reason.to_owned(),
            version: 0,
        };
        let what = format!("判断申报条件：{what}");
        let reply = story.deed(Who::CityA, &what, rule, request).await?;
        expect(
            "condition met",
            reply.judgement.unwrap_or_default().met,
            true,
        )?;
        story.page.result(&format!("符合：{reason}"))?;
    }
    Ok(())
}

async fn check_documents(story: &mut Story<'_>, applicant: &Applicant) -> Result<()> {
    story.day(story.dates.documents_checked)?;
    let subjects = [
        "社会信用",
        "财务与管理制度",
        "专职工作人员",
        "考评与督导人员",
        "应急处置预案",
        "经费保障",
    ];
    let conditions = subjects.map(|subject| review::DocumentCheckItem {
        subject: subject.to_owned(),
        in_order: true,
        ..review::DocumentCheckItem::default()
    });
    let documents = annexes::MATERIALS.map(|(document, ..)| review::DocumentCheckItem {
        document: document.into(),
        in_order: true,
        ..review::DocumentCheckItem::default()
    });
    let request = review::RecordDocumentCheckRequest {
        request_id: story.id("document-check"),
        application_id: applicant.application_id.clone(),
        items: documents.into_iter().chain(conditions).collect(),
        version: 0,
    };
    let what = format!(
        "逐项核验 {} 份材料，及{}",
        annexes::MATERIALS.len(),
        subjects.join("、")
    );
    let reply = story.deed(Who::CityA, &what, RULE, request).await?;
    expect("document check passed", reply.passed, true)?;
    story.page.result("逐项核验，均符合")
}

/// What is looked at on the site (notice 1.4).
const SITE: [review::SiteItem; 8] = [
    review::SiteItem::TheoryRoom,
    review::SiteItem::Network,
    review::SiteItem::ExamMachines,
    review::SiteItem::SkillSite,
    review::SiteItem::Equipment,
    review::SiteItem::IdentityCheck,
    review::SiteItem::SignalShielding,
    review::SiteItem::Monitoring,
];

fn in_order(item: review::SiteItem) -> review::SiteFinding {
    review::SiteFinding {
        item: item.into(),
        in_order: true,
        finding: String::new(),
    }
}

async fn visit_site(story: &mut Story<'_>, applicant: &Applicant) -> Result<()> {
    story.day(story.dates.site_visited)?;
    let [first, _, second, ..] = panel::experts(story.number);
    let visitors = [first, second];
    let request = review::RecordSiteVisitRequest {
        request_id: story.id("site-visit"),
        application_id: applicant.application_id.clone(),
        visited_on: story.dates.site_visited.to_string(),
        visitor_numbers: visitors.map(|expert| expert.number).to_vec(),
        findings: "标准化理论考场与电工实操考场到位，监控、屏蔽、身份识别设备运行正常".to_owned(),
        passed: true,
        items: SITE.map(in_order).to_vec(),
        photo_ids: Vec::new(),
        version: 0,
    };
    story
        .deed(
            Who::CityB,
            "现场考察：考场、设备、监控",
            "通知一（四），三（二）4",
            request,
        )
        .await?;
    story.page.result("满足条件")
}

/// One officer proposes; the same one cannot confirm; another one does.
pub(super) async fn select(story: &mut Story<'_>, applicant: &Applicant) -> Result<String> {
    story.day(story.dates.selection_proposed)?;
    let request = review::ProposeSelectionRequest {
        request_id: story.id("propose-selection"),
        application_id: applicant.application_id.clone(),
        granted: vec![annexes::scope()],
        ..review::ProposeSelectionRequest::default()
    };
    let what = format!("提出遴选：{}", papers::scope_line(&annexes::scope()));
    let reply = story
        .deed(Who::CityA, &what, "通知三（二）4，两人规则", request)
        .await?;
    let proposal = reply.proposal.unwrap_or_default();
    let digest = papers::short(&proposal.content_hash);
    story
        .page
        .result(&format!("待第二人确认，内容 SHA-256 {digest}"))?;

    let own = confirmation(story, applicant, &proposal, "confirm-own");
    story
        .attempt(Who::CityA, "试图确认自己的提议", own, "SAME_PERSON")
        .await?;

    story.day(story.dates.selection_confirmed)?;
    let second = confirmation(story, applicant, &proposal, "confirm-selection");
    let reply = story
        .deed(Who::CityB, "核对内容后确认遴选", "两人规则", second)
        .await?;
    let notice = reply.public_notice.unwrap_or_default();
    story.page.result("遴选结果开始公示，期限 5 个工作日")?;
    story
        .outcome
        .ids
        .selection_notice
        .clone_from(&notice.public_notice_id);
    show_notice(story, &notice.public_notice_id).await?;
    Ok(notice.public_notice_id)
}

fn confirmation(
    story: &Story<'_>,
    applicant: &Applicant,
    proposal: &common::Proposal,
    step: &str,
) -> review::ConfirmSelectionRequest {
    review::ConfirmSelectionRequest {
        request_id: story.id(step),
        application_id: applicant.application_id.clone(),
        confirmation: Some(confirm(proposal)),
    }
}

/// What a second person says of a proposal: this one, with this content.
pub(super) fn confirm(proposal: &common::Proposal) -> common::Confirmation {
    common::Confirmation {
        proposal_id: proposal.proposal_id.clone(),
        content_hash: proposal.content_hash.clone(),
    }
}

/// As anybody sees it, without a token.
async fn show_notice(story: &mut Story<'_>, notice_id: &str) -> Result<()> {
    let request = review::GetPublicNoticeRequest {
        public_notice_id: notice_id.to_owned(),
    };
    let reply = story
        .deed(Who::Public, "查看公示", "通知三（二）4", request)
        .await?;
    let notice = reply.public_notice.unwrap_or_default();
    let ends = notice.ends.clone().unwrap_or_default().date;
    expect(
        "last day of the notice",
        ends,
        story.dates.selection_notice_ends.to_string(),
    )?;
    expect("rows of the notice", notice.rows.len(), 1)?;
    story
        .page
        .paper("遴选公示", &papers::public_notice(&notice))
}

/// The first working day after its last: the notice has come to its end by itself.
pub(super) async fn wait_for_end(
    story: &mut Story<'_>,
    applicant: &Applicant,
    notice_id: &str,
) -> Result<()> {
    story.day(story.dates.selection_notice_over)?;
    let request = review::GetPublicNoticeRequest {
        public_notice_id: notice_id.to_owned(),
    };
    let seen = |reply: review::GetPublicNoticeResponse| {
        let notice = reply.public_notice.unwrap_or_default();
        reached(notice.concluded, (), || {
            "the notice has not come to its end".to_owned()
        })
    };
    story.until(Who::Public, request, seen).await?;
    story.page.event("公示期满，无异议，自动结束；遴选确定")?;
    let application = filed(story, applicant).await?;
    story.outcome.kinds.application = application.state().as_str_name();
    expect_state(&application, review::ApplicationState::Filed)
}

/// The registry hears of the selection and gives a code, review hears of that and files.
async fn filed(story: &Story<'_>, applicant: &Applicant) -> Result<review::Application> {
    let application_id = applicant.application_id.clone();
    let request = review::GetApplicationRequest { application_id };
    let seen = |reply: review::GetApplicationResponse| {
        let application = reply.application.unwrap_or_default();
        let state = application.state();
        let there = state == review::ApplicationState::Filed;
        reached(there, application, || state.as_str_name().to_owned())
    };
    story.until(Who::CityA, request, seen).await
}
