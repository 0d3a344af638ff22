//! Whoever asks for what is not there learns nothing from the answer: neither from its bytes nor
//! from the time it takes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, to_bytes};
use axum::http::Request;
use axum::{Router, http::HeaderMap};
use certificate_query::http;
use tower::ServiceExt;

use crate::setup::{HOLDER, World, issued, public};

/// Questions of either kind.
const QUESTIONS: u32 = 50_000;
/// Certificates that are known, and numbers that are not.
const NUMBERS: u32 = 16;
/// Above this, two means differ by more than chance (as in dudect).
const THRESHOLD: f64 = 4.5;

fn question(sequence: u32) -> Bytes {
    let number = format!("S000037100001205{sequence:06}");
    serde_json::json!({ "number": number, "name": "李示例" })
        .to_string()
        .into()
}

/// What is answered, and within how many nanoseconds.
async fn ask(router: &Router, question: Bytes) -> (HeaderMap, Bytes, f64) {
    let request = Request::post("/api/v1/certificates:verify").body(Body::from(question));
    let request = request.expect("a request");
    let began = Instant::now();
    let Ok(answer) = router.clone().oneshot(request).await;
    let (head, body) = answer.into_parts();
    let body = to_bytes(body, 65_536).await.expect("a whole answer");
    (head.headers, body, began.elapsed().as_secs_f64() * 1e9)
}

/// Mean, and the variance of the mean, of what lies below a limit: whatever takes longer was the
/// machine's doing.
fn mean_below(limit: f64, times: &[f64]) -> (f64, f64) {
    let kept: Vec<_> = times.iter().copied().filter(|time| *time < limit).collect();
    let count = f64::from(u32::try_from(kept.len()).expect("not so many"));
    let mean = kept.iter().sum::<f64>() / count;
    let squares: f64 = kept.iter().map(|time| (time - mean).powi(2)).sum();
    (mean, squares / (count - 1.0) / count)
}

fn welch(one: &[f64], other: &[f64]) -> f64 {
    let mut all = [one, other].concat();
    all.sort_unstable_by(f64::total_cmp);
    let limit = all[all.len() * 95 / 100];
    let ((mean, variance), (other_mean, other_variance)) =
        (mean_below(limit, one), mean_below(limit, other));
    (mean - other_mean) / (variance + other_variance).sqrt()
}

#[tokio::test]
async fn an_unknown_number_and_a_wrong_name_are_answered_alike_and_as_soon() {
    let world = World::start().await;
    let indexer = world.results.indexer();
    for sequence in 1..=NUMBERS {
        let number = format!("S000037100001205{sequence:06}");
        world.tell(&issued(&number, HOLDER, &indexer)).await;
    }
    let last = format!("S000037100001205{NUMBERS:06}");
    world.until("valid", &last, HOLDER).await;
    let index = Arc::clone(&world.index);
    // Nothing else is at work while times are taken.
    drop(world);
    let router = http::router(public(index), Duration::from_secs(10));

    let known = |round: u32| question(round % NUMBERS + 1);
    let unknown = |round: u32| question(round % NUMBERS + 900_001);
    let (headers, body, _) = ask(&router, known(0)).await;
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..QUESTIONS {
        // Which comes first changes without a rhythm that anything else could have.
        let first = usize::from(round.wrapping_mul(0x9e37_79b1) >> 31 == 1);
        for which in [first, 1 - first] {
            let asked = if which == 0 {
                known(round)
            } else {
                unknown(round)
            };
            let (told, found, time) = ask(&router, asked).await;
            times[which].push(time);
            assert_eq!(found, body);
            let differs = told.iter().find(|(name, value)| {
                headers.get(*name) != Some(*value) && *name != "ratelimit-remaining"
            });
            assert!(differs.is_none() && told.len() == headers.len(), "{told:?}");
        }
    }
    let t = welch(&times[0], &times[1]);
    assert!(t.abs() < THRESHOLD, "Welch's t is {t}");
}
