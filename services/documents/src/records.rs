//! What a centre issues and keeps about an applicant.

use serde::Serialize;

use crate::Document;

/// The receipt of a filing (备案回执, notice 3.4).
#[derive(Debug, Clone, Serialize)]
pub struct FilingReceipt {
    /// Number of the receipt.
    pub receipt_number: String,
    /// 单位名称
    pub organization_name: String,
    /// 统一社会信用代码
    pub credit_code: String,
    /// 机构性质
    pub organization_kind: String,
    /// 机构代码
    pub organization_code: String,
    /// Where it may evaluate.
    pub area: String,
    /// What it may evaluate. How long, and what changed since, the directory tells.
    pub scopes: Vec<ReceiptScope>,
    /// The centre that issues it.
    pub authority: String,
    /// Day of issue.
    pub issued_on: String,
}

/// A row of a receipt.
#[derive(Debug, Clone, Serialize)]
pub struct ReceiptScope {
    /// 职业名称, with the trade where there is one.
    pub name: String,
    /// 职业编码
    pub code: String,
    /// The levels in words.
    pub levels: String,
}

impl Document for FilingReceipt {
    const TEMPLATE: &'static str = include_str!("../templates/filing_receipt.typ");
}

/// The record of a technical assessment (技术评估, notice 3.4): all that was assessed, in the order
/// in which it was, and what of it counts.
#[derive(Debug, Clone, Serialize)]
pub struct AssessmentRecord {
    /// Number of the application.
    pub application: String,
    /// 单位名称
    pub organization_name: String,
    /// 机构性质
    pub organization_kind: String,
    /// The centre that assessed.
    pub authority: String,
    /// Day on which the application was handed in.
    pub submitted_on: String,
    /// 材料核验
    pub documents: Vec<DocumentCheck>,
    /// 专家论证
    pub panels: Vec<Panel>,
    /// 现场考察
    pub visits: Vec<Visit>,
    /// What officers judged, with their reasons.
    pub judgements: Vec<Finding>,
    /// Day of the newest entry.
    pub as_of: String,
}

/// A check of the documents.
#[derive(Debug, Clone, Serialize)]
pub struct DocumentCheck {
    /// The day.
    pub on: String,
    /// Whether all is in order.
    pub passed: bool,
    /// Whether it counts, and not a later one.
    pub counts: bool,
    /// Item by item.
    pub items: Vec<Finding>,
}

/// Something looked at, and how it was found.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// What.
    pub subject: String,
    /// Whether it is in order.
    pub in_order: bool,
    /// What there is to say about it; may be empty.
    pub remark: String,
}

/// An expert panel that closed.
#[derive(Debug, Clone, Serialize)]
pub struct Panel {
    /// The day on which it did.
    pub on: String,
    /// Whether its majority is for the applicant.
    pub passed: bool,
    /// Whether it counts, and not a later one.
    pub counts: bool,
    /// How it was convened, in a sentence.
    pub convened: String,
    /// The seed by which anybody can draw it again; empty where its members were named.
    pub seed: String,
    /// What each expert said.
    pub opinions: Vec<Opinion>,
}

/// The opinion of one expert.
#[derive(Debug, Clone, Serialize)]
pub struct Opinion {
    /// The expert's number in the pool.
    pub expert: String,
    /// Whether the expert is for the applicant.
    pub in_favour: bool,
    /// The opinion.
    pub opinion: String,
}

/// A site visit.
#[derive(Debug, Clone, Serialize)]
pub struct Visit {
    /// The day.
    pub on: String,
    /// Whether the site meets the conditions.
    pub passed: bool,
    /// Whether it counts, and not a later one.
    pub counts: bool,
    /// Numbers of those who went.
    pub visitors: Vec<String>,
    /// What they found, item by item.
    pub findings: Vec<Finding>,
    /// What they concluded.
    pub conclusion: String,
    /// Their photos, which lie beside the record.
    pub photos: Vec<SitePhoto>,
}

/// A photo of a site.
#[derive(Debug, Clone, Serialize)]
pub struct SitePhoto {
    /// What it shows.
    pub subject: String,
    /// Hash of the picture.
    pub sha256: String,
}

impl Document for AssessmentRecord {
    const TEMPLATE: &'static str = include_str!("../templates/assessment_record.typ");
}
