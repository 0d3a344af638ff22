//! The draft: opened for a round, and its annexes written anew, complete or not. Nobody else is
//! asked; what is missing or wrong in them is told when they are handed in.

use std::collections::{BTreeMap, BTreeSet};

use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, OrganizationId};
use kernel::rejection::{FaultList, Faults};

use super::refusal::{ApplicationRejection, RoundRejection};
use super::{
    Application, ApplicationState, Assessments, Context, Fact, FieldPath, Holdings, Judgements,
    Purpose, Round,
};

/// Drafts of one organisation with one authority. Nobody writes more, and each may hold files.
const MOST_DRAFTS: u32 = 10;

pub(super) const IN_THE_APPLICANTS_HANDS: [ApplicationState; 2] =
    [ApplicationState::Draft, ApplicationState::Returned];

kernel::typed_ids! {
    /// Both annexes as they were written once; writing them again makes others.
    FormId("form"),
}

/// What a draft is opened with.
pub struct Opening {
    /// Its annexes.
    pub form: FormId,
    /// The applicant.
    pub organization: OrganizationId,
    /// Where it is to be filed.
    pub filing_division: DivisionCode,
    /// The round.
    pub round: Round,
    /// What it is for.
    pub purpose: Purpose,
    /// How many drafts the applicant has there already.
    pub drafts: u32,
}

/// Annexes that were written anew.
#[derive(Debug, Clone)]
pub struct SavedForm {
    /// Their id.
    pub form: FormId,
    /// Whether annex 1 says what it said before.
    pub same_annex_one: bool,
    /// The round, if it is to be another one.
    pub round: Option<Round>,
}

impl Application {
    /// Opens a draft, whose annexes and materials are still to be completed.
    ///
    /// # Errors
    /// When the round is over or another authority's, the purpose does not go with what the
    /// organisation holds, or it has drafts enough.
    pub fn open(
        id: ApplicationId,
        opening: Opening,
        holdings: &Holdings,
        context: &Context<'_>,
    ) -> Result<(Self, Fact), Faults> {
        let Opening {
            form,
            organization,
            filing_division,
            round,
            purpose,
            drafts,
        } = opening;
        let mut faults = FaultList::default();
        let limit = MOST_DRAFTS;
        if drafts >= limit {
            faults.refuse(&ApplicationRejection::DraftsTooMany { limit });
        }
        let division = Some(filing_division);
        holdings.judge_purpose(purpose, division, context.today, &mut faults);
        judge_round(&round, filing_division, context, &mut faults);
        faults.finish()?;
        let application = Self {
            id,
            version: 1,
            organization,
            filing_division,
            round: round.id,
            required: round.required,
            purpose,
            form,
            annex_one: form,
            applicant: None,
            occupations: Vec::new(),
            unchecked_units: Vec::new(),
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
        };
        Ok((application, fact))
    }

    /// `corrected` are those of the fields given back that are no longer what they were.
    pub(super) fn save_form(
        &self,
        saved: SavedForm,
        corrected: BTreeSet<FieldPath>,
        context: &Context<'_>,
    ) -> Result<Vec<Fact>, Faults> {
        self.require(&IN_THE_APPLICANTS_HANDS)?;
        let (round, required) = match saved.round {
            None => (self.round, self.required.clone()),
            Some(round) => {
                let mut faults = FaultList::default();
                let moves = round.id != self.round;
                let fixed = moves && self.state != ApplicationState::Draft;
                faults.require(!fixed, "round_id", &RoundRejection::Fixed);
                if moves && !fixed {
                    judge_round(&round, self.filing_division, context, &mut faults);
                }
                faults.finish()?;
                (round.id, round.required)
            }
        };
        let form = saved.form;
        let annex_one = if saved.same_annex_one {
            self.annex_one
        } else {
            form
        };
        Ok(vec![Fact::FormSaved {
            form,
            annex_one,
            round,
            required,
            corrected,
        }])
    }
}

/// A draft may be prepared before its round begins.
fn judge_round(
    round: &Round,
    filing_division: DivisionCode,
    context: &Context<'_>,
    faults: &mut FaultList,
) {
    let field = "round_id";
    let other = filing_division != round.division;
    faults.require(!other, field, &RoundRejection::OfAnotherAuthority);
    faults.take(field, round.is_not_over(context.today));
}

#[cfg(test)]
mod tests {
    use kernel::ids::RoundId;

    use super::super::samples::{
        DAY, act, application_id, draft, give_back, holder, on, opened, refilled, round, save,
        submitted,
    };
    use super::super::{AssessmentKind, DocumentKind};
    use super::*;

    fn open(opening: Opening) -> Result<Application, Faults> {
        let nothing = Holdings::none(opening.organization);
        let opened = Application::open(application_id(), opening, &nothing, &on(DAY));
        opened.map(|(application, _)| application)
    }

    #[test]
    fn a_draft_is_for_a_round_of_its_authority_that_is_not_over() {
        let with = |change: fn(&mut Round)| {
            let mut opening = draft();
            change(&mut opening.round);
            open(opening)
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
    fn the_purpose_goes_with_what_is_held() {
        let open = |purpose| {
            let opening = Opening { purpose, ..draft() };
            let held = holder(&["6-31-01-03"]);
            let opened = Application::open(application_id(), opening, &held, &on(DAY));
            opened.map(|(application, _)| application.purpose)
        };
        let refused = open(Purpose::First).expect_err("it has its code");
        assert_eq!(refused.codes(), ["SELECTED_ALREADY"]);
        assert_eq!(open(Purpose::Extension), Ok(Purpose::Extension));
    }

    #[test]
    fn drafts_with_one_authority_are_few() {
        let open = |drafts| {
            let opening = Opening { drafts, ..draft() };
            let nothing = Holdings::none(draft().organization);
            let opened = Application::open(application_id(), opening, &nothing, &on(DAY));
            opened.err().map(|refused| refused.codes())
        };
        assert_eq!(open(MOST_DRAFTS - 1), None);
        assert_eq!(open(MOST_DRAFTS), Some(vec!["DRAFTS_TOO_MANY"]));
    }

    #[test]
    fn a_draft_moves_to_another_round_and_what_was_handed_in_does_not() {
        let other = Round {
            id: RoundId::from_uuid(uuid::Uuid::from_u128(99)),
            required: BTreeSet::from([AssessmentKind::DocumentCheck]),
            ..round()
        };
        let moved = |application: &Application| SavedForm {
            round: Some(other.clone()),
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
