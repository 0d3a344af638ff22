//! People of a centre's pool (专家库、检查人员名录库) who may be drawn, and which organisations each
//! has to keep away from (回避).

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::ids::{OrganizationId, PersonId};
use serde::{Deserialize, Serialize};

/// Somebody who may be drawn, as the registry answered. Named by a number and a masked name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolMember {
    /// Identifies the person.
    pub person: PersonId,
    /// Number in the pool.
    pub number: String,
    /// 姓名, masked.
    pub masked_name: String,
    /// Credit code of the employer (工作单位); empty where there is none.
    pub employer_credit_code: String,
    /// Organisations that the person works or worked for.
    pub ties: Vec<Tie>,
}

/// What ties somebody of a pool to an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    /// The organisation.
    pub organization: OrganizationId,
    /// Last day; none while it lasts.
    pub until: Option<Date>,
}

/// Why somebody keeps away from an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictGround {
    /// Works for it.
    Employer,
    /// Worked for it in the last years.
    WorkedThere,
}

impl ConflictGround {
    /// Told in Chinese.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Employer => "工作单位为申报单位",
            Self::WorkedThere => "曾在申报单位任职",
        }
    }

    /// Told in English.
    pub fn english(self) -> &'static str {
        match self {
            Self::Employer => "the applicant is the employer",
            Self::WorkedThere => "worked for the applicant",
        }
    }
}

impl PoolMember {
    /// Why the person keeps away from an organisation today, looking so many years back.
    pub fn conflict_with(
        &self,
        organization: OrganizationId,
        credit_code: &str,
        today: Date,
        years: u16,
    ) -> Option<ConflictGround> {
        let of_it = |tie: &&Tie| tie.organization == organization;
        let ties: Vec<&Tie> = self.ties.iter().filter(of_it).collect();
        let lasts = |tie: &&Tie| tie.until.is_none_or(|until| until >= today);
        let employed = !credit_code.is_empty() && self.employer_credit_code == credit_code;
        if employed || ties.iter().any(lasts) {
            return Some(ConflictGround::Employer);
        }
        let since = today.saturating_sub(i32::from(years).years());
        let recent = ties
            .iter()
            .any(|tie| tie.until.is_some_and(|until| until >= since));
        recent.then_some(ConflictGround::WorkedThere)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn who_works_or_worked_at_an_organisation_keeps_away_from_it() {
        let organization = OrganizationId::from_uuid(Uuid::from_u128(1));
        let other = OrganizationId::from_uuid(Uuid::from_u128(2));
        let today = date(2020, 9, 1);
        let member = |employer: &str, ties: Vec<Tie>| PoolMember {
            person: PersonId::from_uuid(Uuid::from_u128(9)),
            number: "J-001".to_owned(),
            masked_name: "王*".to_owned(),
            employer_credit_code: employer.to_owned(),
            ties,
        };
        let tie = |until| Tie {
            organization,
            until,
        };
        for (employer, ties, expected) in [
            ("A", vec![], Some(ConflictGround::Employer)),
            ("B", vec![], None),
            ("", vec![tie(None)], Some(ConflictGround::Employer)),
            ("", vec![tie(Some(today))], Some(ConflictGround::Employer)),
            (
                "",
                vec![tie(Some(date(2017, 9, 1)))],
                Some(ConflictGround::WorkedThere),
            ),
            ("", vec![tie(Some(date(2017, 8, 31)))], None),
        ] {
            let member = member(employer, ties);
            assert_eq!(member.conflict_with(organization, "A", today, 3), expected);
            let elsewhere = member.conflict_with(other, "", today, 3);
            assert_eq!(elsewhere, None, "nobody is employed by an empty code");
        }
    }
}
