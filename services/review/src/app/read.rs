//! Reading, which needs no neighbour.

use kernel::ids::{ApplicationId, PersonId, PublicNoticeId};
use kernel::public_notice::PublicNotice;
use platform::access::{Caller, Role, Scope};
use platform::{Error, Result};
use sqlx::PgConnection;

use super::App;
use crate::annexes::Annexes;
use crate::domain::refusal::ApplicationRejection;
use crate::domain::{Application, Snapshot};
use crate::store;
use crate::store::correction::DescribedField;
use crate::store::material::DescribedMaterial;
use crate::store::receipt::Receipt;
use crate::store::rejection::Rejection;

/// An application with all that belongs to it.
pub(crate) struct ApplicationView {
    /// The application.
    pub(crate) application: Application,
    /// Both annexes; without their people for those who may not see them.
    pub(crate) annexes: Annexes,
    /// The newest file of each kind of document.
    pub(crate) materials: Vec<DescribedMaterial>,
    /// The fields that were given back last.
    pub(crate) returned_fields: Vec<DescribedField>,
    /// The decision not to select, where there is one.
    pub(crate) rejection: Option<Rejection>,
}

/// An application that the caller may read: an expert those on whose panel they sit, of whichever
/// area, as long as there is something to judge.
pub(super) async fn readable(
    connection: &mut PgConnection,
    caller: &Caller,
    id: ApplicationId,
) -> Result<Application> {
    if caller.role != Role::Expert {
        return store::application::find(connection, &caller.scope(), id).await;
    }
    let application = store::application::find(connection, &Scope::Province, id).await?;
    let panel = store::panel::open_of(connection, id).await?;
    let judges = match (panel, PersonId::parse(&caller.subject)) {
        (Some(panel), Ok(person)) => panel.has_to_judge(person, &application),
        _ => false,
    };
    if judges {
        Ok(application)
    } else {
        Err(Error::refused(ApplicationRejection::NotFound))
    }
}

impl App {
    /// One application. An auditor reads everything that is not personal, so neither the contact
    /// nor the names of files, which name people; that anybody else was shown them goes on record.
    pub(crate) async fn application(
        &self,
        caller: &Caller,
        id: ApplicationId,
    ) -> Result<ApplicationView> {
        let vault = self.journal.vault();
        let mut transaction = self.journal.pool().begin().await?;
        let application = readable(&mut transaction, caller, id).await?;
        let form = application.form;
        let mut annexes = store::annexes::without_contact(&mut transaction, vault, form).await?;
        let returned_fields = store::correction::describe(&mut transaction, vault, id).await?;
        let rejection = store::rejection::find(&mut transaction, vault, id).await?;
        let mut materials = store::material::describe(&mut transaction, vault, id).await?;
        if caller.role == Role::Auditor {
            for material in &mut materials {
                material.file_name.clear();
            }
        } else {
            let contact = store::annexes::reveal_contact(&mut transaction, vault, caller, form);
            annexes = annexes.with_contact(contact.await?);
        }
        transaction.commit().await?;
        Ok(ApplicationView {
            application,
            annexes,
            materials,
            returned_fields,
            rejection,
        })
    }

    /// A page of the applications in scope, newest first, and where the next page begins.
    pub(crate) async fn applications(
        &self,
        caller: &Caller,
        before: Option<ApplicationId>,
        size: u32,
    ) -> Result<(Vec<Application>, Option<ApplicationId>)> {
        let scope = caller.scope();
        let mut connection = self.journal.pool().acquire().await?;
        let mut ids = store::application::page(&mut connection, &scope, before, size + 1).await?;
        let more = ids.len() > size as usize;
        ids.truncate(size as usize);
        let next = ids
            .last()
            .filter(|_| more)
            .map(|id| ApplicationId::from_uuid(*id));
        let mut applications = store::application::find_all(&mut connection, &scope, &ids).await?;
        applications.reverse();
        Ok((applications, next))
    }

    /// A public notice, as everybody may see it.
    pub(crate) async fn public_notice(
        &self,
        id: PublicNoticeId,
    ) -> Result<(PublicNotice, Snapshot)> {
        let mut connection = self.journal.pool().acquire().await?;
        store::public_notice::find(&mut connection, id).await
    }

    /// The receipt of an application in scope.
    pub(crate) async fn filing_receipt(
        &self,
        caller: &Caller,
        id: ApplicationId,
    ) -> Result<(Application, Receipt)> {
        let mut connection = self.journal.pool().acquire().await?;
        let application = store::application::find(&mut connection, &caller.scope(), id).await?;
        let receipt = store::receipt::find(&mut connection, id).await?;
        Ok((application, receipt))
    }
}
