//! Evaluation organisations (评价机构): from selection to a place in the directory.

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, CityReportId, OrganizationId, RightId, SelectionId};
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::rejection::Faults;
use kernel::rejections;
use serde::Serialize;
use strum::{EnumString, IntoStaticStr};
use uuid::Uuid;

use super::body::BodyKind;
use super::right::{GrantedScope, Right};

rejections! {
    /// Why an organisation is not registered, reported or found.
    pub enum OrganizationRejection {
        /// No such organisation, or not the caller's to see.
        OrganizationNotFound => "ORGANIZATION_NOT_FOUND", NotFound, "platform",
            "未找到该评价机构", "no such evaluation organisation";
        /// One organisation, one filing authority (notice 3.2).
        OrganizationRegisteredAlready => "ORGANIZATION_REGISTERED_ALREADY", FailedPrecondition, "notice 3.2",
            "该评价机构已赋码", "the organisation has its code already";
        /// The filing place has no part in organisation codes.
        FilingDivisionWithoutCode => "FILING_DIVISION_WITHOUT_CODE", FailedPrecondition, "notice 3.4",
            "申报地没有机构代码区段", "the filing place has no part in organisation codes";
    }
}

/// Where an organisation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum OrganizationStatus {
    /// Has its code and rights; the filing authority has still to report it.
    Registered,
    /// The province has recorded the report.
    Reported,
}

/// An evaluation organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// `org_…`.
    pub organization_id: OrganizationId,
    /// 机构代码
    pub code: EvaluationOrganizationCode,
    /// Where it filed.
    pub filing_division: DivisionCode,
    /// Where it stands.
    pub status: OrganizationStatus,
    /// The selection it follows from.
    pub selection_id: SelectionId,
    /// The application selected.
    pub application_id: ApplicationId,
    /// What it may evaluate.
    pub rights: Vec<Right>,
    /// Day of registration.
    pub registered_on: Date,
}

/// What happened to a body or organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum OrganizationFact {
    /// A body enrolled.
    BodyEnrolled {
        /// `org_…`.
        organization_id: OrganizationId,
        /// 机构性质
        kind: BodyKind,
        /// Its seat.
        division: DivisionCode,
    },
    /// A selected organisation has its code and rights.
    OrganizationRegistered {
        /// `org_…`.
        organization_id: OrganizationId,
        /// 机构代码
        code: EvaluationOrganizationCode,
        /// The selection.
        selection_id: SelectionId,
        /// The application.
        application_id: ApplicationId,
        /// Where it filed.
        filing_division: DivisionCode,
        /// What it may evaluate.
        rights: Vec<Right>,
        /// Day of registration, first day of its rights.
        on: Date,
    },
    /// The province has recorded the city's report of it.
    OrganizationReported {
        /// `org_…`.
        organization_id: OrganizationId,
        /// The report.
        city_report_id: CityReportId,
        /// Where it filed.
        filing_division: DivisionCode,
    },
}

/// A selection as review published it.
#[derive(Debug, Clone)]
pub struct Selection {
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

/// Registers a selected organisation under a code. `right_ids` has one fresh id per scope.
///
/// # Errors
/// When the body is registered already.
pub fn register(
    existing: Option<&Organization>,
    selection: &Selection,
    code: EvaluationOrganizationCode,
    right_ids: &[Uuid],
    on: Date,
) -> Result<Vec<OrganizationFact>, Faults> {
    if existing.is_some() {
        return Err(OrganizationRejection::OrganizationRegisteredAlready.into());
    }
    let rights = selection
        .granted
        .iter()
        .zip(right_ids)
        .map(|(scope, right_id)| Right {
            right_id: RightId::from_uuid(*right_id),
            scope: scope.clone(),
            division: selection.filing_division,
            valid_from: on,
            // Where the notice sets no term, there is none.
            valid_until: None,
        });
    Ok(vec![OrganizationFact::OrganizationRegistered {
        organization_id: selection.organization_id,
        code,
        selection_id: selection.selection_id,
        application_id: selection.application_id,
        filing_division: selection.filing_division,
        rights: rights.collect(),
        on,
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
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::civil::date;
    use kernel::level::Level;
    use kernel::occupation::OccupationRef;

    use super::*;

    fn division(code: &str) -> DivisionCode {
        DivisionCode::parse(code).expect("a division")
    }

    fn selection() -> Selection {
        Selection {
            selection_id: SelectionId::from_uuid(Uuid::from_u128(1)),
            application_id: ApplicationId::from_uuid(Uuid::from_u128(2)),
            organization_id: OrganizationId::from_uuid(Uuid::from_u128(3)),
            filing_division: division("371000"),
            granted: vec![GrantedScope {
                occupation: OccupationRef::parse("2015:6-31-01-03").expect("an occupation"),
                trade: String::new(),
                levels: BTreeSet::from([Level::Five]),
            }],
        }
    }

    fn organization() -> Organization {
        Organization {
            organization_id: selection().organization_id,
            code: EvaluationOrganizationCode::for_shandong("10", 2).expect("a code"),
            filing_division: division("371000"),
            status: OrganizationStatus::Registered,
            selection_id: selection().selection_id,
            application_id: selection().application_id,
            rights: Vec::new(),
            registered_on: date(2020, 6, 8),
        }
    }

    #[test]
    fn rights_hold_in_the_filing_area_from_the_day_of_registration() {
        let facts = register(
            None,
            &selection(),
            organization().code,
            &[Uuid::from_u128(9)],
            date(2020, 6, 8),
        );
        let facts = facts.expect("registered");
        let [OrganizationFact::OrganizationRegistered { rights, .. }] = facts.as_slice() else {
            panic!("one fact");
        };
        assert_eq!(rights[0].division, division("371000"));
        assert_eq!(rights[0].valid_from, date(2020, 6, 8));
    }

    #[test]
    fn an_organization_is_registered_once() {
        let again = register(
            Some(&organization()),
            &selection(),
            organization().code,
            &[],
            date(2020, 6, 8),
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
}
