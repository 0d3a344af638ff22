//! Rights to evaluate: occupation × trade × levels × area × dates.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::RightId;
use kernel::level::Level;
use kernel::occupation::OccupationRef;
use kernel::rejections;
use serde::Serialize;

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
        /// The day is outside the right's dates.
        RightDates => "RIGHT_DATES", FailedPrecondition, "notice 3.4",
            "该日期不在评价资格的有效期内", "the right does not hold on this day";
    }
}

/// An occupation with the levels granted in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GrantedScope {
    /// Edition and code.
    pub occupation: OccupationRef,
    /// 工种 or 职业方向; empty where there is none.
    pub trade: String,
    /// The levels.
    pub levels: BTreeSet<Level>,
}

/// A right to evaluate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
    /// When.
    pub on: Date,
}

/// The right that covers what is wanted.
///
/// # Errors
/// The first thing that no right covers: occupation, then level, area, dates.
pub fn covering<'r>(rights: &'r [Right], wanted: &Wanted) -> Result<&'r Right, RightVerdict> {
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
            |right, wanted| {
                right.valid_from <= wanted.on
                    && right.valid_until.is_none_or(|until| wanted.on <= until)
            },
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
    Ok(left[0])
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;

    fn electrician() -> OccupationRef {
        OccupationRef::parse("2015:6-31-01-03").expect("an occupation")
    }

    fn division(code: &str) -> DivisionCode {
        DivisionCode::parse(code).expect("a division")
    }

    fn right() -> Right {
        Right {
            right_id: RightId::from_uuid(Uuid::from_u128(1)),
            scope: GrantedScope {
                occupation: electrician(),
                trade: String::new(),
                levels: BTreeSet::from([Level::Five, Level::Four]),
            },
            division: division("371000"),
            valid_from: date(2020, 6, 8),
            valid_until: Some(date(2023, 6, 7)),
        }
    }

    fn wanted() -> Wanted {
        Wanted {
            occupation: electrician(),
            trade: String::new(),
            level: Level::Five,
            division: division("371002"),
            on: date(2020, 7, 4),
        }
    }

    #[test]
    fn a_right_covers_its_occupation_levels_area_and_dates() {
        assert_eq!(
            covering(&[right()], &wanted()).map(|right| right.division),
            Ok(division("371000"))
        );
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
    fn the_first_and_the_last_day_belong_to_the_right() {
        for on in [date(2020, 6, 8), date(2023, 6, 7)] {
            assert!(covering(&[right()], &Wanted { on, ..wanted() }).is_ok());
        }
    }
}
