//! The draft: what an application is opened with, and filling its annexes in anew.

use std::collections::{BTreeMap, BTreeSet};

use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, OrganizationId, RoundId};
use kernel::rejection::{FaultList, Faults};

use super::occupation::{TABLE, judge_requested};
use super::refusal::{ApplicationRejection, RoundRejection};
use super::{
    Applicant, Application, ApplicationState, AppliedOccupation, AssessmentKind, Assessments,
    Conditions, Context, Fact, FieldPath, FormId, Holdings, Judgements, Purpose,
    RequestedOccupation, Round,
};

pub(super) const IN_THE_APPLICANTS_HANDS: [ApplicationState; 2] =
    [ApplicationState::Draft, ApplicationState::Returned];

/// What a draft is opened with or filled in with anew, as far as the request can be read and the
/// registry was asked.
pub struct Filling {
    /// The annexes' new id.
    pub form: FormId,
    /// The applicant's id.
    pub organization: Option<OrganizationId>,
    /// The applicant, as enrolled.
    pub applicant: Option<Applicant>,
    /// What it holds.
    pub holdings: Option<Holdings>,
    /// Where it is to be filed.
    pub filing_division: Option<DivisionCode>,
    /// The round; none where it stays as it is.
    pub round: Option<Round>,
    /// What it is for.
    pub purpose: Option<Purpose>,
    /// The table of occupations.
    pub occupations: Vec<RequestedOccupation>,
    /// What the notice asks of the kind of body.
    pub conditions: Option<Conditions>,
    /// Whether the integrity pledge (诚信承诺) was made.
    pub pledged: bool,
}

/// Annexes that were filled in anew, without fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilledForm {
    /// Their id.
    pub form: FormId,
    /// The round, if it is to be another one, and the assessments that it requires.
    pub round: Option<(RoundId, BTreeSet<AssessmentKind>)>,
    /// What is applied for, as the catalogue vouches for it.
    pub occupations: Vec<AppliedOccupation>,
}

impl Filling {
    /// Notes all that is wrong with what is there: the applicant may not file in the division or
    /// the round, it does not go with what is held, an occupation cannot be applied for, the
    /// conditions of the kind of body are not met, the pledge was not made.
    pub fn judge(&self, context: &Context<'_>, faults: &mut FaultList) {
        judge_requested(&self.occupations, context.pilot, faults);
        self.judge_conditions(context, faults);
        self.judge_with_holdings(context, faults);
        let placed = self.applicant.as_ref().zip(self.filing_division);
        faults.require(
            placed.is_none_or(|(applicant, division)| applicant.may_file_with(division)),
            "filing_division",
            &ApplicationRejection::FilingDivisionNotAllowed,
        );
        if let Some(round) = &self.round {
            let other = self
                .filing_division
                .is_some_and(|own| own != round.division);
            let field = "round_id";
            faults.require(!other, field, &RoundRejection::OfAnotherAuthority);
            faults.take(field, round.is_not_over(context.today));
        }
        faults.require(
            self.pledged,
            "basic_form.integrity_pledge",
            &ApplicationRejection::PledgeMissing,
        );
    }

    /// Conditions of another kind of body are not compared with anything.
    fn judge_conditions(&self, context: &Context<'_>, faults: &mut FaultList) {
        let Some(conditions) = &self.conditions else {
            return;
        };
        if let Some(applicant) = &self.applicant {
            conditions.judge_of(applicant, faults);
            if !conditions.are_of(applicant.kind) {
                return;
            }
        }
        let rows = self.occupations.iter();
        let scopes: Vec<_> = rows.map(|row| row.scope.as_ref()).collect();
        conditions.judge(&scopes, context.today, faults);
    }

    /// What is held is not known where the applicant is not.
    fn judge_with_holdings(&self, context: &Context<'_>, faults: &mut FaultList) {
        let scopes = || self.occupations.iter().filter_map(|row| row.scope.as_ref());
        let nothing = Holdings::none(OrganizationId::from_uuid(uuid::Uuid::nil()));
        let holdings = self.holdings.as_ref().unwrap_or(&nothing);
        holdings.judge_room(scopes(), TABLE, context, faults);
        if let (Some(holdings), Some(purpose)) = (&self.holdings, self.purpose) {
            holdings.judge_purpose(purpose, self.filing_division, faults);
            for (index, row) in self.occupations.iter().enumerate() {
                let field = format!("{TABLE}[{index}].scope");
                if let Some(scope) = &row.scope {
                    holdings.judge_scope(purpose, scope, &field, context, faults);
                }
            }
        }
    }
}

impl Application {
    /// Opens a draft, whose materials are still to come. `faults` are those found while it was
    /// read: each part that is missing is among them.
    ///
    /// # Errors
    /// Those faults, and with them what [`Filling::judge`] finds.
    pub fn open(
        id: ApplicationId,
        filling: Filling,
        context: &Context<'_>,
        mut faults: FaultList,
    ) -> Result<(Self, Fact), Faults> {
        filling.judge(context, &mut faults);
        faults.finish()?;
        let Filling {
            form,
            organization: Some(organization),
            applicant: Some(applicant),
            filing_division: Some(filing_division),
            round: Some(round),
            purpose: Some(purpose),
            occupations,
            ..
        } = filling
        else {
            unreachable!("a part that is missing is a fault, and there was none");
        };
        let application = Self {
            id,
            version: 1,
            organization,
            organization_name: applicant.name,
            organization_kind: applicant.kind,
            credit_code: applicant.credit_code,
            filing_division,
            round: round.id,
            required: round.required,
            purpose,
            form,
            occupations: vouched_for(occupations),
            state: ApplicationState::Draft,
            first_submitted_on: None,
            submitted_on: None,
            resources: None,
            materials: BTreeMap::new(),
            returned_fields: BTreeMap::new(),
            assessments: Assessments::default(),
            judgements: Judgements::default(),
            selection: None,
            city_report: None,
        };
        let fact = Fact::ApplicationDrafted {
            organization,
            filing_division,
            round: application.round,
            purpose,
            occupations: application.occupations.clone(),
        };
        Ok((application, fact))
    }

    /// `corrected` are those of the fields given back that are no longer what they were.
    pub(super) fn save_form(
        &self,
        filled: FilledForm,
        corrected: BTreeSet<FieldPath>,
    ) -> Result<Vec<Fact>, Faults> {
        self.require(&IN_THE_APPLICANTS_HANDS)?;
        let FilledForm {
            form,
            round,
            occupations,
        } = filled;
        let same = || (self.round, self.required.clone());
        let (round, required) = round.unwrap_or_else(same);
        if round != self.round && self.state != ApplicationState::Draft {
            return Err(Faults::at("round_id", &RoundRejection::Fixed));
        }
        Ok(vec![Fact::FormSaved {
            form,
            round,
            required,
            occupations,
            corrected,
        }])
    }
}

impl FilledForm {
    /// The annexes filled in, if nothing is wrong with them.
    ///
    /// # Errors
    /// The faults found while they were read, and what [`Filling::judge`] finds.
    pub fn new(
        filling: Filling,
        context: &Context<'_>,
        mut faults: FaultList,
    ) -> Result<Self, Faults> {
        filling.judge(context, &mut faults);
        faults.finish()?;
        Ok(Self {
            form: filling.form,
            round: filling.round.map(|round| (round.id, round.required)),
            occupations: vouched_for(filling.occupations),
        })
    }
}

fn vouched_for(rows: Vec<RequestedOccupation>) -> Vec<AppliedOccupation> {
    let rows = rows.into_iter();
    rows.filter_map(RequestedOccupation::vouched_for).collect()
}

#[cfg(test)]
mod tests {
    use kernel::level::Level;

    use super::super::refusal::OccupationRejection;
    use super::super::samples::{
        DAY, act, application_id, conditions_of, draft, electrician, give_back, holder, on, opened,
        refilled, requested, round, save, scope, submitted,
    };
    use super::super::{Affiliation, Basis, BodyKind, Catalogued, DocumentKind};
    use super::*;

    fn open(filling: Filling) -> Result<Application, Faults> {
        let opened = Application::open(application_id(), filling, &on(DAY), FaultList::default());
        opened.map(|(application, _)| application)
    }

    fn codes(filling: Filling) -> Vec<&'static str> {
        open(filling).expect_err("to be refused").codes()
    }

    #[test]
    fn a_fourth_occupation_is_one_too_many() {
        let codes_of = |codes: [&str; 4]| codes.map(|code| requested(scope(code, &[Level::Five])));
        let rows = codes_of(["6-31-01-03", "6-18-02-04", "4-03-02-01", "4-03-02-02"]);
        assert_eq!(codes(draft(rows.to_vec())), ["TOO_MANY_OCCUPATIONS"]);
        let three = draft(rows[..3].to_vec());
        assert!(open(three).is_ok());
    }

    #[test]
    fn the_pilot_has_levels_five_to_three_and_no_others() {
        for level in [Level::Two, Level::One, Level::Apprentice, Level::Special] {
            let row = requested(scope("6-31-01-03", &[Level::Three, level]));
            assert_eq!(codes(draft(vec![row]))[0], "LEVEL_NOT_IN_PILOT", "{level}");
        }
        let row = requested(scope("6-31-01-03", &Level::PILOT));
        assert!(open(draft(vec![row])).is_ok());
    }

    #[test]
    fn what_the_catalogue_does_not_vouch_for_is_refused_with_its_reason() {
        for (reason, code, part) in [
            (
                OccupationRejection::AccessType,
                "OCCUPATION_ACCESS_TYPE",
                "occupation",
            ),
            (
                OccupationRejection::Unknown,
                "OCCUPATION_UNKNOWN",
                "occupation",
            ),
            (OccupationRejection::TradeUnknown, "TRADE_UNKNOWN", "trade"),
        ] {
            let mut row = requested(scope("6-31-01-03", &[Level::Five]));
            row.catalogued = Some(Catalogued::NotEvaluable(reason));
            let refused = open(draft(vec![row])).expect_err(code);
            assert_eq!(refused.codes(), [code]);
            let field = format!("basic_form.occupations[0].scope.{part}");
            assert_eq!(refused.leading().field, Some(field));
        }
    }

    #[test]
    fn the_conditions_of_another_kind_of_body_are_compared_with_nothing() {
        let mut opening = draft(vec![requested(electrician())]);
        opening.conditions = Some(Conditions::PrivateTraining(Vec::new()));
        let refused = open(opening).expect_err("a college");
        assert_eq!(refused.codes(), ["CONDITIONS_OF_ANOTHER_KIND"]);
        let field = refused.leading().field.as_deref();
        assert_eq!(field, Some("basic_form.conditions"));
    }

    #[test]
    fn a_level_that_the_standard_does_not_have_is_refused() {
        let mut row = requested(scope("6-31-01-03", &[Level::Five, Level::Three]));
        row.catalogued = Some(Catalogued::Evaluable {
            name: "电工".to_owned(),
            basis: Basis::NationalStandard,
            levels: BTreeSet::from([Level::Five, Level::Four]),
        });
        assert_eq!(codes(draft(vec![row])), ["LEVEL_WITHOUT_BASIS"]);
    }

    #[test]
    fn the_basis_is_the_one_that_the_catalogue_names() {
        let mut row = requested(scope("6-31-01-03", &[Level::Five]));
        row.basis = Some(Basis::FiledSpecification);
        let refused = open(draft(vec![row])).expect_err("a standard");
        assert_eq!(refused.codes(), ["BASIS_NOT_IN_CATALOGUE"]);
        let field = refused.leading().field.as_deref();
        assert_eq!(field, Some("basic_form.occupations[0].basis"));
    }

    #[test]
    fn all_that_is_wrong_with_a_draft_is_told_at_once() {
        let twice = || requested(scope("6-31-01-03", &[Level::Two]));
        let mut opening = draft(vec![twice(), twice()]);
        let applicant = opening.applicant.as_mut().expect("the sample's");
        applicant.kind = BodyKind::PrivateTraining;
        opening.conditions = Some(conditions_of(BodyKind::PrivateTraining));
        applicant.affiliation = Affiliation::Private;
        opening.filing_division = Some(DivisionCode::PROVINCE);
        opening.pledged = false;
        assert_eq!(
            codes(opening),
            [
                "LEVEL_NOT_IN_PILOT",
                "OCCUPATION_TWICE",
                "LEVEL_NOT_IN_PILOT",
                "FILING_DIVISION_NOT_ALLOWED",
                "ROUND_OF_ANOTHER_AUTHORITY",
                "PLEDGE_MISSING"
            ]
        );
    }

    #[test]
    fn a_draft_is_for_a_round_of_its_authority_that_is_not_over() {
        let with = |change: fn(&mut Round)| {
            let mut filling = draft(vec![requested(scope("6-31-01-03", &[Level::Five]))]);
            change(filling.round.as_mut().expect("the sample's"));
            open(filling)
        };
        let refused = |change| with(change).expect_err("to be refused").codes();
        let elsewhere = |round: &mut Round| round.division = DivisionCode::PROVINCE;
        assert_eq!(refused(elsewhere), ["ROUND_OF_ANOTHER_AUTHORITY"]);
        let over = |round: &mut Round| round.hand_in_until = DAY.yesterday().ok();
        assert_eq!(refused(over), ["ROUND_OVER"]);
        let closed = |round: &mut Round| round.closed_on = Some(DAY);
        assert_eq!(refused(closed), ["ROUND_CLOSED"]);
        // It can be prepared before the round begins.
        let announced = |round: &mut Round| round.hand_in_from = DAY.tomorrow().expect("a day");
        assert!(with(announced).is_ok());
    }

    #[test]
    fn an_extension_is_judged_with_what_is_held() {
        let extension = |codes: &[&str]| {
            let rows = codes
                .iter()
                .map(|code| requested(scope(code, &[Level::Five])));
            let mut filling = draft(rows.collect());
            filling.purpose = Some(Purpose::Extension);
            filling.holdings = Some(holder(&["6-31-01-03", "6-18-02-04"]));
            open(filling)
        };
        let application = extension(&["4-03-02-01"]).expect("a third one");
        assert_eq!(application.purpose, Purpose::Extension);
        let refused = extension(&["4-03-02-01", "4-03-02-02"]).expect_err("a fourth one");
        assert_eq!(refused.codes(), ["TOO_MANY_OCCUPATIONS"]);
        let refused = extension(&["6-31-01-03"]).expect_err("nothing new");
        assert_eq!(refused.codes(), ["OCCUPATION_HELD_ALREADY"]);
        let field = refused.leading().field.as_deref();
        assert_eq!(field, Some("basic_form.occupations[0].scope"));
    }

    #[test]
    fn a_draft_moves_to_another_round_and_what_was_handed_in_does_not() {
        let other = Round {
            id: RoundId::from_uuid(uuid::Uuid::from_u128(99)),
            required: BTreeSet::from([AssessmentKind::DocumentCheck]),
            ..round()
        };
        let moved = |application: &Application| FilledForm {
            round: Some((other.id, other.required.clone())),
            ..refilled(application)
        };
        let mut draft = opened();
        let command = save(moved(&draft), &[]);
        act(&mut draft, command, DAY).expect("a draft");
        assert_eq!(
            (draft.round, draft.required),
            (other.id, other.required.clone())
        );

        let mut returned = submitted();
        give_back(&mut returned, &[DocumentKind::ExpertTeam]).expect("under assessment");
        let command = save(moved(&returned), &[]);
        let refused = act(&mut returned, command, DAY).expect_err("handed in");
        assert_eq!(refused.codes(), ["ROUND_FIXED"]);
    }
}
