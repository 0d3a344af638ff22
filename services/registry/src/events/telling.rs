//! What an organisation is told of what happens to it elsewhere, where nothing changes here.

use kernel::division::DivisionCode;
use kernel::ids::OrganizationId;
use platform::Result;
use platform::inbox::Handler;
use platform::unit::Unit;
use proto::common::v1::{Fact, OrganizationAsked};
use proto::review::v1::{
    ApplicationMoved, ConsultationDecided, OrganizationRecommended, PublicNoticeOpened,
};

use super::{decoded, read};
use crate::app::tell;
use crate::domain::message::{MessageKind, Telling};

/// Hears facts of inquiries, whichever service looks into them: an organisation is asked.
#[derive(Clone, Copy)]
pub struct InquiryFacts;

impl Handler for InquiryFacts {
    async fn apply(&self, unit: &mut Unit, fact: &Fact) -> Result<()> {
        if fact.kind != "organization_asked" {
            return Ok(());
        }
        let asked: OrganizationAsked = decoded(fact)?;
        let kind = MessageKind::QuestionAsked;
        let telling = to(&asked.organization_id, kind, asked.inquiry_id, None)?;
        tell(unit, &telling).await
    }
}

/// Tells an organisation what it must know of a fact of review's.
pub(super) async fn tell_of(unit: &mut Unit, fact: &Fact) -> Result<()> {
    match telling(fact)? {
        Some(telling) => tell(unit, &telling).await,
        None => Ok(()),
    }
}

/// What an organisation is told of a fact of review's, if it is. A fact happens at a centre, which is
/// the one of an applicant that has no entry yet.
fn telling(fact: &Fact) -> Result<Option<Telling>> {
    let area = fact.areas.first();
    let area = area
        .map(|code| read(DivisionCode::parse(code)))
        .transpose()?;
    let telling = match fact.kind.as_str() {
        moved @ ("application_returned"
        | "application_rejected"
        | "application_lapsed"
        | "selection_overturned") => {
            let told: ApplicationMoved = decoded(fact)?;
            let kind = match moved {
                "application_returned" => MessageKind::ApplicationReturned,
                "application_lapsed" => MessageKind::ApplicationLapsed,
                "selection_overturned" => MessageKind::SelectionOverturned,
                _ => MessageKind::ApplicationRejected,
            };
            to(&told.organization_id, kind, told.application_id, area)
        }
        "public_notice_opened" => {
            let told: PublicNoticeOpened = decoded(fact)?;
            let kind = MessageKind::SelectionShown;
            to(&told.organization_id, kind, told.public_notice_id, area)
        }
        "organization_recommended" => {
            let told: OrganizationRecommended = decoded(fact)?;
            let kind = MessageKind::ConsultationOpened;
            to(&told.organization_id, kind, told.consultation_id, area)
        }
        "consultation_decided" => {
            let told: ConsultationDecided = decoded(fact)?;
            if told.refused_divisions.is_empty() {
                return Ok(None);
            }
            let kind = MessageKind::ConsultationRefused;
            to(&told.organization_id, kind, told.consultation_id, area)
        }
        _ => return Ok(None),
    };
    telling.map(Some)
}

fn to(
    organization_id: &str,
    kind: MessageKind,
    subject: String,
    area: Option<DivisionCode>,
) -> Result<Telling> {
    Ok(Telling {
        organization: read(OrganizationId::parse(organization_id))?,
        kind,
        subject,
        area,
    })
}
