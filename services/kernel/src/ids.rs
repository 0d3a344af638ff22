//! Identifiers of records: a visible prefix in front of 128 bits.
//!
//! A bare UUID says nothing about what it names, and one table's id fits every other table's
//! column. Here each kind of record has a type of its own, and its text says which:
//! `org_01jcqz3f8k2v9x7m4n6p5r0s1t`. The body is Crockford's base32 in lower case, which keeps
//! the order of the bits, so `UUIDv7` ids sort by age as text too.
//!
//! Reading is strict, one text for one id: ids are copied by machines, not typed by people.
//! Nothing here makes an id: that takes a clock and randomness, which the kernel does not have.

use uuid::Uuid;

/// Crockford's alphabet: no i, l, o, u.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 26 characters of 5 bits hold 128 bits with two to spare.
const BODY_LENGTH: usize = 26;

crate::rejections! {
    /// Why text is not an identifier of the kind expected.
    pub enum IdRejection {
        /// The text does not begin with the prefix of this kind of record.
        Prefix { expected: &'static str } => "ID_PREFIX", InvalidArgument, "platform",
            "标识应以 {expected}_ 开头", "the identifier should begin with {expected}_";
        /// What follows the prefix is not 26 characters of lower-case base32.
        Body { expected: &'static str } => "ID_BODY", InvalidArgument, "platform",
            "标识 {expected}_ 之后应为 26 位小写 base32 字符", "after {expected}_ the identifier should have 26 characters of lower-case base32";
    }
}

/// An identifier of one kind of record. Implemented by the types that [`typed_ids!`] writes.
///
/// [`typed_ids!`]: crate::typed_ids
pub trait TypedId: Copy + Eq + Ord + std::hash::Hash + std::fmt::Display + Sized {
    /// The prefix of the text form, without the underscore.
    const PREFIX: &'static str;
    /// The identifier made of these bits.
    fn from_uuid(uuid: Uuid) -> Self;
    /// The bits, as the database keeps them.
    fn uuid(&self) -> Uuid;
}

/// Declares identifier types as one table: meaning, name, prefix.
///
/// ```
/// kernel::typed_ids! {
///     /// A room in which people are examined.
///     RoomId("room"),
/// }
/// let room = RoomId::parse("room_00000000000000000000000001").expect("well formed");
/// assert_eq!(room.uuid().as_u128(), 1);
/// ```
#[macro_export]
macro_rules! typed_ids {
    ($( $(#[$meta:meta])* $name:ident($prefix:literal) ),+ $(,)?) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name($crate::ids::support::Uuid);

        impl $name {
            /// The prefix of the text form, without the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// The identifier made of these bits.
            pub const fn from_uuid(uuid: $crate::ids::support::Uuid) -> Self {
                Self(uuid)
            }

            /// The bits, as the database keeps them.
            pub const fn uuid(&self) -> $crate::ids::support::Uuid {
                self.0
            }

            /// Reads the text form, strictly.
            ///
            /// # Errors
            /// When the prefix is another, or the body is not 26 characters of lower-case base32.
            pub fn parse(text: &str) -> Result<Self, $crate::ids::IdRejection> {
                $crate::ids::support::read(text)
            }
        }

        impl $crate::ids::TypedId for $name {
            const PREFIX: &'static str = $prefix;

            fn from_uuid(uuid: $crate::ids::support::Uuid) -> Self {
                Self(uuid)
            }

            fn uuid(&self) -> $crate::ids::support::Uuid {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::ids::support::write(self, formatter)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::ids::support::write(self, formatter)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::ids::IdRejection;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl $crate::ids::support::Serialize for $name {
            fn serialize<S>(&self, serializer: S) -> Result<S::Ok, S::Error>
            where
                S: $crate::ids::support::Serializer,
            {
                serializer.collect_str(self)
            }
        }

        impl<'de> $crate::ids::support::Deserialize<'de> for $name {
            fn deserialize<D>(deserializer: D) -> Result<Self, D::Error>
            where
                D: $crate::ids::support::Deserializer<'de>,
            {
                $crate::ids::support::deserialize(deserializer)
            }
        }
    )+ };
}

/// What the types written by [`typed_ids!`](crate::typed_ids) share; not for direct use.
#[doc(hidden)]
pub mod support {
    use std::{borrow::Cow, fmt};

    use super::{ALPHABET, BODY_LENGTH, IdRejection, TypedId};
    use crate::rejection::Rejection;

    pub use serde::{Deserialize, Deserializer, Serialize, Serializer};
    pub use uuid::Uuid;

    pub fn read<T: TypedId>(text: &str) -> Result<T, IdRejection> {
        let body = text
            .strip_prefix(T::PREFIX)
            .and_then(|rest| rest.strip_prefix('_'))
            .ok_or(IdRejection::Prefix {
                expected: T::PREFIX,
            })?;
        let bits = decode(body).ok_or(IdRejection::Body {
            expected: T::PREFIX,
        })?;
        Ok(T::from_uuid(Uuid::from_u128(bits)))
    }

    pub fn write<T: TypedId>(id: &T, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = id.uuid().as_u128();
        let body: [u8; BODY_LENGTH] = std::array::from_fn(|index| {
            let shift = 5 * (BODY_LENGTH - 1 - index);
            ALPHABET[usize::try_from((bits >> shift) & 31).expect("five bits fit")]
        });
        let body = std::str::from_utf8(&body).expect("the alphabet is ascii");
        write!(formatter, "{}_{body}", T::PREFIX)
    }

    pub fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
    where
        T: TypedId,
        D: Deserializer<'de>,
    {
        let text = <Cow<'de, str>>::deserialize(deserializer)?;
        read(&text).map_err(|rejection| serde::de::Error::custom(rejection.english()))
    }

    fn decode(body: &str) -> Option<u128> {
        // The first of the 26 characters carries three bits only; more would not fit.
        if body.len() != BODY_LENGTH || !matches!(body.as_bytes()[0], b'0'..=b'7') {
            return None;
        }
        body.bytes().try_fold(0_u128, |bits, byte| {
            let value = ALPHABET.iter().position(|&letter| letter == byte)?;
            Some(bits << 5 | u128::try_from(value).expect("the alphabet has 32 letters"))
        })
    }
}

typed_ids! {
    /// An organisation in the register (机构), whatever its state.
    OrganizationId("org"),
    /// An application to become an evaluation organisation (申报).
    ApplicationId("app"),
    /// One piece of material handed in with an application (申报材料).
    MaterialId("mat"),
    /// A round in which a centre selects organisations (遴选批次).
    RoundId("rnd"),
    /// The selection of one organisation (遴选).
    SelectionId("sel"),
    /// A public notice with its frozen snapshot (公示).
    PublicNoticeId("notice"),
    /// A receipt (回执).
    ReceiptId("rct"),
    /// A city's report to the provincial centre (城市报省).
    CityReportId("rep"),
    /// A consultation of cities about work outside the filing area (跨区域协商).
    ConsultationId("cons"),
    /// An expert panel (专家论证).
    PanelId("panel"),
    /// A double-random inspection (双随机检查).
    InspectionId("insp"),
    /// A complaint about an organisation (投诉举报).
    ComplaintId("cmp"),
    /// A hint without a name, to be looked into (线索).
    LeadId("lead"),
    /// A risk alert (风险预警).
    AlertId("alert"),
    /// A member of staff, an examiner, expert or inspector (人员).
    PersonId("pers"),
    /// A sanction on a person (责任追究).
    SanctionId("sanc"),
    /// A place where exams are held (考点).
    SiteId("site"),
    /// A room of a site (考场).
    RoomId("room"),
    /// A change of an organisation's entry (变更).
    ChangeId("chg"),
    /// A measure on an organisation: talk, rectification, suspension, withdrawal (监管措施).
    MeasureId("meas"),
    /// A message to an organisation's contact (消息).
    MessageId("msg"),
    /// An examination plan (考核计划).
    PlanId("plan"),
    /// A session of a plan (场次).
    SessionId("ses"),
    /// A candidate on a roster (考生).
    CandidateId("cand"),
    /// A batch of results under review (成绩批次).
    BatchId("batch"),
    /// One candidate's result (成绩).
    ResultId("res"),
    /// An objection against a row of a public notice (异议).
    ObjectionId("obj"),
    /// A certificate, over all its versions (证书).
    CertificateId("cert"),
    /// A revocation of certificates, from its proposal to its end (撤销).
    RevocationId("rev"),
    /// A centre's order that certificates be revoked (责令撤销).
    RevocationOrderId("rvo"),
    /// An organisation's right to evaluate an occupation at a level (评价权限).
    RightId("right"),
    /// A proposal waiting for its second person (待确认事项).
    ProposalId("prop"),
    /// A recorded fact (事实).
    FactId("fact"),
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_text_names_the_kind_and_spells_the_bits() {
        let id = OrganizationId::from_uuid(Uuid::from_u128(u128::MAX));
        assert_eq!(id.to_string(), "org_7zzzzzzzzzzzzzzzzzzzzzzzzz");
        assert_eq!(format!("{id:?}"), id.to_string());
        assert_eq!(
            PlanId::from_uuid(Uuid::nil()).to_string(),
            "plan_00000000000000000000000000"
        );
    }

    #[test]
    fn an_id_of_one_kind_is_not_read_as_another() {
        let plan = PlanId::from_uuid(Uuid::nil()).to_string();
        assert_eq!(
            SessionId::parse(&plan),
            Err(IdRejection::Prefix { expected: "ses" })
        );
        assert_eq!(
            ApplicationId::parse("application_00000000000000000000000000"),
            Err(IdRejection::Prefix { expected: "app" })
        );
    }

    #[test]
    fn there_is_one_text_for_one_id() {
        let refused = Err(IdRejection::Body { expected: "org" });
        for text in [
            "org_",
            "org_0000000000000000000000000",
            "org_000000000000000000000000000",
            "org_0000000000000000000000000A",
            "org_0000000000000000000000000o",
            "org_80000000000000000000000000",
            "org_ 0000000000000000000000000",
            "org_山山山山山山山山00",
        ] {
            assert_eq!(OrganizationId::parse(text), refused, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_id_reads_back_and_sorts_as_its_bits(one in any::<u128>(), other in any::<u128>()) {
            let (first, second) =
                (FactId::from_uuid(Uuid::from_u128(one)), FactId::from_uuid(Uuid::from_u128(other)));
            prop_assert_eq!(FactId::parse(&first.to_string()), Ok(first));
            prop_assert_eq!(first.uuid().as_u128(), one);
            prop_assert_eq!(first.to_string().cmp(&second.to_string()), one.cmp(&other));
            let json = serde_json::to_string(&first).expect("an id is text");
            prop_assert_eq!(serde_json::from_str::<FactId>(&json).expect("it was an id"), first);
        }
    }
}
