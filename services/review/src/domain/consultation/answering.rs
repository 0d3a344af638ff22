//! The cities concerned answer (协商相关市), or are silent.

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::rejection::Faults;

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
