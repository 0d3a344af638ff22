//! What the public is found by.
//!
//! The service that knows certificates and the one that answers the public share no data and no
//! code, only keyed digests over pairs such as "number and name". A digest matches when both
//! sides name the same purpose and bring the pair to the same form, so both are decided here. The
//! digests themselves are made where the keys are.

use zeroize::Zeroizing;

use crate::{
    certificate_number::CertificateNumber, identity_document::DocumentNumber,
    person_name::PersonName,
};

/// Purpose of the digest over a certificate number and its holder's name.
pub const NUMBER_AND_NAME: &str = "certificate.number_and_name";
/// Purpose of the digest over the holder's document number and name.
pub const DOCUMENT_AND_NAME: &str = "certificate.document_and_name";
/// Purpose of the digest over an admission ticket number and the candidate's name.
pub const TICKET_AND_NAME: &str = "candidate.ticket_and_name";

/// A pair in the form that is digested, with the purpose of the digest. The parts are personal
/// data: wiped when dropped, and there is no way to print them.
pub struct QueryKey {
    purpose: &'static str,
    parts: [Zeroizing<String>; 2],
}

impl QueryKey {
    /// A certificate number and its holder's name.
    pub fn number_and_name(number: &CertificateNumber, name: &PersonName) -> Self {
        Self::new(NUMBER_AND_NAME, number.as_str(), name)
    }

    /// A document number and its holder's name.
    pub fn document_and_name(document: &DocumentNumber, name: &PersonName) -> Self {
        Self::new(DOCUMENT_AND_NAME, document.reveal(), name)
    }

    /// An admission ticket number (准考证号) and the candidate's name.
    pub fn ticket_and_name(ticket: &str, name: &PersonName) -> Self {
        Self::new(TICKET_AND_NAME, &crate::typed::normalise(ticket), name)
    }

    /// What the digest is for.
    pub fn purpose(&self) -> &'static str {
        self.purpose
    }

    /// What is digested, in order.
    pub fn parts(&self) -> [&str; 2] {
        self.parts.each_ref().map(|part| part.as_str())
    }

    fn new(purpose: &'static str, first: &str, name: &PersonName) -> Self {
        let first = Zeroizing::new(first.to_owned());
        Self {
            purpose,
            parts: [first, Zeroizing::new(name.normalised())],
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::citizen_id::CitizenId;

    fn name(typed: &str) -> PersonName {
        PersonName::parse(typed).expect("a name written for this test")
    }

    #[test]
    fn the_same_pair_typed_in_another_way_is_the_same_key() {
        let stored = CertificateNumber::parse("S000037100001204000001").expect("a number");
        let typed = CertificateNumber::parse("ｓ0000 3710 0001 2040 0000 1").expect("a number");
        let one = QueryKey::number_and_name(&stored, &name("阿依·示例"));
        let other = QueryKey::number_and_name(&typed, &name(" 阿依•示例 "));
        assert_eq!(one.parts(), other.parts());
        assert_eq!(one.parts()[0], "S000037100001204000001");

        let ticket = QueryKey::ticket_and_name("37-1000-0001a", &name("示例"));
        assert_eq!(
            ticket.parts(),
            QueryKey::ticket_and_name("3710000001A", &name("示例")).parts()
        );
    }

    #[test]
    fn each_pair_has_a_purpose_of_its_own() {
        let document = CitizenId::synthetic("370099", date(1990, 3, 7), 1);
        let document = DocumentNumber::from(&document);
        let number = CertificateNumber::parse("S000037100001204000001").expect("a number");
        let purposes = [
            QueryKey::number_and_name(&number, &name("示例")).purpose(),
            QueryKey::document_and_name(&document, &name("示例")).purpose(),
            QueryKey::ticket_and_name("1", &name("示例")).purpose(),
        ];
        assert_eq!(
            purposes,
            [NUMBER_AND_NAME, DOCUMENT_AND_NAME, TICKET_AND_NAME]
        );
    }
}
