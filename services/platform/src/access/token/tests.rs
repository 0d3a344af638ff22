//! What is refused, and by which name.

use jsonwebtoken::jwk::JwkSet;
use serde_json::{Value, json};

use super::*;
use crate::access::test_tokens::{Issuer, KeyFile, claims};

async fn verdict(token: &str, keys: &[&Issuer]) -> Result<Caller, AccessRejection> {
    KeyFile::of(keys).verifier().verify(token).await
}

#[tokio::test]
async fn a_token_of_either_algorithm_names_its_caller() {
    for issuer in [Issuer::ed_dsa("one"), Issuer::es256("two")] {
        let caller = verdict(&issuer.sign(&claims()), &[&issuer])
            .await
            .expect("a good token");
        assert_eq!(caller.subject, "somebody");
        assert_eq!(caller.role, Role::CityCentre);
        assert_eq!(caller.division.expect("a city").as_str(), "371000");
        assert_eq!(caller.organization, None);
    }
}

#[tokio::test]
async fn a_token_that_is_not_for_us_is_refused_by_name() {
    let now = i64::try_from(jsonwebtoken::get_current_timestamp()).expect("not that late");
    let table: [(&str, Value, AccessRejection); 9] = [
        ("exp", json!(now - 10), AccessRejection::TokenExpired),
        (
            "exp",
            Value::Null,
            AccessRejection::TokenClaims { claim: "exp" },
        ),
        (
            "exp",
            json!("tomorrow"),
            AccessRejection::TokenClaims { claim: "exp" },
        ),
        ("nbf", json!(now + 60), invalid("nbf")),
        ("iss", json!("https://elsewhere.example"), invalid("iss")),
        (
            "iss",
            Value::Null,
            AccessRejection::TokenClaims { claim: "iss" },
        ),
        ("aud", json!("another platform"), invalid("aud")),
        (
            "aud",
            Value::Null,
            AccessRejection::TokenClaims { claim: "aud" },
        ),
        (
            "sub",
            Value::Null,
            AccessRejection::TokenClaims { claim: "sub" },
        ),
    ];
    let issuer = Issuer::ed_dsa("one");
    for (claim, value, rejection) in table {
        let mut claims = claims();
        claims[claim] = value.clone();
        let verdict = verdict(&issuer.sign(&claims), &[&issuer]).await;
        assert_eq!(verdict, Err(rejection), "{claim} = {value}");
    }
}

#[tokio::test]
async fn a_clock_may_differ_by_five_seconds() {
    let now = i64::try_from(jsonwebtoken::get_current_timestamp()).expect("not that late");
    let issuer = Issuer::ed_dsa("one");
    let mut claims = claims();
    claims["exp"] = json!(now - 2);
    claims["nbf"] = json!(now + 2);
    verdict(&issuer.sign(&claims), &[&issuer])
        .await
        .expect("within the leeway");
}

#[tokio::test]
async fn claims_that_the_platform_does_not_understand_are_refused_by_name() {
    for (claim, value) in [
        ("sub", json!("")),
        ("sub", json!(7)),
        ("sub", json!("x".repeat(256))),
        ("sub", json!("a\u{0}")),
        ("sub", json!("a\nb")),
        ("sub", json!("a\u{200b}")),
        ("sub", json!("public")),
        ("sub", json!("public:0000")),
        ("sub", json!("Public:0000")),
        ("sub", json!("service:registry")),
        ("sub", json!("SERVICE:registry")),
        ("sub", json!("service")),
        ("role", Value::Null),
        ("role", json!(4)),
        ("role", json!("")),
        ("role", json!("root")),
        ("role", json!("public")),
        ("division", Value::Null),
        ("division", json!("3710")),
        ("division", json!("370000")),
        ("division", json!("371002")),
        ("division", json!("320100")),
        ("division", json!(371_000)),
        ("division", json!(["371000"])),
        ("organization", json!("plan_00000000000000000000000000")),
        ("organization", json!({})),
    ] {
        let issuer = Issuer::ed_dsa("one");
        let mut claims = claims();
        claims[claim] = value.clone();
        if value.is_null() {
            claims
                .as_object_mut()
                .expect("claims are an object")
                .remove(claim);
        }
        let verdict = verdict(&issuer.sign(&claims), &[&issuer]).await;
        assert_eq!(
            verdict,
            Err(AccessRejection::TokenClaims { claim }),
            "{claim} = {value}"
        );
    }
}

#[tokio::test]
async fn a_key_that_is_not_the_issuers_signs_nothing() {
    let (ours, foreign) = (Issuer::ed_dsa("one"), Issuer::ed_dsa("one"));
    let token = foreign.sign(&claims());
    assert_eq!(verdict(&token, &[&ours]).await, Err(invalid("signature")));

    let stranger = Issuer::ed_dsa("stranger");
    assert_eq!(
        verdict(&stranger.sign(&claims()), &[&ours]).await,
        Err(invalid("kid"))
    );
    assert_eq!(
        verdict(&ours.sign_without_key_id(&claims()), &[&ours]).await,
        Err(invalid("kid"))
    );
}

#[tokio::test]
async fn the_token_has_no_say_in_the_algorithm() {
    let ours = Issuer::ed_dsa("one");
    let body = ours.sign(&claims());
    let body = body.split('.').nth(1).expect("three parts");

    // `none`, in every spelling: no such algorithm here.
    for none in ["none", "None", "nOnE"] {
        let unsigned = Issuer::unsigned(none, "one", body);
        assert_eq!(verdict(&unsigned, &[&ours]).await, Err(invalid("header")));
    }
    // HMAC with the public key as its secret, the classic.
    assert_eq!(
        verdict(&ours.sign_as_hmac(&claims()), &[&ours]).await,
        Err(invalid("alg"))
    );
    // The right name of a key of another kind.
    let other_kind = Issuer::es256("one");
    assert_eq!(
        verdict(&other_kind.sign(&claims()), &[&ours]).await,
        Err(invalid("alg"))
    );
    let ed = ours.sign(&claims());
    assert_eq!(verdict(&ed, &[&other_kind]).await, Err(invalid("alg")));
}

#[tokio::test]
async fn what_is_no_token_at_all_is_refused() {
    let ours = Issuer::ed_dsa("one");
    for text in ["", ".", "..", "a.b.c", "e30.e30.", "山.山.山"] {
        assert_eq!(
            verdict(text, &[&ours]).await,
            Err(invalid("header")),
            "{text}"
        );
    }
    let token = ours.sign(&claims());
    let cut = &token[..token.len() - 4];
    assert_eq!(verdict(cut, &[&ours]).await, Err(invalid("signature")));
}

#[tokio::test]
async fn keys_are_exchanged_while_we_run() {
    let (old, new) = (Issuer::ed_dsa("old"), Issuer::ed_dsa("new"));
    let file = KeyFile::of(&[&old]);
    let verifier = file.verifier();
    verifier
        .verify(&old.sign(&claims()))
        .await
        .expect("the old key counts");

    file.write(&[&new]);
    verifier
        .verify(&new.sign(&claims()))
        .await
        .expect("the new key counts");
    assert_eq!(
        verifier.verify(&old.sign(&claims())).await,
        Err(invalid("kid"))
    );
}

#[tokio::test]
async fn without_the_issuers_keys_the_answer_is_neither_yes_nor_no() {
    let (known, unknown) = (Issuer::ed_dsa("known"), Issuer::ed_dsa("unknown"));
    let file = KeyFile::of(&[&known]);
    let verifier = file.verifier();
    verifier
        .verify(&known.sign(&claims()))
        .await
        .expect("a good token");

    file.remove();
    verifier
        .verify(&known.sign(&claims()))
        .await
        .expect("the keys at hand go on serving");
    let verdict = verifier.verify(&unknown.sign(&claims())).await;
    assert_eq!(verdict, Err(AccessRejection::KeysUnavailable));
}

#[tokio::test]
async fn keys_are_fetched_from_an_address() {
    let issuer = Issuer::ed_dsa("one");
    let set = JwkSet {
        keys: vec![issuer.jwk()],
    };
    let address = crate::access::test_tokens::serve(serde_json::to_string(&set).expect("a set"));
    let verifier = Verifier::new(&config::Access {
        jwks_url: Some(address.await),
        ..KeyFile::settings()
    });
    let caller = verifier
        .expect("http")
        .verify(&issuer.sign(&claims()))
        .await;
    assert_eq!(caller.expect("a good token").subject, "somebody");
}
