//! How much anybody may ask, so that nobody walks through all certificates and no peak hurts.
//!
//! Every question has a price: one unit, and five where nothing was found, which a person seldom
//! sees and a scanner nearly always. The price is charged to where the question came from (address,
//! and network around it); what was not found, also to what was asked for (the number, and the run
//! of numbers around it), and to all together. So neither one source nor thousands get far against
//! one person or one organisation, while an office behind one address may check all day.
//!
//! Each budget refills steadily. Below its soft limit nobody notices anything; above it a question
//! takes a little work or patience ([`proof`]); above the hard one it is refused with the time after
//! which it is worth asking. Whoever asks learns nothing from it: what is charged and judged
//! depends on what was typed and on what was answered before, never on what is there.
//!
//! Replicas tell each other what large users were charged ([`share`]).

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use axum::http::HeaderValue;
use kernel::rejections;
use platform::access::{Network, Source};
use platform::crypto::BlindIndexer;
use serde::Deserialize;

pub mod proof;
pub mod share;
mod sketch;

use proof::{Challenge, Proofs};
use sketch::Sketch;

rejections! {
    /// Why a question is not looked into yet.
    pub enum LimitRejection {
        /// Above a soft limit.
        ProofRequired { seconds: u64 } => "PROOF_REQUIRED", ResourceExhausted, "platform",
            "查询较多，请完成工作量证明，或于 {seconds} 秒后凭等待凭据再试",
            "there are many questions; prove a little work, or send the challenge after {seconds} seconds";
        /// Above a hard limit.
        TooMany { seconds: u64 } => "TOO_MANY_QUESTIONS", ResourceExhausted, "platform",
            "查询过于频繁，请于 {seconds} 秒后再试",
            "too many questions; ask again after {seconds} seconds";
    }
}

/// A budget: units that may be owed, and how fast they are paid off.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// Units that are owed without anybody noticing.
    pub soft: u32,
    /// Units above which nothing is answered.
    pub hard: u32,
    /// Units that are paid off in a minute.
    pub per_minute: u32,
}

impl Budget {
    /// Microseconds that a unit takes to be paid off.
    fn unit(self) -> u64 {
        60_000_000 / u64::from(self.per_minute.max(1))
    }
}

/// `[limits]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Of one address; of an IPv6 one, of its /64.
    pub address: Budget,
    /// Of the /24, or the /56.
    pub network: Budget,
    /// Of one number, document or ticket, for what is not found.
    pub target: Budget,
    /// Of the numbers of one organisation, year and level, for what is not found.
    pub range: Budget,
    /// Of all together, for what is not found.
    pub global: Budget,
}

impl Limits {
    /// What is told of them, in both languages.
    pub fn told(&self) -> [(&'static str, &'static str, Budget); 5] {
        [
            ("同一地址", "one address", self.address),
            ("同一网段", "the network around it", self.network),
            (
                "同一编号（未查到）",
                "one number, where nothing is found",
                self.target,
            ),
            (
                "同一机构、年份、等级的编号（未查到）",
                "the numbers of one organisation, year and level, where nothing is found",
                self.range,
            ),
            (
                "全部（未查到）",
                "all together, where nothing is found",
                self.global,
            ),
        ]
    }
}

/// Units of a question that found something.
const FOUND: u32 = 1;
/// Units of one that did not.
const NOT_FOUND: u32 = 5;
/// Above this part of a soft limit the other replicas are told.
const TOLD_ABOVE: u64 = 10;
/// Zero bits of the least work; every doubling above the soft limit takes one more.
const LEAST_WORK: u8 = 16;
/// Zero bits of the most work: a minute of a telephone.
const MOST_WORK: u8 = 24;
/// Seconds of the least patience; it grows as the work does.
const LEAST_PATIENCE: u64 = 5;

/// Purpose of the key that signs challenges and hides what is asked for.
const SECRET: &str = "query.limits";

/// What is being counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Counted {
    Address,
    Network,
    Target,
    Range,
    Global,
}

const COUNTED: [Counted; 5] = [
    Counted::Address,
    Counted::Network,
    Counted::Target,
    Counted::Range,
    Counted::Global,
];

/// One account: what is counted, and whose it is.
type Account = (Counted, u64);

/// Judges questions, and charges for them.
pub struct Limiter {
    limits: Limits,
    trusted_proxies: Vec<Network>,
    sketches: [Sketch; 5],
    proofs: Proofs,
    /// Makes numbers of what is asked for, which tell nobody what that was.
    hasher: DefaultHasher,
    began: Instant,
    /// What the other replicas are not told yet.
    untold: Mutex<HashMap<Account, u32>>,
}

/// Whom and what a question concerns.
#[derive(Debug, Clone, Copy)]
pub struct Concern {
    source: Source,
    target: u64,
    range: u64,
}

/// Characters of a certificate number that name organisation, year and level.
const RANGE: usize = 16;

/// Why a question is not looked into now, with what helps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Limited {
    /// Above a soft limit: with a proof it is.
    Proof(Challenge),
    /// Above a hard limit: after so many seconds it is.
    TooMany(u64),
}

impl Limited {
    /// The refusal by name.
    pub fn rejection(&self) -> LimitRejection {
        match self {
            Self::Proof(challenge) => LimitRejection::ProofRequired {
                seconds: challenge.wait_seconds,
            },
            Self::TooMany(seconds) => LimitRejection::TooMany { seconds: *seconds },
        }
    }
}

impl Limited {
    /// What to tell beside the refusal: how long to wait, and what would help.
    pub fn headers(&self) -> Vec<(&'static str, HeaderValue)> {
        let (seconds, challenge) = match self {
            Self::TooMany(seconds) => (*seconds, None),
            Self::Proof(challenge) => (challenge.wait_seconds, Some(challenge)),
        };
        let mut headers = vec![("retry-after", HeaderValue::from(seconds))];
        if let Some(challenge) = challenge {
            let text = HeaderValue::try_from(challenge.text.as_str());
            headers.push(("luban-challenge", text.expect("base64 is ascii")));
            let difficulty = HeaderValue::from(u16::from(challenge.difficulty));
            headers.push(("luban-difficulty", difficulty));
        }
        headers
    }
}

impl Limiter {
    /// A limiter that takes the word of these proxies about who asks; all replicas have the secret that
    /// the keys of the doors give them.
    pub fn new(limits: Limits, trusted_proxies: Vec<Network>, indexer: &BlindIndexer) -> Self {
        let secret = indexer.purpose(SECRET).digests(&[]);
        let secret = secret.first().copied().unwrap_or_default();
        Self {
            trusted_proxies,
            ..Self::with_secret(limits, &secret)
        }
    }

    fn with_secret(limits: Limits, secret: &[u8]) -> Self {
        let bits = [20, 18, 20, 16, 0];
        let mut hasher = DefaultHasher::new();
        secret.hash(&mut hasher);
        Self {
            limits,
            trusted_proxies: Vec::new(),
            sketches: bits.map(Sketch::new),
            proofs: Proofs::new(secret),
            hasher,
            began: Instant::now(),
            untold: Mutex::default(),
        }
    }

    /// The limits.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Networks of proxies whose word about who asks is taken.
    pub fn trusted_proxies(&self) -> &[Network] {
        &self.trusted_proxies
    }

    /// What a question from somewhere about something concerns. Numbers of certificates run on, so
    /// that what is around one counts as well.
    pub fn concern(&self, source: Source, target: &str) -> Concern {
        let range = match target.char_indices().nth(RANGE) {
            Some((end, _)) => &target[..end],
            None => target,
        };
        let number_of = |text: &str| {
            let mut hasher = self.hasher.clone();
            text.hash(&mut hasher);
            hasher.finish()
        };
        Concern {
            source,
            target: number_of(target),
            range: number_of(range),
        }
    }

    /// Whether a question may be looked into.
    ///
    /// # Errors
    /// Above a limit.
    pub fn admit(&self, concern: Concern, proof: Option<&str>) -> Result<(), Limited> {
        self.admit_at(concern, proof, self.now())
    }

    /// Charges for a question that was looked into, and says how much its source may still ask
    /// without noticing a limit.
    pub fn charge(&self, concern: Concern, found: bool) -> u64 {
        self.charge_at(concern, found, self.now())
    }

    fn admit_at(&self, concern: Concern, proof: Option<&str>, now: u64) -> Result<(), Limited> {
        let mut excess = 0;
        let mut wait = 0;
        for counted in COUNTED {
            let budget = self.budget(counted);
            let debt = self.sketch(counted).debt(account(counted, concern), now);
            let owed = debt / budget.unit();
            let hard = u64::from(budget.hard) * budget.unit();
            wait = wait.max(debt.saturating_sub(hard).div_ceil(1_000_000));
            excess = excess.max(owed / u64::from(budget.soft.max(1)));
        }
        if wait > 0 {
            return Err(Limited::TooMany(wait));
        }
        let whom = concern.source.network();
        let proven = || proof.is_some_and(|proof| self.proofs.take(proof, whom, now));
        if excess == 0 || proven() {
            return Ok(());
        }
        let doublings = u8::try_from(excess.ilog2()).unwrap_or(u8::MAX);
        let work = LEAST_WORK.saturating_add(doublings).min(MOST_WORK);
        let patience = LEAST_PATIENCE << (work - LEAST_WORK);
        let challenge = self.proofs.challenge(whom, work, patience, now);
        Err(Limited::Proof(challenge))
    }

    fn charge_at(&self, concern: Concern, found: bool, now: u64) -> u64 {
        let units = if found { FOUND } else { NOT_FOUND };
        let charged: &[_] = if found { &COUNTED[..2] } else { &COUNTED };
        for counted in charged {
            self.charge_account((*counted, account(*counted, concern)), units, now);
        }
        let budget = self.budget(Counted::Address);
        let debt = self
            .sketch(Counted::Address)
            .debt(concern.source.address(), now);
        u64::from(budget.soft).saturating_sub(debt / budget.unit())
    }

    fn charge_account(&self, account: Account, units: u32, now: u64) {
        let (counted, whose) = account;
        let budget = self.budget(counted);
        let debt = self
            .sketch(counted)
            .charge(whose, u64::from(units) * budget.unit(), now);
        if debt > u64::from(budget.soft) * budget.unit() / TOLD_ABOVE {
            let mut untold = self.untold.lock().unwrap_or_else(PoisonError::into_inner);
            *untold.entry(account).or_default() += units;
        }
    }

    fn budget(&self, counted: Counted) -> Budget {
        match counted {
            Counted::Address => self.limits.address,
            Counted::Network => self.limits.network,
            Counted::Target => self.limits.target,
            Counted::Range => self.limits.range,
            Counted::Global => self.limits.global,
        }
    }

    fn sketch(&self, counted: Counted) -> &Sketch {
        &self.sketches[counted as usize]
    }

    /// Microseconds since the start: what others are told are units, so that clocks do not matter.
    /// Not zero, at which nobody could owe anything.
    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

fn account(counted: Counted, concern: Concern) -> u64 {
    match counted {
        Counted::Address => concern.source.address(),
        Counted::Network => concern.source.network(),
        Counted::Target => concern.target,
        Counted::Range => concern.range,
        Counted::Global => 0,
    }
}

#[cfg(test)]
mod tests;
