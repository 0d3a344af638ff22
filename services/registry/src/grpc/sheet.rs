//! Spreadsheets as they come over gRPC.

use bytes::Bytes;
use futures::Stream;
use kernel::rejection::Faults;
use platform::Result;
use platform::unit::parsed;
use platform::upload::{Sent, header, whole};
use proto::Command;

/// What is sent: the header, what it says, and the file, as far as one is read.
pub(super) async fn sent<H: Command, T>(
    mut parts: impl Stream<Item = Sent<H>> + Unpin,
    limit: usize,
    parse: impl FnOnce(&H) -> Result<T, Faults>,
) -> Result<(H, T, Bytes)> {
    let header = header(&mut parts).await?;
    let form = parsed(&header, parse(&header))?;
    let file = whole(parts, limit).await?;
    Ok((header, form, file))
}
