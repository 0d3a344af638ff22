//! QR codes, as pictures of one pixel a module.

use qrcodegen::{QrCode as Code, QrCodeEcc};
use serde::Serialize;

/// White around the code, which scanners need (ISO/IEC 18004).
const QUIET: i32 = 4;

/// A QR code, row by row: white or black, with the white edge around it.
#[derive(Debug, Clone, Serialize)]
pub struct QrCode {
    side: i32,
    pixels: Vec<u8>,
}

impl QrCode {
    /// The code of a text; none where it is longer than a code can hold. It is still read when a
    /// seventh of it is damaged.
    pub fn of(text: &str) -> Option<Self> {
        let code = Code::encode_text(text, QrCodeEcc::Medium).ok()?;
        let side = code.size() + 2 * QUIET;
        let module = |y, x| {
            if code.get_module(x - QUIET, y - QUIET) {
                0
            } else {
                u8::MAX
            }
        };
        let pixels = (0..side).flat_map(|y| (0..side).map(move |x| (y, x)));
        Some(Self {
            side,
            pixels: pixels.map(|(y, x)| module(y, x)).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_white_edge_and_a_text_has_an_end() {
        let code = QrCode::of("https://example.invalid").expect("short");
        let side = usize::try_from(code.side).expect("a size");
        assert_eq!(code.pixels.len(), side * side);
        let edge = &code.pixels[..side * 4];
        assert!(edge.iter().all(|pixel| *pixel == u8::MAX), "white");
        // The corner of a finder pattern.
        assert_eq!(code.pixels[side * 4 + 4], 0);
        assert!(QrCode::of(&"x".repeat(3000)).is_none());
    }
}
