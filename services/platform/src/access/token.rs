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
use serde::{Deserialize, Serialize};

use super::caller::PUBLIC_SUBJECT;
use super::jwks::Jwks;
use super::{AccessRejection, Caller, Role};
use crate::config;

const LEEWAY_SECONDS: u64 = 5;

/// What a token says, beside the registered claims that [`Validation`] looks at.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claims {
    pub(super) sub: String,
    // Absent and wrong are told alike, so the absent must get as far as the check.
    #[serde(default)]
    pub(super) role: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) division: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) organization: Option<String>,
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
        // By now the signature is good, so what does not read is what the issuer wrote.
        ErrorKind::Json(_) => AccessRejection::TokenClaims { claim: "*" },
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
        if subject.as_str() == PUBLIC_SUBJECT {
            return Err(unusable("sub"));
        }
        let role = Role::parse(&self.role).filter(|role| *role != Role::Public);
        let role = role.ok_or(unusable("role"))?;
        // The platform's own name in facts is nobody else's.
        if subject.as_str().starts_with("service:") != (role == Role::Service) {
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

/// A division is one of ours, and a city centre has a city.
fn is_fitting(role: Role, division: Option<&DivisionCode>) -> bool {
    let ours = division.is_none_or(|division| DivisionCode::PROVINCE.contains(division));
    ours && (role != Role::CityCentre || division.is_some_and(DivisionCode::is_city))
}

#[cfg(test)]
mod tests;
