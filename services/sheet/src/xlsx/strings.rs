//! The texts that cells share.

use quick_xml::events::Event;

use super::is;
use super::package::Xml;
use crate::table::Stop;

/// All of them, in their order.
pub(super) fn read(xml: &mut Xml<'_>) -> Result<Vec<Box<str>>, Stop> {
    let mut strings = Vec::new();
    loop {
        match xml.next()? {
            Event::Start(start) if is(&start, "si") => strings.push(xml.text("si")?.into()),
            Event::Eof => return Ok(strings),
            _ => {}
        }
    }
}
