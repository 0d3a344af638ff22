//! Reference data over gRPC.

use futures::StreamExt;
use kernel::occupation::{Edition, OccupationCode, OccupationRejection};
use kernel::rejection::{FaultList, Faults};
use kernel::working_day::DeadlineRule as Rule;
use platform::Error;
use platform::access::caller_of;
use platform::contract::{
    FieldRejection, date, deadline_message, level_message, line, occupation, page_size, page_token,
};
use platform::upload::{Part, form};
use proto::common::v1 as common;
use proto::registry::v1::catalogue_service_server::CatalogueService;
use proto::registry::v1::import_catalogue_edition_request as sent;
use proto::registry::v1::{
    CatalogueEditionHeader, CheckOccupationRequest, CheckOccupationResponse, DeadlineRule,
    Division, ExplainDeadlineRequest, ExplainDeadlineResponse, ImportCatalogueEditionRequest,
    ImportCatalogueEditionResponse, ListCatalogueEditionsRequest, ListCatalogueEditionsResponse,
    ListDivisionsRequest, ListDivisionsResponse, ListOccupationsRequest, ListOccupationsResponse,
};
use tonic::{Request, Response, Status, Streaming};

use super::{Registry, all_there};
use crate::app::NewEdition;
use crate::domain::catalogue;
use crate::domain::directory::DirectoryRejection;
use crate::{messages, sheets};

/// Characters of the document behind an edition.
const SOURCE: usize = 200;

#[tonic::async_trait]
impl CatalogueService for Registry {
    async fn check_occupation(
        &self,
        request: Request<CheckOccupationRequest>,
    ) -> Result<Response<CheckOccupationResponse>, Status> {
        let request = request.get_ref();
        let mut faults = FaultList::default();
        let key = faults.take("occupation", occupation(request.occupation.as_ref()));
        let on = faults.take("on", date(&request.on));
        faults.finish().map_err(Error::from)?;
        let (Some(key), Some(on)) = (key, on) else {
            unreachable!("a missing value is a fault, and there was none")
        };
        let catalogue = self.app.catalogue().await?;
        let verdict = catalogue.judge(&key, &request.trade, on);
        let found = verdict.as_ref().ok();
        let basis = found.and_then(|found| found.basis_name());
        let levels = found.into_iter().flat_map(|found| &found.levels);
        Ok(Response::new(CheckOccupationResponse {
            occupation: catalogue
                .find(&key)
                .map(|found| messages::catalogue::occupation(&catalogue, found)),
            evaluable: verdict.is_ok(),
            reason: catalogue::reason(&verdict).to_owned(),
            basis: match basis {
                Some(_) => common::BasisKind::NationalStandard.into(),
                None => common::BasisKind::Unspecified.into(),
            },
            basis_name: basis.unwrap_or_default(),
            levels: levels.map(|level| level_message(*level).into()).collect(),
            superseded: catalogue.has_another_in_force(&key, on),
        }))
    }

    async fn list_occupations(
        &self,
        request: Request<ListOccupationsRequest>,
    ) -> Result<Response<ListOccupationsResponse>, Status> {
        let request = request.get_ref();
        let mut faults = FaultList::default();
        let edition = match request.edition {
            0 => None,
            year => faults.take("edition", edition(year)),
        };
        let after = page_token(
            &request.page_token,
            OccupationCode::parse,
            &DirectoryRejection::PageTokenMalformed,
            &mut faults,
        );
        faults.finish().map_err(Error::from)?;
        let catalogue = self.app.catalogue().await?;
        let today = self.app.today()?;
        let edition = edition.unwrap_or_else(|| catalogue.in_force_on(today).edition);
        let size = page_size(request.page_size) as usize;
        let mut found = catalogue.after(edition, after);
        let page: Vec<_> = found.by_ref().take(size).collect();
        let next_page_token = match (page.last(), found.next()) {
            (Some(last), Some(_)) => last.occupation.code.to_string(),
            _ => String::new(),
        };
        Ok(Response::new(ListOccupationsResponse {
            occupations: page
                .into_iter()
                .map(|row| messages::catalogue::occupation(&catalogue, row))
                .collect(),
            next_page_token,
        }))
    }

    async fn import_catalogue_edition(
        &self,
        request: Request<Streaming<ImportCatalogueEditionRequest>>,
    ) -> Result<Response<ImportCatalogueEditionResponse>, Status> {
        let (_, extensions, parts) = request.into_parts();
        let parts = parts.map(|sent| sent.map(part));
        let (header, new, file) =
            form(parts, sheets::catalogue::LIMITS.bytes, parse_header).await?;
        let caller = caller_of(&extensions);
        let reply = self
            .app
            .import_catalogue_edition(caller, &header, new, file)
            .await?;
        Ok(Response::new(reply))
    }

    async fn list_catalogue_editions(
        &self,
        _request: Request<ListCatalogueEditionsRequest>,
    ) -> Result<Response<ListCatalogueEditionsResponse>, Status> {
        Ok(Response::new(self.app.catalogue_editions().await?))
    }

    async fn list_divisions(
        &self,
        _request: Request<ListDivisionsRequest>,
    ) -> Result<Response<ListDivisionsResponse>, Status> {
        let divisions = self.app.divisions().iter().map(|division| Division {
            code: division.code.to_string(),
            name: division.name.clone(),
            organization_code_part: division.organization_code_part.clone(),
            current: division.is_current(),
        });
        Ok(Response::new(ListDivisionsResponse {
            divisions: divisions.collect(),
        }))
    }

    async fn explain_deadline(
        &self,
        request: Request<ExplainDeadlineRequest>,
    ) -> Result<Response<ExplainDeadlineResponse>, Status> {
        let request = request.get_ref();
        let mut faults = FaultList::default();
        let from = faults.take("from", date(&request.from));
        let rule = faults.take("rule", deadline_rule(request.rule()));
        let as_of = match request.as_of.as_str() {
            "" => None,
            given => faults.take("as_of", date(given)),
        };
        faults.finish().map_err(Error::from)?;
        let (Some(from), Some(rule)) = (from, rule) else {
            unreachable!("a missing value is a fault, and there was none")
        };
        let deadline = self.app.deadline(rule, from, as_of).await?;
        Ok(Response::new(ExplainDeadlineResponse {
            deadline: Some(deadline_message(&deadline)),
            parameter: rule.parameter().name().to_owned(),
            working_days: deadline.working_days.into(),
            interpretation: rule.parameter().is_interpretation(),
        }))
    }
}

fn deadline_rule(given: DeadlineRule) -> Result<Rule, FieldRejection> {
    Ok(match given {
        DeadlineRule::Unspecified => return Err(FieldRejection::Required),
        DeadlineRule::ResultNotice => Rule::ResultNotice,
        DeadlineRule::PlanHandIn => Rule::PlanHandIn,
        DeadlineRule::SelectionNotice => Rule::SelectionNotice,
        DeadlineRule::ApplicationCheck => Rule::ApplicationCheck,
        DeadlineRule::ApplicationCorrection => Rule::ApplicationCorrection,
        DeadlineRule::ObjectionAnswer => Rule::ObjectionAnswer,
        DeadlineRule::ObjectionResolution => Rule::ObjectionResolution,
        DeadlineRule::CityReport => Rule::CityReport,
        DeadlineRule::CityReportCorrection => Rule::CityReportCorrection,
        DeadlineRule::Consultation => Rule::Consultation,
        DeadlineRule::InspectionReport => Rule::InspectionReport,
        DeadlineRule::InspectionPublication => Rule::InspectionPublication,
        DeadlineRule::Rectification => Rule::Rectification,
        DeadlineRule::ComplaintAcceptance => Rule::ComplaintAcceptance,
        DeadlineRule::ComplaintAnswer => Rule::ComplaintAnswer,
        DeadlineRule::RiskAlert => Rule::RiskAlert,
        DeadlineRule::ChangeReview => Rule::ChangeReview,
        DeadlineRule::ResultUpload => Rule::ResultUpload,
        DeadlineRule::ResultReview => Rule::ResultReview,
        DeadlineRule::ResultCorrection => Rule::ResultCorrection,
        DeadlineRule::RevocationHearing => Rule::RevocationHearing,
    })
}

/// What a message brings.
fn part(request: ImportCatalogueEditionRequest) -> Option<Part<CatalogueEditionHeader>> {
    Some(match request.part? {
        sent::Part::Header(header) => Part::Header(header),
        sent::Part::Content(piece) => Part::Content(piece),
    })
}

fn parse_header(header: &CatalogueEditionHeader) -> Result<NewEdition, Faults> {
    let mut faults = FaultList::default();
    let edition = faults.take("edition", edition(header.edition));
    let in_force_from = faults.take("in_force_from", date(&header.in_force_from));
    let source = faults.take("source", line(&header.source, SOURCE));
    let ((edition, in_force_from), source) =
        all_there(faults, edition.zip(in_force_from).zip(source))?;
    Ok(NewEdition {
        edition,
        in_force_from,
        source,
    })
}

fn edition(year: u32) -> Result<Edition, OccupationRejection> {
    let year = u16::try_from(year).map_err(|_| OccupationRejection::Edition)?;
    Edition::of_year(year)
}
