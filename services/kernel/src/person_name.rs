//! The name of a natural person (姓名), kept as close as a citizen number.
//!
//! Names are matched more than they are read: the query compares a typed name with a stored one,
//! and people write the same name with a full-width space, another middle dot, or small letters.
//! [`PersonName::normalised`] is the form that is compared; [`PersonName::reveal`] is what the
//! certificate prints.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::typed::collect_secret;

/// No register in use takes longer names.
const LONGEST: usize = 60;

crate::rejections! {
    /// Why text is not a person's name. The name itself is in none of the texts.
    pub enum PersonNameRejection {
        /// Nothing but space.
        Empty => "PERSON_NAME_EMPTY", InvalidArgument, "platform",
            "姓名不能为空", "the name of a person cannot be empty";
        /// More than sixty characters.
        Length { given: usize } => "PERSON_NAME_LENGTH", InvalidArgument, "platform",
            "姓名最多 60 个字符，收到 {given} 个", "the name of a person has at most 60 characters, not {given}";
        /// A digit, a bracket, a line end: something that is in no name.
        Characters => "PERSON_NAME_CHARACTERS", InvalidArgument, "platform",
            "姓名只能包含汉字、字母、间隔号、空格、连字符和撇号",
            "the name of a person is made of letters, middle dots, spaces, hyphens and apostrophes";
    }
}

/// Name of a natural person (姓名).
#[derive(Clone, PartialEq, Eq, Hash, Zeroize, ZeroizeOnDrop)]
pub struct PersonName(Box<str>);

impl PersonName {
    /// Parses a typed name: trimmed, full width made half width (NFKC).
    ///
    /// # Errors
    /// When it is empty, longer than sixty characters, or contains what no name contains.
    pub fn parse(typed: &str) -> Result<Self, PersonNameRejection> {
        let text = collect_secret(typed.len(), typed.trim().nfkc());
        let text = text.trim();
        let given = text.chars().count();
        if given == 0 {
            return Err(PersonNameRejection::Empty);
        }
        if given > LONGEST {
            return Err(PersonNameRejection::Length { given });
        }
        if !text.chars().all(is_part_of_a_name) || !text.chars().any(char::is_alphabetic) {
            return Err(PersonNameRejection::Characters);
        }
        Ok(Self(text.into()))
    }

    /// For people who must recognise a name without learning it. 张三 becomes 张*, 张三丰 becomes
    /// 张*丰; a name without Chinese characters keeps the first letter of each word.
    pub fn masked(&self) -> String {
        if self.0.chars().any(is_han) {
            mask_chinese(&self.0)
        } else {
            mask_words(&self.0)
        }
    }

    /// The form in which two names are compared: spaces and middle dots of every kind gone,
    /// letters capital. Still the person's name: to be hashed with a key, never stored.
    pub fn normalised(&self) -> String {
        self.0
            .chars()
            .filter(|&character| character != ' ' && !is_middle_dot(character))
            .flat_map(char::to_uppercase)
            .nfkc()
            .collect()
    }

    /// The name as it is printed. The one way out: whoever calls this answers for what becomes
    /// of it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PersonName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PersonName(******)")
    }
}

fn is_part_of_a_name(character: char) -> bool {
    character.is_alphabetic()
        || is_middle_dot(character)
        || matches!(
            character,
            ' ' | '-' | '\u{2010}' | '\'' | '\u{2018}' | '\u{2019}'
        )
}

/// The dots that keyboards offer between the parts of a name (间隔号), as they stand after NFKC.
fn is_middle_dot(character: char) -> bool {
    matches!(
        character,
        '\u{b7}'
            | '\u{2022}'
            | '\u{2027}'
            | '\u{2219}'
            | '\u{22c5}'
            | '\u{30fb}'
            | '\u{16eb}'
            | '\u{2e31}'
    )
}

fn is_han(character: char) -> bool {
    matches!(character, '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn mask_chinese(name: &str) -> String {
    let count = name.chars().count();
    let shows = |index: usize| (index == 0 && count > 1) || (index == count - 1 && count > 2);
    name.chars()
        .enumerate()
        .map(|(index, character)| if shows(index) { character } else { '*' })
        .collect()
}

fn mask_words(name: &str) -> String {
    let separates =
        |character: char| matches!(character, ' ' | '-' | '\u{2010}') || is_middle_dot(character);
    name.split_inclusive(separates)
        .map(|word| {
            let (letters, separator) = match word.char_indices().next_back() {
                Some((end, last)) if separates(last) => word.split_at(end),
                _ => (word, ""),
            };
            let stars = "*".repeat(letters.chars().count().saturating_sub(1));
            match letters.chars().next() {
                Some(first) if !stars.is_empty() => format!("{first}{stars}{separator}"),
                Some(_) => format!("*{separator}"),
                None => separator.to_owned(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(text: &str) -> PersonName {
        PersonName::parse(text).expect("a name written for this test")
    }

    #[test]
    fn a_masked_name_is_recognised_but_not_learnt() {
        for (shown, masked) in [
            ("张", "*"),
            ("张三", "张*"),
            ("张三丰", "张*丰"),
            ("欧阳娜娜", "欧**娜"),
            ("阿卜杜·热合曼", "阿*****曼"),
            ("John Smith", "J*** S****"),
            ("Anne-Marie O'Neill", "A***-M**** O******"),
            ("J Smith", "* S****"),
            ("Madonna", "M******"),
        ] {
            assert_eq!(name(shown).masked(), masked);
        }
    }

    #[test]
    fn names_that_people_write_differently_are_compared_alike() {
        for (one, other) in [
            ("阿卜杜·热合曼", "阿卜杜•热合曼"),
            ("阿卜杜・热合曼", "阿卜杜 热合曼"),
            ("张　三", "张三"),
            ("john smith", "ＪＯＨＮ　Smith"),
        ] {
            assert_eq!(name(one).normalised(), name(other).normalised());
        }
        assert_ne!(name("张三").normalised(), name("张三丰").normalised());
    }

    #[test]
    fn what_is_not_a_name_is_refused_by_name() {
        for (typed, rejection) in [
            ("", PersonNameRejection::Empty),
            (" 　\n", PersonNameRejection::Empty),
            ("张3", PersonNameRejection::Characters),
            ("张三（学员）", PersonNameRejection::Characters),
            ("张\n三", PersonNameRejection::Characters),
            ("=1+1", PersonNameRejection::Characters),
            ("·", PersonNameRejection::Characters),
            ("- -", PersonNameRejection::Characters),
        ] {
            assert_eq!(PersonName::parse(typed), Err(rejection));
        }
        assert_eq!(
            PersonName::parse(&"张".repeat(61)),
            Err(PersonNameRejection::Length { given: 61 })
        );
    }

    #[test]
    fn a_name_prints_as_stars_and_is_revealed_whole() {
        let person = name("  张三 ");
        assert_eq!(format!("{person:?}"), "PersonName(******)");
        assert_eq!(person.reveal(), "张三");
    }

    proptest! {
        #[test]
        fn a_mask_always_hides_something(text in "[\u{4e00}-\u{4fff}A-Za-z· '-]{1,20}") {
            if let Ok(person) = PersonName::parse(&text) {
                prop_assert!(person.masked().contains('*'));
                prop_assert_eq!(person.masked().chars().count(), person.reveal().chars().count());
            }
        }

        #[test]
        fn what_was_parsed_parses_to_itself(text in "[\\p{L}·•' \u{3000}-]{1,20}") {
            if let Ok(person) = PersonName::parse(&text) {
                prop_assert_eq!(PersonName::parse(person.reveal()), Ok(person.clone()));
            }
        }
    }
}
