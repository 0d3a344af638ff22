//! The decision (遴选确定, notice 3.4): proposed, confirmed, shown to the public, final.

use kernel::content_hash::ContentHash;
use kernel::ids::{PublicNoticeId, SelectionId};
use kernel::public_notice::{DEFAULT_MINIMUM_DAYS, OpenNotice, PublicNotice, RowState};
use kernel::rejection::{FaultList, Faults};
use serde::Serialize;

use super::refusal::SelectionRejection;
use super::{
    Application, ApplicationState, Assessments, BodyKind, Context, Fact, OccupationScope, Snapshot,
};

/// All that a decision rests on; two persons who agree on its hash agree on all of it.
#[derive(Serialize)]
struct Content<'a> {
    application: kernel::ids::ApplicationId,
    organization: kernel::ids::OrganizationId,
    organization_name: &'a str,
    organization_kind: BodyKind,
    filing_division: kernel::division::DivisionCode,
    materials: Vec<ContentHash>,
    assessments: &'a Assessments,
    granted: &'a [OccupationScope],
}

impl Application {
    /// Hash of what a decision about this scope rests on, as things are now.
    pub fn selection_hash(&self, granted: &[OccupationScope]) -> ContentHash {
        let content = Content {
            application: self.id,
            organization: self.organization,
            organization_name: &self.organization_name,
            organization_kind: self.organization_kind,
            filing_division: self.filing_division,
            materials: self.materials.values().map(|material| material.sha256).collect(),
            assessments: &self.assessments,
            granted,
        };
        let bytes = serde_json::to_vec(&content).expect("ids, texts and hashes always serialise");
        ContentHash::of_bytes(&bytes)
    }

    pub(super) fn propose_selection(
        &self,
        granted: Vec<OccupationScope>,
    ) -> Result<Vec<Fact>, Faults> {
        self.require(&[ApplicationState::Submitted, ApplicationState::DecisionProposed])?;
        self.judge_selection(&granted)?;
        let content_hash = self.selection_hash(&granted);
        Ok(vec![Fact::SelectionProposed { granted, content_hash }])
    }

    pub(super) fn confirm_selection(
        &self,
        selection: SelectionId,
        notice: PublicNoticeId,
        granted: Vec<OccupationScope>,
        snapshot: &Snapshot,
        context: &Context<'_>,
    ) -> Result<Vec<Fact>, Faults> {
        self.require(&[ApplicationState::DecisionProposed])?;
        self.judge_selection(&granted)?;
        let opening = OpenNotice {
            id: notice,
            opened_on: snapshot.opened_on,
            working_days: DEFAULT_MINIMUM_DAYS,
            minimum_working_days: DEFAULT_MINIMUM_DAYS,
            snapshot_hash: snapshot.hash(),
            rows: vec![self.row_key()],
        };
        let notice = PublicNotice::open(opening, context.calendar)?;
        Ok(vec![Fact::PublicNoticeOpened { selection, granted, notice }])
    }

    /// Nothing happens before the last day is over, or while an objection is open.
    pub(super) fn conclude_public_notice(
        &self,
        context: &Context<'_>,
    ) -> Result<Vec<Fact>, Faults> {
        self.require(&[ApplicationState::InPublicNotice])?;
        let Some(selection) = &self.selection else { return Err(self.wrong_state().into()) };
        let events = selection.notice.tick(context.today);
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let mut concluded = selection.notice.clone();
        concluded.apply_all(&events);
        let mut facts = vec![Fact::PublicNoticeConcluded { notice: concluded.id(), events }];
        if concluded.row_state(&self.row_key()) == Some(RowState::Concluded) {
            facts.push(Fact::OrganizationSelected {
                application: self.id,
                selection: selection.id,
                organization: self.organization,
                filing_division: self.filing_division,
                granted: selection.granted.clone(),
                notice: concluded.id(),
                snapshot_hash: concluded.snapshot_hash(),
                on: context.today,
            });
        }
        Ok(facts)
    }

    fn judge_selection(&self, granted: &[OccupationScope]) -> Result<(), Faults> {
        let mut faults = FaultList::default();
        faults.require(!granted.is_empty(), "granted", &SelectionRejection::GrantEmpty);
        for (index, scope) in granted.iter().enumerate() {
            let field = format!("granted[{index}]");
            let twice = granted[..index].iter().any(|earlier| earlier.is_about_the_same(scope));
            faults.require(!twice, &field, &SelectionRejection::GrantTwice);
            let applied = self.occupations.iter().any(|row| row.scope.covers(scope));
            faults.require(applied, field, &SelectionRejection::GrantExceedsApplication);
        }
        self.assessments.judge(&mut faults);
        faults.finish()
    }
}
