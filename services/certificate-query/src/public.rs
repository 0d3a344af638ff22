//! What anybody may ask, through whichever door: is the limit kept, what does the index say, and
//! what is that worth.

use std::sync::Arc;

use axum::http::HeaderMap;
use platform::access::Source;

use crate::index::{Answer, Finding, Index, IndexRejection, Progress};
use crate::limit::{Limited, Limiter};
use crate::question::{DocumentQuestion, Question, TicketQuestion, Token};

/// The header with a proof of work or patience.
pub(crate) const PROOF: &str = "luban-proof";

/// The public face of an index.
pub struct Public {
    index: Arc<Index>,
    limiter: Arc<Limiter>,
}

/// Who asks, and what it brings to be let in above a soft limit.
pub struct Visitor<'a> {
    /// Where it comes from.
    pub source: Source,
    /// A proof, if it has one.
    pub proof: Option<&'a str>,
}

impl<'a> Visitor<'a> {
    /// Who asks with these headers.
    pub fn of(source: Source, headers: &'a HeaderMap) -> Self {
        let proof = headers.get(PROOF).and_then(|value| value.to_str().ok());
        Self { source, proof }
    }
}

/// An answer, and how much may still be asked.
pub struct Told<T> {
    /// What the index says.
    pub answer: Answer<T>,
    /// Units that the source may still use before it notices a limit.
    pub remaining: u64,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Unanswered {
    /// Too much was asked.
    Limited(Limited),
    /// The index cannot say.
    Unavailable(IndexRejection),
}

impl Public {
    /// An index behind its limits.
    pub fn new(index: Arc<Index>, limiter: Arc<Limiter>) -> Self {
        Self { index, limiter }
    }

    /// The index.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// The limits.
    pub fn limiter(&self) -> &Limiter {
        &self.limiter
    }

    /// Checks a certificate by number and name.
    ///
    /// # Errors
    /// Above a limit, or when nobody can vouch for the answer.
    pub fn verify(
        &self,
        visitor: &Visitor<'_>,
        question: &Question,
    ) -> Result<Told<Finding>, Unanswered> {
        self.ask(visitor, question.target(), is_found, |index| {
            index.verify(question)
        })
    }

    /// Checks a certificate by the token of its QR code.
    ///
    /// # Errors
    /// As [`Public::verify`].
    pub fn verify_token(
        &self,
        visitor: &Visitor<'_>,
        token: &Token,
    ) -> Result<Told<Finding>, Unanswered> {
        self.ask(visitor, &token.target(), is_found, |index| {
            index.verify_token(token)
        })
    }

    /// Finds somebody's certificates by document number and name.
    ///
    /// # Errors
    /// As [`Public::verify`].
    pub fn find(
        &self,
        visitor: &Visitor<'_>,
        question: &DocumentQuestion,
    ) -> Result<Told<Vec<Finding>>, Unanswered> {
        let key = question.key();
        let is_found = |found: &Vec<Finding>| !found.is_empty();
        self.ask(visitor, key.parts()[0], is_found, |index| {
            index.find(question)
        })
    }

    /// Tells how far a candidate is, by admission ticket number and name.
    ///
    /// # Errors
    /// As [`Public::verify`].
    pub fn progress(
        &self,
        visitor: &Visitor<'_>,
        question: &TicketQuestion,
    ) -> Result<Told<Option<Progress>>, Unanswered> {
        let key = question.key();
        self.ask(visitor, key.parts()[0], Option::is_some, |index| {
            index.progress(question)
        })
    }

    fn ask<T>(
        &self,
        visitor: &Visitor<'_>,
        target: &str,
        is_found: impl FnOnce(&T) -> bool,
        look: impl FnOnce(&Index) -> Result<Answer<T>, IndexRejection>,
    ) -> Result<Told<T>, Unanswered> {
        let concern = self.limiter.concern(visitor.source, target);
        self.limiter
            .admit(concern, visitor.proof)
            .map_err(Unanswered::Limited)?;
        let answer = look(&self.index).map_err(Unanswered::Unavailable)?;
        let remaining = self.limiter.charge(concern, is_found(&answer.finding));
        Ok(Told { answer, remaining })
    }
}

fn is_found(finding: &Finding) -> bool {
    !matches!(finding, Finding::NotFound)
}
