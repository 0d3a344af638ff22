//! The public directory.

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::organization_code::EvaluationOrganizationCode;
use platform::access::{Caller, Scope};
use platform::unit::Begun;
use platform::{Error, Result};
use proto::registry::v1 as contract;

use super::{App, THE_ONE};
use crate::domain::directory::{self, DirectoryFact};
use crate::store;
use crate::store::organization::Found;

/// A stretch of the directory.
pub(crate) struct DirectoryPage {
    pub(crate) entries: Vec<Found>,
    pub(crate) edition: u32,
    pub(crate) published_on: Option<Date>,
    /// Whether there are more behind the last one.
    pub(crate) more: bool,
}

impl App {
    /// Publishes the next edition: every organisation that was reported.
    pub(crate) async fn publish_directory(
        &self,
        caller: &Caller,
        request: &contract::PublishDirectoryRequest,
    ) -> Result<contract::PublishDirectoryResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut locked = unit.lock("directory", THE_ONE).await?;
        let last = store::directory::last_edition(unit.connection()).await?;
        let reported = store::directory::reported(unit.connection()).await?;
        let organizations = u32::try_from(reported.len()).map_err(anyhow::Error::from)?;
        let today = unit.origin().occurred_at.date();
        let fact = directory::publish(last.map_or(0, |last| last.edition), organizations, today)
            .map_err(Error::refused)?;
        let DirectoryFact::DirectoryPublished {
            edition,
            organizations,
            on,
        } = fact;
        store::directory::insert(unit.connection(), edition, on, &reported).await?;
        unit.record(&mut locked, &[fact]).await?;
        unit.finish(contract::PublishDirectoryResponse {
            edition,
            organizations,
        })
        .await
    }

    /// A page of the newest edition: what stands after an organisation code.
    pub(crate) async fn directory(
        &self,
        filing_division: Option<DivisionCode>,
        after: Option<EvaluationOrganizationCode>,
        page_size: u32,
    ) -> Result<DirectoryPage> {
        let mut connection = self.journal.pool().acquire().await?;
        let Some(last) = store::directory::last_edition(&mut connection).await? else {
            return Ok(DirectoryPage {
                entries: Vec::new(),
                edition: 0,
                published_on: None,
                more: false,
            });
        };
        let area = filing_division.as_ref().map(DivisionCode::as_str);
        let after = after
            .as_ref()
            .map_or("", EvaluationOrganizationCode::as_str);
        let limit = i64::from(page_size) + 1;
        let mut ids =
            store::directory::entries(&mut connection, last.edition, area, after, limit).await?;
        let more = ids.len() > page_size as usize;
        ids.truncate(page_size as usize);
        // What is in the directory is everybody's to see.
        let entries =
            store::organization::find_all(&mut connection, &Scope::Province, &ids).await?;
        Ok(DirectoryPage {
            entries,
            edition: last.edition,
            published_on: Some(last.published_on),
            more,
        })
    }
}
