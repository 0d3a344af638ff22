//! Domain values as the contract's messages.

mod assessment;
mod consultation;
mod filing;
mod inspection;
mod judgement;
mod measure;
mod resources;
mod risk;
mod round;

use kernel::public_notice::PublicNotice;
use platform::contract::{deadline_message, level_message, occupation_message, row_state_message};
use proto::common::v1 as common;
use proto::review::v1 as review;

use crate::app::ApplicationView;
use crate::domain::{
    Application, ApplicationState, DocumentKind, Material, MaterialGroup, OccupationScope, Purpose,
    Snapshot,
};
use crate::store::correction::DescribedField;
use crate::store::material::DescribedMaterial;
use crate::store::public_notice::Listed;

pub(crate) use assessment::{assessment_record, panel, site_photo};
pub(crate) use consultation::consultation;
pub(crate) use filing::{city_report, receipt, whole_city_report};
pub(crate) use inspection::{inspection, inspection_head, inspection_result, matter_list, outcome};
pub(crate) use judgement::{judgement, judgement_items};
pub(crate) use measure::measure;
pub(crate) use risk::{alert, risk_rule};
pub(crate) use round::{city_quota, round, round_progress, warning};

/// An application without annexes and materials, as lists and answers to commands carry it.
pub(crate) fn application(application: &Application) -> review::Application {
    review::Application {
        application_id: application.id.to_string(),
        organization_id: application.organization.to_string(),
        filing_division: application.filing_division.to_string(),
        state: state(application.state).into(),
        purpose: purpose(application.purpose).into(),
        round_id: application.round.to_string(),
        version: application.version,
        submitted_on: application
            .submitted_on
            .map(|day| day.to_string())
            .unwrap_or_default(),
        ..review::Application::default()
    }
}

/// An application with all that belongs to it.
pub(crate) fn whole_application(view: ApplicationView) -> review::Application {
    let ApplicationView {
        application: known,
        annexes,
        materials,
        returned_fields,
        rejection,
    } = view;
    let returned = |field: DescribedField| review::ReturnedField {
        path: field.path,
        reason: field.reason,
        corrected: field.corrected,
    };
    review::Application {
        basic_form: Some(annexes.basic_form),
        work_plan: Some(annexes.work_plan),
        materials: materials.into_iter().map(described_material).collect(),
        returned_fields: returned_fields.into_iter().map(returned).collect(),
        rejection: rejection.map(|rejection| review::Rejection {
            reason: rejection.reason,
            decided_on: rejection.decided_on.to_string(),
        }),
        resources: known.resources.as_ref().map(resources::message),
        ..application(&known)
    }
}

fn described_material(material: DescribedMaterial) -> review::Material {
    review::Material {
        material_id: material.id.to_string(),
        group: group(material.document.group()).into(),
        document: document(material.document).into(),
        file_name: material.file_name,
        media_type: material.media_type,
        size: material.size,
        sha256: material.sha256.as_bytes().to_vec().into(),
        returned_reason: material.returned_reason,
    }
}

/// A file that was just stored.
pub(crate) fn material(material: &Material, file_name: String) -> review::Material {
    review::Material {
        material_id: material.id.to_string(),
        group: group(material.document.group()).into(),
        document: document(material.document).into(),
        file_name,
        media_type: material.media_type.name().to_owned(),
        size: material.size,
        sha256: material.sha256.as_bytes().to_vec().into(),
        returned_reason: String::new(),
    }
}

/// A public notice in a list, under its heading and the name that it shows.
pub(crate) fn listed_notice(listed: &Listed) -> common::PublicNoticeSummary {
    let notice = &listed.notice;
    common::PublicNoticeSummary {
        public_notice_id: notice.id().to_string(),
        kind: common::PublicNoticeKind::Selection.into(),
        title: format!("{}：{}", listed.title, listed.organization_name),
        division_code: listed.filing_division.clone(),
        opened_on: notice.opened_on().to_string(),
        ends_on: notice.period().date.to_string(),
        concluded: notice.is_concluded(),
    }
}

/// A public notice as it was shown, with where its rows stand.
pub(crate) fn public_notice(notice: &PublicNotice, shown: Snapshot) -> common::PublicNotice {
    let mut cells = Some(shown.cells);
    let rows = notice.rows().map(|(key, state)| common::PublicNoticeRow {
        row_key: key.to_string(),
        cells: cells.take_if(|_| *key == shown.row_key).unwrap_or_default(),
        state: row_state_message(state).into(),
        ends_on: notice
            .row_period(key)
            .map(|period| period.date.to_string())
            .unwrap_or_default(),
    });
    common::PublicNotice {
        rows: rows.collect(),
        public_notice_id: notice.id().to_string(),
        kind: common::PublicNoticeKind::Selection.into(),
        title: shown.title,
        opened_on: notice.opened_on().to_string(),
        ends: Some(deadline_message(notice.period())),
        snapshot_hash: notice.snapshot_hash().as_bytes().to_vec().into(),
        objection_contact: shown.objection_contact,
        concluded: notice.is_concluded(),
        headings: Vec::new(),
    }
}

/// What an application is for.
pub(crate) fn purpose(purpose: Purpose) -> review::ApplicationPurpose {
    match purpose {
        Purpose::First => review::ApplicationPurpose::First,
        Purpose::Extension => review::ApplicationPurpose::Extension,
        Purpose::Renewal => review::ApplicationPurpose::Renewal,
    }
}

/// An occupation with its levels.
pub(crate) fn scope(scope: &OccupationScope) -> common::OccupationScope {
    common::OccupationScope {
        occupation: Some(occupation_message(&scope.occupation)),
        trade: scope.trade.clone(),
        levels: scope
            .levels
            .iter()
            .map(|level| level_message(*level).into())
            .collect(),
    }
}

pub(crate) fn state(state: ApplicationState) -> review::ApplicationState {
    match state {
        ApplicationState::Draft => review::ApplicationState::Draft,
        ApplicationState::Submitted => review::ApplicationState::Submitted,
        ApplicationState::Returned => review::ApplicationState::Returned,
        ApplicationState::DecisionProposed => review::ApplicationState::DecisionProposed,
        ApplicationState::InPublicNotice => review::ApplicationState::InPublicNotice,
        ApplicationState::Selected => review::ApplicationState::Selected,
        ApplicationState::Filed => review::ApplicationState::Filed,
        ApplicationState::Rejected => review::ApplicationState::Rejected,
        ApplicationState::Withdrawn => review::ApplicationState::Withdrawn,
        ApplicationState::Lapsed => review::ApplicationState::Lapsed,
    }
}

fn group(group: MaterialGroup) -> review::MaterialGroup {
    match group {
        MaterialGroup::BasicForm => review::MaterialGroup::BasicForm,
        MaterialGroup::WorkPlan => review::MaterialGroup::WorkPlan,
        MaterialGroup::LegalRegistration => review::MaterialGroup::LegalRegistration,
        MaterialGroup::Staff => review::MaterialGroup::Staff,
        MaterialGroup::SiteAndEquipment => review::MaterialGroup::SiteAndEquipment,
        MaterialGroup::Credit => review::MaterialGroup::Credit,
    }
}

fn document(document: DocumentKind) -> review::DocumentKind {
    use review::DocumentKind as Told;
    match document {
        DocumentKind::SignedBasicForm => Told::SignedBasicForm,
        DocumentKind::WorkPlan => Told::WorkPlan,
        DocumentKind::LegalPersonCertificate => Told::LegalPersonCertificate,
        DocumentKind::SelfEvaluationFiling => Told::SelfEvaluationFiling,
        DocumentKind::MemberUnitAgreement => Told::MemberUnitAgreement,
        DocumentKind::TrainingLicence => Told::TrainingLicence,
        DocumentKind::OnPostRecord => Told::OnPostRecord,
        DocumentKind::SocialInsurance => Told::SocialInsurance,
        DocumentKind::LabourContract => Told::LabourContract,
        DocumentKind::CooperationAgreement => Told::CooperationAgreement,
        DocumentKind::LetterOfAppointment => Told::LetterOfAppointment,
        DocumentKind::ExaminerCards => Told::ExaminerCards,
        DocumentKind::SupervisorCards => Told::SupervisorCards,
        DocumentKind::ExpertTeam => Told::ExpertTeam,
        DocumentKind::SiteTenure => Told::SiteTenure,
        DocumentKind::FacilitiesAndEquipment => Told::FacilitiesAndEquipment,
        DocumentKind::IdentityAndMonitoring => Told::IdentityAndMonitoring,
        DocumentKind::CreditReport => Told::CreditReport,
        DocumentKind::IntegrityPledge => Told::IntegrityPledge,
    }
}
