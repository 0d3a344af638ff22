//! Before its first plan the college publishes how it works and what it charges.

use anyhow::Result;
use proto::{exam::v1 as exam, registry::v1 as registry};

use super::{
    application::Applicant,
    cast::Who,
    print::table,
    story::{Story, expect},
};

const RULE: &str = "通知六（三）";
/// What a part costs, in fen.
const THEORY: u32 = 9_000;
const SKILL: u32 = 21_000;

/// The college publishes its rules of all four kinds; anybody reads what an exam costs.
pub(super) async fn publish(story: &mut Story<'_>, applicant: &Applicant) -> Result<()> {
    for (kind, words) in [
        (registry::RulesKind::ExamAffairs, "考务管理办法"),
        (registry::RulesKind::Quality, "质量管理办法"),
        (registry::RulesKind::Certificates, "证书管理办法"),
        (registry::RulesKind::Fees, "收费标准"),
    ] {
        let request = registry::PublishRulesRequest {
            request_id: story.id(&format!("publish-{}", kind.as_str_name())),
            organization_id: applicant.organization_id.clone(),
            kind: kind.into(),
            in_force_from: story.dates.plan_reported.to_string(),
            text: format!("{}{words}（示例）", applicant.name),
            fees: match kind {
                registry::RulesKind::Fees => fees(story, applicant).await?,
                _ => Vec::new(),
            },
        };
        let what = format!("向社会公开{words}");
        story.deed(Who::CollegeA, &what, RULE, request).await?;
    }
    let request = registry::GetDirectoryEntryRequest {
        organization_code: registered(story, applicant).await?.organization_code,
    };
    let entry = story
        .deed(
            Who::Public,
            "查询该机构公开的管理办法和收费标准",
            RULE,
            request,
        )
        .await?;
    expect("kinds of rules published", entry.rules.len(), 4)?;
    let fees = entry.rules.iter().flat_map(|rules| &rules.fees);
    let rows: Vec<Vec<String>> = fees.map(row).collect();
    story.page.paper("收费标准", &table(&rows))
}

async fn registered(story: &Story<'_>, applicant: &Applicant) -> Result<registry::Organization> {
    let organization_id = applicant.organization_id.clone();
    let request = registry::GetOrganizationRequest { organization_id };
    let reply = story.ask(Who::CollegeA, request).await?;
    Ok(reply.organization.unwrap_or_default())
}

/// A fee for both parts of everything that it may examine.
async fn fees(story: &Story<'_>, applicant: &Applicant) -> Result<Vec<registry::Fee>> {
    let mut fees = Vec::new();
    for right in registered(story, applicant).await?.rights {
        let scope = right.scope.unwrap_or_default();
        for level in &scope.levels {
            for (part, fen) in [
                (exam::ExamPart::Theory, THEORY),
                (exam::ExamPart::Skill, SKILL),
            ] {
                fees.push(registry::Fee {
                    occupation: scope.occupation.clone(),
                    trade: scope.trade.clone(),
                    level: *level,
                    part: part.into(),
                    fen,
                });
            }
        }
    }
    Ok(fees)
}

fn row(fee: &registry::Fee) -> Vec<String> {
    let part = match fee.part() {
        exam::ExamPart::Theory => "理论知识考试",
        exam::ExamPart::Skill => "技能考核",
        exam::ExamPart::Review => "综合评审",
        exam::ExamPart::Unspecified => "",
    };
    let occupation = fee.occupation.clone().unwrap_or_default();
    vec![
        occupation.code,
        super::papers::level_name(fee.level()).to_owned(),
        part.to_owned(),
        format!("{} 元", fee.fen / 100),
    ]
}
