//! Conditions of occupational standards: entered by the province centre, read by anybody.

use jiff::civil::Date;
use kernel::level::Level;
use kernel::occupation::OccupationRef;
use platform::Result;
use platform::access::Caller;
use platform::unit::Begun;
use proto::exam::v1 as contract;
use uuid::Uuid;

use super::App;
use crate::domain::eligibility::{Conditions, Standard};
use crate::events::StandardRecord;
use crate::store;

/// All conditions are one aggregate: they are entered seldom, one after the other.
const CONDITIONS: Uuid = Uuid::nil();

impl App {
    /// Enters the rules of a standard.
    pub(crate) async fn set_eligibility_rules(
        &self,
        caller: &Caller,
        request: &contract::SetEligibilityRulesRequest,
        standard: Standard,
    ) -> Result<contract::SetEligibilityRulesResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut locked = unit.lock("eligibility", CONDITIONS).await?;
        let today = unit.today();
        let (occupation, level) = (standard.occupation, standard.level);
        let from = standard.valid_from;
        let latest =
            store::eligibility::in_force(unit.connection(), occupation, level, from).await?;
        let known = latest.is_some_and(|latest| latest.valid_from == from);
        let fact = standard.clone().enter(known, today)?;
        store::eligibility::insert(unit.connection(), &standard).await?;
        unit.record(&mut locked, &[StandardRecord(&fact)]).await?;
        unit.finish(contract::SetEligibilityRulesResponse {}).await
    }

    /// The conditions of an occupation and level on a day, or today.
    pub(crate) async fn eligibility_rules(
        &self,
        (occupation, level): (OccupationRef, Level),
        on: Option<Date>,
    ) -> Result<Conditions> {
        let today = self.journal.clock().now()?.date();
        let on = on.unwrap_or(today);
        let mut connection = self.journal.pool().acquire().await?;
        let standard = store::eligibility::in_force(&mut connection, occupation, level, on).await?;
        Ok(Conditions::in_force(standard, level, on))
    }
}
