//! What the registry says of its organisations: one that got its code or more rights gets its
//! receipt, and what one gave up or lost is free again.

use jiff::civil::Date;
use kernel::ids::{OrganizationId, ReceiptId, SelectionId};
use kernel::organization_code::EvaluationOrganizationCode;
use platform::Result;
use platform::unit::Unit;
use uuid::Uuid;

use super::{App, Case};
use crate::domain::{Command, OccupationScope};
use crate::store;
use crate::store::evaluation_organization::Known;
use crate::store::receipt::Receipt;

/// An organisation that was registered.
pub(crate) struct Registered {
    /// What is known of it from then on.
    pub(crate) known: Known,
    /// The selection it follows from.
    pub(crate) selection: SelectionId,
    /// The first day of its rights.
    pub(crate) on: Date,
}

/// What the registry tells of an organisation, as far as review goes by it.
pub(crate) enum Heard {
    /// A first selection was registered: the organisation has its code.
    Registered(Registered),
    /// An extension or a renewal was.
    RightsFollow(SelectionId),
    /// Rights end, each with its last day.
    RightsEnd(Vec<(OccupationScope, Date)>),
    /// The filing was withdrawn.
    Withdrawn(Date),
}

impl App {
    /// Acts on it inside the unit of the fact that was heard.
    pub(crate) async fn hear(
        &self,
        unit: &mut Unit,
        organization: OrganizationId,
        heard: Heard,
    ) -> Result<()> {
        match heard {
            Heard::Registered(Registered {
                known,
                selection,
                on,
            }) => {
                self.note_registered(unit, &known, on).await?;
                issue_receipt(unit, organization, selection, Some(known.code)).await
            }
            Heard::RightsFollow(selection) => {
                issue_receipt(unit, organization, selection, None).await
            }
            Heard::RightsEnd(ended) => {
                let mut holdings = store::applicant::lock(unit.connection(), organization).await?;
                for (scope, last_day) in &ended {
                    holdings.end(scope, *last_day);
                }
                store::applicant::save(unit.connection(), &holdings).await
            }
            Heard::Withdrawn(on) => {
                let mut holdings = store::applicant::lock(unit.connection(), organization).await?;
                holdings.withdraw(on);
                store::applicant::save(unit.connection(), &holdings).await?;
                self.note_withdrawn(unit, organization, on).await
            }
        }
    }
}

/// Issues the receipt of a selection that was registered. The code of an organisation that is one
/// already is known.
async fn issue_receipt(
    unit: &mut Unit,
    organization: OrganizationId,
    selection: SelectionId,
    code: Option<EvaluationOrganizationCode>,
) -> Result<()> {
    let id = store::application::selected_by(unit.connection(), selection).await?;
    let mut case = Case::open_own(unit, id).await?;
    let organization_code = match code {
        Some(code) => code,
        None => {
            let holdings = store::applicant::find(unit.connection(), organization).await?;
            let known = holdings.organization_code;
            known.ok_or_else(|| anyhow::anyhow!("rights followed before there was a code"))?
        }
    };
    let receipt = Receipt {
        id: ReceiptId::from_uuid(Uuid::now_v7()),
        organization_code,
        issued_on: unit.today(),
    };
    let command = Command::IssueReceipt {
        receipt: receipt.id,
        selection,
        organization,
        organization_code,
    };
    case.act(unit, command).await?;
    store::receipt::insert(unit.connection(), id, &receipt).await
}
