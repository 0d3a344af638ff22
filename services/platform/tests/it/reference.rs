//! A document that one service owns, and the copy of another.

use jiff::civil::date;
use kernel::reference::Reference;
use platform::inbox::Inbox;
use platform::reference::{Copies, publish};
use platform::testing::TestPlatform;
use serde_json::{Value, json};

use crate::setup::{messages, platform};

/// The panel has so many experts from June on.
fn panel_of(experts: u8) -> Value {
    json!([{"parameter": "panel_least", "from": "2020-06-01", "value": {"number": experts}}])
}

async fn publishes(owner: &TestPlatform, name: &str, content: &Value) {
    let mut unit = owner.journal.begin_own().await.expect("begin");
    publish(&mut unit, name, content).await.expect("publish");
    unit.commit().await.expect("commit");
}

async fn panel_in_june(platform: &TestPlatform) -> u16 {
    let reference = platform.journal.reference().await.expect("read");
    reference.pilot_on(date(2020, 6, 1)).panel_least
}

fn copies(listener: &TestPlatform) -> Inbox<Copies> {
    Inbox::new(listener.journal.clone(), "listener".to_owned(), Copies)
}

#[tokio::test]
async fn what_the_owner_changes_holds_for_it_at_once_and_for_the_others_when_they_hear() {
    let (owner, listener) = (platform("owner").await, platform("listener").await);
    assert_eq!(panel_in_june(&owner).await, 3);
    publishes(&owner, Reference::PARAMETERS, &panel_of(5)).await;
    assert_eq!(panel_in_june(&owner).await, 5);
    assert_eq!(panel_in_june(&listener).await, 3);

    copies(&listener).take(&messages(&owner).await).await;
    assert_eq!(panel_in_june(&listener).await, 5);
    publishes(&owner, Reference::PARAMETERS, &panel_of(7)).await;
    let year = json!([{"year": 2027, "off": [], "worked": []}]);
    publishes(&owner, Reference::CALENDAR, &year).await;
    // Once more, in the wrong order: the inbox sees to it.
    let mut told = messages(&owner).await;
    told.reverse();
    copies(&listener).take(&told).await;
    assert_eq!(panel_in_june(&listener).await, 7);
    let reference = listener.journal.reference().await.expect("read");
    assert_eq!(
        reference.calendar.is_working_day(date(2027, 1, 4)),
        Ok(true)
    );
}

#[tokio::test]
async fn a_change_that_is_not_committed_holds_in_its_unit_alone() {
    let owner = platform("owner").await;
    let mut unit = owner.journal.begin_own().await.expect("begin");
    publish(&mut unit, Reference::PARAMETERS, &panel_of(5))
        .await
        .expect("publish");
    let within = unit.reference().await.expect("read");
    assert_eq!(within.pilot_on(date(2020, 6, 1)).panel_least, 5);
    drop(unit);
    assert_eq!(panel_in_june(&owner).await, 3);
    assert!(messages(&owner).await.is_empty());
    // The next change is given the version that was not used, and is another change.
    publishes(&owner, Reference::PARAMETERS, &panel_of(9)).await;
    assert_eq!(panel_in_june(&owner).await, 9);
}

#[tokio::test]
async fn two_who_change_documents_at_once_give_them_two_versions() {
    let owner = platform("owner").await;
    let (year, panel) = (json!([]), panel_of(5));
    tokio::join!(
        publishes(&owner, Reference::CALENDAR, &year),
        publishes(&owner, Reference::PARAMETERS, &panel),
    );
    let versions: Vec<i64> =
        sqlx::query_scalar("select version from platform.reference order by version")
            .fetch_all(&owner.pool)
            .await
            .expect("read");
    assert_eq!(versions, [1, 2]);
    assert_eq!(panel_in_june(&owner).await, 5);
}
