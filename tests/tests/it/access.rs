//! The door of every method of the contract, tried over the wire by everybody it is closed to.

use jiff::SignedDuration;
use kernel::division::DivisionCode;
use kernel::ids::OrganizationId;
use platform::access::{Caller, DevIssuer, Role};
use platform::config::Mode;
use tonic::Code;
use uuid::Uuid;

use crate::doors::{Door, doors, issuer, reason_of};
use crate::walked::walked;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

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
    // How old the data is goes on by itself.
    let by_itself = "certificate-query: public.data_age";
    for (table, rows) in before.into_iter().filter(|(table, _)| table != by_itself) {
        assert!(
            after[&table] == rows,
            "refused calls left a trace in {table}"
        );
    }
}

impl Door {
    async fn refuses(&self, token: Option<&str>, code: Code, reason: &str) {
        let status = self.call(token, self.empty()).await.expect_err(&self.path);
        assert_eq!(
            (status.code(), reason_of(&status).as_str()),
            (code, reason),
            "{}",
            self.path
        );
    }

    /// An empty request is wrong in itself for most methods; what counts is that it came so far.
    async fn is_open_to(&self, token: &str) {
        let Err(status) = self.call(Some(token), self.empty()).await else {
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
