//! The cities concerned answer (协商相关市), or are silent.

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::rejection::Faults;
use kernel::working_day::Calendar;

use super::refusal::ConsultationRejection;
use super::{Answer, Consultation, ConsultationFact};

impl Consultation {
    /// A city answers.
    ///
    /// # Errors
    /// When it was not asked, has answered, or the due day is over.
    pub fn answer(
        &self,
        division: DivisionCode,
        agrees: bool,
        today: Date,
    ) -> Result<ConsultationFact, Faults> {
        let due = self.answers_due.date;
        let area = self.areas.get(&division);
        match area.ok_or(ConsultationRejection::CityNotConsulted)?.answer {
            Some((Answer::Agreed | Answer::Disagreed, _)) => {
                Err(ConsultationRejection::Answered.into())
            }
            None if !self.answers_due.is_over_on(today) => Ok(ConsultationFact::CityAnswered {
                division,
                answer: if agrees {
                    Answer::Agreed
                } else {
                    Answer::Disagreed
                },
                on: today,
            }),
            Some((Answer::Silent, _)) | None => {
                Err(ConsultationRejection::AnswerLate { due }.into())
            }
        }
    }

    /// While a city is waited for, the day until which it is, by the calendar as it is now; none where
    /// that is what it was.
    ///
    /// # Errors
    /// When the count reaches a year that is not stored.
    pub fn recount(&self, calendar: &Calendar) -> Result<Option<ConsultationFact>, Faults> {
        if self.waits_until().is_none() {
            return Ok(None);
        }
        let answers_due = calendar.recount(&self.answers_due)?;
        let moved = answers_due != self.answers_due;
        Ok(moved.then_some(ConsultationFact::AnswersDueRecounted { answers_due }))
    }

    /// Once the due day is over, the silence of each city that has not answered.
    pub fn fall_silent(&self, today: Date) -> Vec<ConsultationFact> {
        if !self.answers_due.is_over_on(today) {
            return Vec::new();
        }
        let silent = self
            .areas
            .iter()
            .filter(|(_, area)| area.answer.is_none())
            .map(|(division, _)| ConsultationFact::CityAnswered {
                division: *division,
                answer: Answer::Silent,
                on: today,
            });
        silent.collect()
    }
}
