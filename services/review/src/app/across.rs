//! The province decides about work elsewhere, and about its end: two persons each.

use kernel::ids::ConsultationId;
use kernel::two_persons::Stated;
use platform::access::Caller;
use platform::unit::Begun;
use platform::{Result, proposal};
use proto::review::v1 as review;

use super::App;
use super::consult::Consulted;
use crate::domain::consultation::{AreaDecision, Ending, Registered, grants};

/// What is proposed and confirmed.
const DECIDE: &str = "decide_cross_area";
/// See [`DECIDE`].
const END: &str = "end_cross_area";

impl App {
    /// First person: what is to be decided about each city.
    pub(crate) async fn propose_cross_area_decision(
        &self,
        caller: &Caller,
        request: &review::ProposeCrossAreaDecisionRequest,
        id: ConsultationId,
        decisions: Vec<AreaDecision>,
    ) -> Result<review::ProposeCrossAreaDecisionResponse> {
        if let Some(reply) = self.journal.answered(caller, request).await? {
            return Ok(reply);
        }
        let registered = if grants(&decisions) {
            Some(self.consulted_about(caller, id).await?)
        } else {
            None
        };
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut consulted = Consulted::open(self, &mut unit, &caller.scope(), id).await?;
        let today = unit.today();
        let consultation = &consulted.consultation;
        let fact = consultation.propose_decision(&decisions, registered.as_ref(), today)?;
        let hash = consulted.consultation.content_hash(&decisions);
        consulted.take(&mut unit, &[fact]).await?;
        let locked = &consulted.locked;
        let proposal =
            proposal::propose(&mut unit, locked, caller, DECIDE, hash, &decisions).await?;
        let proposal = Some(proposal);
        unit.finish(review::ProposeCrossAreaDecisionResponse { proposal })
            .await
    }

    /// Second person: the decision holds from today on.
    pub(crate) async fn confirm_cross_area_decision(
        &self,
        caller: &Caller,
        request: &review::ConfirmCrossAreaDecisionRequest,
        id: ConsultationId,
        stated: Stated,
    ) -> Result<review::ConfirmCrossAreaDecisionResponse> {
        if let Some(reply) = self.journal.answered(caller, request).await? {
            return Ok(reply);
        }
        // Whether that matters shows what was proposed.
        let asked = self.consulted_about(caller, id).await;
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut consulted = Consulted::open(self, &mut unit, &caller.scope(), id).await?;
        let Consulted {
            locked,
            consultation,
            texts,
            ..
        } = &mut consulted;
        let current = |decisions: &Vec<AreaDecision>| consultation.content_hash(decisions);
        let confirmed = proposal::confirm(&mut unit, locked, caller, DECIDE, stated, current);
        let decisions = confirmed.await?.content;
        let registered = if grants(&decisions) {
            Some(asked?)
        } else {
            None
        };
        let facts = consultation.decide(&decisions, registered.as_ref(), unit.today())?;
        for decision in decisions {
            texts.about(decision.division).decision = decision.reasons;
        }
        consulted.take(&mut unit, &facts).await?;
        let consultation = Some(consulted.message());
        unit.finish(review::ConfirmCrossAreaDecisionResponse { consultation })
            .await
    }

    /// What the registry says today of the organisation that a consultation is about.
    async fn consulted_about(&self, caller: &Caller, id: ConsultationId) -> Result<Registered> {
        let (consultation, _) = self.consultation(caller, id).await?;
        self.recommended(consultation.organization).await
    }

    /// First person: work in a city is to end.
    pub(crate) async fn propose_cross_area_ending(
        &self,
        caller: &Caller,
        request: &review::ProposeCrossAreaEndingRequest,
        id: ConsultationId,
        ending: Ending,
    ) -> Result<review::ProposeCrossAreaEndingResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut consulted = Consulted::open(self, &mut unit, &caller.scope(), id).await?;
        let today = unit.today();
        let fact = consulted.consultation.propose_ending(&ending, today)?;
        let hash = consulted.consultation.content_hash(&ending);
        consulted.take(&mut unit, &[fact]).await?;
        let locked = &consulted.locked;
        let proposal = proposal::propose(&mut unit, locked, caller, END, hash, &ending).await?;
        let proposal = Some(proposal);
        unit.finish(review::ProposeCrossAreaEndingResponse { proposal })
            .await
    }

    /// Second person: it ends.
    pub(crate) async fn confirm_cross_area_ending(
        &self,
        caller: &Caller,
        request: &review::ConfirmCrossAreaEndingRequest,
        id: ConsultationId,
        stated: Stated,
    ) -> Result<review::ConfirmCrossAreaEndingResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut consulted = Consulted::open(self, &mut unit, &caller.scope(), id).await?;
        let Consulted {
            locked,
            consultation,
            texts,
            ..
        } = &mut consulted;
        let current = |ending: &Ending| consultation.content_hash(ending);
        let confirmed = proposal::confirm(&mut unit, locked, caller, END, stated, current);
        let ending = confirmed.await?.content;
        let fact = consultation.end(&ending, unit.today())?;
        texts.about(ending.division).ending = ending.reasons;
        consulted.take(&mut unit, &[fact]).await?;
        let consultation = Some(consulted.message());
        unit.finish(review::ConfirmCrossAreaEndingResponse { consultation })
            .await
    }
}
