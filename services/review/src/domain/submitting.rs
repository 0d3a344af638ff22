//! Handing in: the annexes are complete and the catalogue vouches for them, the materials are there
//! and show what the annexes say, the round takes applications, and it goes with what the
//! organisation holds.

use kernel::rejection::{FaultList, Faults};

use super::drafting::IN_THE_APPLICANTS_HANDS;
use super::occupation::{TABLE, judge_requested};
use super::refusal::{ApplicationRejection, MaterialRejection, words};
use super::{
    Alternatives, Application, AppliedOccupation, Ascertained, Conditions, Context, DocumentKind,
    Fact, HandingIn, Holdings, Material, RequestedOccupation, required_documents,
};

impl Application {
    pub(super) fn store_material(&self, material: Material) -> Result<Vec<Fact>, Faults> {
        self.require(&IN_THE_APPLICANTS_HANDS)?;
        Ok(vec![Fact::MaterialStored { material }])
    }

    pub(super) fn remove_material(&self, document: DocumentKind) -> Result<Vec<Fact>, Faults> {
        self.require(&IN_THE_APPLICANTS_HANDS)?;
        if !self.materials.contains_key(&document) {
            return Err(Faults::at("document", &MaterialRejection::NotFound));
        }
        Ok(vec![Fact::MaterialRemoved { document }])
    }

    /// Nothing happens where the registry did not answer and nothing is wrong with the rest.
    pub(super) fn submit(
        &self,
        handing_in: HandingIn<'_>,
        context: &Context<'_>,
    ) -> Result<Vec<Fact>, Faults> {
        self.require(&IN_THE_APPLICANTS_HANDS)?;
        let HandingIn {
            round,
            holdings,
            ascertained,
        } = handing_in;
        if ascertained.form != self.form {
            return Err(Faults::at("version", &ApplicationRejection::Changed));
        }
        let mut faults = FaultList::default();
        if let Some(unreadable) = ascertained.faults.clone() {
            faults.extend(unreadable);
        }
        let occupations = ascertained.vouched_for();
        ascertained.judge(context, &mut faults);
        self.judge_admission(ascertained, holdings, context, &mut faults);
        if self.first_submitted_on.is_none() {
            // Whoever was in time corrects whenever that is done.
            faults.take("round_id", round.takes(context.today));
        }
        self.judge_materials(ascertained, &mut faults);
        self.judge_corrected(ascertained.applicant.as_ref(), &mut faults);
        if let Some(resources) = &ascertained.resources {
            // A row is told by its place in the table, so each has to be there.
            let all = occupations.len() == ascertained.occupations.len();
            let rows = if all { &occupations[..] } else { &[] };
            resources.judge(rows, self.filing_division, context.pilot, &mut faults);
        }
        faults.finish()?;
        let answers = ascertained.applicant.clone();
        let answers = answers.zip(ascertained.resources.clone());
        let handed_in = answers.map(|(applicant, resources)| Fact::ApplicationSubmitted {
            on: context.today,
            applicant,
            occupations,
            unchecked_units: ascertained.unchecked_units(),
            materials: self.materials.values().map(|it| it.id).collect(),
            resources,
        });
        Ok(handed_in.into_iter().collect())
    }

    /// Of each requirement one document has to be there, and none as it was given back. A scan of
    /// annex 1 shows it as it is.
    fn judge_materials(&self, ascertained: &Ascertained, faults: &mut FaultList) {
        if let Some(applicant) = &ascertained.applicant {
            for alternatives in required_documents(applicant.kind) {
                let mut held = alternatives.iter();
                if !held.any(|document| self.materials.contains_key(document)) {
                    judge_missing(alternatives, faults);
                }
            }
        }
        for (document, material) in &self.materials {
            let field = format!("materials.{}", document.name());
            let (chinese, english) = (document.chinese(), words(document.name()));
            let rejection = MaterialRejection::NotCorrected { chinese, english };
            faults.require(!material.returned, field.as_str(), &rejection);
            let shows_it = material.annex_one == self.annex_one
                && ascertained
                    .applicant
                    .as_ref()
                    .is_none_or(|applicant| material.head == Some(applicant.digest()));
            let outdated = *document == DocumentKind::SignedBasicForm && !shows_it;
            faults.require(!outdated, field, &MaterialRejection::SignedFormOutdated);
        }
    }

    /// What is held is looked at anew whenever an application is handed in.
    fn judge_admission(
        &self,
        ascertained: &Ascertained,
        holdings: &Holdings,
        context: &Context<'_>,
        faults: &mut FaultList,
    ) {
        let rows = || ascertained.occupations.iter();
        let scopes = rows().filter_map(|row| row.scope.as_ref());
        holdings.judge_room(scopes, TABLE, context, faults);
        let division = Some(self.filing_division);
        holdings.judge_purpose(self.purpose, division, context.today, faults);
        for (index, row) in rows().enumerate() {
            let field = format!("{TABLE}[{index}].scope");
            if let Some(scope) = &row.scope {
                holdings.judge_scope(self.purpose, scope, &field, context, faults);
            }
        }
        let applicant = ascertained.applicant.as_ref();
        faults.require(
            applicant.is_none_or(|applicant| applicant.may_file_with(self.filing_division)),
            "filing_division",
            &ApplicationRejection::FilingDivisionNotAllowed,
        );
    }
}

impl Ascertained {
    /// Notes what is wrong with the annexes as far as they can be read: an occupation cannot be
    /// applied for, the conditions of the kind of body are not met, the pledge was not made.
    fn judge(&self, context: &Context<'_>, faults: &mut FaultList) {
        judge_requested(&self.occupations, context.pilot, faults);
        self.judge_conditions(context, faults);
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

    /// Credit codes of member units that do not check: a few in use do, so an officer judges.
    fn unchecked_units(&self) -> Vec<String> {
        let Some(Conditions::IndustryAssociation(association)) = &self.conditions else {
            return Vec::new();
        };
        let codes = association.member_units.iter().map(|unit| unit.credit_code);
        let unchecked = codes.filter(|code| code.check().is_err());
        unchecked.map(|code| code.to_string()).collect()
    }

    /// The rows of the table for which the catalogue vouches.
    pub fn vouched_for(&self) -> Vec<AppliedOccupation> {
        let rows = self.occupations.iter().cloned();
        rows.filter_map(RequestedOccupation::vouched_for).collect()
    }
}

fn judge_missing(alternatives: Alternatives, faults: &mut FaultList) {
    let names = |name: fn(DocumentKind) -> String, or: &str| {
        let names: Vec<_> = alternatives.iter().copied().map(name).collect();
        names.join(or)
    };
    let chinese = names(|document| document.chinese().to_owned(), "或");
    let english = names(|document| words(document.name()), " or ");
    let field = format!("materials.{}", alternatives[0].name());
    faults.add(field, &MaterialRejection::Missing { chinese, english });
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use kernel::division::DivisionCode;
    use kernel::level::Level;
    use kernel::pilot::Pilot;

    use super::super::refusal::OccupationRejection;
    use super::super::samples::{
        DAY, act, applicant, ascertained, ascertained_for, complete, conditions_of, electrician,
        give_back, hand_in, holder, material, on, opened, refilled, requested, round, save, scope,
        submitted,
    };
    use super::super::{
        Affiliation, Applicant, Basis, BodyKind, Catalogued, Command, Decision, FormId,
        OccupationScope, Purpose, Round, SavedForm, SelfEvaluation,
    };
    use super::*;

    #[test]
    fn every_missing_document_is_named_and_one_of_several_suffices() {
        let mut application = opened();
        let stored = Command::StoreMaterial(material(DocumentKind::LabourContract, 10));
        act(&mut application, stored, DAY).expect("a draft takes materials");
        let refused = hand_in(&mut application, DAY).expect_err("eleven are missing");
        assert_eq!(refused.codes(), ["MATERIAL_MISSING"; 11]);
        let fields = refused
            .all()
            .iter()
            .filter_map(|fault| fault.field.as_deref());
        let fields: Vec<_> = fields.collect();
        assert!(
            !fields.contains(&"materials.social_insurance"),
            "{fields:?}"
        );
        assert_eq!(fields.last(), Some(&"materials.credit_report"));
        let credit = &refused.all()[10];
        assert!(
            credit.chinese.ends_with("信用报告或诚信承诺书"),
            "{}",
            credit.chinese
        );
    }

    #[test]
    fn each_kind_of_body_proves_what_the_notice_asks_of_it() {
        for (kind, proof) in [
            (
                BodyKind::Enterprise,
                Some(DocumentKind::SelfEvaluationFiling),
            ),
            (
                BodyKind::IndustryAssociation,
                Some(DocumentKind::MemberUnitAgreement),
            ),
            (
                BodyKind::PrivateTraining,
                Some(DocumentKind::TrainingLicence),
            ),
            (BodyKind::HigherEducation, None),
            (BodyKind::TechnicianCollege, None),
        ] {
            let handed_in = hand_in_with(|found| {
                found.applicant = Some(Applicant {
                    kind,
                    ..applicant()
                });
                found.conditions = Some(conditions_of(kind));
            });
            match proof {
                None => assert!(handed_in.is_ok(), "{kind:?}"),
                Some(proof) => {
                    let refused = handed_in.expect_err("its proof is missing");
                    assert_eq!(refused.codes(), ["MATERIAL_MISSING"]);
                    let field = format!("materials.{}", proof.name());
                    assert_eq!(refused.leading().field, Some(field));
                }
            }
        }
    }

    #[test]
    fn a_proof_given_back_is_corrected_or_another_that_suffices_takes_its_place() {
        let mut application = submitted();
        give_back(&mut application, &[DocumentKind::CreditReport]).expect("under assessment");
        let refused = hand_in(&mut application, DAY).expect_err("not corrected");
        assert_eq!(refused.codes(), ["MATERIAL_NOT_CORRECTED"]);
        let pledge = Command::StoreMaterial(material(DocumentKind::IntegrityPledge, 90));
        act(&mut application, pledge, DAY).expect("given back");
        let refused = hand_in(&mut application, DAY).expect_err("it is still there");
        assert_eq!(refused.codes(), ["MATERIAL_NOT_CORRECTED"]);
        let removed = Command::RemoveMaterial(DocumentKind::CreditReport);
        act(&mut application, removed, DAY).expect("given back");
        hand_in(&mut application, DAY).expect("either suffices");
    }

    #[test]
    fn a_document_that_nobody_asked_for_is_corrected_too_or_taken_out() {
        let mut application = complete();
        let licence = DocumentKind::TrainingLicence;
        let stored = Command::StoreMaterial(material(licence, 90));
        act(&mut application, stored, DAY).expect("a draft takes materials");
        hand_in(&mut application, DAY).expect("complete");
        give_back(&mut application, &[licence]).expect("under assessment");
        let refused = hand_in(&mut application, DAY).expect_err("not corrected");
        assert_eq!(refused.codes(), ["MATERIAL_NOT_CORRECTED"]);
        act(&mut application, Command::RemoveMaterial(licence), DAY).expect("given back");
        let again = act(&mut application, Command::RemoveMaterial(licence), DAY);
        assert_eq!(again.expect_err("gone").codes(), ["MATERIAL_NOT_FOUND"]);
        hand_in(&mut application, DAY).expect("corrected");
    }

    #[test]
    fn a_signed_scan_shows_annex_one_as_it_is_handed_in() {
        let rewritten = |application: &Application, same_annex_one| SavedForm {
            form: FormId::from_uuid(uuid::Uuid::from_u128(77)),
            same_annex_one,
            ..refilled(application)
        };
        let mut application = complete();
        let plan = save(rewritten(&application, true), &[]);
        act(&mut application, plan, DAY).expect("a draft");
        hand_in(&mut application, DAY).expect("annex 2 is not signed");
        give_back(&mut application, &[DocumentKind::ExpertTeam]).expect("under assessment");
        let corrected = Command::StoreMaterial(material(DocumentKind::ExpertTeam, 90));
        act(&mut application, corrected, DAY).expect("given back");
        let form = save(rewritten(&application, false), &[]);
        act(&mut application, form, DAY).expect("given back");
        let refused = hand_in(&mut application, DAY).expect_err("signed before");
        assert_eq!(refused.codes(), ["SIGNED_FORM_OUTDATED"]);
        let field = refused.leading().field.as_deref();
        assert_eq!(field, Some("materials.signed_basic_form"));
        let signed = Command::StoreMaterial(material(DocumentKind::SignedBasicForm, 91));
        act(&mut application, signed, DAY).expect("given back");
        hand_in(&mut application, DAY).expect("signed anew");
    }

    fn submit(application: &Application, round: &Round, holdings: &Holdings) -> Vec<&'static str> {
        let command = Command::Submit(HandingIn {
            round,
            holdings,
            ascertained: &ascertained(application),
        });
        let decided = application.decide(command, &on(DAY));
        decided
            .err()
            .map(|refused| refused.codes())
            .unwrap_or_default()
    }

    #[test]
    fn the_window_of_the_round_is_kept() {
        let application = complete();
        let nothing = Holdings::none(application.organization);
        let with = |change: fn(&mut Round)| {
            let mut round = round();
            change(&mut round);
            submit(&application, &round, &nothing)
        };
        assert_eq!(with(|_| {}), [""; 0]);
        let announced = with(|round| round.hand_in_from = DAY + 1.day());
        assert_eq!(announced, ["ROUND_NOT_OPEN_YET"]);
        let over = with(|round| round.hand_in_until = Some(DAY - 1.day()));
        assert_eq!(over, ["ROUND_OVER"]);
        let closed = with(|round| round.closed_on = Some(DAY));
        assert_eq!(closed, ["ROUND_CLOSED"]);
        let late = with(|round| round.select_by = Some(DAY - 1.day()));
        assert_eq!(late, [""; 0], "a day for selections stops nobody");
    }

    #[test]
    fn a_correction_is_handed_in_after_the_window_too() {
        let mut application = complete();
        hand_in(&mut application, DAY).expect("in time");
        give_back(&mut application, &[DocumentKind::ExpertTeam]).expect("under assessment");
        let corrected = Command::StoreMaterial(material(DocumentKind::ExpertTeam, 20));
        act(&mut application, corrected, DAY).expect("given back");
        let over = Round {
            closed_on: Some(DAY),
            ..round()
        };
        let nothing = Holdings::none(application.organization);
        assert_eq!(submit(&application, &over, &nothing), [""; 0]);
    }

    #[test]
    fn what_was_granted_since_the_draft_counts() {
        let application = complete();
        let two = holder(&["6-18-02-04", "4-03-02-01"]);
        assert_eq!(submit(&application, &round(), &two), ["SELECTED_ALREADY"]);
        let pilot = Pilot {
            occupations_per_organization: Some(2),
            ..Pilot::supplied()
        };
        let mut context = on(DAY);
        context.pilot = &pilot;
        let (round, extension) = (
            round(),
            Application {
                purpose: Purpose::Extension,
                ..application
            },
        );
        let command = Command::Submit(HandingIn {
            round: &round,
            holdings: &two,
            ascertained: &ascertained(&extension),
        });
        let refused = extension
            .decide(command, &context)
            .expect_err("a third one");
        assert_eq!(refused.codes(), ["TOO_MANY_OCCUPATIONS"]);
    }

    /// Hands a complete application in, with this found out about it.
    fn hand_in_with(change: impl FnOnce(&mut Ascertained)) -> Result<Vec<Fact>, Faults> {
        let mut application = complete();
        let (round, holdings) = (round(), Holdings::none(application.organization));
        let mut ascertained = ascertained(&application);
        change(&mut ascertained);
        let signed = application
            .materials
            .get_mut(&DocumentKind::SignedBasicForm);
        signed.expect("complete").head = ascertained.applicant.as_ref().map(Applicant::digest);
        let command = Command::Submit(HandingIn {
            round: &round,
            holdings: &holdings,
            ascertained: &ascertained,
        });
        application.decide(command, &on(DAY))
    }

    fn refused(change: impl FnOnce(&mut Ascertained)) -> Vec<&'static str> {
        hand_in_with(change).expect_err("to be refused").codes()
    }

    #[test]
    fn what_ran_out_since_the_draft_is_judged_on_the_day_of_handing_in() {
        let Conditions::Enterprise(filing) = conditions_of(BodyKind::Enterprise) else {
            unreachable!("of an enterprise");
        };
        let over = SelfEvaluation {
            valid_until: DAY - 1.day(),
            ..filing
        };
        let codes = refused(|found| {
            let kind = BodyKind::Enterprise;
            found.applicant = Some(Applicant {
                kind,
                ..applicant()
            });
            found.conditions = Some(Conditions::Enterprise(over));
        });
        assert_eq!(codes, ["SELF_EVALUATION_NOT_IN_FORCE", "MATERIAL_MISSING"]);
        let struck_off = Catalogued::NotEvaluable(OccupationRejection::AccessType);
        let codes = refused(|found| found.occupations[0].catalogued = Some(struck_off));
        assert_eq!(codes, ["OCCUPATION_ACCESS_TYPE"]);
    }

    fn with_rows(rows: &[RequestedOccupation]) -> Vec<&'static str> {
        refused(|found| found.occupations = rows.to_vec())
    }

    fn rows_of(scopes: &[OccupationScope]) -> Result<Vec<Fact>, Faults> {
        hand_in_with(|found| *found = ascertained_for(&complete(), scopes))
    }

    #[test]
    fn a_fourth_occupation_is_one_too_many() {
        let codes = ["6-31-01-03", "6-18-02-04", "4-03-02-01", "4-03-02-02"];
        let rows = codes.map(|code| scope(code, &[Level::Five]));
        let refused = rows_of(&rows).expect_err("four");
        assert_eq!(refused.codes(), ["TOO_MANY_OCCUPATIONS"]);
        rows_of(&rows[..3]).expect("three");
    }

    #[test]
    fn the_pilot_has_levels_five_to_three_and_no_others() {
        for level in [Level::Two, Level::One, Level::Apprentice, Level::Special] {
            let row = requested(scope("6-31-01-03", &[Level::Three, level]));
            assert_eq!(with_rows(&[row])[0], "LEVEL_NOT_IN_PILOT", "{level}");
        }
        rows_of(&[scope("6-31-01-03", &Level::PILOT)]).expect("of the pilot");
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
            (
                OccupationRejection::NotSkillType,
                "OCCUPATION_NOT_SKILL_TYPE",
                "occupation",
            ),
            (
                OccupationRejection::WithoutBasis,
                "OCCUPATION_WITHOUT_BASIS",
                "occupation",
            ),
            (OccupationRejection::TradeUnknown, "TRADE_UNKNOWN", "trade"),
        ] {
            let refused = hand_in_with(|found| {
                found.occupations[0].catalogued = Some(Catalogued::NotEvaluable(reason));
            });
            let refused = refused.expect_err(code);
            assert_eq!(refused.codes(), [code]);
            let field = format!("basic_form.occupations[0].scope.{part}");
            assert_eq!(refused.leading().field, Some(field));
        }
    }

    #[test]
    fn the_conditions_of_another_kind_of_body_are_compared_with_nothing() {
        let other = || Some(Conditions::PrivateTraining(Vec::new()));
        let refused = hand_in_with(|found| found.conditions = other()).expect_err("a college");
        assert_eq!(refused.codes(), ["CONDITIONS_OF_ANOTHER_KIND"]);
        let field = refused.leading().field.as_deref();
        assert_eq!(field, Some("basic_form.conditions"));
    }

    #[test]
    fn level_and_basis_are_those_that_the_catalogue_names() {
        let five_and_four = |found: &mut Ascertained| {
            found.occupations[0].catalogued = Some(Catalogued::Evaluable {
                name: "电工".to_owned(),
                basis: Basis::FiledSpecification,
                levels: [Level::Five].into(),
            });
        };
        assert_eq!(
            refused(five_and_four),
            ["BASIS_NOT_IN_CATALOGUE", "LEVEL_WITHOUT_BASIS"]
        );
    }

    #[test]
    fn all_that_is_wrong_with_the_annexes_is_told_at_once() {
        let row = requested(scope("6-31-01-03", &[Level::Two]));
        let codes = refused(|found| {
            let unreadable = ApplicationRejection::OccupationTwice;
            found.faults = Some(Faults::at("basic_form.staff", &unreadable));
            found.occupations = vec![row.clone(), row];
            found.applicant = Some(Applicant {
                kind: BodyKind::PrivateTraining,
                affiliation: Affiliation::Private,
                seat: DivisionCode::parse("370100").expect("Jinan's code"),
                ..applicant()
            });
            found.conditions = Some(conditions_of(BodyKind::PrivateTraining));
            found.pledged = false;
        });
        assert_eq!(
            codes[..7],
            [
                "OCCUPATION_TWICE",
                "LEVEL_NOT_IN_PILOT",
                "OCCUPATION_TWICE",
                "LEVEL_NOT_IN_PILOT",
                "PLEDGE_MISSING",
                "FILING_DIVISION_NOT_ALLOWED",
                "MATERIAL_MISSING",
            ]
        );
    }

    #[test]
    fn an_extension_is_judged_with_what_is_held() {
        let held = holder(&["6-31-01-03", "6-18-02-04"]);
        let extension = |codes: &[&str]| {
            let application = Application {
                purpose: Purpose::Extension,
                ..complete()
            };
            let scopes = codes.iter().map(|code| scope(code, &[Level::Five]));
            let scopes: Vec<_> = scopes.collect();
            let command = Command::Submit(HandingIn {
                round: &round(),
                holdings: &held,
                ascertained: &ascertained_for(&application, &scopes),
            });
            application.decide(command, &on(DAY))
        };
        extension(&["4-03-02-01"]).expect("a third one");
        let refused = extension(&["4-03-02-01", "4-03-02-02"]).expect_err("a fourth one");
        assert_eq!(refused.codes(), ["TOO_MANY_OCCUPATIONS"]);
        let refused = extension(&["6-31-01-03"]).expect_err("nothing new");
        assert_eq!(refused.codes(), ["OCCUPATION_HELD_ALREADY"]);
        let field = refused.leading().field.as_deref();
        assert_eq!(field, Some("basic_form.occupations[0].scope"));
    }

    #[test]
    fn without_the_registrys_answer_nothing_happens_and_the_rest_is_told() {
        let unheard = |found: &mut Ascertained| {
            found.applicant = None;
            found.resources = None;
            found.occupations[0].catalogued = None;
        };
        assert_eq!(hand_in_with(unheard), Ok(Vec::new()));
        let codes = refused(|found| {
            unheard(found);
            found.pledged = false;
        });
        assert_eq!(codes, ["PLEDGE_MISSING"]);
    }

    #[test]
    fn what_was_found_out_about_other_annexes_does_not_count() {
        let codes = refused(|found| found.form = FormId::from_uuid(uuid::Uuid::from_u128(99)));
        assert_eq!(codes, ["APPLICATION_CHANGED"]);
    }

    #[test]
    fn handing_in_freezes_what_there_is_and_handing_in_again_does_so_anew() {
        let mut application = complete();
        hand_in(&mut application, DAY).expect("complete");
        let frozen = application.resources.clone().expect("handed in");
        assert_eq!(Some(frozen), ascertained(&application).resources);
        let granted = [electrician()];
        let before = application.decision_hash(&Decision::Select(&granted));

        give_back(&mut application, &[DocumentKind::ExpertTeam]).expect("under assessment");
        let corrected = Command::StoreMaterial(material(DocumentKind::ExpertTeam, 20));
        act(&mut application, corrected, DAY).expect("given back");
        let mut found = ascertained(&application);
        found.resources.as_mut().expect("the sample's").experts += 1;
        let (round, holdings) = (round(), Holdings::none(application.organization));
        let again = Command::Submit(HandingIn {
            round: &round,
            holdings: &holdings,
            ascertained: &found,
        });
        act(&mut application, again, DAY).expect("corrected");
        assert_eq!(application.resources, found.resources);
        let after = application.decision_hash(&Decision::Select(&granted));
        assert_ne!(before, after, "a decision rests on what there is");
    }

    #[test]
    fn what_is_lacking_is_told_beside_what_is_missing() {
        let mut application = complete();
        application.materials.remove(&DocumentKind::ExpertTeam);
        let mut found = ascertained(&application);
        found.resources.as_mut().expect("the sample's").experts = 0;
        let (round, holdings) = (round(), Holdings::none(application.organization));
        let command = Command::Submit(HandingIn {
            round: &round,
            holdings: &holdings,
            ascertained: &found,
        });
        let refused = application.decide(command, &on(DAY));
        let codes = refused.expect_err("both").codes();
        assert_eq!(codes, ["MATERIAL_MISSING", "EXPERT_TEAM_TOO_SMALL"]);
    }
}
