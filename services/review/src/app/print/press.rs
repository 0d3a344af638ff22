//! Where documents are laid out: beside the async threads, no more at a time than a machine bears,
//! and within a time.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use bytes::Bytes;
use documents::{Document, PrintError, Printer};
use kernel::division::DivisionCode;
use platform::{Error, Result};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::domain::refusal::PrintRejection;

/// Documents that are laid out at once in each queue; each takes a core and 50 MB for fonts.
const AT_ONCE: usize = 1;
/// How long somebody waits for a document, those before included.
const LONGEST: Duration = Duration::from_secs(30);

/// Prints documents under the names of the centres.
#[derive(Clone)]
pub struct Press {
    printer: Printer,
    centres: Arc<BTreeMap<DivisionCode, String>>,
    known: Arc<Semaphore>,
    anybody: Arc<Semaphore>,
}

/// Who waits: whoever comes without a token does not hold up those who work here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Queue {
    /// Organisations and officers.
    Known,
    /// The public.
    Anybody,
}

impl Press {
    /// A press with the fonts of a folder, and the centres as they sign, by division.
    pub fn open(fonts: &Path, centres: BTreeMap<DivisionCode, String>) -> Result<Self> {
        let printer = Printer::open(fonts).with_context(|| fonts.display().to_string())?;
        Ok(Self {
            printer,
            centres: Arc::new(centres),
            known: Arc::new(Semaphore::new(AT_ONCE)),
            anybody: Arc::new(Semaphore::new(AT_ONCE)),
        })
    }

    /// The name under which the centre of a division signs.
    pub(super) fn centre(&self, division: DivisionCode) -> Result<&str> {
        let name = self.centres.get(&division).map(String::as_str);
        let name = name.with_context(|| format!("printing.centres has no {division}"));
        Ok(name?)
    }

    /// Prints a document as PDF.
    pub(super) async fn print<D>(&self, queue: Queue, document: D) -> Result<Bytes>
    where
        D: Document + Send + 'static,
    {
        let places = match queue {
            Queue::Known => &self.known,
            Queue::Anybody => &self.anybody,
        };
        let printed = async {
            let place = Arc::clone(places).acquire_owned().await;
            let printer = self.printer.clone();
            let laid_out = spawn_blocking(move || {
                // Given up when the work is done, though nobody may wait for it any more.
                let _place = place;
                printer.pdf(&document)
            });
            laid_out
                .await
                .map_err(anyhow::Error::from)?
                .map_err(unprinted)
        };
        let in_time = timeout(LONGEST, printed).await;
        let pdf = in_time.map_err(|_| Error::refused(PrintRejection::Busy))??;
        Ok(pdf.into())
    }
}

fn unprinted(error: PrintError) -> Error {
    match error {
        PrintError::CharacterMissing => Error::refused(PrintRejection::CharacterMissing),
        PrintError::Fonts(_) => Error::Unavailable {
            what: "the fonts",
            source: error.into(),
        },
        PrintError::Template(_) => Error::Internal(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Serialize)]
    struct Blank;

    impl Document for Blank {
        const TEMPLATE: &'static str = "#box()";
    }

    fn press() -> Press {
        let fonts = Path::new("/usr/share/fonts/opentype/noto");
        Press::open(fonts, BTreeMap::new()).expect("the fonts of the package")
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_too_long_is_told_and_the_other_queue_goes_on() {
        let press = press();
        let _held = press.anybody.acquire().await.expect("open");
        let refused = press.print(Queue::Anybody, Blank).await.err();
        let Some(Error::Refused(faults)) = refused else {
            panic!("refused");
        };
        assert_eq!(faults.codes(), ["PRINTING_BUSY"]);
        assert_eq!(press.known.available_permits(), AT_ONCE);
    }

    #[tokio::test]
    async fn a_place_is_given_up_with_the_work_done() {
        let press = press();
        for _ in 0..2 {
            let pdf = press.print(Queue::Known, Blank).await.expect("printed");
            assert!(pdf.starts_with(b"%PDF-1."));
        }
    }

    #[test]
    fn a_press_without_fonts_says_where_it_looked() {
        let refused = Press::open(Path::new("/nowhere"), BTreeMap::new()).err();
        let Some(Error::Internal(cause)) = refused else {
            panic!("a failure");
        };
        assert!(cause.to_string().contains("/nowhere"));
    }
}
