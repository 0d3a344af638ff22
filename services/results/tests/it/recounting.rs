//! A calendar that changes moves what is still due: the public notice, the stage that the public is
//! told, and the days of an objection.

use jiff::civil::{Date, date};
use kernel::reference::Reference;
use kernel::working_day::{Calendar, CalendarYear};
use platform::inquiry::InquirySweep;
use platform::reference::publish;
use prost::Message;
use proto::common::v1::PublicNoticeRowState as RowState;
use proto::results::v1 as pb;

use crate::objections::object;
use crate::setup::{NOTICE_OVER, Setup, setup};

/// 2020 with one more day off: the Monday on which a notice of 6 July ends.
fn with_monday_off() -> CalendarYear {
    let mut years = Calendar::supplied().years();
    let supplied = years.find(|year| year.year() == 2020).expect("supplied");
    let off = supplied.off().iter().copied();
    let off: Vec<_> = off.chain([date(2020, 7, 13)]).collect();
    let worked: Vec<_> = supplied.worked().iter().copied().collect();
    CalendarYear::new(2020, &off, &worked).expect("one more Monday off")
}

impl Setup {
    /// The registry told of a year of the calendar.
    async fn hears_of(&self, year: CalendarYear) {
        let mut unit = self.platform.journal.begin_own().await.expect("begin");
        publish(&mut unit, Reference::CALENDAR, &[year])
            .await
            .expect("kept");
        unit.commit().await.expect("commit");
    }

    async fn kinds(&self, aggregate_kind: &str) -> Vec<String> {
        sqlx::query_scalar(
            "select kind from platform.fact where aggregate_kind = $1 order by recorded_at, version",
        )
        .bind(aggregate_kind)
        .fetch_all(&self.platform.pool)
        .await
        .expect("read")
    }

    /// The day by which an inquiry is to be closed.
    async fn due(&self) -> Date {
        let due: String = sqlx::query_scalar("select state #>> '{due,date}' from platform.inquiry")
            .fetch_one(&self.platform.pool)
            .await
            .expect("read");
        due.parse().expect("a day")
    }
}

#[tokio::test]
async fn a_public_notice_that_still_runs_ends_by_the_calendar_as_it_is_now() {
    let setup = setup().await;
    let (_, notice) = setup.shown().await;
    setup.sweep.step().await.expect("swept");
    let before = setup.kinds("batch").await.len();
    setup.hears_of(with_monday_off()).await;
    for _ in 0..2 {
        setup.sweep.step().await.expect("swept");
    }
    assert_eq!(
        setup.kinds("batch").await[before..],
        ["public_notice_recounted"]
    );
    let told = setup.published("result").await;
    let stages = told.iter().map(|fact| {
        let stage = pb::CandidateStageFact::decode(fact.payload.clone()).expect("a stage");
        assert_eq!(stage.stage(), pb::CandidateStage::InPublicNotice);
        stage.until
    });
    let mut days: Vec<_> = stages.collect();
    days.sort();
    assert_eq!(
        days,
        [
            "2020-07-13",
            "2020-07-13",
            "2020-07-13",
            "2020-07-14",
            "2020-07-14",
            "2020-07-14"
        ]
    );

    setup.day(NOTICE_OVER);
    setup.sweep.step().await.expect("swept");
    assert_eq!(
        setup.notice_rows(&notice.public_notice_id).await,
        [RowState::Open; 3],
        "it was moved"
    );
    setup.day(date(2020, 7, 15));
    setup.sweep.step().await.expect("swept");
    assert_eq!(
        setup.notice_rows(&notice.public_notice_id).await,
        [RowState::Concluded; 3]
    );
}

#[tokio::test]
async fn an_objection_is_due_by_the_calendar_as_it_is_now() {
    let setup = setup().await;
    let (_, notice) = setup.shown().await;
    let objection = object(&setup, &notice.public_notice_id, 1).await;
    objection.expect("taken");
    let before = setup.due().await;
    let sweep = InquirySweep::new(setup.platform.journal.clone());
    assert_eq!(sweep.step().await.expect("swept"), 0);

    setup.hears_of(with_monday_off()).await;
    assert_eq!(sweep.step().await.expect("swept"), 1);
    assert_eq!(sweep.step().await.expect("swept"), 0);
    let moved = setup.due().await;
    let calendar = Calendar::new([with_monday_off()]);
    assert!(moved > before, "{before} {moved}");
    assert!(calendar.is_working_day(moved).expect("stored"));
    let kinds = setup.kinds("inquiry").await;
    assert_eq!(
        kinds.last().map(String::as_str),
        Some("deadlines_recounted")
    );
}
