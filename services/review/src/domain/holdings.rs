//! What an organisation holds, over all its applications: the three occupations of the pilot, and
//! one filing authority (notice 2 and 3.2).
//!
//! A grant counts from its confirmation on, while its public notice still runs: it is *pending*
//! until the registry has registered it. Whatever ends before (an objection upheld, an application
//! withdrawn) gives it back. From then on the registry tells of each right what it is now, and it is
//! kept here under the same id. Levels that are held are not granted a second time, so that no two
//! rights are about the same: with an end of one of them nobody could say what is left.
//!
//! Rights elsewhere are of what is held at home, and end with that: they take no room of their own.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, OrganizationId, RightId};
use kernel::level::Level;
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::pilot::Pilot;
use kernel::rejection::FaultList;
use serde::{Deserialize, Serialize};

use super::refusal::{ApplicationRejection, PurposeRejection};
use super::{Application, Context, Fact, OccupationScope, Purpose};

/// What was granted and is not registered yet. There is one at most, since an organisation has one
/// undecided application at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// The application.
    pub application: ApplicationId,
    /// The scope.
    pub granted: Vec<OccupationScope>,
}

/// Levels of a right where the organisation filed, as the registry told of it last. It may be one that
/// begins when another one ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The right.
    pub right: RightId,
    /// The scope.
    pub scope: OccupationScope,
    /// Its last day, where a term is set or it was given up.
    pub until: Option<Date>,
}

impl Held {
    fn lasts_on(&self, day: Date) -> bool {
        self.until.is_none_or(|until| until >= day)
    }
}

/// What an organisation holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holdings {
    /// The organisation.
    pub organization: OrganizationId,
    /// Where it was selected first, and files ever since; it counts for the quota there.
    pub filing_division: Option<DivisionCode>,
    /// Its code, once the registry gave it.
    pub organization_code: Option<EvaluationOrganizationCode>,
    /// What it may evaluate.
    pub held: Vec<Held>,
    /// What it is about to.
    pub pending: Option<Pending>,
    /// First day on which it is an evaluation organisation no longer (取消备案).
    pub withdrawn_on: Option<Date>,
}

impl Holdings {
    /// Of an organisation that was never selected.
    pub fn none(organization: OrganizationId) -> Self {
        Self {
            organization,
            filing_division: None,
            organization_code: None,
            held: Vec::new(),
            pending: None,
            withdrawn_on: None,
        }
    }

    /// Whether a fact of an application changes what is held.
    pub fn hear(fact: &Fact) -> bool {
        matches!(
            fact,
            Fact::PublicNoticeOpened { .. }
                | Fact::SelectionOverturned { .. }
                | Fact::ApplicationWithdrawn { .. }
                | Fact::ApplicationLapsed { .. }
                | Fact::FilingReceiptIssued { .. }
        )
    }

    /// Changes what is held by what happened to an application of the organisation.
    pub fn follow(&mut self, application: &Application, fact: &Fact) {
        match fact {
            Fact::PublicNoticeOpened { granted, .. } => {
                self.filing_division = Some(application.filing_division);
                self.pending = Some(Pending {
                    application: application.id,
                    granted: granted.clone(),
                });
            }
            Fact::SelectionOverturned { .. }
            | Fact::ApplicationWithdrawn { .. }
            | Fact::ApplicationLapsed { .. } => {
                self.take_pending(application.id);
                // Whoever holds nothing yet may turn to another authority again.
                if self.organization_code.is_none() {
                    self.filing_division = None;
                }
            }
            // With what it was registered as, the registry tells.
            Fact::FilingReceiptIssued {
                organization_code, ..
            } => {
                self.organization_code = Some(*organization_code);
                self.take_pending(application.id);
            }
            _ => {}
        }
    }

    /// The registry says what a right is now, its levels by their last day, which takes the place of
    /// what it said before.
    pub fn hold(&mut self, right: RightId, told: impl IntoIterator<Item = Held>) {
        self.held.retain(|held| held.right != right);
        self.held.extend(told);
    }

    /// The registry says from when on its filing is withdrawn. Until then nothing changes.
    pub fn withdraw(&mut self, from: Date) {
        self.withdrawn_on = Some(from);
    }

    /// Whether it is an evaluation organisation no longer.
    pub fn is_withdrawn(&self, today: Date) -> bool {
        self.withdrawn_on.is_some_and(|from| from <= today)
    }

    /// Notes why an application for this purpose cannot be filed in this division.
    pub fn judge_purpose(
        &self,
        purpose: Purpose,
        division: Option<DivisionCode>,
        today: Date,
        faults: &mut FaultList,
    ) {
        let registered = self.organization_code.is_some();
        let refused = match purpose {
            _ if self.is_withdrawn(today) => Some(PurposeRejection::FilingWithdrawn),
            Purpose::First if registered => Some(PurposeRejection::SelectedAlready),
            Purpose::Extension | Purpose::Renewal if !registered => {
                Some(PurposeRejection::NotSelectedYet)
            }
            _ => None,
        };
        if let Some(refused) = refused {
            faults.add("purpose", &refused);
            return;
        }
        let elsewhere = self.filing_division.zip(division);
        faults.require(
            elsewhere.is_none_or(|(held, chosen)| held == chosen),
            "filing_division",
            &PurposeRejection::AnotherAuthority,
        );
    }

    /// Notes what is wrong with a scope for this purpose: an extension of what is held already, a
    /// renewal of what is not held or has no end.
    pub fn judge_scope(
        &self,
        purpose: Purpose,
        scope: &OccupationScope,
        field: &str,
        context: &Context<'_>,
        faults: &mut FaultList,
    ) {
        let held = self.levels_of(scope, context.today, |_| true);
        let endless = self.levels_of(scope, context.today, |held| held.until.is_none());
        let refused = match purpose {
            Purpose::Extension if !held.is_disjoint(&scope.levels) => PurposeRejection::HeldAlready,
            Purpose::Renewal if !held.is_superset(&scope.levels) => PurposeRejection::NotHeld,
            Purpose::Renewal if endless.is_superset(&scope.levels) => PurposeRejection::WithoutTerm,
            Purpose::First | Purpose::Extension | Purpose::Renewal => return,
        };
        faults.add(field, &refused);
    }

    /// Notes that there would be too many occupations with these. What is pending is not counted:
    /// it is of the same application.
    pub fn judge_room<'a>(
        &'a self,
        wanted: impl Iterator<Item = &'a OccupationScope>,
        field: &str,
        context: &Context<'_>,
        faults: &mut FaultList,
    ) {
        let limit = context.pilot.occupations_per_organization;
        let Some(limit) = limit.map(usize::from) else {
            return;
        };
        let held = self.lasting(context.today).map(|held| &held.scope);
        let given = counted(held.chain(wanted), context.pilot);
        faults.require(
            given <= limit,
            field,
            &ApplicationRejection::TooManyOccupations { limit, given },
        );
    }

    /// What is held on a day, or will be after it.
    fn lasting(&self, day: Date) -> impl Iterator<Item = &Held> {
        let held = self.held.iter().filter(move |held| held.lasts_on(day));
        held.filter(move |_| !self.is_withdrawn(day))
    }

    /// Levels of an occupation and trade, in whichever of the rights that last they are.
    fn levels_of(
        &self,
        scope: &OccupationScope,
        day: Date,
        counts: impl Fn(&Held) -> bool,
    ) -> BTreeSet<Level> {
        let held = self.lasting(day);
        let held = held.filter(|held| held.scope.is_about_the_same(scope) && counts(held));
        held.flat_map(|held| &held.scope.levels).copied().collect()
    }

    fn take_pending(&mut self, application: ApplicationId) {
        self.pending
            .take_if(|pending| pending.application == application);
    }
}

/// How many occupations these are. Trades of one are one, unless the department decides otherwise.
fn counted<'a>(scopes: impl Iterator<Item = &'a OccupationScope>, pilot: &Pilot) -> usize {
    let counted: BTreeSet<_> = scopes
        .map(|scope| {
            let trade = Some(scope.trade.as_str());
            let trade = trade.filter(|_| pilot.trades_count_as_occupations);
            (scope.occupation, trade)
        })
        .collect();
    counted.len()
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::super::samples::{
        DAY, electrician, filed, holder, on, organization, scope, shown, weihai,
    };
    use super::*;

    const CODES: [&str; 4] = ["6-31-01-03", "6-18-02-04", "4-03-02-01", "4-03-02-02"];

    fn five(code: &str) -> OccupationScope {
        scope(code, &[Level::Five])
    }

    /// The registry tells of a right of this number.
    fn tell(holdings: &mut Holdings, number: u128, scope: OccupationScope, until: Option<Date>) {
        let right = RightId::from_uuid(uuid::Uuid::from_u128(number));
        let held = Held {
            right,
            scope,
            until,
        };
        holdings.hold(right, [held]);
    }

    fn codes(judge: impl FnOnce(&mut FaultList)) -> Vec<&'static str> {
        let mut faults = FaultList::default();
        judge(&mut faults);
        let refused = faults.finish().err();
        refused.map(|refused| refused.codes()).unwrap_or_default()
    }

    fn has_room(holdings: &Holdings, wanted: &[OccupationScope], context: &Context<'_>) -> bool {
        codes(|faults| holdings.judge_room(wanted.iter(), "granted", context, faults)).is_empty()
    }

    #[test]
    fn three_occupations_are_all_over_all_grants() {
        let context = on(DAY);
        assert!(has_room(&holder(&CODES[..2]), &[five(CODES[2])], &context));
        assert!(!has_room(&holder(&CODES[..3]), &[five(CODES[3])], &context));
        let two_more = [five(CODES[2]), five(CODES[3])];
        assert!(!has_room(&holder(&CODES[..2]), &two_more, &context));
        // More levels of what is held are no further occupation.
        let level_four = scope(CODES[0], &[Level::Four]);
        assert!(has_room(&holder(&CODES[..3]), &[level_four], &context));
        let pilot = Pilot {
            occupations_per_organization: None,
            ..Pilot::supplied()
        };
        let lifted = Context {
            pilot: &pilot,
            ..context
        };
        assert!(has_room(&holder(&CODES[..3]), &[five(CODES[3])], &lifted));
    }

    #[test]
    fn trades_of_one_occupation_are_one_unless_the_department_says_otherwise() {
        let trades = ["甲", "乙", "丙", "丁"].map(|trade| OccupationScope {
            trade: trade.to_owned(),
            ..electrician()
        });
        let nothing = Holdings::none(organization());
        assert!(has_room(&nothing, &trades, &on(DAY)));
        let pilot = Pilot {
            trades_count_as_occupations: true,
            ..Pilot::supplied()
        };
        let each = Context {
            pilot: &pilot,
            ..on(DAY)
        };
        assert!(!has_room(&nothing, &trades, &each));
    }

    #[test]
    fn what_is_given_up_is_held_until_its_last_day() {
        let mut holdings = holder(&CODES[..3]);
        tell(&mut holdings, 0, five(CODES[0]), Some(DAY));
        let fourth = [five(CODES[3])];
        assert!(!has_room(&holdings, &fourth, &on(DAY)));
        assert!(has_room(&holdings, &fourth, &on(DAY + 1.day())));
        // What is granted again lasts again.
        tell(&mut holdings, 7, five(CODES[0]), None);
        assert!(!has_room(&holdings, &fourth, &on(DAY + 1.day())));
    }

    #[test]
    fn the_end_of_one_right_leaves_another_of_the_same_occupation() {
        let mut holdings = holder(&CODES[..3]);
        let four = scope(CODES[0], &[Level::Four]);
        for until in [None, Some(DAY)] {
            tell(&mut holdings, 7, four.clone(), until);
        }
        let after = on(DAY + 1.day());
        assert!(!has_room(&holdings, &[five(CODES[3])], &after), "five is");
    }

    #[test]
    fn a_right_whose_term_ran_out_is_not_held() {
        let mut holdings = holder(&CODES[..3]);
        tell(&mut holdings, 0, five(CODES[0]), Some(DAY));
        let fourth = [five(CODES[3])];
        assert!(!has_room(&holdings, &fourth, &on(DAY)), "its last day");
        let after = on(DAY + 1.day());
        assert!(has_room(&holdings, &fourth, &after));
        for (purpose, expected) in [
            (Purpose::Renewal, Some("OCCUPATION_NOT_HELD")),
            (Purpose::Extension, None),
        ] {
            let wanted = five(CODES[0]);
            let judge = |faults: &mut FaultList| {
                holdings.judge_scope(purpose, &wanted, "scope", &after, faults);
            };
            assert_eq!(codes(judge), Vec::from_iter(expected), "{purpose:?}");
        }
        // A new term, and it is held again.
        tell(&mut holdings, 0, five(CODES[0]), Some(DAY + 9.days()));
        assert!(!has_room(&holdings, &fourth, &after));
        assert_eq!(holdings.held.len(), 3);
    }

    #[test]
    fn a_withdrawal_counts_from_its_day_on() {
        let mut holdings = holder(&CODES[..3]);
        holdings.withdraw(DAY + 1.day());
        let fourth = [five(CODES[3])];
        let purpose = |today| {
            let here = Some(weihai());
            codes(|faults| holdings.judge_purpose(Purpose::Extension, here, today, faults))
        };
        assert!(!has_room(&holdings, &fourth, &on(DAY)));
        assert_eq!(purpose(DAY), [""; 0]);
        assert!(has_room(&holdings, &fourth, &on(DAY + 1.day())));
        assert_eq!(purpose(DAY + 1.day()), ["FILING_WITHDRAWN"]);
    }

    #[test]
    fn what_is_applied_for_goes_with_what_is_held() {
        let (here, there) = (Some(weihai()), Some(DivisionCode::PROVINCE));
        let (none, holder) = (Holdings::none(organization()), holder(&CODES[..1]));
        let mut gone = holder.clone();
        gone.withdraw(DAY);
        for (holdings, purpose, division, expected) in [
            (&none, Purpose::First, here, None),
            (&none, Purpose::Extension, here, Some("NOT_SELECTED_YET")),
            (&none, Purpose::Renewal, here, Some("NOT_SELECTED_YET")),
            (&holder, Purpose::First, here, Some("SELECTED_ALREADY")),
            (&holder, Purpose::Extension, here, None),
            (&holder, Purpose::Extension, there, Some("FILED_ELSEWHERE")),
            (&gone, Purpose::First, here, Some("FILING_WITHDRAWN")),
            (&gone, Purpose::Renewal, here, Some("FILING_WITHDRAWN")),
        ] {
            let found = codes(|faults| holdings.judge_purpose(purpose, division, DAY, faults));
            assert_eq!(found, Vec::from_iter(expected), "{purpose:?} {division:?}");
        }
    }

    #[test]
    fn an_extension_adds_and_a_renewal_does_not() {
        let held = five(CODES[0]);
        let four = scope(CODES[0], &[Level::Four]);
        let both = scope(CODES[0], &[Level::Five, Level::Four]);
        let (extension, renewal) = (Purpose::Extension, Purpose::Renewal);
        for (purpose, term, wanted, expected) in [
            (extension, None, &held, Some("OCCUPATION_HELD_ALREADY")),
            (extension, None, &both, Some("OCCUPATION_HELD_ALREADY")),
            (extension, None, &four, None),
            (renewal, Some(DAY), &held, None),
            (renewal, None, &held, Some("OCCUPATION_WITHOUT_TERM")),
            (renewal, Some(DAY), &both, Some("OCCUPATION_NOT_HELD")),
        ] {
            let mut holdings = holder(&CODES[..1]);
            tell(&mut holdings, 0, held.clone(), term);
            let found = codes(|faults| {
                holdings.judge_scope(purpose, wanted, "scope", &on(DAY), faults);
            });
            assert_eq!(found, Vec::from_iter(expected), "{purpose:?} {wanted:?}");
        }
    }

    #[test]
    fn levels_with_terms_of_their_own_are_held_together() {
        let mut holdings = holder(&[]);
        let level = |level| scope(CODES[0], &[level]);
        tell(&mut holdings, 1, level(Level::Five), Some(DAY));
        tell(&mut holdings, 2, level(Level::Four), None);
        let both = scope(CODES[0], &[Level::Five, Level::Four]);
        let judge = |faults: &mut FaultList| {
            holdings.judge_scope(Purpose::Renewal, &both, "scope", &on(DAY), faults);
        };
        assert_eq!(codes(judge), [""; 0], "one of them has a term");
    }

    #[test]
    fn a_grant_is_pending_until_it_is_registered_and_given_back_when_it_does_not_stand() {
        let application = shown();
        let selection = application.selection.clone().expect("shown");
        let opened = Fact::PublicNoticeOpened {
            selection: selection.id,
            granted: vec![electrician()],
            notice: selection.notice,
        };
        let mut holdings = Holdings::none(organization());
        holdings.follow(&application, &opened);
        assert_eq!(holdings.filing_division, Some(weihai()));
        assert!(holdings.held.is_empty());

        let overturned = Fact::SelectionOverturned {
            selection: selection.id,
        };
        let mut freed = holdings.clone();
        freed.follow(&application, &overturned);
        assert_eq!(freed, Holdings::none(organization()));

        let issued = Fact::FilingReceiptIssued {
            application: application.id,
            receipt: kernel::ids::ReceiptId::from_uuid(uuid::Uuid::nil()),
            organization: organization(),
            organization_code: EvaluationOrganizationCode::for_shandong("10", 1)
                .expect("a code of Weihai"),
            on: DAY,
        };
        holdings.follow(&filed(), &issued);
        assert_eq!(holdings.pending, None);
        assert!(holdings.organization_code.is_some());
        assert!([&opened, &overturned, &issued].map(Holdings::hear) == [true; 3]);
    }
}
