//! Shorter ways to where an application is to stand: rounds that take documents alone, and what the
//! registry tells.

use kernel::ids::{ApplicationId, FactId, OrganizationId, RightId, SelectionId};
use platform::access::Caller;
use platform::testing::clerk;
use prost::Message;
use proto::common::v1::Fact;
use proto::registry::v1::Right;
use proto::review::v1::*;
use review::PublicNoticeSweep;
use tonic::Status;
use uuid::Uuid;

use crate::scenes::{DOCUMENTS, Filing, PDF, applied, draft, first_officer, second_officer};
use crate::setup::{World, request_id};

/// A round that begins today, without an end, and takes a document check alone.
pub(crate) fn round_of_documents(from: &str) -> OpenRoundRequest {
    OpenRoundRequest {
        request_id: request_id(),
        title: "威海市持续遴选（示例）".to_owned(),
        hand_in_from: from.to_owned(),
        ..OpenRoundRequest::default()
    }
}

impl World {
    /// Opens a round of Weihai.
    pub(crate) async fn open_round(&self, request: OpenRoundRequest) -> Result<Round, Status> {
        let opened = self.rounds(&first_officer()).open_round(request).await?;
        Ok(opened.into_inner().round.expect("it"))
    }

    /// A draft of an organisation, changed to one's liking.
    pub(crate) async fn drafted_as(
        &self,
        organization: OrganizationId,
        change: impl FnOnce(&mut CreateApplicationRequest),
    ) -> Result<Filing, Status> {
        let clerk = clerk("clerk-1", organization);
        let mut request = draft(organization);
        change(&mut request);
        let created = self.applications(&clerk).create_application(request).await;
        let id = created?
            .into_inner()
            .application
            .expect("it")
            .application_id;
        Ok(Filing { clerk, id })
    }

    /// It, with all its documents.
    pub(crate) async fn completed(&self, filing: Filing) -> Filing {
        for document in DOCUMENTS {
            self.upload(&filing, document, PDF).await.expect("taken");
        }
        filing
    }

    /// An application of an organisation in a round of documents, handed in, judged and checked.
    pub(crate) async fn checked_as(
        &self,
        organization: OrganizationId,
        round: &Round,
        purpose: ApplicationPurpose,
        codes: &[&str],
    ) -> Filing {
        let change = |request: &mut CreateApplicationRequest| {
            request.round_id.clone_from(&round.round_id);
            request.purpose = purpose.into();
            let form = request.basic_form.as_mut().expect("a form");
            form.occupations = codes.iter().map(|code| applied(five(code))).collect();
        };
        let drafted = self.drafted_as(organization, change).await;
        let filing = self.completed(drafted.expect("a draft")).await;
        self.submit(&filing).await.expect("complete");
        self.judge_all(&filing).await;
        assert!(self.check(&filing, true).await.expect("recorded"));
        filing
    }

    /// Proposes these occupations at level five.
    pub(crate) async fn propose_codes(
        &self,
        filing: &Filing,
        codes: &[&str],
    ) -> Result<ProposeSelectionResponse, Status> {
        let request = ProposeSelectionRequest {
            request_id: request_id(),
            application_id: filing.id.clone(),
            granted: codes.iter().map(|code| five(code)).collect(),
            version: 0,
        };
        let mut centre = self.selections(&first_officer());
        Ok(centre.propose_selection(request).await?.into_inner())
    }

    /// Two officers select with these occupations; the public is shown it.
    pub(crate) async fn select(&self, filing: &Filing, codes: &[&str]) -> Result<(), Status> {
        let proposed = self.propose_codes(filing, codes).await?;
        let proposal = proposed.proposal.expect("it");
        self.confirm(&second_officer(), filing, &proposal).await?;
        Ok(())
    }

    /// Lets the public notice end on a day, and the registry register what was selected.
    pub(crate) async fn register(&self, filing: &Filing, code: &str, after: &str) {
        self.conclude(after).await;
        let fact = self.registered(filing, code).await;
        self.hear(&fact).await;
        assert!(self.state(filing).await == ApplicationState::Filed);
    }

    /// Lets the only public notice end on a day.
    pub(crate) async fn conclude(&self, after: &str) {
        self.set_day(after);
        let sweep = PublicNoticeSweep::new(self.app.clone());
        assert_eq!(sweep.step().await.expect("a step"), 1);
    }

    /// The selection of an application.
    pub(crate) async fn selection(&self, filing: &Filing) -> SelectionId {
        let id = ApplicationId::parse(&filing.id).expect("an id");
        let selection = "select selection_id from application where application_id = $1";
        let selection: Uuid = sqlx::query_scalar(selection)
            .bind(id.uuid())
            .fetch_one(&self.platform.pool)
            .await
            .expect("selected");
        SelectionId::from_uuid(selection)
    }

    /// The registry tells of an organisation; twice, as it may happen.
    pub(crate) async fn tell(
        &self,
        filing: &Filing,
        version: u64,
        kind: &str,
        payload: &impl Message,
    ) {
        let fact = of_the_registry(filing, version, kind, payload);
        for _ in 0..2 {
            self.hear(&fact).await;
        }
    }

    /// An application as somebody reads it.
    pub(crate) async fn whole(&self, caller: &Caller, filing: &Filing) -> Application {
        let application_id = filing.id.clone();
        let request = GetApplicationRequest { application_id };
        let answer = self.applications(caller).get_application(request).await;
        let answer = answer.expect("in scope").into_inner();
        answer.application.expect("it")
    }
}

/// A fact of the registry's about an applicant.
pub(crate) fn of_the_registry(
    filing: &Filing,
    version: u64,
    kind: &str,
    payload: &impl Message,
) -> Fact {
    let mut fact = Fact {
        fact_id: FactId::from_uuid(Uuid::now_v7()).to_string(),
        aggregate_kind: "organization".to_owned(),
        aggregate_id: organization(filing).uuid().to_string(),
        version,
        published_version: version,
        kind: kind.to_owned(),
        epoch: 1,
        payload: payload.encode_to_vec().into(),
        ..Fact::default()
    };
    fact.hash = platform::facts::hash(&fact).to_vec().into();
    fact
}

/// The organisation whose application it is.
pub(crate) fn organization(filing: &Filing) -> OrganizationId {
    filing.clerk.organization.expect("a clerk's")
}

/// A right where Weihai's organisations file, at level five, numbered by its occupation; without an end
/// where no last day is given.
pub(crate) fn right(code: &str, last_day: &str) -> Right {
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    let number = digits.parse().expect("a code has digits");
    Right {
        right_id: RightId::from_uuid(Uuid::from_u128(number)).to_string(),
        scope: Some(five(code)),
        division_code: "371000".to_owned(),
        valid_until: last_day.to_owned(),
        ..Right::default()
    }
}

/// An occupation at level five.
pub(crate) fn five(code: &str) -> proto::common::v1::OccupationScope {
    crate::scenes::scope(code, &[proto::common::v1::Level::Five])
}
