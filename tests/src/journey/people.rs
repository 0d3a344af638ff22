//! Thirty-one people who do not exist, and what is going to happen to each of them.
//!
//! Names are put together from small lists; citizen numbers are computed with the right check
//! character for birth dates that differ from journey to journey, so that nobody comes twice.

use jiff::{
    ToSpan,
    civil::{Date, date},
};
use kernel::{citizen_id::CitizenId, level::Level};

use super::calendar::one_day_too_young;

/// Candidates of level five; the others are of level four.
pub(super) const LEVEL_FIVE: usize = 18;
/// All candidates who are admitted.
pub(super) const ADMITTED: usize = 30;
/// Youngest age at which people are examined.
const MINIMUM_AGE: i16 = 16;
/// Huancui district of Weihai.
const REGION: &str = "371002";

const SURNAMES: [&str; 16] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林",
];
const GIVEN_NAMES: [&str; 15] = [
    "建国", "晓东", "海燕", "志强", "丽华", "永胜", "秀英", "文博", "春梅", "国栋", "雨桐", "浩然",
    "思远", "佳宁", "子轩",
];

/// What happens to a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Passes, and nothing else.
    Passes,
    /// Passes with exactly 60 in a part.
    PassesWith60,
    /// Fails with 59 in the theory.
    FailsTheoryWith59,
    /// Fails with 59 in the skill.
    FailsSkillWith59,
    /// Does not come.
    Absent,
    /// Cheats in the skill part, which is void.
    Cheats,
    /// Passes; somebody objects.
    ObjectedTo,
    /// Passes; the city gives the row back.
    ReturnedByCity,
    /// Passes; the name on the roster turns out to be wrong.
    Misspelled,
    /// Passes; the certificate is revoked.
    Revoked,
}

/// A candidate.
#[derive(Clone)]
pub(super) struct Candidate {
    /// The name as the college writes it on the roster.
    pub(super) name: String,
    /// The citizen number.
    pub(super) citizen_id: CitizenId,
    /// The level.
    pub(super) level: Level,
    /// What is going to happen.
    pub(super) fate: Fate,
    /// Scores in theory and skill, where both parts count.
    pub(super) scores: (u32, u32),
}

/// All candidates who are admitted, those of level five first.
pub(super) fn candidates(journey: u32) -> Vec<Candidate> {
    (0..ADMITTED)
        .map(|position| candidate(journey, position))
        .collect()
}

/// The thirty-first, who is sixteen only on the day after the exam.
pub(super) fn too_young(exam: Date) -> Candidate {
    Candidate {
        name: "郑小宝".to_owned(),
        citizen_id: CitizenId::synthetic(REGION, one_day_too_young(MINIMUM_AGE, exam), 31),
        level: Level::Four,
        fate: Fate::Passes,
        scores: (0, 0),
    }
}

/// Somebody who objects by name.
pub(super) fn objector() -> Candidate {
    Candidate {
        name: "钱正义".to_owned(),
        ..too_young(date(1996, 3, 7))
    }
}

impl Candidate {
    /// What is wrong on the roster: the right name is longer by a character.
    pub(super) fn right_name(&self) -> String {
        match self.fate {
            Fate::Misspelled => format!("{}华", self.name),
            _ => self.name.clone(),
        }
    }

    /// Whether there is a certificate at the end.
    pub(super) fn passes(&self) -> bool {
        !matches!(
            self.fate,
            Fate::FailsTheoryWith59 | Fate::FailsSkillWith59 | Fate::Absent | Fate::Cheats
        )
    }
}

fn candidate(journey: u32, position: usize) -> Candidate {
    let fate = fate(position);
    // A different person each time, and 24 to 40 years old in 2020.
    let sequence = u16::try_from(position + 1).expect("thirty fit");
    let days = i64::from(journey) + 200 * i64::from(sequence);
    let given = GIVEN_NAMES[(position * 7 + journey as usize) % GIVEN_NAMES.len()];
    let given = if fate == Fate::Misspelled {
        "建"
    } else {
        given
    };
    Candidate {
        name: format!("{}{given}", SURNAMES[position % SURNAMES.len()]),
        citizen_id: CitizenId::synthetic(REGION, date(1980, 1, 1) + days.days(), sequence),
        level: if position < LEVEL_FIVE {
            Level::Five
        } else {
            Level::Four
        },
        fate,
        scores: scores(fate, u32::from(sequence)),
    }
}

fn fate(position: usize) -> Fate {
    match position {
        2 => Fate::Misspelled,
        4 => Fate::PassesWith60,
        6 => Fate::Absent,
        8 => Fate::FailsSkillWith59,
        11 => Fate::ObjectedTo,
        14 => Fate::Cheats,
        20 => Fate::Revoked,
        22 => Fate::FailsTheoryWith59,
        25 => Fate::ReturnedByCity,
        _ => Fate::Passes,
    }
}

fn scores(fate: Fate, sequence: u32) -> (u32, u32) {
    let theory = 62 + sequence * 11 % 37;
    let skill = 61 + sequence * 17 % 38;
    match fate {
        Fate::PassesWith60 => (theory, 60),
        Fate::FailsTheoryWith59 => (59, skill),
        Fate::FailsSkillWith59 => (theory, 59),
        _ => (theory, skill),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn nobody_comes_twice_in_a_hundred_journeys() {
        let everybody = (1..=100).flat_map(candidates);
        let numbers: HashSet<_> = everybody
            .map(|candidate| candidate.citizen_id.reveal().to_owned())
            .collect();
        assert_eq!(numbers.len(), 100 * ADMITTED);
    }

    #[test]
    fn names_within_a_journey_are_different() {
        for journey in 1..=15 {
            let names: HashSet<_> = candidates(journey)
                .into_iter()
                .map(|candidate| candidate.name)
                .collect();
            assert_eq!(names.len(), ADMITTED);
        }
    }

    #[test]
    fn the_thirty_first_is_one_day_too_young() {
        let exam = date(2020, 7, 4);
        assert_eq!(too_young(exam).citizen_id.age_on(exam), 15);
        assert_eq!(too_young(exam).citizen_id.age_on(date(2020, 7, 5)), 16);
    }

    #[test]
    fn twenty_six_of_thirty_pass_and_only_with_sixty_in_every_part() {
        let people = candidates(1);
        assert_eq!(
            people.iter().filter(|candidate| candidate.passes()).count(),
            26
        );
        for candidate in people.iter().filter(|candidate| candidate.passes()) {
            assert!(candidate.scores.0 >= 60 && candidate.scores.1 >= 60);
            assert!(candidate.scores.0 <= 100 && candidate.scores.1 <= 100);
        }
        assert!(
            people
                .iter()
                .all(|candidate| candidate.citizen_id.age_on(date(2020, 5, 18)) >= 23)
        );
    }
}
