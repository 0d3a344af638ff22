//! Handing in: the materials are complete, the round takes applications, and it goes with what the
//! organisation holds.

use kernel::rejection::{FaultList, Faults};

use super::drafting::IN_THE_APPLICANTS_HANDS;
use super::occupation::{TABLE, judge_requested};
use super::refusal::{ApplicationRejection, MaterialRejection, words};
use super::{
    Alternatives, Application, Ascertained, Context, DocumentKind, Fact, HandingIn, Material,
    required_documents,
};

impl Application {
    pub(super) fn store_material(&self, material: Material) -> Result<Vec<Fact>, Faults> {
        self.require(&IN_THE_APPLICANTS_HANDS)?;
        Ok(vec![Fact::MaterialStored { material }])
    }

    pub(super) fn submit(
        &self,
        handing_in: HandingIn<'_>,
        context: &Context<'_>,
    ) -> Result<Vec<Fact>, Faults> {
        self.require(&IN_THE_APPLICANTS_HANDS)?;
        let ascertained = handing_in.ascertained;
        if ascertained.form != self.form {
            return Err(Faults::at("version", &ApplicationRejection::Changed));
        }
        let mut faults = FaultList::default();
        self.judge_materials(&mut faults);
        self.judge_corrected(&mut faults);
        self.judge_admission(handing_in, context, &mut faults);
        self.judge_again(ascertained, context, &mut faults);
        let (area, resources) = (self.filing_division, &ascertained.resources);
        resources.judge(&self.occupations, area, context.pilot, &mut faults);
        faults.finish()?;
        let materials = self
            .materials
            .values()
            .map(|material| material.id)
            .collect();
        Ok(vec![Fact::ApplicationSubmitted {
            on: context.today,
            materials,
            resources: resources.clone(),
        }])
    }

    /// What the day has a say in was judged when the annexes were filled in, which may be long ago:
    /// levels and catalogue, filings and agreements that run out.
    fn judge_again(
        &self,
        ascertained: &Ascertained,
        context: &Context<'_>,
        faults: &mut FaultList,
    ) {
        judge_requested(&ascertained.occupations, context.pilot, faults);
        if let Some(conditions) = &ascertained.conditions {
            let rows = self.occupations.iter();
            let scopes: Vec<_> = rows.map(|row| Some(&row.scope)).collect();
            conditions.judge(&scopes, context.today, faults);
        }
    }

    /// Of each requirement one document has to be there, and not as it was given back. Where one
    /// suffices, what was given back may be replaced by another.
    fn judge_materials(&self, faults: &mut FaultList) {
        for alternatives in required_documents(self.organization_kind) {
            let held = alternatives.iter().filter_map(|document| {
                let material = self.materials.get(document)?;
                Some((*document, material.returned))
            });
            let held: Vec<_> = held.collect();
            if held.iter().any(|(_, returned)| !returned) {
                continue;
            }
            match held.first() {
                None => judge_missing(alternatives, faults),
                Some((document, _)) => {
                    let (chinese, english) = (document.chinese(), words(document.name()));
                    let rejection = MaterialRejection::NotCorrected { chinese, english };
                    faults.add(format!("materials.{}", document.name()), &rejection);
                }
            }
        }
    }

    /// Whoever was in time corrects whenever that is done: the window is for the first time.
    fn judge_admission(
        &self,
        HandingIn {
            round, holdings, ..
        }: HandingIn<'_>,
        context: &Context<'_>,
        faults: &mut FaultList,
    ) {
        if self.first_submitted_on.is_none() {
            faults.take("round_id", round.takes(context.today));
        }
        holdings.judge_purpose(self.purpose, Some(self.filing_division), faults);
        let scopes = || self.occupations.iter().map(|row| &row.scope);
        for (index, scope) in scopes().enumerate() {
            let field = format!("{TABLE}[{index}].scope");
            holdings.judge_scope(self.purpose, scope, &field, context, faults);
        }
        holdings.judge_room(scopes(), TABLE, context, faults);
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
    use kernel::pilot::Pilot;

    use super::super::refusal::OccupationRejection;
    use super::super::samples::{
        DAY, act, ascertained, complete, conditions_of, electrician, give_back, hand_in, holder,
        material, on, opened, round, submitted,
    };
    use super::super::{
        ApplicationState, BodyKind, Catalogued, Command, Conditions, Decision, FormId, Holdings,
        Purpose, Round, SelfEvaluation,
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
            let mut application = Application {
                organization_kind: kind,
                state: ApplicationState::Returned,
                ..submitted()
            };
            let handed_in = hand_in(&mut application, DAY);
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
    fn a_proof_given_back_may_be_replaced_by_another_that_suffices() {
        let mut application = submitted();
        give_back(&mut application, &[DocumentKind::CreditReport]).expect("under assessment");
        let refused = hand_in(&mut application, DAY).expect_err("not corrected");
        assert_eq!(refused.codes(), ["MATERIAL_NOT_CORRECTED"]);
        let pledge = Command::StoreMaterial(material(DocumentKind::IntegrityPledge, 90));
        act(&mut application, pledge, DAY).expect("given back");
        hand_in(&mut application, DAY).expect("either suffices");
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
        let application = complete();
        let (round, holdings) = (round(), Holdings::none(application.organization));
        let mut ascertained = ascertained(&application);
        change(&mut ascertained);
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
        let codes = refused(|found| found.conditions = Some(Conditions::Enterprise(over)));
        assert_eq!(codes, ["SELF_EVALUATION_NOT_IN_FORCE"]);
        let struck_off = Catalogued::NotEvaluable(OccupationRejection::AccessType);
        let codes = refused(|found| found.occupations[0].catalogued = Some(struck_off));
        assert_eq!(codes, ["OCCUPATION_ACCESS_TYPE"]);
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
        assert_eq!(frozen, ascertained(&application).resources);
        let granted = [electrician()];
        let before = application.decision_hash(&Decision::Select(&granted));

        give_back(&mut application, &[DocumentKind::ExpertTeam]).expect("under assessment");
        let corrected = Command::StoreMaterial(material(DocumentKind::ExpertTeam, 20));
        act(&mut application, corrected, DAY).expect("given back");
        let mut found = ascertained(&application);
        found.resources.experts += 1;
        let (round, holdings) = (round(), Holdings::none(application.organization));
        let again = Command::Submit(HandingIn {
            round: &round,
            holdings: &holdings,
            ascertained: &found,
        });
        act(&mut application, again, DAY).expect("corrected");
        assert_eq!(application.resources.as_ref(), Some(&found.resources));
        let after = application.decision_hash(&Decision::Select(&granted));
        assert_ne!(before, after, "a decision rests on what there is");
    }

    #[test]
    fn what_is_lacking_is_told_beside_what_is_missing() {
        let mut application = complete();
        application.materials.remove(&DocumentKind::ExpertTeam);
        let mut found = ascertained(&application);
        found.resources.experts = 0;
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
