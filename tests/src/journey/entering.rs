//! Act 10, who applies: all six enrol, hand in, and one is given back, one takes its application back.

use anyhow::Result;
use futures::future::try_join_all;
use kernel::{ids::OrganizationId, rejection::Faults};
use proto::registry::v1 as registry;
use proto::review::v1 as review;

use super::{
    annexes,
    applicants::{self, Fate, city, of, seats},
    cast::Who,
    clients::Upload,
    print::table,
    staff::{self, Employer},
    story::{Story, expect},
};

/// An applicant on its way.
#[derive(Debug, Clone)]
pub(super) struct Entrant {
    /// Its seat among the six.
    pub(super) seat: u16,
    /// `org_…`
    pub(super) organization_id: String,
    /// `app_…`
    pub(super) application_id: String,
}

impl Entrant {
    /// Who speaks for it.
    pub(super) fn clerk(&self) -> Who {
        Who::Applicant(self.seat)
    }

    /// What becomes of it.
    pub(super) fn fate(&self) -> Fate {
        of(self.seat).fate
    }

    /// Name of one of its steps.
    pub(super) fn step(&self, step: &str) -> String {
        format!("round-{}-{step}", self.seat)
    }
}

/// All six enrol, say who and what they have, and fill in both annexes.
pub(super) async fn enter(story: &mut Story<'_>, round_id: &str) -> Result<Vec<Entrant>> {
    let mut enrolled = Vec::new();
    for seat in seats() {
        let reply = story
            .ask(Who::Applicant(seat), enrolling(story, seat))
            .await?;
        let organization_id = reply.body.unwrap_or_default().organization_id;
        let organization = OrganizationId::parse(&organization_id).map_err(Faults::from)?;
        story.cast.enrolled(Who::Applicant(seat), organization);
        enrolled.push((seat, organization_id));
    }
    let shared: &Story<'_> = story;
    let entering = enrolled
        .into_iter()
        .map(|(seat, organization_id)| async move {
            let employer = Employer {
                clerk: Who::Applicant(seat),
                seat,
                organization_id: &organization_id,
                division: city(shared.number).0,
            };
            staff::enlist_all(shared, &employer).await?;
            let request = draft(shared, seat, &organization_id, round_id);
            let reply = shared.ask(Who::Applicant(seat), request).await?;
            let application_id = reply.application.unwrap_or_default().application_id;
            anyhow::Ok(Entrant {
                seat,
                organization_id,
                application_id,
            })
        });
    try_join_all(entering).await
}

/// What it enrols with.
pub(super) fn enrolling(story: &Story<'_>, seat: u16) -> registry::EnrollBodyRequest {
    let candidate = of(seat);
    registry::EnrollBodyRequest {
        request_id: story.id(&format!("round-{seat}-enrol")),
        name: format!("{}（示例{}）", candidate.name, story.number),
        unified_social_credit_code: candidate.credit_code(story.number, seat).to_string(),
        kind: candidate.kind.into(),
        affiliation: candidate.affiliation.into(),
        division_code: city(story.number).0.to_owned(),
        address: format!("示例路{seat}号"),
        registration_authority: "登记机关（示例）".to_owned(),
        credit_code_reason: String::new(),
    }
}

/// A draft; whoever asks for too much asks for what all others do.
fn draft(
    story: &Story<'_>,
    seat: u16,
    organization_id: &str,
    round_id: &str,
) -> review::CreateApplicationRequest {
    review::CreateApplicationRequest {
        request_id: story.id(&format!("round-{seat}-create")),
        organization_id: organization_id.to_owned(),
        filing_division: city(story.number).0.to_owned(),
        round_id: round_id.to_owned(),
        purpose: review::ApplicationPurpose::First.into(),
        basic_form: Some(of(seat).form(&annexes::scope(), story.dates.round_applied)),
        work_plan: Some(annexes::work_plan()),
    }
}

/// Everybody uploads what bodies of the kind prove, and hands in.
pub(super) async fn hand_in(story: &mut Story<'_>, entrants: &[Entrant]) -> Result<()> {
    let shared: &Story<'_> = story;
    try_join_all(entrants.iter().map(|entrant| async move {
        let documents = annexes::MATERIALS
            .into_iter()
            .map(|(document, ..)| document);
        for document in documents.chain(of(entrant.seat).proof()) {
            upload(shared, entrant, document, "first").await?;
        }
        anyhow::Ok(())
    }))
    .await?;
    for entrant in entrants {
        if entrant.fate() == Fate::Withdrawn {
            ask_for_too_much(story, entrant).await?;
        }
    }
    let shared: &Story<'_> = story;
    try_join_all(
        entrants
            .iter()
            .map(|entrant| submit(shared, entrant, "submit")),
    )
    .await?;
    let what = "六家单位登记人员、资质证和考点，填写附件1、附件2，上传材料，提交申报";
    story.page.deed("申报单位", what, "通知三（一）、（二）2")?;
    let row = |entrant: &Entrant| {
        let candidate = of(entrant.seat);
        let code = candidate.credit_code(story.number, entrant.seat);
        let kind = candidate.kind_name().to_owned();
        vec![candidate.name.to_owned(), kind, code.to_string()]
    };
    let rows: Vec<_> = entrants.iter().map(row).collect();
    story.page.paper("已受理", &table(&rows))
}

/// An enterprise hands in for a level that it does not evaluate itself, and corrects it.
async fn ask_for_too_much(story: &mut Story<'_>, entrant: &Entrant) -> Result<()> {
    let too_much = review::SubmitApplicationRequest {
        request_id: story.id(&entrant.step("submit-too-much")),
        application_id: entrant.application_id.clone(),
        ..review::SubmitApplicationRequest::default()
    };
    let what = "试图申报四级，而本企业自主评价备案只有五级";
    let code = "OUTSIDE_SELF_EVALUATION";
    story.attempt(entrant.clerk(), what, too_much, code).await?;
    let form = of(entrant.seat).form(&applicants::level_five(), story.dates.round_applied);
    let corrected = review::SaveApplicationRequest {
        request_id: story.id(&entrant.step("save")),
        application_id: entrant.application_id.clone(),
        basic_form: Some(form),
        work_plan: Some(annexes::work_plan()),
        ..review::SaveApplicationRequest::default()
    };
    story.ask(entrant.clerk(), corrected).await?;
    // What was signed was another form.
    let signed = review::DocumentKind::SignedBasicForm;
    upload(story, entrant, signed, "corrected").await
}

async fn upload(
    story: &Story<'_>,
    entrant: &Entrant,
    document: review::DocumentKind,
    round: &str,
) -> Result<()> {
    let number = i32::from(document);
    let header = review::MaterialHeader {
        request_id: story.id(&entrant.step(&format!("upload-{number}-{round}"))),
        application_id: entrant.application_id.clone(),
        document: document.into(),
        file_name: format!("{number}.pdf"),
        media_type: "application/pdf".to_owned(),
    };
    let content = annexes::pdf(&format!("Luban sample, document {number}, {round}"));
    let upload = Upload { header, content };
    story.ask(entrant.clerk(), upload).await.map(|_| ())
}

async fn submit(story: &Story<'_>, entrant: &Entrant, step: &str) -> Result<()> {
    let request = review::SubmitApplicationRequest {
        request_id: story.id(&entrant.step(step)),
        application_id: entrant.application_id.clone(),
        ..review::SubmitApplicationRequest::default()
    };
    let reply = story.ask(entrant.clerk(), request).await?;
    let state = reply.application.unwrap_or_default().state();
    expect(
        "state after handing in",
        state,
        review::ApplicationState::Submitted,
    )
}

/// One is given back and corrects; one takes its application back.
pub(super) async fn give_back(story: &mut Story<'_>, entrants: &[Entrant]) -> Result<()> {
    story.day(story.dates.round_returned)?;
    for entrant in entrants
        .iter()
        .filter(|entrant| entrant.fate() == Fate::Returned)
    {
        let document = review::DocumentKind::MemberUnitAgreement;
        let reason = "合作协议缺少签章页，请补充";
        let request = review::ReturnApplicationRequest {
            request_id: story.id(&entrant.step("return")),
            application_id: entrant.application_id.clone(),
            materials: vec![review::MaterialReturn {
                document: document.into(),
                reason: reason.to_owned(),
            }],
            ..review::ReturnApplicationRequest::default()
        };
        let what = format!("退回{}的一项材料：{reason}", entrant.clerk().title());
        story
            .deed(Who::RoundA, &what, "通知三（二）4", request)
            .await?;
        upload(story, entrant, document, "corrected").await?;
        submit(story, entrant, "resubmit").await?;
        story
            .page
            .deed(entrant.clerk().title(), "更正后重新提交", "通知三（二）2")?;
    }
    for entrant in entrants
        .iter()
        .filter(|entrant| entrant.fate() == Fate::Withdrawn)
    {
        let request = review::WithdrawApplicationRequest {
            request_id: story.id(&entrant.step("withdraw")),
            application_id: entrant.application_id.clone(),
            ..review::WithdrawApplicationRequest::default()
        };
        story
            .deed(entrant.clerk(), "撤回申报", "通知三（二）2", request)
            .await?;
    }
    Ok(())
}
