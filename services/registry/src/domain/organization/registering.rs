//! How an organisation comes into being and gets further rights: all of it follows from what review
//! decided, and hearing of one decision twice changes nothing.

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{
    ApplicationId, CityReportId, ConsultationId, OrganizationId, RightId, SelectionId,
};
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
    /// One id for each scope that may become a right.
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
            basis: GrantBasis::Selection(selection.selection_id),
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
        if self.has_rights_of(GrantBasis::Selection(selection.selection_id)) {
            return Vec::new();
        }
        self.granted(grant.rights(selection))
    }

    /// Gives rights a new term, which begins when theirs ends, or today where it has ended. What the
    /// renewal grants otherwise than it was held is a right of its own.
    pub fn renew(&self, selection: &Selection, grant: &Grant<'_>) -> Vec<OrganizationFact> {
        let mut renewed = Vec::new();
        let mut others = Vec::new();
        for right in grant.rights(selection) {
            let held = self.rights.iter().filter(|held| {
                held.division == right.division
                    && held.scope == right.scope
                    && held.valid_until.is_some()
            });
            match held.max_by_key(|held| held.valid_until) {
                Some(held) => renewed.push(Right {
                    valid_until: grant.until(held.next_term(grant.today)),
                    basis: right.basis,
                    ..held.clone()
                }),
                None if self.holds_for_ever(&right) => {}
                None => others.push(right),
            }
        }
        if self.has_rights_of(GrantBasis::Selection(selection.selection_id)) {
            return Vec::new();
        }
        let mut facts = Vec::new();
        if !renewed.is_empty() {
            facts.push(OrganizationFact::RightsRenewed {
                organization_id: self.organization_id,
                filing_division: self.filing_division,
                selection_id: selection.selection_id,
                rights: renewed,
            });
        }
        facts.extend(self.granted(others));
        facts
    }

    /// Gives it rights in another city, as the province decided.
    pub fn grant_area(&self, area: &AreaGrant, right_ids: &[Uuid]) -> Vec<OrganizationFact> {
        let basis = GrantBasis::Consultation(area.consultation_id);
        let known = self
            .rights
            .iter()
            .any(|right| right.basis == basis && right.division == area.division);
        if known {
            return Vec::new();
        }
        let scopes = area.scopes.iter().zip(right_ids);
        let rights = scopes.map(|(scope, right_id)| Right {
            right_id: RightId::from_uuid(*right_id),
            scope: scope.clone(),
            division: area.division,
            valid_from: area.valid_from,
            valid_until: area.valid_until,
            basis,
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

    fn has_rights_of(&self, basis: GrantBasis) -> bool {
        self.rights.iter().any(|right| right.basis == basis)
    }

    fn holds_for_ever(&self, wanted: &Right) -> bool {
        self.rights.iter().any(|held| {
            held.division == wanted.division
                && held.scope == wanted.scope
                && held.valid_until.is_none()
        })
    }
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

    use super::*;
    use crate::domain::samples::{TODAY, organization, scope, selection, weihai};

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

    #[test]
    fn a_renewal_begins_where_the_term_ends_or_today_where_it_has_ended() {
        let renewal = Selection {
            purpose: Purpose::Renewal,
            selection_id: SelectionId::from_uuid(Uuid::from_u128(78)),
            granted: vec![scope("2015:6-31-01-03"), scope("2015:6-18-02-04")],
            ..selection()
        };
        for (ends, expected) in [
            (date(2020, 12, 31), date(2023, 12, 31)),
            (date(2020, 5, 31), date(2023, 6, 7)),
        ] {
            let mut organization = organization();
            organization.rights[0].valid_until = Some(ends);
            let facts = organization.renew(&renewal, &grant(&IDS));
            let [
                OrganizationFact::RightsRenewed { rights, .. },
                OrganizationFact::RightsGranted { rights: new, .. },
            ] = facts.as_slice()
            else {
                panic!("what was held is renewed, what was not is new: {facts:?}");
            };
            assert_eq!(rights[0].right_id, organization.rights[0].right_id);
            assert_eq!(rights[0].valid_until, Some(expected));
            assert_eq!(new[0].scope, scope("2015:6-18-02-04"));
            organization.rights = rights.iter().chain(new).cloned().collect();
            assert_eq!(organization.renew(&renewal, &grant(&IDS)), []);
        }
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
