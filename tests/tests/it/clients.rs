//! Clients in another language, made from the contract: the examples of `tests/clients`.

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use jiff::SignedDuration;
use kernel::division::DivisionCode;
use platform::access::{Caller, DevIssuer, Role};
use platform::config::Mode;
use tests::harness::drill::Walk;
use tests::harness::{Options, Platform, Service};
use tokio::process::{Child, Command};

/// Where the journey's organisation files.
const AREA: &str = "371000";
const HOUR: SignedDuration = SignedDuration::from_hours(1);

#[tokio::test(flavor = "multi_thread")]
async fn a_city_follows_its_feed_across_a_restart_and_sees_that_a_fact_was_removed() {
    let mut platform = Platform::start(Options::default())
        .await
        .expect("start a platform");
    Walk::calmly(&platform).await.expect("a journey");
    let city = City::of(&platform);

    let first = length(&platform).await;
    // So much more as the first journey brought.
    let mut following = city.follow("kept", 2 * first);
    city.until_kept("kept", first).await;
    platform.kill(Service::Review);
    platform.restart(Service::Review).expect("start it again");
    platform
        .await_healthy(Service::Review)
        .await
        .expect("serves again");
    Walk::calmly(&platform).await.expect("a second journey");
    let status = following.wait().await.expect("python ends");
    assert!(status.success(), "{status}");
    assert_eq!(length(&platform).await, 2 * first);

    remove_entry(&platform, first).await;
    let output = city.follow("fresh", 2 * first).wait_with_output().await;
    let output = output.expect("python ends");
    assert_eq!(output.status.code(), Some(3), "{}", told(&output));
    let broken = format!("broken: after {} came {}", first - 1, first + 1);
    assert!(told(&output).contains(&broken), "{}", told(&output));
}

/// A city's own system.
struct City {
    folder: tempfile::TempDir,
    address: String,
}

impl City {
    fn of(platform: &Platform) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let issuer = DevIssuer::open(&platform.issuer(), Mode::Test).expect("an issuer");
        let caller = Caller {
            subject: "the city's system".to_owned(),
            role: Role::CityCentre,
            division: DivisionCode::parse(AREA).ok(),
            organization: None,
        };
        let token = issuer.mint(&caller, HOUR).expect("a token");
        std::fs::write(folder.path().join("token"), token).expect("write the token");
        let address = platform.address(Service::Review);
        let address = address.trim_start_matches("http://").to_owned();
        Self { folder, address }
    }

    /// Follows until a sequence, with the cursor in a file of this name.
    fn follow(&self, cursor: &str, until: i64) -> Child {
        let python = std::env::var_os("LUBAN_PYTHON")
            .expect("LUBAN_PYTHON is a python with tests/clients/requirements.txt; ./scripts/test makes one");
        Command::new(python)
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/follow.py"))
            .args([
                &self.address,
                &self.path("token"),
                AREA,
                &self.path(cursor),
                &until.to_string(),
            ])
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("python starts")
    }

    /// Waits until the cursor stands at a sequence.
    async fn until_kept(&self, cursor: &str, sequence: i64) {
        let path = PathBuf::from(self.path(cursor));
        platform::testing::eventually("the client to catch up", async || {
            let kept = std::fs::read_to_string(&path).ok()?;
            let kept: serde_json::Value = serde_json::from_str(&kept).ok()?;
            (kept["sequence"] == sequence).then_some(())
        })
        .await;
    }

    fn path(&self, name: &str) -> String {
        let path = self.folder.path().join(name);
        path.to_str().expect("a plain path").to_owned()
    }
}

/// How many facts the city's feed of review has.
async fn length(platform: &Platform) -> i64 {
    sqlx::query_scalar("select count(*) from platform.feed where area = $1")
        .bind(AREA)
        .fetch_one(&platform.records(Service::Review).pool())
        .await
        .expect("count")
}

/// Takes an entry out of the feed, as only somebody could who owns the database.
async fn remove_entry(platform: &Platform, sequence: i64) {
    let mut connection = platform
        .records(Service::Review)
        .connect()
        .await
        .expect("connect");
    for statement in [
        "set session_replication_role = replica".to_owned(),
        format!("delete from platform.feed where area = '{AREA}' and sequence = {sequence}"),
    ] {
        sqlx::query(sqlx::AssertSqlSafe(statement))
            .execute(&mut connection)
            .await
            .expect("remove an entry");
    }
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}
