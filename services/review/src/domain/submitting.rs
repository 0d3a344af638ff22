//! The applicant's part: the draft, its materials, handing in; and giving back, which is the
//! centre's answer to it.

use std::collections::{BTreeMap, BTreeSet};

use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, OrganizationId};
use kernel::rejection::{FaultList, Faults};
use strum::IntoEnumIterator;

use super::occupation::{judge_catalogued, judge_requested};
use super::refusal::{ApplicationRejection, MaterialRejection};
use super::{
    Applicant, Application, ApplicationState, Assessments, Catalogued, Context, Fact,
    Material, MaterialGroup, OccupationScope, RequestedOccupation,
};

/// What a draft is opened with, the neighbour's answers included.
pub struct OpenDraft {
    /// The application's new id.
    pub id: ApplicationId,
    /// The applicant's id.
    pub organization: OrganizationId,
    /// The applicant, as enrolled.
    pub applicant: Applicant,
    /// Where it is to be filed.
    pub filing_division: DivisionCode,
    /// Each row of the table of occupations with the catalogue's answer to it.
    pub occupations: Vec<(RequestedOccupation, Catalogued)>,
    /// Whether the integrity pledge (诚信承诺) was made.
    pub pledged: bool,
}

impl Application {
    /// Whether a table of occupations is worth asking the catalogue about.
    ///
    /// # Errors
    /// When there are too many, one is there twice, or a level is none of the pilot's.
    pub fn judge_table<'a>(
        requested: impl ExactSizeIterator<Item = &'a OccupationScope> + Clone,
    ) -> Result<(), Faults> {
        let mut faults = FaultList::default();
        judge_requested(requested, &mut faults);
        faults.finish()
    }

    /// Opens a draft, whose materials are still to come.
    ///
    /// # Errors
    /// When the applicant may not file there, an occupation cannot be applied for, or the pledge
    /// was not made.
    pub fn open(command: OpenDraft) -> Result<(Self, Fact), Faults> {
        let OpenDraft { id, organization, applicant, filing_division, occupations, pledged } =
            command;
        let mut faults = FaultList::default();
        judge_requested(occupations.iter().map(|(row, _)| &row.scope), &mut faults);
        faults.require(
            applicant.may_file_with(filing_division),
            "filing_division",
            &ApplicationRejection::FilingDivisionNotAllowed,
        );
        let occupations = judge_catalogued(occupations, &mut faults);
        faults.require(
            pledged,
            "basic_form.integrity_pledge",
            &ApplicationRejection::PledgeMissing,
        );
        faults.finish()?;
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
            submitted_on: None,
            materials: BTreeMap::new(),
            assessments: Assessments::default(),
            selection: None,
            city_report: None,
        };
        Ok((application, fact))
    }

    /// Whether files may be stored now. Asked before a byte is taken.
    ///
    /// # Errors
    /// When the application is neither a draft nor given back.
    pub fn takes_materials(&self) -> Result<(), Faults> {
        self.require(&[ApplicationState::Draft, ApplicationState::Returned])
    }

    pub(super) fn store_material(&self, material: Material) -> Result<Vec<Fact>, Faults> {
        self.takes_materials()?;
        Ok(vec![Fact::MaterialStored { material }])
    }

    pub(super) fn submit(&self, context: &Context<'_>) -> Result<Vec<Fact>, Faults> {
        self.require(&[ApplicationState::Draft, ApplicationState::Returned])?;
        let mut faults = FaultList::default();
        self.judge_materials(&mut faults);
        faults.finish()?;
        let materials = self.materials.values().map(|material| material.id).collect();
        Ok(vec![Fact::ApplicationSubmitted { on: context.today, materials }])
    }

    pub(super) fn give_back_for_correction(
        &self,
        groups: Vec<MaterialGroup>,
    ) -> Result<Vec<Fact>, Faults> {
        self.require(&[ApplicationState::Submitted, ApplicationState::DecisionProposed])?;
        let mut faults = FaultList::default();
        let mut seen = BTreeSet::new();
        for (index, group) in groups.iter().enumerate() {
            let field = format!("materials[{index}].group");
            faults.require(seen.insert(*group), field, &MaterialRejection::GroupTwice);
        }
        faults.finish()?;
        Ok(vec![Fact::ApplicationReturned { groups }])
    }

    fn judge_materials(&self, faults: &mut FaultList) {
        for group in MaterialGroup::iter() {
            let field = format!("materials.{}", group.name());
            match self.materials.get(&group) {
                None => {
                    faults.add(field, &MaterialRejection::Missing { group: group.chinese() });
                }
                Some(material) if material.returned => {
                    faults.add(field, &MaterialRejection::NotCorrected { group: group.chinese() });
                }
                Some(_) => {}
            }
        }
    }
}
