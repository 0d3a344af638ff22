//! The calendar of exams over gRPC.

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::SessionId;
use kernel::rejection::{FaultList, Faults};
use platform::Error;
use platform::contract::page_size;
use proto::exam::v1::exam_calendar_service_server::ExamCalendarService;
use proto::exam::v1::{ListExamsRequest, ListExamsResponse};
use tonic::{Request, Response, Status};

use super::{ExamScheduling, all_there};
use crate::domain::rejection::CalendarRejection;
use crate::store::calendar::Listing;

/// The first year of which there could be exams under the notice, and the last anybody plans for.
const YEARS: std::ops::RangeInclusive<u32> = 2020..=2100;

#[tonic::async_trait]
impl ExamCalendarService for ExamScheduling {
    async fn list_exams(
        &self,
        request: Request<ListExamsRequest>,
    ) -> Result<Response<ListExamsResponse>, Status> {
        let (listing, after) = listing(request.get_ref()).map_err(Error::from)?;
        let size = page_size(request.get_ref().page_size);
        Ok(Response::new(self.app.exams(listing, after, size).await?))
    }
}

fn listing(request: &ListExamsRequest) -> Result<(Listing, Option<SessionId>), Faults> {
    let mut faults = FaultList::default();
    let known = YEARS.contains(&request.year);
    faults.require(known, "year", &CalendarRejection::YearOutOfRange);
    let year = i16::try_from(request.year).unwrap_or(Date::MAX.year());
    let division = DivisionCode::parse(&request.division_code);
    let division = faults.take("division_code", division);
    let after = match request.page_token.as_str() {
        "" => None,
        token => {
            let session = SessionId::parse(token).map_err(|_| CalendarRejection::PageToken);
            faults.take("page_token", session)
        }
    };
    let division = all_there(faults, division)?;
    Ok((Listing { year, division }, after))
}
