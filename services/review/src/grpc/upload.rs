//! What is uploaded, as its header writes it.

use kernel::ids::ApplicationId;
use kernel::rejection::{FaultList, Faults};
use platform::contract::file_name;
use platform::upload::Part;
use proto::review::v1 as review;
use proto::review::v1::{upload_material_request as sent, upload_site_photo_request as taken};

use super::ALL_THERE;
use super::selection::site_item;
use crate::app::{PhotoUpload, Upload};
use crate::domain::refusal::{MaterialRejection, PhotoRejection};
use crate::domain::{DocumentKind, MediaType};

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
    let file_name = faults.take("header.file_name", file_name(&header.file_name));
    let declared = faults.take("header.media_type", MediaType::parse(&header.media_type));
    faults.finish()?;
    Ok(Upload {
        application: application.expect(ALL_THERE),
        document: document.expect(ALL_THERE),
        file_name: file_name.expect(ALL_THERE),
        declared: declared.expect(ALL_THERE),
    })
}

/// What a message brings of a photo.
pub(super) fn photo_part(
    request: review::UploadSitePhotoRequest,
) -> Option<Part<review::SitePhotoHeader>> {
    Some(match request.part? {
        taken::Part::Header(header) => Part::Header(header),
        taken::Part::Content(piece) => Part::Content(piece),
    })
}

/// What the header of a photo says.
pub(super) fn photo(header: &review::SitePhotoHeader) -> Result<PhotoUpload, Faults> {
    let mut faults = FaultList::default();
    let application = ApplicationId::parse(&header.application_id);
    let application = faults.take("header.application_id", application);
    let item = faults.take("header.item", site_item(header.item()));
    let declared = MediaType::parse(&header.media_type).ok();
    let declared = declared.filter(|declared| declared.is_picture());
    let declared = declared.ok_or(PhotoRejection::NoPicture);
    let declared = faults.take("header.media_type", declared);
    faults.finish()?;
    Ok(PhotoUpload {
        application: application.expect(ALL_THERE),
        item: item.expect(ALL_THERE),
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
