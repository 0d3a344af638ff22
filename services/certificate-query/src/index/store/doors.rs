//! Doors as facts carry them, in columns, so that any number of them is one statement.

use kernel::query_key;
use proto::results::v1::{BlindIndex, IndexPurpose};

/// Columns of the doors to one record; arrays of equal length.
#[derive(Default)]
pub(crate) struct Doors {
    pub(super) purposes: Vec<String>,
    pub(super) key_ids: Vec<String>,
    pub(super) digests: Vec<Vec<u8>>,
}

impl Doors {
    /// Reads the doors of a fact.
    ///
    /// # Errors
    /// When there is one that nobody here can have opened.
    pub(crate) fn of(indexes: Vec<BlindIndex>) -> anyhow::Result<Self> {
        let mut doors = Self::default();
        for index in indexes {
            let purpose = match index.purpose() {
                IndexPurpose::NumberAndName => query_key::NUMBER_AND_NAME,
                IndexPurpose::DocumentAndName => query_key::DOCUMENT_AND_NAME,
                IndexPurpose::TicketAndName => query_key::TICKET_AND_NAME,
                IndexPurpose::Unspecified => anyhow::bail!("a door without a known purpose"),
            };
            doors.purposes.push(purpose.to_owned());
            doors.key_ids.push(index.key_id);
            doors.digests.push(index.digest.into());
        }
        Ok(doors)
    }
}
