//! Organisation codes that are in use elsewhere, set aside.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use platform::Result;
use platform::access::Caller;
use platform::sheets::{faults as told, tried};
use platform::unit::{Begun, Unit};
use platform::upload::body;
use proto::registry::v1 as contract;
use sqlx::PgConnection;

use super::{App, THE_ONE};
use crate::domain::code::{self, CodeBookFact, Listed};
use crate::{sheets, store};

impl App {
    /// Sets codes aside.
    pub(crate) async fn reserve_codes(
        &self,
        caller: &Caller,
        request: &contract::ReserveOrganizationCodesRequest,
        codes: &[Listed],
        reason: &str,
    ) -> Result<contract::ReserveOrganizationCodesResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let reserved = set_aside(&mut unit, codes, reason).await?;
        unit.finish(contract::ReserveOrganizationCodesResponse { reserved })
            .await
    }

    /// Sets the codes of a file aside, all or none, unless that is only tried.
    pub(crate) async fn import_reserved_codes(
        &self,
        caller: &Caller,
        header: &contract::ReservedCodesHeader,
        reason: &str,
        file: Bytes,
    ) -> Result<contract::ImportReservedCodesResponse> {
        let hash = ContentHash::of_bytes(&file);
        let divisions = Arc::clone(&self.divisions);
        let read = move || sheets::codes::read(&file, &divisions);
        let read = self.sheets.take(read).await?;
        if header.dry_run {
            let today = self.today()?;
            let judged = match read {
                Ok(codes) => {
                    let mut connection = self.journal.pool().acquire().await?;
                    tried(judge(&mut connection, &codes, today).await)?
                }
                Err(refused) => Err(refused),
            };
            return Ok(match judged {
                Ok(facts) => reply(new_codes(&facts)?),
                Err(faults) => contract::ImportReservedCodesResponse {
                    reserved: 0,
                    faults: told(&faults),
                },
            });
        }
        let codes = read?;
        let body = body(header, hash);
        let mut unit = match self.journal.begin_hashed(caller, header, body).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let reserved = set_aside(&mut unit, &codes, reason).await?;
        unit.finish(reply(reserved)).await
    }
}

fn reply(reserved: u32) -> contract::ImportReservedCodesResponse {
    contract::ImportReservedCodesResponse {
        reserved,
        faults: Vec::new(),
    }
}

/// Sets codes aside, and says how many of them are new.
async fn set_aside(unit: &mut Unit, codes: &[Listed], reason: &str) -> Result<u32> {
    let mut locked = unit.lock("code_book", THE_ONE).await?;
    // While the counters are locked, none of these codes can be given.
    let parts = codes.iter().filter_map(|listed| listed.code.city_part());
    for part in parts.collect::<BTreeSet<_>>() {
        store::code::lock_counter(unit.connection(), part).await?;
    }
    let today = unit.today();
    let facts = judge(unit.connection(), codes, today).await?;
    for CodeBookFact::CodesReserved { codes, on } in &facts {
        store::code::reserve(unit.connection(), codes, reason, *on).await?;
    }
    unit.record(&mut locked, &facts).await?;
    new_codes(&facts)
}

async fn judge(
    connection: &mut PgConnection,
    codes: &[Listed],
    today: Date,
) -> Result<Vec<CodeBookFact>> {
    let asked: Vec<_> = codes.iter().map(|listed| listed.code).collect();
    let given = store::code::given(connection, &asked).await?;
    let reserved = store::code::reserved(connection).await?;
    Ok(code::reserve(codes, &given, &reserved, today)?)
}

fn new_codes(facts: &[CodeBookFact]) -> Result<u32> {
    let new = facts
        .iter()
        .map(|CodeBookFact::CodesReserved { codes, .. }| codes.len());
    Ok(u32::try_from(new.sum::<usize>()).map_err(anyhow::Error::from)?)
}
