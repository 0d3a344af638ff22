//! A deadline that explains itself.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{calendar::CalendarVersion, named::DeadlineRule};

/// How working days are counted. The texts of the notice allow more than one reading; which one
/// holds is a setting, and every deadline names the one it was counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountingRule {
    /// A public notice (公示) of n working days: the day it opens is not counted, and it ends
    /// with its nth working day.
    NoticePeriod,
    /// Handed in n working days ahead (提前), lenient: the nth working day before the event is
    /// in time.
    HandInLenient,
    /// Handed in n working days ahead, strict: n full working days lie between.
    HandInStrict,
    /// The nth working day after a day; no rule of the notice.
    WorkingDaysAfter,
}

/// Which way a rule counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Forward,
    Backward,
}

impl CountingRule {
    /// Stable name for machines, the same as in stored deadlines.
    pub fn id(self) -> &'static str {
        match self {
            Self::NoticePeriod => "notice_period",
            Self::HandInLenient => "hand_in_lenient",
            Self::HandInStrict => "hand_in_strict",
            Self::WorkingDaysAfter => "working_days_after",
        }
    }

    /// Where the way of counting comes from, as refusals cite it.
    pub fn source(self) -> &'static str {
        match self {
            Self::NoticePeriod => "notice 4.3",
            Self::HandInLenient | Self::HandInStrict => "notice 4.1",
            Self::WorkingDaysAfter => "platform",
        }
    }

    /// The rule in Chinese.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::NoticePeriod => "公示开始当日不计，期满日为最后一个工作日",
            Self::HandInLenient => "考核当日不计，自前一日起倒数，至迟于所倒数的最后一个工作日报送",
            Self::HandInStrict => "报送日与考核日之间须留足完整工作日，首尾两日均不计",
            Self::WorkingDaysAfter => "起始当日不计",
        }
    }

    /// The rule in English.
    pub fn english(self) -> &'static str {
        match self {
            Self::NoticePeriod => {
                "the day of opening is not counted, the notice ends with its last working day"
            }
            Self::HandInLenient => {
                "counted back from the day before the event, in time on the last working day counted"
            }
            Self::HandInStrict => {
                "full working days lie between, neither the day of handing in nor that of the event is counted"
            }
            Self::WorkingDaysAfter => "the first day is not counted",
        }
    }

    pub(super) fn direction(self) -> Direction {
        match self {
            Self::NoticePeriod | Self::WorkingDaysAfter => Direction::Forward,
            Self::HandInLenient | Self::HandInStrict => Direction::Backward,
        }
    }

    /// How many working days are passed until the deadline is reached.
    pub(super) fn days_to_count(self, working_days: u8) -> u16 {
        u16::from(working_days) + u16::from(self == Self::HandInStrict)
    }
}

/// What a day was in a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// An ordinary working day; its number in the count.
    Counted(u16),
    /// A weekend day worked to make up for a holiday (调休上班); its number in the count.
    MakeUpWorked(u16),
    /// A Saturday or Sunday, within a holiday or not.
    Weekend,
    /// A weekday off (放假).
    Holiday,
}

impl DayKind {
    /// The day's number in the count, if it was a working day.
    pub fn number(self) -> Option<u16> {
        match self {
            Self::Counted(number) | Self::MakeUpWorked(number) => Some(number),
            Self::Weekend | Self::Holiday => None,
        }
    }
}

/// One day that was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedDay {
    /// The day.
    pub date: Date,
    /// What it was.
    pub kind: DayKind,
}

/// A day until which something lasts or may be done, and how it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// Which of the platform's deadlines it is; none for a count that nobody is bound by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<DeadlineRule>,
    /// The rule it was counted by.
    pub rule: CountingRule,
    /// The day from which it was counted: opening or event. Not counted itself.
    pub counted_from: Date,
    /// How many working days the rule was asked for.
    pub working_days: u8,
    /// The last day.
    pub date: Date,
    /// The data it was counted with.
    pub calendar_version: CalendarVersion,
    /// Every day looked at, in the order of the count.
    pub days: Vec<CountedDay>,
}

impl Deadline {
    /// Whether the last day is over: the whole of that day still belongs to the deadline.
    pub fn is_over_on(&self, today: Date) -> bool {
        today > self.date
    }

    /// Where it comes from, as refusals cite it: of a named deadline, where its length does.
    pub fn source(&self) -> &'static str {
        self.name
            .map_or_else(|| self.rule.source(), |name| name.parameter().source())
    }

    /// How the date was found, in Chinese, on one line.
    pub fn explain_chinese(&self) -> String {
        let tally = self.tally();
        let Self {
            counted_from,
            working_days,
            date,
            calendar_version,
            ..
        } = self;
        let found = match self.rule {
            CountingRule::NoticePeriod => {
                format!(
                    "公示自 {counted_from} 开始，经 {working_days} 个工作日，至 {date} 当日结束"
                )
            }
            CountingRule::HandInLenient => {
                format!("{counted_from} 考核，提前 {working_days} 个工作日，至迟 {date} 报送")
            }
            CountingRule::HandInStrict => {
                format!("{counted_from} 考核，其间留足 {working_days} 个工作日，至迟 {date} 报送")
            }
            CountingRule::WorkingDaysAfter => {
                format!("{counted_from} 之后第 {working_days} 个工作日为 {date}")
            }
        };
        let (title, reading) = match self.name.map(DeadlineRule::parameter) {
            Some(parameter) if parameter.is_interpretation() => {
                (format!("{}：", parameter.chinese()), "（平台的理解）")
            }
            Some(parameter) => (format!("{}：", parameter.chinese()), ""),
            None => (String::new(), ""),
        };
        format!(
            "{title}{found}（{rule}）；不计周末 {weekend} 天、放假 {holiday} 天，调休上班 {make_up} 天计入；依据：{source}{reading}；日历版本 {calendar_version}",
            rule = self.rule.chinese(),
            weekend = tally.weekend,
            holiday = tally.holiday,
            make_up = tally.make_up,
            source = cited_in_chinese(self.source()),
        )
    }

    /// How the date was found, in English, on one line.
    pub fn explain_english(&self) -> String {
        let tally = self.tally();
        let Self {
            counted_from,
            working_days,
            date,
            calendar_version,
            ..
        } = self;
        let found = match self.rule {
            CountingRule::NoticePeriod => {
                format!(
                    "public notice opened on {counted_from}, {working_days} working days, ends with {date}"
                )
            }
            CountingRule::HandInLenient => {
                format!(
                    "event on {counted_from}, {working_days} working days ahead, handed in by {date}"
                )
            }
            CountingRule::HandInStrict => {
                format!(
                    "event on {counted_from}, {working_days} full working days between, handed in by {date}"
                )
            }
            CountingRule::WorkingDaysAfter => {
                format!("working day {working_days} after {counted_from} is {date}")
            }
        };
        let (title, reading) = match self.name.map(DeadlineRule::parameter) {
            Some(parameter) if parameter.is_interpretation() => {
                (format!("{}: ", parameter.english()), " as we read it")
            }
            Some(parameter) => (format!("{}: ", parameter.english()), ""),
            None => (String::new(), ""),
        };
        format!(
            "{title}{found} ({rule}); not counted: {weekend} weekend days, {holiday} holidays; counted: {make_up} weekend days worked; source: {source}{reading}; calendar {calendar_version}",
            rule = self.rule.english(),
            weekend = tally.weekend,
            holiday = tally.holiday,
            make_up = tally.make_up,
            source = self.source(),
        )
    }

    fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for day in &self.days {
            match day.kind {
                DayKind::Counted(_) => {}
                DayKind::MakeUpWorked(_) => tally.make_up += 1,
                DayKind::Weekend => tally.weekend += 1,
                DayKind::Holiday => tally.holiday += 1,
            }
        }
        tally
    }
}

/// A source as a Chinese document cites it: `notice 4.3` is 第四条第（三）项 of the notice.
fn cited_in_chinese(source: &str) -> String {
    const NUMBERS: [&str; 6] = ["一", "二", "三", "四", "五", "六"];
    let number = |digits: &str| {
        let index: usize = digits.parse().ok()?;
        NUMBERS.get(index.checked_sub(1)?).copied()
    };
    let Some(section) = source.strip_prefix("notice ") else {
        return "平台规则".to_owned();
    };
    let (article, item) = section.split_once('.').unwrap_or((section, ""));
    let article = number(article).unwrap_or(article);
    // Section 3.4 is the fourth paragraph of its article, without brackets around its number.
    match (article, number(item)) {
        ("三", Some(_)) => format!("鲁人社字〔2020〕50号第三条第{item}项"),
        (_, Some(item)) => format!("鲁人社字〔2020〕50号第{article}条第（{item}）项"),
        (_, None) => format!("鲁人社字〔2020〕50号第{article}条"),
    }
}

/// Days out of the ordinary within one count.
#[derive(Debug, Default)]
struct Tally {
    make_up: u16,
    weekend: u16,
    holiday: u16,
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::working_day::Calendar;

    #[test]
    fn a_deadline_says_on_one_line_how_it_was_found() {
        let calendar = Calendar::supplied();
        let deadline = calendar
            .notice_ends_on(date(2025, 9, 25), 5)
            .expect("a supplied year");
        let version = calendar.version();
        assert_eq!(
            deadline.explain_english(),
            format!(
                "public notice opened on 2025-09-25, 5 working days, ends with 2025-10-09 \
                 (the day of opening is not counted, the notice ends with its last working day); \
                 not counted: 3 weekend days, 6 holidays; counted: 1 weekend days worked; \
                 source: notice 4.3; calendar {version}"
            )
        );
        for rule in [
            CountingRule::NoticePeriod,
            CountingRule::HandInLenient,
            CountingRule::HandInStrict,
            CountingRule::WorkingDaysAfter,
        ] {
            let deadline = calendar
                .deadline(rule, date(2025, 9, 25), 5)
                .expect("a supplied year");
            for text in [deadline.explain_chinese(), deadline.explain_english()] {
                assert!(!text.contains('\n'));
                assert!(text.contains(&deadline.date.to_string()));
                assert!(text.contains(version.as_str()));
            }
            let stored = serde_json::to_value(rule).expect("a rule is text");
            assert_eq!(stored, rule.id());
        }
    }

    #[test]
    fn a_source_is_cited_as_the_notice_numbers_itself() {
        for (source, cited) in [
            ("notice 4.3", "鲁人社字〔2020〕50号第四条第（三）项"),
            ("notice 3.4", "鲁人社字〔2020〕50号第三条第4项"),
            ("notice 2", "鲁人社字〔2020〕50号第二条"),
            ("platform", "平台规则"),
        ] {
            assert_eq!(cited_in_chinese(source), cited);
        }
    }

    #[test]
    fn the_last_day_belongs_to_the_deadline_as_a_whole() {
        let deadline = Calendar::supplied()
            .notice_ends_on(date(2026, 9, 22), 5)
            .expect("a supplied year");
        assert!(!deadline.is_over_on(date(2026, 9, 30)));
        assert!(deadline.is_over_on(date(2026, 10, 1)));
    }
}
