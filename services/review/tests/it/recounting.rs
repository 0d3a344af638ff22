//! A calendar that changes moves the public notices that still run.

use jiff::civil::{Date, date};
use kernel::reference::Reference;
use kernel::working_day::{Calendar, CalendarYear};
use platform::reference::publish;
use proto::common::v1::PublicNotice;
use proto::review::v1::{ApplicationState, GetPublicNoticeRequest};
use review::{DueSweep, PublicNoticeSweep};

use crate::scenes::{first_officer, second_officer};
use crate::setup::World;

/// 2020 with one more day off: the Monday on which a notice of 18 May ends.
pub(crate) fn with_monday_off() -> CalendarYear {
    with_off(date(2020, 5, 25))
}

/// 2020 with one more day off.
pub(crate) fn with_off(day: Date) -> CalendarYear {
    let mut years = Calendar::supplied().years();
    let supplied = years.find(|year| year.year() == 2020).expect("supplied");
    let off: Vec<_> = supplied.off().iter().copied().chain([day]).collect();
    let worked: Vec<_> = supplied.worked().iter().copied().collect();
    CalendarYear::new(2020, &off, &worked).expect("one more day off")
}

impl World {
    /// The registry told of a year of the calendar.
    pub(crate) async fn hears_of(&self, year: CalendarYear) {
        let mut unit = self.platform.journal.begin_own().await.expect("begin");
        publish(&mut unit, Reference::CALENDAR, &[year])
            .await
            .expect("kept");
        unit.commit().await.expect("commit");
    }

    async fn shown(&self, notice: &PublicNotice) -> PublicNotice {
        let request = GetPublicNoticeRequest {
            public_notice_id: notice.public_notice_id.clone(),
        };
        let mut centre = self.selections(&first_officer());
        let reply = centre
            .get_public_notice(request)
            .await
            .expect("it is there");
        reply.into_inner().public_notice.expect("it")
    }
}

impl World {
    /// What a step of the sweep over what is due records, once the registry told of a year.
    pub(crate) async fn recounted(&self, year: CalendarYear, aggregate_kind: &str) -> Vec<String> {
        let sweep = DueSweep::new(self.app.clone());
        assert_eq!(sweep.step().await.expect("a step"), 0);
        let before = self.facts(aggregate_kind).await.len();
        self.hears_of(year).await;
        assert_eq!(sweep.step().await.expect("a step"), 1);
        assert_eq!(sweep.step().await.expect("once is enough"), 0);
        self.facts(aggregate_kind).await.split_off(before)
    }
}

#[tokio::test]
async fn a_public_notice_that_still_runs_ends_by_the_calendar_as_it_is_now() {
    let world = World::start().await;
    let filing = world.assessed().await;
    let proposal = world.propose(&filing).await.expect("passed");
    let shown = world.confirm(&second_officer(), &filing, &proposal).await;
    let shown = shown.expect("agreed");
    assert_eq!(
        shown.ends.as_ref().map(|ends| ends.date.as_str()),
        Some("2020-05-25")
    );

    let sweep = PublicNoticeSweep::new(world.app.clone());
    sweep.step().await.expect("a step");
    let before = world.facts("application").await;
    world.hears_of(with_monday_off()).await;
    sweep.step().await.expect("a step");
    sweep.step().await.expect("once is enough");
    let after = world.facts("application").await;
    assert_eq!(after[before.len()..], ["public_notice_changed"]);
    let moved = world.shown(&shown).await.ends.expect("a deadline");
    assert_eq!(moved.date, "2020-05-26");
    assert!(moved.explanation_zh.contains(&moved.calendar_version));

    world.set_day("2020-05-26");
    assert_eq!(sweep.step().await.expect("a step"), 0, "it was moved");
    world.set_day("2020-05-27");
    assert_eq!(sweep.step().await.expect("a step"), 1);
    assert!(world.state(&filing).await == ApplicationState::Selected);
}
