//! How batches, results and notices are shown in replies.

use jiff::civil::Date;
use kernel::ids::PublicNoticeId;
use kernel::public_notice::{PublicNotice, RowKey, RowState};
use platform::{Error, Result, contract};
use proto::common::v1 as common;
use proto::results::v1 as results;

use crate::convert;
use crate::domain::batch::Batch;
use crate::domain::exam::Subject;
use crate::domain::notice::{Heading, ShownRow, Snapshot};
use crate::domain::result::CandidateResult;
use crate::page::Page;
use crate::store::batch::Counts;
use crate::store::notice::Listed;
use crate::store::order::Found;
use kernel::written::Written;

/// A batch with its counts. States that the contract does not tell apart are counted together.
pub(crate) fn batch(batch: &Batch, counts: &Counts) -> results::Batch {
    let mut shown: Vec<results::StateCount> = Vec::new();
    for (state, rows) in &counts.rows {
        let state = convert::state_word(*state).into();
        match shown.iter_mut().find(|count| count.state == state) {
            Some(count) => count.rows += rows,
            None => shown.push(results::StateCount { state, rows: *rows }),
        }
    }
    results::Batch {
        batch_id: batch.id.to_string(),
        plan_id: batch.plan.to_string(),
        organization_id: batch.organization.to_string(),
        filing_division: batch.filing_division.to_string(),
        counts: shown,
        public_notice_id: counts
            .public_notice
            .map(|id| id.to_string())
            .unwrap_or_default(),
        later_public_notice_ids: counts
            .later_notices
            .iter()
            .map(PublicNoticeId::to_string)
            .collect(),
    }
}

/// A result.
pub(crate) fn result(row: &CandidateResult, subjects: &[Subject]) -> results::Result {
    let parts = row.parts.iter().map(|part| results::PartScore {
        part: convert::part_word(part.part).into(),
        score: part.score.map(u32::from),
        attendance: convert::attendance_word(part.attendance).into(),
        kept_from: part
            .kept_from
            .map(|earlier| earlier.to_string())
            .unwrap_or_default(),
    });
    results::Result {
        result_id: row.id.to_string(),
        candidate_id: row.candidate.to_string(),
        ticket_number: row.ticket_number.clone(),
        masked_name: row.masked_name.clone(),
        level: contract::level_message(subjects[usize::from(row.subject)].level).into(),
        state: convert::state_word(row.state).into(),
        parts: parts.collect(),
        returned_reason: text(row.returned_reason.as_ref()),
        answer: text(row.answer.as_ref()),
        public_notice_id: row
            .public_notice
            .map(|notice| notice.to_string())
            .unwrap_or_default(),
    }
}

fn text(written: Option<&Written>) -> String {
    written.map_or("", Written::reveal).to_owned()
}

/// A public notice with a page of its rows, each as it is shown and where it stands; and the token
/// of the next page.
pub(crate) fn public_notice(
    notice: &PublicNotice,
    snapshot: &Snapshot,
    page: &Page,
) -> Result<(common::PublicNotice, String)> {
    let following = snapshot.rows.iter().filter(|row| row.key > page.after);
    let mut on_page: Vec<&ShownRow> = following.take(page.size + 1).collect();
    let next_page_token = page.cut(&mut on_page, |row| &row.key);
    let mut rows = Vec::with_capacity(on_page.len());
    for shown in on_page {
        let key = RowKey::parse(&shown.key).map_err(Error::refused)?;
        let state = notice.row_state(&key).zip(notice.row_period(&key));
        let (state, period) =
            state.ok_or_else(|| anyhow::anyhow!("a row is shown that is not on the notice"))?;
        rows.push(row(
            shown.key.clone(),
            shown.cells.clone(),
            state,
            period.date,
        ));
    }
    let shown = common::PublicNotice {
        public_notice_id: notice.id().to_string(),
        kind: common::PublicNoticeKind::Results.into(),
        title: snapshot.title.clone(),
        opened_on: notice.opened_on().to_string(),
        ends: Some(contract::deadline_message(notice.period())),
        rows,
        snapshot_hash: notice.snapshot_hash().as_bytes().to_vec().into(),
        objection_contact: snapshot.objection_contact.clone(),
        concluded: notice.is_concluded(),
        headings: snapshot.headings.iter().map(heading).collect(),
    };
    Ok((shown, next_page_token))
}

fn heading(heading: &Heading) -> common::PublicNoticeHeading {
    common::PublicNoticeHeading {
        name: heading.name.clone(),
        text: heading.text.clone(),
    }
}

/// A public notice in a list.
pub(crate) fn listed(listed: &Listed) -> common::PublicNoticeSummary {
    let notice = &listed.notice;
    common::PublicNoticeSummary {
        public_notice_id: notice.id().to_string(),
        kind: common::PublicNoticeKind::Results.into(),
        title: listed.title.clone(),
        division_code: listed.review_area.clone(),
        opened_on: notice.opened_on().to_string(),
        ends_on: notice.period().date.to_string(),
        concluded: notice.is_concluded(),
    }
}

fn row(
    row_key: String,
    cells: Vec<String>,
    state: RowState,
    ends_on: Date,
) -> common::PublicNoticeRow {
    let state = contract::row_state_message(state).into();
    common::PublicNoticeRow {
        row_key,
        cells,
        state,
        ends_on: ends_on.to_string(),
    }
}

/// A centre's order to revoke, with a page of what is still to be done.
pub(crate) fn revocation_order(
    found: &Found,
    numbers: Vec<String>,
    next_page_token: String,
) -> results::GetRevocationOrderResponse {
    use results::RevocationOrderState as State;
    let order = &found.order;
    let state = match (found.lifted, found.in_force) {
        (true, _) => State::Lifted,
        (false, 0) => State::CarriedOut,
        (false, _) => State::Open,
    };
    results::GetRevocationOrderResponse {
        revocation_order_id: order.id.to_string(),
        organization_id: order.organization.to_string(),
        state: state.into(),
        reason: convert::revocation_word(order.reason).into(),
        grounds: found.grounds.reveal().to_owned(),
        ordered_on: order.ordered_on.to_string(),
        due_on: order.due_on.to_string(),
        certificates: found.certificates,
        numbers,
        next_page_token,
    }
}
