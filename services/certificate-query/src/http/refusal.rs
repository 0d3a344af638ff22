//! Why there is no answer: every fault by name and in both languages, as JSON for machines and as
//! a page for people.

use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use kernel::rejection::Faults;
use kernel::rejections;
use platform::pages::{PageRejection, refused_as};

use super::page;
use crate::LARGEST_QUESTION;
use crate::index::IndexRejection;

/// Seconds after which a question that could not be answered is worth asking again.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

rejections! {
    /// Why a request is not answered, whatever it asks.
    pub(super) enum RequestRejection {
        /// The body is not what is asked for.
        BodyMalformed => "BODY_MALFORMED", InvalidArgument, "platform",
            "请求内容应为 JSON 对象，所含各项为文本，每项一次",
            "the body has to be an object of JSON whose fields are text, each once";
        /// The form was not sent by our page.
        FormMalformed => "FORM_MALFORMED", InvalidArgument, "platform",
            "请在本页填写证书编号和持证人姓名后查询",
            "enter number and name on this page and send them from here";
        /// The body did not come, or broke off.
        BodyIncomplete => "BODY_INCOMPLETE", InvalidArgument, "platform",
            "请求内容未完整送达，请重新查询", "the question did not arrive whole; ask again";
        /// The body is larger than any question.
        BodyTooLarge { limit: usize } => "BODY_TOO_LARGE", InvalidArgument, "platform",
            "请求内容不能超过 {limit} 字节", "the body has at most {limit} bytes";
    }
}

/// Puts words to an answer that is a bare status: nothing there, another method, a body that cannot
/// be taken in, a failure, a panic, time over. Whoever asked as a machine is answered as one.
pub(super) async fn word(request: Request, next: Next) -> Response {
    let asked = request.uri().clone();
    let answer = next.run(request).await;
    let status = answer.status();
    if answer.headers().contains_key(header::CONTENT_TYPE) {
        return answer;
    }
    let faults: Faults = match status {
        StatusCode::NOT_FOUND => PageRejection::AddressUnknown.into(),
        StatusCode::METHOD_NOT_ALLOWED => PageRejection::MethodNotAllowed.into(),
        StatusCode::REQUEST_TIMEOUT | StatusCode::BAD_REQUEST => {
            RequestRejection::BodyIncomplete.into()
        }
        StatusCode::PAYLOAD_TOO_LARGE => {
            let limit = LARGEST_QUESTION;
            RequestRejection::BodyTooLarge { limit }.into()
        }
        _ if status.is_server_error() => IndexRejection::StatusUnavailable.into(),
        _ => return answer,
    };
    let mut worded = if asked.path().starts_with("/api/") {
        refused_as(status, &faults)
    } else {
        page::failure(status, asked.path(), &faults)
    };
    if status.is_server_error() {
        worded
            .headers_mut()
            .insert(header::RETRY_AFTER, RETRY_AFTER);
    }
    worded
}
