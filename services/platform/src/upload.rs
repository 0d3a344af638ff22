//! Files as they come over gRPC: a header, once, and then content in pieces.
//!
//! Each method has messages of its own; what they have in common is their [`Part`], of which a
//! service makes a stream. The header is judged before a byte of content is taken.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures::{Stream, StreamExt, stream};
use kernel::content_hash::ContentHash;
use kernel::rejection::Faults;
use kernel::rejections;
use prost::Message;
use proto::Command;
use tokio::time::timeout;
use tonic::{Code, Status};

use crate::error::{Error, Result};
use crate::server::CallRejection;
use crate::unit::parsed;

rejections! {
    /// Why an upload is broken off.
    pub enum UploadRejection {
        /// Parts out of order.
        UploadOrder => "UPLOAD_ORDER", InvalidArgument, "platform",
            "上传应先发送一次文件信息，再发送内容", "an upload is its header, once, and then content";
        /// A piece that is larger than agreed.
        PieceTooLarge { limit: usize } => "UPLOAD_PIECE_TOO_LARGE", InvalidArgument, "platform",
            "每次发送的内容不得超过 {limit} 字节", "a piece of content has at most {limit} bytes";
        /// Somebody keeps a call open and sends nothing.
        UploadStalled { seconds: u64 } => "UPLOAD_STALLED", DeadlineExceeded, "platform",
            "上传中断超过 {seconds} 秒，请重新上传", "nothing came for {seconds} seconds; please upload the file again";
    }
}

/// Largest piece of content, as the contract says.
const LARGEST_PIECE: usize = 256 * 1024;

/// How long the next part may take to come. The whole has `server.request_timeout`.
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// A part of an upload.
pub enum Part<H> {
    /// What the file is.
    Header(H),
    /// A piece of it.
    Content(Bytes),
}

/// What comes, or why nothing does; a message without a part is `None`.
pub type Sent<H> = std::result::Result<Option<Part<H>>, Status>;

/// The header, which comes first.
pub async fn header<H>(parts: &mut (impl Stream<Item = Sent<H>> + Unpin)) -> Result<H> {
    match next(parts).await?.flatten() {
        Some(Part::Header(header)) => Ok(header),
        _ => Err(out_of_order()),
    }
}

/// The content that follows.
pub fn content<H>(parts: impl Stream<Item = Sent<H>> + Unpin) -> impl Stream<Item = Result<Bytes>> {
    stream::try_unfold(parts, async |mut parts| {
        let piece = match next(&mut parts).await? {
            None => return Ok(None),
            Some(next) => piece(next)?,
        };
        Ok(Some((piece, parts)))
    })
}

/// The content in one, for files that are small and are to lie nowhere unsealed. Once there is more
/// than the limit no more is taken; that it is too large, the reader says.
pub async fn whole<H>(parts: impl Stream<Item = Sent<H>> + Unpin, limit: usize) -> Result<Bytes> {
    let mut content = std::pin::pin!(content(parts));
    let mut whole = BytesMut::new();
    while whole.len() <= limit {
        match content.next().await {
            Some(piece) => whole.extend_from_slice(&piece?),
            None => break,
        }
    }
    Ok(whole.freeze())
}

/// A small file and its header, which is judged before a byte of the file is taken.
///
/// # Errors
/// What is wrong with the header or the upload.
pub async fn form<H: Command, T>(
    mut parts: impl Stream<Item = Sent<H>> + Unpin,
    limit: usize,
    parse: impl FnOnce(&H) -> std::result::Result<T, Faults>,
) -> Result<(H, T, Bytes)> {
    let header = header(&mut parts).await?;
    let form = parsed(&header, parse(&header))?;
    let file = whole(parts, limit).await?;
    Ok((header, form, file))
}

/// What an upload is remembered by: its header and the hash of its file.
pub fn body(header: &impl Message, file: ContentHash) -> [u8; 32] {
    let body = [&header.encode_to_vec(), &file.as_bytes()[..]].concat();
    *ContentHash::of_bytes(&body).as_bytes()
}

fn piece<H>(part: Option<Part<H>>) -> Result<Bytes> {
    match part {
        Some(Part::Content(piece)) if piece.len() <= LARGEST_PIECE => Ok(piece),
        Some(Part::Content(_)) => Err(too_large()),
        Some(Part::Header(_)) | None => Err(out_of_order()),
    }
}

/// The next part, if there is one and it comes in time: an upload holds a place among the calls of
/// its connection, and what was sent of it.
async fn next<H>(
    parts: &mut (impl Stream<Item = Sent<H>> + Unpin),
) -> Result<Option<Option<Part<H>>>> {
    let next = timeout(LONGEST_PAUSE, parts.next()).await;
    let next = next.map_err(|_| {
        let seconds = LONGEST_PAUSE.as_secs();
        Error::refused(UploadRejection::UploadStalled { seconds })
    })?;
    next.transpose().map_err(broken_off)
}

fn too_large() -> Error {
    let limit = LARGEST_PIECE;
    Faults::at("content", &UploadRejection::PieceTooLarge { limit }).into()
}

fn out_of_order() -> Error {
    Faults::at("header", &UploadRejection::UploadOrder).into()
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

    fn first() -> Part<()> {
        Part::Content(Bytes::from_static(b"first"))
    }

    #[tokio::test(start_paused = true)]
    async fn an_upload_that_stalls_is_ended() {
        let never = header(&mut stream::pending::<Sent<()>>())
            .await
            .expect_err("nothing came");
        assert_eq!(codes(never), ["UPLOAD_STALLED"]);
        let parts = stream::iter([Ok(Some(first()))]).chain(stream::pending());
        let mut content = std::pin::pin!(content(parts));
        assert!(content.next().await.expect("a piece").is_ok());
        let stopped = content.next().await.expect("an end");
        assert_eq!(
            codes(stopped.expect_err("nothing came")),
            ["UPLOAD_STALLED"]
        );
    }

    #[tokio::test]
    async fn what_breaks_an_upload_off_is_told_where_somebody_hears_it() {
        for (code, expected) in [
            (Code::OutOfRange, &["UPLOAD_PIECE_TOO_LARGE"][..]),
            (Code::Internal, &["MESSAGE_MALFORMED"]),
            (Code::Cancelled, &[]),
        ] {
            let broken: Sent<()> = Err(Status::new(code, "broken off"));
            let mut parts = stream::iter([broken]);
            let refused = header(&mut parts).await.expect_err("broken off");
            assert_eq!(codes(refused), expected, "{code:?}");
        }
    }

    #[tokio::test]
    async fn no_more_is_taken_than_tells_that_it_is_too_much() {
        let all = whole(stream::iter([Ok(Some(first())), Ok(Some(first()))]), 10).await;
        assert_eq!(all.expect("taken"), "firstfirst");
        let endless = whole(stream::repeat_with(|| Ok(Some(first()))), 12).await;
        assert_eq!(endless.expect("taken").len(), 15);
        let again = whole(
            stream::iter([Ok(Some(first())), Ok(Some(Part::Header(())))]),
            10,
        )
        .await;
        assert_eq!(codes(again.expect_err("a header")), ["UPLOAD_ORDER"]);
        let nothing = header(&mut stream::iter([Ok(Some(first()))])).await;
        assert_eq!(codes(nothing.expect_err("no header")), ["UPLOAD_ORDER"]);
        let large = Bytes::from(vec![0; LARGEST_PIECE + 1]);
        let large: Sent<()> = Ok(Some(Part::Content(large)));
        let large = whole(stream::iter([large]), usize::MAX).await;
        assert_eq!(
            codes(large.expect_err("too large")),
            ["UPLOAD_PIECE_TOO_LARGE"]
        );
    }

    fn codes(error: Error) -> Vec<&'static str> {
        match error {
            Error::Refused(faults) => faults.codes(),
            _ => Vec::new(),
        }
    }
}
