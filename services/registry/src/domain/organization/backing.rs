//! What an organisation may evaluate elsewhere: no more than where it filed, which is where it was
//! found fit (notice 3.4).

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::level::Level;

use super::Organization;
use crate::domain::right::Right;

impl Organization {
    /// Its rights as far as they go: elsewhere without the levels that it never had at home, and the
    /// others no longer than it has them there.
    pub fn rights_as_backed(&self) -> Vec<Right> {
        let rights = self.rights.iter();
        let backed = rights.filter_map(|right| {
            if self.is_at_home(right) {
                Some(right.clone())
            } else {
                self.backed(right)
            }
        });
        backed.collect()
    }

    fn backed(&self, right: &Right) -> Option<Right> {
        let levels = right.scope.levels.iter();
        let ends = levels.filter_map(|level| {
            let at_home = self.home_until(right, *level)?;
            let own = right.level_until(*level);
            Some((*level, at_home.min(own.unwrap_or(Date::MAX))))
        });
        let ends: BTreeMap<_, _> = ends.filter(|(_, last)| *last >= right.valid_from).collect();
        let last = ends.values().copied().max()?;
        let mut backed = right.clone();
        backed.scope.levels = ends.keys().copied().collect();
        backed.valid_until = (last < Date::MAX).then_some(last);
        backed.ended_levels = ends.into_iter().filter(|(_, end)| *end < last).collect();
        Some(backed)
    }

    /// The last day on which it has a level at home of what a right is about; no day without end, and
    /// nothing where it never had it.
    fn home_until(&self, right: &Right, level: Level) -> Option<Date> {
        let same = self.rights.iter().filter(|home| {
            self.is_at_home(home)
                && home.scope.is_about_the_same(&right.scope)
                && home.scope.levels.contains(&level)
        });
        same.map(|home| home.level_until(level).unwrap_or(Date::MAX))
            .max()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::civil::date;
    use kernel::division::DivisionCode;
    use kernel::ids::RightId;
    use uuid::Uuid;

    use super::*;
    use crate::domain::samples::{organization, right};

    fn elsewhere(levels: &[Level]) -> Right {
        let mut elsewhere = Right {
            right_id: RightId::from_uuid(Uuid::from_u128(34)),
            division: DivisionCode::parse("370200").expect("a division"),
            valid_until: None,
            ..right()
        };
        elsewhere.scope.levels = levels.iter().copied().collect();
        elsewhere
    }

    fn with(home: &[Right], elsewhere: &Right) -> Option<Right> {
        let rights = home.iter().cloned().chain([elsewhere.clone()]).collect();
        let organization = Organization {
            rights,
            ..organization()
        };
        let mut backed = organization.rights_as_backed().into_iter();
        backed.find(|right| right.right_id == elsewhere.right_id)
    }

    #[test]
    fn elsewhere_a_right_lasts_as_long_as_at_home() {
        let backed = with(&[right()], &elsewhere(&[Level::Five, Level::Four]));
        let backed = backed.expect("held");
        assert_eq!(backed.valid_until, right().valid_until);
        assert!(backed.ended_levels.is_empty());
        let renewed = Right {
            valid_until: None,
            valid_from: date(2023, 6, 8),
            ..right()
        };
        let backed = with(&[right(), renewed], &elsewhere(&[Level::Five])).expect("held");
        assert_eq!(backed.valid_until, None);
        let own = elsewhere(&[Level::Five]).ending(date(2021, 1, 1));
        let backed = with(&[right()], &own).expect("held");
        assert_eq!(backed.valid_until, Some(date(2021, 1, 1)));
    }

    #[test]
    fn elsewhere_a_level_is_held_as_at_home() {
        let given_up = date(2021, 12, 31);
        let home = right().without(&BTreeSet::from([Level::Four]), given_up);
        let backed = with(
            &[home],
            &elsewhere(&[Level::Five, Level::Four, Level::Three]),
        );
        let backed = backed.expect("held in part");
        let held = BTreeSet::from([Level::Five, Level::Four]);
        assert_eq!(backed.scope.levels, held, "level three it never had");
        assert_eq!(backed.valid_until, right().valid_until);
        assert_eq!(
            backed.ended_levels,
            BTreeMap::from([(Level::Four, given_up)])
        );
        assert_eq!(with(&[right()], &elsewhere(&[Level::Three])), None);
        assert_eq!(with(&[], &elsewhere(&[Level::Five])), None);
    }
}
