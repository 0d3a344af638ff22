//! Simulated crowds: days pass in a moment.

use super::*;

const SECOND: u64 = 1_000_000;

pub(super) fn limiter() -> Limiter {
    let defaults: Defaults =
        toml::from_str(include_str!("../../config.default.toml")).expect("the defaults");
    Limiter::with_secret(defaults.limits, b"secret")
}

#[derive(Deserialize)]
struct Defaults {
    limits: Limits,
}

/// One of very many who ask, each in a network of its own.
pub(super) fn asker(number: u32) -> Source {
    let address = std::net::Ipv4Addr::from_bits(0x0b00_0000 + number * 256);
    Source::at(address.into())
}

/// Asks at a moment; whether it was answered.
fn ask(limiter: &Limiter, source: Source, target: &str, found: bool, now: u64) -> bool {
    let concern = limiter.concern(source, target);
    let admitted = limiter.admit_at(concern, None, now).is_ok();
    if admitted {
        limiter.charge_at(concern, found, now);
    }
    admitted
}

fn number(sequence: u32) -> String {
    format!("S000037100001205{sequence:06}")
}

#[test]
fn an_office_of_two_hundred_behind_one_address_notices_nothing() {
    let limiter = limiter();
    let office = asker(1);
    // Each checks a certificate every two minutes for eight hours, and mistypes every tenth.
    let (mut asked, mut answered) = (0, 0);
    for round in 0..240 {
        for person in 0..200 {
            let now = round * 120 * SECOND + person * 600_000;
            let found = (round + person) % 10 != 0;
            let target = format!("S0000371{person:05}205{round:06}");
            asked += 1;
            answered += u32::from(ask(&limiter, office, &target, found, now));
        }
    }
    assert_eq!(answered, asked);
}

#[test]
fn a_scanner_at_one_address_is_slowed_to_less_than_one_a_second() {
    let limiter = limiter();
    let minutes = 60;
    let answered = (0..minutes * 60 * 100)
        .filter(|moment| {
            let now = moment * SECOND / 100;
            let target = number(u32::try_from(*moment).expect("short") % 999_999 + 1);
            ask(&limiter, asker(1), &target, false, now)
        })
        .count();
    let budget = limiter.limits.address;
    let most = (budget.soft + budget.per_minute * 60) / NOT_FOUND;
    assert!(answered <= most as usize + 1, "{answered} of {most}");
}

#[test]
fn thousands_of_sources_against_one_run_of_numbers_crawl() {
    let limiter = limiter();
    let (sources, seconds) = (2_000, 300);
    // Each asks every other second for five minutes.
    let (mut answered, mut asked) = (0, 0_u32);
    for moment in 0..seconds * 1000 {
        let now = moment * SECOND / 1000;
        let source = u32::try_from(moment).expect("short") % sources;
        asked += 1;
        let target = number(asked % 999_999 + 1);
        answered += u32::from(ask(&limiter, asker(source), &target, false, now));
    }
    assert_eq!(asked, 300_000);
    assert!(answered < 600, "{answered} of {asked}: two in a thousand");
    // Meanwhile others, who ask for certificates of others, are answered.
    let elsewhere = "S000037020001205000007";
    let now = seconds * SECOND;
    assert!(ask(&limiter, asker(sources + 1), elsewhere, true, now));
}

#[test]
fn names_against_one_number_are_stopped_wherever_they_come_from() {
    let limiter = limiter();
    let answered = (0..10_000)
        .filter(|source| ask(&limiter, asker(*source), &number(7), false, SECOND))
        .count();
    assert!(answered <= 21, "{answered} names tried");
    let neighbour = number(999_999);
    assert!(ask(&limiter, asker(20_000), &neighbour, true, SECOND));
}

#[test]
fn above_the_soft_limit_a_proof_helps_and_above_the_hard_one_time_alone() {
    let limiter = limiter();
    let concern = limiter.concern(asker(1), "S000037100001205000001");
    let challenge = loop {
        match limiter.admit_at(concern, None, SECOND) {
            Ok(()) => limiter.charge_at(concern, true, SECOND),
            Err(Limited::Proof(challenge)) => break challenge,
            Err(Limited::TooMany(seconds)) => panic!("{seconds} seconds before any proof"),
        };
    };
    assert_eq!(challenge.difficulty, LEAST_WORK);
    let proof = proof::work(&challenge);
    let elsewhere = limiter.concern(asker(2), "S000037100001205000001");
    assert!(
        limiter.admit_at(elsewhere, None, SECOND).is_ok(),
        "its own budget"
    );
    limiter
        .admit_at(concern, Some(&proof), SECOND)
        .expect("worked for");
    limiter
        .admit_at(concern, Some(&proof), SECOND)
        .expect_err("once");

    for _ in 0..limiter.limits.address.hard {
        limiter.charge_at(concern, true, SECOND);
    }
    let Err(Limited::TooMany(seconds)) = limiter.admit_at(concern, Some(&proof), SECOND) else {
        panic!("nothing helps");
    };
    limiter
        .admit_at(concern, None, SECOND + (seconds - 1) * SECOND)
        .expect_err("a second too soon");
    let later = limiter.admit_at(concern, None, SECOND + seconds * SECOND);
    assert!(!matches!(later, Err(Limited::TooMany(_))), "as was told");
}
