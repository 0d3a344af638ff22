//! Asking twice is asking once, and what was asked is nowhere to be read.

use kernel::ids::OrganizationId;
use platform::Error;
use platform::access::{Caller, Role};
use platform::testing::{TestPlatform, city_officer};
use platform::unit::Begun;
use prost::Message;
use proto::registry::v1::{EnrollBodyRequest as Request, EnrollBodyResponse as Reply};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::setup::{Raised, messages, platform};

fn request(id: &str, name: &str) -> Request {
    Request {
        request_id: id.to_owned(),
        name: name.to_owned(),
        ..Request::default()
    }
}

/// Whether the request was new; it then records a fact.
async fn ask(platform: &TestPlatform, who: &Caller, request: &Request) -> Result<bool, Error> {
    let begun = platform.journal.begin::<_, Reply>(who, request).await?;
    let Begun::New(mut unit) = begun else {
        return Ok(false);
    };
    let mut locked = unit.lock("counter", Uuid::now_v7()).await?;
    unit.record(&mut locked, &[Raised(1)]).await?;
    unit.finish(Reply::default()).await?;
    Ok(true)
}

fn faults(error: Error) -> Vec<(Option<String>, &'static str)> {
    let Error::Refused(faults) = error else {
        panic!("not a refusal: {error}");
    };
    let faults = faults.all().iter();
    faults
        .map(|fault| (fault.field.clone(), fault.code))
        .collect()
}

#[tokio::test]
async fn an_id_stands_for_one_content_of_one_caller() {
    let platform = platform("maker").await;
    let (one, other) = (city_officer("a", "371000"), city_officer("b", "371000"));
    let longest = "x".repeat(128);
    for id in ["req-1", "0", longest.as_str(), "a/b:c#d"] {
        assert!(
            ask(&platform, &one, &request(id, "first"))
                .await
                .expect("new")
        );
        assert!(
            !ask(&platform, &one, &request(id, "first"))
                .await
                .expect("known")
        );
        assert!(
            ask(&platform, &other, &request(id, "second"))
                .await
                .expect("another's")
        );
        let reused = ask(&platform, &one, &request(id, "second")).await;
        let at = Some("request_id".to_owned());
        assert_eq!(
            faults(reused.expect_err("reused")),
            [(at, "REQUEST_ID_REUSED")]
        );
    }
}

#[tokio::test]
async fn who_changes_place_is_not_given_what_was_answered_in_the_former_one() {
    let platform = platform("maker").await;
    let before = city_officer("a", "371000");
    let moved = city_officer("a", "370100");
    let promoted = Caller {
        role: Role::ProvinceCentre,
        ..before.clone()
    };
    let employed = Caller {
        organization: Some(OrganizationId::from_uuid(Uuid::now_v7())),
        ..before.clone()
    };
    for who in [before, moved, promoted, employed] {
        assert!(ask(&platform, &who, &request("1", "x")).await.expect("new"));
        assert!(
            !ask(&platform, &who, &request("1", "x"))
                .await
                .expect("known")
        );
    }
}

#[tokio::test]
async fn an_id_that_is_none_is_refused_at_its_field() {
    let platform = platform("maker").await;
    let too_long = "x".repeat(129);
    for id in [
        "",
        " ",
        "a b",
        "a\n",
        "\u{ff11}",
        "\u{7f}",
        too_long.as_str(),
    ] {
        let refused = ask(
            &platform,
            &city_officer("a", "371000"),
            &request(id, "name"),
        )
        .await;
        let at = Some("request_id".to_owned());
        let code = if id.is_empty() {
            "REQUEST_ID_MISSING"
        } else {
            "REQUEST_ID_MALFORMED"
        };
        assert_eq!(faults(refused.expect_err(id)), [(at, code)]);
    }
}

#[tokio::test]
async fn ids_of_people_without_a_token_never_meet() {
    let platform = platform("maker").await;
    for index in 0..20 {
        let theirs = request("1", &format!("objector {index}"));
        assert!(
            ask(&platform, &Caller::public(), &theirs)
                .await
                .expect("new")
        );
        assert!(
            !ask(&platform, &Caller::public(), &theirs)
                .await
                .expect("known")
        );
    }
}

#[tokio::test]
async fn neither_the_id_nor_a_guess_of_the_content_leads_to_what_was_asked() {
    let platform = platform("maker").await;
    let asked = request("370102199001011234", "somebody");
    for who in [Caller::public(), city_officer("a", "371000")] {
        assert!(ask(&platform, &who, &asked).await.expect("new"));
    }
    for fact in messages(&platform).await {
        let bytes = fact.encode_to_vec();
        let id = asked.request_id.as_bytes();
        assert!(!bytes.windows(id.len()).any(|window| window == id));
        let joined: i64 = sqlx::query_scalar(
            "select count(*) from platform.request_log join platform.fact
                 on fact.request_id = reference::text where fact.request_id = $1",
        )
        .bind(&fact.request_id)
        .fetch_one(&platform.pool)
        .await
        .expect("look");
        assert_eq!(joined, 1, "the owner still knows which request it was");
    }
    let guessed = hex::encode(Sha256::digest(asked.encode_to_vec()));
    let rows: Vec<String> = sqlx::query_scalar("select log::text from platform.request_log as log")
        .fetch_all(&platform.pool)
        .await
        .expect("read");
    assert_eq!(rows.len(), 2);
    for row in rows {
        assert!(!row.contains(&guessed), "{row}");
        assert!(
            !row.starts_with(&format!("(public:{}", &guessed[..4])),
            "{row}"
        );
    }
}
