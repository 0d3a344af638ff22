//! Telephone numbers and e-mail addresses, as far as their form can be told.

use crate::rejections;

rejections! {
    /// Why a telephone number or an e-mail address is declined.
    pub enum ContactRejection {
        /// Digits, with what people put between them.
        PhoneMalformed => "PHONE_MALFORMED", InvalidArgument, "notice annex 1",
            "联系电话应含 7 至 20 位数字，可用 + - ( ) 和空格分隔",
            "a telephone number has 7 to 20 digits, with + - ( ) and spaces between them";
        /// Something, an at sign, and a domain.
        EmailMalformed => "EMAIL_MALFORMED", InvalidArgument, "notice annex 1",
            "电子邮箱格式不正确", "this is not the form of an e-mail address";
    }
}

/// A telephone number as it is written, in half width.
///
/// # Errors
/// When it has other characters than numbers have, or too few or many digits.
pub fn phone(line: &str) -> Result<String, ContactRejection> {
    let digits = line.chars().filter(char::is_ascii_digit).count();
    let plain = line
        .chars()
        .all(|character| character.is_ascii_digit() || " +-()".contains(character));
    if plain && (7..=20).contains(&digits) {
        Ok(line.to_owned())
    } else {
        Err(ContactRejection::PhoneMalformed)
    }
}

/// An e-mail address.
///
/// # Errors
/// When it has no one at sign with something visible on both sides and a dot behind it.
pub fn email(line: &str) -> Result<String, ContactRejection> {
    let form = |(name, domain): (&str, &str)| {
        !name.is_empty()
            && domain.split('.').count() > 1
            && domain.split('.').all(|part| !part.is_empty())
            && !domain.contains('@')
    };
    let printed = line.chars().all(|character| character.is_ascii_graphic());
    if printed && line.split_once('@').is_some_and(form) {
        Ok(line.to_owned())
    } else {
        Err(ContactRejection::EmailMalformed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephone_and_mail_have_their_forms() {
        for given in ["0631-5190000", "+86 631 5190000", "(0631) 5190000"] {
            assert_eq!(phone(given), Ok(given.to_owned()));
        }
        for given in [
            "",
            "123456",
            "0631-519000x",
            "０６３１５１９００００",
            "123456789012345678901",
        ] {
            let refused = Err(ContactRejection::PhoneMalformed);
            assert_eq!(phone(given), refused, "{given}");
        }
        let given = "office@example.cn";
        assert_eq!(email(given), Ok(given.to_owned()));
        for given in [
            "",
            "office",
            "@example.cn",
            "a@b",
            "a@b..cn",
            "a@b@c.cn",
            "a b@c.cn",
            "办@c.cn",
        ] {
            let refused = Err(ContactRejection::EmailMalformed);
            assert_eq!(email(given), refused, "{given}");
        }
    }
}
