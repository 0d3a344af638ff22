//! Risk alerts and rules as the contract's messages.

use platform::contract::deadline_message;
use proto::review::v1 as review;

use crate::domain::risk::{Alert, AlertOutcome, RiskRule};

/// A rule.
pub(crate) fn risk_rule(rule: &RiskRule) -> review::RiskRule {
    review::RiskRule {
        rule: rule.kind.name().to_owned(),
        title_zh: rule.zh.clone(),
        title_en: rule.en.clone(),
        source: rule.source.clone(),
        valid_from: rule.valid_from.to_string(),
        threshold: rule.threshold,
        least: rule.least,
        days: rule.days,
    }
}

/// An alert with the reason of what was done; lists have none.
pub(crate) fn alert(alert: &Alert, reason: String) -> review::Alert {
    let figures = alert.finding.figures.iter();
    let figures = figures.map(|(name, value)| review::AlertFigure {
        name: name.clone(),
        value: *value,
    });
    let (state, outcome, reference_id, handled_on) = match alert.handling {
        None => (
            review::AlertState::Open,
            review::AlertOutcome::Unspecified,
            String::new(),
            String::new(),
        ),
        Some(handling) => (
            review::AlertState::Handled,
            outcome_message(handling.outcome),
            handling.outcome.to_string(),
            handling.on.to_string(),
        ),
    };
    review::Alert {
        alert_id: alert.id.to_string(),
        organization_id: alert.organization.to_string(),
        rule: alert.finding.rule.name().to_owned(),
        subject: alert.finding.subject.clone(),
        figures: figures.collect(),
        opened_on: alert.opened_on.to_string(),
        due: alert.due.as_ref().map(deadline_message),
        state: state.into(),
        division_code: alert.filing_division.to_string(),
        outcome: outcome.into(),
        reference_id,
        reason,
        handled_on,
    }
}

fn outcome_message(outcome: AlertOutcome) -> review::AlertOutcome {
    match outcome {
        AlertOutcome::Dismissed => review::AlertOutcome::Dismissed,
        AlertOutcome::Inspected { .. } => review::AlertOutcome::Inspected,
        AlertOutcome::MeasureTaken { .. } => review::AlertOutcome::Measure,
    }
}
