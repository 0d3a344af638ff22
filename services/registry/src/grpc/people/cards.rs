//! Cards and sanctions, as requests write them.

use std::collections::BTreeSet;

use kernel::card_number::CardNumber;
use kernel::ids::{PersonId, SanctionId};
use kernel::rejection::{FaultList, Faults};
use platform::contract::{date, level, line, text};
use proto::registry::v1::{
    self as contract, ImposeSanctionRequest, LiftSanctionRequest, RecordCardRequest,
    RevokeCardRequest,
};
use uuid::Uuid;

use super::super::{all_there, occupations};
use super::enlisting::role;
use crate::app::{NewCard, NewSanction};
use crate::domain::people::CardId;
use crate::domain::people::card::{Card, CardKind, CardRejection, MOST_OCCUPATIONS};
use crate::domain::people::sanction::{MOST_DUTIES, SanctionRejection};

/// Longest texts, in characters.
const ISSUER: usize = 100;
const REASON: usize = 500;
const GROUNDS: usize = 2000;
/// Levels there are.
const MOST_LEVELS: usize = 8;

/// A card that is to be recorded.
pub(super) fn card(request: &RecordCardRequest) -> Result<NewCard, Faults> {
    let mut faults = FaultList::default();
    let person_id = faults.take("person_id", PersonId::parse(&request.person_id));
    let number = faults.take("number", CardNumber::parse(&request.number));
    let kind = faults.take("kind", kind(request.kind()));
    let limit = MOST_OCCUPATIONS;
    let few = request.occupations.len() <= limit;
    faults.require(
        few,
        "occupations",
        &CardRejection::TooManyOccupations { limit },
    );
    let occupations = occupations(&request.occupations, limit, "", &mut faults);
    let given = request.levels.iter().take(MOST_LEVELS).enumerate();
    let levels: BTreeSet<_> = given
        .filter_map(|(index, given)| faults.take(format!("levels[{index}]"), level(*given)))
        .collect();
    let valid_from = faults.take("valid_from", date(&request.valid_from));
    let valid_until = faults.take("valid_until", date(&request.valid_until));
    let issuer = faults.take("issuer", line(&request.issuer, ISSUER));
    let what = person_id.zip(number).zip(kind);
    let when = valid_from.zip(valid_until).zip(issuer);
    let (((person_id, number), kind), ((valid_from, valid_until), issuer)) =
        all_there(faults, what.zip(when))?;
    Ok(NewCard {
        number,
        card: Card {
            id: CardId::from_uuid(Uuid::now_v7()),
            person_id,
            kind,
            occupations,
            levels,
            valid_from,
            valid_until,
            issuer,
            revoked_on: None,
            revocation_reason: String::new(),
        },
    })
}

/// Which card is revoked, and why.
pub(super) fn revocation(request: &RevokeCardRequest) -> Result<(CardId, String), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take("card_id", CardId::parse(&request.card_id));
    let reason = faults.take("reason", text(&request.reason, REASON));
    all_there(faults, id.zip(reason))
}

/// Who is barred from what.
pub(super) fn sanction(request: &ImposeSanctionRequest) -> Result<(PersonId, NewSanction), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take("person_id", PersonId::parse(&request.person_id));
    let limit = MOST_DUTIES;
    let few = request.duties.len() <= limit;
    faults.require(few, "duties", &SanctionRejection::TooManyDuties { limit });
    let given = request.duties.iter().take(limit).enumerate();
    let duties = given
        .filter_map(|(index, given)| {
            let given = contract::PersonRole::try_from(*given).unwrap_or_default();
            faults.take(format!("duties[{index}]"), role(given))
        })
        .collect();
    let grounds = faults.take("grounds", text(&request.grounds, GROUNDS));
    let from = faults.take("from", date(&request.from));
    let until = match request.until.as_str() {
        "" => None,
        until => faults.take("until", date(until)),
    };
    let ((id, grounds), from) = all_there(faults, id.zip(grounds).zip(from))?;
    let sanction = NewSanction {
        duties,
        grounds,
        from,
        until,
    };
    Ok((id, sanction))
}

/// Which sanction is lifted, and why.
pub(super) fn lifting(request: &LiftSanctionRequest) -> Result<(SanctionId, String), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take("sanction_id", SanctionId::parse(&request.sanction_id));
    let reason = faults.take("reason", text(&request.reason, REASON));
    all_there(faults, id.zip(reason))
}

fn kind(given: contract::CardKind) -> Result<CardKind, CardRejection> {
    match given {
        contract::CardKind::Unspecified => Err(CardRejection::CardKindUnknown),
        contract::CardKind::Examiner => Ok(CardKind::Examiner),
        contract::CardKind::SeniorExaminer => Ok(CardKind::SeniorExaminer),
        contract::CardKind::Invigilator => Ok(CardKind::Invigilator),
        contract::CardKind::QualitySupervisor => Ok(CardKind::QualitySupervisor),
        contract::CardKind::Enforcement => Ok(CardKind::Enforcement),
    }
}
