//! What a template can reach: itself, what all templates share, its values, its pictures and the
//! fonts. No other file, no network, no clock.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::Document;

/// Files of the folder that are used, each with the face for simplified Chinese among those that it
/// holds: text is set in the first, headings in the second.
const FONTS: [(&str, u32); 2] = [
    ("NotoSerifCJK-Regular.ttc", SIMPLIFIED_CHINESE),
    ("NotoSansCJK-Bold.ttc", SIMPLIFIED_CHINESE),
];
/// After Japanese and Korean.
const SIMPLIFIED_CHINESE: u32 = 2;

/// Where the fonts lie in their folder.
pub(crate) fn font_files(folder: &Path) -> impl Iterator<Item = PathBuf> {
    FONTS.iter().map(|(file, _)| folder.join(file))
}

/// Everything on the desk of one document.
pub(crate) struct Desk {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    template: Source,
    common: Source,
    /// The values, and the pictures that they name.
    files: Vec<(FileId, Bytes)>,
}

impl Desk {
    pub(crate) fn open<D: Document>(fonts: &Path, document: &D) -> io::Result<Self> {
        let values = serde_json::to_vec(document).expect("texts, numbers and lists serialise");
        let pictures = document.pictures().into_iter();
        let pictures = pictures.map(|it| (file(&it.name), Bytes::new(it.content)));
        let fonts = FONTS
            .iter()
            .map(|(file, face)| {
                let content = Bytes::new(fs::read(fonts.join(file))?);
                Font::new(content, *face).ok_or_else(|| io::ErrorKind::InvalidData.into())
            })
            .collect::<io::Result<Vec<_>>>()?;
        Ok(Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            template: Source::new(file("main.typ"), D::TEMPLATE.to_owned()),
            common: Source::new(
                file("common.typ"),
                include_str!("../templates/common.typ").to_owned(),
            ),
            files: std::iter::once((file("data.json"), Bytes::new(values)))
                .chain(pictures)
                .collect(),
        })
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        [&self.template, &self.common]
            .into_iter()
            .find(|source| source.id() == id)
            .cloned()
            .ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files
            .iter()
            .find(|(file, _)| *file == id)
            .map(|(_, content)| content.clone())
            .ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn file(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("a plain name");
    RootedPath::new(VirtualRoot::Project, path).intern()
}
