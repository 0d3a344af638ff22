//! Tokens of every kind, good and bad, for the tests of this module.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::Verifier;
use crate::config;

const ISSUER: &str = "https://issuer.example";
const AUDIENCE: &str = "tests";

/// PKCS #8 around a bare Ed25519 key (RFC 8410) and a bare P-256 key (RFC 5915).
const ED25519: &str = "302e020100300506032b657004220420";
const P256: &str = "3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420";

/// The claims of a city centre's clerk, good for an hour.
pub(super) fn claims() -> Value {
    json!({
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "somebody",
        "exp": jsonwebtoken::get_current_timestamp() + 3600,
        "role": "city_centre",
        "division": "371000",
    })
}

/// Somebody with a key.
pub(super) struct Issuer {
    key_id: String,
    algorithm: Algorithm,
    key: EncodingKey,
}

impl Issuer {
    pub(super) fn ed_dsa(key_id: &str) -> Self {
        let key = EncodingKey::from_ed_der(&with_random_key(ED25519));
        Self {
            key_id: key_id.to_owned(),
            algorithm: Algorithm::EdDSA,
            key,
        }
    }

    pub(super) fn es256(key_id: &str) -> Self {
        let key = EncodingKey::from_ec_der(&with_random_key(P256));
        Self {
            key_id: key_id.to_owned(),
            algorithm: Algorithm::ES256,
            key,
        }
    }

    pub(super) fn jwk(&self) -> Jwk {
        let mut jwk = Jwk::from_encoding_key(&self.key, self.algorithm).expect("our own key");
        jwk.common.key_id = Some(self.key_id.clone());
        jwk
    }

    pub(super) fn sign(&self, claims: &Value) -> String {
        let mut header = Header::new(self.algorithm);
        header.kid = Some(self.key_id.clone());
        jsonwebtoken::encode(&header, claims, &self.key).expect("our own key")
    }

    pub(super) fn sign_without_key_id(&self, claims: &Value) -> String {
        jsonwebtoken::encode(&Header::new(self.algorithm), claims, &self.key).expect("our own key")
    }

    /// Signed with HMAC, the public key for a secret.
    pub(super) fn sign_as_hmac(&self, claims: &Value) -> String {
        let jwk = serde_json::to_value(self.jwk()).expect("a key is json");
        let public = BASE64_URL_SAFE_NO_PAD.decode(jwk["x"].as_str().expect("it has an x"));
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some(self.key_id.clone());
        let secret = EncodingKey::from_secret(&public.expect("base64"));
        jsonwebtoken::encode(&header, claims, &secret).expect("any secret signs")
    }

    /// Not signed at all.
    pub(super) fn unsigned(algorithm: &str, key_id: &str, body: &str) -> String {
        let header = json!({ "alg": algorithm, "kid": key_id, "typ": "JWT" }).to_string();
        format!("{}.{body}.", BASE64_URL_SAFE_NO_PAD.encode(header))
    }
}

fn with_random_key(prefix: &str) -> Vec<u8> {
    let mut key = [0; 32];
    rand::fill(&mut key);
    // P-256 takes numbers below its order, which begins with ff.
    key[0] &= 0x7f;
    [
        hex::decode(prefix)
            .expect("a constant of this file")
            .as_slice(),
        &key,
    ]
    .concat()
}

/// A key set in a file of its own.
pub(super) struct KeyFile {
    folder: tempfile::TempDir,
}

impl KeyFile {
    pub(super) fn of(issuers: &[&Issuer]) -> Self {
        let file = Self {
            folder: tempfile::tempdir().expect("a folder for the test"),
        };
        file.write(issuers);
        file
    }

    pub(super) fn write(&self, issuers: &[&Issuer]) {
        let set = JwkSet {
            keys: issuers.iter().map(|issuer| issuer.jwk()).collect(),
        };
        fs::write(
            self.path(),
            serde_json::to_vec(&set).expect("a set is json"),
        )
        .expect("writable");
    }

    pub(super) fn remove(&self) {
        fs::remove_file(self.path()).expect("it was there");
    }

    pub(super) fn verifier(&self) -> Verifier {
        let verifier = Verifier::new(&self.own_settings());
        verifier.expect("a file").without_rest()
    }

    /// Settings that name this file.
    pub(super) fn own_settings(&self) -> config::Access {
        config::Access {
            jwks_file: Some(self.path()),
            ..Self::settings()
        }
    }

    pub(super) fn settings() -> config::Access {
        config::Access {
            jwks_file: None,
            jwks_url: None,
            issuer: ISSUER.to_owned(),
            audience: AUDIENCE.to_owned(),
            service_token_file: None,
            lodgings: 2,
            lodging_period: Duration::from_hours(1),
            trusted_proxies: Vec::new(),
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("jwks.json")
    }
}

/// Answers one HTTP request with the content; the address to ask at.
pub(super) async fn serve(content: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a client");
        let mut request = [0; 1024];
        let _ = stream.read(&mut request).await.expect("a request");
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n",
            content.len()
        );
        stream
            .write_all((head + &content).as_bytes())
            .await
            .expect("it listens");
    });
    format!("http://{address}/jwks.json")
}
