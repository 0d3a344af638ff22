//! Scores that turn out to be wrong: proposed by one person of the organisation, changed by another.

use std::collections::BTreeSet;

use kernel::ids::BatchId;
use kernel::public_notice::{PublicNotice, RowKey, RowState};
use kernel::rejection::Faults;
use kernel::two_persons::Stated;
use kernel::written::Written;
use platform::Result;
use platform::access::Caller;
use platform::proposal;
use platform::unit::{Begun, Unit};
use proto::results::v1::{
    ChangeScoresRequest, ChangeScoresResponse, ProposeScoreChangeRequest,
    ProposeScoreChangeResponse,
};

use super::notice::{Opened, Showcase};
use super::scoring::tickets;
use super::{Results, count, lock_batch};
use crate::domain::batch::BatchFact;
use crate::domain::changing::ScoreChange;
use crate::domain::notice::NoticeKind;
use crate::domain::result::{CandidateResult, ResultState};
use crate::domain::scoring::ScoreEntry;
use crate::show;
use crate::store;
use crate::store::result::Filter;

const CHANGE: &str = "change_scores";

/// What is to be changed, why, and whom to turn to about what is shown then.
pub(crate) struct Wanted {
    pub(crate) entries: Vec<ScoreEntry>,
    pub(crate) reason: Written,
    pub(crate) objection_contact: Written,
}

impl Results {
    /// First person: the right scores.
    pub(crate) async fn propose_score_change(
        &self,
        caller: &Caller,
        request: &ProposeScoreChangeRequest,
        batch: BatchId,
        wanted: &Wanted,
    ) -> Result<ProposeScoreChangeResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, batch) = lock_batch(&mut unit, &caller.scope(), batch).await?;
        let subjects = store::batch::subjects(unit.connection(), batch.id).await?;
        let tickets = tickets(&wanted.entries);
        let named = Filter {
            tickets: Some(&tickets),
            ..Filter::default()
        };
        let vault = self.journal.vault();
        let rows = store::result::select(unit.connection(), vault, &batch, named).await?;
        let held = held(&store::notice::open_of(unit.connection(), &batch).await?);
        let Wanted {
            entries,
            reason,
            objection_contact,
        } = wanted;
        let change = ScoreChange::propose(rows.clone(), entries, &held, reason, objection_contact)?;
        let shown = change.passing(&rows, self.pass_rules(&subjects)).len();
        let not_passed = rows.len() - shown;
        let content_hash = change.hash_over(&rows);
        let proposed = proposal::propose(&mut unit, &locked, caller, CHANGE, content_hash, &change);
        let proposal = proposed.await?;
        let fact = BatchFact::ScoreChangeProposed {
            content_hash,
            shown,
            not_passed,
        };
        Self::record_batch(&mut unit, &mut locked, &batch, &fact).await?;
        unit.finish(ProposeScoreChangeResponse {
            proposal: Some(proposal),
            shown: count(shown)?,
            not_passed: count(not_passed)?,
        })
        .await
    }

    /// Second person: rows that pass with the changed scores are shown for the full time, in a notice
    /// of their own.
    pub async fn change_scores(
        &self,
        caller: &Caller,
        request: &ChangeScoresRequest,
        batch: BatchId,
        stated: Stated,
    ) -> Result<ChangeScoresResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, batch) = lock_batch(&mut unit, &caller.scope(), batch).await?;
        let subjects = store::batch::subjects(unit.connection(), batch.id).await?;
        let rows = self.all_rows(&mut unit, &batch).await?;
        let current = |change: &ScoreChange| change.hash_over(&rows);
        let confirmed = proposal::confirm(&mut unit, &locked, caller, CHANGE, stated, current);
        let confirmed = confirmed.await?;
        let change: ScoreChange = confirmed.content;
        let rows = change.rows_of(rows);
        let notices = store::notice::open_of(unit.connection(), &batch).await?;

        let rules = self.pass_rules(&subjects);
        let passed = change.passing(&rows, rules);
        let showcase = Showcase {
            kind: NoticeKind::ChangedScores,
            batch: &batch,
            subjects: &subjects,
            passed: &passed,
            objection_contact: &change.objection_contact,
        };
        let opened = self.show(&mut unit, showcase).await?;
        let showing = opened.as_ref().map(Opened::showing);
        let fact = BatchFact::ScoresChanged {
            change: confirmed.id,
            notice: showing,
            shown: passed.len(),
            not_passed: rows.len() - passed.len(),
        };
        withdraw(&mut unit, &notices, &rows).await?;
        let held = held(&notices);
        let changes = change.carry_out(confirmed.id, rows, &held, rules, showing)?;
        self.save_rows(&mut unit, &batch, changes).await?;
        Self::record_batch(&mut unit, &mut locked, &batch, &fact).await?;
        let counts = store::batch::counts(unit.connection(), batch.id).await?;
        let public_notice = opened.as_ref().map(Opened::message).transpose()?;
        unit.finish(ChangeScoresResponse {
            public_notice,
            batch: Some(show::batch(&batch, &counts)),
        })
        .await
    }
}

/// Tickets on which an objection is open.
fn held(notices: &[PublicNotice]) -> BTreeSet<String> {
    let held = notices
        .iter()
        .flat_map(|notice| notice.rows_in(RowState::Held));
    held.map(RowKey::to_string).collect()
}

/// Takes rows out of the notices in which they are still shown.
async fn withdraw(
    unit: &mut Unit,
    notices: &[PublicNotice],
    rows: &[CandidateResult],
) -> Result<()> {
    let today = unit.today();
    for notice in notices {
        let (mut after, mut events) = (notice.clone(), Vec::new());
        let here = |row: &&CandidateResult| {
            row.state == ResultState::InPublicNotice && row.public_notice == Some(notice.id())
        };
        for row in rows.iter().filter(here) {
            let key = RowKey::parse(&row.ticket_number).map_err(Faults::from)?;
            let withdrawn = after.withdraw_row(&key)?;
            after.apply_all(&withdrawn);
            events.extend(withdrawn);
        }
        if !events.is_empty() {
            store::notice::save(unit.connection(), &after, &events, today).await?;
        }
    }
    Ok(())
}
