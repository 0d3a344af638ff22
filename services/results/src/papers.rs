//! Records as they are printed.

use std::collections::HashMap;

use documents::{Heading, PublicNoticeSheet, QrCode, ScoreRow, ScoreSheet};
use kernel::ids::ResultId;
use kernel::public_notice::PublicNotice;
use platform::Result;

use crate::config::Printing;
use crate::domain::batch::Batch;
use crate::domain::certificate::{Certificate, QrToken};
use crate::domain::exam::{Attendance, ExamPart, Sitting, Subject};
use crate::domain::notice::{self, Snapshot};
use crate::domain::person::Person;
use crate::domain::result::{CandidateResult, ResultState};

/// A certificate with its QR code, which leads to the answer of the public query.
pub(crate) fn certificate(
    addresses: &Printing,
    certificate: &Certificate,
    holder: &Person,
    token: &QrToken,
) -> Result<documents::Certificate> {
    let page = addresses.public_query.trim_end_matches('/');
    let link = format!("{page}/token?token={}", token.reveal());
    let qr_code = QrCode::of(&link);
    Ok(documents::Certificate {
        number: certificate.number.to_string(),
        name: holder.name.reveal().to_owned(),
        document_type: holder.document.chinese().to_owned(),
        document_number: holder.document.reveal().to_owned(),
        occupation: certificate.subject.occupation_name.clone(),
        trade: certificate.subject.shown_trade().to_owned(),
        level: certificate.subject.level.chinese().to_owned(),
        organization: certificate.organization_name.clone(),
        issued_on: certificate.issued_on.to_string(),
        version: certificate.version,
        photo: None,
        qr_code: qr_code.ok_or_else(|| anyhow::anyhow!("printing.public_query is too long"))?,
        certificate_query: format!("{}　{page}", addresses.certificate_query),
        organization_query: addresses.organization_query.clone(),
    })
}

/// The scores of a batch.
pub(crate) fn scores(
    batch: &Batch,
    subjects: &[Subject],
    sittings: &[Sitting],
    rows: &[CandidateResult],
    people: &HashMap<ResultId, Person>,
) -> ScoreSheet {
    let row = |row: &CandidateResult| ScoreRow {
        ticket_number: row.ticket_number.clone(),
        name: people
            .get(&row.id)
            .map_or("", |it| it.name.reveal())
            .to_owned(),
        document_number: row.masked_document_number.clone(),
        subject: subject(&subjects[usize::from(row.subject)]),
        theory: score(row, ExamPart::Theory),
        skill: score(row, ExamPart::Skill),
        review: score(row, ExamPart::Review),
        outcome: outcome(row.state).to_owned(),
    };
    ScoreSheet {
        batch: batch.id.to_string(),
        headings: notice::headings(batch, sittings)
            .into_iter()
            .map(heading)
            .collect(),
        rows: rows.iter().map(row).collect(),
        organization: batch.organization_name.clone(),
    }
}

/// A public notice as it was hung up by the organisation.
pub(crate) fn public_notice(notice: &PublicNotice, shown: Snapshot) -> PublicNoticeSheet {
    PublicNoticeSheet {
        authority: shown.organization().to_owned(),
        title: shown.title,
        headings: shown.headings.into_iter().map(heading).collect(),
        opened_on: notice.opened_on().to_string(),
        ends_on: notice.period().date.to_string(),
        explanation: notice.period().explain_chinese(),
        columns: Snapshot::COLUMNS.map(str::to_owned).into(),
        rows: shown.rows.into_iter().map(|row| row.cells).collect(),
        objection_contact: shown.objection_contact,
        snapshot_hash: notice.snapshot_hash().to_string(),
    }
}

fn heading(line: notice::Heading) -> Heading {
    Heading {
        name: line.name,
        text: line.text,
    }
}

fn subject(subject: &Subject) -> String {
    let (name, level) = (&subject.occupation_name, subject.level.chinese());
    match subject.trade.as_str() {
        "" => format!("{name} {level}"),
        trade => format!("{name}（{trade}） {level}"),
    }
}

/// The score of a part in a word.
fn score(row: &CandidateResult, part: ExamPart) -> String {
    let Some(part) = row.parts.iter().find(|it| it.part == part) else {
        return "--".to_owned();
    };
    match (part.attendance, part.score) {
        (_, Some(score)) if part.kept_from.is_some() => format!("{score}（保留）"),
        (_, Some(score)) => score.to_string(),
        (Attendance::Absent, None) => "缺考".to_owned(),
        (Attendance::Void, None) => "违纪".to_owned(),
        (Attendance::Present, None) => String::new(),
    }
}

fn outcome(state: ResultState) -> &'static str {
    match state {
        ResultState::Scoring => "",
        ResultState::NotPassed => "不合格",
        ResultState::ObjectionUpheld => "异议成立",
        _ => "合格",
    }
}
