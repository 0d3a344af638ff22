//! How rights end before their term: given up by the organisation, or with its work in another area.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{ConsultationId, RightId};
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
        /// It ends by that day anyway.
        RightEnded => "RIGHT_ENDED", FailedPrecondition, "notice 6.3",
            "该项评价资格届时已经终止", "the right has ended by then";
    }
}

impl Organization {
    /// Gives rights up: `from` is the first day without them. What is not held at home any more is
    /// not held elsewhere either.
    ///
    /// # Errors
    /// Every right that it cannot give up, and a day that cannot be chosen.
    pub fn give_up(
        &self,
        right_ids: &[RightId],
        from: Date,
        today: Date,
    ) -> Result<Vec<OrganizationFact>, Faults> {
        let mut faults = FaultList::default();
        self.require_not_withdrawn(today, &mut faults);
        let tomorrow = today.tomorrow().unwrap_or(today);
        faults.take("from", within_a_year(from, tomorrow));
        faults.require(
            !right_ids.is_empty(),
            "right_ids",
            &EndingRejection::RightsMissing,
        );
        let last_day = from.yesterday().unwrap_or(from);
        let mut rights = Vec::new();
        let mut named = BTreeSet::new();
        for (index, right_id) in right_ids.iter().enumerate() {
            let field = format!("right_ids[{index}]");
            if !named.insert(*right_id) {
                faults.add(field, &EndingRejection::RightTwice);
                continue;
            }
            let known = self.rights.iter().find(|right| right.right_id == *right_id);
            match known {
                None => faults.add(field, &EndingRejection::RightUnknown),
                Some(right) if right.ends_by(last_day) => {
                    faults.add(field, &EndingRejection::RightEnded);
                }
                Some(right) => rights.push(right.ending(last_day)),
            }
        }
        faults.finish()?;
        rights.extend(self.left_behind(&rights, last_day));
        Ok(self.ended(rights, RightsEnd::GivenUp))
    }

    /// Rights elsewhere that end with those given up, since nothing is left of them at home.
    fn left_behind(&self, given_up: &[Right], last_day: Date) -> Vec<Right> {
        let is_named = |right: &Right| given_up.iter().any(|one| one.right_id == right.right_id);
        let lasting = |right: &&Right| !right.ends_by(last_day) && !is_named(right);
        let lasting: Vec<_> = self.rights.iter().filter(lasting).collect();
        let is_left = |right: &Right| {
            let mut rights = lasting.iter();
            rights.any(|home| self.is_at_home(home) && home.scope.meets(&right.scope))
        };
        let elsewhere = lasting.iter().filter(|right| !self.is_at_home(right));
        let left = elsewhere.filter(|right| !is_left(right));
        left.map(|right| right.ending(last_day)).collect()
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
    use kernel::level::Level;
    use uuid::Uuid;

    use super::*;
    use crate::domain::samples::{TODAY, organization, right};

    #[test]
    fn a_right_is_given_up_from_a_day_on() {
        let from = date(2020, 7, 1);
        let facts = organization().give_up(&[right().right_id], from, TODAY);
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
            let facts = organization.give_up(&[right_id], date(2020, 7, 1), TODAY);
            match facts.expect("its own").as_slice() {
                [OrganizationFact::RightsEnded { rights, .. }] => rights.clone(),
                facts => panic!("one fact: {facts:?}"),
            }
        };
        let last_day = date(2020, 6, 30);
        assert_eq!(
            given_up(&organization, right().right_id),
            [right().ending(last_day), elsewhere.ending(last_day)]
        );
        assert_eq!(
            given_up(&organization, elsewhere.right_id),
            [elsewhere.ending(last_day)]
        );
        let mut more = right();
        more.right_id = RightId::from_uuid(Uuid::from_u128(62));
        more.scope.levels = BTreeSet::from([Level::Four]);
        organization.rights.push(more);
        assert_eq!(
            given_up(&organization, right().right_id),
            [right().ending(last_day)],
            "one level is still held at home"
        );
    }

    #[test]
    fn every_fault_of_giving_up_is_told_at_once() {
        let mut organization = organization();
        let mut ended = right();
        ended.right_id = RightId::from_uuid(Uuid::from_u128(50));
        ended.valid_until = Some(TODAY);
        organization.rights.push(ended.clone());
        let foreign = RightId::from_uuid(Uuid::from_u128(51));
        let named = [right().right_id, right().right_id, ended.right_id, foreign];
        let refused = organization.give_up(&named, TODAY, TODAY);
        assert_eq!(
            refused.expect_err("refused").codes(),
            ["DAY_OUT_OF_RANGE", "RIGHT_TWICE", "RIGHT_UNKNOWN"]
        );
        let refused = organization.give_up(&[ended.right_id], date(2020, 7, 1), TODAY);
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
