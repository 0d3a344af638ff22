//! What is uploaded, as its header writes it.

use kernel::ids::ApplicationId;
use kernel::rejection::{FaultList, Faults};
use platform::contract::line;
use platform::upload::Part;
use proto::review::v1 as review;
use proto::review::v1::upload_material_request as sent;

use super::ALL_THERE;
use crate::app::Upload;
use crate::domain::refusal::MaterialRejection;
use crate::domain::{DocumentKind, MediaType};

/// Characters of a file's name.
const FILE_NAME: usize = 255;

/// What a message brings.
pub(super) fn part(request: review::UploadMaterialRequest) -> Option<Part<review::MaterialHeader>> {
    Some(match request.part? {
        sent::Part::Header(header) => Part::Header(header),
        sent::Part::Content(piece) => Part::Content(piece),
    })
}

/// What the header says.
pub(super) fn parse(header: &review::MaterialHeader) -> Result<Upload, Faults> {
    let mut faults = FaultList::default();
    let application = faults.take(
        "header.application_id",
        ApplicationId::parse(&header.application_id),
    );
    let document = faults.take("header.document", document(header.document()));
    let file_name = faults.take("header.file_name", line(&header.file_name, FILE_NAME));
    let declared = faults.take("header.media_type", MediaType::parse(&header.media_type));
    faults.finish()?;
    Ok(Upload {
        application: application.expect(ALL_THERE),
        document: document.expect(ALL_THERE),
        file_name: file_name.expect(ALL_THERE),
        declared: declared.expect(ALL_THERE),
    })
}

/// A kind of document as messages write it.
pub(super) fn document(given: review::DocumentKind) -> Result<DocumentKind, MaterialRejection> {
    use review::DocumentKind as Given;
    Ok(match given {
        Given::SignedBasicForm => DocumentKind::SignedBasicForm,
        Given::WorkPlan => DocumentKind::WorkPlan,
        Given::LegalPersonCertificate => DocumentKind::LegalPersonCertificate,
        Given::SelfEvaluationFiling => DocumentKind::SelfEvaluationFiling,
        Given::MemberUnitAgreement => DocumentKind::MemberUnitAgreement,
        Given::TrainingLicence => DocumentKind::TrainingLicence,
        Given::OnPostRecord => DocumentKind::OnPostRecord,
        Given::SocialInsurance => DocumentKind::SocialInsurance,
        Given::LabourContract => DocumentKind::LabourContract,
        Given::CooperationAgreement => DocumentKind::CooperationAgreement,
        Given::LetterOfAppointment => DocumentKind::LetterOfAppointment,
        Given::ExaminerCards => DocumentKind::ExaminerCards,
        Given::SupervisorCards => DocumentKind::SupervisorCards,
        Given::ExpertTeam => DocumentKind::ExpertTeam,
        Given::SiteTenure => DocumentKind::SiteTenure,
        Given::FacilitiesAndEquipment => DocumentKind::FacilitiesAndEquipment,
        Given::IdentityAndMonitoring => DocumentKind::IdentityAndMonitoring,
        Given::CreditReport => DocumentKind::CreditReport,
        Given::IntegrityPledge => DocumentKind::IntegrityPledge,
        Given::Unspecified => return Err(MaterialRejection::DocumentUnknown),
    })
}
