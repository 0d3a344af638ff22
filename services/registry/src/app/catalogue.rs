//! The catalogue as it is now, and how an edition comes into it.

use std::sync::{Arc, RwLock};

use bytes::Bytes;
use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::occupation::Edition;
use kernel::rejection::Faults;
use platform::Result;
use platform::access::Caller;
use platform::sheets::{faults as told, tried};
use platform::unit::{Begun, Unit};
use platform::upload::body;
use proto::registry::v1 as contract;
use sqlx::PgConnection;

use super::{App, THE_ONE};
use crate::domain::catalogue::importing::{CatalogueFact, Difference};
use crate::domain::catalogue::{Catalogue, CatalogueEdition};
use crate::store::catalogue::Import;
use crate::{messages, sheets, store};

/// The edition that is to be taken over, as its header says.
#[derive(Clone)]
pub(crate) struct NewEdition {
    pub(crate) edition: Edition,
    pub(crate) in_force_from: Date,
    /// The document behind it.
    pub(crate) source: String,
}

/// The catalogue as it was last read, and the import after which it was. An import is rare, and a
/// catalogue is asked all the time: only when another import is the newest is it read anew, by every
/// replica for itself.
#[derive(Clone)]
pub(super) struct Catalogues(Arc<RwLock<(Option<i64>, Arc<Catalogue>)>>);

impl Catalogues {
    /// What comes with the service, until somebody asks.
    pub(super) fn supplied() -> Self {
        let supplied = Arc::new(Catalogue::supplied());
        Self(Arc::new(RwLock::new((None, supplied))))
    }

    async fn current(&self, connection: &mut PgConnection) -> Result<Arc<Catalogue>> {
        let newest = store::catalogue::newest(connection).await?;
        if let Some(known) = self.read_after(newest) {
            return Ok(known);
        }
        let (newest, imported) = store::catalogue::editions(connection).await?;
        let catalogue = Arc::new(Catalogue::supplied_and(imported));
        *self.0.write().expect(NO_PANIC) = (newest, Arc::clone(&catalogue));
        Ok(catalogue)
    }

    fn read_after(&self, newest: Option<i64>) -> Option<Arc<Catalogue>> {
        let (known, catalogue) = &*self.0.read().expect(NO_PANIC);
        (*known == newest).then(|| Arc::clone(catalogue))
    }
}

/// A pair is put into the lock, or taken from it; neither panics.
const NO_PANIC: &str = "nobody panics while holding this lock";

impl App {
    /// The occupation catalogue as it is now.
    pub(crate) async fn catalogue(&self) -> Result<Arc<Catalogue>> {
        let mut connection = self.journal.pool().acquire().await?;
        self.catalogues.current(&mut connection).await
    }

    /// The same, as a unit or a reading sees it.
    pub(super) async fn catalogue_in(
        &self,
        connection: &mut PgConnection,
    ) -> Result<Arc<Catalogue>> {
        self.catalogues.current(connection).await
    }

    /// Every edition, and where it is from.
    pub(crate) async fn catalogue_editions(
        &self,
    ) -> Result<contract::ListCatalogueEditionsResponse> {
        let mut connection = self.journal.pool().acquire().await?;
        let catalogue = self.catalogue_in(&mut connection).await?;
        let imports = store::catalogue::imports(&mut connection).await?;
        let editions = catalogue.editions().map(|known| {
            let until = catalogue.in_force_until(known.edition);
            messages::catalogue::edition(known, until, imports.get(&known.edition))
        });
        Ok(contract::ListCatalogueEditionsResponse {
            editions: editions.collect(),
        })
    }

    /// Takes an edition over in place of what was known of it, unless that is only tried.
    pub(crate) async fn import_catalogue_edition(
        &self,
        caller: &Caller,
        header: &contract::CatalogueEditionHeader,
        new: NewEdition,
        file: Bytes,
    ) -> Result<contract::ImportCatalogueEditionResponse> {
        let import = Import {
            source: new.source.clone(),
            file: ContentHash::of_bytes(&file),
            on: self.today()?,
        };
        let known = self.catalogue().await?;
        let read = move || sheets::catalogue::read(&file, &new, &known);
        let read = self.sheets.take(read).await?;
        if header.dry_run {
            return self.try_edition(read, &import).await;
        }
        let edition = read?;
        let body = body(header, import.file);
        let mut unit = match self.journal.begin_hashed(caller, header, body).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let reply = self.take_over(&mut unit, &edition, import).await?;
        unit.finish(reply).await
    }

    /// Says what would be.
    async fn try_edition(
        &self,
        read: Result<CatalogueEdition, Faults>,
        import: &Import,
    ) -> Result<contract::ImportCatalogueEditionResponse> {
        let mut connection = self.journal.pool().acquire().await?;
        let judged = match read {
            Ok(edition) => {
                let judged = self.judge_edition(&mut connection, &edition, import.on);
                tried(judged.await)?.map(|difference| (edition, difference))
            }
            Err(refused) => Err(refused),
        };
        Ok(match judged {
            Ok((edition, difference)) => imported(&edition, difference, import),
            Err(faults) => contract::ImportCatalogueEditionResponse {
                faults: told(&faults),
                ..contract::ImportCatalogueEditionResponse::default()
            },
        })
    }

    async fn take_over(
        &self,
        unit: &mut Unit,
        edition: &CatalogueEdition,
        import: Import,
    ) -> Result<contract::ImportCatalogueEditionResponse> {
        let mut locked = unit.lock("catalogue", THE_ONE).await?;
        let difference = self
            .judge_edition(unit.connection(), edition, import.on)
            .await?;
        let known = self.catalogue_in(unit.connection()).await?;
        let reply = imported(edition, difference, &import);
        if known.edition(edition.edition) != Some(edition) {
            store::catalogue::insert(unit.connection(), edition, &import).await?;
            let fact = CatalogueFact::EditionImported {
                edition: edition.edition,
                in_force_from: edition.in_force_from,
                difference,
                source: import.source,
                file: import.file,
            };
            unit.record(&mut locked, &[fact]).await?;
        }
        Ok(reply)
    }

    async fn judge_edition(
        &self,
        connection: &mut PgConnection,
        edition: &CatalogueEdition,
        today: Date,
    ) -> Result<Difference> {
        let known = self.catalogue_in(connection).await?;
        let in_use = store::catalogue::in_use(connection, edition.edition, today).await?;
        edition.judge(&known, &in_use, today)?;
        Ok(edition.difference(known.edition(edition.edition)))
    }
}

fn imported(
    edition: &CatalogueEdition,
    difference: Difference,
    import: &Import,
) -> contract::ImportCatalogueEditionResponse {
    contract::ImportCatalogueEditionResponse {
        edition: Some(messages::catalogue::edition(edition, None, Some(import))),
        added: difference.added,
        removed: difference.removed,
        altered: difference.altered,
        faults: Vec::new(),
    }
}
