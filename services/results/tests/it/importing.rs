//! Scores out of a spreadsheet: all or none, every fault with its row and column, tried before taken.

use platform::access::Caller;
use proto::common::v1::SheetFault;
use proto::exam::v1::ExamPart::Theory;
use proto::results::v1 as pb;
use proto::results::v1::batch_service_client::BatchServiceClient;
use proto::results::v1::batch_service_server::BatchServiceServer;
use proto::results::v1::import_scores_request::Part;
use tonic::service::interceptor::InterceptedService;
use tonic::{Request, Status};

use crate::neighbours::{NAMES, ticket};
use crate::setup::{Setup, clerk_a, codes, fields, refused, setup, stranger};

/// The scores of the batch as the organisation keeps them.
fn sheet() -> String {
    format!(
        "准考证号,姓名,理论成绩,技能成绩\n{},{},88,77\n{},{},６０,60\n{},,100,59\n{},,90,\n{},,70,71\n",
        ticket(0),
        NAMES[0],
        ticket(1),
        NAMES[1],
        ticket(2),
        ticket(3),
        ticket(4),
    )
}

impl Setup {
    async fn import(
        &self,
        caller: Caller,
        header: pb::ScoresHeader,
        file: &str,
    ) -> Result<pb::ImportScoresResponse, Status> {
        let content = file
            .as_bytes()
            .chunks(40)
            .map(|piece| piece.to_vec().into());
        let parts = [Part::Header(header)].into_iter();
        let parts: Vec<_> = parts
            .chain(content.map(Part::Content))
            .map(|part| pb::ImportScoresRequest { part: Some(part) })
            .collect();
        let service = BatchServiceServer::new(self.face.clone());
        let called = InterceptedService::new(service, move |mut request: Request<()>| {
            request.extensions_mut().insert(caller.clone());
            Ok(request)
        });
        let mut client = BatchServiceClient::new(called);
        let reply = client.import_scores(futures::stream::iter(parts)).await?;
        Ok(reply.into_inner())
    }

    fn header(&self, batch: &str) -> pb::ScoresHeader {
        pb::ScoresHeader {
            request_id: self.id(),
            batch_id: batch.to_owned(),
            dry_run: false,
        }
    }
}

fn told(faults: &[SheetFault]) -> Vec<(u32, &str, &str)> {
    let told = faults.iter();
    told.map(|fault| (fault.row, fault.column.as_str(), fault.code.as_str()))
        .collect()
}

#[tokio::test]
async fn a_file_is_tried_and_then_taken_and_the_same_file_twice_is_answered_alike() {
    let setup = setup().await;
    let batch = setup.open(&clerk_a()).await.expect("opened").batch_id;
    let facts = setup.facts().await;
    let mut header = setup.header(&batch);
    header.dry_run = true;
    let tried = setup.import(clerk_a(), header, &sheet()).await;
    assert_eq!(tried.expect("tried").recorded, 9);
    assert_eq!(setup.facts().await, facts);
    assert_eq!(setup.rows(&batch).await[0].parts[0].score, None);

    let header = setup.header(&batch);
    for _ in 0..2 {
        let taken = setup.import(clerk_a(), header.clone(), &sheet()).await;
        assert_eq!(taken.expect("taken").recorded, 9);
    }
    assert_eq!(setup.facts().await, facts + 6, "five rows and the batch");
    let other = sheet().replace("88", "89");
    let other = setup.import(clerk_a(), header, &other).await;
    assert_eq!(codes(&refused(other)), ["REQUEST_ID_REUSED"]);
    let scores: Vec<_> = setup
        .rows(&batch)
        .await
        .iter()
        .map(|row| [row.parts[0].score, row.parts[1].score])
        .collect();
    assert_eq!(scores[1], [Some(60), Some(60)]);
    assert_eq!(scores[3], [Some(90), None]);
    setup.open_notice(&batch).await.expect("all is scored");
}

#[tokio::test]
async fn every_fault_of_a_file_is_told_with_row_and_column_and_nothing_is_recorded() {
    let setup = setup().await;
    let batch = setup.open(&clerk_a()).await.expect("opened").batch_id;
    let file = format!(
        "ticket_number,name,theory,skill,review\n\
         {},{},101,60,\n{},,60,60,60\n{},,90,90,\n2020999999999,,60,,\n{},,60,,\n",
        ticket(0),
        NAMES[1],
        ticket(1),
        ticket(3),
        ticket(0),
    );
    let expected = [
        (2, "name", "SCORE_NAME_DIFFERS"),
        (2, "theory", "SCORE_OUT_OF_RANGE"),
        (3, "review", "SCORE_PART_NOT_EXAMINED"),
        (4, "skill", "SCORE_PART_ABSENT"),
        (5, "ticket_number", "TICKET_UNKNOWN"),
        (6, "ticket_number", "SCORE_TWICE"),
    ];
    let facts = setup.facts().await;
    let mut header = setup.header(&batch);
    header.dry_run = true;
    let tried = setup.import(clerk_a(), header, &file).await.expect("tried");
    assert_eq!(told(&tried.faults), expected);
    for fault in &tried.faults {
        let text = format!("{}{}", fault.text_zh, fault.text_en);
        assert!(!text.contains(NAMES[1]) && !text.contains(&ticket(0)));
    }
    let refusal = refused(setup.import(clerk_a(), setup.header(&batch), &file).await);
    assert_eq!(codes(&refusal), expected.map(|(_, _, code)| code));
    assert_eq!(setup.facts().await, facts);
    let recorded = setup.record(&batch, &[(0, Theory, 88)]).await;
    recorded.expect("the batch is as before");
}

#[tokio::test]
async fn a_file_that_is_none_and_a_foreign_batch_are_refused() {
    let setup = setup().await;
    let batch = setup.open(&clerk_a()).await.expect("opened").batch_id;
    let foreign = setup
        .import(stranger(), setup.header(&batch), &sheet())
        .await;
    assert_eq!(codes(&refused(foreign)), ["BATCH_NOT_FOUND"]);
    let bare = setup
        .import(clerk_a(), pb::ScoresHeader::default(), &sheet())
        .await;
    assert_eq!(fields(&refused(bare)), ["request_id", "batch_id"]);
    let without = setup
        .import(clerk_a(), setup.header(&batch), "理论成绩\n60\n")
        .await;
    assert_eq!(codes(&refused(without)), ["SHEET_COLUMN_MISSING"]);
    let nothing = format!("准考证号,理论成绩\n{},\n", ticket(0));
    let nothing = setup
        .import(clerk_a(), setup.header(&batch), &nothing)
        .await;
    assert_eq!(codes(&refused(nothing)), ["SCORES_COUNT"]);
    let binary = setup
        .import(clerk_a(), setup.header(&batch), "\0\0\0")
        .await;
    assert!(!codes(&refused(binary)).is_empty());
}
