//! Why a review gave a row back, and what the organisation answered: sealed, since both may name
//! people.

use kernel::ids::ResultId;
use platform::Result;
use platform::crypto::{Place, Vault};

use super::person::place;
use crate::domain::result::CandidateResult;
use kernel::written::Written;

const REASON: &str = "returned_reason_sealed";
const ANSWER: &str = "answer_sealed";

/// The texts of a row as they are stored: the reason, then the answer.
pub(super) type Sealed = (Option<Vec<u8>>, Option<Vec<u8>>);

/// Seals the texts of a row.
pub(super) fn seal(vault: &Vault, row: &CandidateResult) -> Sealed {
    let seal = |column, text: &Option<Written>| {
        let bytes = text.as_ref().map(|text| text.reveal().as_bytes());
        bytes.map(|bytes| vault.seal(place(row.id, column), bytes))
    };
    (
        seal(REASON, &row.returned_reason),
        seal(ANSWER, &row.answer),
    )
}

/// Opens the texts of a row.
pub(super) async fn unseal(
    vault: &Vault,
    row: ResultId,
    (reason, answer): Sealed,
) -> Result<(Option<Written>, Option<Written>)> {
    Ok((
        open(vault, place(row, REASON), reason).await?,
        open(vault, place(row, ANSWER), answer).await?,
    ))
}

async fn open(vault: &Vault, place: Place, sealed: Option<Vec<u8>>) -> Result<Option<Written>> {
    let Some(sealed) = sealed else {
        return Ok(None);
    };
    let bytes = vault.unseal(place, &sealed).await?;
    let text = std::str::from_utf8(&bytes).map_err(anyhow::Error::from)?;
    Ok(Some(Written::new(text)))
}

/// Where the texts lie that a row has. For the record, when somebody is shown them.
pub(crate) fn places(row: &CandidateResult) -> impl Iterator<Item = Place> {
    let reason = row.returned_reason.as_ref().map(|_| REASON);
    let answer = row.answer.as_ref().map(|_| ANSWER);
    let id = row.id;
    let columns = reason.into_iter().chain(answer);
    columns.map(move |column| place(id, column))
}
