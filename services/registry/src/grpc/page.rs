//! Pages of records by their ids, the newest first.

use kernel::ids::TypedId;
use kernel::rejection::FaultList;

use crate::domain::directory::DirectoryRejection;

/// The record before which a page begins: what the page before ended with. A token of another kind
/// of record is none of ours.
pub(super) fn before<I: TypedId + std::str::FromStr>(
    token: &str,
    faults: &mut FaultList,
) -> Option<I> {
    if token.is_empty() {
        return None;
    }
    let read = token
        .parse()
        .map_err(|_| DirectoryRejection::PageTokenMalformed);
    faults.take("page_token", read)
}
