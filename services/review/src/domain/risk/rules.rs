//! The rules, as data: what they look at stands here, from which figures on in
//! `data/risk_rules.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoStaticStr};

/// What a rule looks at.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
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
pub enum RiskKind {
    /// Nearly everybody who came was certified.
    PassRateHigh,
    /// Many of those expected did not come.
    AbsenceHigh,
    /// More candidates in a month than capacity suggests.
    VolumeHigh,
    /// Certificates were revoked again and again.
    RevocationsMany,
    /// More candidates in a month than its seats suggest.
    CapacityExceeded,
    /// Sessions were reported as held long after their day.
    ReportsLate,
    /// People objected to results again and again.
    ObjectionsMany,
    /// The same examiners worked at one exam after the other.
    RotationMissing,
}

impl RiskKind {
    /// Name for machines, as stored.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// A rule with the thresholds that hold from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RiskRule {
    /// What it looks at.
    #[serde(rename = "rule")]
    pub kind: RiskKind,
    /// The first day.
    pub valid_from: Date,
    /// What it looks at, in Chinese.
    pub zh: String,
    /// What it looks at, in English.
    pub en: String,
    /// Where it comes from.
    pub source: String,
    /// From this on it stands out.
    pub threshold: u32,
    /// Fewer people than this say nothing.
    pub least: u32,
    /// Of what can be late, the days that it may take.
    #[serde(default)]
    pub days: u32,
}

/// All rules with all their thresholds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RiskRules {
    rule: Vec<RiskRule>,
}

static SUPPLIED: LazyLock<RiskRules> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../data/risk_rules.toml"))
        .expect("the supplied rules are read by a test")
});

/// People of a plan that was reported.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reported {
    /// Candidates.
    pub candidates: u32,
    /// Entries of examiners who ought to have rotated.
    pub not_rotated: u32,
}

/// People of a session that was held.
#[derive(Debug, Clone, Copy)]
pub struct Attendance {
    /// Candidates who came.
    pub present: u32,
    /// Those who did not.
    pub absent: u32,
}

/// What is known of a plan: people counted, none named.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Candidates of the plan; none where it was not heard of as reported.
    pub candidates: u32,
    /// Present at the sessions held so far. Whoever sits several parts counts in each.
    pub present: u32,
    /// Absent from them.
    pub absent: u32,
    /// Certified so far.
    pub certified: u32,
}

impl Figures {
    /// People who came: of the candidates the share that was present over all sessions, since a
    /// session tells nobody's name.
    fn came(&self) -> u32 {
        let (present, absent) = (u64::from(self.present), u64::from(self.absent));
        let came = u64::from(self.candidates) * present;
        match (came.checked_div(present + absent), self.candidates) {
            (None, _) | (_, 0) => self.present,
            (Some(came), _) => u32::try_from(came).unwrap_or(u32::MAX).min(self.present),
        }
    }
}

/// What stands out, and by which figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule.
    pub rule: RiskKind,
    /// What it is about: a plan, a month, a year.
    pub subject: String,
    /// The figures by name, the threshold among them.
    pub figures: BTreeMap<String, u32>,
}

impl RiskRules {
    /// The rules as they are supplied.
    pub fn supplied() -> &'static Self {
        &SUPPLIED
    }

    /// The rules that hold on a day, each with its newest thresholds.
    pub fn on(&self, day: Date) -> Vec<&RiskRule> {
        let mut newest: BTreeMap<RiskKind, &RiskRule> = BTreeMap::new();
        for rule in self.rule.iter().filter(|rule| rule.valid_from <= day) {
            let known = newest.entry(rule.kind).or_insert(rule);
            if rule.valid_from > known.valid_from {
                *known = rule;
            }
        }
        newest.into_values().collect()
    }

    /// What stands out about a plan.
    pub fn judge_plan(&self, plan: &str, figures: &Figures, on: Date) -> Vec<Finding> {
        let Figures {
            present,
            absent,
            certified,
            ..
        } = *figures;
        let shares = [
            (
                RiskKind::PassRateHigh,
                ("certified", certified),
                ("present", figures.came()),
            ),
            (
                RiskKind::AbsenceHigh,
                ("absent", absent),
                ("expected", present.saturating_add(absent)),
            ),
        ];
        shares
            .into_iter()
            .filter_map(|(kind, part, whole)| self.judge_share(kind, plan, part, whole, on))
            .collect()
    }

    /// What stands out about the candidates of a month, of an organisation with so many seats.
    pub fn judge_month(&self, month: &str, candidates: u32, seats: u32, on: Date) -> Vec<Finding> {
        let by_number = self.judge_count(RiskKind::VolumeHigh, month, candidates, on);
        let (part, whole) = (("candidates", candidates), ("seats", seats));
        let by_seats = self.judge_share(RiskKind::CapacityExceeded, month, part, whole, on);
        by_number.into_iter().chain(by_seats).collect()
    }

    /// Whether a session that was held on one day and reported on another was reported late.
    pub fn is_late(&self, held_on: Date, reported_on: Date) -> bool {
        let taken = (reported_on - held_on).get_days();
        self.rule_on(RiskKind::ReportsLate, reported_on)
            .is_some_and(|rule| i64::from(taken) > i64::from(rule.days))
    }

    fn judge_share(
        &self,
        kind: RiskKind,
        subject: &str,
        part: (&str, u32),
        whole: (&str, u32),
        on: Date,
    ) -> Option<Finding> {
        let rule = self.rule_on(kind, on)?;
        let reached = u64::from(part.1) * 100 >= u64::from(rule.threshold) * u64::from(whole.1);
        let enough = whole.1 > 0 && whole.1 >= rule.least;
        (reached && enough).then(|| rule.finding(subject, &[part, whole]))
    }

    /// What stands out about a number, of a month or a year.
    pub fn judge_count(
        &self,
        kind: RiskKind,
        subject: &str,
        count: u32,
        on: Date,
    ) -> Option<Finding> {
        let rule = self.rule_on(kind, on)?;
        let reached = count >= rule.threshold && count >= rule.least;
        reached.then(|| rule.finding(subject, &[("count", count)]))
    }

    fn rule_on(&self, kind: RiskKind, day: Date) -> Option<&RiskRule> {
        self.on(day).into_iter().find(|rule| rule.kind == kind)
    }
}

impl RiskRule {
    fn finding(&self, subject: &str, figures: &[(&str, u32)]) -> Finding {
        let mut figures: BTreeMap<String, u32> = figures
            .iter()
            .map(|(name, value)| ((*name).to_owned(), *value))
            .collect();
        figures.insert("threshold".to_owned(), self.threshold);
        Finding {
            rule: self.kind,
            subject: subject.to_owned(),
            figures,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use strum::IntoEnumIterator;

    use super::*;

    const DAY: Date = date(2020, 9, 1);

    fn rules(threshold: u32, valid_from: Date) -> RiskRule {
        RiskRule {
            kind: RiskKind::RevocationsMany,
            valid_from,
            zh: String::new(),
            en: String::new(),
            source: String::new(),
            threshold,
            least: 0,
            days: 0,
        }
    }

    #[test]
    fn every_rule_is_supplied() {
        let kinds: Vec<_> = RiskRules::supplied()
            .on(DAY)
            .iter()
            .map(|rule| rule.kind)
            .collect();
        assert_eq!(kinds, RiskKind::iter().collect::<Vec<_>>());
        assert!(RiskRules::supplied().on(date(2020, 5, 13)).is_empty());
    }

    #[test]
    fn thresholds_hold_from_their_day_on() {
        let rule = vec![rules(9, date(2021, 1, 1)), rules(5, date(2020, 1, 1))];
        let rules = RiskRules { rule };
        let judge = |count, on| {
            let found = rules.judge_count(RiskKind::RevocationsMany, "2020", count, on);
            found.map(|finding| finding.figures["threshold"])
        };
        assert_eq!(judge(4, date(2020, 12, 31)), None);
        assert_eq!(judge(5, date(2020, 12, 31)), Some(5));
        assert_eq!(judge(8, date(2021, 1, 1)), None);
        assert_eq!(judge(9, date(2021, 1, 1)), Some(9));
        assert_eq!(judge(9, date(2019, 12, 31)), None);
    }

    #[test]
    fn a_month_is_held_against_seats_where_there_are_any() {
        let found = |candidates, seats| {
            let found = RiskRules::supplied().judge_month("2020-09", candidates, seats, DAY);
            let rules = found.iter().map(|finding| finding.rule.name());
            rules.collect::<Vec<_>>()
        };
        assert_eq!(found(599, 30), [""; 0]);
        assert_eq!(found(600, 30), ["capacity_exceeded"]);
        assert_eq!(found(600, 0), [""; 0]);
        assert_eq!(found(3000, 30), ["volume_high", "capacity_exceeded"]);
        assert_eq!(found(u32::MAX, u32::MAX), ["volume_high"]);
    }

    #[test]
    fn a_report_is_late_after_the_days_it_may_take() {
        let rules = RiskRules::supplied();
        for (reported_on, late) in [
            (DAY, false),
            (date(2020, 9, 4), false),
            (date(2020, 9, 5), true),
            (date(2021, 9, 1), true),
            (date(2020, 8, 31), false),
        ] {
            assert_eq!(rules.is_late(DAY, reported_on), late, "{reported_on}");
        }
    }

    #[test]
    fn a_share_stands_out_when_enough_people_say_so() {
        let found = |present, absent, certified| {
            let figures = Figures {
                present,
                absent,
                certified,
                ..Figures::default()
            };
            let found = RiskRules::supplied().judge_plan("plan_1", &figures, DAY);
            found
                .iter()
                .map(|finding| finding.rule.name())
                .collect::<Vec<_>>()
        };
        assert_eq!(found(30, 0, 30), ["pass_rate_high"]);
        assert_eq!(found(100, 0, 98), ["pass_rate_high"]);
        assert_eq!(found(100, 0, 97), [""; 0]);
        assert_eq!(found(29, 0, 29), [""; 0]);
        assert_eq!(found(12, 8, 0), ["absence_high"]);
        assert_eq!(found(13, 8, 0), [""; 0]);
        assert_eq!(found(0, 0, 0), [""; 0]);
        assert_eq!(found(u32::MAX / 2, u32::MAX / 2, 0), ["absence_high"]);
    }

    #[test]
    fn who_sits_two_parts_is_one_person_of_whom_one_is_certified() {
        let came = |candidates, present, absent| {
            let figures = Figures {
                candidates,
                present,
                absent,
                certified: 0,
            };
            figures.came()
        };
        assert_eq!(came(40, 80, 0), 40);
        assert_eq!(came(40, 60, 20), 30);
        // Half of them have sat the first part.
        assert_eq!(came(40, 20, 0), 20);
        assert_eq!(came(0, 20, 0), 20);
        assert_eq!(came(40, 0, 0), 0);
        assert_eq!(came(u32::MAX, u32::MAX, u32::MAX), u32::MAX / 2);
        let figures = Figures {
            candidates: 40,
            present: 80,
            absent: 0,
            certified: 40,
        };
        let found = RiskRules::supplied().judge_plan("plan_1", &figures, DAY);
        assert_eq!(found[0].rule, RiskKind::PassRateHigh);
    }
}
