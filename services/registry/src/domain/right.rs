//! Rights to evaluate: occupation × trade × levels × area × dates.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{ConsultationId, RightId, SelectionId};
use kernel::level::Level;
use kernel::occupation::OccupationRef;
use kernel::rejections;
use serde::{Deserialize, Serialize};

rejections! {
    /// Why an organisation has no right.
    pub enum RightVerdict {
        /// The body is not an evaluation organisation.
        OrganizationNotRegistered => "ORGANIZATION_NOT_REGISTERED", FailedPrecondition, "notice 3.4",
            "该单位不是已赋码的评价机构", "the body is not a registered evaluation organisation";
        /// The occupation or trade was not granted.
        RightOccupation => "RIGHT_OCCUPATION", FailedPrecondition, "notice 6.3",
            "该职业（工种）不在评价机构的评价范围内", "the occupation or trade was not granted";
        /// The level was not granted.
        RightLevel => "RIGHT_LEVEL", FailedPrecondition, "notice 2",
            "该等级不在评价机构的评价范围内", "the level was not granted";
        /// The area is another.
        RightArea => "RIGHT_AREA", FailedPrecondition, "notice 3.4",
            "该地区不在评价机构的评价范围内", "the right does not hold in this area";
        /// Elsewhere it does what it does at home.
        NotHeldAtHome => "RIGHT_NOT_HELD_AT_HOME", FailedPrecondition, "notice 3.4",
            "该评价机构在申报地已没有此项评价资格，不能跨区域开展",
            "the organisation does not hold this right where it filed, and so it does not hold it elsewhere";
        /// The organisation is one no longer.
        OrganizationWithdrawn => "ORGANIZATION_WITHDRAWN", FailedPrecondition, "notice 6.2",
            "该评价机构已取消备案", "the organisation is withdrawn";
        /// The right rests, or rested on the day of the exam, or exams of before wait for its end.
        RightSuspended => "RIGHT_SUSPENDED", FailedPrecondition, "notice 6.2",
            "该评价资格已暂停", "the right is suspended";
        /// It has to be said what the right is needed for.
        RightPurposeUnknown => "RIGHT_PURPOSE_UNKNOWN", InvalidArgument, "platform",
            "请说明用于考核计划还是颁发证书", "it has to be said whether for a plan or to issue certificates";
        /// The day is outside the right's dates.
        RightDates => "RIGHT_DATES", FailedPrecondition, "notice 3.4",
            "该日期不在评价资格的有效期内", "the right does not hold on this day";
    }
}

/// An occupation with the levels granted in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantedScope {
    /// Edition and code.
    pub occupation: OccupationRef,
    /// 工种 or 职业方向; empty where there is none.
    pub trade: String,
    /// The levels.
    pub levels: BTreeSet<Level>,
}

impl GrantedScope {
    /// Whether both are about the same occupation and trade.
    pub fn is_about_the_same(&self, other: &Self) -> bool {
        self.occupation == other.occupation && self.trade == other.trade
    }

    /// Whether both have a level in common.
    pub fn meets(&self, other: &Self) -> bool {
        self.is_about_the_same(other) && !self.levels.is_disjoint(&other.levels)
    }
}

/// A right to evaluate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Right {
    /// `right_…`.
    pub right_id: RightId,
    /// Occupation, trade and levels.
    pub scope: GrantedScope,
    /// Area in which it holds.
    pub division: DivisionCode,
    /// First day.
    pub valid_from: Date,
    /// Last day, where a term is set.
    pub valid_until: Option<Date>,
    /// Levels that end before the rest of it, with their last days.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ended_levels: BTreeMap<Level, Date>,
    /// The decision it follows from.
    pub basis: GrantBasis,
    /// The right whose levels it goes on with, where a renewal gave them a right of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goes_on_from: Option<RightId>,
}

/// The decision that a right follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantBasis {
    /// A selection: first, extension or renewal.
    Selection(SelectionId),
    /// A consultation of cities.
    Consultation(ConsultationId),
}

impl Right {
    /// Whether a day lies within its dates.
    pub fn holds_on(&self, day: Date) -> bool {
        self.valid_from <= day && !self.ends_before(day)
    }

    /// The last day of one of its levels, where there is one.
    pub fn level_until(&self, level: Level) -> Option<Date> {
        let own = self.ended_levels.get(&level).copied();
        own.into_iter().chain(self.valid_until).min()
    }

    /// What of it holds on a day.
    pub fn scope_on(&self, day: Date) -> GrantedScope {
        let mut scope = self.scope_from(day);
        if day < self.valid_from {
            scope.levels.clear();
        }
        scope
    }

    /// What of it holds on a day, or will after it.
    pub fn scope_from(&self, day: Date) -> GrantedScope {
        let mut scope = self.scope.clone();
        let lasts = |level: &Level| self.level_until(*level).is_none_or(|until| until >= day);
        scope.levels.retain(lasts);
        scope
    }

    /// The same without levels after a day, or as a whole where none is left.
    #[must_use]
    pub fn without(&self, levels: &BTreeSet<Level>, last_day: Date) -> Self {
        let mut left = self.clone();
        for level in levels.intersection(&self.scope.levels).copied() {
            if self.level_until(level).is_none_or(|until| until > last_day) {
                left.ended_levels.insert(level, last_day);
            }
        }
        let after = last_day.tomorrow().unwrap_or(last_day);
        if left.scope_from(after).levels.is_empty() {
            left.ending(last_day)
        } else {
            left
        }
    }

    /// Whether it holds on no day after this one.
    pub fn ends_by(&self, last_day: Date) -> bool {
        self.valid_until.is_some_and(|until| until <= last_day)
    }

    fn ends_before(&self, day: Date) -> bool {
        self.valid_until.is_some_and(|until| until < day)
    }

    /// Whether it goes on when these levels are renewed today, since they are all that it has; what
    /// has ended does not go on.
    pub fn goes_on_as(&self, levels: &BTreeSet<Level>, today: Date) -> bool {
        self.ended_levels.is_empty()
            && self.scope.levels.is_subset(levels)
            && !self.ends_before(today)
    }

    /// The same with another last day.
    #[must_use]
    pub fn ending(&self, last_day: Date) -> Self {
        Self {
            valid_until: Some(last_day),
            ..self.clone()
        }
    }
}

/// What a right is needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// To report a plan.
    Plan,
    /// To issue certificates.
    Issue,
}

/// What somebody wants to evaluate, where and when.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Edition and code.
    pub occupation: OccupationRef,
    /// 工种 or 职业方向; empty where there is none.
    pub trade: String,
    /// The level.
    pub level: Level,
    /// Where.
    pub division: DivisionCode,
    /// On which day the exam is.
    pub on: Date,
    /// What for.
    pub purpose: Use,
}

/// The rights that cover what is wanted: one at least.
///
/// # Errors
/// The first thing that no right covers: occupation, then level, area, dates.
pub fn covering<'r>(rights: &'r [Right], wanted: &Wanted) -> Result<Vec<&'r Right>, RightVerdict> {
    type Condition = fn(&Right, &Wanted) -> bool;
    let conditions: [(Condition, RightVerdict); 4] = [
        (
            |right, wanted| {
                right.scope.occupation == wanted.occupation && right.scope.trade == wanted.trade
            },
            RightVerdict::RightOccupation,
        ),
        (
            |right, wanted| right.scope.levels.contains(&wanted.level),
            RightVerdict::RightLevel,
        ),
        (
            |right, wanted| right.division.contains(&wanted.division),
            RightVerdict::RightArea,
        ),
        (
            |right, wanted| right.scope_on(wanted.on).levels.contains(&wanted.level),
            RightVerdict::RightDates,
        ),
    ];
    let mut left: Vec<&Right> = rights.iter().collect();
    for (holds, otherwise) in conditions {
        left.retain(|right| holds(right, wanted));
        if left.is_empty() {
            return Err(otherwise);
        }
    }
    Ok(left)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::samples::{right, wanted};

    fn division(code: &str) -> DivisionCode {
        DivisionCode::parse(code).expect("a division")
    }

    #[test]
    fn a_right_covers_its_occupation_levels_area_and_dates() {
        assert_eq!(covering(&[right()], &wanted()), Ok(vec![&right()]));
    }

    #[test]
    fn each_side_of_a_right_has_its_own_refusal() {
        let refused = |wanted: Wanted| covering(&[right()], &wanted).err();
        let trade = Wanted {
            trade: "电焊工".to_owned(),
            ..wanted()
        };
        assert_eq!(refused(trade), Some(RightVerdict::RightOccupation));
        assert_eq!(
            refused(Wanted {
                level: Level::Three,
                ..wanted()
            }),
            Some(RightVerdict::RightLevel),
        );
        assert_eq!(
            refused(Wanted {
                division: division("370200"),
                ..wanted()
            }),
            Some(RightVerdict::RightArea),
        );
        for on in [date(2020, 6, 7), date(2023, 6, 8)] {
            assert_eq!(
                refused(Wanted { on, ..wanted() }),
                Some(RightVerdict::RightDates)
            );
        }
    }

    #[test]
    fn a_level_may_end_before_the_rest() {
        let last_day = date(2020, 12, 31);
        let left = right().without(&BTreeSet::from([Level::Five]), last_day);
        let asked = |level, on| {
            let wanted = Wanted {
                level,
                on,
                ..wanted()
            };
            covering(std::slice::from_ref(&left), &wanted).err()
        };
        let after = date(2021, 1, 1);
        assert_eq!(asked(Level::Five, last_day), None);
        assert_eq!(asked(Level::Five, after), Some(RightVerdict::RightDates));
        assert_eq!(asked(Level::Four, after), None);
        let nothing = left.without(&BTreeSet::from([Level::Four]), after);
        assert_eq!(nothing.valid_until, Some(after), "none is left");
        assert_eq!(nothing.level_until(Level::Five), Some(last_day));
    }

    #[test]
    fn the_first_and_the_last_day_belong_to_the_right() {
        for on in [date(2020, 6, 8), date(2023, 6, 7)] {
            assert!(covering(&[right()], &Wanted { on, ..wanted() }).is_ok());
        }
    }
}
