//! The document that says who somebody is (身份证件).
//!
//! Nearly everybody has a citizen number, and the permits and cards that share its shape count as
//! one. Whoever has none shows another document: its number carries neither a birth date nor a check
//! character, so the birth date is stated beside it.
//!
//! Documents are as personal as citizen numbers and kept as close: no `Display`, no `Serialize`, a
//! `Debug` of stars, memory wiped on drop.

use std::fmt;
use std::hash::{Hash, Hasher};

use jiff::civil::Date;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::citizen_id::{CitizenId, CitizenIdRejection, full_years};
use crate::typed::normalise_secret;

crate::rejections! {
    /// Why something is no document of a person. Its number is in none of the texts.
    pub enum DocumentRejection {
        /// Of which kind?
        KindUnknown => "DOCUMENT_TYPE_UNKNOWN", InvalidArgument, "platform",
            "应选择证件类型", "the type of the document has to be named";
        /// No number of this kind looks like that.
        Shape { shape: &'static str } => "DOCUMENT_NUMBER_SHAPE", InvalidArgument, "platform",
            "证件号码格式不符（{shape}）", "the number is not one of such a document ({shape})";
        /// The number does not tell.
        BirthMissing => "DOCUMENT_BIRTH_DATE_MISSING", InvalidArgument, "platform",
            "非居民身份证件应填写出生日期", "the birth date goes with a document that is no identity card";
        /// Two documents, or none.
        NotOne => "DOCUMENT_NOT_ONE", InvalidArgument, "platform",
            "公民身份号码与其他证件应填且只填一项", "a citizen number or another document, and not both";
    }
}

/// Kinds of documents of those who have no citizen number. Which ones candidates may show is from
/// import forms of other provinces; the shapes are those of documents in use. Our interpretation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DocumentKind {
    /// 护照: up to nine letters and digits (ICAO Doc 9303).
    Passport,
    /// 港澳居民来往内地通行证: H or M, and eight digits, or ten with those that count its issues.
    HongKongMacaoPermit,
    /// 台湾居民来往大陆通行证: eight digits.
    TaiwanPermit,
    /// 外国人永久居留身份证 as issued until 2023: three letters and twelve digits. Later ones have a
    /// citizen number.
    PermanentResidenceCard,
}

impl DocumentKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [
        Self::Passport,
        Self::HongKongMacaoPermit,
        Self::TaiwanPermit,
        Self::PermanentResidenceCard,
    ];

    /// Its name for machines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Passport => "passport",
            Self::HongKongMacaoPermit => "hong_kong_macao_permit",
            Self::TaiwanPermit => "taiwan_permit",
            Self::PermanentResidenceCard => "permanent_residence_card",
        }
    }

    /// Its name in Chinese.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Passport => "护照",
            Self::HongKongMacaoPermit => "港澳居民来往内地通行证",
            Self::TaiwanPermit => "台湾居民来往大陆通行证",
            Self::PermanentResidenceCard => "外国人永久居留身份证",
        }
    }

    /// Reads a kind by either name.
    ///
    /// # Errors
    /// When there is no such kind.
    pub fn parse(text: &str) -> Result<Self, DocumentRejection> {
        let named = |kind: &Self| kind.name() == text || kind.chinese() == text;
        let found = Self::ALL.into_iter().find(named);
        found.ok_or(DocumentRejection::KindUnknown)
    }

    /// What its numbers look like, in short.
    fn shape(self) -> &'static str {
        match self {
            Self::Passport => "A-Z 0-9, 5–9",
            Self::HongKongMacaoPermit => "H/M + 8/10",
            Self::TaiwanPermit => "8",
            Self::PermanentResidenceCard => "A-Z 3 + 12",
        }
    }

    fn fits(self, number: &str) -> bool {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        match self {
            Self::Passport => {
                let plain = number.bytes().all(|byte| byte.is_ascii_alphanumeric());
                (5..=9).contains(&number.len())
                    && plain
                    && number.bytes().any(|it| it.is_ascii_digit())
            }
            Self::HongKongMacaoPermit => number
                .strip_prefix(['H', 'M'])
                .is_some_and(|rest| matches!(rest.len(), 8 | 10) && digits(rest)),
            Self::TaiwanPermit => number.len() == 8 && digits(number),
            Self::PermanentResidenceCard => {
                number.split_at_checked(3).is_some_and(|(letters, rest)| {
                    letters.bytes().all(|byte| byte.is_ascii_uppercase())
                        && rest.len() == 12
                        && digits(rest)
                })
            }
        }
    }
}

/// A document other than a citizen number. Two are the same when kind and number are, whatever birth
/// date was stated with them.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct OtherDocument {
    #[zeroize(skip)]
    kind: DocumentKind,
    number: Box<str>,
    #[zeroize(skip)]
    born_on: Date,
}

impl OtherDocument {
    /// Parses the typed number of a document.
    ///
    /// # Errors
    /// When no number of this kind looks like that.
    pub fn parse(
        kind: DocumentKind,
        typed: &str,
        born_on: Date,
    ) -> Result<Self, DocumentRejection> {
        let number = normalise_secret(typed);
        if !kind.fits(&number) {
            let shape = kind.shape();
            return Err(DocumentRejection::Shape { shape });
        }
        let number = number.as_str().into();
        Ok(Self {
            kind,
            number,
            born_on,
        })
    }

    /// What it is.
    pub fn kind(&self) -> DocumentKind {
        self.kind
    }

    /// The birth date stated with it.
    pub fn birth_date(&self) -> Date {
        self.born_on
    }
}

impl PartialEq for OtherDocument {
    fn eq(&self, other: &Self) -> bool {
        (self.kind, &self.number) == (other.kind, &other.number)
    }
}

impl Eq for OtherDocument {}

impl Hash for OtherDocument {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        (self.kind, &self.number).hash(hasher);
    }
}

/// Who somebody is.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Document {
    /// By citizen number.
    Citizen(CitizenId),
    /// By another document.
    Other(OtherDocument),
}

impl From<CitizenId> for Document {
    fn from(citizen_id: CitizenId) -> Self {
        Self::Citizen(citizen_id)
    }
}

impl Document {
    /// The date of birth.
    pub fn birth_date(&self) -> Date {
        match self {
            Self::Citizen(citizen_id) => citizen_id.birth_date(),
            Self::Other(other) => other.born_on,
        }
    }

    /// Age in full years on a day, as of [`CitizenId::age_on`].
    pub fn age_on(&self, day: Date) -> i16 {
        full_years(self.birth_date(), day)
    }

    /// What the document is called (证件类型).
    pub fn chinese(&self) -> &'static str {
        match self {
            Self::Citizen(_) => "居民身份证",
            Self::Other(other) => other.kind.chinese(),
        }
    }

    /// The number for people who must recognise it without learning it: of a citizen number what
    /// [`CitizenId::masked`] shows, of others a quarter at either end.
    pub fn masked(&self) -> String {
        match self {
            Self::Citizen(citizen_id) => citizen_id.masked(),
            Self::Other(OtherDocument { number, .. }) => {
                let (shown, all) = (number.len() / 4, number.len());
                let stars = "*".repeat(all - 2 * shown);
                format!("{}{stars}{}", &number[..shown], &number[all - shown..])
            }
        }
    }

    /// The number. Whoever calls this answers for what becomes of it.
    pub fn reveal(&self) -> &str {
        match self {
            Self::Citizen(citizen_id) => citizen_id.reveal(),
            Self::Other(other) => &other.number,
        }
    }

    /// What stands for the document where the same one is to be found again, in digests: the citizen
    /// number by itself, any other behind the name of its kind, as `passport:E12345678`.
    pub fn key(&self) -> Zeroizing<String> {
        Zeroizing::new(match self {
            Self::Citizen(citizen_id) => citizen_id.reveal().to_owned(),
            Self::Other(other) => format!("{}:{}", other.kind.name(), other.number),
        })
    }

    /// All of it in one line, to be sealed; [`Document::read`] reads it again.
    pub fn written(&self) -> Zeroizing<String> {
        match self {
            Self::Citizen(_) => self.key(),
            Self::Other(other) => Zeroizing::new(format!("{}:{}", *self.key(), other.born_on)),
        }
    }

    /// Reads what was [`written`](Document::written).
    ///
    /// # Errors
    /// When it is nothing of the kind.
    pub fn read(written: &str) -> Result<Self, DocumentRejection> {
        let Some((kind, rest)) = written.split_once(':') else {
            let read = CitizenId::parse(written).map(Self::Citizen);
            return read.map_err(|_| DocumentRejection::KindUnknown);
        };
        let kind = DocumentKind::parse(kind)?;
        let (number, born_on) = rest
            .split_once(':')
            .ok_or(DocumentRejection::BirthMissing)?;
        let born_on = born_on.parse();
        let born_on = born_on.map_err(|_| DocumentRejection::BirthMissing)?;
        OtherDocument::parse(kind, number, born_on).map(Self::Other)
    }

    /// Its number alone.
    pub fn number(&self) -> DocumentNumber {
        DocumentNumber(self.reveal().into())
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Document(******)")
    }
}

/// The number of a document without what kind it is of: nobody who asks about a certificate has to
/// say.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct DocumentNumber(Box<str>);

impl DocumentNumber {
    /// Parses a typed number of a document of any kind.
    ///
    /// # Errors
    /// What keeps it from being a citizen number, which it most likely is to be.
    pub fn parse(typed: &str) -> Result<Self, CitizenIdRejection> {
        match CitizenId::parse(typed) {
            Ok(citizen_id) => Ok(Self::from(&citizen_id)),
            Err(rejection) => {
                let number = normalise_secret(typed);
                let known = DocumentKind::ALL.iter().any(|kind| kind.fits(&number));
                known.then(|| Self(number.as_str().into())).ok_or(rejection)
            }
        }
    }

    /// The number. Whoever calls this answers for what becomes of it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for DocumentNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("DocumentNumber(******)")
    }
}

impl From<&CitizenId> for DocumentNumber {
    fn from(citizen_id: &CitizenId) -> Self {
        Self(citizen_id.reveal().into())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use jiff::civil::date;

    use super::*;
    use crate::rejection::Rejection;

    const BORN: Date = date(1990, 3, 7);

    fn other(kind: DocumentKind, typed: &str) -> Result<Document, DocumentRejection> {
        OtherDocument::parse(kind, typed, BORN).map(Document::Other)
    }

    #[test]
    fn numbers_are_taken_as_people_type_them_and_by_the_shape_of_their_kind() {
        use DocumentKind as Kind;
        for (kind, typed, number) in [
            (Kind::Passport, " ｅ1234-5678", "E12345678"),
            (Kind::Passport, "AB123", "AB123"),
            (Kind::HongKongMacaoPermit, "h0123 4567", "H01234567"),
            (Kind::HongKongMacaoPermit, "M0123456701", "M0123456701"),
            (Kind::TaiwanPermit, "01234567", "01234567"),
            (
                Kind::PermanentResidenceCard,
                "usa370019900307",
                "USA370019900307",
            ),
        ] {
            let document = other(kind, typed).expect("a number of this kind");
            assert_eq!(document.reveal(), number);
            assert_eq!((document.birth_date(), document.age_on(BORN)), (BORN, 0));
            assert!(Document::read(&document.written()) == Ok(document.clone()));
            assert_eq!(DocumentNumber::parse(typed), Ok(document.number()));
        }
        for (kind, typed) in [
            (Kind::Passport, ""),
            (Kind::Passport, "ABCDE"),
            (Kind::Passport, "E123"),
            (Kind::Passport, "E123456789"),
            (Kind::Passport, "护照12345"),
            (Kind::HongKongMacaoPermit, "X01234567"),
            (Kind::HongKongMacaoPermit, "H012345678"),
            (Kind::TaiwanPermit, "0123456A"),
            (Kind::TaiwanPermit, "012345678"),
            (Kind::PermanentResidenceCard, "US1370019900307"),
            (Kind::PermanentResidenceCard, "国370019900307"),
        ] {
            let refused = other(kind, typed).expect_err(typed);
            assert_eq!(refused.code(), "DOCUMENT_NUMBER_SHAPE", "{typed}");
        }
    }

    #[test]
    fn a_citizen_number_is_a_document_like_before() {
        let citizen_id = CitizenId::synthetic("370099", BORN, 1);
        let document = Document::from(citizen_id.clone());
        assert_eq!(&*document.key(), citizen_id.reveal());
        assert_eq!(document.masked(), citizen_id.masked());
        assert_eq!(document.chinese(), "居民身份证");
        assert!(Document::read(&document.written()) == Ok(document.clone()));
        assert_eq!(DocumentNumber::from(&citizen_id), document.number());
        let typed = citizen_id.reveal().to_lowercase();
        assert_eq!(DocumentNumber::parse(&typed), Ok(document.number()));
    }

    #[test]
    fn the_same_document_is_the_same_person_whatever_birth_was_stated() {
        let one = OtherDocument::parse(DocumentKind::Passport, "12345678", BORN);
        let later = OtherDocument::parse(DocumentKind::Passport, "12345678", date(2000, 1, 1));
        let permit = OtherDocument::parse(DocumentKind::TaiwanPermit, "12345678", BORN);
        let all: HashSet<_> = [one, later, permit].into_iter().flatten().collect();
        assert_eq!(all.len(), 2);
        let keys = all.into_iter().map(|it| Document::Other(it).key());
        let mut keys: Vec<_> = keys.map(|key| key.to_string()).collect();
        keys.sort();
        assert_eq!(keys, ["passport:12345678", "taiwan_permit:12345678"]);
    }

    #[test]
    fn nothing_of_a_number_is_shown_but_its_ends() {
        let masked = |kind, typed| other(kind, typed).expect("a number").masked();
        assert_eq!(masked(DocumentKind::Passport, "E12345678"), "E1*****78");
        assert_eq!(masked(DocumentKind::Passport, "AB123"), "A***3");
        let document = other(DocumentKind::Passport, "E12345678").expect("a number");
        assert_eq!(format!("{document:?}"), "Document(******)");
    }

    #[test]
    fn what_is_no_document_is_refused_by_name() {
        for (written, code) in [
            ("", "DOCUMENT_TYPE_UNKNOWN"),
            ("officer:12345678:1990-03-07", "DOCUMENT_TYPE_UNKNOWN"),
            ("passport:E12345678", "DOCUMENT_BIRTH_DATE_MISSING"),
            ("passport:E12345678:7 March", "DOCUMENT_BIRTH_DATE_MISSING"),
            ("passport:E1:1990-03-07", "DOCUMENT_NUMBER_SHAPE"),
        ] {
            assert_eq!(Document::read(written).expect_err(code).code(), code);
        }
        for typed in ["", "37009919900307", "370099199003070010", "示例"] {
            assert!(DocumentNumber::parse(typed).is_err(), "{typed}");
        }
        assert_eq!(DocumentKind::parse("护照"), Ok(DocumentKind::Passport));
    }
}
