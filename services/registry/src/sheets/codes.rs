//! Organisation codes that are in use elsewhere, one a row.

use kernel::organization_code::EvaluationOrganizationCode;
use kernel::rejection::Faults;
use kernel::rejections;
use platform::contract::line;
use platform::sheets::MOST_FAULTS;
use sheet::{Column, Limits};

use crate::domain::code::{self, Listed};
use crate::domain::divisions::Divisions;

const CODE: Column = Column::required("organization_code", "机构代码");
const NAME: Column = Column::optional("organization_name", "机构名称");

pub(crate) const LIMITS: Limits = Limits {
    bytes: 1024 * 1024,
    unpacked_bytes: 16 * 1024 * 1024,
    rows: 10_000,
    cell_characters: 200,
    faults: MOST_FAULTS,
};

rejections! {
    /// Why a row is no code that is reserved.
    pub enum CodeRowRejection {
        /// The same code again.
        CodeTwice => "ORGANIZATION_CODE_TWICE", InvalidArgument, "platform",
            "机构代码重复", "the code is there twice";
    }
}

/// Reads the codes, each with its place.
///
/// # Errors
/// What is wrong with the file, or with each row.
pub(crate) fn read(file: &[u8], divisions: &Divisions) -> Result<Vec<Listed>, Faults> {
    let mut seen = std::collections::BTreeSet::new();
    let mut codes = Vec::new();
    sheet::read(file, &[CODE, NAME], &LIMITS, |row, faults| {
        let parsed = row.read(CODE, faults, EvaluationOrganizationCode::parse);
        let ours =
            parsed.and_then(|code| faults.take(row.field(CODE), code::ours(code, divisions)));
        row.read(NAME, faults, |text| match text {
            "" => Ok(String::new()),
            text => line(text, LIMITS.cell_characters),
        });
        let Some(code) = ours else { return };
        faults.require(
            seen.insert(code),
            row.field(CODE),
            &CodeRowRejection::CodeTwice,
        );
        codes.push(Listed {
            field: row.field(CODE),
            code,
        });
    })?;
    Ok(codes)
}
