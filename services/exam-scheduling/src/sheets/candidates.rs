//! Candidates with what they are examined in and what they claim, one a row.

use std::str::FromStr;

use jiff::civil::Date;
use kernel::citizen_id::CitizenId;
use kernel::identity_document::{Document, DocumentKind, DocumentRejection, OtherDocument};
use kernel::ids::CandidateId;
use kernel::level::Level;
use kernel::occupation::OccupationCode;
use kernel::person_name::PersonName;
use kernel::rejection::{FaultList, Faults, Rejection};
use kernel::rejections;
use platform::contract::{FieldRejection, date, line};
use sheet::{Column, Limits, Row};
use uuid::Uuid;

use crate::domain::canonical::Salt;
use crate::domain::eligibility::claim::{
    CandidateGroup, Claim, Education, PriorCertificate, Schooling, Title, TitleRank,
};
use crate::domain::eligibility::rejection::EligibilityRejection;
use crate::domain::plan::Plan;
use crate::domain::rejection::RosterRejection;
use crate::domain::roster::{
    Applicant, LONGEST_CERTIFICATE_NUMBER, LONGEST_PROGRAMME, LONGEST_RULE,
};
use platform::sheets::MOST_FAULTS;

const NAME: Column = Column::required("name", "姓名");
const CITIZEN_ID: Column = Column::required("citizen_id", "公民身份号码");
const DOCUMENT_TYPE: Column = Column::optional("document_type", "证件类型");
const DOCUMENT_NUMBER: Column = Column::optional("document_number", "证件号码");
const BORN_ON: Column = Column::optional("born_on", "出生日期");
const OCCUPATION: Column = Column::required("occupation", "职业编码");
const TRADE: Column = Column::optional("trade", "工种");
const LEVEL: Column = Column::required("level", "等级");
const RULE: Column = Column::required("rule", "申报条件");
const PLEDGED: Column = Column::required("pledged", "承诺");
const WORK_YEARS: Column = Column::optional("work_years", "工作年限");
const APPRENTICESHIP: Column = Column::optional("apprenticeship", "学徒期满");
const CERTIFICATE_NUMBER: Column = Column::optional("certificate_number", "原证书编号");
const CERTIFICATE_LEVEL: Column = Column::optional("certificate_level", "原证书等级");
const CERTIFICATE_ISSUED_ON: Column = Column::optional("certificate_issued_on", "原证书发证日期");
const EDUCATION: Column = Column::optional("education", "毕业院校类别");
const GRADUATED_ON: Column = Column::optional("graduated_on", "毕业日期");
const TITLE_RANK: Column = Column::optional("title_rank", "职称级别");
const TITLE_AWARDED_ON: Column = Column::optional("title_awarded_on", "职称取得日期");
const GROUP: Column = Column::optional("group", "重点群体");
const PROGRAMME: Column = Column::optional("training_programme", "培训项目");

const COLUMNS: [Column; 21] = [
    NAME,
    CITIZEN_ID,
    DOCUMENT_TYPE,
    DOCUMENT_NUMBER,
    BORN_ON,
    OCCUPATION,
    TRADE,
    LEVEL,
    RULE,
    PLEDGED,
    WORK_YEARS,
    APPRENTICESHIP,
    CERTIFICATE_NUMBER,
    CERTIFICATE_LEVEL,
    CERTIFICATE_ISSUED_ON,
    EDUCATION,
    GRADUATED_ON,
    TITLE_RANK,
    TITLE_AWARDED_ON,
    GROUP,
    PROGRAMME,
];

pub(crate) const LIMITS: Limits = Limits {
    bytes: 8 * 1024 * 1024,
    unpacked_bytes: 64 * 1024 * 1024,
    rows: 10_000,
    cell_characters: 200,
    faults: MOST_FAULTS,
};

/// Longest name of a trade.
const LONGEST_TRADE: usize = 100;

rejections! {
    /// Why a row is no candidate.
    pub enum CandidateRowRejection {
        /// Neither yes nor no.
        Unclear => "CANDIDATE_ANSWER_UNCLEAR", InvalidArgument, "platform",
            "应填写“是”或“否”", "this is yes (是) or no (否)";
        /// Digits, and few of them.
        YearsMalformed => "CANDIDATE_YEARS_MALFORMED", InvalidArgument, "platform",
            "年数应为整数", "years are a whole number";
    }
}

/// A candidate as a row says, and what the row wants the candidate examined in.
pub(crate) struct Listed {
    applicant: Applicant,
    occupation: Option<OccupationCode>,
    trade: Option<String>,
    level: Option<Level>,
}

/// Reads candidates. What is wrong with a row stays in it.
///
/// # Errors
/// What is wrong with the file.
pub(crate) fn read(file: &[u8]) -> Result<Vec<Listed>, Faults> {
    let mut listed = Vec::new();
    sheet::read(file, &COLUMNS, &LIMITS, |row, _| {
        listed.push(candidate(row));
    })?;
    Ok(listed)
}

/// Where a fault of a candidate stands in the file: a cell by itself, a rule by the field it names.
pub(crate) fn place(row: usize, field: &str) -> String {
    if field.starts_with("file.") {
        return field.to_owned();
    }
    let column = match field {
        "subject" => "occupation",
        "document" => "document_number",
        "claim.certificate" | "claim.certificate.number" => "certificate_number",
        "claim.certificate.level" => "certificate_level",
        "claim.certificate.issued_on" => "certificate_issued_on",
        "claim.schooling" | "claim.schooling.education" => "education",
        "claim.schooling.graduated_on" => "graduated_on",
        "claim.title" | "claim.title.rank" => "title_rank",
        "claim.title.awarded_on" => "title_awarded_on",
        field => field.strip_prefix("claim.").unwrap_or(field),
    };
    format!("file.rows[{row}].{column}")
}

impl Listed {
    /// Whose row it is, if that could be read.
    pub(crate) fn person(&self) -> Option<&Document> {
        self.applicant.document.as_ref()
    }

    /// The candidate of a plan, with the plan's subject that the row names.
    pub(crate) fn of(self, plan: &Plan) -> Applicant {
        let mut applicant = self.applicant;
        if let (Some(occupation), Some(trade), Some(level)) =
            (self.occupation, self.trade, self.level)
        {
            let position = plan.subjects.iter().position(|subject| {
                subject.occupation.code == occupation
                    && subject.trade == trade
                    && subject.level == level
            });
            applicant.subject = position.and_then(|position| u32::try_from(position).ok());
            let named = applicant.subject.is_some();
            let unknown = RosterRejection::SubjectNotOfPlan;
            applicant.faults.require(named, "subject", &unknown);
        }
        applicant
    }
}

fn candidate(row: &Row<'_>) -> Listed {
    let mut faults = FaultList::default();
    let name = row.read(NAME, &mut faults, PersonName::parse);
    let document = document(row, &mut faults);
    let occupation = row.read(OCCUPATION, &mut faults, OccupationCode::parse);
    let trade = row.read(TRADE, &mut faults, |text| optional(text, LONGEST_TRADE));
    let level = row.read(LEVEL, &mut faults, Level::parse);
    let claim = claim(row, &mut faults);
    let group = row.read(GROUP, &mut faults, group);
    let programme = row.read(PROGRAMME, &mut faults, |text| {
        optional(text, LONGEST_PROGRAMME)
    });
    Listed {
        applicant: Applicant {
            id: CandidateId::from_uuid(Uuid::now_v7()),
            number: row.number() as usize,
            salt: Salt::from_bytes(rand::random()),
            name,
            document,
            subject: None,
            claim,
            group: group.unwrap_or_default(),
            programme: programme.unwrap_or_default(),
            faults,
        },
        occupation,
        trade,
        level,
    }
}

/// Who it is: by citizen number, or by another document.
fn document(row: &Row<'_>, faults: &mut FaultList) -> Option<Document> {
    if !any(row, &[DOCUMENT_TYPE, DOCUMENT_NUMBER, BORN_ON]) {
        let citizen_id = row.read(CITIZEN_ID, faults, CitizenId::parse);
        return citizen_id.map(Document::from);
    }
    let alone = |text: &str| match text {
        "" => Ok(()),
        _ => Err(DocumentRejection::NotOne),
    };
    let alone = row.read(CITIZEN_ID, faults, alone);
    let kind = row.read(DOCUMENT_TYPE, faults, DocumentKind::parse);
    let born_on = row.read(BORN_ON, faults, date);
    // A number is told to be none even of a person without a birth date.
    let born = born_on.unwrap_or_default();
    let read = |kind| move |text: &str| OtherDocument::parse(kind, text, born);
    let other = kind.and_then(|kind| row.read(DOCUMENT_NUMBER, faults, read(kind)));
    let ((), _) = (alone?, born_on?);
    other.map(Document::Other)
}

fn claim(row: &Row<'_>, faults: &mut FaultList) -> Option<Claim> {
    let rule = row.read(RULE, faults, |text| line(text, LONGEST_RULE));
    let pledged = row.read(PLEDGED, faults, yes_or_no);
    let work_years = row.read(WORK_YEARS, faults, years);
    let apprenticeship = row.read(APPRENTICESHIP, faults, |text| match text {
        "" => Ok(false),
        text => yes_or_no(text),
    });
    let certificate = certificate(row, faults);
    let schooling = schooling(row, faults);
    let title = title(row, faults);
    Some(Claim {
        rule: rule?,
        work_years: work_years?,
        apprenticeship: apprenticeship?,
        certificate: certificate?,
        schooling: schooling?,
        title: title?,
        pledged: pledged?,
    })
}

#[expect(clippy::option_option, reason = "read, and not there")]
fn certificate(row: &Row<'_>, faults: &mut FaultList) -> Option<Option<PriorCertificate>> {
    if !any(
        row,
        &[CERTIFICATE_NUMBER, CERTIFICATE_LEVEL, CERTIFICATE_ISSUED_ON],
    ) {
        return Some(None);
    }
    let number = |text: &str| line(text, LONGEST_CERTIFICATE_NUMBER);
    let number = row.read(CERTIFICATE_NUMBER, faults, number);
    let level = row.read(CERTIFICATE_LEVEL, faults, Level::parse);
    let issued_on: Option<Date> = row.read(CERTIFICATE_ISSUED_ON, faults, date);
    Some(Some(PriorCertificate {
        number: number?,
        level: level?,
        issued_on: issued_on?,
    }))
}

#[expect(clippy::option_option, reason = "read, and not there")]
fn schooling(row: &Row<'_>, faults: &mut FaultList) -> Option<Option<Schooling>> {
    if !any(row, &[EDUCATION, GRADUATED_ON]) {
        return Some(None);
    }
    let education = row.read(EDUCATION, faults, education);
    let graduated_on = row.read(GRADUATED_ON, faults, date);
    Some(Some(Schooling {
        education: education?,
        graduated_on: graduated_on?,
    }))
}

#[expect(clippy::option_option, reason = "read, and not there")]
fn title(row: &Row<'_>, faults: &mut FaultList) -> Option<Option<Title>> {
    if !any(row, &[TITLE_RANK, TITLE_AWARDED_ON]) {
        return Some(None);
    }
    let rank = row.read(TITLE_RANK, faults, rank);
    let awarded_on = row.read(TITLE_AWARDED_ON, faults, date);
    Some(Some(Title {
        rank: rank?,
        awarded_on: awarded_on?,
    }))
}

/// Whether any of these cells has something in it, readable or not.
fn any(row: &Row<'_>, columns: &[Column]) -> bool {
    columns.iter().any(|column| {
        let given = |text: &str| Ok::<_, FieldRejection>(!text.is_empty());
        row.read(*column, &mut FaultList::default(), given) != Some(false)
    })
}

/// A line that may be left out.
fn optional(text: &str, limit: usize) -> Result<String, FieldRejection> {
    match text {
        "" => Ok(String::new()),
        text => line(text, limit),
    }
}

fn yes_or_no(text: &str) -> Result<bool, CandidateRowRejection> {
    match text {
        "是" | "yes" => Ok(true),
        "否" | "no" => Ok(false),
        _ => Err(CandidateRowRejection::Unclear),
    }
}

fn years(text: &str) -> Result<u32, CandidateRowRejection> {
    match text {
        "" => Ok(0),
        text => text
            .parse()
            .ok()
            .filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
            .ok_or(CandidateRowRejection::YearsMalformed),
    }
}

fn education(text: &str) -> Result<Education, EligibilityRejection> {
    Ok(match text {
        "技工学校" => Education::TechnicalSchool,
        "高级技工学校" | "高级工班" => Education::SeniorTechnicalSchool,
        "预备技师班" | "技师班" => Education::TechnicianClass,
        "中等职业学校" => Education::SecondaryVocational,
        "经评估论证的中等职业学校" => Education::AssessedSecondaryVocational,
        "高等职业学校" => Education::HigherVocational,
        "经评估论证的高等职业学校" => Education::AssessedHigherVocational,
        "普通高等学校" => Education::College,
        name => named(name, EligibilityRejection::EducationUnknown)?,
    })
}

fn rank(text: &str) -> Result<TitleRank, EligibilityRejection> {
    Ok(match text {
        "初级" => TitleRank::Junior,
        "中级" => TitleRank::Middle,
        "高级" => TitleRank::Senior,
        name => named(name, EligibilityRejection::TitleRankUnknown)?,
    })
}

fn group(text: &str) -> Result<CandidateGroup, EligibilityRejection> {
    Ok(match text {
        "" => CandidateGroup::None,
        "企业职工" => CandidateGroup::EnterpriseEmployee,
        "农村转移就业劳动者" => CandidateGroup::RuralWorker,
        "城乡未继续升学初高中毕业生" => CandidateGroup::SchoolLeaver,
        "高校毕业生" => CandidateGroup::CollegeGraduate,
        "退役军人" => CandidateGroup::Veteran,
        "失业人员" | "转岗职工" => CandidateGroup::Unemployed,
        "残疾人" => CandidateGroup::Disabled,
        "脱贫劳动力" => CandidateGroup::LiftedFromPoverty,
        "在校学生" => CandidateGroup::Student,
        name => named(name, EligibilityRejection::GroupUnknown)?,
    })
}

/// A value by its name for machines.
fn named<T: FromStr, R: Rejection>(name: &str, unknown: R) -> Result<T, R> {
    name.parse().map_err(|_| unknown)
}
