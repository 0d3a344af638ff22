//! A table: the first row names the columns, and every row below it is handed on.

use kernel::rejection::{FaultList, Faults, Rejection};

use crate::{CellRejection, Limits, SheetRejection};

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    field: &'static str,
    chinese: &'static str,
    required: bool,
}

impl Column {
    /// A column that has to be there.
    pub const fn required(field: &'static str, chinese: &'static str) -> Self {
        Self {
            field,
            chinese,
            required: true,
        }
    }

    /// A column that may be there.
    pub const fn optional(field: &'static str, chinese: &'static str) -> Self {
        Self {
            required: false,
            ..Self::required(field, chinese)
        }
    }

    fn is_called(&self, name: &str) -> bool {
        name == self.field || name == self.chinese
    }
}

/// Text of a cell, or why it has none.
pub(crate) type Cell = Result<String, CellRejection>;

/// A row as it was found: its number, and the cells with something in them in the order of their
/// columns, counted from 0.
pub(crate) struct Found {
    pub(crate) number: u32,
    pub(crate) cells: Vec<(usize, Cell)>,
}

/// Why a file is not read on.
pub(crate) enum Stop {
    /// It is refused.
    Refused(SheetRejection),
    /// There are as many faults as are told.
    Enough,
}

impl From<SheetRejection> for Stop {
    fn from(rejection: SheetRejection) -> Self {
        Self::Refused(rejection)
    }
}

/// A row of the table.
pub struct Row<'a> {
    number: u32,
    columns: &'a [Column],
    /// By column, empty where there is nothing.
    cells: Vec<Cell>,
}

impl Row<'_> {
    /// Its number in the file, from 1.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The field of a column in this row, such as `file.rows[3].date`.
    pub fn field(&self, column: Column) -> String {
        field(self.number, column)
    }

    /// Reads the cell of a column, of which the text is empty where there is none; what is wrong
    /// with it is noted.
    ///
    /// # Panics
    /// When the table has no such column.
    pub fn read<T, R: Rejection>(
        &self,
        column: Column,
        faults: &mut FaultList,
        parse: impl FnOnce(&str) -> Result<T, R>,
    ) -> Option<T> {
        let position = self.columns.iter().position(|known| *known == column);
        let cell = &self.cells[position.expect("a column of the table")];
        let text = faults.take(self.field(column), cell.as_ref().map_err(Clone::clone))?;
        faults.take(self.field(column), parse(text))
    }
}

fn field(number: u32, column: Column) -> String {
    format!("file.rows[{number}].{}", column.field)
}

/// Row and column that a fault's field is about; 0 and empty for the file as a whole.
pub fn place(field: &str) -> (u32, &str) {
    let within = field.strip_prefix("file.rows[");
    let (number, rest) = within.and_then(|rest| rest.split_once(']')).unzip();
    let number = number.and_then(|number| number.parse().ok());
    let column = rest.and_then(|rest| rest.strip_prefix('.'));
    (number.unwrap_or(0), column.unwrap_or_default())
}

/// Rows becoming a table.
pub(crate) struct Table<'a, F> {
    columns: &'a [Column],
    limits: &'a Limits,
    take: F,
    /// Which column of the table each one of the file is, once the first row was seen.
    order: Option<Vec<Option<usize>>>,
    rows: usize,
    faults: FaultList,
}

impl<'a, F: FnMut(&Row<'_>, &mut FaultList)> Table<'a, F> {
    pub(crate) fn new(columns: &'a [Column], limits: &'a Limits, take: F) -> Self {
        Self {
            columns,
            limits,
            take,
            order: None,
            rows: 0,
            faults: FaultList::default(),
        }
    }

    /// Takes the next row of the file. An empty one says nothing.
    pub(crate) fn row(&mut self, found: Found) -> Result<(), Stop> {
        if found.cells.is_empty() {
            return Ok(());
        }
        let Some(order) = &self.order else {
            return self.head(found);
        };
        if self.rows == self.limits.rows {
            let limit = self.limits.rows;
            return Err(SheetRejection::TooManyRows { limit }.into());
        }
        self.rows += 1;
        let mut cells = vec![Ok(String::new()); self.columns.len()];
        for (position, cell) in found.cells {
            match order.get(position).copied().flatten() {
                Some(column) => cells[column] = cell,
                None => self.faults.add(
                    format!("file.rows[{}]", found.number),
                    &CellRejection::WithoutColumn {
                        number: position + 1,
                    },
                ),
            }
        }
        let row = Row {
            number: found.number,
            columns: self.columns,
            cells,
        };
        (self.take)(&row, &mut self.faults);
        self.unless_enough()
    }

    /// The row that names the columns.
    fn head(&mut self, found: Found) -> Result<(), Stop> {
        let mut order = Vec::new();
        let mut missing: Vec<_> = self.columns.iter().map(Some).collect();
        for (position, cell) in found.cells {
            order.resize(position, None);
            let name = cell.unwrap_or_default();
            let known = self.columns.iter().position(|known| known.is_called(&name));
            match known.map(|column| missing[column].take().ok_or(self.columns[column])) {
                Some(Ok(_)) => {}
                Some(Err(Column { field, chinese, .. })) => {
                    self.refuse(&SheetRejection::ColumnTwice { field, chinese });
                }
                None => self.refuse(&SheetRejection::ColumnUnknown {
                    number: position + 1,
                }),
            }
            order.push(known);
        }
        for Column { field, chinese, .. } in missing.into_iter().flatten().filter(|it| it.required)
        {
            self.refuse(&SheetRejection::ColumnMissing { field, chinese });
        }
        self.order = Some(order);
        // Without its columns, a table has no rows to judge.
        if self.faults.is_empty() {
            Ok(())
        } else {
            Err(Stop::Enough)
        }
    }

    /// Cells that are merged, by the first one of them. In a column that nobody reads, or above the
    /// table, they are in nobody's way.
    pub(crate) fn merged(&mut self, number: u32, position: usize) -> Result<(), Stop> {
        let order = self.order.as_deref().unwrap_or_default();
        if let Some(column) = order.get(position).copied().flatten() {
            let field = field(number, self.columns[column]);
            self.faults.add(field, &CellRejection::Merged);
        }
        self.unless_enough()
    }

    /// All that is wrong, after the last row or where reading stopped.
    pub(crate) fn finish(mut self, read: Result<(), Stop>) -> Result<(), Faults> {
        match read {
            Err(Stop::Refused(rejection)) => self.refuse(&rejection),
            Ok(()) if self.order.is_none() => {
                for Column { field, chinese, .. } in self.columns.iter().filter(|it| it.required) {
                    self.refuse(&SheetRejection::ColumnMissing { field, chinese });
                }
            }
            Ok(()) if self.rows == 0 => self.refuse(&SheetRejection::Empty),
            Ok(()) | Err(Stop::Enough) => {}
        }
        self.faults.finish()
    }

    fn refuse(&mut self, rejection: &SheetRejection) {
        self.faults.add("file", rejection);
    }

    fn unless_enough(&self) -> Result<(), Stop> {
        if self.faults.len() < self.limits.faults {
            Ok(())
        } else {
            Err(Stop::Enough)
        }
    }
}
