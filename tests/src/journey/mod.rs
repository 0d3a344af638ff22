//! The journey: one organisation from its application to certificates that anybody can check; then a
//! city's round with six applicants.
//!
//! It is the notice's first round (鲁人社字〔2020〕50号), told to a person and checked at each
//! step, with synthetic people. It knows the platform only as its users do, through public gRPC and
//! HTTP with tokens; what they cannot do, it cannot do, but for moving the business clock. Services
//! may be killed while it is under way: every command is asked again with the same request id, and
//! every step waits for the state that it needs.

mod afterwards;
mod annexes;
mod applicants;
mod application;
mod calendar;
mod cast;
mod clients;
mod deciding;
mod desk;
mod entering;
mod exam;
mod filing;
mod issuance;
mod kept;
mod marks;
mod outcome;
mod panel;
mod papers;
mod people;
mod plan;
mod print;
mod review;
mod round;
mod rules;
mod scoring;
mod selection;
mod settings;
mod staff;
mod state;
mod story;
mod verify;

use std::io::Write;

use anyhow::{Context, Result};
use kernel::{certificate_number::CertificateNumber, rejection::Faults};

pub use calendar::FIRST_ROUND;
use marks::marks;
pub use outcome::{Heard, Ids, Kinds, Outcome};
pub use settings::{Access, Addresses, Clock, Config, Http, Papers};
pub use state::{Last, State};
use story::Story;

/// Walks one journey, tells it to `out`, and keeps where it ended.
///
/// # Errors
/// When anything differs from what the story says; the message tells what was expected and what
/// came.
pub async fn run(
    config: &Config,
    state: &mut State,
    out: &mut (dyn Write + Send + Sync),
) -> Result<Outcome> {
    let now = calendar::ClockFile::new(config.clock.business_time_file.clone())
        .now()?
        .date();
    let first_day = calendar::first_day(now, state.last().map(|last| last.reached))?;
    let mut story = Story::open(config, state.begin()?, first_day, out)?;
    story.outcome.people = marks(story.number, first_day)?;
    walk(&mut story)
        .await
        .with_context(|| format!("journey {}", story.number))?;
    story.outcome.heard = story.heard();

    state.finish(Last {
        journey: story.number,
        reached: story.dates.round_published,
        certificate: story.outcome.certificate.clone(),
        holder: story.outcome.holder.clone(),
    })?;
    Ok(story.outcome)
}

async fn walk(story: &mut Story<'_>) -> Result<()> {
    story.introduce()?;
    application::reserve_codes(story).await?;
    let applicant = application::apply(story).await?;
    application::correct(story, &applicant).await?;

    selection::assess(story, &applicant).await?;
    let notice = selection::select(story, &applicant).await?;
    selection::wait_for_end(story, &applicant, &notice).await?;

    filing::receive(story, &applicant).await?;
    filing::report(story, &applicant).await?;
    filing::publish(story, &applicant).await?;

    let plan = plan::report(story, &applicant).await?;
    exam::hold(story, &plan).await?;

    let batch = scoring::score(story, &plan).await?;
    let batch = scoring::show(story, &plan, batch).await?;
    scoring::upload(story, &batch).await?;

    review::review(story, &plan, &batch).await?;
    review::decide_objection(story, &plan, &batch).await?;
    let mut issued = issuance::issue_all(story, &plan, &batch).await?;
    review::review_held(story, &batch).await?;
    issued.push(issuance::issue_held(story, &plan, &batch, &issued).await?);
    issuance::show_ledger(story, &applicant).await?;

    afterwards::correct(story, &issued).await?;
    afterwards::revoke(story, &issued).await?;
    afterwards::print(story, &batch, &issued).await?;
    afterwards::take_stock(story, &batch, &issued).await?;

    Box::pin(round::hold(story)).await
}

/// Asks for the last journey's certificate again.
///
/// # Errors
/// When no journey has come to its end, or the certificate is not valid.
pub async fn recheck(
    config: &Config,
    state: &State,
    out: &mut (dyn Write + Send + Sync),
) -> Result<Outcome> {
    let last = state.last().context("no journey has come to its end yet")?;
    let mut story = Story::open(config, last.journey, FIRST_ROUND, out)?;
    let number = CertificateNumber::parse(&last.certificate).map_err(Faults::from)?;
    story.outcome.ids.organization_code = number.organization_code().to_string();
    issuance::check_valid(&story, &number, &last.holder).await?;
    story.end_with(&number, last.holder.clone());
    Ok(story.outcome)
}
