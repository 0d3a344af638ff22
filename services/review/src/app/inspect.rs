//! Inspections: planned and committed to, frozen, drawn, and drawn anew.

use std::collections::BTreeMap;

use kernel::content_hash::ContentHash;
use kernel::division::DivisionCode;
use kernel::draw::Seed;
use kernel::ids::{InspectionId, OrganizationId, PersonId};
use platform::access::{Caller, Role, Scope};
use platform::crypto::{Place, Vault};
use platform::facts::Locked;
use platform::unit::{Begun, Unit};
use platform::{Error, Result};
use proto::review::v1 as review;
use uuid::Uuid;

use super::registry::PoolKind;
use super::{App, INSPECTION, MATTER_LIST, THE_ONE, Today};
use crate::domain::PoolMember;
use crate::domain::inspection::refusal::InspectionRejection;
use crate::domain::inspection::{
    Frozen, Inspection, InspectionFact, Matter, MatterList, Redraw, Since, Wanted,
};
use crate::events::InspectionRecord;
use crate::{messages, store};

impl App {
    /// Publishes a new edition of the list of matters.
    pub(crate) async fn publish_matter_list(
        &self,
        caller: &Caller,
        request: &review::PublishMatterListRequest,
        matters: Vec<Matter>,
    ) -> Result<review::PublishMatterListResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut locked = unit.lock(MATTER_LIST, THE_ONE).await?;
        let newest = store::matter_list::find(unit.connection(), None).await?;
        let newest = newest.map(|list| list.edition);
        let (list, fact) = MatterList::next(matters, newest, unit.today());
        store::matter_list::insert(unit.connection(), &list).await?;
        unit.record(&mut locked, &[fact]).await?;
        let matter_list = Some(messages::matter_list(&list));
        unit.finish(review::PublishMatterListResponse { matter_list })
            .await
    }

    /// Plans an inspection and commits to the seed of its draw.
    pub(crate) async fn plan_inspection(
        &self,
        caller: &Caller,
        request: &review::PlanInspectionRequest,
        wanted: Wanted,
    ) -> Result<review::PlanInspectionResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let centre = caller
            .centre()
            .ok_or_else(|| Error::refused(InspectionRejection::NotFound))?;
        let id = InspectionId::from_uuid(Uuid::now_v7());
        let mut locked = unit.lock(INSPECTION, id.uuid()).await?;
        let list = store::matter_list::find(unit.connection(), None).await?;
        let today = Today::of(&mut unit).await?;
        let seed = WaitingSeed::random(unit.vault(), id);
        let commitment = seed.commitment;
        let context = today.context();
        let (inspection, fact) =
            Inspection::plan(id, centre, wanted, list.as_ref(), commitment, &context)?;
        store::inspection::insert(unit.connection(), &inspection, &seed.sealed).await?;
        let division = inspection.division;
        let fact = &fact;
        unit.record(&mut locked, &[InspectionRecord { division, fact }])
            .await?;
        let inspection = Some(messages::inspection(&inspection));
        unit.finish(review::PlanInspectionResponse { inspection })
            .await
    }

    /// Reveals the seed that waits, and draws.
    pub(crate) async fn draw_inspection(
        &self,
        caller: &Caller,
        request: &review::DrawInspectionRequest,
        id: InspectionId,
    ) -> Result<review::DrawInspectionResponse> {
        if let Some(reply) = self.journal.answered(caller, request).await? {
            return Ok(reply);
        }
        let pool = self.inspectors_of(caller, id).await?;
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut inspected = Inspected::open(&mut unit, caller, id).await?;
        let seed = inspected.reveal(&mut unit).await?;
        let since = Since {
            times_drawn: inspected.times_drawn(&mut unit).await?,
            pool: &pool,
        };
        let fact = inspected
            .inspection
            .draw(seed, &since, &inspected.today.context())?;
        inspected.take(&mut unit, &fact, None).await?;
        let Inspected {
            inspection, today, ..
        } = &inspected;
        store::inspection::set_drawn(unit.connection(), inspection, today.date).await?;
        let inspection = Some(messages::inspection(inspection));
        unit.finish(review::DrawInspectionResponse { inspection })
            .await
    }

    /// Orders a redraw and commits to its seed.
    pub(crate) async fn order_redraw(
        &self,
        caller: &Caller,
        request: &review::OrderRedrawRequest,
        id: InspectionId,
        redraw: Redraw,
    ) -> Result<review::OrderRedrawResponse> {
        if let Some(reply) = self.journal.answered(caller, request).await? {
            return Ok(reply);
        }
        let pool = self.inspectors_of(caller, id).await?;
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut inspected = Inspected::open(&mut unit, caller, id).await?;
        let seed = WaitingSeed::random(unit.vault(), id);
        let (commitment, context) = (seed.commitment, inspected.today.context());
        let fact = inspected
            .inspection
            .order_redraw(redraw, commitment, &pool, &context)?;
        inspected.take(&mut unit, &fact, Some(&seed.sealed)).await?;
        let inspection = Some(messages::inspection(&inspected.inspection));
        unit.finish(review::OrderRedrawResponse { inspection })
            .await
    }

    /// Asks the registry who may inspect today. The list was frozen earlier, maybe with inspectors
    /// whom the province lends.
    async fn inspectors_of(&self, caller: &Caller, id: InspectionId) -> Result<Vec<PoolMember>> {
        let mut connection = self.journal.pool().acquire().await?;
        let inspection = store::inspection::find(&mut connection, &caller.scope(), id).await?;
        inspection.is_of(caller.centre())?;
        drop(connection);
        let (kind, division) = (PoolKind::Inspector, inspection.division);
        self.registry
            .pools(kind, division, true, self.today()?)
            .await
    }

    /// Gives an inspection up.
    pub(crate) async fn cancel_inspection(
        &self,
        caller: &Caller,
        request: &review::CancelInspectionRequest,
        id: InspectionId,
        reason: String,
    ) -> Result<review::CancelInspectionResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut inspected = Inspected::open(&mut unit, caller, id).await?;
        let fact = inspected.inspection.cancel(reason, inspected.today.date)?;
        inspected.take(&mut unit, &fact, None).await?;
        let inspection = Some(messages::inspection(&inspected.inspection));
        unit.finish(review::CancelInspectionResponse { inspection })
            .await
    }

    /// An inspection, as everybody may see it.
    pub(crate) async fn inspection(&self, id: InspectionId) -> Result<Inspection> {
        let mut connection = self.journal.pool().acquire().await?;
        store::inspection::find(&mut connection, &Scope::Province, id).await
    }

    /// A page of inspections, newest first, and where the next page begins.
    pub(crate) async fn inspections(
        &self,
        division: Option<DivisionCode>,
        before: Option<InspectionId>,
        size: u32,
    ) -> Result<(Vec<Inspection>, Option<InspectionId>)> {
        let mut connection = self.journal.pool().acquire().await?;
        let mut ids = store::inspection::page(&mut connection, division, before, size + 1).await?;
        let more = ids.len() > size as usize;
        ids.truncate(size as usize);
        let next = ids.last().filter(|_| more);
        let next = next.map(|id| InspectionId::from_uuid(*id));
        let mut found =
            store::inspection::find_all(&mut connection, &Scope::Province, &ids).await?;
        found.reverse();
        Ok((found, next))
    }

    /// An edition of the list of matters, or the newest.
    pub(crate) async fn matter_list(&self, edition: Option<u32>) -> Result<Option<MatterList>> {
        let mut connection = self.journal.pool().acquire().await?;
        store::matter_list::find(&mut connection, edition).await
    }
}

/// An inspection under lock.
pub(super) struct Inspected {
    locked: Locked,
    pub(super) inspection: Inspection,
    pub(super) today: Today,
}

impl Inspected {
    /// Locks an inspection for the centre that planned it.
    pub(super) async fn open(unit: &mut Unit, caller: &Caller, id: InspectionId) -> Result<Self> {
        let inspected = Self::load(unit, &caller.scope(), id).await?;
        inspected.inspection.is_of(caller.centre())?;
        Ok(inspected)
    }

    /// Locks an inspection for its centre, or for an inspector who was drawn for the organisation.
    /// One whom the province lends is of another area: what counts is the draw.
    pub(super) async fn open_for_result(
        unit: &mut Unit,
        caller: &Caller,
        id: InspectionId,
        organization: OrganizationId,
    ) -> Result<Self> {
        if caller.role != Role::Inspector {
            return Self::open(unit, caller, id).await;
        }
        let inspected = Self::load(unit, &Scope::Province, id).await?;
        let inspection = &inspected.inspection;
        let person = PersonId::parse(&caller.subject).ok();
        let person = person.filter(|person| inspection.has_inspector(*person));
        let person = person.ok_or_else(|| Error::refused(InspectionRejection::NotFound))?;
        inspection.is_inspected_by(organization, person)?;
        Ok(inspected)
    }

    async fn load(unit: &mut Unit, scope: &Scope, id: InspectionId) -> Result<Self> {
        let locked = unit.lock(INSPECTION, id.uuid()).await?;
        let found = store::inspection::find(unit.connection(), scope, id).await;
        Ok(Self {
            locked,
            inspection: found?,
            today: Today::of(unit).await?,
        })
    }

    /// Changes the inspection by what happened, and keeps it with the sealed seed that waits.
    pub(super) async fn take(
        &mut self,
        unit: &mut Unit,
        fact: &InspectionFact,
        seed: Option<&[u8]>,
    ) -> Result<()> {
        self.inspection.apply(fact);
        store::inspection::save(unit.connection(), &self.inspection, seed).await?;
        let division = self.inspection.division;
        unit.record(&mut self.locked, &[InspectionRecord { division, fact }])
            .await
    }

    /// Takes the lists that were frozen beside the fact. The seed waits on.
    pub(super) async fn freeze(
        &mut self,
        unit: &mut Unit,
        frozen: Frozen,
        fact: &InspectionFact,
    ) -> Result<()> {
        self.inspection.frozen = Some(frozen);
        let id = self.inspection.id;
        let seed = store::inspection::waiting_seed(unit.connection(), id).await?;
        self.take(unit, fact, seed.as_deref()).await
    }

    /// How often the listed organisations were drawn this year; until the unit ends nobody else
    /// draws them.
    async fn times_drawn(&self, unit: &mut Unit) -> Result<BTreeMap<OrganizationId, u32>> {
        let lists = self.inspection.frozen.as_ref().map(Frozen::lists);
        let listed = lists.iter().flat_map(|lists| &lists.organizations);
        let ids: Vec<_> = listed.map(|it| it.organization_id.uuid()).collect();
        store::evaluation_organization::lock(unit.connection(), &ids).await?;
        let year = self.today.date.year();
        store::inspection::times_drawn(unit.connection(), &ids, year).await
    }

    /// The seed that waits. Without one the inspection is where nothing is drawn.
    async fn reveal(&self, unit: &mut Unit) -> Result<Seed> {
        let id = self.inspection.id;
        let sealed = store::inspection::waiting_seed(unit.connection(), id).await?;
        let sealed = sealed.ok_or_else(|| Error::refused(self.inspection.wrong_state()))?;
        let plain = unit.vault().unseal(place(id), &sealed).await?;
        let bytes = <[u8; 32]>::try_from(plain.as_slice());
        Ok(Seed::from_bytes(bytes.map_err(anyhow::Error::from)?))
    }
}

/// A seed that nobody knows until it is revealed.
struct WaitingSeed {
    commitment: ContentHash,
    sealed: Vec<u8>,
}

impl WaitingSeed {
    fn random(vault: &Vault, id: InspectionId) -> Self {
        let bytes = rand::random::<[u8; 32]>();
        Self {
            commitment: Seed::from_bytes(bytes).commitment(),
            sealed: vault.seal(place(id), &bytes),
        }
    }
}

fn place(id: InspectionId) -> Place {
    Place {
        table: "inspection",
        row: id.uuid(),
        column: "seed",
    }
}
