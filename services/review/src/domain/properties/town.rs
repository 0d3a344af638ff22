//! A town with its bodies: review's rules about each, the registry's rules about each, and the facts
//! that either has still to hear of.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{
    ApplicationId, ConsultationId, MeasureId, ObjectionId, OrganizationId, PublicNoticeId,
    ReceiptId, SelectionId,
};
use kernel::level::Level;
use kernel::measure::{Measure as Terms, MeasureGround, MeasureOrder};
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::pilot::Pilot;
use kernel::public_notice::ObjectionOutcome;
use kernel::rejection::Faults;
use register::domain::code::next_code;
use register::domain::organization::ending::Relinquished;
use register::domain::organization::measure::{Measure, Progress};
use register::domain::organization::registering::{self, AreaGrant, Grant};
use register::domain::organization::{Organization, OrganizationFact, OrganizationStatus};
use register::domain::right::{GrantBasis, GrantedScope, Right};
use uuid::Uuid;

use super::super::samples::{
    DAY, application_id, ascertained_for, assessed, draft, on, opened, round, scope, weihai,
};
use super::super::{
    Application, ApplicationState, Ascertained, CityQuota, Command, Confirming, Context, Fact,
    HandingIn, Held, Holdings, OccupationScope, Opening, Purpose, Room,
};
use super::Step;

pub(super) const OCCUPATIONS: [&str; 5] = [
    "6-31-01-03",
    "6-18-02-04",
    "4-03-02-01",
    "4-03-02-02",
    "4-10-01-01",
];
pub(super) const BODIES: usize = 4;
/// Fewer than the notice has, so that it is reached.
pub(super) const QUOTA: u16 = 2;
/// Years for which a right is given.
const TERM: u16 = 1;

/// Occupations by their number, with levels.
pub(super) type Wanted = BTreeMap<usize, Vec<Level>>;

/// A body in both services.
struct Body {
    holdings: Holdings,
    applications: Vec<Application>,
    /// What its last draft says.
    wanted: Vec<OccupationScope>,
    registered: Option<Organization>,
    /// What the registry has still to hear of.
    selected: VecDeque<registering::Selection>,
    /// What review has still to hear of.
    told: VecDeque<OrganizationFact>,
}

pub(super) struct Town {
    today: Date,
    pilot: Pilot,
    bodies: Vec<Body>,
    codes: Vec<EvaluationOrganizationCode>,
    last_running: u16,
    ids: u128,
}

impl Town {
    pub(super) fn new() -> Self {
        let body = |number| Body {
            holdings: Holdings::none(OrganizationId::from_uuid(Uuid::from_u128(number))),
            applications: Vec::new(),
            wanted: Vec::new(),
            registered: None,
            selected: VecDeque::new(),
            told: VecDeque::new(),
        };
        Self {
            today: DAY,
            pilot: Pilot {
                city_quota_most: Some(QUOTA),
                ..Pilot::supplied()
            },
            bodies: (1..).map(body).take(BODIES).collect(),
            codes: Vec::new(),
            last_running: 0,
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

    /// Does what can be done; what is refused changes nothing. What follows from a fact is never
    /// refused.
    pub(super) fn take(&mut self, body: usize, step: &Step) {
        let props = self.props(body);
        let taken = match step {
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
                let proposed = self.act(body, Command::ProposeRejection { reason });
                proposed.and_then(|()| self.act(body, Command::ConfirmRejection))
            }
            Step::Days(days) => {
                self.go_on(*days);
                Ok(())
            }
            Step::Register => {
                self.register(body);
                Ok(())
            }
            Step::Hear => {
                self.hear(body);
                Ok(())
            }
            Step::GiveUp(number, levels, days) => self.give_up(body, *number, levels, *days),
            Step::WorkElsewhere(number) => {
                self.work_elsewhere(body, *number);
                Ok(())
            }
            Step::LoseFiling(days) => self.lose_filing(body, *days),
        };
        // Refused or not: what holds, holds.
        drop(taken);
    }

    fn go_on(&mut self, days: i16) {
        self.today += i64::from(days).days();
        for body in 0..BODIES {
            let gone = self.bodies[body].holdings.is_withdrawn(self.today);
            let swept = match self.state(body) {
                Some(state) if gone && state.is_open() => self.act(body, Command::Lapse),
                Some(ApplicationState::InPublicNotice) => {
                    self.act(body, Command::ConcludePublicNotice)
                }
                _ => Ok(()),
            };
            swept.expect("time is not refused anything");
        }
    }

    fn draft(&mut self, body: usize, purpose: Purpose, wanted: &Wanted) -> Result<(), Faults> {
        let id = ApplicationId::from_uuid(self.id());
        let holdings = self.bodies[body].holdings.clone();
        let opening = Opening {
            organization: holdings.organization,
            purpose,
            ..draft()
        };
        let (opened, _) = Application::open(id, opening, &holdings, &self.context())?;
        let wanted = wanted.iter();
        let wanted = wanted.map(|(number, levels)| scope(OCCUPATIONS[*number], levels));
        self.bodies[body].wanted = wanted.collect();
        self.bodies[body].applications.push(opened);
        Ok(())
    }

    /// With all its documents and assessments, which other tests are about.
    fn hand_in(&mut self, body: usize) -> Result<(), Faults> {
        let open = self.state(body).is_some_and(ApplicationState::is_open);
        if open || self.bodies[body].applications.is_empty() {
            return Ok(());
        }
        let (round, complete, holdings) = (round(), assessed(), self.bodies[body].holdings.clone());
        let wanted = self.bodies[body].wanted.clone();
        let last = self.last(body);
        last.materials = complete.materials;
        let ascertained = ascertained_for(last, &wanted);
        let handing_in = HandingIn {
            round: &round,
            holdings: &holdings,
            ascertained: &ascertained,
        };
        self.act(body, Command::Submit(handing_in))?;
        let last = self.last(body);
        last.assessments = complete.assessments;
        last.judgements = complete.judgements;
        Ok(())
    }

    fn confirm(&mut self, body: usize, props: &Props) -> Result<(), Faults> {
        let (selection, notice) = (self.id(), self.id());
        let selected = u32::try_from(self.selected()).expect("a few");
        let Some(application) = self.current(body) else {
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
            found: &props.found,
        };
        self.act(body, Command::ConfirmSelection(confirming))
    }

    fn object(&mut self, body: usize) -> Result<(), Faults> {
        let Some(row) = self.current(body).map(Application::row_key) else {
            return Ok(());
        };
        let command = Command::RaiseObjection {
            objection: objection(),
            row,
            on: self.today,
        };
        self.act(body, command)
    }

    /// Decides about the application that is open, or else the last, and applies what happened to
    /// it and to what the body holds.
    fn act(&mut self, body: usize, command: Command<'_>) -> Result<(), Faults> {
        let id = self.current(body).map(|application| application.id);
        id.map_or(Ok(()), |id| self.act_on(body, id, command))
    }

    fn act_on(
        &mut self,
        body: usize,
        id: ApplicationId,
        command: Command<'_>,
    ) -> Result<(), Faults> {
        let own = |application: &&Application| application.id == id;
        let applications = &self.bodies[body].applications;
        let application = applications.iter().find(own).expect("its own");
        let facts = application.decide(command, &self.context())?;
        let Body {
            holdings,
            applications,
            selected,
            ..
        } = &mut self.bodies[body];
        let mut applications = applications.iter_mut();
        let application = applications.find(|application| application.id == id);
        let application = application.expect("its own");
        application.apply_all(&facts);
        for fact in &facts {
            holdings.follow(application, fact);
            selected.extend(selection(fact));
        }
        Ok(())
    }

    /// The registry follows a selection.
    fn register(&mut self, body: usize) {
        let ids: Vec<_> = (0..16).map(|_| self.id()).collect();
        let grant = Grant {
            today: self.today,
            term_years: Some(TERM),
            right_ids: &ids,
        };
        let known = self.bodies[body].registered.clone();
        let Some(selection) = self.bodies[body].selected.pop_front() else {
            return;
        };
        let facts = match (&known, selection.purpose) {
            (None, _) => {
                let (code, running) = next_code("10", self.last_running, &BTreeSet::new())
                    .expect("there are more codes than bodies");
                self.last_running = running;
                self.codes.push(code);
                registering::register(None, &selection, code, &grant).expect("not registered yet")
            }
            (Some(known), registering::Purpose::Renewal) => known.renew(&selection, &grant),
            (Some(known), _) => known.extend(&selection, &grant),
        };
        self.happen(body, facts);
    }

    fn give_up(
        &mut self,
        body: usize,
        number: usize,
        levels: &[Level],
        days: i16,
    ) -> Result<(), Faults> {
        let Some(known) = &self.bodies[body].registered else {
            return Ok(());
        };
        let given_up = Relinquished {
            right_id: known.rights[number % known.rights.len()].right_id,
            levels: levels.iter().copied().collect(),
        };
        let from = self.today + (1 + i64::from(days)).days();
        let facts = known.give_up(&[given_up], from, self.today)?;
        self.happen(body, facts);
        Ok(())
    }

    fn work_elsewhere(&mut self, body: usize, number: usize) {
        let (consultation, right) = (self.id(), self.id());
        let Some(known) = &self.bodies[body].registered else {
            return;
        };
        let area = AreaGrant {
            consultation_id: ConsultationId::from_uuid(consultation),
            organization_id: known.organization_id,
            division: DivisionCode::parse("370100").expect("Jinan"),
            scopes: vec![granted(&scope(OCCUPATIONS[number], &[Level::Five]))],
            valid_from: self.today,
            valid_until: None,
        };
        let facts = known.grant_area(&area, &[right]);
        self.happen(body, facts);
    }

    fn lose_filing(&mut self, body: usize, days: i16) -> Result<(), Faults> {
        let measure_id = MeasureId::from_uuid(self.id());
        let Some(known) = &self.bodies[body].registered else {
            return Ok(());
        };
        let withdrawal = Measure {
            measure_id,
            order: MeasureOrder {
                measure: Terms::Withdrawal,
                grounds: BTreeSet::from([MeasureGround::BeyondScope]),
                effective_on: self.today + i64::from(days).days(),
            },
            decided_by: weihai(),
            decided_on: self.today,
            origin: None,
            progress: Progress::default(),
        };
        let facts = known.impose(weihai(), withdrawal)?;
        self.happen(body, facts);
        Ok(())
    }

    /// Keeps what happened in the registry, as its store does, and tells review of it.
    fn happen(&mut self, body: usize, facts: Vec<OrganizationFact>) {
        let Body {
            registered, told, ..
        } = &mut self.bodies[body];
        for fact in &facts {
            if let OrganizationFact::OrganizationRegistered { .. } = fact {
                *registered = Some(organization(fact));
            } else if let Some(known) = registered {
                follow(known, fact);
            }
        }
        told.extend(facts);
    }

    /// Review hears a fact of the registry's, as its inbox has it.
    fn hear(&mut self, body: usize) {
        let Some(fact) = self.bodies[body].told.pop_front() else {
            return;
        };
        let mut code = None;
        match &fact {
            OrganizationFact::OrganizationWithdrawn { measure, .. } => {
                let from = measure.order.effective_on;
                self.bodies[body].holdings.withdraw(from);
                return;
            }
            OrganizationFact::OrganizationRegistered { code: given, .. } => code = Some(*given),
            _ => {}
        }
        let rights = rights_of(&fact);
        let ended = matches!(fact, OrganizationFact::RightsEnded { .. });
        if let Some(GrantBasis::Selection(selection)) = rights.first().map(|right| right.basis)
            && !ended
        {
            self.issue_receipt(body, selection, code);
        }
        let holdings = &mut self.bodies[body].holdings;
        for right in rights.iter().filter(|right| right.division == weihai()) {
            holdings.hold(right.right_id, held(right));
        }
    }

    fn issue_receipt(
        &mut self,
        body: usize,
        selection: SelectionId,
        code: Option<EvaluationOrganizationCode>,
    ) {
        let receipt = ReceiptId::from_uuid(self.id());
        let holdings = &self.bodies[body].holdings;
        let organization = holdings.organization;
        let organization_code = code.or(holdings.organization_code).expect("registered");
        let of = |application: &&Application| {
            let confirmed = application.selection.as_ref();
            confirmed.is_some_and(|confirmed| confirmed.id == selection)
        };
        let mut applications = self.bodies[body].applications.iter();
        let application = applications.find(of).expect("selected");
        if application.state == ApplicationState::Lapsed {
            return;
        }
        let command = Command::IssueReceipt {
            receipt,
            selection,
            organization,
            organization_code,
        };
        let issued = self.act_on(body, application.id, command);
        issued.expect("what the registry followed is not refused");
    }

    pub(super) fn selected(&self) -> usize {
        let bodies = self.bodies.iter();
        let selected = bodies.filter(|body| {
            let holdings = &body.holdings;
            holdings.filing_division.is_some() && !holdings.is_withdrawn(self.today)
        });
        selected.count()
    }

    pub(super) fn state(&self, body: usize) -> Option<ApplicationState> {
        self.current(body).map(|application| application.state)
    }

    pub(super) fn codes(&self) -> &[EvaluationOrganizationCode] {
        &self.codes
    }

    /// Rights that a body holds today, by the registry.
    pub(super) fn rights(&self, body: usize) -> usize {
        let known = self.bodies[body].registered.as_ref();
        known.map_or(0, |known| known.held(self.today).count())
    }

    /// Occupations that a body may evaluate today, by the registry.
    pub(super) fn occupations(&self, body: usize) -> usize {
        let known = self.bodies[body].registered.as_ref();
        known.map_or(0, |known| occupations(known, self.today).len())
    }

    fn current(&self, body: usize) -> Option<&Application> {
        let applications = &self.bodies[body].applications;
        let mut open = applications.iter();
        let open = open.find(|application| application.state.is_open());
        open.or(applications.last())
    }

    fn last(&mut self, body: usize) -> &mut Application {
        let applications = &mut self.bodies[body].applications;
        applications.last_mut().expect("there is one")
    }

    fn props(&self, body: usize) -> Props {
        Props {
            holdings: self.bodies[body].holdings.clone(),
            granted: self.current(body).map(scopes).unwrap_or_default(),
            found: self.current(body).map_or_else(
                || ascertained_for(&opened(), &[]),
                |application| ascertained_for(application, &scopes(application)),
            ),
        }
    }

    pub(super) fn holds_what_it_may(&self) {
        assert!(self.selected() <= usize::from(QUOTA), "the quota is kept");
        let codes: BTreeSet<_> = self.codes.iter().collect();
        assert_eq!(codes.len(), self.codes.len(), "a code is given once");
        for body in &self.bodies {
            let open = body.applications.iter();
            let open = open.filter(|application| application.state.is_open());
            assert!(open.count() <= 1, "one undecided application");
            if let Some(known) = &body.registered {
                self.is_within_limits(known, &body.holdings);
                if body.told.is_empty() && body.selected.is_empty() {
                    agree(known, &body.holdings);
                }
            }
        }
    }

    /// On each day from today on on which something begins or ends, with what is still pending.
    fn is_within_limits(&self, known: &Organization, holdings: &Holdings) {
        let rights = known.rights.iter();
        let days = rights.flat_map(|right| {
            let after = right.valid_until.map(|until| until + 1.day());
            [Some(right.valid_from), right.valid_until, after]
        });
        let later = days.flatten().filter(|day| *day > self.today);
        for day in later.chain([self.today]) {
            let mut held = occupations(known, day);
            let pending = holdings.pending.iter().flat_map(|pending| &pending.granted);
            if !known.is_withdrawn(day) {
                held.extend(pending.map(|scope| scope.occupation));
            }
            assert!(held.len() <= 3, "{held:?} on {day}");
            let home: Vec<_> = known
                .held(day)
                .filter(|one| known.is_at_home(one))
                .collect();
            let home: Vec<_> = home.iter().map(|right| right.scope_on(day)).collect();
            for (index, one) in home.iter().enumerate() {
                let twice = home[..index].iter().any(|other| other.meets(one));
                assert!(!twice, "a level in two rights on {day}: {home:?}");
            }
        }
    }
}

/// When everything told was heard, review knows the rights at home as the registry has them.
fn agree(known: &Organization, holdings: &Holdings) {
    let of = |held: &[Held]| -> BTreeMap<_, _> {
        let told = held.iter().cloned();
        told.map(|held| ((held.right, held.until), held)).collect()
    };
    let home = known.rights.iter().filter(|right| known.is_at_home(right));
    let home: Vec<_> = home.flat_map(held).collect();
    assert_eq!(of(&holdings.held), of(&home));
}

fn occupations(known: &Organization, day: Date) -> BTreeSet<kernel::occupation::OccupationRef> {
    let held = known.held(day).filter(|_| !known.is_withdrawn(day));
    held.map(|right| right.scope.occupation).collect()
}

/// What review publishes, as the registry reads it.
fn selection(fact: &Fact) -> Option<registering::Selection> {
    let Fact::OrganizationSelected {
        application,
        selection,
        organization,
        filing_division,
        purpose,
        granted: scopes,
        ..
    } = fact
    else {
        return None;
    };
    Some(registering::Selection {
        purpose: match purpose {
            Purpose::First => registering::Purpose::First,
            Purpose::Extension => registering::Purpose::Extension,
            Purpose::Renewal => registering::Purpose::Renewal,
        },
        selection_id: *selection,
        application_id: *application,
        organization_id: *organization,
        filing_division: *filing_division,
        granted: scopes.iter().map(granted).collect(),
    })
}

fn granted(scope: &OccupationScope) -> GrantedScope {
    GrantedScope {
        occupation: scope.occupation,
        trade: scope.trade.clone(),
        levels: scope.levels.clone(),
    }
}

/// A right of the registry's, as review reads it.
fn held(right: &Right) -> Vec<Held> {
    let mut by_day: BTreeMap<Option<Date>, BTreeSet<Level>> = BTreeMap::new();
    for level in &right.scope.levels {
        let until = right.level_until(*level);
        by_day.entry(until).or_default().insert(*level);
    }
    let held = by_day.into_iter().map(|(until, levels)| Held {
        right: right.right_id,
        scope: OccupationScope {
            occupation: right.scope.occupation,
            trade: right.scope.trade.clone(),
            levels,
        },
        until,
    });
    held.collect()
}

fn rights_of(fact: &OrganizationFact) -> &[Right] {
    match fact {
        OrganizationFact::OrganizationRegistered { rights, .. }
        | OrganizationFact::RightsGranted { rights, .. }
        | OrganizationFact::RightsRenewed { rights, .. }
        | OrganizationFact::RightsEnded { rights, .. } => rights,
        _ => &[],
    }
}

fn organization(fact: &OrganizationFact) -> Organization {
    let OrganizationFact::OrganizationRegistered {
        organization_id,
        code,
        selection_id,
        application_id,
        filing_division,
        rights,
        on,
    } = fact
    else {
        panic!("it is registered first");
    };
    Organization {
        organization_id: *organization_id,
        code: *code,
        filing_division: *filing_division,
        status: OrganizationStatus::first(*filing_division),
        selection_id: *selection_id,
        application_id: *application_id,
        rights: rights.clone(),
        measures: Vec::new(),
        registered_on: *on,
    }
}

fn follow(known: &mut Organization, fact: &OrganizationFact) {
    if let OrganizationFact::OrganizationWithdrawn { measure, .. } = fact {
        known.measures.push(measure.clone());
    }
    for right in rights_of(fact) {
        known.rights.retain(|one| one.right_id != right.right_id);
        known.rights.push(right.clone());
    }
}

/// What commands borrow.
struct Props {
    holdings: Holdings,
    granted: Vec<OccupationScope>,
    found: Ascertained,
}

impl Props {
    fn proposing(&self) -> Command<'_> {
        Command::ProposeSelection {
            granted: self.granted.clone(),
            holdings: &self.holdings,
            found: &self.found,
        }
    }
}

fn scopes(application: &Application) -> Vec<OccupationScope> {
    let rows = application.occupations.iter();
    rows.map(|row| row.scope.clone()).collect()
}

fn objection() -> ObjectionId {
    ObjectionId::from_uuid(application_id().uuid())
}
