//! Public notices of selections, as anybody may see them: now, and on any day before.

use jiff::civil::Date;
use kernel::ids::PublicNoticeId;
use platform::public_notice::{self, Listing};
use platform::{Error, Result};
use proto::common::v1 as common;

use super::App;
use crate::domain::Snapshot;
use crate::domain::refusal::SelectionRejection;
use crate::{messages, store};

impl App {
    /// Notices in a list, the newest first.
    pub(crate) async fn public_notices(
        &self,
        wanted: &Listing,
    ) -> Result<common::ListPublicNoticesResponse> {
        let mut connection = self.journal.pool().acquire().await?;
        let mut listed = store::public_notice::list(&mut connection, wanted).await?;
        let size = wanted.size as usize;
        let more = listed.len() > size;
        listed.truncate(size);
        let last = listed.last().filter(|_| more);
        Ok(common::ListPublicNoticesResponse {
            next_page_token: last
                .map(|last| last.notice.id().to_string())
                .unwrap_or_default(),
            public_notices: listed.iter().map(messages::listed_notice).collect(),
        })
    }

    /// A notice as everybody saw it at the end of a day.
    pub(crate) async fn public_notice_on(
        &self,
        id: PublicNoticeId,
        on: Date,
    ) -> Result<common::GetPublicNoticeOnResponse> {
        let today = self.today()?;
        let mut connection = self.journal.pool().acquire().await?;
        let notice = public_notice::as_of(&mut connection, id, on, today).await?;
        let unknown = || Error::refused(SelectionRejection::PublicNoticeNotFound);
        let notice = notice.ok_or_else(unknown)?;
        let text = store::public_notice::snapshot(&mut connection, id).await?;
        public_notice::verify(&notice, &text)?;
        let shown: Snapshot = serde_json::from_str(&text).map_err(anyhow::Error::from)?;
        Ok(common::GetPublicNoticeOnResponse {
            public_notice: Some(messages::public_notice(&notice, shown)),
            snapshot: text,
            // It has one row.
            next_page_token: String::new(),
        })
    }
}
