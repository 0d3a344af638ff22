//! The directory shows what was reported, once the department has published it.

use platform::access::{Caller, Role};
use proto::registry::v1::organization_service_server::OrganizationService;
use proto::registry::v1::{ListDirectoryRequest, ListDirectoryResponse, PublishDirectoryRequest};

use crate::setup::{QINGDAO, Setup, codes, from, reported, setup};

fn department() -> Caller {
    Caller {
        subject: "publisher".to_owned(),
        role: Role::Department,
        division: None,
        organization: None,
    }
}

async fn list(setup: &Setup, request: ListDirectoryRequest) -> ListDirectoryResponse {
    let asked = from(&Caller::public(), request);
    setup
        .registry
        .list_directory(asked)
        .await
        .expect("a page")
        .into_inner()
}

#[tokio::test]
async fn an_organization_stands_in_the_directory_after_report_and_publication() {
    let setup = setup().await;
    let publish = |request_id: &str| {
        let request = PublishDirectoryRequest {
            request_id: request_id.to_owned(),
        };
        setup
            .registry
            .publish_directory(from(&department(), request))
    };
    let id = setup.registered(1).await;
    assert_eq!(
        codes(&publish("p1").await.err().expect("nothing yet")),
        ["DIRECTORY_EMPTY"]
    );

    setup.inbox.take(&[reported(id, 1)]).await;
    assert!(
        list(&setup, ListDirectoryRequest::default())
            .await
            .organizations
            .is_empty()
    );

    let reply = publish("p2").await.expect("published").into_inner();
    assert_eq!((reply.edition, reply.organizations), (1, 1));
    let page = list(&setup, ListDirectoryRequest::default()).await;
    assert_eq!(
        (page.edition, page.published_on.as_str()),
        (1, "2020-05-18")
    );
    assert_eq!(page.organizations[0].organization_id, id.to_string());
    assert_eq!(page.organizations[0].rights.len(), 1);
}

#[tokio::test]
async fn the_directory_is_read_page_by_page_and_by_area() {
    let setup = setup().await;
    for serial in 1..=3 {
        let id = setup.registered(serial).await;
        setup.inbox.take(&[reported(id, serial.into())]).await;
    }
    let request = PublishDirectoryRequest {
        request_id: "p".to_owned(),
    };
    setup
        .registry
        .publish_directory(from(&department(), request))
        .await
        .expect("published");

    let mut seen = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = ListDirectoryRequest {
            page_size: 2,
            page_token,
            ..Default::default()
        };
        let page = list(&setup, request).await;
        seen.extend(
            page.organizations
                .into_iter()
                .map(|row| row.organization_code),
        );
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(seen, ["S000037100001", "S000037100002", "S000037100003"]);
    let elsewhere = ListDirectoryRequest {
        filing_division: QINGDAO.to_owned(),
        ..Default::default()
    };
    assert!(list(&setup, elsewhere).await.organizations.is_empty());

    // A token as somebody might have copied it stands for the same place.
    let copied = ListDirectoryRequest {
        page_token: " s0000 3710 0001".to_owned(),
        ..Default::default()
    };
    assert_eq!(list(&setup, copied).await.organizations.len(), 2);
    let foreign = ListDirectoryRequest {
        filing_division: "3710".to_owned(),
        page_token: "6-31-01-03".to_owned(),
        ..Default::default()
    };
    let asked = from(&Caller::public(), foreign);
    let refused = setup.registry.list_directory(asked).await.err();
    assert_eq!(
        codes(&refused.expect("refused")),
        ["DIVISION_CODE_LENGTH", "PAGE_TOKEN_MALFORMED"]
    );
}
