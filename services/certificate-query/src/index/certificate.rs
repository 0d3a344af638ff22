//! What may be told: certificates, and how far somebody is who has none yet.

use std::sync::Arc;

use jiff::civil::Date;
use kernel::level::Level;
use kernel::occupation::OccupationRef;

/// What a question found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// Nobody here has this number and this name together.
    NotFound,
    /// The pair is that of an older version: the certificate was corrected since. Whoever does not
    /// know the new pair is told no more.
    Corrected,
    /// The certificate.
    Found(Box<Certificate>),
}

/// What the public may be told about a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// 证书编号
    pub number: String,
    /// The holder's name, masked.
    pub holder: String,
    /// The holder's document number, masked.
    pub document_number: String,
    /// What it certifies; shared by all that certify the same.
    pub subject: Arc<Subject>,
    /// Who issued it; shared, too.
    pub organization: Arc<Organization>,
    /// 发证日期
    pub issued_on: Date,
    /// Where it stands now.
    pub standing: Standing,
}

/// What is certified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The occupation, by edition and code.
    pub occupation: OccupationRef,
    /// 职业名称
    pub occupation_name: String,
    /// 工种; empty where there is none.
    pub trade: String,
    /// 职业技能等级
    pub level: Level,
}

impl Subject {
    /// The trade as documents show it: never empty (人社鉴发〔2021〕1号).
    pub fn shown_trade(&self) -> &str {
        if self.trade.is_empty() {
            "--"
        } else {
            &self.trade
        }
    }
}

/// An evaluation organisation on a day of issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// 机构代码
    pub code: String,
    /// As it was called then.
    pub name: String,
}

/// Where a certificate stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// In force.
    Valid,
    /// Suspended for a time.
    Suspended {
        /// Since this day.
        since: Date,
    },
    /// Revoked for good.
    Revoked {
        /// On this day.
        on: Date,
        /// Why, as a code.
        reason: String,
    },
}

/// How far a candidate is who has no certificate yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The stage.
    pub stage: Stage,
    /// Since this day.
    pub since: Date,
    /// Last day of the public notice, where that is the stage.
    pub until: Option<Date>,
}

/// A stage on the way to a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// 成绩公示中
    InPublicNotice,
    /// 市级审核中
    InCityReview,
    /// 省级审核中
    InProvinceReview,
    /// 审核通过，待发证
    Approved,
}

impl Stage {
    /// All of them, in their order.
    pub const ALL: [Self; 4] = [
        Self::InPublicNotice,
        Self::InCityReview,
        Self::InProvinceReview,
        Self::Approved,
    ];

    /// The stage's name, as it is stored and told to machines.
    pub fn name(self) -> &'static str {
        match self {
            Self::InPublicNotice => "in_public_notice",
            Self::InCityReview => "in_city_review",
            Self::InProvinceReview => "in_province_review",
            Self::Approved => "approved",
        }
    }

    /// In Chinese.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::InPublicNotice => "成绩公示中",
            Self::InCityReview => "市级审核中",
            Self::InProvinceReview => "省级审核中",
            Self::Approved => "审核通过，待发证",
        }
    }

    /// In English.
    pub fn english(self) -> &'static str {
        match self {
            Self::InPublicNotice => "results are in public notice",
            Self::InCityReview => "under review by the city",
            Self::InProvinceReview => "under review by the province",
            Self::Approved => "approved, to be issued",
        }
    }
}
