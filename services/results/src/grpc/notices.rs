//! `PublicNoticeService`: the notices of results as anybody may see them.

use platform::Error;
use platform::public_notice::{parse_listing, parse_view};
use proto::common::v1 as common;
use proto::common::v1::public_notice_service_server::PublicNoticeService;
use tonic::{Request, Response, Status};

use super::{Face, both, opened};
use crate::page::Page;

#[tonic::async_trait]
impl PublicNoticeService for Face {
    async fn list_public_notices(
        &self,
        request: Request<common::ListPublicNoticesRequest>,
    ) -> Result<Response<common::ListPublicNoticesResponse>, Status> {
        let wanted = parse_listing(request.get_ref()).map_err(Error::from)?;
        Ok(Response::new(self.0.public_notices(&wanted).await?))
    }

    async fn get_public_notice_on(
        &self,
        request: Request<common::GetPublicNoticeOnRequest>,
    ) -> Result<Response<common::GetPublicNoticeOnResponse>, Status> {
        let (_, request) = opened(request);
        let (id, size) = (&request.public_notice_id, request.page_size);
        let page = Page::parse(id, size, &request.page_token);
        let ((id, on), page) = both(parse_view(&request), page).map_err(Error::from)?;
        let shown = self.0.public_notice_on(id, on, &page);
        Ok(Response::new(shown.await?))
    }
}
