//! Following: what is there after a cursor, and then whatever comes.
//!
//! One task a follower reads ahead of the connection by a page, so that who was away catches up as
//! fast as the connection takes it. Where nothing is left it looks at the end of the feed from time
//! to time: that is one row, and there are tens of followers, not thousands.

use std::time::Duration;

use kernel::division::DivisionCode;
use proto::common::v1 as common;
use sqlx::PgPool;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::Status;

use super::page;
use crate::contract::LARGEST_PAGE;
use crate::error::Result;

/// How often it is looked whether there is something new.
const LOOK: Duration = Duration::from_millis(250);
/// How long a follower hears nothing at most.
const SILENCE: Duration = Duration::from_secs(5);
/// How long a stream lasts. Tokens are checked when it begins, and replicas come and go.
const LIFE: Duration = Duration::from_mins(10);
/// Pages that are read ahead.
const AHEAD: usize = 1;

/// What a follower is sent.
pub(super) type Stretches = ReceiverStream<std::result::Result<common::SubscribeResponse, Status>>;

/// Somebody who follows an area.
pub(super) struct Follower {
    pub(super) pool: PgPool,
    pub(super) area: DivisionCode,
    pub(super) epoch: u32,
    pub(super) after: u64,
}

impl Follower {
    /// Follows until the follower leaves, its time is over, or the service stops.
    pub(super) fn follow(mut self, stop: CancellationToken) -> Stretches {
        let (sender, receiver) = mpsc::channel(AHEAD);
        let life = async move {
            let until = Instant::now() + LIFE;
            let mut said = Instant::now() - SILENCE;
            while Instant::now() < until {
                match self.stretch().await {
                    Ok(stretch) if stretch.entries.is_empty() && said.elapsed() < SILENCE => {
                        tokio::time::sleep(LOOK).await;
                    }
                    Ok(stretch) => {
                        if sender.send(Ok(stretch)).await.is_err() {
                            return;
                        }
                        said = Instant::now();
                    }
                    Err(error) => {
                        // Nobody hears it who has left.
                        let _ = sender.send(Err(error.into())).await;
                        return;
                    }
                }
            }
        };
        tokio::spawn(stop.run_until_cancelled_owned(life));
        ReceiverStream::new(receiver)
    }

    /// What comes after the cursor, which moves on by it.
    async fn stretch(&mut self) -> Result<common::SubscribeResponse> {
        let mut connection = self.pool.acquire().await?;
        let entries = page::of_area(&mut connection, self.area, self.after, LARGEST_PAGE).await?;
        // After the page, so that the end is never behind it.
        let head = page::head(&mut connection, self.area, (self.epoch, self.after)).await?;
        self.epoch = head.epoch;
        if let Some(last) = entries.last() {
            self.after = last.sequence;
        }
        Ok(common::SubscribeResponse {
            entries,
            head: Some(head),
        })
    }
}
