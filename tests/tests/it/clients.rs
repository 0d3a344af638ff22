//! Clients in another language, made from the contract: the examples of `tests/clients`.

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use jiff::SignedDuration;
use jiff::civil::Date;
use kernel::division::DivisionCode;
use platform::access::{Caller, DevIssuer, Role};
use platform::config::Mode;
use tests::harness::drill::Walk;
use tests::harness::{Options, Platform, Service};
use tests::journey::FIRST_ROUND;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// Where the journey's organisation files.
const AREA: &str = "371000";
const HOUR: SignedDuration = SignedDuration::from_hours(1);

#[tokio::test(flavor = "multi_thread")]
async fn a_city_follows_its_feed_whatever_is_lost_and_sees_that_a_fact_was_removed() {
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
    // What the broker had is gone; no feed is made of it.
    platform.wipe_broker();
    platform.restart_broker().expect("start it again");
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

#[tokio::test(flavor = "multi_thread")]
async fn an_applicant_and_a_city_that_know_only_the_contract_come_to_a_code() {
    let mut platform = Platform::start(Options::default())
        .await
        .expect("start a platform");
    let address = |service| platform.address(service).replace("http://", "");
    let (registry, review) = (address(Service::Registry), address(Service::Review));
    let secrets = platform.issuer().with_file_name("");
    let luban_dev = env!("CARGO_BIN_EXE_luban-dev");
    let tokens = format!("{luban_dev} token --secrets {}", secrets.display());

    let round = FIRST_ROUND.to_string();
    let mut centre = Told::by("centre.py", &[&review, &tokens, AREA, &round]);
    centre.until("round ").await;
    let mut applicant = Told::by("apply.py", &[&registry, &review, &tokens, AREA]);
    applicant.until("draft ").await;
    platform.kill(Service::Review);
    platform.restart(Service::Review).expect("start it again");
    applicant.until("returned work_plan.safeguards ").await;
    applicant.until("returned scan.pdf ").await;
    let last: Date = centre.until("shown until ").await.parse().expect("a day");
    centre.ends_well().await;
    applicant.until("APPLICATION_STATE_IN_PUBLIC_NOTICE").await;
    platform
        .set_clock(last.tomorrow().expect("a day").at(9, 0, 0, 0))
        .expect("a new day");
    assert_eq!(applicant.until("code ").await, "S000037100001");
    applicant.ends_well().await;
}

/// A program of `tests/clients`.
fn python(script: &str, arguments: &[&str]) -> Child {
    let python = std::env::var_os("LUBAN_PYTHON").expect(
        "LUBAN_PYTHON is a python with tests/clients/requirements.txt; ./scripts/test makes one",
    );
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients");
    Command::new(python)
        .arg(folder.join(script))
        .args(arguments)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("python starts")
}

/// A program that says line by line how far it is.
struct Told {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Told {
    fn by(script: &str, arguments: &[&str]) -> Self {
        let mut child = python(script, arguments);
        let stdout = child.stdout.take().expect("piped");
        let lines = BufReader::new(stdout).lines();
        Self { child, lines }
    }

    /// The rest of the next line that begins so.
    async fn until(&mut self, begins: &str) -> String {
        while let Some(line) = self.lines.next_line().await.expect("text") {
            if let Some(rest) = line.strip_prefix(begins) {
                return rest.to_owned();
            }
        }
        panic!("it ended without saying {begins:?}");
    }

    async fn ends_well(mut self) {
        let status = self.child.wait().await.expect("it ends");
        assert!(status.success(), "{status}");
    }
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
        let (token, cursor) = (self.path("token"), self.path(cursor));
        let until = until.to_string();
        python("follow.py", &[&self.address, &token, AREA, &cursor, &until])
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
