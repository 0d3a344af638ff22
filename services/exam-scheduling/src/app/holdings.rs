//! Asking our register of certificates what candidates hold, live and outside any unit.

use std::collections::HashMap;

use kernel::certificate_number::CertificateNumber;
use kernel::identity_document::Document;
use platform::Result;
use platform::client::away;
use platform::contract::{date, level, occupation, person_message};
use proto::results::v1::{self as results, ListHoldingsRequest};

use super::App;
use super::rights::{answered, unreadable};
use crate::domain::eligibility::register::Holding;

/// The neighbour's name in errors.
const RESULTS: &str = "results";
/// People of one call: as many as the register takes.
const OF_A_CALL: usize = 500;

pub(super) type Holdings = HashMap<Document, Vec<Holding>>;

impl App {
    /// What people hold, as far as their rows say who they are.
    ///
    /// # Errors
    /// `Unavailable` when one question has no answer: that is never a yes.
    pub(super) async fn ask_holdings(
        &self,
        people: impl Iterator<Item = Option<&Document>>,
    ) -> Result<Holdings> {
        let people: Vec<_> = people.flatten().cloned().collect();
        let mut holdings = Holdings::with_capacity(people.len());
        for people in people.chunks(OF_A_CALL) {
            let request = ListHoldingsRequest {
                people: people.iter().map(person_message).collect(),
            };
            let reply = self.holdings.clone().list_holdings(request).await;
            let holders = reply.map_err(|status| away(RESULTS, status))?.into_inner();
            if holders.holders.len() != people.len() {
                return Err(unreadable(RESULTS, "not as many answers as questions"));
            }
            for (person, holder) in people.iter().zip(holders.holders) {
                let held: Result<Vec<_>> = holder.holdings.into_iter().map(read).collect();
                holdings.insert(person.clone(), held?);
            }
        }
        Ok(holdings)
    }
}

fn read(given: results::Holding) -> Result<Holding> {
    Ok(Holding {
        number: answered(RESULTS, CertificateNumber::parse(&given.number))?,
        occupation: answered(RESULTS, occupation(given.occupation.as_ref()))?,
        trade: given.trade,
        level: answered(RESULTS, level(given.level))?,
        issued_on: answered(RESULTS, date(&given.issued_on))?,
        valid: given.valid,
    })
}
