//! Files as they leave over gRPC: what they are, once, and then their content in parts.
//!
//! Each method has answers of its own; what they have in common is the [`FilePart`] in each.

use bytes::Bytes;
use futures::stream::{self, BoxStream};
use futures::{Stream, StreamExt, TryStreamExt};
use kernel::content_hash::ContentHash;
use proto::common::v1::file_part::Part;
use proto::common::v1::{FileHead, FilePart};
use tonic::{Response, Status};

use crate::error::Result;

/// Largest part of content, as the contract says.
const LARGEST_PART: usize = 64 * 1024;

/// A file in the answers of its method.
pub type Parts<R> = BoxStream<'static, std::result::Result<R, Status>>;

/// A file that was made for whoever asked, whole in memory.
pub struct Sheet {
    /// A name to save it under.
    pub file_name: String,
    /// Media type.
    pub media_type: &'static str,
    /// SHA-256 over the content.
    pub sha256: ContentHash,
    /// The file.
    pub content: Bytes,
}

impl Sheet {
    /// A PDF.
    pub fn pdf(file_name: String, content: Bytes) -> Self {
        Self::new(file_name, "application/pdf", content)
    }

    /// A picture (PNG).
    pub fn png(file_name: String, content: Bytes) -> Self {
        Self::new(file_name, "image/png", content)
    }

    fn new(file_name: String, media_type: &'static str, content: Bytes) -> Self {
        Self {
            file_name,
            media_type,
            sha256: ContentHash::of_bytes(&content),
            content,
        }
    }

    /// Its parts, the head first.
    pub fn parts(self) -> impl Iterator<Item = FilePart> + Send {
        let head = Part::Head(FileHead {
            file_name: self.file_name,
            media_type: self.media_type.to_owned(),
            size: self.content.len() as u64,
            sha256: self.sha256.as_bytes().to_vec().into(),
        });
        let content = in_parts(self.content).map(Part::Content);
        std::iter::once(head)
            .chain(content)
            .map(|part| FilePart { part: Some(part) })
    }
}

/// A sheet, each part in an answer.
pub fn sheet<R: Send + 'static>(
    sheet: Sheet,
    answer: fn(Option<FilePart>) -> R,
) -> Response<Parts<R>> {
    let answers = sheet.parts().map(move |part| Ok(answer(Some(part))));
    Response::new(stream::iter(answers).boxed())
}

/// A file that comes in pieces, each part in an answer.
pub fn file<R: Send + 'static>(
    head: FileHead,
    content: impl Stream<Item = Result<Bytes>> + Send + 'static,
    answer: fn(Option<FilePart>) -> R,
) -> Response<Parts<R>> {
    let content = content.map_ok(|bytes| stream::iter(in_parts(bytes).map(Ok)));
    let content = content.try_flatten().map_ok(Part::Content);
    let parts = stream::once(async { Ok(Part::Head(head)) }).chain(content);
    let parts = parts.map(move |part: Result<Part>| {
        let part = FilePart { part: Some(part?) };
        Ok(answer(Some(part)))
    });
    Response::new(parts.boxed())
}

fn in_parts(mut content: Bytes) -> impl Iterator<Item = Bytes> + Send {
    std::iter::from_fn(move || {
        let next = content.split_to(content.len().min(LARGEST_PART));
        Some(next).filter(|next| !next.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_its_head_and_then_parts_of_no_more_than_was_agreed() {
        let content = Bytes::from(vec![7; 2 * LARGEST_PART + 1]);
        let mut parts = Sheet::pdf("a.pdf".to_owned(), content).parts();
        let Some(Part::Head(head)) = parts.next().and_then(|it| it.part) else {
            panic!("the head comes first");
        };
        assert_eq!(head.size, 2 * LARGEST_PART as u64 + 1);
        let sizes = parts.map(|it| match it.part {
            Some(Part::Content(bytes)) => bytes.len(),
            _ => panic!("one head"),
        });
        assert_eq!(sizes.collect::<Vec<_>>(), [LARGEST_PART, LARGEST_PART, 1]);
    }
}
