//! What inspections come to, and that everybody learns of it (一公开).

use jiff::civil::Date;
use kernel::ids::OrganizationId;
use kernel::rejection::{FaultList, Faults};
use kernel::working_day::{Deadline, DeadlineRule};
use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoStaticStr};

use super::super::Context;
use super::refusal::{RedrawRejection, ResultRejection};
use super::{Inspection, InspectionFact, InspectionState};

/// What the inspection of an organisation came to (检查结果).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumIter, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Outcome {
    /// 未发现问题
    NoProblem,
    /// 未按规定公示应当公示的信息
    NotPublished,
    /// 隐瞒真实情况、弄虚作假
    FalseData,
    /// 通过登记的地址无法联系
    Unreachable,
    /// 发现问题责令改正
    ToldToCorrect,
    /// 不配合检查
    Refused,
    /// 未发现开展本次抽查涉及的评价活动
    NoActivity,
    /// 发现问题待后续处理
    HandedOn,
}

impl Outcome {
    /// Name for machines, as stored.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Name in Chinese, as it is announced.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::NoProblem => "未发现问题",
            Self::NotPublished => "未按规定公示应当公示的信息",
            Self::FalseData => "隐瞒真实情况、弄虚作假",
            Self::Unreachable => "通过登记的地址无法联系",
            Self::ToldToCorrect => "发现问题责令改正",
            Self::Refused => "不配合检查",
            Self::NoActivity => "未发现开展本次抽查涉及的评价活动",
            Self::HandedOn => "发现问题待后续处理",
        }
    }

    /// Whether nothing, or nothing more, may have been looked at.
    fn may_lack_findings(self) -> bool {
        matches!(self, Self::Unreachable | Self::Refused | Self::NoActivity)
    }

    /// Whether the outcome is about a matter that is not in order.
    fn names_a_problem(self) -> bool {
        matches!(
            self,
            Self::NotPublished | Self::FalseData | Self::ToldToCorrect | Self::HandedOn
        )
    }
}

/// How a matter was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatterFinding {
    /// Code of the matter.
    pub code: String,
    /// Whether it is in order.
    pub in_order: bool,
    /// Remark; there where it is not.
    pub remark: String,
}

/// What inspectors report of an organisation. What they wrote may name people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The organisation.
    pub organization: OrganizationId,
    /// Day of the inspection.
    pub inspected_on: Date,
    /// What it came to.
    pub outcome: Outcome,
    /// How each matter was found.
    pub matters: Vec<MatterFinding>,
    /// The findings in words; there unless nothing was found.
    pub findings: String,
}

/// The record of a result, without what people wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recorded {
    /// What it came to.
    pub outcome: Outcome,
    /// Day of the inspection.
    pub inspected_on: Date,
    /// Day of the record.
    pub on: Date,
    /// Day by which it was to be recorded.
    pub due: Deadline,
}

impl Recorded {
    /// Whether it came later than it should.
    pub fn is_late(&self) -> bool {
        self.due.is_over_on(self.on)
    }
}

impl Inspection {
    /// Takes a result on record.
    ///
    /// # Errors
    /// Everything that is wrong with the report, at once.
    pub fn record(
        &self,
        report: &Report,
        context: &Context<'_>,
    ) -> Result<(Recorded, InspectionFact), Faults> {
        self.require(&[InspectionState::Drawn])?;
        let mut faults = FaultList::default();
        let inspected = self.inspected();
        let drawn = inspected
            .iter()
            .any(|drawn| drawn.organization == report.organization);
        faults.require(drawn, "organization_id", &RedrawRejection::NotDrawn);
        let open = !self.results.contains_key(&report.organization);
        faults.require(open, "organization_id", &ResultRejection::Recorded);
        self.judge_day(report.inspected_on, context.today, &mut faults);
        self.judge_findings(report, &mut faults);
        faults.finish()?;

        let due = context.deadline(DeadlineRule::InspectionReport, report.inspected_on)?;
        let publication_due = if self.results.len() + 1 == inspected.len() {
            Some(context.deadline(DeadlineRule::InspectionPublication, context.today)?)
        } else {
            None
        };
        let recorded = Recorded {
            outcome: report.outcome,
            inspected_on: report.inspected_on,
            on: context.today,
            due,
        };
        let fact = InspectionFact::ResultRecorded {
            inspection: self.id,
            organization: report.organization,
            recorded: recorded.clone(),
            not_in_order: report
                .matters
                .iter()
                .filter(|matter| !matter.in_order)
                .count(),
            publication_due,
        };
        Ok((recorded, fact))
    }

    /// Publishes all results.
    ///
    /// # Errors
    /// While one is missing.
    pub fn publish(&self, today: Date) -> Result<InspectionFact, Faults> {
        self.require(&[InspectionState::Drawn])?;
        let missing = self.inspected().len() - self.results.len();
        if missing > 0 {
            return Err(ResultRejection::Missing { missing }.into());
        }
        let outcomes = self.results.iter();
        Ok(InspectionFact::InspectionPublished {
            inspection: self.id,
            division: self.division,
            outcomes: outcomes
                .map(|(organization, recorded)| (*organization, recorded.outcome))
                .collect(),
            on: today,
        })
    }

    /// Nobody inspects before the period, before the draw, after the period, or tomorrow.
    fn judge_day(&self, inspected_on: Date, today: Date, faults: &mut FaultList) {
        let drawn_on = self
            .draws
            .iter()
            .find_map(|draw| Some(draw.revealed.as_ref()?.on));
        let from = drawn_on.map_or(self.plan.from, |drawn_on| drawn_on.max(self.plan.from));
        if today < from {
            faults.add("inspected_on", &ResultRejection::TooEarly { from });
            return;
        }
        let until = self.plan.until.min(today);
        let day = ResultRejection::Day { from, until };
        faults.require((from..=until).contains(&inspected_on), "inspected_on", &day);
    }

    fn judge_findings(&self, report: &Report, faults: &mut FaultList) {
        let matters = &self.plan.matters;
        for (index, finding) in report.matters.iter().enumerate() {
            let known = matters.iter().any(|matter| matter.code == finding.code);
            let field = format!("matters[{index}].code");
            faults.require(known, field, &ResultRejection::MatterUnknown);
        }
        for matter in matters {
            let found = report
                .matters
                .iter()
                .any(|finding| finding.code == matter.code);
            let code = matter.code.clone();
            faults.require(
                found || report.outcome.may_lack_findings(),
                "matters",
                &ResultRejection::MatterMissing { code },
            );
        }
        let problem = report.matters.iter().any(|finding| !finding.in_order);
        let outcome = report.outcome;
        let contradicts =
            (problem && outcome == Outcome::NoProblem) || (!problem && outcome.names_a_problem());
        faults.require(
            !contradicts,
            "outcome",
            &ResultRejection::OutcomeContradicts,
        );
    }
}
