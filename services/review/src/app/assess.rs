//! The centre's technical assessment: documents, experts, site.

use kernel::ids::ApplicationId;
use platform::Result;
use platform::access::Caller;
use platform::unit::Begun;
use proto::review::v1 as review;
use serde::Serialize;
use uuid::Uuid;

use super::{App, Case, context};
use crate::domain::{
    AssessmentId, AssessmentKind, Command, DocumentCheckItem, ExpertOpinion, SiteVisit,
};
use crate::store;

impl App {
    /// Records a document check.
    pub(crate) async fn record_document_check(
        &self,
        caller: &Caller,
        request: &review::RecordDocumentCheckRequest,
        application: ApplicationId,
        items: &[DocumentCheckItem],
    ) -> Result<review::RecordDocumentCheckResponse> {
        let id = new_id();
        let assessment = (id, AssessmentKind::DocumentCheck);
        let command = Command::RecordDocumentCheck(id, items);
        self.assess(
            caller,
            request,
            application,
            assessment,
            command,
            items,
            |passed| review::RecordDocumentCheckResponse { passed },
        )
        .await
    }

    /// Records an expert panel.
    pub(crate) async fn record_expert_panel(
        &self,
        caller: &Caller,
        request: &review::RecordExpertPanelRequest,
        application: ApplicationId,
        opinions: &[ExpertOpinion],
    ) -> Result<review::RecordExpertPanelResponse> {
        let id = new_id();
        let assessment = (id, AssessmentKind::ExpertPanel);
        let command = Command::RecordExpertPanel(id, opinions);
        self.assess(
            caller,
            request,
            application,
            assessment,
            command,
            opinions,
            |passed| review::RecordExpertPanelResponse { passed },
        )
        .await
    }

    /// Records a site visit.
    pub(crate) async fn record_site_visit(
        &self,
        caller: &Caller,
        request: &review::RecordSiteVisitRequest,
        application: ApplicationId,
        visit: &SiteVisit,
    ) -> Result<review::RecordSiteVisitResponse> {
        let id = new_id();
        let assessment = (id, AssessmentKind::SiteVisit);
        let command = Command::RecordSiteVisit(id, visit);
        self.assess(
            caller,
            request,
            application,
            assessment,
            command,
            visit,
            |_| review::RecordSiteVisitResponse {},
        )
        .await
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "what the three have in common, and what not"
    )]
    async fn assess<C, P, R>(
        &self,
        caller: &Caller,
        request: &C,
        application: ApplicationId,
        (id, kind): (AssessmentId, AssessmentKind),
        command: Command<'_>,
        particulars: &P,
        reply: impl FnOnce(bool) -> R,
    ) -> Result<R>
    where
        C: proto::Command,
        P: Serialize + ?Sized,
        R: prost::Message + Default,
    {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = Case::open(&mut unit, &caller.scope(), application).await?;
        case.act(&mut unit, command).await?;
        let (vault, today) = (self.journal.vault(), context(&unit).today);
        let connection = unit.connection();
        store::assessment::insert(
            connection,
            vault,
            application,
            (id, kind),
            today,
            particulars,
        )
        .await?;
        let passed = case
            .application
            .assessments
            .of(kind)
            .is_some_and(|newest| newest.passed);
        unit.finish(reply(passed)).await
    }
}

fn new_id() -> AssessmentId {
    AssessmentId::from_uuid(Uuid::now_v7())
}
