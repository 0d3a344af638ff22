//! What was true when an application was handed in is true when it is decided: weeks lie between, in
//! which an occupation leaves the evaluation, a filing runs out, or the body becomes another.

use kernel::rejection::{FaultList, Faults};

use super::occupation::{TABLE, judge_row};
use super::refusal::{ApplicationRejection, SelectionRejection};
use super::{
    Application, AppliedOccupation, Ascertained, Context, OccupationScope, RequestedOccupation,
};

impl Application {
    /// Lets through what was found out about the annexes that were handed in, and about no others.
    pub(super) fn require_ascertained(&self, found: &Ascertained) -> Result<(), Faults> {
        if found.form == self.form {
            Ok(())
        } else {
            Err(ApplicationRejection::Changed.into())
        }
    }

    /// Notes what is so no more of what is granted, and of whoever it is granted to. What was applied
    /// for and is not granted may be as it likes.
    pub(super) fn judge_upheld(
        &self,
        granted: &[OccupationScope],
        found: &Ascertained,
        context: &Context<'_>,
        faults: &mut FaultList,
    ) {
        if found.applicant != self.applicant {
            faults.refuse(&SelectionRejection::ApplicantChanged);
        }
        let rows = granted.iter().map(|scope| found.row_of(scope));
        let rows: Option<Vec<_>> = rows.collect();
        // Whoever is granted more than was applied for is told so, and not what is wrong with that.
        let Some(rows) = rows else { return };
        let mut again = FaultList::default();
        for (index, row) in rows.iter().enumerate() {
            judge_row(row, &format!("{TABLE}[{index}]"), context.pilot, &mut again);
        }
        let kind = self.kind();
        let conditions = found.conditions.as_ref();
        if let Some(stated) = conditions.filter(|it| kind.is_some_and(|kind| it.are_of(kind))) {
            let scopes: Vec<_> = granted.iter().map(Some).collect();
            stated.judge(&scopes, context.today, &mut again);
        }
        if let Some(resources) = &found.resources {
            let occupations = rows.into_iter();
            let occupations: Vec<AppliedOccupation> = occupations
                .filter_map(RequestedOccupation::vouched_for)
                .collect();
            // A row is told by its place, so each has to be there.
            let all = occupations.len() == granted.len();
            let occupations = if all { &occupations[..] } else { &[] };
            resources.judge(occupations, self.filing_division, context.pilot, &mut again);
        }
        if let Err(again) = again.finish() {
            faults.extend(again.moved(granted_field));
        }
    }
}

impl Ascertained {
    /// The row in which a scope was applied for, as far as it is granted.
    fn row_of(&self, granted: &OccupationScope) -> Option<RequestedOccupation> {
        let covers = |row: &&RequestedOccupation| {
            let scope = row.scope.as_ref();
            scope.is_some_and(|scope| scope.covers(granted))
        };
        let row = self.occupations.iter().find(covers)?;
        Some(RequestedOccupation {
            scope: Some(granted.clone()),
            levels: granted.levels.clone(),
            ..row.clone()
        })
    }
}

/// Where a decision says what the annexes say there; it says no more than what is granted.
fn granted_field(field: &str) -> String {
    match field.strip_prefix(TABLE) {
        Some(part) => format!("granted{}", part.replacen(".scope", "", 1)),
        None => "granted".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::level::Level;

    use super::super::refusal::OccupationRejection;
    use super::super::samples::{
        DAY, applicant, ascertained, assessed, conditions_of, confirming, electrician, on,
        organization, proposed, scope,
    };
    use super::super::{Applicant, BodyKind, Catalogued, Command, FormId, Holdings};
    use super::*;

    /// What a proposal, and what its confirmation, is refused for: the same.
    fn refused(application: &Application, found: &Ascertained, context: &Context<'_>) -> Faults {
        let holdings = Holdings::none(organization());
        let granted = vec![electrician()];
        let snapshot = application.snapshot(&granted, "威海市", "0531", context);
        let snapshot = snapshot.expect("2020 is stored");
        let confirming = Command::ConfirmSelection(confirming(&snapshot, &holdings, found));
        let confirmed = application
            .decide(confirming, context)
            .expect_err("not so any more");
        let proposing = Command::ProposeSelection {
            granted,
            holdings: &holdings,
            found,
        };
        let proposed = application
            .decide(proposing, context)
            .expect_err("not so any more");
        assert_eq!(proposed, confirmed);
        proposed
    }

    #[test]
    fn an_occupation_that_became_access_type_since_is_not_selected() {
        let application = proposed();
        let mut found = ascertained(&application);
        found.occupations[0].catalogued =
            Some(Catalogued::NotEvaluable(OccupationRejection::AccessType));
        let refused = refused(&application, &found, &on(DAY));
        assert_eq!(refused.codes(), ["OCCUPATION_ACCESS_TYPE"]);
        let field = refused.leading().field.as_deref();
        assert_eq!(field, Some("granted[0].occupation"));
    }

    #[test]
    fn a_filing_that_ran_out_since_selects_nobody() {
        let mut application = proposed();
        let enterprise = Applicant {
            kind: BodyKind::Enterprise,
            ..applicant()
        };
        application.applicant = Some(enterprise.clone());
        let found = Ascertained {
            applicant: Some(enterprise),
            conditions: Some(conditions_of(BodyKind::Enterprise)),
            ..ascertained(&application)
        };
        let later = on(date(2022, 7, 1));
        let mut faults = FaultList::default();
        application.judge_upheld(&[electrician()], &found, &on(DAY), &mut faults);
        assert!(faults.is_empty());
        application.judge_upheld(&[electrician()], &found, &later, &mut faults);
        let refused = faults.finish().expect_err("ran out on 30 June");
        assert_eq!(refused.codes(), ["SELF_EVALUATION_NOT_IN_FORCE"]);
        assert_eq!(refused.leading().field.as_deref(), Some("granted"));
    }

    #[test]
    fn a_body_that_was_corrected_since_is_another() {
        let application = proposed();
        let found = Ascertained {
            applicant: Some(Applicant {
                kind: BodyKind::PrivateTraining,
                ..applicant()
            }),
            ..ascertained(&application)
        };
        let refused = refused(&application, &found, &on(DAY));
        assert_eq!(refused.codes(), ["APPLICANT_CHANGED"]);
    }

    #[test]
    fn who_has_left_since_examines_nobody() {
        let application = proposed();
        let mut found = ascertained(&application);
        let resources = found.resources.as_mut().expect("ample");
        resources.examiners.clear();
        resources.full_time_managers = 0;
        let codes = refused(&application, &found, &on(DAY)).codes();
        assert_eq!(codes[0], "MANAGER_MISSING");
        assert_eq!(codes[1..], ["EXAMINERS_TOO_FEW"; 2]);
    }

    #[test]
    fn what_was_found_out_about_other_annexes_decides_nothing() {
        let application = proposed();
        let found = Ascertained {
            form: FormId::from_uuid(uuid::Uuid::from_u128(99)),
            ..ascertained(&application)
        };
        let refused = refused(&application, &found, &on(DAY));
        assert_eq!(refused.codes(), ["APPLICATION_CHANGED"]);
    }

    #[test]
    fn what_is_not_granted_may_have_left_the_catalogue() {
        let application = assessed();
        let mut found = ascertained(&application);
        let mut other = found.occupations[0].clone();
        other.scope = Some(scope("6-18-02-04", &[Level::Five]));
        other.catalogued = Some(Catalogued::NotEvaluable(OccupationRejection::AccessType));
        found.occupations.push(other);
        let mut faults = FaultList::default();
        application.judge_upheld(&[electrician()], &found, &on(DAY), &mut faults);
        assert!(faults.is_empty());
    }
}
