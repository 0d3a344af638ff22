//! What people print: one typst template per document, filled with plain values.
//!
//! A [`Document`] is a struct of texts and dates (ISO 8601) whose fields its template reads; it is
//! data and never markup, whatever people wrote into it. [`Printer::pdf`] gives the same bytes for
//! the same values: nothing of the moment of printing is in them.
//!
//! A service prints through its [`Press`], beside its runtime and within a time.
//!
//! Fonts are read from a folder for each document and given up afterwards: they take 50 MB, and a
//! service prints seldom. A character that the fonts do not have is refused, since a receipt with
//! an empty box in a name is none.

mod certificates;
mod forms;
mod notices;
mod press;
mod printer;
mod qr;
mod records;
mod results;
mod world;

pub use certificates::{Certificate, Certificates};
pub use forms::{BasicForm, FormOccupation};
pub use notices::{Draw, DrawnSubject, Heading, InspectionAnnouncement, PublicNoticeSheet};
pub use press::{Press, PrintRejection, Queue};
pub use printer::{PrintError, Printer};
pub use qr::QrCode;
pub use records::{
    AssessmentRecord, DocumentCheck, FilingReceipt, Finding, Opinion, Panel, ReceiptScope,
    SitePhoto, Visit,
};
pub use results::{ScoreRow, ScoreSheet};

/// Something to print.
pub trait Document: serde::Serialize {
    /// The source of its template, which reads the values from `data.json`.
    const TEMPLATE: &'static str;

    /// Pictures that its values name.
    fn pictures(&self) -> Vec<Picture> {
        Vec::new()
    }
}

/// A picture (PNG or JPEG) that a template shows.
pub struct Picture {
    /// What the values call it.
    pub name: String,
    /// The file.
    pub content: Vec<u8>,
}
