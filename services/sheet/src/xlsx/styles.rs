//! Which styles show a number as a day. A day in a spreadsheet is a number, and only its style says
//! that it is more.

use std::collections::BTreeSet;

use quick_xml::events::Event;

use super::is;
use super::package::{Xml, attribute};
use crate::table::Stop;

/// For each style of cells, whether it shows a day.
pub(super) fn read(xml: &mut Xml<'_>) -> Result<Vec<bool>, Stop> {
    let mut own = BTreeSet::new();
    let mut styles = Vec::new();
    let mut of_cells = false;
    loop {
        match xml.next()? {
            Event::Start(start) if is(&start, "numFmt") => {
                let code = attribute(&start, "formatCode")?.unwrap_or_default();
                if shows_a_day(&code) {
                    own.insert(attribute(&start, "numFmtId")?.unwrap_or_default());
                }
            }
            Event::Start(start) if is(&start, "cellXfs") => of_cells = true,
            Event::Start(start) if of_cells && is(&start, "xf") => {
                let format = attribute(&start, "numFmtId")?.unwrap_or_default();
                styles.push(own.contains(&format) || is_of_a_day(&format));
            }
            Event::End(end) if end.local_name().as_ref() == "cellXfs" => of_cells = false,
            Event::Eof => return Ok(styles),
            _ => {}
        }
    }
}

/// Formats that no file declares (ECMA-376-1, 18.8.30), those of Chinese programs among them.
fn is_of_a_day(format: &str) -> bool {
    let format = format.parse().unwrap_or(0_u16);
    matches!(format, 14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58)
}

/// Whether a format names year or day outside of what it only repeats.
fn shows_a_day(code: &str) -> bool {
    let mut characters = code.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => drop(characters.by_ref().find(|next| *next == '"')),
            '[' => drop(characters.by_ref().find(|next| *next == ']')),
            '\\' | '_' | '*' => drop(characters.next()),
            'y' | 'Y' | 'd' | 'D' => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_shows_a_day_by_its_letters_and_not_by_what_it_repeats() {
        for code in [
            "yyyy-mm-dd",
            "yyyy\"年\"m\"月\"d\"日\";@",
            "[$-804]yyyy/m/d",
            "d-mmm",
        ] {
            assert!(shows_a_day(code), "{code}");
        }
        for code in [
            "General",
            "0.00E+00",
            "#,##0\" days\"",
            "[h]:mm:ss",
            "[Red]0_d",
            "\\d0",
            "@",
        ] {
            assert!(!shows_a_day(code), "{code}");
        }
        assert!(is_of_a_day("14") && is_of_a_day("31"));
        assert!(!is_of_a_day("0") && !is_of_a_day("49") && !is_of_a_day(""));
    }
}
