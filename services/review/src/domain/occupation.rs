//! Occupations (职业) applied for and granted.

use std::collections::BTreeSet;

use kernel::level::Level;
use kernel::occupation::OccupationRef;
use kernel::rejection::FaultList;
use serde::{Deserialize, Serialize};

use super::refusal::{ApplicationRejection, OccupationRejection};

/// An evaluation organisation has at most three occupations in the pilot (notice 2).
pub(super) const MOST_OCCUPATIONS: usize = 3;

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

/// A row of annex 1's table of occupations, as the applicant filled it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestedOccupation {
    /// 职业（工种）, 职业编码, 评价等级范围
    pub scope: OccupationScope,
    /// 有无职业标准或评价规范
    pub basis: Basis,
    /// 评价经历时间, in whole years.
    pub experience_years: u32,
    /// 已评价人数
    pub persons_evaluated: u32,
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

/// What the notice says about the table as it is filled in, as far as that can be read, before
/// any catalogue is asked.
pub(super) fn judge_requested(requested: &[Option<&OccupationScope>], faults: &mut FaultList) {
    let given = requested.len();
    if given > MOST_OCCUPATIONS {
        let limit = MOST_OCCUPATIONS;
        faults.add(
            TABLE,
            &ApplicationRejection::TooManyOccupations { limit, given },
        );
    }
    for (row, scope) in requested.iter().enumerate() {
        let Some(scope) = scope else { continue };
        let field = format!("{TABLE}[{row}].scope");
        let mut earlier = requested[..row].iter().flatten();
        let twice = earlier.any(|earlier| earlier.is_about_the_same(scope));
        faults.require(!twice, &field, &ApplicationRejection::OccupationTwice);
        for level in &scope.levels {
            let (chinese, english) = (level.chinese(), level.english());
            faults.require(
                Level::PILOT.contains(level),
                format!("{field}.levels"),
                &ApplicationRejection::LevelNotInPilot { chinese, english },
            );
        }
    }
}

/// The rows that the catalogue vouches for; a fault for each it does not.
pub(super) fn judge_catalogued(
    rows: Vec<(RequestedOccupation, Catalogued)>,
    faults: &mut FaultList,
) -> Vec<AppliedOccupation> {
    let mut applied = Vec::with_capacity(rows.len());
    for (index, (row, catalogued)) in rows.into_iter().enumerate() {
        let field = format!("{TABLE}[{index}].scope");
        let (name, basis, levels) = match catalogued {
            Catalogued::Evaluable {
                name,
                basis,
                levels,
            } => (name, basis, levels),
            Catalogued::NotEvaluable(reason) => {
                let part = match reason {
                    OccupationRejection::TradeUnknown => "trade",
                    _ => "occupation",
                };
                faults.add(format!("{field}.{part}"), &reason);
                continue;
            }
        };
        faults.require(
            row.basis == basis,
            format!("{TABLE}[{index}].basis"),
            &ApplicationRejection::BasisOther,
        );
        for level in &row.scope.levels {
            let (chinese, english) = (level.chinese(), level.english());
            faults.require(
                levels.is_empty() || levels.contains(level),
                format!("{field}.levels"),
                &ApplicationRejection::LevelWithoutBasis { chinese, english },
            );
        }
        applied.push(AppliedOccupation {
            scope: row.scope,
            name,
            basis: row.basis,
            experience_years: row.experience_years,
            persons_evaluated: row.persons_evaluated,
        });
    }
    applied
}

/// Where the table stands in a request.
pub(super) const TABLE: &str = "basic_form.occupations";
