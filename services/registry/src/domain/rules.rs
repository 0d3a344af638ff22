//! What every organisation publishes before its first plan (notice 6.3): its rules on exam affairs,
//! quality and certificates, and what it charges. Versions stay on record; the one in force on a
//! day is the last that was published for it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use kernel::level::Level;
use kernel::occupation::OccupationRef;
use kernel::rejection::{FaultList, Faults};
use kernel::rejections;
use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoEnumIterator, IntoStaticStr};

use super::day::within_a_year;
use super::organization::{Organization, OrganizationFact};
use super::right::{Right, Wanted};

/// Rows that a table of fees may have.
pub const MOST_FEES: usize = 500;
/// Nobody pays more than 100 000 yuan for a part of an exam.
pub const MOST_FEN: u32 = 10_000_000;

rejections! {
    /// Why rules are not published, or not enough of them.
    pub enum RulesRejection {
        /// Four kinds, and fees that speak of what is examined.
        RulesNotPublished { missing: String } => "RULES_NOT_PUBLISHED", FailedPrecondition, "notice 6.3",
            "考核计划前应公开考务、质量、证书管理办法和收费标准，尚缺：{missing}",
            "before a plan, the rules on exam affairs, quality, certificates and fees have to be published; missing: {missing}";
        /// One of the four.
        RulesKindUnknown => "RULES_KIND_UNKNOWN", InvalidArgument, "notice 6.3",
            "办法种类应为考务管理、质量管理、证书管理或收费标准",
            "rules are on exam affairs, quality, certificates or fees";
        /// No such version.
        RulesNotFound => "RULES_NOT_FOUND", NotFound, "notice 6.3",
            "未找到该办法", "no such rules";
        /// Fees stand in the table of fees.
        FeesMisplaced => "FEES_MISPLACED", InvalidArgument, "notice 6.3",
            "只有收费标准可列收费项目", "only rules on fees have a table of fees";
        /// The table has its bounds.
        FeesOutOfBounds { limit: usize } => "FEES_OUT_OF_BOUNDS", InvalidArgument, "notice 6.3",
            "收费项目应为 1 至 {limit} 项", "a table of fees has 1 to {limit} rows";
        /// Part of an exam.
        FeePartUnknown => "FEE_PART_UNKNOWN", InvalidArgument, "notice 6.3",
            "收费项目应为理论知识考试、技能考核或综合评审",
            "a fee is for the theory, the skill or the review";
        /// An amount that somebody could mean.
        FeeTooHigh { limit: u32 } => "FEE_TOO_HIGH", InvalidArgument, "notice 6.3",
            "收费金额不能超过 {limit} 分", "a fee is at most {limit} fen";
        /// Each part once.
        FeeTwice => "FEE_TWICE", InvalidArgument, "notice 6.3",
            "同一职业、工种、等级和科目的收费重复", "the same part of the same exam has two fees";
        /// Only what it may examine.
        FeeBeyondRights => "FEE_BEYOND_RIGHTS", FailedPrecondition, "notice 6.3",
            "该职业（工种）等级不在评价机构的评价范围内",
            "the organisation has no right in this occupation, trade and level";
        /// All that it may examine.
        FeeMissing { occupation: String, level: &'static str } => "FEE_MISSING", FailedPrecondition, "notice 6.3",
            "缺少 {occupation} {level} 的收费标准", "the fee for {occupation} {level} is missing";
    }
}

/// What rules are about.
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
    EnumString,
    IntoStaticStr,
    EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RulesKind {
    /// 考务管理
    ExamAffairs,
    /// 质量管理
    Quality,
    /// 证书管理
    Certificates,
    /// 收费标准
    Fees,
}

impl RulesKind {
    fn words(self) -> &'static str {
        match self {
            Self::ExamAffairs => "考务管理 (exam affairs)",
            Self::Quality => "质量管理 (quality)",
            Self::Certificates => "证书管理 (certificates)",
            Self::Fees => "收费标准 (fees)",
        }
    }
}

/// Part of an exam that is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Part {
    /// 理论知识考试
    Theory,
    /// 技能考核
    Skill,
    /// 综合评审
    Review,
}

/// What is examined.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// Edition and code.
    pub occupation: OccupationRef,
    /// 工种 or 职业方向; empty where there is none.
    pub trade: String,
    /// The level.
    pub level: Level,
}

/// What a part of an exam costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fee {
    /// What is examined.
    pub subject: Subject,
    /// The part.
    pub part: Part,
    /// 分
    pub fen: u32,
}

/// A version as far as plans are judged by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its kind.
    pub kind: RulesKind,
    /// Running number within the kind, from 1.
    pub version: u32,
    /// First day.
    pub in_force_from: Date,
    /// Of fees: what the table speaks of.
    pub charged: BTreeSet<Subject>,
}

/// All that an organisation has published.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rulebook(pub Vec<Version>);

impl Rulebook {
    /// The version of a kind in force on a day.
    pub fn in_force(&self, kind: RulesKind, on: Date) -> Option<&Version> {
        let versions = self.0.iter();
        versions
            .filter(|version| version.kind == kind && version.in_force_from <= on)
            .max_by_key(|version| version.version)
    }

    /// The number that the next version of a kind has.
    fn next(&self, kind: RulesKind) -> u32 {
        let versions = self.0.iter().filter(|version| version.kind == kind);
        versions.map(|version| version.version).max().unwrap_or(0) + 1
    }

    /// Whether enough is published for a plan: all four kinds, with a fee for what is examined.
    ///
    /// # Errors
    /// What is missing on the day of the exam.
    pub fn allows_plan(&self, wanted: &Wanted) -> Result<(), RulesRejection> {
        let subject = Subject {
            occupation: wanted.occupation,
            trade: wanted.trade.clone(),
            level: wanted.level,
        };
        let is_missing = |kind: &RulesKind| {
            let version = self.in_force(*kind, wanted.on);
            version.is_none_or(|version| {
                *kind == RulesKind::Fees && !version.charged.contains(&subject)
            })
        };
        let missing: Vec<_> = RulesKind::iter()
            .filter(is_missing)
            .map(RulesKind::words)
            .collect();
        if missing.is_empty() {
            Ok(())
        } else {
            Err(RulesRejection::RulesNotPublished {
                missing: missing.join(", "),
            })
        }
    }
}

impl Organization {
    /// Publishes rules of a kind from a day on.
    ///
    /// # Errors
    /// Every fault of the day and the fees.
    pub fn publish_rules(
        &self,
        rulebook: &Rulebook,
        kind: RulesKind,
        in_force_from: Date,
        fees: &[Fee],
        today: Date,
    ) -> Result<(Version, Vec<OrganizationFact>), Faults> {
        let mut faults = FaultList::default();
        if self.is_withdrawn(today) {
            faults.refuse(&super::right::RightVerdict::OrganizationWithdrawn);
        }
        faults.take("in_force_from", within_a_year(in_force_from, today));
        if kind == RulesKind::Fees {
            check_fees(&self.rights, fees, in_force_from, &mut faults);
        }
        faults.finish()?;
        let version = Version {
            kind,
            version: rulebook.next(kind),
            in_force_from,
            charged: fees.iter().map(|fee| fee.subject.clone()).collect(),
        };
        let fact = OrganizationFact::RulesPublished {
            organization_id: self.organization_id,
            filing_division: self.filing_division,
            kind,
            version: version.version,
            in_force_from,
        };
        Ok((version, vec![fact]))
    }
}

/// Whether fees speak of all that may be examined from a day on, and of nothing else.
fn check_fees(rights: &[Right], fees: &[Fee], from: Date, faults: &mut FaultList) {
    let held = rights.iter().map(|right| right.scope_from(from));
    let mut uncharged: BTreeMap<Subject, bool> = held
        .flat_map(|scope| {
            let subject = move |level| Subject {
                occupation: scope.occupation,
                trade: scope.trade.clone(),
                level,
            };
            scope.levels.into_iter().map(subject)
        })
        .map(|subject| (subject, true))
        .collect();
    let mut seen = BTreeSet::new();
    for (index, fee) in fees.iter().enumerate() {
        let field = format!("fees[{index}]");
        match uncharged.get_mut(&fee.subject) {
            Some(is_uncharged) => *is_uncharged = false,
            None => faults.add(field.clone(), &RulesRejection::FeeBeyondRights),
        }
        faults.require(
            seen.insert((&fee.subject, fee.part)),
            field,
            &RulesRejection::FeeTwice,
        );
    }
    for (subject, _) in uncharged.into_iter().filter(|(_, uncharged)| *uncharged) {
        let occupation = format!("{} {}", subject.occupation, subject.trade);
        faults.add(
            "fees",
            &RulesRejection::FeeMissing {
                occupation: occupation.trim_end().to_owned(),
                level: subject.level.chinese(),
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::samples::{TODAY, fees, organization, rulebook, wanted};

    fn publish(fees: &[Fee], from: Date) -> Result<u32, Faults> {
        let published =
            organization().publish_rules(&rulebook(), RulesKind::Fees, from, fees, TODAY);
        published.map(|(version, _)| version.version)
    }

    #[test]
    fn versions_are_numbered_within_their_kind() {
        assert_eq!(publish(&fees(), TODAY), Ok(2));
        let first = organization().publish_rules(
            &Rulebook::default(),
            RulesKind::Quality,
            TODAY,
            &[],
            TODAY,
        );
        assert_eq!(first.expect("published").0.version, 1);
    }

    #[test]
    fn fees_speak_of_all_that_may_be_examined_and_of_nothing_else() {
        let mut fees = fees();
        let twice = fees[0].clone();
        fees.push(twice);
        fees[1].subject.level = Level::Three;
        let refused = publish(&fees, date(2020, 6, 7)).expect_err("refused");
        assert_eq!(
            refused.codes(),
            [
                "DAY_OUT_OF_RANGE",
                "FEE_BEYOND_RIGHTS",
                "FEE_TWICE",
                "FEE_MISSING"
            ]
        );
    }

    #[test]
    fn a_level_that_is_given_up_needs_no_fee() {
        let mut organization = organization();
        let last_day = date(2020, 6, 30);
        let levels = BTreeSet::from([Level::Four]);
        organization.rights[0] = organization.rights[0].without(&levels, last_day);
        let fees = &fees()[..1];
        for (from, refused) in [(last_day, true), (date(2020, 7, 1), false)] {
            let book = Rulebook::default();
            let published = organization.publish_rules(&book, RulesKind::Fees, from, fees, TODAY);
            assert_eq!(published.is_err(), refused, "{from}");
        }
    }

    #[test]
    fn the_version_in_force_is_the_last_published_for_the_day() {
        let version = |version, in_force_from| Version {
            kind: RulesKind::Quality,
            version,
            in_force_from,
            charged: BTreeSet::new(),
        };
        let book = Rulebook(vec![
            version(1, date(2020, 6, 8)),
            version(2, date(2020, 9, 1)),
            version(3, date(2020, 7, 1)),
        ]);
        let on = |day| {
            book.in_force(RulesKind::Quality, day)
                .map(|one| one.version)
        };
        assert_eq!(on(date(2020, 6, 7)), None);
        assert_eq!(on(date(2020, 6, 30)), Some(1));
        assert_eq!(on(date(2020, 7, 1)), Some(3));
        assert_eq!(on(date(2020, 9, 1)), Some(3), "published after the other");
    }

    #[test]
    fn a_plan_needs_all_four_kinds_and_a_fee_for_its_subject() {
        assert_eq!(rulebook().allows_plan(&wanted()), Ok(()));
        for kind in RulesKind::iter() {
            let mut book = rulebook();
            book.0.retain(|version| version.kind != kind);
            let missing = kind.words().to_owned();
            assert_eq!(
                book.allows_plan(&wanted()),
                Err(RulesRejection::RulesNotPublished { missing })
            );
        }
        let other = Wanted {
            level: Level::Three,
            ..wanted()
        };
        assert!(rulebook().allows_plan(&other).is_err(), "no fee for it");
    }
}
