//! How an organisation comes into being and gets further rights: all of it follows from what review
//! decided, and hearing of one decision twice changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{
    ApplicationId, CityReportId, ConsultationId, OrganizationId, RightId, SelectionId,
};
use kernel::level::Level;
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::rejection::Faults;
use uuid::Uuid;

use super::{Organization, OrganizationFact, OrganizationRejection, OrganizationStatus};
use crate::domain::right::{GrantBasis, GrantedScope, Right};

/// What a selection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To become an evaluation organisation.
    First,
    /// Further occupations or levels (扩项).
    Extension,
    /// A new term (续期).
    Renewal,
}

/// A selection as review published it.
#[derive(Debug, Clone)]
pub struct Selection {
    /// What for.
    pub purpose: Purpose,
    /// `sel_…`.
    pub selection_id: SelectionId,
    /// `app_…`.
    pub application_id: ApplicationId,
    /// `org_…`.
    pub organization_id: OrganizationId,
    /// Where it filed: its rights hold there first (notice 3.4).
    pub filing_division: DivisionCode,
    /// The scope granted.
    pub granted: Vec<GrantedScope>,
}

/// What rights are given from a day on: their dates, and fresh ids for them.
#[derive(Debug, Clone, Copy)]
pub struct Grant<'a> {
    /// The business day.
    pub today: Date,
    /// Years that a right is given for; none where no term is set.
    pub term_years: Option<u16>,
    /// One id for each level of each scope: a renewal may give each a right of its own.
    pub right_ids: &'a [Uuid],
}

impl Grant<'_> {
    /// Last day of a term that begins on a day.
    fn until(&self, from: Date) -> Option<Date> {
        let years = i64::from(self.term_years?);
        Some(
            from.saturating_add(years.years())
                .yesterday()
                .unwrap_or(from),
        )
    }

    fn rights(&self, selection: &Selection) -> Vec<Right> {
        let scopes = selection.granted.iter().zip(self.right_ids);
        let rights = scopes.map(|(scope, right_id)| Right {
            right_id: RightId::from_uuid(*right_id),
            scope: scope.clone(),
            division: selection.filing_division,
            valid_from: self.today,
            valid_until: self.until(self.today),
            ended_levels: BTreeMap::new(),
            basis: GrantBasis::Selection(selection.selection_id),
            goes_on_from: None,
        });
        rights.collect()
    }
}

/// Registers a selected organisation under a code.
///
/// # Errors
/// When the body is registered already.
pub fn register(
    existing: Option<&Organization>,
    selection: &Selection,
    code: EvaluationOrganizationCode,
    grant: &Grant<'_>,
) -> Result<Vec<OrganizationFact>, Faults> {
    if existing.is_some() {
        return Err(OrganizationRejection::OrganizationRegisteredAlready.into());
    }
    Ok(vec![OrganizationFact::OrganizationRegistered {
        organization_id: selection.organization_id,
        code,
        selection_id: selection.selection_id,
        application_id: selection.application_id,
        filing_division: selection.filing_division,
        rights: grant.rights(selection),
        on: grant.today,
    }])
}

impl Organization {
    /// The province has recorded its report; hearing it again changes nothing.
    pub fn report(&self, city_report_id: CityReportId) -> Vec<OrganizationFact> {
        match self.status {
            OrganizationStatus::Reported => Vec::new(),
            OrganizationStatus::Registered => vec![OrganizationFact::OrganizationReported {
                organization_id: self.organization_id,
                city_report_id,
                filing_division: self.filing_division,
            }],
        }
    }

    /// Adds the rights of an extension.
    pub fn extend(&self, selection: &Selection, grant: &Grant<'_>) -> Vec<OrganizationFact> {
        if self.takes_nothing_of(selection, grant.today) {
            return Vec::new();
        }
        self.granted(grant.rights(selection))
    }

    /// Gives a new term, level by level: it begins when what is held ends, or today where it has
    /// ended. A right whose levels are all renewed goes on; what is renewed of others, or not held
    /// any more, is a right of its own. What has no term needs none.
    pub fn renew(&self, selection: &Selection, grant: &Grant<'_>) -> Vec<OrganizationFact> {
        if self.takes_nothing_of(selection, grant.today) {
            return Vec::new();
        }
        let mut fresh = grant.right_ids.iter();
        let mut rights = Vec::new();
        let basis = GrantBasis::Selection(selection.selection_id);
        for scope in &selection.granted {
            for Renewed {
                held,
                until,
                levels,
            } in self.renewed(scope)
            {
                if held.is_some() && until.is_none() {
                    continue;
                }
                let after = until.map(|until| until.tomorrow().unwrap_or(until));
                let from = after.map_or(grant.today, |after| after.max(grant.today));
                let valid_until = grant.until(from);
                match held.filter(|held| held.goes_on_as(&levels, grant.today)) {
                    Some(held) => rights.push(Right {
                        valid_until,
                        basis,
                        ..held.clone()
                    }),
                    None => rights.extend(fresh.next().map(|right_id| Right {
                        right_id: RightId::from_uuid(*right_id),
                        scope: GrantedScope {
                            levels,
                            ..scope.clone()
                        },
                        division: self.filing_division,
                        valid_from: from,
                        valid_until,
                        ended_levels: BTreeMap::new(),
                        basis,
                        goes_on_from: held.map(|held| held.right_id),
                    })),
                }
            }
        }
        if rights.is_empty() {
            return Vec::new();
        }
        vec![OrganizationFact::RightsRenewed {
            organization_id: self.organization_id,
            filing_division: self.filing_division,
            selection_id: selection.selection_id,
            rights,
        }]
    }

    /// The levels of a scope, those together that are held in one right at home until one day; of
    /// several rights that have or had a level, the last.
    fn renewed(&self, scope: &GrantedScope) -> Vec<Renewed<'_>> {
        let mut groups: BTreeMap<_, Renewed<'_>> = BTreeMap::new();
        for level in scope.levels.iter().copied() {
            let held = self.rights.iter().filter(|held| {
                self.is_at_home(held)
                    && held.scope.is_about_the_same(scope)
                    && held.scope.levels.contains(&level)
            });
            let last = |held: &&Right| held.level_until(level).unwrap_or(Date::MAX);
            let held = held.max_by_key(last);
            let until = held.and_then(|held| held.level_until(level));
            let group = groups.entry((held.map(|held| held.right_id), until));
            let group = group.or_insert_with(|| Renewed {
                held,
                until,
                levels: BTreeSet::new(),
            });
            group.levels.insert(level);
        }
        groups.into_values().collect()
    }

    /// Nothing follows from what was heard before, nor from what review decided before it heard that
    /// the organisation is withdrawn.
    fn takes_nothing_of(&self, selection: &Selection, today: Date) -> bool {
        let basis = GrantBasis::Selection(selection.selection_id);
        self.is_withdrawn(today) || self.rights.iter().any(|right| right.basis == basis)
    }

    /// Gives it rights in another city, as the province decided.
    pub fn grant_area(&self, area: &AreaGrant, right_ids: &[Uuid]) -> Vec<OrganizationFact> {
        let basis = GrantBasis::Consultation(area.consultation_id);
        let known = self
            .rights
            .iter()
            .any(|right| right.basis == basis && right.division == area.division);
        if known || self.is_withdrawn(area.valid_from) {
            return Vec::new();
        }
        let scopes = area.scopes.iter().zip(right_ids);
        let rights = scopes.map(|(scope, right_id)| Right {
            right_id: RightId::from_uuid(*right_id),
            scope: scope.clone(),
            division: area.division,
            valid_from: area.valid_from,
            valid_until: area.valid_until,
            ended_levels: BTreeMap::new(),
            basis,
            goes_on_from: None,
        });
        self.granted(rights.collect())
    }

    fn granted(&self, rights: Vec<Right>) -> Vec<OrganizationFact> {
        if rights.is_empty() {
            return Vec::new();
        }
        vec![OrganizationFact::RightsGranted {
            organization_id: self.organization_id,
            filing_division: self.filing_division,
            rights,
        }]
    }
}

/// Levels that are renewed together.
struct Renewed<'a> {
    /// The right in which they are or were held; none where they never were.
    held: Option<&'a Right>,
    /// Their last day in it; none where they have no term.
    until: Option<Date>,
    /// The levels.
    levels: BTreeSet<Level>,
}

/// Work in another city, as the province decided it.
#[derive(Debug, Clone)]
pub struct AreaGrant {
    /// `cons_…`.
    pub consultation_id: ConsultationId,
    /// `org_…`.
    pub organization_id: OrganizationId,
    /// The city.
    pub division: DivisionCode,
    /// What it may evaluate there.
    pub scopes: Vec<GrantedScope>,
    /// First day.
    pub valid_from: Date,
    /// Last day, where an end is set.
    pub valid_until: Option<Date>,
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::measure::Measure as Terms;

    use super::*;
    use crate::domain::samples::{TODAY, measure, organization, right, scope, selection, weihai};

    fn grant(right_ids: &[Uuid]) -> Grant<'_> {
        Grant {
            today: TODAY,
            term_years: Some(3),
            right_ids,
        }
    }

    const IDS: [Uuid; 2] = [Uuid::from_u128(91), Uuid::from_u128(92)];

    #[test]
    fn rights_hold_in_the_filing_area_from_the_day_of_registration_for_their_term() {
        let facts = register(None, &selection(), organization().code, &grant(&IDS));
        let facts = facts.expect("registered");
        let [OrganizationFact::OrganizationRegistered { rights, .. }] = facts.as_slice() else {
            panic!("one fact");
        };
        assert_eq!(rights[0].division, weihai());
        assert_eq!(rights[0].valid_from, TODAY);
        assert_eq!(rights[0].valid_until, Some(date(2023, 6, 7)));
        let no_term = Grant {
            term_years: None,
            ..grant(&IDS)
        };
        assert_eq!(no_term.until(TODAY), None);
    }

    #[test]
    fn an_organization_is_registered_once() {
        let again = register(
            Some(&organization()),
            &selection(),
            organization().code,
            &grant(&[]),
        );
        assert_eq!(
            again.expect_err("refused").codes(),
            ["ORGANIZATION_REGISTERED_ALREADY"]
        );
    }

    #[test]
    fn a_report_heard_twice_changes_nothing() {
        let report = CityReportId::from_uuid(Uuid::from_u128(4));
        assert_eq!(organization().report(report).len(), 1);
        let reported = Organization {
            status: OrganizationStatus::Reported,
            ..organization()
        };
        assert_eq!(reported.report(report), []);
    }

    #[test]
    fn an_extension_adds_rights_once() {
        let extension = Selection {
            purpose: Purpose::Extension,
            selection_id: SelectionId::from_uuid(Uuid::from_u128(77)),
            granted: vec![scope("2015:6-18-02-04")],
            ..selection()
        };
        let mut organization = organization();
        let facts = organization.extend(&extension, &grant(&IDS));
        let [OrganizationFact::RightsGranted { rights, .. }] = facts.as_slice() else {
            panic!("one fact");
        };
        organization.rights.extend(rights.clone());
        assert_eq!(organization.extend(&extension, &grant(&IDS)), []);
    }

    /// What a renewal of these levels of electricians makes of an organisation's rights: levels,
    /// first and last day.
    fn renewal(organization: &Organization, levels: &[Level]) -> Vec<(Vec<Level>, Date, Date)> {
        let selection = Selection {
            purpose: Purpose::Renewal,
            selection_id: SelectionId::from_uuid(Uuid::from_u128(78)),
            granted: vec![GrantedScope {
                levels: levels.iter().copied().collect(),
                ..scope("2015:6-31-01-03")
            }],
            ..selection()
        };
        let facts = organization.renew(&selection, &grant(&IDS));
        let [OrganizationFact::RightsRenewed { rights, .. }] = facts.as_slice() else {
            panic!("one fact: {facts:?}");
        };
        let mut after = organization.clone();
        after
            .rights
            .retain(|known| rights.iter().all(|right| right.right_id != known.right_id));
        after.rights.extend(rights.clone());
        assert_eq!(after.renew(&selection, &grant(&IDS)), [], "heard twice");
        let told = rights.iter().map(|right| {
            let levels = right.scope.levels.iter().copied().collect();
            let until = right.valid_until.expect("a term");
            (levels, right.valid_from, until)
        });
        told.collect()
    }

    fn held(id: u128, levels: &[Level], until: Date) -> Right {
        Right {
            right_id: RightId::from_uuid(Uuid::from_u128(id)),
            scope: GrantedScope {
                levels: levels.iter().copied().collect(),
                ..right().scope
            },
            valid_until: Some(until),
            ..right()
        }
    }

    #[test]
    fn a_renewal_begins_where_the_term_ends_or_today_where_it_has_ended() {
        let (both, mut organization) = ([Level::Five, Level::Four], organization());
        organization.rights[0].valid_until = Some(date(2020, 12, 31));
        let goes_on = (both.to_vec(), TODAY, date(2023, 12, 31));
        assert_eq!(renewal(&organization, &both), [goes_on]);
        organization.rights[0].valid_from = date(2020, 1, 1);
        organization.rights[0].valid_until = Some(date(2020, 5, 31));
        let anew = (both.to_vec(), TODAY, date(2023, 6, 7));
        assert_eq!(
            renewal(&organization, &both),
            [anew],
            "nothing held in between"
        );
    }

    #[test]
    fn what_is_renewed_in_part_keeps_the_rest_of_its_term() {
        let three = [Level::Five, Level::Four, Level::Three];
        let mut organization = organization();
        organization.rights = vec![held(50, &three, date(2020, 12, 31))];
        let new = (three[..2].to_vec(), date(2021, 1, 1), date(2023, 12, 31));
        assert_eq!(renewal(&organization, &three[..2]), [new]);
    }

    #[test]
    fn levels_of_two_rights_are_renewed_each_from_its_own_end() {
        let mut organization = organization();
        organization.rights = vec![
            held(50, &[Level::Five], date(2020, 12, 31)),
            held(51, &[Level::Four], date(2021, 3, 31)),
        ];
        assert_eq!(
            renewal(&organization, &[Level::Five, Level::Four]),
            [
                (vec![Level::Five], TODAY, date(2023, 12, 31)),
                (vec![Level::Four], TODAY, date(2024, 3, 31)),
            ]
        );
    }

    #[test]
    fn whoever_is_withdrawn_gets_nothing_any_more() {
        let mut organization = organization();
        organization.rights[0].valid_until = Some(date(2020, 12, 31));
        organization.measures = vec![measure(Terms::Withdrawal)];
        let further = Selection {
            selection_id: SelectionId::from_uuid(Uuid::from_u128(79)),
            ..selection()
        };
        assert_eq!(organization.extend(&further, &grant(&IDS)), []);
        assert_eq!(organization.renew(&further, &grant(&IDS)), []);
        let area = AreaGrant {
            consultation_id: ConsultationId::from_uuid(Uuid::from_u128(80)),
            organization_id: organization.organization_id,
            division: DivisionCode::parse("370200").expect("a division"),
            scopes: further.granted,
            valid_from: TODAY,
            valid_until: None,
        };
        assert_eq!(organization.grant_area(&area, &IDS), []);
    }

    #[test]
    fn what_holds_for_ever_needs_no_new_term() {
        let renewal = Selection {
            purpose: Purpose::Renewal,
            selection_id: SelectionId::from_uuid(Uuid::from_u128(78)),
            ..selection()
        };
        let mut organization = organization();
        organization.rights[0].valid_until = None;
        assert_eq!(organization.renew(&renewal, &grant(&IDS)), []);
    }
}
