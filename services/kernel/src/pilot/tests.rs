use jiff::civil::{Date, date};

use super::*;

fn change(parameter: &str, from: Date, value: Value) -> Change {
    Change {
        parameter: parameter.to_owned(),
        from,
        value,
    }
}

fn levels(levels: &[Level]) -> Value {
    Value::Levels(levels.iter().copied().collect())
}

#[test]
fn the_supplied_values_are_the_notices() {
    let pilot = Pilot::supplied();
    assert_eq!(pilot.levels, Level::PILOT.into());
    assert_eq!(pilot.occupations_per_organization, Some(3));
    assert!(!pilot.trades_count_as_occupations);
    assert_eq!(
        (pilot.city_quota_least, pilot.city_quota_most),
        (2, Some(8))
    );
    assert_eq!(pilot.right_term_years, None);
    assert_eq!(pilot.notice_working_days, 5);
    assert_eq!(pilot.selection_notice_working_days, 5);
    assert_eq!(pilot.plan_hand_in_working_days, 5);
    assert_eq!(
        (pilot.inspection_share_percent, pilot.inspection_least),
        (5, 1)
    );
}

#[test]
fn every_supplied_value_is_one_that_could_be_set_and_says_where_it_is_from() {
    for parameter in Parameter::all() {
        assert_eq!(
            parameter.judge(parameter.supplied()),
            Ok(()),
            "{parameter:?}"
        );
        assert!(!parameter.chinese().is_empty() && !parameter.english().is_empty());
        assert!(
            parameter.source().starts_with("notice ") || parameter.is_interpretation(),
            "{parameter:?}"
        );
    }
}

#[test]
fn both_bounds_of_every_parameter_fit_its_field() {
    let day = date(2021, 1, 1);
    for parameter in Parameter::all() {
        let (least, most) = parameter.bounds();
        let extremes = match parameter.unit() {
            Unit::Levels => vec![levels(&[Level::One]), levels(&[Level::Five, Level::Two])],
            Unit::YesOrNo => vec![Value::Flag(true), Value::Flag(false)],
            _ => vec![Value::Number(least), Value::Number(most)],
        };
        let unlimited = parameter.may_be_unlimited().then_some(Value::Unlimited);
        for value in extremes.into_iter().chain(unlimited) {
            let change = change(parameter.name(), day, value);
            let parameters = Parameters::try_from(vec![change]).expect("within bounds");
            let _ = parameters.on(day);
        }
    }
}

#[test]
fn a_change_holds_from_its_day_on_until_the_next() {
    let lifted = date(2021, 6, 1);
    let parameters = Parameters::supplied()
        .with(change("city_quota_most", lifted, Value::Unlimited))
        .and_then(|known| {
            known.with(change(
                "city_quota_most",
                date(2020, 9, 1),
                Value::Number(10),
            ))
        })
        .expect("both may be");
    for (day, most) in [
        (date(2020, 8, 31), Some(8)),
        (date(2020, 9, 1), Some(10)),
        (date(2021, 5, 31), Some(10)),
        (lifted, None),
        (date(2030, 1, 1), None),
    ] {
        assert_eq!(parameters.on(day).city_quota_most, most, "{day}");
    }
    assert_eq!(parameters.on(lifted).city_quota_least, 2);
}

#[test]
fn the_last_word_about_a_day_counts() {
    let day = date(2021, 1, 1);
    let change = |value| change("inspection_share_percent", day, Value::Number(value));
    let parameters = Parameters::supplied()
        .with(change(10))
        .and_then(|known| known.with(change(7)))
        .expect("both may be");
    assert_eq!(parameters.on(day).inspection_share_percent, 7);
}

#[test]
fn what_a_parameter_cannot_be_is_refused_by_name() {
    let day = date(2021, 1, 1);
    for (name, value, rejection) in [
        (
            "levels_of_all",
            Value::Flag(true),
            ParameterRejection::Unknown,
        ),
        ("levels", Value::Number(3), ParameterRejection::Kind),
        ("levels", Value::Unlimited, ParameterRejection::Kind),
        (
            "plan_hand_in_strict",
            Value::Number(1),
            ParameterRejection::Kind,
        ),
        (
            "city_quota_most",
            Value::Flag(true),
            ParameterRejection::Kind,
        ),
        ("levels", levels(&[]), ParameterRejection::NoLevels),
        (
            "levels",
            levels(&[Level::Five, Level::Special]),
            ParameterRejection::LevelWithoutCode {
                chinese: "特级技师",
                english: "special-grade technician",
            },
        ),
        (
            "notice_working_days",
            Value::Number(4),
            ParameterRejection::OutOfBounds { least: 5, most: 60 },
        ),
        (
            "notice_working_days",
            Value::Unlimited,
            ParameterRejection::NotUnlimited,
        ),
        (
            "city_quota_most",
            Value::Number(1),
            ParameterRejection::QuotaUpsideDown { least: 2, most: 1 },
        ),
    ] {
        let refused = Parameters::supplied().with(change(name, day, value));
        assert_eq!(refused, Err(rejection), "{name}");
    }
}

#[test]
fn parameters_that_agree_today_and_not_later_are_refused() {
    let most = change("city_quota_most", date(2021, 6, 1), Value::Number(3));
    let least = change("city_quota_least", date(2021, 1, 1), Value::Number(4));
    let known = Parameters::supplied().with(most).expect("still above two");
    assert_eq!(
        known.with(least),
        Err(ParameterRejection::QuotaUpsideDown { least: 4, most: 3 })
    );
}

#[test]
fn changes_read_back_as_they_are_written_and_others_are_left_alone() {
    let known = Parameters::supplied()
        .with(change("levels", date(2021, 1, 1), levels(&[Level::Two])))
        .and_then(|known| {
            known.with(change(
                "right_term_years",
                date(2021, 1, 1),
                Value::Number(3),
            ))
        })
        .expect("both may be");
    let json = serde_json::to_string(&known).expect("plain data");
    assert_eq!(
        serde_json::from_str::<Parameters>(&json).expect("it was written so"),
        known
    );
    let later = r#"[{"parameter": "of_tomorrow", "from": "2021-01-01", "value": {"number": 1}}]"#;
    assert_eq!(
        serde_json::from_str::<Parameters>(later).expect("none of ours"),
        Parameters::supplied()
    );
    let wrong = r#"[{"parameter": "levels", "from": "2021-01-01", "value": {"number": 1}}]"#;
    assert!(serde_json::from_str::<Parameters>(wrong).is_err());
}
