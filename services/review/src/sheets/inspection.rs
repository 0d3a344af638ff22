//! Announcements of double-random inspections (双随机、一公开).

use documents::{Draw, DrawnSubject, InspectionAnnouncement};
use kernel::ids::PersonId;

use crate::domain::inspection::{self, Drawn, FrozenLists, Inspection};

/// An inspection as everybody may see it; none before its lists are drawn from.
pub(crate) fn inspection_announcement(
    inspection: &Inspection,
    authority: &str,
) -> Option<InspectionAnnouncement> {
    let plan = &inspection.plan;
    let frozen = inspection.frozen.as_ref()?;
    let lists = frozen.lists();
    let last = inspection
        .draws
        .iter()
        .filter_map(|draw| draw.revealed.as_ref())
        .next_back()?;
    let newest = inspection.draws.last().map(|draw| draw.committed_on);
    let as_of = newest
        .into_iter()
        .chain([last.on])
        .chain(inspection.published_on)
        .max();
    let matters = plan.matters.iter();
    let drawn = inspection.inspected();
    Some(InspectionAnnouncement {
        title: plan.title.clone(),
        inspection: inspection.id.to_string(),
        authority: authority.to_owned(),
        subjects: if plan.whole_province {
            "全省评价机构".to_owned()
        } else {
            format!("{authority}备案的评价机构")
        },
        matters: matters
            .map(|it| format!("{} {}（{}）", it.code, it.title, it.legal_basis))
            .collect(),
        from_on: plan.from.to_string(),
        until_on: plan.until.to_string(),
        subjects_total: lists.organizations.len(),
        inspectors_total: lists.inspectors.len(),
        lists_hash: frozen.hash().to_string(),
        frozen_on: lists.frozen_on.to_string(),
        share_percent: plan.share_percent.into(),
        count: lists.count,
        draws: inspection.draws.iter().map(draw).collect(),
        drawn: drawn
            .iter()
            .map(|drawn| subject(inspection, lists, drawn))
            .collect(),
        as_of: as_of.unwrap_or(last.on).to_string(),
    })
}

fn draw(draw: &inspection::Draw) -> Draw {
    let revealed = draw.revealed.as_ref();
    let redraw = draw.redraw.as_ref();
    Draw {
        commitment: draw.commitment.to_string(),
        committed_on: draw.committed_on.to_string(),
        seed: revealed.map(|it| it.seed.to_string()).unwrap_or_default(),
        drawn_on: revealed.map(|it| it.on.to_string()).unwrap_or_default(),
        reason: redraw.map(|it| it.reason.clone()).unwrap_or_default(),
    }
}

/// Who is inspected and by whom; what it came to only once that is published.
fn subject(inspection: &Inspection, lists: &FrozenLists, drawn: &Drawn) -> DrawnSubject {
    let mut organizations = lists.organizations.iter();
    let listed = organizations.find(|listed| listed.organization_id == drawn.organization);
    let number = |person: &PersonId| {
        let mut inspectors = lists.inspectors.iter();
        let listed = inspectors.find(|listed| listed.person_id == *person);
        listed.map(|listed| listed.number.clone())
    };
    let recorded = inspection.results.get(&drawn.organization);
    let published = recorded.filter(|_| inspection.published_on.is_some());
    DrawnSubject {
        organization_name: listed.map(|it| it.name.clone()).unwrap_or_default(),
        organization_code: listed
            .map(|it| it.organization_code.to_string())
            .unwrap_or_default(),
        inspectors: drawn.inspectors.iter().filter_map(number).collect(),
        outcome: published
            .map(|it| it.outcome.chinese().to_owned())
            .unwrap_or_default(),
    }
}
