//! Review over gRPC: parse (all faults at once), ask the app, answer.

use kernel::ids::ApplicationId;
use kernel::rejection::Faults;
use platform::Error;
use proto::review::v1::application_service_server::ApplicationServiceServer;
use proto::review::v1::filing_service_server::FilingServiceServer;
use proto::review::v1::selection_service_server::SelectionServiceServer;

use crate::app::App;

mod application;
mod filing;
mod form;
mod scopes;
mod selection;
mod upload;

/// Review's three gRPC services.
#[derive(Clone)]
pub struct Review {
    app: App,
}

impl Review {
    /// The services over an app.
    pub fn new(app: App) -> Self {
        Self { app }
    }

    pub(crate) fn applications(&self) -> ApplicationServiceServer<Self> {
        ApplicationServiceServer::new(self.clone())
    }

    pub(crate) fn selections(&self) -> SelectionServiceServer<Self> {
        SelectionServiceServer::new(self.clone())
    }

    pub(crate) fn filings(&self) -> FilingServiceServer<Self> {
        FilingServiceServer::new(self.clone())
    }
}

/// The id that is all a request has to say.
fn application_id(text: &str) -> Result<ApplicationId, Error> {
    let id = ApplicationId::parse(text);
    id.map_err(|rejection| Faults::at("application_id", &rejection).into())
}

/// What can be said once no fault was found: every value that was taken is there.
const ALL_THERE: &str = "a missing value is a fault, and there was none";
