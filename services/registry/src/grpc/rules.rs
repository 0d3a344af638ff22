//! What organisations publish, over gRPC.

use kernel::ids::OrganizationId;
use kernel::rejection::{FaultList, Faults};
use platform::Error;
use platform::access::caller;
use platform::contract::{date, level, occupation, page_size, page_token, text};
use platform::unit::parsed;
use proto::exam::v1::ExamPart;
use proto::registry::v1::published_rules_service_server::PublishedRulesService;
use proto::registry::v1::{
    self as contract, GetPublishedRulesRequest, GetPublishedRulesResponse,
    ListPublishedRulesRequest, ListPublishedRulesResponse, PublishRulesRequest,
    PublishRulesResponse,
};
use tonic::{Request, Response, Status};

use super::{Registry, all_there};
use crate::app::NewRules;
use crate::domain::directory::DirectoryRejection;
use crate::domain::rules::{Fee, MOST_FEES, MOST_FEN, Part, RulesKind, RulesRejection, Subject};
use crate::messages::keeping;

#[tonic::async_trait]
impl PublishedRulesService for Registry {
    async fn publish_rules(
        &self,
        request: Request<PublishRulesRequest>,
    ) -> Result<Response<PublishRulesResponse>, Status> {
        let (id, new) = parsed(request.get_ref(), parse(request.get_ref()))?;
        let reply = self
            .app
            .publish_rules(caller(&request), request.get_ref(), id, new)
            .await?;
        Ok(Response::new(reply))
    }

    async fn list_published_rules(
        &self,
        request: Request<ListPublishedRulesRequest>,
    ) -> Result<Response<ListPublishedRulesResponse>, Status> {
        let request = request.get_ref();
        let mut faults = FaultList::default();
        let id = faults.take(
            "organization_id",
            OrganizationId::parse(&request.organization_id),
        );
        let refused = DirectoryRejection::PageTokenMalformed;
        let after = page_token(&request.page_token, position, &refused, &mut faults);
        let id = all_there(faults, id).map_err(Error::from)?;
        let after = after.unwrap_or_default();
        let versions = self.app.published_rules(id).await?;
        let size = usize::try_from(page_size(request.page_size)).unwrap_or(usize::MAX);
        let page: Vec<_> = versions.iter().skip(after).take(size).collect();
        let next = after + page.len();
        let next_page_token = if next < versions.len() {
            format!("rules-{next}")
        } else {
            String::new()
        };
        Ok(Response::new(ListPublishedRulesResponse {
            rules: page.into_iter().map(keeping::rules).collect(),
            next_page_token,
        }))
    }

    async fn get_published_rules(
        &self,
        request: Request<GetPublishedRulesRequest>,
    ) -> Result<Response<GetPublishedRulesResponse>, Status> {
        let request = request.get_ref();
        let mut faults = FaultList::default();
        let id = faults.take(
            "organization_id",
            OrganizationId::parse(&request.organization_id),
        );
        let kind = faults.take("kind", kind(request.kind()));
        let (id, kind) = all_there(faults, id.zip(kind)).map_err(Error::from)?;
        let version = Some(request.version).filter(|version| *version != 0);
        let published = self.app.rules_version(id, kind, version).await?;
        Ok(Response::new(GetPublishedRulesResponse {
            rules: Some(keeping::rules(&published)),
        }))
    }
}

fn parse(request: &PublishRulesRequest) -> Result<(OrganizationId, NewRules), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take(
        "organization_id",
        OrganizationId::parse(&request.organization_id),
    );
    let kind = faults.take("kind", kind(request.kind()));
    let in_force_from = faults.take("in_force_from", date(&request.in_force_from));
    let text = faults.take("text", text(&request.text, 20_000));
    let fees = match kind {
        Some(RulesKind::Fees) => parse_fees(&request.fees, &mut faults),
        Some(_) => {
            let none = request.fees.is_empty();
            faults.require(none, "fees", &RulesRejection::FeesMisplaced);
            Vec::new()
        }
        None => Vec::new(),
    };
    faults.finish()?;
    let (Some(id), Some(kind), Some(in_force_from), Some(text)) = (id, kind, in_force_from, text)
    else {
        unreachable!("a missing value is a fault, and there was none")
    };
    let new = NewRules {
        kind,
        in_force_from,
        text,
        fees,
    };
    Ok((id, new))
}

fn parse_fees(given: &[contract::Fee], faults: &mut FaultList) -> Vec<Fee> {
    // Of more rows than a table has none is looked at, or the answer would be as long.
    if !(1..=MOST_FEES).contains(&given.len()) {
        let limit = MOST_FEES;
        faults.add("fees", &RulesRejection::FeesOutOfBounds { limit });
        return Vec::new();
    }
    let rows = given.iter().enumerate();
    rows.filter_map(|(index, fee)| parse_fee(fee, &format!("fees[{index}]"), faults))
        .collect()
}

fn parse_fee(given: &contract::Fee, row: &str, faults: &mut FaultList) -> Option<Fee> {
    let key = faults.take(
        format!("{row}.occupation"),
        occupation(given.occupation.as_ref()),
    );
    let level = faults.take(format!("{row}.level"), level(given.level));
    let part = faults.take(format!("{row}.part"), part(given.part()));
    let limit = MOST_FEN;
    faults.require(
        given.fen <= limit,
        format!("{row}.fen"),
        &RulesRejection::FeeTooHigh { limit },
    );
    Some(Fee {
        subject: Subject {
            occupation: key?,
            trade: given.trade.clone(),
            level: level?,
        },
        part: part?,
        fen: given.fen,
    })
}

fn part(given: ExamPart) -> Result<Part, RulesRejection> {
    match given {
        ExamPart::Unspecified => Err(RulesRejection::FeePartUnknown),
        ExamPart::Theory => Ok(Part::Theory),
        ExamPart::Skill => Ok(Part::Skill),
        ExamPart::Review => Ok(Part::Review),
    }
}

fn kind(given: contract::RulesKind) -> Result<RulesKind, RulesRejection> {
    match given {
        contract::RulesKind::Unspecified => Err(RulesRejection::RulesKindUnknown),
        contract::RulesKind::ExamAffairs => Ok(RulesKind::ExamAffairs),
        contract::RulesKind::Quality => Ok(RulesKind::Quality),
        contract::RulesKind::Certificates => Ok(RulesKind::Certificates),
        contract::RulesKind::Fees => Ok(RulesKind::Fees),
    }
}

/// How many versions came on the pages before.
fn position(token: &str) -> Result<usize, ()> {
    let position = token.strip_prefix("rules-");
    position
        .and_then(|position| position.parse().ok())
        .ok_or(())
}
