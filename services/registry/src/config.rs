//! The register's own settings. What each means stands in `config.default.toml`.

use std::net::IpAddr;
use std::path::PathBuf;

use lettre::Address;
use platform::config::{self, Mode};
use serde::Deserialize;

/// The sections beside the platform's.
#[derive(Debug, Clone, Deserialize)]
pub struct Sections {
    /// `[mail]`
    pub mail: MailSettings,
}

/// `[mail]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailSettings {
    /// Host of the server; empty for no mail at all.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way there is kept from others.
    pub security: MailSecurity,
    /// Whom letters are from.
    pub from: String,
    /// Who we are to the server; empty where it does not ask.
    pub user: String,
    /// File with the password.
    pub password_file: PathBuf,
}

/// How the way to the mail server is kept from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailSecurity {
    /// TLS from the first byte (port 465).
    Tls,
    /// TLS after STARTTLS, without which nothing is sent (port 587).
    Starttls,
    /// None: the server is on this very machine.
    None,
}

impl MailSettings {
    /// Whether anything is mailed.
    pub fn is_on(&self) -> bool {
        !self.host.is_empty()
    }

    fn problems(&self) -> Vec<String> {
        if !self.is_on() {
            return Vec::new();
        }
        let mut problems = Vec::new();
        if self.from.parse::<Address>().is_err() {
            problems.push("mail.from: the address that letters are from".to_owned());
        }
        if self.port == 0 {
            problems.push("mail.port: the port of the mail server".to_owned());
        }
        if self.security == MailSecurity::None && !self.is_here() {
            let problem = "none is for a server on this machine, by its loopback address";
            problems.push(format!("mail.security: {problem}"));
        }
        if self.user.is_empty() != self.password_file.as_os_str().is_empty() {
            problems.push("mail.password_file: goes with mail.user, both or none".to_owned());
        }
        problems
    }

    fn is_here(&self) -> bool {
        let address = self.host.parse::<IpAddr>();
        self.host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    }
}

impl config::Sections for Sections {
    fn problems(&self, _mode: Mode) -> Vec<String> {
        self.mail.problems()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(given: &str) -> Vec<String> {
        let table = format!(
            "[service]\nmode = \"test\"\n[access]\nissuer = \"https://issuer.example\"\n\
             jwks_file = \"none\"\n[mail]\n{given}"
        );
        let file = tempfile::NamedTempFile::with_suffix(".toml").expect("a file");
        std::fs::write(file.path(), table).expect("written");
        let defaults = crate::definition().defaults;
        let loaded =
            config::load::<Sections>(defaults, Some(file.path()), &config::Variables::new());
        let problems = loaded.err().map(|problems| problems.all().to_vec());
        let ours = problems.unwrap_or_default().into_iter();
        ours.filter(|problem| problem.starts_with("mail")).collect()
    }

    #[test]
    fn without_a_server_nothing_is_asked_for_and_with_one_everything() {
        assert!(problems("").is_empty());
        let keys: Vec<_> =
            problems("host = \"mail.example\"\nsecurity = \"none\"\nuser = \"luban\"")
                .into_iter()
                .filter_map(|problem| problem.split_once(':').map(|(key, _)| key.to_owned()))
                .collect();
        let expected = ["mail.from", "mail.security", "mail.password_file"];
        assert_eq!(keys, expected);
        let here = "host = \"127.0.0.1\"\nport = 25\nsecurity = \"none\"\nfrom = \"luban@example.invalid\"";
        assert!(problems(here).is_empty());
    }
}
