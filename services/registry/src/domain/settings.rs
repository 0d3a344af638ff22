//! What all services go by: pilot parameters and the calendar, decided here and told to the others.

use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::pilot::{Change, Parameter, Parameters};
use kernel::reference::Reference;
use kernel::rejection::{FaultList, Faults};
use kernel::rejections;
use kernel::working_day::CalendarYear;
use serde::{Deserialize, Serialize};

rejections! {
    /// Why a setting is not changed.
    pub enum SettingRejection {
        /// What held on a day that is over held on it.
        InThePast => "SETTING_IN_THE_PAST", InvalidArgument, "platform",
            "生效日期不能早于今天", "a setting cannot be changed for a day that is over";
        /// Nothing would be another.
        Unchanged => "SETTING_UNCHANGED", FailedPrecondition, "platform",
            "与该日已确定的取值相同，无须变更", "this is what holds from that day on already";
    }
}

/// A change of a parameter, and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// What is to be another, from when on.
    pub change: Change,
    /// Why.
    pub reason: String,
    /// The document behind it.
    pub source: String,
}

/// What happened to the settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum SettingFact {
    /// A first person wants a parameter changed.
    ParameterChangeProposed(Decision),
    /// A second person agreed.
    ParameterChanged(Decision),
    /// A year of the calendar is another.
    CalendarYearImported {
        /// The year.
        year: CalendarYear,
        /// The document behind it.
        source: String,
        /// Hash of the file.
        file: ContentHash,
    },
}

impl Decision {
    /// What two persons agree on: the change, and what is decided about all parameters so far.
    pub fn hash(&self, known: &Parameters) -> ContentHash {
        let content = serde_json::to_vec(&(self, known)).expect("plain values are JSON");
        ContentHash::of_bytes(&content)
    }

    /// The parameters after the decision.
    ///
    /// # Errors
    /// When its day is over, its value is not possible, or nothing would change.
    pub fn applied_to(&self, known: &Parameters, today: Date) -> Result<Parameters, Faults> {
        let mut faults = FaultList::default();
        let from = self.change.from;
        let in_time = from >= today;
        faults.require(in_time, "effective_from", &SettingRejection::InThePast);
        let after = faults.take("value", known.with(self.change.clone()));
        let parameter = faults.take("parameter", Parameter::named(&self.change.parameter));
        let same = |parameter| *known.value_on(parameter, from) == self.change.value;
        let changed = !parameter.is_some_and(same);
        faults.require(changed, "value", &SettingRejection::Unchanged);
        faults.finish()?;
        Ok(after.unwrap_or_else(|| known.clone()))
    }
}

/// Whether a year would be another. One that is over is not changed: its deadlines are.
///
/// # Errors
/// When the year is over.
pub fn judge_year(year: &CalendarYear, known: &Reference, today: Date) -> Result<bool, Faults> {
    if year.year() < today.year() {
        return Err(Faults::at("year", &SettingRejection::InThePast));
    }
    Ok(!known.calendar.years().any(|known| known == year))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::pilot::Value;

    use super::*;

    const TODAY: Date = date(2021, 6, 1);

    fn decision(from: Date, value: Value) -> Decision {
        Decision {
            change: Change {
                parameter: "city_quota_most".to_owned(),
                from,
                value,
            },
            reason: "试点总结评估".to_owned(),
            source: "示例文号".to_owned(),
        }
    }

    #[test]
    fn the_quota_is_lifted_from_a_day_on_and_not_for_days_that_are_over() {
        let known = Parameters::supplied();
        let lifted = decision(TODAY, Value::Unlimited).applied_to(&known, TODAY);
        let lifted = lifted.expect("from today on");
        assert_eq!(lifted.on(TODAY).city_quota_most, None);
        assert_eq!(lifted.on(date(2021, 5, 31)).city_quota_most, Some(8));
        let refused = decision(date(2021, 5, 31), Value::Number(0)).applied_to(&known, TODAY);
        assert_eq!(
            refused.expect_err("over, and below two").codes(),
            ["SETTING_IN_THE_PAST", "PARAMETER_QUOTA_UPSIDE_DOWN"]
        );
        let again = decision(TODAY, Value::Unlimited).applied_to(&lifted, TODAY);
        assert_eq!(again.expect_err("it is").codes(), ["SETTING_UNCHANGED"]);
    }

    #[test]
    fn two_persons_agree_on_the_change_and_on_what_it_changes() {
        let known = Parameters::supplied();
        let decision = decision(TODAY, Value::Number(10));
        let other = Decision {
            reason: "另一理由".to_owned(),
            ..decision.clone()
        };
        assert_ne!(decision.hash(&known), other.hash(&known));
        let after = decision.applied_to(&known, TODAY).expect("possible");
        assert_ne!(decision.hash(&known), decision.hash(&after));
    }

    #[test]
    fn a_year_that_is_over_stays_as_it_was() {
        let known = Reference::supplied();
        let year = |year| CalendarYear::new(year, &[], &[]).expect("without holidays");
        assert_eq!(judge_year(&year(2021), &known, TODAY), Ok(true));
        assert_eq!(judge_year(&year(2030), &known, TODAY), Ok(true));
        let refused = judge_year(&year(2020), &known, TODAY);
        assert_eq!(refused.expect_err("over").codes(), ["SETTING_IN_THE_PAST"]);
    }
}
