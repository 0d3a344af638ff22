//! Who sees what of an application.

use platform::access::{Caller, Role};
use platform::testing::{city_officer, clerk};
use proto::review::v1::*;

use crate::scenes::{MARKED_PERSON, MARKED_PHONE, PDF, draft, first_officer, province};
use crate::setup::{World, refused};

fn auditor() -> Caller {
    Caller {
        role: Role::Auditor,
        ..province()
    }
}

async fn read(world: &World, caller: &Caller, id: &str) -> Application {
    let request = GetApplicationRequest {
        application_id: id.to_owned(),
    };
    let answer = world.applications(caller).get_application(request).await;
    answer
        .expect("in scope")
        .into_inner()
        .application
        .expect("it")
}

#[tokio::test]
async fn an_application_reads_as_it_was_written_and_the_reading_is_on_record() {
    let world = World::start().await;
    let filing = world.submitted().await;
    let seen = read(&world, &first_officer(), &filing.id).await;
    let asked = draft(filing.clerk.organization.expect("a clerk's"));
    assert!(seen.basic_form == asked.basic_form);
    assert!(seen.work_plan == asked.work_plan);
    assert_eq!(seen.materials.len(), 12);
    assert_eq!(
        seen.materials[0].file_name,
        format!("{MARKED_PERSON}的材料.pdf")
    );

    let readers: Vec<String> =
        sqlx::query_scalar("select subject || ' ' || purpose from platform.access_record")
            .fetch_all(&world.platform.pool)
            .await
            .expect("records");
    assert_eq!(readers, ["weihai-1 read_application"]);
}

#[tokio::test]
async fn an_auditor_reads_all_but_the_people() {
    let world = World::start().await;
    let filing = world.submitted().await;
    let seen = read(&world, &auditor(), &filing.id).await;
    assert_eq!(seen.materials.len(), 12);
    assert!(seen.materials.iter().all(|file| file.file_name.is_empty()));
    let form = seen.basic_form.expect("a form");
    assert_eq!(form.legal_representative, "");
    assert_eq!(form.contact_phone, "");
    assert_eq!(form.strengths, "二十年培训考核经验");
    let records: i64 = sqlx::query_scalar("select count(*) from platform.access_record")
        .fetch_one(&world.platform.pool)
        .await
        .expect("records");
    assert_eq!(records, 0);
}

#[tokio::test]
async fn a_foreign_application_is_one_that_does_not_exist() {
    let world = World::start().await;
    let filing = world.submitted().await;
    let stranger = clerk("clerk-9", world.college());
    for caller in [stranger, city_officer("jinan-1", "370100")] {
        let request = GetApplicationRequest {
            application_id: filing.id.clone(),
        };
        let answer = world.applications(&caller).get_application(request).await;
        assert_eq!(refused(answer), ["APPLICATION_NOT_FOUND"]);
        let request = GetFilingReceiptRequest {
            application_id: filing.id.clone(),
        };
        let answer = world.filings(&caller).get_filing_receipt(request).await;
        assert_eq!(refused(answer), ["APPLICATION_NOT_FOUND"]);
        let request = ListApplicationsRequest::default();
        let listed = world.applications(&caller).list_applications(request).await;
        assert!(listed.expect("a list").into_inner().applications.is_empty());
    }
}

#[tokio::test]
async fn a_draft_is_its_organisations_alone() {
    let world = World::start().await;
    let filing = world.drafted().await;
    assert_eq!(listed(&world, &filing.clerk).await, [&*filing.id]);
    read(&world, &filing.clerk, &filing.id).await;
    for caller in [first_officer(), province(), auditor()] {
        let application_id = filing.id.clone();
        let request = GetApplicationRequest { application_id };
        let answer = world.applications(&caller).get_application(request).await;
        assert_eq!(refused(answer), ["APPLICATION_NOT_FOUND"]);
        assert!(listed(&world, &caller).await.is_empty());
    }
    assert_eq!(
        refused(world.check(&filing, true).await),
        ["APPLICATION_NOT_FOUND"]
    );
}

async fn listed(world: &World, caller: &Caller) -> Vec<String> {
    let request = ListApplicationsRequest::default();
    let listed = world.applications(caller).list_applications(request).await;
    let listed = listed.expect("a list").into_inner().applications;
    let ids = listed.into_iter().map(|listed| listed.application_id);
    ids.collect()
}

#[tokio::test]
async fn a_list_comes_in_pages_newest_first() {
    let world = World::start().await;
    let mut newest_first = Vec::new();
    for _ in 0..3 {
        newest_first.insert(0, world.submitted().await.id);
    }
    let mut centre = world.applications(&first_officer());
    let (mut seen, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = ListApplicationsRequest {
            page_size: 2,
            page_token,
        };
        let page = centre
            .list_applications(request)
            .await
            .expect("a page")
            .into_inner();
        assert!(
            page.applications
                .iter()
                .all(|application| application.basic_form.is_none())
        );
        seen.extend(
            page.applications
                .into_iter()
                .map(|application| application.application_id),
        );
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(seen, newest_first);
    let request = ListApplicationsRequest {
        page_size: 2,
        page_token: "page 2".to_owned(),
    };
    assert_eq!(
        refused(centre.list_applications(request).await),
        ["APPLICATION_PAGE_TOKEN"]
    );
}

#[tokio::test]
async fn at_rest_nobody_is_named() {
    let world = World::start().await;
    world.submitted().await;
    let rows: Vec<String> = sqlx::query_scalar(
        "select application::text from application union all select material::text from material",
    )
    .fetch_all(&world.platform.pool)
    .await
    .expect("rows");
    for marked in [MARKED_PERSON, MARKED_PHONE] {
        assert!(
            rows.iter().all(|row| !row.contains(marked)),
            "{marked} is in a row"
        );
        let hex = hex::encode(marked);
        assert!(
            rows.iter().all(|row| !row.contains(&hex)),
            "{marked} is in a row's bytes"
        );
    }
    for file in world.files() {
        let stored = std::fs::read(file).expect("stored");
        assert!(!stored.windows(PDF.len()).any(|bytes| bytes == PDF));
    }
}

#[tokio::test]
async fn there_is_no_such_public_notice() {
    let world = World::start().await;
    let id = kernel::ids::PublicNoticeId::from_uuid(uuid::Uuid::now_v7());
    let request = GetPublicNoticeRequest {
        public_notice_id: id.to_string(),
    };
    let answer = world
        .selections(&Caller::public())
        .get_public_notice(request)
        .await;
    assert_eq!(refused(answer), ["PUBLIC_NOTICE_NOT_FOUND"]);
}
