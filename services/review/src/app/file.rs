//! The registry gave the code: the receipt follows.

use kernel::ids::{ApplicationId, OrganizationId, ReceiptId, SelectionId};
use kernel::organization_code::EvaluationOrganizationCode;
use platform::Result;
use platform::unit::Unit;
use uuid::Uuid;

use super::{App, Case};
use crate::domain::Command;
use crate::store;
use crate::store::receipt::Receipt;

/// What the registry tells of a registration.
pub(crate) struct Registration {
    /// The application selected.
    pub(crate) application: ApplicationId,
    /// The selection it follows from.
    pub(crate) selection: SelectionId,
    /// The organisation.
    pub(crate) organization: OrganizationId,
    /// Its code.
    pub(crate) organization_code: EvaluationOrganizationCode,
}

impl App {
    /// Issues the receipt inside the unit of the fact that was heard.
    pub(crate) async fn issue_receipt(
        &self,
        unit: &mut Unit,
        registration: Registration,
    ) -> Result<()> {
        let Registration {
            application,
            selection,
            organization,
            organization_code,
        } = registration;
        let id = ReceiptId::from_uuid(Uuid::now_v7());
        let mut case = Case::open_own(unit, application).await?;
        let command = Command::IssueReceipt {
            receipt: id,
            selection,
            organization,
            organization_code,
        };
        case.act(unit, command).await?;
        let issued_on = unit.today();
        let receipt = Receipt {
            id,
            organization_code,
            issued_on,
        };
        store::receipt::insert(unit.connection(), application, &receipt).await
    }
}
