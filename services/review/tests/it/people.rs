//! The registry's pools: who may be drawn.

use std::sync::PoisonError;

use kernel::ids::{OrganizationId, PersonId};
use proto::registry::v1::people_service_server::PeopleService;
use proto::registry::v1::*;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use crate::registry::FakeRegistry;

impl FakeRegistry {
    /// Takes an inspector into a centre's pool; who works for an organisation is tied to it.
    pub(crate) fn enlist(&self, division: &str, works_for: Option<OrganizationId>) -> String {
        let person_id = PersonId::from_uuid(Uuid::now_v7()).to_string();
        let tie = works_for.map(|organization| PoolMemberTie {
            organization_id: organization.to_string(),
            role: PersonRole::Examiner.into(),
            from: "2019-01-01".to_owned(),
            ..PoolMemberTie::default()
        });
        let member = PoolMember {
            person_id: person_id.clone(),
            number: "J-001".to_owned(),
            masked_name: "王*".to_owned(),
            ties: tie.into_iter().collect(),
            ..PoolMember::default()
        };
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        pool.push((PoolKind::Inspector, division.to_owned(), member));
        person_id
    }

    /// Takes an expert into a centre's pool, unless the number is there already.
    pub(crate) fn enlist_expert(&self, division: &str, number: &str) {
        let member = PoolMember {
            person_id: PersonId::from_uuid(Uuid::now_v7()).to_string(),
            number: number.to_owned(),
            masked_name: "王*".to_owned(),
            ..PoolMember::default()
        };
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        if !pool.iter().any(|(_, _, known)| known.number == number) {
            pool.push((PoolKind::Expert, division.to_owned(), member));
        }
    }

    /// Takes an external supervisor into a centre's pool.
    pub(crate) fn enlist_visitor(&self, division: &str, number: &str) {
        let member = PoolMember {
            person_id: PersonId::from_uuid(Uuid::now_v7()).to_string(),
            number: number.to_owned(),
            masked_name: "王*".to_owned(),
            ..PoolMember::default()
        };
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        pool.push((PoolKind::ExternalSupervisor, division.to_owned(), member));
    }

    /// Somebody may not serve any more.
    pub(crate) fn bar(&self, person_id_or_number: &str) {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        pool.retain(|(_, _, member)| {
            member.person_id != person_id_or_number && member.number != person_id_or_number
        });
    }

    /// From the beginning of 2019 on, whoever has this number works for an organisation.
    pub(crate) fn tie(&self, number: &str, organization: OrganizationId) {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        for (_, _, member) in pool
            .iter_mut()
            .filter(|(_, _, member)| member.number == number)
        {
            member.ties.push(PoolMemberTie {
                organization_id: organization.to_string(),
                role: PersonRole::Examiner.into(),
                from: "2019-01-01".to_owned(),
                ..PoolMemberTie::default()
            });
        }
    }
}

#[tonic::async_trait]
impl PeopleService for FakeRegistry {
    /// A member a page, since whoever asks has to ask on.
    async fn list_pool(
        &self,
        request: Request<ListPoolRequest>,
    ) -> Result<Response<ListPoolResponse>, Status> {
        let asked = request.get_ref();
        let pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        let of_it = pool.iter().filter(|(kind, division, _)| {
            *kind == asked.kind() && *division == asked.division_code
        });
        let start: usize = asked.page_token.parse().unwrap_or(0);
        let mut rest = of_it.skip(start).map(|(_, _, member)| member.clone());
        let members: Vec<_> = rest.by_ref().take(1).collect();
        let more = rest.next().is_some();
        let next_page_token = if more {
            (start + 1).to_string()
        } else {
            String::new()
        };
        Ok(Response::new(ListPoolResponse {
            members,
            next_page_token,
            ..ListPoolResponse::default()
        }))
    }

    async fn enlist_person(
        &self,
        _request: Request<EnlistPersonRequest>,
    ) -> Result<Response<EnlistPersonResponse>, Status> {
        Err(Status::unimplemented("not asked for by review"))
    }

    async fn get_person(
        &self,
        _request: Request<GetPersonRequest>,
    ) -> Result<Response<GetPersonResponse>, Status> {
        Err(Status::unimplemented("not asked for by review"))
    }

    async fn list_people(
        &self,
        _request: Request<ListPeopleRequest>,
    ) -> Result<Response<ListPeopleResponse>, Status> {
        Err(Status::unimplemented("not asked for by review"))
    }

    async fn describe_resources(
        &self,
        request: Request<DescribeResourcesRequest>,
    ) -> Result<Response<DescribeResourcesResponse>, Status> {
        let answer = self.resources(request.into_inner()).await?;
        Ok(Response::new(answer))
    }
}
