//! Expert panels: planned or convened after the registry was asked who may sit on one, drawn,
//! heard, dissolved.

use std::sync::Arc;

use kernel::draw::Seed;
use kernel::ids::{ApplicationId, PanelId, PersonId};
use platform::access::{Caller, Role, Scope};
use platform::crypto::Vault;
use platform::facts::Locked;
use platform::unit::{Begun, Unit};
use platform::{Error, Result};
use proto::review::v1 as review;
use uuid::Uuid;

use super::registry::PoolKind;
use super::{App, Case, PANEL};
use crate::domain::panel::refusal::PanelRejection;
use crate::domain::panel::{Convening, Panel, PanelFact, PanelState, PanelTexts};
use crate::domain::{Delegation, ExpertOpinion, Particulars, PoolMember, panel};
use crate::events::PanelRecord;
use crate::{messages, store};

/// From whom a panel is drawn or named.
pub(crate) struct Pools {
    /// Whether experts of the province's pool are among them.
    pub(crate) with_province: bool,
    /// Conflicts that were declared, by number in the pool.
    pub(crate) declared: Vec<(String, String)>,
}

/// A panel and its application under lock.
struct Sitting {
    vault: Arc<Vault>,
    case: Case,
    locked: Locked,
    panel: Panel,
    texts: PanelTexts,
}

impl Sitting {
    /// Locks a panel that the caller has a part in: the centre's, or an expert's who is on it. The
    /// application is locked first, as everywhere.
    async fn open(app: &App, unit: &mut Unit, caller: &Caller, id: PanelId) -> Result<Self> {
        let vault = Arc::clone(app.journal.vault());
        let found = find(unit, &vault, caller, id).await?;
        let mut case = Case::open_own(unit, found.application).await?;
        case.centre = match caller.role {
            // An expert is heard on behalf of the centre that convened the panel.
            Role::Expert => Some(found.filing_division),
            _ => caller.centre(),
        };
        let locked = unit.lock(PANEL, id.uuid()).await?;
        let (panel, texts) =
            store::panel::find(unit.connection(), &vault, &Scope::Province, id).await?;
        Ok(Self {
            vault,
            case,
            locked,
            panel,
            texts,
        })
    }

    /// Changes the panel by what was decided, saves it and records what happened.
    async fn take(&mut self, unit: &mut Unit, facts: &[PanelFact]) -> Result<()> {
        self.panel.apply_all(facts);
        let (panel, texts) = (&self.panel, &self.texts);
        store::panel::save(unit.connection(), &self.vault, panel, texts).await?;
        let recorded = PanelRecord::all(panel.filing_division, facts);
        unit.record(&mut self.locked, &recorded).await
    }

    /// What the experts said, as an assessment of the application has it.
    fn particulars(&self) -> Particulars {
        let heard = self.panel.members.iter().filter_map(|member| {
            let number = &member.expert.number;
            member.voice.map(|voice| ExpertOpinion {
                expert_number: number.clone(),
                in_favour: voice.in_favour,
                opinion: panel::text_about(&self.texts.opinions, number).to_owned(),
            })
        });
        Particulars::ExpertPanel(heard.collect())
    }
}

/// A panel as far as the caller has a part in it.
async fn find(unit: &mut Unit, vault: &Vault, caller: &Caller, id: PanelId) -> Result<Panel> {
    let scope = scope_of(caller);
    let (panel, _) = store::panel::find(unit.connection(), vault, &scope, id).await?;
    judge_part(caller, &panel)?;
    Ok(panel)
}

/// Experts sit on panels of other areas, too: what matters is whether they do.
fn scope_of(caller: &Caller) -> Scope {
    match caller.role {
        Role::Expert => Scope::Province,
        _ => caller.scope(),
    }
}

fn judge_part(caller: &Caller, panel: &Panel) -> Result<()> {
    let has_part = caller.role != Role::Expert
        || PersonId::parse(&caller.subject).is_ok_and(|person| panel.has(person));
    if has_part {
        Ok(())
    } else {
        Err(Error::refused(PanelRejection::NotFound))
    }
}

impl App {
    /// Freezes who may be drawn and commits to a seed.
    pub(crate) async fn plan_panel(
        &self,
        caller: &Caller,
        request: &review::PlanPanelRequest,
        application: ApplicationId,
        size: usize,
        pools: Pools,
    ) -> Result<review::PlanPanelResponse> {
        if let Some(reply) = self.journal.answered(caller, request).await? {
            return Ok(reply);
        }
        let convening = self.convening(caller, application, &pools).await?;
        let seed = Seed::from_bytes(rand::random());
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let case = Case::open(&mut unit, caller, application).await?;
        let context = case.context();
        let planned = Panel::plan(&convening, &case.application, size, &seed, &context)?;
        let panel = self.keep(&mut unit, planned, pools, Some(&seed)).await?;
        unit.finish(review::PlanPanelResponse { panel: Some(panel) })
            .await
    }

    /// Convenes experts who are named.
    pub(crate) async fn convene_panel(
        &self,
        caller: &Caller,
        request: &review::ConvenePanelRequest,
        application: ApplicationId,
        named: &[String],
        pools: Pools,
    ) -> Result<review::ConvenePanelResponse> {
        if let Some(reply) = self.journal.answered(caller, request).await? {
            return Ok(reply);
        }
        let convening = self.convening(caller, application, &pools).await?;
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let case = Case::open(&mut unit, caller, application).await?;
        let context = case.context();
        let convened = Panel::convene(&convening, &case.application, named, &context)?;
        let panel = self.keep(&mut unit, convened, pools, None).await?;
        unit.finish(review::ConvenePanelResponse { panel: Some(panel) })
            .await
    }

    /// Asks the registry who may sit on a panel about an application that the caller may see.
    async fn convening(
        &self,
        caller: &Caller,
        application: ApplicationId,
        pools: &Pools,
    ) -> Result<Convening> {
        let mut connection = self.journal.pool().acquire().await?;
        let scope = caller.scope();
        let application = store::application::find(&mut connection, &scope, application).await?;
        drop(connection);
        let today = self.today()?;
        let (kind, division) = (PoolKind::Expert, application.filing_division);
        let lent = pools.with_province;
        let pool = self.registry.pools(kind, division, lent, today).await?;
        let declared = pools.declared.iter().map(|(number, _)| number.clone());
        let applicant = self.registry.applicant(application.organization).await?;
        Ok(Convening {
            id: PanelId::from_uuid(Uuid::now_v7()),
            pool,
            applicant_credit_code: applicant.credit_code.to_string(),
            declared: declared.collect(),
        })
    }

    /// Keeps a panel that was just planned or convened.
    async fn keep(
        &self,
        unit: &mut Unit,
        (panel, fact): (Panel, PanelFact),
        pools: Pools,
        seed: Option<&Seed>,
    ) -> Result<review::Panel> {
        let mut locked = unit.lock(PANEL, panel.id.uuid()).await?;
        let texts = PanelTexts {
            conflicts: pools.declared,
            ..PanelTexts::default()
        };
        let vault = self.journal.vault();
        store::panel::insert(unit.connection(), vault, &panel, &texts, seed).await?;
        let recorded = PanelRecord::all(panel.filing_division, std::slice::from_ref(&fact));
        unit.record(&mut locked, &recorded).await?;
        Ok(messages::panel(&panel, &texts, None))
    }

    /// Draws a panel and reveals the seed.
    pub(crate) async fn draw_panel(
        &self,
        caller: &Caller,
        request: &review::DrawPanelRequest,
        id: PanelId,
    ) -> Result<review::DrawPanelResponse> {
        if let Some(reply) = self.journal.answered(caller, request).await? {
            return Ok(reply);
        }
        let pool = self.serving(caller, id).await?;
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut sitting = Sitting::open(self, &mut unit, caller, id).await?;
        let seed = store::panel::seed(unit.connection(), &sitting.vault, id).await?;
        let seed = seed.ok_or_else(|| Error::refused(PanelRejection::NotPlanned))?;
        let case = &sitting.case;
        let fact = sitting
            .panel
            .draw(seed, &pool, &case.application, &case.context())?;
        sitting.take(&mut unit, &[fact]).await?;
        let panel = messages::panel(&sitting.panel, &sitting.texts, None);
        unit.finish(review::DrawPanelResponse { panel: Some(panel) })
            .await
    }

    /// Excuses an expert; another steps in.
    pub(crate) async fn excuse_expert(
        &self,
        caller: &Caller,
        request: &review::ExcuseExpertRequest,
        id: PanelId,
        number: &str,
        reason: String,
        named: Option<&str>,
    ) -> Result<review::ExcuseExpertResponse> {
        if let Some(reply) = self.journal.answered(caller, request).await? {
            return Ok(reply);
        }
        let pool = self.serving(caller, id).await?;
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut sitting = Sitting::open(self, &mut unit, caller, id).await?;
        let case = &sitting.case;
        let (context, application) = (case.context(), &case.application);
        let fact = sitting
            .panel
            .excuse(number, named, &pool, application, &context)?;
        if let PanelFact::ExpertExcused { number, .. } = &fact {
            sitting.texts.excuses.push((number.clone(), reason));
        }
        sitting.take(&mut unit, &[fact]).await?;
        let panel = messages::panel(&sitting.panel, &sitting.texts, None);
        unit.finish(review::ExcuseExpertResponse { panel: Some(panel) })
            .await
    }

    /// Asks the registry who may sit on a panel today. Its list was frozen earlier, maybe from the
    /// province's pool, too.
    async fn serving(&self, caller: &Caller, id: PanelId) -> Result<Vec<PoolMember>> {
        let mut connection = self.journal.pool().acquire().await?;
        let (vault, scope) = (self.journal.vault(), caller.scope());
        let (panel, _) = store::panel::find(&mut connection, vault, &scope, id).await?;
        drop(connection);
        let (kind, division) = (PoolKind::Expert, panel.filing_division);
        self.registry
            .pools(kind, division, true, self.today()?)
            .await
    }

    /// Records an opinion. With the last one the application has its expert panel.
    pub(crate) async fn record_opinion(
        &self,
        caller: &Caller,
        request: &review::RecordOpinionRequest,
        id: PanelId,
        number: &str,
        opinion: String,
    ) -> Result<review::RecordOpinionResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut sitting = Sitting::open(self, &mut unit, caller, id).await?;
        let by_expert = caller.role == Role::Expert;
        let (panel, context) = (&sitting.panel, sitting.case.context());
        let application = &sitting.case.application;
        if by_expert {
            panel.judge_own(number, &caller.subject)?;
        }
        let facts = panel.hear(number, request.in_favour, by_expert, application, &context)?;
        if let Some(PanelFact::OpinionRecorded { number, .. }) = facts.first() {
            sitting.texts.opinions.push((number.clone(), opinion));
        }
        sitting.take(&mut unit, &facts).await?;
        // A panel that has closed is the application's expert panel from now on.
        if sitting.panel.state == PanelState::Closed {
            let particulars = sitting.particulars();
            let nobody = Delegation::default();
            sitting
                .case
                .assess(&mut unit, &particulars, &nobody)
                .await?;
        }
        let panel = messages::panel(&sitting.panel, &sitting.texts, viewer(caller));
        unit.finish(review::RecordOpinionResponse { panel: Some(panel) })
            .await
    }

    /// Dissolves a panel that has not closed.
    pub(crate) async fn dissolve_panel(
        &self,
        caller: &Caller,
        request: &review::DissolvePanelRequest,
        id: PanelId,
        reason: String,
    ) -> Result<review::DissolvePanelResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut sitting = Sitting::open(self, &mut unit, caller, id).await?;
        let fact = sitting.panel.dissolve(&sitting.case.context())?;
        sitting.texts.dissolution = reason;
        sitting.take(&mut unit, &[fact]).await?;
        let panel = messages::panel(&sitting.panel, &sitting.texts, None);
        unit.finish(review::DissolvePanelResponse { panel: Some(panel) })
            .await
    }

    /// One panel, as far as the caller may see it.
    pub(crate) async fn panel(&self, caller: &Caller, id: PanelId) -> Result<review::Panel> {
        let mut connection = self.journal.pool().acquire().await?;
        let (vault, scope) = (self.journal.vault(), scope_of(caller));
        let (panel, texts) = store::panel::find(&mut connection, vault, &scope, id).await?;
        judge_part(caller, &panel)?;
        Ok(messages::panel(&panel, &texts, viewer(caller)))
    }
}

/// An expert who sees nobody's opinion but the own.
fn viewer(caller: &Caller) -> Option<PersonId> {
    match caller.role {
        Role::Expert => PersonId::parse(&caller.subject).ok(),
        _ => None,
    }
}
