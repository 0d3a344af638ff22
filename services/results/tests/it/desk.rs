//! The desk of results: from the locked roster to the certificate, what waits for whom.

use platform::access::Caller;
use platform::desk::Desk;
use platform::testing::waiting;
use proto::exam::v1::ExamPart::Theory;
use proto::results::v1::ReviewLevel;

use crate::certificates::propose_correction;
use crate::inquiries::{ask, objected};
use crate::revocations::{of_one, propose};
use crate::setup::{NOTICE_OVER, Setup, city, clerk_a, clerk_b, province, setup, stranger};

impl Setup {
    fn desk(&self) -> Desk {
        results::desk(self.platform.journal.clone())
    }

    /// Kinds of what waits for somebody.
    pub(crate) async fn waiting_kinds(&self, caller: &Caller) -> Vec<String> {
        let waits = waiting(&self.desk(), caller).await.into_iter();
        waits.map(|(kind, ..)| kind).collect()
    }
}

#[tokio::test]
async fn a_batch_waits_step_by_step_until_its_certificates_are_issued() {
    let setup = setup().await;
    let (first, second) = (clerk_a(), clerk_b());
    let to_open = ("batch_to_open".to_owned(), setup.plan().to_string());
    let waits = waiting(&setup.desk(), &first).await;
    assert_eq!((&waits[0].0, &waits[0].1), (&to_open.0, &to_open.1));
    assert!(setup.waiting_kinds(&stranger()).await.is_empty());

    let batch = setup.scored().await;
    assert_eq!(setup.waiting_kinds(&first).await, ["results_to_show"]);
    setup.open_notice(&batch).await.expect("opened");
    assert!(setup.waiting_kinds(&first).await.is_empty());
    setup.day(NOTICE_OVER);
    setup.sweep.step().await.expect("swept");
    let waits = waiting(&setup.desk(), &first).await;
    assert_eq!(
        waits,
        [(
            "results_to_upload".to_owned(),
            batch.clone(),
            "2020-07-28".to_owned()
        )]
    );

    setup.upload(&batch).await.expect("uploaded");
    assert!(setup.waiting_kinds(&first).await.is_empty());
    assert!(setup.waiting_kinds(&province("p-a")).await.is_empty());
    assert_eq!(
        setup.waiting_kinds(&city("c-a")).await,
        ["results_to_review"]
    );
    let city_level = ReviewLevel::City;
    let officer = city("c-a");
    let proposed = setup.propose_review(&officer, &batch, city_level, Vec::new());
    proposed.await.expect("proposed");
    assert_eq!(
        setup.waiting_kinds(&city("c-a")).await,
        ["results_to_review"]
    );
    assert_eq!(
        setup.waiting_kinds(&city("c-b")).await,
        ["results_to_review", "review_to_confirm"]
    );
    setup.approve(&batch, city_level).await;
    assert!(setup.waiting_kinds(&city("c-b")).await.is_empty());
    assert_eq!(
        setup.waiting_kinds(&province("p-a")).await,
        ["results_to_review"]
    );
    setup.approve(&batch, ReviewLevel::Province).await;
    assert_eq!(setup.waiting_kinds(&first).await, ["certificates_to_issue"]);
    setup.propose_issuance(&batch).await.expect("proposed");
    assert_eq!(
        setup.waiting_kinds(&second).await,
        ["certificates_to_issue", "issuance_to_confirm"]
    );
    setup.issue_approved(&batch).await;
    for caller in [first, second, city("c-a"), province("p-a")] {
        assert!(setup.waiting_kinds(&caller).await.is_empty());
    }
}

#[tokio::test]
async fn scores_and_what_reviews_gave_back_wait_for_the_organisation() {
    let setup = setup().await;
    let batch = setup.open(&clerk_a()).await.expect("opened").batch_id;
    assert_eq!(setup.waiting_kinds(&clerk_a()).await, ["scores_to_record"]);
    let scores = [(0, Theory, 88)];
    setup.record(&batch, &scores).await.expect("recorded");
    assert_eq!(setup.waiting_kinds(&clerk_a()).await, ["scores_to_record"]);
}

#[tokio::test]
async fn a_row_given_back_waits_until_it_is_answered() {
    let setup = setup().await;
    let batch = setup.uploaded().await;
    let result = setup.give_back(&batch, 1, "缺一名考评员签字").await;
    assert_eq!(
        setup.waiting_kinds(&clerk_a()).await,
        ["results_returned_by_city"]
    );
    setup.resubmit(&result, "已补签").await.expect("answered");
    assert!(setup.waiting_kinds(&clerk_a()).await.is_empty());
    setup.approve(&batch, ReviewLevel::City).await;

    let back = vec![proto::results::v1::ReturnedResult {
        result_id: result.clone(),
        reason: "照片不清".to_owned(),
    }];
    let level = ReviewLevel::Province;
    let (first, second) = (province("p-a"), province("p-b"));
    let proposed = setup.propose_review(&first, &batch, level, back);
    let proposal = proposed.await.expect("proposed").proposal;
    let confirmed = setup.confirm_review(&second, &batch, proposal);
    confirmed.await.expect("confirmed");
    let kinds = setup.waiting_kinds(&clerk_a()).await;
    assert_eq!(
        kinds,
        ["results_returned_by_province", "certificates_to_issue"]
    );
}

#[tokio::test]
async fn corrections_and_revocations_wait_for_a_second_person_of_the_same_side() {
    let setup = setup().await;
    let (_, issued) = setup.issued().await;
    let [corrected, revoked] = [&issued[0].number, &issued[1].number];
    let proposed = propose_correction(&setup, corrected, "示例甲一一").await;
    proposed.expect("proposed");
    assert!(setup.waiting_kinds(&clerk_a()).await.is_empty());
    assert_eq!(
        setup.waiting_kinds(&clerk_b()).await,
        ["correction_to_confirm"]
    );
    setup.played.world().withdrawn = true;
    let proposed = propose(&setup, &province("p-a"), of_one(&setup, revoked)).await;
    proposed.expect("proposed");
    assert_eq!(
        setup.waiting_kinds(&province("p-b")).await,
        ["revocation_to_confirm"]
    );
    assert_eq!(
        setup.waiting_kinds(&clerk_b()).await,
        ["correction_to_confirm"]
    );
    assert!(setup.waiting_kinds(&city("c-a")).await.is_empty());
}

#[tokio::test]
async fn an_objection_waits_for_the_centre_and_a_question_for_the_organisation() {
    let setup = setup().await;
    let (id, _) = objected(&setup).await;
    assert_eq!(
        setup.waiting_kinds(&city("c-a")).await,
        ["objection_to_decide"]
    );
    assert!(setup.waiting_kinds(&clerk_a()).await.is_empty());
    let due = ask(&setup, &city("c-a"), &id).await.expect("looked into");
    let waits = waiting(&setup.desk(), &clerk_a()).await;
    assert_eq!(waits, [("objection_to_respond_to".to_owned(), id, due)]);
}

#[tokio::test]
async fn each_step_of_a_batch_has_its_day() {
    let setup = setup().await;
    let batch = setup.uploaded().await;
    let due = async |caller: &Caller| {
        let waits = waiting(&setup.desk(), caller).await;
        waits.into_iter().map(|(_, _, due)| due).collect::<Vec<_>>()
    };
    assert_eq!(due(&city("c-a")).await, ["2020-07-21"], "five working days");
    setup.give_back(&batch, 1, "缺一名考评员签字").await;
    assert_eq!(due(&clerk_a()).await, ["2020-07-21"]);
    assert_eq!(due(&province("p-a")).await, ["2020-07-21"]);
}

#[tokio::test]
async fn what_is_to_be_shown_waits_for_a_second_person() {
    let setup = setup().await;
    let batch = setup.scored().await;
    setup.propose_notice(&batch).await.expect("proposed");
    assert_eq!(setup.waiting_kinds(&clerk_a()).await, ["results_to_show"]);
    assert_eq!(
        setup.waiting_kinds(&clerk_b()).await,
        ["results_notice_to_confirm", "results_to_show"]
    );
}
