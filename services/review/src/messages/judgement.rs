//! Judgements as messages write them.

use proto::review::v1 as review;

use crate::domain::{Application, JudgementSubject};
use crate::store::judgement::ReasonedJudgement;

/// A judgement with its reason.
pub(crate) fn judgement(reasoned: ReasonedJudgement) -> review::Judgement {
    review::Judgement {
        judgement_id: reasoned.judgement.id.to_string(),
        subject: subject(reasoned.subject).into(),
        met: reasoned.judgement.met,
        reason: reasoned.reason,
        recorded_on: reasoned.recorded_on.to_string(),
    }
}

/// What is to be judged of an application, and what was.
pub(crate) fn judgement_items(
    application: &Application,
    judgements: Vec<ReasonedJudgement>,
) -> Vec<review::JudgementItem> {
    let mut judgements = judgements;
    let required = application
        .kind()
        .into_iter()
        .flat_map(JudgementSubject::required_of);
    let items = required.map(|required| {
        let counting = judgements
            .iter()
            .position(|reasoned| reasoned.subject == required)
            .map(|position| judgement(judgements.swap_remove(position)));
        let finding = application.finding(required).unwrap_or_default();
        review::JudgementItem {
            subject: subject(required).into(),
            judgement: counting,
            finding_zh: finding.chinese,
            finding_en: finding.english,
        }
    });
    items.collect()
}

fn subject(subject: JudgementSubject) -> review::JudgementSubject {
    use review::JudgementSubject as Told;
    match subject {
        JudgementSubject::Affiliation => Told::Affiliation,
        JudgementSubject::Registration => Told::Registration,
        JudgementSubject::ManagementAndCredit => Told::ManagementAndCredit,
        JudgementSubject::ExperienceAndQuality => Told::ExperienceAndQuality,
        JudgementSubject::EmergencyPlan => Told::EmergencyPlan,
        JudgementSubject::Funding => Told::Funding,
        JudgementSubject::MainField => Told::MainField,
        JudgementSubject::MemberUnits => Told::MemberUnits,
    }
}
