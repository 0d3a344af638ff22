//! What an organisation holds, over all its applications: the three occupations of the pilot, and
//! one filing authority (notice 2 and 3.2).
//!
//! A grant counts from its confirmation on, while its public notice still runs: it is *pending*
//! until the registry has registered it. Whatever ends before (an objection upheld, an application
//! withdrawn) gives it back. What ends afterwards, the registry tells.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, OrganizationId};
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

/// What an organisation may evaluate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The scope.
    pub scope: OccupationScope,
    /// Its last day, where it was given up.
    pub until: Option<Date>,
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
    /// Day on which its filing was withdrawn (取消备案).
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
            Fact::SelectionOverturned { .. } | Fact::ApplicationWithdrawn { .. } => {
                self.take_pending(application.id);
                // Whoever holds nothing yet may turn to another authority again.
                if self.organization_code.is_none() {
                    self.filing_division = None;
                }
            }
            Fact::FilingReceiptIssued {
                organization_code, ..
            } => {
                self.organization_code = Some(*organization_code);
                self.take_pending(application.id)
                    .into_iter()
                    .for_each(|scope| self.add(scope));
            }
            _ => {}
        }
    }

    /// The registry says that a right ends with a day: its levels are held until then.
    pub fn end(&mut self, ended: &OccupationScope, last_day: Date) {
        let mut ending = Vec::new();
        let lasting = self.held.iter_mut().filter(|held| held.until.is_none());
        for held in lasting.filter(|held| held.scope.is_about_the_same(ended)) {
            let levels = &held.scope.levels & &ended.levels;
            held.scope.levels = &held.scope.levels - &levels;
            ending.push(Held {
                scope: OccupationScope {
                    levels,
                    ..held.scope.clone()
                },
                until: Some(last_day),
            });
        }
        self.held.extend(ending);
        self.held.retain(|held| !held.scope.levels.is_empty());
    }

    /// The registry says that the filing was withdrawn: nothing is held, and no place taken.
    pub fn withdraw(&mut self, on: Date) {
        self.held.clear();
        self.filing_division = None;
        self.withdrawn_on = Some(on);
    }

    /// Notes why an application for this purpose cannot be filed in this division.
    pub fn judge_purpose(
        &self,
        purpose: Purpose,
        division: Option<DivisionCode>,
        faults: &mut FaultList,
    ) {
        let registered = self.organization_code.is_some();
        let refused = match purpose {
            _ if self.withdrawn_on.is_some() => Some(PurposeRejection::FilingWithdrawn),
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

    /// Notes what is wrong with a scope for this purpose: an extension of nothing new, a renewal of
    /// what is not held.
    pub fn judge_scope(
        &self,
        purpose: Purpose,
        scope: &OccupationScope,
        field: &str,
        context: &Context<'_>,
        faults: &mut FaultList,
    ) {
        let held = self.held_on(context.today).any(|held| held.covers(scope));
        match purpose {
            Purpose::Extension if held => faults.add(field, &PurposeRejection::HeldAlready),
            Purpose::Renewal if !held => faults.add(field, &PurposeRejection::NotHeld),
            _ => {}
        }
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
        let given = counted(self.held_on(context.today).chain(wanted), context.pilot);
        faults.require(
            given <= limit,
            field,
            &ApplicationRejection::TooManyOccupations { limit, given },
        );
    }

    fn held_on(&self, day: Date) -> impl Iterator<Item = &OccupationScope> {
        let lasting = self.held.iter();
        let lasting = lasting.filter(move |held| held.until.is_none_or(|until| until >= day));
        lasting.map(|held| &held.scope)
    }

    fn take_pending(&mut self, application: ApplicationId) -> Vec<OccupationScope> {
        let own = |pending: &mut Pending| pending.application == application;
        let taken = self.pending.take_if(own);
        taken.map(|pending| pending.granted).unwrap_or_default()
    }

    /// Adds levels to an occupation that is there, or another occupation.
    fn add(&mut self, scope: OccupationScope) {
        let mut lasting = self.held.iter_mut().filter(|held| held.until.is_none());
        match lasting.find(|held| held.scope.is_about_the_same(&scope)) {
            Some(held) => held.scope.levels.extend(scope.levels),
            None => self.held.push(Held { scope, until: None }),
        }
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
    use kernel::level::Level;

    use super::super::samples::{
        DAY, electrician, filed, holder, on, organization, scope, shown, weihai,
    };
    use super::*;

    const CODES: [&str; 4] = ["6-31-01-03", "6-18-02-04", "4-03-02-01", "4-03-02-02"];

    fn five(code: &str) -> OccupationScope {
        scope(code, &[Level::Five])
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
        holdings.end(&five(CODES[0]), DAY);
        let fourth = [five(CODES[3])];
        assert!(!has_room(&holdings, &fourth, &on(DAY)));
        assert!(has_room(&holdings, &fourth, &on(DAY + 1.day())));
        // What is granted again lasts again.
        holdings.add(five(CODES[0]));
        assert!(!has_room(&holdings, &fourth, &on(DAY + 1.day())));
    }

    #[test]
    fn a_level_that_is_given_up_leaves_the_others() {
        let mut holdings = holder(&CODES[..1]);
        holdings.add(scope(CODES[0], &[Level::Four, Level::Three]));
        holdings.end(&scope(CODES[0], &[Level::Five, Level::Two]), DAY);
        let lasting = holdings.held_on(DAY + 1.day()).next().expect("two levels");
        assert_eq!(*lasting, scope(CODES[0], &[Level::Four, Level::Three]));
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
            let found = codes(|faults| holdings.judge_purpose(purpose, division, faults));
            assert_eq!(found, Vec::from_iter(expected), "{purpose:?} {division:?}");
        }
    }

    #[test]
    fn an_extension_adds_and_a_renewal_does_not() {
        let held = five(CODES[0]);
        let more = scope(CODES[0], &[Level::Five, Level::Four]);
        for (purpose, wanted, expected) in [
            (Purpose::Extension, &held, Some("OCCUPATION_HELD_ALREADY")),
            (Purpose::Extension, &more, None),
            (Purpose::Renewal, &held, None),
            (Purpose::Renewal, &more, Some("OCCUPATION_NOT_HELD")),
        ] {
            let holdings = holder(&CODES[..1]);
            let found = codes(|faults| {
                holdings.judge_scope(purpose, wanted, "scope", &on(DAY), faults);
            });
            assert_eq!(found, Vec::from_iter(expected), "{purpose:?} {wanted:?}");
        }
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
        assert_eq!(holdings.held[0].scope, electrician());
        assert!([&opened, &overturned, &issued].map(Holdings::hear) == [true; 3]);
    }
}
