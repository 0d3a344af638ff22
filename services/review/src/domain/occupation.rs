//! Occupations (职业) applied for and granted.

use std::collections::BTreeSet;

use kernel::level::Level;
use kernel::occupation::OccupationRef;
use kernel::pilot::Pilot;
use kernel::rejection::FaultList;
use serde::{Deserialize, Serialize};

use super::refusal::{ApplicationRejection, OccupationRejection};

/// An occupation, perhaps one trade of it, at some levels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OccupationScope {
    /// The occupation.
    pub occupation: OccupationRef,
    /// Trade or specialization (工种、职业方向); empty for the occupation as a whole.
    pub trade: String,
    /// The levels.
    pub levels: BTreeSet<Level>,
}

impl OccupationScope {
    /// Whether the other is this or a part of it.
    pub fn covers(&self, other: &Self) -> bool {
        self.is_about_the_same(other) && self.levels.is_superset(&other.levels)
    }

    /// Whether both are about the same occupation and trade, at whatever levels.
    pub fn is_about_the_same(&self, other: &Self) -> bool {
        self.occupation == other.occupation && self.trade == other.trade
    }
}

/// What an evaluation is measured by (有无职业标准或评价规范).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// 国家职业技能标准
    NationalStandard,
    /// 评价规范 filed with the ministry
    FiledSpecification,
}

impl Basis {
    /// Name in Chinese, as annex 1 prints it.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::NationalStandard => "国家职业技能标准",
            Self::FiledSpecification => "备案的评价规范",
        }
    }
}

/// A row of annex 1's table of occupations, as far as what the applicant filled in can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestedOccupation {
    /// 职业（工种）, 职业编码
    pub scope: Option<OccupationScope>,
    /// 评价等级范围, which can be read without the rest of the scope.
    pub levels: BTreeSet<Level>,
    /// 有无职业标准或评价规范
    pub basis: Option<Basis>,
    /// 评价经历时间, in whole years.
    pub experience_years: u32,
    /// 已评价人数
    pub persons_evaluated: u32,
    /// What the catalogue says about the scope, once it is asked.
    pub catalogued: Option<Catalogued>,
}

impl RequestedOccupation {
    /// The row, if it was read in full and the catalogue vouches for it.
    pub(super) fn vouched_for(self) -> Option<AppliedOccupation> {
        let Catalogued::Evaluable { name, .. } = self.catalogued? else {
            return None;
        };
        Some(AppliedOccupation {
            scope: self.scope?,
            name,
            basis: self.basis?,
            experience_years: self.experience_years,
            persons_evaluated: self.persons_evaluated,
        })
    }
}

/// What the registry's catalogue says about a requested occupation on the day of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Catalogued {
    /// It may be evaluated.
    Evaluable {
        /// 职业名称
        name: String,
        /// What it is evaluated by.
        basis: Basis,
        /// Levels that its basis has; empty where the catalogue does not say.
        levels: BTreeSet<Level>,
    },
    /// It may not, for the reason that the registry names.
    NotEvaluable(OccupationRejection),
}

/// A row of annex 1's table of occupations that the catalogue has vouched for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedOccupation {
    /// What is applied for.
    pub scope: OccupationScope,
    /// 职业名称, as the catalogue has it.
    pub name: String,
    /// See [`RequestedOccupation::basis`].
    pub basis: Basis,
    /// See [`RequestedOccupation::experience_years`].
    pub experience_years: u32,
    /// See [`RequestedOccupation::persons_evaluated`].
    pub persons_evaluated: u32,
}

impl AppliedOccupation {
    /// The row as it is to be judged again, with what the catalogue says by now.
    pub fn requested_again(self, catalogued: Catalogued) -> RequestedOccupation {
        RequestedOccupation {
            levels: self.scope.levels.clone(),
            scope: Some(self.scope),
            basis: Some(self.basis),
            experience_years: self.experience_years,
            persons_evaluated: self.persons_evaluated,
            catalogued: Some(catalogued),
        }
    }
}

/// Notes all that is wrong with the table, as far as it can be read and the catalogue was asked.
pub(super) fn judge_requested(rows: &[RequestedOccupation], pilot: &Pilot, faults: &mut FaultList) {
    for (index, row) in rows.iter().enumerate() {
        let field = format!("{TABLE}[{index}]");
        let same = |earlier: &RequestedOccupation| {
            let both = earlier.scope.as_ref().zip(row.scope.as_ref());
            both.is_some_and(|(earlier, scope)| earlier.is_about_the_same(scope))
        };
        faults.require(
            !rows[..index].iter().any(same),
            format!("{field}.scope"),
            &ApplicationRejection::OccupationTwice,
        );
        judge_row(row, &field, pilot, faults);
    }
}

/// Notes what is wrong with a row of its own.
pub(super) fn judge_row(
    row: &RequestedOccupation,
    field: &str,
    pilot: &Pilot,
    faults: &mut FaultList,
) {
    for level in &row.levels {
        let (chinese, english) = (level.chinese(), level.english());
        faults.require(
            pilot.levels.contains(level),
            format!("{field}.scope.levels"),
            &ApplicationRejection::LevelNotInPilot { chinese, english },
        );
    }
    if let Some(catalogued) = &row.catalogued {
        judge_catalogued(row, catalogued, pilot, field, faults);
    }
}

/// Notes what the catalogue does not vouch for in a row.
fn judge_catalogued(
    row: &RequestedOccupation,
    catalogued: &Catalogued,
    pilot: &Pilot,
    field: &str,
    faults: &mut FaultList,
) {
    let (basis, levels) = match catalogued {
        Catalogued::Evaluable { basis, levels, .. } => (*basis, levels),
        Catalogued::NotEvaluable(reason) => {
            let part = match reason {
                OccupationRejection::TradeUnknown => "trade",
                _ => "occupation",
            };
            faults.add(format!("{field}.scope.{part}"), reason);
            return;
        }
    };
    faults.require(
        row.basis.is_none_or(|given| given == basis),
        format!("{field}.basis"),
        &ApplicationRejection::BasisOther,
    );
    for level in &row.levels {
        let (chinese, english) = (level.chinese(), level.english());
        // What the pilot does not have is told already.
        let known = levels.is_empty() || levels.contains(level) || !pilot.levels.contains(level);
        faults.require(
            known,
            format!("{field}.scope.levels"),
            &ApplicationRejection::LevelWithoutBasis { chinese, english },
        );
    }
}

/// Where the table stands in a request.
pub(super) const TABLE: &str = "basic_form.occupations";
