//! Measures on organisations, decided by two persons; the registry applies them.

use std::collections::BTreeSet;

use kernel::division::DivisionCode;
use kernel::ids::{MeasureId, OrganizationId, RightId};
use kernel::measure::{Measure, MeasureOrder};
use kernel::two_persons::Stated;
use platform::access::{Caller, Scope};
use platform::unit::{Begun, Unit};
use platform::{Error, Result, proposal};
use proto::review::v1 as review;
use uuid::Uuid;

use super::{App, MEASURE};
use crate::domain::consultation::HeldRight;
use crate::domain::{MeasuringRejection, OrganizationMeasure, Origin};
use crate::{messages, store};

/// What is proposed and confirmed.
const TAKE: &str = "take_measure";

/// A measure as somebody proposes it.
pub(crate) struct ProposedMeasure {
    /// The organisation.
    pub(crate) organization: OrganizationId,
    /// What it follows from.
    pub(crate) origin: Origin,
    /// The measure.
    pub(crate) order: MeasureOrder,
    /// Why, in words.
    pub(crate) reason: String,
}

impl App {
    /// First person: proposes a measure.
    pub(crate) async fn propose_measure(
        &self,
        caller: &Caller,
        request: &review::ProposeMeasureRequest,
        proposed: ProposedMeasure,
    ) -> Result<review::ProposeMeasureResponse> {
        if let Some(reply) = self.journal.answered(caller, request).await? {
            return Ok(reply);
        }
        let rights = self
            .rights_asked_about(proposed.organization, &proposed.order)
            .await?;
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let ProposedMeasure {
            organization,
            origin,
            order,
            reason,
        } = proposed;
        let decided_by = filing_division(&mut unit, &caller.scope(), organization).await?;
        let id = MeasureId::from_uuid(Uuid::now_v7());
        let mut locked = unit.lock(MEASURE, id.uuid()).await?;
        let cause = store::measure::cause(unit.connection(), origin, organization).await?;
        let measure = OrganizationMeasure {
            id,
            organization,
            origin,
            order,
            decided_by,
            decided_on: None,
        };
        let today = unit.today();
        let (measure, fact) = measure.propose(&reason, caller.centre(), cause, &rights, today)?;
        let vault = self.journal.vault();
        store::measure::insert(unit.connection(), vault, &measure, &reason).await?;
        unit.record(&mut locked, &[fact]).await?;
        let hash = measure.content_hash(&reason);
        let proposal = proposal::propose(&mut unit, &locked, caller, TAKE, hash, &()).await?;
        unit.finish(review::ProposeMeasureResponse {
            measure: Some(messages::measure(&measure, reason)),
            proposal: Some(proposal),
        })
        .await
    }

    /// The rights that an organisation has on the first day of a measure, where that is about some
    /// of them.
    async fn rights_asked_about(
        &self,
        organization: OrganizationId,
        order: &MeasureOrder,
    ) -> Result<BTreeSet<RightId>> {
        let Measure::Suspension { rights, .. } = &order.measure else {
            return Ok(BTreeSet::new());
        };
        if rights.is_empty() {
            return Ok(BTreeSet::new());
        }
        let registered = self.registry.registered(organization).await?;
        let rights = registered.map(|registered| registered.rights);
        let rights = rights.into_iter().flatten();
        let lasts = |right: &HeldRight| {
            let until = right.valid_until;
            until.is_none_or(|until| order.effective_on <= until)
        };
        Ok(rights.filter(lasts).map(|right| right.right_id).collect())
    }

    /// Second person: confirms it.
    pub(crate) async fn confirm_measure(
        &self,
        caller: &Caller,
        request: &review::ConfirmMeasureRequest,
        id: MeasureId,
        stated: Stated,
    ) -> Result<review::ConfirmMeasureResponse> {
        if let Some(reply) = self.journal.answered(caller, request).await? {
            return Ok(reply);
        }
        let (known, _) = self.measure(caller, id).await?;
        let rights = self
            .rights_asked_about(known.organization, &known.order)
            .await?;
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut locked = unit.lock(MEASURE, id.uuid()).await?;
        let (vault, scope) = (self.journal.vault(), caller.scope());
        let found = store::measure::find(unit.connection(), vault, &scope, id).await;
        let (mut measure, reason) = found?;
        let OrganizationMeasure {
            organization,
            origin,
            ..
        } = measure;
        let cause = store::measure::cause(unit.connection(), origin, organization).await?;
        let today = unit.today();
        let fact = measure.decide(caller.centre(), cause, &rights, today)?;
        let hash = measure.content_hash(&reason);
        let current = |(): &()| hash;
        proposal::confirm(&mut unit, &locked, caller, TAKE, stated, current).await?;
        measure.apply(&fact);
        store::measure::save(unit.connection(), &measure).await?;
        unit.record(&mut locked, &[fact]).await?;
        let measure = Some(messages::measure(&measure, reason));
        unit.finish(review::ConfirmMeasureResponse { measure })
            .await
    }

    /// A measure with its reason.
    pub(crate) async fn measure(
        &self,
        caller: &Caller,
        id: MeasureId,
    ) -> Result<(OrganizationMeasure, String)> {
        let (vault, scope) = (self.journal.vault(), caller.scope());
        let mut connection = self.journal.pool().acquire().await?;
        store::measure::find(&mut connection, vault, &scope, id).await
    }

    /// A page of measures, newest first, and where the next page begins.
    pub(crate) async fn measures(
        &self,
        caller: &Caller,
        organization: Option<OrganizationId>,
        before: Option<MeasureId>,
        size: u32,
    ) -> Result<(Vec<OrganizationMeasure>, Option<MeasureId>)> {
        let scope = caller.scope();
        let mut connection = self.journal.pool().acquire().await?;
        let page =
            store::measure::page(&mut connection, &scope, organization, before, size + 1).await;
        let mut page = page?;
        let more = page.len() > size as usize;
        page.truncate(size as usize);
        let next = page.last().filter(|_| more).map(|measure| measure.id);
        Ok((page, next))
    }
}

/// Where an organisation filed that the caller may see.
async fn filing_division(
    unit: &mut Unit,
    scope: &Scope,
    organization: OrganizationId,
) -> Result<DivisionCode> {
    let today = unit.today();
    let known =
        store::evaluation_organization::find(unit.connection(), organization, today).await?;
    let known = known.filter(|known| scope.covers(known.filing_division, organization));
    let known = known.ok_or_else(|| Error::refused(MeasuringRejection::OrganizationNotFound))?;
    Ok(known.filing_division)
}
