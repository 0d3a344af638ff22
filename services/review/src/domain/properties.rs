//! What no order of commands can bring about, over all applications of several bodies in one city:
//! more than three occupations of one of them, more of them than the city may select, or two
//! undecided applications of one.
//!
//! What the database guards (one undecided application of a body, one code of one body) is guarded
//! here by the town, as it is there by an index.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::ids::{
    ApplicationId, ObjectionId, OrganizationId, PublicNoticeId, ReceiptId, SelectionId,
};
use kernel::level::Level;
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::pilot::Pilot;
use kernel::public_notice::ObjectionOutcome;
use kernel::rejection::Faults;
use proptest::prelude::*;
use uuid::Uuid;

use super::samples::{DAY, application_id, ascertained_for, assessed, draft, on, round, scope};
use super::{
    Application, ApplicationState, CityQuota, Command, Confirming, Context, HandingIn, Held,
    Holdings, OccupationScope, Opening, Purpose, Room,
};

const OCCUPATIONS: [&str; 5] = [
    "6-31-01-03",
    "6-18-02-04",
    "4-03-02-01",
    "4-03-02-02",
    "4-10-01-01",
];
const BODIES: usize = 4;
/// Fewer than the notice has, so that it is reached.
const QUOTA: u16 = 2;

/// Days for which a right is given.
const TERM: i8 = 60;

/// What happens next, about one body.
#[derive(Debug, Clone)]
enum Step {
    Draft(Purpose, BTreeSet<usize>),
    HandIn,
    Propose,
    Confirm,
    Object,
    Uphold,
    Withdraw,
    Reject,
    Days(i8),
    Register,
    GiveUp(usize),
    LoseFiling,
}

fn step() -> impl Strategy<Value = Step> {
    let purposes = prop_oneof![
        3 => Just(Purpose::First),
        3 => Just(Purpose::Extension),
        1 => Just(Purpose::Renewal),
    ];
    let wanted = prop::collection::btree_set(0..OCCUPATIONS.len(), 1..4);
    prop_oneof![
        6 => (purposes, wanted).prop_map(|(purpose, wanted)| Step::Draft(purpose, wanted)),
        6 => Just(Step::HandIn),
        6 => Just(Step::Propose),
        6 => Just(Step::Confirm),
        1 => Just(Step::Object),
        1 => Just(Step::Uphold),
        1 => Just(Step::Withdraw),
        1 => Just(Step::Reject),
        5 => (1_i8..9).prop_map(Step::Days),
        5 => Just(Step::Register),
        1 => (0..OCCUPATIONS.len()).prop_map(Step::GiveUp),
        1 => Just(Step::LoseFiling),
    ]
}

/// A body with its applications, the last of which is the one that steps are about.
struct Body {
    holdings: Holdings,
    applications: Vec<Application>,
    /// What its last draft says.
    wanted: Vec<OccupationScope>,
}

struct Town {
    today: Date,
    pilot: Pilot,
    bodies: Vec<Body>,
    codes: u16,
    ids: u128,
}

impl Town {
    fn new() -> Self {
        let body = |number| Body {
            holdings: Holdings::none(OrganizationId::from_uuid(Uuid::from_u128(number))),
            applications: Vec::new(),
            wanted: Vec::new(),
        };
        Self {
            today: DAY,
            pilot: Pilot {
                city_quota_most: Some(QUOTA),
                ..Pilot::supplied()
            },
            bodies: (1..).map(body).take(BODIES).collect(),
            codes: 0,
            ids: 1000,
        }
    }

    fn id(&mut self) -> Uuid {
        self.ids += 1;
        Uuid::from_u128(self.ids)
    }

    fn context(&self) -> Context<'_> {
        Context {
            pilot: &self.pilot,
            ..on(self.today)
        }
    }

    fn selected(&self) -> usize {
        let bodies = self.bodies.iter();
        bodies
            .filter(|body| body.holdings.filing_division.is_some())
            .count()
    }

    /// Does what can be done; what is refused changes nothing.
    fn take(&mut self, body: usize, step: &Step) -> Result<(), Faults> {
        let props = self.props(body);
        match step {
            Step::Days(days) => {
                self.today += i64::from(*days).days();
                (0..BODIES).try_for_each(|body| match self.state(body) {
                    Some(ApplicationState::InPublicNotice) => {
                        self.act(body, Command::ConcludePublicNotice)
                    }
                    _ => Ok(()),
                })
            }
            Step::Draft(purpose, wanted) => self.draft(body, *purpose, wanted),
            Step::HandIn => self.hand_in(body),
            Step::Propose => self.act(body, props.proposing()),
            Step::Confirm => self.confirm(body, &props),
            Step::Object => self.object(body),
            Step::Uphold => {
                let outcome = ObjectionOutcome::Upheld;
                self.act(body, Command::ResolveObjection(objection(), outcome))
            }
            Step::Withdraw => self.act(body, Command::Withdraw),
            Step::Reject => {
                let reason = "条件不符合";
                self.act(body, Command::ProposeRejection { reason })?;
                self.act(body, Command::ConfirmRejection)
            }
            Step::Register => self.register(body),
            Step::GiveUp(occupation) => {
                let today = self.today;
                self.bodies[body].holdings.end(&five(*occupation), today);
                Ok(())
            }
            Step::LoseFiling => {
                if self.bodies[body].holdings.organization_code.is_none() {
                    return Ok(());
                }
                if self.state(body).is_some_and(ApplicationState::is_open) {
                    self.act(body, Command::Lapse)?;
                }
                self.bodies[body].holdings.withdraw(self.today);
                Ok(())
            }
        }
    }

    fn draft(
        &mut self,
        body: usize,
        purpose: Purpose,
        wanted: &BTreeSet<usize>,
    ) -> Result<(), Faults> {
        let id = ApplicationId::from_uuid(self.id());
        let holdings = self.bodies[body].holdings.clone();
        let opening = Opening {
            organization: holdings.organization,
            purpose,
            ..draft()
        };
        let (opened, _) = Application::open(id, opening, &holdings, &self.context())?;
        self.bodies[body].applications.push(opened);
        self.bodies[body].wanted = wanted.iter().map(|wanted| five(*wanted)).collect();
        Ok(())
    }

    /// With all its documents and assessments, which other tests are about.
    fn hand_in(&mut self, body: usize) -> Result<(), Faults> {
        let undecided = |application: &Application| {
            use ApplicationState::{
                DecisionProposed, InPublicNotice, Returned, Selected, Submitted,
            };
            let undecided = [
                Submitted,
                Returned,
                DecisionProposed,
                InPublicNotice,
                Selected,
            ];
            undecided.contains(&application.state)
        };
        let (props, round, complete) = (self.props(body), round(), assessed());
        let applications = &mut self.bodies[body].applications;
        if applications.iter().any(undecided) {
            return Ok(());
        }
        if let Some(last) = applications.last_mut() {
            last.materials = complete.materials;
        }
        let Some(last) = self.bodies[body].applications.last() else {
            return Ok(());
        };
        let ascertained = ascertained_for(last, &self.bodies[body].wanted);
        let handing_in = HandingIn {
            round: &round,
            holdings: &props.holdings,
            ascertained: &ascertained,
        };
        self.act(body, Command::Submit(handing_in))?;
        if let Some(last) = self.bodies[body].applications.last_mut() {
            last.assessments = complete.assessments;
            last.judgements = complete.judgements;
        }
        Ok(())
    }

    fn confirm(&mut self, body: usize, props: &Props) -> Result<(), Faults> {
        let (selection, notice) = (self.id(), self.id());
        let selected = u32::try_from(self.selected()).expect("a few");
        let Some(application) = self.bodies[body].applications.last() else {
            return Ok(());
        };
        let division = application.filing_division;
        let snapshot = application.snapshot(&props.granted, "威海市", "0531", &self.context())?;
        let confirming = Confirming {
            selection: SelectionId::from_uuid(selection),
            notice: PublicNoticeId::from_uuid(notice),
            granted: props.granted.clone(),
            snapshot: &snapshot,
            room: Room {
                holdings: &props.holdings,
                quota: Some(CityQuota { division, selected }),
            },
        };
        self.act(body, Command::ConfirmSelection(confirming))
    }

    /// What the registry does of its own: a code for a body that has none.
    fn register(&mut self, body: usize) -> Result<(), Faults> {
        let receipt = ReceiptId::from_uuid(self.id());
        let known = self.bodies[body].holdings.organization_code;
        let next = EvaluationOrganizationCode::for_shandong("10", self.codes + 1);
        let organization_code = known.unwrap_or_else(|| next.expect("a code of Weihai"));
        let last = self.bodies[body].applications.last();
        let selection =
            last.and_then(|last| Some((last.organization, last.selection.as_ref()?.id)));
        let Some((organization, selection)) = selection else {
            return Ok(());
        };
        let command = Command::IssueReceipt {
            receipt,
            selection,
            organization,
            organization_code,
        };
        let props = self.props(body);
        self.act(body, command)?;
        self.codes += u16::from(known.is_none());
        let until = Some(self.today + TERM.days());
        for scope in props.granted {
            self.bodies[body].holdings.hold(Held { scope, until });
        }
        Ok(())
    }

    /// Decides about the last application of a body, and applies what happened to it and to what
    /// the body holds.
    fn act(&mut self, body: usize, command: Command<'_>) -> Result<(), Faults> {
        let Some(application) = self.bodies[body].applications.last() else {
            return Ok(());
        };
        let facts = application.decide(command, &self.context())?;
        let Body {
            holdings,
            applications,
            ..
        } = &mut self.bodies[body];
        if let Some(application) = applications.last_mut() {
            application.apply_all(&facts);
            for fact in facts.iter().filter(|fact| Holdings::hear(fact)) {
                holdings.follow(application, fact);
            }
        }
        Ok(())
    }

    fn object(&mut self, body: usize) -> Result<(), Faults> {
        let last = self.bodies[body].applications.last();
        let Some(row) = last.map(Application::row_key) else {
            return Ok(());
        };
        let command = Command::RaiseObjection {
            objection: objection(),
            row,
            on: self.today,
        };
        self.act(body, command)
    }

    fn state(&self, body: usize) -> Option<ApplicationState> {
        let last = self.bodies[body].applications.last();
        last.map(|last| last.state)
    }

    fn props(&self, body: usize) -> Props {
        let last = self.bodies[body].applications.last();
        Props {
            holdings: self.bodies[body].holdings.clone(),
            granted: last.map(scopes).unwrap_or_default(),
        }
    }

    fn holds_what_it_may(&self) {
        assert!(self.selected() <= usize::from(QUOTA), "the quota is kept");
        let mut codes = BTreeSet::new();
        for body in &self.bodies {
            let holdings = &body.holdings;
            let held = holdings.held.iter();
            let held = held.filter(|held| held.until.is_none_or(|until| until >= self.today));
            let pending = holdings.pending.iter().flat_map(|pending| &pending.granted);
            let occupations: BTreeSet<_> = held
                .map(|held| &held.scope)
                .chain(pending)
                .map(|scope| scope.occupation)
                .collect();
            assert!(occupations.len() <= 3, "{occupations:?}");
            let gone = holdings.withdrawn_on.is_some();
            assert!(!gone || occupations.is_empty(), "{occupations:?}");
            let code = holdings.organization_code;
            assert!(code.is_none_or(|code| codes.insert(code)), "a code twice");
            let shown = |application: &&Application| {
                application.state == ApplicationState::InPublicNotice
                    || application.state == ApplicationState::Selected
            };
            let shown = body.applications.iter().filter(shown).count();
            assert!(shown <= 1, "two selections at once");
        }
    }
}

/// What commands borrow.
struct Props {
    holdings: Holdings,
    granted: Vec<OccupationScope>,
}

impl Props {
    fn proposing(&self) -> Command<'_> {
        Command::ProposeSelection {
            granted: self.granted.clone(),
            holdings: &self.holdings,
        }
    }
}

fn scopes(application: &Application) -> Vec<OccupationScope> {
    let rows = application.occupations.iter();
    rows.map(|row| row.scope.clone()).collect()
}

fn five(occupation: usize) -> OccupationScope {
    scope(OCCUPATIONS[occupation], &[Level::Five])
}

fn objection() -> ObjectionId {
    ObjectionId::from_uuid(application_id().uuid())
}

proptest! {
    #[test]
    fn no_order_of_commands_grants_more_than_there_is(
        steps in prop::collection::vec((0..BODIES, step()), 0..120),
    ) {
        let mut town = Town::new();
        for (body, step) in steps {
            // Refused or not: what holds, holds.
            let _: Result<(), Faults> = town.take(body, &step);
            town.holds_what_it_may();
        }
    }
}

#[test]
fn the_walk_reaches_what_it_is_about() {
    let mut town = Town::new();
    let first = Step::Draft(Purpose::First, BTreeSet::from([0, 1]));
    let more = Step::Draft(Purpose::Extension, BTreeSet::from([2]));
    let way = [
        Step::HandIn,
        Step::Propose,
        Step::Confirm,
        Step::Days(8),
        Step::Register,
    ];
    for body in 0..BODIES {
        for step in [&first].into_iter().chain(&way).chain([&more]).chain(&way) {
            let _: Result<(), Faults> = town.take(body, step);
        }
    }
    assert_eq!(town.selected(), usize::from(QUOTA));
    assert_eq!(town.bodies[0].holdings.held.len(), 3);
    assert!(town.bodies[2].holdings.held.is_empty());
    assert_eq!(town.state(1), Some(ApplicationState::Filed));
}
