//! Scores as people keep them: a spreadsheet with one candidate a row and one part a column.

use kernel::person_name::PersonName;
use kernel::rejection::Faults;
use kernel::typed;
use platform::sheets::MOST_FAULTS;
use sheet::{Column, Limits};

use crate::domain::exam::ExamPart;
use crate::domain::rejection::ScoreRejection;
use crate::domain::scoring::{MOST_IN_FILE, ScoreEntry, Spot};

const TICKET: Column = Column::required("ticket_number", "准考证号");
const NAME: Column = Column::optional("name", "姓名");
const THEORY: Column = Column::optional("theory", "理论成绩");
const SKILL: Column = Column::optional("skill", "技能成绩");
const REVIEW: Column = Column::optional("review", "综合成绩");

pub(crate) const LIMITS: Limits = Limits {
    bytes: 4 * 1024 * 1024,
    unpacked_bytes: 64 * 1024 * 1024,
    rows: 10_000,
    cell_characters: 100,
    faults: MOST_FAULTS,
};

/// What a file says.
#[derive(Default)]
pub(crate) struct ScoreSheet {
    pub(crate) entries: Vec<ScoreEntry>,
    /// Names beside ticket numbers, which are compared with the roster and not kept.
    pub(crate) named: Vec<Named>,
}

/// A name beside a ticket number.
pub(crate) struct Named {
    pub(crate) field: String,
    pub(crate) ticket_number: String,
    pub(crate) name: PersonName,
}

/// Reads scores, each with its place. Whether they can be recorded, the batch says.
///
/// # Errors
/// What is wrong with the file, or with each row.
pub(crate) fn read(file: &[u8]) -> Result<ScoreSheet, Faults> {
    let mut scores = ScoreSheet::default();
    let columns = [TICKET, NAME, THEORY, SKILL, REVIEW];
    sheet::read(file, &columns, &LIMITS, |row, faults| {
        let ticket = row.read(TICKET, faults, |text| match typed::normalise(text) {
            ticket if ticket.is_empty() => Err(ScoreRejection::TicketMissing),
            ticket => Ok(ticket),
        });
        let name = row.read(NAME, faults, |text| match text {
            "" => Ok(None),
            name => PersonName::parse(name).map(Some),
        });
        let Some(ticket_number) = ticket else { return };
        scores.named.extend(name.flatten().map(|name| Named {
            field: row.field(NAME),
            ticket_number: ticket_number.clone(),
            name,
        }));
        for (column, part) in [
            (THEORY, ExamPart::Theory),
            (SKILL, ExamPart::Skill),
            (REVIEW, ExamPart::Review),
        ] {
            let score = row.read(column, faults, points);
            scores
                .entries
                .extend(score.flatten().map(|score| ScoreEntry {
                    spot: Spot::Row(row.number()),
                    ticket_number: ticket_number.clone(),
                    part: Some(part),
                    score,
                }));
        }
    })?;
    if scores.entries.is_empty() {
        let limit = MOST_IN_FILE;
        return Err(Faults::at("file", &ScoreRejection::Count { limit }));
    }
    Ok(scores)
}

/// Points in a cell; nothing where it is empty. A sign or a fraction is no digit.
fn points(text: &str) -> Result<Option<u32>, ScoreRejection> {
    let digits: Option<String> = text.trim().chars().map(digit).collect();
    match digits.as_deref() {
        Some("") => Ok(None),
        Some(digits) => digits
            .parse()
            .map(Some)
            .map_err(|_| ScoreRejection::NotWhole),
        None => Err(ScoreRejection::NotWhole),
    }
}

/// A digit of either width.
fn digit(character: char) -> Option<char> {
    match character {
        '0'..='9' => Some(character),
        '０'..='９' => char::from_u32(u32::from(character) - u32::from('０') + u32::from('0')),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_digits_of_either_width_and_nothing_else() {
        for (text, points_of) in [
            ("", None),
            ("  ", None),
            ("60", Some(60)),
            ("６０", Some(60)),
        ] {
            assert_eq!(points(text), Ok(points_of), "{text}");
        }
        for text in ["-5", "59.5", "六十", "1e2", "99999999999"] {
            assert_eq!(points(text), Err(ScoreRejection::NotWhole), "{text}");
        }
    }

    #[test]
    fn every_fault_of_a_file_is_told_with_its_row_and_column() {
        let file = "准考证号,姓名,理论成绩,技能成绩\n,示例甲一,60,\n2020,示例1,60.5,\n2021,,,70\n";
        let refused = read(file.as_bytes()).err().expect("three faults");
        let told: Vec<_> = refused
            .all()
            .iter()
            .map(|fault| (fault.field.clone().unwrap_or_default(), fault.code))
            .collect();
        assert_eq!(
            told,
            [
                ("file.rows[2].ticket_number".to_owned(), "TICKET_MISSING"),
                ("file.rows[3].name".to_owned(), "PERSON_NAME_CHARACTERS"),
                ("file.rows[3].theory".to_owned(), "SCORE_NOT_WHOLE"),
            ]
        );
    }
}
