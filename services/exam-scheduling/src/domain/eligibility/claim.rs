//! What a candidate claims (申报条件承诺): one rule, and what it asks for.
//!
//! A claim says much about a person. It rests sealed; of its parts only the rule is in facts.

use std::fmt;

use jiff::civil::Date;
use kernel::level::Level;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

/// Schools, as the templates tell them apart.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Education {
    /// 技工学校
    TechnicalSchool,
    /// 高级技工学校、技师学院的高级工班
    SeniorTechnicalSchool,
    /// 技师学院的预备技师（技师）班
    TechnicianClass,
    /// 中等职业学校
    SecondaryVocational,
    /// 经评估论证、以中级技能为培养目标的中等及以上职业学校
    AssessedSecondaryVocational,
    /// 高等职业学校
    HigherVocational,
    /// 经评估论证、以高级技能为培养目标的高等职业学校
    AssessedHigherVocational,
    /// 大专及以上普通高等学校
    College,
}

/// Rank of a professional title (职称), the lowest first.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum TitleRank {
    /// 初级
    Junior,
    /// 中级
    Middle,
    /// 高级
    Senior,
}

/// Groups of people that statistics look at (重点群体).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, Default,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum CandidateGroup {
    /// None of them.
    #[default]
    None,
    /// 企业职工
    EnterpriseEmployee,
    /// 农村转移就业劳动者
    RuralWorker,
    /// 城乡未继续升学初高中毕业生
    SchoolLeaver,
    /// 高校毕业生
    CollegeGraduate,
    /// 退役军人
    Veteran,
    /// 失业人员、转岗职工
    Unemployed,
    /// 残疾人
    Disabled,
    /// 脱贫劳动力
    LiftedFromPoverty,
    /// 在校学生
    Student,
}

/// What a candidate claims.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Id of the rule.
    pub rule: String,
    /// Full years of work in the same or a related occupation (累计工作年限).
    pub work_years: u32,
    /// Whether an apprenticeship was completed.
    pub apprenticeship: bool,
    /// A certificate held already.
    pub certificate: Option<PriorCertificate>,
    /// A school.
    pub schooling: Option<Schooling>,
    /// A professional title.
    pub title: Option<Title>,
    /// Whether the candidate signed that all of it is true (承诺书).
    pub pledged: bool,
}

impl fmt::Debug for Claim {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Claim(******)")
    }
}

/// A certificate held already.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriorCertificate {
    /// 证书编号
    pub number: String,
    /// Its level.
    pub level: Level,
    /// Day of issue.
    pub issued_on: Date,
}

/// A school, finished or in its last year.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schooling {
    /// Kind of the school.
    pub education: Education,
    /// Day of graduation, perhaps to come.
    pub graduated_on: Date,
}

/// A professional title.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Title {
    /// Its rank.
    pub rank: TitleRank,
    /// Since when.
    pub awarded_on: Date,
}
