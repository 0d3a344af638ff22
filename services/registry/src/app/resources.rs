//! What organisations have, and who is in the centres' pools: what other services ask before they
//! decide.

use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::division::DivisionCode;
use kernel::ids::OrganizationId;
use platform::Result;
use platform::access::Caller;
use proto::registry::v1 as contract;
use sqlx::PgConnection;

use super::App;
use crate::domain::people::home::Home;
use crate::domain::people::person::Person;
use crate::domain::people::pool::{self, Member, PoolKind, PoolNumber};
use crate::domain::people::resources::Resources;
use crate::messages;
use crate::store;
use crate::store::person::Found;

/// A stretch of a pool.
pub(crate) struct PoolPage {
    pub(crate) members: Vec<contract::PoolMember>,
    /// The last number of the page, where more follow.
    pub(crate) next: Option<PoolNumber>,
    /// All who may be drawn.
    pub(crate) total: u32,
    /// Over all of them.
    pub(crate) digest: ContentHash,
}

impl App {
    /// What an organisation has on a day.
    pub(crate) async fn resources(
        &self,
        caller: &Caller,
        organization: OrganizationId,
        on: Date,
    ) -> Result<Resources> {
        // One moment of the register, so that the digest is over entries that stood together.
        let mut snapshot = self.snapshot().await?;
        let scope = caller.scope();
        store::home::must_see(&mut snapshot, &scope, organization).await?;
        let home = Home::Organization(organization);
        let ids = store::person::at_home(&mut snapshot, home, None, None, i64::MAX).await?;
        let people = store::person::find_all(&mut snapshot, &scope, &ids).await?;
        let people: Vec<Person> = people.into_iter().map(|found| found.person).collect();
        let ids = store::site::of_organization(&mut snapshot, organization, None, i64::MAX).await?;
        let sites = store::site::find_all(&mut snapshot, &scope, &ids).await?;
        let sites = sites.into_iter().map(|found| found.site).collect();
        Ok(Resources::on(on, &people, sites))
    }

    /// A page of those who may be drawn from a pool on a day, from behind a number on.
    pub(crate) async fn pool_page(
        &self,
        caller: &Caller,
        (kind, division, on): (PoolKind, DivisionCode, Date),
        after: Option<&PoolNumber>,
        size: u32,
    ) -> Result<PoolPage> {
        let mut snapshot = self.snapshot().await?;
        let on_post = Some((kind.role(), on));
        let home = Home::Pool(division);
        let ids = store::person::at_home(&mut snapshot, home, on_post, None, i64::MAX).await?;
        let mut found = store::person::find_all(&mut snapshot, &caller.scope(), &ids).await?;
        found.retain(|found| kind.may_draw(&found.person, on));
        let members = members(&mut snapshot, found).await?;
        let digest = pool::digest(members.iter().map(|(member, _)| member));

        let behind = |number: &PoolNumber| after.is_none_or(|after| number > after);
        let mut page = members
            .iter()
            .filter(|(member, _)| behind(&member.entry.number));
        let mut shown = Vec::new();
        for (member, found) in page.by_ref().take(size as usize) {
            let name = self.name(found).await?.masked();
            shown.push((member, messages::people::pool_member(member, name)));
        }
        let last = shown.last().map(|(member, _)| member.entry.number.clone());
        Ok(PoolPage {
            next: last.filter(|_| page.next().is_some()),
            total: u32::try_from(members.len()).map_err(anyhow::Error::from)?,
            digest,
            members: shown.into_iter().map(|(_, message)| message).collect(),
        })
    }

    /// A transaction that sees one moment of the register.
    pub(super) async fn snapshot(&self) -> Result<sqlx::Transaction<'static, sqlx::Postgres>> {
        let begin = "begin isolation level repeatable read read only";
        Ok(self.journal.pool().begin_with(begin).await?)
    }
}

/// Who may be drawn, in the order of their numbers, beside the entries they were read from.
async fn members(connection: &mut PgConnection, found: Vec<Found>) -> Result<Vec<(Member, Found)>> {
    let humans: Vec<_> = found.iter().map(|one| one.person.human.uuid()).collect();
    let ties = store::pool::ties(connection, &humans).await?;
    let member = |found: Found| {
        let person = &found.person;
        let member = Member {
            person_id: person.id,
            entry: person.pool_entry.clone()?,
            ties: ties.get(&person.human.uuid()).cloned().unwrap_or_default(),
        };
        Some((member, found))
    };
    let mut members: Vec<_> = found.into_iter().filter_map(member).collect();
    members.sort_by(|(one, _), (other, _)| one.entry.number.cmp(&other.entry.number));
    Ok(members)
}
