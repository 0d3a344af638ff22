//! What this service asks its neighbours: the roster, the organisation, the right.
//!
//! Their answers are parsed like any other input; one that cannot be read is a fault of the
//! platform, never of the caller. No answer is never a yes.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{CandidateId, OrganizationId, PlanId, RightId};
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::person_name::PersonName;
use kernel::rejection::Rejection;
use platform::client::{Neighbour, away};
use platform::{Error, Result, contract};
use proto::exam::v1 as exam;
use proto::exam::v1::plan_service_client::PlanServiceClient;
use proto::registry::v1 as registry;
use proto::registry::v1::catalogue_service_client::CatalogueServiceClient;
use proto::registry::v1::organization_service_client::OrganizationServiceClient;

use crate::convert;
use crate::domain::batch::Batch;
use crate::domain::exam::{Sitting, Subject};
use crate::domain::issuance::{GrantedRight, NoRight, RightAnswer};
use crate::domain::person::Person;
use crate::domain::rejection::BatchRejection;
use crate::domain::result::PartResult;
use crate::domain::roster::{RosterSeal, SealedEntry, commitment, seal};

const PAGE: u32 = 500;
const EXAMS: &str = "exam-scheduling";
const REGISTRY: &str = "registry";

/// The neighbours of this service.
#[derive(Clone)]
pub struct Neighbours {
    plans: PlanServiceClient<Neighbour>,
    organizations: OrganizationServiceClient<Neighbour>,
    catalogue: CatalogueServiceClient<Neighbour>,
}

/// A plan as it was held.
pub(super) struct HeldPlan {
    pub(super) subjects: Vec<Subject>,
    pub(super) sittings: Vec<Sitting>,
}

/// A candidate of the roster.
pub(super) struct Entrant {
    pub(super) candidate: CandidateId,
    pub(super) ticket_number: String,
    pub(super) person: Person,
    pub(super) subject: u16,
    pub(super) parts: Vec<PartResult>,
    commitment: [u8; 32],
}

/// An organisation as the register has it.
pub(super) struct Evaluator {
    pub(super) code: EvaluationOrganizationCode,
    pub(super) name: String,
    pub(super) filing_division: DivisionCode,
}

impl Neighbours {
    /// The neighbours at the ends of these channels.
    pub fn new(exam_scheduling: Neighbour, registry: Neighbour) -> Self {
        Self {
            plans: PlanServiceClient::new(exam_scheduling),
            organizations: OrganizationServiceClient::new(registry.clone()),
            catalogue: CatalogueServiceClient::new(registry),
        }
    }

    /// What was examined, where and when.
    pub(super) async fn plan(&self, plan: PlanId) -> Result<HeldPlan> {
        let request = exam::GetPlanRequest {
            plan_id: plan.to_string(),
        };
        let reply = self.plans.clone().get_plan(request).await;
        let plan = reply
            .map_err(|status| away(EXAMS, status))?
            .into_inner()
            .plan;
        let plan = plan.ok_or_else(|| unreadable("plan"))?;
        let mut sittings = BTreeSet::new();
        for session in &plan.sessions {
            let division = read("division", DivisionCode::parse(&session.division_code))?;
            let held_on = read("date", contract::date(&session.held_on))?;
            sittings.insert(Sitting { division, held_on });
        }
        let sittings: Vec<_> = sittings.into_iter().collect();
        let on = sittings.iter().map(|sitting| sitting.held_on).min();
        let on = on.ok_or_else(|| unreadable("plan"))?;
        let mut subjects = Vec::with_capacity(plan.subjects.len());
        for subject in plan.subjects {
            subjects.push(self.subject(subject, on).await?);
        }
        Ok(HeldPlan { subjects, sittings })
    }

    /// A subject with its occupation's name.
    async fn subject(&self, subject: exam::PlanSubject, on: Date) -> Result<Subject> {
        let request = registry::CheckOccupationRequest {
            occupation: subject.occupation.clone(),
            trade: subject.trade.clone(),
            on: on.to_string(),
        };
        let reply = self.catalogue.clone().check_occupation(request).await;
        let known = reply
            .map_err(|status| away(REGISTRY, status))?
            .into_inner()
            .occupation;
        let occupation = contract::occupation(subject.occupation.as_ref());
        Ok(Subject {
            occupation: read("occupation", occupation)?,
            occupation_name: known.ok_or_else(|| unreadable("occupation"))?.name,
            level: read("level", contract::level(subject.level))?,
            trade: subject.trade,
        })
    }

    /// The whole roster, page by page, with its seal: the same on every page, and that of what
    /// came.
    pub(super) async fn roster(&self, plan: PlanId) -> Result<(Vec<Entrant>, RosterSeal)> {
        let mut entrants: Vec<Entrant> = Vec::new();
        let mut stated: Option<RosterSeal> = None;
        let mut page_token = String::new();
        loop {
            let request = exam::ListRosterRequest {
                plan_id: plan.to_string(),
                page_size: PAGE,
                page_token,
            };
            let reply = self.plans.clone().list_roster(request).await;
            let page = reply.map_err(|status| away(EXAMS, status))?.into_inner();
            let of_page = seal_of(&page)?;
            stated
                .get_or_insert_with(|| of_page.clone())
                .matches(&of_page)
                .map_err(Error::refused)?;
            for entry in page.entries {
                entrants.push(entrant(entry)?);
            }
            if entrants.len() > of_page.entries {
                return Err(Error::refused(BatchRejection::RosterMismatch));
            }
            if page.next_page_token.is_empty() {
                let came = seal(entrants.iter().map(Entrant::sealed));
                of_page.matches(&came).map_err(Error::refused)?;
                return Ok((entrants, came));
            }
            page_token = page.next_page_token;
        }
    }

    /// An organisation with its code.
    pub(super) async fn organization(&self, id: OrganizationId) -> Result<Evaluator> {
        let request = registry::GetOrganizationRequest {
            organization_id: id.to_string(),
        };
        let reply = self.organizations.clone().get_organization(request).await;
        let found = reply
            .map_err(|status| away(REGISTRY, status))?
            .into_inner()
            .organization;
        let found = found.ok_or_else(|| unreadable("organisation"))?;
        let code = EvaluationOrganizationCode::parse(&found.organization_code);
        Ok(Evaluator {
            code: read("organisation code", code)?,
            name: found.name,
            filing_division: read("division", DivisionCode::parse(&found.filing_division))?,
        })
    }

    /// Whether an organisation is an evaluation organisation no longer (取消备案).
    pub(super) async fn is_withdrawn(&self, id: OrganizationId) -> Result<bool> {
        let request = registry::GetOrganizationRequest {
            organization_id: id.to_string(),
        };
        let reply = self.organizations.clone().get_organization(request).await;
        let found = reply.map_err(|status| away(REGISTRY, status))?.into_inner();
        let found = found
            .organization
            .ok_or_else(|| unreadable("organisation"))?;
        Ok(found.standing() == registry::OrganizationStanding::Withdrawn)
    }

    /// Whether certificates may be issued by right: for every subject, on each day and in each place
    /// of the exam. Whether anything stands against it today, the register judges with each.
    pub(super) async fn rights(
        &self,
        batch: &Batch,
        subjects: &[(u16, Subject)],
        sittings: &[Sitting],
    ) -> Result<Vec<RightAnswer>> {
        let mut answers = Vec::with_capacity(subjects.len() * sittings.len());
        for (index, subject) in subjects {
            for at in sittings {
                let right = self.right(batch, subject, at).await?;
                answers.push(RightAnswer {
                    subject: *index,
                    on: at.held_on,
                    right,
                });
            }
        }
        Ok(answers)
    }

    async fn right(
        &self,
        batch: &Batch,
        subject: &Subject,
        at: &Sitting,
    ) -> Result<Result<GrantedRight, NoRight>> {
        let request = registry::CheckRightRequest {
            organization_id: batch.organization.to_string(),
            occupation: Some(contract::occupation_message(&subject.occupation)),
            trade: subject.trade.clone(),
            level: contract::level_message(subject.level).into(),
            division_code: at.division.to_string(),
            on: at.held_on.to_string(),
            purpose: registry::RightPurpose::Issue.into(),
        };
        let reply = self.organizations.clone().check_right(request).await;
        let answer = reply.map_err(|status| away(REGISTRY, status))?.into_inner();
        if !answer.held {
            return Ok(Err(NoRight {
                zh: answer.reason_zh,
                en: answer.reason_en,
            }));
        }
        Ok(Ok(GrantedRight {
            right: read("right", RightId::parse(&answer.right_id))?,
            organization_version: answer.organization_version,
            organization_name: answer.organization_name,
        }))
    }
}

impl Entrant {
    fn sealed(&self) -> SealedEntry<'_> {
        SealedEntry {
            candidate: self.candidate,
            ticket_number: &self.ticket_number,
            subject: self.subject,
            commitment: self.commitment,
            parts: &self.parts,
        }
    }
}

fn seal_of(page: &exam::ListRosterResponse) -> Result<RosterSeal> {
    let digest = <[u8; 32]>::try_from(&page.roster_digest[..]);
    Ok(RosterSeal {
        entries: usize::try_from(page.total).map_err(anyhow::Error::from)?,
        digest: digest.map_err(|_| unreadable("roster digest"))?,
    })
}

fn entrant(entry: exam::RosterEntry) -> Result<Entrant> {
    let mut parts = Vec::with_capacity(entry.attendance.len());
    for attended in &entry.attendance {
        let part = convert::part(attended.part());
        let attendance = convert::attendance(attended.attendance());
        parts.push(PartResult::examined(
            part.ok_or_else(|| unreadable("part"))?,
            attendance.ok_or_else(|| unreadable("attendance"))?,
        ));
    }
    parts.sort_by_key(|part| part.part);
    let document = contract::document(&entry.citizen_id, entry.document.as_ref());
    let document = document.map_err(|_| unreadable("document"))?;
    Ok(Entrant {
        commitment: commitment(&entry.salt, &document.key(), &entry.name),
        candidate: read("candidate", CandidateId::parse(&entry.candidate_id))?,
        ticket_number: entry.ticket_number,
        person: Person {
            name: read("name", PersonName::parse(&entry.name))?,
            document,
        },
        subject: u16::try_from(entry.subject).map_err(|_| unreadable("subject"))?,
        parts,
    })
}

fn read<T, R: Rejection>(what: &'static str, parsed: Result<T, R>) -> Result<T> {
    parsed.map_err(|_| unreadable(what))
}

fn unreadable(what: &'static str) -> Error {
    Error::Internal(anyhow::anyhow!("a neighbour's {what} is not readable"))
}
