//! Requests as they should be, and the way of an application up to some point.

use kernel::ids::{OrganizationId, RoundId};
use platform::access::Caller;
use platform::inbox::Inbox;
use platform::testing::{city_officer, clerk, province_officer};
use proto::common::v1 as common;
use proto::common::v1::Fact;
use proto::registry::v1::{OrganizationRegistered, Right};
use proto::review::v1::*;
use review::{PublicNoticeSweep, RegistryFacts};
use tonic::Status;
use uuid::Uuid;

use crate::setup::{World, request_id};
use crate::stages::{of_the_registry, organization, right};

/// A legal representative that must appear nowhere but in its place.
pub(crate) const MARKED_PERSON: &str = "甄标记";
/// A telephone that must appear nowhere but in its place.
pub(crate) const MARKED_PHONE: &str = "19900001234";

/// The smallest file that is recognised as a PDF.
pub(crate) const PDF: &[u8] = b"%PDF-1.7\nsynthetic";

/// The two officers of Weihai's centre.
pub(crate) fn first_officer() -> Caller {
    city_officer("weihai-1", "371000")
}

/// See [`first_officer`].
pub(crate) fn second_officer() -> Caller {
    city_officer("weihai-2", "371000")
}

/// An officer of the provincial centre.
pub(crate) fn province() -> Caller {
    province_officer("province-1")
}

pub(crate) fn scope(code: &str, levels: &[common::Level]) -> common::OccupationScope {
    common::OccupationScope {
        occupation: Some(occupation(code)),
        trade: String::new(),
        levels: levels.iter().map(|level| (*level).into()).collect(),
    }
}

pub(crate) fn electrician() -> common::OccupationScope {
    scope("6-31-01-03", &[common::Level::Five, common::Level::Four])
}

pub(crate) fn applied(scope: common::OccupationScope) -> AppliedOccupation {
    AppliedOccupation {
        scope: Some(scope),
        basis: common::BasisKind::NationalStandard.into(),
        experience_years: 6,
        persons_evaluated: 1200,
    }
}

/// The occupations for which the college of the scenes trains.
pub(crate) const TRAINED_FOR: [&str; 7] = [
    "6-31-01-03",
    "6-18-02-04",
    "6-18-01-01",
    "4-03-02-01",
    "4-03-02-02",
    "7-01-01-01",
    "8-00-00-01",
];

/// A school that trains for these occupations to the level of a technician.
pub(crate) fn school(codes: &[&str]) -> SchoolConditions {
    let major = Major {
        name: "电气自动化设备安装与维修".to_owned(),
        training_level: TrainingLevel::Technician.into(),
        occupations: codes.iter().map(|code| occupation(code)).collect(),
    };
    SchoolConditions {
        majors: vec![major],
    }
}

pub(crate) fn occupation(code: &str) -> common::OccupationRef {
    common::OccupationRef {
        edition: 2015,
        code: code.to_owned(),
    }
}

/// The round of the notice that a division's centre begins with.
pub(crate) fn first_round(division: &str) -> String {
    let id = format!("01720ec3-9c00-7000-8000-000000{division}");
    let id = Uuid::parse_str(&id).expect("as the migration writes it");
    RoundId::from_uuid(id).to_string()
}

/// A request for a draft with nothing wrong about it.
pub(crate) fn draft(organization: OrganizationId) -> CreateApplicationRequest {
    let text = |text: &str| text.to_owned();
    CreateApplicationRequest {
        request_id: request_id(),
        organization_id: organization.to_string(),
        filing_division: text("371000"),
        round_id: first_round("371000"),
        purpose: ApplicationPurpose::First.into(),
        basic_form: Some(BasicForm {
            legal_representative: text(MARKED_PERSON),
            registered_capital_yuan: 5_000_000,
            contact_name: text("联系示例"),
            contact_position: text("主任"),
            contact_phone: text(MARKED_PHONE),
            contact_email: text("contact@example.invalid"),
            occupations: vec![applied(electrician())],
            strengths: text("二十年培训考核经验"),
            site_and_equipment: text("理论考场两间，技能考场三间"),
            staff: text("专职人员六名，考评员九名"),
            integrity_pledge: true,
            evaluation_department: text("技能评价处"),
            conditions: Some(basic_form::Conditions::School(school(&TRAINED_FOR))),
        }),
        work_plan: Some(WorkPlan {
            overall_plan: text("总体规划"),
            organization_and_duties: text("组织机构"),
            occupations_and_basis: text("电工五级、四级"),
            process_and_rules: text("评价流程"),
            content_and_method: text("理论与技能"),
            safeguards: text("各项保障"),
            other: String::new(),
        }),
    }
}

/// An applicant's clerk and the id of its application.
pub(crate) struct Filing {
    pub(crate) clerk: Caller,
    pub(crate) id: String,
}

impl World {
    /// A draft of a college in Weihai.
    pub(crate) async fn drafted(&self) -> Filing {
        let organization = self.college();
        let clerk = clerk("clerk-1", organization);
        let created = self
            .applications(&clerk)
            .create_application(draft(organization))
            .await;
        let id = created
            .expect("a draft")
            .into_inner()
            .application
            .expect("it")
            .application_id;
        Filing { clerk, id }
    }

    /// Uploads a file in pieces of ten bytes.
    pub(crate) async fn upload(
        &self,
        filing: &Filing,
        document: DocumentKind,
        content: &[u8],
    ) -> Result<Material, Status> {
        let header = header(filing, document);
        self.upload_with(&filing.clerk, header, content).await
    }

    /// Uploads with a header of one's own.
    pub(crate) async fn upload_with(
        &self,
        clerk: &Caller,
        header: MaterialHeader,
        content: &[u8],
    ) -> Result<Material, Status> {
        let pieces = content.chunks(content.len().div_ceil(3).clamp(1, 256 * 1024));
        let mut parts = vec![part(upload_material_request::Part::Header(header))];
        parts.extend(pieces.map(|piece| {
            part(upload_material_request::Part::Content(
                piece.to_vec().into(),
            ))
        }));
        self.send(clerk, parts).await
    }

    /// Sends the parts of an upload as they are.
    pub(crate) async fn send(
        &self,
        clerk: &Caller,
        parts: Vec<UploadMaterialRequest>,
    ) -> Result<Material, Status> {
        let answer = self
            .applications(clerk)
            .upload_material(tokio_stream::iter(parts))
            .await?;
        Ok(answer.into_inner().material.expect("the file"))
    }

    /// Hands an application in.
    pub(crate) async fn submit(&self, filing: &Filing) -> Result<Application, Status> {
        let (request_id, application_id) = (request_id(), filing.id.clone());
        let request = SubmitApplicationRequest {
            request_id,
            application_id,
            version: 0,
        };
        let answer = self
            .applications(&filing.clerk)
            .submit_application(request)
            .await?;
        Ok(answer.into_inner().application.expect("it"))
    }

    /// An application with all documents, handed in.
    pub(crate) async fn submitted(&self) -> Filing {
        let filing = self.drafted().await;
        for document in DOCUMENTS {
            self.upload(&filing, document, PDF).await.expect("taken");
        }
        self.submit(&filing).await.expect("complete");
        filing
    }

    /// Records a document check.
    pub(crate) async fn check(&self, filing: &Filing, in_order: bool) -> Result<bool, Status> {
        let credit = DocumentCheckItem {
            subject: "社会信用".to_owned(),
            in_order,
            remark: "信用报告已过期".to_owned(),
            ..DocumentCheckItem::default()
        };
        let document = |document: DocumentKind| DocumentCheckItem {
            document: document.into(),
            in_order: true,
            ..DocumentCheckItem::default()
        };
        let documents = DOCUMENTS.into_iter().map(document);
        let request = RecordDocumentCheckRequest {
            request_id: request_id(),
            application_id: filing.id.clone(),
            items: documents.chain([credit]).collect(),
            version: 0,
        };
        let answer = self
            .selections(&first_officer())
            .record_document_check(request)
            .await?;
        Ok(answer.into_inner().passed)
    }

    /// Judges a condition.
    pub(crate) async fn judge(
        &self,
        filing: &Filing,
        subject: JudgementSubject,
        met: bool,
    ) -> Result<Judgement, Status> {
        let request = RecordJudgementRequest {
            request_id: request_id(),
            application_id: filing.id.clone(),
            subject: subject.into(),
            met,
            reason: "查验原件".to_owned(),
            version: 0,
        };
        let answer = self
            .judgements(&first_officer())
            .record_judgement(request)
            .await?;
        Ok(answer.into_inner().judgement.expect("it"))
    }

    /// Judges that every condition of a college is met.
    pub(crate) async fn judge_all(&self, filing: &Filing) {
        for subject in SUBJECTS {
            self.judge(filing, subject, true).await.expect("recorded");
        }
    }

    /// Convenes three experts by name, each with an opinion.
    pub(crate) async fn sit(&self, filing: &Filing, in_favour: [bool; 3]) -> Panel {
        let numbers = ["E901", "E902", "E903"].map(str::to_owned);
        for number in &numbers {
            self.registry.enlist_expert("371000", number);
        }
        let mut centre = self.assessments(&first_officer());
        let request = ConvenePanelRequest {
            request_id: request_id(),
            application_id: filing.id.clone(),
            expert_numbers: numbers.to_vec(),
            ..ConvenePanelRequest::default()
        };
        let convened = centre.convene_panel(request).await.expect("no conflicts");
        let mut panel = convened.into_inner().panel.expect("it");
        for (expert_number, in_favour) in numbers.into_iter().zip(in_favour) {
            let request = RecordOpinionRequest {
                request_id: request_id(),
                panel_id: panel.panel_id.clone(),
                expert_number,
                in_favour,
                opinion: "条件符合".to_owned(),
            };
            let heard = centre.record_opinion(request).await.expect("on the panel");
            panel = heard.into_inner().panel.expect("it");
        }
        assert!(panel.state() == PanelState::Closed);
        panel
    }

    /// An application with every condition met and all three assessments passed.
    pub(crate) async fn assessed(&self) -> Filing {
        let filing = self.submitted().await;
        self.assess(&filing).await;
        filing
    }

    /// Every condition of an application met and all three assessments passed.
    pub(crate) async fn assess(&self, filing: &Filing) {
        self.judge_all(filing).await;
        assert!(self.check(filing, true).await.expect("recorded"));
        self.sit(filing, [true, false, true]).await;
        let mut centre = self.selections(&first_officer());
        centre
            .record_site_visit(visit(&filing.id, "2020-05-18"))
            .await
            .expect("recorded");
    }

    /// Proposes the selection of all that was applied for.
    pub(crate) async fn propose(&self, filing: &Filing) -> Result<common::Proposal, Status> {
        let request = ProposeSelectionRequest {
            request_id: request_id(),
            application_id: filing.id.clone(),
            granted: vec![electrician()],
            version: 0,
        };
        let answer = self
            .selections(&first_officer())
            .propose_selection(request)
            .await?;
        Ok(answer.into_inner().proposal.expect("it"))
    }

    /// Confirms a proposal.
    pub(crate) async fn confirm(
        &self,
        officer: &Caller,
        filing: &Filing,
        proposal: &common::Proposal,
    ) -> Result<common::PublicNotice, Status> {
        let request = ConfirmSelectionRequest {
            request_id: request_id(),
            application_id: filing.id.clone(),
            confirmation: Some(common::Confirmation {
                proposal_id: proposal.proposal_id.clone(),
                content_hash: proposal.content_hash.clone(),
            }),
        };
        let answer = self.selections(officer).confirm_selection(request).await?;
        Ok(answer.into_inner().public_notice.expect("it"))
    }

    /// What the registry publishes when it has given a selected organisation its code.
    pub(crate) async fn registered(&self, filing: &Filing, code: &str) -> Fact {
        let payload = self.registration(filing, code).await;
        of_the_registry(filing, 1, "organization_registered", &payload)
    }

    /// What it says in it.
    pub(crate) async fn registration(&self, filing: &Filing, code: &str) -> OrganizationRegistered {
        OrganizationRegistered {
            organization_id: organization(filing).to_string(),
            organization_code: code.to_owned(),
            selection_id: self.selection(filing).await.to_string(),
            application_id: filing.id.clone(),
            filing_division: "371000".to_owned(),
            rights: self.granted(filing).await,
            registered_on: "2020-05-26".to_owned(),
        }
    }

    /// The rights that follow from what an application was granted, each numbered by its place.
    pub(crate) async fn granted(&self, filing: &Filing) -> Vec<Right> {
        let id = kernel::ids::ApplicationId::parse(&filing.id).expect("an id");
        let granted: serde_json::Value =
            sqlx::query_scalar("select granted from application where application_id = $1")
                .bind(id.uuid())
                .fetch_one(&self.platform.pool)
                .await
                .expect("selected");
        let codes = granted.as_array().expect("scopes").iter();
        let codes = codes.map(|scope| scope["occupation"].as_str().expect("edition:code"));
        let codes = codes.filter_map(|occupation| occupation.split_once(':'));
        codes.map(|(_, code)| right(code, "")).collect()
    }

    /// Facts that could not be applied.
    pub(crate) async fn quarantined(&self) -> i64 {
        sqlx::query_scalar("select count(*) from platform.quarantine")
            .fetch_one(&self.platform.pool)
            .await
            .expect("a count")
    }

    /// Hears of a fact of the registry's.
    pub(crate) async fn hear(&self, fact: &Fact) {
        let journal = self.platform.journal.clone();
        let handler = RegistryFacts::new(self.app.clone());
        let inbox = Inbox::new(journal, "review-test".to_owned(), handler);
        inbox.take(std::slice::from_ref(fact)).await;
    }

    /// Applications that were selected, shown, registered under these codes and filed, with
    /// receipts of 26 May 2020.
    pub(crate) async fn filed<const COUNT: usize>(&self, codes: [&str; COUNT]) -> [Filing; COUNT] {
        let mut filings = Vec::with_capacity(COUNT);
        for _ in codes {
            let filing = self.assessed().await;
            let proposal = self.propose(&filing).await.expect("passed");
            let confirmed = self.confirm(&second_officer(), &filing, &proposal).await;
            confirmed.expect("another person");
            filings.push(filing);
        }
        self.set_day("2020-05-26");
        let sweep = PublicNoticeSweep::new(self.app.clone());
        sweep.step().await.expect("a step");
        for (filing, code) in filings.iter().zip(codes) {
            let fact = self.registered(filing, code).await;
            self.hear(&fact).await;
            assert!(self.state(filing).await == ApplicationState::Filed);
        }
        filings.try_into().ok().expect("one of each code")
    }

    /// Where an application stands.
    pub(crate) async fn state(&self, filing: &Filing) -> ApplicationState {
        let application_id = filing.id.clone();
        let request = GetApplicationRequest { application_id };
        let answer = self
            .applications(&filing.clerk)
            .get_application(request)
            .await;
        answer
            .expect("its own")
            .into_inner()
            .application
            .expect("it")
            .state()
    }
}

/// What a college hands in, of each requirement one document, in the order in which they are shown.
pub(crate) const DOCUMENTS: [DocumentKind; 12] = [
    DocumentKind::SignedBasicForm,
    DocumentKind::WorkPlan,
    DocumentKind::LegalPersonCertificate,
    DocumentKind::OnPostRecord,
    DocumentKind::SocialInsurance,
    DocumentKind::ExaminerCards,
    DocumentKind::SupervisorCards,
    DocumentKind::ExpertTeam,
    DocumentKind::SiteTenure,
    DocumentKind::FacilitiesAndEquipment,
    DocumentKind::IdentityAndMonitoring,
    DocumentKind::IntegrityPledge,
];

/// What is judged of a college.
pub(crate) const SUBJECTS: [JudgementSubject; 7] = [
    JudgementSubject::Affiliation,
    JudgementSubject::Registration,
    JudgementSubject::ManagementAndCredit,
    JudgementSubject::ExperienceAndQuality,
    JudgementSubject::EmergencyPlan,
    JudgementSubject::Funding,
    JudgementSubject::MainField,
];

pub(crate) fn header(filing: &Filing, document: DocumentKind) -> MaterialHeader {
    MaterialHeader {
        request_id: request_id(),
        application_id: filing.id.clone(),
        document: document.into(),
        file_name: format!("{MARKED_PERSON}的材料.pdf"),
        media_type: "application/pdf".to_owned(),
    }
}

pub(crate) fn part(part: upload_material_request::Part) -> UploadMaterialRequest {
    UploadMaterialRequest { part: Some(part) }
}

pub(crate) fn visit(application_id: &str, on: &str) -> RecordSiteVisitRequest {
    RecordSiteVisitRequest {
        request_id: request_id(),
        application_id: application_id.to_owned(),
        visited_on: on.to_owned(),
        visitor_numbers: vec!["V1".to_owned(), "V2".to_owned()],
        findings: "场地设备符合要求".to_owned(),
        passed: true,
        items: (1..=8).map(in_order).collect(),
        photo_ids: Vec::new(),
        version: 0,
    }
}

fn in_order(item: i32) -> SiteFinding {
    SiteFinding {
        item,
        in_order: true,
        finding: String::new(),
    }
}
