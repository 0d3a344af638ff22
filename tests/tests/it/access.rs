//! The door of every method of the contract, tried over the wire by everybody it is closed to.

use jiff::SignedDuration;
use kernel::division::DivisionCode;
use kernel::ids::OrganizationId;
use platform::access::{Caller, DevIssuer, Role, Rule, Rules};
use platform::config::Mode;
use prost_reflect::DescriptorPool;
use tests::harness::Service;
use tonic::client::Grpc;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Status};
use tonic_prost::ProstCodec;
use tonic_types::StatusExt;
use uuid::Uuid;

use crate::walked::{Walked, walked};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// A method at the service that serves it.
struct Door {
    channel: Channel,
    path: String,
    rule: Rule,
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_enters_without_a_token_that_is_good_now() {
    let walked = walked().await;
    let ours = issuer(walked);
    let elsewhere = tempfile::tempdir().expect("a folder");
    let foreign = DevIssuer::open(elsewhere.path(), Mode::Test).expect("another issuer");
    for door in doors(walked) {
        if !door.rule.is_public() {
            door.refuses(None, Code::Unauthenticated, "TOKEN_MISSING")
                .await;
        }
        // A token that is shown must be good, even where none is needed.
        let role = *door.rule.roles.first().expect("a method has roles");
        let caller = somebody(if role == Role::Public {
            Role::Auditor
        } else {
            role
        });
        let expired = ours.mint(&caller, -HOUR).expect("a token");
        door.refuses(Some(&expired), Code::Unauthenticated, "TOKEN_EXPIRED")
            .await;
        let theirs = foreign.mint(&caller, HOUR).expect("a token");
        door.refuses(Some(&theirs), Code::Unauthenticated, "TOKEN_INVALID")
            .await;
        door.refuses(Some("no token"), Code::Unauthenticated, "TOKEN_INVALID")
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_enters_where_the_contract_names_it_and_nowhere_else() {
    let walked = walked().await;
    let issuer = issuer(walked);
    let before = walked.platform.dump().await.expect("look");
    for door in doors(walked) {
        for role in Role::ALL.into_iter().filter(|role| *role != Role::Public) {
            let token = issuer.mint(&somebody(role), HOUR).expect("a token");
            if door.rule.allows(role) {
                door.is_open_to(&token).await;
            } else {
                door.refuses(Some(&token), Code::PermissionDenied, "METHOD_NOT_ALLOWED")
                    .await;
            }
        }
    }
    let after = walked.platform.dump().await.expect("look again");
    for (table, rows) in before {
        assert!(
            after[&table] == rows,
            "refused calls left a trace in {table}"
        );
    }
}

impl Door {
    async fn refuses(&self, token: Option<&str>, code: Code, reason: &str) {
        let status = self.call(token).await.expect_err(&self.path);
        assert_eq!(
            (status.code(), reason_of(&status).as_str()),
            (code, reason),
            "{}",
            self.path
        );
    }

    /// An empty request is wrong in itself for most methods; what counts is that it came so far.
    async fn is_open_to(&self, token: &str) {
        let Err(status) = self.call(Some(token)).await else {
            return;
        };
        let closed = [
            Code::Unauthenticated,
            Code::Unimplemented,
            Code::Internal,
            Code::Unknown,
        ];
        let turned_away = reason_of(&status) == "METHOD_NOT_ALLOWED";
        assert!(
            !turned_away && !closed.contains(&status.code()),
            "{}: {status}",
            self.path
        );
    }

    /// Calls with an empty request. One message is a stream of one, so this does for both kinds.
    async fn call(&self, token: Option<&str>) -> Result<(), Status> {
        let mut request = Request::new(());
        if let Some(token) = token {
            let value = format!("Bearer {token}").parse().expect("a header");
            request.metadata_mut().insert("authorization", value);
        }
        let mut client = Grpc::new(self.channel.clone());
        client
            .ready()
            .await
            .map_err(|error| Status::unavailable(error.to_string()))?;
        let path = self.path.parse().expect("a path");
        client
            .unary(request, path, ProstCodec::<(), ()>::default())
            .await
            .map(|_| ())
    }
}

/// Every method of the contract, at every service that serves it.
fn doors(walked: &Walked) -> Vec<Door> {
    let pool = DescriptorPool::decode(proto::DESCRIPTOR_SET).expect("the contract");
    let rules = Rules::of_contract().expect("its rules");
    let mut doors = Vec::new();
    for service in pool.services() {
        let servers = Service::serving(service.package_name());
        assert!(!servers.is_empty(), "nobody serves {}", service.full_name());
        for (method, server) in service
            .methods()
            .flat_map(|method| servers.iter().map(move |server| (method.clone(), *server)))
        {
            let path = format!("/{}/{}", service.full_name(), method.name());
            let rule = rules
                .get(&path)
                .unwrap_or_else(|| panic!("{path} has no rule"))
                .clone();
            let address = walked.platform.address(server);
            let channel = Endpoint::from_shared(address)
                .expect("an address")
                .connect_lazy();
            doors.push(Door {
                channel,
                path,
                rule,
            });
        }
    }
    assert!(doors.len() > 40, "only {} methods", doors.len());
    doors
}

fn issuer(walked: &Walked) -> DevIssuer {
    DevIssuer::open(&walked.platform.issuer(), Mode::Test).expect("the platform's issuer")
}

/// Somebody of a role, equipped with all that a token of it may carry. The organisation is one
/// that nobody knows.
fn somebody(role: Role) -> Caller {
    if role == Role::Service {
        return Caller::service("review");
    }
    Caller {
        subject: format!("somebody-{}", role.as_str()),
        role,
        division: DivisionCode::parse("371000").ok(),
        organization: (role == Role::Organization)
            .then(|| OrganizationId::from_uuid(Uuid::now_v7())),
    }
}

fn reason_of(status: &Status) -> String {
    status
        .get_details_error_info()
        .map(|info| info.reason)
        .unwrap_or_default()
}
