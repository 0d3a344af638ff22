//! What the register tells of organisations: entries, measures, changes, rules, announcements.

use jiff::civil::Date;
use platform::contract::{
    level_message, measure_ground_message, measure_kind_message, measure_terms, occupation_message,
};
use proto::common::v1 as common;
use proto::exam::v1::ExamPart;
use proto::registry::v1 as contract;

use crate::domain::organization::OrganizationStatus;
use crate::domain::organization::change::ChangeState;
use crate::domain::organization::measure::Measure;
use crate::domain::organization::standing::Standing;
use crate::domain::right::Right;
use crate::domain::rules::{Fee, Part, RulesKind};
use crate::messages;
use crate::store::change::Change;
use crate::store::measure as stored;
use crate::store::organization::Found;
use crate::store::rectification::Returned;
use crate::store::right::GivenUp;
use crate::store::rules::Published;

/// An organisation as it stands on a day.
pub(crate) fn organization(found: &Found, today: Date) -> contract::Organization {
    let status = match found.organization.status {
        OrganizationStatus::Registered => contract::OrganizationStatus::Registered,
        OrganizationStatus::Reported => contract::OrganizationStatus::Reported,
    };
    let contact = found.contact.as_ref();
    let rights = found.organization.rights_as_backed();
    contract::Organization {
        organization_id: found.organization.organization_id.to_string(),
        organization_code: found.organization.code.to_string(),
        name: found.name.clone(),
        filing_division: found.organization.filing_division.to_string(),
        status: status.into(),
        rights: rights.iter().map(right).collect(),
        registered_on: found.organization.registered_on.to_string(),
        standing: standing(found.organization.standing(today)).into(),
        address: found.address.clone(),
        contact: contact.map(|contact| contract::OrganizationContact {
            office: contact.office.clone(),
            phone: contact.phone.clone(),
            email: contact.email.clone(),
        }),
        suspended_right_ids: found
            .organization
            .suspended(today)
            .map(|right| right.right_id.to_string())
            .collect(),
    }
}

fn standing(standing: Standing) -> contract::OrganizationStanding {
    match standing {
        Standing::Active => contract::OrganizationStanding::Active,
        Standing::PartlySuspended => contract::OrganizationStanding::PartlySuspended,
        Standing::Suspended => contract::OrganizationStanding::Suspended,
        Standing::Withdrawn => contract::OrganizationStanding::Withdrawn,
    }
}

/// A right.
pub(crate) fn right(right: &Right) -> contract::Right {
    let ended = right.ended_levels.iter();
    let ended = ended.map(|(level, last_day)| contract::EndedLevel {
        level: level_message(*level).into(),
        last_day: last_day.to_string(),
    });
    contract::Right {
        right_id: right.right_id.to_string(),
        scope: Some(messages::scope(&right.scope)),
        division_code: right.division.to_string(),
        valid_from: right.valid_from.to_string(),
        valid_until: day(right.valid_until),
        ended_levels: ended.collect(),
        goes_on_from: right
            .goes_on_from
            .map(|id| id.to_string())
            .unwrap_or_default(),
    }
}

/// What was given up of a right.
pub(crate) fn given_up(given_up: GivenUp) -> contract::GivenUpRight {
    let levels = given_up.what.levels.into_iter();
    contract::GivenUpRight {
        right_id: given_up.what.right_id.to_string(),
        reason: given_up.reason,
        levels: levels.map(|level| level_message(level).into()).collect(),
        last_day: given_up.last_day.to_string(),
    }
}

/// A measure as its centre and its organisation read it.
pub(crate) fn measure(found: &stored::Found, today: Date) -> contract::Measure {
    let Measure {
        measure_id,
        order,
        decided_by,
        decided_on,
        origin,
        progress,
    } = &found.measure;
    let (_, right_ids, ongoing_batches) = measure_terms(&order.measure);
    contract::Measure {
        measure_id: measure_id.to_string(),
        kind: measure_kind_message(order.measure.kind()).into(),
        grounds: grounds(&found.measure),
        statement: found.statement.clone(),
        effective_on: order.effective_on.to_string(),
        decided_by: decided_by.to_string(),
        decided_on: decided_on.to_string(),
        origin_id: origin.map(|origin| origin.to_string()).unwrap_or_default(),
        due_on: day(found.measure.due_on()),
        report: found.report.clone(),
        reported_on: day(progress.reported_on),
        accepted_on: day(progress.accepted_on),
        overdue: found.measure.is_overdue(today),
        right_ids,
        ongoing_batches: ongoing_batches.into(),
        resumes_on: day(progress.resumes_on),
        resumption_reason: found.resumption_reason.clone(),
        returns: found.returns.iter().map(returned).collect(),
    }
}

fn returned(returned: &Returned) -> contract::RectificationReturn {
    contract::RectificationReturn {
        returned_on: returned.on.to_string(),
        reason: returned.reason.clone(),
        due_on: returned.due_on.to_string(),
        report: returned.report.clone(),
        reported_on: day(returned.reported_on),
    }
}

/// A measure as the public is told of it.
pub(crate) fn announcement(found: &stored::Found, of: &Found) -> contract::Announcement {
    let measure = &found.measure;
    let (_, right_ids, _) = measure_terms(&measure.order.measure);
    contract::Announcement {
        measure_id: measure.measure_id.to_string(),
        organization_code: of.organization.code.to_string(),
        organization_name: of.name.clone(),
        kind: measure_kind_message(measure.order.measure.kind()).into(),
        grounds: grounds(measure),
        statement: found.statement.clone(),
        effective_on: measure.order.effective_on.to_string(),
        right_ids,
        resumes_on: day(measure.progress.resumes_on),
        decided_by: measure.decided_by.to_string(),
        decided_on: measure.decided_on.to_string(),
        origin_id: measure
            .origin
            .map(|origin| origin.to_string())
            .unwrap_or_default(),
    }
}

/// The grounds of a measure.
pub(crate) fn grounds(measure: &Measure) -> Vec<i32> {
    let grounds = measure.order.grounds.iter();
    grounds
        .map(|ground| measure_ground_message(*ground).into())
        .collect()
}

/// What belongs to the kind of a measure, for the fields of a fact.
pub(crate) fn terms(measure: &Measure) -> (String, Vec<String>, common::OngoingBatches) {
    measure_terms(&measure.order.measure)
}

/// A change; the name of the legal representative is shown to who may see it.
pub(crate) fn change(
    change: &Change,
    legal_representative: String,
) -> contract::OrganizationChange {
    let state = match change.state {
        ChangeState::Requested => contract::ChangeState::Requested,
        ChangeState::Approved => contract::ChangeState::Approved,
        ChangeState::Declined => contract::ChangeState::Declined,
    };
    contract::OrganizationChange {
        change_id: change.id.to_string(),
        name: change.name.clone().unwrap_or_default(),
        address: change.address.clone().unwrap_or_default(),
        legal_representative,
        changes_legal_representative: change.legal_representative.is_some(),
        reason: change.reason.clone(),
        requested_on: change.requested_on.to_string(),
        state: state.into(),
        decided_on: day(change.decided_on),
        decision_reason: change.decision_reason.clone().unwrap_or_default(),
        former_name: match change.name {
            Some(_) => change.former_name.clone(),
            None => String::new(),
        },
    }
}

/// Rules as they were published.
pub(crate) fn rules(published: &Published) -> contract::PublishedRules {
    contract::PublishedRules {
        kind: rules_kind(published.kind).into(),
        version: published.version,
        in_force_from: published.in_force_from.to_string(),
        published_on: published.on.to_string(),
        text: published.text.clone(),
        fees: published.fees.iter().map(fee).collect(),
    }
}

/// A kind of rules.
pub(crate) fn rules_kind(kind: RulesKind) -> contract::RulesKind {
    match kind {
        RulesKind::ExamAffairs => contract::RulesKind::ExamAffairs,
        RulesKind::Quality => contract::RulesKind::Quality,
        RulesKind::Certificates => contract::RulesKind::Certificates,
        RulesKind::Fees => contract::RulesKind::Fees,
    }
}

fn fee(fee: &Fee) -> contract::Fee {
    let part = match fee.part {
        Part::Theory => ExamPart::Theory,
        Part::Skill => ExamPart::Skill,
        Part::Review => ExamPart::Review,
    };
    contract::Fee {
        occupation: Some(occupation_message(&fee.subject.occupation)),
        trade: fee.subject.trade.clone(),
        level: level_message(fee.subject.level).into(),
        part: part.into(),
        fen: fee.fen,
    }
}

fn day(day: Option<Date>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}
