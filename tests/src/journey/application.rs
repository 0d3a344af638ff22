//! Act 1: a college enrols and applies; one material comes back and is corrected.

use anyhow::{Context, Result};
use kernel::{credit_code::UnifiedSocialCreditCode, ids::OrganizationId, rejection::Faults};
use proto::registry::v1 as registry;
use proto::review::v1 as review;

use super::{
    annexes::{self, MATERIALS},
    cast::{WEIHAI, Who},
    clients::Upload,
    papers, staff,
    story::{Story, expect},
};

/// Codes given before there was this platform.
const CODES_IN_USE: [&str; 2] = ["S000037100001", "S000037000072"];

/// The college and its application.
#[derive(Debug, Clone)]
pub(super) struct Applicant {
    /// `org_…`
    pub(super) organization_id: String,
    /// 单位名称
    pub(super) name: String,
    /// `app_…`
    pub(super) application_id: String,
}

/// Codes in use elsewhere are marked, so that none of them is given twice.
pub(super) async fn reserve_codes(story: &mut Story<'_>) -> Result<()> {
    story
        .page
        .act("准备 已在使用的机构代码", "Codes in use elsewhere")?;
    story.day(story.dates.applied)?;
    let request = registry::ReserveOrganizationCodesRequest {
        request_id: story.id("reserve-codes"),
        organization_codes: CODES_IN_USE.map(str::to_owned).to_vec(),
        reason: "平台启用前已赋码".to_owned(),
    };
    let what = format!("登记已在使用的机构代码 {}", CODES_IN_USE.join("、"));
    let reply = story
        .deed(Who::ProvinceA, &what, "平台规则：代码不重复", request)
        .await?;
    story.page.result(&format!("新登记 {} 个", reply.reserved))
}

/// The college applies and hands in.
pub(super) async fn apply(story: &mut Story<'_>) -> Result<Applicant> {
    story.page.act("第一幕 申报", "The application")?;
    story.day(story.dates.applied)?;
    check_occupation(story).await?;
    let body = enrol(story).await?;
    staff::enlist(story, &body.organization_id).await?;
    let round = choose_round(story).await?;
    let request = review::CreateApplicationRequest {
        request_id: story.id("create-application"),
        organization_id: body.organization_id.clone(),
        filing_division: WEIHAI.to_owned(),
        round_id: round.round_id,
        purpose: review::ApplicationPurpose::First.into(),
        basic_form: Some(annexes::basic_form()),
        work_plan: Some(annexes::work_plan()),
    };
    let what = "填写附件1、附件2，向威海市申报电工五级、四级";
    let reply = story
        .deed(Who::CollegeA, what, "通知三（一）1、2，（二）2", request)
        .await?;
    let application_id = reply.application.unwrap_or_default().application_id;
    story.page.result(&format!("申报草稿 {application_id}"))?;
    story.outcome.ids.application.clone_from(&application_id);

    for (document, name, rule) in MATERIALS {
        let file = File {
            document,
            name,
            rule,
            round: "first",
        };
        upload(story, &application_id, file).await?;
    }
    submit(story, &application_id, "submit").await?;
    Ok(Applicant {
        organization_id: body.organization_id,
        name: body.name,
        application_id,
    })
}

/// The city gives one material back; the college corrects it.
pub(super) async fn correct(story: &mut Story<'_>, applicant: &Applicant) -> Result<()> {
    story.day(story.dates.returned)?;
    let reason = "第2页考评员证书复印件不清晰，请重新扫描";
    let request = review::ReturnApplicationRequest {
        request_id: story.id("return-application"),
        application_id: applicant.application_id.clone(),
        materials: vec![review::MaterialReturn {
            document: review::DocumentKind::ExaminerCards.into(),
            reason: reason.to_owned(),
        }],
        ..review::ReturnApplicationRequest::default()
    };
    let what = "退回一项材料（考评员资质证明）";
    let reply = story
        .deed(Who::CityA, what, "通知三（二）4 材料核验", request)
        .await?;
    let application = reply.application.unwrap_or_default();
    expect_state(&application, review::ApplicationState::Returned)?;
    story.page.result(&format!("理由：{reason}"))?;

    story.day(story.dates.corrected)?;
    let file = File {
        document: review::DocumentKind::ExaminerCards,
        name: "考评员资质证明（更正）.pdf",
        rule: "通知三（一）4",
        round: "corrected",
    };
    upload(story, &applicant.application_id, file).await?;
    submit(story, &applicant.application_id, "resubmit").await
}

/// Whether an application stands where the story says.
pub(super) fn expect_state(
    application: &review::Application,
    expected: review::ApplicationState,
) -> Result<()> {
    expect(
        "state of the application",
        application.state().as_str_name(),
        expected.as_str_name(),
    )
}

async fn check_occupation(story: &mut Story<'_>) -> Result<()> {
    let request = registry::CheckOccupationRequest {
        occupation: Some(annexes::electrician()),
        trade: String::new(),
        on: story.dates.applied.to_string(),
    };
    let what = format!("查询职业 {} 能否开展评价", annexes::ELECTRICIAN);
    let reply = story.deed(Who::Public, &what, "通知二", request).await?;
    expect(
        "whether the occupation may be evaluated",
        reply.evaluable,
        true,
    )?;
    let name = reply.occupation.unwrap_or_default().name;
    story.page.result(&format!(
        "{name}：技能类，非准入类，依据《{}》",
        reply.basis_name
    ))
}

async fn enrol(story: &mut Story<'_>) -> Result<registry::Body> {
    let code = UnifiedSocialCreditCode::synthetic("12", WEIHAI, 80_000_000 + story.number);
    let name = match story.number {
        1 => "威海示例技师学院（示例）".to_owned(),
        number => format!("威海示例技师学院（示例{number}）"),
    };
    let request = registry::EnrollBodyRequest {
        request_id: story.id("enrol"),
        name: name.clone(),
        unified_social_credit_code: code.as_str().to_owned(),
        kind: registry::BodyKind::TechnicianCollege.into(),
        affiliation: registry::Affiliation::City.into(),
        division_code: WEIHAI.to_owned(),
        address: "威海市环翠区示例路1号".to_owned(),
        registration_authority: "威海市事业单位监督管理局（示例）".to_owned(),
        credit_code_reason: String::new(),
    };
    let what = format!("注册“{name}”，统一社会信用代码 {}", code.as_str());
    let reply = story
        .deed(Who::CollegeA, &what, "通知一（一），附件1", request)
        .await?;
    let body = reply.body.unwrap_or_default();
    let organization = OrganizationId::parse(&body.organization_id).map_err(Faults::from)?;
    story.cast.enrolled(Who::CollegeA, organization);
    story
        .outcome
        .ids
        .organization
        .clone_from(&body.organization_id);
    story
        .page
        .result(&format!("技工院校，市属；单位编号 {organization}"))?;
    Ok(body)
}

/// A file that is handed in.
struct File {
    document: review::DocumentKind,
    name: &'static str,
    rule: &'static str,
    round: &'static str,
}

/// The round that takes applications on the day: the first one, or the one without an end.
async fn choose_round(story: &mut Story<'_>) -> Result<review::Round> {
    let request = review::ListRoundsRequest {
        division_code: WEIHAI.to_owned(),
        open_only: true,
        page_size: 1,
        page_token: String::new(),
    };
    let what = "查询威海市正在受理的遴选批次";
    let reply = story.deed(Who::Public, what, "通知五", request).await?;
    let round = reply.rounds.into_iter().next();
    let round = round.context("Weihai takes no applications")?;
    story.page.result(&format!(
        "{}，自 {} 起受理",
        round.title, round.hand_in_from
    ))?;
    Ok(round)
}

async fn upload(story: &mut Story<'_>, application_id: &str, file: File) -> Result<()> {
    let File {
        document,
        name,
        rule,
        round,
    } = file;
    let number = i32::from(document);
    let header = review::MaterialHeader {
        request_id: story.id(&format!("upload-{number}-{round}")),
        application_id: application_id.to_owned(),
        document: document.into(),
        file_name: name.to_owned(),
        media_type: "application/pdf".to_owned(),
    };
    let line = format!("Luban sample, document {number}, {round}");
    let content = annexes::pdf(&line);
    let size = content.len() as u64;
    let what = format!("上传《{name}》");
    let reply = story
        .deed(Who::CollegeA, &what, rule, Upload { header, content })
        .await?;
    let material = reply.material.unwrap_or_default();
    expect("size of the material", material.size, size)?;
    let digest = papers::short(&material.sha256);
    story.page.result(&format!(
        "{}，{size} 字节，SHA-256 {digest}",
        material.media_type
    ))
}

async fn submit(story: &mut Story<'_>, application_id: &str, step: &str) -> Result<()> {
    let request = review::SubmitApplicationRequest {
        request_id: story.id(step),
        application_id: application_id.to_owned(),
        ..review::SubmitApplicationRequest::default()
    };
    let reply = story
        .deed(Who::CollegeA, "提交申报", "通知三（二）2", request)
        .await?;
    let application = reply.application.unwrap_or_default();
    expect_state(&application, review::ApplicationState::Submitted)?;
    story
        .page
        .result(&format!("已提交，{} 受理", application.submitted_on))
}
