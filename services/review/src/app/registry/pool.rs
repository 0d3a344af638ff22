//! Who may be drawn: experts, inspectors.

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{OrganizationId, PersonId};
use platform::Result;
use platform::client::away;
use platform::contract;
use proto::registry::v1 as registry;

use super::{NAME, Registry, unreadable};
use crate::domain::{PoolMember, Tie};

pub(in crate::app) use proto::registry::v1::PoolKind;

/// People that are asked for at a time: as many as the registry gives.
const PAGE: u32 = 500;

impl Registry {
    /// All people of a centre's pool who may be drawn on a day.
    pub(in crate::app) async fn pool(
        &self,
        kind: PoolKind,
        division: DivisionCode,
        on: Date,
    ) -> Result<Vec<PoolMember>> {
        let (mut members, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = registry::ListPoolRequest {
                kind: kind.into(),
                division_code: division.to_string(),
                on: on.to_string(),
                page_size: PAGE,
                page_token,
            };
            let answer = self.people.clone().list_pool(request).await;
            let answer = answer.map_err(|status| away(NAME, status))?.into_inner();
            let page: Option<Vec<_>> = answer.members.into_iter().map(member).collect();
            members.extend(page.ok_or_else(|| unreadable("pool"))?);
            page_token = answer.next_page_token;
            if page_token.is_empty() {
                return Ok(members);
            }
        }
    }

    /// All people of a centre's pool who may be drawn on a day, and of the province's.
    pub(in crate::app) async fn pools(
        &self,
        kind: PoolKind,
        division: DivisionCode,
        with_province: bool,
        on: Date,
    ) -> Result<Vec<PoolMember>> {
        let mut members = self.pool(kind, division, on).await?;
        if with_province && !division.is_province() {
            members.extend(self.pool(kind, DivisionCode::PROVINCE, on).await?);
        }
        Ok(members)
    }
}

fn member(member: registry::PoolMember) -> Option<PoolMember> {
    let ties: Option<Vec<_>> = member.ties.iter().map(tie).collect();
    Some(PoolMember {
        person: PersonId::parse(&member.person_id).ok()?,
        number: member.number,
        masked_name: member.masked_name,
        employer_credit_code: member.employer_credit_code,
        ties: ties?,
    })
}

fn tie(tie: &registry::PoolMemberTie) -> Option<Tie> {
    let until = match tie.until.as_str() {
        "" => None,
        day => Some(contract::date(day).ok()?),
    };
    Some(Tie {
        organization: OrganizationId::parse(&tie.organization_id).ok()?,
        until,
    })
}
