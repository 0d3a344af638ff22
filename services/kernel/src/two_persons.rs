//! The rule of two persons.
//!
//! Selection, review of results, issuance and revocation take two people: one proposes the hash
//! of the content, another confirms that very hash. Any change of the content in between voids
//! the proposal. A service is nobody: it counts neither as the first person nor as the second.
//! What "the content" is, and that the proposal is still open, its owner knows; this is the rule.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    ascii::text_form,
    ids::ProposalId,
    rejection::{FaultList, Faults},
    typed,
};

pub use crate::content_hash::{ContentHash, ContentHashRejection};

crate::rejections! {
    /// Why a confirmation does not count.
    pub enum TwoPersonsRejection {
        /// The second person is the first.
        SamePerson => "SAME_PERSON", PermissionDenied, "platform",
            "提出人与确认人不能是同一人", "the person who confirms must be another than the one who proposed";
        /// What was proposed is no longer what is there.
        ContentChanged => "CONTENT_CHANGED", FailedPrecondition, "platform",
            "提出之后内容已变更，须重新提出", "the content has changed since it was proposed, so it must be proposed anew";
        /// A service token cannot confirm.
        ServiceCannotConfirm => "SERVICE_CANNOT_CONFIRM", PermissionDenied, "platform",
            "系统账号不能作为确认人", "a service cannot be the person who confirms";
        /// A service token cannot propose.
        ServiceCannotPropose => "SERVICE_CANNOT_PROPOSE", PermissionDenied, "platform",
            "系统账号不能作为提出人", "a service cannot be the person who proposed";
        /// The confirmation speaks of another proposal, action or content.
        ProposalMismatch => "PROPOSAL_MISMATCH", FailedPrecondition, "platform",
            "确认的对象与所提出的不一致", "what is confirmed is not what was proposed";
        /// A subject is never empty, and nothing in it is hidden.
        Subject => "SUBJECT_MALFORMED", InvalidArgument, "platform",
            "令牌主体应为 1 至 255 个可见字符", "the subject of a token has 1 to 255 visible characters";
    }
}

/// Who a token speaks for: its `sub`, as the issuer spells it. Whether two are one person is for
/// [`Subject::is_same_person`] to say.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subject(String);

impl Subject {
    /// Takes the subject of a verified token.
    ///
    /// # Errors
    /// When it is empty or longer than 255 characters, spaces at its ends not counted, or holds
    /// characters that nobody sees.
    pub fn parse(text: &str) -> Result<Self, TwoPersonsRejection> {
        let trimmed = text.trim();
        let plain = !text.chars().any(typed::is_without_mark);
        if plain && (1..=255).contains(&trimmed.chars().count()) {
            Ok(Self(trimmed.to_owned()))
        } else {
            Err(TwoPersonsRejection::Subject)
        }
    }

    /// The subject as the token spells it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether both are one person: nobody becomes a second one by full-width letters, capitals,
    /// spaces or another kind of hyphen.
    pub fn is_same_person(&self, other: &Self) -> bool {
        typed::normalise_hyphenated(&self.0) == typed::normalise_hyphenated(&other.0)
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

text_form!(Subject, TwoPersonsRejection);

/// What the first person put forward.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Identifies the proposal.
    pub id: ProposalId,
    /// What is to be done, such as `issue_certificates`.
    pub action: String,
    /// Hash of the content to which it is to be done.
    pub content_hash: ContentHash,
    /// The first person.
    pub proposed_by: Subject,
    /// Whether the first person's token was a service's.
    pub proposed_by_service: bool,
}

/// What the second person says they confirm, in their own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stated {
    /// The proposal they mean.
    pub proposal: ProposalId,
    /// The action they mean.
    pub action: String,
    /// Hash of the content they looked at.
    pub content_hash: ContentHash,
}

impl Proposal {
    /// Whether what the second person states is what was proposed.
    ///
    /// # Errors
    /// `PROPOSAL_MISMATCH` when proposal, action or content is another.
    pub fn matches(&self, stated: &Stated) -> Result<(), TwoPersonsRejection> {
        let same = self.id == stated.proposal
            && self.action == stated.action
            && self.content_hash == stated.content_hash;
        if same {
            Ok(())
        } else {
            Err(TwoPersonsRejection::ProposalMismatch)
        }
    }
}

/// Whether a second person may confirm the proposal while the content is as it is now.
///
/// For commands that name nothing but the proposal; where the second person states what they
/// saw, use [`confirm_stated`].
///
/// # Errors
/// All reasons why the confirmation does not count.
pub fn confirm(
    proposal: &Proposal,
    current_hash: ContentHash,
    confirmer: &Subject,
    confirmer_is_service: bool,
) -> Result<(), Faults> {
    judge(proposal, current_hash, confirmer, confirmer_is_service).finish()
}

/// Like [`confirm`], and what the second person states must be what was proposed: an open page
/// of yesterday confirms nothing of today.
///
/// # Errors
/// All reasons why the confirmation does not count.
pub fn confirm_stated(
    proposal: &Proposal,
    stated: &Stated,
    current_hash: ContentHash,
    confirmer: &Subject,
    confirmer_is_service: bool,
) -> Result<(), Faults> {
    let mut faults = judge(proposal, current_hash, confirmer, confirmer_is_service);
    if let Err(mismatch) = proposal.matches(stated) {
        faults.refuse(&mismatch);
    }
    faults.finish()
}

fn judge(
    proposal: &Proposal,
    current_hash: ContentHash,
    confirmer: &Subject,
    confirmer_is_service: bool,
) -> FaultList {
    let mut faults = FaultList::default();
    if proposal.proposed_by_service {
        faults.refuse(&TwoPersonsRejection::ServiceCannotPropose);
    }
    if confirmer_is_service {
        faults.refuse(&TwoPersonsRejection::ServiceCannotConfirm);
    }
    if proposal.proposed_by.is_same_person(confirmer) {
        faults.refuse(&TwoPersonsRejection::SamePerson);
    }
    if proposal.content_hash != current_hash {
        faults.refuse(&TwoPersonsRejection::ContentChanged);
    }
    faults
}

#[cfg(test)]
mod tests;
