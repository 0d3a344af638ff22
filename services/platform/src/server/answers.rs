//! The answers that no handler gave.
//!
//! What is no message, too large, compressed or for no method, tonic answers itself: in English,
//! some of it as a fault of ours, and without a reason by name. Such an answer is known by having
//! no details, and is given anew here. So is the answer to a call that takes too long.

use std::{
    task::{Context, Poll},
    time::Duration,
};

use futures::{FutureExt, future::BoxFuture};
use http::{Request, Response};
use kernel::rejection::Faults;
use tonic::{Code, Status};
use tower::{Layer, Service};

use crate::{access::AccessRejection, config, status};

/// Which encodings are taken: tonic says so when it is shown another.
const ENCODINGS_TAKEN: &str = "grpc-accept-encoding";

kernel::rejections! {
    /// Why a call did not reach its end.
    pub enum CallRejection {
        /// The bytes are not those of a message of the method.
        MessageMalformed => "MESSAGE_MALFORMED", InvalidArgument, "platform",
            "请求内容不是此方法的消息", "what was sent is no message of this method";
        /// More than the server reads at once.
        MessageTooLarge { limit: usize } => "MESSAGE_TOO_LARGE", ResourceExhausted, "platform",
            "一条消息不能超过 {limit} 字节", "a message has at most {limit} bytes";
        /// Messages come as they are.
        MessageEncoding => "MESSAGE_ENCODING", Unimplemented, "platform",
            "不接受压缩的消息", "compressed messages are not taken";
        /// Nobody waited to see whether it came to its end after all.
        CallTimeout => "CALL_TIMEOUT", DeadlineExceeded, "platform",
            "未能在规定时间内处理完毕，请用同一请求编号重试",
            "not done in time; please try again with the same request id";
    }
}

/// Gives every answer that no handler gave a name and both languages, and ends calls that take
/// longer than they may.
#[derive(Clone, Copy)]
pub(super) struct AnswerLayer {
    call_timeout: Duration,
    message_bytes: usize,
}

impl AnswerLayer {
    pub(super) fn new(limits: &config::Server) -> Self {
        Self {
            call_timeout: limits.request_timeout,
            message_bytes: limits.max_message_bytes,
        }
    }

    /// What tonic meant; `None` for what others said. It is only tonic, and of a request, that says
    /// `INTERNAL` without details.
    fn meant(self, said: &Status) -> Option<Faults> {
        if !said.details().is_empty() {
            return None;
        }
        match said.code() {
            Code::Internal => Some(CallRejection::MessageMalformed.into()),
            Code::OutOfRange => {
                let limit = self.message_bytes;
                Some(CallRejection::MessageTooLarge { limit }.into())
            }
            Code::Unimplemented if said.metadata().contains_key(ENCODINGS_TAKEN) => {
                Some(CallRejection::MessageEncoding.into())
            }
            Code::Unimplemented => Some(AccessRejection::MethodUnknown.into()),
            _ => None,
        }
    }

    fn retold<R: Default>(self, response: Response<R>) -> Response<R> {
        let Some(said) = Status::from_header_map(response.headers()) else {
            return response;
        };
        let Some(faults) = self.meant(&said) else {
            return response;
        };
        let mut status = status::refuse(&faults);
        *status.metadata_mut() = said.metadata().clone();
        status.into_http()
    }
}

impl<S> Layer<S> for AnswerLayer {
    type Service = Answers<S>;

    fn layer(&self, inner: S) -> Answers<S> {
        Answers {
            inner,
            layer: *self,
        }
    }
}

/// A server whose every answer is told in full.
#[derive(Clone)]
pub(super) struct Answers<S> {
    inner: S,
    layer: AnswerLayer,
}

impl<S, B, R> Service<Request<B>> for Answers<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Future: Send + 'static,
    R: Default,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Response<R>, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let layer = self.layer;
        let answer = self.inner.call(request);
        async move {
            let Ok(answer) = tokio::time::timeout(layer.call_timeout, answer).await else {
                let faults = CallRejection::CallTimeout.into();
                return Ok(status::refuse(&faults).into_http());
            };
            Ok(layer.retold(answer?))
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests;
