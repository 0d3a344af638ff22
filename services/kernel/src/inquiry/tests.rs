use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::{
    rejection::Rejection,
    working_day::{Calendar, CalendarYear},
};

const DAY: Date = date(2020, 5, 18);

fn due(days: u8) -> Deadline {
    let calendar = Calendar::supplied();
    calendar
        .add_working_days(DAY, days)
        .expect("2020 is stored")
}

fn received(kind: InquiryKind) -> Inquiry {
    Inquiry::receive(kind, Channel::Online, DAY, due(15))
}

fn objection() -> Inquiry {
    received(InquiryKind::Objection)
}

fn code<T>(outcome: Result<T, InquiryRejection>) -> &'static str {
    outcome.err().expect("refused").code()
}

#[test]
fn nothing_brought_forward_by_name_is_closed_without_a_finding() {
    for kind in [InquiryKind::Objection, InquiryKind::Complaint] {
        let inquiry = received(kind);
        let inquiry = inquiry.take_up(due(30)).unwrap_or(inquiry);
        let refused = inquiry.close(DAY).expect_err("nothing was found");
        assert_eq!(refused.codes(), ["INQUIRY_WITHOUT_FINDING"]);
        let found = inquiry.find().expect("looked into");
        let closed = found.close(DAY).expect("found");
        assert_eq!(closed.state(), InquiryState::Closed);
    }
    let lead = received(InquiryKind::Lead);
    assert!(lead.close(DAY).is_ok());
}

#[test]
fn what_is_still_due_moves_with_the_calendar_and_what_is_done_stays() {
    let monday_off = CalendarYear::new(2020, &[date(2020, 5, 25)], &[]).expect("a Monday");
    let calendar = Calendar::new([monday_off]);
    let recounted = |inquiry: &Inquiry| inquiry.recount(&calendar).expect("2020 is stored");

    let asked = objection().ask(due(5)).expect("open");
    let moved = recounted(&asked);
    assert_eq!(moved.due.date, due(16).date);
    assert_eq!(moved.due.name, asked.due.name);
    let question = moved.question.as_ref().expect("asked");
    assert_eq!(question.due.date, due(6).date);
    assert_eq!(recounted(&moved), moved);

    let answered = asked.answer(DAY).expect("asked");
    let moved = recounted(&answered);
    assert_eq!(moved.question, answered.question);
    assert_ne!(moved.due, answered.due);
    let found = answered.find().expect("open");
    let closed = found.close(DAY).expect("found");
    assert_eq!(recounted(&closed), closed);
}

#[test]
fn whoever_was_asked_has_time_to_answer() {
    let found = objection().find().expect("open");
    let asked = found.ask(due(5)).expect("open");
    assert_eq!(asked.state(), InquiryState::AwaitingAnswer);
    let refused = asked
        .close(due(5).date)
        .expect_err("the last day is theirs");
    assert_eq!(refused.codes(), ["INQUIRY_ANSWER_AWAITED"]);
    assert!(asked.close(due(6).date).is_ok(), "silence is no veto");
    let answered = asked.answer(DAY).expect("asked");
    assert_eq!(answered.state(), InquiryState::Open);
    assert!(answered.close(DAY).is_ok());
    let both = objection().ask(due(5)).expect("open").close(DAY);
    assert_eq!(
        both.expect_err("neither found nor answered").codes(),
        ["INQUIRY_WITHOUT_FINDING", "INQUIRY_ANSWER_AWAITED"]
    );
}

#[test]
fn one_question_and_its_answer_and_then_the_next() {
    assert_eq!(code(objection().answer(DAY)), "INQUIRY_NOTHING_ASKED");
    let asked = objection().ask(due(5)).expect("open");
    assert_eq!(code(asked.ask(due(5))), "INQUIRY_ASKED_ALREADY");
    let late = asked.answer(date(2020, 6, 30)).expect("better than never");
    assert_eq!(code(late.answer(DAY)), "INQUIRY_NOTHING_ASKED");
    assert!(late.ask(due(8)).is_ok());
}

#[test]
fn a_complaint_is_taken_up_or_declined_first() {
    let complaint = received(InquiryKind::Complaint);
    assert_eq!(complaint.state(), InquiryState::Received);
    assert_eq!(code(complaint.find()), "INQUIRY_NOT_TAKEN_UP");
    assert_eq!(code(complaint.ask(due(5))), "INQUIRY_NOT_TAKEN_UP");
    let declined = complaint.decline(DAY).expect("received");
    assert_eq!(declined.state(), InquiryState::Closed);
    assert_eq!(code(declined.take_up(due(30))), "INQUIRY_CLOSED");
    let taken_up = complaint.take_up(due(30)).expect("received");
    assert_eq!(taken_up.due, due(30));
    assert_eq!(code(taken_up.take_up(due(30))), "INQUIRY_TAKEN_UP");
    assert_eq!(code(taken_up.decline(DAY)), "INQUIRY_TAKEN_UP");
    assert_eq!(code(objection().decline(DAY)), "INQUIRY_TAKEN_UP");
}

#[test]
fn it_is_late_after_its_day_until_it_is_closed() {
    let inquiry = objection().find().expect("open");
    let last = inquiry.due.date;
    assert!(!inquiry.is_late_on(last));
    let after = last.tomorrow().expect("a day");
    assert!(inquiry.is_late_on(after));
    assert!(!inquiry.close(after).expect("found").is_late_on(after));
}

proptest! {
    /// Whatever is done in whatever order, what is closed stays as it is, and nothing but a lead or
    /// a declined complaint was closed without a finding.
    #[test]
    fn what_is_closed_stays_closed(kind in 0..3u8, steps in prop::collection::vec(0..6u8, 0..30)) {
        let kind = [InquiryKind::Objection, InquiryKind::Lead, InquiryKind::Complaint][usize::from(kind)];
        let mut inquiry = received(kind);
        for (day, step) in steps.into_iter().enumerate() {
            let on = DAY.saturating_add(jiff::Span::new().days(i64::try_from(day).expect("few")));
            let next = match step {
                0 => inquiry.take_up(due(30)).map_err(Faults::from),
                1 => inquiry.decline(on).map_err(Faults::from),
                2 => inquiry.ask(due(5)).map_err(Faults::from),
                3 => inquiry.answer(on).map_err(Faults::from),
                4 => inquiry.find().map_err(Faults::from),
                _ => inquiry.close(on),
            };
            if inquiry.state() == InquiryState::Closed {
                prop_assert_eq!(next.expect_err("closed").codes(), ["INQUIRY_CLOSED"]);
                continue;
            }
            inquiry = next.unwrap_or(inquiry);
            if inquiry.state() == InquiryState::Closed && inquiry.taken_up && kind != InquiryKind::Lead {
                prop_assert!(inquiry.findings > 0);
            }
        }
    }
}
