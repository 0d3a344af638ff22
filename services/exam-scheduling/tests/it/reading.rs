//! The roster as a neighbour reads it: locked, page by page, on record, and verifiable.

use platform::access::Caller;
use proto::exam::v1::plan_service_server::PlanService;
use proto::exam::v1::{
    Attendance, ExamPart, ExamPlan, ListRosterRequest, ListRosterResponse, RosterEntry,
};
use sha2::{Digest, Sha256};
use tonic::Status;

use crate::samples::{MARK, citizen};
use crate::setup::{Setup, codes, from, setup};

/// A page of a roster, as `results` asks for it.
pub(crate) async fn roster(
    setup: &Setup,
    plan: &ExamPlan,
    page_size: u32,
    page_token: &str,
) -> Result<ListRosterResponse, Status> {
    let request = ListRosterRequest {
        plan_id: plan.plan_id.clone(),
        page_size,
        page_token: page_token.to_owned(),
    };
    let reply = setup
        .exams
        .list_roster(from(&Caller::service("results"), request))
        .await?;
    Ok(reply.into_inner())
}

#[tokio::test]
async fn a_roster_is_read_page_by_page_once_it_is_locked_and_each_person_read_is_on_record() {
    let setup = setup().await;
    let (plan, _) = setup.reported(1).await;
    let status = roster(&setup, &plan, 0, "")
        .await
        .err()
        .expect("not locked");
    assert_eq!(codes(&status), ["ROSTER_NOT_LOCKED"]);
    assert_eq!(setup.count("platform.access_record").await, 0);

    let setup = crate::setup::setup().await;
    let (plan, admitted) = setup.held(5).await;
    let before = setup.count("platform.access_record").await;
    let (mut entries, mut token, mut pages) = (Vec::new(), String::new(), Vec::new());
    loop {
        let page = roster(&setup, &plan, 2, &token).await.expect("a page");
        entries.extend(page.entries.clone());
        token.clone_from(&page.next_page_token);
        pages.push(page);
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(
        pages
            .iter()
            .map(|page| page.entries.len())
            .collect::<Vec<_>>(),
        [2, 2, 1]
    );
    assert!(
        pages
            .iter()
            .all(|page| page.total == 5 && page.roster_digest == pages[0].roster_digest)
    );
    assert!(entries.is_sorted_by_key(|entry| entry.ticket_number.clone()));
    let mut ids: Vec<_> = entries
        .iter()
        .map(|entry| entry.candidate_id.clone())
        .collect();
    ids.sort();
    assert_eq!(
        ids,
        admitted
            .iter()
            .map(|one| one.candidate_id.clone())
            .collect::<Vec<_>>()
    );
    let known =
        |entry: &RosterEntry| (0..5).any(|number| citizen(number).reveal() == entry.citizen_id);
    assert!(
        entries
            .iter()
            .all(|entry| entry.name == format!("{MARK}考生") && known(entry))
    );
    assert_eq!(setup.count("platform.access_record").await, before + 5);
}

#[tokio::test]
async fn a_page_token_counts_for_its_own_roster_alone() {
    let setup = setup().await;
    let (plan, _) = setup.held(3).await;
    let first = roster(&setup, &plan, 1, "").await.expect("a page");
    let before = setup.count("platform.access_record").await;
    for foreign in ["2020000000000", "9999999999999", "２０２０", "plan"] {
        assert_ne!(foreign, first.next_page_token);
        let status = roster(&setup, &plan, 1, foreign).await;
        let status = status.err().expect("from elsewhere");
        assert_eq!(codes(&status), ["ROSTER_PAGE_TOKEN"], "{foreign}");
    }
    assert_eq!(setup.count("platform.access_record").await, before);
}

#[tokio::test]
async fn whoever_reads_the_roster_can_compute_its_digest_again() {
    let setup = setup().await;
    let (plan, _) = setup.held(4).await;
    let page = roster(&setup, &plan, 500, "").await.expect("locked");
    assert_eq!(
        recomputed(&page.entries).as_slice(),
        &page.roster_digest[..]
    );
    let mut changed = page.entries.clone();
    changed[2].name = "另一人".to_owned();
    assert_ne!(recomputed(&changed).as_slice(), &page.roster_digest[..]);
}

/// The digest as the contract describes it, written from that description alone.
pub(crate) fn recomputed(entries: &[RosterEntry]) -> Vec<u8> {
    fn hash(fields: &[&[u8]]) -> Vec<u8> {
        let mut hasher = Sha256::new();
        for field in fields {
            hasher.update((field.len() as u64).to_be_bytes());
            hasher.update(field);
        }
        hasher.finalize().to_vec()
    }
    let mut fields: Vec<Vec<u8>> = vec![
        b"luban.exam.roster.v1".to_vec(),
        entries.len().to_string().into(),
    ];
    for entry in entries {
        let document = entry.document.as_ref();
        let document = document.map(|other| format!("passport:{}", other.number));
        let document = document.unwrap_or_else(|| entry.citizen_id.clone());
        let person: [&[u8]; 4] = [
            b"luban.exam.person.v1",
            &entry.salt,
            document.as_bytes(),
            entry.name.as_bytes(),
        ];
        fields.push(entry.candidate_id.clone().into());
        fields.push(entry.ticket_number.clone().into());
        fields.push(entry.subject.to_string().into());
        fields.push(hash(&person));
        fields.push(entry.attendance.len().to_string().into());
        for part in &entry.attendance {
            fields.push(
                if part.part() == ExamPart::Theory {
                    "theory"
                } else {
                    "skill"
                }
                .into(),
            );
            fields.push(match part.attendance() {
                Attendance::Present => "present".into(),
                Attendance::Absent => "absent".into(),
                _ => "void".into(),
            });
        }
    }
    hash(&fields.iter().map(Vec::as_slice).collect::<Vec<_>>())
}
