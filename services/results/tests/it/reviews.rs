//! Review by city and province, two persons each; any change voids what was proposed.

use platform::testing::city_officer;
use proto::results::v1 as pb;
use proto::results::v1::ResultState as State;
use proto::results::v1::ReviewLevel as Level;
use proto::results::v1::batch_service_server::BatchService;
use proto::results::v1::result_review_service_server::ResultReviewService;
use results::domain::batch::ProvinceFiledReview;

use crate::setup::{
    Setup, city, clerk_a, codes, fields, from, province, refused, setup, setup_with,
};

async fn returned(setup: &Setup, batch: &str, number: usize) -> Vec<pb::ReturnedResult> {
    let result_id = setup.rows(batch).await[number].result_id.clone();
    vec![pb::ReturnedResult {
        result_id,
        reason: "缺一名考评员签字".to_owned(),
    }]
}

#[tokio::test]
async fn a_row_given_back_is_answered_and_reviewed_again() {
    let setup = setup().await;
    let batch = setup.uploaded().await;
    let back = returned(&setup, &batch, 1).await;
    let result = back[0].result_id.clone();
    let reply = setup
        .propose_review(&city("c-a"), &batch, Level::City, back)
        .await;
    let reply = reply.expect("proposed");
    assert_eq!(reply.approved, 2);
    let reply = setup
        .confirm_review(&city("c-b"), &batch, reply.proposal)
        .await
        .expect("confirmed");
    assert_eq!((reply.approved, reply.returned), (2, 1));
    let row = setup.rows(&batch).await[1].clone();
    assert_eq!(
        (row.state(), row.returned_reason.as_str()),
        (State::Returned, "缺一名考评员签字")
    );

    let silent = refused(setup.resubmit(&result, "").await);
    assert_eq!(codes(&silent), ["RESUBMISSION_ANSWER_MISSING"]);
    setup
        .resubmit(&result, "已补签")
        .await
        .expect("handed in again");
    assert_eq!(setup.state(&batch, 1).await, State::InCityReview);
    let twice = refused(setup.resubmit(&result, "已补签").await);
    assert_eq!(codes(&twice), ["RESULT_STATE"]);

    setup.approve(&batch, Level::City).await;
    setup.approve(&batch, Level::Province).await;
    for number in [0, 1, 4] {
        assert_eq!(setup.state(&batch, number).await, State::Approved);
    }
}

#[tokio::test]
async fn the_same_person_cannot_confirm_and_nothing_happens() {
    let setup = setup().await;
    let batch = setup.uploaded().await;
    let reply = setup
        .propose_review(&city("c-a"), &batch, Level::City, Vec::new())
        .await;
    let proposal = reply.expect("proposed").proposal;
    let facts = setup.facts().await;
    let same = setup
        .confirm_review(&city("c-a"), &batch, proposal.clone())
        .await;
    assert_eq!(codes(&refused(same)), ["SAME_PERSON"]);
    assert_eq!(setup.facts().await, facts);
    assert_eq!(setup.state(&batch, 0).await, State::InCityReview);
    setup
        .confirm_review(&city("c-b"), &batch, proposal)
        .await
        .expect("another person");
}

#[tokio::test]
async fn a_change_of_what_waits_voids_the_proposal() {
    let setup = setup().await;
    let batch = setup.uploaded().await;
    let back = returned(&setup, &batch, 0).await;
    let result = back[0].result_id.clone();
    let reply = setup
        .propose_review(&city("c-a"), &batch, Level::City, back)
        .await;
    let reply = setup
        .confirm_review(&city("c-b"), &batch, reply.expect("proposed").proposal)
        .await;
    reply.expect("confirmed");

    let reply = setup
        .propose_review(&province("p-a"), &batch, Level::Province, Vec::new())
        .await;
    let proposal = reply.expect("two rows wait").proposal;
    setup
        .resubmit(&result, "已补签")
        .await
        .expect("handed in again");
    setup.approve(&batch, Level::City).await;
    let changed = setup
        .confirm_review(&province("p-b"), &batch, proposal)
        .await;
    assert_eq!(codes(&refused(changed)), ["CONTENT_CHANGED"]);
}

#[tokio::test]
async fn each_centre_reviews_on_its_own_level_and_only_what_waits_there() {
    let setup = setup().await;
    let batch = setup.uploaded().await;
    let foreign = setup
        .propose_review(&city("c-a"), &batch, Level::Province, Vec::new())
        .await;
    assert_eq!(codes(&refused(foreign)), ["REVIEW_LEVEL_FOREIGN"]);
    let early = setup
        .propose_review(&province("p-a"), &batch, Level::Province, Vec::new())
        .await;
    assert_eq!(codes(&refused(early)), ["NOTHING_TO_REVIEW"]);
    let none = setup
        .propose_review(&city("c-a"), &batch, Level::Unspecified, Vec::new())
        .await;
    assert_eq!(codes(&refused(none)), ["REVIEW_LEVEL_MISSING"]);
    let back = returned(&setup, &batch, 2).await;
    let wrong = setup
        .propose_review(&city("c-a"), &batch, Level::City, back)
        .await;
    assert_eq!(codes(&refused(wrong)), ["RETURNED_NOT_IN_REVIEW"]);
}

#[tokio::test]
async fn all_that_is_wrong_with_a_review_is_told_at_once() {
    let setup = setup().await;
    let batch = setup.uploaded().await;
    let mut back = returned(&setup, &batch, 0).await;
    back[0].reason = " ".to_owned();
    back.push(pb::ReturnedResult::default());
    let wrong = setup
        .propose_review(&city("c-a"), "batch", Level::Unspecified, back)
        .await;
    let wrong = refused(wrong);
    assert_eq!(
        fields(&wrong),
        [
            "batch_id",
            "level",
            "returned[0].reason",
            "returned[1].result_id",
            "returned[1].reason",
        ]
    );
    assert!(
        codes(&wrong)
            .iter()
            .any(|code| code == "RETURN_REASON_MISSING")
    );
    let answer = refused(setup.resubmit("res", "").await);
    assert_eq!(codes(&answer), ["ID_PREFIX", "RESUBMISSION_ANSWER_MISSING"]);
}

#[tokio::test]
async fn a_review_gives_back_no_more_than_five_hundred_rows() {
    let setup = setup().await;
    let batch = setup.uploaded().await;
    let back = vec![returned(&setup, &batch, 0).await.remove(0); 501];
    let reply = setup
        .propose_review(&city("c-a"), &batch, Level::City, back)
        .await;
    let many = refused(reply);
    assert_eq!(
        (codes(&many), fields(&many)),
        (
            vec!["RETURNED_TOO_MANY".to_owned()],
            vec!["returned".to_owned()]
        )
    );
}

#[tokio::test]
async fn what_was_filed_at_the_province_goes_to_the_province_at_once() {
    let setup = setup().await;
    setup.played.world().filing_division = "370000";
    let batch = setup.uploaded().await;
    assert_eq!(setup.state(&batch, 0).await, State::InProvinceReview);
    let foreign = setup
        .propose_review(&city("c-a"), &batch, Level::City, Vec::new())
        .await;
    assert_eq!(codes(&refused(foreign)), ["BATCH_NOT_FOUND"]);
    setup.approve(&batch, Level::Province).await;
    assert_eq!(setup.state(&batch, 0).await, State::Approved);
}

#[tokio::test]
async fn by_setting_the_city_of_the_exam_reviews_it_first() {
    let setup = setup_with(ProvinceFiledReview::CityOfExam).await;
    setup.played.world().filing_division = "370000";
    let batch = setup.uploaded().await;
    setup.approve(&batch, Level::City).await;
    setup.approve(&batch, Level::Province).await;
    assert_eq!(setup.state(&batch, 0).await, State::Approved);
}

/// Whatever the setting says of what was filed at the province.
#[tokio::test]
async fn the_filing_centre_reviews_what_was_held_in_another_city() {
    for setting in [
        ProvinceFiledReview::Province,
        ProvinceFiledReview::CityOfExam,
    ] {
        let setup = setup_with(setting).await;
        setup.played.world().held_in = "370102";
        let batch = setup.uploaded().await;
        assert_eq!(setup.state(&batch, 0).await, State::InCityReview);
        let host = city_officer("h-a", "370100");
        let foreign = setup
            .propose_review(&host, &batch, Level::City, Vec::new())
            .await;
        assert_eq!(codes(&refused(foreign)), ["BATCH_NOT_FOUND"]);
        setup.approve(&batch, Level::City).await;
        setup.approve(&batch, Level::Province).await;
        setup.issue_approved(&batch).await;
        let asked = setup.played.world().rights_asked.clone();
        assert!(!asked.is_empty());
        assert!(asked.iter().all(|(_, division, _)| division == "370102"));
    }
}

#[tokio::test]
async fn a_confirmation_names_a_proposal_that_waits() {
    let setup = setup().await;
    let batch = setup.uploaded().await;
    let request = pb::ConfirmReviewRequest {
        request_id: setup.id(),
        batch_id: batch.clone(),
        confirmation: None,
    };
    let none = refused(setup.face.confirm_review(from(&city("c-b"), request)).await);
    assert_eq!(codes(&none), ["CONFIRMATION_MISSING"]);
    let request = pb::UploadResultsRequest {
        request_id: setup.id(),
        batch_id: batch.clone(),
    };
    let again = refused(setup.face.upload_results(from(&clerk_a(), request)).await);
    assert_eq!(codes(&again), ["NOTHING_TO_UPLOAD"]);
}
