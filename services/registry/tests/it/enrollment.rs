//! Bodies enrol once, and exist for those who may see them.

use kernel::ids::OrganizationId;
use platform::access::Caller;
use platform::testing::{city_officer, clerk, province_officer};
use prost::Message;
use proto::common::v1::Fact;
use proto::registry::v1::body_service_server::BodyService;
use proto::registry::v1::{
    Affiliation, Body, BodyCorrected, BodyKind, CorrectBodyRequest, EnrollBodyRequest,
    GetBodyRequest,
};

use crate::setup::{
    QINGDAO, WEIHAI, codes, enrollment, from, moved, selected_by, setup, violations,
};

#[tokio::test]
async fn the_same_request_is_answered_as_before_and_leaves_one_fact() {
    let setup = setup().await;
    let officer = city_officer("officer", WEIHAI);
    let mut ids = Vec::new();
    for _ in 0..2 {
        let reply = setup
            .registry
            .enroll_body(from(&officer, enrollment("r1", 1)))
            .await;
        ids.push(
            reply
                .expect("enrolled")
                .into_inner()
                .body
                .expect("a body")
                .organization_id,
        );
    }
    assert_eq!(ids[0], ids[1]);
    let facts = sqlx::query_scalar::<_, i64>("select count(*) from platform.fact")
        .fetch_one(&setup.platform.pool)
        .await
        .expect("count");
    assert_eq!(facts, 1);
}

#[tokio::test]
async fn a_request_id_with_another_body_is_refused_and_another_callers_is_not_met() {
    let setup = setup().await;
    let (first, second) = (
        city_officer("first", WEIHAI),
        city_officer("second", WEIHAI),
    );
    setup
        .registry
        .enroll_body(from(&first, enrollment("r1", 1)))
        .await
        .expect("enrolled");
    let reused = setup
        .registry
        .enroll_body(from(&first, enrollment("r1", 2)))
        .await;
    assert_eq!(
        codes(&reused.err().expect("refused")),
        ["REQUEST_ID_REUSED"]
    );
    setup
        .registry
        .enroll_body(from(&second, enrollment("r1", 2)))
        .await
        .expect("enrolled");
}

#[tokio::test]
async fn a_body_is_enrolled_once_however_many_try() {
    let setup = setup().await;
    let attempts = (0..8).map(|number| {
        let officer = city_officer(&format!("officer {number}"), WEIHAI);
        setup
            .registry
            .enroll_body(from(&officer, enrollment("r1", 1)))
    });
    let outcomes = futures::future::join_all(attempts).await;
    let refused: Vec<_> = outcomes
        .iter()
        .filter_map(|outcome| outcome.as_ref().err())
        .collect();
    assert_eq!(refused.len(), 7);
    for status in refused {
        let once = ("unified_social_credit_code", "BODY_ENROLLED_ALREADY");
        let once = (once.0.to_owned(), once.1.to_owned());
        assert_eq!(violations(status), [once]);
    }
}

#[tokio::test]
async fn a_refused_enrolment_leaves_nothing_behind() {
    let setup = setup().await;
    let officer = city_officer("officer", QINGDAO);
    let refused = setup
        .registry
        .enroll_body(from(&officer, enrollment("r1", 1)))
        .await;
    assert_eq!(
        codes(&refused.err().expect("refused")),
        ["DIVISION_OF_ANOTHER_CENTRE"]
    );
    let empty = setup
        .registry
        .enroll_body(from(&officer, EnrollBodyRequest::default()))
        .await;
    assert_eq!(violations(&empty.err().expect("refused")).len(), 8);
    for table in [
        "platform.fact",
        "platform.request_log",
        "platform.aggregate",
        "body",
    ] {
        let query = sqlx::AssertSqlSafe(format!("select count(*) from {table}"));
        let rows = sqlx::query_scalar::<_, i64>(query)
            .fetch_one(&setup.platform.pool)
            .await;
        assert_eq!(rows.expect("count"), 0, "{table}");
    }
}

#[tokio::test]
async fn every_fault_of_a_form_is_told_at_once() {
    let setup = setup().await;
    let wrong = EnrollBodyRequest {
        name: " \u{3000}".to_owned(),
        unified_social_credit_code: "123710000000000010".to_owned(),
        kind: 99,
        affiliation: -1,
        division_code: "37100".to_owned(),
        address: "示".repeat(201),
        registration_authority: "登记\0机关".to_owned(),
        ..enrollment("r1", 1)
    };
    let officer = city_officer("officer", WEIHAI);
    let refused = setup.registry.enroll_body(from(&officer, wrong)).await;
    assert_eq!(
        codes(&refused.err().expect("refused")),
        [
            "FIELD_REQUIRED",
            "CREDIT_CODE_INNER_CHECK",
            "BODY_KIND_UNKNOWN",
            "AFFILIATION_UNKNOWN",
            "DIVISION_CODE_LENGTH",
            "FIELD_TOO_LONG",
            "FIELD_CHARACTERS",
        ]
    );
    for (division, affiliation, expected) in [
        ("371200", Affiliation::Private, vec!["DIVISION_UNKNOWN"]),
        ("371002", Affiliation::Private, vec!["DIVISION_UNKNOWN"]),
        ("370000", Affiliation::Private, vec!["DIVISION_UNKNOWN"]),
        (
            "110000",
            Affiliation::City,
            vec!["DIVISION_UNKNOWN", "AFFILIATION_OF_PRIVATE_TRAINING"],
        ),
    ] {
        let request = EnrollBodyRequest {
            kind: BodyKind::PrivateTraining.into(),
            affiliation: affiliation.into(),
            division_code: division.to_owned(),
            ..enrollment("r2", 1)
        };
        let asked = from(&province_officer("officer"), request);
        let refused = setup.registry.enroll_body(asked).await;
        assert_eq!(codes(&refused.err().expect(division)), expected);
    }
}

#[tokio::test]
async fn a_name_an_address_and_an_authority_are_one_line_that_shows_all_it_has() {
    let setup = setup().await;
    let officer = city_officer("officer", WEIHAI);
    for hidden in ["\0", "\n", "\t", "\u{1b}[31m", "\u{202e}", "\u{200b}"] {
        let given = format!("威海{hidden}示例");
        let request = EnrollBodyRequest {
            name: given.clone(),
            address: given.clone(),
            registration_authority: given,
            ..enrollment("r1", 1)
        };
        let refused = setup.registry.enroll_body(from(&officer, request)).await;
        let expected = ["name", "address", "registration_authority"]
            .map(|field| (field.to_owned(), "FIELD_CHARACTERS".to_owned()));
        assert_eq!(violations(&refused.err().expect("refused")), expected);
    }
}

#[tokio::test]
async fn a_body_enrols_itself_and_who_acts_for_it_enrols_no_other() {
    let setup = setup().await;
    let newcomer = Caller {
        organization: None,
        ..clerk("newcomer", OrganizationId::from_uuid(uuid::Uuid::nil()))
    };
    let asked = from(&newcomer, enrollment("r1", 1));
    let reply = setup.registry.enroll_body(asked).await.expect("enrolled");
    let body = reply.into_inner().body.expect("a body");
    let id = OrganizationId::parse(&body.organization_id).expect("an id");

    let asked = from(&clerk("newcomer", id), enrollment("r2", 2));
    let refused = setup.registry.enroll_body(asked).await.err();
    assert_eq!(codes(&refused.expect("refused")), ["CALLER_HAS_BODY"]);
}

#[tokio::test]
async fn a_foreign_body_is_answered_like_one_that_does_not_exist() {
    let setup = setup().await;
    let body = setup.enrolled(1).await;
    let id = OrganizationId::parse(&body.organization_id).expect("an id");
    let ask = |id: OrganizationId| GetBodyRequest {
        organization_id: id.to_string(),
    };
    let nobody = OrganizationId::from_uuid(uuid::Uuid::from_u128(7));

    for own in [
        city_officer("a", WEIHAI),
        clerk("b", id),
        province_officer("c"),
    ] {
        setup
            .registry
            .get_body(from(&own, ask(id)))
            .await
            .expect("their own");
    }
    let missing = setup
        .registry
        .get_body(from(&province_officer("c"), ask(nobody)))
        .await;
    let missing = missing.err().expect("there is none");
    for foreign in [city_officer("a", QINGDAO), clerk("b", nobody)] {
        let refused = setup
            .registry
            .get_body(from(&foreign, ask(id)))
            .await
            .err()
            .expect("foreign");
        assert_eq!(
            (refused.code(), refused.message()),
            (missing.code(), missing.message())
        );
        assert_eq!(codes(&refused), codes(&missing));
    }
}

/// A request for a body whose credit code does not check.
fn unchecked(request_id: &str, reason: &str) -> EnrollBodyRequest {
    EnrollBodyRequest {
        unified_social_credit_code: "91350100M000100Y44".to_owned(),
        credit_code_reason: reason.to_owned(),
        ..enrollment(request_id, 1)
    }
}

#[tokio::test]
async fn an_officer_vouches_for_a_credit_code_that_does_not_check() {
    let setup = setup().await;
    let officer = city_officer("officer", WEIHAI);
    let service = &setup.registry;
    for reason in ["", " \u{3000}"] {
        let refused = service
            .enroll_body(from(&officer, unchecked("r1", reason)))
            .await;
        assert_eq!(
            codes(&refused.err().expect("no reason")),
            ["CREDIT_CODE_CHECK"]
        );
    }
    let reason = "登记证书原件与市场监管部门查询一致";
    let body = service
        .enroll_body(from(&officer, unchecked("r1", reason)))
        .await
        .expect("vouched for")
        .into_inner()
        .body
        .expect("a body");
    assert!(body.credit_code_vouched_for);
    let asked = |caller: &Caller| {
        let organization_id = body.organization_id.clone();
        service.get_body(from(caller, GetBodyRequest { organization_id }))
    };
    let seen = asked(&officer).await.expect("its own").into_inner();
    assert_eq!(seen.credit_code_reason, reason);
    assert!(seen.body.as_ref() == Some(&body));
    let seen = asked(&Caller::service("review")).await.expect("a service");
    assert_eq!(seen.into_inner().credit_code_reason, "");
}

/// A body as it is enrolled, to be corrected.
fn correction(request_id: &str, body: &Body) -> CorrectBodyRequest {
    CorrectBodyRequest {
        request_id: request_id.to_owned(),
        organization_id: body.organization_id.clone(),
        name: body.name.clone(),
        unified_social_credit_code: body.unified_social_credit_code.clone(),
        kind: body.kind,
        affiliation: body.affiliation,
        division_code: body.division_code.clone(),
        address: body.address.clone(),
        registration_authority: body.registration_authority.clone(),
        credit_code_reason: String::new(),
    }
}

#[tokio::test]
async fn a_body_corrects_how_it_is_enrolled_while_nobody_assesses_it() {
    let setup = setup().await;
    let body = setup.enrolled(1).await;
    let id = OrganizationId::parse(&body.organization_id).expect("an id");
    let own = clerk("clerk", id);
    let service = &setup.registry;
    let other = |request_id: &str| CorrectBodyRequest {
        kind: BodyKind::PrivateTraining.into(),
        affiliation: Affiliation::Private.into(),
        division_code: QINGDAO.to_owned(),
        name: "青岛示例培训学校".to_owned(),
        ..correction(request_id, &body)
    };
    let wrong = CorrectBodyRequest {
        affiliation: Affiliation::City.into(),
        address: String::new(),
        ..other("r1")
    };
    let refused = service.correct_body(from(&own, wrong)).await;
    assert_eq!(
        codes(&refused.err().expect("no address")),
        ["FIELD_REQUIRED"]
    );
    for foreign in [
        clerk(
            "stranger",
            OrganizationId::from_uuid(uuid::Uuid::from_u128(7)),
        ),
        city_officer("elsewhere", QINGDAO),
    ] {
        let refused = service.correct_body(from(&foreign, other("r2"))).await;
        assert_eq!(codes(&refused.err().expect("foreign")), ["BODY_NOT_FOUND"]);
    }

    setup
        .inbox
        .take(&[moved(id, 5, (1, "application_submitted"))])
        .await;
    let refused = service.correct_body(from(&own, other("r3"))).await;
    let assessed = codes(&refused.err().expect("assessed"));
    assert_eq!(assessed, ["BODY_UNDER_ASSESSMENT"]);
    setup
        .inbox
        .take(&[moved(id, 5, (2, "application_returned"))])
        .await;
    let corrected = service.correct_body(from(&own, other("r3"))).await;
    let corrected = corrected.expect("given back").into_inner().body;
    let corrected = corrected.expect("a body");
    assert_eq!(corrected.division_code, QINGDAO);
    let told = sqlx::query_scalar::<_, Vec<u8>>(
        "select message from platform.publication join platform.fact using (fact_id)
         where kind = 'body_corrected'",
    );
    let told = told.fetch_one(&setup.platform.pool).await;
    let fact = Fact::decode(&told.expect("told to others")[..]).expect("a fact");
    assert_eq!(fact.areas, [WEIHAI, QINGDAO]);
    let message = BodyCorrected::decode(&fact.payload[..]).expect("the message");
    assert_eq!(message.division_code, QINGDAO);
    assert_eq!(message.kind(), BodyKind::PrivateTraining);
    let organization_id = corrected.organization_id.clone();
    let read = service.get_body(from(&own, GetBodyRequest { organization_id }));
    let read = read.await.expect("its own").into_inner().body;
    assert!(read.as_ref() == Some(&corrected));

    setup.inbox.take(&[selected_by(QINGDAO, id, 6)]).await;
    let back = correction("r4", &body);
    let refused = service.correct_body(from(&own, back)).await;
    let registered = codes(&refused.err().expect("registered"));
    assert_eq!(registered, ["BODY_REGISTERED"]);
}

#[tokio::test]
async fn a_credit_code_is_corrected_to_one_that_checks_and_is_nobody_elses() {
    let setup = setup().await;
    let (first, second) = (setup.enrolled(1).await, setup.enrolled(2).await);
    let id = OrganizationId::parse(&first.organization_id).expect("an id");
    let own = clerk("clerk", id);
    for (request_id, code, expected) in [
        ("r1", "91350100M000100Y44", "CREDIT_CODE_CHECK"),
        (
            "r2",
            second.unified_social_credit_code.as_str(),
            "BODY_ENROLLED_ALREADY",
        ),
    ] {
        let request = CorrectBodyRequest {
            unified_social_credit_code: code.to_owned(),
            ..correction(request_id, &first)
        };
        let refused = setup.registry.correct_body(from(&own, request)).await;
        assert_eq!(codes(&refused.err().expect(code)), [expected]);
    }
    // An officer vouches for one that does not check, and with it the rest is corrected later.
    let officer = city_officer("officer", WEIHAI);
    let vouched = CorrectBodyRequest {
        unified_social_credit_code: "91350100M000100Y44".to_owned(),
        credit_code_reason: "登记证书原件与市场监管部门查询一致".to_owned(),
        ..correction("r3", &first)
    };
    let body = setup.registry.correct_body(from(&officer, vouched)).await;
    let body = body
        .expect("vouched for")
        .into_inner()
        .body
        .expect("a body");
    let moved_house = CorrectBodyRequest {
        address: "威海市示例路 9 号".to_owned(),
        ..correction("r4", &body)
    };
    let body = setup.registry.correct_body(from(&own, moved_house)).await;
    body.expect("the same code");
    let again = CorrectBodyRequest {
        unified_social_credit_code: "91350100M000100Y44".to_owned(),
        credit_code_reason: "另一理由".to_owned(),
        ..correction("r5", &first)
    };
    let refused = setup.registry.correct_body(from(&officer, again)).await;
    let refused = violations(&refused.err().expect("nothing to vouch for"));
    let expected = ("credit_code_reason", "CREDIT_CODE_UNCHANGED");
    assert_eq!(refused, [(expected.0.to_owned(), expected.1.to_owned())]);
}

#[tokio::test]
async fn nobody_waits_for_a_body_that_is_not_its_own() {
    let setup = setup().await;
    let body = setup.enrolled(1).await;
    let id = OrganizationId::parse(&body.organization_id).expect("an id");
    let mut holding = setup.platform.pool.begin().await.expect("a transaction");
    sqlx::query("select from platform.aggregate where id = $1 for update")
        .bind(id.uuid())
        .execute(&mut *holding)
        .await
        .expect("held by somebody");
    let stranger = city_officer("elsewhere", QINGDAO);
    let asked = from(&stranger, correction("r1", &body));
    let asked = setup.registry.correct_body(asked);
    let answered = tokio::time::timeout(std::time::Duration::from_secs(30), asked).await;
    let refused = answered.expect("at once").err().expect("foreign");
    assert_eq!(codes(&refused), ["BODY_NOT_FOUND"]);
}

#[tokio::test]
async fn nobody_vouches_for_itself_or_for_what_checks() {
    let setup = setup().await;
    let itself = Caller {
        organization: None,
        ..clerk("clerk", OrganizationId::from_uuid(uuid::Uuid::now_v7()))
    };
    let refused = setup
        .registry
        .enroll_body(from(&itself, unchecked("r1", "属实")))
        .await;
    let refused = violations(&refused.err().expect("itself"));
    let expected = ("credit_code_reason", "CREDIT_CODE_VOUCHED_BY_CENTRE");
    assert_eq!(refused, [(expected.0.to_owned(), expected.1.to_owned())]);
    let needless = EnrollBodyRequest {
        credit_code_reason: "属实".to_owned(),
        ..enrollment("r1", 1)
    };
    let officer = province_officer("officer");
    let refused = setup.registry.enroll_body(from(&officer, needless)).await;
    assert_eq!(
        codes(&refused.err().expect("it checks")),
        ["CREDIT_CODE_CHECKS"]
    );
}
