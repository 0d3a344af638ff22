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

use super::{
    desk::Pause,
    settings::{Addresses, Http},
};

/// Asks over HTTP.
pub(super) struct Query {
    client: Client<HttpConnector, Full<Bytes>>,
    page: String,
    directory: String,
}

/// An answer, to the byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    /// The status that it tells.
    pub(super) status: String,
    /// The body as it came.
    pub(super) body: Bytes,
}

/// A page of the directory, as far as it is looked at.
#[derive(Deserialize)]
pub(super) struct Directory {
    /// The organisations.
    pub(super) organizations: Vec<Listed>,
}

/// An organisation in the directory.
#[derive(Deserialize)]
pub(super) struct Listed {
    /// 机构代码
    pub(super) organization_code: String,
    /// 单位名称
    pub(super) name: String,
    /// Day of registration.
    pub(super) registered_on: String,
}

#[derive(Deserialize)]
struct Told {
    status: String,
}

impl Query {
    /// Asks the platform of these settings.
    pub(super) fn new(http: &Http, services: &Addresses) -> Result<Self> {
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
            directory: format!("{}/api/v1/directory", services.registry),
        })
    }

    /// Address of the page.
    pub(super) fn page(&self) -> &str {
        &self.page
    }

    /// The page itself, as a browser shows it.
    pub(super) async fn open_page(&self) -> Result<String> {
        Ok(String::from_utf8(self.get(&self.page).await?.to_vec())?)
    }

    /// The directory as JSON: organisations that may work in a city.
    pub(super) async fn directory(&self, city: &str) -> Result<Directory> {
        let shown = self.get(&format!("{}?city={city}", self.directory)).await?;
        serde_json::from_slice(&shown).context("the directory is not JSON")
    }

    async fn get(&self, address: &str) -> Result<Bytes> {
        let mut pause = Pause::begin();
        loop {
            match self.send(Method::GET, address, Bytes::new()).await {
                Ok((StatusCode::OK, body)) => return Ok(body),
                Ok((status, _)) => pause.or(|| format!("{address}: {status}")).await?,
                Err(error) => pause.or(|| format!("{address}: {error:#}")).await?,
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
        let address = format!("{}api/v1/certificates:verify", self.page);
        let (status, body) = self.send(Method::POST, &address, question).await?;
        if status != StatusCode::OK {
            return Ok(None);
        }
        let told: Told = serde_json::from_slice(&body).context("the answer is not JSON")?;
        Ok(Some(Answer {
            status: told.status,
            body,
        }))
    }

    async fn send(
        &self,
        method: Method,
        address: &str,
        body: Bytes,
    ) -> Result<(StatusCode, Bytes)> {
        let request = Request::builder()
            .method(method)
            .uri(address)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(body))?;
        let response = self.client.request(request).await?;
        let status = response.status();
        Ok((status, response.into_body().collect().await?.to_bytes()))
    }
}
