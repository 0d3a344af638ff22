//! Giving back for correction, and what counts as corrected: a material that was handed in again, a
//! field that is no longer what it was.

use std::collections::BTreeSet;
use std::fmt;

use kernel::rejection::{FaultList, Faults};
use serde::{Deserialize, Serialize};

use super::refusal::{CorrectionRejection, MaterialRejection, words};
use super::{Applicant, Application, ApplicationState, DocumentKind, Fact};

/// Path of a field of the annexes, as the contract names it: `basic_form.occupations[0].basis`, or of
/// the head of annex 1: `applicant.kind`.
/// Whether there is such a field, who reads it has to ask the contract.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FieldPath(String);

impl FieldPath {
    /// A path that was found in the contract.
    pub fn new(path: String) -> Self {
        Self(path)
    }

    /// As the contract writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Application {
    pub(super) fn give_back_for_correction(
        &self,
        documents: Vec<DocumentKind>,
        fields: Vec<FieldPath>,
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
        let paths: Vec<_> = fields.iter().map(Some).collect();
        judge_returned_fields(&paths, &mut faults);
        faults.finish()?;
        Ok(vec![Fact::ApplicationReturned { documents, fields }])
    }

    /// Notes each field that was given back and is still what it was; those of the head of annex 1
    /// by the applicant as it is enrolled now, where that is known.
    pub(super) fn judge_corrected(&self, now: Option<&Applicant>, faults: &mut FaultList) {
        for (path, corrected) in &self.returned_fields {
            let field = path.as_str();
            let before = self.applicant.as_ref().and_then(|it| it.value_at(field));
            let corrected = match before {
                Some(before) => now.is_none_or(|it| it.value_at(field) != Some(before)),
                None => *corrected,
            };
            faults.require(corrected, field, &CorrectionRejection::NotCorrected);
        }
    }
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

/// Notes each field that is given back twice; `paths` as far as they can be read.
pub fn judge_returned_fields(paths: &[Option<&FieldPath>], faults: &mut FaultList) {
    let mut seen = BTreeSet::new();
    for (index, path) in paths.iter().enumerate() {
        let field = format!("fields[{index}].path");
        let first_time = path.is_none_or(|path| seen.insert(path));
        faults.require(first_time, field, &CorrectionRejection::FieldTwice);
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{
        DAY, act, applicant, ascertained, give_back, hand_in, material, refilled, round, save,
        submitted,
    };
    use super::super::{Affiliation, Command, HandingIn, Holdings, Material};
    use super::*;

    fn path(path: &str) -> FieldPath {
        FieldPath::new(path.to_owned())
    }

    #[test]
    fn what_was_given_back_is_handed_in_again_before_the_application_is() {
        let mut application = submitted();
        let given_back = Command::Return {
            documents: vec![DocumentKind::ExaminerCards, DocumentKind::CreditReport],
            fields: vec![path("work_plan.safeguards")],
        };
        act(&mut application, given_back, DAY).expect("under assessment");
        let corrected = Command::StoreMaterial(material(DocumentKind::ExaminerCards, 20));
        act(&mut application, corrected, DAY).expect("given back");
        let refused = hand_in(&mut application, DAY).expect_err("two are left");
        assert_eq!(
            refused.codes(),
            ["MATERIAL_NOT_CORRECTED", "FIELD_NOT_CORRECTED"]
        );
        let fields: Vec<_> = refused.all().iter().map(|fault| &fault.field).collect();
        assert_eq!(
            fields,
            [
                &Some("materials.credit_report".to_owned()),
                &Some("work_plan.safeguards".to_owned())
            ]
        );
        let corrected = Command::StoreMaterial(material(DocumentKind::CreditReport, 21));
        act(&mut application, corrected, DAY).expect("given back");
        let other = save(refilled(&application), &[path("work_plan.other")]);
        act(&mut application, other, DAY).expect("given back");
        let refused = hand_in(&mut application, DAY).expect_err("another field");
        assert_eq!(refused.codes(), ["FIELD_NOT_CORRECTED"]);
        let right = save(refilled(&application), &[path("work_plan.safeguards")]);
        act(&mut application, right, DAY).expect("given back");
        hand_in(&mut application, DAY).expect("all corrected");
        assert_eq!(application.state, ApplicationState::Submitted);
    }

    #[test]
    fn a_field_of_the_head_is_corrected_where_the_body_is_enrolled() {
        let mut application = submitted();
        let given_back = Command::Return {
            documents: Vec::new(),
            fields: vec![path("applicant.affiliation")],
        };
        act(&mut application, given_back, DAY).expect("under assessment");
        let refused = hand_in(&mut application, DAY).expect_err("as it was");
        assert_eq!(refused.codes(), ["FIELD_NOT_CORRECTED"]);
        let corrected = Applicant {
            affiliation: Affiliation::Provincial,
            ..applicant()
        };
        let mut found = ascertained(&application);
        found.applicant = Some(corrected.clone());
        let (round, holdings) = (round(), Holdings::none(application.organization));
        let handing_in = || HandingIn {
            round: &round,
            holdings: &holdings,
            ascertained: &found,
        };
        let refused = act(&mut application, Command::Submit(handing_in()), DAY);
        let refused = refused.expect_err("signed before");
        assert_eq!(refused.codes(), ["SIGNED_FORM_OUTDATED"]);
        let signed = Material {
            head: Some(corrected.digest()),
            ..material(DocumentKind::SignedBasicForm, 90)
        };
        act(&mut application, Command::StoreMaterial(signed), DAY).expect("given back");
        act(&mut application, Command::Submit(handing_in()), DAY).expect("corrected");
        assert_eq!(application.applicant, Some(corrected));
        assert!(application.returned_fields.values().all(|changed| *changed));
    }

    #[test]
    fn a_correction_that_is_taken_back_is_none() {
        let mut application = submitted();
        let given_back = Command::Return {
            documents: Vec::new(),
            fields: vec![path("basic_form.staff")],
        };
        act(&mut application, given_back, DAY).expect("under assessment");
        for corrected in [&[path("basic_form.staff")][..], &[]] {
            let saved = save(refilled(&application), corrected);
            act(&mut application, saved, DAY).expect("given back");
        }
        let refused = hand_in(&mut application, DAY).expect_err("as it was");
        assert_eq!(refused.codes(), ["FIELD_NOT_CORRECTED"]);
    }

    #[test]
    fn a_document_and_a_field_are_given_back_once() {
        let mut application = submitted();
        let given_back = Command::Return {
            documents: vec![DocumentKind::ExaminerCards; 2],
            fields: vec![path("basic_form.staff"), path("basic_form.staff")],
        };
        let refused = act(&mut application, given_back, DAY).expect_err("twice");
        assert_eq!(
            refused.codes(),
            ["MATERIAL_DOCUMENT_TWICE", "FIELD_RETURNED_TWICE"]
        );
    }

    #[test]
    fn what_was_not_handed_in_is_not_given_back() {
        let refused = give_back(&mut submitted(), &[DocumentKind::TrainingLicence]);
        let refused = refused.expect_err("a college has none");
        assert_eq!(refused.codes(), ["MATERIAL_NOT_HANDED_IN"]);
    }
}
