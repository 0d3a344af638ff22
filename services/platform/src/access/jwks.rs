//! The public keys of the token issuer, kept up to date.
//!
//! They come as a JSON Web Key Set (RFC 7517) from a file or an address. A file is read again
//! every two seconds at most, so that an exchanged key counts at once; an address every five
//! minutes, and earlier when a token names a key that is not known, but never more often than
//! every two seconds, however many such tokens come. If a look fails, the keys at hand go on
//! serving, and a key that is not at hand is "cannot be verified at present", never "invalid".
//!
//! The address is fetched without TLS: it is meant for an issuer inside the cluster or for a
//! proxy beside the service. For an issuer elsewhere, mount its key set as a file.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt, Empty, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use tokio::sync::{Mutex, MutexGuard};

use super::AccessRejection;
use crate::config;

const FILE_MAX_AGE: Duration = Duration::from_secs(2);
const ADDRESS_MAX_AGE: Duration = Duration::from_mins(5);
/// At least so much time lies between two looks for a key that is not known.
const BETWEEN_LOOKS: Duration = Duration::from_secs(2);
const FETCH_TIMEOUT: Duration = Duration::from_secs(2);
const LARGEST_SET: usize = 256 * 1024;

/// A key that verifies tokens, with the one algorithm it is for. The token has no say in that.
pub(super) struct VerifyingKey {
    pub(super) algorithm: Algorithm,
    pub(super) decoding: DecodingKey,
}

enum Source {
    File(PathBuf),
    Address(http::Uri),
}

/// The keys, as of the last look.
pub(super) struct Jwks {
    source: Source,
    max_age: Duration,
    between_looks: Duration,
    seen: RwLock<Seen>,
    /// Held by whoever looks: one at a time.
    looking: Mutex<()>,
}

#[derive(Clone, Default)]
struct Seen {
    keys: Arc<HashMap<String, Arc<VerifyingKey>>>,
    /// When somebody looked last.
    at: Option<Instant>,
    /// Whether that look failed, so that the keys may be out of date.
    failed: bool,
}

impl Seen {
    fn younger_than(&self, age: Duration) -> bool {
        self.at.is_some_and(|at| at.elapsed() < age)
    }
}

impl Jwks {
    pub(super) fn new(settings: &config::Access) -> anyhow::Result<Self> {
        let (source, max_age) = match (&settings.jwks_file, &settings.jwks_url) {
            (Some(file), None) => (Source::File(file.clone()), FILE_MAX_AGE),
            (None, Some(url)) => (Source::Address(address(url)?), ADDRESS_MAX_AGE),
            _ => anyhow::bail!("set exactly one of access.jwks_file and access.jwks_url"),
        };
        Ok(Self {
            source,
            max_age,
            between_looks: BETWEEN_LOOKS,
            seen: RwLock::default(),
            looking: Mutex::default(),
        })
    }

    /// Looks at the source at every question, so that tests need not wait.
    #[cfg(test)]
    pub(super) fn without_rest(mut self) -> Self {
        self.max_age = Duration::ZERO;
        self.between_looks = Duration::ZERO;
        self
    }

    /// The key of this id, if the issuer has one.
    ///
    /// # Errors
    /// When it is not known and the issuer's keys cannot be had.
    pub(super) async fn find(
        &self,
        key_id: &str,
    ) -> Result<Option<Arc<VerifyingKey>>, AccessRejection> {
        let seen = self.seen();
        let known = seen.keys.contains_key(key_id);
        let patience = if known {
            self.max_age
        } else {
            self.between_looks
        };
        if !seen.younger_than(patience) {
            // Who has a key need not wait for somebody else's look; who has none, must.
            let turn = if known {
                self.looking.try_lock().ok()
            } else {
                Some(self.looking.lock().await)
            };
            if let Some(turn) = turn
                && !self.seen().younger_than(patience)
            {
                self.look(turn).await;
            }
        }
        let seen = self.seen();
        match seen.keys.get(key_id) {
            None if seen.failed => Err(AccessRejection::KeysUnavailable),
            found => Ok(found.cloned()),
        }
    }

    fn seen(&self) -> Seen {
        self.seen
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    async fn look(&self, _turn: MutexGuard<'_, ()>) {
        let set = match &self.source {
            Source::File(path) => read(path).await,
            Source::Address(address) => fetch(address).await,
        };
        let keys = set.and_then(|set| parse(&set));
        let mut seen = self.seen.write().unwrap_or_else(PoisonError::into_inner);
        seen.at = Some(Instant::now());
        seen.failed = keys.is_err();
        match keys {
            Ok(keys) => seen.keys = Arc::new(keys),
            Err(error) => {
                tracing::warn!(
                    error = format!("{error:#}"),
                    "cannot read the issuer's keys"
                );
            }
        }
    }
}

fn address(url: &str) -> anyhow::Result<http::Uri> {
    let address: http::Uri = url.parse().context("access.jwks_url")?;
    ensure!(
        address.scheme_str() == Some("http"),
        "access.jwks_url: only http:// is fetched; for an issuer with TLS set access.jwks_file"
    );
    Ok(address)
}

async fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    tokio::fs::read(path)
        .await
        .with_context(|| path.display().to_string())
}

async fn fetch(address: &http::Uri) -> anyhow::Result<Vec<u8>> {
    let client = Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
    let whole_answer = async {
        let response = client.get(address.clone()).await?;
        ensure!(
            response.status().is_success(),
            "answered {}",
            response.status()
        );
        let body = Limited::new(response.into_body(), LARGEST_SET)
            .collect()
            .await;
        Ok(body
            .map_err(|error| anyhow::anyhow!(error))?
            .to_bytes()
            .to_vec())
    };
    let answer = tokio::time::timeout(FETCH_TIMEOUT, whole_answer).await;
    answer
        .context("no answer in time")
        .flatten()
        .with_context(|| address.to_string())
}

/// The keys of a set that are of use here. Issuers list keys for other uses and algorithms too.
fn parse(set: &[u8]) -> anyhow::Result<HashMap<String, Arc<VerifyingKey>>> {
    let set: JwkSet = serde_json::from_slice(set).context("not a key set")?;
    let named = |jwk: &Jwk| Some((jwk.common.key_id.clone()?, Arc::new(usable(jwk)?)));
    Ok(set.keys.iter().filter_map(named).collect())
}

fn usable(jwk: &Jwk) -> Option<VerifyingKey> {
    let for_signatures = matches!(
        jwk.common.public_key_use,
        None | Some(PublicKeyUse::Signature)
    );
    // The length of the key as it is decoded; jsonwebtoken indexes into it unchecked.
    let (algorithm, length) = match &jwk.algorithm {
        AlgorithmParameters::OctetKeyPair(pair) if pair.curve == EllipticCurve::Ed25519 => {
            (Algorithm::EdDSA, 32)
        }
        AlgorithmParameters::EllipticCurve(point) if point.curve == EllipticCurve::P256 => {
            (Algorithm::ES256, 65)
        }
        _ => return None,
    };
    let decoding = DecodingKey::from_jwk(jwk).ok()?;
    let whole = decoding
        .try_get_as_bytes()
        .is_ok_and(|bytes| bytes.len() == length);
    (for_signatures && whole).then_some(VerifyingKey {
        algorithm,
        decoding,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_for_other_uses_and_malformed_ones_are_passed_over() {
        let ed25519 = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"; // RFC 8037, appendix A.2
        let set = json!({ "keys": [
            { "kty": "OKP", "crv": "Ed25519", "x": ed25519, "kid": "good" },
            { "kty": "OKP", "crv": "Ed25519", "x": ed25519, "kid": "good too", "use": "sig", "alg": "EdDSA" },
            { "kty": "OKP", "crv": "Ed25519", "x": ed25519, "kid": "for encryption", "use": "enc" },
            { "kty": "OKP", "crv": "Ed25519", "x": "AAAA", "kid": "short" },
            { "kty": "OKP", "crv": "Ed25519", "x": ed25519 },
            { "kty": "oct", "k": "c2VjcmV0", "kid": "symmetric" },
            { "kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "rsa" },
            { "kty": "new", "kid": "unheard of" },
        ] });
        let keys = parse(set.to_string().as_bytes()).expect("a set");
        let mut ids: Vec<_> = keys.keys().map(String::as_str).collect();
        ids.sort_unstable();
        assert_eq!(ids, ["good", "good too"]);
        parse(b"<html>").map(|_| ()).expect_err("not a set");
    }

    #[test]
    fn only_plain_http_is_fetched() {
        address("http://issuer.luban.svc/jwks.json").expect("inside the cluster");
        address("https://issuer.example/jwks.json").expect_err("TLS is not spoken here");
        address("issuer.example").expect_err("no scheme");
    }
}
