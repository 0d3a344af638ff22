//! Inspections and lists of matters as the contract's messages.

use bytes::Bytes;
use kernel::content_hash::ContentHash;
use kernel::ids::InspectionId;
use platform::contract::deadline_message;
use proto::review::v1 as review;

use crate::domain::ConflictGround;
use crate::domain::inspection::{
    Draw, Drawn, FrozenLists, Inspection, InspectionState, ListedOrganization, Matter, MatterList,
    Outcome, Recorded, Report,
};

/// A list of matters.
pub(crate) fn matter_list(list: &MatterList) -> review::MatterList {
    review::MatterList {
        edition: list.edition,
        published_on: list.published_on.to_string(),
        matters: list.matters.iter().map(matter).collect(),
    }
}

fn matter(matter: &Matter) -> review::InspectionMatter {
    review::InspectionMatter {
        code: matter.code.clone(),
        title: matter.title.clone(),
        legal_basis: matter.legal_basis.clone(),
    }
}

/// An inspection as lists of many carry it.
pub(crate) fn inspection_head(inspection: &Inspection) -> review::Inspection {
    let plan = &inspection.plan;
    let published_on = inspection.published_on.map(|day| day.to_string());
    review::Inspection {
        inspection_id: inspection.id.to_string(),
        division_code: inspection.division.to_string(),
        title: plan.title.clone(),
        state: state(inspection.state()).into(),
        matter_list_edition: plan.matter_list_edition,
        matters: plan.matters.iter().map(matter).collect(),
        from_on: plan.from.to_string(),
        until_on: plan.until.to_string(),
        whole_province: plan.whole_province,
        share_percent: plan.share_percent.into(),
        planned_on: plan.planned_on.to_string(),
        published_on: published_on.unwrap_or_default(),
        publication_due: inspection.publication_due.as_ref().map(deadline_message),
        cancelled_reason: inspection.cancelled_reason.clone().unwrap_or_default(),
        ..review::Inspection::default()
    }
}

/// An inspection as everybody may see it.
pub(crate) fn inspection(inspection: &Inspection) -> review::Inspection {
    let frozen = inspection.frozen.as_ref();
    let draws = inspection.draws.iter().zip(1..);
    review::Inspection {
        frozen_lists: frozen
            .map(|frozen| frozen.text().to_owned())
            .unwrap_or_default(),
        frozen_hash: frozen.map(|frozen| hash(frozen.hash())).unwrap_or_default(),
        lists: frozen.map(|frozen| lists(frozen.lists())),
        draws: draws.map(|(made, number)| draw(made, number)).collect(),
        inspected: inspected(inspection),
        ..inspection_head(inspection)
    }
}

fn hash(hash: ContentHash) -> Bytes {
    hash.as_bytes().to_vec().into()
}

fn lists(lists: &FrozenLists) -> review::FrozenLists {
    let inspectors = lists
        .inspectors
        .iter()
        .map(|inspector| review::ListedInspector {
            person_id: inspector.person_id.to_string(),
            number: inspector.number.clone(),
            masked_name: inspector.masked_name.clone(),
        });
    let conflicts = lists
        .conflicts
        .iter()
        .map(|conflict| review::InspectorConflict {
            organization_id: conflict.organization_id.to_string(),
            person_id: conflict.person_id.to_string(),
            ground: match conflict.ground {
                ConflictGround::Employer => review::ConflictGround::Employer,
                ConflictGround::WorkedThere => review::ConflictGround::WorkedThere,
            }
            .into(),
        });
    review::FrozenLists {
        frozen_on: lists.frozen_on.to_string(),
        organizations: lists.organizations.iter().map(listed).collect(),
        left_out: lists.left_out.iter().map(listed).collect(),
        inspectors: inspectors.collect(),
        conflicts: conflicts.collect(),
        count: count(lists.count),
        inspectors_each: count(lists.inspectors_each),
    }
}

fn count(count: usize) -> u32 {
    u32::try_from(count).expect("a list is limited")
}

fn listed(organization: &ListedOrganization) -> review::ListedOrganization {
    review::ListedOrganization {
        organization_id: organization.organization_id.to_string(),
        organization_code: organization.organization_code.to_string(),
        name: organization.name.clone(),
    }
}

fn draw(draw: &Draw, number: u32) -> review::InspectionDraw {
    let revealed = draw.revealed.as_ref();
    let redraw = draw.redraw.as_ref().map(|redraw| review::Redraw {
        organization_id: redraw.organization.to_string(),
        person_id: redraw
            .person
            .map(|person| person.to_string())
            .unwrap_or_default(),
        reason: redraw.reason.clone(),
    });
    let drawn = revealed.map(|revealed| revealed.drawn.as_slice());
    review::InspectionDraw {
        number,
        commitment: hash(draw.commitment),
        committed_on: draw.committed_on.to_string(),
        seed: revealed
            .map(|revealed| revealed.seed.as_bytes().to_vec().into())
            .unwrap_or_default(),
        drawn_on: revealed
            .map(|revealed| revealed.on.to_string())
            .unwrap_or_default(),
        redraw,
        drawn: drawn
            .unwrap_or_default()
            .iter()
            .map(drawn_organization)
            .collect(),
        left_out_organization_ids: revealed
            .iter()
            .flat_map(|revealed| &revealed.left_out)
            .map(ToString::to_string)
            .collect(),
        unavailable_person_ids: revealed
            .iter()
            .flat_map(|revealed| &revealed.unavailable)
            .map(ToString::to_string)
            .collect(),
    }
}

fn drawn_organization(drawn: &Drawn) -> review::DrawnOrganization {
    review::DrawnOrganization {
        organization_id: drawn.organization.to_string(),
        person_ids: drawn.inspectors.iter().map(ToString::to_string).collect(),
    }
}

/// Who is inspected; what it came to is everybody's only once all is published.
fn inspected(inspection: &Inspection) -> Vec<review::InspectedOrganization> {
    let last = inspection
        .draws
        .iter()
        .rev()
        .find_map(|draw| draw.revealed.as_ref());
    let due = last.map(|revealed| &revealed.results_due);
    let shown = |drawn: Drawn| {
        let recorded = inspection.results.get(&drawn.organization);
        let published = recorded.filter(|_| inspection.published_on.is_some());
        review::InspectedOrganization {
            organization_id: drawn.organization.to_string(),
            person_ids: drawn.inspectors.iter().map(ToString::to_string).collect(),
            result_due: recorded
                .map(|recorded| &recorded.due)
                .or(due)
                .map(deadline_message),
            recorded: recorded.is_some(),
            outcome: published
                .map_or(review::InspectionOutcome::Unspecified, |published| {
                    outcome(published.outcome)
                })
                .into(),
            inspected_on: published
                .map(|published| published.inspected_on.to_string())
                .unwrap_or_default(),
        }
    };
    inspection.inspected().into_iter().map(shown).collect()
}

/// A result with its findings.
pub(crate) fn inspection_result(
    id: InspectionId,
    report: &Report,
    recorded: &Recorded,
) -> review::InspectionResult {
    let matters = report.matters.iter().map(|finding| review::MatterFinding {
        code: finding.code.clone(),
        in_order: finding.in_order,
        remark: finding.remark.clone(),
    });
    review::InspectionResult {
        inspection_id: id.to_string(),
        organization_id: report.organization.to_string(),
        inspected_on: recorded.inspected_on.to_string(),
        recorded_on: recorded.on.to_string(),
        outcome: outcome(recorded.outcome).into(),
        matters: matters.collect(),
        findings: report.findings.clone(),
        due: Some(deadline_message(&recorded.due)),
        late: recorded.is_late(),
    }
}

fn state(state: InspectionState) -> review::InspectionState {
    match state {
        InspectionState::Planned => review::InspectionState::Planned,
        InspectionState::Frozen => review::InspectionState::Frozen,
        InspectionState::Drawn => review::InspectionState::Drawn,
        InspectionState::RedrawOrdered => review::InspectionState::RedrawOrdered,
        InspectionState::Published => review::InspectionState::Published,
        InspectionState::Cancelled => review::InspectionState::Cancelled,
    }
}

/// What an inspection came to.
pub(crate) fn outcome(outcome: Outcome) -> review::InspectionOutcome {
    match outcome {
        Outcome::NoProblem => review::InspectionOutcome::NoProblem,
        Outcome::NotPublished => review::InspectionOutcome::NotPublished,
        Outcome::FalseData => review::InspectionOutcome::FalseData,
        Outcome::Unreachable => review::InspectionOutcome::Unreachable,
        Outcome::ToldToCorrect => review::InspectionOutcome::ToldToCorrect,
        Outcome::Refused => review::InspectionOutcome::Refused,
        Outcome::NoActivity => review::InspectionOutcome::NoActivity,
        Outcome::HandedOn => review::InspectionOutcome::HandedOn,
    }
}
