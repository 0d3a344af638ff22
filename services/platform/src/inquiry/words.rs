//! Words of the contract and the values behind them, each way.

use jiff::civil::Date;
use kernel::citizen_id::CitizenId;
use kernel::inquiry::{Channel, InquiryKind, InquiryState, Party, Phone};
use kernel::person_name::PersonName;
use kernel::public_notice::ObjectionOutcome;
use kernel::rejection::{FaultList, Faults};
use kernel::written::{LONGEST, Written};
use proto::common::v1 as common;

use super::entry::Entry;
use super::refusal::InquiryRejection;
use super::store::Stored;
use crate::access::Role;
use crate::contract::{FieldRejection, deadline_message, text};

/// What somebody wrote in their own words, or the fault at its field.
///
/// # Errors
/// When it says nothing, is too long, or holds what no text holds.
pub fn written(field: &str, given: &str) -> Result<Written, Faults> {
    match text(given, LONGEST) {
        Ok(text) => Ok(Written::new(&text)),
        Err(refused) => Err(Faults::at(field, &refused)),
    }
}

/// Who stands for something by name, with all faults at `party`.
///
/// # Errors
/// When nobody does, or a part cannot be read.
pub fn party(given: Option<&common::Party>) -> Result<Party, Faults> {
    let Some(given) = given else {
        return Err(Faults::at("party", &FieldRejection::Required));
    };
    let mut faults = FaultList::default();
    let name = faults.take("party.name", PersonName::parse(&given.name));
    let citizen_id = CitizenId::parse(&given.citizen_id);
    let citizen_id = faults.take("party.citizen_id", citizen_id);
    let phone = faults.take("party.phone", Phone::parse(&given.phone));
    faults.finish()?;
    match (name, citizen_id, phone) {
        (Some(name), Some(citizen_id), Some(phone)) => Ok(Party {
            name,
            citizen_id,
            phone,
        }),
        _ => unreachable!("a missing value is a fault, and there was none"),
    }
}

/// How something came in that a clerk enters. What comes through the platform needs no clerk.
///
/// # Errors
/// When it is not said.
pub fn channel(given: common::InquiryChannel) -> Result<Channel, InquiryRejection> {
    match given {
        common::InquiryChannel::Letter => Ok(Channel::Letter),
        common::InquiryChannel::Visit => Ok(Channel::Visit),
        common::InquiryChannel::Telephone => Ok(Channel::Telephone),
        common::InquiryChannel::Email => Ok(Channel::Email),
        common::InquiryChannel::Referred => Ok(Channel::Referred),
        common::InquiryChannel::Unspecified | common::InquiryChannel::Online => {
            Err(InquiryRejection::ChannelMissing)
        }
    }
}

/// How an objection is decided.
///
/// # Errors
/// When it is not said.
pub fn outcome(given: common::ObjectionOutcome) -> Result<ObjectionOutcome, InquiryRejection> {
    match given {
        common::ObjectionOutcome::Dismissed => Ok(ObjectionOutcome::Dismissed),
        common::ObjectionOutcome::Upheld => Ok(ObjectionOutcome::Upheld),
        common::ObjectionOutcome::Unspecified => Err(InquiryRejection::OutcomeMissing),
    }
}

/// The kind that a list is asked for; none for all.
pub(super) fn wanted_kind(given: i32) -> Result<Option<InquiryKind>, InquiryRejection> {
    match common::InquiryKind::try_from(given) {
        Ok(common::InquiryKind::Unspecified) => Ok(None),
        Ok(common::InquiryKind::Objection) => Ok(Some(InquiryKind::Objection)),
        Ok(common::InquiryKind::Lead) => Ok(Some(InquiryKind::Lead)),
        Ok(common::InquiryKind::Complaint) => Ok(Some(InquiryKind::Complaint)),
        Err(_) => Err(InquiryRejection::KindUnknown),
    }
}

pub(super) fn kind_message(kind: InquiryKind) -> common::InquiryKind {
    match kind {
        InquiryKind::Objection => common::InquiryKind::Objection,
        InquiryKind::Lead => common::InquiryKind::Lead,
        InquiryKind::Complaint => common::InquiryKind::Complaint,
    }
}

fn channel_message(channel: Channel) -> common::InquiryChannel {
    match channel {
        Channel::Online => common::InquiryChannel::Online,
        Channel::Letter => common::InquiryChannel::Letter,
        Channel::Visit => common::InquiryChannel::Visit,
        Channel::Telephone => common::InquiryChannel::Telephone,
        Channel::Email => common::InquiryChannel::Email,
        Channel::Referred => common::InquiryChannel::Referred,
    }
}

pub(super) fn state_message(state: InquiryState) -> common::InquiryState {
    match state {
        InquiryState::Received => common::InquiryState::Received,
        InquiryState::Open => common::InquiryState::Open,
        InquiryState::AwaitingAnswer => common::InquiryState::AwaitingAnswer,
        InquiryState::Closed => common::InquiryState::Closed,
    }
}

/// An inquiry as a role sees it. How it came in and whether by name could tell an organisation who
/// brought it forward.
pub(super) fn inquiry_message(stored: &Stored, role: Role, today: Date) -> common::Inquiry {
    let inquiry = &stored.inquiry;
    let accused = role == Role::Organization;
    let channel = if accused {
        common::InquiryChannel::Unspecified
    } else {
        channel_message(inquiry.channel)
    };
    let asked = inquiry.open_question();
    common::Inquiry {
        inquiry_id: stored.id.to_string(),
        kind: kind_message(inquiry.kind).into(),
        about: stored.about.clone(),
        organization_id: stored.organization.to_string(),
        division_code: stored.area.to_string(),
        channel: channel.into(),
        named: stored.named && !accused,
        received_on: inquiry.received_on.to_string(),
        due: Some(deadline_message(&inquiry.due)),
        state: state_message(inquiry.state()).into(),
        late: inquiry.is_late_on(today),
        answer_due_on: asked
            .map(|question| question.due.date.to_string())
            .unwrap_or_default(),
        findings: inquiry.findings,
        closed_on: closed_on(stored),
    }
}

pub(super) fn closed_on(stored: &Stored) -> String {
    let closed_on = stored.inquiry.closed_on;
    closed_on.map(|day| day.to_string()).unwrap_or_default()
}

/// An entry with its text, or with the name of its file.
pub(super) fn entry_message(entry: &Entry, text: String) -> common::InquiryEntry {
    let file = entry.file.as_ref();
    common::InquiryEntry {
        entry_id: entry.id.to_string(),
        kind: entry.kind.message().into(),
        author: entry.author.message().into(),
        written_on: entry.written_on.to_string(),
        text,
        media_type: file.map(|file| file.media_type.clone()).unwrap_or_default(),
        size: file.map_or(0, |file| file.size.cast_unsigned()),
        sha256: file
            .map(|file| file.sha256.clone().into())
            .unwrap_or_default(),
    }
}
