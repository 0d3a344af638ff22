//! Rectifications: done again until they are accepted, and due when people work.

use jiff::civil::date;
use kernel::reference::Reference;
use kernel::working_day::{Calendar, CalendarYear};
use platform::reference::publish;
use platform::testing::{clerk, waiting};
use proto::registry::v1::keeping_service_server::KeepingService;
use proto::registry::v1::{
    AcceptRectificationRequest, ImposeMeasureRequest, ReportRectificationRequest,
    ReturnRectificationRequest,
};
use registry::RectificationSweep;
use tonic::Status;

use crate::measures::{officer, rectification};
use crate::setup::{codes, from, setup};

#[tokio::test]
async fn a_rectification_that_is_not_accepted_is_done_again() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    let clerk = clerk("clerk", id);
    let desk = registry::desk(setup.platform.journal.clone());
    let request = rectification(id);
    let imposed = setup
        .registry
        .impose_measure(from(&officer("first"), request))
        .await;
    let measure_id = imposed.expect("imposed").into_inner().measure.expect("it");
    let measure_id = measure_id.measure_id;
    let again = async |name: &str, request_id: &str, due_on: &str| {
        let request = ReturnRectificationRequest {
            request_id: request_id.to_owned(),
            organization_id: id.to_string(),
            measure_id: measure_id.clone(),
            due_on: due_on.to_owned(),
            reason: "只公开了一部分（示例）".to_owned(),
        };
        let asked = from(&officer(name), request);
        let reply = setup.registry.return_rectification(asked).await?;
        Ok::<_, Status>(reply.into_inner().measure.expect("it"))
    };
    let early = again("first", "early", "2020-06-15").await;
    assert_eq!(
        codes(&early.err().expect("nothing is reported")),
        ["RECTIFICATION_NOT_REPORTED"]
    );
    let report = async |request_id: &str, report: &str| {
        let request = ReportRectificationRequest {
            request_id: request_id.to_owned(),
            organization_id: id.to_string(),
            measure_id: measure_id.clone(),
            report: report.to_owned(),
        };
        let reported = setup.registry.report_rectification(from(&clerk, request));
        reported.await.expect("reported");
    };
    report("r1", "已公开一部分（示例）").await;
    let sooner = again("first", "sooner", "2020-05-31").await;
    assert_eq!(
        codes(&sooner.err().expect("less time than was given")),
        ["DAY_OUT_OF_RANGE"]
    );
    let (one, other) = tokio::join!(
        again("first", "one", "2020-06-15"),
        again("second", "other", "2020-06-16")
    );
    let ((Ok(returned), Err(refused)) | (Err(refused), Ok(returned))) = (one, other) else {
        panic!("one of two is told that the other was first");
    };
    assert_eq!(codes(&refused), ["RECTIFICATION_NOT_REPORTED"]);
    assert!(returned.report.is_empty() && returned.reported_on.is_empty());
    let told = &returned.returns[0];
    assert_eq!(
        [&told.due_on, &told.report, &told.reported_on],
        ["2020-06-01", "已公开一部分（示例）", "2020-05-18"]
    );
    assert_eq!(told.reason, "只公开了一部分（示例）");
    let to_report = (
        "rectification_to_report".to_owned(),
        measure_id.clone(),
        returned.due_on.clone(),
    );
    assert!(waiting(&desk, &clerk).await.contains(&to_report));
    assert_eq!(
        setup.messages(&clerk).await.messages[0].kind,
        "rectification_returned"
    );

    report("r2", "已全部公开（示例）").await;
    let accept = AcceptRectificationRequest {
        request_id: "a".to_owned(),
        organization_id: id.to_string(),
        measure_id: measure_id.clone(),
    };
    let accepted = setup
        .registry
        .accept_rectification(from(&officer("first"), accept))
        .await;
    accepted.expect("all of it");
    let measure = setup.measures(id).await.remove(0);
    assert_eq!(measure.report, "已全部公开（示例）");
    assert_eq!(measure.returns.len(), 1);
    let late = again("first", "late", "2020-07-15").await;
    assert_eq!(
        codes(&late.err().expect("it is accepted")),
        ["RECTIFICATION_ACCEPTED"]
    );
}

#[tokio::test]
async fn a_rectification_moves_with_a_calendar_that_makes_its_day_a_day_off() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    let request = rectification(id);
    let officer = from(&officer("first"), request);
    let imposed = setup.registry.impose_measure(officer).await;
    imposed.expect("imposed");
    let sweep = RectificationSweep::new(setup.app.clone());
    assert_eq!(sweep.step().await.expect("a step"), 0);

    let supplied = Calendar::supplied()
        .years()
        .find(|year| year.year() == 2020);
    let supplied = supplied.expect("supplied");
    let off = supplied.off().iter().copied().chain([date(2020, 6, 1)]);
    let worked: Vec<_> = supplied.worked().iter().copied().collect();
    let year = CalendarYear::new(2020, &off.collect::<Vec<_>>(), &worked);
    let mut unit = setup.platform.journal.begin_own().await.expect("begin");
    publish(&mut unit, Reference::CALENDAR, &[year.expect("a day off")])
        .await
        .expect("kept");
    unit.commit().await.expect("commit");
    assert_eq!(sweep.step().await.expect("a step"), 1);
    assert_eq!(sweep.step().await.expect("once is enough"), 0);
    let told = setup.messages(&clerk("clerk", id)).await.messages;
    let postponed = told
        .iter()
        .filter(|message| message.kind == "rectification_postponed");
    assert_eq!(postponed.count(), 1);
    let day = |day| setup.platform.clock.set(date(2020, 6, day).at(9, 0, 0, 0));
    day(2);
    let measure = setup.measures(id).await.remove(0);
    assert_eq!((&*measure.due_on, measure.overdue), ("2020-06-02", false));
    day(3);
    assert!(setup.measures(id).await[0].overdue);
}

#[tokio::test]
async fn what_has_no_day_to_move_to_is_left_alone_until_there_is_one() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    setup.platform.clock.set(date(2026, 12, 14).at(9, 0, 0, 0));
    let request = ImposeMeasureRequest {
        effective_on: "2026-12-14".to_owned(),
        due_on: "2026-12-31".to_owned(),
        ..rectification(id)
    };
    let officer = from(&officer("first"), request);
    let imposed = setup.registry.impose_measure(officer).await;
    imposed.expect("imposed");
    let year = CalendarYear::new(2026, &[date(2026, 12, 31)], &[]);
    let mut unit = setup.platform.journal.begin_own().await.expect("begin");
    publish(&mut unit, Reference::CALENDAR, &[year.expect("a day off")])
        .await
        .expect("kept");
    unit.commit().await.expect("commit");
    // Who holds the organisation would keep the sweep waiting.
    let mut holding = setup.platform.pool.begin().await.expect("a transaction");
    sqlx::query("select from platform.aggregate where id = $1 for update")
        .bind(id.uuid())
        .execute(&mut *holding)
        .await
        .expect("held by somebody");
    let sweep = RectificationSweep::new(setup.app.clone());
    let step = tokio::time::timeout(std::time::Duration::from_secs(30), sweep.step()).await;
    assert_eq!(step.expect("at once").expect("a step"), 0);
}
