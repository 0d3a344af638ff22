//! What an application is for: to become an evaluation organisation, to evaluate more, or to go on
//! evaluating when a term ends.

use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoStaticStr};

/// What an application and its selection are for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumIter, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Purpose {
    /// 首次申报
    First,
    /// 扩项: further occupations or levels.
    Extension,
    /// 续期: a new term of rights that end.
    Renewal,
}

impl Purpose {
    /// Name for machines, as stored.
    pub fn name(self) -> &'static str {
        self.into()
    }
}
