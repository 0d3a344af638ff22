//! Rounds and quotas as the contract's messages.

use jiff::civil::Date;
use kernel::pilot::Pilot;
use kernel::rejection::Rejection;
use proto::review::v1 as review;

use super::state;
use crate::app::RoundProgress;
use crate::domain::{AssessmentKind, CityQuota, Round, RoundState};

/// A round, as it is on a day.
pub(crate) fn round(round: &Round, today: Date) -> review::Round {
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let required = round.required.iter();
    review::Round {
        round_id: round.id.to_string(),
        division_code: round.division.to_string(),
        title: round.title.clone(),
        hand_in_from: round.hand_in_from.to_string(),
        hand_in_until: day(round.hand_in_until),
        select_by: day(round.select_by),
        required_assessments: required.map(|kind| way(*kind).into()).collect(),
        state: match round.state_on(today) {
            RoundState::Announced => review::RoundState::Announced,
            RoundState::Open => review::RoundState::Open,
            RoundState::Closed => review::RoundState::Closed,
        }
        .into(),
        closed_on: day(round.closed_on),
    }
}

/// How a round goes.
pub(crate) fn round_progress(progress: &RoundProgress) -> review::GetRoundProgressResponse {
    let counted = progress.counted.iter();
    let undecided = counted.clone().any(|(state, _)| !state.is_decided());
    let counted = counted.map(|(standing, applications)| review::StateCount {
        state: state(*standing).into(),
        applications: *applications,
    });
    let quota = progress.quota.as_ref();
    review::GetRoundProgressResponse {
        round: Some(round(&progress.round, progress.today)),
        applications: counted.collect(),
        late: undecided && progress.round.is_late_on(progress.today),
        quota: quota.map(|quota| city_quota(quota, &progress.pilot)),
    }
}

/// How a city stands to its quota.
pub(crate) fn city_quota(quota: &CityQuota, pilot: &Pilot) -> review::CityQuota {
    review::CityQuota {
        division_code: quota.division.to_string(),
        selected: quota.selected,
        least: pilot.city_quota_least.into(),
        most: pilot.city_quota_most.map(u32::from),
        warnings: quota.warning(pilot).iter().map(warning).collect(),
    }
}

/// What would be refused, told before.
pub(crate) fn warning(rejection: &impl Rejection) -> review::SelectionWarning {
    review::SelectionWarning {
        code: rejection.code().to_owned(),
        text_zh: rejection.chinese(),
        text_en: rejection.english(),
    }
}

fn way(kind: AssessmentKind) -> review::AssessmentWay {
    match kind {
        AssessmentKind::DocumentCheck => review::AssessmentWay::DocumentCheck,
        AssessmentKind::ExpertPanel => review::AssessmentWay::ExpertPanel,
        AssessmentKind::SiteVisit => review::AssessmentWay::SiteVisit,
    }
}
