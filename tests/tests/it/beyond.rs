//! What a journey does not come to: complaints, inspections, measures, work elsewhere, sanctions,
//! risk alerts and orders to revoke. One of each is made after the journeys, by those who may, so that there is one to
//! be asked about.

use jiff::SignedDuration;
use jiff::civil::DateTime;
use kernel::ids::{AlertId, PersonId};
use platform::testing::{city_officer, eventually, province_officer};
use proto::common::v1::inquiry_service_client::InquiryServiceClient;
use proto::common::v1::{
    Level, MeasureGround, MeasureKind, OccupationRef, OccupationScope, RecordFindingRequest,
};
use proto::registry::v1::ImposeSanctionRequest;
use proto::registry::v1::qualification_service_client::QualificationServiceClient;
use proto::results::v1::revocation_order_service_client::RevocationOrderServiceClient;
use proto::results::v1::{OrderRevocationRequest, RevocationReason};
use proto::review::v1::complaint_service_client::ComplaintServiceClient;
use proto::review::v1::consultation_service_client::ConsultationServiceClient;
use proto::review::v1::inspection_service_client::InspectionServiceClient;
use proto::review::v1::measure_service_client::MeasureServiceClient;
use proto::review::v1::{
    ComplaintOutcome, ConcludeComplaintRequest, InspectionMatter, LodgeComplaintRequest,
    PlanInspectionRequest, ProposeMeasureRequest, PublishMatterListRequest,
    RecommendOrganizationRequest, TakeUpComplaintRequest,
};
use tests::harness::{Platform, Service};
use tonic::Request;
use uuid::Uuid;

use crate::wire::{Wire, request_id};

/// Where the organisation of a journey filed.
const WEIHAI: &str = "371000";

/// Makes one of each, about an organisation that filed with Weihai.
pub(crate) async fn go_beyond(platform: &Platform, organization_id: &str) {
    let scene = Scene::of(platform, organization_id);
    let complaint_id = scene.complaint().await;
    scene.measure(&complaint_id).await;
    scene.inspection().await;
    scene.consultation().await;
    scene.sanction().await;
    scene.alert().await;
    scene.order().await;
}

struct Scene<'a> {
    wire: Wire<'a>,
    organization_id: &'a str,
    now: DateTime,
}

impl<'a> Scene<'a> {
    fn of(platform: &'a Platform, organization_id: &'a str) -> Self {
        let clock = platform.journey_config().clock.business_time_file;
        let now = std::fs::read_to_string(clock).expect("the business clock");
        Self {
            wire: Wire::to(platform),
            organization_id,
            now: now.trim().parse().expect("a time"),
        }
    }

    /// A message of an officer of the city.
    fn city<T>(&self, message: T) -> Request<T> {
        self.wire
            .from(&city_officer("beyond-city", WEIHAI), message)
    }

    fn day(&self, days_ahead: i64) -> String {
        let day = SignedDuration::from_hours(24 * days_ahead);
        (self.now + day).date().to_string()
    }

    /// A complaint that turned out to be so.
    async fn complaint(&self) -> String {
        let mut client = ComplaintServiceClient::new(self.wire.at(Service::Review));
        let complaint = LodgeComplaintRequest {
            request_id: request_id(),
            organization_id: self.organization_id.to_owned(),
            party: None,
            statement: "收费高于公布的标准（示例）".to_owned(),
        };
        let lodged = client.lodge_complaint(complaint).await;
        let complaint_id = lodged.expect("by anybody").into_inner().complaint_id;
        let take_up = TakeUpComplaintRequest {
            request_id: request_id(),
            complaint_id: complaint_id.clone(),
        };
        let taken_up = self.city(take_up);
        client.take_up_complaint(taken_up).await.expect("taken up");
        let finding = RecordFindingRequest {
            request_id: request_id(),
            inquiry_id: complaint_id.clone(),
            finding: "经核对收费票据（示例）".to_owned(),
        };
        let finding = self.city(finding);
        let mut inquiries = InquiryServiceClient::new(self.wire.at(Service::Review));
        let found = inquiries.record_finding(finding);
        found.await.expect("found");
        let conclude = ConcludeComplaintRequest {
            request_id: request_id(),
            complaint_id: complaint_id.clone(),
            outcome: ComplaintOutcome::Substantiated.into(),
            reason: "情况属实（示例）".to_owned(),
        };
        let concluded = client.conclude_complaint(self.city(conclude));
        concluded.await.expect("concluded");
        complaint_id
    }

    /// An order to revoke what the organisation issued.
    async fn order(&self) {
        let order = OrderRevocationRequest {
            request_id: request_id(),
            organization_id: self.organization_id.to_owned(),
            reason: RevocationReason::OrganizationBreach.into(),
            grounds: "考场管理混乱（示例）".to_owned(),
            ..OrderRevocationRequest::default()
        };
        let mut client = RevocationOrderServiceClient::new(self.wire.at(Service::Results));
        let ordered = client.order_revocation(self.city(order));
        ordered.await.expect("certificates are in force");
    }

    /// A measure that waits for its second person.
    async fn measure(&self, complaint_id: &str) {
        let measure = ProposeMeasureRequest {
            request_id: request_id(),
            organization_id: self.organization_id.to_owned(),
            origin_id: complaint_id.to_owned(),
            kind: MeasureKind::Talk.into(),
            grounds: vec![MeasureGround::UnlawfulFees.into()],
            reason: "违规收费（示例）".to_owned(),
            effective_on: self.day(0),
            ..ProposeMeasureRequest::default()
        };
        let mut client = MeasureServiceClient::new(self.wire.at(Service::Review));
        let proposed = client.propose_measure(self.city(measure));
        proposed.await.expect("it has a cause");
    }

    /// An inspection that is planned.
    async fn inspection(&self) {
        let mut client = InspectionServiceClient::new(self.wire.at(Service::Review));
        let matters = PublishMatterListRequest {
            request_id: request_id(),
            matters: vec![InspectionMatter {
                code: "PJ-01".to_owned(),
                title: "收费标准公开情况".to_owned(),
                legal_basis: "鲁人社字〔2020〕50号第六条第（三）项".to_owned(),
            }],
        };
        let province = province_officer("beyond-province");
        let matters = self.wire.from(&province, matters);
        client.publish_matter_list(matters).await.expect("a list");
        let plan = PlanInspectionRequest {
            request_id: request_id(),
            title: "年度双随机检查（示例）".to_owned(),
            matter_codes: vec!["PJ-01".to_owned()],
            from_on: self.day(7),
            until_on: self.day(30),
            ..PlanInspectionRequest::default()
        };
        let plan = self.city(plan);
        client.plan_inspection(plan).await.expect("planned");
    }

    /// A consultation of another city.
    async fn consultation(&self) {
        let scope = OccupationScope {
            occupation: Some(OccupationRef {
                edition: 2015,
                code: "6-31-01-03".to_owned(),
            }),
            trade: String::new(),
            levels: vec![Level::Five.into()],
        };
        let recommend = RecommendOrganizationRequest {
            request_id: request_id(),
            organization_id: self.organization_id.to_owned(),
            scopes: vec![scope],
            division_codes: vec!["370100".to_owned()],
            reasons: "评价质量好（示例）".to_owned(),
        };
        let mut client = ConsultationServiceClient::new(self.wire.at(Service::Review));
        let recommended = client.recommend_organization(self.city(recommend));
        recommended.await.expect("filed with Weihai");
    }

    /// A sanction on somebody of the organisation.
    async fn sanction(&self) {
        let records = self.wire.platform.records(Service::Registry);
        let mut connection = records.connect().await.expect("a database");
        let person: Uuid = sqlx::query_scalar(
            "select person_id from person join organization using (organization_id)
             where filing_division = $1 limit 1",
        )
        .bind(WEIHAI)
        .fetch_one(&mut connection)
        .await
        .expect("somebody");
        let sanction = ImposeSanctionRequest {
            request_id: request_id(),
            person_id: PersonId::from_uuid(person).to_string(),
            duties: Vec::new(),
            grounds: "泄露试题（示例）".to_owned(),
            from: self.day(0),
            until: String::new(),
        };
        let mut client = QualificationServiceClient::new(self.wire.at(Service::Registry));
        let imposed = client.impose_sanction(self.city(sanction));
        imposed.await.expect("by the city");
    }

    /// An alert takes more candidates than a journey has: it is written where review keeps them.
    async fn alert(&self) {
        let records = self.wire.platform.records(Service::Review);
        let mut connection = records.connect().await.expect("a database");
        let written = sqlx::query(
            "insert into alert (alert_id, organization_id, filing_division, rule, subject, figures,
                 opened_on)
             select $1, organization_id, filing_division, 'absence_high', '2020', '{}',
                 registered_on
             from evaluation_organization where filing_division = $2 limit 1",
        )
        .bind(AlertId::from_uuid(Uuid::now_v7()).uuid())
        .bind(WEIHAI)
        .execute(&mut connection)
        .await
        .expect("written");
        assert_eq!(written.rows_affected(), 1);
        // Review counts by itself when it is due; afterwards nothing moves any more.
        let records = &records;
        eventually("the alert's day", || async {
            let mut connection = records.connect().await.expect("a database");
            let due: Option<Uuid> =
                sqlx::query_scalar("select alert_id from alert where due is not null")
                    .fetch_optional(&mut connection)
                    .await
                    .expect("read");
            due
        })
        .await;
    }
}
