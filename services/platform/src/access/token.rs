//! From a bearer token to a caller.
//!
//! A token is a JWT (RFC 7519) signed with Ed25519 or with ECDSA on P-256. Issuer and audience
//! are pinned, the algorithm is the key's, `exp` and `sub` must be there, and clocks may differ by
//! five seconds. What the token says beyond that: `role`, and, where the role needs it,
//! `division` and `organization`.

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Validation};
use kernel::division::DivisionCode;
use kernel::ids::OrganizationId;
use kernel::two_persons::Subject;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::caller::{PUBLIC_SUBJECT, SERVICE_SUBJECT};
use super::jwks::Jwks;
use super::{AccessRejection, Caller, Role};
use crate::config;

const LEEWAY_SECONDS: u64 = 5;

/// What a token says, beside the registered claims that [`Validation`] looks at.
///
/// A claim that is absent or no text must get as far as the check, which tells it by name.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claims {
    #[serde(default, deserialize_with = "required")]
    pub(super) sub: String,
    #[serde(default, deserialize_with = "required")]
    pub(super) role: String,
    #[serde(
        default,
        deserialize_with = "optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub(super) division: Option<String>,
    #[serde(
        default,
        deserialize_with = "optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub(super) organization: Option<String>,
}

/// A text; empty, which no claim may be, in place of anything else.
fn required<'de, D: Deserializer<'de>>(claim: D) -> Result<String, D::Error> {
    Ok(optional(claim)?.unwrap_or_default())
}

/// Like [`required`]; null is nothing.
fn optional<'de, D: Deserializer<'de>>(claim: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(claim)? {
        Value::Null => None,
        Value::String(text) => Some(text),
        _ => Some(String::new()),
    })
}

impl Caller {
    /// Whether a token may speak for this caller.
    ///
    /// # Errors
    /// By the claim that every service would refuse.
    pub fn check(&self) -> Result<(), AccessRejection> {
        Claims::of(self).into_caller().map(|_| ())
    }
}

/// Verifies bearer tokens.
pub struct Verifier {
    keys: Jwks,
    ed_dsa: Validation,
    es256: Validation,
}

impl Verifier {
    /// A verifier with the issuer, audience and keys of the settings.
    ///
    /// # Errors
    /// When the settings name no source of keys that can be used. The keys themselves are looked
    /// for at the first token.
    pub fn new(settings: &config::Access) -> anyhow::Result<Self> {
        Ok(Self {
            keys: Jwks::new(settings)?,
            ed_dsa: validation(Algorithm::EdDSA, settings),
            es256: validation(Algorithm::ES256, settings),
        })
    }

    /// The caller that a token speaks for.
    ///
    /// # Errors
    /// When the token is not valid, or its issuer's keys cannot be had.
    pub async fn verify(&self, token: &str) -> Result<Caller, AccessRejection> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| invalid("header"))?;
        if header.crit.is_some() {
            return Err(invalid("crit"));
        }
        let key_id = header.kid.ok_or(invalid("kid"))?;
        let key = self.keys.find(&key_id).await?.ok_or(invalid("kid"))?;
        // By the key, not by the token: a token that says otherwise is refused.
        let validation = match key.algorithm {
            Algorithm::ES256 => &self.es256,
            _ => &self.ed_dsa,
        };
        let token = jsonwebtoken::decode::<Claims>(token, &key.decoding, validation);
        token
            .map_err(|error| refusal(error.kind()))?
            .claims
            .into_caller()
    }

    /// Looks for keys at every token, so that tests need not wait.
    #[cfg(test)]
    pub(super) fn without_rest(mut self) -> Self {
        self.keys = self.keys.without_rest();
        self
    }
}

fn validation(algorithm: Algorithm, settings: &config::Access) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.leeway = LEEWAY_SECONDS;
    validation.validate_nbf = true;
    validation.set_issuer(&[&settings.issuer]);
    validation.set_audience(&[&settings.audience]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation
}

fn invalid(problem: &'static str) -> AccessRejection {
    AccessRejection::TokenInvalid { problem }
}

fn refusal(error: &ErrorKind) -> AccessRejection {
    match error {
        ErrorKind::ExpiredSignature => AccessRejection::TokenExpired,
        ErrorKind::ImmatureSignature => invalid("nbf"),
        ErrorKind::InvalidIssuer => invalid("iss"),
        ErrorKind::InvalidAudience => invalid("aud"),
        ErrorKind::InvalidAlgorithm => invalid("alg"),
        ErrorKind::InvalidSignature | ErrorKind::Base64(_) => invalid("signature"),
        ErrorKind::MissingRequiredClaim(claim) | ErrorKind::InvalidClaimFormat(claim) => {
            let known = ["exp", "iss", "aud", "nbf"];
            let claim = known
                .into_iter()
                .find(|known| known == claim)
                .unwrap_or("sub");
            AccessRejection::TokenClaims { claim }
        }
        // By now the signature is good, so what does not read is what the issuer wrote: no object,
        // or one that says something twice.
        ErrorKind::Json(_) => invalid("payload"),
        _ => invalid("format"),
    }
}

impl Claims {
    pub(super) fn of(caller: &Caller) -> Self {
        Self {
            sub: caller.subject.clone(),
            role: caller.role.as_str().to_owned(),
            division: caller.division.map(|division| division.to_string()),
            organization: caller
                .organization
                .map(|organization| organization.to_string()),
        }
    }

    fn into_caller(self) -> Result<Caller, AccessRejection> {
        let unusable = |claim| AccessRejection::TokenClaims { claim };
        let subject = Subject::parse(&self.sub).map_err(|_| unusable("sub"))?;
        let role = Role::parse(&self.role).filter(|role| *role != Role::Public);
        let role = role.ok_or(unusable("role"))?;
        if !is_own_name(subject.as_str(), role) {
            return Err(unusable("sub"));
        }
        let division = self
            .division
            .map(|text| DivisionCode::parse(&text))
            .transpose();
        let division = division.map_err(|_| unusable("division"))?;
        if !is_fitting(role, division.as_ref()) {
            return Err(unusable("division"));
        }
        let organization = self
            .organization
            .map(|text| OrganizationId::parse(&text))
            .transpose();
        let organization = organization.map_err(|_| unusable("organization"))?;
        Ok(Caller {
            subject: subject.as_str().to_owned(),
            role,
            division,
            organization,
        })
    }
}

/// The names that the platform gives in facts and in its log, to its services and to the public,
/// are nobody else's, in capitals neither.
fn is_own_name(subject: &str, role: Role) -> bool {
    let (kind, name) = subject.split_once(':').unwrap_or((subject, ""));
    if role == Role::Service {
        return kind == SERVICE_SUBJECT && !name.is_empty();
    }
    let given = kind.to_lowercase();
    given != PUBLIC_SUBJECT && given != SERVICE_SUBJECT
}

/// A division is one of ours, and a city centre has a city.
fn is_fitting(role: Role, division: Option<&DivisionCode>) -> bool {
    let ours = division.is_none_or(|division| DivisionCode::PROVINCE.contains(division));
    ours && (role != Role::CityCentre || division.is_some_and(DivisionCode::is_city))
}

#[cfg(test)]
mod tests;
