//! One parameter: what it may be, and where it is from.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::level::Level;

crate::rejections! {
    /// Why a parameter cannot be what somebody wants.
    pub enum ParameterRejection {
        /// There is no such parameter.
        Unknown => "PARAMETER_UNKNOWN", InvalidArgument, "platform",
            "没有这个试点参数", "there is no such pilot parameter";
        /// A number is wanted, or a yes or no, or levels.
        Kind => "PARAMETER_KIND", InvalidArgument, "platform",
            "取值类型与该参数不符", "the value is not of the kind that this parameter has";
        /// Beyond what the rule allows.
        OutOfBounds { least: u16, most: u16 } => "PARAMETER_OUT_OF_BOUNDS", InvalidArgument, "platform",
            "取值应在 {least} 至 {most} 之间", "the value lies between {least} and {most}";
        /// This limit is never lifted.
        NotUnlimited => "PARAMETER_NOT_UNLIMITED", InvalidArgument, "platform",
            "该参数不得取消限制", "this limit cannot be lifted";
        /// Evaluation without levels is none.
        NoLevels => "PARAMETER_WITHOUT_LEVELS", InvalidArgument, "platform",
            "至少应有一个等级", "there has to be at least one level";
        /// A level without a digit in the certificate number.
        LevelWithoutCode { chinese: &'static str, english: &'static str } => "PARAMETER_LEVEL_WITHOUT_CODE", InvalidArgument, "人社鉴发〔2019〕2号",
            "{chinese}在证书编码中没有经核实的等级代码", "the certificate number has no verified code for {english}";
        /// A floor above its ceiling.
        QuotaUpsideDown { least: u16, most: u16 } => "PARAMETER_QUOTA_UPSIDE_DOWN", FailedPrecondition, "notice 3.4",
            "遴选机构数下限 {least} 高于上限 {most}", "the least number of selections, {least}, would be above the most, {most}";
    }
}

/// What a parameter is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// So many.
    Number(u16),
    /// Yes or no.
    Flag(bool),
    /// These levels.
    Levels(BTreeSet<Level>),
    /// No limit.
    Unlimited,
}

impl Value {
    /// The value as [`super::Pilot`] reads it; no limit is a field that is not there.
    pub(super) fn to_toml(&self) -> Option<toml::Value> {
        match self {
            Self::Number(number) => Some(i64::from(*number).into()),
            Self::Flag(flag) => Some((*flag).into()),
            Self::Levels(levels) => {
                let names = levels.iter().map(|level| level.name().into());
                Some(toml::Value::Array(names.collect()))
            }
            Self::Unlimited => None,
        }
    }
}

/// The value as `data/pilot.toml` has it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Number(u16),
    Flag(bool),
    Levels(BTreeSet<Level>),
    Unlimited(WrittenUnlimited),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum WrittenUnlimited {
    Unlimited,
}

impl From<Written> for Value {
    fn from(written: Written) -> Self {
        match written {
            Written::Number(number) => Self::Number(number),
            Written::Flag(flag) => Self::Flag(flag),
            Written::Levels(levels) => Self::Levels(levels),
            Written::Unlimited(WrittenUnlimited::Unlimited) => Self::Unlimited,
        }
    }
}

/// What a parameter is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Unit {
    WorkingDays,
    Years,
    Percent,
    Persons,
    Occupations,
    Organizations,
    Times,
    Levels,
    YesOrNo,
}

/// A parameter as it is supplied.
#[derive(Debug)]
pub struct Parameter {
    name: String,
    text: Text,
    supplied: Value,
}

/// What stands in `data/pilot.toml` beside the value.
#[derive(Debug, Deserialize)]
struct Text {
    zh: String,
    en: String,
    unit: Unit,
    #[serde(default)]
    least: u16,
    #[serde(default)]
    most: u16,
    #[serde(default)]
    unlimited: bool,
    source: String,
    interpretation: bool,
}

/// A table of `data/pilot.toml`.
#[derive(Deserialize)]
struct Table {
    value: Written,
    #[serde(flatten)]
    text: Text,
}

static SUPPLIED: LazyLock<BTreeMap<String, Parameter>> = LazyLock::new(|| {
    let tables: BTreeMap<String, Table> = toml::from_str(include_str!("../../data/pilot.toml"))
        .expect("the supplied parameters are read by a test");
    let parameters = tables.into_iter().map(|(name, table)| {
        let parameter = Parameter {
            name: name.clone(),
            text: table.text,
            supplied: table.value.into(),
        };
        (name, parameter)
    });
    parameters.collect()
});

impl Parameter {
    /// Every parameter, in the order of their names.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        SUPPLIED.values()
    }

    /// The parameter of this name.
    ///
    /// # Errors
    /// When there is none.
    pub fn named(name: &str) -> Result<&'static Self, ParameterRejection> {
        SUPPLIED.get(name).ok_or(ParameterRejection::Unknown)
    }

    /// Its name, which is a field of [`super::Pilot`].
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it says, in Chinese.
    pub fn chinese(&self) -> &str {
        &self.text.zh
    }

    /// What it says, in English.
    pub fn english(&self) -> &str {
        &self.text.en
    }

    /// What it is counted in.
    pub fn unit(&self) -> Unit {
        self.text.unit
    }

    /// What holds as long as nobody decided otherwise.
    pub fn supplied(&self) -> &Value {
        &self.supplied
    }

    /// The least and the most that a number may be.
    pub fn bounds(&self) -> (u16, u16) {
        (self.text.least, self.text.most)
    }

    /// Whether the limit may be lifted.
    pub fn may_be_unlimited(&self) -> bool {
        self.text.unlimited
    }

    /// Where it stands, such as `notice 3.4`; `platform` where the notice is silent.
    pub fn source(&self) -> &str {
        &self.text.source
    }

    /// Whether the text leaves it open and this is our reading.
    pub fn is_interpretation(&self) -> bool {
        self.text.interpretation
    }

    /// Whether it may be set to this.
    ///
    /// # Errors
    /// When the value is of another kind or out of bounds.
    pub fn judge(&self, value: &Value) -> Result<(), ParameterRejection> {
        let (least, most) = self.bounds();
        match (self.unit(), value) {
            (Unit::Levels, Value::Levels(levels)) => judge_levels(levels),
            (Unit::YesOrNo, Value::Flag(_)) => Ok(()),
            (Unit::Levels | Unit::YesOrNo, _) | (_, Value::Levels(_) | Value::Flag(_)) => {
                Err(ParameterRejection::Kind)
            }
            (_, Value::Unlimited) if self.may_be_unlimited() => Ok(()),
            (_, Value::Unlimited) => Err(ParameterRejection::NotUnlimited),
            (_, Value::Number(number)) if (least..=most).contains(number) => Ok(()),
            (_, Value::Number(_)) => Err(ParameterRejection::OutOfBounds { least, most }),
        }
    }
}

/// A certificate of each of them can be numbered.
fn judge_levels(levels: &BTreeSet<Level>) -> Result<(), ParameterRejection> {
    if levels.is_empty() {
        return Err(ParameterRejection::NoLevels);
    }
    match levels.iter().find(|level| !level.code_is_verified()) {
        Some(level) => Err(ParameterRejection::LevelWithoutCode {
            chinese: level.chinese(),
            english: level.english(),
        }),
        None => Ok(()),
    }
}
