//! Where documents are laid out: beside the async threads, no more at a time than a machine bears,
//! and within a time.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use bytes::Bytes;
use platform::{Error, Result};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::{Document, PrintError, Printer};

kernel::rejections! {
    /// Why a document is not printed.
    pub enum PrintRejection {
        /// Which character is not said: it may be of a name.
        CharacterMissing => "PRINT_CHARACTER_MISSING", FailedPrecondition, "platform",
            "文件中有打印字体没有的字符，无法打印，请更正所填内容", "the document has a character that the fonts do not have; please correct what was filled in";
        /// Others are printed first.
        Busy => "PRINTING_BUSY", ResourceExhausted, "platform",
            "打印任务较多，请稍后再试", "too much is being printed at present; please try again later";
    }
}

/// Documents that are laid out at once in each queue; each takes a core and 50 MB for fonts.
const AT_ONCE: usize = 1;
/// How long somebody waits for a document, those before included.
const LONGEST: Duration = Duration::from_secs(30);

/// Prints documents, some for those who work here and some for anybody.
#[derive(Clone)]
pub struct Press {
    printer: Printer,
    known: Arc<Semaphore>,
    anybody: Arc<Semaphore>,
}

/// Who waits: whoever comes without a token does not hold up those who work here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queue {
    /// Organisations and officers.
    Known,
    /// The public.
    Anybody,
}

impl Press {
    /// A press with the fonts of a folder.
    ///
    /// # Errors
    /// When a font is not there.
    pub fn open(fonts: &Path) -> Result<Self> {
        let printer = Printer::open(fonts).with_context(|| fonts.display().to_string())?;
        Ok(Self {
            printer,
            known: Arc::new(Semaphore::new(AT_ONCE)),
            anybody: Arc::new(Semaphore::new(AT_ONCE)),
        })
    }

    /// Prints a document as PDF.
    ///
    /// # Errors
    /// When others are printed first for too long, or the fonts lack a character.
    pub async fn print<D>(&self, queue: Queue, document: D) -> Result<Bytes>
    where
        D: Document + Send + 'static,
    {
        self.lay_out(queue, move |printer| printer.pdf(&document))
            .await
    }

    /// Draws the first page of a document as a picture.
    ///
    /// # Errors
    /// As [`Press::print`].
    pub async fn draw<D>(&self, queue: Queue, document: D) -> Result<Bytes>
    where
        D: Document + Send + 'static,
    {
        self.lay_out(queue, move |printer| printer.png(&document))
            .await
    }

    async fn lay_out<F>(&self, queue: Queue, work: F) -> Result<Bytes>
    where
        F: FnOnce(&Printer) -> Result<Vec<u8>, PrintError> + Send + 'static,
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
                work(&printer)
            });
            laid_out
                .await
                .map_err(anyhow::Error::from)?
                .map_err(unprinted)
        };
        let in_time = timeout(LONGEST, printed).await;
        let file = in_time.map_err(|_| Error::refused(PrintRejection::Busy))??;
        Ok(file.into())
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
        Press::open(Path::new("/usr/share/fonts/opentype/noto")).expect("the fonts of the package")
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
        let png = press.draw(Queue::Known, Blank).await.expect("drawn");
        assert!(png.starts_with(b"\x89PNG"));
    }

    #[test]
    fn a_press_without_fonts_says_where_it_looked() {
        let refused = Press::open(Path::new("/nowhere")).err();
        let Some(Error::Internal(cause)) = refused else {
            panic!("a failure");
        };
        assert!(cause.to_string().contains("/nowhere"));
    }
}
