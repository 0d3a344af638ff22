//! Receipts of filings.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::ids::{ApplicationId, ReceiptId};
use kernel::organization_code::EvaluationOrganizationCode;
use platform::{Error, Result};
use sqlx::PgConnection;

use super::unreadable;
use crate::domain::refusal::FilingRejection;

/// The receipt of a filing (回执). What it grants stands with the application.
pub(crate) struct Receipt {
    /// Identifies it.
    pub(crate) id: ReceiptId,
    /// 机构代码
    pub(crate) organization_code: EvaluationOrganizationCode,
    /// Day of issue.
    pub(crate) issued_on: Date,
}

/// Keeps the receipt of an application.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    application: ApplicationId,
    receipt: &Receipt,
) -> Result<()> {
    sqlx::query!(
        "insert into filing_receipt (receipt_id, application_id, organization_code, issued_on)
         values ($1, $2, $3, $4)",
        receipt.id.uuid(),
        application.uuid(),
        receipt.organization_code.as_str(),
        receipt.issued_on.to_sqlx() as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The receipt of an application that was found in the caller's scope.
pub(crate) async fn find(
    connection: &mut PgConnection,
    application: ApplicationId,
) -> Result<Receipt> {
    let row = sqlx::query!(
        "select receipt_id, organization_code, issued_on from filing_receipt
         where application_id = $1",
        application.uuid(),
    )
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| Error::refused(FilingRejection::ReceiptNotIssued))?;
    Ok(Receipt {
        id: ReceiptId::from_uuid(row.receipt_id),
        organization_code: EvaluationOrganizationCode::parse(&row.organization_code)
            .map_err(|_| unreadable("organisation code"))?,
        issued_on: row.issued_on.to_jiff(),
    })
}
