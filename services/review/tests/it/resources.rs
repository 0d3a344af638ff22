//! What an applicant has to evaluate with: asked on the day of handing in, judged, frozen.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use kernel::ids::{OrganizationId, RoomId, SiteId};
use proto::common::v1 as common;
use proto::registry::v1::{self as registry, Affiliation, BodyKind};
use proto::review::v1::*;
use tonic::{Code, Status};
use uuid::Uuid;

use crate::registry::FakeRegistry;
use crate::scenes::{
    DOCUMENTS, Filing, PDF, TRAINED_FOR, draft, electrician, first_officer, occupation,
};
use crate::setup::{World, codes, fields, refused, request_id};
use crate::stages::organization;
use crate::submissions::{hand_in, of_the_annexes};

/// What organisations have, where it is not just enough.
pub(crate) type Described = Arc<Mutex<HashMap<String, registry::DescribeResourcesResponse>>>;

impl FakeRegistry {
    /// From now on an organisation has something else.
    fn describe(
        &self,
        organization: OrganizationId,
        change: impl FnOnce(&mut registry::DescribeResourcesResponse),
    ) {
        let mut described = self
            .resources
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        change(
            described
                .entry(organization.to_string())
                .or_insert_with(ample),
        );
    }

    /// Nobody is told what an organisation has until this is let go.
    async fn hold_resources(&self) -> tokio::sync::OwnedMutexGuard<()> {
        Arc::clone(&self.resources_door).lock_owned().await
    }

    /// Waits until somebody asks what an organisation has.
    async fn asked_for_resources(&self) {
        self.resources_asked.notified().await;
    }

    /// What an organisation has, once the door is open.
    pub(crate) async fn resources(
        &self,
        request: registry::DescribeResourcesRequest,
    ) -> Result<registry::DescribeResourcesResponse, Status> {
        self.resources_asked.notify_one();
        drop(self.resources_door.lock().await);
        if self.away.load(Ordering::Relaxed) {
            return Err(Status::unavailable("away"));
        }
        let described = self
            .resources
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let known = described.get(&request.organization_id).cloned();
        Ok(known.unwrap_or_else(ample))
    }
}

/// Just enough to evaluate, in Weihai, all that the college of the scenes trains for.
pub(crate) fn ample() -> registry::DescribeResourcesResponse {
    use registry::PersonRole as Role;
    let role = |role: Role, people, full_time| registry::RoleCount {
        role: role.into(),
        people,
        full_time,
    };
    let supervisor = registry::CardCount {
        kind: registry::CardKind::QualitySupervisor.into(),
        holders: 1,
        ..registry::CardCount::default()
    };
    let levels = [
        common::Level::Five,
        common::Level::Four,
        common::Level::Three,
    ];
    let examiners = TRAINED_FOR.into_iter().flat_map(|code| {
        levels.map(|level| registry::ExaminerCount {
            occupation: Some(occupation(code)),
            level: level.into(),
            people: 3,
        })
    });
    registry::DescribeResourcesResponse {
        people: 9,
        full_time_people: 6,
        roles: vec![
            role(Role::Manager, 1, 1),
            role(Role::Staff, 1, 1),
            role(Role::Examiner, 3, 3),
            role(Role::Invigilator, 1, 0),
            role(Role::InternalSupervisor, 1, 1),
            role(Role::Expert, 3, 0),
        ],
        cards: vec![supervisor],
        examiners: examiners.collect(),
        sites: vec![site()],
        digest: vec![1; 32].into(),
    }
}

fn site() -> registry::Site {
    let room = |profile| registry::Room {
        room_id: RoomId::from_uuid(Uuid::now_v7()).to_string(),
        profile: Some(profile),
        ..registry::Room::default()
    };
    let theory = registry::RoomProfile {
        kind: registry::RoomKind::Theory.into(),
        seats: 40,
        machines: 42,
        network: true,
        identity_check: true,
        signal_shielding: true,
        audio_monitoring: true,
        video_monitoring: true,
        ..registry::RoomProfile::default()
    };
    let skill = registry::RoomProfile {
        kind: registry::RoomKind::Skill.into(),
        seats: 20,
        occupations: TRAINED_FOR.map(occupation).to_vec(),
        ..registry::RoomProfile::default()
    };
    registry::Site {
        site_id: SiteId::from_uuid(Uuid::now_v7()).to_string(),
        division_code: "371002".to_owned(),
        rooms: vec![room(theory), room(skill)],
        ..registry::Site::default()
    }
}

impl World {
    /// A draft of a college with all its documents.
    async fn complete(&self) -> Filing {
        let filing = self.drafted().await;
        self.completed(filing).await
    }

    /// Gives the team of experts back, and the applicant hands in another list of it.
    async fn correct_experts(&self, filing: &Filing) {
        let request = ReturnApplicationRequest {
            request_id: request_id(),
            application_id: filing.id.clone(),
            materials: vec![MaterialReturn {
                document: DocumentKind::ExpertTeam.into(),
                reason: "名单与登记不符".to_owned(),
            }],
            ..ReturnApplicationRequest::default()
        };
        let mut centre = self.applications(&first_officer());
        centre
            .return_application(request)
            .await
            .expect("given back");
        let uploaded = self.upload(filing, DocumentKind::ExpertTeam, PDF).await;
        uploaded.expect("given back");
    }
}

#[tokio::test]
async fn what_there_is_on_the_day_of_handing_in_is_frozen_and_shown() {
    let world = World::start().await;
    let filing = world.complete().await;
    assert!(
        world
            .whole(&filing.clerk, &filing)
            .await
            .resources
            .is_none()
    );
    world.submit(&filing).await.expect("enough of everything");
    let frozen = world.whole(&first_officer(), &filing).await.resources;
    let frozen = frozen.expect("handed in");
    assert_eq!(frozen.on, "2020-05-18");
    assert_eq!((frozen.people, frozen.full_time_people), (9, 6));
    assert_eq!((frozen.full_time_managers, frozen.full_time_staff), (1, 1));
    assert_eq!(
        (frozen.invigilators, frozen.supervisors, frozen.experts),
        (1, 1, 3)
    );
    assert_eq!(frozen.examiners.len(), TRAINED_FOR.len() * 3);
    assert_eq!(frozen.digest, vec![1; 32]);
    let rooms = &frozen.sites[0].rooms;
    let kinds: Vec<_> = rooms.iter().map(ExamRoom::kind).collect();
    assert_eq!(kinds, [ExamRoomKind::Theory, ExamRoomKind::Skill]);
    assert_eq!((rooms[0].machines, rooms[0].devices.len()), (42, 5));
    assert!(rooms[1].devices.is_empty());

    // Who leaves afterwards was there that day.
    let organization = organization(&filing);
    world.registry.describe(organization, |all| {
        all.people = 8;
        all.digest = vec![2; 32].into();
    });
    let still = world.whole(&first_officer(), &filing).await.resources;
    assert!(still.as_ref() == Some(&frozen));
    world.correct_experts(&filing).await;
    world.set_day("2020-05-19");
    world.submit(&filing).await.expect("still enough");
    let anew = world.whole(&first_officer(), &filing).await.resources;
    let anew = anew.expect("handed in again");
    assert_eq!((anew.on.as_str(), anew.people), ("2020-05-19", 8));
    assert_eq!(anew.digest, vec![2; 32]);
}

#[tokio::test]
async fn who_has_nothing_is_told_of_all_that_is_lacking() {
    let world = World::start().await;
    let filing = world.complete().await;
    let nothing = registry::DescribeResourcesResponse {
        digest: vec![0; 32].into(),
        ..registry::DescribeResourcesResponse::default()
    };
    world
        .registry
        .describe(organization(&filing), |all| *all = nothing);
    let before = world.traces().await;
    let status = world.submit(&filing).await.err().expect("nothing there");
    let levels = "basic_form.occupations[0].scope.levels";
    let expected = [
        ("resources.full_time_managers", "MANAGER_MISSING"),
        ("resources.full_time_staff", "FULL_TIME_STAFF_TOO_FEW"),
        ("resources.invigilators", "INVIGILATOR_MISSING"),
        ("resources.supervisors", "INTERNAL_SUPERVISOR_MISSING"),
        ("resources.experts", "EXPERT_TEAM_TOO_SMALL"),
        (levels, "EXAMINERS_TOO_FEW"),
        (levels, "EXAMINERS_TOO_FEW"),
        ("resources.sites", "SITE_NOT_IN_AREA"),
    ];
    let told: Vec<_> = fields(&status).into_iter().zip(codes(&status)).collect();
    let told: Vec<_> = told
        .iter()
        .map(|(field, code)| (field.as_str(), code.as_str()))
        .collect();
    assert_eq!(told, expected);
    assert_eq!(status.code(), Code::FailedPrecondition);
    assert_eq!(world.traces().await, before, "a refusal leaves no trace");
}

/// What an applicant is refused for whose site is another one.
async fn lacking(world: &World, change: fn(&mut registry::Site)) -> Vec<String> {
    let filing = world.complete().await;
    world
        .registry
        .describe(organization(&filing), |all| change(&mut all.sites[0]));
    refused(world.submit(&filing).await)
}

#[tokio::test]
async fn each_device_of_the_theory_room_and_each_skill_room_is_asked_for() {
    fn theory(site: &mut registry::Site) -> &mut registry::RoomProfile {
        site.rooms[0].profile.as_mut().expect("the sample's")
    }
    let world = World::start().await;
    let bare = lacking(&world, |site| {
        *theory(site) = registry::RoomProfile {
            kind: registry::RoomKind::Theory.into(),
            ..registry::RoomProfile::default()
        };
    });
    let expected = [
        "THEORY_ROOM_WITHOUT_NETWORK",
        "THEORY_ROOM_WITHOUT_IDENTITY_CHECK",
        "THEORY_ROOM_WITHOUT_SIGNAL_SHIELDING",
        "THEORY_ROOM_WITHOUT_AUDIO",
        "THEORY_ROOM_WITHOUT_VIDEO",
        "THEORY_ROOM_WITHOUT_MACHINES",
    ];
    assert_eq!(bare.await, expected);
    let other = lacking(&world, |site| {
        theory(site).kind = registry::RoomKind::Review.into();
        site.rooms.truncate(1);
    });
    assert_eq!(other.await, ["THEORY_ROOM_MISSING", "SKILL_ROOM_MISSING"]);
    let elsewhere = lacking(&world, |site| "370202".clone_into(&mut site.division_code));
    assert_eq!(elsewhere.await, ["SITE_NOT_IN_AREA"]);
}

#[tokio::test]
async fn a_filing_that_ran_out_since_the_draft_is_none() {
    let world = World::start().await;
    let enterprise = world.college();
    let (kind, affiliation) = (BodyKind::Enterprise, Affiliation::City);
    world
        .registry
        .enroll(enterprise, kind, affiliation, "371000");
    let drafted = world.drafted_as(enterprise, |request| {
        let form = request.basic_form.as_mut().expect("a form");
        form.conditions = Some(basic_form::Conditions::Enterprise(EnterpriseConditions {
            filing_number: "示例备〔2017〕1号".to_owned(),
            authority: "威海市示例机关".to_owned(),
            valid_from: "2017-05-20".to_owned(),
            valid_until: "2020-05-19".to_owned(),
            scopes: vec![electrician()],
        }));
    });
    let filing = drafted.await.expect("in force today");
    for document in DOCUMENTS
        .into_iter()
        .chain([DocumentKind::SelfEvaluationFiling])
    {
        world.upload(&filing, document, PDF).await.expect("taken");
    }
    world.set_day("2020-05-20");
    let status = world.submit(&filing).await.err().expect("over");
    assert_eq!(codes(&status), ["SELF_EVALUATION_NOT_IN_FORCE"]);
    assert_eq!(fields(&status), ["basic_form.enterprise.valid_until"]);
    world.set_day("2020-05-20");
    assert!(world.state(&filing).await == ApplicationState::Draft);
}

fn handing_in(filing: &Filing) -> SubmitApplicationRequest {
    SubmitApplicationRequest {
        request_id: request_id(),
        application_id: filing.id.clone(),
        version: 0,
    }
}

async fn submit(
    world: &World,
    filing: &Filing,
    request: SubmitApplicationRequest,
) -> Result<SubmitApplicationResponse, Status> {
    let mut clerk = world.applications(&filing.clerk);
    Ok(clerk.submit_application(request).await?.into_inner())
}

#[tokio::test]
async fn no_answer_of_the_registry_is_no_yes_and_what_was_answered_once_needs_none() {
    let world = World::start().await;
    let (one, other) = (world.complete().await, world.complete().await);
    let request = handing_in(&one);
    let first = submit(&world, &one, request.clone()).await;
    world.registry.go_away();
    let again = submit(&world, &one, request).await.expect("as before");
    assert!(first.expect("enough of everything") == again);
    let before = world.traces().await;
    let status = submit(&world, &other, handing_in(&other)).await.err();
    assert_eq!(status.expect("nobody said so").code(), Code::Unavailable);
    assert_eq!(world.traces().await, before);
}

#[tokio::test]
async fn annexes_that_change_while_the_registry_is_asked_are_asked_about_again() {
    let world = World::start().await;
    let filing = world.complete().await;
    let open = world.registry.hold_resources().await;
    let asked = submit(&world, &filing, handing_in(&filing));
    let meanwhile = async {
        world.registry.asked_for_resources().await;
        let CreateApplicationRequest {
            basic_form,
            work_plan,
            ..
        } = draft(organization(&filing));
        let saving = SaveApplicationRequest {
            request_id: request_id(),
            application_id: filing.id.clone(),
            basic_form,
            work_plan,
            ..SaveApplicationRequest::default()
        };
        let mut clerk = world.applications(&filing.clerk);
        clerk.save_application(saving).await.expect("a draft");
        drop(open);
    };
    let (asked, ()) = tokio::join!(asked, meanwhile);
    assert_eq!(refused(asked), ["APPLICATION_CHANGED"]);
    submit(&world, &filing, handing_in(&filing))
        .await
        .expect("asked about these");
}

#[tokio::test]
async fn of_fifty_who_hand_in_at_once_one_does() {
    let world = World::start().await;
    let filing = world.complete().await;
    let racing = (0..50).map(|_| submit(&world, &filing, handing_in(&filing)));
    let answers = futures::future::join_all(racing).await;
    let (taken, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!((taken.len(), refused.len()), (1, 49));
    for status in refused.into_iter().filter_map(Result::err) {
        assert_eq!(codes(&status), ["APPLICATION_STATE"]);
    }
    let facts = world.facts("application").await;
    let submitted = facts.iter().filter(|kind| *kind == "application_submitted");
    assert_eq!(submitted.count(), 1);
}

#[tokio::test]
async fn the_department_that_evaluates_is_named() {
    let world = World::start().await;
    let mut request = draft(world.college());
    let form = request.basic_form.as_mut().expect("a form");
    form.evaluation_department = " ".to_owned();
    let status = hand_in(&world, request).await;
    let told = of_the_annexes(&status.err().expect("nobody named"));
    let field = "basic_form.evaluation_department".to_owned();
    assert_eq!(told, [(field, "FIELD_REQUIRED".to_owned())]);
}
