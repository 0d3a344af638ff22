//! An inquiry (办理): how what somebody brings forward is looked into.
//!
//! Anybody may object to a row of a public notice (notice 3.4 and 4.3), hint at something without
//! a name, or complain about an organisation. Whatever it is, the way is one: the centre may ask
//! the organisation, which is never told who asked; it puts on record what it found; and it closes
//! the inquiry in writing, by a day.
//!
//! The state is a value and each step makes the next one or is refused. The texts, the files and
//! the person lie elsewhere, sealed: here is only what the rules look at.

mod party;
mod refusal;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    rejection::{FaultList, Faults},
    working_day::{Calendar, Deadline, YearWithoutData},
};

pub use party::{AGE_TO_ACT, Earlier, Party, Phone, of_age, once};
pub use refusal::{InquiryRejection, PartyRejection};

/// What was brought forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InquiryKind {
    /// By name, against a row of a public notice (异议). It is looked into in any case.
    Objection,
    /// Without a name, about a row of a public notice (线索). It holds nothing, and what comes of it
    /// is the centre's.
    Lead,
    /// About an organisation (投诉举报). It is taken up or declined first.
    Complaint,
}

/// How it came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Through the platform.
    Online,
    /// By letter (来信).
    Letter,
    /// In person (来访).
    Visit,
    /// By telephone (来电).
    Telephone,
    /// By e-mail.
    Email,
    /// Handed on by another authority (转办).
    Referred,
}

/// Where an inquiry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InquiryState {
    /// Neither taken up nor declined.
    Received,
    /// Being looked into.
    Open,
    /// The organisation has not answered yet.
    AwaitingAnswer,
    /// Closed in writing.
    Closed,
}

/// What the organisation was asked last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Day by which it is to answer.
    pub due: Deadline,
    /// Day on which it did.
    pub answered_on: Option<Date>,
}

/// An inquiry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inquiry {
    /// What was brought forward.
    pub kind: InquiryKind,
    /// How it came in.
    pub channel: Channel,
    /// The day on which it came in.
    pub received_on: Date,
    /// Day by which it is to be closed; of a complaint at first, to be taken up or declined.
    pub due: Deadline,
    /// Whether it was taken up.
    pub taken_up: bool,
    /// The last question to the organisation.
    pub question: Option<Question>,
    /// Findings on record.
    pub findings: u32,
    /// Day on which it was closed.
    pub closed_on: Option<Date>,
}

impl Inquiry {
    /// What came in on a day, to be closed by another.
    pub fn receive(kind: InquiryKind, channel: Channel, received_on: Date, due: Deadline) -> Self {
        Self {
            kind,
            channel,
            received_on,
            due,
            taken_up: kind != InquiryKind::Complaint,
            question: None,
            findings: 0,
            closed_on: None,
        }
    }

    /// Where it stands.
    pub fn state(&self) -> InquiryState {
        match self {
            Self {
                closed_on: Some(_), ..
            } => InquiryState::Closed,
            Self {
                taken_up: false, ..
            } => InquiryState::Received,
            _ if self.open_question().is_some() => InquiryState::AwaitingAnswer,
            _ => InquiryState::Open,
        }
    }

    /// The question that waits for its answer.
    pub fn open_question(&self) -> Option<&Question> {
        let asked = self.question.as_ref();
        asked.filter(|question| question.answered_on.is_none())
    }

    /// Whether it is open past its day.
    pub fn is_late_on(&self, today: Date) -> bool {
        self.closed_on.is_none() && self.due.is_over_on(today)
    }

    /// Takes a complaint up (受理), to be closed by a day.
    ///
    /// # Errors
    /// When it was taken up or closed.
    pub fn take_up(&self, due: Deadline) -> Result<Self, InquiryRejection> {
        self.require_received()?;
        Ok(Self {
            taken_up: true,
            due,
            ..self.clone()
        })
    }

    /// Declines a complaint (不予受理), which closes it.
    ///
    /// # Errors
    /// When it was taken up or closed.
    pub fn decline(&self, on: Date) -> Result<Self, InquiryRejection> {
        self.require_received()?;
        Ok(Self {
            closed_on: Some(on),
            ..self.clone()
        })
    }

    /// Asks the organisation for an answer by a day.
    ///
    /// # Errors
    /// When nothing is looked into, or a question waits for its answer.
    pub fn ask(&self, due: Deadline) -> Result<Self, InquiryRejection> {
        self.require_looked_into()?;
        if self.open_question().is_some() {
            return Err(InquiryRejection::AskedAlready);
        }
        Ok(Self {
            question: Some(Question {
                due,
                answered_on: None,
            }),
            ..self.clone()
        })
    }

    /// The organisation answers; late is better than never.
    ///
    /// # Errors
    /// When nothing is looked into, or no question waits for its answer.
    pub fn answer(&self, on: Date) -> Result<Self, InquiryRejection> {
        self.require_looked_into()?;
        let asked = self.open_question().ok_or(InquiryRejection::NothingAsked)?;
        Ok(Self {
            question: Some(Question {
                answered_on: Some(on),
                ..asked.clone()
            }),
            ..self.clone()
        })
    }

    /// Takes a finding on record.
    ///
    /// # Errors
    /// When nothing is looked into.
    pub fn find(&self) -> Result<Self, InquiryRejection> {
        self.require_looked_into()?;
        Ok(Self {
            findings: self.findings + 1,
            ..self.clone()
        })
    }

    /// Takes further evidence.
    ///
    /// # Errors
    /// When it is closed.
    pub fn add_evidence(&self) -> Result<(), InquiryRejection> {
        self.require_not_closed()
    }

    /// Closes it with an outcome. What somebody stands for by name takes at least one finding, and
    /// time for the answer of whoever was asked.
    ///
    /// # Errors
    /// Everything that is missing, at once.
    pub fn close(&self, on: Date) -> Result<Self, Faults> {
        self.require_looked_into()?;
        let mut faults = FaultList::default();
        if self.findings == 0 && self.kind != InquiryKind::Lead {
            faults.refuse(&InquiryRejection::WithoutFinding);
        }
        if let Some(asked) = self.open_question()
            && !asked.due.is_over_on(on)
        {
            let due = asked.due.date;
            faults.refuse(&InquiryRejection::AnswerAwaited { due });
        }
        faults.finish()?;
        Ok(Self {
            closed_on: Some(on),
            ..self.clone()
        })
    }

    /// The same, with what is still due counted by the calendar as it is now.
    ///
    /// # Errors
    /// When a count reaches a year that is not stored.
    pub fn recount(&self, calendar: &Calendar) -> Result<Self, YearWithoutData> {
        if self.closed_on.is_some() {
            return Ok(self.clone());
        }
        let mut next = self.clone();
        next.due = calendar.recount(&self.due)?;
        if let Some(asked) = &mut next.question
            && asked.answered_on.is_none()
        {
            asked.due = calendar.recount(&asked.due)?;
        }
        Ok(next)
    }

    fn require_not_closed(&self) -> Result<(), InquiryRejection> {
        match self.closed_on {
            Some(_) => Err(InquiryRejection::Closed),
            None => Ok(()),
        }
    }

    fn require_received(&self) -> Result<(), InquiryRejection> {
        self.require_not_closed()?;
        if self.taken_up {
            Err(InquiryRejection::TakenUp)
        } else {
            Ok(())
        }
    }

    fn require_looked_into(&self) -> Result<(), InquiryRejection> {
        self.require_not_closed()?;
        if self.taken_up {
            Ok(())
        } else {
            Err(InquiryRejection::NotTakenUp)
        }
    }
}

#[cfg(test)]
mod tests;
