//! Whether an organisation may work: its measures against a day, and its rights against what is
//! wanted of them.

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::RightId;
use kernel::rejection::{FaultList, Faults};
use serde::Serialize;
use strum::{EnumString, IntoStaticStr};

use super::Organization;
use super::measure::Measure;
use crate::domain::right::{self, Right, RightVerdict, Use, Wanted};
use crate::domain::rules::Rulebook;

/// Whether an organisation may work, as the public is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Standing {
    /// It may.
    Active,
    /// 部分暂停
    PartlySuspended,
    /// 暂停
    Suspended,
    /// 取消备案
    Withdrawn,
}

impl Organization {
    /// Whether it may work on a day.
    pub fn standing(&self, on: Date) -> Standing {
        if self.is_withdrawn(on) {
            return Standing::Withdrawn;
        }
        let held = self.held(on).count();
        let mut in_force = self.measures.iter().filter(|one| one.suspends_on(on));
        match self.suspended(on).count() {
            0 if !in_force.any(Measure::is_about_all) => Standing::Active,
            resting if resting == held => Standing::Suspended,
            _ => Standing::PartlySuspended,
        }
    }

    /// Its rights on a day, be they suspended or not. Elsewhere it holds what it holds at home, too:
    /// where it filed it was found fit (notice 3.4).
    pub fn held(&self, on: Date) -> impl Iterator<Item = &Right> {
        let at_home = self.rights.iter().filter(|right| self.is_at_home(right));
        let at_home: Vec<_> = at_home.map(|right| right.scope_on(on)).collect();
        self.rights.iter().filter(move |right| {
            let scope = right.scope_on(on);
            let at_home = at_home.iter().any(|home| home.meets(&scope));
            !scope.levels.is_empty() && (self.is_at_home(right) || at_home)
        })
    }

    /// Those of its rights that hold on a day and are suspended.
    pub fn suspended(&self, on: Date) -> impl Iterator<Item = &Right> {
        self.held(on).filter(move |one| self.rests(one, on))
    }

    /// Whether it may work in a city on a day, where it was given rights for just this city.
    pub fn works_in(&self, city: DivisionCode, on: Date) -> bool {
        !self.is_withdrawn(on) && self.held(on).any(|right| right.division == city)
    }

    /// Whether a right holds where the organisation filed.
    pub fn is_at_home(&self, right: &Right) -> bool {
        right.division == self.filing_division
    }

    /// Whether it is withdrawn on a day.
    pub fn is_withdrawn(&self, on: Date) -> bool {
        self.measures.iter().any(|measure| measure.withdraws_on(on))
    }

    pub(super) fn require_not_withdrawn(&self, on: Date, faults: &mut FaultList) {
        if self.is_withdrawn(on) {
            faults.refuse(&RightVerdict::OrganizationWithdrawn);
        }
    }

    /// The right that covers what is wanted.
    ///
    /// # Errors
    /// Withdrawal, then what no right covers there or at home, then suspension, then what is not
    /// published.
    pub fn judge(
        &self,
        rulebook: &Rulebook,
        wanted: &Wanted,
        today: Date,
    ) -> Result<&Right, Faults> {
        if self.is_withdrawn(today.max(wanted.on)) {
            return Err(RightVerdict::OrganizationWithdrawn.into());
        }
        let covering = right::covering(&self.rights, wanted)?;
        if !covering.iter().any(|right| self.is_at_home(right)) {
            let at_home = Wanted {
                division: self.filing_division,
                ..wanted.clone()
            };
            right::covering(&self.rights, &at_home).map_err(|_| RightVerdict::NotHeldAtHome)?;
        }
        let usable = |right: &&&Right| match wanted.purpose {
            Use::Plan => !self.rests(right, wanted.on),
            Use::Issue => !self.rests(right, wanted.on) && !self.is_held(right, today),
        };
        let right = covering.iter().find(usable);
        let right = *right.ok_or(RightVerdict::RightSuspended)?;
        if wanted.purpose == Use::Plan {
            rulebook.allows_plan(wanted)?;
        }
        Ok(right)
    }

    fn rests(&self, right: &Right, on: Date) -> bool {
        let mut measures = self.measures.iter();
        measures.any(|measure| measure.suspends_on(on) && self.is_under(measure, right))
    }

    /// Whether exams held before a suspension wait for its end.
    fn is_held(&self, right: &Right, today: Date) -> bool {
        self.measures.iter().any(|measure| {
            measure.holds_batches() && measure.suspends_on(today) && self.is_under(measure, right)
        })
    }

    /// Whether a suspension is about a right, or about one whose levels it goes on with: a renewal
    /// makes nobody free.
    pub(super) fn is_under(&self, measure: &Measure, right: &Right) -> bool {
        let before = |right: &&Right| self.right(right.goes_on_from?);
        let mut line = std::iter::successors(Some(right), before);
        line.any(|right| measure.is_about(right.right_id))
    }

    /// One of its rights.
    pub(super) fn right(&self, id: RightId) -> Option<&Right> {
        self.rights.iter().find(|right| right.right_id == id)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::measure::{Measure as Terms, OngoingBatches};
    use uuid::Uuid;

    use super::*;
    use crate::domain::samples::{
        TODAY, measure, organization, right, rulebook, scope, suspension, wanted,
    };

    const EXAM: Date = date(2020, 7, 4);

    fn with(measures: impl IntoIterator<Item = Measure>) -> Organization {
        Organization {
            measures: measures.into_iter().collect(),
            ..organization()
        }
    }

    fn refused(
        organization: &Organization,
        purpose: Use,
        on: Date,
        today: Date,
    ) -> Option<&'static str> {
        let wanted = Wanted {
            on,
            purpose,
            ..wanted()
        };
        let judged = organization.judge(&rulebook(), &wanted, today);
        judged.err().map(|faults| faults.leading().code)
    }

    /// A suspension from 1 August to 1 September.
    fn august(ongoing: OngoingBatches) -> Organization {
        let mut august = suspension([], ongoing);
        august.order.effective_on = date(2020, 8, 1);
        august.progress.resumes_on = Some(date(2020, 9, 1));
        with([august])
    }

    #[test]
    fn no_plan_is_made_for_a_day_on_which_the_right_rests() {
        let organization = august(OngoingBatches::Continue);
        for (on, expected) in [
            (date(2020, 7, 31), None),
            (date(2020, 8, 1), Some("RIGHT_SUSPENDED")),
            (date(2020, 8, 31), Some("RIGHT_SUSPENDED")),
            (date(2020, 9, 1), None),
        ] {
            assert_eq!(
                refused(&organization, Use::Plan, on, TODAY),
                expected,
                "{on}"
            );
        }
    }

    #[test]
    fn what_was_examined_before_goes_on_or_waits_as_the_suspension_says() {
        let during = date(2020, 8, 15);
        let continued = august(OngoingBatches::Continue);
        let held = august(OngoingBatches::Hold);
        assert_eq!(refused(&continued, Use::Issue, EXAM, during), None);
        assert_eq!(
            refused(&held, Use::Issue, EXAM, during),
            Some("RIGHT_SUSPENDED")
        );
        let after = date(2020, 9, 1);
        assert_eq!(refused(&held, Use::Issue, EXAM, after), None);
        assert_eq!(
            refused(&continued, Use::Issue, during, after),
            Some("RIGHT_SUSPENDED"),
            "an exam held while the right rested stays without it"
        );
    }

    #[test]
    fn a_suspension_of_some_rights_leaves_the_others() {
        let other = RightId::from_uuid(Uuid::from_u128(33));
        let organization = Organization {
            rights: vec![
                right(),
                Right {
                    right_id: other,
                    scope: scope("2015:6-18-02-04"),
                    ..right()
                },
            ],
            ..with([suspension([other], OngoingBatches::Hold)])
        };
        assert_eq!(refused(&organization, Use::Plan, EXAM, TODAY), None);
        assert_eq!(organization.standing(TODAY), Standing::PartlySuspended);
    }

    #[test]
    fn what_a_renewal_splits_off_rests_with_what_it_was_split_off_from() {
        let renewed = Right {
            right_id: RightId::from_uuid(Uuid::from_u128(33)),
            valid_from: date(2023, 6, 8),
            valid_until: None,
            goes_on_from: Some(right().right_id),
            ..right()
        };
        let again = Right {
            right_id: RightId::from_uuid(Uuid::from_u128(34)),
            goes_on_from: Some(renewed.right_id),
            ..renewed.clone()
        };
        let named = suspension([right().right_id], OngoingBatches::Hold);
        let mut organization = with([named]);
        let exam = date(2023, 7, 4);
        for right in [renewed, again] {
            organization.rights.push(right.clone());
            let rests = refused(&organization, Use::Plan, exam, TODAY);
            assert_eq!(rests, Some("RIGHT_SUSPENDED"));
            assert_eq!(organization.standing(exam), Standing::Suspended);
            let twice = suspension([right.right_id], OngoingBatches::Hold);
            let twice = organization.impose(organization.filing_division, twice);
            let twice = twice.expect_err("it rests already");
            assert_eq!(twice.codes(), ["RIGHTS_SUSPENDED_ALREADY"]);
        }
    }

    #[test]
    fn the_withdrawn_has_no_right_from_that_day_on() {
        let mut withdrawal = measure(Terms::Withdrawal);
        withdrawal.order.effective_on = date(2020, 8, 1);
        let organization = with([withdrawal]);
        let last = date(2020, 7, 31);
        assert_eq!(refused(&organization, Use::Plan, last, TODAY), None);
        assert_eq!(
            refused(&organization, Use::Plan, date(2020, 8, 1), TODAY),
            Some("ORGANIZATION_WITHDRAWN")
        );
        assert_eq!(refused(&organization, Use::Issue, EXAM, last), None);
        assert_eq!(
            refused(&organization, Use::Issue, EXAM, date(2020, 8, 1)),
            Some("ORGANIZATION_WITHDRAWN")
        );
        assert_eq!(organization.standing(last), Standing::Active);
        assert_eq!(organization.standing(date(2020, 8, 1)), Standing::Withdrawn);
    }

    #[test]
    fn elsewhere_it_holds_what_it_holds_at_home() {
        let qingdao = DivisionCode::parse("370200").expect("a division");
        let elsewhere = Right {
            right_id: RightId::from_uuid(Uuid::from_u128(34)),
            division: qingdao,
            valid_until: None,
            ..right()
        };
        let mut organization = Organization {
            rights: vec![right(), elsewhere.clone()],
            ..organization()
        };
        let asked = |organization: &Organization, on| {
            let wanted = Wanted {
                division: qingdao,
                on,
                ..wanted()
            };
            let judged = organization.judge(&rulebook(), &wanted, TODAY);
            judged.err().map(|faults| faults.leading().code)
        };
        let last = date(2023, 6, 7);
        assert_eq!(asked(&organization, last), None);
        assert_eq!(organization.held(last).count(), 2);
        let after = date(2023, 6, 8);
        let refused = Some("RIGHT_NOT_HELD_AT_HOME");
        assert_eq!(asked(&organization, after), refused, "its term ran out");
        assert_eq!(organization.held(after).count(), 0);
        organization.rights = vec![elsewhere];
        assert_eq!(asked(&organization, last), refused, "it has none");
    }

    #[test]
    fn rules_are_asked_for_plans_alone() {
        let nothing = Rulebook::default();
        let organization = organization();
        let plan = organization.judge(&nothing, &wanted(), TODAY);
        assert_eq!(
            plan.expect_err("nothing is published").codes(),
            ["RULES_NOT_PUBLISHED"]
        );
        let issue = Wanted {
            purpose: Use::Issue,
            ..wanted()
        };
        assert!(organization.judge(&nothing, &issue, TODAY).is_ok());
    }

    #[test]
    fn a_suspension_of_all_is_seen_even_where_nothing_is_held() {
        let all = || suspension([], OngoingBatches::Hold);
        assert_eq!(with([all()]).standing(TODAY), Standing::Suspended);
        let bare = Organization {
            rights: Vec::new(),
            ..with([all()])
        };
        assert_eq!(bare.standing(TODAY), Standing::Suspended);
        assert_eq!(organization().standing(TODAY), Standing::Active);
    }
}
