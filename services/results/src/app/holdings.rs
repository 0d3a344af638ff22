//! What people hold, for those who judge who may be examined.

use kernel::identity_document::Document;
use platform::crypto::BlindIndex;
use platform::{Result, contract};
use proto::results::v1 as results;
use sqlx::PgConnection;

use super::Results;
use crate::store;
use crate::store::holding::Holding;
use crate::store::version::New;

/// What the blind indexes of documents are for: finding what somebody holds.
const HOLDER: &str = "results.holder";

impl Results {
    /// Notes whose certificates are by these versions.
    pub(super) async fn note_holders(
        &self,
        connection: &mut PgConnection,
        versions: &[New<'_>],
    ) -> Result<()> {
        let keys = self.indexer.purpose(HOLDER);
        let key_id = self.indexer.active_key_id();
        let index = |document: &Document| BlindIndex {
            key_id: key_id.to_owned(),
            digest: keys.digests(&[&document.key()])[0],
        };
        let holders = versions.iter();
        let holders: Vec<_> = holders
            .map(|new| (new.certificate, index(&new.holder.document)))
            .collect();
        store::holding::insert(connection, &holders).await
    }

    /// What each of these people holds, under whatever key that was noted.
    pub async fn holdings(&self, people: &[Document]) -> Result<results::ListHoldingsResponse> {
        let keys = self.indexer.purpose(HOLDER);
        let indexes = people.iter().map(|one| keys.digests(&[&one.key()]));
        let indexes: Vec<_> = indexes.collect();
        let all: Vec<_> = indexes
            .iter()
            .flatten()
            .map(|digest| digest.to_vec())
            .collect();
        let mut connection = self.journal.pool().acquire().await?;
        let found = store::holding::of(&mut connection, &all).await?;
        let holders = indexes.iter().map(|digests| {
            let held = digests
                .iter()
                .filter_map(|digest| found.get(digest.as_slice()));
            results::Holder {
                holdings: held.flatten().map(message).collect(),
            }
        });
        Ok(results::ListHoldingsResponse {
            holders: holders.collect(),
        })
    }
}

fn message(holding: &Holding) -> results::Holding {
    results::Holding {
        number: holding.number.to_string(),
        occupation: Some(contract::occupation_message(&holding.occupation)),
        trade: holding.trade.clone(),
        level: contract::level_message(holding.level).into(),
        issued_on: holding.issued_on.to_string(),
        valid: holding.valid,
    }
}
