//! The applicant's part: the draft, its materials, handing in; and giving back, which is the
//! centre's answer to it.

use std::collections::{BTreeMap, BTreeSet};

use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, OrganizationId};
use kernel::rejection::{FaultList, Faults};
use strum::IntoEnumIterator;

use super::occupation::judge_requested;
use super::refusal::{ApplicationRejection, MaterialRejection, words};
use super::{
    Applicant, Application, ApplicationState, Assessments, Context, Fact, Material, MaterialGroup,
    RequestedOccupation,
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
    /// Whether the integrity pledge (诚信承诺) was made.
    pub pledged: bool,
}

impl OpenDraft {
    /// Notes all that is wrong with what is there: the applicant may not file in the division, an
    /// occupation cannot be applied for, the pledge was not made.
    pub fn judge(&self, faults: &mut FaultList) {
        judge_requested(&self.occupations, faults);
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
}

impl Application {
    /// Opens a draft, whose materials are still to come. `faults` are those found while it was
    /// read: each part that is missing is among them.
    ///
    /// # Errors
    /// Those faults, and with them what [`OpenDraft::judge`] finds.
    pub fn open(command: OpenDraft, mut faults: FaultList) -> Result<(Self, Fact), Faults> {
        command.judge(&mut faults);
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
        groups: Vec<MaterialGroup>,
    ) -> Result<Vec<Fact>, Faults> {
        self.require(&[
            ApplicationState::Submitted,
            ApplicationState::DecisionProposed,
        ])?;
        let mut faults = FaultList::default();
        let named: Vec<_> = groups.iter().copied().map(Some).collect();
        judge_returned(&named, &mut faults);
        faults.finish()?;
        Ok(vec![Fact::ApplicationReturned { groups }])
    }

    fn judge_materials(&self, faults: &mut FaultList) {
        for group in MaterialGroup::iter() {
            let field = format!("materials.{}", group.name());
            let (chinese, english) = (group.chinese(), words(group.name()));
            match self.materials.get(&group) {
                None => faults.add(field, &MaterialRejection::Missing { chinese, english }),
                Some(material) if material.returned => {
                    faults.add(field, &MaterialRejection::NotCorrected { chinese, english });
                }
                Some(_) => {}
            }
        }
    }
}

/// Notes each group that is given back twice; `groups` as far as they can be read.
pub fn judge_returned(groups: &[Option<MaterialGroup>], faults: &mut FaultList) {
    let mut seen = BTreeSet::new();
    for (index, group) in groups.iter().enumerate() {
        let field = format!("materials[{index}].group");
        let first_time = group.is_none_or(|group| seen.insert(group));
        faults.require(first_time, field, &MaterialRejection::GroupTwice);
    }
}

#[cfg(test)]
mod tests {
    use kernel::level::Level;

    use super::super::refusal::OccupationRejection;
    use super::super::samples::{DAY, act, draft, material, opened, requested, scope, submitted};
    use super::super::{Affiliation, Basis, BodyKind, Catalogued, Command};
    use super::*;

    fn codes(opening: OpenDraft) -> Vec<&'static str> {
        let opened = Application::open(opening, FaultList::default());
        opened.expect_err("to be refused").codes()
    }

    #[test]
    fn a_fourth_occupation_is_one_too_many() {
        let codes_of = |codes: [&str; 4]| codes.map(|code| requested(scope(code, &[Level::Five])));
        let rows = codes_of(["6-31-01-03", "6-18-02-04", "4-03-02-01", "4-03-02-02"]);
        assert_eq!(codes(draft(rows.to_vec())), ["TOO_MANY_OCCUPATIONS"]);
        let three = draft(rows[..3].to_vec());
        assert!(Application::open(three, FaultList::default()).is_ok());
    }

    #[test]
    fn the_pilot_has_levels_five_to_three_and_no_others() {
        for level in [Level::Two, Level::One, Level::Apprentice, Level::Special] {
            let row = requested(scope("6-31-01-03", &[Level::Three, level]));
            assert_eq!(codes(draft(vec![row])), ["LEVEL_NOT_IN_PILOT"], "{level}");
        }
        let row = requested(scope("6-31-01-03", &Level::PILOT));
        assert!(Application::open(draft(vec![row]), FaultList::default()).is_ok());
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
            let refused = Application::open(draft(vec![row]), FaultList::default());
            let refused = refused.expect_err(code);
            assert_eq!(refused.codes(), [code]);
            let field = format!("basic_form.occupations[0].scope.{part}");
            assert_eq!(refused.leading().field, Some(field));
        }
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
        let refused = Application::open(draft(vec![row]), FaultList::default());
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
    fn every_missing_group_is_named() {
        let mut application = opened();
        let stored = Command::StoreMaterial(material(MaterialGroup::Staff, 10));
        act(&mut application, stored, DAY).expect("a draft takes materials");
        let refused = act(&mut application, Command::Submit, DAY).expect_err("five are missing");
        assert_eq!(refused.codes(), ["MATERIAL_MISSING"; 5]);
        assert!(
            refused
                .all()
                .iter()
                .all(|fault| fault.field.as_deref() != Some("materials.staff"))
        );
    }

    #[test]
    fn what_was_given_back_is_handed_in_again_before_the_application_is() {
        let mut application = submitted();
        let groups = vec![MaterialGroup::Staff, MaterialGroup::Credit];
        act(&mut application, Command::Return { groups }, DAY).expect("under assessment");
        let corrected = Command::StoreMaterial(material(MaterialGroup::Staff, 20));
        act(&mut application, corrected, DAY).expect("given back");
        let refused = act(&mut application, Command::Submit, DAY).expect_err("one is left");
        assert_eq!(refused.codes(), ["MATERIAL_NOT_CORRECTED"]);
        assert_eq!(refused.leading().field.as_deref(), Some("materials.credit"));
        let corrected = Command::StoreMaterial(material(MaterialGroup::Credit, 21));
        act(&mut application, corrected, DAY).expect("given back");
        act(&mut application, Command::Submit, DAY).expect("all corrected");
        assert_eq!(application.state, ApplicationState::Submitted);
    }

    #[test]
    fn a_group_is_given_back_once() {
        let mut application = submitted();
        let groups = vec![MaterialGroup::Staff, MaterialGroup::Staff];
        let refused = act(&mut application, Command::Return { groups }, DAY).expect_err("twice");
        assert_eq!(refused.codes(), ["MATERIAL_GROUP_TWICE"]);
    }
}
