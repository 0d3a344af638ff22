//! Act 8: certificates with gapless numbers, each of which anybody can check.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use jiff::civil::Date;
use kernel::{certificate_number::CertificateNumber, level::Level, rejection::Faults};
use proto::certificate::v1 as certificate;
use proto::results::v1 as results;

use super::{
    application::Applicant,
    cast::Who,
    papers,
    plan::Plan,
    scoring::Batch,
    selection::confirm,
    story::{Story, expect},
};

const RULE: &str = "通知四（四），两人规则";

/// A certificate and whose it is.
#[derive(Debug, Clone)]
pub(super) struct Issued {
    /// 证书编号
    pub(super) number: CertificateNumber,
    /// Position of the holder among the story's candidates.
    pub(super) holder: usize,
}

/// Every approved row gets its certificate.
pub(super) async fn issue_all(
    story: &mut Story<'_>,
    plan: &Plan,
    batch: &Batch,
) -> Result<Vec<Issued>> {
    story.page.act("第八幕 颁发证书", "Certificates")?;
    let day = story.dates.issued;
    story.day(day)?;
    let issued = issue(story, plan, batch, "first").await?;
    check_numbers(story, &issued, &BTreeMap::new(), day)?;
    check_each(story, &issued).await?;
    show_first(story, &issued[0]).await?;
    Ok(issued)
}

/// The row that was held gets the next number of its level.
pub(super) async fn issue_held(
    story: &mut Story<'_>,
    plan: &Plan,
    batch: &Batch,
    before: &[Issued],
) -> Result<Issued> {
    let day = story.dates.held_issued;
    story.day(day)?;
    let issued = issue(story, plan, batch, "held").await?;
    expect("certificates issued later", issued.len(), 1)?;
    let mut given = BTreeMap::new();
    for earlier in before
        .iter()
        .filter(|earlier| earlier.number.year() == day.year())
    {
        *given
            .entry(story.candidates[earlier.holder].level)
            .or_default() += 1;
    }
    check_numbers(story, &issued, &given, day)?;
    check_each(story, &issued).await?;
    issued
        .into_iter()
        .next()
        .context("one certificate was counted")
}

async fn issue(
    story: &mut Story<'_>,
    plan: &Plan,
    batch: &Batch,
    step: &str,
) -> Result<Vec<Issued>> {
    let request = results::ProposeIssuanceRequest {
        request_id: story.id(&format!("propose-issuance-{step}")),
        batch_id: batch.batch_id.clone(),
    };
    let reply = story
        .deed(Who::CollegeA, "提出颁发证书", RULE, request)
        .await?;
    let count = reply.certificates as usize;
    story
        .page
        .result(&format!("{count} 本，待第二人确认；实时核验评价权限"))?;
    let request = results::IssueCertificatesRequest {
        request_id: story.id(&format!("issue-{step}")),
        batch_id: batch.batch_id.clone(),
        confirmation: Some(confirm(&reply.proposal.unwrap_or_default())),
    };
    let reply = story
        .deed(Who::CollegeB, "确认并颁发", RULE, request)
        .await?;
    expect("certificates issued", reply.certificates.len(), count)?;
    let issued: Result<Vec<Issued>> = reply
        .certificates
        .iter()
        .map(|certificate| read(plan, certificate))
        .collect();
    let issued = issued?;
    for of_level in issued.chunk_by(|one, next| one.number.level() == next.number.level()) {
        story.page.result(&range(of_level))?;
    }
    let numbers = issued.iter().map(|issued| issued.number.to_string());
    story.outcome.ids.certificates.extend(numbers);
    Ok(issued)
}

/// Numbers that follow each other, all of one level.
fn range(issued: &[Issued]) -> String {
    let numbers: Vec<String> = issued
        .iter()
        .map(|issued| issued.number.to_string())
        .collect();
    match numbers.as_slice() {
        [first, .., last] => format!("证书编号 {first} 至 {last}，{} 本", numbers.len()),
        numbers => format!("证书编号 {}", numbers.concat()),
    }
}

fn read(plan: &Plan, certificate: &results::IssuedCertificate) -> Result<Issued> {
    let number = CertificateNumber::parse(&certificate.number).map_err(Faults::from)?;
    let ticket = &certificate.ticket_number;
    let holder = plan
        .roster
        .iter()
        .position(|entry| entry.ticket_number == *ticket);
    let holder = holder.with_context(|| format!("{ticket} is not on the roster"))?;
    Ok(Issued { number, holder })
}

/// The numbers follow those given before without a gap, level by level, and say what they should.
fn check_numbers(
    story: &Story<'_>,
    issued: &[Issued],
    given: &BTreeMap<Level, u32>,
    day: Date,
) -> Result<()> {
    let mut next = given.clone();
    for Issued { number, holder } in issued {
        let holder = &story.candidates[*holder];
        ensure!(
            holder.passes(),
            "{number} went to somebody who did not pass"
        );
        let code = number.organization_code();
        expect(
            "code inside the number",
            code.as_str(),
            &story.outcome.ids.organization_code,
        )?;
        expect(
            "level inside the number",
            number.level(),
            Some(holder.level),
        )?;
        expect("year inside the number", number.year(), day.year())?;
        let sequence = next.entry(holder.level).or_default();
        *sequence += 1;
        expect("sequence inside the number", number.sequence(), *sequence)?;
    }
    Ok(())
}

/// Each certificate reaches the public query a moment after it is issued, by both doors.
async fn check_each(story: &mut Story<'_>, issued: &[Issued]) -> Result<()> {
    for Issued { number, holder } in issued {
        let name = story.candidates[*holder].name.clone();
        check_valid(story, number, &name).await?;
    }
    story.page.deed(
        Who::Public.title(),
        "免费查询证书（HTTP 与 gRPC）",
        "通知四（四）",
    )?;
    story
        .page
        .result(&format!("{} 本均可查，证书有效", issued.len()))
}

/// Valid over HTTP and over gRPC, with what belongs to it.
pub(super) async fn check_valid(
    story: &Story<'_>,
    number: &CertificateNumber,
    name: &str,
) -> Result<()> {
    story
        .query
        .until_status(number.as_str(), name, "valid")
        .await?;
    let request = certificate::VerifyCertificateRequest {
        number: number.to_string(),
        name: name.to_owned(),
    };
    let reply = story.ask(Who::Public, request).await?;
    let expected = certificate::VerificationStatus::Valid.as_str_name();
    expect("status over gRPC", reply.status().as_str_name(), expected)?;
    let found = reply.certificate.unwrap_or_default();
    expect("number over gRPC", found.number.as_str(), number.as_str())?;
    expect(
        "code over gRPC",
        &found.organization_code,
        &story.outcome.ids.organization_code,
    )
}

/// What an employer sees, and what whoever guesses sees.
async fn show_first(story: &mut Story<'_>, issued: &Issued) -> Result<()> {
    let number = issued.number.as_str();
    let name = story.candidates[issued.holder].name.clone();
    let answer = story.query.ask(number, &name).await?;
    let text = String::from_utf8(answer.body.to_vec()).context("the answer is not text")?;
    story
        .page
        .paper("POST /api/v1/certificates:verify", &[text])?;

    let code = issued.number.organization_code();
    let unknown = CertificateNumber::compose(&code, issued.number.year(), Level::Five, 999_999);
    let unknown = unknown.map_err(Faults::from)?;
    let wrong_name = story.query.ask(number, "查无此人").await?;
    let unknown_number = story.query.ask(unknown.as_str(), &name).await?;
    expect(
        "status for a wrong name",
        wrong_name.status.as_str(),
        "not_found",
    )?;
    ensure!(
        wrong_name == unknown_number,
        "a wrong name and an unknown number are told apart"
    );
    story.page.deed(
        Who::Public.title(),
        "姓名不符、编号不存在的两次查询",
        "平台规则：不可试探",
    )?;
    story.page.result("两次回答逐字节相同：not_found")?;
    let page = story.query.open_page().await?;
    ensure!(
        page.contains("<form"),
        "the page {} has no form",
        story.query.page()
    );
    Ok(())
}

/// Every number is accounted for.
pub(super) async fn show_ledger(story: &mut Story<'_>, applicant: &Applicant) -> Result<()> {
    let year = story.dates.issued.year();
    let mut lines = Vec::new();
    for level in [Level::Five, Level::Four] {
        let request = results::GetNumberLedgerRequest {
            organization_id: applicant.organization_id.clone(),
            year: u32::try_from(year)?,
            level: papers::level(level).into(),
        };
        let ledger = story.ask(Who::ProvinceA, request).await?;
        let results::GetNumberLedgerResponse {
            allocated,
            issued,
            voided,
            reserved,
        } = ledger;
        expect("numbers allocated", allocated, issued + voided + reserved)?;
        let name = level.chinese();
        lines.push(format!(
            "{name}：赋号 {allocated} = 颁发 {issued} + 作废 {voided} + 预留 {reserved}"
        ));
        let row = [allocated, issued, voided, reserved];
        story.outcome.kinds.ledgers.insert(level.name(), row);
    }
    story.page.deed(
        Who::ProvinceA.title(),
        &format!("查看 {year} 年证书编号台账"),
        "通知四（四）",
    )?;
    story.page.paper("证书编号台账", &lines)
}
