//! What people hold, over gRPC.

use kernel::identity_document::Document;
use kernel::rejection::{FaultList, Faults};
use platform::{Error, contract};
use proto::common::v1::PersonRef;
use proto::results::v1::holding_service_server::HoldingService;
use proto::results::v1::{ListHoldingsRequest, ListHoldingsResponse};
use tonic::{Request, Response, Status};

use super::Face;
use crate::domain::rejection::HoldingRejection;

/// People of one call.
const MOST_PEOPLE: usize = 500;

#[tonic::async_trait]
impl HoldingService for Face {
    async fn list_holdings(
        &self,
        request: Request<ListHoldingsRequest>,
    ) -> Result<Response<ListHoldingsResponse>, Status> {
        let people = people(request.get_ref()).map_err(Error::from)?;
        Ok(Response::new(self.0.holdings(&people).await?))
    }
}

fn people(request: &ListHoldingsRequest) -> Result<Vec<Document>, Faults> {
    let mut faults = FaultList::default();
    let (given, limit) = (&request.people, MOST_PEOPLE);
    let few = given.len() <= limit;
    let too_many = HoldingRejection::TooMany { limit };
    faults.require(few, "people", &too_many);
    let mut read = |(index, person): (usize, &PersonRef)| {
        let read = contract::document(&person.citizen_id, person.document.as_ref());
        let told = |refused: Faults| {
            faults.extend(refused.moved(|field| format!("people[{index}].{field}")));
        };
        read.map_err(told).ok()
    };
    let people = given
        .iter()
        .take(limit)
        .enumerate()
        .filter_map(&mut read)
        .collect();
    faults.finish()?;
    Ok(people)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_citizen_id(number: &str) -> PersonRef {
        PersonRef {
            citizen_id: number.to_owned(),
            document: None,
        }
    }

    #[test]
    fn people_are_asked_about_by_numbers_that_can_be_read_and_not_too_many_at_once() {
        let request = |numbers: Vec<&str>| ListHoldingsRequest {
            people: numbers.into_iter().map(by_citizen_id).collect(),
        };
        assert!(people(&request(Vec::new())).expect("nobody").is_empty());
        let one = "11010519491231002X";
        let refused = people(&request(vec![one, "1"])).map(|_| ());
        assert_eq!(refused.expect_err("a digit").codes(), ["CITIZEN_ID_LENGTH"]);
        let refused = people(&request(vec![one; 501])).map(|_| ());
        assert_eq!(refused.expect_err("many").codes(), ["HOLDINGS_TOO_MANY"]);
    }
}
