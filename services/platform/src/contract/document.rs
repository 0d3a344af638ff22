//! Who somebody is, as messages write it: a citizen number, or another document.

use kernel::citizen_id::CitizenId;
use kernel::identity_document::{Document, DocumentKind, DocumentRejection, OtherDocument};
use kernel::rejection::{FaultList, Faults};
use proto::common::v1::{DocumentType, IdentityDocument, PersonRef};

use super::date;

/// The document of a person, of whom one of the two is stated; the faults are told at these fields,
/// `citizen_id` and `document`.
///
/// # Errors
/// All that keeps it from being one.
pub fn document(citizen_id: &str, other: Option<&IdentityDocument>) -> Result<Document, Faults> {
    match other {
        None => CitizenId::parse(citizen_id)
            .map(Document::from)
            .map_err(|rejection| Faults::at("citizen_id", &rejection)),
        Some(_) if !citizen_id.is_empty() => {
            Err(Faults::at("document", &DocumentRejection::NotOne))
        }
        Some(other) => other_document(other),
    }
}

fn other_document(given: &IdentityDocument) -> Result<Document, Faults> {
    let mut faults = FaultList::default();
    let kind = faults.take("document.type", kind(given.r#type()));
    let born_on = if given.born_on.is_empty() {
        faults.add("document.born_on", &DocumentRejection::BirthMissing);
        None
    } else {
        faults.take("document.born_on", date(&given.born_on))
    };
    // A number is told to be none even of a person without a birth date.
    let read = |kind| OtherDocument::parse(kind, &given.number, born_on.unwrap_or_default());
    let number = kind.and_then(|kind| faults.take("document.number", read(kind)));
    faults.finish()?;
    number
        .map(Document::Other)
        .ok_or_else(|| DocumentRejection::KindUnknown.into())
}

fn kind(given: DocumentType) -> Result<DocumentKind, DocumentRejection> {
    match given {
        DocumentType::Unspecified => Err(DocumentRejection::KindUnknown),
        DocumentType::Passport => Ok(DocumentKind::Passport),
        DocumentType::HongKongMacaoPermit => Ok(DocumentKind::HongKongMacaoPermit),
        DocumentType::TaiwanPermit => Ok(DocumentKind::TaiwanPermit),
        DocumentType::PermanentResidenceCard => Ok(DocumentKind::PermanentResidenceCard),
    }
}

/// A person for a message.
pub fn person_message(document: &Document) -> PersonRef {
    match document {
        Document::Citizen(citizen_id) => PersonRef {
            citizen_id: citizen_id.reveal().to_owned(),
            document: None,
        },
        Document::Other(other) => PersonRef {
            citizen_id: String::new(),
            document: Some(IdentityDocument {
                r#type: kind_message(other.kind()).into(),
                number: document.reveal().to_owned(),
                born_on: other.birth_date().to_string(),
            }),
        },
    }
}

fn kind_message(kind: DocumentKind) -> DocumentType {
    match kind {
        DocumentKind::Passport => DocumentType::Passport,
        DocumentKind::HongKongMacaoPermit => DocumentType::HongKongMacaoPermit,
        DocumentKind::TaiwanPermit => DocumentType::TaiwanPermit,
        DocumentKind::PermanentResidenceCard => DocumentType::PermanentResidenceCard,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passport() -> IdentityDocument {
        IdentityDocument {
            r#type: DocumentType::Passport.into(),
            number: "e1234 5678".to_owned(),
            born_on: "1990-03-07".to_owned(),
        }
    }

    #[test]
    fn a_person_is_read_by_either_and_written_as_read() {
        for kind in DocumentKind::ALL {
            assert_eq!(self::kind(kind_message(kind)), Ok(kind));
        }
        for (citizen_id, other) in [("11010519491231002X", None), ("", Some(passport()))] {
            let read = document(citizen_id, other.as_ref()).expect("a person");
            let written = person_message(&read);
            let again = document(&written.citizen_id, written.document.as_ref());
            assert!(again == Ok(read));
        }
    }

    #[test]
    fn all_that_is_wrong_with_a_document_is_told_at_its_fields() {
        let told = |citizen_id: &str, other: Option<IdentityDocument>| {
            let refused = document(citizen_id, other.as_ref()).expect_err("refused");
            let told = refused.all().iter();
            let told = told.map(|it| (it.field.clone().unwrap_or_default(), it.code));
            told.collect::<Vec<_>>()
        };
        let at = |field: &str, code| (field.to_owned(), code);
        assert_eq!(told("", None), [at("citizen_id", "CITIZEN_ID_LENGTH")]);
        assert_eq!(
            told("11010519491231002X", Some(passport())),
            [at("document", "DOCUMENT_NOT_ONE")]
        );
        assert_eq!(
            told("", Some(IdentityDocument::default())),
            [
                at("document.type", "DOCUMENT_TYPE_UNKNOWN"),
                at("document.born_on", "DOCUMENT_BIRTH_DATE_MISSING"),
            ]
        );
        let malformed = IdentityDocument {
            number: "护照".to_owned(),
            born_on: "7 March".to_owned(),
            ..passport()
        };
        assert_eq!(
            told("", Some(malformed)),
            [
                at("document.born_on", "DATE_MALFORMED"),
                at("document.number", "DOCUMENT_NUMBER_SHAPE"),
            ]
        );
    }
}
