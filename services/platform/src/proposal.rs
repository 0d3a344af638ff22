//! Two persons, as a mechanism: a proposal waits in the database for its second person.
//!
//! The rule itself is [`kernel::two_persons`]. Here a proposal is kept beside its aggregate, under
//! whose lock both acts happen; a new proposal of the same act takes the place of the one before,
//! and what the aggregate's owner changes in between changes the hash, which voids it.

use jiff_sqlx::ToSqlx;
use kernel::content_hash::ContentHash;
use kernel::ids::ProposalId;
use kernel::rejection::{FaultList, Faults};
use kernel::rejections;
use kernel::two_persons::{self, Stated, Subject};
use proto::common::v1 as common;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::access::{Caller, Role};
use crate::crypto::Place;
use crate::error::{Error, Result};
use crate::facts::Locked;
use crate::unit::Unit;

rejections! {
    /// Why there is nothing to confirm.
    pub enum ProposalRejection {
        /// Nobody proposed this, or somebody did and it was confirmed or replaced.
        ProposalNotFound => "PROPOSAL_NOT_FOUND", FailedPrecondition, "platform",
            "没有待确认的提议", "there is no such proposal waiting for a second person";
        /// A confirmation repeats the hash of what it confirms.
        ConfirmationMissing => "CONFIRMATION_MISSING", InvalidArgument, "platform",
            "缺少确认内容（提议编号与 32 字节内容哈希）",
            "a confirmation with the proposal's id and its content hash of 32 bytes is required";
    }
}

/// A proposal that its second person has confirmed.
#[derive(Debug)]
pub struct Confirmed<C> {
    /// The proposal.
    pub id: ProposalId,
    /// What was proposed.
    pub content: C,
}

/// What the second person said, read from a request.
///
/// # Errors
/// Both faults of a confirmation at once.
pub fn parse_confirmation(given: Option<&common::Confirmation>) -> Result<Stated, Faults> {
    let missing = || Faults::at("confirmation", &ProposalRejection::ConfirmationMissing);
    let given = given.ok_or_else(missing)?;
    let mut faults = FaultList::default();
    let proposal = faults.take(
        "confirmation.proposal_id",
        ProposalId::parse(&given.proposal_id),
    );
    let hash = <[u8; 32]>::try_from(&given.content_hash[..])
        .map_err(|_| ProposalRejection::ConfirmationMissing);
    let hash = faults.take("confirmation.content_hash", hash);
    faults.finish()?;
    let (Some(proposal), Some(hash)) = (proposal, hash) else {
        return Err(missing());
    };
    Ok(Stated {
        proposal,
        action: String::new(),
        content_hash: ContentHash::from_bytes(hash),
    })
}

/// The first person's act.
pub async fn propose(
    unit: &mut Unit,
    locked: &Locked,
    caller: &Caller,
    action: &'static str,
    content_hash: ContentHash,
    content: &impl Serialize,
) -> Result<common::Proposal> {
    if caller.role == Role::Service {
        return Err(Error::refused(
            two_persons::TwoPersonsRejection::ServiceCannotPropose,
        ));
    }
    let id = ProposalId::from_uuid(Uuid::now_v7());
    let bytes = serde_json::to_vec(content).map_err(anyhow::Error::from)?;
    let sealed = unit.vault().seal(place(id), &bytes);
    let proposed_at = unit.origin().occurred_at;
    void(unit, locked, action).await?;
    sqlx::query!(
        "insert into platform.proposal (proposal_id, aggregate_kind, aggregate_id, action,
             content_hash, content, proposed_by, proposed_role, proposed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        id.uuid(),
        locked.kind,
        locked.id,
        action,
        content_hash.as_bytes(),
        sealed,
        caller.subject,
        caller.role.as_str(),
        proposed_at.to_sqlx() as _,
    )
    .execute(unit.connection())
    .await?;
    Ok(common::Proposal {
        proposal_id: id.to_string(),
        action: action.to_owned(),
        content_hash: content_hash.as_bytes().to_vec().into(),
        proposed_by: caller.subject.clone(),
        proposed_at: proposed_at.to_string(),
    })
}

/// The second person's act. `current` computes the hash of the content as it is now.
pub async fn confirm<C: DeserializeOwned>(
    unit: &mut Unit,
    locked: &Locked,
    caller: &Caller,
    action: &'static str,
    stated: Stated,
    current: impl FnOnce(&C) -> ContentHash,
) -> Result<Confirmed<C>> {
    let row = sqlx::query!(
        "select proposal_id, content_hash, content, proposed_by, proposed_role
         from platform.proposal
         where aggregate_kind = $1 and aggregate_id = $2 and action = $3 and confirmed_by is null",
        locked.kind,
        locked.id,
        action,
    )
    .fetch_optional(unit.connection())
    .await?
    .ok_or_else(|| Error::refused(ProposalRejection::ProposalNotFound))?;

    let id = ProposalId::from_uuid(row.proposal_id);
    let bytes = unit.vault().unseal(place(id), &row.content).await?;
    let content: C = serde_json::from_slice(&bytes).map_err(anyhow::Error::from)?;
    let hash = <[u8; 32]>::try_from(row.content_hash.as_slice()).map_err(anyhow::Error::from)?;
    let proposal = two_persons::Proposal {
        id,
        action: action.to_owned(),
        content_hash: ContentHash::from_bytes(hash),
        proposed_by: Subject::parse(&row.proposed_by).map_err(Faults::from)?,
        proposed_by_service: row.proposed_role == Role::Service.as_str(),
    };
    two_persons::confirm_stated(
        &proposal,
        &Stated {
            action: action.to_owned(),
            ..stated
        },
        current(&content),
        &Subject::parse(&caller.subject).map_err(Faults::from)?,
        caller.role == Role::Service,
    )?;
    sqlx::query!(
        "update platform.proposal set confirmed_by = $2 where proposal_id = $1",
        id.uuid(),
        caller.subject,
    )
    .execute(unit.connection())
    .await?;
    Ok(Confirmed { id, content })
}

/// Takes back what was proposed and not yet confirmed.
pub async fn void(unit: &mut Unit, locked: &Locked, action: &str) -> Result<()> {
    sqlx::query!(
        "delete from platform.proposal
         where aggregate_kind = $1 and aggregate_id = $2 and action = $3 and confirmed_by is null",
        locked.kind,
        locked.id,
        action,
    )
    .execute(unit.connection())
    .await?;
    Ok(())
}

fn place(id: ProposalId) -> Place {
    Place {
        table: "platform.proposal",
        row: id.uuid(),
        column: "content",
    }
}
