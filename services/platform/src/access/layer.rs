//! The one door: every call passes here before any handler sees it.
//!
//! Only health and reflection pass without a rule. A public method takes a missing token for
//! nobody in particular, but a token that is there must be good: whoever shows one wants to be
//! known. What somebody without a token may hand in is limited by where it comes from. A refusal is
//! answered with its name and leaves one log line, which holds no token.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use http::header::AUTHORIZATION;
use http::request::Parts;
use http::{HeaderMap, Request, Response};
use kernel::rejection::{Faults, Rejection};
use tonic::transport::server::TcpConnectInfo;
use tower::{Layer, Service};

use super::lodging::Lodgings;
use super::{AccessRejection, Caller, Role, Rules, Verifier};
use crate::config;
use crate::status;

/// Served by libraries, not by the contract: health to every prober, reflection outside production.
const OPEN_PREFIXES: [&str; 2] = ["/grpc.health.v1.", "/grpc.reflection."];

/// Puts the door in front of a server: `Server::builder().layer(..)`.
#[derive(Clone)]
pub struct AccessLayer(Arc<Door>);

struct Door {
    rules: Arc<Rules>,
    verifier: Verifier,
    lodgings: Lodgings,
}

/// A server behind the door.
#[derive(Clone)]
pub struct AccessService<S> {
    door: Arc<Door>,
    inner: S,
}

/// Why somebody stays outside, and who it is where the token has told.
struct Refusal {
    rejection: AccessRejection,
    subject: Option<String>,
}

impl From<AccessRejection> for Refusal {
    fn from(rejection: AccessRejection) -> Self {
        Self {
            rejection,
            subject: None,
        }
    }
}

impl AccessLayer {
    /// A door with the rules of the contract.
    ///
    /// # Errors
    /// When the rules cannot be read, or the verifier's settings cannot be used.
    pub fn new(settings: &config::Access) -> anyhow::Result<Self> {
        Ok(Self(Arc::new(Door {
            rules: Arc::new(Rules::of_contract()?),
            verifier: Verifier::new(settings)?,
            lodgings: Lodgings::new(settings),
        })))
    }

    /// The rules that the door goes by.
    pub(crate) fn rules(&self) -> Arc<Rules> {
        Arc::clone(&self.0.rules)
    }
}

impl<S> Layer<S> for AccessLayer {
    type Service = AccessService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        AccessService {
            door: Arc::clone(&self.0),
            inner,
        }
    }
}

impl Door {
    async fn admit(&self, head: &Parts) -> Result<Caller, Refusal> {
        let rule = self.rules.get(head.uri.path());
        let rule = rule.ok_or(AccessRejection::MethodUnknown)?;
        let caller = match bearer_token(&head.headers)? {
            Some(token) => self.verifier.verify(token).await?,
            None if rule.is_public() => Caller::public(),
            None => return Err(AccessRejection::TokenMissing.into()),
        };
        if !rule.allows(caller.role) {
            let subject = Some(caller.subject);
            return Err(Refusal {
                rejection: AccessRejection::MethodNotAllowed,
                subject,
            });
        }
        if rule.is_command && caller.role == Role::Public {
            let peer = head.extensions.get::<TcpConnectInfo>();
            let peer = peer.and_then(TcpConnectInfo::remote_addr);
            self.lodgings.admit(peer, &head.headers, Instant::now())?;
        }
        Ok(caller)
    }

    fn log(&self, path: &str, refusal: &Refusal) {
        // A path outside the contract is whatever somebody sent; that does not go into the log.
        let method = if self.rules.get(path).is_some() {
            path
        } else {
            "unknown"
        };
        tracing::warn!(
            code = refusal.rejection.code(),
            method,
            subject = refusal.subject.as_deref(),
            reason = refusal.rejection.english(),
            "call refused"
        );
    }
}

fn bearer_token(headers: &HeaderMap) -> Result<Option<&str>, AccessRejection> {
    let mut headers = headers.get_all(AUTHORIZATION).iter();
    let Some(header) = headers.next() else {
        return Ok(None);
    };
    let parts = header.to_str().ok().and_then(|text| text.split_once(' '));
    match (parts, headers.next()) {
        (Some((scheme, token)), None) if scheme.eq_ignore_ascii_case("bearer") => {
            Ok(Some(token.trim()))
        }
        // Of two, nobody can say which is meant.
        _ => Err(AccessRejection::TokenInvalid {
            problem: "authorization",
        }),
    }
}

impl<S, B, R> Service<Request<B>> for AccessService<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
    R: Default,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // The one that was polled ready must be the one that is called.
        let next = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, next);
        let door = Arc::clone(&self.door);
        Box::pin(async move {
            let (mut head, body) = request.into_parts();
            let path = head.uri.path();
            if !OPEN_PREFIXES.iter().any(|prefix| path.starts_with(prefix)) {
                match door.admit(&head).await {
                    Ok(caller) => head.extensions.insert(caller),
                    Err(refusal) => {
                        door.log(path, &refusal);
                        let faults = Faults::from(refusal.rejection);
                        return Ok(status::refuse(&faults).into_http());
                    }
                };
            }
            inner.call(Request::from_parts(head, body)).await
        })
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use http::request::Builder;
    use serde_json::json;
    use tonic::Code;
    use tower::ServiceExt;

    use super::super::test_tokens::{Issuer, KeyFile, claims};
    use super::super::{Role, caller_of};
    use super::*;

    const PUBLIC: &str = "/luban.certificate.v1.CertificateQueryService/VerifyCertificate";
    const LODGED: &str = "/luban.review.v1.ComplaintService/LodgeComplaint";
    const OF_CENTRES: &str = "/luban.review.v1.ApplicationService/ReturnApplication";
    const OF_ORGANIZATIONS: &str = "/luban.review.v1.ApplicationService/SubmitApplication";

    /// What came of a call: the caller that the handler saw, or the refusal's status.
    async fn knock(door: &AccessLayer, request: Builder) -> Result<Caller, tonic::Status> {
        let handler = tower::service_fn(async |request: Request<()>| {
            let mut response = Response::new(());
            response
                .extensions_mut()
                .insert(caller_of(request.extensions()).clone());
            Ok::<_, Infallible>(response)
        });
        let request = request.body(()).expect("a request");
        let Ok(response) = door.layer(handler).oneshot(request).await;
        match response.extensions().get::<Caller>() {
            Some(caller) => Ok(caller.clone()),
            None => Err(tonic::Status::from_header_map(response.headers()).expect("a status")),
        }
    }

    fn call(path: &str) -> Builder {
        Request::builder().uri(path)
    }

    fn call_with(path: &str, token: &str) -> Builder {
        call(path).header("authorization", format!("Bearer {token}"))
    }

    fn door(keys: &KeyFile) -> AccessLayer {
        AccessLayer::new(&keys.own_settings()).expect("the contract's rules")
    }

    fn reason(status: &tonic::Status) -> String {
        use tonic_types::StatusExt;
        status
            .get_details_error_info()
            .map(|info| info.reason)
            .unwrap_or_default()
    }

    #[tokio::test]
    async fn who_may_call_is_let_through_and_known_to_the_handler() {
        let issuer = Issuer::ed_dsa("one");
        let keys = KeyFile::of(&[&issuer]);
        let door = door(&keys);
        let token = issuer.sign(&claims());
        let caller = knock(&door, call_with(OF_CENTRES, &token))
            .await
            .expect("a city centre may");
        assert_eq!(
            (caller.subject.as_str(), caller.role),
            ("somebody", Role::CityCentre)
        );

        let lower_case = call(OF_CENTRES).header("authorization", format!("bearer {token}"));
        knock(&door, lower_case)
            .await
            .expect("the scheme's case does not matter");
    }

    #[tokio::test]
    async fn who_may_not_is_refused_by_name() {
        let issuer = Issuer::ed_dsa("one");
        let keys = KeyFile::of(&[&issuer]);
        let door = door(&keys);
        let token = issuer.sign(&claims());
        let basic = call(OF_CENTRES).header("authorization", "Basic c29tZWJvZHk6cGFzcw==");
        let twice = call_with(OF_CENTRES, &token).header("authorization", "Bearer x");
        let mut expired = claims();
        expired["exp"] = json!(1_000_000_000);
        for (request, code, name) in [
            (call(OF_CENTRES), Code::Unauthenticated, "TOKEN_MISSING"),
            (basic, Code::Unauthenticated, "TOKEN_INVALID"),
            (twice, Code::Unauthenticated, "TOKEN_INVALID"),
            (
                call_with(OF_CENTRES, "x"),
                Code::Unauthenticated,
                "TOKEN_INVALID",
            ),
            (
                call_with(OF_CENTRES, &issuer.sign(&expired)),
                Code::Unauthenticated,
                "TOKEN_EXPIRED",
            ),
            (
                call_with(OF_ORGANIZATIONS, &token),
                Code::PermissionDenied,
                "METHOD_NOT_ALLOWED",
            ),
            (
                call_with("/luban.review.v1.Nothing/Known", &token),
                Code::Unimplemented,
                "METHOD_UNKNOWN",
            ),
            (call("/"), Code::Unimplemented, "METHOD_UNKNOWN"),
        ] {
            let status = knock(&door, request).await.expect_err(name);
            assert_eq!((status.code(), reason(&status).as_str()), (code, name));
        }
    }

    #[tokio::test]
    async fn a_public_method_needs_no_token_but_takes_no_bad_one() {
        let issuer = Issuer::ed_dsa("one");
        let keys = KeyFile::of(&[&issuer]);
        let door = door(&keys);
        let anybody = knock(&door, call(PUBLIC)).await.expect("the public may");
        assert_eq!(anybody, Caller::public());

        let known = knock(&door, call_with(PUBLIC, &issuer.sign(&claims()))).await;
        assert_eq!(known.expect("so may everybody else").subject, "somebody");

        let stranger = Issuer::ed_dsa("stranger").sign(&claims());
        let status = knock(&door, call_with(PUBLIC, &stranger))
            .await
            .expect_err("a bad token");
        assert_eq!(reason(&status), "TOKEN_INVALID");
    }

    #[tokio::test]
    async fn what_strangers_hand_in_is_limited_and_what_they_read_is_not() {
        let issuer = Issuer::ed_dsa("one");
        let keys = KeyFile::of(&[&issuer]);
        let door = door(&keys);
        for _ in 0..2 {
            knock(&door, call(LODGED)).await.expect("within the limit");
        }
        let status = knock(&door, call(LODGED)).await.expect_err("the third");
        assert_eq!(
            (status.code(), reason(&status).as_str()),
            (Code::ResourceExhausted, "LODGED_TOO_OFTEN")
        );
        knock(&door, call(PUBLIC)).await.expect("a question");
        let token = issuer.sign(&claims());
        let known = knock(&door, call_with(LODGED, &token)).await;
        assert_eq!(known.expect("known by name").subject, "somebody");
    }

    #[tokio::test]
    async fn health_and_reflection_pass_without_a_rule() {
        let keys = KeyFile::of(&[]);
        let door = door(&keys);
        for path in [
            "/grpc.health.v1.Health/Check",
            "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        ] {
            let caller = knock(&door, call_with(path, "not looked at"))
                .await
                .expect("open");
            assert_eq!(caller.role, Role::Public);
        }
        let status = knock(&door, call("/x/grpc.health.v1."))
            .await
            .expect_err("not a prefix");
        assert_eq!(status.code(), Code::Unimplemented);
    }
}
