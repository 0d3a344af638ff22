//! The three ways of technical assessment (技术评估, notice 3.4) and when each is passed.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::pilot::Pilot;
use kernel::rejection::FaultList;
use kernel::typed::normalise;
use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoEnumIterator, IntoStaticStr};

use super::refusal::{SelectionRejection, words};
use super::{DocumentKind, Photo};

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

    /// Whether an assessment is one of them.
    pub fn counts(&self, id: AssessmentId) -> bool {
        let mut counting = AssessmentKind::iter().filter_map(|kind| self.of(kind));
        counting.any(|assessment| assessment.id == id)
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
    /// The document that was checked; none for an item about something else.
    pub document: Option<DocumentKind>,
    /// What was checked, where a document does not say it.
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
pub(super) fn judge_panel(opinions: &[ExpertOpinion], pilot: &Pilot, faults: &mut FaultList) {
    let (least, given) = (usize::from(pilot.panel_least), opinions.len());
    if given < least || given.is_multiple_of(2) {
        let rejection = SelectionRejection::PanelSize { least, given };
        faults.add("opinions", &rejection);
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
pub fn judge_visitors(numbers: &[String], pilot: &Pilot, faults: &mut FaultList) {
    let mut seen = BTreeSet::new();
    for (index, number) in numbers.iter().enumerate() {
        let field = format!("visitor_numbers[{index}]");
        let first_time = seen.insert(normalise(number));
        faults.require(first_time, field, &SelectionRejection::VisitorTwice);
    }
    let (least, given) = (usize::from(pilot.visitors_least), seen.len());
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
    /// Reads what was recorded of a kind.
    ///
    /// # Errors
    /// When it is not what that kind records.
    pub fn read(kind: AssessmentKind, json: &[u8]) -> serde_json::Result<Self> {
        Ok(match kind {
            AssessmentKind::DocumentCheck => Self::DocumentCheck(serde_json::from_slice(json)?),
            AssessmentKind::ExpertPanel => Self::ExpertPanel(serde_json::from_slice(json)?),
            AssessmentKind::SiteVisit => Self::SiteVisit(serde_json::from_slice(json)?),
        })
    }

    /// Whether the applicant passed: with every item in order, a majority of the experts, a site
    /// that meets the conditions.
    pub fn passed(&self) -> bool {
        match self {
            Self::DocumentCheck(items) => items.iter().all(|item| item.in_order),
            Self::ExpertPanel(opinions) => {
                let in_favour = opinions.iter().filter(|opinion| opinion.in_favour).count();
                in_favour > opinions.len() / 2
            }
            Self::SiteVisit(visit) => visit.passed,
        }
    }

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
    /// Numbers of the visitors in a pool of the centre's or the province's.
    pub visitor_numbers: Vec<String>,
    /// What was found, item by item.
    pub items: Vec<SiteFinding>,
    /// Its photos.
    pub photos: Vec<Photo>,
    /// The conclusion.
    pub findings: String,
    /// Whether site and equipment meet the conditions (notice 1.4).
    pub passed: bool,
}

/// What is looked at on a site visit (notice 1.4).
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
pub enum SiteItem {
    /// 标准化理论考场
    TheoryRoom,
    /// 考试网络
    Network,
    /// 考试机
    ExamMachines,
    /// 技能操作考核场地
    SkillSite,
    /// 设施设备、仪表仪器
    Equipment,
    /// 身份识别
    IdentityCheck,
    /// 信号屏蔽
    SignalShielding,
    /// 音频视频监控
    Monitoring,
}

impl SiteItem {
    /// Name for machines, as stored.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Name in Chinese, for refusals and records.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::TheoryRoom => "标准化理论考场",
            Self::Network => "考试网络",
            Self::ExamMachines => "考试机",
            Self::SkillSite => "技能操作考核场地",
            Self::Equipment => "设施设备、仪表仪器",
            Self::IdentityCheck => "身份识别",
            Self::SignalShielding => "信号屏蔽",
            Self::Monitoring => "音频视频监控",
        }
    }
}

/// What was found about an item of a site visit.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteFinding {
    /// The item.
    pub item: SiteItem,
    /// Whether it is in order.
    pub in_order: bool,
    /// Required where it is not.
    pub finding: String,
}

/// Notes each document that is checked twice.
pub fn judge_checked(items: &[Option<DocumentCheckItem>], faults: &mut FaultList) {
    let mut seen = BTreeSet::new();
    for (index, item) in items.iter().enumerate() {
        let Some(document) = item.as_ref().and_then(|item| item.document) else {
            continue;
        };
        let first_time = seen.insert(document);
        let field = format!("items[{index}].document");
        faults.require(first_time, field, &SelectionRejection::DocumentCheckedTwice);
    }
}

/// Notes each item of a site visit that is there twice or missing, and conditions that are said to
/// be met though an item is not in order.
pub fn judge_site(items: &[Option<SiteFinding>], passed: bool, faults: &mut FaultList) {
    let mut seen = BTreeSet::new();
    for (index, finding) in items.iter().enumerate() {
        let Some(finding) = finding else { continue };
        let first_time = seen.insert(finding.item);
        let field = format!("items[{index}].item");
        faults.require(first_time, field, &SelectionRejection::SiteItemTwice);
    }
    for item in SiteItem::iter().filter(|item| !seen.contains(item)) {
        let (chinese, english) = (item.chinese(), words(item.into()));
        faults.add(
            "items",
            &SelectionRejection::SiteItemMissing { chinese, english },
        );
    }
    let in_order = items.iter().flatten().all(|finding| finding.in_order);
    faults.require(
        in_order || !passed,
        "passed",
        &SelectionRejection::SiteItemNotInOrder,
    );
}
