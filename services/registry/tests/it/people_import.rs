//! People out of a spreadsheet: all of them with their cards, or none and every row's faults.

use platform::testing::clerk;
use proto::common::v1::SheetFault;
use proto::registry::v1::engagement_service_client::EngagementServiceClient;
use proto::registry::v1::engagement_service_server::EngagementServiceServer;
use proto::registry::v1::people_service_server::PeopleService;
use proto::registry::v1::{
    GetPersonRequest, ImportPeopleRequest, ImportPeopleResponse, PeopleHeader, PersonRole,
    import_people_request::Part,
};
use rust_xlsxwriter::Workbook;
use tonic::Status;

use crate::imports::called_by;
use crate::people_setup::citizen_id;
use crate::setup::{Setup, codes, from, setup};

/// What the blind index of a human is for.
const HUMAN: &str = "registry.human";

const COLUMNS: [&str; 14] = [
    "姓名",
    "公民身份号码",
    "人员类别",
    "专职",
    "到岗日期",
    "在职证明",
    "职务",
    "证卡类别",
    "证卡编号",
    "证卡职业",
    "证卡等级",
    "证卡生效日期",
    "证卡失效日期",
    "发证机构",
];

/// An examiner with a card, and somebody of the staff.
fn rows() -> Vec<[String; 14]> {
    let examiner = [
        "示例甲",
        &citizen_id(1),
        "考评员",
        "是",
        "2020-03-01",
        "社保材料",
        "",
        "考评员证",
        "K37200001",
        "2015:6-31-01-03",
        "5;4;3",
        "2020-01-01",
        "2022-12-31",
        "山东省示例发证机构",
    ];
    let staff = [
        "示例乙",
        &citizen_id(2),
        "工作人员",
        "否",
        "2020-04-01",
        "聘书",
        "考务专员",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
    ];
    [examiner, staff].map(|row| row.map(str::to_owned)).to_vec()
}

fn workbook(rows: &[[String; 14]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, COLUMNS).expect("written");
    for (number, row) in (1..).zip(rows) {
        sheet.write_row(number, 0, row).expect("written");
    }
    book.save_to_buffer().expect("a workbook")
}

impl Setup {
    async fn import_people(
        &self,
        (organization, header): (&str, &str),
        dry_run: bool,
        rows: &[[String; 14]],
    ) -> Result<ImportPeopleResponse, Status> {
        let id = kernel::ids::OrganizationId::parse(organization).expect("an id");
        let header = PeopleHeader {
            request_id: header.to_owned(),
            organization_id: organization.to_owned(),
            dry_run,
        };
        let parts = [Part::Header(header), Part::Content(workbook(rows).into())];
        let parts = parts.map(|part| ImportPeopleRequest { part: Some(part) });
        let service = EngagementServiceServer::new(self.registry.clone());
        EngagementServiceClient::new(called_by(clerk("clerk", id), service))
            .import_people(futures::stream::iter(parts))
            .await
            .map(tonic::Response::into_inner)
    }

    /// What there is of people, and of commands that are remembered.
    async fn people_there(&self) -> (i64, i64, i64, i64) {
        let rows = sqlx::query_as(
            "select (select count(*) from human), (select count(*) from person),
                 (select count(*) from card_number), (select count(*) from platform.fact)",
        );
        rows.fetch_one(&self.platform.pool).await.expect("counted")
    }
}

fn told(faults: &[SheetFault]) -> Vec<(u32, &str, &str)> {
    let told = faults.iter();
    told.map(|fault| (fault.row, fault.column.as_str(), fault.code.as_str()))
        .collect()
}

#[tokio::test]
async fn people_come_with_their_cards_and_only_once() {
    let setup = setup().await;
    let organization = setup.enrolled(1).await.organization_id;
    let before = setup.people_there().await;
    let to = |request_id| (organization.as_str(), request_id);
    let tried = setup.import_people(to("1"), true, &rows()).await;
    let tried = tried.expect("it could be");
    assert_eq!((tried.people.len(), tried.cards), (2, 1));
    assert_eq!(setup.people_there().await, before);

    let imported = setup.import_people(to("1"), false, &rows()).await;
    let imported = imported.expect("imported");
    let numbers = imported.people.iter().map(|person| person.row);
    assert_eq!(numbers.collect::<Vec<_>>(), [2, 3]);
    let again = setup.import_people(to("1"), false, &rows()).await;
    assert!(again.expect("as before").people == imported.people);

    let id = kernel::ids::OrganizationId::parse(&organization).expect("an id");
    let request = GetPersonRequest {
        person_id: imported.people[0].person_id.clone(),
    };
    let asked = from(&clerk("clerk", id), request);
    let person = setup.registry.get_person(asked).await.expect("there");
    let person = person.into_inner().person.expect("a person");
    assert_eq!(person.name, "示例甲");
    assert!(person.engagements[0].role() == PersonRole::Examiner);
    assert_eq!(person.cards[0].number, "K37200001");
    assert_eq!(person.cards[0].levels.len(), 3);

    let twice = setup.import_people(to("2"), false, &rows()).await;
    let twice = twice.err().expect("they are there");
    assert_eq!(
        codes(&twice),
        [
            "PERSON_ENLISTED_ALREADY",
            "CARD_RECORDED_ALREADY",
            "PERSON_ENLISTED_ALREADY"
        ]
    );
}

#[tokio::test]
async fn every_fault_of_every_row_is_told_without_naming_anybody_and_nobody_is_enlisted() {
    let setup = setup().await;
    let organization = setup.enrolled(1).await.organization_id;
    let before = setup.people_there().await;
    let mut wrong = rows();
    wrong[0][3] = "也许".to_owned();
    wrong[0][9] = "2015:6-99-99-99;x".to_owned();
    let last = wrong[1][1].pop();
    wrong[1][1].push(if last == Some('0') { '1' } else { '0' });
    wrong[1][8] = "K37200002".to_owned();
    let tried = setup
        .import_people((&organization, "1"), true, &wrong)
        .await;
    let tried = tried.expect("told");
    let of_the_form = [
        (2, "full_time", "PERSON_FULL_TIME_UNCLEAR"),
        (2, "card_occupations", "OCCUPATION_REFERENCE"),
        (3, "citizen_id", "CITIZEN_ID_CHECK"),
        (3, "card_kind", "PERSON_CARD_WITHOUT_KIND"),
    ];
    assert_eq!(told(&tried.faults), of_the_form);

    let mut wrong = rows();
    wrong[0][4] = "1990-01-01".to_owned();
    wrong[0][9] = "2015:6-99-99-99".to_owned();
    wrong[0][12] = "2019-12-31".to_owned();
    let same = wrong[1].clone();
    wrong.push(same);
    let tried = setup
        .import_people((&organization, "1"), true, &wrong)
        .await;
    let tried = tried.expect("told");
    let by_rule = [
        (2, "on_post_from", "PERSON_UNDER_AGE"),
        (2, "card_valid_until", "CARD_ENDS_TOO_EARLY"),
        (2, "card_occupations", "CARD_OCCUPATION_UNKNOWN"),
        (4, "citizen_id", "PERSON_ENLISTED_ALREADY"),
    ];
    assert_eq!(told(&tried.faults), by_rule);
    let refused = setup
        .import_people((&organization, "1"), false, &wrong)
        .await;
    assert_eq!(codes(&refused.err().expect("refused")).len(), 4);
    assert_eq!(setup.people_there().await, before);
    for fault in &tried.faults {
        let texts = format!("{}{}", fault.text_zh, fault.text_en);
        assert!(!texts.contains("示例") && !texts.contains(&citizen_id(2)));
    }
}

#[tokio::test]
async fn an_organisation_imports_its_own_people_alone() {
    let setup = setup().await;
    let own = setup.enrolled(1).await.organization_id;
    let other = setup.enrolled(2).await.organization_id;
    let header = PeopleHeader {
        request_id: "1".to_owned(),
        organization_id: other,
        dry_run: true,
    };
    let id = kernel::ids::OrganizationId::parse(&own).expect("an id");
    let parts = [
        Part::Header(header),
        Part::Content(workbook(&rows()).into()),
    ];
    let parts = parts.map(|part| ImportPeopleRequest { part: Some(part) });
    let service = EngagementServiceServer::new(setup.registry.clone());
    let refused = EngagementServiceClient::new(called_by(clerk("clerk", id), service))
        .import_people(futures::stream::iter(parts))
        .await;
    let refused = refused.err().expect("another's");
    assert_eq!(codes(&refused), ["PERSON_HOME_OF_ANOTHER"]);
}

#[tokio::test]
async fn no_two_who_note_the_same_people_wait_for_each_other() {
    let setup = setup().await;
    let pool = &setup.platform.pool;
    let staff = |name: &str, id: String| {
        let mut row = rows().remove(1);
        (row[0], row[1]) = (name.to_owned(), id);
        row
    };
    let known = staff("示例甲", citizen_id(1));
    let (_, first) = setup.college(1).await;
    let noted = setup.import_people((first.as_str(), "i1"), false, std::slice::from_ref(&known));
    noted.await.expect("all of it");

    // Somebody else notes a person and goes on to one who is known.
    let indexes = setup
        .platform
        .indexer()
        .index(HUMAN, &[citizen_id(2).as_str()]);
    let mut other = pool.begin().await.expect("a transaction");
    let insert = "insert into human (human_id, citizen_index, index_key, citizen_id_sealed)
                  values ($1, $2, $3, '')";
    sqlx::query(insert)
        .bind(uuid::Uuid::now_v7())
        .bind(indexes[0].digest.to_vec())
        .bind(&indexes[0].key_id)
        .execute(&mut *other)
        .await
        .expect("noted");
    let (_, second) = setup.college(2).await;
    let people = [known, staff("示例乙", citizen_id(2))];
    let importing = setup.import_people((second.as_str(), "i2"), false, &people);
    let going_on = async {
        let waits = "select exists (select from pg_stat_activity
                     where datname = current_database() and wait_event_type = 'Lock')";
        while !sqlx::query_scalar::<_, bool>(waits)
            .fetch_one(pool)
            .await
            .expect("an answer")
        {}
        let held = sqlx::query("select from human where citizen_index <> $1 for update")
            .bind(indexes[0].digest.to_vec())
            .execute(&mut *other)
            .await;
        held.expect("nobody who waits holds anybody");
        other.commit().await.expect("noted");
    };
    let (imported, ()) = tokio::join!(importing, going_on);
    imported.expect("all of it");
}
