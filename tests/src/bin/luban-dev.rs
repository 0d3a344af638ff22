//! Secrets for development and demonstrations: an issuer of tokens, the services' own tokens, and
//! keys for personal data. `scripts/up` runs `init`; people and tests ask for a `token`.
//!
//! ```text
//! DIR/dev-issuer/{key.pem,jwks.json}     who signs tokens, and the key set services verify with
//! DIR/tokens/<service>.jwt               what a service shows its neighbours
//! DIR/keys/<service>/{kek,index}/*.key   see `platform::crypto`
//! ```

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use clap::{Args, Parser, Subcommand};
use jiff::SignedDuration;
use kernel::division::DivisionCode;
use kernel::ids::OrganizationId;
use kernel::rejection::Rejection;
use platform::access::{Caller, DevIssuer, Role};
use platform::config::Mode;
use platform::crypto::secret_file;

const SERVICES: [&str; 5] = [
    "registry",
    "review",
    "exam-scheduling",
    "results",
    "certificate-query",
];
/// Keeps no personal data, so it has nothing to unseal.
const WITHOUT_KEK: &str = "certificate-query";
/// Computes blind indexes, and the one that looks people up by them: they share the keys.
const INDEX_SHARED: (&str, &str) = ("results", "certificate-query");

const FIRST_KEY: &str = "k0001.key";
const SERVICE_TOKEN_VALID: SignedDuration = SignedDuration::from_hours(30 * 24);
const SERVICE_TOKEN_RENEWED: SignedDuration = SignedDuration::from_hours(7 * 24);
const TOKEN_VALID: SignedDuration = SignedDuration::from_hours(24);

/// Secrets for development and demonstrations; refuses to work in production mode.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Makes what is missing and renews what will soon expire; leaves the rest as it is.
    Init {
        /// Folder of the secrets.
        #[arg(long)]
        secrets: PathBuf,
    },
    /// Prints a token that is valid for a day.
    Token(TokenArguments),
}

#[derive(Args)]
struct TokenArguments {
    /// Folder of the secrets.
    #[arg(long)]
    secrets: PathBuf,
    /// In which role, such as `city_centre`.
    #[arg(long, value_parser = role)]
    role: Role,
    /// Who it speaks for.
    #[arg(long)]
    subject: String,
    /// The area, such as 371000.
    #[arg(long, value_parser = division)]
    division: Option<DivisionCode>,
    /// The organisation, `org_…`.
    #[arg(long, value_parser = organization)]
    organization: Option<OrganizationId>,
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().action {
        Action::Init { secrets } => init(&secrets),
        Action::Token(arguments) => {
            let token = token(arguments)?;
            Ok(writeln!(std::io::stdout(), "{token}")?)
        }
    }
}

fn init(secrets: &Path) -> anyhow::Result<()> {
    let issuer = open_issuer(secrets)?;
    for service in SERVICES {
        keep_token(&issuer, secrets, service)?;
        let keys = secrets.join("keys").join(service);
        if service != WITHOUT_KEK {
            keep_key(&keys.join("kek"))?;
        }
        if service != INDEX_SHARED.1 {
            keep_key(&keys.join("index"))?;
        }
    }
    let index_of = |service: &str| secrets.join("keys").join(service).join("index");
    mirror(&index_of(INDEX_SHARED.0), &index_of(INDEX_SHARED.1))
}

fn token(arguments: TokenArguments) -> anyhow::Result<String> {
    let caller = Caller {
        subject: arguments.subject,
        role: arguments.role,
        division: arguments.division,
        organization: arguments.organization,
    };
    caller
        .check()
        .map_err(|rejection| anyhow!("no service takes such a token: {}", rejection.english()))?;
    open_issuer(&arguments.secrets)?.mint(&caller, TOKEN_VALID)
}

/// The mode is taken from where the services take it, so that nobody mints tokens in production by
/// mistake. Without the variable it is a person at a development machine.
fn open_issuer(secrets: &Path) -> anyhow::Result<DevIssuer> {
    let mode = match std::env::var("LUBAN__SERVICE__MODE").as_deref() {
        Err(_) | Ok("demo") => Mode::Demo,
        Ok("test") => Mode::Test,
        Ok(_) => Mode::Production,
    };
    DevIssuer::open(&secrets.join("dev-issuer"), mode)
}

fn keep_token(issuer: &DevIssuer, secrets: &Path, service: &str) -> anyhow::Result<()> {
    let file = secrets.join("tokens").join(format!("{service}.jwt"));
    let caller = Caller::service(service);
    let present = if file.exists() {
        Some(secret_file::read(&file)?)
    } else {
        None
    };
    let remaining = present.and_then(|token| issuer.remaining(&token, &caller));
    if remaining.is_some_and(|remaining| remaining >= SERVICE_TOKEN_RENEWED) {
        return Ok(());
    }
    secret_file::write(&file, issuer.mint(&caller, SERVICE_TOKEN_VALID)?.as_bytes())
}

/// A folder that has a key keeps it: what it sealed would be lost with it.
fn keep_key(folder: &Path) -> anyhow::Result<()> {
    if key_files(folder)?.is_empty() {
        let key: [u8; 32] = rand::random();
        secret_file::write(&folder.join(FIRST_KEY), hex::encode(key).as_bytes())?;
    }
    Ok(())
}

/// Makes one folder of keys like another.
fn mirror(from: &Path, to: &Path) -> anyhow::Result<()> {
    for file in key_files(from)? {
        let name = file.file_name().context("a listed file has a name")?;
        let key = secret_file::read(&file)?;
        if fs::read_to_string(to.join(name)).is_ok_and(|present| present == *key) {
            continue;
        }
        secret_file::write(&to.join(name), key.as_bytes())?;
    }
    for file in key_files(to)? {
        let name = file.file_name().context("a listed file has a name")?;
        if !from.join(name).exists() {
            fs::remove_file(&file)?;
        }
    }
    Ok(())
}

fn key_files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "key") {
            files.push(path);
        }
    }
    Ok(files)
}

fn role(text: &str) -> anyhow::Result<Role> {
    match Role::parse(text) {
        None => bail!("one of {}", Role::ALL.map(Role::as_str).join(", ")),
        Some(Role::Public) => bail!("the public calls without a token"),
        Some(role) => Ok(role),
    }
}

fn division(text: &str) -> Result<DivisionCode, String> {
    DivisionCode::parse(text).map_err(|rejection| rejection.english())
}

fn organization(text: &str) -> Result<OrganizationId, String> {
    OrganizationId::parse(text).map_err(|rejection| rejection.english())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::os::unix::fs::PermissionsExt;

    use platform::crypto::{BlindIndexer, KeyRing};

    use super::*;

    fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                found.extend(files(&path));
            } else {
                let mode = fs::metadata(&path).expect("ours").permissions().mode();
                assert_eq!(mode & 0o777, 0o600, "{}", path.display());
                found.insert(path.clone(), fs::read(&path).expect("readable"));
            }
        }
        found
    }

    #[test]
    fn a_second_init_changes_nothing() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        init(folder.path()).expect("the first time");
        let before = files(folder.path());
        init(folder.path()).expect("the second time");
        assert!(files(folder.path()) == before);
    }

    #[test]
    fn every_service_gets_the_keys_it_may_have_and_no_others() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        init(folder.path()).expect("a new folder");
        for service in SERVICES {
            let keys = folder.path().join("keys").join(service);
            assert_eq!(
                KeyRing::load(&keys).is_ok(),
                service != "certificate-query",
                "{service}"
            );
            BlindIndexer::load(&keys).expect("index keys");
        }
        let index = |service: &str| {
            let keys = BlindIndexer::load(&folder.path().join("keys").join(service));
            keys.expect("index keys").index("purpose", &["part"])
        };
        assert_eq!(index("results"), index("certificate-query"));
        assert_ne!(index("results"), index("review"));
    }

    #[test]
    fn a_token_that_no_service_takes_is_not_made() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let ask = |role, subject: &str, city: Option<&str>| {
            token(TokenArguments {
                secrets: folder.path().to_owned(),
                role,
                subject: subject.to_owned(),
                division: city.map(|code| division(code).expect("a division")),
                organization: None,
            })
        };
        ask(Role::CityCentre, "me", Some("371000")).expect("a clerk of a city");
        for (role, subject, city, claim) in [
            (Role::CityCentre, "me", None, "division"),
            (Role::CityCentre, "me", Some("370000"), "division"),
            (Role::Auditor, "service:registry", None, "sub"),
            (Role::Service, "me", None, "sub"),
        ] {
            let refused = ask(role, subject, city).expect_err("unusable");
            assert!(refused.to_string().contains(claim), "{refused}");
        }
    }

    #[test]
    fn a_service_token_is_renewed_when_it_will_soon_expire() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let issuer = open_issuer(folder.path()).expect("a new issuer");
        let caller = Caller::service("review");
        let file = folder.path().join("tokens/review.jwt");
        for (days, renewed) in [(6, true), (8, false), (-1, true)] {
            let token = issuer.mint(&caller, SignedDuration::from_hours(24 * days));
            let token = token.expect("a token");
            secret_file::write(&file, token.as_bytes()).expect("writable");
            keep_token(&issuer, folder.path(), "review").expect("kept or renewed");
            let kept = secret_file::read(&file).expect("readable");
            assert_eq!(*kept != token, renewed, "{days} days");
            assert!(issuer.remaining(&kept, &caller).is_some());
        }
    }
}
