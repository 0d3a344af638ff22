//! People of an organisation with what they do and perhaps a card, one person a row.

use std::collections::BTreeSet;
use std::str::FromStr;

use jiff::civil::Date;
use kernel::card_number::CardNumber;
use kernel::citizen_id::CitizenId;
use kernel::ids::PersonId;
use kernel::level::Level;
use kernel::occupation::OccupationRef;
use kernel::person_name::PersonName;
use kernel::rejection::{FaultList, Faults};
use kernel::rejections;
use platform::contract::{FieldRejection, date, line};
use platform::sheets::MOST_FAULTS;
use sheet::{Column, Limits, Row};
use uuid::Uuid;

use super::list;
use crate::app::NewCard;
use crate::domain::people::CardId;
use crate::domain::people::card::{Card, CardKind, CardRejection};
use crate::domain::people::engagement::{Engagement, EngagementRejection, PersonRole, Proof};

const NAME: Column = Column::required("name", "姓名");
const CITIZEN_ID: Column = Column::required("citizen_id", "公民身份号码");
const ROLE: Column = Column::required("role", "人员类别");
const FULL_TIME: Column = Column::required("full_time", "专职");
const ON_POST_FROM: Column = Column::required("on_post_from", "到岗日期");
const PROOF: Column = Column::required("proof", "在职证明");
const POSITION: Column = Column::optional("position", "职务");
const CARD_KIND: Column = Column::optional("card_kind", "证卡类别");
const CARD_NUMBER: Column = Column::optional("card_number", "证卡编号");
const CARD_OCCUPATIONS: Column = Column::optional("card_occupations", "证卡职业");
const CARD_LEVELS: Column = Column::optional("card_levels", "证卡等级");
const CARD_VALID_FROM: Column = Column::optional("card_valid_from", "证卡生效日期");
const CARD_VALID_UNTIL: Column = Column::optional("card_valid_until", "证卡失效日期");
const CARD_ISSUER: Column = Column::optional("card_issuer", "发证机构");

const COLUMNS: [Column; 14] = [
    NAME,
    CITIZEN_ID,
    ROLE,
    FULL_TIME,
    ON_POST_FROM,
    PROOF,
    POSITION,
    CARD_KIND,
    CARD_NUMBER,
    CARD_OCCUPATIONS,
    CARD_LEVELS,
    CARD_VALID_FROM,
    CARD_VALID_UNTIL,
    CARD_ISSUER,
];

pub(crate) const LIMITS: Limits = Limits {
    bytes: 1024 * 1024,
    unpacked_bytes: 16 * 1024 * 1024,
    rows: 500,
    cell_characters: 1_000,
    faults: MOST_FAULTS,
};

/// Longest texts, in characters.
const LONGEST_POSITION: usize = 50;
const LONGEST_ISSUER: usize = 100;

rejections! {
    /// Why a row is no person. The citizen id and the name are nowhere repeated.
    pub enum PersonRowRejection {
        /// Neither yes nor no.
        FullTimeUnclear => "PERSON_FULL_TIME_UNCLEAR", InvalidArgument, "notice 1.3",
            "专职应填写“是”或“否”", "whether somebody is full time is yes (是) or no (否)";
        /// Particulars of a card without its kind.
        CardWithoutKind => "PERSON_CARD_WITHOUT_KIND", InvalidArgument, "notice 1.3",
            "填写证卡信息时应填写证卡类别", "what is said of a card goes with its kind";
    }
}

/// A person as a row says.
pub(crate) struct Listed {
    /// Number of the row.
    pub(crate) row: u32,
    pub(crate) name: PersonName,
    pub(crate) citizen_id: CitizenId,
    pub(crate) engagement: Engagement,
    /// A card, of the person whose id it has.
    pub(crate) card: Option<NewCard>,
}

/// Reads people.
///
/// # Errors
/// What is wrong with the file, or with each row.
pub(crate) fn read(file: &[u8]) -> Result<Vec<Listed>, Faults> {
    let mut people = Vec::new();
    sheet::read(file, &COLUMNS, &LIMITS, |row, faults| {
        people.extend(person(row, faults));
    })?;
    Ok(people)
}

/// Where a fault of a person's entry or card stands in the file, by the field in which its rule
/// names it.
pub(crate) fn place(row: u32, field: &str) -> String {
    let name = field.rsplit('.').next().unwrap_or(field);
    let name = name.split('[').next().unwrap_or(name);
    let column = match name {
        "number" => "card_number",
        "valid_from" => "card_valid_from",
        "valid_until" => "card_valid_until",
        "occupations" => "card_occupations",
        "levels" => "card_levels",
        "engagements" => "role",
        name => name,
    };
    format!("file.rows[{row}].{column}")
}

fn person(row: &Row<'_>, faults: &mut FaultList) -> Option<Listed> {
    let name = row.read(NAME, faults, PersonName::parse);
    let citizen_id = row.read(CITIZEN_ID, faults, CitizenId::parse);
    let role = row.read(ROLE, faults, role);
    let full_time = row.read(FULL_TIME, faults, |text| match text {
        "是" | "yes" => Ok(true),
        "否" | "no" => Ok(false),
        _ => Err(PersonRowRejection::FullTimeUnclear),
    });
    let from = row.read(ON_POST_FROM, faults, date);
    let proof = row.read(PROOF, faults, proof);
    let position = row.read(POSITION, faults, |text| optional(text, LONGEST_POSITION));
    let card = card(row, faults);
    Some(Listed {
        row: row.number(),
        name: name?,
        citizen_id: citizen_id?,
        engagement: Engagement {
            role: role?,
            full_time: full_time?,
            from: from?,
            until: None,
            position: position?,
            proof: proof?,
        },
        card: card?,
    })
}

/// The card of a row, if it has one; none at all where it cannot be read.
#[expect(clippy::option_option, reason = "read, and not there")]
fn card(row: &Row<'_>, faults: &mut FaultList) -> Option<Option<NewCard>> {
    let said = |column, faults: &mut FaultList| {
        let given = |text: &str| Ok::<_, FieldRejection>(!text.is_empty());
        row.read(column, faults, given) == Some(true)
    };
    let others = [CARD_NUMBER, CARD_OCCUPATIONS, CARD_LEVELS, CARD_ISSUER];
    if !said(CARD_KIND, faults) {
        let nothing = !others.into_iter().any(|column| said(column, faults));
        let unclear = PersonRowRejection::CardWithoutKind;
        faults.require(nothing, row.field(CARD_KIND), &unclear);
        return nothing.then_some(None);
    }
    let kind = row.read(CARD_KIND, faults, card_kind);
    let number = row.read(CARD_NUMBER, faults, CardNumber::parse);
    let occupations = list(row, CARD_OCCUPATIONS, faults, OccupationRef::parse);
    let levels = list(row, CARD_LEVELS, faults, Level::parse);
    let valid_from: Option<Date> = row.read(CARD_VALID_FROM, faults, date);
    let valid_until: Option<Date> = row.read(CARD_VALID_UNTIL, faults, date);
    let issuer = row.read(CARD_ISSUER, faults, |text| line(text, LONGEST_ISSUER));
    let card = Card {
        id: CardId::from_uuid(Uuid::now_v7()),
        person_id: PersonId::from_uuid(Uuid::now_v7()),
        kind: kind?,
        occupations,
        levels: BTreeSet::from_iter(levels),
        valid_from: valid_from?,
        valid_until: valid_until?,
        issuer: issuer?,
        revoked_on: None,
        revocation_reason: String::new(),
    };
    let number = number?;
    Some(Some(NewCard { number, card }))
}

/// A line that may be left out.
fn optional(text: &str, limit: usize) -> Result<String, FieldRejection> {
    match text {
        "" => Ok(String::new()),
        text => line(text, limit),
    }
}

fn role(text: &str) -> Result<PersonRole, EngagementRejection> {
    Ok(match text {
        "管理人员" => PersonRole::Manager,
        "工作人员" => PersonRole::Staff,
        "考评员" => PersonRole::Examiner,
        "高级考评员" => PersonRole::SeniorExaminer,
        "监考员" => PersonRole::Invigilator,
        "内部督导员" => PersonRole::InternalSupervisor,
        "专家" => PersonRole::Expert,
        name => named(name, EngagementRejection::RoleUnknown)?,
    })
}

fn proof(text: &str) -> Result<Proof, EngagementRejection> {
    Ok(match text {
        "社保材料" => Proof::SocialInsurance,
        "劳务合同" | "劳动合同" => Proof::Contract,
        "合作协议" => Proof::CooperationAgreement,
        "聘书" => Proof::LetterOfAppointment,
        name => named(name, EngagementRejection::ProofUnknown)?,
    })
}

fn card_kind(text: &str) -> Result<CardKind, CardRejection> {
    Ok(match text {
        "考评员证" => CardKind::Examiner,
        "高级考评员证" => CardKind::SeniorExaminer,
        "监考员证" => CardKind::Invigilator,
        "督导员证" => CardKind::QualitySupervisor,
        "行政执法证" => CardKind::Enforcement,
        name => named(name, CardRejection::CardKindUnknown)?,
    })
}

/// A value by its name for machines.
fn named<T: FromStr, R>(name: &str, unknown: R) -> Result<T, R> {
    name.parse().map_err(|_| unknown)
}
