//! Who may do what.
//!
//! Three questions, each asked in one place. *Who is it?* A bearer token, verified by [`Verifier`],
//! becomes a [`Caller`]. *May that role call this method?* The contract says so, method by method
//! ([`Rules`]), and [`AccessLayer`] refuses everything it does not name. *Which records are
//! there for that caller?* [`Caller::scope`] says so, and every finder of a store demands a
//! [`Scope`]: a foreign record is answered like one that does not exist.

mod caller;
pub mod dev_issuer;
mod jwks;
mod layer;
mod lodging;
mod rules;
mod scope;
mod service_token;
mod source;
#[cfg(test)]
mod test_tokens;
mod token;

pub use caller::{Caller, Role, caller, caller_of};
pub use dev_issuer::{DEVELOPMENT_AUDIENCE, DEVELOPMENT_ISSUER, DevIssuer};
pub use layer::{AccessLayer, AccessService};
pub use rules::{Rule, Rules};
pub use scope::{Scope, ScopeFilter};
pub use service_token::ServiceToken;
pub use source::{Network, Source};
pub use token::Verifier;

kernel::rejections! {
    /// Why a call is not let through.
    pub enum AccessRejection {
        /// The method is not public.
        TokenMissing => "TOKEN_MISSING", Unauthenticated, "platform",
            "缺少访问令牌", "an access token is required";
        /// The token was good once.
        TokenExpired => "TOKEN_EXPIRED", Unauthenticated, "platform",
            "访问令牌已过期", "the access token has expired";
        /// The token is not one of our issuer's for this platform.
        TokenInvalid { problem: &'static str } => "TOKEN_INVALID", Unauthenticated, "platform",
            "访问令牌无效（{problem}）", "the access token is not valid ({problem})";
        /// The token is genuine, but does not say who this is in words the platform knows.
        TokenClaims { claim: &'static str } => "TOKEN_CLAIMS", Unauthenticated, "platform",
            "访问令牌的声明 {claim} 缺失或不可用", "the claim {claim} of the access token is missing or not usable";
        /// Nobody can say at present whether the token is genuine.
        KeysUnavailable => "TOKEN_KEYS_UNAVAILABLE", Unavailable, "platform",
            "暂时无法核验访问令牌", "the access token cannot be verified at present";
        /// The contract does not name this role for this method.
        MethodNotAllowed => "METHOD_NOT_ALLOWED", PermissionDenied, "platform",
            "当前角色无权调用此方法", "this role may not call this method";
        /// Neither the contract nor this service has such a method.
        MethodUnknown => "METHOD_UNKNOWN", Unimplemented, "platform",
            "本服务没有此方法", "this service has no such method";
        /// Whoever has no name is told from others by where the call comes from.
        LodgedTooOften { seconds: u64 } => "LODGED_TOO_OFTEN", ResourceExhausted, "platform",
            "提交过于频繁，请于 {seconds} 秒后再试", "too much was handed in from here; try again after {seconds} seconds";
    }
}
