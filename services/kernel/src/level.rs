//! Skill levels (职业技能等级), as a table of codes.
//!
//! Since 2022 there are eight steps, but only five have a digit in the certificate number, and
//! the number falls as the skill rises. Hence a table with an order of its own, never an integer.

use std::fmt;

use crate::{ascii::text_form, typed};

crate::rejections! {
    /// Why text is not a skill level.
    pub enum LevelRejection {
        /// Neither a name nor a code of a level.
        Unknown => "LEVEL_UNKNOWN", InvalidArgument, "人社鉴发〔2019〕2号",
            "没有这个职业技能等级", "there is no such skill level";
    }
}

/// A skill level (职业技能等级); ordered by skill, the apprentice least.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// 学徒工; conferred by employers, no code known.
    Apprentice,
    /// 五级/初级工.
    Five,
    /// 四级/中级工.
    Four,
    /// 三级/高级工.
    Three,
    /// 二级/技师.
    Two,
    /// 一级/高级技师.
    One,
    /// 特级技师; conferred by employers, code `T` not confirmed by any text we hold.
    Special,
    /// 首席技师; conferred by employers, no code known.
    Chief,
}

impl Level {
    /// Every level, by rising skill.
    pub const ALL: [Self; 8] = [
        Self::Apprentice,
        Self::Five,
        Self::Four,
        Self::Three,
        Self::Two,
        Self::One,
        Self::Special,
        Self::Chief,
    ];

    /// The levels of the pilot "in principle" (原则考评三级), notice section 2.
    pub const PILOT: [Self; 3] = [Self::Five, Self::Four, Self::Three];

    /// The character at position 16 of a certificate number, where the level has one. That of
    /// [`Level::Special`] is from memory: see [`Level::code_is_verified`].
    pub fn code(self) -> Option<char> {
        match self {
            Self::Five => Some('5'),
            Self::Four => Some('4'),
            Self::Three => Some('3'),
            Self::Two => Some('2'),
            Self::One => Some('1'),
            Self::Special => Some('T'),
            Self::Apprentice | Self::Chief => None,
        }
    }

    /// Whether the code is in the published coding rule. A number is composed with no other: it
    /// could never be taken back.
    pub fn code_is_verified(self) -> bool {
        matches!(
            self,
            Self::Five | Self::Four | Self::Three | Self::Two | Self::One
        )
    }

    /// The level a code stands for.
    ///
    /// # Errors
    /// When no level has this code.
    pub fn from_code(code: char) -> Result<Self, LevelRejection> {
        Self::ALL
            .into_iter()
            .find(|level| level.code() == Some(code))
            .ok_or(LevelRejection::Unknown)
    }

    /// Parses the name (`five`) or the code (`5`).
    ///
    /// # Errors
    /// When it is neither.
    pub fn parse(typed: &str) -> Result<Self, LevelRejection> {
        let text = typed::normalise(typed).to_lowercase();
        Self::ALL
            .into_iter()
            .find(|level| {
                let code = level
                    .code()
                    .map(|code| code.to_ascii_lowercase().to_string());
                level.name() == text || code.is_some_and(|code| code == text)
            })
            .ok_or(LevelRejection::Unknown)
    }

    /// Name for machines, as stored and sent.
    pub fn name(self) -> &'static str {
        match self {
            Self::Apprentice => "apprentice",
            Self::Five => "five",
            Self::Four => "four",
            Self::Three => "three",
            Self::Two => "two",
            Self::One => "one",
            Self::Special => "special",
            Self::Chief => "chief",
        }
    }

    /// Name in Chinese, as certificates carry it.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Apprentice => "学徒工",
            Self::Five => "五级/初级工",
            Self::Four => "四级/中级工",
            Self::Three => "三级/高级工",
            Self::Two => "二级/技师",
            Self::One => "一级/高级技师",
            Self::Special => "特级技师",
            Self::Chief => "首席技师",
        }
    }

    /// Name in English.
    pub fn english(self) -> &'static str {
        match self {
            Self::Apprentice => "apprentice",
            Self::Five => "level 5, junior worker",
            Self::Four => "level 4, intermediate worker",
            Self::Three => "level 3, senior worker",
            Self::Two => "level 2, technician",
            Self::One => "level 1, senior technician",
            Self::Special => "special-grade technician",
            Self::Chief => "chief technician",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

text_form!(Level, LevelRejection);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_level_reads_back_from_its_name_and_its_code() {
        for level in Level::ALL {
            assert_eq!(Level::parse(level.name()), Ok(level));
            let json = serde_json::to_string(&level).expect("a level is text");
            assert_eq!(json, format!("\"{}\"", level.name()));
            assert_eq!(
                serde_json::from_str::<Level>(&json).expect("it was a level"),
                level
            );
            if let Some(code) = level.code() {
                assert_eq!(Level::from_code(code), Ok(level));
                assert_eq!(Level::parse(&code.to_string()), Ok(level));
            }
        }
    }

    #[test]
    fn the_order_is_of_skill_and_not_of_digits() {
        assert!(Level::ALL.is_sorted());
        assert!(Level::Five < Level::One);
        assert!(Level::PILOT.iter().all(|&level| level <= Level::Three));
    }

    #[test]
    fn a_code_that_no_level_has_is_refused() {
        for code in ['0', '6', '9', 'A', 't'] {
            assert_eq!(Level::from_code(code), Err(LevelRejection::Unknown));
        }
        for typed in ["", "0", "six", "五级"] {
            assert_eq!(Level::parse(typed), Err(LevelRejection::Unknown));
        }
    }

    #[test]
    fn the_letter_of_the_special_grade_is_flagged_as_unverified() {
        let unverified: Vec<_> = Level::ALL
            .into_iter()
            .filter(|level| level.code().is_some() && !level.code_is_verified())
            .collect();
        assert_eq!(unverified, [Level::Special]);
    }
}
