//! Scores are recorded by ticket and part, all of a call or none.

use proto::exam::v1::ExamPart::{Review, Skill, Theory};
use proto::results::v1 as pb;
use proto::results::v1::batch_service_server::BatchService;

use crate::neighbours::ticket;
use crate::setup::{clerk_a, codes, fields, from, refused, setup};

#[tokio::test]
async fn a_call_with_one_wrong_score_records_nothing_and_names_every_fault() {
    let setup = setup().await;
    let batch = setup.open(&clerk_a()).await.expect("opened").batch_id;
    let facts = setup.facts().await;
    let scores = [
        (0, Theory, 90),
        (0, Skill, 101),
        (3, Skill, 50),
        (7, Theory, 50),
        (0, Review, 1),
    ];
    let status = refused(setup.record(&batch, &scores).await);
    assert_eq!(
        codes(&status),
        [
            "SCORE_OUT_OF_RANGE",
            "SCORE_PART_ABSENT",
            "TICKET_UNKNOWN",
            "SCORE_PART_NOT_EXAMINED"
        ]
    );
    assert_eq!(setup.facts().await, facts);
    assert_eq!(setup.rows(&batch).await[0].parts[0].score, None);
}

#[tokio::test]
async fn the_last_word_counts_until_the_notice_opens() {
    let setup = setup().await;
    let batch = setup.scored().await;
    assert_eq!(
        setup
            .record(&batch, &[(0, Theory, 61)])
            .await
            .expect("a correction"),
        1
    );
    let parts = setup.rows(&batch).await[0].parts.clone();
    assert_eq!([parts[0].score, parts[1].score], [Some(61), Some(77)]);
    setup.open_notice(&batch).await.expect("opened");
    let late = refused(setup.record(&batch, &[(0, Theory, 62)]).await);
    assert_eq!(codes(&late), ["SCORING_CLOSED"]);
}

#[tokio::test]
async fn a_call_has_one_to_five_hundred_scores() {
    let setup = setup().await;
    let batch = setup.open(&clerk_a()).await.expect("opened").batch_id;
    for scores in [vec![], vec![(0, Theory, 50); 501]] {
        let status = refused(setup.record(&batch, &scores).await);
        assert_eq!(codes(&status), ["SCORES_COUNT"]);
    }
    let none = refused(setup.record("batch", &[]).await);
    assert_eq!(fields(&none), ["batch_id", "scores"]);
    let unknown = pb::RecordScoresRequest {
        request_id: setup.id(),
        batch_id: "batch_00000000000000000000000000".to_owned(),
        scores: vec![pb::ScoreEntry::default()],
    };
    let unknown = refused(setup.face.record_scores(from(&clerk_a(), unknown)).await);
    assert_eq!(codes(&unknown), ["BATCH_NOT_FOUND"]);
}

#[tokio::test]
async fn a_ticket_number_that_nobody_has_is_unknown_whatever_it_looks_like() {
    let setup = setup().await;
    let batch_id = setup.open(&clerk_a()).await.expect("opened").batch_id;
    let entry = |ticket_number: &str| pb::ScoreEntry {
        ticket_number: ticket_number.to_owned(),
        part: Theory.into(),
        score: 60,
    };
    let scores = ["", "准考证", "2020\0", "２０２０９９９９９９９９９"];
    let request = pb::RecordScoresRequest {
        request_id: setup.id(),
        batch_id,
        scores: scores.map(entry).to_vec(),
    };
    let status = refused(setup.face.record_scores(from(&clerk_a(), request)).await);
    let unknown: Vec<_> = codes(&status);
    assert_eq!(unknown, ["TICKET_UNKNOWN"; 4]);
}

#[tokio::test]
async fn a_ticket_number_is_read_as_people_type_it() {
    let setup = setup().await;
    let batch_id = setup.open(&clerk_a()).await.expect("opened").batch_id;
    let full_width = |digit: char| char::from_u32(u32::from(digit) - 0x30 + 0xff10);
    let request = pb::RecordScoresRequest {
        request_id: setup.id(),
        batch_id,
        scores: vec![pb::ScoreEntry {
            ticket_number: ticket(0).chars().filter_map(full_width).collect(),
            part: Theory.into(),
            score: 60,
        }],
    };
    let reply = setup.face.record_scores(from(&clerk_a(), request)).await;
    assert_eq!(reply.expect("recorded").into_inner().recorded, 1);
}

#[tokio::test]
async fn rows_are_listed_page_by_page() {
    let setup = setup().await;
    let batch = setup.scored().await;
    let (mut seen, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = pb::ListResultsRequest {
            batch_id: batch.clone(),
            page_size: 2,
            page_token,
        };
        let page = setup
            .face
            .list_results(from(&clerk_a(), request))
            .await
            .expect("a page");
        let page = page.into_inner();
        seen.extend(page.results.into_iter().map(|row| row.ticket_number));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(seen, (0..5).map(ticket).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_request_id_with_another_content_is_refused() {
    let setup = setup().await;
    let batch = setup.open(&clerk_a()).await.expect("opened").batch_id;
    let request = |score| pb::RecordScoresRequest {
        request_id: "the-same".to_owned(),
        batch_id: batch.clone(),
        scores: vec![pb::ScoreEntry {
            ticket_number: ticket(0),
            part: Theory.into(),
            score,
        }],
    };
    setup
        .face
        .record_scores(from(&clerk_a(), request(50)))
        .await
        .expect("recorded");
    let reused = setup
        .face
        .record_scores(from(&clerk_a(), request(51)))
        .await;
    assert_eq!(codes(&refused(reused)), ["REQUEST_ID_REUSED"]);
}
