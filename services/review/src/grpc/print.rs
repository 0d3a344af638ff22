//! Documents to print, over gRPC.

use kernel::ids::{InspectionId, PublicNoticeId};
use kernel::rejection::Faults;
use platform::Error;
use platform::access::caller;
use platform::download::{self, Parts};
use proto::review::v1 as review;
use proto::review::v1::print_service_server::PrintService;
use tonic::{Request, Response, Status};

use super::{Review, application_id};

#[tonic::async_trait]
impl PrintService for Review {
    type PrintBasicFormStream = Parts<review::PrintBasicFormResponse>;
    type PrintPublicNoticeStream = Parts<review::PrintPublicNoticeResponse>;
    type PrintFilingReceiptStream = Parts<review::PrintFilingReceiptResponse>;
    type PrintAssessmentRecordStream = Parts<review::PrintAssessmentRecordResponse>;
    type PrintInspectionAnnouncementStream = Parts<review::PrintInspectionAnnouncementResponse>;

    async fn print_basic_form(
        &self,
        request: Request<review::PrintBasicFormRequest>,
    ) -> Result<Response<Self::PrintBasicFormStream>, Status> {
        let id = application_id(&request.get_ref().application_id).map_err(Error::from)?;
        let sheet = self.app.print_basic_form(caller(&request), id).await?;
        Ok(download::sheet(sheet, |part| {
            review::PrintBasicFormResponse { part }
        }))
    }

    async fn print_public_notice(
        &self,
        request: Request<review::PrintPublicNoticeRequest>,
    ) -> Result<Response<Self::PrintPublicNoticeStream>, Status> {
        let id = PublicNoticeId::parse(&request.get_ref().public_notice_id);
        let id = id.map_err(|rejection| Faults::at("public_notice_id", &rejection));
        let sheet = self
            .app
            .print_public_notice(id.map_err(Error::from)?)
            .await?;
        Ok(download::sheet(sheet, |part| {
            review::PrintPublicNoticeResponse { part }
        }))
    }

    async fn print_filing_receipt(
        &self,
        request: Request<review::PrintFilingReceiptRequest>,
    ) -> Result<Response<Self::PrintFilingReceiptStream>, Status> {
        let id = application_id(&request.get_ref().application_id).map_err(Error::from)?;
        let sheet = self.app.print_filing_receipt(caller(&request), id).await?;
        Ok(download::sheet(sheet, |part| {
            review::PrintFilingReceiptResponse { part }
        }))
    }

    async fn print_assessment_record(
        &self,
        request: Request<review::PrintAssessmentRecordRequest>,
    ) -> Result<Response<Self::PrintAssessmentRecordStream>, Status> {
        let id = application_id(&request.get_ref().application_id).map_err(Error::from)?;
        let sheet = self
            .app
            .print_assessment_record(caller(&request), id)
            .await?;
        Ok(download::sheet(sheet, |part| {
            review::PrintAssessmentRecordResponse { part }
        }))
    }

    async fn print_inspection_announcement(
        &self,
        request: Request<review::PrintInspectionAnnouncementRequest>,
    ) -> Result<Response<Self::PrintInspectionAnnouncementStream>, Status> {
        let id = InspectionId::parse(&request.get_ref().inspection_id);
        let id = id.map_err(|rejection| Faults::at("inspection_id", &rejection));
        let sheet = self
            .app
            .print_inspection_announcement(id.map_err(Error::from)?)
            .await?;
        Ok(download::sheet(sheet, |part| {
            review::PrintInspectionAnnouncementResponse { part }
        }))
    }
}
