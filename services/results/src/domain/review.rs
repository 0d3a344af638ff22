//! Review of uploaded results, by city and province, two persons on each level (notice 4.3).
//!
//! What the first person proposes and the second confirms is the whole list of rows that wait on
//! a level, each by the hash of its content, with those to be given back and why. Whatever
//! changes in between, a score, a row more, changes that list and voids the proposal.

use std::collections::{BTreeMap, BTreeSet};

use kernel::content_hash::ContentHash;
use kernel::division::DivisionCode;
use kernel::ids::{ProposalId, ResultId};
use kernel::rejection::{FaultList, Faults};
use serde::{Deserialize, Serialize};

use super::rejection::ReviewRejection;
use super::result::{CandidateResult, Change, ResultCommand, ResultState};
use super::words::words;
use kernel::written::Written;

words! {
    /// Which review.
    pub enum ReviewLevel {
        /// By the city centre.
        City = "city",
        /// By the provincial centre.
        Province = "province",
    }
}

impl ReviewLevel {
    /// Where a result stands that waits for this review.
    pub fn waiting(self) -> ResultState {
        match self {
            Self::City => ResultState::InCityReview,
            Self::Province => ResultState::InProvinceReview,
        }
    }

    /// Where a result stands that this review gave back.
    pub fn returned(self) -> ResultState {
        match self {
            Self::City => ResultState::ReturnedByCity,
            Self::Province => ResultState::ReturnedByProvince,
        }
    }

    /// The review that gave a result back.
    pub fn that_returned(state: ResultState) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|level| level.returned() == state)
    }

    /// Name of the proposal on this level.
    pub fn action(self) -> &'static str {
        match self {
            Self::City => "review_results_in_city",
            Self::Province => "review_results_in_province",
        }
    }
}

/// Whether a centre may act on a level.
///
/// # Errors
/// When it is not the centre's own.
pub fn on_own_level(own: Option<ReviewLevel>, level: ReviewLevel) -> Result<(), ReviewRejection> {
    if own == Some(level) {
        Ok(())
    } else {
        Err(ReviewRejection::LevelForeign)
    }
}

/// The way of results through the reviews.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewRoute {
    /// The city, then the province: the rule of notice 4.3.
    CityThenProvince,
    /// The province alone.
    ProvinceAlone,
}

impl ReviewRoute {
    /// The route of a batch whose first review lies with this division's centre.
    pub fn of(review_area: &DivisionCode) -> Self {
        if review_area.is_province() {
            Self::ProvinceAlone
        } else {
            Self::CityThenProvince
        }
    }

    /// Where it begins.
    pub fn first(self) -> ReviewLevel {
        match self {
            Self::CityThenProvince => ReviewLevel::City,
            Self::ProvinceAlone => ReviewLevel::Province,
        }
    }
}

/// Rows that one review gives back.
pub const MOST_RETURNED: usize = 500;

/// A row to give back, as the first person named it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenBack {
    /// The row.
    pub result: ResultId,
    /// Why.
    pub reason: Written,
}

/// What a review proposes: every row that waits on the level, by its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewContent {
    level: ReviewLevel,
    rows: BTreeMap<ResultId, ContentHash>,
    returned: BTreeMap<ResultId, String>,
}

impl ReviewContent {
    /// A review over the rows that wait, which approves all but those given back.
    ///
    /// # Errors
    /// When nothing waits, and for every row given back that does not wait here or is named twice.
    pub fn propose(
        level: ReviewLevel,
        waiting: &[CandidateResult],
        given_back: &[GivenBack],
    ) -> Result<Self, Faults> {
        if waiting.is_empty() {
            return Err(ReviewRejection::NothingToReview.into());
        }
        let mut faults = FaultList::default();
        let ids: BTreeSet<ResultId> = waiting.iter().map(|row| row.id).collect();
        let mut returned = BTreeMap::new();
        for (index, row) in given_back.iter().enumerate() {
            let id_field = format!("returned[{index}].result_id");
            faults.require(
                ids.contains(&row.result),
                &id_field,
                &ReviewRejection::ReturnedNotInReview,
            );
            let reason = row.reason.reveal().to_owned();
            if returned.insert(row.result, reason).is_some() {
                faults.add(id_field, &ReviewRejection::ReturnedTwice);
            }
        }
        faults.finish()?;
        Ok(Self {
            level,
            rows: CandidateResult::contents(waiting),
            returned,
        })
    }

    /// The same review over the rows as they are now.
    #[must_use]
    pub fn over(&self, waiting: &[CandidateResult]) -> Self {
        Self {
            rows: CandidateResult::contents(waiting),
            ..self.clone()
        }
    }

    /// What both persons name.
    pub fn hash(&self) -> ContentHash {
        ContentHash::of_bytes(&serde_json::to_vec(self).expect("plain values are JSON"))
    }

    /// How many rows it approves.
    pub fn approved(&self) -> usize {
        self.rows.len() - self.returned.len()
    }

    /// How many rows it gives back.
    pub fn returned(&self) -> usize {
        self.returned.len()
    }

    /// Carries the review out, once it is confirmed.
    ///
    /// # Errors
    /// When a row does not wait on this level, which the hash rules out.
    pub fn carry_out(
        &self,
        review: ProposalId,
        waiting: Vec<CandidateResult>,
    ) -> Result<Vec<Change>, Faults> {
        let level = self.level;
        let judge = |row: CandidateResult| {
            let command = match self.returned.get(&row.id) {
                Some(reason) => ResultCommand::GiveBack {
                    level,
                    review,
                    reason: Written::new(reason),
                },
                None => ResultCommand::Approve { level, review },
            };
            row.carry_out(command)
        };
        waiting.into_iter().map(judge).collect()
    }
}

#[cfg(test)]
mod tests;
