//! What the registry says of its organisations: one that got its code or more rights gets its
//! receipt, and what one gave up or lost is free again.

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{OrganizationId, ReceiptId, RightId, SelectionId};
use kernel::organization_code::EvaluationOrganizationCode;
use platform::Result;
use platform::unit::Unit;
use uuid::Uuid;

use super::{App, Case};
use crate::domain::{ApplicationState, Command, Held};
use crate::store;
use crate::store::evaluation_organization::Known;
use crate::store::receipt::Receipt;

/// A right as the registry has it now.
pub(crate) struct ToldRight {
    /// Identifies it.
    pub(crate) id: RightId,
    /// Where it holds.
    pub(crate) division: DivisionCode,
    /// Its levels by their last day.
    pub(crate) held: Vec<Held>,
}

/// An organisation that was registered.
pub(crate) struct Registered {
    /// What is known of it from then on.
    pub(crate) known: Known,
    /// The selection it follows from.
    pub(crate) selection: SelectionId,
    /// The first day of its rights.
    pub(crate) on: Date,
    /// Those rights.
    pub(crate) rights: Vec<ToldRight>,
}

/// What the registry tells of an organisation, as far as review goes by it.
pub(crate) enum Heard {
    /// A first selection was registered: the organisation has its code.
    Registered(Registered),
    /// An extension or a renewal was: these are the rights that follow from it.
    RightsFollow(SelectionId, Vec<ToldRight>),
    /// Rights have another last day.
    RightsEnd(Vec<ToldRight>),
    /// The filing is withdrawn from a day on.
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
                rights,
            }) => {
                self.note_registered(unit, &known, on).await?;
                issue_receipt(unit, organization, selection, Some(known.code)).await?;
                hold(unit, organization, rights).await
            }
            Heard::RightsFollow(selection, rights) => {
                issue_receipt(unit, organization, selection, None).await?;
                hold(unit, organization, rights).await
            }
            Heard::RightsEnd(rights) => hold(unit, organization, rights).await,
            Heard::Withdrawn(from) => {
                let mut holdings = store::applicant::lock(unit.connection(), organization).await?;
                holdings.withdraw(from);
                store::applicant::save(unit.connection(), &holdings).await?;
                self.note_withdrawn(unit, organization, from).await
            }
        }
    }
}

/// Keeps what rights are now. What holds elsewhere is of what is held at home.
async fn hold(unit: &mut Unit, organization: OrganizationId, rights: Vec<ToldRight>) -> Result<()> {
    let mut holdings = store::applicant::lock(unit.connection(), organization).await?;
    for right in rights {
        if holdings.filing_division == Some(right.division) {
            holdings.hold(right.id, right.held);
        }
    }
    store::applicant::save(unit.connection(), &holdings).await
}

/// Issues the receipt of a selection that was registered, unless its application has lapsed: the
/// registry may have followed the selection before the organisation lost its filing. The code of an
/// organisation that is one already is known.
async fn issue_receipt(
    unit: &mut Unit,
    organization: OrganizationId,
    selection: SelectionId,
    code: Option<EvaluationOrganizationCode>,
) -> Result<()> {
    let id = store::application::selected_by(unit.connection(), selection).await?;
    let mut case = Case::open_own(unit, id).await?;
    if case.application.state == ApplicationState::Lapsed {
        return Ok(());
    }
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
