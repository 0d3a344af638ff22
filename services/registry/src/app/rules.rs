//! What organisations publish: rules and fees (notice 6.3).

use jiff::civil::Date;
use kernel::ids::OrganizationId;
use platform::access::{Caller, Scope};
use platform::unit::Begun;
use platform::{Error, Result};
use proto::registry::v1 as contract;

use super::App;
use super::directory::in_force;
use super::held::Held;
use super::messages::record;
use crate::domain::rules::{Fee, RulesKind, RulesRejection};
use crate::messages;
use crate::store;
use crate::store::rules::Published;

/// Rules on their way to the public.
pub(crate) struct NewRules {
    pub(crate) kind: RulesKind,
    pub(crate) in_force_from: Date,
    pub(crate) text: String,
    pub(crate) fees: Vec<Fee>,
}

impl App {
    /// Publishes rules of one kind.
    pub(crate) async fn publish_rules(
        &self,
        caller: &Caller,
        request: &contract::PublishRulesRequest,
        id: OrganizationId,
        new: NewRules,
    ) -> Result<contract::PublishRulesResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut held = Held::lock_for(&mut unit, caller, id).await?;
        let today = unit.origin().occurred_at.date();
        let rulebook = store::rules::rulebook(unit.connection(), id).await?;
        let (version, facts) = held.organization().publish_rules(
            &rulebook,
            new.kind,
            new.in_force_from,
            &new.fees,
            today,
        )?;
        let published = Published {
            kind: new.kind,
            version: version.version,
            in_force_from: new.in_force_from,
            on: today,
            text: new.text,
            fees: new.fees,
        };
        store::rules::insert(unit.connection(), id, &published).await?;
        record(&mut unit, &mut held.locked, &facts).await?;
        unit.finish(contract::PublishRulesResponse {
            rules: Some(messages::keeping::rules(&published)),
        })
        .await
    }

    /// Every version that an organisation has published, without text and fees. Whether there is
    /// such an organisation is everybody's to know.
    pub(crate) async fn published_rules(&self, id: OrganizationId) -> Result<Vec<Published>> {
        let mut connection = self.journal.pool().acquire().await?;
        store::organization::find(&mut connection, &Scope::Province, id).await?;
        store::rules::all(&mut connection, id).await
    }

    /// A version with its text and fees; the one in force today where none is named.
    pub(crate) async fn rules_version(
        &self,
        id: OrganizationId,
        kind: RulesKind,
        version: Option<u32>,
    ) -> Result<Published> {
        let today = self.journal.clock().today()?;
        let versions = self.published_rules(id).await?;
        let candidates = match version {
            Some(_) => versions,
            None => in_force(versions, today),
        };
        let found = candidates.into_iter().find(|published| {
            published.kind == kind && version.is_none_or(|wanted| wanted == published.version)
        });
        let mut found = found.ok_or_else(|| Error::refused(RulesRejection::RulesNotFound))?;
        let mut connection = self.journal.pool().acquire().await?;
        store::rules::fill(&mut connection, id, &mut found).await?;
        Ok(found)
    }
}
