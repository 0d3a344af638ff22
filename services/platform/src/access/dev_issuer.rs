//! A token issuer for development, demonstrations and tests.
//!
//! In production somebody else issues tokens: the province's identity provider. Here a key in a
//! folder does, and whoever can read it can be anybody. Therefore it refuses to work in production
//! mode, and the settings of a service in production mode refuse its name.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, ensure};
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{EncodePrivateKey, KeypairBytes};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::Caller;
use super::token::Claims;
use crate::config::Mode;
use crate::crypto::secret_file;

/// `iss` of every token made here.
pub const DEVELOPMENT_ISSUER: &str = "https://issuer.luban.localhost";
/// `aud` of every token made here.
pub const DEVELOPMENT_AUDIENCE: &str = "luban";

/// Issues tokens with a key that lies in a folder.
pub struct DevIssuer {
    key: EncodingKey,
    jwk: Jwk,
    key_id: String,
}

/// The claims that make a caller, and those that make a token.
#[derive(Serialize, Deserialize)]
struct Token {
    iss: String,
    aud: String,
    iat: i64,
    exp: i64,
    #[serde(flatten)]
    claims: Claims,
}

impl DevIssuer {
    /// Opens the issuer in a folder; makes its key and key set where they are missing.
    ///
    /// # Errors
    /// In production mode, and when the folder cannot be used.
    pub fn open(folder: &Path, mode: Mode) -> anyhow::Result<Self> {
        ensure!(
            mode != Mode::Production,
            "the development issuer refuses to work in production mode"
        );
        let key_file = folder.join("key.pem");
        if !key_file.exists() {
            secret_file::write(&key_file, new_key()?.as_bytes())?;
        }
        let pem = secret_file::read(&key_file)?;
        let key = EncodingKey::from_ed_pem(pem.as_bytes())
            .with_context(|| format!("{} is not an Ed25519 key", key_file.display()))?;
        let mut jwk = Jwk::from_encoding_key(&key, Algorithm::EdDSA)?;
        let key_id = jwk.thumbprint(ThumbprintHash::SHA256)?;
        jwk.common.key_id = Some(key_id.clone());
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);

        let issuer = Self { key, jwk, key_id };
        issuer.publish(&Self::jwks_file(folder))?;
        Ok(issuer)
    }

    /// Where the key set of an issuer lies: what `access.jwks_file` is set to.
    pub fn jwks_file(folder: &Path) -> PathBuf {
        folder.join("jwks.json")
    }

    /// Makes a token for a caller. A period below zero makes one that has expired already.
    pub fn mint(&self, caller: &Caller, valid_for: SignedDuration) -> anyhow::Result<String> {
        let now = Timestamp::now().as_second();
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(self.key_id.clone());
        let token = Token {
            iss: DEVELOPMENT_ISSUER.to_owned(),
            aud: DEVELOPMENT_AUDIENCE.to_owned(),
            iat: now,
            exp: now + valid_for.as_secs(),
            claims: Claims::of(caller),
        };
        Ok(jsonwebtoken::encode(&header, &token, &self.key)?)
    }

    /// How long a token made here is still good for this caller; `None` when it is not.
    pub fn remaining(&self, token: &str, caller: &Caller) -> Option<SignedDuration> {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[DEVELOPMENT_ISSUER]);
        validation.set_audience(&[DEVELOPMENT_AUDIENCE]);
        let key = DecodingKey::from_jwk(&self.jwk).ok()?;
        let token = jsonwebtoken::decode::<Token>(token, &key, &validation)
            .ok()?
            .claims;
        let remaining = SignedDuration::from_secs(token.exp - Timestamp::now().as_second());
        (token.claims == Claims::of(caller)).then_some(remaining)
    }

    fn publish(&self, file: &Path) -> anyhow::Result<()> {
        let set = serde_json::to_vec_pretty(&JwkSet {
            keys: vec![self.jwk.clone()],
        })?;
        // Not written again for nothing: services look at this file.
        if fs::read(file).is_ok_and(|present| present == set) {
            return Ok(());
        }
        secret_file::write(file, &set)
    }
}

/// A new Ed25519 key in PKCS #8, without the public half that some readers do not expect.
fn new_key() -> anyhow::Result<impl std::ops::Deref<Target = String>> {
    let mut pair = KeypairBytes {
        secret_key: [0; 32],
        public_key: None,
    };
    rand::fill(&mut pair.secret_key);
    pair.to_pkcs8_pem(LineEnding::LF)
        .map_err(|error| anyhow!("new key: {error}"))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::time::Duration;

    use super::super::{Role, Verifier};
    use super::*;
    use crate::config;

    fn city_centre() -> Caller {
        Caller {
            subject: "clerk".to_owned(),
            role: Role::CityCentre,
            division: kernel::division::DivisionCode::parse("371000").ok(),
            organization: None,
        }
    }

    fn verifier(folder: &Path) -> Verifier {
        Verifier::new(&config::Access {
            jwks_file: Some(DevIssuer::jwks_file(folder)),
            jwks_url: None,
            issuer: DEVELOPMENT_ISSUER.to_owned(),
            audience: DEVELOPMENT_AUDIENCE.to_owned(),
            service_token_file: None,
            lodgings: 1,
            lodging_period: Duration::from_hours(1),
            trusted_proxies: Vec::new(),
        })
        .expect("a file")
    }

    #[tokio::test]
    async fn its_tokens_are_verified_by_its_key_set_before_and_after_it_is_opened_again() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let hour = SignedDuration::from_hours(1);
        let first = DevIssuer::open(folder.path(), Mode::Demo).expect("a new issuer");
        let again = DevIssuer::open(folder.path(), Mode::Test).expect("the same issuer");
        for issuer in [&first, &again] {
            let token = issuer.mint(&city_centre(), hour).expect("a token");
            let caller = verifier(folder.path()).verify(&token).await;
            assert_eq!(caller, Ok(city_centre()));
        }
        let expired = first.mint(&city_centre(), -hour).expect("a token");
        let refused = verifier(folder.path()).verify(&expired).await;
        assert_eq!(refused, Err(super::super::AccessRejection::TokenExpired));
    }

    #[test]
    fn it_refuses_to_work_in_production_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let error = DevIssuer::open(folder.path(), Mode::Production).map(|_| ());
        error.expect_err("production has another issuer");
        assert_eq!(fs::read_dir(folder.path()).expect("it is there").count(), 0);
    }

    #[test]
    fn its_key_is_its_owners_alone() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        DevIssuer::open(folder.path(), Mode::Demo).expect("a new issuer");
        for entry in fs::read_dir(folder.path()).expect("it is there") {
            let metadata = entry.expect("an entry").metadata().expect("ours");
            assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
        }
        let set = fs::read_to_string(DevIssuer::jwks_file(folder.path())).expect("the key set");
        assert!(!set.contains("\"d\""), "the private half stays at home");
    }

    #[test]
    fn what_remains_of_a_token_counts_for_its_own_caller_and_issuer_only() {
        let (here, there) = (tempfile::tempdir(), tempfile::tempdir());
        let (here, there) = (here.expect("a folder"), there.expect("another"));
        let issuer = DevIssuer::open(here.path(), Mode::Demo).expect("a new issuer");
        let other = DevIssuer::open(there.path(), Mode::Demo).expect("another issuer");
        let caller = Caller::service("review");
        let token = issuer
            .mint(&caller, SignedDuration::from_hours(2))
            .expect("a token");

        let remaining = issuer.remaining(&token, &caller).expect("it is good");
        assert!(remaining > SignedDuration::from_hours(1), "{remaining}");
        assert_eq!(issuer.remaining(&token, &Caller::service("results")), None);
        assert_eq!(other.remaining(&token, &caller), None);
        assert_eq!(issuer.remaining("no token", &caller), None);
    }
}
