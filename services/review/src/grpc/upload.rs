//! An upload as it comes over gRPC: the header, once, and then content.

use std::time::Duration;

use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use kernel::ids::ApplicationId;
use kernel::rejection::{FaultList, Faults};
use platform::contract::line;
use platform::server::CallRejection;
use platform::{Error, Result};
use proto::review::v1 as review;
use proto::review::v1::upload_material_request::Part;
use tokio::time::timeout;
use tonic::{Code, Status};

use super::ALL_THERE;
use crate::app::Upload;
use crate::domain::refusal::MaterialRejection;
use crate::domain::{DocumentKind, MediaType};

/// Largest piece of content, as the contract says.
const LARGEST_PIECE: usize = 256 * 1024;
/// Characters of a file's name.
const FILE_NAME: usize = 255;

/// How long the next part may take to come. The whole has `server.request_timeout`.
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// What comes, or why nothing does.
type Sent = Result<review::UploadMaterialRequest, Status>;

/// The header, which comes first.
pub(super) async fn header(
    parts: &mut (impl Stream<Item = Sent> + Unpin),
) -> Result<review::MaterialHeader> {
    match next(parts).await?.and_then(|first| first.part) {
        Some(Part::Header(header)) => Ok(header),
        _ => Err(out_of_order()),
    }
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

/// The content that follows.
pub(super) fn content(
    parts: impl Stream<Item = Sent> + Unpin,
) -> impl Stream<Item = Result<Bytes>> {
    stream::try_unfold(parts, async |mut parts| {
        let piece = match next(&mut parts).await? {
            None => return Ok(None),
            Some(next) => piece(next)?,
        };
        Ok(Some((piece, parts)))
    })
}

fn piece(request: review::UploadMaterialRequest) -> Result<Bytes> {
    match request.part {
        Some(Part::Content(piece)) if piece.len() <= LARGEST_PIECE => Ok(piece),
        Some(Part::Content(_)) => Err(too_large()),
        Some(Part::Header(_)) | None => Err(out_of_order()),
    }
}

/// The next part, if there is one and it comes in time: an upload holds a place among the calls of
/// its connection, and a file.
async fn next(
    parts: &mut (impl Stream<Item = Sent> + Unpin),
) -> Result<Option<review::UploadMaterialRequest>> {
    let next = timeout(LONGEST_PAUSE, parts.next()).await;
    let next = next.map_err(|_| {
        let seconds = LONGEST_PAUSE.as_secs();
        Error::refused(MaterialRejection::UploadStalled { seconds })
    })?;
    next.transpose().map_err(broken_off)
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

fn too_large() -> Error {
    let limit = LARGEST_PIECE;
    Faults::at("content", &MaterialRejection::PieceTooLarge { limit }).into()
}

fn out_of_order() -> Error {
    Faults::at("header", &MaterialRejection::UploadOrder).into()
}

/// Why there is no next part: more than the server reads at all, no message, or the caller is
/// gone; then nobody is there to be told.
fn broken_off(status: Status) -> Error {
    match status.code() {
        Code::OutOfRange => too_large(),
        Code::Internal => Error::refused(CallRejection::MessageMalformed),
        _ => Error::Unavailable {
            what: "the rest of the upload",
            source: status.into(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_upload_that_stalls_is_ended() {
        let never = header(&mut stream::pending())
            .await
            .err()
            .expect("nothing came");
        assert_eq!(codes(never), ["UPLOAD_STALLED"]);
        let first = review::UploadMaterialRequest {
            part: Some(Part::Content(Bytes::from_static(b"first"))),
        };
        let parts = stream::iter([Ok(first)]).chain(stream::pending());
        let mut content = std::pin::pin!(content(parts));
        assert!(content.next().await.expect("a piece").is_ok());
        let stopped = content.next().await.expect("an end").err();
        assert_eq!(codes(stopped.expect("nothing came")), ["UPLOAD_STALLED"]);
    }

    #[tokio::test]
    async fn what_breaks_an_upload_off_is_told_where_somebody_hears_it() {
        for (code, expected) in [
            (Code::OutOfRange, &["UPLOAD_PIECE_TOO_LARGE"][..]),
            (Code::Internal, &["MESSAGE_MALFORMED"]),
            (Code::Cancelled, &[]),
        ] {
            let mut parts = stream::iter([Err(Status::new(code, "broken off"))]);
            let refused = header(&mut parts).await.err().expect("broken off");
            assert_eq!(codes(refused), expected, "{code:?}");
        }
    }

    fn codes(error: Error) -> Vec<&'static str> {
        match error {
            Error::Refused(faults) => faults.codes(),
            _ => Vec::new(),
        }
    }
}
