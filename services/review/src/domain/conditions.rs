//! What the notice asks of each kind of body beside what it asks of all (notice 1.6 and 2), as far
//! as a machine can compare it with what is applied for. What is left to judge, whether a business
//! or a major is a main one, an officer judges.
//!
//! It may name people in its texts, so it lies sealed with the annexes, beside the aggregate.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::credit_code::UnifiedSocialCreditCode;
use kernel::level::Level;
use kernel::occupation::OccupationRef;
use kernel::rejection::FaultList;

use super::occupation::TABLE;
use super::refusal::{ConditionRejection, words};
use super::{Applicant, BodyKind, OccupationScope};

/// What a body states, by its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conditions {
    /// Of an enterprise.
    Enterprise(SelfEvaluation),
    /// Of an industry association.
    IndustryAssociation(Association),
    /// Of a school: its main majors.
    School(Vec<Major>),
    /// Of a private training institution: the occupations for which it mainly trains.
    PrivateTraining(Vec<TrainedOccupation>),
}

/// An enterprise's filing of evaluating its own people (技能人才自主评价备案).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelfEvaluation {
    /// 备案编号
    pub number: String,
    /// 备案机关
    pub authority: String,
    /// First day of its validity.
    pub valid_from: Date,
    /// Last day of its validity.
    pub valid_until: Date,
    /// 备案职业（工种）及等级
    pub scopes: Vec<OccupationScope>,
}

/// What an association states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Association {
    /// 主体业务范围
    pub main_business: String,
    /// 单位会员
    pub member_units: Vec<MemberUnit>,
}

/// A member unit that does the work for its association.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberUnit {
    /// 单位名称
    pub name: String,
    /// 统一社会信用代码
    pub credit_code: UnifiedSocialCreditCode,
    /// 入会日期
    pub member_since: Date,
    /// 合作协议名称或编号
    pub agreement: String,
    /// Last day of the agreement; none where it has no end.
    pub agreement_until: Option<Date>,
    /// 承担评价工作的条件
    pub capability: String,
    /// The occupations for which it does the work.
    pub occupations: Vec<OccupationRef>,
}

/// A major of a school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Major {
    /// 专业名称
    pub name: String,
    /// 培养层次
    pub training_level: TrainingLevel,
    /// The occupations for which it trains.
    pub occupations: Vec<OccupationRef>,
}

/// To which level a school trains (培养层次).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrainingLevel {
    /// 中级工班、中等职业教育
    Intermediate,
    /// 高级工班
    Senior,
    /// 预备技师（技师）班
    Technician,
    /// 高等职业教育（专科）
    HigherVocational,
    /// 本科及以上
    Undergraduate,
}

impl TrainingLevel {
    /// The highest level of evaluation. The notice bounds it by the level of training and says no
    /// more; that each trains to the level after which its graduates are called, and a bachelor to
    /// that of a technician, is our interpretation.
    pub fn highest(self) -> Level {
        match self {
            Self::Intermediate => Level::Four,
            Self::Senior | Self::HigherVocational => Level::Three,
            Self::Technician | Self::Undergraduate => Level::Two,
        }
    }
}

/// An occupation for which an institution trains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrainedOccupation {
    /// 职业
    pub occupation: OccupationRef,
    /// 工种或职业方向; empty where it trains for all of them.
    pub trade: String,
    /// 近三年培训人数
    pub persons_trained: u32,
}

impl Conditions {
    /// Whether a body of this kind states these.
    pub fn are_of(&self, kind: BodyKind) -> bool {
        matches!(
            (self, kind),
            (Self::Enterprise(_), BodyKind::Enterprise)
                | (Self::IndustryAssociation(_), BodyKind::IndustryAssociation)
                | (
                    Self::School(_),
                    BodyKind::HigherEducation | BodyKind::TechnicianCollege
                )
                | (Self::PrivateTraining(_), BodyKind::PrivateTraining)
        )
    }

    /// Notes what does not belong to this applicant at all: the conditions of another kind of body,
    /// or itself as its own member unit.
    pub(super) fn judge_of(&self, applicant: &Applicant, faults: &mut FaultList) {
        let kind = applicant.kind;
        let (chinese, english) = (kind.chinese(), words(kind.name()));
        faults.require(
            self.are_of(kind),
            "basic_form.conditions",
            &ConditionRejection::OfAnotherKind { chinese, english },
        );
        if let Self::IndustryAssociation(association) = self {
            for (index, unit) in association.member_units.iter().enumerate() {
                faults.require(
                    unit.credit_code != applicant.credit_code,
                    unit_field(index, "unified_social_credit_code"),
                    &ConditionRejection::MemberUnitIsApplicant,
                );
            }
        }
    }

    /// Notes what is not met on a day by what is applied for; `scopes` row by row, as far as each
    /// can be read.
    pub(super) fn judge(
        &self,
        scopes: &[Option<&OccupationScope>],
        today: Date,
        faults: &mut FaultList,
    ) {
        match self {
            Self::Enterprise(filing) => filing.judge(today, faults),
            Self::IndustryAssociation(association) => association.judge(today, faults),
            Self::School(_) | Self::PrivateTraining(_) => {}
        }
        for (index, scope) in scopes.iter().enumerate() {
            let field = format!("{TABLE}[{index}].scope");
            let Some(scope) = scope else { continue };
            if let Err((part, rejection)) = self.admits(scope) {
                faults.add(format!("{field}{part}"), &rejection);
            }
        }
    }

    /// Whether an occupation with its levels may be applied for; if not, why, and at which part.
    fn admits(&self, scope: &OccupationScope) -> Result<(), (&'static str, ConditionRejection)> {
        let require = |met, rejection| if met { Ok(()) } else { Err(("", rejection)) };
        match self {
            Self::Enterprise(filing) => {
                require(filing.covers(scope), ConditionRejection::OutsideFiling)
            }
            Self::IndustryAssociation(association) => {
                let mut units = association.member_units.iter();
                let served = units.any(|unit| unit.occupations.contains(&scope.occupation));
                require(served, ConditionRejection::WithoutMemberUnit)
            }
            Self::School(majors) => admitted_by(majors, scope),
            Self::PrivateTraining(trained) => {
                let same = |row: &TrainedOccupation| {
                    row.occupation == scope.occupation
                        && (row.trade.is_empty() || row.trade == scope.trade)
                };
                let trained = trained.iter().any(same);
                require(trained, ConditionRejection::NotTrained)
            }
        }
    }
}

impl SelfEvaluation {
    fn judge(&self, today: Date, faults: &mut FaultList) {
        let until = "basic_form.enterprise.valid_until";
        if self.valid_until < self.valid_from {
            faults.add(until, &ConditionRejection::FilingPeriod);
            return;
        }
        let field = if today < self.valid_from {
            "basic_form.enterprise.valid_from"
        } else {
            until
        };
        faults.require(
            (self.valid_from..=self.valid_until).contains(&today),
            field,
            &ConditionRejection::FilingNotInForce { today },
        );
    }

    /// Whether all of a scope is filed, be it in several rows.
    fn covers(&self, scope: &OccupationScope) -> bool {
        let about = |filed: &&OccupationScope| {
            filed.occupation == scope.occupation
                && (filed.trade.is_empty() || filed.trade == scope.trade)
        };
        let filed = self.scopes.iter().filter(about);
        let levels: BTreeSet<_> = filed.flat_map(|filed| &filed.levels).copied().collect();
        !levels.is_empty() && levels.is_superset(&scope.levels)
    }
}

impl Association {
    fn judge(&self, today: Date, faults: &mut FaultList) {
        let mut seen = BTreeSet::new();
        for (index, unit) in self.member_units.iter().enumerate() {
            faults.require(
                seen.insert(unit.credit_code),
                unit_field(index, "unified_social_credit_code"),
                &ConditionRejection::MemberUnitTwice,
            );
            faults.require(
                unit.member_since <= today,
                unit_field(index, "member_since"),
                &ConditionRejection::MemberLater { today },
            );
            faults.require(
                unit.agreement_until.is_none_or(|until| today <= until),
                unit_field(index, "agreement_until"),
                &ConditionRejection::AgreementOver { today },
            );
        }
    }
}

fn unit_field(index: usize, part: &str) -> String {
    format!("basic_form.industry_association.member_units[{index}].{part}")
}

/// Where several majors train for an occupation, the highest counts.
fn admitted_by(
    majors: &[Major],
    scope: &OccupationScope,
) -> Result<(), (&'static str, ConditionRejection)> {
    let highest = majors
        .iter()
        .filter(|major| major.occupations.contains(&scope.occupation))
        .map(|major| major.training_level.highest())
        .max();
    let highest = highest.ok_or(("", ConditionRejection::WithoutMajor))?;
    if scope.levels.iter().all(|level| *level <= highest) {
        return Ok(());
    }
    let (chinese, english) = (highest.chinese(), highest.english());
    let rejection = ConditionRejection::LevelAboveTraining { chinese, english };
    Err((".levels", rejection))
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use strum::IntoEnumIterator;

    use super::super::samples::{DAY, applicant, conditions_of, electrician, scope};
    use super::*;

    fn codes(conditions: &Conditions, scope: &OccupationScope) -> Vec<&'static str> {
        let mut faults = FaultList::default();
        conditions.judge(&[Some(scope)], DAY, &mut faults);
        faults
            .finish()
            .err()
            .map_or(Vec::new(), |refused| refused.codes())
    }

    fn trade(name: &str) -> OccupationScope {
        OccupationScope {
            trade: name.to_owned(),
            ..electrician()
        }
    }

    #[test]
    fn each_kind_of_body_states_its_own_conditions() {
        for kind in BodyKind::iter() {
            for stated in BodyKind::iter() {
                let mut faults = FaultList::default();
                let applicant = Applicant {
                    kind,
                    ..applicant()
                };
                conditions_of(stated).judge_of(&applicant, &mut faults);
                let are_schools = |kind| {
                    matches!(
                        kind,
                        BodyKind::HigherEducation | BodyKind::TechnicianCollege
                    )
                };
                let same = kind == stated || (are_schools(kind) && are_schools(stated));
                match faults.finish() {
                    Ok(()) => assert!(same, "{kind:?} {stated:?}"),
                    Err(refused) => {
                        assert!(!same, "{kind:?} {stated:?}");
                        assert_eq!(refused.codes(), ["CONDITIONS_OF_ANOTHER_KIND"]);
                    }
                }
            }
            assert_eq!(codes(&conditions_of(kind), &electrician()), [""; 0]);
        }
    }

    #[test]
    fn an_enterprise_applies_within_its_own_filing() {
        let conditions = conditions_of(BodyKind::Enterprise);
        assert_eq!(
            codes(&conditions, &trade("电缆工")),
            [""; 0],
            "all its trades"
        );
        for outside in [
            scope("6-31-01-03", &[Level::Five, Level::Two]),
            scope("6-18-02-04", &[Level::Five]),
        ] {
            assert_eq!(codes(&conditions, &outside), ["OUTSIDE_SELF_EVALUATION"]);
        }
        let Conditions::Enterprise(filing) = conditions else {
            unreachable!("of an enterprise");
        };
        let of_a_trade = Conditions::Enterprise(SelfEvaluation {
            scopes: vec![trade("电缆工")],
            ..filing
        });
        assert_eq!(codes(&of_a_trade, &trade("电缆工")), [""; 0]);
        let whole = codes(&of_a_trade, &electrician());
        assert_eq!(
            whole,
            ["OUTSIDE_SELF_EVALUATION"],
            "a trade is not the whole"
        );
    }

    #[test]
    fn levels_filed_in_several_rows_are_filed() {
        let Conditions::Enterprise(filing) = conditions_of(BodyKind::Enterprise) else {
            unreachable!("of an enterprise");
        };
        let rows = [Level::Five, Level::Four].map(|level| scope("6-31-01-03", &[level]));
        let filing = SelfEvaluation {
            scopes: rows.to_vec(),
            ..filing
        };
        assert_eq!(
            codes(&Conditions::Enterprise(filing), &electrician()),
            [""; 0]
        );
    }

    #[test]
    fn a_filing_is_in_force_on_its_first_and_last_day_and_on_no_other() {
        let in_force = |from: Date, until: Date| {
            let Conditions::Enterprise(filing) = conditions_of(BodyKind::Enterprise) else {
                unreachable!("of an enterprise");
            };
            codes(
                &Conditions::Enterprise(SelfEvaluation {
                    valid_from: from,
                    valid_until: until,
                    ..filing
                }),
                &electrician(),
            )
        };
        assert_eq!(in_force(DAY, DAY), [""; 0]);
        let (before, after) = (DAY - 1.day(), DAY + 1.day());
        for (from, until) in [(after, after), (before, before), (Date::MIN, before)] {
            assert_eq!(in_force(from, until), ["SELF_EVALUATION_NOT_IN_FORCE"]);
        }
        assert_eq!(in_force(after, before), ["SELF_EVALUATION_PERIOD"]);
    }

    #[test]
    fn an_association_has_a_member_unit_for_each_occupation() {
        let conditions = conditions_of(BodyKind::IndustryAssociation);
        let other = scope("6-18-02-04", &[Level::Five]);
        assert_eq!(
            codes(&conditions, &other),
            ["OCCUPATION_WITHOUT_MEMBER_UNIT"]
        );
    }

    #[test]
    fn a_member_unit_is_somebody_else_and_a_member_with_an_agreement() {
        let Conditions::IndustryAssociation(association) =
            conditions_of(BodyKind::IndustryAssociation)
        else {
            unreachable!("of an association");
        };
        let unit = association.member_units[0].clone();
        let late = MemberUnit {
            member_since: DAY + 1.day(),
            agreement_until: Some(DAY - 1.day()),
            ..unit.clone()
        };
        let conditions = Conditions::IndustryAssociation(Association {
            member_units: vec![unit.clone(), late],
            ..association.clone()
        });
        let expected = [
            "MEMBER_UNIT_TWICE",
            "MEMBERSHIP_IN_FUTURE",
            "MEMBER_AGREEMENT_EXPIRED",
        ];
        assert_eq!(codes(&conditions, &electrician()), expected);

        let itself = Applicant {
            kind: BodyKind::IndustryAssociation,
            credit_code: unit.credit_code,
            ..applicant()
        };
        let mut faults = FaultList::default();
        Conditions::IndustryAssociation(association).judge_of(&itself, &mut faults);
        let refused = faults.finish().expect_err("its own member");
        assert_eq!(refused.codes(), ["MEMBER_UNIT_IS_APPLICANT"]);
    }

    #[test]
    fn a_school_is_not_above_the_level_to_which_it_trains() {
        let school = |training_level| {
            let name = "电气自动化设备安装与维修".to_owned();
            let occupations = vec![electrician().occupation];
            Conditions::School(vec![Major {
                name,
                training_level,
                occupations,
            }])
        };
        let three = scope("6-31-01-03", &[Level::Four, Level::Three]);
        for (training_level, expected) in [
            (TrainingLevel::Intermediate, &["LEVEL_ABOVE_TRAINING"][..]),
            (TrainingLevel::Senior, &[]),
            (TrainingLevel::Technician, &[]),
            (TrainingLevel::HigherVocational, &[]),
            (TrainingLevel::Undergraduate, &[]),
        ] {
            assert_eq!(
                codes(&school(training_level), &three),
                expected,
                "{training_level:?}"
            );
        }
        let other = scope("6-18-02-04", &[Level::Five]);
        let expected = ["OCCUPATION_WITHOUT_MAJOR"];
        assert_eq!(codes(&school(TrainingLevel::Technician), &other), expected);
    }

    #[test]
    fn an_institution_applies_for_what_it_trains_for() {
        let trained = |trade: &str| {
            Conditions::PrivateTraining(vec![TrainedOccupation {
                occupation: electrician().occupation,
                trade: trade.to_owned(),
                persons_trained: 900,
            }])
        };
        assert_eq!(codes(&trained(""), &trade("电缆工")), [""; 0]);
        assert_eq!(codes(&trained("电缆工"), &trade("电缆工")), [""; 0]);
        for outside in [trade("电梯工"), electrician()] {
            assert_eq!(
                codes(&trained("电缆工"), &outside),
                ["OCCUPATION_NOT_TRAINED"]
            );
        }
    }
}
