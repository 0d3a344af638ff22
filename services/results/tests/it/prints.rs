//! What is printed: who gets which, that it is what it says it is, and who saw whose data.

use futures::StreamExt;
use kernel::content_hash::ContentHash;
use kernel::ids::CandidateId;
use platform::access::Caller;
use platform::download::Parts;
use proto::common::v1::file_part::Part;
use proto::common::v1::{FileHead, FilePart};
use proto::exam::v1::ExamPart::{Skill, Theory};
use proto::exam::v1::RosterEntry;
use proto::results::v1 as pb;
use proto::results::v1::batch_service_server::BatchService;
use proto::results::v1::print_service_server::PrintService;
use tonic::Status;
use uuid::Uuid;

use crate::certificates::{RIGHT_NAME, correct, propose_correction};
use crate::neighbours::{seal_of, ticket};
use crate::revocations::revoke_one;
use crate::setup::{
    NOTICE_OVER, Setup, city, clerk_a, clerk_b, codes, from, province, refused, setup, stranger,
};

/// A file as it came, checked against its head.
struct Printed {
    head: FileHead,
    content: Vec<u8>,
}

/// All files of an answer.
async fn files<R>(
    mut answer: Parts<R>,
    part: impl Fn(R) -> Option<FilePart>,
) -> Result<Vec<Printed>, Status> {
    let mut files: Vec<Printed> = Vec::new();
    while let Some(next) = answer.next().await {
        match part(next?).and_then(|part| part.part) {
            Some(Part::Head(head)) => files.push(Printed {
                head,
                content: Vec::new(),
            }),
            Some(Part::Content(bytes)) => {
                let file = files.last_mut().expect("the head comes first");
                file.content.extend_from_slice(&bytes);
            }
            None => panic!("a part"),
        }
    }
    for Printed { head, content } in &files {
        assert_eq!(head.size, content.len() as u64);
        assert_eq!(head.sha256, ContentHash::of_bytes(content).as_bytes()[..]);
    }
    Ok(files)
}

async fn certificate(
    setup: &Setup,
    caller: &Caller,
    number: &str,
    format: i32,
) -> Result<Printed, Status> {
    let request = pb::PrintCertificateRequest {
        number: number.to_owned(),
        format,
    };
    let answer = setup.face.print_certificate(from(caller, request)).await?;
    let mut files = files(answer.into_inner(), |it| it.part).await?;
    Ok(files.pop().expect("a file"))
}

/// The files of a batch, each with the last number and how far the job is.
async fn batch(
    setup: &Setup,
    caller: &Caller,
    batch: &str,
    after: &str,
) -> Result<Vec<(String, u32, u32)>, Status> {
    let request = pb::PrintCertificatesRequest {
        batch_id: batch.to_owned(),
        after_number: after.to_owned(),
    };
    let answer = setup.face.print_certificates(from(caller, request)).await?;
    let mut answer = answer.into_inner();
    let mut heads = Vec::new();
    while let Some(next) = answer.next().await {
        let next = next?;
        if let Some(Part::Head(head)) = next.part.and_then(|part| part.part) {
            assert_eq!(head.media_type, "application/pdf");
            heads.push((next.last_number, next.printed, next.total));
        }
    }
    Ok(heads)
}

#[tokio::test]
async fn a_certificate_is_printed_again_with_the_same_bytes_and_its_holder_is_on_record() {
    let setup = setup().await;
    let (_, issued) = setup.issued().await;
    let number = &issued[0].number;
    let before = setup.access_records().await;
    let pdf = certificate(&setup, &clerk_a(), number, 0).await;
    let pdf = pdf.expect("printed");
    assert_eq!(pdf.head.file_name, format!("{number}.pdf"));
    assert!(pdf.content.starts_with(b"%PDF-1."));
    assert_eq!(setup.access_records().await, before + 2);
    let again = certificate(&setup, &clerk_b(), number, 1).await;
    assert!(again.expect("printed").content == pdf.content);
    let png = certificate(&setup, &clerk_a(), number, 2).await;
    let png = png.expect("drawn");
    assert_eq!(png.head.media_type, "image/png");
    assert!(png.content.starts_with(b"\x89PNG"));

    // A new version is another paper.
    let proposal = propose_correction(&setup, number, RIGHT_NAME).await;
    let proposal = proposal.expect("proposed");
    let corrected = correct(&setup, &clerk_b(), number, proposal).await;
    corrected.expect("corrected");
    let newer = certificate(&setup, &clerk_a(), number, 1).await;
    assert!(newer.expect("printed").content != pdf.content);
}

#[tokio::test]
async fn only_a_certificate_in_force_is_printed_and_only_for_its_issuer() {
    let setup = setup().await;
    let (_, issued) = setup.issued().await;
    let number = &issued[0].number;
    let before = setup.access_records().await;
    let foreign = certificate(&setup, &stranger(), number, 0).await;
    assert_eq!(codes(&refused(foreign)), ["CERTIFICATE_NOT_FOUND"]);
    let bare = refused(certificate(&setup, &clerk_a(), "S0000", 9).await);
    assert_eq!(
        codes(&bare),
        ["CERTIFICATE_NUMBER_LENGTH", "CERTIFICATE_FORMAT_UNKNOWN"]
    );
    revoke_one(&setup, number).await;
    let revoked = refused(certificate(&setup, &clerk_a(), number, 0).await);
    assert_eq!(codes(&revoked), ["CERTIFICATE_REVOKED"]);
    assert_eq!(setup.access_records().await, before);
}

#[tokio::test]
async fn a_batch_is_printed_as_one_job_that_goes_on_where_it_broke_off() {
    let setup = setup().await;
    let approved = setup.approved().await;
    let nothing = refused(batch(&setup, &clerk_a(), &approved, "").await);
    assert_eq!(codes(&nothing), ["NOTHING_TO_PRINT"]);
    let issued = setup.issue_approved(&approved).await;
    let mut numbers: Vec<_> = issued.iter().map(|it| it.number.clone()).collect();
    numbers.sort();
    let [first, second, last] = &numbers[..] else {
        panic!("three certificates");
    };
    let whole = batch(&setup, &clerk_a(), &approved, "").await;
    assert_eq!(whole.expect("printed"), [(last.clone(), 3, 3)]);
    let rest = batch(&setup, &clerk_a(), &approved, second).await;
    assert_eq!(rest.expect("printed"), [(last.clone(), 3, 3)]);
    let done = batch(&setup, &clerk_a(), &approved, last).await;
    assert_eq!(done.expect("nothing is left"), []);

    // What was revoked is printed no more.
    revoke_one(&setup, first).await;
    let others = batch(&setup, &clerk_a(), &approved, "").await;
    assert_eq!(others.expect("printed"), [(last.clone(), 2, 2)]);

    let foreign = refused(batch(&setup, &stranger(), &approved, "").await);
    assert_eq!(codes(&foreign), ["BATCH_NOT_FOUND"]);
    let bare = refused(batch(&setup, &clerk_a(), "batch", "S0").await);
    assert_eq!(codes(&bare), ["ID_PREFIX", "CERTIFICATE_NUMBER_LENGTH"]);
}

/// Another plan with so many candidates, all of whom pass and are certified: its batch.
async fn full_batch(setup: &Setup, candidates: usize) -> String {
    {
        let mut world = setup.played.world();
        let one = world.roster[0].clone();
        let entry = |number: usize| RosterEntry {
            candidate_id: CandidateId::from_uuid(Uuid::from_u128(0xcb00 + number as u128))
                .to_string(),
            ticket_number: ticket(number),
            ..one.clone()
        };
        world.roster = (0..candidates).map(entry).collect();
        world.stated = seal_of(&world.roster);
    }
    setup.hear_of_a_plan().await;
    let batch = setup.open(&clerk_a()).await.expect("opened").batch_id;
    let passed = |number| [(number, Theory, 80), (number, Skill, 80)];
    let scores: Vec<_> = (0..candidates).flat_map(passed).collect();
    setup.record(&batch, &scores).await.expect("recorded");
    setup.open_notice(&batch).await.expect("opened");
    setup.day(NOTICE_OVER);
    setup.sweep.step().await.expect("swept");
    setup.upload(&batch).await.expect("uploaded");
    setup.approve(&batch, pb::ReviewLevel::City).await;
    setup.approve(&batch, pb::ReviewLevel::Province).await;
    setup.issue_approved(&batch).await;
    batch
}

#[tokio::test]
async fn a_large_batch_comes_in_files_each_with_how_far_the_job_is() {
    let setup = setup().await;
    let full = full_batch(&setup, 30).await;
    let before = setup.access_records().await;
    let files = batch(&setup, &clerk_a(), &full, "").await.expect("printed");
    let far: Vec<_> = files.iter().map(|(_, done, of)| (*done, *of)).collect();
    assert_eq!(far, [(25, 30), (30, 30)]);
    assert_eq!(setup.access_records().await, before + 2 * 30);
    let rest = batch(&setup, &clerk_a(), &full, &files[0].0).await;
    assert_eq!(rest.expect("printed"), files[1..]);
}

#[tokio::test]
async fn scores_are_printed_for_those_who_sign_and_review_them() {
    let setup = setup().await;
    let (batch_id, _) = setup.issued().await;
    let before = setup.access_records().await;
    for (seen, caller) in [clerk_a(), city("city-1"), province("province-1")]
        .iter()
        .enumerate()
    {
        let request = pb::PrintScoreSheetRequest {
            batch_id: batch_id.clone(),
        };
        let answer = setup.face.print_score_sheet(from(caller, request)).await;
        let files = files(answer.expect("in scope").into_inner(), |it| it.part).await;
        let files = files.expect("printed");
        assert!(files[0].content.starts_with(b"%PDF-1."));
        let shown = 5 * (i64::try_from(seen).expect("a few") + 1);
        assert_eq!(setup.access_records().await, before + shown);
    }
    let request = pb::PrintScoreSheetRequest { batch_id };
    let foreign = setup.face.print_score_sheet(from(&stranger(), request));
    assert_eq!(codes(&refused(foreign.await)), ["BATCH_NOT_FOUND"]);
}

#[tokio::test]
async fn a_public_notice_is_printed_for_anybody() {
    let setup = setup().await;
    let (batch_id, _) = setup.issued().await;
    let asked = pb::GetBatchRequest { batch_id };
    let shown = setup.face.get_batch(from(&clerk_a(), asked)).await;
    let shown = shown.expect("a batch").into_inner().batch;
    let public_notice_id = shown.expect("a batch").public_notice_id;
    let print = |public_notice_id: &str| {
        let request = pb::PrintResultNoticeRequest {
            public_notice_id: public_notice_id.to_owned(),
        };
        setup
            .face
            .print_result_notice(from(&Caller::public(), request))
    };
    let answer = print(&public_notice_id).await.expect("for everybody");
    let sheets = files(answer.into_inner(), |it| it.part).await;
    let sheets = sheets.expect("printed");
    assert!(sheets[0].content.starts_with(b"%PDF-1."));
    let unknown = print("notice_00000000000000000000000000").await;
    assert_eq!(codes(&refused(unknown)), ["RESULT_NOTICE_NOT_FOUND"]);
}
