//! What a machine cannot compare, an officer judges (notice 1, 2 and 3.2): yes or no, with a reason
//! that lies beside the aggregate.

use std::collections::BTreeMap;

use kernel::rejection::{FaultList, Faults};
use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoEnumIterator, IntoStaticStr};

use super::refusal::{JudgementRejection, words};
use super::{Application, ApplicationState, BodyKind, Fact};

/// How the codes of the province's divisions begin.
const SHANDONG: &str = "37";

kernel::typed_ids! {
    /// One judgement on record; judging again makes another.
    JudgementId("jdg"),
}

/// What is judged, in the order of the notice.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    EnumIter,
    EnumString,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum JudgementSubject {
    /// 隶属关系 is as enrolled.
    Affiliation,
    /// 在山东省内依法登记
    Registration,
    /// 财务制度和管理制度规范，社会信用良好
    ManagementAndCredit,
    /// 影响力、考核评价经验与质量管控制度
    ExperienceAndQuality,
    /// 突发情况应急处置预案
    EmergencyPlan,
    /// 稳定的经费保障，不以营利为目的
    Funding,
    /// 主体业务、主体专业或主要培训职业
    MainField,
    /// 单位会员能够承担评价工作
    MemberUnits,
}

impl JudgementSubject {
    /// Name for machines, as stored.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Name in Chinese, for refusals.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Affiliation => "隶属关系",
            Self::Registration => "在山东省内依法登记",
            Self::ManagementAndCredit => "财务管理制度与社会信用",
            Self::ExperienceAndQuality => "评价经验与质量管控制度",
            Self::EmergencyPlan => "应急处置预案",
            Self::Funding => "经费保障与公益性",
            Self::MainField => "主体业务（专业、培训职业）范围",
            Self::MemberUnits => "单位会员承担能力",
        }
    }

    /// What is to be judged of a body of this kind. An enterprise's own filing, which the machine
    /// compares, stands for its main field.
    pub fn required_of(kind: BodyKind) -> impl Iterator<Item = Self> {
        Self::iter().filter(move |subject| match subject {
            Self::MainField => kind != BodyKind::Enterprise,
            Self::MemberUnits => kind == BodyKind::IndustryAssociation,
            _ => true,
        })
    }

    /// Whether it is about the body itself and not about what it handed in, which a correction
    /// changes.
    fn outlives_a_correction(self) -> bool {
        matches!(self, Self::Affiliation | Self::Registration)
    }
}

/// What an officer judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// Identifies it.
    pub id: JudgementId,
    /// Whether the condition is met.
    pub met: bool,
}

/// The judgements that count: of each subject the newest since what it rests on last changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Judgements(BTreeMap<JudgementSubject, Judgement>);

impl Judgements {
    /// The judgement of a subject.
    pub fn of(&self, subject: JudgementSubject) -> Option<Judgement> {
        self.0.get(&subject).copied()
    }

    /// Their ids.
    pub fn ids(&self) -> impl Iterator<Item = JudgementId> {
        self.0.values().map(|judgement| judgement.id)
    }

    pub(super) fn set(&mut self, subject: JudgementSubject, judgement: Judgement) {
        self.0.insert(subject, judgement);
    }

    /// What was handed in is about to change.
    pub(super) fn await_correction(&mut self) {
        self.0.retain(|subject, _| subject.outlives_a_correction());
    }

    /// Notes each condition of this kind of body that is still to be judged or was not met.
    pub(super) fn judge(&self, kind: BodyKind, faults: &mut FaultList) {
        for subject in JudgementSubject::required_of(kind) {
            let (chinese, english) = (subject.chinese(), words(subject.name()));
            match self.of(subject) {
                Some(Judgement { met: true, .. }) => {}
                Some(_) => faults.refuse(&JudgementRejection::NotMet { chinese, english }),
                None => faults.refuse(&JudgementRejection::Missing { chinese, english }),
            }
        }
    }
}

/// What a machine found for an officer to look at, in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Finding {
    /// In Chinese.
    pub chinese: String,
    /// In English.
    pub english: String,
}

impl Application {
    /// What speaks against a condition, as far as a machine can tell: neither is proof, since a body
    /// may have moved, and a few codes in use do not check.
    pub fn finding(&self, subject: JudgementSubject) -> Option<Finding> {
        match subject {
            JudgementSubject::Registration => self.finding_about_registration(),
            JudgementSubject::MemberUnits => self.finding_about_member_units(),
            _ => None,
        }
    }

    fn finding_about_member_units(&self) -> Option<Finding> {
        let codes = &self.unchecked_units;
        (!codes.is_empty()).then(|| Finding {
            chinese: format!(
                "单位会员的统一社会信用代码校验不符，请核实：{}",
                codes.join("、")
            ),
            english: format!(
                "credit codes of member units do not check, please verify them: {}",
                codes.join(", ")
            ),
        })
    }

    fn finding_about_registration(&self) -> Option<Finding> {
        let credit_code = self.applicant.as_ref()?.credit_code;
        let region = credit_code.registered_in();
        let elsewhere = (!region.starts_with(SHANDONG)).then(|| Finding {
            chinese: format!("统一社会信用代码的登记机关行政区划 {region} 不在山东省"),
            english: format!(
                "the credit code was given in division {region}, outside the province"
            ),
        });
        let unchecked = credit_code.check().is_err().then(|| Finding {
            chinese: "统一社会信用代码校验不符，由登记人员说明理由后录入".to_owned(),
            english: "the credit code does not check; an officer enrolled it with a reason"
                .to_owned(),
        });
        let found: Vec<_> = elsewhere.into_iter().chain(unchecked).collect();
        let joined = |text: fn(&Finding) -> &str, by: &str| {
            let texts: Vec<_> = found.iter().map(text).collect();
            texts.join(by)
        };
        (!found.is_empty()).then(|| Finding {
            chinese: joined(|finding| &finding.chinese, "；"),
            english: joined(|finding| &finding.english, "; "),
        })
    }

    pub(super) fn record_judgement(
        &self,
        subject: JudgementSubject,
        judgement: Judgement,
    ) -> Result<Vec<Fact>, Faults> {
        self.require(&[
            ApplicationState::Submitted,
            ApplicationState::DecisionProposed,
        ])?;
        let kind = self.kind().ok_or_else(|| self.wrong_state())?;
        if !JudgementSubject::required_of(kind).any(|required| required == subject) {
            let (chinese, english) = (kind.chinese(), words(kind.name()));
            let rejection = JudgementRejection::OfAnotherKind { chinese, english };
            return Err(Faults::at("subject", &rejection));
        }
        Ok(vec![Fact::JudgementRecorded { subject, judgement }])
    }
}

#[cfg(test)]
mod tests {
    use kernel::credit_code::UnifiedSocialCreditCode;
    use uuid::Uuid;

    use super::super::samples::{
        DAY, act, assessed, electrician, give_back, judged, judgement, submitted,
    };
    use super::super::{Command, Decision, DocumentKind, samples};
    use super::*;

    fn propose(application: &mut Application) -> Vec<&'static str> {
        let proposed = samples::propose(application, vec![electrician()]);
        proposed
            .err()
            .map(|refused| refused.codes())
            .unwrap_or_default()
    }

    #[test]
    fn each_kind_of_body_is_judged_by_what_the_notice_asks_of_it() {
        let count = |kind| JudgementSubject::required_of(kind).count();
        assert_eq!(
            BodyKind::iter().map(count).collect::<Vec<_>>(),
            [6, 8, 7, 7, 7]
        );
    }

    #[test]
    fn nobody_is_selected_before_every_condition_is_judged_and_met() {
        let mut application = assessed();
        application.judgements = Judgements::default();
        assert_eq!(propose(&mut application), ["JUDGEMENT_MISSING"; 7]);
        judged(&mut application);
        let not_met = judgement(JudgementSubject::Funding, 70, false);
        act(&mut application, not_met, DAY).expect("under assessment");
        assert_eq!(propose(&mut application), ["JUDGEMENT_NOT_MET"]);
        let met = judgement(JudgementSubject::Funding, 71, true);
        act(&mut application, met, DAY).expect("under assessment");
        assert_eq!(propose(&mut application), [""; 0]);
    }

    #[test]
    fn a_body_registered_elsewhere_is_pointed_out_and_so_is_a_code_that_does_not_check() {
        let found = |code: &str| {
            let mut application = submitted();
            let applicant = application.applicant.as_mut().expect("handed in");
            applicant.credit_code = UnifiedSocialCreditCode::admit(code).expect("its form");
            application.finding(JudgementSubject::Registration)
        };
        let here = UnifiedSocialCreditCode::synthetic("91", "371002", 5);
        assert_eq!(found(here.as_str()), None);
        let elsewhere = found("91350100M000100Y43").expect("Fujian's");
        assert!(elsewhere.english.contains("350100"), "{elsewhere:?}");
        let both = found("91350100M000100Y44").expect("and it does not check");
        assert_eq!(both.chinese.matches('；').count(), 1, "{both:?}");
        assert_eq!(submitted().finding(JudgementSubject::Funding), None);
    }

    #[test]
    fn a_member_unit_whose_code_does_not_check_is_for_the_officer_who_judges_the_units() {
        let code = "91350100M000100Y44";
        let application = Application {
            unchecked_units: vec![code.to_owned()],
            ..submitted()
        };
        let found = application.finding(JudgementSubject::MemberUnits);
        assert!(found.expect("it does not check").chinese.contains(code));
        assert_eq!(submitted().finding(JudgementSubject::MemberUnits), None);
    }

    #[test]
    fn what_is_asked_of_another_kind_of_body_is_not_judged() {
        let foreign = judgement(JudgementSubject::MemberUnits, 70, true);
        let refused = act(&mut submitted(), foreign, DAY).expect_err("a college");
        assert_eq!(refused.codes(), ["JUDGEMENT_OF_ANOTHER_KIND"]);
        assert_eq!(refused.leading().field.as_deref(), Some("subject"));
    }

    #[test]
    fn a_correction_is_judged_anew_and_the_body_itself_is_not() {
        let mut application = assessed();
        give_back(&mut application, &[DocumentKind::CreditReport]).expect("under assessment");
        let left = JudgementSubject::iter()
            .filter(|subject| application.judgements.of(*subject).is_some());
        let left: Vec<_> = left.collect();
        assert_eq!(
            left,
            [
                JudgementSubject::Affiliation,
                JudgementSubject::Registration
            ]
        );
    }

    #[test]
    fn a_judgement_after_the_proposal_changes_what_it_rests_on() {
        let mut application = assessed();
        assert_eq!(propose(&mut application), [""; 0]);
        let granted = [electrician()];
        let before = application.decision_hash(&Decision::Select(&granted));
        let again = Command::RecordJudgement(
            JudgementSubject::Funding,
            Judgement {
                id: JudgementId::from_uuid(Uuid::from_u128(72)),
                met: true,
            },
        );
        act(&mut application, again, DAY).expect("under assessment");
        assert_ne!(
            application.decision_hash(&Decision::Select(&granted)),
            before
        );
    }
}
