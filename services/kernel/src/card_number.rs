//! The number on a card (资质证) of an examiner, supervisor or inspector.
//!
//! The register keeps whose it is, and exam plans name people by it: both must read what people
//! type alike, or a card would not be found.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::typed;

crate::rejections! {
    /// Why text is not the number of a card. The number itself is in none of the texts.
    pub enum CardNumberRejection {
        /// Not a number that is printed on cards.
        Shape => "CARD_NUMBER_SHAPE", InvalidArgument, "platform",
            "证卡编号应为 4 至 32 位字母和数字", "a card number has 4 to 32 letters and digits";
    }
}

/// Number of somebody's card (资质证). It names a person, so it never prints itself.
#[derive(Clone, PartialEq, Eq, Hash, Zeroize, ZeroizeOnDrop)]
pub struct CardNumber(Box<str>);

impl CardNumber {
    /// Parses a typed card number. No text we hold fixes its form.
    ///
    /// # Errors
    /// When it is not 4 to 32 letters and digits.
    pub fn parse(typed: &str) -> Result<Self, CardNumberRejection> {
        let text = typed::normalise_secret(typed);
        let shaped =
            (4..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if shaped {
            Ok(Self(text.as_str().into()))
        } else {
            Err(CardNumberRejection::Shape)
        }
    }

    /// The number. Whoever calls this answers for what becomes of it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for CardNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CardNumber(******)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_number_is_taken_as_people_write_it_and_never_prints_itself() {
        let card = CardNumber::parse(" r37-20 ０００1 ").expect("a card number");
        assert_eq!(card.reveal(), "R37200001");
        assert_eq!(format!("{card:?}"), "CardNumber(******)");
        for typed in ["", "R37", "编号三七二零", &"1".repeat(33)] {
            assert_eq!(CardNumber::parse(typed), Err(CardNumberRejection::Shape));
        }
    }
}
