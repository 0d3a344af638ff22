//! CSV.

use crate::{LIMITS, row, rows, told};

#[test]
fn columns_are_found_by_either_name_in_any_order() {
    for file in [
        "date,kind,note\n2027-01-01,off,\n2027-01-03,worked,made up\n",
        "\u{feff}类型,日期,说明\r\noff,2027-01-01\r\n worked , 2027-01-03 ,\"made up\"",
    ] {
        assert_eq!(
            rows(file.as_bytes()).expect("rows"),
            [
                row(2, ["2027-01-01", "off", ""]),
                row(3, ["2027-01-03", "worked", "made up"])
            ]
        );
    }
}

#[test]
fn a_row_has_the_number_that_a_spreadsheet_shows() {
    let file = "date,kind,note\n\n1,a,\"two\nlines\"\n,,\n\n2,b,\n3,,";
    let read = rows(file.as_bytes());
    assert_eq!(
        told(file.as_bytes()),
        [("file.rows[7].kind".to_owned(), "MISSING")]
    );
    assert!(read.is_err());
    let file = file.strip_suffix("\n3,,").expect("its last row");
    assert_eq!(
        rows(file.as_bytes()).expect("rows"),
        [row(3, ["1", "a", "two\nlines"]), row(6, ["2", "b", ""])]
    );
}

#[test]
fn what_is_no_table_is_refused_by_name() {
    let file = |code| ("file".to_owned(), code);
    for (text, expected) in [
        ("", vec![file("SHEET_COLUMN_MISSING"); 2]),
        ("date,note\n", vec![file("SHEET_COLUMN_MISSING")]),
        ("date,kind\n", vec![file("SHEET_EMPTY")]),
        ("date,kind,kind\n", vec![file("SHEET_COLUMN_TWICE")]),
        (
            "date,remark,kinds\n1,2,3\n",
            vec![
                file("SHEET_COLUMN_UNKNOWN"),
                file("SHEET_COLUMN_UNKNOWN"),
                file("SHEET_COLUMN_MISSING"),
            ],
        ),
        ("date\0,kind\n", vec![file("SHEET_UNREADABLE")]),
        (
            "\r\rdate,kind\r1,2\r",
            vec![file("SHEET_COLUMN_UNKNOWN"); 2],
        ),
    ] {
        let told = told(text.as_bytes());
        let told: Vec<_> = told.into_iter().take(expected.len()).collect();
        assert_eq!(told, expected, "{text:?}");
    }
    for bytes in [
        &b"\xff\xfed\0a\0"[..],
        b"\xc8\xd5\xc6\xda,kind\n",
        b"%PDF-1.7\xff",
    ] {
        assert_eq!(told(bytes), [file("SHEET_UNREADABLE")]);
    }
}

#[test]
fn a_cell_is_told_at_its_row_and_column() {
    let long = "x".repeat(LIMITS.cell_characters + 1);
    let file = format!("date,kind\n1,{long}\n2,b,c\n3,d,\n");
    assert_eq!(
        told(file.as_bytes()),
        [
            ("file.rows[2].kind".to_owned(), "SHEET_CELL_TOO_LONG"),
            ("file.rows[3]".to_owned(), "SHEET_CELL_WITHOUT_COLUMN"),
        ]
    );
}

#[test]
fn a_file_is_read_as_far_as_its_limits_go() {
    let file = |rows: &str| format!("date,kind\n{rows}");
    let most = file(&"1,a\n\n".repeat(LIMITS.rows));
    assert_eq!(rows(most.as_bytes()).expect("as many").len(), LIMITS.rows);
    let over = file(&"1,a\n".repeat(LIMITS.rows + 1));
    let whole = "file".to_owned();
    assert_eq!(
        told(over.as_bytes()),
        [(whole.clone(), "SHEET_TOO_MANY_ROWS")]
    );
    let large = vec![b'x'; LIMITS.bytes + 1];
    assert_eq!(told(&large), [(whole, "SHEET_TOO_LARGE")]);
    let wrong = file(&"1,\n".repeat(LIMITS.rows));
    assert_eq!(told(wrong.as_bytes()).len(), LIMITS.faults);
}

proptest::proptest! {
    #[test]
    fn whatever_is_sent_is_answered(bytes: Vec<u8>, text: String) {
        let _ = rows(&bytes);
        let _ = rows(format!("date,kind\n{text}").as_bytes());
        let _ = rows(&[b"PK\x03\x04", &bytes[..]].concat());
    }
}
