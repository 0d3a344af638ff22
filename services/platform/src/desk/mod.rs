//! The desk (待办): what waits for whoever asks, by the day on which it is due.
//!
//! Nothing is kept for it, so nothing can be forgotten or stay behind: each service says in SQL, as
//! the view `platform.desk`, what of its own records waits and for whom, and names the kinds of it
//! ([`Kind`]). [`Desk`] reads the view for a caller. A day that the records do not hold is counted
//! here, by the calendar as it is now.

mod page;
mod store;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{OrganizationId, TypedId};
use kernel::rejection::{FaultList, Faults};
use kernel::rejections;
use proto::common::v1 as common;
use proto::common::v1::desk_service_server::{DeskService, DeskServiceServer};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use crate::access::{Caller, Role, caller};
use crate::contract::{deadline_message, page_size, page_token};
use crate::error::{Error, Result};
use crate::unit::Journal;
use page::After;
use store::{Counts, Item};

rejections! {
    /// Why a desk is not shown.
    pub enum DeskRejection {
        /// Nothing of this kind ever waits in this service.
        KindUnknown => "DESK_KIND_UNKNOWN", InvalidArgument, "platform",
            "本服务没有这一类待办事项", "nothing of this kind waits in this service";
        /// A page begins where another one of the same list ended.
        PageToken => "DESK_PAGE_TOKEN", InvalidArgument, "platform",
            "page_token 应取自上一页的答复", "a page_token is taken from the response before";
    }
}

/// A kind of thing that waits.
#[derive(Clone, Copy)]
pub struct Kind {
    /// Name for machines, as the view has it.
    pub code: &'static str,
    /// What is to be done, in Chinese.
    pub chinese: &'static str,
    /// What is to be done, in English.
    pub english: &'static str,
    /// How people write the id of the record it is to be done with.
    subject: fn(Uuid) -> String,
    /// Whether it waits no longer than its day: afterwards there is nothing left to be done.
    passes: bool,
}

impl Kind {
    /// A kind of thing that is to be done with a record that has such an id.
    pub const fn of<Id: TypedId>(
        code: &'static str,
        chinese: &'static str,
        english: &'static str,
    ) -> Self {
        Self {
            code,
            chinese,
            english,
            subject: |id| Id::from_uuid(id).to_string(),
            passes: false,
        }
    }

    /// The same, as long as its day has not passed.
    #[must_use]
    pub const fn until_due(self) -> Self {
        Self {
            passes: true,
            ..self
        }
    }
}

/// The desk of a service. Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    journal: Journal,
    kinds: Arc<BTreeMap<&'static str, Kind>>,
    passing: Arc<[String]>,
}

/// For whom something waits, as the view writes it.
struct Seat<'a> {
    whose: &'static str,
    area: Option<DivisionCode>,
    organization: Option<Uuid>,
    subject: &'a str,
    /// Kinds that wait no longer than their day.
    passing: &'a [String],
}

/// What a list shows.
struct Wanted<'a> {
    kind: Option<&'a str>,
    late_only: bool,
    after: Option<After>,
    size: u32,
}

impl Desk {
    /// The desk over a journal, with every kind of thing that waits there.
    pub fn new(journal: Journal, kinds: impl IntoIterator<Item = Kind>) -> Self {
        let kinds: BTreeMap<_, _> = kinds.into_iter().map(|kind| (kind.code, kind)).collect();
        let passing = kinds.values().filter(|kind| kind.passes);
        Self {
            journal,
            passing: passing.map(|kind| kind.code.to_owned()).collect(),
            kinds: Arc::new(kinds),
        }
    }

    /// The service, with messages of at most so many bytes.
    pub fn service(self, most_bytes: usize) -> DeskServiceServer<Self> {
        DeskServiceServer::new(self).max_decoding_message_size(most_bytes)
    }

    fn read<'a>(&self, request: &'a common::ListDeskRequest) -> Result<Wanted<'a>, Faults> {
        let mut faults = FaultList::default();
        let kind = (!request.kind.is_empty()).then_some(request.kind.as_str());
        let known = kind.is_none_or(|kind| self.kinds.contains_key(kind));
        faults.require(known, "kind", &DeskRejection::KindUnknown);
        let refused = DeskRejection::PageToken;
        let after = page_token(&request.page_token, After::parse, &refused, &mut faults);
        faults.finish()?;
        Ok(Wanted {
            kind,
            late_only: request.late_only,
            after,
            size: page_size(request.page_size),
        })
    }

    async fn list(&self, caller: &Caller, wanted: &Wanted<'_>) -> Result<common::ListDeskResponse> {
        let Some(seat) = Seat::of(caller, &self.passing) else {
            return Ok(common::ListDeskResponse::default());
        };
        let today = self.journal.clock().today()?;
        let reference = self.journal.reference().await?;
        // One moment for all that is read: what is done in between waits in both answers or in none.
        let begin = "begin isolation level repeatable read read only";
        let mut reading = self.journal.pool().begin_with(begin).await?;
        let counted = store::count(&mut reading, &seat, &reference, today).await?;
        let counts = store::counts(&mut reading, &seat, &counted, today).await?;
        let mut items = store::page(&mut reading, &seat, &counted, wanted, today).await?;
        reading.commit().await?;
        let more = items.len() > wanted.size as usize;
        items.truncate(wanted.size as usize);
        let next = items.last().filter(|_| more).map(After::item);
        let items = items.into_iter().map(|item| self.item(item, today));
        let counts = counts.into_iter().map(|counts| self.counts(&counts));
        Ok(common::ListDeskResponse {
            items: items.collect::<Result<_>>()?,
            counts: counts.collect::<Result<_>>()?,
            next_page_token: next.map(|next| next.to_string()).unwrap_or_default(),
        })
    }

    fn item(&self, item: Item, today: Date) -> Result<common::DeskItem> {
        let kind = self.kind(&item.kind)?;
        let organization = item.organization.map(OrganizationId::from_uuid);
        Ok(common::DeskItem {
            kind: item.kind,
            title_zh: kind.chinese.to_owned(),
            title_en: kind.english.to_owned(),
            subject_id: (kind.subject)(item.subject),
            organization_id: organization.map(|id| id.to_string()).unwrap_or_default(),
            division_code: item.area.unwrap_or_default(),
            since: item.since.to_string(),
            due_on: item.due_on.map(|day| day.to_string()).unwrap_or_default(),
            due: item.deadline.as_ref().map(deadline_message),
            late: item.due_on.is_some_and(|day| day < today),
        })
    }

    fn counts(&self, counts: &Counts) -> Result<common::DeskCount> {
        let kind = self.kind(&counts.kind)?;
        Ok(common::DeskCount {
            kind: kind.code.to_owned(),
            title_zh: kind.chinese.to_owned(),
            title_en: kind.english.to_owned(),
            waiting: counts.waiting,
            late: counts.late,
        })
    }

    /// A kind that the view has and the service does not name is a defect.
    fn kind(&self, code: &str) -> Result<&Kind> {
        let kind = self.kinds.get(code);
        kind.ok_or_else(|| {
            anyhow::anyhow!("something waits of a kind without a name: {code}").into()
        })
    }
}

impl<'a> Seat<'a> {
    /// Where a caller sits; nowhere without the claim that the role needs.
    fn of(caller: &'a Caller, passing: &'a [String]) -> Option<Self> {
        let (whose, area, organization) = match caller.role {
            Role::Organization => ("organization", None, Some(caller.organization?.uuid())),
            Role::CityCentre | Role::ProvinceCentre => ("centre", Some(caller.centre()?), None),
            // What waits for these waits for them in person, wherever they serve.
            Role::Inspector => ("inspector", None, None),
            Role::Department => ("department", None, None),
            Role::Expert => ("expert", None, None),
            Role::Public | Role::QualitySupervisor | Role::Auditor | Role::Service => return None,
        };
        Some(Self {
            whose,
            area,
            organization,
            subject: &caller.subject,
            passing,
        })
    }
}

#[tonic::async_trait]
impl DeskService for Desk {
    async fn list_desk(
        &self,
        request: Request<common::ListDeskRequest>,
    ) -> Result<Response<common::ListDeskResponse>, Status> {
        let wanted = self.read(request.get_ref()).map_err(Error::from)?;
        Ok(Response::new(self.list(caller(&request), &wanted).await?))
    }
}
