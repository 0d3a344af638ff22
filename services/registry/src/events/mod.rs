//! Facts on their way out and in.

use kernel::rejection::Rejection;
use platform::Result;
use prost::Message;
use proto::common::v1::Fact;

mod incoming;
mod outgoing;
mod telling;

pub(crate) use incoming::FOLLOWED;
pub use incoming::ReviewFacts;
pub use telling::InquiryFacts;

/// The message of a neighbour's fact.
fn decoded<M: Message + Default>(fact: &Fact) -> Result<M> {
    Ok(M::decode(fact.payload.clone()).map_err(anyhow::Error::from)?)
}

/// What a neighbour published is right or a defect, never somebody's typing.
fn read<T>(parsed: Result<T, impl Rejection>) -> Result<T> {
    parsed.map_err(|rejection| {
        anyhow::anyhow!("a neighbour's fact is not readable: {}", rejection.code()).into()
    })
}
