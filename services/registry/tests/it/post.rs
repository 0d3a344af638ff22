//! A mail server of our own, which talks SMTP as far as letters need it.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use kernel::ids::OrganizationId;
use platform::access::Caller;
use registry::{MailSecurity, MailSettings, Post};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::setup::Setup;

/// Where letters go, which must appear nowhere but in its place and on the way.
pub(crate) const ADDRESS: &str = "marked-office@example.invalid";

/// The server.
#[derive(Clone)]
pub(crate) struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    connections: usize,
    letters: Vec<String>,
    /// What the next of a verb is answered, if not that all is well.
    answers: HashMap<&'static str, &'static str>,
    /// Whether the next letter is taken and nothing said.
    hangs_up: bool,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let server = Self {
            address: listener.local_addr().expect("bound"),
            seen: Arc::default(),
        };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let serving = serving.clone();
                tokio::spawn(async move { serving.talk(stream).await });
            }
        });
        server
    }

    /// The next addressee is answered so.
    pub(crate) fn answers(&self, answer: &'static str) {
        self.answers_to("RCPT", answer);
    }

    /// The next of a verb is answered so.
    pub(crate) fn answers_to(&self, verb: &'static str, answer: &'static str) {
        self.seen().answers.insert(verb, answer);
    }

    /// The next letter is taken, and the line goes dead.
    pub(crate) fn hangs_up(&self) {
        self.seen().hangs_up = true;
    }

    pub(crate) fn letters(&self) -> Vec<String> {
        self.seen().letters.clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.seen().connections
    }

    /// The post of a register by way of this server.
    pub(crate) fn post(&self, setup: &Setup) -> Post {
        self.post_as(setup, "", PathBuf::new())
    }

    /// The same, with a name and a password.
    pub(crate) fn post_as(&self, setup: &Setup, user: &str, password_file: PathBuf) -> Post {
        let settings = MailSettings {
            host: self.address.ip().to_string(),
            port: self.address.port(),
            security: MailSecurity::None,
            from: "luban@example.invalid".to_owned(),
            user: user.to_owned(),
            password_file,
        };
        let post = Post::new(setup.app.clone(), &settings).expect("usable");
        post.expect("a server is set")
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().expect("nobody panicked")
    }

    async fn talk(&self, stream: TcpStream) -> std::io::Result<()> {
        self.seen().connections += 1;
        let (reading, mut writing) = stream.into_split();
        let mut lines = BufReader::new(reading).lines();
        writing.write_all(b"220 here\r\n").await?;
        while let Some(line) = lines.next_line().await? {
            let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
            let refused = self.seen().answers.remove(verb.as_str());
            let answer = match (verb.as_str(), refused) {
                (_, Some(refused)) => refused,
                ("EHLO", _) => "250-here\r\n250-AUTH PLAIN\r\n250 8BITMIME",
                ("AUTH", _) => "235 welcome",
                ("QUIT", _) => "221 bye",
                ("DATA", _) => {
                    writing.write_all(b"354 go on\r\n").await?;
                    let mut letter = String::new();
                    while let Some(line) = lines.next_line().await? {
                        if line == "." {
                            break;
                        }
                        letter.push_str(&line);
                        letter.push('\n');
                    }
                    self.seen().letters.push(letter);
                    if std::mem::take(&mut self.seen().hangs_up) {
                        return Ok(());
                    }
                    "250 taken"
                }
                _ => "250 ok",
            };
            writing
                .write_all(format!("{answer}\r\n").as_bytes())
                .await?;
        }
        Ok(())
    }
}

impl Setup {
    /// The only letter: why it was not sent last, and whether it was given up.
    pub(crate) async fn letter(&self) -> (String, bool) {
        sqlx::query_as("select failure, given_up from letter")
            .fetch_one(&self.platform.pool)
            .await
            .expect("one letter that failed")
    }

    /// Lets the time of every letter come.
    pub(crate) async fn time_for_letters(&self) {
        sqlx::query("update letter set next_try_at = now()")
            .execute(&self.platform.pool)
            .await
            .expect("letters");
    }

    /// Another enrolled body with its own clerk; see [`Setup::with_address`].
    pub(crate) async fn with_address_of_its_own(&self, serial: u32) -> (OrganizationId, Caller) {
        let body = self.enrolled(serial).await;
        let id = OrganizationId::parse(&body.organization_id).expect("an id");
        let clerk = platform::testing::clerk(&format!("clerk-{serial}"), id);
        self.mail_to(&clerk, ADDRESS).await.expect("an address");
        (id, clerk)
    }
}
