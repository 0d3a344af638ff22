//! What somebody does for a home, and when (在岗在职记录, notice 3.1).

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::citizen_id::CitizenId;
use kernel::rejection::FaultList;
use kernel::rejections;
use serde::Serialize;
use strum::{EnumString, IntoStaticStr};

use super::home::Home;

/// Youngest age at which anybody works (劳动法 article 15).
const AGE_TO_WORK: i16 = 16;
/// Most entries of one command.
pub const MOST_ENGAGEMENTS: usize = 10;

rejections! {
    /// Why an engagement is refused.
    pub enum EngagementRejection {
        /// One of the roles of the contract.
        RoleUnknown => "PERSON_ROLE_UNKNOWN", InvalidArgument, "notice 1.3",
            "没有这种人员类别", "there is no such role";
        /// Organisations have no inspectors, pools no managers.
        RoleOfAnotherHome => "PERSON_ROLE_OF_ANOTHER_HOME", InvalidArgument, "notice 1.3 and 6.2",
            "该类别的人员不属于这一机构或人员库", "people of this role belong to another kind of home";
        /// One of the kinds of annex 1.
        ProofUnknown => "EMPLOYMENT_PROOF_UNKNOWN", InvalidArgument, "annex 1, note 4",
            "在职证明应为社保材料、劳务合同、合作协议或聘书",
            "the proof of employment is social insurance, a contract, a cooperation agreement or a letter of appointment";
        /// Somebody enlisted does something.
        EngagementsMissing => "ENGAGEMENTS_MISSING", InvalidArgument, "notice 3.1",
            "至少填写一项任职", "at least one engagement is required";
        /// The list has an end.
        TooManyEngagements { limit: usize } => "ENGAGEMENTS_TOO_MANY", InvalidArgument, "platform",
            "最多填写 {limit} 项任职", "there are at most {limit} engagements";
        /// Days run forward.
        EndsTooEarly => "ENGAGEMENT_ENDS_TOO_EARLY", InvalidArgument, "notice 3.1",
            "离岗日期不能早于到岗日期", "an engagement does not end before it begins";
        /// A slip of the fingers, most likely.
        BeginsTooLate { latest: Date } => "ENGAGEMENT_BEGINS_TOO_LATE", InvalidArgument, "platform",
            "到岗日期不能晚于 {latest}", "an engagement begins at the latest on {latest}";
        /// A slip of the fingers, most likely.
        EndsTooLate { latest: Date } => "ENGAGEMENT_ENDS_TOO_LATE", InvalidArgument, "platform",
            "离岗日期不能晚于 {latest}", "an engagement is ended at the latest with {latest}";
        /// Nobody works as a child.
        UnderAge { age: i16 } => "PERSON_UNDER_AGE", FailedPrecondition, "labour law article 15",
            "到岗时未满 {age} 周岁", "the person is under {age} on the first day";
        /// The same role twice at the same time.
        Overlaps => "ENGAGEMENT_OVERLAPS", FailedPrecondition, "platform",
            "该人员在这段时间已任该职", "the person has this role already in that time";
        /// Nothing to end.
        NotOnPost => "ENGAGEMENT_NOT_OPEN", FailedPrecondition, "platform",
            "该人员目前未任该职", "the person does not have this role at present";
    }
}

/// The latest day that is taken for what is meant: a year ahead.
pub(super) fn latest_day(today: Date) -> Date {
    today.saturating_add(1.year())
}

/// What a person does for a home.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum PersonRole {
    /// 管理人员
    Manager,
    /// 工作人员
    Staff,
    /// 考评员
    Examiner,
    /// 高级考评员
    SeniorExaminer,
    /// 监考员
    Invigilator,
    /// 内部督导员
    InternalSupervisor,
    /// 外部督导员
    ExternalSupervisor,
    /// 专家
    Expert,
    /// 执法检查人员
    Inspector,
}

impl PersonRole {
    /// Whether the two are one duty: examining, at whatever levels, or supervising, by whomever
    /// sent.
    pub fn is_same_duty(self, other: Self) -> bool {
        let examines = |role| matches!(role, Self::Examiner | Self::SeniorExaminer);
        let supervises = |role| matches!(role, Self::InternalSupervisor | Self::ExternalSupervisor);
        self == other
            || (examines(self) && examines(other))
            || (supervises(self) && supervises(other))
    }
}

/// What proves that somebody works for a home (annex 1, note 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Proof {
    /// 社保材料
    SocialInsurance,
    /// 劳务合同
    Contract,
    /// 合作协议
    CooperationAgreement,
    /// 聘书
    LetterOfAppointment,
}

/// A time in which somebody does something for a home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Engagement {
    /// What.
    pub role: PersonRole,
    /// 专职
    pub full_time: bool,
    /// First day.
    pub from: Date,
    /// Last day, if it is known.
    pub until: Option<Date>,
    /// 职务; empty where there is none. Free text, so no fact has it.
    #[serde(skip)]
    pub position: String,
    /// What proves it.
    pub proof: Proof,
}

impl Engagement {
    /// Whether the person is on post on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    /// Whether the two are one role at the same time, if only for a day.
    fn clashes(&self, other: &Self) -> bool {
        let before = |one: &Self, other: &Self| one.until.is_some_and(|until| until < other.from);
        self.role == other.role && !before(self, other) && !before(other, self)
    }

    /// Notes what is wrong with the engagement beside those that there are.
    pub(super) fn check<'e>(
        &self,
        (home, holder): (Home, &CitizenId),
        mut beside: impl Iterator<Item = &'e Self>,
        (today, field): (Date, &str),
        faults: &mut FaultList,
    ) {
        let at = |name: &str| format!("{field}.{name}");
        let role_fits = home.has_role(self.role);
        faults.require(
            role_fits,
            at("role"),
            &EngagementRejection::RoleOfAnotherHome,
        );
        let ends_later = self.until.is_none_or(|until| self.from <= until);
        faults.require(
            ends_later,
            at("on_post_until"),
            &EngagementRejection::EndsTooEarly,
        );
        let latest = latest_day(today);
        let begins_too_late = EngagementRejection::BeginsTooLate { latest };
        faults.require(self.from <= latest, at("on_post_from"), &begins_too_late);
        let of_age = holder.age_on(self.from) >= AGE_TO_WORK;
        let under_age = EngagementRejection::UnderAge { age: AGE_TO_WORK };
        faults.require(of_age, at("on_post_from"), &under_age);
        let clashes = beside.any(|other| self.clashes(other));
        faults.require(!clashes, field, &EngagementRejection::Overlaps);
    }
}
