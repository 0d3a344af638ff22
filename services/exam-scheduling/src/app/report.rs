//! Reporting a plan.

use std::collections::HashMap;

use futures::future::try_join3;
use kernel::identity_document::Document;
use kernel::ids::{PlanId, ReceiptId};
use platform::Result;
use platform::access::Caller;
use platform::crypto::BlindIndex;
use platform::unit::{Begun, Unit};
use proto::exam::v1 as contract;
use uuid::Uuid;

use super::intake::conditions;
use super::reply::{self, Names};
use super::{App, advance};
use crate::domain::assignment::StaffAnswer;
use crate::domain::clash::Elsewhere;
use crate::domain::intake::StillMeets;
use crate::domain::plan::Plan;
use crate::domain::report::{ReportContext, RightAnswer};
use crate::domain::session::{Session, Staff};
use crate::domain::venue::RegisteredRoom;
use crate::store;
use crate::store::booking::{Booking, Kind};
use crate::store::identity;
use crate::store::roster::{Stored, candidate_place, claim_place};

/// What the blind indexes of card numbers are for: finding somebody in two places at once.
const STAFF: &str = "exam.staff";

/// What the register says about a plan.
struct Register {
    rights: Vec<RightAnswer>,
    staff: Vec<StaffAnswer>,
    rooms: Vec<RegisteredRoom>,
}

impl App {
    /// Reports a plan. The register is asked first, about the plan as it is then; what is decided
    /// afterwards is decided under lock.
    pub(crate) async fn report_plan(
        &self,
        caller: &Caller,
        request: &contract::ReportPlanRequest,
        id: PlanId,
    ) -> Result<contract::ReportPlanResponse> {
        let register = self.ask_register(caller, id).await?;
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, mut plan) = self.open(&mut unit, caller, id).await?;
        let stored = store::roster::all(unit.connection(), id).await?;
        let (under_age, ineligible) = self.failing(&mut unit, &plan, &stored).await?;
        let roster: Vec<_> = stored.into_iter().map(|stored| stored.candidate).collect();
        let (bookings, elsewhere) = self.look_around(&mut unit, &plan, &register.rooms).await?;
        let (now, reference) = (unit.origin().occurred_at, unit.reference().await?);
        let fact = plan.report(&ReportContext {
            now,
            calendar: &reference.calendar,
            pilot: &reference.pilot_on(now.date()),
            rules: &self.rules,
            rights: &register.rights,
            staff: &register.staff,
            rooms: &register.rooms,
            elsewhere: &elsewhere,
            roster: &roster,
            under_age,
            ineligible,
            receipt_id: ReceiptId::from_uuid(Uuid::now_v7()),
        })?;
        store::booking::book(unit.connection(), &plan, &bookings).await?;
        advance(&mut unit, &mut locked, &mut plan, &[fact]).await?;
        let plan = Some(reply::plan(&plan, Names::Masked));
        unit.finish(contract::ReportPlanResponse { plan }).await
    }

    /// What the register says. A plan that is reported raises no question, so that a report asked
    /// for again is answered as before even while the register is away.
    async fn ask_register(&self, caller: &Caller, id: PlanId) -> Result<Register> {
        let plan = self.seen(caller, id).await?;
        let asked = try_join3(
            self.ask_rights(&plan),
            self.ask_staff(&plan),
            self.ask_rooms(&plan),
        );
        let (rights, staff, rooms) = asked.await?;
        Ok(Register {
            rights,
            staff,
            rooms,
        })
    }

    /// What the plan takes for itself, and what of it others have.
    async fn look_around(
        &self,
        unit: &mut Unit,
        plan: &Plan,
        rooms: &[RegisteredRoom],
    ) -> Result<(Vec<Booking>, Elsewhere)> {
        let mut bookings = Vec::new();
        let mut people: HashMap<Uuid, Vec<Vec<u8>>> = HashMap::new();
        for (session, room) in plan.sessions.iter().zip(plan.rooms_of(rooms)) {
            bookings.extend(room.map(|room| Booking {
                session: session.id,
                kind: Kind::Room,
                key: room.id.uuid().as_bytes().to_vec(),
            }));
            for staff in &session.staff {
                let of_staff = self.bookings_of(session, staff);
                people.insert(staff.id, of_staff.iter().map(|it| it.key.clone()).collect());
                bookings.extend(of_staff);
            }
        }
        let connection = unit.connection();
        let taken = store::booking::taken(connection, plan.id, &bookings).await?;
        let mut elsewhere = Elsewhere {
            candidates: store::booking::candidates_taken(connection, plan.id).await?,
            in_a_row: store::booking::in_a_row(connection, plan, &people).await?,
            ..Elsewhere::default()
        };
        for session in &plan.sessions {
            let of_session = taken.iter().filter(|booking| booking.session == session.id);
            if of_session
                .clone()
                .any(|booking: &Booking| booking.kind == Kind::Room)
            {
                elsewhere.rooms.insert(session.id);
            }
            let busy = |staff: &&Staff| {
                let mut of_session = of_session.clone();
                of_session.any(|booking| people[&staff.id].contains(&booking.key))
            };
            let staff = session.staff.iter().filter(busy).map(|staff| staff.id);
            elsewhere.staff.extend(staff);
        }
        Ok((bookings, elsewhere))
    }

    /// What a session takes of a member of staff's time: one booking under every key in use.
    pub(super) fn bookings_of(&self, session: &Session, staff: &Staff) -> Vec<Booking> {
        let indexes = self.indexer.index(STAFF, &[staff.card.reveal()]);
        let booking = |index: BlindIndex| Booking {
            session: session.id,
            kind: Kind::Staff,
            key: index.digest.to_vec(),
        };
        indexes.into_iter().map(booking).collect()
    }

    /// How many candidates are too young on the first day, and how many no longer meet the rules
    /// they claim. Each did when admitted, but the day may have been moved since, and other rules
    /// entered.
    async fn failing(
        &self,
        unit: &mut Unit,
        plan: &Plan,
        roster: &[Stored],
    ) -> Result<(usize, usize)> {
        let Some(first_day) = plan.first_session_on() else {
            return Ok((0, 0));
        };
        let today = unit.today();
        let until = plan.claims_count_until(&self.rules, today);
        let conditions = conditions(unit.connection(), plan, until).await?;
        let vault = self.journal.vault();
        let (mut under_age, mut ineligible) = (0, 0);
        for Stored {
            candidate,
            identity,
            claim,
        } in roster
        {
            let plain = vault
                .unseal(candidate_place(candidate.id), identity)
                .await?;
            let person = identity::read(&plain, Document::read)?;
            let claim = vault.unseal(claim_place(candidate.id), claim).await?;
            let claim = store::roster::claim(&claim)?;
            let moment = StillMeets {
                document: &person.number,
                conditions: &conditions,
                rules: &self.rules,
                today,
            };
            if person.number.age_on(first_day) < self.rules.plan.minimum_age {
                under_age += 1;
            } else if !plan.still_meets(candidate.subject, &claim, &moment) {
                ineligible += 1;
            }
        }
        Ok((under_age, ineligible))
    }
}
