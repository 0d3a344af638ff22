//! Each rule is enough where all is there, and every lack has its name.

use jiff::civil::date;
use kernel::level::Level;

use super::super::claim::{Education, TitleRank};
use super::*;

const ON: Date = date(2026, 6, 8);

/// Somebody of forty who has done everything.
fn accomplished(rule: &str) -> Claim {
    Claim {
        rule: rule.to_owned(),
        work_years: 18,
        apprenticeship: true,
        certificate: Some(PriorCertificate {
            number: "S000037100001205000001".to_owned(),
            level: Level::Two,
            issued_on: date(2010, 1, 1),
        }),
        schooling: Some(Schooling {
            education: Education::College,
            graduated_on: date(2008, 7, 1),
        }),
        title: Some(Title {
            rank: TitleRank::Senior,
            awarded_on: date(2010, 1, 1),
        }),
        pledged: true,
    }
}

fn moment() -> Moment {
    Moment {
        born_on: date(1986, 1, 1),
        on: ON,
        today: date(2026, 5, 18),
        working_age: 16,
    }
}

fn told(claim: &Claim, level: Level, moment: Moment) -> Vec<&'static str> {
    let conditions = Conditions::in_force(None, level, moment.on);
    let mut faults = FaultList::default();
    check(claim, &conditions, moment, &mut faults);
    faults
        .finish()
        .err()
        .map_or_else(Vec::new, |faults| faults.codes())
}

#[test]
fn whoever_has_all_that_a_rule_asks_for_meets_it_and_without_any_of_it_nobody_does() {
    for on in [date(2020, 6, 8), ON] {
        for level in [
            Level::Five,
            Level::Four,
            Level::Three,
            Level::Two,
            Level::One,
        ] {
            for rule in Conditions::in_force(None, level, on).rules {
                let mut claim = accomplished(&rule.id);
                if let Some(need) = &rule.schooling {
                    let schooling = claim.schooling.as_mut().expect("a school");
                    schooling.education = *need.any_of.first().expect("one of some");
                }
                let moment = Moment { on, ..moment() };
                assert!(told(&claim, level, moment).is_empty(), "{}", rule.id);
                let nothing = Claim {
                    work_years: 0,
                    apprenticeship: false,
                    certificate: None,
                    schooling: None,
                    title: None,
                    ..claim
                };
                let asks = told(&nothing, level, moment);
                assert_eq!(asks.is_empty(), rule.age > 0, "{} {asks:?}", rule.id);
            }
        }
    }
}

#[test]
fn years_are_full_on_the_day_itself_and_not_on_the_day_before() {
    let mut claim = accomplished("23-4b");
    let certificate = claim.certificate.as_mut().expect("a certificate");
    certificate.issued_on = date(2023, 6, 8);
    assert!(told(&claim, Level::Four, moment()).is_empty());
    let day_before = Moment {
        on: date(2026, 6, 7),
        ..moment()
    };
    let recent = ["ELIGIBILITY_CERTIFICATE_TOO_RECENT"];
    assert_eq!(told(&claim, Level::Four, day_before), recent);
    let sixteen = Moment {
        born_on: date(2010, 6, 8),
        ..moment()
    };
    let nothing = Claim {
        work_years: 0,
        certificate: None,
        schooling: None,
        title: None,
        ..accomplished("23-5a")
    };
    assert!(told(&nothing, Level::Five, sixteen).is_empty());
    let fifteen = Moment {
        born_on: date(2010, 6, 9),
        ..moment()
    };
    let young = ["ELIGIBILITY_TOO_YOUNG"];
    assert_eq!(told(&nothing, Level::Five, fifteen), young);
}

#[test]
fn those_in_their_last_year_count_as_graduates_where_the_rule_says_so() {
    let graduating = |rule: &str, graduated_on| {
        let mut claim = accomplished(rule);
        claim.schooling = Some(Schooling {
            education: Education::SeniorTechnicalSchool,
            graduated_on,
        });
        claim
    };
    let next_year = date(2027, 6, 8);
    assert!(told(&graduating("23-3d", next_year), Level::Three, moment()).is_empty());
    for claim in [
        graduating("23-3d", date(2027, 6, 9)),
        graduating("23-2d", date(2026, 6, 9)),
    ] {
        let level = match claim.rule.as_str() {
            "23-3d" => Level::Three,
            _ => Level::Two,
        };
        assert_eq!(told(&claim, level, moment()), ["ELIGIBILITY_NOT_GRADUATED"]);
    }
}

#[test]
fn everything_that_a_claim_lacks_is_told_at_once() {
    let claim = Claim {
        certificate: Some(PriorCertificate {
            number: "S000037100001205000001".to_owned(),
            level: Level::Four,
            issued_on: date(2026, 1, 1),
        }),
        title: Some(Title {
            rank: TitleRank::Junior,
            awarded_on: date(2026, 5, 19),
        }),
        work_years: 25,
        pledged: false,
        ..accomplished("23-2b")
    };
    assert_eq!(
        told(&claim, Level::Two, moment()),
        [
            "ELIGIBILITY_PLEDGE_MISSING",
            "ELIGIBILITY_DAY_IMPOSSIBLE",
            "ELIGIBILITY_WORK_YEARS_IMPOSSIBLE",
            "ELIGIBILITY_CERTIFICATE_TOO_LOW",
            "ELIGIBILITY_CERTIFICATE_TOO_RECENT",
            "ELIGIBILITY_TITLE_TOO_RECENT",
        ]
    );
    let nothing = Claim {
        work_years: 4,
        apprenticeship: false,
        certificate: None,
        schooling: None,
        title: None,
        ..accomplished("23-2b")
    };
    assert_eq!(
        told(&nothing, Level::Two, moment()),
        [
            "ELIGIBILITY_WORK_YEARS_SHORT",
            "ELIGIBILITY_CERTIFICATE_MISSING",
            "ELIGIBILITY_TITLE_MISSING",
        ]
    );
    let schooled = Claim {
        rule: "23-3d".to_owned(),
        ..nothing.clone()
    };
    let missing = ["ELIGIBILITY_SCHOOLING_MISSING"];
    assert_eq!(told(&schooled, Level::Three, moment()), missing);
    let learning = Claim {
        rule: "18-5b".to_owned(),
        ..nothing
    };
    let early = Moment {
        on: date(2020, 6, 8),
        ..moment()
    };
    let missing = ["ELIGIBILITY_APPRENTICESHIP_MISSING"];
    assert_eq!(told(&learning, Level::Five, early), missing);
}

#[test]
fn another_school_a_lower_title_or_a_rule_of_another_level_is_not_enough() {
    let other = accomplished("23-3d");
    let told_of = |claim: &Claim, level| told(claim, level, moment());
    assert_eq!(
        told_of(&other, Level::Three),
        ["ELIGIBILITY_SCHOOLING_OTHER"]
    );
    let mut junior = accomplished("23-2c");
    junior.title.as_mut().expect("a title").rank = TitleRank::Junior;
    assert_eq!(told_of(&junior, Level::Two), ["ELIGIBILITY_TITLE_TOO_LOW"]);
    for rule in ["23-5a", "18-4b", ""] {
        let unknown = ["ELIGIBILITY_RULE_UNKNOWN"];
        assert_eq!(told_of(&accomplished(rule), Level::Four), unknown);
    }
}

#[test]
fn a_rule_may_ask_for_years_since_graduation() {
    let need = SchoolingNeed {
        any_of: [Education::College].into(),
        years: 2,
        final_year: false,
    };
    let claimed = |graduated_on| Schooling {
        education: Education::College,
        graduated_on,
    };
    for (graduated_on, codes) in [
        (date(2024, 6, 8), &[][..]),
        (date(2024, 6, 9), &["ELIGIBILITY_GRADUATED_TOO_RECENTLY"]),
    ] {
        let mut faults = FaultList::default();
        check_schooling(&need, Some(&claimed(graduated_on)), ON, &mut faults);
        let told = faults.finish().err();
        assert_eq!(told.map_or_else(Vec::new, |told| told.codes()), codes);
    }
}
