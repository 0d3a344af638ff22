//! From values to paper.

use std::fs;
use std::path::{Path, PathBuf};

use typst::diag::SourceDiagnostic;
use typst::foundations::Smart;
use typst::layout::{Frame, FrameItem};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;
use typst_render::RenderOptions;

use crate::Document;
use crate::world::{self, Desk};

/// How fine a picture of a page is: enough for a scanner to read a QR code off a screen.
const DOTS_PER_INCH: f64 = 150.0;
const POINTS_PER_INCH: f64 = 72.0;

/// Prints documents with the fonts of a folder.
#[derive(Debug, Clone)]
pub struct Printer {
    fonts: PathBuf,
}

/// Why a document is not printed.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// The fonts are not where they should be.
    #[error("the fonts are not readable")]
    Fonts(#[source] std::io::Error),
    /// The fonts do not have a character. Which one is not said: it may be of a name.
    #[error("the fonts lack a character of the document")]
    CharacterMissing,
    /// A template does not fit its values; a defect.
    #[error("the template does not fit: {0}")]
    Template(String),
}

impl Printer {
    /// A printer with the fonts of a folder: Debian's `fonts-noto-cjk` puts them into
    /// `/usr/share/fonts/opentype/noto`.
    ///
    /// # Errors
    /// When a font is not there.
    pub fn open(fonts: impl AsRef<Path>) -> Result<Self, PrintError> {
        let fonts = fonts.as_ref().to_owned();
        for file in world::font_files(&fonts) {
            fs::File::open(file).map_err(PrintError::Fonts)?;
        }
        Ok(Self { fonts })
    }

    /// Prints a document. Takes some tenths of a second of computing: not for an async thread.
    ///
    /// # Errors
    /// When the fonts are not there, or do not have a character.
    pub fn pdf<D: Document>(&self, document: &D) -> Result<Vec<u8>, PrintError> {
        let paper = self.pages(document)?;
        let options = PdfOptions {
            creator: Smart::Custom(None),
            ..PdfOptions::default()
        };
        typst_pdf::pdf(&paper, &options).map_err(|problems| defect(&problems))
    }

    /// Draws the first page of a document as a picture (PNG), to be looked at on a screen.
    ///
    /// # Errors
    /// As [`Printer::pdf`].
    pub fn png<D: Document>(&self, document: &D) -> Result<Vec<u8>, PrintError> {
        let paper = self.pages(document)?;
        let first = paper.pages().first().expect("a document has a page");
        let options = RenderOptions {
            pixel_per_pt: (DOTS_PER_INCH / POINTS_PER_INCH).into(),
            ..RenderOptions::default()
        };
        let picture = typst_render::render(first, &options).encode_png();
        picture.map_err(|error| PrintError::Template(error.to_string()))
    }

    /// Lays a document out on its pages.
    ///
    /// # Errors
    /// As [`Printer::pdf`].
    pub fn pages<D: Document>(&self, document: &D) -> Result<PagedDocument, PrintError> {
        let desk = Desk::open(&self.fonts, document).map_err(PrintError::Fonts)?;
        let laid_out = typst::compile::<PagedDocument>(&desk);
        // What typst remembers for a next time would keep fonts and names in memory.
        typst::comemo::evict(0);
        let paper = laid_out.output.map_err(|problems| defect(&problems))?;
        if paper.pages().iter().all(|page| is_complete(&page.frame)) {
            Ok(paper)
        } else {
            Err(PrintError::CharacterMissing)
        }
    }
}

/// Whether every character has a shape; glyph 0 is the box of one that has none.
fn is_complete(frame: &Frame) -> bool {
    frame.items().all(|(_, item)| match item {
        FrameItem::Text(text) => text.glyphs.iter().all(|glyph| glyph.id != 0),
        FrameItem::Group(group) => is_complete(&group.frame),
        _ => true,
    })
}

fn defect(problems: &[SourceDiagnostic]) -> PrintError {
    let messages: Vec<&str> = problems
        .iter()
        .map(|problem| problem.message.as_str())
        .collect();
    PrintError::Template(messages.join("; "))
}
