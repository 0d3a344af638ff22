//! Files on their way to whoever asked: what they are first, and then their content in parts.

use bytes::Bytes;
use futures::stream::{self, BoxStream};
use futures::{Stream, StreamExt, TryStreamExt};
use platform::Result;
use proto::review::v1 as review;
use review::file_part::Part;
use tonic::{Response, Status};

use crate::app::{Download, Sheet};

/// Largest part of content, as the contract says.
const LARGEST_PART: usize = 64 * 1024;

/// A file in the answers of its method.
pub(super) type Parts<R> = BoxStream<'static, Result<R, Status>>;

/// A printed document, each part in an answer.
pub(super) fn printed<R: Send + 'static>(
    sheet: Sheet,
    answer: fn(Option<review::FilePart>) -> R,
) -> Response<Parts<R>> {
    let head = review::FileHead {
        file_name: sheet.file_name,
        media_type: "application/pdf".to_owned(),
        size: sheet.content.len() as u64,
        sha256: sheet.sha256.as_bytes().to_vec().into(),
    };
    parts(head, stream::iter([Ok(sheet.content)]), answer)
}

/// A file that was kept, each part in an answer.
pub(super) fn downloaded<R: Send + 'static>(
    file: Download,
    answer: fn(Option<review::FilePart>) -> R,
) -> Response<Parts<R>> {
    let head = review::FileHead {
        file_name: file.file_name,
        media_type: file.media_type,
        size: file.size,
        sha256: file.sha256.as_bytes().to_vec().into(),
    };
    parts(head, file.content, answer)
}

/// A file, each part in an answer.
fn parts<R: Send + 'static>(
    head: review::FileHead,
    content: impl Stream<Item = Result<Bytes>> + Send + 'static,
    answer: fn(Option<review::FilePart>) -> R,
) -> Response<Parts<R>> {
    let content = content.map_ok(|bytes| stream::iter(in_parts(bytes).map(Ok)));
    let content = content.try_flatten().map_ok(Part::Content);
    let parts = stream::once(async { Ok(Part::Head(head)) }).chain(content);
    let parts = parts.map(move |part: Result<Part>| {
        let part = review::FilePart { part: Some(part?) };
        Ok(answer(Some(part)))
    });
    Response::new(parts.boxed())
}

fn in_parts(mut content: Bytes) -> impl Iterator<Item = Bytes> {
    std::iter::from_fn(move || {
        let next = content.split_to(content.len().min(LARGEST_PART));
        Some(next).filter(|next| !next.is_empty())
    })
}
