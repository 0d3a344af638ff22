//! How rights end before their term: given up by the organisation, or with its work in another area.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{ConsultationId, RightId};
use kernel::level::Level;
use kernel::rejection::{FaultList, Faults};
use kernel::rejections;

use super::{Organization, OrganizationFact, RightsEnd};
use crate::domain::day::within_a_year;
use crate::domain::right::{GrantBasis, Right};

rejections! {
    /// Why rights are not given up.
    pub enum EndingRejection {
        /// It is said which.
        RightsMissing => "RIGHTS_MISSING", InvalidArgument, "platform",
            "请指明至少一项评价资格", "at least one right has to be named";
        /// Not a right of this organisation.
        RightUnknown => "RIGHT_UNKNOWN", FailedPrecondition, "notice 6.3",
            "该评价机构没有此项评价资格", "the organisation has no such right";
        /// One right is named once.
        RightTwice => "RIGHT_TWICE", InvalidArgument, "platform",
            "同一项评价资格重复出现", "the same right is named twice";
        /// Not a level of this right.
        LevelUnknown => "RIGHT_WITHOUT_LEVEL", FailedPrecondition, "notice 2",
            "此项评价资格不含该等级", "the right does not have this level";
        /// It ends by that day anyway.
        RightEnded => "RIGHT_ENDED", FailedPrecondition, "notice 6.3",
            "该项评价资格届时已经终止", "the right has ended by then";
    }
}

/// What of a right is given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relinquished {
    /// The right.
    pub right_id: RightId,
    /// The levels; none for all of it.
    pub levels: BTreeSet<Level>,
}

/// A right without what is given up of it, or notes why that cannot be.
fn relinquish(
    right: &Right,
    levels: &BTreeSet<Level>,
    last_day: Date,
    field: &str,
    faults: &mut FaultList,
) -> Option<Right> {
    let after = last_day.tomorrow().unwrap_or(last_day);
    let lasting = right.scope_from(after).levels;
    let named = if levels.is_empty() { &lasting } else { levels };
    if !named.is_subset(&right.scope.levels) {
        faults.add(format!("{field}.levels"), &EndingRejection::LevelUnknown);
    } else if named.is_empty() || !named.is_subset(&lasting) {
        faults.add(format!("{field}.right_id"), &EndingRejection::RightEnded);
    } else {
        return Some(right.without(named, last_day));
    }
    None
}

impl Organization {
    /// Gives rights up, or levels of them: `from` is the first day without them. What is not held at
    /// home any more is not held elsewhere either.
    ///
    /// # Errors
    /// Every right that it cannot give up, and a day that cannot be chosen.
    pub fn give_up(
        &self,
        given_up: &[Relinquished],
        from: Date,
        today: Date,
    ) -> Result<Vec<OrganizationFact>, Faults> {
        let mut faults = FaultList::default();
        self.require_not_withdrawn(today, &mut faults);
        let tomorrow = today.tomorrow().unwrap_or(today);
        faults.take("from", within_a_year(from, tomorrow));
        let missing = given_up.is_empty();
        faults.require(!missing, "rights", &EndingRejection::RightsMissing);
        let last_day = from.yesterday().unwrap_or(from);
        let mut rights = Vec::new();
        let mut named = BTreeSet::new();
        for (index, Relinquished { right_id, levels }) in given_up.iter().enumerate() {
            let field = format!("rights[{index}]");
            if !named.insert(*right_id) {
                faults.add(format!("{field}.right_id"), &EndingRejection::RightTwice);
                continue;
            }
            match self.right(*right_id) {
                None => faults.add(format!("{field}.right_id"), &EndingRejection::RightUnknown),
                Some(right) => {
                    let ended = relinquish(right, levels, last_day, &field, &mut faults);
                    rights.extend(ended);
                }
            }
        }
        faults.finish()?;
        rights.extend(self.left_behind(&rights, last_day));
        Ok(self.ended(rights, RightsEnd::GivenUp))
    }

    /// Rights elsewhere, without the levels of which nothing is left at home after a day.
    fn left_behind(&self, given_up: &[Right], last_day: Date) -> Vec<Right> {
        let after = last_day.tomorrow().unwrap_or(last_day);
        let changed = |right: &Right| {
            let mut named = given_up.iter();
            named.find(|one| one.right_id == right.right_id).cloned()
        };
        let (home, elsewhere): (Vec<_>, Vec<_>) =
            self.rights.iter().partition(|right| self.is_at_home(right));
        let home = home.into_iter();
        let home = home.map(|right| changed(right).unwrap_or_else(|| right.clone()));
        let home: Vec<_> = home.map(|right| right.scope_from(after)).collect();
        let left = elsewhere.into_iter().filter_map(|right| {
            let same = home
                .iter()
                .filter(|home| home.is_about_the_same(&right.scope));
            let held: BTreeSet<_> = same.flat_map(|home| &home.levels).copied().collect();
            let lost = &right.scope_from(after).levels - &held;
            let stays = lost.is_empty() || changed(right).is_some();
            (!stays).then(|| right.without(&lost, last_day))
        });
        left.collect()
    }

    /// Ends its work in another city, as the province decided; hearing it again changes nothing.
    pub fn end_area(
        &self,
        consultation: ConsultationId,
        division: DivisionCode,
        last_day: Date,
    ) -> Vec<OrganizationFact> {
        let basis = GrantBasis::Consultation(consultation);
        let there = self.rights.iter().filter(|right| {
            right.basis == basis && right.division == division && !right.ends_by(last_day)
        });
        let ended = there.map(|right| right.ending(last_day));
        self.ended(ended.collect(), RightsEnd::CrossArea)
    }

    fn ended(&self, rights: Vec<Right>, reason: RightsEnd) -> Vec<OrganizationFact> {
        if rights.is_empty() {
            return Vec::new();
        }
        vec![OrganizationFact::RightsEnded {
            organization_id: self.organization_id,
            filing_division: self.filing_division,
            rights,
            reason,
        }]
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;
    use crate::domain::samples::{TODAY, organization, right};

    /// All of a right.
    fn whole(right_id: RightId) -> Relinquished {
        Relinquished {
            right_id,
            levels: BTreeSet::new(),
        }
    }

    #[test]
    fn a_right_is_given_up_from_a_day_on() {
        let from = date(2020, 7, 1);
        let facts = organization().give_up(&[whole(right().right_id)], from, TODAY);
        let facts = facts.expect("its own");
        let [OrganizationFact::RightsEnded { rights, .. }] = facts.as_slice() else {
            panic!("one fact");
        };
        assert_eq!(rights[0].valid_until, Some(date(2020, 6, 30)));
    }

    #[test]
    fn what_is_given_up_at_home_ends_elsewhere_too() {
        let elsewhere = Right {
            right_id: RightId::from_uuid(Uuid::from_u128(61)),
            division: DivisionCode::parse("370200").expect("a division"),
            valid_until: None,
            ..right()
        };
        let mut organization = organization();
        organization.rights.push(elsewhere.clone());
        let given_up = |organization: &Organization, right_id| {
            let facts = organization.give_up(&[whole(right_id)], date(2020, 7, 1), TODAY);
            match facts.expect("its own").as_slice() {
                [OrganizationFact::RightsEnded { rights, .. }] => rights.clone(),
                facts => panic!("one fact: {facts:?}"),
            }
        };
        let last_day = date(2020, 6, 30);
        assert_eq!(
            given_up(&organization, right().right_id),
            [&right(), &elsewhere].map(|right| right.without(&right.scope.levels, last_day))
        );
        assert_eq!(
            given_up(&organization, elsewhere.right_id),
            [elsewhere.without(&elsewhere.scope.levels, last_day)]
        );
        let mut more = right();
        more.right_id = RightId::from_uuid(Uuid::from_u128(62));
        more.scope.levels = BTreeSet::from([Level::Four]);
        organization.rights.push(more);
        let ended = given_up(&organization, right().right_id);
        let five = BTreeSet::from([Level::Five]);
        assert_eq!(
            ended[1..],
            [elsewhere.without(&five, last_day)],
            "level four is still held at home"
        );
    }

    #[test]
    fn one_level_is_given_up_and_the_others_stay() {
        let give_up = |organization: &Organization, level| {
            let given_up = Relinquished {
                right_id: right().right_id,
                levels: BTreeSet::from([level]),
            };
            organization.give_up(&[given_up], date(2020, 7, 1), TODAY)
        };
        let mut organization = organization();
        let facts = give_up(&organization, Level::Five).expect("its own");
        let [OrganizationFact::RightsEnded { rights, .. }] = facts.as_slice() else {
            panic!("one fact");
        };
        organization.rights.clone_from(rights);
        let day = date(2020, 7, 1);
        assert_eq!(rights[0].valid_until, right().valid_until);
        let left = rights[0].scope_on(day).levels;
        assert_eq!(left, BTreeSet::from([Level::Four]));
        for (level, code) in [
            (Level::Five, "RIGHT_ENDED"),
            (Level::Three, "RIGHT_WITHOUT_LEVEL"),
        ] {
            let refused = give_up(&organization, level).expect_err("it has none");
            assert_eq!(refused.codes(), [code]);
        }
    }

    #[test]
    fn every_fault_of_giving_up_is_told_at_once() {
        let mut organization = organization();
        let mut ended = right();
        ended.right_id = RightId::from_uuid(Uuid::from_u128(50));
        ended.valid_until = Some(TODAY);
        organization.rights.push(ended.clone());
        let foreign = RightId::from_uuid(Uuid::from_u128(51));
        let named = [right().right_id, right().right_id, ended.right_id, foreign].map(whole);
        let refused = organization.give_up(&named, TODAY, TODAY);
        assert_eq!(
            refused.expect_err("refused").codes(),
            ["DAY_OUT_OF_RANGE", "RIGHT_TWICE", "RIGHT_UNKNOWN"]
        );
        let refused = organization.give_up(&[whole(ended.right_id)], date(2020, 7, 1), TODAY);
        assert_eq!(refused.expect_err("refused").codes(), ["RIGHT_ENDED"]);
        let refused = organization.give_up(&[], date(2020, 7, 1), TODAY);
        assert_eq!(refused.expect_err("refused").codes(), ["RIGHTS_MISSING"]);
    }

    #[test]
    fn work_in_another_city_ends_once() {
        let consultation = ConsultationId::from_uuid(Uuid::from_u128(60));
        let mut organization = organization();
        let qingdao = DivisionCode::parse("370200").expect("a division");
        organization.rights.push(Right {
            right_id: RightId::from_uuid(Uuid::from_u128(61)),
            division: qingdao,
            basis: GrantBasis::Consultation(consultation),
            ..right()
        });
        let last_day = date(2020, 9, 30);
        let facts = organization.end_area(consultation, qingdao, last_day);
        let [OrganizationFact::RightsEnded { rights, .. }] = facts.as_slice() else {
            panic!("one fact");
        };
        assert_eq!(rights.len(), 1, "those in the filing area stay");
        organization.rights[1] = rights[0].clone();
        assert_eq!(organization.end_area(consultation, qingdao, last_day), []);
    }
}
