//! The edge: requests are parsed, with all their faults at once, and handed to the use cases.

mod batches;
mod certificates;
mod objections;
mod reviews;

use kernel::ids::{IdRejection, TypedId};
use kernel::rejection::{FaultList, Faults};

use crate::app::Results;

/// The four gRPC services of this one.
#[derive(Clone)]
pub struct Face(Results);

impl Face {
    /// A face over the use cases.
    pub fn new(results: Results) -> Self {
        Self(results)
    }
}

/// An id from its field.
fn id<T: TypedId>(
    field: &str,
    text: &str,
    parse: impl FnOnce(&str) -> Result<T, IdRejection>,
) -> Result<T, Faults> {
    parse(text).map_err(|refused| Faults::at(field, &refused))
}

/// Both of two parts, or the faults of either.
fn both<A, B>(one: Result<A, Faults>, other: Result<B, Faults>) -> Result<(A, B), Faults> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (one, other) => {
            let mut faults = FaultList::default();
            one.err()
                .into_iter()
                .chain(other.err())
                .for_each(|fault| faults.extend(fault));
            Err(faults.finish().expect_err("one of the two is a fault"))
        }
    }
}
