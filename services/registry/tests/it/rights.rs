//! Rights are answered live, for the day and place asked about.

use kernel::ids::OrganizationId;
use platform::access::Caller;
use proto::common::v1::{Level, OccupationRef};
use proto::registry::v1::organization_service_server::OrganizationService;
use proto::registry::v1::{CheckRightRequest, CheckRightResponse, RightPurpose};

use crate::setup::{QINGDAO, Setup, WEIHAI, codes, from, setup};

async fn ask(setup: &Setup, change: impl FnOnce(&mut CheckRightRequest)) -> CheckRightResponse {
    let mut request = CheckRightRequest {
        organization_id: OrganizationId::from_uuid(uuid::Uuid::nil()).to_string(),
        occupation: Some(OccupationRef {
            edition: 2015,
            code: "6-31-01-03".to_owned(),
        }),
        trade: String::new(),
        level: Level::Five.into(),
        division_code: WEIHAI.to_owned(),
        on: "2020-07-04".to_owned(),
        purpose: RightPurpose::Issue.into(),
    };
    change(&mut request);
    let asked = from(&Caller::service("results"), request);
    setup
        .registry
        .check_right(asked)
        .await
        .expect("an answer")
        .into_inner()
}

#[tokio::test]
async fn a_registered_organization_has_its_rights_and_no_more() {
    let setup = setup().await;
    let id = setup.registered(1).await.to_string();

    let held = ask(&setup, |request| request.organization_id.clone_from(&id)).await;
    assert!(held.held);
    assert_eq!(held.occupation_name, "电工");
    assert_eq!(held.organization_code, "S000037100001");
    assert_eq!(
        (held.filing_division.as_str(), held.organization_version),
        (WEIHAI, 2)
    );
    assert!(held.right_id.starts_with("right_"));

    let reason = async |change: fn(&mut CheckRightRequest)| {
        let answer = ask(&setup, |request| {
            request.organization_id.clone_from(&id);
            change(request);
        });
        let answer = answer.await;
        assert!(!answer.held && answer.right_id.is_empty());
        assert!(!answer.reason_zh.is_ascii() && answer.reason_en.is_ascii());
        answer.reason
    };
    assert_eq!(
        reason(|request| request.level = Level::Three.into()).await,
        "RIGHT_LEVEL"
    );
    assert_eq!(
        reason(|request| request.division_code = QINGDAO.to_owned()).await,
        "RIGHT_AREA"
    );
    assert_eq!(
        reason(|request| request.on = "2020-05-17".to_owned()).await,
        "RIGHT_DATES"
    );
    let welder = Some(OccupationRef {
        edition: 2015,
        code: "6-18-02-04".to_owned(),
    });
    let other = ask(&setup, |request| {
        request.organization_id.clone_from(&id);
        request.occupation = welder;
    });
    assert_eq!(other.await.reason, "RIGHT_OCCUPATION");
}

#[tokio::test]
async fn a_body_that_was_not_selected_has_no_right() {
    let setup = setup().await;
    let body = setup.enrolled(1).await;
    let answer = ask(&setup, |request| {
        request.organization_id = body.organization_id;
    })
    .await;
    assert_eq!(
        (answer.held, answer.reason.as_str()),
        (false, "ORGANIZATION_NOT_REGISTERED")
    );
}

#[tokio::test]
async fn whoever_asks_says_what_for() {
    let setup = setup().await;
    let request = CheckRightRequest::default();
    let asked = from(&Caller::service("results"), request);
    let refused = setup.registry.check_right(asked).await.err();
    assert_eq!(
        codes(&refused.expect("an empty question")).last(),
        Some(&"RIGHT_PURPOSE_UNKNOWN".to_owned())
    );
}
