//! Rows of a roster and pages of one, as requests write them.

use kernel::citizen_id::CitizenId;
use kernel::ids::{CandidateId, PlanId};
use kernel::person_name::PersonName;
use kernel::rejection::{FaultList, Faults};
use proto::exam::v1::{ListRosterRequest, RosterCandidate};
use uuid::Uuid;

use super::parse::fresh_salt;
use crate::domain::rejection::RosterRejection;
use crate::domain::roster::{Applicant, TicketNumber};

/// Entries of a page when nothing is said.
const DEFAULT_PAGE: u32 = 100;
/// Entries of a page at most.
const LARGEST_PAGE: u32 = 500;

/// Rows to be admitted. What cannot be read is told by the domain, together with all else.
pub(super) fn applicants(given: &[RosterCandidate]) -> Vec<Applicant> {
    let applicant = |row: &RosterCandidate| Applicant {
        id: CandidateId::from_uuid(Uuid::now_v7()),
        name: PersonName::parse(&row.name),
        citizen_id: CitizenId::parse(&row.citizen_id),
        subject: row.subject,
        salt: fresh_salt(),
    };
    given.iter().map(applicant).collect()
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
    let mut faults = FaultList::default();
    let id = faults.take("plan_id", PlanId::parse(&request.plan_id));
    let fits = request.page_size <= LARGEST_PAGE;
    faults.require(
        fits,
        "page_size",
        &RosterRejection::PageSize {
            limit: LARGEST_PAGE,
        },
    );
    let token = request.page_token.as_str();
    let after = TicketNumber::parse(token);
    let readable = token.is_empty() || after.is_some();
    faults.require(readable, "page_token", &RosterRejection::PageToken);
    faults.finish()?;
    let Some(id) = id else {
        unreachable!("a missing id is a fault, and there was none")
    };
    let size = if request.page_size == 0 {
        DEFAULT_PAGE
    } else {
        request.page_size
    };
    Ok(Page { id, after, size })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_cannot_be_is_told_all_its_faults() {
        let request = ListRosterRequest {
            plan_id: "plan".to_owned(),
            page_size: 501,
            page_token: "next".to_owned(),
        };
        let codes = page(&request).expect_err("refused").codes();
        assert_eq!(
            codes,
            ["ID_PREFIX", "ROSTER_PAGE_SIZE", "ROSTER_PAGE_TOKEN"]
        );
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
