//! Consultations about work elsewhere.

use jiff::civil::Date;
use kernel::division::DivisionCode;
use platform::contract::deadline_message;
use proto::review::v1 as review;

use super::scope;
use crate::domain::consultation::{
    Answer, Area, AreaTexts, Consultation, ConsultationState, Outcome, Texts,
};

/// A consultation with what was written about it; nothing of that in lists.
pub(crate) fn consultation(consultation: &Consultation, mut texts: Texts) -> review::Consultation {
    let areas = consultation.areas.iter().map(|(division, about)| {
        let texts = std::mem::take(texts.about(*division));
        area(*division, about, texts)
    });
    review::Consultation {
        areas: areas.collect(),
        consultation_id: consultation.id.to_string(),
        organization_id: consultation.organization.to_string(),
        organization_code: consultation.organization_code.to_string(),
        organization_name: consultation.organization_name.clone(),
        filing_division: consultation.filing_division.to_string(),
        scopes: consultation.scopes.iter().map(scope).collect(),
        reasons: texts.reasons,
        recommended_on: consultation.recommended_on.to_string(),
        answers_due: Some(deadline_message(&consultation.answers_due)),
        state: state(consultation.state()).into(),
        decided_on: day(consultation.decided_on),
    }
}

fn area(division: DivisionCode, area: &Area, texts: AreaTexts) -> review::ConsultedArea {
    let (valid_until, ending_decided_on) = match area.outcome {
        Some(Outcome::Granted {
            until,
            ending_decided_on,
            ..
        }) => (until, ending_decided_on),
        Some(Outcome::Refused) | None => (None, None),
    };
    review::ConsultedArea {
        division_code: division.to_string(),
        answer: area
            .answer
            .map(|(said, _)| answer(said).into())
            .unwrap_or_default(),
        answered_on: day(area.answer.map(|(_, on)| on)),
        answer_reasons: texts.answer,
        granted: area
            .outcome
            .map(|outcome| matches!(outcome, Outcome::Granted { .. })),
        valid_until: day(valid_until),
        decision_reasons: texts.decision,
        ending_decided_on: day(ending_decided_on),
        ending_reasons: texts.ending,
    }
}

fn answer(answer: Answer) -> review::ConsultationAnswer {
    match answer {
        Answer::Agreed => review::ConsultationAnswer::Agreed,
        Answer::Disagreed => review::ConsultationAnswer::Disagreed,
        Answer::Silent => review::ConsultationAnswer::Silent,
    }
}

fn state(state: ConsultationState) -> review::ConsultationState {
    match state {
        ConsultationState::Consulting => review::ConsultationState::Consulting,
        ConsultationState::Answered => review::ConsultationState::Answered,
        ConsultationState::Decided => review::ConsultationState::Decided,
    }
}

/// A day as messages write it; empty where there is none.
fn day(day: Option<Date>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}
