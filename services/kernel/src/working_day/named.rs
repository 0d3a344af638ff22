//! The deadlines of the platform, by name: each is counted by a rule, for as many working days as a
//! pilot parameter says.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Calendar, CountingRule, Deadline, YearWithoutData};
use crate::pilot::{Parameter, Pilot};

/// A deadline of the platform (期限).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeadlineRule {
    /// The centre checks an application's documents, after it was handed in.
    ApplicationCheck,
    /// The applicant hands in again, after the return.
    ApplicationCorrection,
    /// A public notice of a selection ends, after its opening.
    SelectionNotice,
    /// The organisation answers an objection, after it was asked to.
    ObjectionAnswer,
    /// An objection is resolved, after it was raised.
    ObjectionResolution,
    /// A city reports what it filed, after the receipt.
    CityReport,
    /// A city corrects its report, after the return.
    CityReportCorrection,
    /// A city answers a consultation, after it was asked.
    Consultation,
    /// A plan is reported, ahead of its first session.
    PlanHandIn,
    /// A public notice of results ends, after its opening.
    ResultNotice,
    /// Results are uploaded, after their public notice.
    ResultUpload,
    /// A centre reviews results, after they came to it.
    ResultReview,
    /// An organisation answers results that were given back, after the return.
    ResultCorrection,
    /// Holders are heard, after a revocation of their certificates was proposed.
    RevocationHearing,
    /// Inspectors report the result of a check, after it was made.
    InspectionReport,
    /// The result of a check is published, after it was reported.
    InspectionPublication,
    /// An organisation puts right what it was told to, after it was told.
    Rectification,
    /// A complaint is accepted or declined, after it came in.
    ComplaintAcceptance,
    /// A complaint is answered, after it was accepted.
    ComplaintAnswer,
    /// A risk alert is handled, after it was opened.
    RiskAlert,
    /// A change is decided, after an organisation asked for it.
    ChangeReview,
}

impl DeadlineRule {
    /// Every deadline.
    pub const ALL: [Self; 21] = [
        Self::ApplicationCheck,
        Self::ApplicationCorrection,
        Self::SelectionNotice,
        Self::ObjectionAnswer,
        Self::ObjectionResolution,
        Self::CityReport,
        Self::CityReportCorrection,
        Self::Consultation,
        Self::PlanHandIn,
        Self::ResultNotice,
        Self::ResultUpload,
        Self::ResultReview,
        Self::ResultCorrection,
        Self::RevocationHearing,
        Self::InspectionReport,
        Self::InspectionPublication,
        Self::Rectification,
        Self::ComplaintAcceptance,
        Self::ComplaintAnswer,
        Self::RiskAlert,
        Self::ChangeReview,
    ];

    /// Counts this deadline from a day, by the parameters of the day on which it is counted.
    ///
    /// # Errors
    /// When the count reaches a year that is not stored.
    pub fn count(
        self,
        calendar: &Calendar,
        pilot: &Pilot,
        from: Date,
    ) -> Result<Deadline, YearWithoutData> {
        let counted = calendar.deadline(self.counting(pilot), from, self.working_days(pilot))?;
        Ok(Deadline {
            name: Some(self),
            ..counted
        })
    }

    /// How it is counted.
    pub fn counting(self, pilot: &Pilot) -> CountingRule {
        match self {
            Self::SelectionNotice | Self::ResultNotice => CountingRule::NoticePeriod,
            Self::PlanHandIn if pilot.plan_hand_in_strict => CountingRule::HandInStrict,
            Self::PlanHandIn => CountingRule::HandInLenient,
            _ => CountingRule::WorkingDaysAfter,
        }
    }

    /// The parameter that says how many working days, with its source and whether that is our
    /// interpretation.
    pub fn parameter(self) -> &'static Parameter {
        let name = match self {
            Self::ApplicationCheck => "application_check_working_days",
            Self::ApplicationCorrection => "application_correction_working_days",
            Self::SelectionNotice => "selection_notice_working_days",
            Self::ObjectionAnswer => "objection_answer_working_days",
            Self::ObjectionResolution => "objection_working_days",
            Self::CityReport => "city_report_working_days",
            Self::CityReportCorrection => "city_report_correction_working_days",
            Self::Consultation => "consultation_working_days",
            Self::PlanHandIn => "plan_hand_in_working_days",
            Self::ResultNotice => "notice_working_days",
            Self::ResultUpload => "result_upload_working_days",
            Self::ResultReview => "result_review_working_days",
            Self::ResultCorrection => "result_correction_working_days",
            Self::RevocationHearing => "revocation_hearing_working_days",
            Self::InspectionReport => "inspection_report_working_days",
            Self::InspectionPublication => "inspection_publish_working_days",
            Self::Rectification => "rectification_working_days",
            Self::ComplaintAcceptance => "complaint_acceptance_working_days",
            Self::ComplaintAnswer => "complaint_working_days",
            Self::RiskAlert => "risk_alert_working_days",
            Self::ChangeReview => "change_review_working_days",
        };
        Parameter::named(name).expect("a test asks for each of them")
    }

    fn working_days(self, pilot: &Pilot) -> u8 {
        match self {
            Self::ApplicationCheck => pilot.application_check_working_days,
            Self::ApplicationCorrection => pilot.application_correction_working_days,
            Self::SelectionNotice => pilot.selection_notice_working_days,
            Self::ObjectionAnswer => pilot.objection_answer_working_days,
            Self::ObjectionResolution => pilot.objection_working_days,
            Self::CityReport => pilot.city_report_working_days,
            Self::CityReportCorrection => pilot.city_report_correction_working_days,
            Self::Consultation => pilot.consultation_working_days,
            Self::PlanHandIn => pilot.plan_hand_in_working_days,
            Self::ResultNotice => pilot.notice_working_days,
            Self::ResultUpload => pilot.result_upload_working_days,
            Self::ResultReview => pilot.result_review_working_days,
            Self::ResultCorrection => pilot.result_correction_working_days,
            Self::RevocationHearing => pilot.revocation_hearing_working_days,
            Self::InspectionReport => pilot.inspection_report_working_days,
            Self::InspectionPublication => pilot.inspection_publish_working_days,
            Self::Rectification => pilot.rectification_working_days,
            Self::ComplaintAcceptance => pilot.complaint_acceptance_working_days,
            Self::ComplaintAnswer => pilot.complaint_working_days,
            Self::RiskAlert => pilot.risk_alert_working_days,
            Self::ChangeReview => pilot.change_review_working_days,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::pilot::{Change, Parameters, Unit, Value};

    const DAY: Date = date(2020, 5, 18);

    fn counted(rule: DeadlineRule, pilot: &Pilot) -> Deadline {
        rule.count(Calendar::supplied(), pilot, DAY)
            .expect("2020 is supplied")
    }

    #[test]
    fn every_deadline_is_as_long_as_its_parameter_says() {
        let day = date(2021, 1, 1);
        for rule in DeadlineRule::ALL {
            let parameter = rule.parameter();
            assert_eq!(parameter.unit(), Unit::WorkingDays);
            let (_, most) = parameter.bounds();
            let change = Change {
                parameter: parameter.name().to_owned(),
                from: day,
                value: Value::Number(most),
            };
            let pilot = Parameters::supplied()
                .with(change)
                .expect("its bound")
                .on(day);
            assert_eq!(u16::from(rule.working_days(&pilot)), most, "{rule:?}");
            let deadline = counted(rule, &pilot);
            assert_eq!((deadline.name, deadline.counted_from), (Some(rule), DAY));
        }
    }

    #[test]
    fn every_deadline_says_what_it_is_and_where_it_is_from() {
        for rule in DeadlineRule::ALL {
            let deadline = counted(rule, &Pilot::supplied());
            assert_eq!(deadline.source(), rule.parameter().source());
            assert!(
                deadline
                    .explain_chinese()
                    .contains(rule.parameter().chinese())
            );
            assert!(
                deadline
                    .explain_english()
                    .contains(rule.parameter().english())
            );
        }
    }

    #[test]
    fn no_deadline_is_named_twice_and_none_is_forgotten() {
        let mut parameters: Vec<_> = DeadlineRule::ALL
            .iter()
            .map(|rule| rule.parameter().name())
            .collect();
        parameters.sort_unstable();
        let of_days: Vec<_> = Parameter::all()
            .filter(|parameter| parameter.unit() == Unit::WorkingDays)
            .map(Parameter::name)
            .collect();
        assert_eq!(parameters, of_days);
    }

    #[test]
    fn a_plan_is_counted_back_as_the_department_reads_the_notice() {
        let lenient = Pilot::supplied();
        let strict = Pilot {
            plan_hand_in_strict: true,
            ..lenient.clone()
        };
        let latest = |pilot| counted(DeadlineRule::PlanHandIn, pilot).date;
        assert_eq!(latest(&lenient), date(2020, 5, 11));
        assert_eq!(latest(&strict), date(2020, 5, 9));
    }
}
