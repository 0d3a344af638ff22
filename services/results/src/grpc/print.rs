//! `PrintService`.

use futures::{StreamExt, TryStreamExt, stream};
use kernel::certificate_number::CertificateNumber;
use kernel::ids::PublicNoticeId;
use kernel::rejection::Faults;
use platform::access::caller;
use platform::download::{self, Parts};
use platform::{Error, Result as Outcome};
use proto::results::v1 as results;
use proto::results::v1::print_service_server::PrintService;
use results::CertificateFormat;
use tonic::{Request, Response, Status};

use super::{Face, at, batch_id, both};
use crate::app::{Format, Portion};
use crate::domain::rejection::CertificateRejection;

#[tonic::async_trait]
impl PrintService for Face {
    type PrintCertificateStream = Parts<results::PrintCertificateResponse>;
    type PrintCertificatesStream = Parts<results::PrintCertificatesResponse>;
    type PrintScoreSheetStream = Parts<results::PrintScoreSheetResponse>;
    type PrintResultNoticeStream = Parts<results::PrintResultNoticeResponse>;

    async fn print_certificate(
        &self,
        request: Request<results::PrintCertificateRequest>,
    ) -> Result<Response<Self::PrintCertificateStream>, Status> {
        let asked = request.get_ref();
        let number = at("number", CertificateNumber::parse(&asked.number));
        let (number, format) = both(number, format(asked.format)).map_err(Error::from)?;
        let sheet = self.0.print_certificate(caller(&request), number, format);
        Ok(download::sheet(sheet.await?, |part| {
            results::PrintCertificateResponse { part }
        }))
    }

    async fn print_certificates(
        &self,
        request: Request<results::PrintCertificatesRequest>,
    ) -> Result<Response<Self::PrintCertificatesStream>, Status> {
        let asked = request.get_ref();
        let after = match asked.after_number.as_str() {
            "" => Ok(None),
            number => at("after_number", CertificateNumber::parse(number)).map(Some),
        };
        let (batch, after) = both(batch_id(&asked.batch_id), after).map_err(Error::from)?;
        let job = self
            .0
            .print_certificates(caller(&request), batch, after)
            .await?;
        let answers = job.map_ok(|portion| stream::iter(answers(portion)));
        let answers = answers.try_flatten().map(|it| it.map_err(Status::from));
        Ok(Response::new(answers.boxed()))
    }

    async fn print_score_sheet(
        &self,
        request: Request<results::PrintScoreSheetRequest>,
    ) -> Result<Response<Self::PrintScoreSheetStream>, Status> {
        let batch = batch_id(&request.get_ref().batch_id).map_err(Error::from)?;
        let sheet = self.0.print_scores(caller(&request), batch).await?;
        Ok(download::sheet(sheet, |part| {
            results::PrintScoreSheetResponse { part }
        }))
    }

    async fn print_result_notice(
        &self,
        request: Request<results::PrintResultNoticeRequest>,
    ) -> Result<Response<Self::PrintResultNoticeStream>, Status> {
        let notice = PublicNoticeId::parse(&request.get_ref().public_notice_id);
        let notice = at("public_notice_id", notice).map_err(Error::from)?;
        let sheet = self.0.print_public_notice(notice).await?;
        Ok(download::sheet(sheet, |part| {
            results::PrintResultNoticeResponse { part }
        }))
    }
}

fn format(word: i32) -> Result<Format, Faults> {
    match CertificateFormat::try_from(word) {
        Ok(CertificateFormat::Unspecified | CertificateFormat::Pdf) => Ok(Format::Pdf),
        Ok(CertificateFormat::Png) => Ok(Format::Png),
        Err(_) => Err(Faults::at("format", &CertificateRejection::FormatUnknown)),
    }
}

/// A file of a job, part by part.
fn answers(
    portion: Portion,
) -> impl Iterator<Item = Outcome<results::PrintCertificatesResponse>> + Send {
    let (last_number, printed, total) = (portion.last.to_string(), portion.printed, portion.total);
    portion.sheet.parts().map(move |part| {
        Ok(results::PrintCertificatesResponse {
            part: Some(part),
            last_number: last_number.clone(),
            printed,
            total,
        })
    })
}
