//! Files: what is taken, what is not, and that nothing stays of the latter.

use std::fs::File;
use std::time::{Duration, SystemTime};

use kernel::ids::MaterialId;
use platform::crypto::Place;
use platform::testing::eventually;
use proto::review::v1::upload_material_request::Part;
use proto::review::v1::*;
use review::MaterialSweep;
use sha2::{Digest, Sha256};
use tokio_stream::StreamExt;
use uuid::Uuid;

use crate::scenes::{Filing, PDF, header, part};
use crate::setup::{World, codes, fields, refused};

const LIMIT: usize = 20 * 1024 * 1024;
/// Content in one sealed piece of a stored file, and what sealing adds to it.
const PIECE: usize = 64 * 1024;
const SEAL: usize = 17 + 12 + 5 + 16;

/// A PDF of a size.
fn pdf(size: usize) -> Vec<u8> {
    let mut content = PDF.to_vec();
    content.resize(size, b'.');
    content
}

fn headed(filing: &Filing, change: impl FnOnce(&mut MaterialHeader)) -> MaterialHeader {
    let mut header = header(filing, DocumentKind::ExaminerCards);
    change(&mut header);
    header
}

/// Refused with these codes; no file and no row is left.
async fn refuses(
    world: &World,
    filing: &Filing,
    header: MaterialHeader,
    content: &[u8],
    expected: &[&str],
) {
    let before = world.traces().await;
    assert_eq!(
        refused(world.upload_with(&filing.clerk, header, content).await),
        expected
    );
    assert_eq!(world.traces().await, before);
    eventually("an empty store", async || {
        world.files().is_empty().then_some(())
    })
    .await;
}

/// The content of a stored file: every piece opens for its material, in its order, and the last
/// one knows that it is.
async fn opened(world: &World, material: &Material) -> Vec<u8> {
    let files = world.files();
    let file = files
        .iter()
        .find(|file| file.ends_with(&material.material_id));
    let stored = std::fs::read(file.expect("kept")).expect("stored");
    let pieces: Vec<_> = stored.chunks(PIECE + SEAL).collect();
    let id = MaterialId::parse(&material.material_id).expect("an id");
    let place = Place {
        table: "material",
        row: id.uuid(),
        column: "content",
    };
    let mut content = Vec::new();
    for (number, piece) in (0_u32..).zip(&pieces) {
        let vault = world.platform.journal.vault();
        let opened = vault.unseal(place, piece).await.expect("sealed for it");
        let (head, part) = opened.split_at(5);
        let last = number as usize == pieces.len() - 1;
        assert_eq!(head, [&number.to_be_bytes()[..], &[last.into()]].concat());
        content.extend_from_slice(part);
    }
    content
}

#[tokio::test]
async fn a_file_is_kept_sealed_as_it_came_and_known_by_its_hash() {
    let world = World::start().await;
    let filing = world.drafted().await;
    for size in [PDF.len(), PIECE, PIECE + 1, 3 * 1024 * 1024 + 17] {
        let content = pdf(size);
        let material = world
            .upload(&filing, DocumentKind::ExaminerCards, &content)
            .await
            .expect("taken");
        assert_eq!(material.size, size as u64);
        assert_eq!(material.sha256, Sha256::digest(&content).to_vec());
        assert_eq!(material.media_type, "application/pdf");
        assert!(opened(&world, &material).await == content, "{size} bytes");
    }
}

#[tokio::test]
async fn the_largest_file_is_taken_and_one_byte_more_is_not() {
    let world = World::start().await;
    let filing = world.drafted().await;
    let header = || header(&filing, DocumentKind::ExaminerCards);
    refuses(
        &world,
        &filing,
        header(),
        &pdf(LIMIT + 1),
        &["MATERIAL_TOO_LARGE"],
    )
    .await;
    world
        .upload_with(&filing.clerk, header(), &pdf(LIMIT))
        .await
        .expect("just fits");
}

#[tokio::test]
async fn a_hundred_megabytes_of_junk_are_refused_and_leave_nothing() {
    const JUNK: usize = 100 * 1024 * 1024;
    const STEP: usize = 256 * 1024;
    let world = World::start().await;
    let filing = world.drafted().await;
    let before = world.traces().await;
    for (head, code) in [
        (&b"MZ no document"[..], "MATERIAL_TYPE_MISMATCH"),
        (PDF, "MATERIAL_TOO_LARGE"),
    ] {
        let header = part(Part::Header(header(&filing, DocumentKind::ExaminerCards)));
        let first = part(Part::Content(head.to_vec().into()));
        let pieces = (0..JUNK / STEP).map(|_| part(Part::Content(vec![b'.'; STEP].into())));
        let parts = tokio_stream::iter([header, first].into_iter().chain(pieces));
        let mut applications = world.applications(&filing.clerk);
        let answer = applications.upload_material(parts).await;
        assert_eq!(refused(answer), [code]);
        assert_eq!(world.traces().await, before);
        eventually("an empty store", async || {
            world.files().is_empty().then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn a_file_that_is_not_what_it_is_called_is_refused() {
    let world = World::start().await;
    let filing = world.drafted().await;
    let png = b"\x89PNG\r\n\x1a\nsynthetic";
    let header = || header(&filing, DocumentKind::ExaminerCards);
    refuses(&world, &filing, header(), png, &["MATERIAL_TYPE_MISMATCH"]).await;
    refuses(
        &world,
        &filing,
        header(),
        b"MZ no document",
        &["MATERIAL_TYPE_MISMATCH"],
    )
    .await;
    let as_png = headed(&filing, |header| header.media_type = "image/png".to_owned());
    world
        .upload_with(&filing.clerk, as_png, png)
        .await
        .expect("called what it is");
}

#[tokio::test]
async fn types_that_are_not_taken_and_files_of_nothing_are_refused() {
    let world = World::start().await;
    let filing = world.drafted().await;
    let page = headed(&filing, |header| header.media_type = "text/html".to_owned());
    refuses(
        &world,
        &filing,
        page,
        b"<html>",
        &["MATERIAL_TYPE_NOT_ALLOWED"],
    )
    .await;
    refuses(
        &world,
        &filing,
        header(&filing, DocumentKind::ExaminerCards),
        b"",
        &["MATERIAL_EMPTY"],
    )
    .await;
    let blank = headed(&filing, |header| {
        header.document = 0;
        header.file_name = " ".to_owned();
    });
    let expected = ["MATERIAL_DOCUMENT_UNKNOWN", "FIELD_REQUIRED"];
    refuses(&world, &filing, blank, PDF, &expected).await;
    for name in ["a\0.pdf", "a\nb.pdf", "a\tb.pdf"] {
        let header = headed(&filing, |header| header.file_name = name.to_owned());
        refuses(&world, &filing, header, PDF, &["FIELD_CHARACTERS"]).await;
    }
}

#[tokio::test]
async fn an_upload_is_its_header_once_and_then_pieces_of_the_agreed_size() {
    let world = World::start().await;
    let filing = world.drafted().await;
    let header = || part(Part::Header(header(&filing, DocumentKind::ExaminerCards)));
    let content = |size| part(Part::Content(pdf(size).into()));
    for (parts, expected) in [
        (vec![], "UPLOAD_ORDER"),
        (vec![content(20), header()], "UPLOAD_ORDER"),
        (vec![header(), content(20_000), header()], "UPLOAD_ORDER"),
        (
            vec![header(), content(256 * 1024 + 1)],
            "UPLOAD_PIECE_TOO_LARGE",
        ),
        (
            vec![header(), content(20_000), content(2 * 1024 * 1024)],
            "UPLOAD_PIECE_TOO_LARGE",
        ),
    ] {
        let status = world.send(&filing.clerk, parts).await;
        let status = status.err().expect("to be refused");
        assert_eq!(codes(&status), [expected]);
        assert!(!fields(&status)[0].is_empty());
    }
    eventually("an empty store", async || {
        world.files().is_empty().then_some(())
    })
    .await;
}

#[tokio::test]
async fn an_upload_sent_again_is_one_file() {
    let world = World::start().await;
    let filing = world.drafted().await;
    let header = header(&filing, DocumentKind::ExaminerCards);
    let first = world
        .upload_with(&filing.clerk, header.clone(), PDF)
        .await
        .expect("taken");
    let again = world
        .upload_with(&filing.clerk, header.clone(), PDF)
        .await
        .expect("the same");
    assert_eq!(first.material_id, again.material_id);
    let other = world.upload_with(&filing.clerk, header, &pdf(99)).await;
    assert_eq!(refused(other), ["REQUEST_ID_REUSED"]);
    eventually("one file", async || {
        (world.files().len() == 1).then_some(())
    })
    .await;
}

#[tokio::test]
async fn files_go_to_applications_of_ones_own_that_are_open() {
    let world = World::start().await;
    let (mine, other) = (world.submitted().await, world.drafted().await);
    let kept = world.files().len();
    let late = world.upload(&mine, DocumentKind::ExaminerCards, PDF).await;
    assert_eq!(refused(late), ["APPLICATION_STATE"]);
    let foreign = world
        .upload_with(
            &mine.clerk,
            header(&other, DocumentKind::ExaminerCards),
            PDF,
        )
        .await;
    assert_eq!(refused(foreign), ["APPLICATION_NOT_FOUND"]);
    eventually("no file more", async || {
        (world.files().len() == kept).then_some(())
    })
    .await;
}

#[tokio::test]
async fn an_upload_that_is_cut_off_leaves_nothing() {
    let world = World::start().await;
    let filing = world.drafted().await;
    let before = world.traces().await;
    let begun = vec![
        part(Part::Header(header(&filing, DocumentKind::ExaminerCards))),
        part(Part::Content(pdf(200 * 1024).into())),
    ];
    let parts = tokio_stream::iter(begun).chain(tokio_stream::pending());
    let mut applications = world.applications(&filing.clerk);
    let upload = tokio::spawn(async move { applications.upload_material(parts).await.map(drop) });
    eventually("the beginning of a file", async || {
        (world.files().len() == 1).then_some(())
    })
    .await;
    upload.abort();
    eventually("an empty store", async || {
        world.files().is_empty().then_some(())
    })
    .await;
    assert_eq!(world.traces().await, before);
}

#[tokio::test]
async fn what_a_killed_process_left_behind_is_taken_away_after_a_while() {
    let world = World::start().await;
    let filing = world.drafted().await;
    for _ in 0..2 {
        let taken = world
            .upload(&filing, DocumentKind::ExaminerCards, PDF)
            .await;
        taken.expect("taken");
    }
    let mut kept = world.files();
    let folder = kept[0].parent().expect("an application's").to_owned();
    let left = |suffix: &str| {
        let id = MaterialId::from_uuid(Uuid::now_v7());
        let path = folder.join(format!("{id}{suffix}"));
        std::fs::write(&path, "sealed").expect("written");
        path
    };
    let (stored, half_stored) = (left(""), left("#1"));
    for path in kept.iter().chain([&stored, &half_stored]) {
        let file = File::options().write(true).open(path).expect("there");
        let long_ago = SystemTime::now() - Duration::from_hours(2);
        file.set_modified(long_ago).expect("its owner's");
    }
    // Somebody may still be about to commit these.
    kept.extend([left(""), left("#1")]);
    let sweep = MaterialSweep::new(world.app.clone());
    assert_eq!(sweep.step().await.expect("a step"), 2);
    assert_eq!(sweep.step().await.expect("a step"), 0);
    let mut files = world.files();
    kept.sort();
    files.sort();
    assert_eq!(files, kept);
}
