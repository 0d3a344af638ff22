//! Act 3: code, receipt, the city's report, the directory.

use anyhow::{Result, ensure};
use kernel::{organization_code::EvaluationOrganizationCode, rejection::Faults};
use proto::registry::v1 as registry;
use proto::review::v1 as review;

use super::{
    application::Applicant,
    cast::{WEIHAI, Who},
    papers,
    story::{Story, expect, reached},
};

/// The code that the first organisation of Weihai gets, the one before being in use elsewhere.
const FIRST_FREE_CODE: &str = "S000037100002";

/// The selected college has its code and its receipt.
pub(super) async fn receive(
    story: &mut Story<'_>,
    applicant: &Applicant,
) -> Result<EvaluationOrganizationCode> {
    story
        .page
        .act("第三幕 赋码、回执与公布", "Code, receipt, directory")?;
    story.day(story.dates.selection_notice_over)?;
    let application_id = applicant.application_id.clone();
    let request = review::GetFilingReceiptRequest { application_id };
    let reply = story
        .deed(Who::CollegeA, "领取备案回执", "通知三（二）4", request)
        .await?;
    let receipt = reply.receipt.unwrap_or_default();
    let code =
        EvaluationOrganizationCode::parse(&receipt.organization_code).map_err(Faults::from)?;
    expect("city part of the code", code.city_part(), Some("10"))?;
    if story.number == 1 {
        expect(
            "code of the first organisation",
            code.as_str(),
            FIRST_FREE_CODE,
        )?;
    }
    ensure!(
        code.running_number() > Some(1),
        "the reserved code {code} was given once more"
    );
    code.as_str()
        .clone_into(&mut story.outcome.ids.organization_code);
    story.page.paper(
        "备案回执",
        &papers::filing_receipt(&receipt, &applicant.name),
    )?;
    Ok(code)
}

/// The city reports to the province, the province records.
pub(super) async fn report(story: &mut Story<'_>, applicant: &Applicant) -> Result<()> {
    story.day(story.dates.city_reported)?;
    let request = review::SubmitCityReportRequest {
        request_id: story.id("city-report"),
        application_ids: vec![applicant.application_id.clone()],
    };
    let what = "向省中心报送名单、机构代码和工作方案";
    let reply = story
        .deed(Who::CityA, what, "通知三（二）4", request)
        .await?;
    let report = reply.city_report.unwrap_or_default();
    story
        .page
        .result(&format!("报送 {}", report.city_report_id))?;

    story.day(story.dates.report_recorded)?;
    let request = review::RecordCityReportRequest {
        request_id: story.id("record-report"),
        city_report_id: report.city_report_id,
    };
    let reply = story
        .deed(Who::ProvinceA, "登记威海市报送", "通知三（二）4", request)
        .await?;
    let recorded_on = reply.city_report.unwrap_or_default().recorded_on;
    expect(
        "day of the record",
        recorded_on.clone(),
        story.dates.report_recorded.to_string(),
    )?;
    story.page.result(&format!("{recorded_on} 登记"))
}

/// The department publishes; anybody finds the college.
pub(super) async fn publish(story: &mut Story<'_>, applicant: &Applicant) -> Result<()> {
    story.day(story.dates.directory_published)?;
    reported(story, applicant).await?;
    let request = registry::PublishDirectoryRequest {
        request_id: story.id("publish-directory"),
    };
    let what = "统一向社会公布评价机构及职业（工种）目录";
    let reply = story
        .deed(Who::Department, what, "通知三（二）4", request)
        .await?;
    story.page.result(&format!(
        "第 {} 期，{} 家机构",
        reply.edition, reply.organizations
    ))?;

    let found = in_directory(story, applicant).await?;
    let rights: Vec<String> = found
        .rights
        .iter()
        .map(|right| papers::scope_line(&right.scope.clone().unwrap_or_default()))
        .collect();
    let lines = [
        format!("{}  {}", found.organization_code, found.name),
        format!("评价范围：{}", rights.join("；")),
        format!(
            "备案地：{}  备案日期：{}",
            found.filing_division, found.registered_on
        ),
    ];
    story.page.paper("评价机构目录（节选）", &lines)
}

/// The registry hears that the province has recorded the city's report.
async fn reported(story: &mut Story<'_>, applicant: &Applicant) -> Result<()> {
    let organization_id = applicant.organization_id.clone();
    let request = registry::GetOrganizationRequest { organization_id };
    let seen = |reply: registry::GetOrganizationResponse| {
        let status = reply.organization.unwrap_or_default().status();
        let there = status == registry::OrganizationStatus::Reported;
        reached(there, status, || status.as_str_name().to_owned())
    };
    let status = story.until(Who::Department, request, seen).await?;
    story.outcome.kinds.organization = status.as_str_name();
    Ok(())
}

/// Looks through the public directory, page by page.
async fn in_directory(
    story: &mut Story<'_>,
    applicant: &Applicant,
) -> Result<registry::Organization> {
    let mut request = registry::ListDirectoryRequest {
        filing_division: WEIHAI.to_owned(),
        page_size: 100,
        ..registry::ListDirectoryRequest::default()
    };
    loop {
        let reply = story.ask(Who::Public, request.clone()).await?;
        let mut organizations = reply.organizations.into_iter();
        let ours = |one: &registry::Organization| one.organization_id == applicant.organization_id;
        if let Some(found) = organizations.find(ours) {
            return Ok(found);
        }
        ensure!(
            !reply.next_page_token.is_empty(),
            "{} is not in the directory",
            applicant.name
        );
        request.page_token = reply.next_page_token;
    }
}
