//! Calls that are answered by files: what came is put together, part by part.

use proto::common::v1::{FilePart, file_part::Part};
use proto::results::v1 as results;
use results::print_service_client::PrintServiceClient;
use tonic::{Request, Response, Status};

use super::clients::{Call, Services};

/// A file of a job, and how far the job is with it.
pub(super) struct JobFile {
    /// Its name.
    pub(super) name: String,
    /// Its content.
    pub(super) content: Vec<u8>,
    /// Certificates printed so far.
    pub(super) printed: u32,
    /// And of how many.
    pub(super) total: u32,
}

impl Call for results::PrintCertificateRequest {
    type Reply = Vec<u8>;
    const METHOD: &'static str = "print_certificate";

    async fn send(
        services: &Services,
        request: Request<Self>,
    ) -> Result<Response<Self::Reply>, Status> {
        let mut client = PrintServiceClient::new(services.results());
        let mut parts = client.print_certificate(request).await?.into_inner();
        let mut file = Vec::new();
        while let Some(next) = parts.message().await? {
            if let Some(Part::Content(content)) = next.part.and_then(|part| part.part) {
                file.extend_from_slice(&content);
            }
        }
        Ok(Response::new(file))
    }
}

impl Call for results::PrintCertificatesRequest {
    type Reply = Vec<JobFile>;
    const METHOD: &'static str = "print_certificates";

    async fn send(
        services: &Services,
        request: Request<Self>,
    ) -> Result<Response<Self::Reply>, Status> {
        let mut client = PrintServiceClient::new(services.results());
        let mut parts = client.print_certificates(request).await?.into_inner();
        let mut files: Vec<JobFile> = Vec::new();
        while let Some(next) = parts.message().await? {
            match next.part {
                Some(FilePart {
                    part: Some(Part::Head(head)),
                }) => files.push(JobFile {
                    name: head.file_name,
                    content: Vec::new(),
                    printed: next.printed,
                    total: next.total,
                }),
                Some(FilePart {
                    part: Some(Part::Content(content)),
                }) => {
                    let file = files.last_mut();
                    let file = file.ok_or_else(|| Status::internal("a part of no file"))?;
                    file.content.extend_from_slice(&content);
                }
                _ => {}
            }
        }
        Ok(Response::new(files))
    }
}
