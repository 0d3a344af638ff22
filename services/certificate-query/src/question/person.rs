//! What a person is known by who does not have the certificate's number: the document number, or
//! the admission ticket of an exam.

use kernel::identity_document::DocumentNumber;
use kernel::person_name::PersonName;
use kernel::query_key::QueryKey;
use kernel::rejection::{FaultList, Faults};
use kernel::rejections;
use kernel::typed::normalise;
use zeroize::Zeroizing;

use super::holder;

/// Longer than any admission ticket's number.
const LONGEST_TICKET: usize = 40;

/// A document number and its holder's name.
pub struct DocumentQuestion {
    document: DocumentNumber,
    name: PersonName,
}

impl DocumentQuestion {
    /// Reads what was typed.
    ///
    /// # Errors
    /// All that keeps the question from being looked into.
    pub fn parse(document_number: &str, name: &str) -> Result<Self, Faults> {
        let mut faults = FaultList::default();
        let document = DocumentNumber::parse(document_number);
        if let Err(rejection) = &document {
            faults.add("document_number", rejection);
        }
        let name = holder(name, &mut faults);
        faults.finish()?;
        Ok(Self {
            document: document.expect("a document number without fault is there"),
            name: name.expect("a name without fault is there"),
        })
    }

    /// What to look for.
    pub fn key(&self) -> QueryKey {
        QueryKey::document_and_name(&self.document, &self.name)
    }
}

rejections! {
    /// Why an admission ticket is not looked for. What was typed is in none of the texts.
    pub enum TicketRejection {
        /// There is no number.
        TicketMissing => "ADMISSION_TICKET_NUMBER_MISSING", InvalidArgument, "notice 4.4",
            "输入准考证号", "enter the number of the admission ticket";
        /// No number is that long.
        TicketTooLong { limit: usize } => "ADMISSION_TICKET_NUMBER_TOO_LONG", InvalidArgument, "notice 4.4",
            "准考证号最多 {limit} 个字符", "the number of an admission ticket has at most {limit} characters";
    }
}

/// An admission ticket's number and the candidate's name.
pub struct TicketQuestion {
    ticket: Zeroizing<String>,
    name: PersonName,
}

impl TicketQuestion {
    /// Reads what was typed.
    ///
    /// # Errors
    /// All that keeps the question from being looked into.
    pub fn parse(ticket_number: &str, name: &str) -> Result<Self, Faults> {
        let mut faults = FaultList::default();
        let ticket = Zeroizing::new(normalise(ticket_number));
        if ticket.is_empty() {
            faults.add("ticket_number", &TicketRejection::TicketMissing);
        } else if ticket.chars().count() > LONGEST_TICKET {
            let limit = LONGEST_TICKET;
            faults.add("ticket_number", &TicketRejection::TicketTooLong { limit });
        }
        let name = holder(name, &mut faults);
        faults.finish()?;
        Ok(Self {
            ticket,
            name: name.expect("a name without fault is there"),
        })
    }

    /// What to look for.
    pub fn key(&self) -> QueryKey {
        QueryKey::ticket_and_name(&self.ticket, &self.name)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::citizen_id::CitizenId;

    use super::*;

    #[test]
    fn a_document_is_read_as_people_type_it_and_all_faults_are_told() {
        let document = CitizenId::synthetic("370099", date(1990, 3, 7), 1);
        let typed = document
            .reveal()
            .replace("1990", " １９９0-")
            .to_lowercase();
        let asked = DocumentQuestion::parse(&typed, "阿依•示例").expect("one of the habits");
        let meant = DocumentQuestion::parse(document.reveal(), "阿依·示例").expect("as printed");
        assert_eq!(asked.key().parts(), meant.key().parts());

        let typed = DocumentQuestion::parse("e 1234-5678", "示例").expect("a passport's");
        assert_eq!(typed.key().parts()[0], "E12345678");

        let refused = |document: &str, name| {
            let outcome = DocumentQuestion::parse(document, name);
            outcome.err().expect("refused").codes()
        };
        assert_eq!(
            refused("", ""),
            ["CITIZEN_ID_LENGTH", "HOLDER_NAME_MISSING"]
        );
        assert_eq!(
            refused("37009919900307001A", "王5"),
            ["CITIZEN_ID_CHARACTERS", "PERSON_NAME_CHARACTERS"]
        );
    }

    #[test]
    fn a_ticket_is_read_as_people_type_it_and_all_faults_are_told() {
        let asked = TicketQuestion::parse("３７-1000 0001a", "示例").expect("one of the habits");
        let meant = TicketQuestion::parse("3710000001A", "示例").expect("as printed");
        assert_eq!(asked.key().parts(), meant.key().parts());

        let refused = |ticket: &str, name| {
            let outcome = TicketQuestion::parse(ticket, name);
            outcome.err().expect("refused").codes()
        };
        assert_eq!(
            refused(" -", " "),
            ["ADMISSION_TICKET_NUMBER_MISSING", "HOLDER_NAME_MISSING"]
        );
        assert_eq!(
            refused(&"1".repeat(41), "示例"),
            ["ADMISSION_TICKET_NUMBER_TOO_LONG"]
        );
    }
}
