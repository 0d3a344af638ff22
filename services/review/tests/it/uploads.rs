//! Files: what is taken, what is not, and that nothing stays of the latter.

use platform::testing::eventually;
use proto::review::v1::upload_material_request::Part;
use proto::review::v1::*;
use sha2::{Digest, Sha256};

use crate::scenes::{Filing, PDF, header, part};
use crate::setup::{World, refused};

const LIMIT: usize = 20 * 1024 * 1024;

/// A PDF of a size.
fn pdf(size: usize) -> Vec<u8> {
    let mut content = PDF.to_vec();
    content.resize(size, b'.');
    content
}

fn headed(filing: &Filing, change: impl FnOnce(&mut MaterialHeader)) -> MaterialHeader {
    let mut header = header(filing, MaterialGroup::Staff);
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

#[tokio::test]
async fn a_file_is_kept_as_it_is_and_known_by_its_hash() {
    let world = World::start().await;
    let filing = world.drafted().await;
    let content = pdf(3 * 1024 * 1024 + 17);
    let material = world
        .upload(&filing, MaterialGroup::Staff, &content)
        .await
        .expect("taken");
    assert_eq!(material.size, content.len() as u64);
    assert_eq!(material.sha256, Sha256::digest(&content).to_vec());
    assert_eq!(material.media_type, "application/pdf");
    let files = world.files();
    assert_eq!(files.len(), 1);
    assert_eq!(std::fs::read(&files[0]).expect("stored"), content);
}

#[tokio::test]
async fn the_largest_file_is_taken_and_one_byte_more_is_not() {
    let world = World::start().await;
    let filing = world.drafted().await;
    let header = || header(&filing, MaterialGroup::Staff);
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
async fn a_file_that_is_not_what_it_is_called_is_refused() {
    let world = World::start().await;
    let filing = world.drafted().await;
    let png = b"\x89PNG\r\n\x1a\nsynthetic";
    let header = || header(&filing, MaterialGroup::Staff);
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
        header(&filing, MaterialGroup::Staff),
        b"",
        &["MATERIAL_EMPTY"],
    )
    .await;
    let blank = headed(&filing, |header| {
        header.group = 0;
        header.file_name = " ".to_owned();
    });
    let expected = ["MATERIAL_GROUP_UNKNOWN", "FIELD_REQUIRED"];
    refuses(&world, &filing, blank, PDF, &expected).await;
}

#[tokio::test]
async fn an_upload_is_its_header_once_and_then_pieces_of_the_agreed_size() {
    let world = World::start().await;
    let filing = world.drafted().await;
    let header = || part(Part::Header(header(&filing, MaterialGroup::Staff)));
    let content = |size| part(Part::Content(pdf(size).into()));
    for (parts, expected) in [
        (vec![], "UPLOAD_ORDER"),
        (vec![content(20), header()], "UPLOAD_ORDER"),
        (vec![header(), content(20_000), header()], "UPLOAD_ORDER"),
        (
            vec![header(), content(256 * 1024 + 1)],
            "UPLOAD_PIECE_TOO_LARGE",
        ),
    ] {
        assert_eq!(refused(world.send(&filing.clerk, parts).await), [expected]);
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
    let header = header(&filing, MaterialGroup::Staff);
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
    let late = world.upload(&mine, MaterialGroup::Staff, PDF).await;
    assert_eq!(refused(late), ["APPLICATION_STATE"]);
    let foreign = world
        .upload_with(&mine.clerk, header(&other, MaterialGroup::Staff), PDF)
        .await;
    assert_eq!(refused(foreign), ["APPLICATION_NOT_FOUND"]);
    eventually("no file more", async || {
        (world.files().len() == kept).then_some(())
    })
    .await;
}
