//! Asking the register which rooms an organisation has, live and outside any unit.

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::RoomId;
use platform::client::away;
use platform::contract::{date, occupation};
use platform::{Error, Result};
use proto::registry::v1::{ListSitesRequest, Room, RoomKind, Site};

use super::App;
use super::rights::{REGISTRY, answered};
use crate::domain::plan::Plan;
use crate::domain::session::ExamPart;
use crate::domain::venue::RegisteredRoom;

impl App {
    /// The rooms of the organisation whose plan it is. None are asked for once it is reported.
    ///
    /// # Errors
    /// `Unavailable` when there is no answer: that is never a yes.
    pub(super) async fn ask_rooms(&self, plan: &Plan) -> Result<Vec<RegisteredRoom>> {
        let mut rooms = Vec::new();
        if plan.report_made().is_some() && !plan.is_reopened() {
            return Ok(rooms);
        }
        let mut request = ListSitesRequest {
            organization_id: plan.organization_id.to_string(),
            ..ListSitesRequest::default()
        };
        loop {
            let reply = self.sites.clone().list_sites(request.clone()).await;
            let page = reply.map_err(|status| away(REGISTRY, status))?.into_inner();
            for site in &page.sites {
                for room in &site.rooms {
                    rooms.extend(registered(site, room)?);
                }
            }
            if page.next_page_token.is_empty() {
                return Ok(rooms);
            }
            request.page_token = page.next_page_token;
        }
    }
}

/// A room as the register describes it; one of a kind that is not known yet is nobody's.
fn registered(site: &Site, room: &Room) -> Result<Option<RegisteredRoom>> {
    let profile = room.profile.clone().unwrap_or_default();
    let part = match profile.kind() {
        RoomKind::Unspecified => return Ok(None),
        RoomKind::Theory => ExamPart::Theory,
        RoomKind::Skill => ExamPart::Skill,
        RoomKind::Review => ExamPart::Review,
    };
    let mut occupations = Vec::with_capacity(profile.occupations.len());
    for given in &profile.occupations {
        occupations.push(answered(REGISTRY, occupation(Some(given)))?);
    }
    Ok(Some(RegisteredRoom {
        id: answered(REGISTRY, RoomId::parse(&room.room_id))?,
        site: site.name.clone(),
        name: profile.name,
        division: answered(REGISTRY, DivisionCode::parse(&site.division_code))?,
        part,
        seats: profile.seats,
        occupations,
        from: answered(REGISTRY, date(&room.opened_on))?,
        until: last_day(site, room)?,
    }))
}

/// A room is in use until it or its site is closed or the lease ends.
fn last_day(site: &Site, room: &Room) -> Result<Option<Date>> {
    let mut last = Vec::new();
    for closed in [&site.closed_on, &room.closed_on] {
        if !closed.is_empty() {
            let before = answered(REGISTRY, date(closed))?.checked_sub(1.day());
            last.push(before.map_err(|failure| Error::Internal(failure.into()))?);
        }
    }
    if !site.leased_until.is_empty() {
        last.push(answered(REGISTRY, date(&site.leased_until))?);
    }
    Ok(last.into_iter().min())
}
