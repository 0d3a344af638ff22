//! Forms that cannot be read: everything that is wrong is told at once, with its field.

use proto::exam::v1::ExamPart;
use proto::results::v1 as pb;
use proto::results::v1::batch_service_server::BatchService;
use proto::results::v1::certificate_service_server::CertificateService;
use proto::results::v1::objection_service_server::ObjectionService;
use proto::results::v1::result_review_service_server::ResultReviewService;

use crate::neighbours::ticket;
use crate::setup::{clerk_a, codes, fields, from, refused, setup};

/// The refusal of an empty command.
macro_rules! refusal_of_empty {
    ($setup:ident, $method:ident) => {{
        let reply = $setup.face.$method(from(&clerk_a(), Default::default()));
        (stringify!($method), refused(reply.await))
    }};
}

#[tokio::test]
async fn an_empty_command_of_every_kind_names_its_request_id() {
    let setup = setup().await;
    for (method, status) in [
        refusal_of_empty!(setup, open_batch),
        refusal_of_empty!(setup, record_scores),
        refusal_of_empty!(setup, propose_public_notice),
        refusal_of_empty!(setup, open_public_notice),
        refusal_of_empty!(setup, propose_score_change),
        refusal_of_empty!(setup, change_scores),
        refusal_of_empty!(setup, upload_results),
        refusal_of_empty!(setup, raise_objection),
        refusal_of_empty!(setup, resolve_objection),
        refusal_of_empty!(setup, propose_review),
        refusal_of_empty!(setup, confirm_review),
        refusal_of_empty!(setup, resubmit_result),
        refusal_of_empty!(setup, propose_issuance),
        refusal_of_empty!(setup, issue_certificates),
        refusal_of_empty!(setup, propose_correction),
        refusal_of_empty!(setup, correct_certificate),
        refusal_of_empty!(setup, propose_revocation),
        refusal_of_empty!(setup, record_hearing),
        refusal_of_empty!(setup, abandon_revocation),
        refusal_of_empty!(setup, revoke_certificates),
    ] {
        let fields = fields(&status);
        assert_eq!(fields.first().expect("faults"), "request_id", "{method}");
        assert!(
            fields.len() > 1 && !fields.contains(&String::new()),
            "{method}"
        );
        assert!(
            codes(&status).contains(&"REQUEST_ID_MISSING".to_owned()),
            "{method}"
        );
    }
}

#[tokio::test]
async fn scores_are_judged_even_where_the_batch_is_not_named() {
    let setup = setup().await;
    let entry = pb::ScoreEntry {
        ticket_number: ticket(0),
        part: ExamPart::Theory.into(),
        score: 101,
    };
    let request = pb::RecordScoresRequest {
        request_id: String::new(),
        batch_id: "x".to_owned(),
        scores: vec![entry.clone(), entry],
    };
    let refusal = refused(setup.face.record_scores(from(&clerk_a(), request)).await);
    assert_eq!(
        fields(&refusal),
        [
            "request_id",
            "batch_id",
            "scores[0].score",
            "scores[1].score",
            "scores[1].ticket_number"
        ]
    );
}
