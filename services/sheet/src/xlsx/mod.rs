//! XLSX: a ZIP archive of XML files (ECMA-376).

use kernel::rejection::FaultList;
use quick_xml::events::{BytesStart, Event};

use crate::table::{Stop, Table};
use crate::{Limits, Row, SheetRejection};

mod cells;
mod package;
mod strings;
mod styles;

use cells::Worksheet;
use package::{Package, Xml, attribute};

/// Where a package says what is in it.
const PACKAGE_RELATIONSHIPS: &str = "_rels/.rels";

pub(crate) fn read<F>(file: &[u8], limits: &Limits, table: &mut Table<'_, F>) -> Result<(), Stop>
where
    F: FnMut(&Row<'_>, &mut FaultList),
{
    let mut package = Package::open(file, limits.unpacked_bytes)?;
    let top = relationships(&mut package, PACKAGE_RELATIONSHIPS, "")?;
    let workbook = of_kind(&top, "/officeDocument").ok_or(SheetRejection::Damaged)?;
    let (folder, name) = workbook.rsplit_once('/').unwrap_or(("", workbook));
    let prefix = if folder.is_empty() {
        String::new()
    } else {
        format!("{folder}/")
    };
    let parts = relationships(&mut package, &format!("{prefix}_rels/{name}.rels"), &prefix)?;
    let book = package
        .part(workbook, book)?
        .ok_or(SheetRejection::Damaged)?;
    let mut sheets = book.sheets.iter().filter_map(|id| {
        let sheets = parts
            .iter()
            .filter(|part| part.kind.ends_with("/worksheet"));
        let mut sheets = sheets.filter(|part| part.id == *id);
        sheets.next().map(|part| part.target.as_str())
    });
    let first = sheets.next().ok_or(SheetRejection::Damaged)?;
    for other in sheets {
        if package.part(other, cells::any)?.unwrap_or(false) {
            return Err(SheetRejection::SeveralSheets.into());
        }
    }
    let strings = match of_kind(&parts, "/sharedStrings") {
        Some(part) => package.part(part, strings::read)?,
        None => None,
    };
    let dates = match of_kind(&parts, "/styles") {
        Some(part) => package.part(part, styles::read)?,
        None => None,
    };
    let sheet = Worksheet {
        strings: &strings.unwrap_or_default(),
        dates: &dates.unwrap_or_default(),
        from_1904: book.from_1904,
        limits,
    };
    package
        .part(first, |xml| sheet.read(xml, table))?
        .ok_or_else(|| SheetRejection::Damaged.into())
}

/// What one part of a package says of another.
struct Relationship {
    id: String,
    kind: String,
    /// Name of the other part.
    target: String,
}

fn relationships(
    package: &mut Package<'_>,
    name: &str,
    prefix: &str,
) -> Result<Vec<Relationship>, Stop> {
    let found = package.part(name, |xml| {
        let mut found = Vec::new();
        loop {
            match xml.next()? {
                Event::Start(start) if is(&start, "Relationship") => {
                    let target = attribute(&start, "Target")?.unwrap_or_default();
                    found.push(Relationship {
                        id: attribute(&start, "Id")?.unwrap_or_default(),
                        kind: attribute(&start, "Type")?.unwrap_or_default(),
                        target: match target.strip_prefix('/') {
                            Some(from_the_top) => from_the_top.to_owned(),
                            None => format!("{prefix}{target}"),
                        },
                    });
                }
                Event::Eof => return Ok(found),
                _ => {}
            }
        }
    })?;
    found.ok_or_else(|| SheetRejection::Damaged.into())
}

/// The part of a kind, of which there is one.
fn of_kind<'a>(parts: &'a [Relationship], kind: &str) -> Option<&'a str> {
    let mut parts = parts.iter().filter(|part| part.kind.ends_with(kind));
    parts.next().map(|part| part.target.as_str())
}

/// A workbook: its sheets that people see, by the ids of their relationships.
struct Book {
    sheets: Vec<String>,
    /// Whether days are counted from 1904 on, as old Macintosh programs did.
    from_1904: bool,
}

fn book(xml: &mut Xml<'_>) -> Result<Book, Stop> {
    let mut book = Book {
        sheets: Vec::new(),
        from_1904: false,
    };
    loop {
        match xml.next()? {
            Event::Start(start) if is(&start, "workbookPr") => {
                let given = attribute(&start, "date1904")?;
                book.from_1904 = matches!(given.as_deref(), Some("1" | "true"));
            }
            Event::Start(start) if is(&start, "sheet") => {
                // Templates keep the lists behind their cells on sheets that are hidden.
                let hidden = attribute(&start, "state")?.is_some_and(|state| state != "visible");
                let id = start.attributes().flatten();
                let mut id = id.filter(|given| given.key.local_name().as_ref() == "id");
                if let (false, Some(id)) = (hidden, id.next()) {
                    book.sheets.push(id.value.into_owned());
                }
            }
            Event::Eof => return Ok(book),
            _ => {}
        }
    }
}

/// Whether an element has this name, whatever the prefix of its namespace.
fn is(start: &BytesStart<'_>, name: &str) -> bool {
    start.local_name().as_ref() == name
}
