//! Messages to organisations: told with what happened, read, and carried by letters to a mail
//! server of our own.

use std::path::PathBuf;

use kernel::ids::{ApplicationId, OrganizationId};
use platform::access::Caller;
use platform::inbox::Inbox;
use platform::testing::{city_officer, clerk, waiting};
use prost::Message as _;
use proto::common::v1::{Fact, OrganizationAsked};
use proto::registry::v1::message_service_server::MessageService;
use proto::registry::v1::{
    ListMessagesRequest, ListMessagesResponse, MarkReadRequest, Message, RequestChangeRequest,
    SetMailAddressRequest,
};
use proto::review::v1::{
    ApplicationMoved, ConsultationDecided, OrganizationRecommended, PublicNoticeOpened,
};
use registry::InquiryFacts;
use tonic::Status;
use uuid::Uuid;

use crate::measures::suspension;
use crate::post::{ADDRESS, Server};
use crate::setup::{
    QINGDAO, Setup, WEIHAI, codes, fact_of, from, moved, selected, setup, violations,
};

impl Setup {
    pub(crate) async fn messages(&self, caller: &Caller) -> ListMessagesResponse {
        let request = ListMessagesRequest::default();
        let listed = self.registry.list_messages(from(caller, request)).await;
        listed.expect("an inbox").into_inner()
    }

    async fn kinds(&self, caller: &Caller) -> Vec<String> {
        let messages = self.messages(caller).await.messages.into_iter();
        messages.map(|message| message.kind).collect()
    }

    async fn read(
        &self,
        caller: &Caller,
        request_id: &str,
        messages: &[&Message],
    ) -> Result<u32, Status> {
        let request = MarkReadRequest {
            request_id: request_id.to_owned(),
            message_ids: messages.iter().map(|it| it.message_id.clone()).collect(),
        };
        let reply = self.registry.mark_read(from(caller, request)).await?;
        Ok(reply.into_inner().unread)
    }

    pub(crate) async fn mail_to(&self, caller: &Caller, address: &str) -> Result<bool, Status> {
        let request = SetMailAddressRequest {
            request_id: format!("mail-{}", address.len()),
            address: address.to_owned(),
        };
        let reply = self
            .registry
            .set_mail_address(from(caller, request))
            .await?;
        Ok(reply.into_inner().mailed)
    }

    /// An enrolled body that wants its messages mailed, and its clerk.
    pub(crate) async fn with_address(&self, serial: u32) -> (OrganizationId, Caller) {
        let body = self.enrolled(serial).await;
        let id = OrganizationId::parse(&body.organization_id).expect("an id");
        let clerk = clerk("clerk", id);
        assert!(self.mail_to(&clerk, ADDRESS).await.expect("an address"));
        (id, clerk)
    }

    /// Tells a body that it is selected and registered.
    pub(crate) async fn tell(&self, id: OrganizationId, number: u128) {
        self.inbox.take(&[selected(id, number)]).await;
    }
}

#[tokio::test]
async fn what_happened_stands_in_the_inbox_until_it_is_read_and_after() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    let clerk_of = clerk("clerk", id);
    let first = city_officer("first", WEIHAI);
    let proposal = setup.propose(&first, suspension(id, "p")).await;
    let second = city_officer("second", WEIHAI);
    let confirmed = setup.confirm(&second, id, proposal.expect("proposed"));
    let measure = confirmed.await.expect("confirmed");

    let inbox = setup.messages(&clerk_of).await;
    let [suspended, registered] = &inbox.messages[..] else {
        panic!("two messages")
    };
    assert_eq!(
        (&*suspended.kind, &suspended.subject_id),
        ("rights_suspended", &measure.measure_id)
    );
    assert_eq!(registered.kind, "organization_registered");
    assert_eq!(registered.title_zh, "已赋予机构代码并备案");
    assert_eq!(
        (&*registered.told_on, &*registered.read_on),
        ("2020-05-18", "")
    );
    assert_eq!((inbox.unread, inbox.mailed), (2, false));

    let other = clerk("other", setup.registered(2).await);
    let foreign = setup.messages(&other).await.messages.remove(0);
    let refused = setup.read(&clerk_of, "r", &[suspended, &foreign]).await;
    let refused = refused.expect_err("not its own");
    assert_eq!(
        violations(&refused),
        [("message_ids[1]".to_owned(), "MESSAGE_NOT_FOUND".to_owned())]
    );
    assert_eq!(setup.messages(&clerk_of).await.unread, 2);
    for _ in 0..2 {
        let unread = setup.read(&clerk_of, "r1", &[suspended]).await;
        assert_eq!(unread.expect("its own"), 1);
    }
    let request = ListMessagesRequest {
        unread_only: true,
        ..ListMessagesRequest::default()
    };
    let unread = setup.registry.list_messages(from(&clerk_of, request)).await;
    let unread = unread.expect("a list").into_inner().messages;
    assert!(unread == std::slice::from_ref(registered));
    assert_eq!(
        setup.messages(&clerk_of).await.messages[0].read_on,
        "2020-05-18"
    );
}

#[tokio::test]
async fn an_inbox_is_read_page_by_page_and_by_whoever_has_one() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    let clerk_of = clerk("clerk", id);
    let officer = city_officer("officer", WEIHAI);
    for (name, approve) in [("甲", true), ("乙", false)] {
        let renamed = |change: &mut RequestChangeRequest| change.name = format!("示例院校{name}");
        let request_id = format!("c-{approve}");
        let change = setup.request_change(id, &request_id, renamed).await;
        let change = change.expect("a change").change_id;
        let decided = setup.decide(&officer, id, &change, approve).await;
        decided.expect("its own");
    }
    let page = async |token: &str| {
        let request = ListMessagesRequest {
            page_size: 1,
            page_token: token.to_owned(),
            ..ListMessagesRequest::default()
        };
        setup.registry.list_messages(from(&clerk_of, request)).await
    };
    let first = page("").await.expect("a page").into_inner();
    let second = page(&first.next_page_token).await.expect("a page");
    let second = second.into_inner();
    let kinds = [&first.messages[0].kind, &second.messages[0].kind];
    assert_eq!(kinds, ["change_declined", "change_approved"]);
    let foreign = page(&id.to_string()).await.err().expect("no token");
    assert_eq!(codes(&foreign), ["MESSAGE_PAGE_TOKEN"]);

    let nobody = Caller {
        organization: None,
        ..clerk_of.clone()
    };
    assert!(setup.messages(&nobody).await == ListMessagesResponse::default());
}

#[tokio::test]
async fn everything_wrong_with_what_was_read_is_told_at_once() {
    let setup = setup().await;
    let clerk = clerk("clerk", setup.registered(1).await);
    let told = async |request: MarkReadRequest| {
        let answer = setup.registry.mark_read(from(&clerk, request)).await;
        violations(&answer.err().expect("refused"))
    };
    let violation = |field: &str, code: &str| (field.to_owned(), code.to_owned());
    assert_eq!(
        told(MarkReadRequest::default()).await,
        [
            violation("request_id", "REQUEST_ID_MISSING"),
            violation("message_ids", "FIELD_REQUIRED")
        ]
    );
    let request = MarkReadRequest {
        request_id: "r".to_owned(),
        message_ids: vec![
            "msg".to_owned(),
            "org_00000000000000000000000001".to_owned(),
        ],
    };
    assert_eq!(
        told(request).await,
        [
            violation("message_ids[0]", "ID_PREFIX"),
            violation("message_ids[1]", "ID_PREFIX")
        ]
    );
    let request = MarkReadRequest {
        request_id: "r".to_owned(),
        message_ids: vec![String::new(); 501],
    };
    let many = violation("message_ids", "MESSAGE_LIST_TOO_LONG");
    assert_eq!(told(request).await, [many]);
    for unusable in [
        "office",
        "office@",
        "a@b",
        "a,b@example.invalid",
        &format!("{}@example.invalid", "a".repeat(255)),
    ] {
        let refused = setup.mail_to(&clerk, unusable).await;
        let violations = violations(&refused.expect_err("no address"));
        assert_eq!(violations[0].0, "address", "{unusable}");
    }
    let stranger = platform::testing::clerk("x", OrganizationId::from_uuid(Uuid::now_v7()));
    let refused = setup.mail_to(&stranger, ADDRESS).await;
    let refused = refused.expect_err("nobody enrolled it");
    assert_eq!(codes(&refused), ["BODY_NOT_FOUND"]);
}

#[tokio::test]
async fn what_review_tells_reaches_the_organisation() {
    let setup = setup().await;
    let body = setup.enrolled(1).await;
    let id = OrganizationId::parse(&body.organization_id).expect("an id");
    let clerk = clerk("clerk", id);
    let fact = |number: u128, kind: &str, payload: Vec<u8>| -> Fact {
        fact_of(("told", Uuid::from_u128(number)), 1, kind, payload)
    };
    let application = ApplicationId::from_uuid(Uuid::from_u128(1)).to_string();
    let (about, applied) = (id.to_string(), application.clone());
    let returned = ApplicationMoved {
        organization_id: about.clone(),
        application_id: application.clone(),
    };
    let rejected = ApplicationMoved {
        organization_id: about.clone(),
        application_id: application.clone(),
    };
    let opened = PublicNoticeOpened {
        organization_id: about.clone(),
        application_id: application,
        public_notice_id: "notice_1".to_owned(),
    };
    let asked = OrganizationAsked {
        organization_id: about.clone(),
        inquiry_id: "obj_1".to_owned(),
        due_on: "2020-05-25".to_owned(),
    };
    let moved_again = rejected.clone();
    let granted = ConsultationDecided {
        organization_id: about.clone(),
        consultation_id: "cons_1".to_owned(),
        refused_divisions: Vec::new(),
    };
    let refused = ConsultationDecided {
        refused_divisions: vec![QINGDAO.to_owned()],
        ..granted.clone()
    };
    let recommended = OrganizationRecommended {
        organization_id: about,
        consultation_id: "cons_1".to_owned(),
    };
    setup
        .inbox
        .take(&[
            fact(1, "application_returned", returned.encode_to_vec()),
            fact(2, "application_rejected", rejected.encode_to_vec()),
            fact(3, "public_notice_opened", opened.encode_to_vec()),
            fact(4, "organization_recommended", recommended.encode_to_vec()),
            fact(6, "selection_overturned", moved_again.encode_to_vec()),
            fact(7, "application_lapsed", moved_again.encode_to_vec()),
            fact(8, "consultation_decided", granted.encode_to_vec()),
            fact(9, "consultation_decided", refused.encode_to_vec()),
        ])
        .await;
    let inquiries = Inbox::new(
        setup.platform.journal.clone(),
        "inquiries".to_owned(),
        InquiryFacts,
    );
    inquiries
        .take(&[fact(5, "organization_asked", asked.encode_to_vec())])
        .await;
    let messages = setup.messages(&clerk).await.messages;
    let mut told: Vec<_> = messages
        .iter()
        .map(|message| (&*message.kind, &*message.subject_id))
        .collect();
    told.sort_unstable();
    assert_eq!(
        told,
        [
            ("application_lapsed", &*applied),
            ("application_rejected", &*applied),
            ("application_returned", &*applied),
            ("consultation_opened", "cons_1"),
            ("consultation_refused", "cons_1"),
            ("question_asked", "obj_1"),
            ("selection_overturned", &*applied),
            ("selection_shown", "notice_1"),
        ]
    );
}

#[tokio::test]
async fn a_letter_carries_a_message_and_its_address_rests_sealed() {
    let setup = setup().await;
    let server = Server::start().await;
    let (id, clerk) = setup.with_address(1).await;
    setup.tell(id, 1).await;
    let inbox = setup.messages(&clerk).await;
    assert!(inbox.mailed);
    assert_eq!(server.post(&setup).step().await.expect("a step"), 1);
    let [letter] = &server.letters()[..] else {
        panic!("one letter")
    };
    let message = &inbox.messages[0].message_id;
    assert!(letter.contains(&format!("Message-ID: <{message}@example.invalid>")));
    assert!(letter.contains(&format!("To: {ADDRESS}")));
    assert!(letter.contains("Subject: =?utf-8?"));
    assert_eq!(server.post(&setup).step().await.expect("a step"), 0);

    let rows: String = sqlx::query_scalar(
        "select concat((select string_agg(mail_address::text, ' ') from mail_address),
                       (select string_agg(letter::text, ' ') from letter),
                       (select string_agg(payload::text, ' ') from platform.fact))",
    )
    .fetch_one(&setup.platform.pool)
    .await
    .expect("rows");
    assert!(!rows.contains(ADDRESS) && !rows.contains(&hex::encode(ADDRESS)));
}

#[tokio::test]
async fn a_letter_is_tried_again_under_the_same_id() {
    let setup = setup().await;
    let server = Server::start().await;
    let (id, _) = setup.with_address(1).await;
    setup.tell(id, 1).await;
    let post = server.post(&setup);
    server.answers("450 later");
    assert_eq!(post.step().await.expect("a step"), 0);
    assert_eq!(setup.letter().await, ("smtp_450".to_owned(), false));
    assert_eq!(post.step().await.expect("a step"), 0, "not before its time");
    assert_eq!(server.connections(), 1);

    // The server takes it and is gone before it says so.
    setup.time_for_letters().await;
    server.hangs_up();
    assert_eq!(post.step().await.expect("a step"), 0);
    setup.time_for_letters().await;
    assert_eq!(post.step().await.expect("a step"), 1);
    let ids: Vec<_> = server
        .letters()
        .iter()
        .map(|letter| id_of(letter))
        .collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1]);
}

/// The line by which a mailbox knows a letter.
fn id_of(letter: &str) -> String {
    let mut lines = letter.lines();
    let line = lines.find(|line| line.starts_with("Message-ID:"));
    line.expect("it has one").to_owned()
}

#[tokio::test]
async fn what_cannot_be_delivered_waits_on_the_centres_desk_until_it_is_read() {
    let setup = setup().await;
    let server = Server::start().await;
    let (id, clerk) = setup.with_address(1).await;
    setup.tell(id, 1).await;
    server.answers("550 no such user");
    assert_eq!(server.post(&setup).step().await.expect("a step"), 0);
    assert_eq!(setup.letter().await, ("smtp_550".to_owned(), true));

    let desk = registry::desk(setup.platform.journal.clone());
    let officer = city_officer("officer", WEIHAI);
    let message = setup.messages(&clerk).await.messages.remove(0);
    let undelivered = (
        "letter_undelivered".to_owned(),
        message.message_id.clone(),
        String::new(),
    );
    assert_eq!(waiting(&desk, &officer).await, [undelivered]);
    setup.read(&clerk, "r", &[&message]).await.expect("its own");
    assert!(waiting(&desk, &officer).await.is_empty());
}

/// A file with a password that nobody else may read.
fn password(folder: &tempfile::TempDir) -> PathBuf {
    let path = folder.path().join("password");
    platform::crypto::secret_file::write(&path, b"marked-password").expect("written");
    path
}

#[tokio::test]
async fn where_the_server_does_not_take_us_no_letter_is_tried() {
    let setup = setup().await;
    let server = Server::start().await;
    let (id, _) = setup.with_address(1).await;
    setup.tell(id, 1).await;
    let folder = tempfile::tempdir().expect("a folder");
    let post = server.post_as(&setup, "luban", password(&folder));
    for (verb, answer) in [
        ("EHLO", "550 not you"),
        ("AUTH", "535 5.7.8 the password has changed"),
        ("MAIL", "553 no such sender"),
    ] {
        server.answers_to(verb, answer);
        let refused = post.step().await.expect_err(verb).to_string();
        assert!(!refused.contains("password"), "{refused}");
    }
    let tried: i32 = sqlx::query_scalar("select attempts from letter where not given_up")
        .fetch_one(&setup.platform.pool)
        .await
        .expect("it waits");
    assert_eq!(tried, 0);
    assert_eq!(post.step().await.expect("a step"), 1);
}

#[tokio::test]
async fn what_a_server_has_against_the_sender_is_not_the_addressees() {
    let setup = setup().await;
    let server = Server::start().await;
    let (id, _) = setup.with_address(1).await;
    setup.tell(id, 1).await;
    let post = server.post(&setup);
    for answer in ["550 5.7.1 relaying denied", "530 5.7.0 who are you"] {
        server.answers(answer);
        assert_eq!(post.step().await.expect("a step"), 0);
        assert!(!setup.letter().await.1, "{answer}");
        setup.time_for_letters().await;
    }
    server.answers_to("DATA", "554 not now");
    assert_eq!(post.step().await.expect("a step"), 0);
    assert_eq!(setup.letter().await, ("smtp_554".to_owned(), false));
}

#[tokio::test]
async fn what_could_not_be_delivered_waits_without_an_address_and_goes_to_the_next() {
    let setup = setup().await;
    let server = Server::start().await;
    let (id, clerk) = setup.with_address(1).await;
    setup.tell(id, 1).await;
    server.answers("550 5.1.1 no such user");
    assert_eq!(server.post(&setup).step().await.expect("a step"), 0);
    assert!(!setup.mail_to(&clerk, "").await.expect("nowhere"));
    let desk = registry::desk(setup.platform.journal.clone());
    let officer = city_officer("officer", WEIHAI);
    assert_eq!(waiting(&desk, &officer).await.len(), 1);
    assert_eq!(server.post(&setup).step().await.expect("a step"), 0);

    let next = "another-office@example.invalid";
    setup.mail_to(&clerk, next).await.expect("an address");
    assert!(waiting(&desk, &officer).await.is_empty());
    assert_eq!(server.post(&setup).step().await.expect("a step"), 1);
    assert!(server.letters()[0].contains(&format!("To: {next}")));
}

#[tokio::test]
async fn no_letter_is_left_to_an_address_that_goes_meanwhile() {
    let setup = setup().await;
    let (id, _) = setup.with_address(1).await;
    let pool = &setup.platform.pool;
    let mut clearing = pool.begin().await.expect("a transaction");
    sqlx::query("delete from mail_address")
        .execute(&mut *clearing)
        .await
        .expect("gone, and nobody knows yet");
    let clearing = async {
        // It waits for the address, or has not noticed and is through.
        let seen = "select exists (select from message) or exists (
                        select from pg_stat_activity
                        where datname = current_database() and wait_event_type = 'Lock')";
        while !sqlx::query_scalar::<_, bool>(seen)
            .fetch_one(pool)
            .await
            .expect("an answer")
        {}
        clearing.commit().await.expect("gone");
    };
    tokio::join!(setup.tell(id, 1), clearing);
    let letters: i64 = sqlx::query_scalar("select count(*) from letter")
        .fetch_one(pool)
        .await
        .expect("counted");
    assert_eq!(letters, 0);
}

#[tokio::test]
async fn before_an_organisation_files_the_centre_it_applies_to_has_a_telephone() {
    let setup = setup().await;
    let server = Server::start().await;
    let (id, _) = setup.with_address(1).await;
    let mut returned = moved(id, 1, (1, "application_returned"));
    returned.areas = vec!["370000".to_owned()];
    returned.hash = platform::facts::hash(&returned).to_vec().into();
    setup.inbox.take(&[returned]).await;
    server.answers("550 no such user");
    assert_eq!(server.post(&setup).step().await.expect("a step"), 0);
    let desk = registry::desk(setup.platform.journal.clone());
    let city = city_officer("officer", WEIHAI);
    assert!(waiting(&desk, &city).await.is_empty(), "its seat alone");
    let province = platform::testing::province_officer("officer");
    let waiting = waiting(&desk, &province).await;
    assert_eq!(waiting[0].0, "letter_undelivered");
}

#[tokio::test]
async fn who_reads_and_who_sets_an_address_is_on_record() {
    let setup = setup().await;
    let (id, clerk) = setup.with_address(1).await;
    setup.tell(id, 1).await;
    let message = setup.messages(&clerk).await.messages.remove(0);
    for request_id in ["r1", "r2"] {
        let read = setup.read(&clerk, request_id, &[&message]).await;
        read.expect("its own");
    }
    setup.mail_to(&clerk, "").await.expect("nowhere");
    setup.mail_to(&clerk, " ").await.expect("nowhere still");
    let facts: Vec<(String, String, Vec<String>)> = sqlx::query_as(
        "select kind, payload::text, areas from platform.fact
         where kind in ('messages_read', 'mail_address_set') order by version",
    )
    .fetch_all(&setup.platform.pool)
    .await
    .expect("facts");
    let kinds: Vec<_> = facts.iter().map(|fact| &*fact.0).collect();
    assert_eq!(
        kinds,
        ["mail_address_set", "messages_read", "mail_address_set"]
    );
    assert!(facts[1].1.contains(r#""count":1"#), "{}", facts[1].1);
    for (_, payload, areas) in &facts {
        assert!(!payload.contains(ADDRESS));
        assert_eq!(areas, &[WEIHAI]);
    }
}

#[tokio::test]
async fn of_two_who_send_at_once_each_letter_has_one() {
    let setup = setup().await;
    let server = Server::start().await;
    for serial in 1..=12_u32 {
        let (id, _) = setup.with_address_of_its_own(serial).await;
        setup.tell(id, serial.into()).await;
    }
    let (one, other) = (server.post(&setup), server.post(&setup));
    let (one, other) = tokio::join!(one.step(), other.step());
    assert_eq!(one.expect("a step") + other.expect("a step"), 12);
    let mut ids: Vec<_> = server
        .letters()
        .iter()
        .map(|letter| id_of(letter))
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), server.letters().len()), (12, 12));
}

#[tokio::test]
async fn with_the_address_go_the_letters_that_have_not_left() {
    let setup = setup().await;
    let server = Server::start().await;
    let (id, clerk) = setup.with_address(1).await;
    setup.tell(id, 1).await;
    assert!(!setup.mail_to(&clerk, "").await.expect("nowhere"));
    assert!(!setup.messages(&clerk).await.mailed);
    assert_eq!(server.post(&setup).step().await.expect("a step"), 0);
    assert_eq!(server.connections(), 0);
    assert_eq!(setup.kinds(&clerk).await, ["organization_registered"]);
}
