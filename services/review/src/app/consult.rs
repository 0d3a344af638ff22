//! Work elsewhere: a centre recommends, the cities concerned answer, and all of them read it.

use std::sync::Arc;

use kernel::division::DivisionCode;
use kernel::ids::{ConsultationId, OrganizationId};
use platform::access::{Caller, Scope};
use platform::crypto::Vault;
use platform::facts::Locked;
use platform::unit::{Begun, Unit};
use platform::{Error, Result};
use proto::review::v1 as review;

use super::{App, CONSULTATION, Today};
use crate::domain::Context;
use crate::domain::consultation::refusal::ConsultationRejection;
use crate::domain::consultation::{
    Consultation, ConsultationFact, Recommendation, Registered, Texts,
};
use crate::events::ConsultationRecord;
use crate::{messages, store};

/// One consultation under lock, with what was written about it.
pub(super) struct Consulted {
    vault: Arc<Vault>,
    pub(super) locked: Locked,
    pub(super) consultation: Consultation,
    pub(super) texts: Texts,
}

impl Consulted {
    /// Locks a consultation that is in scope and loads it.
    pub(super) async fn open(
        app: &App,
        unit: &mut Unit,
        scope: &Scope,
        id: ConsultationId,
    ) -> Result<Self> {
        let vault = Arc::clone(app.journal.vault());
        let locked = unit.lock(CONSULTATION, id.uuid()).await?;
        let consultation = store::consultation::find(unit.connection(), scope, id).await?;
        let texts = store::consultation::texts(unit.connection(), &vault, id).await?;
        Ok(Self {
            vault,
            locked,
            consultation,
            texts,
        })
    }

    /// Changes the consultation by what was decided, saves it and records what happened.
    pub(super) async fn take(&mut self, unit: &mut Unit, facts: &[ConsultationFact]) -> Result<()> {
        self.consultation.apply_all(facts);
        let (consultation, texts) = (&self.consultation, &self.texts);
        store::consultation::save(unit.connection(), &self.vault, consultation, texts).await?;
        let recorded = ConsultationRecord::all(consultation, facts);
        unit.record(&mut self.locked, &recorded).await
    }

    /// The consultation as messages write it.
    pub(super) fn message(&self) -> review::Consultation {
        messages::consultation(&self.consultation, self.texts.clone())
    }
}

impl App {
    /// A centre recommends an organisation, after asking the registry about its rights.
    pub(crate) async fn recommend_organization(
        &self,
        caller: &Caller,
        request: &review::RecommendOrganizationRequest,
        recommendation: Recommendation,
        reasons: String,
    ) -> Result<review::RecommendOrganizationResponse> {
        if let Some(reply) = self.journal.answered(caller, request).await? {
            return Ok(reply);
        }
        let registered = self.recommended(recommendation.organization).await?;
        let cities = self.registry.cities().await?;
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let today = Today::of(&mut unit).await?;
        let context = Context {
            centre: caller.division,
            ..today.context()
        };
        let (consultation, fact) =
            Consultation::recommend(recommendation, registered, &cities, &context)?;
        let id = consultation.id.uuid();
        let mut locked = unit.lock(CONSULTATION, id).await?;
        let texts = Texts {
            reasons,
            ..Texts::default()
        };
        let traceparent = unit.origin().traceparent.clone();
        let vault = self.journal.vault();
        store::consultation::insert(
            unit.connection(),
            vault,
            &consultation,
            &texts,
            &traceparent,
        )
        .await?;
        let facts = [fact];
        let recorded = ConsultationRecord::all(&consultation, &facts);
        unit.record(&mut locked, &recorded).await?;
        let consultation = Some(messages::consultation(&consultation, texts));
        unit.finish(review::RecommendOrganizationResponse { consultation })
            .await
    }

    /// An organisation that is to work elsewhere, as the registry answers.
    pub(super) async fn recommended(&self, organization: OrganizationId) -> Result<Registered> {
        let registered = self.registry.registered(organization).await?;
        registered.ok_or_else(|| Error::refused(ConsultationRejection::OrganizationNotFound))
    }

    /// A city answers for itself.
    pub(crate) async fn answer_consultation(
        &self,
        caller: &Caller,
        request: &review::AnswerConsultationRequest,
        id: ConsultationId,
        city: DivisionCode,
        (agrees, reasons): (bool, String),
    ) -> Result<review::AnswerConsultationResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut consulted = Consulted::open(self, &mut unit, &caller.scope(), id).await?;
        let today = unit.today();
        let fact = consulted.consultation.answer(city, agrees, today)?;
        consulted.texts.about(city).answer = reasons;
        consulted.take(&mut unit, &[fact]).await?;
        let consultation = Some(consulted.message());
        unit.finish(review::AnswerConsultationResponse { consultation })
            .await
    }

    /// One consultation, with what was written about it.
    pub(crate) async fn consultation(
        &self,
        caller: &Caller,
        id: ConsultationId,
    ) -> Result<(Consultation, Texts)> {
        let mut connection = self.journal.pool().acquire().await?;
        let found = store::consultation::find(&mut connection, &caller.scope(), id).await?;
        let texts = store::consultation::texts(&mut connection, self.journal.vault(), id).await?;
        Ok((found, texts))
    }

    /// A page of the consultations in scope, newest first, and where the next page begins.
    pub(crate) async fn consultations(
        &self,
        caller: &Caller,
        before: Option<ConsultationId>,
        size: u32,
    ) -> Result<(Vec<Consultation>, Option<ConsultationId>)> {
        let scope = caller.scope();
        let mut connection = self.journal.pool().acquire().await?;
        let mut ids = store::consultation::page(&mut connection, &scope, before, size + 1).await?;
        let more = ids.len() > size as usize;
        ids.truncate(size as usize);
        let next = ids.last().filter(|_| more);
        let next = next.map(|id| ConsultationId::from_uuid(*id));
        let mut found = store::consultation::find_all(&mut connection, &scope, &ids).await?;
        found.reverse();
        Ok((found, next))
    }
}
