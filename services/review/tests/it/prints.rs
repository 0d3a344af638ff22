//! Documents to print: who gets which, that they are what they say they are, and that the same
//! record gives the same bytes.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use platform::access::{Caller, Role};
use platform::testing::{city_officer, clerk};
use proto::common::v1::FileHead;
use proto::review::v1::*;
use review::Review;
use tonic::{Code, Status};
use tower::ServiceExt;

use crate::files::downloaded;
use crate::inspections::plan;
use crate::objections::shown;
use crate::scenes::{Filing, draft, first_officer, province};
use crate::setup::{World, refused, request_id};

/// A document as it came: its head, and the PDF that was checked against it.
struct Printed {
    head: FileHead,
    pdf: Vec<u8>,
}

/// Prints one of the documents for a caller.
macro_rules! printed {
    ($world:expr, $caller:expr, $method:ident, $request:expr) => {
        async {
            let answer = $world.prints($caller).$method($request).await?;
            let (head, pdf) = downloaded(answer.into_inner(), |it| it.part).await?;
            assert!(pdf.starts_with(b"%PDF-1."), "a PDF");
            assert_eq!(head.media_type, "application/pdf");
            Ok::<_, Status>(Printed { head, pdf })
        }
        .await
    };
}

fn auditor() -> Caller {
    Caller {
        role: Role::Auditor,
        ..province()
    }
}

fn form(filing: &Filing) -> PrintBasicFormRequest {
    PrintBasicFormRequest {
        application_id: filing.id.clone(),
    }
}

fn receipt(filing: &Filing) -> PrintFilingReceiptRequest {
    PrintFilingReceiptRequest {
        application_id: filing.id.clone(),
    }
}

fn record(filing: &Filing) -> PrintAssessmentRecordRequest {
    PrintAssessmentRecordRequest {
        application_id: filing.id.clone(),
    }
}

#[tokio::test]
async fn annex_one_is_printed_for_the_applicant_to_sign_and_that_is_on_record() {
    let world = World::start().await;
    let filing = world.drafted().await;
    let first = printed!(world, &filing.clerk, print_basic_form, form(&filing)).expect("its own");
    assert_eq!(
        first.head.file_name,
        format!("basic-form-{}.pdf", filing.id)
    );
    world.set_day("2020-05-20");
    let again = printed!(world, &filing.clerk, print_basic_form, form(&filing)).expect("its own");
    assert!(again.pdf == first.pdf, "the same values, the same bytes");
    let readers: Vec<String> =
        sqlx::query_scalar("select subject || ' ' || purpose from platform.access_record")
            .fetch_all(&world.platform.pool)
            .await
            .expect("records");
    assert_eq!(readers, ["clerk-1 read_application"; 2]);

    let stranger = clerk("clerk-9", world.college());
    // A draft is its organisation's alone.
    for caller in [stranger, first_officer(), province()] {
        let answer = printed!(world, &caller, print_basic_form, form(&filing));
        assert_eq!(refused(answer), ["APPLICATION_NOT_FOUND"]);
    }
    let answer = printed!(world, &auditor(), print_basic_form, form(&filing));
    assert_eq!(
        answer.err().expect("refused").code(),
        Code::PermissionDenied
    );
}

#[tokio::test]
async fn a_form_with_a_character_that_no_font_has_is_refused_by_name() {
    let world = World::start().await;
    let organization = world.college();
    let clerk = clerk("clerk-1", organization);
    let mut request = draft(organization);
    request.basic_form.as_mut().expect("a form").strengths = "建校二十年\u{13000}".to_owned();
    let created = world.applications(&clerk).create_application(request).await;
    let application = created.expect("a draft").into_inner().application;
    let id = application.expect("it").application_id;
    let filing = Filing { clerk, id };
    let answer = printed!(world, &filing.clerk, print_basic_form, form(&filing));
    assert_eq!(refused(answer), ["PRINT_CHARACTER_MISSING"]);
}

#[tokio::test]
async fn a_receipt_is_printed_once_there_is_one() {
    let world = World::start().await;
    let early = world.submitted().await;
    let answer = printed!(world, &early.clerk, print_filing_receipt, receipt(&early));
    assert_eq!(refused(answer), ["RECEIPT_NOT_ISSUED"]);

    let [filing] = world.filed(["S000037100002"]).await;
    let mut sheets = Vec::new();
    for caller in [filing.clerk.clone(), first_officer(), province(), auditor()] {
        let sheet = printed!(world, &caller, print_filing_receipt, receipt(&filing));
        sheets.push(sheet.expect("in scope").pdf);
    }
    sheets.dedup();
    assert_eq!(sheets.len(), 1, "one receipt for everybody");
    let stranger = city_officer("jinan-1", "370100");
    let answer = printed!(world, &stranger, print_filing_receipt, receipt(&filing));
    assert_eq!(refused(answer), ["APPLICATION_NOT_FOUND"]);
}

#[tokio::test]
async fn the_record_of_an_assessment_is_the_centres_and_grows_with_what_is_assessed() {
    let world = World::start().await;
    let filing = world.submitted().await;
    let print = async || {
        let sheet = printed!(
            world,
            &first_officer(),
            print_assessment_record,
            record(&filing)
        );
        sheet.expect("in scope").pdf
    };
    let empty = print().await;
    world.assess(&filing).await;
    let whole = print().await;
    assert!(whole != empty);
    world.set_day("2020-05-20");
    assert!(print().await == whole, "nothing of the day of printing");
    assert!(!world.check(&filing, false).await.expect("recorded"));
    assert!(print().await != whole);

    let answer = printed!(
        world,
        &filing.clerk,
        print_assessment_record,
        record(&filing)
    );
    assert_eq!(
        answer.err().expect("refused").code(),
        Code::PermissionDenied
    );
    let stranger = city_officer("jinan-1", "370100");
    let answer = printed!(world, &stranger, print_assessment_record, record(&filing));
    assert_eq!(refused(answer), ["APPLICATION_NOT_FOUND"]);
}

#[tokio::test]
async fn anybody_prints_a_public_notice_as_it_was_hung_up() {
    let world = World::start().await;
    let (_, notice) = shown(&world).await;
    let request = || PrintPublicNoticeRequest {
        public_notice_id: notice.public_notice_id.clone(),
    };
    let sheet = printed!(world, &Caller::public(), print_public_notice, request());
    let sheet = sheet.expect("everybody's");
    let address = format!("/public-notices/{}/sheet.pdf", notice.public_notice_id);
    let (status, kind, page) = get(&world, &address).await;
    assert_eq!((status, kind.as_str()), (StatusCode::OK, "application/pdf"));
    assert!(page == sheet.pdf);

    for (id, code) in [
        (
            "notice_00000000000000000000000000",
            "PUBLIC_NOTICE_NOT_FOUND",
        ),
        ("insp_00000000000000000000000000", "ID_PREFIX"),
    ] {
        let request = PrintPublicNoticeRequest {
            public_notice_id: id.to_owned(),
        };
        let answer = printed!(world, &Caller::public(), print_public_notice, request);
        assert_eq!(refused(answer), [code]);
        let (_, _, body) = get(&world, &format!("/public-notices/{id}/sheet.pdf")).await;
        assert!(String::from_utf8_lossy(&body).contains(code));
    }
}

#[tokio::test]
async fn an_inspection_is_announced_once_it_is_drawn() {
    let world = World::start().await;
    world.inspectable(5, 4).await;
    let mut centre = world.inspections(&first_officer());
    let planned = centre.plan_inspection(plan()).await.expect("planned");
    let id = planned.into_inner().inspection.expect("it").inspection_id;
    let request = || PrintInspectionAnnouncementRequest {
        inspection_id: id.clone(),
    };
    let print = async || {
        printed!(
            world,
            &Caller::public(),
            print_inspection_announcement,
            request()
        )
    };
    assert_eq!(refused(print().await), ["INSPECTION_STATE"]);
    let address = format!("/inspections/{id}/announcement.pdf");
    assert_eq!(
        get(&world, &address).await.0,
        StatusCode::UNPROCESSABLE_ENTITY
    );

    let frozen = FreezeInspectionRequest {
        request_id: request_id(),
        inspection_id: id.clone(),
        with_provincial_inspectors: false,
    };
    centre.freeze_inspection(frozen).await.expect("frozen");
    let drawn = DrawInspectionRequest {
        request_id: request_id(),
        inspection_id: id.clone(),
    };
    centre.draw_inspection(drawn).await.expect("drawn");
    let sheet = print().await.expect("everybody's").pdf;
    let (status, _, page) = get(&world, &address).await;
    assert!(status == StatusCode::OK && page == sheet);
    let missing = PrintInspectionAnnouncementRequest {
        inspection_id: "insp_00000000000000000000000000".to_owned(),
    };
    let answer = printed!(
        world,
        &Caller::public(),
        print_inspection_announcement,
        missing
    );
    assert_eq!(refused(answer), ["INSPECTION_NOT_FOUND"]);
}

async fn get(world: &World, address: &str) -> (StatusCode, String, Vec<u8>) {
    let pages = Review::new(world.app.clone()).pages(Duration::from_mins(1));
    let request = Request::get(address)
        .body(Body::empty())
        .expect("a request");
    let Ok(answer) = pages.oneshot(request).await;
    let (head, body) = answer.into_parts();
    let kind = head.headers[header::CONTENT_TYPE].to_str().expect("ascii");
    let body = to_bytes(body, 1 << 20).await.expect("a whole body");
    (head.status, kind.to_owned(), body.into())
}
