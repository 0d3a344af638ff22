//! The centres' pools: experts (专家库, notice 6.2), inspectors (检查人员名录库) and external
//! supervisors. Who may be drawn from them on a day, and what ties each to organisations.

use std::fmt;

use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::credit_code::UnifiedSocialCreditCode;
use kernel::ids::{OrganizationId, PersonId};
use kernel::occupation::OccupationRef;
use kernel::rejections;
use kernel::typed::normalise_hyphenated;
use serde::Serialize;

use super::card::CardKind;
use super::engagement::PersonRole;
use super::person::Person;

rejections! {
    /// Why what a centre knows of somebody in its pool is refused.
    pub enum PoolRejection {
        /// A pool is nothing without it.
        EntryMissing => "POOL_ENTRY_MISSING", InvalidArgument, "notice 6.2",
            "人员库人员应填写编号和专业领域", "somebody in a pool has a number and fields of work";
        /// Organisations have no pool.
        EntryOfOrganization => "POOL_ENTRY_OF_ORGANIZATION", InvalidArgument, "platform",
            "机构人员没有人员库信息", "the people of an organisation are in no pool";
        /// Letters, digits, hyphens.
        NumberShape => "POOL_NUMBER_SHAPE", InvalidArgument, "platform",
            "人员库编号应为 4 至 32 位字母、数字和连字符",
            "a number in a pool has 4 to 32 letters, digits and hyphens";
        /// One number, one person.
        NumberTaken => "POOL_NUMBER_TAKEN", AlreadyExists, "platform",
            "该人员库编号已使用", "this number is in use in a pool";
        /// Somebody who is at home in nothing judges nothing.
        FieldsMissing => "POOL_FIELDS_MISSING", InvalidArgument, "notice 6.2",
            "至少填写一个专业领域", "at least one field of work is required";
        /// The list has an end.
        TooMany { limit: usize } => "POOL_LIST_TOO_LONG", InvalidArgument, "platform",
            "最多填写 {limit} 项", "the list has at most {limit} entries";
        /// One of the pools of the contract.
        KindUnknown => "POOL_KIND_UNKNOWN", InvalidArgument, "platform",
            "没有这种人员库", "there is no such pool";
    }
}

/// Most fields, and most occupations, of one entry.
pub const MOST_OF_A_LIST: usize = 20;

/// Number of somebody in a pool (专家编号, 检查人员编号). Stands for the person where a name would
/// say too much.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct PoolNumber(String);

impl PoolNumber {
    /// Parses a typed number. No text we hold fixes its form.
    ///
    /// # Errors
    /// When it is not 4 to 32 letters, digits and hyphens.
    pub fn parse(typed: &str) -> Result<Self, PoolRejection> {
        let text = normalise_hyphenated(typed);
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if (4..=32).contains(&text.len()) && text.bytes().all(fits) {
            Ok(Self(text))
        } else {
            Err(PoolRejection::NumberShape)
        }
    }

    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PoolNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What a centre knows of somebody in its pool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PoolEntry {
    /// The person's number.
    pub number: PoolNumber,
    /// Fields of work.
    pub fields: Vec<String>,
    /// Occupations the person is at home in.
    pub occupations: Vec<OccupationRef>,
    /// 工作单位; empty where there is none.
    pub employer_name: String,
    /// Its credit code.
    pub employer: Option<UnifiedSocialCreditCode>,
    /// 职称 or 职业技能等级; empty where there is none.
    pub rank: String,
}

/// Which pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PoolKind {
    /// 专家库
    Expert,
    /// 检查人员名录库
    Inspector,
    /// 外部督导员库
    ExternalSupervisor,
}

impl PoolKind {
    /// What somebody of the pool does.
    pub fn role(self) -> PersonRole {
        match self {
            Self::Expert => PersonRole::Expert,
            Self::Inspector => PersonRole::Inspector,
            Self::ExternalSupervisor => PersonRole::ExternalSupervisor,
        }
    }

    /// Whether somebody may be drawn on a day: on post, not barred, and an inspector only with a
    /// valid enforcement card.
    pub fn may_draw(self, person: &Person, on: Date) -> bool {
        let has_card = self != Self::Inspector || person.has_valid_card(CardKind::Enforcement, on);
        person.acts_as(self.role(), on) && has_card
    }
}

/// What ties somebody to an organisation, whichever home that was learnt at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tie {
    /// `org_…`
    pub organization_id: OrganizationId,
    /// 统一社会信用代码
    pub credit_code: UnifiedSocialCreditCode,
    /// What the person did there.
    pub role: PersonRole,
    /// First day.
    pub from: Date,
    /// Last day, if it is known.
    pub until: Option<Date>,
}

/// Somebody who may be drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Member {
    /// `pers_…`
    pub person_id: PersonId,
    /// What the centre knows.
    pub entry: PoolEntry,
    /// Organisations the human worked for or works for.
    pub ties: Vec<Tie>,
}

/// Fingerprint of a pool: whoever reads it page by page sees whether it changed in between.
pub fn digest<'m>(members: impl Iterator<Item = &'m Member>) -> ContentHash {
    let members: Vec<_> = members.collect();
    let json = serde_json::to_vec(&members).expect("members are plain values");
    ContentHash::of_bytes(&json)
}
