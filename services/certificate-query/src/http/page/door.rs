//! The ways to ask, as forms: what each is called, and what it asks for.

use kernel::rejection::Faults;
use serde::Deserialize;

use crate::question::{DocumentQuestion, Question, TicketQuestion, Token};

/// A way to ask.
pub(super) struct Door {
    /// Where its form is, and where it is sent.
    pub(super) path: &'static str,
    pub(super) chinese: &'static str,
    pub(super) english: &'static str,
    pub(super) fields: &'static [Field],
}

/// Something that a form asks for.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) chinese: &'static str,
    pub(super) english: &'static str,
    pub(super) hint: &'static str,
    pub(super) english_hint: &'static str,
}

const HOLDER: Field = Field {
    name: "name",
    chinese: "持证人姓名",
    english: "Holder's name",
    hint: "与证书上的姓名一致",
    english_hint: "as on the certificate",
};

/// Number and name.
pub(super) const NUMBER: Door = Door {
    path: "/",
    chinese: "按证书编号查询",
    english: "By certificate number",
    fields: &[
        Field {
            name: "number",
            chinese: "证书编号",
            english: "Certificate number",
            hint: "证书上印的 22 位编号，可带空格",
            english_hint: "22 characters as printed; spaces do no harm",
        },
        HOLDER,
    ],
};

/// The token of the QR code.
pub(super) const TOKEN: Door = Door {
    path: "/token",
    chinese: "按二维码内容查询",
    english: "By what the QR code holds",
    fields: &[Field {
        name: "token",
        chinese: "二维码内容",
        english: "Content of the QR code",
        hint: "扫描证书上的二维码得到的网址，或其末尾的 32 位字符",
        english_hint: "the address that a scanner reads from the certificate, or the 32 characters at its end",
    }],
};

/// Document number and name.
pub(super) const DOCUMENT: Door = Door {
    path: "/document",
    chinese: "忘记编号：按证件号码查询",
    english: "Number lost: by document number",
    fields: &[
        Field {
            name: "document_number",
            chinese: "证件号码",
            english: "Document number",
            hint: "持证人的 18 位居民身份证号码",
            english_hint: "the 18 characters of the holder's resident identity card",
        },
        HOLDER,
    ],
};

/// Admission ticket number and name.
pub(super) const TICKET: Door = Door {
    path: "/ticket",
    chinese: "尚未取得证书：按准考证号查询进度",
    english: "Not certified yet: progress by admission ticket",
    fields: &[
        Field {
            name: "ticket_number",
            chinese: "准考证号",
            english: "Number of the admission ticket",
            hint: "准考证上印的号码",
            english_hint: "as printed on the ticket",
        },
        Field {
            chinese: "考生姓名",
            english: "Candidate's name",
            hint: "与准考证上的姓名一致",
            english_hint: "as on the ticket",
            ..HOLDER
        },
    ],
};

/// All of them, as they are offered.
pub(super) const DOORS: [Door; 4] = [NUMBER, TOKEN, DOCUMENT, TICKET];

/// What was typed into any of the forms.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    pub(super) number: String,
    pub(super) name: String,
    token: String,
    document_number: String,
    ticket_number: String,
    /// A challenge that was waited for.
    pub(super) proof: String,
}

impl Typed {
    /// What was typed into a field.
    pub(super) fn of(&self, field: &Field) -> &str {
        match field.name {
            "number" => &self.number,
            "name" => &self.name,
            "token" => &self.token,
            "document_number" => &self.document_number,
            "ticket_number" => &self.ticket_number,
            _ => "",
        }
    }

    /// What a QR code brings along, and nothing else.
    pub(super) fn scanned(self) -> Self {
        Self {
            token: self.token,
            ..Self::default()
        }
    }

    pub(super) fn question(&self) -> Result<Question, Faults> {
        Question::parse(&self.number, &self.name)
    }

    pub(super) fn token(&self) -> Result<Token, Faults> {
        Token::parse(&self.token).map_err(|rejection| Faults::at("token", &rejection))
    }

    pub(super) fn document(&self) -> Result<DocumentQuestion, Faults> {
        DocumentQuestion::parse(&self.document_number, &self.name)
    }

    pub(super) fn ticket(&self) -> Result<TicketQuestion, Faults> {
        TicketQuestion::parse(&self.ticket_number, &self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_into_a_field_comes_back_in_it() {
        let typed = Typed {
            number: "number".to_owned(),
            name: "name".to_owned(),
            token: "token".to_owned(),
            document_number: "document_number".to_owned(),
            ticket_number: "ticket_number".to_owned(),
            proof: String::new(),
        };
        for door in &DOORS {
            for field in door.fields {
                assert_eq!(typed.of(field), field.name);
            }
        }
    }
}
