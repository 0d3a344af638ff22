//! The three ways of technical assessment (技术评估, notice 3.4) and when each is passed.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::rejection::FaultList;
use kernel::typed::normalise;
use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoEnumIterator, IntoStaticStr};

use super::refusal::{SelectionRejection, words};

/// An expert panel has at least three members, so that there is a majority among others.
pub(super) const SMALLEST_PANEL: usize = 3;
/// Nobody visits alone.
pub(super) const FEWEST_VISITORS: usize = 2;

kernel::typed_ids! {
    /// One assessment on record; assessing again makes another.
    AssessmentId("asm"),
}

/// The ways of assessing.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    EnumIter,
    EnumString,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum AssessmentKind {
    /// 材料核验
    DocumentCheck,
    /// 专家论证
    ExpertPanel,
    /// 现场考察
    SiteVisit,
}

impl AssessmentKind {
    /// Name for machines, as stored.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Name in Chinese, for refusals.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::DocumentCheck => "材料核验",
            Self::ExpertPanel => "专家论证",
            Self::SiteVisit => "现场考察",
        }
    }
}

/// What came of an assessment. Its particulars lie beside the aggregate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// Identifies it.
    pub id: AssessmentId,
    /// Whether the applicant passed.
    pub passed: bool,
}

/// The assessments that count: of each kind the newest since the materials last changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessments {
    /// 材料核验
    pub document_check: Option<Assessment>,
    /// 专家论证
    pub expert_panel: Option<Assessment>,
    /// 现场考察
    pub site_visit: Option<Assessment>,
}

impl Assessments {
    /// The assessment of a kind.
    pub fn of(&self, kind: AssessmentKind) -> Option<Assessment> {
        match kind {
            AssessmentKind::DocumentCheck => self.document_check,
            AssessmentKind::ExpertPanel => self.expert_panel,
            AssessmentKind::SiteVisit => self.site_visit,
        }
    }

    /// Sets the assessment of a kind.
    pub fn set(&mut self, kind: AssessmentKind, assessment: Option<Assessment>) {
        match kind {
            AssessmentKind::DocumentCheck => self.document_check = assessment,
            AssessmentKind::ExpertPanel => self.expert_panel = assessment,
            AssessmentKind::SiteVisit => self.site_visit = assessment,
        }
    }

    /// Notes each assessment that is required and missing, and each that was not passed, be it
    /// required or not.
    pub fn judge(&self, required: &BTreeSet<AssessmentKind>, faults: &mut FaultList) {
        for kind in AssessmentKind::iter() {
            let (chinese, english) = (kind.chinese(), words(kind.name()));
            match self.of(kind) {
                Some(Assessment { passed: true, .. }) => {}
                Some(_) => {
                    faults.refuse(&SelectionRejection::AssessmentNotPassed { chinese, english });
                }
                None if required.contains(&kind) => {
                    faults.refuse(&SelectionRejection::AssessmentMissing { chinese, english });
                }
                None => {}
            }
        }
    }
}

/// One item of a document check.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentCheckItem {
    /// What was checked.
    pub subject: String,
    /// Whether it is in order.
    pub in_order: bool,
    /// Required where it is not.
    pub remark: String,
}

/// The opinion of one expert.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpertOpinion {
    /// Number in the expert pool.
    pub expert_number: String,
    /// Whether the expert is for the applicant.
    pub in_favour: bool,
    /// The opinion.
    pub opinion: String,
}

/// Notes that a panel is too small or even, and each expert who is on it twice, however the number
/// is typed. A number that is missing is nobody's.
pub fn judge_panel(opinions: &[ExpertOpinion], faults: &mut FaultList) {
    let given = opinions.len();
    if given < SMALLEST_PANEL || given.is_multiple_of(2) {
        faults.add(
            "opinions",
            &SelectionRejection::PanelSize {
                least: SMALLEST_PANEL,
                given,
            },
        );
    }
    let mut seen = BTreeSet::new();
    for (index, opinion) in opinions.iter().enumerate() {
        let field = format!("opinions[{index}].expert_number");
        let number = normalise(&opinion.expert_number);
        let first_time = number.is_empty() || seen.insert(number);
        faults.require(first_time, field, &SelectionRejection::ExpertTwice);
    }
}

/// Notes that too few went, and each visitor who is there twice, however the number is typed.
pub fn judge_visitors(numbers: &[String], faults: &mut FaultList) {
    let mut seen = BTreeSet::new();
    for (index, number) in numbers.iter().enumerate() {
        let field = format!("visitor_numbers[{index}]");
        let first_time = seen.insert(normalise(number));
        faults.require(first_time, field, &SelectionRejection::VisitorTwice);
    }
    let (least, given) = (FEWEST_VISITORS, seen.len());
    faults.require(
        given >= least,
        "visitor_numbers",
        &SelectionRejection::VisitorsTooFew { least, given },
    );
}

/// Notes that a visit has not taken place yet.
pub fn judge_visited(visited_on: Date, today: Date, faults: &mut FaultList) {
    faults.require(
        visited_on <= today,
        "visited_on",
        &SelectionRejection::SiteVisitInFuture { today },
    );
}

/// What was recorded of an assessment, by its kind. It may name people, so it lies beside the
/// aggregate.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Particulars {
    /// 材料核验, item by item.
    DocumentCheck(Vec<DocumentCheckItem>),
    /// 专家论证, one opinion of each expert.
    ExpertPanel(Vec<ExpertOpinion>),
    /// 现场考察
    SiteVisit(SiteVisit),
}

impl Particulars {
    /// The way of assessing.
    pub fn kind(&self) -> AssessmentKind {
        match self {
            Self::DocumentCheck(_) => AssessmentKind::DocumentCheck,
            Self::ExpertPanel(_) => AssessmentKind::ExpertPanel,
            Self::SiteVisit(_) => AssessmentKind::SiteVisit,
        }
    }
}

/// A site visit.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteVisit {
    /// The day of the visit.
    pub visited_on: Date,
    /// Numbers of the visitors in the expert pool or the centre's staff.
    pub visitor_numbers: Vec<String>,
    /// What was found.
    pub findings: String,
    /// Whether site and equipment meet the conditions (notice 1.4).
    pub passed: bool,
}
