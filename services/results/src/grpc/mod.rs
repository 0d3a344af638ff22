//! The edge: requests are parsed, with all their faults at once, and handed to the use cases.

mod batches;
mod certificates;
mod holdings;
mod notices;
mod objections;
mod orders;
mod print;
mod reviews;

use kernel::ids::BatchId;
use kernel::rejection::{FaultList, Faults, Rejection};
use kernel::two_persons::Stated;
use platform::access::{self, Caller};
use platform::contract::{self, FieldRejection};
use platform::proposal::parse_confirmation;
use proto::common::v1::Confirmation;
use tonic::Request;

use crate::app::Results;
use kernel::written::{LONGEST, Written};

/// The gRPC services of this one.
#[derive(Clone)]
pub struct Face(Results);

impl Face {
    /// A face over the use cases.
    pub fn new(results: Results) -> Self {
        Self(results)
    }
}

/// Who calls, and what is asked.
fn opened<T>(request: Request<T>) -> (Caller, T) {
    (access::caller(&request).clone(), request.into_inner())
}

/// A parsed part, or its fault at the field.
fn at<T, R: Rejection>(field: &str, parsed: Result<T, R>) -> Result<T, Faults> {
    parsed.map_err(|refused| Faults::at(field, &refused))
}

/// Most requests name a batch.
fn batch_id(text: &str) -> Result<BatchId, Faults> {
    at("batch_id", BatchId::parse(text))
}

/// What somebody wrote, or the fault at its field; each field has its own for saying nothing.
fn written(field: &str, text: &str, missing: &impl Rejection) -> Result<Written, Faults> {
    put(field, contract::text(text, LONGEST), missing)
}

/// As [`written`], on one line of nothing but what is seen: what the public is shown.
fn posted(field: &str, line: &str, missing: &impl Rejection) -> Result<Written, Faults> {
    put(field, contract::line(line, LONGEST), missing)
}

fn put(
    field: &str,
    text: Result<String, FieldRejection>,
    missing: &impl Rejection,
) -> Result<Written, Faults> {
    match text {
        Ok(text) => Ok(Written::new(&text)),
        Err(FieldRejection::Required) => Err(Faults::at(field, missing)),
        Err(refused) => Err(Faults::at(field, &refused)),
    }
}

/// What a second person confirms: the aggregate, and what was seen of it.
fn confirmed<T>(
    aggregate: Result<T, Faults>,
    confirmation: Option<&Confirmation>,
) -> Result<(T, Stated), Faults> {
    both(aggregate, parse_confirmation(confirmation))
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
