//! XLSX as another program writes it.

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet, XlsxError};

use crate::{row, rows, told};

/// A workbook with one sheet that has the columns in its first row.
fn workbook(fill: impl FnOnce(&mut Worksheet) -> Result<(), XlsxError>) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in (0..).zip(["日期", "类型", "note"]) {
        sheet.write(0, column, name).expect("written");
    }
    fill(sheet).expect("filled");
    book.save_to_buffer().expect("a workbook")
}

#[test]
fn cells_are_read_as_people_see_them() {
    let file = workbook(|sheet| {
        let day = ExcelDateTime::from_ymd(2027, 1, 1)?;
        let chinese = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\";@");
        sheet.write_with_format(1, 0, &day, &chinese)?;
        sheet.write(1, 1, "off & <away>")?;
        sheet.write(1, 2, 2018)?;
        // A row that is only coloured in says nothing.
        sheet.write_blank(2, 0, &Format::new().set_background_color("yellow"))?;
        sheet.write_with_format(4, 0, &day, &Format::new().set_num_format_index(14))?;
        sheet.write(4, 1, true)?;
        sheet.write(4, 2, 0.5)?;
        Ok(())
    });
    assert_eq!(
        rows(&file).expect("rows"),
        [
            row(2, ["2027-01-01", "off & <away>", "2018"]),
            row(5, ["2027-01-01", "1", "0.5"]),
        ]
    );
}

#[test]
fn what_a_sheet_cannot_be_taken_at_its_word_for_is_told_where_it_stands() {
    let file = workbook(|sheet| {
        sheet.write_formula(1, 0, Formula::new("=TODAY()").set_result("46388"))?;
        sheet.write(1, 1, "off")?;
        sheet.write(2, 0, 371_000_199_001_011_234_f64)?;
        sheet.write(2, 1, "off")?;
        sheet.merge_range(3, 0, 4, 0, "2027-01-01", &Format::new())?;
        sheet.write(3, 1, "off")?;
        sheet.write(4, 1, "off")?;
        sheet.write(5, 0, "x")?;
        sheet.write(5, 1, "off")?;
        sheet.write(5, 4, "left of nothing")?;
        Ok(())
    });
    let at = |field: &str, code| (format!("file.{field}"), code);
    assert_eq!(
        told(&file),
        [
            at("rows[2].date", "SHEET_FORMULA"),
            at("rows[3].date", "SHEET_NUMBER_ROUNDED"),
            at("rows[5].date", "MISSING"),
            at("rows[6]", "SHEET_CELL_WITHOUT_COLUMN"),
            at("rows[4].date", "SHEET_MERGED_CELLS"),
        ]
    );
}

#[test]
fn a_second_sheet_would_be_lost_unless_it_is_empty_or_hidden() {
    let book = |hidden: bool, text: &str| {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (column, name) in (0..).zip(["date", "kind"]) {
            sheet.write(0, column, name).expect("written");
            sheet.write(1, column, name).expect("written");
        }
        let second = book.add_worksheet();
        second.set_hidden(hidden);
        if !text.is_empty() {
            second.write(9, 9, text).expect("written");
        }
        book.save_to_buffer().expect("a workbook")
    };
    assert_eq!(rows(&book(false, "")).expect("rows").len(), 1);
    assert_eq!(rows(&book(true, "a list")).expect("rows").len(), 1);
    assert_eq!(
        told(&book(false, "more")),
        [("file".to_owned(), "SHEET_SEVERAL")]
    );
}
