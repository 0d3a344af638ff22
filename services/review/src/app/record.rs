//! All that was assessed of an application, as it is read and printed.

use kernel::ids::ApplicationId;
use platform::Result;
use platform::access::Caller;

use super::App;
use crate::domain::panel::{Panel, PanelTexts};
use crate::domain::{Application, Photo};
use crate::store;
use crate::store::assessment::Assessed;

/// What was assessed, in the order in which it was.
pub(crate) struct Assessments {
    /// The application, which knows what of it counts.
    pub(crate) application: Application,
    /// Documents, panels and visits.
    pub(crate) recorded: Vec<Assessed>,
    /// The panels, with what was written about them.
    pub(crate) panels: Vec<(Panel, PanelTexts)>,
    /// Photos of the site that no visit has named yet.
    pub(crate) waiting_photos: Vec<Photo>,
}

impl App {
    /// All that was assessed of an application.
    pub(crate) async fn assessments(
        &self,
        caller: &Caller,
        id: ApplicationId,
    ) -> Result<Assessments> {
        let mut connection = self.journal.pool().acquire().await?;
        let vault = self.journal.vault();
        let application = store::application::find(&mut connection, &caller.scope(), id).await?;
        Ok(Assessments {
            recorded: store::assessment::of_application(&mut connection, vault, id).await?,
            panels: store::panel::of_application(&mut connection, vault, id).await?,
            waiting_photos: store::photo::waiting(&mut connection, id).await?,
            application,
        })
    }
}
