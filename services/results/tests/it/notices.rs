//! The public notice: five working days, row by row, ended by the calendar.

use jiff::civil::date;
use kernel::content_hash::ContentHash;
use kernel::pilot::{Change, Parameters, Value};
use kernel::reference::Reference;
use platform::access::Caller;
use platform::reference::publish;
use prost::Message;
use proto::common::v1::PublicNoticeRowState as RowState;
use proto::exam::v1 as exam;
use proto::exam::v1::ExamPart::{Skill, Theory};
use proto::results::v1 as pb;
use proto::results::v1::ResultState as State;
use proto::results::v1::batch_service_server::BatchService;

use crate::neighbours::{NAMES, citizen_id, ticket};
use crate::setup::{NOTICE_OVER, OPENED, clerk_a, clerk_b, codes, fields, from, refused, setup};
use crate::stages::CONTACT;

/// Scores with which nobody passes.
const FAILING: [(usize, exam::ExamPart, u32); 9] = [
    (0, Theory, 1),
    (0, Skill, 1),
    (1, Theory, 1),
    (1, Skill, 1),
    (2, Theory, 59),
    (2, Skill, 100),
    (3, Theory, 100),
    (4, Theory, 1),
    (4, Skill, 1),
];

#[tokio::test]
async fn where_nobody_passed_the_batch_ends_without_a_notice() {
    let setup = setup().await;
    let batch = setup.open(&clerk_a()).await.expect("opened").batch_id;
    setup.record(&batch, &FAILING).await.expect("recorded");
    let proposed = setup.propose_notice(&batch).await.expect("proposed");
    assert_eq!((proposed.shown, proposed.not_passed), (0, 5));
    let reply = setup
        .confirm_notice(&clerk_b(), &batch, proposed.proposal)
        .await;
    let reply = reply.expect("closed");
    assert!(reply.public_notice.is_none());
    let counts = reply.batch.expect("a batch").counts;
    assert_eq!(counts.len(), 1);
    assert_eq!((counts[0].state(), counts[0].rows), (State::NotPassed, 5));
    assert!(setup.published("result").await.is_empty());

    let again = refused(setup.open_notice(&batch).await);
    assert_eq!(codes(&again), ["RESULT_NOTICE_ALREADY_OPEN"]);
    let late = refused(setup.record(&batch, &[(0, Theory, 60)]).await);
    assert_eq!(codes(&late), ["SCORING_CLOSED"]);
    let upload = refused(setup.upload(&batch).await);
    assert_eq!(codes(&upload), ["NOTHING_TO_UPLOAD"]);
}

#[tokio::test]
async fn a_notice_is_read_page_by_page_with_tokens_of_its_own() {
    let setup = setup().await;
    let (batch, notice) = setup.shown().await;
    let ask = |page_token: &str| pb::GetPublicNoticeRequest {
        public_notice_id: notice.public_notice_id.clone(),
        page_size: 2,
        page_token: page_token.to_owned(),
    };
    let page = async |page_token: &str| {
        let request = from(&Caller::public(), ask(page_token));
        let reply = setup.face.get_public_notice(request).await;
        let reply = reply.expect("a page").into_inner();
        let rows = reply.public_notice.expect("a notice").rows;
        let keys: Vec<String> = rows.into_iter().map(|row| row.row_key).collect();
        (keys, reply.next_page_token)
    };
    let (keys, next) = page("").await;
    assert_eq!(keys, [ticket(0), ticket(1)]);
    assert_eq!(page(&next).await, (vec![ticket(4)], String::new()));

    let request = pb::ListResultsRequest {
        batch_id: batch,
        page_size: 2,
        page_token: String::new(),
    };
    let listed = setup.face.list_results(from(&clerk_a(), request)).await;
    let token = listed.expect("listed").into_inner().next_page_token;
    let foreign = from(&Caller::public(), ask(&token));
    let foreign = refused(setup.face.get_public_notice(foreign).await);
    assert_eq!(codes(&foreign), ["PAGE_MALFORMED"]);
    assert_eq!(fields(&foreign), ["page_token"]);
}

#[tokio::test]
async fn those_who_passed_are_shown_masked_for_five_working_days() {
    let setup = setup().await;
    let (batch, notice) = setup.shown().await;
    assert_eq!(notice.opened_on, OPENED.to_string());
    let ends = notice.ends.expect("a deadline");
    assert_eq!(
        (ends.date.as_str(), ends.source.as_str()),
        ("2020-07-13", "notice 4.3")
    );
    let keys: Vec<_> = notice.rows.iter().map(|row| row.row_key.clone()).collect();
    assert_eq!(keys, [ticket(0), ticket(1), ticket(4)]);
    let masked = citizen_id(0).masked();
    assert_eq!(
        notice.rows[0].cells,
        ["示**一", &ticket(0), &masked, "电工", "--", "五级/初级工"]
    );
    assert_eq!(setup.state(&batch, 2).await, State::NotPassed);
    assert_eq!(setup.state(&batch, 3).await, State::NotPassed);
    let headings: Vec<_> = notice
        .headings
        .iter()
        .map(|line| (line.name.as_str(), line.text.as_str()))
        .collect();
    let plan = setup.plan().to_string();
    assert_eq!(
        headings,
        [
            ("评价机构", "威海示例技师学院"),
            ("机构代码", "S000037100001"),
            ("考核计划", plan.as_str()),
            ("考核日期", "2020-07-04"),
        ]
    );
    assert_eq!(notice.objection_contact, CONTACT);

    let snapshot: String = sqlx::query_scalar("select snapshot::text from public_notice")
        .fetch_one(&setup.platform.pool)
        .await
        .expect("kept");
    let hash = ContentHash::of_bytes(snapshot.as_bytes());
    assert_eq!(hash.as_bytes(), &notice.snapshot_hash[..]);
}

#[tokio::test]
async fn the_query_is_told_the_stage_by_digests_alone() {
    let setup = setup().await;
    setup.shown().await;
    let told = setup.published("result").await;
    assert_eq!(told.len(), 3);
    assert!(
        told.iter()
            .all(|fact| fact.kind == "candidate_stage_changed")
    );
    let stage = pb::CandidateStageFact::decode(told[0].payload.clone()).expect("a stage");
    assert_eq!(stage.stage(), pb::CandidateStage::InPublicNotice);
    assert_eq!(
        (stage.since.as_str(), stage.until.as_str()),
        ("2020-07-06", "2020-07-13")
    );
    assert_eq!(stage.blind_indexes.len(), 1);
    assert_eq!(
        stage.blind_indexes[0].purpose(),
        pb::IndexPurpose::TicketAndName
    );
}

#[tokio::test]
async fn a_notice_opens_once_when_all_is_scored_and_says_whom_to_turn_to() {
    let setup = setup().await;
    let batch = setup.open(&clerk_a()).await.expect("opened").batch_id;
    let status = refused(setup.open_notice(&batch).await);
    assert_eq!(codes(&status), ["SCORES_MISSING"]);
    setup.record(&batch, &FAILING).await.expect("recorded");
    setup
        .record(&batch, &[(0, Theory, 60), (0, Skill, 60)])
        .await
        .expect("recorded");
    let silent = pb::ProposePublicNoticeRequest {
        request_id: setup.id(),
        batch_id: batch.clone(),
        objection_contact: " ".to_owned(),
    };
    let silent = setup
        .face
        .propose_public_notice(from(&clerk_a(), silent))
        .await;
    assert_eq!(codes(&refused(silent)), ["OBJECTION_CONTACT_MISSING"]);
    setup.open_notice(&batch).await.expect("opened");
    let twice = refused(setup.open_notice(&batch).await);
    assert_eq!(codes(&twice), ["RESULT_NOTICE_ALREADY_OPEN"]);
}

#[tokio::test]
async fn rows_conclude_by_themselves_after_the_last_day_and_not_on_it() {
    let setup = setup().await;
    let (batch, notice) = setup.shown().await;
    setup.day(date(2020, 7, 13));
    setup.sweep.step().await.expect("swept");
    assert_eq!(
        setup.notice_rows(&notice.public_notice_id).await,
        [RowState::Open; 3]
    );
    let early = refused(setup.upload(&batch).await);
    assert_eq!(codes(&early), ["NOTHING_TO_UPLOAD"]);

    setup.day(NOTICE_OVER);
    for _ in 0..2 {
        setup.sweep.step().await.expect("swept");
    }
    assert_eq!(
        setup.notice_rows(&notice.public_notice_id).await,
        [RowState::Concluded; 3]
    );
    assert_eq!(setup.state(&batch, 0).await, State::NoticeConcluded);
}

#[tokio::test]
async fn results_are_shown_by_two_persons_and_as_they_were_proposed() {
    let setup = setup().await;
    let batch = setup.scored().await;
    let proposed = setup.propose_notice(&batch).await.expect("proposed");
    assert_eq!((proposed.shown, proposed.not_passed), (3, 2));
    let facts = setup.facts().await;
    let same = setup
        .confirm_notice(&clerk_a(), &batch, proposed.proposal.clone())
        .await;
    assert_eq!(codes(&refused(same)), ["SAME_PERSON"]);
    assert_eq!(setup.facts().await, facts);
    assert_eq!(setup.state(&batch, 0).await, State::Scoring);

    let recorded = setup.record(&batch, &[(1, Skill, 61)]).await;
    recorded.expect("scores are still recorded");
    let changed = setup
        .confirm_notice(&clerk_b(), &batch, proposed.proposal)
        .await;
    assert_eq!(codes(&refused(changed)), ["CONTENT_CHANGED"]);
    assert_eq!(setup.state(&batch, 0).await, State::Scoring);
    setup.open_notice(&batch).await.expect("proposed anew");
}

#[tokio::test]
async fn names_are_shown_in_full_where_the_department_says_so() {
    let setup = setup().await;
    let full = Change {
        parameter: "result_notice_full_names".to_owned(),
        from: OPENED,
        value: Value::Flag(true),
    };
    let parameters = Parameters::supplied().with(full).expect("a parameter");
    let mut unit = setup.platform.journal.begin_own().await.expect("begin");
    publish(&mut unit, Reference::PARAMETERS, &parameters)
        .await
        .expect("kept");
    unit.commit().await.expect("commit");
    let (batch, notice) = setup.shown().await;
    assert_eq!(notice.rows[0].cells[0], NAMES[0]);
    assert_eq!(notice.rows[0].cells[2], citizen_id(0).masked());
    assert_eq!(setup.rows(&batch).await[0].masked_name, "示**一");
}
