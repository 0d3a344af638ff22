//! What the registry publishes about organisations, as far as review goes by it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{OrganizationId, RightId, SelectionId};
use kernel::level::Level;
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::rejection::Rejection;
use platform::Result;
use platform::contract::{date, level, occupation};
use platform::inbox::Handler;
use platform::unit::Unit;
use prost::Message;
use proto::common::v1::{Fact, OccupationScope as ScopeMessage};
use proto::registry::v1::{
    OrganizationRegistered, OrganizationWithdrawn, Right, RightsEnded, RightsGranted, RightsRenewed,
};

use crate::app::{App, Heard, Registered, ToldRight};
use crate::domain::{Held, OccupationScope};
use crate::store::evaluation_organization::Known;

/// Hears facts of the registry's aggregate `organization`.
pub struct RegistryFacts {
    app: App,
}

impl RegistryFacts {
    /// A handler that acts through the app.
    pub fn new(app: App) -> Self {
        Self { app }
    }
}

impl Handler for RegistryFacts {
    async fn apply(&self, unit: &mut Unit, fact: &Fact) -> Result<()> {
        match heard(fact)? {
            Some((organization, heard)) => self.app.hear(unit, organization, heard).await,
            None => Ok(()),
        }
    }
}

/// Whom it is about and what it means here; nothing where that is nothing.
fn heard(fact: &Fact) -> Result<Option<(OrganizationId, Heard)>> {
    let (organization, heard) = match fact.kind.as_str() {
        "organization_registered" => {
            let told: OrganizationRegistered = payload(fact)?;
            let registered = registered(&told)?;
            (told.organization_id, Heard::Registered(registered))
        }
        "rights_granted" => {
            let told: RightsGranted = payload(fact)?;
            // Rights in another area follow from a consultation, and are of what is held already.
            if told.selection_id.is_empty() {
                return Ok(None);
            }
            let selection = read(SelectionId::parse(&told.selection_id))?;
            let rights = rights(&told.rights)?;
            (told.organization_id, Heard::RightsFollow(selection, rights))
        }
        "rights_renewed" => {
            let told: RightsRenewed = payload(fact)?;
            let selection = read(SelectionId::parse(&told.selection_id))?;
            let rights = rights(&told.rights)?;
            (told.organization_id, Heard::RightsFollow(selection, rights))
        }
        "rights_ended" => {
            let told: RightsEnded = payload(fact)?;
            let rights = rights(&told.rights)?;
            (told.organization_id, Heard::RightsEnd(rights))
        }
        "organization_withdrawn" => {
            let told: OrganizationWithdrawn = payload(fact)?;
            let on = read(date(&told.effective_on))?;
            (told.organization_id, Heard::Withdrawn(on))
        }
        _ => return Ok(None),
    };
    Ok(Some((read(OrganizationId::parse(&organization))?, heard)))
}

fn registered(told: &OrganizationRegistered) -> Result<Registered> {
    let known = Known {
        organization: read(OrganizationId::parse(&told.organization_id))?,
        code: read(EvaluationOrganizationCode::parse(&told.organization_code))?,
        filing_division: read(DivisionCode::parse(&told.filing_division))?,
    };
    Ok(Registered {
        rights: rights(&told.rights)?,
        known,
        selection: read(SelectionId::parse(&told.selection_id))?,
        on: read(date(&told.registered_on))?,
    })
}

fn rights(told: &[Right]) -> Result<Vec<ToldRight>> {
    told.iter().map(told_right).collect()
}

/// Levels that end before the rest of a right are held until then.
fn told_right(told: &Right) -> Result<ToldRight> {
    let (id, whole) = (
        read(RightId::parse(&told.right_id))?,
        scope(told.scope.as_ref())?,
    );
    let until = last_day(&told.valid_until)?;
    let mut by_day: BTreeMap<Option<Date>, BTreeSet<Level>> = BTreeMap::new();
    let mut ended = BTreeMap::new();
    for told in &told.ended_levels {
        ended.insert(read(level(told.level))?, read(date(&told.last_day))?);
    }
    for level in &whole.levels {
        let own = ended.get(level).copied();
        let until = own.into_iter().chain(until).min();
        by_day.entry(until).or_default().insert(*level);
    }
    let held = by_day.into_iter().map(|(until, levels)| Held {
        right: id,
        scope: OccupationScope {
            levels,
            ..whole.clone()
        },
        until,
    });
    Ok(ToldRight {
        id,
        division: read(DivisionCode::parse(&told.division_code))?,
        held: held.collect(),
    })
}

/// The last day, where a term is set.
fn last_day(given: &str) -> Result<Option<Date>> {
    let given = Some(given).filter(|given| !given.is_empty());
    given.map(|given| read(date(given))).transpose()
}

fn payload<M: Message + Default>(fact: &Fact) -> Result<M> {
    Ok(M::decode(fact.payload.clone()).map_err(anyhow::Error::from)?)
}

fn scope(given: Option<&ScopeMessage>) -> Result<OccupationScope> {
    let given = given.cloned().unwrap_or_default();
    let levels = given
        .levels
        .iter()
        .map(|level_given| read(level(*level_given)));
    Ok(OccupationScope {
        occupation: read(occupation(given.occupation.as_ref()))?,
        levels: levels.collect::<Result<_>>()?,
        trade: given.trade,
    })
}

/// What a neighbour published is right or a defect, never somebody's typing.
pub(super) fn read<T>(parsed: Result<T, impl Rejection>) -> Result<T> {
    parsed.map_err(|rejection| {
        anyhow::anyhow!("a neighbour's fact is not readable: {}", rejection.code()).into()
    })
}
