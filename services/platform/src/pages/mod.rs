//! What a service shows the public over HTTP, on its own port beside gRPC: JSON for machines, and
//! pages where it has any. Read only.
//!
//! ```text
//! Server::add_pages(pages::shown(Router::new().route("/api/v1/…", get(handler)), time))
//! ```
//!
//! The contract is told once: [`Json`] writes a reply of the gRPC contract as JSON, with the names
//! that the proto files have. A handler ends in [`Answer`], so that a refusal is told as it is over
//! gRPC, every fault by name and in both languages, and a failure is logged once and told as little
//! as possible.

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::extract::{FromRequestParts, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use kernel::rejections;
use serde::de::DeserializeOwned;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

mod calls;
mod json;
mod refusal;

pub use calls::note;
pub use json::Json;
pub use refusal::{Answer, Unanswered, refused, refused_as};

/// Nothing but our own style sheet, forms that go nowhere else, no frame around us.
pub const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; \
                          base-uri 'none'; frame-ancestors 'none'";

rejections! {
    /// Why an address gives no answer, whatever it is asked.
    pub enum PageRejection {
        /// Nothing is served there.
        AddressUnknown => "ADDRESS_UNKNOWN", NotFound, "platform",
            "没有这个地址", "there is nothing at this address";
        /// Something is, but by another method.
        MethodNotAllowed => "HTTP_METHOD_NOT_ALLOWED", InvalidArgument, "platform",
            "此地址不支持该请求方法", "this address is not asked by this method";
        /// The part behind the question mark is not what the address takes.
        QueryMalformed => "QUERY_MALFORMED", InvalidArgument, "platform",
            "地址中的查询参数有误：有未知的参数、重复的参数，或参数值的格式不对",
            "the query of the address has an unknown or repeated parameter, or a value of another form";
        /// The answer could not be found out.
        PageUnavailable => "PAGE_UNAVAILABLE", Unavailable, "platform",
            "暂时无法查询，请稍后再试", "this cannot be answered at present; please try again later";
    }
}

/// Routes as the public may reach them: in their time, with the headers that browsers heed, and
/// with words for every answer that no handler gave.
pub fn shown(routes: Router, request_timeout: Duration) -> Router {
    let fixed =
        |name, value| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    let time_over = StatusCode::SERVICE_UNAVAILABLE;
    routes.layer(
        ServiceBuilder::new()
            .layer(middleware::from_fn(note))
            .layer(fixed(header::CONTENT_SECURITY_POLICY, POLICY))
            .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .layer(fixed(header::REFERRER_POLICY, "no-referrer"))
            .layer(fixed(header::CACHE_CONTROL, "no-store"))
            .layer(middleware::from_fn(word))
            .layer(CatchPanicLayer::custom(panicked))
            .layer(TimeoutLayer::with_status_code(time_over, request_timeout)),
    )
}

/// The layer's own answer would log the text of the panic, which can hold what was asked. The
/// process' hook has logged the place.
fn panicked(_text: Box<dyn Any + Send>) -> Response {
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

/// Puts words to an answer that is a bare status: nothing there, another method, a panic, time over.
async fn word(request: Request, next: Next) -> Response {
    let answer = next.run(request).await;
    if answer.headers().contains_key(header::CONTENT_TYPE) {
        return answer;
    }
    match answer.status() {
        StatusCode::NOT_FOUND => refused(&PageRejection::AddressUnknown.into()),
        StatusCode::METHOD_NOT_ALLOWED => {
            let mut worded = refused_as(answer.status(), &PageRejection::MethodNotAllowed.into());
            let allowed = answer.headers().get(header::ALLOW).cloned();
            worded
                .headers_mut()
                .extend(allowed.map(|allowed| (header::ALLOW, allowed)));
            worded
        }
        status if status.is_server_error() => refusal::failed(status),
        _ => answer,
    }
}

/// The query of an address. What is unknown or there twice is refused: whoever misspells a filter
/// would otherwise be shown everything and take it for what was asked.
pub struct Parameters<T>(pub T);

impl<S, T> FromRequestParts<S> for Parameters<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(given)) => Ok(Self(given)),
            Err(_) => Err(refused(&PageRejection::QueryMalformed.into())),
        }
    }
}

#[cfg(test)]
mod tests;
