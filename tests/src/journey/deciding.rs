//! Act 10, the decisions: judged and checked, confirmed by a second person, shown, objected to.

use anyhow::{Context, Result};
use futures::future::try_join_all;
use proto::common::v1 as common;
use proto::review::v1 as review;

use super::{
    annexes,
    applicants::Fate,
    cast::Who,
    clients::SelectionFinding,
    entering::Entrant,
    people,
    selection::confirm,
    story::{Story, expect, reached},
};

const RULE: &str = "通知三（二）4";

/// A selection as the public is shown it.
pub(super) struct Shown {
    /// Whose.
    entrant: Entrant,
    /// `notice_…`
    notice_id: String,
    /// The row of it.
    row_key: String,
}

/// Who is still to be decided on is judged and checked; then two officers decide. Returns what is
/// shown.
pub(super) async fn decide(story: &mut Story<'_>, entrants: &[Entrant]) -> Result<Vec<Shown>> {
    story.day(story.dates.round_assessed)?;
    let is_left = |entrant: &&Entrant| entrant.fate() != Fate::Withdrawn;
    let entrants: Vec<_> = entrants.iter().filter(is_left).collect();
    let what = format!("逐家判断申报条件、逐项核验材料，共 {} 家", entrants.len());
    story.page.deed(Who::RoundA.title(), &what, RULE)?;
    let shared: &Story<'_> = story;
    try_join_all(entrants.iter().map(|entrant| assess(shared, entrant))).await?;
    let mut proposals = Vec::new();
    for entrant in &entrants {
        proposals.push(match entrant.fate() {
            Fate::Refused => propose_rejection(story, entrant, "经费保障不足").await?,
            _ => propose(story, entrant).await?,
        });
    }
    story.day(story.dates.round_confirmed)?;
    let mut shown = Vec::new();
    for (entrant, proposal) in entrants.iter().zip(&proposals) {
        match entrant.fate() {
            Fate::Refused => confirm_rejection(story, entrant, proposal).await?,
            _ => shown.push(confirm_selection(story, entrant, proposal).await?),
        }
    }
    Ok(shown)
}

/// What is required of this kind of body, in the order of the notice; then each document.
async fn assess(story: &Story<'_>, entrant: &Entrant) -> Result<()> {
    let application_id = entrant.application_id.clone();
    let request = review::ListJudgementsRequest { application_id };
    let items = story.ask(Who::RoundA, request).await?.items;
    for subject in items.iter().map(review::JudgementItem::subject) {
        let lacks = subject == review::JudgementSubject::Funding;
        let met = !(lacks && entrant.fate() == Fate::Refused);
        let step = format!("judge-{}", i32::from(subject));
        let request = review::RecordJudgementRequest {
            request_id: story.id(&entrant.step(&step)),
            application_id: entrant.application_id.clone(),
            subject: subject.into(),
            met,
            reason: if met {
                "核对无误（示例）"
            } else {
                "经费无稳定来源（示例）"
            }
            .to_owned(),
            version: 0,
        };
        story.ask(Who::RoundA, request).await?;
    }
    let application_id = entrant.application_id.clone();
    let request = review::GetApplicationRequest { application_id };
    let application = story.ask(Who::RoundA, request).await?.application;
    let materials = application.unwrap_or_default().materials;
    let items = materials.iter().map(|material| review::DocumentCheckItem {
        document: material.document,
        in_order: true,
        ..review::DocumentCheckItem::default()
    });
    let request = review::RecordDocumentCheckRequest {
        request_id: story.id(&entrant.step("document-check")),
        application_id: entrant.application_id.clone(),
        items: items.collect(),
        version: 0,
    };
    let passed = story.ask(Who::RoundA, request).await?.passed;
    expect("document check passed", passed, true)
}

async fn propose(story: &mut Story<'_>, entrant: &Entrant) -> Result<common::Proposal> {
    let request = review::ProposeSelectionRequest {
        request_id: story.id(&entrant.step("propose")),
        application_id: entrant.application_id.clone(),
        granted: vec![annexes::scope()],
        ..review::ProposeSelectionRequest::default()
    };
    let what = format!("提出遴选{}", entrant.clerk().title());
    let reply = story.deed(Who::RoundA, &what, RULE, request).await?;
    Ok(reply.proposal.unwrap_or_default())
}

async fn confirm_selection(
    story: &mut Story<'_>,
    entrant: &Entrant,
    proposal: &common::Proposal,
) -> Result<Shown> {
    let request = review::ConfirmSelectionRequest {
        request_id: story.id(&entrant.step("confirm")),
        application_id: entrant.application_id.clone(),
        confirmation: Some(confirm(proposal)),
    };
    let what = format!("确认遴选{}", entrant.clerk().title());
    let reply = story.deed(Who::RoundB, &what, "两人规则", request).await?;
    let notice = reply.public_notice.unwrap_or_default();
    let ends = notice.ends.unwrap_or_default().date;
    story.page.result(&format!("公示至 {ends}"))?;
    let row = notice.rows.first().context("a notice has rows")?;
    Ok(Shown {
        entrant: entrant.clone(),
        notice_id: notice.public_notice_id,
        row_key: row.row_key.clone(),
    })
}

async fn propose_rejection(
    story: &mut Story<'_>,
    entrant: &Entrant,
    reason: &str,
) -> Result<common::Proposal> {
    let request = review::ProposeRejectionRequest {
        request_id: story.id(&entrant.step("propose-rejection")),
        application_id: entrant.application_id.clone(),
        reason: reason.to_owned(),
        ..review::ProposeRejectionRequest::default()
    };
    let what = format!("提出不予遴选{}：{reason}", entrant.clerk().title());
    let reply = story.deed(Who::RoundA, &what, RULE, request).await?;
    Ok(reply.proposal.unwrap_or_default())
}

async fn confirm_rejection(
    story: &mut Story<'_>,
    entrant: &Entrant,
    proposal: &common::Proposal,
) -> Result<()> {
    let request = review::ConfirmRejectionRequest {
        request_id: story.id(&entrant.step("confirm-rejection")),
        application_id: entrant.application_id.clone(),
        confirmation: Some(confirm(proposal)),
    };
    let what = format!("确认不予遴选{}", entrant.clerk().title());
    story
        .deed(Who::RoundB, &what, "两人规则", request)
        .await
        .map(|_| ())
}

/// Two selections are objected to; what is upheld is refused, everybody else gets a code.
pub(super) async fn show(story: &mut Story<'_>, shown: &[Shown]) -> Result<()> {
    story.day(story.dates.round_objected)?;
    let mut objections = Vec::new();
    for shown in shown {
        if let Fate::ObjectedTo | Fate::Overturned = shown.entrant.fate() {
            objections.push((&shown.entrant, object(story, shown).await?));
        }
    }
    story.day(story.dates.round_resolved)?;
    for (entrant, objection) in objections {
        resolve(story, entrant, objection).await?;
    }
    story.day(story.dates.round_notices_over)?;
    let filed = review::ApplicationState::Filed;
    let selected = |shown: &&Shown| shown.entrant.fate().end() == filed;
    for Shown { entrant, .. } in shown.iter().filter(selected) {
        let application_id = entrant.application_id.clone();
        let request = review::GetApplicationRequest { application_id };
        let seen = |reply: review::GetApplicationResponse| {
            let state = reply.application.unwrap_or_default().state();
            reached(state == filed, (), || state.as_str_name().to_owned())
        };
        story.until(Who::RoundA, request, seen).await?;
    }
    story.page.event("公示期满，其余三家遴选确定，赋码备案")
}

/// Somebody objects by name; the id of the objection.
async fn object(story: &mut Story<'_>, shown: &Shown) -> Result<String> {
    let objector = people::objector();
    let request = review::RaiseObjectionRequest {
        request_id: story.id(&shown.entrant.step("object")),
        public_notice_id: shown.notice_id.clone(),
        row_key: shown.row_key.clone(),
        party: Some(common::Party {
            name: objector.name,
            citizen_id: objector.citizen_id.reveal().to_owned(),
            phone: "19900004321".to_owned(),
        }),
        grounds: "实训场地系临时租用，请核实".to_owned(),
    };
    let what = format!(
        "实名对{}提出异议：场地系临时租用",
        shown.entrant.clerk().title()
    );
    let reply = story.deed(Who::Public, &what, RULE, request).await?;
    Ok(reply.objection_id)
}

/// The centre looks into an objection and decides it. What is upheld is decided anew.
async fn resolve(story: &mut Story<'_>, entrant: &Entrant, objection_id: String) -> Result<()> {
    use common::ObjectionOutcome as Outcome;
    let (outcome, words) = match entrant.fate() {
        Fate::Overturned => (Outcome::Upheld, "场地租赁合同已到期，异议成立"),
        _ => (Outcome::Dismissed, "场地为自有产权，异议不成立"),
    };
    let finding = common::RecordFindingRequest {
        request_id: story.id(&entrant.step("finding")),
        inquiry_id: objection_id.clone(),
        finding: "调取不动产登记与租赁合同（示例）".to_owned(),
    };
    story.ask(Who::RoundA, SelectionFinding(finding)).await?;
    let request = review::ResolveObjectionRequest {
        request_id: story.id(&entrant.step("resolve")),
        objection_id,
        outcome: outcome.into(),
        reason: words.to_owned(),
    };
    let what = format!("核查对{}的异议：{words}", entrant.clerk().title());
    story.deed(Who::RoundA, &what, RULE, request).await?;
    if outcome == Outcome::Upheld {
        let proposal = propose_rejection(story, entrant, words).await?;
        confirm_rejection(story, entrant, &proposal).await?;
    }
    Ok(())
}
