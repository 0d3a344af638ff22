//! Reading rows as PostgreSQL's binary copy gives them: nothing is allocated for a row, which at
//! ten million of them decides how long a replica takes to start.
//!
//! Format: <https://www.postgresql.org/docs/current/sql-copy.html>, "Binary Format". Each message
//! of the server is one row.

use anyhow::{Context, ensure};
use futures::TryStreamExt;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use platform::Result;
use sqlx::PgConnection;

/// What a binary copy begins with: signature, flags, and no extension.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// The number of fields that marks the end.
const END: i16 = -1;
/// The day that PostgreSQL counts from.
const EPOCH: Date = date(2000, 1, 1);
/// The length that stands for null.
const NULL: i32 = -1;

/// Gives every row of a query to `each`, in the order in which they come.
pub(super) async fn rows(
    connection: &mut PgConnection,
    query: &str,
    mut each: impl FnMut(&mut Row<'_>) -> anyhow::Result<()>,
) -> Result<()> {
    let statement = format!("copy ({query}) to stdout (format binary)");
    let mut messages = connection.copy_out_raw(&statement).await?;
    while let Some(message) = messages.try_next().await? {
        let mut row = Row(message.strip_prefix(HEADER).unwrap_or(&message));
        if !row.0.is_empty() && row.take_i16()? != END {
            each(&mut row)?;
            ensure_read(&row)?;
        }
    }
    Ok(())
}

fn ensure_read(row: &Row<'_>) -> anyhow::Result<()> {
    ensure!(row.0.is_empty(), "a row has more fields than are read");
    Ok(())
}

/// A row, of which the fields are taken from left to right.
pub(crate) struct Row<'a>(&'a [u8]);

impl<'a> Row<'a> {
    /// A `text`.
    pub(super) fn text(&mut self) -> anyhow::Result<&'a str> {
        std::str::from_utf8(self.bytes()?).context("text that is none")
    }

    /// A `bytea`, or the raw form of anything else.
    pub(super) fn bytes(&mut self) -> anyhow::Result<&'a [u8]> {
        self.optional()?.context("null where there is none")
    }

    /// A `boolean`.
    pub(super) fn boolean(&mut self) -> anyhow::Result<bool> {
        Ok(self.bytes()? != [0])
    }

    /// A `smallint`.
    pub(super) fn smallint(&mut self) -> anyhow::Result<i16> {
        let bytes = self.bytes()?.try_into().context("a smallint")?;
        Ok(i16::from_be_bytes(bytes))
    }

    /// An `integer`.
    pub(super) fn integer(&mut self) -> anyhow::Result<i32> {
        integer(self.bytes()?)
    }

    /// A `date`.
    pub(super) fn date(&mut self) -> anyhow::Result<Date> {
        day(self.bytes()?)
    }

    /// A `date` that may be null.
    pub(super) fn optional_date(&mut self) -> anyhow::Result<Option<Date>> {
        self.optional()?.map(day).transpose()
    }

    /// A `text[]` or `bytea[]` of one dimension, without nulls.
    pub(super) fn elements(&mut self) -> anyhow::Result<Elements<'a>> {
        let mut field = Row(self.bytes()?);
        let dimensions = integer(field.take(4)?)?;
        // Whether there are nulls, and of which type.
        field.take(8)?;
        ensure!(dimensions <= 1, "an array of arrays");
        if dimensions == 1 {
            // How many there are, and the number of the first.
            field.take(8)?;
        }
        Ok(Elements(field))
    }

    fn optional(&mut self) -> anyhow::Result<Option<&'a [u8]>> {
        match integer(self.take(4)?)? {
            NULL => Ok(None),
            length => Ok(Some(self.take(usize::try_from(length)?)?)),
        }
    }

    fn take_i16(&mut self) -> anyhow::Result<i16> {
        Ok(i16::from_be_bytes(self.take(2)?.try_into()?))
    }

    fn take(&mut self, length: usize) -> anyhow::Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length).context("a row too short")?;
        self.0 = rest;
        Ok(taken)
    }
}

/// The elements of an array.
#[derive(Clone)]
pub(crate) struct Elements<'a>(Row<'a>);

impl Clone for Row<'_> {
    fn clone(&self) -> Self {
        Self(self.0)
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        // Where nothing is left, there is no error to make, and perhaps a backtrace with it: this
        // is asked for every row.
        if self.0.0.is_empty() {
            return None;
        }
        self.0.bytes().ok()
    }
}

fn integer(bytes: &[u8]) -> anyhow::Result<i32> {
    Ok(i32::from_be_bytes(bytes.try_into().context("an integer")?))
}

fn day(bytes: &[u8]) -> anyhow::Result<Date> {
    EPOCH
        .checked_add(integer(bytes)?.days())
        .context("a day out of range")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A field as the server writes it.
    fn field(value: &[u8]) -> Vec<u8> {
        let length = i32::try_from(value.len()).expect("short");
        [&length.to_be_bytes(), value].concat()
    }

    #[test]
    fn fields_are_read_from_left_to_right_and_no_further() {
        let array = [
            &1_i32.to_be_bytes()[..],
            &[0; 8],
            &2_i32.to_be_bytes(),
            &1_i32.to_be_bytes(),
            &field(b"k1"),
            &field(b"k2"),
        ]
        .concat();
        let bytes = [
            field("王*例".as_bytes()),
            field(&7471_i32.to_be_bytes()),
            (-1_i32).to_be_bytes().to_vec(),
            field(&array),
            field(&[1]),
        ]
        .concat();
        let mut row = Row(&bytes);
        assert_eq!(row.text().expect("text"), "王*例");
        assert_eq!(row.date().expect("a date"), date(2020, 6, 15));
        assert_eq!(row.optional_date().expect("null"), None);
        let keys: Vec<_> = row.elements().expect("an array").collect();
        assert_eq!(keys, [b"k1", b"k2"]);
        assert!(row.boolean().expect("a boolean"));
        row.text().expect_err("nothing is left");
    }

    #[test]
    fn an_empty_array_has_no_elements() {
        let bytes = field(&[0; 12]);
        assert_eq!(Row(&bytes).elements().expect("an array").count(), 0);
    }
}
