//! By what everybody in a journey could be recognised.
//!
//! They are made up, so wherever one of these texts is found, it got there from a request.

use anyhow::Result;
use jiff::civil::Date;

use super::{annexes, applicants, calendar::Dates, panel, people, staff};

/// Names and numbers of everybody in a journey that begins on a day: candidates, also the one who
/// is refused, who objects, who works for the college and the other applicants, the experts, and whom they name.
pub(super) fn marks(journey: u32, first_day: Date) -> Result<Vec<String>> {
    let exam = Dates::from(first_day)?.exam;
    let mut marks = Vec::new();
    let candidates = people::candidates(journey).into_iter();
    for person in candidates.chain([people::too_young(exam), people::objector()]) {
        let number = person.citizen_id.reveal().to_owned();
        marks.extend([number, person.right_name(), person.name]);
    }
    let seats = 0..=applicants::SEATS;
    for member in seats.flat_map(|seat| staff::members(journey, seat)) {
        let number = member.citizen_id.reveal().to_owned();
        marks.extend([number, member.card_number(), member.name]);
    }
    for expert in panel::experts(journey) {
        marks.extend([
            expert.citizen_id.reveal().to_owned(),
            expert.name.to_owned(),
        ]);
    }
    let form = annexes::basic_form();
    marks.extend([form.legal_representative, form.contact_name]);
    marks.extend([form.contact_phone, form.contact_email]);
    marks.retain(|mark| !mark.is_empty());
    marks.sort();
    marks.dedup();
    Ok(marks)
}
