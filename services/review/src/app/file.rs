//! What the registry says of its organisations: one that got its code or more rights gets its
//! receipt, and what one gave up or lost is free again.

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{OrganizationId, ReceiptId, SelectionId};
use kernel::organization_code::EvaluationOrganizationCode;
use platform::Result;
use platform::unit::Unit;
use uuid::Uuid;

use super::{App, Case};
use crate::domain::{ApplicationState, Command, Held, OccupationScope};
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
    /// Those rights.
    pub(crate) rights: Vec<Held>,
}

/// What the registry tells of an organisation, as far as review goes by it.
pub(crate) enum Heard {
    /// A first selection was registered: the organisation has its code.
    Registered(Registered),
    /// An extension or a renewal was: these are the rights that follow from it.
    RightsFollow(SelectionId, Vec<Held>),
    /// Rights end, each with where it holds and its last day.
    RightsEnd(Vec<(OccupationScope, DivisionCode, Date)>),
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
            Heard::RightsEnd(ended) => {
                let mut holdings = store::applicant::lock(unit.connection(), organization).await?;
                // What ends elsewhere is held at home as before.
                let home = |division: &DivisionCode| holdings.filing_division == Some(*division);
                let ended: Vec<_> = ended.iter().filter(|(_, at, _)| home(at)).collect();
                for (scope, _, last_day) in ended {
                    holdings.end(scope, *last_day);
                }
                store::applicant::save(unit.connection(), &holdings).await
            }
            Heard::Withdrawn(on) => {
                end_open(unit, organization).await?;
                let mut holdings = store::applicant::lock(unit.connection(), organization).await?;
                holdings.withdraw(on);
                store::applicant::save(unit.connection(), &holdings).await?;
                self.note_withdrawn(unit, organization, on).await
            }
        }
    }
}

/// Ends what an organisation has handed in and is still to come of: without its filing there is
/// nothing to extend or renew. What it hands in afterwards is refused.
async fn end_open(unit: &mut Unit, organization: OrganizationId) -> Result<()> {
    let open = store::application::open(unit.connection(), organization).await?;
    let Some(id) = open else { return Ok(()) };
    let mut case = Case::open_own(unit, id).await?;
    // It may have come to its end while the lock was waited for.
    if case.application.state.is_open() {
        case.act(unit, Command::Lapse).await?;
    }
    Ok(())
}

/// Keeps until when rights last.
async fn hold(unit: &mut Unit, organization: OrganizationId, rights: Vec<Held>) -> Result<()> {
    let mut holdings = store::applicant::lock(unit.connection(), organization).await?;
    for right in rights {
        holdings.hold(right);
    }
    store::applicant::save(unit.connection(), &holdings).await
}

/// Issues the receipt of a selection that was registered, unless it has one: a renewal may be told
/// of twice, as new terms and as new rights. The code of an organisation that is one already is
/// known.
async fn issue_receipt(
    unit: &mut Unit,
    organization: OrganizationId,
    selection: SelectionId,
    code: Option<EvaluationOrganizationCode>,
) -> Result<()> {
    let id = store::application::selected_by(unit.connection(), selection).await?;
    let mut case = Case::open_own(unit, id).await?;
    if case.application.state == ApplicationState::Filed {
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
