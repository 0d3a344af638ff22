//! The six applicants of a city's round: bodies of all five kinds that do not exist, and what becomes
//! of each.

use jiff::{ToSpan, civil::Date};
use kernel::credit_code::UnifiedSocialCreditCode;
use proto::common::v1 as common;
use proto::registry::v1::{Affiliation, BodyKind};
use proto::review::v1 as review;
use proto::review::v1::{DocumentKind, basic_form::Conditions};

use super::annexes;

/// How many there are.
pub(super) const SEATS: u16 = 6;

/// What becomes of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Selected, and nothing else.
    Selected,
    /// Given back, corrected, selected.
    Returned,
    /// Objected to without ground, selected.
    ObjectedTo,
    /// Objected to with ground, refused.
    Overturned,
    /// Refused: a condition is not met.
    Refused,
    /// Applies for more than it may, then for less, then takes it back.
    Withdrawn,
}

impl Fate {
    /// Where its application stands at the end.
    pub(super) fn end(self) -> review::ApplicationState {
        match self {
            Self::Selected | Self::Returned | Self::ObjectedTo => review::ApplicationState::Filed,
            Self::Overturned | Self::Refused => review::ApplicationState::Rejected,
            Self::Withdrawn => review::ApplicationState::Withdrawn,
        }
    }
}

/// A body that applies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    /// Its name.
    pub(super) name: &'static str,
    /// 机构性质
    pub(super) kind: BodyKind,
    /// 隶属关系
    pub(super) affiliation: Affiliation,
    /// What becomes of it.
    pub(super) fate: Fate,
    /// How its credit code begins.
    prefix: &'static str,
}

const SIX: [Candidate; SEATS as usize] = [
    Candidate {
        name: "示例制造企业",
        kind: BodyKind::Enterprise,
        affiliation: Affiliation::City,
        fate: Fate::Selected,
        prefix: "91",
    },
    Candidate {
        name: "示例电气行业协会",
        kind: BodyKind::IndustryAssociation,
        affiliation: Affiliation::City,
        fate: Fate::Returned,
        prefix: "51",
    },
    Candidate {
        name: "示例职业大学",
        kind: BodyKind::HigherEducation,
        affiliation: Affiliation::Provincial,
        fate: Fate::ObjectedTo,
        prefix: "12",
    },
    Candidate {
        name: "示例第二技师学院",
        kind: BodyKind::TechnicianCollege,
        affiliation: Affiliation::City,
        fate: Fate::Overturned,
        prefix: "12",
    },
    Candidate {
        name: "示例培训学校",
        kind: BodyKind::PrivateTraining,
        affiliation: Affiliation::Private,
        fate: Fate::Refused,
        prefix: "52",
    },
    Candidate {
        name: "示例设备企业",
        kind: BodyKind::Enterprise,
        affiliation: Affiliation::City,
        fate: Fate::Withdrawn,
        prefix: "91",
    },
];

/// Cities that hold a round, one in each journey: a city selects no more than eight.
const CITIES: [(&str, &str); 13] = [
    ("370600", "烟台市"),
    ("370100", "济南市"),
    ("370300", "淄博市"),
    ("370400", "枣庄市"),
    ("370500", "东营市"),
    ("370700", "潍坊市"),
    ("370800", "济宁市"),
    ("370900", "泰安市"),
    ("371100", "日照市"),
    ("371300", "临沂市"),
    ("371400", "德州市"),
    ("371500", "聊城市"),
    ("371600", "滨州市"),
];

/// Code and name of the city that holds the round of a journey.
pub(super) fn city(journey: u32) -> (&'static str, &'static str) {
    CITIES[(journey.max(1) as usize - 1) % CITIES.len()]
}

/// Their seats.
pub(super) fn seats() -> impl Iterator<Item = u16> {
    1..=SEATS
}

/// Who has a seat, from 1 on.
pub(super) fn of(seat: u16) -> Candidate {
    SIX[usize::from(seat) - 1]
}

impl Candidate {
    /// 统一社会信用代码, of this journey.
    pub(super) fn credit_code(&self, journey: u32, seat: u16) -> UnifiedSocialCreditCode {
        let serial = 81_000_000 + journey * 10 + u32::from(seat);
        UnifiedSocialCreditCode::synthetic(self.prefix, city(journey).0, serial)
    }

    /// 机构性质, as annex 1 has it.
    pub(super) fn kind_name(&self) -> &'static str {
        match self.kind {
            BodyKind::Enterprise => "企业",
            BodyKind::IndustryAssociation => "行业协会",
            BodyKind::HigherEducation => "高等院校",
            BodyKind::TechnicianCollege => "技工院校",
            BodyKind::PrivateTraining => "民办职业培训机构",
            BodyKind::Unspecified => "",
        }
    }

    /// What it proves of itself beside what all prove.
    pub(super) fn proof(&self) -> Option<DocumentKind> {
        match self.kind {
            BodyKind::Enterprise => Some(DocumentKind::SelfEvaluationFiling),
            BodyKind::IndustryAssociation => Some(DocumentKind::MemberUnitAgreement),
            BodyKind::PrivateTraining => Some(DocumentKind::TrainingLicence),
            _ => None,
        }
    }

    /// Annex 1 for a scope, on a day.
    pub(super) fn form(&self, scope: &common::OccupationScope, today: Date) -> review::BasicForm {
        let mut form = annexes::basic_form();
        for row in &mut form.occupations {
            row.scope = Some(scope.clone());
        }
        form.conditions = Some(self.conditions(today));
        form
    }

    fn conditions(&self, today: Date) -> Conditions {
        let electrician = annexes::electrician();
        match self.kind {
            BodyKind::Enterprise => Conditions::Enterprise(review::EnterpriseConditions {
                filing_number: "自评备字〔2019〕示例号".to_owned(),
                authority: "市人力资源社会保障局（示例）".to_owned(),
                valid_from: "2019-01-01".to_owned(),
                valid_until: (today + 2.years()).to_string(),
                scopes: vec![self.filed()],
            }),
            BodyKind::IndustryAssociation => {
                Conditions::IndustryAssociation(review::AssociationConditions {
                    main_business: "电气行业技能人才培养与评价（示例）".to_owned(),
                    member_units: vec![review::MemberUnit {
                        name: "示例会员企业".to_owned(),
                        unified_social_credit_code: UnifiedSocialCreditCode::synthetic(
                            "91", "370600", 82_000_000,
                        )
                        .to_string(),
                        member_since: "2018-03-01".to_owned(),
                        agreement: "合作协议示例1号".to_owned(),
                        capability: "有实训场地和考评员队伍（示例）".to_owned(),
                        occupations: vec![electrician],
                        ..review::MemberUnit::default()
                    }],
                })
            }
            BodyKind::PrivateTraining => {
                Conditions::PrivateTraining(review::PrivateTrainingConditions {
                    occupations: vec![review::TrainedOccupation {
                        occupation: Some(electrician),
                        trade: String::new(),
                        persons_trained: 900,
                    }],
                })
            }
            _ => Conditions::School(annexes::school()),
        }
    }

    /// The enterprise that withdraws evaluates its own people at level five only.
    fn filed(&self) -> common::OccupationScope {
        match self.fate {
            Fate::Withdrawn => level_five(),
            _ => annexes::scope(),
        }
    }
}

/// 电工, level five only.
pub(super) fn level_five() -> common::OccupationScope {
    common::OccupationScope {
        levels: vec![common::Level::Five.into()],
        ..annexes::scope()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn they_are_of_all_five_kinds_and_something_else_becomes_of_each() {
        let kinds: HashSet<_> = SIX.iter().map(|one| one.kind).collect();
        assert_eq!(kinds.len(), 5);
        for fate in SIX.map(|one| one.fate) {
            assert_eq!(
                seats().filter(move |seat| of(*seat).fate == fate).count(),
                1,
                "{fate:?}"
            );
        }
    }
}
