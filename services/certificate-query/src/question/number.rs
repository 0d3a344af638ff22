//! A certificate number and its holder's name.

use kernel::certificate_number::{CertificateNumber, Recognised, recognise};
use kernel::person_name::PersonName;
use kernel::rejection::{FaultList, Faults};
use kernel::rejections;
use kernel::typed::normalise_number;

use super::holder;

/// Longer than any number of any scheme; what stands between its characters does not count.
const LONGEST_NUMBER: usize = 64;

rejections! {
    /// Why a question is not looked into. What was typed is in none of the texts.
    pub enum NumberRejection {
        /// There is no number.
        NumberMissing => "CERTIFICATE_NUMBER_MISSING", InvalidArgument, "notice 4.4",
            "输入证书编号", "enter the certificate number";
        /// No number is that long.
        NumberTooLong { limit: usize } => "CERTIFICATE_NUMBER_TOO_LONG", InvalidArgument, "notice 4.4",
            "证书编号最多 {limit} 个字符；证书上印的编号为 22 位",
            "a certificate number is typed with at most {limit} characters; the one on the certificate has 22";
    }
}

/// How numbers of social organisations of Shandong begin. Whatever follows, such a number is either
/// known here or unknown to everybody.
const OURS: &str = "S000037";

/// A question that can be looked into. It holds a name, so it cannot be printed.
pub struct Question {
    number: Recognised,
    typed: String,
    name: PersonName,
}

impl Question {
    /// Reads what was typed.
    ///
    /// A number that is none is not a fault: that nothing is found under it is the answer, and one
    /// that is well meant gets a hint ([`Question::checked_elsewhere`]).
    ///
    /// # Errors
    /// All that keeps the question from being looked into.
    pub fn parse(number: &str, name: &str) -> Result<Self, Faults> {
        let mut faults = FaultList::default();
        let number = normalise_number(number);
        if number.is_empty() {
            faults.add("number", &NumberRejection::NumberMissing);
        } else if number.chars().count() > LONGEST_NUMBER {
            faults.add(
                "number",
                &NumberRejection::NumberTooLong {
                    limit: LONGEST_NUMBER,
                },
            );
        }
        let name = holder(name, &mut faults);
        faults.finish()?;
        Ok(Self {
            number: recognise(&number),
            typed: number,
            name: name.expect("a name without fault is there"),
        })
    }

    /// The pair to look for; `None` where the number is not of the kind that is kept here.
    pub fn pair(&self) -> Option<(&CertificateNumber, &PersonName)> {
        match &self.number {
            Recognised::National(number) => Some((number, &self.name)),
            _ => None,
        }
    }

    /// What is asked about, whatever the name: the number in one form.
    pub(crate) fn target(&self) -> &str {
        &self.typed
    }

    /// What the number is, where it is not one of Shandong's, as a person wants to know who sees
    /// "not found". Depends on the number as typed and on nothing that is stored.
    pub fn hint(&self) -> Option<Hint> {
        let ours = matches!(&self.number, Recognised::National(number)
            if number.organization_code().is_of_shandong());
        (!ours).then(|| Hint {
            chinese: self.number.hint_chinese(),
            english: self.number.hint_english(),
        })
    }

    /// [`Question::hint`], for numbers of another scheme only: where such certificates are
    /// checked. Whatever is no number of any scheme, and whatever begins like one of ours, is
    /// answered like an unknown one of ours.
    pub fn checked_elsewhere(&self) -> Option<Hint> {
        let nowhere =
            self.typed.starts_with(OURS) || matches!(self.number, Recognised::Unknown { .. });
        self.hint().filter(|_| !nowhere)
    }
}

/// What a number is that is not kept here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hint {
    /// In Chinese.
    pub chinese: &'static str,
    /// In English.
    pub english: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBER: &str = "S000037100001205000001";

    fn codes(number: &str, name: &str) -> Vec<&'static str> {
        match Question::parse(number, name) {
            Ok(_) => Vec::new(),
            Err(faults) => faults.codes(),
        }
    }

    #[test]
    fn all_faults_are_told_at_once_and_by_name() {
        let (long_number, long_name) = ("0".repeat(65), "张".repeat(61));
        for (number, name, expected) in [
            (
                "",
                "",
                vec!["CERTIFICATE_NUMBER_MISSING", "HOLDER_NAME_MISSING"],
            ),
            (" \u{3000}", "张三", vec!["CERTIFICATE_NUMBER_MISSING"]),
            ("--\u{200b}", "张三", vec!["CERTIFICATE_NUMBER_MISSING"]),
            (NUMBER, "\n", vec!["HOLDER_NAME_MISSING"]),
            (NUMBER, "张3", vec!["PERSON_NAME_CHARACTERS"]),
            (
                &long_number,
                &long_name,
                vec!["CERTIFICATE_NUMBER_TOO_LONG", "PERSON_NAME_LENGTH"],
            ),
            (NUMBER, "张三", vec![]),
        ] {
            assert_eq!(codes(number, name), expected, "{}", expected.join(","));
        }
    }

    #[test]
    fn a_number_as_people_type_it_is_the_number() {
        for typed in [
            "s000037100001205000001",
            "Ｓ0000 3710 0001 2050 0000 1",
            "SOOOO37IOOOOI2O5OOOOOI",
            &NUMBER.replace("", "   "),
        ] {
            let question = Question::parse(typed, "张三").expect("one of the habits");
            let (number, _) = question.pair().expect("a number of the national rule");
            assert_eq!(number.as_str(), NUMBER);
            assert_eq!(question.hint(), None);
        }
    }

    #[test]
    fn a_number_of_another_scheme_is_told_where_it_is_checked_and_nonsense_is_not() {
        for (typed, looked_up, elsewhere) in [
            ("S000011100001205000001", true, true),
            ("1234567890123456", false, true),
            ("1234567890123", false, true),
            ("S00003710000120500000", false, false),
            ("abc", false, false),
            ("Y00003710000120T000001", false, true),
            ("S00003710000120T000001", false, false),
            ("S000037T00001205000001", false, false),
        ] {
            let question = Question::parse(typed, "张三").expect("something was typed");
            assert_eq!(question.pair().is_some(), looked_up, "{typed}");
            assert!(question.hint().is_some(), "{typed}");
            assert_eq!(question.checked_elsewhere().is_some(), elsewhere, "{typed}");
        }
    }
}
