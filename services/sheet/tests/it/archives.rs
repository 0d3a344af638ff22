//! XLSX as somebody writes it who means no good, or as it arrives after half of the way.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::{LIMITS, row, rows, told};

const TOP: &str = r#"<Relationships><Relationship Id="a" Type="x/officeDocument" Target="/book/w.xml"/></Relationships>"#;
const PARTS: &str = r#"<Relationships>
    <Relationship Id="r1" Type="x/worksheet" Target="s.xml"/>
    <Relationship Id="r2" Type="x/sharedStrings" Target="t.xml"/>
    <Relationship Id="r3" Type="x/styles" Target="y.xml"/></Relationships>"#;
const BOOK: &str = r#"<workbook xmlns:r="rels"><workbookPr date1904="1"/><sheets>
    <sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#;
const STYLES: &str =
    r#"<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#;
const STRINGS: &str = r#"<sst uniqueCount="999999999999999999"><si><t>date</t></si><si><r><t>ki</t></r><r><t>nd</t></r><rPh><t>spoken</t></rPh></si></sst>"#;

/// A workbook of these rows, under the columns date and kind.
fn sheet(below: &str) -> String {
    format!(
        r#"<worksheet><sheetData><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>{below}</sheetData></worksheet>"#
    )
}

fn archive(strings: &str, sheet: &str) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [
        ("_rels/.rels", TOP),
        ("book/_rels/w.xml.rels", PARTS),
        ("book/w.xml", BOOK),
        ("book/y.xml", STYLES),
        ("book/t.xml", strings),
        ("book/s.xml", sheet),
    ] {
        archive
            .start_file(name, SimpleFileOptions::default())
            .expect("begun");
        archive.write_all(content.as_bytes()).expect("written");
    }
    archive.finish().expect("an archive").into_inner()
}

fn whole(code: &'static str) -> [(String, &'static str); 1] {
    [("file".to_owned(), code)]
}

#[test]
fn nothing_is_set_aside_because_a_file_claims_to_need_it() {
    let below = r#"<row r="4"><c s="1"><v>1</v></c><c t="inlineStr"><is><t>a&#x4e2d;&lt;</t></is></c></row>"#;
    let file = archive(STRINGS, &sheet(below));
    assert_eq!(
        rows(&file).expect("rows"),
        [row(4, ["1904-01-02", "a中<", ""])]
    );
}

#[test]
fn what_unpacks_without_end_is_counted_as_it_unpacks() {
    let limit = usize::try_from(LIMITS.unpacked_bytes).expect("small");
    let spaces = " ".repeat(4 * limit);
    for file in [
        archive(STRINGS, &format!("{}{spaces}", sheet(""))),
        archive(&format!("<sst><si><t>{spaces}</t></si></sst>"), &sheet("")),
        archive(&"<a>".repeat(limit), &sheet("")),
    ] {
        assert!(file.len() < LIMITS.bytes, "{}", file.len());
        assert_eq!(told(&file), whole("SHEET_UNPACKS_TOO_LARGE"));
    }
}

#[test]
fn a_million_rows_are_not_read_to_their_end() {
    let rows = "<row><c><v>1</v></c><c><v>2</v></c></row>".repeat(5_000);
    assert_eq!(
        told(&archive(STRINGS, &sheet(&rows))),
        whole("SHEET_TOO_MANY_ROWS")
    );
}

#[test]
fn what_goes_back_or_beyond_a_sheet_is_damaged() {
    for below in [
        r#"<row r="1"><c><v>1</v></c></row>"#,
        r#"<row r="1048577"/>"#,
        r#"<row r="x"/>"#,
        r#"<row><c r="B2"><v>1</v></c><c r="A2"><v>1</v></c></row>"#,
        r#"<row><c r="XFE2"><v>1</v></c></row>"#,
        r#"<row><c t="s"><v>9</v></c></row>"#,
        r#"<row><c t="inlineStr"><is><t>&bomb;</t></is></c></row>"#,
        r#"</sheetData><mergeCells><mergeCell ref="?"/></mergeCells><sheetData>"#,
        "<row><c><v>1</v></c>",
    ] {
        let told = told(&archive(STRINGS, &sheet(below)));
        assert_eq!(told, whole("SHEET_DAMAGED"), "{below}");
    }
    let file = archive(STRINGS, &sheet(""));
    for cut in [4, 100, file.len() / 2, file.len() - 1] {
        assert_eq!(told(&file[..cut]), whole("SHEET_DAMAGED"), "{cut}");
    }
    let mut other = ZipWriter::new(Cursor::new(Vec::new()));
    other
        .start_file("word/document.xml", SimpleFileOptions::default())
        .expect("begun");
    let other = other.finish().expect("an archive").into_inner();
    assert_eq!(told(&other), whole("SHEET_DAMAGED"));
}

#[test]
fn an_error_value_is_told_where_it_stands() {
    let below = r#"<row><c t="e"><v>#N/A</v></c><c><v>1</v></c></row>"#;
    assert_eq!(
        told(&archive(STRINGS, &sheet(below))),
        [("file.rows[2].date".to_owned(), "SHEET_ERROR_VALUE")]
    );
}

#[test]
fn a_password_and_an_old_workbook_are_called_by_their_names() {
    let compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
    let name: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let protected = [&compound[..], &[0; 600], &name, &[0; 50]].concat();
    assert_eq!(told(&protected), whole("SHEET_ENCRYPTED"));
    assert_eq!(
        told(&[&compound[..], &[0; 600]].concat()),
        whole("SHEET_UNREADABLE")
    );
}
