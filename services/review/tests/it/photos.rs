//! Photos of site visits: kept without what a camera adds, shown with the visit that names them.

use kernel::content_hash::ContentHash;
use platform::access::{Caller, Role};
use platform::testing::{city_officer, eventually};
use proto::review::v1::upload_site_photo_request::Part;
use proto::review::v1::*;
use tonic::{Code, Status};

use crate::files::downloaded;
use crate::scenes::{Filing, PDF, first_officer, province, visit};
use crate::setup::{World, codes, fields, refused, request_id};

/// Where a photo was taken: nobody is to know.
const PLACE: &[u8] = b"36.9N 122.1E";
const LIMIT: usize = 10 * 1024 * 1024;

/// A JPEG of a size as a camera writes it, and what is to be kept of it.
fn photo(scanned: usize) -> (Vec<u8>, Vec<u8>) {
    let start = b"\xff\xd8".to_vec();
    let place = [b"\xff\xe1\x00\x14Exif\0\0", PLACE].concat();
    let frame = b"\xff\xc0\x00\x05\x08\x00\x01".to_vec();
    let scan = [&b"\xff\xda\x00\x03\x01"[..], &vec![0x12; scanned]].concat();
    let end = b"\xff\xd9".to_vec();
    let plain = [&start[..], &frame, &scan, &end].concat();
    let taken = [&start[..], &place, &frame, &scan, &end, PLACE].concat();
    (taken, plain)
}

fn header(filing: &Filing) -> SitePhotoHeader {
    SitePhotoHeader {
        request_id: request_id(),
        application_id: filing.id.clone(),
        item: SiteItem::TheoryRoom.into(),
        media_type: "image/jpeg".to_owned(),
    }
}

impl World {
    async fn photograph(
        &self,
        caller: &Caller,
        header: SitePhotoHeader,
        content: &[u8],
    ) -> Result<SitePhoto, Status> {
        let part = |part| UploadSitePhotoRequest { part: Some(part) };
        let mut parts = vec![part(Part::Header(header))];
        let pieces = content.chunks(100_000);
        parts.extend(pieces.map(|piece| part(Part::Content(piece.to_vec().into()))));
        let mut centre = self.assessments(caller);
        let answer = centre.upload_site_photo(tokio_stream::iter(parts)).await?;
        Ok(answer.into_inner().photo.expect("it"))
    }

    /// What was assessed, as the centre reads it.
    async fn assessed_so_far(&self, filing: &Filing) -> GetAssessmentRecordResponse {
        let record = self.assessment_record(&first_officer(), filing).await;
        record.expect("in scope")
    }

    async fn visit(&self, filing: &Filing, photos: &[&SitePhoto]) -> Result<(), Status> {
        let named = photos.iter().map(|photo| photo.photo_id.clone());
        let request = RecordSiteVisitRequest {
            photo_ids: named.collect(),
            ..visit(&filing.id, "2020-05-18")
        };
        let mut centre = self.selections(&first_officer());
        centre.record_site_visit(request).await.map(|_| ())
    }
}

#[tokio::test]
async fn a_photo_is_kept_without_what_the_camera_added_and_frozen_with_its_visit() {
    let world = World::start().await;
    let filing = world.submitted().await;
    let (taken, plain) = photo(200_000);
    let header = header(&filing);
    let stored = world
        .photograph(&first_officer(), header.clone(), &taken)
        .await;
    let stored = stored.expect("a photo");
    assert_eq!(stored.size, plain.len() as u64);
    assert_eq!(stored.sha256, ContentHash::of_bytes(&plain).as_bytes()[..]);
    assert_eq!(stored.item(), SiteItem::TheoryRoom);
    let again = world.photograph(&first_officer(), header, &taken).await;
    assert!(again.expect("answered as before") == stored);
    assert!(world.assessed_so_far(&filing).await.waiting_photos == [stored.clone()]);

    let request = DownloadSitePhotoRequest {
        application_id: filing.id.clone(),
        photo_id: stored.photo_id.clone(),
    };
    let mut centre = world.assessments(&first_officer());
    let answer = centre.download_site_photo(request).await.expect("in scope");
    let (head, content) = downloaded(answer.into_inner(), |it| it.part)
        .await
        .expect("whole");
    assert!(content == plain);
    assert_eq!(head.file_name, format!("{}.jpg", stored.photo_id));
    let readers: Vec<String> =
        sqlx::query_scalar("select subject || ' ' || purpose from platform.access_record")
            .fetch_all(&world.platform.pool)
            .await
            .expect("records");
    assert_eq!(readers, ["weihai-1 read_site_photo"]);

    world.visit(&filing, &[&stored]).await.expect("recorded");
    let record = world.assessed_so_far(&filing).await;
    assert!(record.waiting_photos.is_empty());
    let Some(assessment::Particulars::SiteVisit(shown)) = &record.assessments[0].particulars else {
        panic!("a visit");
    };
    assert!(shown.photos == [stored.clone()]);
    // It is that visit's for good.
    let refusal = world.visit(&filing, &[&stored]).await;
    assert_eq!(refused(refusal), ["SITE_PHOTO_NOT_FOUND"]);
    let deleted = sqlx::query("delete from site_photo")
        .execute(&world.platform.pool)
        .await;
    assert!(deleted.is_err(), "nobody deletes a photo");
}

#[tokio::test]
async fn what_is_no_photo_is_refused_and_nothing_of_it_stays() {
    let world = World::start().await;
    let filing = world.submitted().await;
    let (before, files) = (world.traces().await, world.files().len());
    let (taken, plain) = photo(10);
    let large = photo(LIMIT).1;
    let headed = |media_type: &str| SitePhotoHeader {
        media_type: media_type.to_owned(),
        ..header(&filing)
    };
    for (header, content, expected) in [
        (headed("application/pdf"), PDF, "SITE_PHOTO_TYPE"),
        (headed("image/heic"), &taken[..], "SITE_PHOTO_TYPE"),
        (headed("image/png"), &taken[..], "MATERIAL_TYPE_MISMATCH"),
        (headed("image/jpeg"), &[][..], "MATERIAL_EMPTY"),
        (
            headed("image/jpeg"),
            &plain[..plain.len() - 1],
            "SITE_PHOTO_MALFORMED",
        ),
        (
            headed("image/jpeg"),
            &b"\xff\xd8\xff\xd9"[..],
            "SITE_PHOTO_MALFORMED",
        ),
        (headed("image/jpeg"), &large[..], "MATERIAL_TOO_LARGE"),
    ] {
        let answer = world.photograph(&first_officer(), header, content).await;
        assert_eq!(refused(answer), [expected]);
    }
    assert_eq!(world.traces().await, before);
    eventually("no file of them", async || {
        (world.files().len() == files).then_some(())
    })
    .await;

    let empty = SitePhotoHeader::default();
    let answer = world.photograph(&first_officer(), empty, &taken).await;
    let status = answer.err().expect("refused");
    assert_eq!(
        fields(&status),
        [
            "request_id",
            "header.application_id",
            "header.item",
            "header.media_type"
        ]
    );
}

#[tokio::test]
async fn a_visit_names_photos_that_wait_for_it_and_each_once() {
    let world = World::start().await;
    let (filing, other) = (world.submitted().await, world.submitted().await);
    let content = photo(10).0;
    let own = world
        .photograph(&first_officer(), header(&filing), &content)
        .await;
    let foreign = world
        .photograph(&first_officer(), header(&other), &content)
        .await;
    let (own, foreign) = (own.expect("a photo"), foreign.expect("a photo"));
    let request = RecordSiteVisitRequest {
        photo_ids: [&own, &foreign, &own]
            .map(|photo| photo.photo_id.clone())
            .to_vec(),
        ..visit(&filing.id, "2020-05-17")
    };
    let mut centre = world.selections(&first_officer());
    let status = centre
        .record_site_visit(request)
        .await
        .err()
        .expect("refused");
    assert_eq!(
        codes(&status),
        [
            "SITE_PHOTO_NOT_FOUND",
            "SITE_PHOTO_TWICE",
            "SITE_VISIT_BEFORE_APPLICATION"
        ]
    );
    assert_eq!(
        fields(&status),
        ["photo_ids[1]", "photo_ids[2]", "visited_on"]
    );
    assert!(world.assessed_so_far(&filing).await.waiting_photos == [own]);
}

#[tokio::test]
async fn so_many_photos_wait_for_a_visit_and_no_more() {
    let world = World::start().await;
    let filing = world.submitted().await;
    let content = photo(10).0;
    for _ in 0..30 {
        let stored = world
            .photograph(&first_officer(), header(&filing), &content)
            .await;
        stored.expect("room for it");
    }
    let answer = world
        .photograph(&first_officer(), header(&filing), &content)
        .await;
    assert_eq!(refused(answer), ["SITE_PHOTOS_TOO_MANY"]);
}

#[tokio::test]
async fn photos_are_the_filing_centres_and_shown_to_those_who_may_see_people() {
    let world = World::start().await;
    let filing = world.submitted().await;
    let content = photo(10).0;
    let stored = world
        .photograph(&first_officer(), header(&filing), &content)
        .await;
    let stored = stored.expect("a photo");
    for (caller, expected) in [
        (city_officer("jinan-1", "370100"), "APPLICATION_NOT_FOUND"),
        (province(), "NOT_FILING_AUTHORITY"),
    ] {
        let answer = world.photograph(&caller, header(&filing), &content).await;
        assert_eq!(refused(answer), [expected]);
    }
    let auditor = Caller {
        role: Role::Auditor,
        ..province()
    };
    let request = |photo_id: &str| DownloadSitePhotoRequest {
        application_id: filing.id.clone(),
        photo_id: photo_id.to_owned(),
    };
    for caller in [&filing.clerk, &auditor] {
        let mut calls = world.assessments(caller);
        let answer = calls.download_site_photo(request(&stored.photo_id)).await;
        assert_eq!(answer.expect_err("refused").code(), Code::PermissionDenied);
    }
    let mut foreign = world.assessments(&city_officer("jinan-1", "370100"));
    let answer = foreign.download_site_photo(request(&stored.photo_id)).await;
    assert_eq!(refused(answer), ["APPLICATION_NOT_FOUND"]);
    let mut centre = world.assessments(&first_officer());
    let answer = centre
        .download_site_photo(request("photo_00000000000000000000000000"))
        .await;
    assert_eq!(refused(answer), ["SITE_PHOTO_NOT_FOUND"]);

    let draft = world.drafted().await;
    let answer = world
        .photograph(&first_officer(), header(&draft), &content)
        .await;
    assert_eq!(refused(answer), ["APPLICATION_NOT_FOUND"]);
}
