//! What an employer does: ask the public query over plain HTTP.

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Method, Request, StatusCode, Uri, header};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde::Deserialize;

use super::{desk::Pause, settings::Http};

/// Asks over HTTP.
pub(super) struct Query {
    client: Client<HttpConnector, Full<Bytes>>,
    page: String,
}

/// An answer, to the byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    /// The status that it tells.
    pub(super) status: String,
    /// The body as it came.
    pub(super) body: Bytes,
}

#[derive(Deserialize)]
struct Told {
    status: String,
}

impl Query {
    /// Asks the platform of these settings.
    pub(super) fn new(http: &Http) -> Result<Self> {
        let page = http.page.clone();
        page.parse::<Uri>()
            .with_context(|| format!("the address of the page {page}"))?;
        ensure!(
            page.ends_with('/'),
            "the address of the page ends with a slash: {page}"
        );
        Ok(Self {
            client: Client::builder(TokioExecutor::new()).build_http(),
            page,
        })
    }

    /// Address of the page.
    pub(super) fn page(&self) -> &str {
        &self.page
    }

    /// The page itself, as a browser shows it.
    pub(super) async fn open_page(&self) -> Result<String> {
        let mut pause = Pause::begin();
        loop {
            match self.send(Method::GET, "", Bytes::new()).await {
                Ok((StatusCode::OK, body)) => return Ok(String::from_utf8(body.to_vec())?),
                Ok((status, _)) => pause.or(|| format!("{}: {status}", self.page)).await?,
                Err(error) => pause.or(|| format!("{}: {error:#}", self.page)).await?,
            }
        }
    }

    /// Asks until there is an answer.
    pub(super) async fn ask(&self, number: &str, name: &str) -> Result<Answer> {
        self.until(number, name, |_| true).await
    }

    /// Asks until the answer has a status: what was decided reaches the query a moment later.
    pub(super) async fn until_status(
        &self,
        number: &str,
        name: &str,
        status: &str,
    ) -> Result<Answer> {
        let answer = self
            .until(number, name, |answer| answer.status == status)
            .await;
        answer.with_context(|| format!("expected {status} for {number}"))
    }

    async fn until(
        &self,
        number: &str,
        name: &str,
        enough: impl Fn(&Answer) -> bool,
    ) -> Result<Answer> {
        let question = serde_json::json!({ "number": number, "name": name }).to_string();
        let mut pause = Pause::begin();
        loop {
            let seen = match self.verify(&question).await {
                Ok(Some(answer)) if enough(&answer) => return Ok(answer),
                Ok(Some(answer)) => answer.status,
                Ok(None) => "not able to answer".to_owned(),
                Err(error) => format!("{error:#}"),
            };
            pause.or(|| format!("certificates:verify: {seen}")).await?;
        }
    }

    /// `None` where the query says that it cannot answer now.
    async fn verify(&self, question: &str) -> Result<Option<Answer>> {
        let question = Bytes::copy_from_slice(question.as_bytes());
        let (status, body) = self
            .send(Method::POST, "api/v1/certificates:verify", question)
            .await?;
        if status != StatusCode::OK {
            return Ok(None);
        }
        let told: Told = serde_json::from_slice(&body).context("the answer is not JSON")?;
        Ok(Some(Answer {
            status: told.status,
            body,
        }))
    }

    async fn send(&self, method: Method, path: &str, body: Bytes) -> Result<(StatusCode, Bytes)> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.page))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(body))?;
        let response = self.client.request(request).await?;
        let status = response.status();
        Ok((status, response.into_body().collect().await?.to_bytes()))
    }
}
