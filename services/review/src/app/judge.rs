//! An officer judges what a machine cannot compare.

use kernel::ids::ApplicationId;
use platform::Result;
use platform::access::Caller;
use platform::unit::Begun;
use proto::review::v1 as review;
use uuid::Uuid;

use super::{App, Case};
use crate::domain::{Application, Command, Judgement, JudgementId, JudgementSubject};
use crate::store::judgement::ReasonedJudgement;
use crate::{messages, store};

impl App {
    /// Records a judgement, with its reason.
    pub(crate) async fn record_judgement(
        &self,
        caller: &Caller,
        request: &review::RecordJudgementRequest,
        id: ApplicationId,
        subject: JudgementSubject,
        reason: String,
    ) -> Result<review::RecordJudgementResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = Case::open_seen(&mut unit, caller, id, request.version).await?;
        let judgement = Judgement {
            id: JudgementId::from_uuid(Uuid::now_v7()),
            met: request.met,
        };
        case.act(&mut unit, Command::RecordJudgement(subject, judgement))
            .await?;
        let reasoned = ReasonedJudgement {
            subject,
            judgement,
            reason,
            recorded_on: unit.origin().occurred_at.date(),
        };
        let vault = self.journal.vault();
        store::judgement::insert(unit.connection(), vault, id, &reasoned).await?;
        unit.finish(review::RecordJudgementResponse {
            judgement: Some(messages::judgement(reasoned)),
        })
        .await
    }

    /// An application and its judgements that count.
    pub(crate) async fn judgements(
        &self,
        caller: &Caller,
        id: ApplicationId,
    ) -> Result<(Application, Vec<ReasonedJudgement>)> {
        let mut connection = self.journal.pool().acquire().await?;
        let application = store::application::find(&mut connection, &caller.scope(), id).await?;
        let counting: Vec<_> = application.judgements.ids().map(|id| id.uuid()).collect();
        let vault = self.journal.vault();
        let judgements = store::judgement::find(&mut connection, vault, &counting).await?;
        Ok((application, judgements))
    }
}
