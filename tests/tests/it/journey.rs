//! The journey walks through, and the next one begins where it ended.

use jiff::civil::{Date, DateTime};
use kernel::certificate_number::CertificateNumber;
use kernel::working_day::Calendar;
use tests::harness::Service;
use tests::journey::FIRST_ROUND;

use crate::walked::{Walked, walked};

#[tokio::test(flavor = "multi_thread")]
async fn an_application_becomes_certificates_that_anybody_can_check() {
    let walked = walked().await;
    for walk in [&walked.first, &walked.second] {
        let outcome = &walk.outcome;
        assert!(outcome.ids.certificates.contains(&outcome.certificate));
        for number in &outcome.ids.certificates {
            let number = CertificateNumber::parse(number).expect("a number by the national rule");
            let code = number.organization_code().to_string();
            assert_eq!(code, outcome.ids.organization_code, "{number}");
        }
        for status in ["valid", "revoked", "not_found"] {
            assert!(
                outcome.kinds.verified.contains_key(status),
                "nobody was told {status}"
            );
        }
        assert!(!outcome.kinds.refusals.is_empty(), "nothing was refused");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_journey_comes_to_the_same_and_begins_where_the_first_ended() {
    let walked = walked().await;
    let (first, second) = (&walked.first.outcome, &walked.second.outcome);
    assert_eq!(first.kinds, second.kinds);
    assert_ne!(first.ids.organization_code, second.ids.organization_code);

    let (began, ended) = days_of(walked, 1).await;
    assert_eq!(began, FIRST_ROUND);
    let (began_again, _) = days_of(walked, 2).await;
    let next = Calendar::supplied()
        .add_working_days(ended, 1)
        .expect("2020 is known");
    assert_eq!(began_again, next.date);
}

/// The first and the last business day on which a journey's requests were answered.
async fn days_of(walked: &Walked, journey: u32) -> (Date, Date) {
    let (mut began, mut ended) = (Date::MAX, Date::MIN);
    for service in Service::ALL {
        let times: Vec<String> = sqlx::query_scalar(
            "select to_char(occurred_at, 'YYYY-MM-DD\"T\"HH24:MI:SS') from platform.fact
             where request_id in (select reference::text from platform.request_log
                                  where request_id like $1)",
        )
        .bind(format!("journey-{journey}/%"))
        .fetch_all(
            &mut walked
                .platform
                .records(service)
                .connect()
                .await
                .expect("reach it"),
        )
        .await
        .expect("read the facts");
        for time in times {
            let day = time.parse::<DateTime>().expect("a time").date();
            (began, ended) = (began.min(day), ended.max(day));
        }
    }
    (began, ended)
}

/// An error in a log means that a person must look. Nothing that the tests ask for is one.
#[tokio::test(flavor = "multi_thread")]
async fn without_faults_no_log_tells_of_an_error() {
    let walked = walked().await;
    for service in Service::ALL {
        let file = walked
            .platform
            .logs()
            .join(format!("{}.log", service.name()));
        let log = std::fs::read_to_string(&file).expect("its log");
        assert!(
            log.contains("\"INFO\""),
            "{} logged nothing",
            service.name()
        );
        let errors: Vec<_> = log
            .lines()
            .filter(|line| line.contains("\"ERROR\""))
            .collect();
        assert!(
            errors.is_empty(),
            "{}:\n{}",
            service.name(),
            errors.join("\n")
        );
    }
}
