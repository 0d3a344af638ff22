//! The parts of a package, unpacked as they are read, and no more than the limit of all of them.

use std::io::{self, BufReader, Cursor, Read};

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;
use zip::result::ZipError;

use crate::SheetRejection;
use crate::table::Stop;

/// An archive of which only so many bytes more may come out.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    limit: u64,
    left: u64,
}

impl<'a> Package<'a> {
    pub(super) fn open(file: &'a [u8], limit: u64) -> Result<Self, Stop> {
        let archive = ZipArchive::new(Cursor::new(file)).map_err(unopened)?;
        Ok(Self {
            archive,
            limit,
            left: limit,
        })
    }

    /// Reads a part, if there is one of this name.
    pub(super) fn part<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Xml<'_>) -> Result<T, Stop>,
    ) -> Result<Option<T>, Stop> {
        let mut part = match self.archive.by_name(name) {
            Ok(part) => part,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(error) => return Err(unopened(error)),
        };
        let counted = Counted {
            part: &mut part,
            left: &mut self.left,
        };
        match read(&mut Xml::new(counted)) {
            Err(Stop::Refused(SheetRejection::Damaged)) if self.left == 0 => {
                let limit = self.limit / 1024;
                Err(SheetRejection::UnpacksTooLarge { limit }.into())
            }
            read => read.map(Some),
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "what map_err hands over")]
fn unopened(error: ZipError) -> Stop {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => SheetRejection::Encrypted,
        _ => SheetRejection::Damaged,
    }
    .into()
}

/// What comes out of a part, counted as it comes: what the archive says of its size is not asked.
struct Counted<'a> {
    part: &'a mut dyn Read,
    left: &'a mut u64,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.part.read(buffer)?;
        *self.left = self.left.saturating_sub(read as u64);
        if *self.left == 0 {
            return Err(io::Error::other("more than may be unpacked"));
        }
        Ok(read)
    }
}

/// XML as it is read. Entities that a file declares for itself are unknown here.
pub(super) struct Xml<'a> {
    reader: Reader<BufReader<Counted<'a>>>,
    buffer: Vec<u8>,
}

impl<'a> Xml<'a> {
    fn new(part: Counted<'a>) -> Self {
        let mut reader = Reader::from_reader(BufReader::new(part));
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            buffer: Vec::new(),
        }
    }

    /// What comes next; an empty element as its start and its end.
    pub(super) fn next(&mut self) -> Result<Event<'_>, Stop> {
        self.buffer.clear();
        self.reader
            .read_event_into(&mut self.buffer)
            .map_err(|_| SheetRejection::Damaged.into())
    }

    /// The text up to the end of an element that has begun: of its own, and of each `t` inside it,
    /// but not how that is spoken (`rPh`).
    pub(super) fn text(&mut self, element: &str) -> Result<String, Stop> {
        let mut text = String::new();
        let mut spoken = false;
        loop {
            match self.next()? {
                Event::Start(start) => spoken |= super::is(&start, "rPh"),
                Event::End(end) => match end.local_name().as_ref() {
                    name if name == element => return Ok(text),
                    "rPh" => spoken = false,
                    _ => {}
                },
                Event::Text(piece) if !spoken => text.push_str(&piece.xml10_content()),
                Event::CData(piece) if !spoken => text.push_str(&piece.xml10_content()),
                Event::GeneralRef(name) if !spoken => match name.resolve_char_ref() {
                    Ok(Some(character)) => text.push(character),
                    Ok(None) => {
                        let known = resolve_predefined_entity(&name);
                        text.push_str(known.ok_or(SheetRejection::Damaged)?);
                    }
                    Err(_) => return Err(SheetRejection::Damaged.into()),
                },
                Event::Eof => return Err(SheetRejection::Damaged.into()),
                _ => {}
            }
        }
    }
}

/// An attribute of an element.
pub(super) fn attribute(start: &BytesStart<'_>, name: &str) -> Result<Option<String>, Stop> {
    let found = start.try_get_attribute(name);
    let found = found.map_err(|_| SheetRejection::Damaged)?;
    let value = found.map(|found| found.normalized_value(XmlVersion::Explicit1_0));
    let value = value.transpose().map_err(|_| SheetRejection::Damaged)?;
    Ok(value.map(std::borrow::Cow::into_owned))
}
