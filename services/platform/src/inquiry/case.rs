//! One inquiry under lock, and how it begins and ends inside the unit of a service.

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::OrganizationId;
use kernel::inquiry::{Channel, Inquiry, Party, once};
use kernel::rejection::Faults;
use kernel::working_day::Deadline;
use kernel::written::Written;
use uuid::Uuid;

use super::entry::{Author, Entry, EntryKind};
use super::fact::InquiryFact;
use super::refusal::InquiryRejection;
use super::store::{self, Digests, Stored};
use super::{INQUIRY, InquiryId, receipt};
use crate::access::Caller;
use crate::error::{Error, Result};
use crate::facts::Locked;
use crate::unit::Unit;

/// The field that names somebody who objects twice.
const PERSON: &str = "party.citizen_id";

/// What is brought forward.
pub struct Opening<'a> {
    /// The id of the objection, the lead or the complaint.
    pub id: InquiryId,
    /// Whose centre looks into it.
    pub area: DivisionCode,
    /// The organisation that is concerned.
    pub organization: OrganizationId,
    /// What it is about; a person objects to the same once.
    pub about: String,
    /// Who stands for it by name.
    pub party: Option<&'a Party>,
    /// How it came in.
    pub channel: Channel,
    /// What was said.
    pub statement: &'a Written,
    /// The day on which it came in.
    pub received_on: Date,
    /// Day by which it is to be closed.
    pub due: Deadline,
}

/// Takes on record what somebody brings forward, inside the unit in which its service acts on it.
/// The code by which they may ask about it is told once, here.
///
/// # Errors
/// When the same person objected to the same before.
pub async fn open(unit: &mut Unit, opening: Opening<'_>) -> Result<String> {
    let Opening {
        id,
        area,
        organization,
        about,
        party,
        channel,
        statement,
        received_on,
        due,
    } = opening;
    let digest = party.map(|party| person_digest(unit, &about, party));
    if let Some(digest) = &digest {
        let earlier = store::earlier(unit.connection(), &about, digest).await?;
        once(earlier).map_err(|refused| Faults::at(PERSON, &refused))?;
    }
    let code = receipt::make();
    let receipt = receipt::digest(unit.vault(), &code)
        .ok_or_else(|| anyhow::anyhow!("a receipt code was made that is none"))?;
    let fact = InquiryFact::InquiryOpened {
        kind: id.kind(),
        channel,
        organization,
        about: about.clone(),
        named: party.is_some(),
        due: due.date,
    };
    let stored = Stored {
        id,
        area,
        organization,
        about,
        named: party.is_some(),
        inquiry: Inquiry::receive(id.kind(), channel, received_on, due),
    };
    let mut locked = unit.lock(INQUIRY, id.uuid()).await?;
    let digests = Digests {
        party: digest,
        receipt,
    };
    store::insert(unit.connection(), &stored, &digests).await?;
    let recorded = stored.recorded(&fact);
    unit.record(&mut locked, &[recorded]).await?;
    let mut case = Case { locked, stored };
    if let Some(party) = party {
        case.write(unit, EntryKind::Party, Author::Party, &person(party))
            .await?;
    }
    case.write(unit, EntryKind::Statement, Author::Party, statement)
        .await?;
    Ok(code)
}

/// An inquiry under lock.
pub struct Case {
    locked: Locked,
    pub(super) stored: Stored,
}

impl Case {
    /// Locks an inquiry for the centre that looks into it.
    ///
    /// # Errors
    /// When the caller cannot see it, or sees it and is another centre.
    pub async fn of_centre(unit: &mut Unit, caller: &Caller, id: InquiryId) -> Result<Self> {
        let case = Self::of(unit, caller, id).await?;
        require_centre(caller, case.stored.area)?;
        Ok(case)
    }

    /// Locks an inquiry that the caller may see. It is found first, so that nobody waits for the
    /// lock of one that does not exist for them.
    pub(super) async fn of(unit: &mut Unit, caller: &Caller, id: InquiryId) -> Result<Self> {
        store::find(unit.connection(), &caller.scope(), id).await?;
        let locked = unit.lock(INQUIRY, id.uuid()).await?;
        let stored = store::find(unit.connection(), &caller.scope(), id).await?;
        Ok(Self { locked, stored })
    }

    /// Locks an inquiry for time, which passes without a caller.
    pub(super) async fn of_time(unit: &mut Unit, id: Uuid) -> Result<Self> {
        let locked = unit.lock(INQUIRY, id).await?;
        let stored = store::find_own(unit.connection(), id).await?;
        Ok(Self { locked, stored })
    }

    /// Locks the inquiry of a receipt code.
    pub(super) async fn of_receipt(unit: &mut Unit, code: &str) -> Result<Self> {
        let digest = receipt::digest(unit.vault(), code)
            .ok_or_else(|| Error::refused(InquiryRejection::ReceiptUnknown))?;
        let found = store::find_by_receipt(unit.connection(), &digest).await?;
        let locked = unit.lock(INQUIRY, found.id.uuid()).await?;
        let stored = store::find_by_receipt(unit.connection(), &digest).await?;
        Ok(Self { locked, stored })
    }

    /// Where it stands.
    pub fn inquiry(&self) -> &Inquiry {
        &self.stored.inquiry
    }

    /// Takes a complaint up, to be closed by a day.
    ///
    /// # Errors
    /// When it was taken up or closed.
    pub async fn take_up(&mut self, unit: &mut Unit, due: Deadline) -> Result<()> {
        let fact = InquiryFact::InquiryTakenUp { due: due.date };
        let next = self.stored.inquiry.take_up(due).map_err(Error::refused)?;
        self.go_on(unit, next, &fact).await
    }

    /// Declines a complaint, with the reason, which closes it.
    ///
    /// # Errors
    /// When it was taken up or closed.
    pub async fn decline(&mut self, unit: &mut Unit, reason: &Written) -> Result<()> {
        let today = unit.today();
        let next = self.stored.inquiry.decline(today);
        let next = next.map_err(Error::refused)?;
        self.end(unit, next, reason).await
    }

    /// Closes it, with the outcome in writing.
    ///
    /// # Errors
    /// When it is closed, or what it takes is not there yet.
    pub async fn close(&mut self, unit: &mut Unit, outcome: &Written) -> Result<()> {
        let today = unit.today();
        let next = self.stored.inquiry.close(today)?;
        self.end(unit, next, outcome).await
    }

    async fn end(&mut self, unit: &mut Unit, next: Inquiry, outcome: &Written) -> Result<()> {
        self.go_on(unit, next, &InquiryFact::InquiryClosed).await?;
        self.write(unit, EntryKind::Outcome, Author::Centre, outcome)
            .await?;
        Ok(())
    }

    /// Saves the next state and records what led there.
    pub(super) async fn go_on(
        &mut self,
        unit: &mut Unit,
        next: Inquiry,
        fact: &InquiryFact,
    ) -> Result<()> {
        store::save(unit.connection(), self.stored.id.uuid(), &next).await?;
        self.stored.inquiry = next;
        self.record(unit, fact).await
    }

    pub(super) async fn record(&mut self, unit: &mut Unit, fact: &InquiryFact) -> Result<()> {
        let recorded = self.stored.recorded(fact);
        unit.record(&mut self.locked, &[recorded]).await
    }

    /// Keeps a text, sealed.
    pub(super) async fn write(
        &mut self,
        unit: &mut Unit,
        kind: EntryKind,
        author: Author,
        text: &Written,
    ) -> Result<()> {
        let id = Uuid::now_v7();
        let place = Entry::content_place(id);
        let entry = Entry {
            id,
            kind,
            author,
            written_on: unit.today(),
            content_sealed: Some(unit.vault().seal(place, text.reveal().as_bytes())),
            file: None,
        };
        store::add(unit.connection(), self.stored.id.uuid(), &entry).await
    }
}

/// Lets the centre of an area act, and nobody who merely sees what lies there.
///
/// # Errors
/// When the caller is of another centre, or of none.
pub fn require_centre(caller: &Caller, area: DivisionCode) -> Result<()> {
    if caller.centre() == Some(area) {
        Ok(())
    } else {
        Err(Error::refused(InquiryRejection::CentreForeign))
    }
}

/// By the citizen id: a name is written in more than one way.
fn person_digest(unit: &Unit, about: &str, party: &Party) -> [u8; 32] {
    let parts = [about.as_bytes(), party.citizen_id.reveal().as_bytes()];
    unit.vault().digest("inquiry party", &parts)
}

/// The person as one text: name, citizen id, telephone. None of them holds a line end.
fn person(party: &Party) -> Written {
    let lines = [
        party.name.reveal(),
        party.citizen_id.reveal(),
        party.phone.reveal(),
    ];
    Written::new(&lines.join("\n"))
}
