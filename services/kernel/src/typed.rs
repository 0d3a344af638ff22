//! What people type, brought to one form before it is judged.
//!
//! A certificate number arrives in a query box in full-width digits, in groups of four, with a
//! capital O for zero and a line end from the message it was copied out of. None of that is a
//! mistake worth an error message. Every parse of this crate that takes text from people goes
//! through here first; nothing is guessed beyond what these functions say.

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// Brings typed text to the form in which codes are written: full width becomes half width
/// (NFKC), white space, invisible characters and hyphen-like separators go, letters become
/// capitals.
///
/// ```
/// # use kernel::typed::normalise;
/// assert_eq!(normalise("　ｓ0000－3710 0001\n"), "S000037100001");
/// ```
pub fn normalise(typed: &str) -> String {
    let mut text = String::with_capacity(typed.len());
    normalise_into(&mut text, typed);
    text
}

/// [`normalise`] for text that must not stay behind in memory: no copy is made on the way, and
/// the result is wiped when it is dropped.
pub(crate) fn normalise_secret(typed: &str) -> Zeroizing<String> {
    let mut text = secret_text(typed.len());
    normalise_into(&mut text, typed);
    text
}

/// Collects characters without growing, since growing leaves a copy in freed memory.
pub(crate) fn collect_secret(
    typed_length: usize,
    characters: impl Iterator<Item = char>,
) -> Zeroizing<String> {
    let mut text = secret_text(typed_length);
    text.extend(characters);
    text
}

fn secret_text(typed_length: usize) -> Zeroizing<String> {
    // Compatibility forms rarely grow by more than this; those that do are in no name or number.
    Zeroizing::new(String::with_capacity(4 * typed_length))
}

/// Like [`normalise`], for text that is a number: the letters O, I and L, and the circles that
/// Chinese keyboards offer for zero, become the digits they look like.
///
/// The letters that do occur in a certificate number (`Y` and `S` in front, `T` at the level)
/// resemble no digit that is mapped, so they survive in whatever position they stand. Not for
/// the credit code: there `L` is a letter in its own right.
///
/// ```
/// # use kernel::typed::normalise_number;
/// assert_eq!(normalise_number("sOOOO 37IO OOOl"), "S000037100001");
/// ```
pub fn normalise_number(typed: &str) -> String {
    normalise(typed).chars().map(digit_meant).collect()
}

/// Like [`normalise`], but every kind of hyphen becomes `-` and stays, for codes that are
/// written with hyphens.
pub fn normalise_hyphenated(typed: &str) -> String {
    capitals(visible(typed).map(|character| {
        if is_hyphen_like(character) {
            '-'
        } else {
            character
        }
    }))
    .collect()
}

/// Nearly everything is typed in ASCII, on which Unicode's forms change nothing: asking for them
/// would cost more than all the rest of a question.
fn normalise_into(text: &mut String, typed: &str) {
    if typed.is_ascii() {
        let visible = |byte: &u8| byte.is_ascii_graphic() && *byte != b'-';
        let capital = |byte: u8| char::from(byte.to_ascii_uppercase());
        text.extend(typed.bytes().filter(visible).map(capital));
    } else {
        text.extend(normalised(typed));
    }
}

fn normalised(typed: &str) -> impl Iterator<Item = char> + '_ {
    capitals(visible(typed).filter(|&character| !is_hyphen_like(character)))
}

fn visible(typed: &str) -> impl Iterator<Item = char> + '_ {
    typed.nfkc().filter(|&character| !is_invisible(character))
}

fn capitals(characters: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    characters.flat_map(char::to_uppercase).nfkc()
}

/// White space, and what leaves no mark at all.
fn is_invisible(character: char) -> bool {
    character.is_whitespace() || is_without_mark(character)
}

/// Control characters, line separators, and what Unicode calls `Default_Ignorable_Code_Point`: two
/// texts that differ by such a character alone look the same.
pub fn is_without_mark(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Hyphens, dashes and the minus sign, as they stand after NFKC.
fn is_hyphen_like(character: char) -> bool {
    matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn digit_meant(character: char) -> char {
    match character {
        'O' | '〇' | '○' => '0',
        'I' | 'L' => '1',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_habit_of_typing_a_number_leads_to_the_same_text() {
        for typed in [
            "S000037100001204000001",
            "s000037100001204000001",
            " S000037100001204000001\r\n",
            "S0000 3710 0001 20 4 000001",
            "S0000-37-100001-20-4-000001",
            "S0000—37–100001−20﹣4－000001",
            "Ｓ０００037100001204000001",
            "\u{feff}S000037100001204000001\u{200b}",
            "\u{202d}S000037100001204000001\u{202c}",
        ] {
            assert_eq!(normalise(typed), "S000037100001204000001");
        }
    }

    #[test]
    fn look_alikes_become_digits_and_the_letters_of_a_number_survive() {
        assert_eq!(
            normalise_number("SOOOO371OOOOI2O4OOOOOl"),
            "S000037100001204000001"
        );
        assert_eq!(normalise_number("S○○○○371〇〇〇〇1"), "S000037100001");
        assert_eq!(
            normalise_number("Y00013710000120T000001"),
            "Y00013710000120T000001"
        );
    }

    #[test]
    fn hyphens_of_every_kind_stay_where_a_code_is_written_with_them() {
        assert_eq!(normalise_hyphenated("６－３１—01 – 03"), "6-31-01-03");
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(typed in any::<String>()) {
            let once = normalise(&typed);
            prop_assert_eq!(normalise(&once), once.clone());
            let number = normalise_number(&typed);
            prop_assert_eq!(normalise_number(&number), number.clone());
        }

        #[test]
        fn ascii_comes_to_the_same_without_being_asked_of_unicode(typed in "[\\x00-\\x7f]{0,60}") {
            prop_assert_eq!(normalise(&typed), normalised(&typed).collect::<String>());
        }

        #[test]
        fn separators_and_case_make_no_difference(
            code in "[A-Z0-9]{1,30}",
            separators in prop::collection::vec(prop::sample::select(vec!["", " ", "-", "—", "\u{3000}"]), 30),
        ) {
            let typed: String = code
                .to_lowercase()
                .chars()
                .zip(separators)
                .flat_map(|(character, separator)| [character.to_string(), separator.to_owned()])
                .collect();
            prop_assert_eq!(normalise(&typed), code);
        }
    }
}
