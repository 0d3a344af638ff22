//! What results take over from the exam: parts, attendance, what was examined, where and when.

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::level::Level;
use kernel::occupation::OccupationRef;

use super::words::words;

words! {
    /// A part of an exam (考核科目).
    pub enum ExamPart {
        /// 理论知识考试
        Theory = "theory",
        /// 技能考核
        Skill = "skill",
        /// 综合评审
        Review = "review",
    }
}

words! {
    /// What happened to a candidate in a part.
    pub enum Attendance {
        /// Was there.
        Present = "present",
        /// 缺考
        Absent = "absent",
        /// The part is void for misconduct (违纪).
        Void = "void",
    }
}

/// What is examined: an occupation, a trade, a level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The occupation.
    pub occupation: OccupationRef,
    /// 职业名称
    pub occupation_name: String,
    /// 工种 or 职业方向; empty where there is none.
    pub trade: String,
    /// The level.
    pub level: Level,
}

impl Subject {
    /// The trade as documents show it: never empty (人社鉴发〔2021〕1号).
    pub fn shown_trade(&self) -> &str {
        if self.trade.is_empty() {
            "--"
        } else {
            &self.trade
        }
    }
}

/// What it takes to pass (national standards 1.9): so many points in each part of the level; nothing
/// is averaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passing {
    /// Points out of 100.
    pub mark: u8,
    /// The parts, each of which has to be passed.
    pub parts: &'static [ExamPart],
}

impl Passing {
    /// What a level takes: theory and skill, and for technicians the review.
    pub fn of(level: Level, mark: u8) -> Self {
        let parts: &[ExamPart] = match level {
            Level::Two | Level::One => &[ExamPart::Theory, ExamPart::Skill, ExamPart::Review],
            _ => &[ExamPart::Theory, ExamPart::Skill],
        };
        Self { mark, parts }
    }
}

/// A division and a day in which sessions were held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sitting {
    /// The division.
    pub division: DivisionCode,
    /// The day.
    pub held_on: Date,
}
