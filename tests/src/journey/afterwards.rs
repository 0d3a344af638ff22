//! Act 9: one correction, one revocation, certificates on paper, and what the public is told at the
//! end.

use anyhow::{Context, Result, ensure};
use proto::results::v1 as results;
use results::CertificateFormat;

use super::{
    cast::Who,
    issuance::{Issued, check_valid},
    people::Fate,
    scoring::Batch,
    selection::confirm,
    story::{Story, expect},
};

const RULE: &str = "通知四（四）、六（三），两人规则";

/// The name of one holder was wrong; the number stays, the old pair says so.
pub(super) async fn correct(story: &mut Story<'_>, issued: &[Issued]) -> Result<()> {
    story
        .page
        .act("第九幕 更正与撤销", "Correction and revocation")?;
    story.day(story.dates.name_corrected)?;
    let Issued { number, holder } = of(story, issued, Fate::Misspelled)?.clone();
    let candidate = story.candidates[holder].clone();
    let request = results::ProposeCorrectionRequest {
        request_id: story.id("propose-correction"),
        number: number.to_string(),
        corrected_name: candidate.right_name(),
        reason: "报名时姓名漏录一字，凭身份证更正".to_owned(),
        corrected_document_number: String::new(),
        corrected_document: None,
    };
    let what = format!("提出更正证书 {number} 的姓名");
    let reply = story.deed(Who::CollegeA, &what, RULE, request).await?;
    let request = results::CorrectCertificateRequest {
        request_id: story.id("correct"),
        number: number.to_string(),
        confirmation: Some(confirm(&reply.proposal.unwrap_or_default())),
    };
    let reply = story.deed(Who::CollegeB, "确认更正", RULE, request).await?;
    let version = reply.certificate.unwrap_or_default().version;
    expect("version of the corrected certificate", version, 2)?;
    check_valid(story, &number, &candidate.right_name()).await?;
    story
        .query
        .until_status(number.as_str(), &candidate.name, "corrected")
        .await?;
    story
        .page
        .result("编号不变，第 2 版；新姓名查询：有效；原姓名查询：已更正")
}

/// One certificate is taken back for good.
pub(super) async fn revoke(story: &mut Story<'_>, issued: &[Issued]) -> Result<()> {
    story.day(story.dates.revoked)?;
    let Issued { number, holder } = of(story, issued, Fate::Revoked)?.clone();
    let request = results::ProposeRevocationRequest {
        request_id: story.id("propose-revocation"),
        number: number.to_string(),
        reason: results::RevocationReason::FalseMaterials.into(),
        grounds: "事后查实报名材料造假".to_owned(),
        ..Default::default()
    };
    let what = format!("提出撤销证书 {number}");
    let reply = story.deed(Who::CollegeA, &what, RULE, request).await?;
    let request = results::RecordHearingRequest {
        request_id: story.id("hearing"),
        revocation_id: reply.revocation_id.clone(),
        number: number.to_string(),
        statement: "承认材料不实，无异议".to_owned(),
        waived: false,
    };
    let what = "听取持证人陈述申辩，记录在案";
    story.deed(Who::CollegeA, what, RULE, request).await?;
    let request = results::RevokeCertificatesRequest {
        request_id: story.id("revoke"),
        revocation_id: reply.revocation_id,
        confirmation: Some(confirm(&reply.proposal.unwrap_or_default())),
    };
    let reply = story.deed(Who::CollegeB, "确认撤销", RULE, request).await?;
    let name = story.candidates[holder].name.clone();
    story
        .query
        .until_status(number.as_str(), &name, "revoked")
        .await?;
    story.page.result(&format!(
        "{} 撤销，编号不再使用；查询：已撤销",
        reply.revoked_on
    ))
}

/// The corrected certificate as PDF and as a picture, and all that are in force for the print shop.
pub(super) async fn print(story: &mut Story<'_>, batch: &Batch, issued: &[Issued]) -> Result<()> {
    let Issued { number, .. } = of(story, issued, Fate::Misspelled)?.clone();
    let style = "人社鉴发〔2021〕1号";
    for (format, ending, begins) in [
        (CertificateFormat::Pdf, "pdf", &b"%PDF-"[..]),
        (CertificateFormat::Png, "png", &b"\x89PNG"[..]),
    ] {
        let request = results::PrintCertificateRequest {
            number: number.to_string(),
            format: format.into(),
        };
        let what = format!("打印证书 {number}（{}）", ending.to_uppercase());
        let file = story.deed(Who::CollegeA, &what, style, request).await?;
        ensure!(file.starts_with(begins), "the certificate is no {ending}");
        let path = story.keep(&format!("{number}.{ending}"), &file)?;
        story.page.result(&format!("{path}，{} 字节", file.len()))?;
    }
    let request = results::PrintCertificatesRequest {
        batch_id: batch.batch_id.clone(),
        after_number: String::new(),
    };
    let what = "打印本批次全部有效证书";
    let files = story.deed(Who::CollegeA, what, style, request).await?;
    let last = files.last().context("no file of certificates came")?;
    expect("certificates printed", last.printed, last.total)?;
    expect(
        "certificates in force",
        last.total as usize,
        issued.len() - 1,
    )?;
    let count = last.total;
    for file in &files {
        story.keep(&file.name, &file.content)?;
    }
    story
        .page
        .result(&format!("{count} 本，每页一本，{} 个文件", files.len()))
}

/// Asks once more for every certificate, by the name on the roster, the right one and a wrong one,
/// and counts the answers.
pub(super) async fn take_stock(
    story: &mut Story<'_>,
    batch: &Batch,
    issued: &[Issued],
) -> Result<()> {
    for Issued { number, holder } in issued {
        let candidate = story.candidates[*holder].clone();
        for name in [&candidate.name, &candidate.right_name()] {
            count_answer(story, number.as_str(), name).await?;
        }
        count_answer(story, number.as_str(), "查无此人").await?;
    }
    let request = results::GetBatchRequest {
        batch_id: batch.batch_id.clone(),
    };
    let counts = story
        .ask(Who::CityA, request)
        .await?
        .batch
        .unwrap_or_default()
        .counts;
    let counts = counts.iter().filter(|count| count.rows > 0);
    story.outcome.kinds.results = counts
        .map(|count| (count.state().as_str_name(), count.rows))
        .collect();

    let valid = of(story, issued, Fate::Passes)?.clone();
    story.end_with(&valid.number, story.candidates[valid.holder].name.clone());
    Ok(())
}

async fn count_answer(story: &mut Story<'_>, number: &str, name: &str) -> Result<()> {
    let status = story.query.ask(number, name).await?.status;
    *story.outcome.kinds.verified.entry(status).or_default() += 1;
    Ok(())
}

fn of<'a>(story: &Story<'_>, issued: &'a [Issued], fate: Fate) -> Result<&'a Issued> {
    let holder = story.whose(fate);
    let found = issued.iter().find(|issued| issued.holder == holder);
    found.with_context(|| format!("there is no certificate for {fate:?}"))
}
