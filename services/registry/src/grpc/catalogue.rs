//! Reference data over gRPC.

use kernel::occupation::{Edition, OccupationCode};
use kernel::rejection::FaultList;
use kernel::working_day::DeadlineRule as Rule;
use platform::Error;
use platform::contract::{
    FieldRejection, date, deadline_message, occupation, occupation_message, page_size,
};
use proto::common::v1 as common;
use proto::registry::v1::catalogue_service_server::CatalogueService;
use proto::registry::v1::{
    CheckOccupationRequest, CheckOccupationResponse, DeadlineRule, Division,
    ExplainDeadlineRequest, ExplainDeadlineResponse, ListDivisionsRequest, ListDivisionsResponse,
    ListOccupationsRequest, ListOccupationsResponse, Occupation,
};
use tonic::{Request, Response, Status};

use super::Registry;
use crate::domain::catalogue::{self, Catalogue};
use crate::domain::directory::DirectoryRejection;

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
        let catalogue = self.app.catalogue();
        let verdict = catalogue.judge(&key, &request.trade, on);
        let basis = verdict.as_ref().ok().and_then(|found| found.basis_name());
        Ok(Response::new(CheckOccupationResponse {
            occupation: catalogue.find(&key).map(|found| message(catalogue, found)),
            evaluable: verdict.is_ok(),
            reason: catalogue::reason(&verdict).to_owned(),
            basis: match basis {
                Some(_) => common::BasisKind::NationalStandard.into(),
                None => common::BasisKind::Unspecified.into(),
            },
            basis_name: basis.unwrap_or_default(),
            levels: Vec::new(),
        }))
    }

    async fn list_occupations(
        &self,
        request: Request<ListOccupationsRequest>,
    ) -> Result<Response<ListOccupationsResponse>, Status> {
        let request = request.get_ref();
        let mut faults = FaultList::default();
        let edition = match request.edition {
            0 => Some(Edition::OF_2015),
            year => faults.take("edition", Edition::parse(&year.to_string())),
        };
        let after = match request.page_token.as_str() {
            "" => None,
            token => {
                let code = OccupationCode::parse(token)
                    .map_err(|_| DirectoryRejection::PageTokenMalformed);
                faults.take("page_token", code)
            }
        };
        faults.finish().map_err(Error::from)?;
        let edition = edition.unwrap_or(Edition::OF_2015);
        let catalogue = self.app.catalogue();
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
                .map(|row| message(catalogue, row))
                .collect(),
            next_page_token,
        }))
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
    })
}

fn message(catalogue: &Catalogue, row: &catalogue::Occupation) -> Occupation {
    Occupation {
        occupation: Some(occupation_message(&row.occupation)),
        name: row.name.clone(),
        trades: row.trades.clone(),
        access_type_trades: catalogue.access_type_trades(&row.occupation),
        verified: row.verified,
        standard_year: row.standard_year.unwrap_or_default().into(),
        note: row.note.clone(),
    }
}
