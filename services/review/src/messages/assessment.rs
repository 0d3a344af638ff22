//! Assessments and expert panels.

use kernel::ids::PersonId;
use proto::review::v1 as review;

use crate::app::Assessments;
use crate::domain::panel::{
    Conflict, Exclusion, Member, Panel, PanelState, PanelTexts, text_about,
};
use crate::domain::{DocumentCheckItem, ExpertOpinion, Particulars, Photo, SiteFinding, SiteItem};
use crate::store::assessment::Assessed;

/// A panel; where an expert looks, without what was written by and about the others.
pub(crate) fn panel(panel: &Panel, texts: &PanelTexts, viewer: Option<PersonId>) -> review::Panel {
    let candidates = panel.candidates.iter();
    let draw = panel.draw;
    review::Panel {
        panel_id: panel.id.to_string(),
        application_id: panel.application.to_string(),
        state: state(panel.state).into(),
        size: u32::try_from(panel.size).unwrap_or(u32::MAX),
        candidate_numbers: candidates
            .map(|candidate| candidate.number.clone())
            .collect(),
        exclusions: panel
            .exclusions
            .iter()
            .map(|excluded| exclusion(excluded, texts, viewer))
            .collect(),
        seed_commitment: draw
            .map(|draw| draw.commitment.as_bytes().to_vec().into())
            .unwrap_or_default(),
        seed: draw
            .and_then(|draw| draw.seed)
            .map(|seed| seed.to_string())
            .unwrap_or_default(),
        members: panel
            .members
            .iter()
            .map(|known| member(known, texts, viewer))
            .collect(),
        planned_on: panel.planned_on.to_string(),
        ended_on: panel
            .ended_on
            .map(|day| day.to_string())
            .unwrap_or_default(),
        dissolution_reason: texts.dissolution.clone(),
        unavailable_numbers: panel.unavailable.clone(),
    }
}

fn exclusion(
    excluded: &Exclusion,
    texts: &PanelTexts,
    viewer: Option<PersonId>,
) -> review::PanelExclusion {
    let conflict = match excluded.conflict {
        Conflict::Employer => review::PanelConflict::Employer,
        Conflict::WorkedThere => review::PanelConflict::WorkedThere,
        Conflict::Declared => review::PanelConflict::Declared,
    };
    let note = match viewer {
        None => text_about(&texts.conflicts, &excluded.number),
        Some(_) => "",
    };
    review::PanelExclusion {
        expert_number: excluded.number.clone(),
        conflict: conflict.into(),
        note: note.to_owned(),
    }
}

fn member(member: &Member, texts: &PanelTexts, viewer: Option<PersonId>) -> review::PanelMember {
    let expert = &member.expert;
    let shown = viewer.is_none_or(|viewer| viewer == expert.person);
    let voice = member.voice.filter(|_| shown);
    let opinion = text_about(&texts.opinions, &expert.number);
    let excuse = text_about(&texts.excuses, &expert.number);
    review::PanelMember {
        expert_number: expert.number.clone(),
        person_id: expert.person.to_string(),
        in_favour: voice.map(|voice| voice.in_favour),
        opinion: voice.map(|_| opinion.to_owned()).unwrap_or_default(),
        recorded_on: voice.map(|voice| voice.on.to_string()).unwrap_or_default(),
        recorded_by_expert: voice.is_some_and(|voice| voice.by_expert),
        excused_on: member
            .excused_on
            .map(|day| day.to_string())
            .unwrap_or_default(),
        excuse: if shown { excuse } else { "" }.to_owned(),
        passed_over_numbers: member.passed_over.clone(),
    }
}

fn state(state: PanelState) -> review::PanelState {
    match state {
        PanelState::Planned => review::PanelState::Planned,
        PanelState::Sitting => review::PanelState::Sitting,
        PanelState::Closed => review::PanelState::Closed,
        PanelState::Dissolved => review::PanelState::Dissolved,
    }
}

/// All that was assessed of an application.
pub(crate) fn assessment_record(assessed: Assessments) -> review::GetAssessmentRecordResponse {
    let Assessments {
        application,
        recorded,
        panels,
        waiting_photos,
    } = assessed;
    let assessments = recorded.into_iter().map(|recorded| {
        let counts = application.assessments.counts(recorded.id);
        assessment(recorded, counts)
    });
    let panels = panels.iter().map(|(held, texts)| panel(held, texts, None));
    review::GetAssessmentRecordResponse {
        assessments: assessments.collect(),
        panels: panels.collect(),
        waiting_photos: waiting_photos.iter().map(site_photo).collect(),
    }
}

/// An assessment as it was recorded.
fn assessment(recorded: Assessed, counts: bool) -> review::Assessment {
    use review::assessment::Particulars as Shown;
    let passed = recorded.particulars.passed();
    let particulars = match recorded.particulars {
        Particulars::DocumentCheck(items) => Shown::DocumentCheck(review::DocumentCheck {
            items: items.into_iter().map(checked).collect(),
        }),
        Particulars::ExpertPanel(opinions) => Shown::ExpertPanel(review::ExpertPanel {
            opinions: opinions.into_iter().map(opinion).collect(),
        }),
        Particulars::SiteVisit(visit) => Shown::SiteVisit(review::SiteVisit {
            visited_on: visit.visited_on.to_string(),
            visitor_numbers: visit.visitor_numbers,
            findings: visit.findings,
            items: visit.items.into_iter().map(found).collect(),
            photos: visit.photos.iter().map(site_photo).collect(),
        }),
    };
    review::Assessment {
        assessment_id: recorded.id.to_string(),
        recorded_on: recorded.recorded_on.to_string(),
        passed,
        counts,
        particulars: Some(particulars),
    }
}

fn checked(item: DocumentCheckItem) -> review::DocumentCheckItem {
    let document = item.document.map(super::document);
    review::DocumentCheckItem {
        document: document.unwrap_or_default().into(),
        subject: item.subject,
        in_order: item.in_order,
        remark: item.remark,
    }
}

fn found(finding: SiteFinding) -> review::SiteFinding {
    review::SiteFinding {
        item: site_item(finding.item).into(),
        in_order: finding.in_order,
        finding: finding.finding,
    }
}

/// A photo of a site.
pub(crate) fn site_photo(photo: &Photo) -> review::SitePhoto {
    review::SitePhoto {
        photo_id: photo.id.to_string(),
        item: site_item(photo.item).into(),
        media_type: photo.media_type.name().to_owned(),
        size: photo.size,
        sha256: photo.sha256.as_bytes().to_vec().into(),
        uploaded_on: photo.uploaded_on.to_string(),
    }
}

fn site_item(item: SiteItem) -> review::SiteItem {
    match item {
        SiteItem::TheoryRoom => review::SiteItem::TheoryRoom,
        SiteItem::Network => review::SiteItem::Network,
        SiteItem::ExamMachines => review::SiteItem::ExamMachines,
        SiteItem::SkillSite => review::SiteItem::SkillSite,
        SiteItem::Equipment => review::SiteItem::Equipment,
        SiteItem::IdentityCheck => review::SiteItem::IdentityCheck,
        SiteItem::SignalShielding => review::SiteItem::SignalShielding,
        SiteItem::Monitoring => review::SiteItem::Monitoring,
    }
}

fn opinion(opinion: ExpertOpinion) -> review::ExpertOpinion {
    review::ExpertOpinion {
        expert_number: opinion.expert_number,
        in_favour: opinion.in_favour,
        opinion: opinion.opinion,
    }
}
