//! What a file is, told by its first bytes and not by its name.

use crate::domain::MediaType;

/// So many first bytes tell it. Office documents need the most: what they are shows with the first
/// file of a certain folder inside, and a preview picture may come before that.
pub(super) const TELLING_BYTES: usize = 64 * 1024;

/// Begins each file inside a ZIP archive; its name follows after 26 bytes more.
const LOCAL_FILE: &[u8] = b"PK\x03\x04";
const NAME_AT: usize = 30;

/// The registered name of what these first bytes belong to; `None` where nobody knows.
pub(super) fn recognise(head: &[u8]) -> Option<&'static str> {
    if head.starts_with(LOCAL_FILE) {
        // `infer` knows office documents by the order of their files in Microsoft's programs alone.
        return office_document(head).map(MediaType::name);
    }
    infer::get(head).map(|kind| kind.mime_type())
}

fn office_document(head: &[u8]) -> Option<MediaType> {
    let files = head.windows(LOCAL_FILE.len()).enumerate();
    let mut names = files
        .filter(|(_, bytes)| *bytes == LOCAL_FILE)
        .filter_map(|(start, _)| head.get(start + NAME_AT..));
    names.find_map(|name| match name {
        name if name.starts_with(b"word/") => Some(MediaType::Docx),
        name if name.starts_with(b"xl/") => Some(MediaType::Xlsx),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The beginning of a ZIP archive with files of these names.
    fn archive(names: &[&str]) -> Vec<u8> {
        let file = |name: &&str| [LOCAL_FILE, &[0; 26], name.as_bytes(), &[b'.'; 64]].concat();
        names.iter().flat_map(file).collect()
    }

    #[test]
    fn office_documents_are_told_from_each_other_and_from_other_archives() {
        let before = [
            "[Content_Types].xml",
            "_rels/.rels",
            "docProps/core.xml",
            "docProps/app.xml",
        ];
        let written = |name| recognise(&archive(&[&before[..], &[name]].concat()));
        assert_eq!(written("word/document.xml"), Some(MediaType::Docx.name()));
        assert_eq!(written("xl/workbook.xml"), Some(MediaType::Xlsx.name()));
        assert_eq!(written("ppt/presentation.xml"), None);
        assert_eq!(recognise(&archive(&["a.txt", "a/word/b.txt"])), None);
        assert_eq!(recognise(LOCAL_FILE), None);
    }

    #[test]
    fn pictures_and_pdf_are_known_by_how_they_begin() {
        assert_eq!(recognise(b"%PDF-1.7"), Some(MediaType::Pdf.name()));
        assert_eq!(recognise(b"\x89PNG\r\n\x1a\n"), Some(MediaType::Png.name()));
        assert_eq!(
            recognise(&[0xff, 0xd8, 0xff, 0xe0]),
            Some(MediaType::Jpeg.name())
        );
        assert_eq!(recognise(b"synthetic"), None);
    }
}
