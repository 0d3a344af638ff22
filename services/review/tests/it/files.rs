//! Files on their way out: whole, to whom they concern, and on record.

use kernel::content_hash::ContentHash;
use platform::access::{Caller, Role};
use platform::testing::{city_officer, clerk};
use proto::common::v1::file_part::Part;
use proto::common::v1::{FileHead, FilePart};
use proto::review::v1::*;
use tonic::{Code, Status, Streaming};

use crate::scenes::{Filing, PDF, first_officer, province};
use crate::setup::{World, refused};

/// A file as it came: its head, and the content that was checked against it.
pub(crate) async fn downloaded<R>(
    mut answer: Streaming<R>,
    part: impl Fn(R) -> Option<FilePart>,
) -> Result<(FileHead, Vec<u8>), Status> {
    let mut parts = Vec::new();
    while let Some(next) = answer.message().await? {
        parts.extend(part(next).and_then(|part| part.part));
    }
    let mut parts = parts.into_iter();
    let Some(Part::Head(head)) = parts.next() else {
        panic!("the head comes first");
    };
    let mut whole = Vec::new();
    for part in parts {
        let Part::Content(content) = part else {
            panic!("one head");
        };
        assert!((1..=64 * 1024).contains(&content.len()));
        whole.extend_from_slice(&content);
    }
    assert_eq!(head.size, whole.len() as u64);
    assert_eq!(head.sha256, ContentHash::of_bytes(&whole).as_bytes()[..]);
    Ok((head, whole))
}

/// Bytes of a whole piece in the store.
const SEALED: usize = 64 * 1024 + 5 + 17 + 12 + 16;

fn pdf(size: usize) -> Vec<u8> {
    let mut content = PDF.to_vec();
    content.resize(size, b'.');
    content
}

impl World {
    async fn download(
        &self,
        caller: &Caller,
        filing: &Filing,
        material_id: &str,
    ) -> Result<(FileHead, Vec<u8>), Status> {
        let request = DownloadMaterialRequest {
            application_id: filing.id.clone(),
            material_id: material_id.to_owned(),
        };
        let answer = self.applications(caller).download_material(request).await?;
        downloaded(answer.into_inner(), |it| it.part).await
    }
}

#[tokio::test]
async fn a_material_is_read_as_it_was_handed_in_and_who_did_is_on_record() {
    let world = World::start().await;
    let filing = world.drafted().await;
    for size in [PDF.len(), 64 * 1024, 64 * 1024 + 1, 300_001] {
        let content = pdf(size);
        let document = DocumentKind::ExaminerCards;
        let material = world
            .upload(&filing, document, &content)
            .await
            .expect("taken");
        let read = world
            .download(&filing.clerk, &filing, &material.material_id)
            .await;
        let (head, whole) = read.expect("its own");
        assert!(whole == content, "{size} bytes");
        assert_eq!(head.file_name, material.file_name);
        assert_eq!(head.media_type, "application/pdf");
        assert_eq!(head.sha256, material.sha256);
    }
    let readers: Vec<String> =
        sqlx::query_scalar("select subject || ' ' || purpose from platform.access_record")
            .fetch_all(&world.platform.pool)
            .await
            .expect("records");
    assert_eq!(readers, ["clerk-1 read_material"; 4]);
}

#[tokio::test]
async fn a_material_is_read_by_whoever_sees_the_application_and_may_see_people() {
    let world = World::start().await;
    let filing = world.submitted().await;
    let request = GetApplicationRequest {
        application_id: filing.id.clone(),
    };
    let seen = world
        .applications(&first_officer())
        .get_application(request)
        .await;
    let materials = seen
        .expect("in scope")
        .into_inner()
        .application
        .expect("it")
        .materials;
    let id = &materials[0].material_id;
    for caller in [&filing.clerk, &first_officer(), &province()] {
        let (_, content) = world.download(caller, &filing, id).await.expect("in scope");
        assert!(content == PDF);
    }
    for caller in [
        clerk("clerk-9", world.college()),
        city_officer("jinan-1", "370100"),
    ] {
        let answer = world.download(&caller, &filing, id).await;
        assert_eq!(refused(answer), ["APPLICATION_NOT_FOUND"]);
    }
    let auditor = Caller {
        role: Role::Auditor,
        ..province()
    };
    let answer = world.download(&auditor, &filing, id).await;
    assert_eq!(
        answer.err().expect("refused").code(),
        Code::PermissionDenied
    );
    // A file of another application is like none.
    let other = world.submitted().await;
    for (filing, id) in [
        (&other, id.as_str()),
        (&filing, "mat_00000000000000000000000000"),
    ] {
        let answer = world.download(&first_officer(), filing, id).await;
        assert_eq!(refused(answer), ["MATERIAL_NOT_FOUND"]);
    }
}

#[tokio::test]
async fn a_file_that_was_changed_in_the_store_does_not_pass_for_what_was_handed_in() {
    let world = World::start().await;
    let filing = world.drafted().await;
    let content = pdf(200_000);
    let stored = world
        .upload(&filing, DocumentKind::ExaminerCards, &content)
        .await;
    let id = stored.expect("taken").material_id;
    let path = world.files().into_iter().next().expect("a file");
    let whole = std::fs::read(&path).expect("stored");
    // A piece left out, the last one cut off, one byte another.
    let without = [&whole[..SEALED], &whole[2 * SEALED..]].concat();
    let mut another = whole.clone();
    another[SEALED + 100] ^= 1;
    for changed in [without, whole[..3 * SEALED].to_vec(), another, Vec::new()] {
        std::fs::write(&path, changed).expect("changed");
        let answer = world.download(&filing.clerk, &filing, &id).await;
        assert_eq!(answer.err().expect("no file").code(), Code::Internal);
    }
}
