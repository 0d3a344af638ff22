//! Where people sit and call the platform, each with their own token.
//!
//! A command is asked again with the same request id whenever no answer came: the platform may be
//! killed under it, and asking twice is the same as asking once. An answer is an answer: what was
//! refused is not asked again.

use std::{
    error::Error as _,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use anyhow::{Context, Result, anyhow, bail, ensure};
use jiff::SignedDuration;
use platform::{access::DevIssuer, config::Mode, status::DOMAIN};
use tokio::time::{Instant, sleep};
use tonic::{Code, Request, Status};
use tonic_types::StatusExt;

use super::{
    cast::{Cast, Who},
    clients::{Call, Services},
    outcome::Heard,
    settings::Config,
};

/// How long the platform may take to answer a call, or to reach a state.
pub(super) const PATIENCE: Duration = Duration::from_mins(1);
const TOKEN_VALID: SignedDuration = SignedDuration::from_hours(1);
const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// Calls the platform in somebody's name.
pub(super) struct Desk {
    services: Services,
    issuer: DevIssuer,
    heard: Mutex<Heard>,
}

/// What was refused, as a person is told.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    /// Stable name.
    pub(super) code: String,
    /// The rule behind it.
    pub(super) rule: String,
    /// The sentence in Chinese.
    pub(super) text: String,
    /// Each field at fault.
    pub(super) fields: Vec<String>,
}

impl Desk {
    /// A desk at the platform of these settings. Needs a tokio runtime.
    pub(super) fn new(config: &Config) -> Result<Self> {
        use platform::access::{DEVELOPMENT_AUDIENCE, DEVELOPMENT_ISSUER};
        let access = &config.access;
        ensure!(
            (access.issuer.as_str(), access.audience.as_str())
                == (DEVELOPMENT_ISSUER, DEVELOPMENT_AUDIENCE),
            "tokens come from the development issuer {DEVELOPMENT_ISSUER} for {DEVELOPMENT_AUDIENCE}, \
             the settings ask for {} and {}",
            access.issuer,
            access.audience,
        );
        Ok(Self {
            services: Services::new(&config.services)?,
            issuer: DevIssuer::open(&access.issuer_directory, Mode::Demo)?,
            heard: Mutex::default(),
        })
    }

    /// What was heard so far besides answers.
    pub(super) fn heard(&self) -> Heard {
        self.listen().clone()
    }

    /// Calls, and expects an answer.
    pub(super) async fn ask<C: Call>(&self, cast: &Cast, who: Who, call: C) -> Result<C::Reply> {
        self.call(cast, who, call).await?.map_err(|status| {
            let refusal = Refusal::read(&status);
            anyhow!(
                "{} by {}: expected an answer, came {refusal}",
                C::METHOD,
                who.title()
            )
        })
    }

    /// Calls, and expects to be refused by this name.
    pub(super) async fn refused<C: Call>(
        &self,
        cast: &Cast,
        who: Who,
        call: C,
        code: &str,
    ) -> Result<Refusal> {
        let expected = || format!("{} by {}: expected {code}", C::METHOD, who.title());
        match self.call(cast, who, call).await? {
            Ok(_) => bail!("{}, but it was accepted", expected()),
            Err(status) => {
                let refusal = Refusal::read(&status);
                ensure!(refusal.code == code, "{}, came {refusal}", expected());
                Ok(refusal)
            }
        }
    }

    /// Calls again while it is refused by this name: a neighbour has still to hear of something.
    pub(super) async fn once_heard<C: Call>(
        &self,
        cast: &Cast,
        who: Who,
        call: C,
        not_yet: &str,
    ) -> Result<C::Reply> {
        let mut pause = Pause::begin();
        loop {
            let refusal = match self.call(cast, who, call.clone()).await? {
                Ok(reply) => return Ok(reply),
                Err(status) => Refusal::read(&status),
            };
            ensure!(
                refusal.code == not_yet,
                "{} by {}: came {refusal}",
                C::METHOD,
                who.title()
            );
            pause
                .or(|| format!("{}: still {refusal}", C::METHOD))
                .await?;
        }
    }

    /// Reads until what is read is what is waited for; `seen` says what it is instead.
    pub(super) async fn until<C: Call, T>(
        &self,
        cast: &Cast,
        who: Who,
        call: C,
        seen: impl Fn(C::Reply) -> Result<T, String>,
    ) -> Result<T> {
        let mut pause = Pause::begin();
        loop {
            match seen(self.ask(cast, who, call.clone()).await?) {
                Ok(found) => return Ok(found),
                Err(instead) => pause.or(|| format!("{}: {instead}", C::METHOD)).await?,
            }
        }
    }

    /// One answer, good or bad. What is no answer is asked again.
    async fn call<C: Call>(
        &self,
        cast: &Cast,
        who: Who,
        call: C,
    ) -> Result<Result<C::Reply, Status>> {
        let mut pause = Pause::begin();
        loop {
            let request = self.request(cast, who, call.clone())?;
            let status = match C::send(&self.services, request).await {
                Ok(reply) => return Ok(Ok(reply.into_inner())),
                Err(status) => status,
            };
            self.listen()
                .errors
                .push([status.message().as_bytes(), status.details()].concat());
            if is_answer(&status) {
                return Ok(Err(status));
            }
            self.listen().broken_off += 1;
            pause
                .or(|| format!("{}: no answer, last {status}", C::METHOD))
                .await?;
        }
    }

    fn listen(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn request<C: Call>(&self, cast: &Cast, who: Who, call: C) -> Result<Request<C>> {
        let mut request = Request::new(call);
        if let Some(caller) = cast.caller(who) {
            let token = self.issuer.mint(&caller, TOKEN_VALID)?;
            let value = format!("Bearer {token}")
                .parse()
                .context("a token is ASCII")?;
            request.metadata_mut().insert("authorization", value);
        }
        Ok(request)
    }
}

/// Whether the platform has spoken. A status with a source is our own transport's.
fn is_answer(status: &Status) -> bool {
    let again = [
        Code::Unavailable,
        Code::Aborted,
        Code::DeadlineExceeded,
        Code::Cancelled,
    ];
    status.source().is_none() && !again.contains(&status.code())
}

/// Waiting with growing pauses, and with an end.
pub(super) struct Pause {
    until: Instant,
    next: Duration,
}

impl Pause {
    /// The wait begins.
    pub(super) fn begin() -> Self {
        Self {
            until: Instant::now() + PATIENCE,
            next: FIRST_PAUSE,
        }
    }

    /// Waits a little; fails with what is still so when patience is at its end.
    pub(super) async fn or(&mut self, still: impl FnOnce() -> String) -> Result<()> {
        if Instant::now() >= self.until {
            bail!("waited {} s in vain; {}", PATIENCE.as_secs(), still());
        }
        sleep(self.next).await;
        self.next = (self.next * 2).min(LONGEST_PAUSE);
        Ok(())
    }
}

impl Refusal {
    fn read(status: &Status) -> Self {
        let details = status.get_error_details();
        let info = details.error_info().filter(|info| info.domain == DOMAIN);
        let fields = details
            .bad_request()
            .map_or(&[][..], |request| &request.field_violations);
        Self {
            code: info.map_or_else(
                || format!("{:?}", status.code()),
                |info| info.reason.clone(),
            ),
            rule: info
                .and_then(|info| info.metadata.get("rule"))
                .cloned()
                .unwrap_or_default(),
            text: details.localized_message().map_or_else(
                || status.message().to_owned(),
                |message| message.message.clone(),
            ),
            fields: fields
                .iter()
                .filter(|fault| !fault.field.is_empty())
                .map(|fault| format!("{} {}", fault.field, fault.reason))
                .collect(),
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} ({}: {})", self.code, self.rule, self.text)?;
        match self.fields.as_slice() {
            [] => Ok(()),
            fields => write!(formatter, " at {}", fields.join(", ")),
        }
    }
}
