//! The applicant's part: the draft, its materials, handing in; and giving back, which is the
//! centre's answer to it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, OrganizationId};
use kernel::pilot::Pilot;
use kernel::rejection::{FaultList, Faults};

use super::occupation::judge_requested;
use super::refusal::{ApplicationRejection, MaterialRejection, words};
use super::{
    Alternatives, Applicant, Application, ApplicationState, Assessments, Conditions, Context,
    DocumentKind, Fact, Material, RequestedOccupation, required_documents,
};

const IN_THE_APPLICANTS_HANDS: [ApplicationState; 2] =
    [ApplicationState::Draft, ApplicationState::Returned];

/// What a draft is opened with, as far as the request can be read and the registry was asked.
pub struct OpenDraft {
    /// The application's new id.
    pub id: ApplicationId,
    /// The applicant's id.
    pub organization: Option<OrganizationId>,
    /// The applicant, as enrolled.
    pub applicant: Option<Applicant>,
    /// Where it is to be filed.
    pub filing_division: Option<DivisionCode>,
    /// The table of occupations.
    pub occupations: Vec<RequestedOccupation>,
    /// What the notice asks of the kind of body.
    pub conditions: Option<Conditions>,
    /// Whether the integrity pledge (诚信承诺) was made.
    pub pledged: bool,
    /// The business day.
    pub today: Date,
}

impl OpenDraft {
    /// Notes all that is wrong with what is there: the applicant may not file in the division, an
    /// occupation cannot be applied for, the conditions of the kind of body are not met, the pledge was
    /// not made.
    pub fn judge(&self, pilot: &Pilot, faults: &mut FaultList) {
        judge_requested(&self.occupations, pilot, faults);
        self.judge_conditions(faults);
        let placed = self.applicant.as_ref().zip(self.filing_division);
        faults.require(
            placed.is_none_or(|(applicant, division)| applicant.may_file_with(division)),
            "filing_division",
            &ApplicationRejection::FilingDivisionNotAllowed,
        );
        faults.require(
            self.pledged,
            "basic_form.integrity_pledge",
            &ApplicationRejection::PledgeMissing,
        );
    }

    /// Conditions of another kind of body are not compared with anything.
    fn judge_conditions(&self, faults: &mut FaultList) {
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
        conditions.judge(&scopes, self.today, faults);
    }
}

impl Application {
    /// Opens a draft, whose materials are still to come. `faults` are those found while it was
    /// read: each part that is missing is among them.
    ///
    /// # Errors
    /// Those faults, and with them what [`OpenDraft::judge`] finds.
    pub fn open(
        command: OpenDraft,
        pilot: &Pilot,
        mut faults: FaultList,
    ) -> Result<(Self, Fact), Faults> {
        command.judge(pilot, &mut faults);
        faults.finish()?;
        let OpenDraft {
            id,
            organization: Some(organization),
            applicant: Some(applicant),
            filing_division: Some(filing_division),
            occupations,
            ..
        } = command
        else {
            unreachable!("a part that is missing is a fault, and there was none");
        };
        let rows = occupations.into_iter();
        let occupations: Vec<_> = rows.filter_map(RequestedOccupation::vouched_for).collect();
        let fact = Fact::ApplicationDrafted {
            organization,
            filing_division,
            occupations: occupations.clone(),
        };
        let application = Self {
            id,
            organization,
            organization_name: applicant.name,
            organization_kind: applicant.kind,
            filing_division,
            occupations,
            state: ApplicationState::Draft,
            first_submitted_on: None,
            submitted_on: None,
            materials: BTreeMap::new(),
            assessments: Assessments::default(),
            selection: None,
            city_report: None,
        };
        Ok((application, fact))
    }

    pub(super) fn store_material(&self, material: Material) -> Result<Vec<Fact>, Faults> {
        self.require(&IN_THE_APPLICANTS_HANDS)?;
        Ok(vec![Fact::MaterialStored { material }])
    }

    pub(super) fn submit(&self, context: &Context<'_>) -> Result<Vec<Fact>, Faults> {
        self.require(&IN_THE_APPLICANTS_HANDS)?;
        let mut faults = FaultList::default();
        self.judge_materials(&mut faults);
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

    pub(super) fn give_back_for_correction(
        &self,
        documents: Vec<DocumentKind>,
    ) -> Result<Vec<Fact>, Faults> {
        self.require(&[
            ApplicationState::Submitted,
            ApplicationState::DecisionProposed,
        ])?;
        let mut faults = FaultList::default();
        let named: Vec<_> = documents.iter().copied().map(Some).collect();
        judge_returned(&named, &mut faults);
        for (index, document) in documents.iter().enumerate() {
            let (chinese, english) = (document.chinese(), words(document.name()));
            faults.require(
                self.materials.contains_key(document),
                format!("materials[{index}].document"),
                &MaterialRejection::NotHandedIn { chinese, english },
            );
        }
        faults.finish()?;
        Ok(vec![Fact::ApplicationReturned { documents }])
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

/// Notes each document that is given back twice; `documents` as far as they can be read.
pub fn judge_returned(documents: &[Option<DocumentKind>], faults: &mut FaultList) {
    let mut seen = BTreeSet::new();
    for (index, document) in documents.iter().enumerate() {
        let field = format!("materials[{index}].document");
        let first_time = document.is_none_or(|document| seen.insert(document));
        faults.require(first_time, field, &MaterialRejection::DocumentTwice);
    }
}

#[cfg(test)]
mod tests {
    use kernel::level::Level;

    use super::super::refusal::OccupationRejection;
    use super::super::samples::{
        DAY, act, conditions_of, draft, electrician, material, opened, requested, scope, submitted,
    };
    use super::super::{Affiliation, Basis, BodyKind, Catalogued, Command};
    use super::*;

    fn codes(opening: OpenDraft) -> Vec<&'static str> {
        let opened = Application::open(opening, &Pilot::supplied(), FaultList::default());
        opened.expect_err("to be refused").codes()
    }

    #[test]
    fn a_fourth_occupation_is_one_too_many() {
        let codes_of = |codes: [&str; 4]| codes.map(|code| requested(scope(code, &[Level::Five])));
        let rows = codes_of(["6-31-01-03", "6-18-02-04", "4-03-02-01", "4-03-02-02"]);
        assert_eq!(codes(draft(rows.to_vec())), ["TOO_MANY_OCCUPATIONS"]);
        let three = draft(rows[..3].to_vec());
        assert!(Application::open(three, &Pilot::supplied(), FaultList::default()).is_ok());
    }

    #[test]
    fn the_pilot_has_levels_five_to_three_and_no_others() {
        for level in [Level::Two, Level::One, Level::Apprentice, Level::Special] {
            let row = requested(scope("6-31-01-03", &[Level::Three, level]));
            assert_eq!(codes(draft(vec![row]))[0], "LEVEL_NOT_IN_PILOT", "{level}");
        }
        let row = requested(scope("6-31-01-03", &Level::PILOT));
        assert!(
            Application::open(draft(vec![row]), &Pilot::supplied(), FaultList::default()).is_ok()
        );
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
            let refused =
                Application::open(draft(vec![row]), &Pilot::supplied(), FaultList::default());
            let refused = refused.expect_err(code);
            assert_eq!(refused.codes(), [code]);
            let field = format!("basic_form.occupations[0].scope.{part}");
            assert_eq!(refused.leading().field, Some(field));
        }
    }

    #[test]
    fn the_conditions_of_another_kind_of_body_are_compared_with_nothing() {
        let mut opening = draft(vec![requested(electrician())]);
        opening.conditions = Some(Conditions::PrivateTraining(Vec::new()));
        let refused = Application::open(opening, &Pilot::supplied(), FaultList::default())
            .expect_err("a college");
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
        let refused = Application::open(draft(vec![row]), &Pilot::supplied(), FaultList::default());
        let refused = refused.expect_err("a standard");
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
                "PLEDGE_MISSING"
            ]
        );
    }

    #[test]
    fn every_missing_document_is_named_and_one_of_several_suffices() {
        let mut application = opened();
        let stored = Command::StoreMaterial(material(DocumentKind::LabourContract, 10));
        act(&mut application, stored, DAY).expect("a draft takes materials");
        let refused = act(&mut application, Command::Submit, DAY).expect_err("eleven are missing");
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
            let handed_in = act(&mut application, Command::Submit, DAY);
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
        let documents = vec![DocumentKind::CreditReport];
        act(&mut application, Command::Return { documents }, DAY).expect("under assessment");
        let refused = act(&mut application, Command::Submit, DAY).expect_err("not corrected");
        assert_eq!(refused.codes(), ["MATERIAL_NOT_CORRECTED"]);
        let pledge = Command::StoreMaterial(material(DocumentKind::IntegrityPledge, 90));
        act(&mut application, pledge, DAY).expect("given back");
        act(&mut application, Command::Submit, DAY).expect("either suffices");
    }

    #[test]
    fn what_was_not_handed_in_is_not_given_back() {
        let documents = vec![DocumentKind::TrainingLicence];
        let refused = act(&mut submitted(), Command::Return { documents }, DAY);
        let refused = refused.expect_err("a college has none");
        assert_eq!(refused.codes(), ["MATERIAL_NOT_HANDED_IN"]);
    }

    #[test]
    fn what_was_given_back_is_handed_in_again_before_the_application_is() {
        let mut application = submitted();
        let documents = vec![DocumentKind::ExaminerCards, DocumentKind::CreditReport];
        act(&mut application, Command::Return { documents }, DAY).expect("under assessment");
        let corrected = Command::StoreMaterial(material(DocumentKind::ExaminerCards, 20));
        act(&mut application, corrected, DAY).expect("given back");
        let refused = act(&mut application, Command::Submit, DAY).expect_err("one is left");
        assert_eq!(refused.codes(), ["MATERIAL_NOT_CORRECTED"]);
        assert_eq!(
            refused.leading().field.as_deref(),
            Some("materials.credit_report")
        );
        let corrected = Command::StoreMaterial(material(DocumentKind::CreditReport, 21));
        act(&mut application, corrected, DAY).expect("given back");
        act(&mut application, Command::Submit, DAY).expect("all corrected");
        assert_eq!(application.state, ApplicationState::Submitted);
    }

    #[test]
    fn a_document_is_given_back_once() {
        let mut application = submitted();
        let documents = vec![DocumentKind::ExaminerCards, DocumentKind::ExaminerCards];
        let refused = act(&mut application, Command::Return { documents }, DAY).expect_err("twice");
        assert_eq!(refused.codes(), ["MATERIAL_DOCUMENT_TWICE"]);
    }
}
