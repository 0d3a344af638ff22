//! Handing in: the materials are complete, the round takes applications, and it goes with what the
//! organisation holds.

use kernel::rejection::{FaultList, Faults};

use super::drafting::IN_THE_APPLICANTS_HANDS;
use super::occupation::TABLE;
use super::refusal::{MaterialRejection, words};
use super::{
    Alternatives, Application, Context, DocumentKind, Fact, HandingIn, Material, required_documents,
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
        let mut faults = FaultList::default();
        self.judge_materials(&mut faults);
        self.judge_corrected(&mut faults);
        self.judge_admission(handing_in, context, &mut faults);
        faults.finish()?;
        let materials = self
            .materials
            .values()
            .map(|material| material.id)
            .collect();
        Ok(vec![Fact::ApplicationSubmitted {
            on: context.today,
            materials,
        }])
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
        HandingIn { round, holdings }: HandingIn<'_>,
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

    use super::super::samples::{
        DAY, act, complete, give_back, hand_in, holder, material, on, opened, round, submitted,
    };
    use super::super::{ApplicationState, BodyKind, Command, Holdings, Purpose, Round};
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
        let command = Command::Submit(HandingIn { round, holdings });
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
        });
        let refused = extension
            .decide(command, &context)
            .expect_err("a third one");
        assert_eq!(refused.codes(), ["TOO_MANY_OCCUPATIONS"]);
    }
}
