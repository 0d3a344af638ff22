//! Claims of candidates, as requests write them.

use kernel::rejection::FaultList;
use platform::contract::{date, level, line};
use proto::exam::v1 as contract;

use crate::domain::eligibility::claim::{
    CandidateGroup, Claim, Education, PriorCertificate, Schooling, Title, TitleRank,
};
use crate::domain::eligibility::rejection::EligibilityRejection;
use crate::domain::roster::{LONGEST_CERTIFICATE_NUMBER, LONGEST_RULE};

/// A claim; faults go to the list, at the fields of a row.
pub(super) fn claim(
    given: Option<&contract::EligibilityClaim>,
    faults: &mut FaultList,
) -> Option<Claim> {
    let Some(given) = given else {
        faults.add("claim", &EligibilityRejection::ClaimMissing);
        return None;
    };
    let rule = faults.take("claim.rule", line(&given.rule, LONGEST_RULE));
    let certificate = given.certificate.as_ref();
    let certificate = certificate.map(|given| prior_certificate(given, faults));
    let schooling = given.schooling.as_ref();
    let schooling = schooling.map(|given| read_schooling(given, faults));
    let title = given.title.as_ref().map(|given| read_title(given, faults));
    Some(Claim {
        rule: rule?,
        work_years: given.work_years,
        apprenticeship: given.apprenticeship,
        certificate: all_read(certificate)?,
        schooling: all_read(schooling)?,
        title: all_read(title)?,
        pledged: given.pledged,
    })
}

/// What is not there is read, too.
#[expect(clippy::option_option, reason = "read, and not there")]
fn all_read<T>(read: Option<Option<T>>) -> Option<Option<T>> {
    match read {
        None => Some(None),
        Some(read) => read.map(Some),
    }
}

fn prior_certificate(
    given: &contract::PriorCertificate,
    faults: &mut FaultList,
) -> Option<PriorCertificate> {
    let at = |field: &str| format!("claim.certificate.{field}");
    let number = line(&given.number, LONGEST_CERTIFICATE_NUMBER);
    let number = faults.take(at("number"), number);
    let level = faults.take(at("level"), level(given.level));
    let issued_on = faults.take(at("issued_on"), date(&given.issued_on));
    Some(PriorCertificate {
        number: number?,
        level: level?,
        issued_on: issued_on?,
    })
}

fn read_schooling(given: &contract::Schooling, faults: &mut FaultList) -> Option<Schooling> {
    let of = education(given.education());
    let of = faults.take("claim.schooling.education", of);
    let graduated_on = date(&given.graduated_on);
    let graduated_on = faults.take("claim.schooling.graduated_on", graduated_on);
    Some(Schooling {
        education: of?,
        graduated_on: graduated_on?,
    })
}

fn read_title(given: &contract::ProfessionalTitle, faults: &mut FaultList) -> Option<Title> {
    let rank = faults.take("claim.title.rank", rank(given.rank()));
    let awarded_on = faults.take("claim.title.awarded_on", date(&given.awarded_on));
    Some(Title {
        rank: rank?,
        awarded_on: awarded_on?,
    })
}

/// A kind of school.
pub(super) fn education(given: contract::Education) -> Result<Education, EligibilityRejection> {
    use contract::Education as Given;
    Ok(match given {
        Given::Unspecified => return Err(EligibilityRejection::EducationUnknown),
        Given::TechnicalSchool => Education::TechnicalSchool,
        Given::SeniorTechnicalSchool => Education::SeniorTechnicalSchool,
        Given::TechnicianClass => Education::TechnicianClass,
        Given::SecondaryVocational => Education::SecondaryVocational,
        Given::AssessedSecondaryVocational => Education::AssessedSecondaryVocational,
        Given::HigherVocational => Education::HigherVocational,
        Given::AssessedHigherVocational => Education::AssessedHigherVocational,
        Given::College => Education::College,
    })
}

/// A rank.
pub(super) fn rank(given: contract::TitleRank) -> Result<TitleRank, EligibilityRejection> {
    match given {
        contract::TitleRank::Unspecified => Err(EligibilityRejection::TitleRankUnknown),
        contract::TitleRank::Junior => Ok(TitleRank::Junior),
        contract::TitleRank::Middle => Ok(TitleRank::Middle),
        contract::TitleRank::Senior => Ok(TitleRank::Senior),
    }
}

/// A group, or none.
pub(super) fn group(given: i32) -> Result<CandidateGroup, EligibilityRejection> {
    use contract::CandidateGroup as Given;
    let given = Given::try_from(given).map_err(|_| EligibilityRejection::GroupUnknown)?;
    Ok(match given {
        Given::Unspecified => CandidateGroup::None,
        Given::EnterpriseEmployee => CandidateGroup::EnterpriseEmployee,
        Given::RuralWorker => CandidateGroup::RuralWorker,
        Given::SchoolLeaver => CandidateGroup::SchoolLeaver,
        Given::CollegeGraduate => CandidateGroup::CollegeGraduate,
        Given::Veteran => CandidateGroup::Veteran,
        Given::Unemployed => CandidateGroup::Unemployed,
        Given::Disabled => CandidateGroup::Disabled,
        Given::LiftedFromPoverty => CandidateGroup::LiftedFromPoverty,
        Given::Student => CandidateGroup::Student,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(given: Option<&contract::EligibilityClaim>) -> Vec<&'static str> {
        let mut faults = FaultList::default();
        assert!(claim(given, &mut faults).is_none());
        faults.finish().expect_err("refused").codes()
    }

    #[test]
    fn an_empty_claim_is_told_all_its_faults_at_once() {
        assert_eq!(told(None), ["ELIGIBILITY_CLAIM_MISSING"]);
        let empty = contract::EligibilityClaim {
            certificate: Some(contract::PriorCertificate::default()),
            schooling: Some(contract::Schooling::default()),
            title: Some(contract::ProfessionalTitle::default()),
            ..contract::EligibilityClaim::default()
        };
        assert_eq!(
            told(Some(&empty)),
            [
                "FIELD_REQUIRED",
                "FIELD_REQUIRED",
                "LEVEL_UNKNOWN",
                "DATE_MALFORMED",
                "ELIGIBILITY_EDUCATION_UNKNOWN",
                "DATE_MALFORMED",
                "ELIGIBILITY_TITLE_RANK_UNKNOWN",
                "DATE_MALFORMED",
            ]
        );
    }

    #[test]
    fn a_group_of_nowhere_is_refused_and_none_is_none() {
        assert_eq!(group(0), Ok(CandidateGroup::None));
        assert_eq!(group(99), Err(EligibilityRejection::GroupUnknown));
    }
}
