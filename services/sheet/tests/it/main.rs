//! Files as people send them, and as nobody should.

use kernel::rejection::Faults;
use sheet::{Column, Limits, read};

mod archives;
mod delimited;
mod workbooks;

pub(crate) const DAY: Column = Column::required("date", "日期");
pub(crate) const KIND: Column = Column::required("kind", "类型");
pub(crate) const NOTE: Column = Column::optional("note", "说明");

pub(crate) const LIMITS: Limits = Limits {
    bytes: 64 * 1024,
    unpacked_bytes: 256 * 1024,
    rows: 100,
    cell_characters: 20,
    faults: 50,
};

kernel::rejections! {
    /// Why a value of these tests is none.
    pub(crate) enum Value {
        /// There is nothing.
        Missing => "MISSING", InvalidArgument, "test", "缺少", "missing";
    }
}

/// Rows of the file: number, day, kind, note.
pub(crate) fn rows(file: &[u8]) -> Result<Vec<(u32, String, String, String)>, Faults> {
    let mut rows = Vec::new();
    read(file, &[DAY, KIND, NOTE], &LIMITS, |row, faults| {
        let given = |text: &str| match text {
            "" => Err(Value::Missing),
            text => Ok(text.to_owned()),
        };
        let day = row.read(DAY, faults, given);
        let kind = row.read(KIND, faults, given);
        let note = row.read(NOTE, faults, |text| Ok::<_, Value>(text.to_owned()));
        if let (Some(day), Some(kind), Some(note)) = (day, kind, note) {
            rows.push((row.number(), day, kind, note));
        }
    })?;
    Ok(rows)
}

/// All that is wrong with the file: where, and what.
pub(crate) fn told(file: &[u8]) -> Vec<(String, &'static str)> {
    let refused = rows(file).expect_err("refused");
    let told = refused.all().iter().map(|fault| {
        let field = fault.field.clone().unwrap_or_default();
        (field, fault.code)
    });
    told.collect()
}

pub(crate) fn row(number: u32, cells: [&str; 3]) -> (u32, String, String, String) {
    let [day, kind, note] = cells.map(str::to_owned);
    (number, day, kind, note)
}

#[test]
fn a_field_says_row_and_column() {
    assert_eq!(sheet::place("file.rows[3].date"), (3, "date"));
    assert_eq!(sheet::place("file.rows[3]"), (3, ""));
    assert_eq!(sheet::place("file"), (0, ""));
}
