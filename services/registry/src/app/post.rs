//! Letters to organisations, by SMTP.
//!
//! A letter is sent at least once: whoever takes it has it for a time, and if nobody says what
//! became of it, it is tried again, under the same `Message-ID`, by which a mailbox knows it. What a
//! server does not take now is tried later and later; what it never takes, and what was tried often
//! enough, is given up and waits on the desk of the organisation's centre, which has a telephone.
//!
//! Nothing that a server says is kept or logged: it may repeat an address.

use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use platform::Result;
use platform::crypto::secret_file;
use platform::status::Chain;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::App;
use crate::config::{MailSecurity, MailSettings};
use crate::store;
use crate::store::message::Letter;

/// How often it is looked whether there are letters.
const PERIOD: Duration = Duration::from_secs(1);
/// Letters that are taken at once, at most.
const BATCH: i64 = 20;
/// How long one try may last.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long whoever took letters has them for itself: all tries of a batch, and some more.
const LEASE: Duration = Duration::from_mins(10);
/// How often a letter is tried, over about half a day.
const MOST_TRIES: u32 = 12;
/// How long after a first try comes the second; each time later it is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(30);
/// The longest time between two tries.
const LONGEST_PAUSE: Duration = Duration::from_hours(4);

/// Sends letters.
pub struct Post {
    app: App,
    server: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Post {
    /// The post by way of a server; none where no server is set.
    ///
    /// # Errors
    /// When the password cannot be read, or the settings are not what was checked at start.
    pub fn new(app: App, settings: &MailSettings) -> Result<Option<Self>> {
        if !settings.is_on() {
            return Ok(None);
        }
        let from: Address = settings.from.parse().map_err(anyhow::Error::from)?;
        Ok(Some(Self {
            app,
            server: server(settings)?,
            from: Mailbox::new(Some("鲁班 Luban".to_owned()), from),
        }))
    }

    /// Sends letters until told to stop.
    pub async fn run(self, stop: CancellationToken) -> Result<()> {
        while !stop.is_cancelled() {
            match stop.run_until_cancelled(self.step()).await {
                Some(Err(error)) => warn!(cause = %Chain(&error), "letters were not looked for"),
                Some(Ok(0)) => {
                    let _ = tokio::time::timeout(PERIOD, stop.cancelled()).await;
                }
                Some(Ok(_)) | None => {}
            }
        }
        Ok(())
    }

    /// Tries the letters whose time has come; how many were taken by the server.
    pub async fn step(&self) -> Result<usize> {
        let pool = self.app.journal.pool();
        let lease = LEASE.as_secs_f64();
        let mut connection = pool.acquire().await?;
        let letters = store::message::take_letters(&mut connection, lease, BATCH).await?;
        drop(connection);
        let mut sent = 0;
        for letter in letters {
            let outcome = self.send(&letter).await;
            let mut connection = pool.acquire().await?;
            match outcome {
                Ok(()) => {
                    store::message::sent(&mut connection, letter.id).await?;
                    info!(letter = %letter.id, "a letter was sent");
                    sent += 1;
                }
                Err(failure) => {
                    let pause = failure
                        .pause(letter.attempts)
                        .map(|pause| pause.as_secs_f64());
                    let name = &failure.name;
                    store::message::failed(&mut connection, letter.id, name, pause).await?;
                    let (letter, given_up) = (letter.id, pause.is_none());
                    warn!(%letter, failure = %name, given_up, "a letter was not sent");
                }
            }
        }
        Ok(sent)
    }

    async fn send(&self, letter: &Letter) -> Result<(), Failure> {
        let message = self.written(letter).await?;
        let sending = tokio::time::timeout(PATIENCE, self.server.send(message));
        match sending.await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(Failure::of(&error)),
            Err(_) => Err(Failure::transient("timeout")),
        }
    }

    async fn written(&self, letter: &Letter) -> Result<Message, Failure> {
        let unusable = || Failure {
            name: "address_unusable".to_owned(),
            permanent: true,
        };
        let address = letter.address(self.app.journal.vault()).await;
        let address = address.map_err(|_| Failure::transient("address_sealed"))?;
        let to: Address = address.parse().map_err(|_| unusable())?;
        let words = letter.kind.words();
        let (id, domain) = (letter.id, self.from.email.domain());
        let body = format!(
            "{}\n{}\n{}\n\n{}\n{}\n{}\n",
            words.title_zh,
            words.body_zh,
            letter.subject,
            words.title_en,
            words.body_en,
            letter.subject,
        );
        Message::builder()
            .message_id(Some(format!("<{id}@{domain}>")))
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(format!("{} / {}", words.title_zh, words.title_en))
            .header(ContentType::TEXT_PLAIN)
            .body(body)
            .map_err(|_| unusable())
    }
}

/// Why a letter was not sent, by name.
#[derive(Debug, PartialEq, Eq)]
struct Failure {
    name: String,
    /// Whether it will never be another.
    permanent: bool,
}

impl Failure {
    fn transient(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            permanent: false,
        }
    }

    fn of(error: &smtp::Error) -> Self {
        if let Some(code) = error.status() {
            return Self {
                name: format!("smtp_{code}"),
                permanent: error.is_permanent(),
            };
        }
        if error.is_timeout() {
            Self::transient("timeout")
        } else if error.is_tls() {
            Self::transient("tls")
        } else {
            Self::transient("unreachable")
        }
    }

    /// How long to wait after so many tries; none when it is over.
    fn pause(&self, attempts: u32) -> Option<Duration> {
        if self.permanent || attempts >= MOST_TRIES {
            return None;
        }
        let doubled = FIRST_PAUSE.saturating_mul(1 << attempts.saturating_sub(1));
        Some(doubled.min(LONGEST_PAUSE))
    }
}

fn server(settings: &MailSettings) -> Result<AsyncSmtpTransport<Tokio1Executor>> {
    let parameters = || TlsParameters::new(settings.host.clone()).map_err(anyhow::Error::from);
    let tls = match settings.security {
        MailSecurity::Tls => Tls::Wrapper(parameters()?),
        MailSecurity::Starttls => Tls::Required(parameters()?),
        MailSecurity::None => Tls::None,
    };
    let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(settings.host.clone())
        .port(settings.port)
        .tls(tls)
        .timeout(Some(PATIENCE));
    if settings.user.is_empty() {
        return Ok(builder.build());
    }
    let password = secret_file::read(&settings.password_file)?;
    let credentials = Credentials::new(settings.user.clone(), password.to_string());
    Ok(builder.credentials(credentials).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_tried_later_and_later_and_then_no_more() {
        let failure = Failure::transient("timeout");
        let pauses: Vec<_> = (1..=MOST_TRIES).map(|tries| failure.pause(tries)).collect();
        assert_eq!(pauses[0], Some(FIRST_PAUSE));
        assert_eq!(pauses[1], Some(FIRST_PAUSE * 2));
        assert_eq!(pauses[10], Some(LONGEST_PAUSE));
        assert_eq!(pauses[11], None);
        let refused = Failure {
            name: "smtp_550".to_owned(),
            permanent: true,
        };
        assert_eq!(refused.pause(1), None);
    }
}
