//! The way of a batch from stage to stage, for tests that begin at a later one.

use platform::access::Caller;
use proto::common::v1 as common;
use proto::exam::v1 as exam;
use proto::results::v1 as pb;
use proto::results::v1::batch_service_server::BatchService;
use proto::results::v1::certificate_service_server::CertificateService;
use proto::results::v1::result_review_service_server::ResultReviewService;
use tonic::Status;

use crate::neighbours::{organization, ticket};
use crate::setup::{NOTICE_OVER, Setup, city, clerk_a, clerk_b, confirmation, from, province};

/// Where objections go.
pub(crate) const CONTACT: &str = "威海市职业技能鉴定中心（示例）";

impl Setup {
    pub(crate) async fn open(&self, caller: &Caller) -> Result<pb::Batch, Status> {
        let request = pb::OpenBatchRequest {
            request_id: self.id(),
            plan_id: self.plan().to_string(),
        };
        let reply = self.face.open_batch(from(caller, request)).await?;
        Ok(reply.into_inner().batch.expect("a batch"))
    }

    pub(crate) async fn record(
        &self,
        batch: &str,
        scores: &[(usize, exam::ExamPart, u32)],
    ) -> Result<u32, Status> {
        let entry = |(number, part, score): &(usize, exam::ExamPart, u32)| pb::ScoreEntry {
            ticket_number: ticket(*number),
            part: (*part).into(),
            score: *score,
        };
        let request = pb::RecordScoresRequest {
            request_id: self.id(),
            batch_id: batch.to_owned(),
            scores: scores.iter().map(entry).collect(),
        };
        Ok(self
            .face
            .record_scores(from(&clerk_a(), request))
            .await?
            .into_inner()
            .recorded)
    }

    /// Scored: 0, 1 (exactly 60) and 4 pass, 2 fails by a point, 3 was absent.
    pub(crate) async fn scored(&self) -> String {
        use exam::ExamPart::{Skill, Theory};
        let batch = self.open(&clerk_a()).await.expect("opened").batch_id;
        let scores = [
            (0, Theory, 88),
            (0, Skill, 77),
            (1, Theory, 60),
            (1, Skill, 60),
            (2, Theory, 100),
            (2, Skill, 59),
            (3, Theory, 90),
            (4, Theory, 70),
            (4, Skill, 71),
        ];
        self.record(&batch, &scores).await.expect("recorded");
        batch
    }

    pub(crate) async fn propose_notice(
        &self,
        batch: &str,
    ) -> Result<pb::ProposePublicNoticeResponse, Status> {
        let request = pb::ProposePublicNoticeRequest {
            request_id: self.id(),
            batch_id: batch.to_owned(),
            objection_contact: CONTACT.to_owned(),
        };
        let reply = self
            .face
            .propose_public_notice(from(&clerk_a(), request))
            .await?;
        Ok(reply.into_inner())
    }

    pub(crate) async fn confirm_notice(
        &self,
        caller: &Caller,
        batch: &str,
        proposal: Option<common::Proposal>,
    ) -> Result<pb::OpenPublicNoticeResponse, Status> {
        let request = pb::OpenPublicNoticeRequest {
            request_id: self.id(),
            batch_id: batch.to_owned(),
            confirmation: Some(confirmation(proposal)),
        };
        let reply = self.face.open_public_notice(from(caller, request)).await?;
        Ok(reply.into_inner())
    }

    pub(crate) async fn open_notice(&self, batch: &str) -> Result<common::PublicNotice, Status> {
        let proposal = self.propose_notice(batch).await?.proposal;
        let opened = self.confirm_notice(&clerk_b(), batch, proposal).await?;
        Ok(opened.public_notice.expect("a notice"))
    }

    /// In public notice: the batch and the notice.
    pub(crate) async fn shown(&self) -> (String, common::PublicNotice) {
        let batch = self.scored().await;
        let notice = self.open_notice(&batch).await.expect("opened");
        (batch, notice)
    }

    /// Where each row of a notice stands, as the public sees it.
    pub(crate) async fn notice_rows(&self, notice: &str) -> Vec<common::PublicNoticeRowState> {
        let request = pb::GetPublicNoticeRequest {
            public_notice_id: notice.to_owned(),
            ..Default::default()
        };
        let request = from(&Caller::public(), request);
        let reply = self.face.get_public_notice(request).await.expect("shown");
        let notice = reply.into_inner().public_notice.expect("a notice");
        let rows = notice.rows.iter();
        rows.map(common::PublicNoticeRow::state).collect()
    }

    pub(crate) async fn upload(&self, batch: &str) -> Result<pb::UploadResultsResponse, Status> {
        let request = pb::UploadResultsRequest {
            request_id: self.id(),
            batch_id: batch.to_owned(),
        };
        Ok(self
            .face
            .upload_results(from(&clerk_a(), request))
            .await?
            .into_inner())
    }

    /// Uploaded after the notice, all three rows.
    pub(crate) async fn uploaded(&self) -> String {
        let (batch, _) = self.shown().await;
        self.day(NOTICE_OVER);
        self.sweep.step().await.expect("swept");
        assert_eq!(self.upload(&batch).await.expect("uploaded").uploaded, 3);
        batch
    }

    pub(crate) async fn propose_review(
        &self,
        caller: &Caller,
        batch: &str,
        level: pb::ReviewLevel,
        returned: Vec<pb::ReturnedResult>,
    ) -> Result<pb::ProposeReviewResponse, Status> {
        let (request_id, batch_id) = (self.id(), batch.to_owned());
        let request = pb::ProposeReviewRequest {
            request_id,
            batch_id,
            level: level.into(),
            returned,
        };
        Ok(self
            .face
            .propose_review(from(caller, request))
            .await?
            .into_inner())
    }

    pub(crate) async fn confirm_review(
        &self,
        caller: &Caller,
        batch: &str,
        proposal: Option<common::Proposal>,
    ) -> Result<pb::ConfirmReviewResponse, Status> {
        let (request_id, batch_id) = (self.id(), batch.to_owned());
        let confirmation = Some(confirmation(proposal));
        let request = pb::ConfirmReviewRequest {
            request_id,
            batch_id,
            confirmation,
        };
        Ok(self
            .face
            .confirm_review(from(caller, request))
            .await?
            .into_inner())
    }

    /// Approved by two persons of a centre.
    pub(crate) async fn approve(&self, batch: &str, level: pb::ReviewLevel) {
        let people = match level {
            pb::ReviewLevel::Province => [province("p-a"), province("p-b")],
            _ => [city("c-a"), city("c-b")],
        };
        let reply = self
            .propose_review(&people[0], batch, level, Vec::new())
            .await;
        let proposal = reply.expect("proposed").proposal;
        self.confirm_review(&people[1], batch, proposal)
            .await
            .expect("confirmed");
    }

    /// The city gives a row back, in these words.
    pub(crate) async fn give_back(&self, batch: &str, number: usize, reason: &str) -> String {
        let result_id = self.rows(batch).await[number].result_id.clone();
        let back = vec![pb::ReturnedResult {
            result_id: result_id.clone(),
            reason: reason.to_owned(),
        }];
        let reply = self
            .propose_review(&city("c-a"), batch, pb::ReviewLevel::City, back)
            .await;
        let proposal = reply.expect("proposed").proposal;
        self.confirm_review(&city("c-b"), batch, proposal)
            .await
            .expect("confirmed");
        result_id
    }

    /// The organisation answers a row that was given back.
    pub(crate) async fn resubmit(&self, result_id: &str, answer: &str) -> Result<(), Status> {
        let request = pb::ResubmitResultRequest {
            request_id: self.id(),
            result_id: result_id.to_owned(),
            answer: answer.to_owned(),
        };
        let reply = self.face.resubmit_result(from(&clerk_b(), request)).await;
        reply.map(|_| ())
    }

    /// Through both reviews.
    pub(crate) async fn approved(&self) -> String {
        let batch = self.uploaded().await;
        self.approve(&batch, pb::ReviewLevel::City).await;
        self.approve(&batch, pb::ReviewLevel::Province).await;
        batch
    }

    pub(crate) async fn propose_issuance(
        &self,
        batch: &str,
    ) -> Result<pb::ProposeIssuanceResponse, Status> {
        let request = pb::ProposeIssuanceRequest {
            request_id: self.id(),
            batch_id: batch.to_owned(),
        };
        Ok(self
            .face
            .propose_issuance(from(&clerk_a(), request))
            .await?
            .into_inner())
    }

    pub(crate) async fn issue(
        &self,
        caller: &Caller,
        batch: &str,
        proposal: Option<common::Proposal>,
    ) -> Result<Vec<pb::IssuedCertificate>, Status> {
        let (request_id, batch_id) = (self.id(), batch.to_owned());
        let confirmation = Some(confirmation(proposal));
        let request = pb::IssueCertificatesRequest {
            request_id,
            batch_id,
            confirmation,
        };
        let reply = self.face.issue_certificates(from(caller, request)).await?;
        Ok(reply.into_inner().certificates)
    }

    /// Certificates for 0, 1 (level five) and 4 (level four).
    pub(crate) async fn issued(&self) -> (String, Vec<pb::IssuedCertificate>) {
        let batch = self.approved().await;
        let issued = self.issue_approved(&batch).await;
        (batch, issued)
    }

    /// The ledger of the year: allocated, issued, voided, reserved.
    pub(crate) async fn ledger(&self, level: common::Level) -> [u32; 4] {
        let request = pb::GetNumberLedgerRequest {
            organization_id: organization().to_string(),
            year: 2020,
            level: level.into(),
        };
        let reply = self.face.get_number_ledger(from(&clerk_a(), request)).await;
        let sums = reply.expect("a ledger").into_inner();
        [sums.allocated, sums.issued, sums.voided, sums.reserved]
    }

    /// Certificates for every approved row.
    pub(crate) async fn issue_approved(&self, batch: &str) -> Vec<pb::IssuedCertificate> {
        let proposal = self.propose_issuance(batch).await.expect("proposed");
        self.issue(&clerk_b(), batch, proposal.proposal)
            .await
            .expect("issued")
    }
}
