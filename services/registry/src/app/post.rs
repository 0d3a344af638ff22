//! Letters to organisations, by SMTP.
//!
//! A letter is sent at least once: whoever takes it has it for a time, and if nobody says what
//! became of it, it is tried again, under the same `Message-ID`, by which a mailbox knows it. What a
//! server does not take now is tried later and later; what it has no addressee for, and what was
//! tried often enough, is given up and waits on the desk of the organisation's centre, which has a
//! telephone. Where the server does not take us, no letter is tried at all.

use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{Address, Message};
use platform::Result;
use platform::status::Chain;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::App;
use super::mail::{Failure, MailServer, Session};
use crate::config::MailSettings;
use crate::store;
use crate::store::message::Letter;

/// How often it is looked whether there are letters.
const PERIOD: Duration = Duration::from_secs(1);
/// How long nobody looks once the server, or the database, would not have us.
const REST: Duration = Duration::from_mins(1);
/// Letters that are tried in one step, at most.
const BATCH: usize = 20;
/// How long whoever took a letter has it for itself: one try, and some more.
const LEASE: Duration = Duration::from_mins(2);
/// How often a letter is tried, over about half a day.
const MOST_TRIES: u32 = 12;
/// How long after a first try comes the second; each time later it is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(30);
/// The longest time between two tries.
const LONGEST_PAUSE: Duration = Duration::from_hours(4);

/// Sends letters.
pub struct Post {
    app: App,
    server: MailServer,
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
            server: MailServer::new(settings, from.clone())?,
            from: Mailbox::new(Some("鲁班 Luban".to_owned()), from),
        }))
    }

    /// Sends letters until told to stop.
    pub async fn run(self, stop: CancellationToken) -> Result<()> {
        while !stop.is_cancelled() {
            let pause = match stop.run_until_cancelled(self.step()).await {
                Some(Err(error)) => {
                    warn!(cause = %Chain(&error), "letters are not sent");
                    REST
                }
                Some(Ok(0)) => PERIOD,
                Some(Ok(_)) | None => continue,
            };
            let _ = tokio::time::timeout(pause, stop.cancelled()).await;
        }
        Ok(())
    }

    /// Tries the letters whose time has come; how many were taken by the server.
    ///
    /// # Errors
    /// When the server does not take us, or the sender that letters are from: no letter is tried.
    pub async fn step(&self) -> Result<usize> {
        let pool = self.app.journal.pool();
        let mut sent = 0;
        for _ in 0..BATCH {
            if !store::message::is_letter_waiting(&mut *pool.acquire().await?).await? {
                break;
            }
            let session = self.server.open().await.map_err(|refused| {
                let name = refused.name;
                anyhow::anyhow!("the mail server does not take us: {name}")
            })?;
            let lease = LEASE.as_secs_f64();
            let letter = store::message::take_letter(&mut *pool.acquire().await?, lease).await?;
            // Another replica's post may have been faster.
            let Some(letter) = letter else {
                session.close().await;
                break;
            };
            let outcome = self.send(session, &letter).await;
            sent += usize::from(outcome.is_ok());
            self.note(&letter, outcome).await?;
        }
        Ok(sent)
    }

    async fn note(&self, letter: &Letter, outcome: Result<(), Failure>) -> Result<()> {
        let mut connection = self.app.journal.pool().acquire().await?;
        let Err(failure) = outcome else {
            store::message::sent(&mut connection, letter.id).await?;
            info!(letter = %letter.id, "a letter was sent");
            return Ok(());
        };
        let pause = pause(&failure, letter.attempts).map(|pause| pause.as_secs_f64());
        let (letter, name) = (letter.id, &failure.name);
        store::message::failed(&mut connection, letter, name, pause).await?;
        let given_up = pause.is_none();
        warn!(%letter, failure = %name, given_up, "a letter was not sent");
        Ok(())
    }

    async fn send(&self, session: Session, letter: &Letter) -> Result<(), Failure> {
        match self.written(letter).await {
            Ok((to, message)) => session.deliver(to, &message.formatted()).await,
            Err(failure) => {
                session.close().await;
                Err(failure)
            }
        }
    }

    async fn written(&self, letter: &Letter) -> Result<(Address, Message), Failure> {
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
        let message = Message::builder()
            .message_id(Some(format!("<{id}@{domain}>")))
            .from(self.from.clone())
            .to(Mailbox::new(None, to.clone()))
            .subject(format!("{} / {}", words.title_zh, words.title_en))
            .header(ContentType::TEXT_PLAIN)
            .body(body);
        Ok((to, message.map_err(|_| unusable())?))
    }
}

/// How long to wait after so many tries that failed; none when it is over.
fn pause(failure: &Failure, attempts: u32) -> Option<Duration> {
    if failure.permanent || attempts >= MOST_TRIES {
        return None;
    }
    let doubled = FIRST_PAUSE.saturating_mul(1 << attempts.saturating_sub(1));
    Some(doubled.min(LONGEST_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_tried_later_and_later_and_then_no_more() {
        let failure = Failure::transient("timeout");
        let pauses: Vec<_> = (1..=MOST_TRIES)
            .map(|tries| pause(&failure, tries))
            .collect();
        assert_eq!(pauses[0], Some(FIRST_PAUSE));
        assert_eq!(pauses[1], Some(FIRST_PAUSE * 2));
        assert_eq!(pauses[10], Some(LONGEST_PAUSE));
        assert_eq!(pauses[11], None);
        let refused = Failure {
            name: "smtp_550".to_owned(),
            permanent: true,
        };
        assert_eq!(pause(&refused, 1), None);
    }
}
