//! A mail server, as far as letters need one. It takes us and our sender before it hears of a
//! letter, so that what is wrong with those, such as a password that has changed, is no letter's
//! fault.
//!
//! Nothing that a server says is kept or logged: it may repeat an address.

use std::error::Error as _;
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use platform::Result;
use platform::crypto::secret_file;

use crate::config::{MailSecurity, MailSettings};

/// How long a server may take to let us in, and then to take a letter.
const PATIENCE: Duration = Duration::from_secs(20);

/// What says of an addressee that there is none (RFC 3463, RFC 7505).
const NO_ADDRESSEE: [&str; 6] = ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"];

/// Why a letter was not sent, by name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) name: String,
    /// Whether it will never be another.
    pub(super) permanent: bool,
}

impl Failure {
    pub(super) fn transient(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            permanent: false,
        }
    }

    fn of(error: &smtp::Error) -> Self {
        if let Some(code) = error.status() {
            Self::transient(&format!("smtp_{code}"))
        } else if error.is_timeout() {
            Self::transient("timeout")
        } else if error.is_tls() {
            Self::transient("tls")
        } else {
            Self::transient("unreachable")
        }
    }

    /// What an addressee was refused for.
    fn of_addressee(error: &smtp::Error) -> Self {
        let code = error.status().map(u16::from);
        let said = error.source().map(ToString::to_string);
        Self {
            permanent: code.is_some_and(|code| names_nobody(code, &said.unwrap_or_default())),
            ..Self::of(error)
        }
    }
}

/// Whether a server says that there is no such addressee. Many tell only now what they have against
/// the sender; with the same codes, but for the finer one in front of the words.
fn names_nobody(code: u16, said: &str) -> bool {
    let word = said.split_whitespace().next().unwrap_or_default();
    if word.starts_with("4.") || word.starts_with("5.") {
        NO_ADDRESSEE.contains(&word)
    } else {
        matches!(code, 550 | 551 | 553 | 556)
    }
}

/// The server, and whom letters are from.
pub(super) struct MailServer {
    host: String,
    port: u16,
    security: MailSecurity,
    tls: TlsParameters,
    credentials: Option<Credentials>,
    sender: Address,
}

impl MailServer {
    /// A server by its settings.
    ///
    /// # Errors
    /// When the password cannot be read.
    pub(super) fn new(settings: &MailSettings, sender: Address) -> Result<Self> {
        let tls = TlsParameters::new(settings.host.clone()).map_err(anyhow::Error::from)?;
        let credentials = if settings.user.is_empty() {
            None
        } else {
            let password = secret_file::read(&settings.password_file)?;
            Some(Credentials::new(
                settings.user.clone(),
                password.to_string(),
            ))
        };
        Ok(Self {
            host: settings.host.clone(),
            port: settings.port,
            security: settings.security,
            tls,
            credentials,
            sender,
        })
    }

    /// A way to the server, which has taken us and the sender and waits for an addressee.
    pub(super) async fn open(&self) -> Result<Session, Failure> {
        // What TLS needs on the way is large.
        in_time(async {
            Box::pin(self.connect())
                .await
                .map_err(|error| Failure::of(&error))
        })
        .await
    }

    async fn connect(&self) -> Result<Session, smtp::Error> {
        let us = ClientId::default();
        let tls = self.tls.clone();
        let at_once = (self.security == MailSecurity::Tls).then(|| tls.clone());
        let server = (self.host.as_str(), self.port);
        let connecting =
            AsyncSmtpConnection::connect_tokio1(server, Some(PATIENCE), &us, at_once, None);
        let mut connection = connecting.await?;
        if self.security == MailSecurity::Starttls {
            connection.starttls(tls, &us).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        let sender = Mail::new(Some(self.sender.clone()), Vec::new());
        connection.command(sender).await?;
        Ok(Session(Box::new(connection)))
    }
}

/// A way to a server that waits for the addressee of a letter.
pub(super) struct Session(Box<AsyncSmtpConnection>);

impl Session {
    /// Hands a letter over.
    pub(super) async fn deliver(mut self, to: Address, letter: &[u8]) -> Result<(), Failure> {
        let Self(connection) = &mut self;
        let handed = in_time(async {
            let addressee = connection.command(Rcpt::new(to, Vec::new())).await;
            addressee.map_err(|error| Failure::of_addressee(&error))?;
            let taken = async {
                connection.command(Data).await?;
                connection.message(letter).await
            };
            taken.await.map_err(|error| Failure::of(&error))?;
            Ok(())
        });
        let handed = handed.await;
        self.close().await;
        handed
    }

    /// Takes leave. What the server says to that changes nothing.
    pub(super) async fn close(mut self) {
        let _ = tokio::time::timeout(PATIENCE, self.0.quit()).await;
    }
}

async fn in_time<T>(what: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let late = |_| Err(Failure::transient("timeout"));
    tokio::time::timeout(PATIENCE, what)
        .await
        .unwrap_or_else(late)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_addressee_that_there_is_not_ends_a_letter() {
        for (code, said) in [
            (550, "5.1.1 no such user"),
            (550, "no such user"),
            (553, "mailbox name not allowed"),
            (556, "5.1.10 null MX"),
            (554, "5.1.2 no such host"),
        ] {
            assert!(names_nobody(code, said), "{code} {said}");
        }
        for (code, said) in [
            (450, "4.1.1 try later"),
            (530, "5.7.0 authentication required"),
            (535, "authentication failed"),
            (550, "5.7.1 relaying denied"),
            (553, "5.7.1 sender address rejected: not owned by user"),
            (552, "5.2.2 mailbox full"),
            (554, "transaction failed"),
        ] {
            assert!(!names_nobody(code, said), "{code} {said}");
        }
    }
}
