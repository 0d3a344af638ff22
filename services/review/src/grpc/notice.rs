//! Public notices of selections as anybody may see them.

use platform::Error;
use platform::public_notice::{parse_listing, parse_view};
use proto::common::v1 as common;
use proto::common::v1::public_notice_service_server::PublicNoticeService;
use tonic::{Request, Response, Status};

use super::Review;

#[tonic::async_trait]
impl PublicNoticeService for Review {
    async fn list_public_notices(
        &self,
        request: Request<common::ListPublicNoticesRequest>,
    ) -> Result<Response<common::ListPublicNoticesResponse>, Status> {
        let wanted = parse_listing(request.get_ref()).map_err(Error::from)?;
        Ok(Response::new(self.app.public_notices(&wanted).await?))
    }

    async fn get_public_notice_on(
        &self,
        request: Request<common::GetPublicNoticeOnRequest>,
    ) -> Result<Response<common::GetPublicNoticeOnResponse>, Status> {
        let (id, on) = parse_view(request.get_ref()).map_err(Error::from)?;
        Ok(Response::new(self.app.public_notice_on(id, on).await?))
    }
}
