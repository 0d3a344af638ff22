//! The calendar of exams, for the public.

use kernel::ids::SessionId;
use platform::Result;
use proto::exam::v1 as contract;

use super::{App, reply};
use crate::store::calendar::{self, Listed, Listing};

impl App {
    /// Sessions of plans in force, in the order of their days, from behind one of them on.
    pub(crate) async fn exams(
        &self,
        listing: Listing,
        after: Option<SessionId>,
        size: u32,
    ) -> Result<contract::ListExamsResponse> {
        let mut connection = self.journal.pool().acquire().await?;
        let limit = i64::from(size) + 1;
        let mut found = calendar::page(&mut connection, listing, after, limit).await?;
        let more = found.len() > size as usize;
        found.truncate(size as usize);
        let last = found.last().filter(|_| more);
        Ok(contract::ListExamsResponse {
            next_page_token: last
                .map(|last| last.session.to_string())
                .unwrap_or_default(),
            exams: found.iter().map(exam).collect(),
        })
    }
}

fn exam(listed: &Listed) -> contract::Exam {
    contract::Exam {
        organization_code: listed.organization_code.to_string(),
        organization_id: listed.organization_id.to_string(),
        subjects: listed.subjects.iter().map(reply::subject).collect(),
        part: reply::part(listed.part).into(),
        held_on: listed.held_on.to_string(),
        starts_at: reply::hour(listed.starts_at),
        ends_at: reply::hour(listed.ends_at),
        site: listed.site.clone(),
        division_code: listed.division.to_string(),
        seats: listed.seats,
        completed: listed.completed,
    }
}
