//! Text of a fixed length in ASCII, and the traits every code with one text form shares.
//!
//! The codes of the trade all have a fixed length and an alphabet inside ASCII. Kept as an array
//! they are `Copy`, need no allocation and sort as their text does.

/// Text of exactly `N` ASCII characters. Whoever makes one has checked the alphabet.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Ascii<const N: usize>([u8; N]);

impl<const N: usize> Ascii<N> {
    /// The text, if it has the right length and is ASCII throughout.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let bytes = <[u8; N]>::try_from(text.as_bytes()).ok()?;
        text.is_ascii().then_some(Self(bytes))
    }

    /// Text known when the program is written; a wrong one does not compile.
    pub(crate) const fn literal(bytes: [u8; N]) -> Self {
        assert!(bytes.is_ascii(), "a literal code is ascii");
        Self(bytes)
    }

    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("only ascii is ever stored")
    }

    /// The number that a run of digits spells. Called only where the parse saw digits.
    pub(crate) fn number(&self, positions: std::ops::Range<usize>) -> u32 {
        self.0[positions]
            .iter()
            .fold(0, |number, digit| number * 10 + u32::from(digit - b'0'))
    }
}

/// Whether the text is made of the digits 0 to 9 alone.
pub(crate) fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Gives a code its text form everywhere at once: `Debug`, `FromStr`, `Serialize`, `Deserialize`,
/// from its `Display` and its `parse`. What is deserialised is parsed, hence never unchecked.
macro_rules! text_form {
    ($type:ident, $rejection:ty) => {
        impl std::fmt::Debug for $type {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(formatter, concat!(stringify!($type), "({})"), self)
            }
        }

        impl std::str::FromStr for $type {
            type Err = $rejection;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                Self::parse(&text).map_err(|rejection| {
                    serde::de::Error::custom($crate::rejection::Rejection::english(&rejection))
                })
            }
        }
    };
}

pub(crate) use text_form;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_text_of_the_right_length_and_alphabet_is_taken() {
        assert_eq!(
            Ascii::<3>::new("abc").expect("three characters").as_str(),
            "abc"
        );
        assert!(Ascii::<3>::new("ab").is_none());
        assert!(
            Ascii::<3>::new("山").is_none(),
            "three bytes, but not ascii"
        );
    }

    #[test]
    fn a_run_of_digits_is_read_as_a_number() {
        assert_eq!(Ascii::literal(*b"S0042").number(1..5), 42);
    }
}
