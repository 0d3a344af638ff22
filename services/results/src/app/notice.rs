//! The public notice of a batch: proposed by one person of the organisation, opened by another.

use std::collections::HashMap;

use kernel::ids::{BatchId, PublicNoticeId, ResultId};
use kernel::public_notice::PublicNotice;
use kernel::two_persons::Stated;
use kernel::written::Written;
use platform::Result;
use platform::access::Caller;
use platform::proposal;
use platform::unit::{Begun, Unit};
use proto::common::v1 as common;
use proto::results::v1::{
    OpenPublicNoticeRequest, OpenPublicNoticeResponse, ProposePublicNoticeRequest,
    ProposePublicNoticeResponse,
};
use uuid::Uuid;

use super::{Results, count, lock_batch};
use crate::domain::batch::{Batch, BatchFact};
use crate::domain::exam::Subject;
use crate::domain::notice::{Exhibit, NoticeContent, NoticeKind, Snapshot};
use crate::domain::result::{CandidateResult, Showing};
use crate::domain::scoring::{self, PassRules};
use crate::page::Page;
use crate::show;
use crate::store;
use crate::store::result::Filter;

const OPEN: &str = "open_results_notice";

/// Which rows of a batch a notice shows, and whom to turn to about them.
pub(super) struct Showcase<'a> {
    pub(super) kind: NoticeKind,
    pub(super) batch: &'a Batch,
    pub(super) subjects: &'a [Subject],
    pub(super) passed: &'a [&'a CandidateResult],
    pub(super) objection_contact: &'a str,
}

/// A notice with what it shows.
pub(super) struct Opened {
    notice: PublicNotice,
    snapshot: Snapshot,
}

impl Opened {
    pub(super) fn showing(&self) -> Showing {
        Showing {
            notice: self.notice.id(),
            until: self.notice.period().date,
        }
    }

    /// The notice with its first page.
    pub(super) fn message(&self) -> Result<common::PublicNotice> {
        let first = Page::first(&self.notice.id());
        let (notice, _) = show::public_notice(&self.notice, &self.snapshot, &first)?;
        Ok(notice)
    }
}

impl Results {
    /// First person: the scores are complete.
    pub async fn propose_public_notice(
        &self,
        caller: &Caller,
        request: &ProposePublicNoticeRequest,
        batch: BatchId,
        objection_contact: &Written,
    ) -> Result<ProposePublicNoticeResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, batch) = lock_batch(&mut unit, &caller.scope(), batch).await?;
        let subjects = store::batch::subjects(unit.connection(), batch.id).await?;
        let rows = self.all_rows(&mut unit, &batch).await?;
        let shown = scoring::passed(&rows, self.pass_rules(&subjects))?.len();
        let not_passed = rows.len() - shown;
        let content = NoticeContent::propose(&rows, objection_contact);
        let content_hash = content.hash_over(&rows);
        let proposed = proposal::propose(&mut unit, &locked, caller, OPEN, content_hash, &content);
        let proposal = proposed.await?;
        let fact = BatchFact::PublicNoticeProposed {
            content_hash,
            shown,
            not_passed,
        };
        Self::record_batch(&mut unit, &mut locked, &batch, &fact).await?;
        unit.finish(ProposePublicNoticeResponse {
            proposal: Some(proposal),
            shown: count(shown)?,
            not_passed: count(not_passed)?,
        })
        .await
    }

    /// Second person: ends the scoring, and shows those who passed. Where nobody did there is nothing
    /// to show, to review or to certify: then this is the end of the batch, without a notice.
    pub async fn open_public_notice(
        &self,
        caller: &Caller,
        request: &OpenPublicNoticeRequest,
        batch: BatchId,
        stated: Stated,
    ) -> Result<OpenPublicNoticeResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, batch) = lock_batch(&mut unit, &caller.scope(), batch).await?;
        let subjects = store::batch::subjects(unit.connection(), batch.id).await?;
        let rows = self.all_rows(&mut unit, &batch).await?;
        let current = |content: &NoticeContent| content.hash_over(&rows);
        let confirmed = proposal::confirm(&mut unit, &locked, caller, OPEN, stated, current);
        let content: NoticeContent = confirmed.await?.content;

        let rules = self.pass_rules(&subjects);
        let passed = scoring::passed(&rows, rules)?;
        let showcase = Showcase {
            kind: NoticeKind::Results,
            batch: &batch,
            subjects: &subjects,
            passed: &passed,
            objection_contact: &content.objection_contact,
        };
        let opened = self.show(&mut unit, showcase).await?;
        let fact = closed(opened.as_ref(), passed.len(), rows.len());
        let showing = opened.as_ref().map(Opened::showing);
        let changes = scoring::close(rows, rules, showing)?;
        self.save_rows(&mut unit, &batch, changes).await?;
        Self::record_batch(&mut unit, &mut locked, &batch, &fact).await?;
        let counts = store::batch::counts(unit.connection(), batch.id).await?;
        let public_notice = opened.as_ref().map(Opened::message).transpose()?;
        unit.finish(OpenPublicNoticeResponse {
            public_notice,
            batch: Some(show::batch(&batch, &counts)),
        })
        .await
    }

    /// Opens a notice of the rows that passed, if any did.
    pub(super) async fn show(
        &self,
        unit: &mut Unit,
        showcase: Showcase<'_>,
    ) -> Result<Option<Opened>> {
        let Showcase { batch, passed, .. } = showcase;
        if passed.is_empty() {
            return Ok(None);
        }
        let opened_on = unit.today();
        let reference = unit.reference().await?;
        let pilot = reference.pilot_on(opened_on);
        let full_names = if pilot.result_notice_full_names {
            self.full_names(unit, passed).await?
        } else {
            HashMap::new()
        };
        let sittings = store::batch::sittings(unit.connection(), batch.id).await?;
        let exhibit = Exhibit {
            kind: showcase.kind,
            batch,
            subjects: showcase.subjects,
            sittings: &sittings,
            full_names: &full_names,
            objection_contact: showcase.objection_contact,
            opened_on,
        };
        let snapshot = Snapshot::of(exhibit, passed);
        let id = PublicNoticeId::from_uuid(Uuid::now_v7());
        let notice = snapshot.open(id, &reference.calendar, &pilot)?;
        store::notice::insert(unit.connection(), batch, &notice, &snapshot).await?;
        Ok(Some(Opened { notice, snapshot }))
    }

    async fn full_names(
        &self,
        unit: &mut Unit,
        passed: &[&CandidateResult],
    ) -> Result<HashMap<ResultId, String>> {
        let ids: Vec<_> = passed.iter().map(|row| row.id).collect();
        let vault = self.journal.vault();
        let people = store::person::load(unit.connection(), vault, &ids).await?;
        let named = people.into_iter();
        Ok(named
            .map(|(id, person)| (id, person.name.reveal().to_owned()))
            .collect())
    }

    pub(super) fn pass_rules<'a>(&self, subjects: &'a [Subject]) -> PassRules<'a> {
        PassRules {
            subjects,
            mark: self.rules.pass_mark,
        }
    }

    /// Every row of a batch.
    pub(super) async fn all_rows(
        &self,
        unit: &mut Unit,
        batch: &Batch,
    ) -> Result<Vec<CandidateResult>> {
        let vault = self.journal.vault();
        store::result::select(unit.connection(), vault, batch, Filter::default()).await
    }
}

/// How the scoring of so many candidates ended.
fn closed(opened: Option<&Opened>, shown: usize, candidates: usize) -> BatchFact {
    let not_passed = candidates - shown;
    match opened {
        None => BatchFact::NobodyPassed { not_passed },
        Some(Opened { notice, .. }) => BatchFact::PublicNoticeOpened {
            notice: notice.id(),
            ends_on: notice.period().date,
            calendar_version: notice.period().calendar_version.to_string(),
            snapshot_hash: notice.snapshot_hash(),
            shown,
            not_passed,
        },
    }
}
