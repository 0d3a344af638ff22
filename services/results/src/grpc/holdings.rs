//! What people hold, over gRPC.

use kernel::citizen_id::CitizenId;
use kernel::rejection::{FaultList, Faults};
use platform::Error;
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

fn people(request: &ListHoldingsRequest) -> Result<Vec<CitizenId>, Faults> {
    let mut faults = FaultList::default();
    let (given, limit) = (&request.document_numbers, MOST_PEOPLE);
    let few = given.len() <= limit;
    let too_many = HoldingRejection::TooMany { limit };
    faults.require(few, "document_numbers", &too_many);
    let read = |(index, number): (usize, &String)| {
        let field = format!("document_numbers[{index}]");
        faults.take(field, CitizenId::parse(number))
    };
    let people = given
        .iter()
        .take(limit)
        .enumerate()
        .filter_map(read)
        .collect();
    faults.finish()?;
    Ok(people)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_asked_about_by_numbers_that_can_be_read_and_not_too_many_at_once() {
        let request = |numbers: Vec<&str>| ListHoldingsRequest {
            document_numbers: numbers.into_iter().map(str::to_owned).collect(),
        };
        assert!(people(&request(Vec::new())).expect("nobody").is_empty());
        let one = "11010519491231002X";
        let refused = people(&request(vec![one, "1"])).map(|_| ());
        assert_eq!(refused.expect_err("a digit").codes(), ["CITIZEN_ID_LENGTH"]);
        let refused = people(&request(vec![one; 501])).map(|_| ());
        assert_eq!(refused.expect_err("many").codes(), ["HOLDINGS_TOO_MANY"]);
    }
}
