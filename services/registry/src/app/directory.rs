//! The public directory.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::ids::MeasureId;
use kernel::organization_code::EvaluationOrganizationCode;
use platform::access::{Caller, Scope};
use platform::unit::Begun;
use platform::{Error, Result};
use proto::registry::v1 as contract;

use super::{App, THE_ONE};
use crate::domain::directory::{self, DirectoryFact, DirectoryRejection, Search};
use crate::store;
use crate::store::change::Change;
use crate::store::history::Happened;
use crate::store::measure;
use crate::store::organization::Found;
use crate::store::rules::Published;

/// An organisation of the directory with all that the public may know.
pub(crate) struct DirectoryEntry {
    pub(crate) found: Found,
    /// In force today, with text and fees.
    pub(crate) rules: Vec<Published>,
    pub(crate) changes: Vec<Change>,
    pub(crate) measures: Vec<measure::Found>,
    pub(crate) history: Vec<Happened>,
    pub(crate) today: Date,
}

/// A stretch of the directory.
pub(crate) struct DirectoryPage {
    /// The day for which standings are told.
    pub(crate) today: Date,
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
        let last = store::directory::last_published(unit.connection()).await?;
        let today = unit.origin().occurred_at.date();
        let reported = store::directory::reported(unit.connection(), today).await?;
        let fact = directory::publish(&last, &reported, today).map_err(Error::refused)?;
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

    /// A page of the newest edition: what is searched for and stands after an organisation code.
    pub(crate) async fn directory(
        &self,
        search: &Search,
        after: Option<EvaluationOrganizationCode>,
        page_size: u32,
    ) -> Result<DirectoryPage> {
        let today = self.journal.clock().today()?;
        let mut connection = self.journal.pool().acquire().await?;
        let mut page = DirectoryPage {
            entries: Vec::new(),
            edition: 0,
            published_on: None,
            more: false,
            today,
        };
        let Some(last) = store::directory::last_edition(&mut connection).await? else {
            return Ok(page);
        };
        page.edition = last.edition;
        page.published_on = Some(last.published_on);
        let size = usize::try_from(page_size).map_err(anyhow::Error::from)?;
        let limit = i64::from(page_size) + 1;
        let mut after = after.map(|code| code.to_string()).unwrap_or_default();
        // The standing follows from measures by a rule of ours, so that it is judged here: there may
        // have to be another stretch before a page is full.
        while page.entries.len() <= size {
            let ids = store::directory::search(
                &mut connection,
                last.edition,
                search,
                today,
                &after,
                limit,
            )
            .await?;
            // What is in the directory is everybody's to see.
            let found =
                store::organization::find_all(&mut connection, &Scope::Province, &ids).await?;
            let Some(furthest) = found.last() else {
                break;
            };
            after = furthest.organization.code.to_string();
            let is_last = found.len() <= size;
            let wanted = |found: &Found| {
                let standing = found.organization.standing(today);
                search.standing.is_none_or(|wanted| wanted == standing)
            };
            page.entries.extend(found.into_iter().filter(wanted));
            if is_last {
                break;
            }
        }
        page.more = page.entries.len() > size;
        page.entries.truncate(size);
        Ok(page)
    }

    /// An organisation of the newest edition, with its rules in force and its history.
    pub(crate) async fn directory_entry(
        &self,
        code: EvaluationOrganizationCode,
    ) -> Result<DirectoryEntry> {
        let today = self.journal.clock().today()?;
        let mut connection = self.journal.pool().acquire().await?;
        let nowhere = || Error::refused(DirectoryRejection::DirectoryEntryNotFound);
        let last = store::directory::last_edition(&mut connection).await?;
        let edition = last.ok_or_else(nowhere)?.edition;
        let id = store::directory::find(&mut connection, edition, &code).await?;
        let id = id.ok_or_else(nowhere)?;
        let found = store::organization::find(&mut connection, &Scope::Province, id).await?;
        let mut rules = in_force(store::rules::all(&mut connection, id).await?, today);
        for published in &mut rules {
            store::rules::fill(&mut connection, id, published).await?;
        }
        let changes = store::change::page(&mut connection, id, None, i64::from(u16::MAX)).await?;
        let measures = measure::page(&mut connection, id, None, i64::from(u16::MAX)).await?;
        let history = store::history::of(&mut connection, id).await?;
        Ok(DirectoryEntry {
            found,
            rules,
            changes,
            measures,
            history,
            today,
        })
    }

    /// Announcements before one of them, the newest first, with the organisations that they are
    /// about; and whether there are more.
    pub(crate) async fn announcements(
        &self,
        before: Option<MeasureId>,
        page_size: u32,
    ) -> Result<(Vec<(measure::Found, Found)>, bool)> {
        let mut connection = self.journal.pool().acquire().await?;
        let limit = i64::from(page_size) + 1;
        let mut measures = measure::announced(&mut connection, before, limit).await?;
        let size = usize::try_from(page_size).map_err(anyhow::Error::from)?;
        let more = measures.len() > size;
        measures.truncate(size);
        let mut announced = Vec::with_capacity(measures.len());
        for measure in measures {
            let id = measure.organization_id;
            let found = store::organization::find(&mut connection, &Scope::Province, id).await?;
            announced.push((measure, found));
        }
        Ok((announced, more))
    }
}

/// Of each kind the version in force on a day.
pub(super) fn in_force(versions: Vec<Published>, on: Date) -> Vec<Published> {
    let mut kinds = BTreeSet::new();
    // By kind, the newest first: the first that has begun is the one.
    versions
        .into_iter()
        .filter(|version| version.in_force_from <= on && kinds.insert(version.kind))
        .collect()
}
