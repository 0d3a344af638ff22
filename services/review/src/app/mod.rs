//! The use cases: load, decide, save, record, remember the reply.
//!
//! Each is one unit of work on one application under lock ([`Case`]); reports are on several.
//! Neighbours are asked and files are taken in before the unit begins: there is no network call
//! inside.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::ApplicationId;
use kernel::pilot::Pilot;
use kernel::reference::Reference;
use kernel::working_day::{Deadline, DeadlineRule, YearWithoutData};
use platform::Result;
use platform::access::{Caller, Scope};
use platform::facts::Locked;
use platform::unit::{Journal, Unit};
use uuid::Uuid;

use crate::domain::{Application, Command, Context, Fact, Holdings};
use crate::events::ApplicationFact;
use crate::store;

mod across;
mod alerts;
mod apply;
mod assess;
mod complain;
mod conclude;
mod consult;
mod draft;
mod due;
mod file;
mod files;
mod freeze;
mod inspect;
mod inspected;
mod judge;
mod lapse;
mod measures;
mod notices;
mod object;
mod organizations;
mod panel;
mod print;
mod read;
mod record;
mod registry;
mod reject;
mod report;
mod round;
mod select;
mod silence;
mod submit;
mod watch;

pub use conclude::PublicNoticeSweep;
pub use due::DueSweep;
pub use files::{MaterialSweep, Materials};
pub use print::Press;
pub use registry::Registry;
pub use silence::SilenceSweep;

pub(crate) use apply::Returns;
pub(crate) use complain::Complaint;
pub(crate) use draft::Draft;
pub(crate) use file::{Heard, Registered, ToldRight};
pub(crate) use files::{Download, PhotoUpload, Upload};
pub(crate) use measures::ProposedMeasure;
pub(crate) use object::{Lead, Objection};
pub(crate) use panel::Pools;
pub(crate) use read::ApplicationView;
pub(crate) use record::Assessments;
pub(crate) use report::Found;
pub(crate) use round::RoundProgress;

/// Aggregate kind of applications.
const APPLICATION: &str = "application";
/// Aggregate kind of cities' reports.
const CITY_REPORT: &str = "city_report";
/// Aggregate kind of expert panels.
const PANEL: &str = "panel";
/// Aggregate kind of consultations.
const CONSULTATION: &str = "consultation";
/// Aggregate kind of inspections.
const INSPECTION: &str = "inspection";
/// Aggregate kind of the list of matters.
const MATTER_LIST: &str = "matter_list";
/// Aggregate kind of risk alerts.
const ALERT: &str = "alert";
/// Aggregate kind of measures on organisations.
const MEASURE: &str = "measure";
/// Id of an aggregate of which there is one.
const THE_ONE: Uuid = Uuid::nil();
/// Aggregate kind of rounds.
const ROUND: &str = "round";

/// What all use cases work with. Cheap to clone.
#[derive(Clone)]
pub struct App {
    journal: Journal,
    registry: Registry,
    materials: Materials,
    press: Press,
    objection_contacts: Arc<BTreeMap<DivisionCode, String>>,
}

impl App {
    /// The use cases over a journal, the registry, a place for files, a press, and what public
    /// notices say about where objections go, by the authority that decided.
    pub fn new(
        journal: Journal,
        registry: Registry,
        materials: Materials,
        press: Press,
        objection_contacts: BTreeMap<DivisionCode, String>,
    ) -> Self {
        Self {
            journal,
            registry,
            materials,
            press,
            objection_contacts: Arc::new(objection_contacts),
        }
    }

    /// Calendar and pilot parameters, for reading.
    pub(crate) async fn reference(&self) -> Result<Arc<Reference>> {
        self.journal.reference().await
    }

    /// The pilot parameters of the business day, for reading.
    pub(crate) async fn pilot(&self) -> Result<Pilot> {
        Ok(self.reference().await?.pilot_on(self.today()?))
    }

    /// The business day.
    pub(crate) fn today(&self) -> Result<Date> {
        self.journal.clock().today()
    }

    /// What holds now, for decisions outside of a unit.
    async fn now(&self) -> Result<Today> {
        Ok(Today::new(self.today()?, self.reference().await?))
    }
}

/// One application under lock.
struct Case {
    locked: Locked,
    application: Application,
    centre: Option<DivisionCode>,
    today: Today,
}

impl Case {
    /// Locks an application that the caller may see and loads it.
    async fn open(unit: &mut Unit, caller: &Caller, id: ApplicationId) -> Result<Self> {
        let case = Self::load(unit, &caller.scope(), id).await?;
        Ok(Self {
            centre: caller.centre(),
            ..case
        })
    }

    /// The same for a caller who says which version was seen; 0 for whoever does not.
    async fn open_seen(
        unit: &mut Unit,
        caller: &Caller,
        id: ApplicationId,
        version: u64,
    ) -> Result<Self> {
        let case = Self::open(unit, caller, id).await?;
        case.application.is_still(version)?;
        Ok(case)
    }

    /// The same for what nobody asks for: a deadline that passed, a neighbour's fact.
    async fn open_own(unit: &mut Unit, id: ApplicationId) -> Result<Self> {
        Self::load(unit, &Scope::Province, id).await
    }

    async fn load(unit: &mut Unit, scope: &Scope, id: ApplicationId) -> Result<Self> {
        let locked = unit.lock(APPLICATION, id.uuid()).await?;
        let application = store::application::find(unit.connection(), scope, id).await?;
        Ok(Self {
            locked,
            application,
            centre: None,
            today: Today::of(unit).await?,
        })
    }

    /// What commands of whoever opened the case are judged by.
    fn context(&self) -> Context<'_> {
        Context {
            centre: self.centre,
            ..self.today.context()
        }
    }

    /// Decides, changes the application and what its organisation holds, saves both and records
    /// what happened.
    async fn act(&mut self, unit: &mut Unit, command: Command<'_>) -> Result<Vec<Fact>> {
        let facts = self.application.decide(command, &self.context())?;
        self.application.apply_all(&facts);
        let connection = unit.connection();
        store::application::save(connection, &self.application).await?;
        if facts.iter().any(Holdings::hear) {
            let organization = self.application.organization;
            let mut holdings = store::applicant::lock(connection, organization).await?;
            for fact in &facts {
                holdings.follow(&self.application, fact);
            }
            store::applicant::save(connection, &holdings).await?;
        }
        self.save_notice(unit, &facts).await?;
        let recorded = ApplicationFact::all(&self.application, &facts);
        unit.record(&mut self.locked, &recorded).await?;
        Ok(facts)
    }

    /// Keeps where the rows of the public notice stand, where something happened to it.
    async fn save_notice(&self, unit: &mut Unit, facts: &[Fact]) -> Result<()> {
        let Some(selection) = &self.application.selection else {
            return Ok(());
        };
        let today = unit.today();
        for fact in facts {
            if let Fact::PublicNoticeChanged { events, .. }
            | Fact::PublicNoticeConcluded { events, .. } = fact
            {
                let connection = unit.connection();
                store::public_notice::save(connection, &selection.notice, events, today).await?;
            }
        }
        Ok(())
    }
}

/// A business day, and what holds on it.
struct Today {
    date: Date,
    reference: Arc<Reference>,
    pilot: Pilot,
}

impl Today {
    /// The day of a unit.
    async fn of(unit: &mut Unit) -> Result<Self> {
        Ok(Self::new(unit.today(), unit.reference().await?))
    }

    fn new(date: Date, reference: Arc<Reference>) -> Self {
        let pilot = reference.pilot_on(date);
        Self {
            date,
            reference,
            pilot,
        }
    }

    /// Counts a deadline from a day.
    fn due(&self, rule: DeadlineRule, from: Date) -> Result<Deadline, YearWithoutData> {
        rule.count(&self.reference.calendar, &self.pilot, from)
    }

    /// What a command is judged by, if nobody of a centre gives it.
    fn context(&self) -> Context<'_> {
        Context {
            today: self.date,
            calendar: &self.reference.calendar,
            pilot: &self.pilot,
            centre: None,
        }
    }
}
