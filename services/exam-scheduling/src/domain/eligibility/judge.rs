//! Whether what a candidate claims is enough: the rule exists, and all that it asks for is there.
//!
//! Years count in full until one day, which a setting chooses. What is only pledged is believed as
//! far as it can be true.

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::rejection::FaultList;

use super::claim::{Claim, PriorCertificate, Schooling, Title};
use super::rejection::EligibilityRejection as Rejection;
use super::{CertificateNeed, Conditions, SchoolingNeed, TitleNeed};

/// By when, and by whom.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// Birth of the candidate.
    pub born_on: Date,
    /// Until when years count.
    pub on: Date,
    /// The business day.
    pub today: Date,
    /// Age from which people work.
    pub working_age: i16,
}

/// Notes all that a claim lacks, at the fields of a claim.
pub fn check(claim: &Claim, conditions: &Conditions, moment: Moment, faults: &mut FaultList) {
    faults.require(claim.pledged, "claim.pledged", &Rejection::PledgeMissing);
    moment.check_possible(claim, faults);
    let mut rules = conditions.rules.iter();
    let Some(rule) = rules.find(|rule| rule.id == claim.rule) else {
        let version = conditions.version.clone();
        return faults.add("claim.rule", &Rejection::RuleUnknown { version });
    };
    let on = moment.on;
    let young = Rejection::TooYoung { age: rule.age, on };
    let age = full_years(moment.born_on, on);
    faults.require(age >= i16::from(rule.age), "claim.rule", &young);
    let years = rule.work_years;
    let worked = claim.work_years >= u32::from(years);
    faults.require(
        worked,
        "claim.work_years",
        &Rejection::WorkYearsShort { years },
    );
    let learnt = claim.apprenticeship || !rule.apprenticeship;
    let missing = Rejection::ApprenticeshipMissing;
    faults.require(learnt, "claim.apprenticeship", &missing);
    if let Some(need) = rule.certificate {
        check_certificate(need, claim.certificate.as_ref(), on, faults);
    }
    if let Some(need) = &rule.schooling {
        check_schooling(need, claim.schooling.as_ref(), on, faults);
    }
    if let Some(need) = rule.title {
        check_title(need, claim.title.as_ref(), on, faults);
    }
}

impl Moment {
    /// Nothing was before birth, nobody works as a child, and only a graduation may be to come.
    fn check_possible(self, claim: &Claim, faults: &mut FaultList) {
        let certificate = claim.certificate.as_ref().map(|one| one.issued_on);
        let title = claim.title.as_ref().map(|one| one.awarded_on);
        let schooling = claim.schooling.as_ref().map(|one| one.graduated_on);
        for (field, day, latest) in [
            ("claim.certificate.issued_on", certificate, self.today),
            ("claim.title.awarded_on", title, self.today),
            ("claim.schooling.graduated_on", schooling, Date::MAX),
        ] {
            let possible = day.is_none_or(|day| day > self.born_on && day <= latest);
            faults.require(possible, field, &Rejection::DayImpossible);
        }
        let age = self.working_age;
        let at_most = (full_years(self.born_on, self.on) - age)
            .max(0)
            .unsigned_abs();
        let possible = claim.work_years <= u32::from(at_most);
        let impossible = Rejection::WorkYearsImpossible { age };
        faults.require(possible, "claim.work_years", &impossible);
    }
}

fn check_certificate(
    need: CertificateNeed,
    claimed: Option<&PriorCertificate>,
    on: Date,
    faults: &mut FaultList,
) {
    let CertificateNeed { level, years } = need;
    let level_name = level.chinese();
    let Some(claimed) = claimed else {
        let missing = Rejection::CertificateMissing { level: level_name };
        return faults.add("claim.certificate", &missing);
    };
    let low = Rejection::CertificateTooLow { level: level_name };
    faults.require(claimed.level >= level, "claim.certificate.level", &low);
    let held = full_years(claimed.issued_on, on) >= i16::from(years);
    let recent = Rejection::CertificateTooRecent { years, on };
    faults.require(held, "claim.certificate.issued_on", &recent);
}

fn check_schooling(
    need: &SchoolingNeed,
    claimed: Option<&Schooling>,
    on: Date,
    faults: &mut FaultList,
) {
    let Some(claimed) = claimed else {
        return faults.add("claim.schooling", &Rejection::SchoolingMissing);
    };
    let fits = need.any_of.contains(&claimed.education);
    let other = Rejection::SchoolingOfOtherKind;
    faults.require(fits, "claim.schooling.education", &other);
    let ahead = i32::from(need.final_year);
    let latest = on.saturating_add(ahead.years());
    let years = need.years;
    if claimed.graduated_on > latest {
        let to_come = Rejection::NotGraduated { on: latest };
        faults.add("claim.schooling.graduated_on", &to_come);
    } else if years > 0 && full_years(claimed.graduated_on, on) < i16::from(years) {
        let recent = Rejection::GraduatedTooRecently { years, on };
        faults.add("claim.schooling.graduated_on", &recent);
    }
}

fn check_title(need: TitleNeed, claimed: Option<&Title>, on: Date, faults: &mut FaultList) {
    let TitleNeed { rank, years } = need;
    let Some(claimed) = claimed else {
        return faults.add("claim.title", &Rejection::TitleMissing);
    };
    let high = claimed.rank >= rank;
    faults.require(high, "claim.title.rank", &Rejection::TitleTooLow);
    let held = full_years(claimed.awarded_on, on) >= i16::from(years);
    let recent = Rejection::TitleTooRecent { years, on };
    faults.require(held, "claim.title.awarded_on", &recent);
}

/// Full years between two days (周年); negative where the first is the later one.
fn full_years(from: Date, to: Date) -> i16 {
    let to_come = (to.month(), to.day()) < (from.month(), from.day());
    to.year() - from.year() - i16::from(to_come)
}

#[cfg(test)]
mod tests;
