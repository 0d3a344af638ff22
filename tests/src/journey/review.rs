//! Act 7: the city reviews and gives one row back, the province reviews; the objection is decided,
//! and its row follows on its own.

use anyhow::{Context, Result};
use proto::common::v1 as common;
use proto::results::v1 as results;
use results::ReviewLevel;

use super::{
    cast::Who,
    people::Fate,
    plan::Plan,
    scoring::{self, Batch},
    selection::confirm,
    story::{Story, expect, reached},
};

const RULE: &str = "通知四（三），两人规则";
const WHY_RETURNED: &str = "技能考核评分表缺一名考评员签字";

/// What a review comes to: rows approved, rows given back.
type Counts = (u32, u32);

/// Everything but the row that is held.
pub(super) async fn review(story: &mut Story<'_>, plan: &Plan, batch: &Batch) -> Result<()> {
    let uploaded = u32::try_from(story.passed() - 1)?;
    story.day(story.dates.city_reviewed)?;
    let result_id = result_of(story, plan, batch, Fate::ReturnedByCity)
        .await?
        .result_id;
    let returned = results::ReturnedResult {
        result_id: result_id.clone(),
        reason: WHY_RETURNED.to_owned(),
    };
    let city = Review {
        level: ReviewLevel::City,
        step: "city",
        returned: vec![returned],
    };
    city.conduct(story, batch, (uploaded - 1, 1)).await?;
    story.page.detail(&format!("退回理由：{WHY_RETURNED}"))?;

    story.day(story.dates.resubmitted)?;
    resubmit(story, result_id).await?;
    Review::of(ReviewLevel::City, "city-again")
        .conduct(story, batch, (1, 0))
        .await?;

    story.day(story.dates.province_reviewed)?;
    Review::of(ReviewLevel::Province, "province")
        .conduct(story, batch, (uploaded, 0))
        .await
}

async fn resubmit(story: &mut Story<'_>, result_id: String) -> Result<()> {
    let request = results::ResubmitResultRequest {
        request_id: story.id("resubmit"),
        result_id,
        answer: "已补签评分表并重新扫描存档".to_owned(),
    };
    let what = "说明整改情况，重新上报退回的一人";
    story
        .deed(Who::CollegeB, what, "通知四（三）", request)
        .await?;
    Ok(())
}

/// The city finds the objection not justified; the row goes on, and up.
pub(super) async fn decide_objection(
    story: &mut Story<'_>,
    plan: &Plan,
    batch: &Batch,
) -> Result<()> {
    let request = common::RecordFindingRequest {
        request_id: story.id("objection-finding"),
        inquiry_id: story.outcome.ids.objection.clone(),
        finding: "调取社保缴费记录，连续缴费满三年".to_owned(),
    };
    let what = "异议核查：调取社保记录";
    story
        .deed(Who::CityA, what, "通知四（三）", request)
        .await?;
    let request = results::ResolveObjectionRequest {
        request_id: story.id("resolve-objection"),
        objection_id: story.outcome.ids.objection.clone(),
        outcome: common::ObjectionOutcome::Dismissed.into(),
        reason: "经核对社保记录，工作年限符合申报条件".to_owned(),
    };
    let what = "异议处理：经核实不成立";
    story
        .deed(Who::CityA, what, "通知四（三）", request)
        .await?;
    concluded(story, plan, batch).await?;
    story.page.result("公示期已满，该行恢复并结束公示")?;
    scoring::hand_up(story, batch, "upload-held", (1, 0)).await?;

    story.day(story.dates.held_city_reviewed)?;
    Review::of(ReviewLevel::City, "city-held")
        .conduct(story, batch, (1, 0))
        .await
}

/// The row that was held is approved by the province, too.
pub(super) async fn review_held(story: &mut Story<'_>, batch: &Batch) -> Result<()> {
    story.day(story.dates.held_province_reviewed)?;
    Review::of(ReviewLevel::Province, "province-held")
        .conduct(story, batch, (1, 0))
        .await
}

/// A review by two persons.
struct Review {
    level: ReviewLevel,
    step: &'static str,
    returned: Vec<results::ReturnedResult>,
}

impl Review {
    /// One that gives nothing back.
    fn of(level: ReviewLevel, step: &'static str) -> Self {
        Self {
            level,
            step,
            returned: Vec::new(),
        }
    }

    async fn conduct(self, story: &mut Story<'_>, batch: &Batch, expected: Counts) -> Result<()> {
        let (first, second, name) = match self.level {
            ReviewLevel::Province => (Who::ProvinceA, Who::ProvinceB, "省级"),
            _ => (Who::CityA, Who::CityB, "市级"),
        };
        let request = results::ProposeReviewRequest {
            request_id: story.id(&format!("propose-{}", self.step)),
            batch_id: batch.batch_id.clone(),
            level: self.level.into(),
            returned: self.returned,
        };
        let what = format!("{name}审核：提出意见");
        let reply = story.deed(first, &what, RULE, request).await?;
        expect("rows proposed for approval", reply.approved, expected.0)?;
        let (approved, returned) = expected;
        story.page.result(&format!(
            "拟通过 {approved} 人、退回 {returned} 人，待第二人确认"
        ))?;
        let request = results::ConfirmReviewRequest {
            request_id: story.id(&format!("confirm-{}", self.step)),
            batch_id: batch.batch_id.clone(),
            confirmation: Some(confirm(&reply.proposal.unwrap_or_default())),
        };
        let reply = story
            .deed(second, &format!("{name}审核：复核确认"), RULE, request)
            .await?;
        expect(
            "rows approved and given back",
            (reply.approved, reply.returned),
            expected,
        )?;
        story.page.result(&format!(
            "通过 {} 人，退回 {} 人",
            reply.approved, reply.returned
        ))
    }
}

/// The row follows from the decision on its objection.
async fn concluded(story: &Story<'_>, plan: &Plan, batch: &Batch) -> Result<()> {
    let ticket = plan.roster[story.whose(Fate::ObjectedTo)]
        .ticket_number
        .clone();
    let seen = |reply: results::ListResultsResponse| {
        let row = reply.results.iter().find(|row| row.ticket_number == ticket);
        let state = row.map_or(results::ResultState::Unspecified, results::Result::state);
        let there = state == results::ResultState::NoticeConcluded;
        reached(there, (), || state.as_str_name().to_owned())
    };
    story
        .until(Who::CollegeA, scoring::all_rows(&batch.batch_id), seen)
        .await
}

async fn result_of(
    story: &Story<'_>,
    plan: &Plan,
    batch: &Batch,
    fate: Fate,
) -> Result<results::Result> {
    let ticket = &plan.roster[story.whose(fate)].ticket_number;
    let rows = story
        .ask(Who::CityA, scoring::all_rows(&batch.batch_id))
        .await?
        .results;
    let found = rows.into_iter().find(|row| row.ticket_number == *ticket);
    found.with_context(|| format!("{ticket} is not in the batch"))
}
