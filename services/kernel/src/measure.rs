//! What an organisation is told to do or not to do (监管措施): decided after an inspection, a
//! complaint or a risk alert, and applied where the register is kept.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::RightId;
use crate::rejection::{FaultList, Rejection};

crate::rejections! {
    /// Why a measure cannot be taken so.
    pub enum MeasureRejection {
        /// A measure is one of four.
        KindUnknown => "MEASURE_KIND_UNKNOWN", InvalidArgument, "notice 6.2",
            "监管措施应为约谈、限期整改、暂停或取消备案之一", "a measure is a talk, a rectification, a suspension or a withdrawal";
        /// Nobody is told anything without a ground.
        GroundMissing => "MEASURE_GROUND_MISSING", InvalidArgument, "notice 6.2",
            "监管措施至少应有一项事由", "a measure has at least one ground";
        /// A ground is one of those that are named.
        GroundUnknown => "MEASURE_GROUND_UNKNOWN", InvalidArgument, "notice 6.2",
            "监管措施的事由不在规定的范围内", "the ground is none of those that there are";
        /// Once is enough.
        GroundTwice => "MEASURE_GROUND_TWICE", InvalidArgument, "platform",
            "同一事由重复列出", "the same ground is there twice";
        /// What is decided today does not hold yesterday.
        EffectiveInPast { today: Date } => "MEASURE_EFFECTIVE_IN_PAST", InvalidArgument, "notice 6.2",
            "生效日期不能早于今日 {today}", "a measure takes effect today, {today}, at the earliest";
        /// A rectification without a day is none.
        DueMissing => "MEASURE_DUE_MISSING", InvalidArgument, "notice 6.2",
            "限期整改应有整改期限", "a rectification has a day by which it is due";
        /// There has to be time for it.
        DueTooEarly => "MEASURE_DUE_TOO_EARLY", InvalidArgument, "notice 6.2",
            "整改期限应晚于生效日期", "a rectification is due later than it takes effect";
        /// Nothing else has a day by which it is due.
        DueUncalledFor => "MEASURE_DUE_UNCALLED_FOR", InvalidArgument, "notice 6.2",
            "只有限期整改可以设整改期限", "only a rectification has a day by which it is due";
        /// It must be said what becomes of exams held before.
        BatchesMissing => "MEASURE_BATCHES_MISSING", InvalidArgument, "notice 6.2",
            "暂停时应说明已考核批次的处理方式", "a suspension says what becomes of exams held before";
        /// Nothing else lets rights rest.
        SuspensionUncalledFor => "MEASURE_SUSPENSION_UNCALLED_FOR", InvalidArgument, "notice 6.2",
            "只有暂停可以指定评价权限和已考核批次的处理方式", "only a suspension names rights and what becomes of exams held before";
        /// A right rests once.
        RightTwice => "MEASURE_RIGHT_TWICE", InvalidArgument, "platform",
            "同一评价权限重复列出", "the same right is there twice";
        /// More rows than anybody fills in.
        ListTooLong { limit: usize } => "MEASURE_LIST_TOO_LONG", InvalidArgument, "platform",
            "最多填写 {limit} 行", "a list has at most {limit} rows";
    }
}

/// The kind of a measure, from the mildest to the hardest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeasureKind {
    /// 约谈: its head is called in.
    Talk,
    /// 限期整改: what was found is to be put right by a day.
    Rectification,
    /// 暂停: rights rest until they are resumed.
    Suspension,
    /// 取消备案: it is an evaluation organisation no longer.
    Withdrawal,
}

impl MeasureKind {
    /// Name in Chinese.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Talk => "约谈",
            Self::Rectification => "限期整改",
            Self::Suspension => "暂停",
            Self::Withdrawal => "取消备案",
        }
    }
}

/// Why a measure is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeasureGround {
    /// 提供虚假材料
    FalseMaterials,
    /// 超出评价范围或地区
    BeyondScope,
    /// 转借、转包评价资格
    RightsLent,
    /// 人员或场地设施不符合条件
    ConditionsLost,
    /// 试题试卷泄密
    PapersLeaked,
    /// 伪造成绩、过程材料
    ResultsForged,
    /// 买卖证书
    CertificatesSold,
    /// 泄露、滥用考生信息
    DataMisused,
    /// 违规收费
    UnlawfulFees,
    /// 虚假宣传
    FalseAdvertising,
    /// 管理办法、收费标准未公开
    RulesNotPublished,
    /// 拒不接受监管
    SupervisionRefused,
    /// 长期未开展评价
    NoActivity,
    /// 限期整改不到位
    NotRectified,
    /// 其他
    Other,
}

/// What becomes of exams that were held before a suspension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OngoingBatches {
    /// Their certificates are issued.
    Continue,
    /// Nothing is issued until the right is resumed.
    Hold,
}

/// A measure with what belongs to its kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Measure {
    /// See [`MeasureKind::Talk`].
    Talk,
    /// See [`MeasureKind::Rectification`].
    Rectification {
        /// The day by which it is due.
        due_on: Date,
    },
    /// See [`MeasureKind::Suspension`].
    Suspension {
        /// The rights that rest; empty for all.
        rights: BTreeSet<RightId>,
        /// What becomes of exams held before.
        ongoing_batches: OngoingBatches,
    },
    /// See [`MeasureKind::Withdrawal`].
    Withdrawal,
}

impl Measure {
    /// Its kind.
    pub fn kind(&self) -> MeasureKind {
        match self {
            Self::Talk => MeasureKind::Talk,
            Self::Rectification { .. } => MeasureKind::Rectification,
            Self::Suspension { .. } => MeasureKind::Suspension,
            Self::Withdrawal => MeasureKind::Withdrawal,
        }
    }
}

/// A measure with its grounds and its first day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasureOrder {
    /// The measure.
    pub measure: Measure,
    /// Why.
    pub grounds: BTreeSet<MeasureGround>,
    /// First day.
    pub effective_on: Date,
}

/// A measure as somebody filled it in, as far as it can be read; what cannot is noted already.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MeasureForm {
    /// Its kind.
    pub kind: Option<MeasureKind>,
    /// Why, row by row.
    pub grounds: Vec<Option<MeasureGround>>,
    /// First day.
    pub effective_on: Option<Date>,
    /// The day by which it is due.
    pub due_on: Option<Date>,
    /// Whether such a day was filled in, readable or not.
    pub due_given: bool,
    /// The rights that rest, row by row.
    pub rights: Vec<Option<RightId>>,
    /// What becomes of exams held before.
    pub ongoing_batches: Option<OngoingBatches>,
    /// Whether that was filled in, readable or not.
    pub batches_given: bool,
}

impl MeasureForm {
    /// The measure, or notes all that is wrong with it. Fields are named as in the contract.
    pub fn read(self, today: Date, faults: &mut FaultList) -> Option<MeasureOrder> {
        let grounds = self.read_grounds(faults);
        if let Some(effective_on) = self.effective_on {
            let past = MeasureRejection::EffectiveInPast { today };
            faults.require(effective_on >= today, "effective_on", &past);
        }
        let kind = self.kind?;
        let measure = self.read_measure(kind, faults)?;
        Some(MeasureOrder {
            measure,
            grounds,
            effective_on: self.effective_on?,
        })
    }

    fn read_grounds(&self, faults: &mut FaultList) -> BTreeSet<MeasureGround> {
        if self.grounds.is_empty() {
            faults.add("grounds", &MeasureRejection::GroundMissing);
        }
        once(
            &self.grounds,
            "grounds",
            &MeasureRejection::GroundTwice,
            faults,
        )
    }

    fn read_measure(&self, kind: MeasureKind, faults: &mut FaultList) -> Option<Measure> {
        if kind != MeasureKind::Rectification && self.due_given {
            faults.add("due_on", &MeasureRejection::DueUncalledFor);
        }
        if kind != MeasureKind::Suspension {
            let uncalled_for = &MeasureRejection::SuspensionUncalledFor;
            faults.require(self.rights.is_empty(), "right_ids", uncalled_for);
            faults.require(!self.batches_given, "ongoing_batches", uncalled_for);
        }
        match kind {
            MeasureKind::Talk => Some(Measure::Talk),
            MeasureKind::Withdrawal => Some(Measure::Withdrawal),
            MeasureKind::Rectification => {
                let given = self.due_given;
                faults.require(given, "due_on", &MeasureRejection::DueMissing);
                let due_on = self.due_on?;
                let later = self
                    .effective_on
                    .is_none_or(|effective_on| due_on > effective_on);
                faults.require(later, "due_on", &MeasureRejection::DueTooEarly);
                Some(Measure::Rectification { due_on })
            }
            MeasureKind::Suspension => {
                let missing = &MeasureRejection::BatchesMissing;
                faults.require(self.batches_given, "ongoing_batches", missing);
                let twice = &MeasureRejection::RightTwice;
                let rights = once(&self.rights, "right_ids", twice, faults);
                Some(Measure::Suspension {
                    rights,
                    ongoing_batches: self.ongoing_batches?,
                })
            }
        }
    }
}

/// The rows that can be read, each once; notes those that are there again.
fn once<T: Copy + Ord>(
    rows: &[Option<T>],
    field: &str,
    twice: &impl Rejection,
    faults: &mut FaultList,
) -> BTreeSet<T> {
    let mut seen = BTreeSet::new();
    for (index, row) in rows.iter().enumerate() {
        let new = row.is_none_or(|row| seen.insert(row));
        faults.require(new, format!("{field}[{index}]"), twice);
    }
    seen
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;

    const TODAY: Date = date(2020, 9, 1);

    fn form(kind: MeasureKind) -> MeasureForm {
        MeasureForm {
            kind: Some(kind),
            grounds: vec![Some(MeasureGround::UnlawfulFees)],
            effective_on: Some(TODAY),
            ..MeasureForm::default()
        }
    }

    fn codes(form: MeasureForm) -> Vec<&'static str> {
        let mut faults = FaultList::default();
        let read = form.read(TODAY, &mut faults);
        match faults.finish() {
            Ok(()) => {
                assert!(read.is_some(), "nothing wrong, and no measure");
                Vec::new()
            }
            Err(faults) => faults.codes(),
        }
    }

    #[test]
    fn each_kind_has_what_belongs_to_it() {
        let right = RightId::from_uuid(Uuid::from_u128(1));
        let due = |due_on| MeasureForm {
            due_on: Some(due_on),
            due_given: true,
            ..form(MeasureKind::Rectification)
        };
        let suspension = |rights: Vec<Option<RightId>>| MeasureForm {
            rights,
            ongoing_batches: Some(OngoingBatches::Hold),
            batches_given: true,
            ..form(MeasureKind::Suspension)
        };
        for good in [
            form(MeasureKind::Talk),
            form(MeasureKind::Withdrawal),
            due(date(2020, 9, 2)),
            suspension(vec![]),
            suspension(vec![Some(right)]),
        ] {
            assert_eq!(codes(good), [""; 0]);
        }
        for (wrong, expected) in [
            (
                form(MeasureKind::Rectification),
                vec!["MEASURE_DUE_MISSING"],
            ),
            (due(TODAY), vec!["MEASURE_DUE_TOO_EARLY"]),
            (
                form(MeasureKind::Suspension),
                vec!["MEASURE_BATCHES_MISSING"],
            ),
            (
                suspension(vec![Some(right); 2]),
                vec!["MEASURE_RIGHT_TWICE"],
            ),
            (
                MeasureForm {
                    kind: Some(MeasureKind::Talk),
                    due_given: true,
                    ..suspension(vec![Some(right)])
                },
                vec![
                    "MEASURE_DUE_UNCALLED_FOR",
                    "MEASURE_SUSPENSION_UNCALLED_FOR",
                    "MEASURE_SUSPENSION_UNCALLED_FOR",
                ],
            ),
        ] {
            assert_eq!(codes(wrong), expected);
        }
    }

    #[test]
    fn every_measure_has_grounds_and_a_day_to_come() {
        let ground = Some(MeasureGround::Other);
        let wrong = |grounds| MeasureForm {
            grounds,
            effective_on: Some(date(2020, 8, 31)),
            ..form(MeasureKind::Talk)
        };
        let past = "MEASURE_EFFECTIVE_IN_PAST";
        assert_eq!(codes(wrong(vec![])), ["MEASURE_GROUND_MISSING", past]);
        assert_eq!(
            codes(wrong(vec![ground; 2])),
            ["MEASURE_GROUND_TWICE", past]
        );
    }
}
