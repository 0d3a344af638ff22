//! Doors as facts carry them, in columns: a key's name, and the digests made with it.

use proto::results::v1::{BlindIndex, IndexPurpose};

/// What leads to a certificate.
pub(crate) const PURPOSES_OF_A_CERTIFICATE: [IndexPurpose; 2] =
    [IndexPurpose::NumberAndName, IndexPurpose::DocumentAndName];
/// What leads to a candidate's stage.
pub(crate) const PURPOSES_OF_A_CANDIDATE: [IndexPurpose; 1] = [IndexPurpose::TicketAndName];

/// Length of a digest, in bytes.
const DIGEST: usize = 32;

/// Doors of `N` purposes; columns of equal length.
pub(crate) struct Doors<const N: usize> {
    pub(super) keys: Vec<String>,
    pub(super) digests: [Vec<Vec<u8>>; N],
}

impl<const N: usize> Doors<N> {
    /// Reads the doors of a fact: under every key one of each purpose.
    ///
    /// # Errors
    /// When there is none, one is missing, or there is one that nobody here can open.
    pub(crate) fn of(indexes: &[BlindIndex], purposes: [IndexPurpose; N]) -> anyhow::Result<Self> {
        let mut keys: Vec<_> = indexes.iter().map(|index| index.key_id.clone()).collect();
        keys.sort_unstable();
        keys.dedup();
        anyhow::ensure!(!keys.is_empty(), "a fact without a door");
        anyhow::ensure!(
            indexes.len() == N * keys.len(),
            "doors of other purposes than are known"
        );
        let mut digests = [const { Vec::new() }; N];
        for (column, purpose) in digests.iter_mut().zip(purposes) {
            for key in &keys {
                let door = indexes
                    .iter()
                    .find(|index| index.purpose() == purpose && index.key_id == *key)
                    .filter(|index| index.digest.len() == DIGEST);
                let door = door.ok_or_else(|| anyhow::anyhow!("a door is missing"))?;
                column.push(door.digest.to_vec());
            }
        }
        Ok(Self { keys, digests })
    }
}
