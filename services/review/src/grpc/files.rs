//! Files that were kept, on their way to whoever asked.

use platform::download::{Parts, file};
use proto::common::v1::{FileHead, FilePart};
use tonic::Response;

use crate::app::Download;

/// A file that was kept, each part in an answer.
pub(super) fn downloaded<R: Send + 'static>(
    kept: Download,
    answer: fn(Option<FilePart>) -> R,
) -> Response<Parts<R>> {
    let head = FileHead {
        file_name: kept.file_name,
        media_type: kept.media_type,
        size: kept.size,
        sha256: kept.sha256.as_bytes().to_vec().into(),
    };
    file(head, kept.content, answer)
}
