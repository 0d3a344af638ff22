//! Act 10: another city's round. Six bodies of all five kinds apply at once; one is given back, one
//! takes its application back, one is refused, two are objected to; three are selected, and the
//! directory shows them.

use anyhow::{Context, Result, ensure};
use proto::registry::v1 as registry;
use proto::review::v1 as review;

use super::{
    applicants::{city, seats},
    cast::Who,
    deciding,
    entering::{self, Entrant, enrolling},
    print::table,
    story::{Story, expect, reached},
};

/// The round, from its opening to the directory.
pub(super) async fn hold(story: &mut Story<'_>) -> Result<()> {
    story
        .page
        .act("第十幕 一个市的遴选批次", "A city's round")?;
    story.day(story.dates.round_applied)?;
    let round_id = open(story).await?;
    let entrants = entering::enter(story, &round_id).await?;
    entering::hand_in(story, &entrants).await?;
    entering::give_back(story, &entrants).await?;
    let shown = deciding::decide(story, &entrants).await?;
    deciding::show(story, &shown).await?;
    publish(story, &entrants).await?;
    take_stock(story, &entrants).await
}

async fn open(story: &mut Story<'_>) -> Result<String> {
    let (_, name) = city(story.number);
    let request = review::OpenRoundRequest {
        request_id: story.id("open-round"),
        title: format!(
            "{name}社会培训评价组织遴选（示例，第 {} 次行程）",
            story.number
        ),
        hand_in_from: story.dates.round_applied.to_string(),
        ..review::OpenRoundRequest::default()
    };
    let what = format!("{name}开设遴选批次，自即日起受理");
    let reply = story.deed(Who::RoundA, &what, "通知五", request).await?;
    Ok(reply.round.unwrap_or_default().round_id)
}

/// The city reports those who were selected, the province records, the department publishes.
async fn publish(story: &mut Story<'_>, entrants: &[Entrant]) -> Result<()> {
    let selected = |entrant: &&Entrant| entrant.fate().end() == review::ApplicationState::Filed;
    let selected: Vec<_> = entrants.iter().filter(selected).collect();
    story.day(story.dates.round_reported)?;
    let applications = selected
        .iter()
        .map(|entrant| entrant.application_id.clone());
    let request = review::SubmitCityReportRequest {
        request_id: story.id("round-report"),
        application_ids: applications.collect(),
    };
    let what = format!(
        "向省中心报送 {} 家机构的名单、代码和工作方案",
        selected.len()
    );
    let reply = story
        .deed(Who::RoundA, &what, "通知三（二）4", request)
        .await?;
    story.day(story.dates.round_recorded)?;
    let request = review::RecordCityReportRequest {
        request_id: story.id("round-record"),
        city_report_id: reply.city_report.unwrap_or_default().city_report_id,
    };
    story
        .deed(Who::ProvinceA, "登记该市报送", "通知三（二）4", request)
        .await?;

    story.day(story.dates.round_published)?;
    for entrant in &selected {
        let organization_id = entrant.organization_id.clone();
        let seen = |reply: registry::GetOrganizationResponse| {
            let status = reply.organization.unwrap_or_default().status();
            let there = status == registry::OrganizationStatus::Reported;
            reached(there, (), || status.as_str_name().to_owned())
        };
        let request = registry::GetOrganizationRequest { organization_id };
        story.until(Who::Department, request, seen).await?;
    }
    let request = registry::PublishDirectoryRequest {
        request_id: story.id("round-publish"),
    };
    let what = "统一向社会公布评价机构及职业（工种）目录";
    let reply = story
        .deed(Who::Department, what, "通知三（二）4", request)
        .await?;
    story.page.result(&format!("第 {} 期", reply.edition))?;
    find_in_directory(story, &selected).await
}

/// Anybody reads the directory of the city, as JSON.
async fn find_in_directory(story: &mut Story<'_>, selected: &[&Entrant]) -> Result<()> {
    let (code, name) = city(story.number);
    let what = format!("查询{name}的评价机构目录（JSON，/api/v1/directory?city={code}）");
    story
        .page
        .deed(Who::Public.title(), &what, "通知三（二）4")?;
    let listed = story.query.directory(code).await?.organizations;
    let mut rows = Vec::new();
    for entrant in selected {
        let name = enrolling(story, entrant.seat).name;
        let found = listed.iter().find(|one| one.name == name);
        let found = found.with_context(|| format!("{name} is not in the directory"))?;
        let on = found.registered_on.clone();
        rows.push(vec![
            found.organization_code.clone(),
            name,
            format!("{on} 备案"),
        ]);
    }
    for seat in seats().filter(|seat| selected.iter().all(|one| one.seat != *seat)) {
        let name = enrolling(story, seat).name;
        ensure!(
            listed.iter().all(|one| one.name != name),
            "{name} is in the directory"
        );
    }
    story
        .page
        .paper(&format!("{name}评价机构目录"), &table(&rows))
}

/// Where all six stand.
async fn take_stock(story: &mut Story<'_>, entrants: &[Entrant]) -> Result<()> {
    for entrant in entrants {
        let request = review::GetApplicationRequest {
            application_id: entrant.application_id.clone(),
        };
        let reply = story.ask(entrant.clerk(), request).await?;
        let state = reply.application.unwrap_or_default().state();
        expect(entrant.clerk().title(), state, entrant.fate().end())?;
        *story
            .outcome
            .kinds
            .round
            .entry(state.as_str_name())
            .or_default() += 1;
    }
    Ok(())
}
