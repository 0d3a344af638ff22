//! Rules and fees: published before a plan, kept by version, read by anybody.

use kernel::ids::OrganizationId;
use platform::access::Caller;
use platform::testing::clerk;
use proto::common::v1::{Level, OccupationRef};
use proto::exam::v1::ExamPart;
use proto::registry::v1::organization_service_server::OrganizationService;
use proto::registry::v1::published_rules_service_server::PublishedRulesService;
use proto::registry::v1::{
    CheckRightRequest, Fee, GetPublishedRulesRequest, ListPublishedRulesRequest,
    PublishRulesRequest, RightPurpose, RulesKind,
};
use tonic::Status;

use crate::setup::{Setup, WEIHAI, codes, from, setup, violations};

pub(crate) fn electrician() -> OccupationRef {
    OccupationRef {
        edition: 2015,
        code: "6-31-01-03".to_owned(),
    }
}

fn fee(level: Level, fen: u32) -> Fee {
    Fee {
        occupation: Some(electrician()),
        trade: String::new(),
        level: level.into(),
        part: ExamPart::Theory.into(),
        fen,
    }
}

fn rules(id: OrganizationId, kind: RulesKind, request_id: &str) -> PublishRulesRequest {
    PublishRulesRequest {
        request_id: request_id.to_owned(),
        organization_id: id.to_string(),
        kind: kind.into(),
        in_force_from: "2020-05-18".to_owned(),
        text: "管理办法全文（示例）".to_owned(),
        fees: match kind {
            RulesKind::Fees => vec![fee(Level::Five, 9000), fee(Level::Four, 0)],
            _ => Vec::new(),
        },
    }
}

async fn publish(
    setup: &Setup,
    id: OrganizationId,
    request: PublishRulesRequest,
) -> Result<u32, Status> {
    let request = from(&clerk("clerk", id), request);
    let reply = setup.registry.publish_rules(request).await?.into_inner();
    Ok(reply.rules.expect("rules").version)
}

impl Setup {
    /// Publishes rules of all four kinds.
    pub(crate) async fn publish_all(&self, id: OrganizationId) {
        for kind in [
            RulesKind::ExamAffairs,
            RulesKind::Quality,
            RulesKind::Certificates,
            RulesKind::Fees,
        ] {
            let request = rules(id, kind, kind.as_str_name());
            publish(self, id, request).await.expect("published");
        }
    }

    /// Why no plan may be reported for an exam of electricians, or nothing.
    pub(crate) async fn against_plan(&self, id: OrganizationId, on: &str) -> String {
        self.against(id, on, WEIHAI, RightPurpose::Plan).await
    }

    /// Why a right is not held, or nothing.
    pub(crate) async fn against(
        &self,
        id: OrganizationId,
        on: &str,
        division: &str,
        purpose: RightPurpose,
    ) -> String {
        let request = CheckRightRequest {
            organization_id: id.to_string(),
            occupation: Some(electrician()),
            trade: String::new(),
            level: Level::Five.into(),
            division_code: division.to_owned(),
            on: on.to_owned(),
            purpose: purpose.into(),
        };
        let asked = from(&Caller::service("exam-scheduling"), request);
        let answer = self.registry.check_right(asked).await.expect("an answer");
        answer.into_inner().reason
    }
}

#[tokio::test]
async fn without_all_four_kinds_no_plan_is_reported() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    assert_eq!(
        setup.against_plan(id, "2020-07-04").await,
        "RULES_NOT_PUBLISHED"
    );
    let issue = RightPurpose::Issue;
    assert_eq!(setup.against(id, "2020-07-04", WEIHAI, issue).await, "");
    setup.publish_all(id).await;
    assert_eq!(setup.against_plan(id, "2020-07-04").await, "");
}

#[tokio::test]
async fn every_version_is_kept_and_read_by_anybody() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    setup.publish_all(id).await;
    let mut later = rules(id, RulesKind::Fees, "later");
    later.in_force_from = "2020-09-01".to_owned();
    later.fees[0].fen = 9500;
    assert_eq!(publish(&setup, id, later.clone()).await.expect("second"), 2);
    assert_eq!(publish(&setup, id, later).await.expect("as before"), 2);

    let read = async |version| {
        let request = GetPublishedRulesRequest {
            organization_id: id.to_string(),
            kind: RulesKind::Fees.into(),
            version,
        };
        let asked = from(&Caller::public(), request);
        let reply = setup.registry.get_published_rules(asked).await;
        reply.map(|reply| reply.into_inner().rules.expect("rules"))
    };
    let in_force = read(0).await.expect("the first is in force");
    assert_eq!((in_force.version, in_force.fees[0].fen), (1, 9000));
    assert_eq!(read(2).await.expect("kept").fees[0].fen, 9500);
    let none = read(3).await.err().expect("there are two");
    assert_eq!(codes(&none), ["RULES_NOT_FOUND"]);

    let mut page_token = String::new();
    let mut seen = 0;
    loop {
        let request = ListPublishedRulesRequest {
            organization_id: id.to_string(),
            page_size: 2,
            page_token,
        };
        let asked = from(&Caller::public(), request);
        let page = setup.registry.list_published_rules(asked).await;
        let page = page.expect("a page").into_inner();
        assert!(page.rules.iter().all(|rules| rules.text.is_empty()));
        seen += page.rules.len();
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(seen, 5);
    let foreign = ListPublishedRulesRequest {
        organization_id: id.to_string(),
        page_size: 0,
        page_token: "S000037100001".to_owned(),
    };
    let refused = setup
        .registry
        .list_published_rules(from(&Caller::public(), foreign))
        .await;
    assert_eq!(
        codes(&refused.err().expect("a token of the directory")),
        ["PAGE_TOKEN_MALFORMED"]
    );
}

#[tokio::test]
async fn whatever_is_wrong_is_told_at_its_place_and_nothing_is_published() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    let refused = async |request| {
        let refused = publish(&setup, id, request).await.expect_err("refused");
        violations(&refused)
    };
    let mut wrong = rules(id, RulesKind::Fees, "w1");
    wrong.in_force_from = "２０２０-05-18".to_owned();
    wrong.text = " ".to_owned();
    wrong.fees[0].part = 9;
    wrong.fees[1].fen = 10_000_001;
    wrong.fees[1].level = 99;
    let told = refused(wrong).await;
    let told: Vec<_> = told
        .iter()
        .map(|(field, code)| (&**field, &**code))
        .collect();
    assert_eq!(
        told,
        [
            ("in_force_from", "DATE_MALFORMED"),
            ("text", "FIELD_REQUIRED"),
            ("fees[0].part", "FEE_PART_UNKNOWN"),
            ("fees[1].level", "LEVEL_UNKNOWN"),
            ("fees[1].fen", "FEE_TOO_HIGH"),
        ]
    );
    let code = async |change: fn(&mut PublishRulesRequest)| {
        let mut request = rules(id, RulesKind::Fees, "w2");
        change(&mut request);
        let refused = publish(&setup, id, request).await.expect_err("refused");
        codes(&refused)
    };
    assert_eq!(
        code(|request| request.kind = 0).await,
        ["RULES_KIND_UNKNOWN"]
    );
    assert_eq!(
        code(|request| request.kind = RulesKind::Quality.into()).await,
        ["FEES_MISPLACED"]
    );
    assert_eq!(
        code(|request| request.fees.clear()).await,
        ["FEES_OUT_OF_BOUNDS"]
    );
    assert_eq!(
        code(|request| request.fees = vec![Fee::default(); 501]).await,
        ["FEES_OUT_OF_BOUNDS"]
    );
    assert_eq!(
        code(|request| request.in_force_from = "2020-05-17".to_owned()).await,
        ["DAY_OUT_OF_RANGE"]
    );
    assert_eq!(
        code(|request| request.in_force_from = "9999-12-31".to_owned()).await,
        ["DAY_OUT_OF_RANGE"]
    );
    assert_eq!(
        code(|request| {
            request.fees.push(fee(Level::Three, 1));
            request.fees[1] = request.fees[0].clone();
        })
        .await,
        ["FEE_TWICE", "FEE_BEYOND_RIGHTS", "FEE_MISSING"]
    );
    let published: i64 = sqlx::query_scalar("select count(*) from published_rules")
        .fetch_one(&setup.platform.pool)
        .await
        .expect("counted");
    assert_eq!(published, 0);
}

#[tokio::test]
async fn nobody_publishes_for_another() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    let other = setup.registered(2).await;
    let request = rules(id, RulesKind::Quality, "r");
    let asked = from(&clerk("clerk", other), request);
    let refused = setup.registry.publish_rules(asked).await.err();
    assert_eq!(
        codes(&refused.expect("a foreign one")),
        ["ORGANIZATION_NOT_FOUND"]
    );
}

#[tokio::test]
async fn versions_published_at_once_are_numbered_without_a_gap() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    let publishing = (0..20).map(|number| {
        let request = rules(id, RulesKind::Quality, &format!("race-{number}"));
        publish(&setup, id, request)
    });
    let published = futures::future::join_all(publishing).await;
    let mut versions: Vec<u32> = published
        .into_iter()
        .map(|version| version.expect("published"))
        .collect();
    versions.sort_unstable();
    assert_eq!(versions, (1..=20).collect::<Vec<_>>());
}
