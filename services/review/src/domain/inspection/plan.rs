//! What is inspected, where and when.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::division::DivisionCode;
use kernel::ids::InspectionId;
use kernel::rejection::{FaultList, Faults};
use kernel::working_day::DeadlineRule;
use serde::{Deserialize, Serialize};

use super::super::Context;
use super::refusal::{MatterRejection, PlanningRejection};
use super::{Draw, Inspection, InspectionFact};

/// Days that an inspection lasts at most.
const LONGEST_PERIOD: i32 = 366;

/// What may be inspected (检查事项).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matter {
    /// Short code, unique within its list.
    pub code: String,
    /// What is looked at.
    pub title: String,
    /// The law or rule that allows it.
    pub legal_basis: String,
}

/// An edition of the list of matters (检查事项清单).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatterList {
    /// Running number, from 1.
    pub edition: u32,
    /// Day of publication.
    pub published_on: Date,
    /// The matters.
    pub matters: Vec<Matter>,
}

/// Something that happened to the list of matters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum MatterListFact {
    /// It was published anew.
    MatterListPublished {
        /// Running number of the edition.
        edition: u32,
        /// How many matters it has.
        matters: usize,
        /// Hash over them.
        hash: ContentHash,
        /// The day.
        on: Date,
    },
}

impl MatterList {
    /// The next edition.
    pub fn next(matters: Vec<Matter>, newest: Option<u32>, today: Date) -> (Self, MatterListFact) {
        let edition = newest.map_or(1, |newest| newest + 1);
        let bytes = serde_json::to_vec(&matters).expect("texts always serialise");
        let fact = MatterListFact::MatterListPublished {
            edition,
            matters: matters.len(),
            hash: ContentHash::of_bytes(&bytes),
            on: today,
        };
        let list = Self {
            edition,
            published_on: today,
            matters,
        };
        (list, fact)
    }
}

/// The code of a matter.
///
/// # Errors
/// When it is not 1 to 20 capitals, digits and hyphens.
pub fn matter_code(given: &str) -> Result<String, MatterRejection> {
    let plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-';
    if (1..=20).contains(&given.len()) && given.bytes().all(plain) {
        Ok(given.to_owned())
    } else {
        Err(MatterRejection::CodeMalformed)
    }
}

/// Notes each code that is there twice; codes as far as they can be read.
pub fn judge_codes(
    codes: &[Option<String>],
    field: impl Fn(usize) -> String,
    faults: &mut FaultList,
) {
    let mut seen = BTreeSet::new();
    for (index, code) in codes.iter().enumerate() {
        let new = code.as_ref().is_none_or(|code| seen.insert(code));
        faults.require(new, field(index), &MatterRejection::CodeTwice);
    }
}

/// What an inspection is planned to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What it is called.
    pub title: String,
    /// Codes of the matters.
    pub matter_codes: Vec<String>,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// Whether organisations are inspected wherever they filed.
    pub whole_province: bool,
    /// Percent that is drawn; none for the setting.
    pub share_percent: Option<u32>,
}

/// A plan as it stands: what was wanted, with the matters as the list had them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// What it is called.
    pub title: String,
    /// Edition of the list of matters.
    pub matter_list_edition: u32,
    /// The matters inspected.
    pub matters: Vec<Matter>,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// Whether organisations are inspected wherever they filed.
    pub whole_province: bool,
    /// Percent that is drawn.
    pub share_percent: u8,
    /// Day of the plan.
    pub planned_on: Date,
}

impl Inspection {
    /// Plans an inspection by a centre. `commitment` is the hash of the seed of its draw.
    ///
    /// # Errors
    /// Everything that is wrong with the plan, at once.
    pub fn plan(
        id: InspectionId,
        division: DivisionCode,
        wanted: Wanted,
        list: Option<&MatterList>,
        commitment: ContentHash,
        context: &Context<'_>,
    ) -> Result<(Self, InspectionFact), Faults> {
        let mut faults = FaultList::default();
        let matters = matters(&wanted.matter_codes, list, &mut faults);
        judge_period(wanted.from, wanted.until, context, &mut faults);
        let of_the_province = division == DivisionCode::PROVINCE;
        faults.require(
            of_the_province || !wanted.whole_province,
            "whole_province",
            &PlanningRejection::WholeProvince,
        );
        let share_percent = share(wanted.share_percent, context, &mut faults);
        faults.finish()?;
        let plan = Plan {
            title: wanted.title,
            matter_list_edition: list.map_or(0, |list| list.edition),
            matters,
            from: wanted.from,
            until: wanted.until,
            whole_province: wanted.whole_province,
            share_percent,
            planned_on: context.today,
        };
        let fact = InspectionFact::InspectionPlanned {
            inspection: id,
            division,
            matter_list_edition: plan.matter_list_edition,
            from: plan.from,
            until: plan.until,
            whole_province: plan.whole_province,
            share_percent,
            commitment,
            on: context.today,
        };
        let first = Draw::committed(commitment, context.today, None);
        Ok((Self::planned(id, division, plan, first), fact))
    }
}

fn matters(codes: &[String], list: Option<&MatterList>, faults: &mut FaultList) -> Vec<Matter> {
    let Some(list) = list else {
        faults.refuse(&MatterRejection::NoList);
        return Vec::new();
    };
    let mut found = Vec::with_capacity(codes.len());
    for (index, code) in codes.iter().enumerate() {
        let matter = list.matters.iter().find(|matter| matter.code == *code);
        let field = format!("matter_codes[{index}]");
        found.extend(faults.take(field, matter.cloned().ok_or(MatterRejection::Unknown)));
    }
    found
}

fn judge_period(from: Date, until: Date, context: &Context<'_>, faults: &mut FaultList) {
    let today = context.today;
    let past = PlanningRejection::FromPast { today };
    faults.require(from >= today, "from_on", &past);
    let latest = from.saturating_add(LONGEST_PERIOD.days());
    let period = PlanningRejection::Period {
        days: LONGEST_PERIOD,
    };
    if !(from..=latest).contains(&until) {
        faults.add("until_on", &period);
    } else if let Err(unknown) = context.deadline(DeadlineRule::InspectionReport, until) {
        // Better told now than when everybody waits for the draw.
        faults.add("until_on", &unknown);
    }
}

fn share(wanted: Option<u32>, context: &Context<'_>, faults: &mut FaultList) -> u8 {
    let least = context.pilot.inspection_share_percent;
    let Some(wanted) = wanted else { return least };
    let share = u8::try_from(wanted).ok();
    let share = share.filter(|share| (least..=100).contains(share));
    let share = faults.take(
        "share_percent",
        share.ok_or(PlanningRejection::Share { least }),
    );
    share.unwrap_or(least)
}
