//! What is kept of an exam on paper.

use serde::Serialize;

use crate::{Document, Heading};

/// The scores of a batch (成绩登记表), to be signed by those who recorded and checked them.
#[derive(Clone, Serialize)]
pub struct ScoreSheet {
    /// Number of the batch.
    pub batch: String,
    /// Organisation, plan and days.
    pub headings: Vec<Heading>,
    /// In order of ticket numbers.
    pub rows: Vec<ScoreRow>,
    /// 评价机构
    pub organization: String,
}

/// A candidate's scores.
#[derive(Clone, Serialize)]
pub struct ScoreRow {
    /// 准考证号
    pub ticket_number: String,
    /// 姓名
    pub name: String,
    /// 证件号码, masked.
    pub document_number: String,
    /// 职业（工种）及等级
    pub subject: String,
    /// 理论知识考试
    pub theory: String,
    /// 技能考核
    pub skill: String,
    /// 综合评审
    pub review: String,
    /// 结果
    pub outcome: String,
}

impl Document for ScoreSheet {
    const TEMPLATE: &'static str = include_str!("../templates/score_sheet.typ");
}
