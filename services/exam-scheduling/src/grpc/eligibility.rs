//! Conditions over gRPC.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::level::Level;
use kernel::occupation::OccupationRef;
use kernel::rejection::{FaultList, Faults};
use platform::Error;
use platform::access::caller;
use platform::contract::{date, level, level_message, line, occupation, text};
use platform::unit::parsed;
use proto::exam::v1 as contract;
use proto::exam::v1::eligibility_service_server::EligibilityService;
use tonic::{Request, Response, Status};

use super::claim;
use super::{ExamScheduling, all_there};
use crate::domain::eligibility::claim::{Education, TitleRank};
use crate::domain::eligibility::rejection::StandardRejection;
use crate::domain::eligibility::setting::{MOST_RULES, MOST_YEARS, check_rules};
use crate::domain::eligibility::{CertificateNeed, Rule, SchoolingNeed, Standard, TitleNeed};
use crate::domain::roster::LONGEST_RULE;

/// Longest text of a rule.
const LONGEST_TEXT: usize = 500;
/// Longest name of a standard.
const LONGEST_VERSION: usize = 60;
/// Schools that a rule may name: more than there are kinds.
const MOST_SCHOOLS: usize = 20;

#[tonic::async_trait]
impl EligibilityService for ExamScheduling {
    async fn list_eligibility_rules(
        &self,
        request: Request<contract::ListEligibilityRulesRequest>,
    ) -> Result<Response<contract::ListEligibilityRulesResponse>, Status> {
        let (of, on) = asked(request.get_ref()).map_err(Error::from)?;
        let conditions = self.app.eligibility_rules(of, on).await?;
        Ok(Response::new(contract::ListEligibilityRulesResponse {
            version: conditions.version,
            rules: conditions.rules.iter().map(rule_message).collect(),
        }))
    }

    async fn set_eligibility_rules(
        &self,
        request: Request<contract::SetEligibilityRulesRequest>,
    ) -> Result<Response<contract::SetEligibilityRulesResponse>, Status> {
        let given = request.get_ref();
        let standard = parsed(given, standard(given))?;
        let caller = caller(&request);
        let reply = self
            .app
            .set_eligibility_rules(caller, given, standard)
            .await?;
        Ok(Response::new(reply))
    }
}

type Asked = ((OccupationRef, Level), Option<Date>);

fn asked(request: &contract::ListEligibilityRulesRequest) -> Result<Asked, Faults> {
    let mut faults = FaultList::default();
    let of = faults.take("occupation", occupation(request.occupation.as_ref()));
    let at = faults.take("level", level(request.level));
    let on = match request.on.as_str() {
        "" => None,
        day => faults.take("on", date(day)),
    };
    Ok((all_there(faults, of.zip(at))?, on))
}

fn standard(request: &contract::SetEligibilityRulesRequest) -> Result<Standard, Faults> {
    let mut faults = FaultList::default();
    let of = faults.take("occupation", occupation(request.occupation.as_ref()));
    let at = faults.take("level", level(request.level));
    let version = faults.take("version", line(&request.version, LONGEST_VERSION));
    let valid_from = faults.take("valid_from", date(&request.valid_from));
    // One more than a level takes tells that there are too many; all of them could be very many.
    let given = request.rules.iter().take(MOST_RULES + 1).enumerate();
    let rules: Vec<_> = given
        .map(|(index, given)| rule(&format!("rules[{index}]"), given, &mut faults))
        .collect();
    check_rules(&rules, &mut faults);
    let head = of.zip(at).zip(version.zip(valid_from));
    let ((occupation, level), (version, valid_from)) = all_there(faults, head)?;
    Ok(Standard {
        occupation,
        level,
        version,
        valid_from,
        rules: rules.into_iter().flatten().collect(),
    })
}

fn rule(path: &str, given: &contract::EligibilityRule, faults: &mut FaultList) -> Option<Rule> {
    let at = |field: &str| format!("{path}.{field}");
    let id = faults.take(at("id"), line(&given.id, LONGEST_RULE));
    let chinese = faults.take(at("text_zh"), text(&given.text_zh, LONGEST_TEXT));
    let english = faults.take(at("text_en"), text(&given.text_en, LONGEST_TEXT));
    let age = faults.take(at("age"), years(given.age));
    let work_years = faults.take(at("work_years"), years(given.work_years));
    let certificate = given.certificate;
    let certificate = certificate.map(|need| certificate_need(&at("certificate"), need, faults));
    let schooling = given.schooling.as_ref();
    let schooling = schooling.map(|need| schooling_need(&at("schooling"), need, faults));
    let title = given.title;
    let title = title.map(|need| title_need(&at("title"), need, faults));
    Some(Rule {
        id: id?,
        chinese: chinese?,
        english: english?,
        age: age?,
        work_years: work_years?,
        apprenticeship: given.apprenticeship,
        // What was not read is a fault, and nothing of the list is entered then.
        certificate: certificate.flatten(),
        schooling: schooling.flatten(),
        title: title.flatten(),
    })
}

fn certificate_need(
    path: &str,
    given: contract::CertificateNeed,
    faults: &mut FaultList,
) -> Option<CertificateNeed> {
    let level = faults.take(format!("{path}.level"), level(given.level));
    let years = faults.take(format!("{path}.years"), years(given.years));
    Some(CertificateNeed {
        level: level?,
        years: years?,
    })
}

fn schooling_need(
    path: &str,
    given: &contract::SchoolingNeed,
    faults: &mut FaultList,
) -> Option<SchoolingNeed> {
    let mut any_of = BTreeSet::new();
    for (index, education) in given.any_of().take(MOST_SCHOOLS).enumerate() {
        let read = claim::education(education);
        any_of.extend(faults.take(format!("{path}.any_of[{index}]"), read));
    }
    let years = faults.take(format!("{path}.years"), years(given.years));
    Some(SchoolingNeed {
        any_of,
        years: years?,
        final_year: given.final_year,
    })
}

fn title_need(path: &str, given: contract::TitleNeed, faults: &mut FaultList) -> Option<TitleNeed> {
    let rank = faults.take(format!("{path}.rank"), claim::rank(given.rank()));
    let years = faults.take(format!("{path}.years"), years(given.years));
    Some(TitleNeed {
        rank: rank?,
        years: years?,
    })
}

fn years(given: u32) -> Result<u8, StandardRejection> {
    let limit = MOST_YEARS;
    let years = u8::try_from(given).ok().filter(|_| given <= limit);
    years.ok_or(StandardRejection::YearsOutOfRange { limit })
}

fn rule_message(rule: &Rule) -> contract::EligibilityRule {
    contract::EligibilityRule {
        id: rule.id.clone(),
        text_zh: rule.chinese.clone(),
        text_en: rule.english.clone(),
        age: rule.age.into(),
        work_years: rule.work_years.into(),
        apprenticeship: rule.apprenticeship,
        certificate: rule.certificate.map(|need| contract::CertificateNeed {
            level: level_message(need.level).into(),
            years: need.years.into(),
        }),
        schooling: rule.schooling.as_ref().map(|need| contract::SchoolingNeed {
            any_of: need.any_of.iter().map(|of| education(*of).into()).collect(),
            years: need.years.into(),
            final_year: need.final_year,
        }),
        title: rule.title.map(|need| contract::TitleNeed {
            rank: rank(need.rank).into(),
            years: need.years.into(),
        }),
    }
}

fn education(of: Education) -> contract::Education {
    match of {
        Education::TechnicalSchool => contract::Education::TechnicalSchool,
        Education::SeniorTechnicalSchool => contract::Education::SeniorTechnicalSchool,
        Education::TechnicianClass => contract::Education::TechnicianClass,
        Education::SecondaryVocational => contract::Education::SecondaryVocational,
        Education::AssessedSecondaryVocational => contract::Education::AssessedSecondaryVocational,
        Education::HigherVocational => contract::Education::HigherVocational,
        Education::AssessedHigherVocational => contract::Education::AssessedHigherVocational,
        Education::College => contract::Education::College,
    }
}

fn rank(of: TitleRank) -> contract::TitleRank {
    match of {
        TitleRank::Junior => contract::TitleRank::Junior,
        TitleRank::Middle => contract::TitleRank::Middle,
        TitleRank::Senior => contract::TitleRank::Senior,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_standard_and_an_empty_rule_are_told_all_their_faults_at_once() {
        let empty = contract::SetEligibilityRulesRequest {
            rules: vec![contract::EligibilityRule {
                age: 61,
                certificate: Some(contract::CertificateNeed::default()),
                schooling: Some(contract::SchoolingNeed {
                    any_of: vec![0],
                    ..contract::SchoolingNeed::default()
                }),
                title: Some(contract::TitleNeed::default()),
                ..contract::EligibilityRule::default()
            }],
            ..contract::SetEligibilityRulesRequest::default()
        };
        assert_eq!(
            standard(&empty).expect_err("empty").codes(),
            [
                "OCCUPATION_REFERENCE",
                "LEVEL_UNKNOWN",
                "FIELD_REQUIRED",
                "DATE_MALFORMED",
                "FIELD_REQUIRED",
                "FIELD_REQUIRED",
                "FIELD_REQUIRED",
                "ELIGIBILITY_YEARS_OUT_OF_RANGE",
                "LEVEL_UNKNOWN",
                "ELIGIBILITY_EDUCATION_UNKNOWN",
                "ELIGIBILITY_TITLE_RANK_UNKNOWN",
            ]
        );
        let nothing = contract::ListEligibilityRulesRequest::default();
        assert_eq!(
            asked(&nothing).expect_err("empty").codes(),
            ["OCCUPATION_REFERENCE", "LEVEL_UNKNOWN"]
        );
    }
}
