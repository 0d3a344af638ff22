//! An upload as it comes over gRPC: the header, once, and then content.

use bytes::Bytes;
use futures::{Stream, StreamExt};
use kernel::ids::ApplicationId;
use kernel::rejection::{FaultList, Faults};
use platform::contract::text;
use platform::{Error, Result};
use proto::review::v1 as review;
use proto::review::v1::upload_material_request::Part;
use tonic::{Status, Streaming};

use super::ALL_THERE;
use crate::app::Upload;
use crate::domain::refusal::MaterialRejection;
use crate::domain::{MaterialGroup, MediaType};

/// Largest piece of content, as the contract says.
const LARGEST_PIECE: usize = 256 * 1024;
/// Characters of a file's name.
const FILE_NAME: usize = 255;

/// The header, which comes first.
pub(super) async fn header(
    parts: &mut Streaming<review::UploadMaterialRequest>,
) -> Result<review::MaterialHeader, Status> {
    match parts.message().await?.and_then(|first| first.part) {
        Some(Part::Header(header)) => Ok(header),
        _ => Err(Error::refused(MaterialRejection::UploadOrder).into()),
    }
}

/// What the header says.
pub(super) fn parse(header: &review::MaterialHeader) -> Result<Upload, Faults> {
    let mut faults = FaultList::default();
    let application = faults.take(
        "header.application_id",
        ApplicationId::parse(&header.application_id),
    );
    let group = faults.take("header.group", group(header.group()));
    let file_name = faults.take("header.file_name", text(&header.file_name, FILE_NAME));
    let declared = faults.take("header.media_type", MediaType::parse(&header.media_type));
    faults.finish()?;
    Ok(Upload {
        application: application.expect(ALL_THERE),
        group: group.expect(ALL_THERE),
        file_name: file_name.expect(ALL_THERE),
        declared: declared.expect(ALL_THERE),
    })
}

/// The content that follows.
pub(super) fn content(
    parts: Streaming<review::UploadMaterialRequest>,
) -> impl Stream<Item = Result<Bytes>> {
    parts.map(|part| match part.map_err(broken_off)?.part {
        Some(Part::Content(piece)) if piece.len() <= LARGEST_PIECE => Ok(piece),
        Some(Part::Content(_)) => Err(Error::refused(MaterialRejection::PieceTooLarge {
            limit: LARGEST_PIECE,
        })),
        Some(Part::Header(_)) | None => Err(Error::refused(MaterialRejection::UploadOrder)),
    })
}

/// A group as messages write it.
pub(super) fn group(given: review::MaterialGroup) -> Result<MaterialGroup, MaterialRejection> {
    match given {
        review::MaterialGroup::BasicForm => Ok(MaterialGroup::BasicForm),
        review::MaterialGroup::WorkPlan => Ok(MaterialGroup::WorkPlan),
        review::MaterialGroup::LegalRegistration => Ok(MaterialGroup::LegalRegistration),
        review::MaterialGroup::Staff => Ok(MaterialGroup::Staff),
        review::MaterialGroup::SiteAndEquipment => Ok(MaterialGroup::SiteAndEquipment),
        review::MaterialGroup::Credit => Ok(MaterialGroup::Credit),
        review::MaterialGroup::Unspecified => Err(MaterialRejection::GroupUnknown),
    }
}

/// The caller is gone, or sent what is no message; nobody is there to be told.
fn broken_off(status: Status) -> Error {
    Error::Unavailable {
        what: "the rest of the upload",
        source: status.into(),
    }
}
