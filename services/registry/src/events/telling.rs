//! What an organisation is told of what happens to it elsewhere, where nothing changes here.

use kernel::ids::OrganizationId;
use platform::Result;
use platform::inbox::Handler;
use platform::unit::Unit;
use proto::common::v1::{Fact, OrganizationAsked};
use proto::review::v1::{ApplicationMoved, OrganizationRecommended, PublicNoticeOpened};

use super::{decoded, read};
use crate::app::App;
use crate::domain::message::{MessageKind, Telling};

/// Hears facts of inquiries, whichever service looks into them: an organisation is asked.
#[derive(Clone)]
pub struct InquiryFacts {
    app: App,
}

impl InquiryFacts {
    /// A handler that acts through the app.
    pub fn new(app: App) -> Self {
        Self { app }
    }
}

impl Handler for InquiryFacts {
    async fn apply(&self, unit: &mut Unit, fact: &Fact) -> Result<()> {
        if fact.kind != "organization_asked" {
            return Ok(());
        }
        let asked: OrganizationAsked = decoded(fact)?;
        let kind = MessageKind::QuestionAsked;
        let telling = to(&asked.organization_id, kind, asked.inquiry_id)?;
        self.app.tell(unit, &telling).await
    }
}

/// What an organisation is told of a fact of review's, if it is.
pub(super) fn telling(fact: &Fact) -> Result<Option<Telling>> {
    let telling = match fact.kind.as_str() {
        moved @ ("application_returned" | "application_rejected") => {
            let told: ApplicationMoved = decoded(fact)?;
            let kind = match moved {
                "application_returned" => MessageKind::ApplicationReturned,
                _ => MessageKind::ApplicationRejected,
            };
            to(&told.organization_id, kind, told.application_id)
        }
        "public_notice_opened" => {
            let told: PublicNoticeOpened = decoded(fact)?;
            let kind = MessageKind::SelectionShown;
            to(&told.organization_id, kind, told.public_notice_id)
        }
        "organization_recommended" => {
            let told: OrganizationRecommended = decoded(fact)?;
            let kind = MessageKind::ConsultationOpened;
            to(&told.organization_id, kind, told.consultation_id)
        }
        _ => return Ok(None),
    };
    telling.map(Some)
}

fn to(organization_id: &str, kind: MessageKind, subject: String) -> Result<Telling> {
    Ok(Telling {
        organization: read(OrganizationId::parse(organization_id))?,
        kind,
        subject,
    })
}
