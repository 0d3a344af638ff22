//! Centres open and close rounds; everybody reads them, and how the quotas stand.

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::RoundId;
use kernel::pilot::Pilot;
use kernel::rejection::FaultList;
use platform::Result;
use platform::access::Caller;
use platform::unit::Begun;
use proto::review::v1 as review;

use super::{App, ROUND};
use crate::domain::{ApplicationState, CityQuota, OpenRound, Round};
use crate::store::round::Wanted;
use crate::{messages, store};

/// How a round goes.
pub(crate) struct RoundProgress {
    /// The round.
    pub(crate) round: Round,
    /// How many applications stand where.
    pub(crate) counted: Vec<(ApplicationState, u32)>,
    /// The quota of the city whose round it is.
    pub(crate) quota: Option<CityQuota>,
    /// The parameters of today.
    pub(crate) pilot: Pilot,
    /// The business day.
    pub(crate) today: Date,
}

impl App {
    /// Opens a round.
    pub(crate) async fn open_round(
        &self,
        caller: &Caller,
        request: &review::OpenRoundRequest,
        opening: OpenRound,
        faults: FaultList,
    ) -> Result<review::OpenRoundResponse> {
        // What has faults was never answered; what was opened is in the past by now.
        if faults.is_empty()
            && let Some(reply) = self.journal.answered(caller, request).await?
        {
            return Ok(reply);
        }
        let (round, fact) = Round::open(opening, self.today()?, faults)?;
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut locked = unit.lock(ROUND, round.id.uuid()).await?;
        store::round::insert(unit.connection(), &round).await?;
        unit.record(&mut locked, &[fact]).await?;
        let round = Some(messages::round(&round, unit.today()));
        unit.finish(review::OpenRoundResponse { round }).await
    }

    /// Closes a round of the caller's centre. The province reads those of the cities, and closes
    /// its own alone.
    pub(crate) async fn close_round(
        &self,
        caller: &Caller,
        request: &review::CloseRoundRequest,
        id: RoundId,
        centre: DivisionCode,
    ) -> Result<review::CloseRoundResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut locked = unit.lock(ROUND, id.uuid()).await?;
        let mut round = store::round::find(unit.connection(), &caller.scope(), id).await?;
        let today = unit.today();
        let fact = round.close(centre, today)?;
        round.apply(&fact);
        store::round::save(unit.connection(), &round).await?;
        unit.record(&mut locked, &[fact]).await?;
        let round = Some(messages::round(&round, today));
        unit.finish(review::CloseRoundResponse { round }).await
    }

    /// A round, as everybody may see it.
    pub(crate) async fn round(&self, id: RoundId) -> Result<Round> {
        let mut connection = self.journal.pool().acquire().await?;
        store::round::find_public(&mut connection, id).await
    }

    /// A page of the rounds, newest first, and where the next page begins.
    pub(crate) async fn rounds(
        &self,
        wanted: &Wanted,
        before: Option<RoundId>,
        size: u32,
    ) -> Result<(Vec<Round>, Option<RoundId>)> {
        let mut connection = self.journal.pool().acquire().await?;
        let mut rounds = store::round::page(&mut connection, wanted, before, size + 1).await?;
        let more = rounds.len() > size as usize;
        rounds.truncate(size as usize);
        let next = rounds.last().filter(|_| more).map(|round| round.id);
        Ok((rounds, next))
    }

    /// How a round in scope goes.
    pub(crate) async fn round_progress(
        &self,
        caller: &Caller,
        id: RoundId,
    ) -> Result<RoundProgress> {
        let now = self.now().await?;
        let mut connection = self.journal.pool().acquire().await?;
        let round = store::round::find(&mut connection, &caller.scope(), id).await?;
        let counted = store::round::count(&mut connection, id).await?;
        let quota = if round.division.is_city() {
            Some(store::applicant::quota(&mut connection, round.division, now.date).await?)
        } else {
            None
        };
        Ok(RoundProgress {
            round,
            counted,
            quota,
            pilot: now.pilot,
            today: now.date,
        })
    }

    /// A page of the quotas in scope, by division code, the parameters that they follow, and where
    /// the next page begins.
    pub(crate) async fn city_quotas(
        &self,
        caller: &Caller,
        after: Option<DivisionCode>,
        size: u32,
    ) -> Result<(Vec<CityQuota>, Pilot, Option<DivisionCode>)> {
        let now = self.now().await?;
        let mut connection = self.journal.pool().acquire().await?;
        let scope = caller.scope();
        let quotas =
            store::applicant::quotas(&mut connection, &scope, after, size + 1, now.date).await;
        let mut quotas = quotas?;
        let more = quotas.len() > size as usize;
        quotas.truncate(size as usize);
        let next = quotas.last().filter(|_| more).map(|quota| quota.division);
        Ok((quotas, now.pilot, next))
    }
}
