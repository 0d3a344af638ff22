//! Rows of a roster and pages of one, as requests write them.

use kernel::ids::{CandidateId, PlanId};
use kernel::person_name::PersonName;
use kernel::rejection::{FaultList, Faults, Rejection};
use platform::contract::{document, page_size, page_token};
use platform::unit::parsed;
use proto::exam::v1::{
    ImportRosterRequest, ListRosterRequest, RemoveCandidateRequest, RosterCandidate,
};
use uuid::Uuid;

use super::parse::{fresh_salt, optional};
use super::{all_there, claim, plan_id};
use crate::domain::intake::{all_or_none, check_size, judge_form};
use crate::domain::rejection::RosterRejection;
use crate::domain::roster::{Applicant, LONGEST_PROGRAMME, MOST_ROWS, TicketNumber};

/// The rows for a plan. What is wrong with them the domain tells, together with what the plan has
/// against them; only where the call does not get so far is it told here.
pub(super) fn import(request: &ImportRosterRequest) -> platform::Result<(PlanId, Vec<Applicant>)> {
    let rows = || applicants(&request.candidates);
    let with_form = || {
        let mut faults = FaultList::default();
        let id = faults.take("plan_id", PlanId::parse(&request.plan_id));
        if let Err(refused) = check_form(rows()) {
            faults.extend(refused);
        }
        all_there(faults, id)
    };
    let id = parsed(request, plan_id(&request.plan_id));
    let id = id.or_else(|_| parsed(request, with_form()))?;
    Ok((id, rows()))
}

/// What is wrong with rows whatever their plan says.
fn check_form(rows: Vec<Applicant>) -> Result<(), Faults> {
    check_size(rows.len())?;
    all_or_none(&judge_form(rows), |row, field| {
        format!("candidates[{row}].{field}")
    })
}

/// Rows to be admitted.
fn applicants(given: &[RosterCandidate]) -> Vec<Applicant> {
    // One more than a call takes tells that there are too many; all of them could be very many.
    let given = given.iter().take(MOST_ROWS + 1);
    given
        .enumerate()
        .map(|(number, row)| applicant(number, row))
        .collect()
}

fn applicant(number: usize, row: &RosterCandidate) -> Applicant {
    let mut faults = FaultList::default();
    let name = faults.take("name", PersonName::parse(&row.name));
    let document = document(&row.citizen_id, row.document.as_ref());
    let document = document.map_err(|refused| faults.extend(refused)).ok();
    let claim = claim::claim(row.claim.as_ref(), &mut faults);
    let group = faults.take("group", claim::group(row.group));
    let programme = optional(&row.training_programme, LONGEST_PROGRAMME);
    let programme = faults.take("training_programme", programme);
    Applicant {
        id: CandidateId::from_uuid(Uuid::now_v7()),
        number,
        salt: fresh_salt(),
        name,
        document,
        subject: Some(row.subject),
        claim,
        group: group.unwrap_or_default(),
        programme: programme.unwrap_or_default(),
        faults,
    }
}

/// Which candidate of which plan.
pub(super) fn candidate(request: &RemoveCandidateRequest) -> Result<(PlanId, CandidateId), Faults> {
    let mut faults = FaultList::default();
    let plan = faults.take("plan_id", PlanId::parse(&request.plan_id));
    let candidate = faults.take("candidate_id", CandidateId::parse(&request.candidate_id));
    all_there(faults, plan.zip(candidate))
}

/// Which page of which roster.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) id: PlanId,
    /// The last ticket number of the page before, which is what its token holds.
    pub(super) after: Option<TicketNumber>,
    pub(super) size: u32,
}

/// Reads the request for a page.
pub(super) fn page(request: &ListRosterRequest) -> Result<Page, Faults> {
    let (plan, token) = (&request.plan_id, &request.page_token);
    roster_page(
        plan,
        (token, request.page_size),
        &RosterRejection::PageToken,
    )
}

/// A page of anything that is read in order of ticket numbers.
pub(super) fn roster_page(
    plan: &str,
    (token, size): (&str, u32),
    unreadable: &impl Rejection,
) -> Result<Page, Faults> {
    let mut faults = FaultList::default();
    let id = faults.take("plan_id", PlanId::parse(plan));
    let read = |token: &str| TicketNumber::parse(token).ok_or(());
    let after = page_token(token, read, unreadable, &mut faults);
    let id = all_there(faults, id)?;
    let size = page_size(size);
    Ok(Page { id, after, size })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_cannot_be_is_told_all_its_faults() {
        let request = ListRosterRequest {
            plan_id: "plan".to_owned(),
            page_token: "next".to_owned(),
            ..ListRosterRequest::default()
        };
        let codes = page(&request).expect_err("refused").codes();
        assert_eq!(codes, ["ID_PREFIX", "ROSTER_PAGE_TOKEN"]);
    }

    #[test]
    fn a_page_has_a_hundred_entries_when_nothing_is_said() {
        let plan_id = PlanId::from_uuid(Uuid::nil()).to_string();
        let request = ListRosterRequest {
            plan_id,
            ..ListRosterRequest::default()
        };
        assert_eq!(page(&request).expect("the first page").size, 100);
    }
}
