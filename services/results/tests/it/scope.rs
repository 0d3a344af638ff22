//! A foreign record is answered exactly like one that does not exist; nobody is named at rest.

use proto::results::v1 as pb;
use proto::results::v1::batch_service_server::BatchService;
use proto::results::v1::result_review_service_server::ResultReviewService;

use crate::neighbours::{NAMES, citizen_id};
use crate::setup::{city, codes, from, province, refused, setup, stranger, told};

#[tokio::test]
async fn a_batch_exists_for_its_organisation_its_city_and_the_province() {
    let setup = setup().await;
    let batch_id = setup.scored().await;
    let ask = |batch_id: &str| pb::GetBatchRequest {
        batch_id: batch_id.to_owned(),
    };
    for caller in [city("c-a"), province("p-a")] {
        setup
            .face
            .get_batch(from(&caller, ask(&batch_id)))
            .await
            .expect("in scope");
    }
    let elsewhere = platform::testing::city_officer("q-a", "370200");
    let unknown = ask("batch_00000000000000000000000000");
    let unknown = refused(setup.face.get_batch(from(&province("p-a"), unknown)).await);
    for caller in [stranger(), elsewhere] {
        let foreign = setup.face.get_batch(from(&caller, ask(&batch_id))).await;
        let foreign = refused(foreign);
        assert_eq!(codes(&foreign), ["BATCH_NOT_FOUND"]);
        assert_eq!(told(&foreign), told(&unknown));
    }
}

#[tokio::test]
async fn a_foreign_result_is_not_handed_in_again() {
    let setup = setup().await;
    let batch = setup.scored().await;
    let result_id = setup.rows(&batch).await[0].result_id.clone();
    let request = pb::ResubmitResultRequest {
        request_id: setup.id(),
        result_id,
        answer: "已补".to_owned(),
    };
    let foreign = setup.face.resubmit_result(from(&stranger(), request)).await;
    assert_eq!(codes(&refused(foreign)), ["RESULT_NOT_FOUND"]);
}

#[tokio::test]
async fn no_table_and_no_message_names_a_candidate() {
    let setup = setup().await;
    let batch = setup.uploaded().await;
    let given_back = format!("{}（{}）照片不符", NAMES[1], citizen_id(1).reveal());
    let result_id = setup.give_back(&batch, 1, &given_back).await;
    let answer = format!("{}已换照片", NAMES[1]);
    setup.resubmit(&result_id, &answer).await.expect("answered");
    let row = setup.rows(&batch).await[1].clone();
    assert_eq!((row.returned_reason, row.answer), (given_back, answer));
    assert_eq!(setup.access_records().await, 2, "each text that was shown");
    setup.approve(&batch, pb::ReviewLevel::City).await;
    setup.approve(&batch, pb::ReviewLevel::Province).await;
    setup.issue_approved(&batch).await;
    let tables: Vec<String> = sqlx::query_scalar(
        "select format('%I.%I', schemaname, tablename) from pg_tables
         where schemaname in ('public', 'platform') and tablename <> '_sqlx_migrations'",
    )
    .fetch_all(&setup.platform.pool)
    .await
    .expect("listed");
    assert!(tables.len() > 15);
    for table in tables {
        let query = sqlx::AssertSqlSafe(format!("select row::text from {table} as row"));
        let rows: Vec<String> = sqlx::query_scalar(query)
            .fetch_all(&setup.platform.pool)
            .await
            .expect("read");
        for mark in NAMES.iter().map(|name| (*name).to_owned()).chain(ids()) {
            let hidden = hex::encode(&mark);
            let found = rows
                .iter()
                .any(|row| row.contains(&mark) || row.contains(&hidden));
            assert!(!found, "{table} names a candidate");
        }
    }
}

fn ids() -> impl Iterator<Item = String> {
    (0..NAMES.len()).map(|number| citizen_id(number).reveal().to_owned())
}
