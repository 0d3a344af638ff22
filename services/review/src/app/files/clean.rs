//! Takes out of a picture, as it comes in, what does not show: where and when it was taken and by
//! which device, comments, thumbnails, whatever lies behind its end. Only what is needed to draw the
//! picture passes; what has not the structure of one is refused.
//!
//! Pixels are not decoded. A picture may come in pieces of any size, and of what came never more
//! waits than one segment.

use bytes::{Buf, Bytes, BytesMut};

use crate::domain::MediaType;
use crate::domain::refusal::PhotoRejection;

/// A picture on its way through.
pub(super) struct Cleaner {
    picture: Picture,
    waiting: BytesMut,
}

enum Picture {
    Jpeg(Jpeg),
    Png(Png),
}

impl Cleaner {
    /// For a picture of a type; none for what is no picture.
    pub(super) fn of(media_type: MediaType) -> Option<Self> {
        let picture = match media_type {
            MediaType::Jpeg => Picture::Jpeg(Jpeg::Start),
            MediaType::Png => Picture::Png(Png::Start),
            MediaType::Pdf | MediaType::Docx | MediaType::Xlsx => return None,
        };
        Some(Self {
            picture,
            waiting: BytesMut::new(),
        })
    }

    /// Takes the next bytes in and gives out those that are kept, perhaps none.
    ///
    /// # Errors
    /// When they are not of such a picture.
    pub(super) fn add(&mut self, content: &[u8]) -> Result<Bytes, PhotoRejection> {
        self.waiting.extend_from_slice(content);
        let mut kept = BytesMut::with_capacity(self.waiting.len());
        let mut goes_on = true;
        while goes_on && !self.waiting.is_empty() {
            goes_on = match &mut self.picture {
                Picture::Jpeg(jpeg) => jpeg.step(&mut self.waiting, &mut kept)?,
                Picture::Png(png) => png.step(&mut self.waiting, &mut kept)?,
            };
        }
        Ok(kept.freeze())
    }

    /// # Errors
    /// When the picture did not come to its end.
    pub(super) fn finish(self) -> Result<(), PhotoRejection> {
        match self.picture {
            Picture::Jpeg(Jpeg::End) | Picture::Png(Png::End) => Ok(()),
            Picture::Jpeg(_) | Picture::Png(_) => Err(PhotoRejection::Malformed),
        }
    }
}

const MARKER: u8 = 0xff;
const START_OF_IMAGE: u8 = 0xd8;
const END_OF_IMAGE: u8 = 0xd9;
const START_OF_SCAN: u8 = 0xda;

/// ITU-T T.81, annex B: markers, most of them with a segment, and scans between them.
enum Jpeg {
    /// Nothing came yet.
    Start,
    /// At a marker.
    Marker {
        /// Whether a frame was announced: what there is to draw.
        framed: bool,
        /// Whether a scan came.
        drawn: bool,
    },
    /// In the coded data of a scan.
    Scan,
    /// Behind the end.
    End,
}

impl Jpeg {
    /// Passes the next part on, or drops it; false where more has to come first.
    fn step(
        &mut self,
        waiting: &mut BytesMut,
        kept: &mut BytesMut,
    ) -> Result<bool, PhotoRejection> {
        match self {
            Self::Start => {
                let Some(begin) = waiting.first_chunk::<2>().copied() else {
                    return Ok(false);
                };
                require(begin == [MARKER, START_OF_IMAGE])?;
                keep(waiting, begin.len(), kept);
                *self = Self::Marker {
                    framed: false,
                    drawn: false,
                };
                Ok(true)
            }
            Self::Marker { framed, drawn } => {
                let Some([begin, marker]) = waiting.first_chunk().copied() else {
                    return Ok(false);
                };
                require(begin == MARKER)?;
                match marker {
                    // A marker may begin with several.
                    MARKER => waiting.advance(1),
                    END_OF_IMAGE => {
                        require(*drawn)?;
                        keep(waiting, 2, kept);
                        *self = Self::End;
                    }
                    0x00 | 0x01 | 0xd0..=START_OF_IMAGE => return Err(PhotoRejection::Malformed),
                    _ => {
                        let Some(length) = segment(waiting)? else {
                            return Ok(false);
                        };
                        *framed |=
                            matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc);
                        let is_scan = marker == START_OF_SCAN;
                        require(*framed || !is_scan)?;
                        if is_kept(marker, &waiting[4..length]) {
                            keep(waiting, length, kept);
                        } else {
                            waiting.advance(length);
                        }
                        if is_scan {
                            *self = Self::Scan;
                        }
                    }
                }
                Ok(true)
            }
            Self::Scan => {
                let coded = waiting.iter().position(|byte| *byte == MARKER);
                keep(waiting, coded.unwrap_or(waiting.len()), kept);
                match waiting.get(1) {
                    None => return Ok(false),
                    // A byte of the data, or a restart within it.
                    Some(0x00 | 0xd0..=0xd7) => keep(waiting, 2, kept),
                    Some(_) => {
                        *self = Self::Marker {
                            framed: true,
                            drawn: true,
                        };
                    }
                }
                Ok(true)
            }
            Self::End => {
                waiting.clear();
                Ok(true)
            }
        }
    }
}

/// Length of the segment at a marker, with the marker, once all of it is there.
fn segment(waiting: &[u8]) -> Result<Option<usize>, PhotoRejection> {
    let Some([_, _, high, low]) = waiting.first_chunk().copied() else {
        return Ok(None);
    };
    let length = usize::from(u16::from_be_bytes([high, low]));
    require(length >= 2)?;
    Ok(Some(length + 2).filter(|whole| waiting.len() >= *whole))
}

/// Whether a segment is needed to draw the picture: tables, frames and scans, the aspect ratio
/// without a thumbnail, the colours.
fn is_kept(marker: u8, content: &[u8]) -> bool {
    match marker {
        0xc0..=0xcf | START_OF_SCAN..=0xdf => true,
        0xe0 => content.starts_with(b"JFIF\0") && content.len() == 14,
        0xe2 => content.starts_with(b"ICC_PROFILE\0"),
        0xee => content.starts_with(b"Adobe"),
        _ => false,
    }
}

const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";
/// Chunks needed to draw the picture: its size, palette, pixels and end, transparency, colours and
/// aspect ratio.
const NEEDED: [[u8; 4]; 10] = [
    *b"IHDR", *b"PLTE", *b"IDAT", *b"IEND", *b"tRNS", *b"cHRM", *b"gAMA", *b"iCCP", *b"sRGB",
    *b"pHYs",
];

/// ISO/IEC 15948: a signature, and chunks of a length, a kind, content and a check sum.
enum Png {
    /// Nothing came yet.
    Start,
    /// At a chunk.
    Chunk {
        /// Whether it is the first.
        first: bool,
        /// Whether pixels came.
        drawn: bool,
    },
    /// In a chunk.
    Content {
        /// Its kind.
        kind: [u8; 4],
        /// Bytes to come, with the check sum.
        left: usize,
        /// Whether pixels came.
        drawn: bool,
    },
    /// Behind the end.
    End,
}

impl Png {
    /// Passes the next part on, or drops it; false where more has to come first.
    fn step(
        &mut self,
        waiting: &mut BytesMut,
        kept: &mut BytesMut,
    ) -> Result<bool, PhotoRejection> {
        match self {
            Self::Start => {
                let Some(begin) = waiting.first_chunk::<8>().copied() else {
                    return Ok(false);
                };
                require(begin == SIGNATURE)?;
                keep(waiting, begin.len(), kept);
                *self = Self::Chunk {
                    first: true,
                    drawn: false,
                };
            }
            Self::Chunk { first, drawn } => {
                let Some([a, b, c, d, kind @ ..]) = waiting.first_chunk::<8>().copied() else {
                    return Ok(false);
                };
                let length = u32::from_be_bytes([a, b, c, d]);
                require(length <= i32::MAX.unsigned_abs())?;
                require(kind.iter().all(u8::is_ascii_alphabetic))?;
                require(*first == (kind == *b"IHDR") && (!*first || length == 13))?;
                let needed = NEEDED.contains(&kind);
                // What must be understood and is not, changes the picture.
                require(needed || kind[0].is_ascii_lowercase())?;
                if needed {
                    keep(waiting, 8, kept);
                } else {
                    waiting.advance(8);
                }
                *self = Self::Content {
                    kind,
                    left: length as usize + 4,
                    drawn: *drawn || kind == *b"IDAT",
                };
            }
            Self::Content { kind, left, drawn } => {
                let here = waiting.len().min(*left);
                if NEEDED.contains(kind) {
                    keep(waiting, here, kept);
                } else {
                    waiting.advance(here);
                }
                *left -= here;
                if *left == 0 && kind == b"IEND" {
                    require(*drawn)?;
                    *self = Self::End;
                } else if *left == 0 {
                    *self = Self::Chunk {
                        first: false,
                        drawn: *drawn,
                    };
                }
            }
            Self::End => waiting.clear(),
        }
        Ok(true)
    }
}

/// Passes bytes on.
fn keep(waiting: &mut BytesMut, count: usize, kept: &mut BytesMut) {
    kept.extend_from_slice(&waiting.split_to(count));
}

fn require(holds: bool) -> Result<(), PhotoRejection> {
    if holds {
        Ok(())
    } else {
        Err(PhotoRejection::Malformed)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PLACE: &[u8] = b"36.9N 122.1E";

    /// A segment of a JPEG.
    fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len() + 2).expect("short");
        [&[MARKER, marker], &length.to_be_bytes()[..], content].concat()
    }

    /// A chunk of a PNG; the check sum is nobody's business here.
    fn chunk(kind: &[u8], content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len()).expect("short");
        [&length.to_be_bytes()[..], kind, content, &[7; 4]].concat()
    }

    /// A JPEG of two scans, and the same with all that a camera adds.
    fn jpeg() -> (Vec<u8>, Vec<u8>) {
        let start = vec![MARKER, START_OF_IMAGE];
        let aspect = segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
        let frame = segment(0xc2, &[8, 0, 1, 0, 1, 1]);
        let scan = [
            segment(START_OF_SCAN, &[1]),
            b"\x12\xff\x00\x34\xff\xd0\x56".to_vec(),
        ]
        .concat();
        let end = vec![MARKER, END_OF_IMAGE];
        let plain = [&start, &aspect, &frame, &scan, &scan, &end]
            .map(Vec::as_slice)
            .concat();
        let place = segment(0xe1, &[b"Exif\0\0", PLACE].concat());
        let second = segment(0xe2, &[b"MPF\0", PLACE].concat());
        let thumbnail = segment(0xe0, &[b"JFXX\0", PLACE].concat());
        let comment = segment(0xfe, PLACE);
        let taken = [
            &start, &place, &aspect, &thumbnail, &second, &frame, &comment, &scan, &place, &scan,
            &end, &plain,
        ];
        let taken = [taken.map(Vec::as_slice).concat(), PLACE.to_vec()].concat();
        (plain, taken)
    }

    /// A PNG, and the same with all that a program adds.
    fn png() -> (Vec<u8>, Vec<u8>) {
        let start = [&SIGNATURE[..], &chunk(b"IHDR", &[1; 13])].concat();
        let (pixels, end) = (chunk(b"IDAT", b"pixels"), chunk(b"IEND", b""));
        let plain = [&start[..], &pixels, &pixels, &end].concat();
        let (text, place) = (chunk(b"tEXt", PLACE), chunk(b"eXIf", PLACE));
        let taken = [
            &start[..],
            &text,
            &pixels,
            &place,
            &pixels,
            &text,
            &end,
            PLACE,
        ]
        .concat();
        (plain, taken)
    }

    fn cleaned<'a>(
        media_type: MediaType,
        pieces: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Vec<u8>, PhotoRejection> {
        let mut cleaner = Cleaner::of(media_type).expect("a picture");
        let mut kept = Vec::new();
        for piece in pieces {
            kept.extend_from_slice(&cleaner.add(piece)?);
        }
        cleaner.finish()?;
        Ok(kept)
    }

    proptest! {
        #[test]
        fn only_what_draws_the_picture_passes_however_it_comes(size in 1_usize..80) {
            for (media_type, (plain, taken)) in
                [(MediaType::Jpeg, jpeg()), (MediaType::Png, png())]
            {
                prop_assert_eq!(cleaned(media_type, taken.chunks(size)), Ok(plain.clone()));
                prop_assert_eq!(cleaned(media_type, plain.chunks(size)), Ok(plain));
            }
        }

        #[test]
        fn a_picture_that_is_cut_off_is_none(cut in any::<prop::sample::Index>()) {
            for (media_type, (plain, _)) in [(MediaType::Jpeg, jpeg()), (MediaType::Png, png())] {
                let cut = cut.index(plain.len());
                prop_assert_eq!(
                    cleaned(media_type, [&plain[..cut]]),
                    Err(PhotoRejection::Malformed)
                );
            }
        }

        #[test]
        fn whatever_comes_is_a_picture_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            for (media_type, head) in [
                (MediaType::Jpeg, &[MARKER, START_OF_IMAGE][..]),
                (MediaType::Png, &SIGNATURE),
            ] {
                let _ = cleaned(media_type, [head, &bytes]);
            }
        }
    }

    #[test]
    fn what_has_not_the_structure_of_a_picture_is_refused() {
        let (jpeg, png) = (jpeg().0, png().0);
        let scan_first = [&jpeg[..2], &segment(START_OF_SCAN, &[1]), &jpeg[2..]].concat();
        let unknown = [&png[..33], &chunk(b"ABCD", b""), &png[33..]].concat();
        let nothing_drawn = [&png[..33], &chunk(b"IEND", b"")].concat();
        for (media_type, content) in [
            (MediaType::Jpeg, [&jpeg[..2], b"no marker"].concat()),
            (
                MediaType::Jpeg,
                [&jpeg[..2], &[MARKER, 0xe1, 0, 1]].concat(),
            ),
            (
                MediaType::Jpeg,
                [&jpeg[..2], &[MARKER, END_OF_IMAGE]].concat(),
            ),
            (MediaType::Jpeg, scan_first),
            (MediaType::Png, unknown),
            (MediaType::Png, nothing_drawn),
            (
                MediaType::Png,
                [&SIGNATURE[..], &chunk(b"IDAT", b"")].concat(),
            ),
            (MediaType::Png, jpeg.clone()),
        ] {
            let refused = cleaned(media_type, [content.as_slice()]);
            assert_eq!(refused, Err(PhotoRejection::Malformed));
        }
        assert!(Cleaner::of(MediaType::Pdf).is_none());
    }
}
