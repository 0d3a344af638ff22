//! Every refusal of this service. The texts name codes, dates, counts and limits, and never a
//! person: which row of a request they are about, the field's path says.

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::rejections;

use super::session::ExamPart;

rejections! {
    /// Why a plan is not opened, changed, reported or shown.
    pub enum PlanRejection {
        /// No such plan, or not the caller's to see.
        NotFound => "PLAN_NOT_FOUND", NotFound, "platform",
            "未找到该考核计划", "no such exam plan";
        /// Not a token from an earlier page.
        PageToken => "PLAN_PAGE_TOKEN", InvalidArgument, "platform",
            "翻页标记无效", "the page token is not one of ours";
        /// No plan is held in such a time.
        DaysReversed => "PLAN_DAYS_REVERSED", InvalidArgument, "platform",
            "截止日期早于起始日期", "the last day is before the first";
        /// No such organisation, or not the caller's own.
        OrganizationNotFound => "PLAN_ORGANIZATION_NOT_FOUND", NotFound, "platform",
            "未找到该机构", "no such organisation";
        /// What was reported stays as it was reported.
        NotDraft => "PLAN_NOT_DRAFT", FailedPrecondition, "notice 4.1",
            "考核计划已报送，不能再修改", "the exam plan is reported and cannot be changed";
        /// A plan says what is examined.
        SubjectsMissing => "PLAN_SUBJECTS_MISSING", InvalidArgument, "notice 4.1",
            "考核计划应列明评价职业（工种）", "an exam plan names at least one occupation and level";
        /// The list has an end.
        TooManySubjects { limit: usize } => "PLAN_TOO_MANY_SUBJECTS", InvalidArgument, "platform",
            "一个考核计划最多 {limit} 个职业（工种）等级", "an exam plan has at most {limit} subjects";
        /// The same occupation, trade and level twice.
        SubjectTwice { other: usize } => "PLAN_SUBJECT_TWICE", InvalidArgument, "platform",
            "与第 {other} 项（从 0 起）重复", "the same as number {other}, counted from 0";
        /// A plan says when and where.
        SessionsMissing => "PLAN_SESSIONS_MISSING", InvalidArgument, "notice 4.1",
            "考核计划应列明时间场次安排", "an exam plan has at least one session";
        /// The list has an end.
        TooManySessions { limit: usize } => "PLAN_TOO_MANY_SESSIONS", InvalidArgument, "platform",
            "一个考核计划最多 {limit} 个场次", "an exam plan has at most {limit} sessions";
        /// Reported later than the rule allows.
        TooLate { latest: Date, days: u8, zh: String, en: String } => "PLAN_TOO_LATE", FailedPrecondition, "notice 4.1",
            "考核计划须提前 {days} 个工作日报送，至迟为 {latest}：{zh}",
            "an exam plan is reported {days} working days ahead, at the latest on {latest}: {en}";
        /// Nobody is to be examined.
        RosterEmpty => "PLAN_ROSTER_EMPTY", FailedPrecondition, "notice 4.1",
            "考核计划没有考生名册", "the exam plan has no candidates";
        /// Every candidate takes theory and skill.
        PartMissing { part: ExamPart } => "PLAN_PART_MISSING", FailedPrecondition, "notice 4.1",
            "考核计划缺少{part:#}的场次", "the exam plan has no session of the part {part}";
        /// More candidates than seats in all sessions of a part together.
        SeatsShort { part: ExamPart, seats: u64, candidates: u32 } => "PLAN_SEATS_SHORT", FailedPrecondition, "notice 4.1",
            "{part:#}各场次共 {seats} 个考位，少于 {candidates} 名考生",
            "the sessions of the part {part} have {seats} seats together, fewer than {candidates} candidates";
        /// Nobody supervises.
        SupervisorMissing => "PLAN_SUPERVISOR_MISSING", FailedPrecondition, "notice 4.1",
            "考核计划没有督导员", "the exam plan names no quality supervisor";
        /// Too few people in a room.
        TooFewInvigilators { needed: u32, given: u32 } => "SESSION_TOO_FEW_INVIGILATORS", FailedPrecondition, "national standards 1.9.3",
            "该场次至少需要 {needed} 名监考员，现有 {given} 名",
            "the session needs at least {needed} invigilators and has {given}";
        /// Too few people to judge.
        TooFewExaminers { needed: u32, given: u32 } => "SESSION_TOO_FEW_EXAMINERS", FailedPrecondition, "national standards 1.9.3",
            "该场次至少需要 {needed} 名考评员，现有 {given} 名",
            "the session needs at least {needed} examiners and has {given}";
        /// A vote that could end in a tie.
        ExaminersEven { given: u32 } => "SESSION_EXAMINERS_EVEN", FailedPrecondition, "national standards 1.9.3",
            "考评员人数应为单数，现有 {given} 名", "the number of examiners is odd, not {given}";
        /// The register says no to a member of staff, in these words.
        StaffNotAssignable { reason: String, zh: String, en: String } => "PLAN_STAFF_NOT_ASSIGNABLE", FailedPrecondition, "notice 3.1 and 6.3",
            "该考务人员不能承担该项工作：{zh}（{reason}）", "this member of staff may not be assigned: {en} ({reason})";
        /// Examiners, but none for this.
        SubjectWithoutExaminer { subject: usize } => "PLAN_SUBJECT_WITHOUT_EXAMINER", FailedPrecondition, "notice 3.1",
            "第 {subject} 项（从 0 起）职业等级没有持相应资质证的考评员",
            "subject {subject}, counted from 0, has no examiner with a card for it";
        /// The register says no, in these words.
        RightMissing { subject: usize, division: DivisionCode, on: Date, zh: String, en: String } => "PLAN_RIGHT_MISSING", FailedPrecondition, "notice 4.1 and 3.4",
            "机构于 {on} 在 {division} 没有第 {subject} 项（从 0 起）职业等级的评价权限：{zh}",
            "the organisation has no right to evaluate subject {subject}, counted from 0, on {on} in {division}: {en}";
        /// Plan or register changed between question and decision.
        RightsOutdated => "PLAN_RIGHTS_OUTDATED", Aborted, "platform",
            "核验评价权限期间信息有变化，请重试", "something changed while the right was being checked, please try again";
        /// Somebody else took it at the same moment.
        BookedMeanwhile => "PLAN_BOOKED_MEANWHILE", Aborted, "platform",
            "考场、考务人员或考生刚被其他考核计划占用，请重试",
            "another plan has just taken a room, a member of staff or a candidate, please try again";
        /// The first session was moved to an earlier day after the roster was made.
        CandidatesUnderAge { count: usize, age: i16, on: Date } => "PLAN_CANDIDATES_UNDER_AGE", FailedPrecondition, "standards template 2023 rule 5a",
            "名册中有 {count} 名考生在 {on} 未满 {age} 周岁", "{count} candidates of the roster are under {age} on {on}";
        /// The first session was moved, or other rules are in force on its day.
        CandidatesIneligible { count: usize, on: Date } => "PLAN_CANDIDATES_INELIGIBLE", FailedPrecondition, "national standards 1.9 (申报条件)",
            "名册中有 {count} 名考生截至 {on} 不符合所填申报条件", "{count} candidates of the roster do not meet the rules they claim as of {on}";
    }
}

rejections! {
    /// Why a session cannot be as it is written.
    pub enum SessionRejection {
        /// Theory, skill or review.
        PartUnknown => "EXAM_PART_UNKNOWN", InvalidArgument, "notice 4.1",
            "考核科目应为理论、技能或综合评审", "the part is theory, skill or review";
        /// Hours and minutes.
        TimeMalformed => "SESSION_TIME_MALFORMED", InvalidArgument, "ISO 8601",
            "时间应写作 HH:MM", "a time of day is written HH:MM";
        /// Time runs forward.
        EndsTooEarly => "SESSION_ENDS_TOO_EARLY", InvalidArgument, "notice 4.1",
            "场次结束时间应晚于开始时间", "a session ends after it starts";
        /// A room for nobody, or for more than any room holds.
        SeatsOutOfRange { limit: u32 } => "SESSION_SEATS_OUT_OF_RANGE", InvalidArgument, "notice 4.1",
            "考位数应为 1 至 {limit}", "a session has 1 to {limit} seats";
        /// One room, one session at a time.
        RoomTaken { other: usize } => "SESSION_ROOM_TAKEN", InvalidArgument, "notice 4.2",
            "与场次 {other}（从 0 起）同一时间使用同一考场", "the room is in use by session {other}, counted from 0, at the same time";
        /// Invigilator, examiner or quality supervisor.
        StaffRoleUnknown => "STAFF_ROLE_UNKNOWN", InvalidArgument, "notice 4.1",
            "考务人员应为监考员、考评员或督导员", "staff are invigilators, examiners or quality supervisors";
        /// The list has an end.
        TooManyStaff { limit: usize } => "SESSION_TOO_MANY_STAFF", InvalidArgument, "platform",
            "一个场次最多 {limit} 名考务人员", "a session has at most {limit} staff";
        /// One person, one duty.
        StaffTwice => "STAFF_TWICE_IN_SESSION", InvalidArgument, "notice 4.2",
            "同一人员在该场次中重复", "the same person is in the session twice";
        /// One person, one place.
        StaffElsewhere { other: usize } => "STAFF_IN_TWO_SESSIONS", InvalidArgument, "notice 4.2",
            "该人员同一时间在场次 {other}（从 0 起）", "the same person is in session {other}, counted from 0, at the same time";
    }
}

rejections! {
    /// Why a reported plan is not returned, changed, consented to or withdrawn, nor its staff replaced.
    pub enum StandingRejection {
        /// Another centre's to decide.
        NotFilingCentre => "PLAN_NOT_FILING_CENTRE", PermissionDenied, "notice 4.1",
            "考核计划由机构备案地的鉴定中心受理", "the plan is for the centre where the organisation filed";
        /// It is changed no more once it is under way.
        Begun => "PLAN_BEGUN", FailedPrecondition, "notice 4.2",
            "考核计划的首场考核已开始", "the first session of the plan has begun";
        /// Returned or taken back, or waiting for consent.
        UnderChange => "PLAN_UNDER_CHANGE", FailedPrecondition, "notice 4.1",
            "考核计划已退回、撤回修改或待同意，暂未生效",
            "the plan is returned, taken back or waiting for consent, and not in force";
        /// It does not take place.
        Withdrawn => "PLAN_WITHDRAWN", FailedPrecondition, "notice 4.1",
            "考核计划已撤销", "the plan is withdrawn";
        /// A plan is returned for something.
        FaultsMissing => "PLAN_FAULTS_MISSING", InvalidArgument, "notice 4.1",
            "退回考核计划应列明问题", "a plan is returned for at least one named fault";
        /// The list has an end.
        TooManyFaults { limit: usize } => "PLAN_TOO_MANY_FAULTS", InvalidArgument, "platform",
            "一次最多列明 {limit} 个问题", "a plan is returned for at most {limit} faults";
        /// What a plan has.
        MatterUnknown => "PLAN_MATTER_UNKNOWN", InvalidArgument, "notice 4.1",
            "问题应针对评价流程、职业、场次、考场、考务人员或名册",
            "a fault is about process, subjects, sessions, venues, staff or roster";
        /// Nobody asked.
        NothingToConsent => "PLAN_NOTHING_TO_CONSENT", FailedPrecondition, "notice 4.1",
            "该考核计划没有待同意的变更", "no change of the plan waits for consent";
        /// It was changed after it was looked at.
        AnotherPlan => "PLAN_HASH_OTHER", Aborted, "platform",
            "考核计划与所查看的不一致，请重新查看", "the plan is another one than was looked at, please look again";
        /// Thirty-two bytes.
        HashMalformed => "PLAN_HASH_MALFORMED", InvalidArgument, "platform",
            "计划摘要应为 32 字节", "the hash of a plan has 32 bytes";
        /// Nobody there has that card.
        NotInSession => "STAFF_NOT_IN_SESSION", NotFound, "platform",
            "该场次没有持此资质证的考务人员", "nobody with that card works in the session";
        /// Like for like.
        RoleOther => "STAFF_ROLE_OTHER", InvalidArgument, "notice 4.2",
            "接替人员应承担同一工作", "whoever joins does the same work as who leaves";
        /// Like for like.
        CardsLess { subject: usize } => "STAFF_CARDS_LESS", FailedPrecondition, "notice 4.2",
            "接替的考评员不能考评第 {subject} 项（从 0 起）职业等级，而被替换人员可以",
            "whoever joins may not examine subject {subject}, counted from 0, which who leaves may";
    }
}

rejections! {
    /// Why a session is not prepared, or an incident not recorded.
    pub enum RunningRejection {
        /// Not before what has to be there is there.
        ItemMissing { item: &'static str } => "PREPARATION_ITEM_MISSING", FailedPrecondition, "notice 4.2",
            "考前准备缺少 {item}", "{item} is not there";
        /// From the beginning on it stands.
        PreparedAlready => "SESSION_PREPARED_ALREADY", FailedPrecondition, "notice 4.2",
            "场次已开始，考前准备记录不能再改", "the session has begun, its preparation is on record and stands";
        /// Nobody has said that it was ready.
        NotPrepared => "SESSION_NOT_PREPARED", FailedPrecondition, "notice 4.2",
            "该场次没有试题试卷保管和考前准备的记录", "paper, custody and preparation of the session are not on record";
        /// Where it is from.
        SourceUnknown => "PAPER_SOURCE_UNKNOWN", InvalidArgument, "notice 4.2",
            "命题来源应为国家题库、省级题库、机构题库或委托命题",
            "a paper is from the national, the province's or the own bank, or commissioned";
        /// More than anybody prints.
        TooManyCopies { limit: u32 } => "PAPER_TOO_MANY_COPIES", InvalidArgument, "platform",
            "试卷最多 {limit} 份", "at most {limit} copies";
        /// A paper is kept before it is used.
        PaperKeptLate { day: Date } => "PAPER_KEPT_LATE", InvalidArgument, "notice 4.2",
            "保管起始日期晚于考核日 {day}", "the paper is kept only after the day of the session, {day}";
        /// What kind of thing went wrong.
        IncidentUnknown => "INCIDENT_KIND_UNKNOWN", InvalidArgument, "notice 4.2",
            "没有这类突发情况", "there is no such kind of incident";
        /// It has not happened.
        StillToCome => "INCIDENT_STILL_TO_COME", InvalidArgument, "notice 4.2",
            "突发情况的时间还没有到", "the hour of the incident is still to come";
        /// No longer than a day.
        TooLong { limit: u32 } => "INCIDENT_TOO_LONG", InvalidArgument, "platform",
            "持续时间最多 {limit} 分钟", "an incident lasts at most {limit} minutes";
    }
}

rejections! {
    /// Why nobody is sent to a session, or nothing is found or put right.
    pub enum SupervisionRejection {
        /// There is nothing more to see.
        SessionOver => "SUPERVISION_SESSION_OVER", FailedPrecondition, "notice 4.2",
            "该场次已结束，不能再选派督导员", "the session is over, nobody is sent to it any more";
        /// Sent once already.
        Appointed => "SUPERVISOR_APPOINTED", AlreadyExists, "platform",
            "该督导员已选派到该场次", "this supervisor is sent to the session already";
        /// Whoever finds was sent.
        NotAppointed => "SUPERVISOR_NOT_APPOINTED", FailedPrecondition, "notice 4.2",
            "该场次没有选派外部督导员", "no supervisor was sent to the session";
        /// What is ordered can be done in time.
        DayPassed => "RECTIFICATION_DAY_PASSED", InvalidArgument, "notice 4.2",
            "整改期限应晚于今天", "the day for putting it right is after today";
        /// None of that number.
        FindingUnknown => "FINDING_NOT_FOUND", NotFound, "platform",
            "该场次没有这条督导意见", "the session has no such finding";
        /// It waits for something else, or for nothing.
        FindingElsewhere => "FINDING_STANDS_ELSEWHERE", FailedPrecondition, "notice 4.2",
            "该督导意见不在这一步", "the finding does not wait for this";
    }
}

rejections! {
    /// Why the calendar of exams is not shown.
    pub enum CalendarRejection {
        /// Four digits, and not before the pilot.
        YearOutOfRange => "EXAM_YEAR_OUT_OF_RANGE", InvalidArgument, "platform",
            "年份应为 2020 至 2100", "the year is from 2020 to 2100";
        /// Not a token from an earlier page.
        PageToken => "EXAM_PAGE_TOKEN", InvalidArgument, "platform",
            "翻页标记无效", "the page token is not one of ours";
    }
}

rejections! {
    /// Why a session cannot take place where it is planned.
    pub enum VenueRejection {
        /// Only registered rooms are used.
        RoomUnknown { on: Date } => "PLAN_ROOM_UNKNOWN", FailedPrecondition, "notice 1.4",
            "机构没有登记该考点和考场，或其在 {on} 不可用",
            "the organisation has registered no such site and room, or it is not in use on {on}";
        /// The right is asked for where the room lies.
        RoomElsewhere { division: DivisionCode } => "PLAN_ROOM_ELSEWHERE", FailedPrecondition, "notice 3.4",
            "该考点登记在 {division}", "the site is registered in {division}";
        /// A theory room, a skill room, a room for reviews.
        RoomKind { part: ExamPart } => "PLAN_ROOM_KIND", FailedPrecondition, "notice 1.4",
            "该考场登记的用途不是{part:#}", "the room is not registered for the part {part}";
        /// More candidates at once than the room bears.
        RoomSeats { seats: u32, has: u32 } => "PLAN_ROOM_SEATS", FailedPrecondition, "notice 6.3",
            "评价规模应与评价能力相适应：安排 {seats} 个考位，考场登记 {has} 个",
            "volume goes by capacity: {seats} seats are planned, the room is registered with {has}";
        /// Equipped for something else.
        RoomOccupation => "PLAN_ROOM_OCCUPATION", FailedPrecondition, "notice 1.4",
            "该技能考场未登记用于计划中的任何职业", "the skill room is registered for no occupation of the plan";
        /// One room, one session at a time, over all plans.
        RoomTaken => "PLAN_ROOM_TAKEN", FailedPrecondition, "notice 4.2",
            "该考场同一时间已用于另一考核计划", "another plan has the room at the same time";
        /// One person, one place, over all plans.
        StaffTaken => "PLAN_STAFF_TAKEN", FailedPrecondition, "notice 4.2",
            "该考务人员同一时间已在另一考核计划中任务", "another plan has this member of staff at the same time";
        /// One candidate, one place, over all plans.
        CandidatesTaken { count: u32 } => "PLAN_CANDIDATES_TAKEN", FailedPrecondition, "notice 4.2",
            "有 {count} 名考生同一时间须参加另一考核计划的考核",
            "{count} candidates have to be at another exam at the same time";
    }
}

rejections! {
    /// Why somebody must not work at an exam.
    pub enum StaffRejection {
        /// Nobody but the person knows.
        Undeclared => "STAFF_AVOIDANCE_UNDECLARED", FailedPrecondition, "notice 6.3",
            "该考务人员未作回避申明", "this member of staff has declared nothing about relatives and own classes";
        /// Nobody works at an exam of relatives.
        Related => "STAFF_RELATED", FailedPrecondition, "notice 6.3",
            "考务人员与考生有亲属关系的，应当回避", "whoever has a relative on the roster does not work at the exam";
        /// Nobody judges own trainees.
        TaughtAll => "STAFF_TAUGHT_ALL", FailedPrecondition, "notice 6.3",
            "考评员承担过全部考生的培训，应当回避", "the examiner taught the candidates of every subject";
        /// Not one of the plan's subjects.
        TaughtUnknown { subjects: usize } => "STAFF_TAUGHT_UNKNOWN", InvalidArgument, "platform",
            "考核计划只有 {subjects} 项职业等级，序号从 0 起", "the plan has {subjects} subjects, counted from 0";
    }
}

rejections! {
    /// Why candidates are not admitted, or a roster is not shown.
    pub enum RosterRejection {
        /// Nobody to admit.
        CallEmpty => "ROSTER_CALL_EMPTY", InvalidArgument, "platform",
            "考生名单不能为空", "at least one candidate is required";
        /// More than one call takes.
        CallTooLarge { limit: usize } => "ROSTER_CALL_TOO_LARGE", InvalidArgument, "platform",
            "一次最多 {limit} 名考生", "a call takes at most {limit} candidates";
        /// The list has an end.
        Full { limit: u32 } => "ROSTER_FULL", FailedPrecondition, "platform",
            "一个考核计划最多 {limit} 名考生", "a plan has at most {limit} candidates";
        /// Not one of the plan's subjects.
        SubjectUnknown { subjects: usize } => "CANDIDATE_SUBJECT_UNKNOWN", InvalidArgument, "notice 4.1",
            "考核计划只有 {subjects} 项职业等级，序号从 0 起", "the plan has {subjects} subjects, counted from 0";
        /// No subject of the plan has this occupation, trade and level.
        SubjectNotOfPlan => "CANDIDATE_SUBJECT_NOT_OF_PLAN", InvalidArgument, "notice 4.1",
            "考核计划中没有该职业（工种）等级", "the plan does not examine this occupation, trade and level";
        /// The same citizen id twice in one call.
        TwiceInCall { other: usize } => "CANDIDATE_TWICE_IN_CALL", InvalidArgument, "notice 4.1",
            "与第 {other} 行（从 0 起）是同一人", "the same person as in row {other}, counted from 0";
        /// The same citizen id twice in one file.
        TwiceInFile { other: usize } => "CANDIDATE_TWICE_IN_FILE", InvalidArgument, "notice 4.1",
            "与第 {other} 行是同一人", "the same person as in row {other}";
        /// Registered for the same exam somewhere else.
        RegisteredElsewhere => "CANDIDATE_REGISTERED_ELSEWHERE", FailedPrecondition, "notice 4.2",
            "该考生已在另一考核计划中报考同一职业等级", "the candidate is registered in another plan for the same occupation and level";
        /// Nothing to gain.
        LevelHeld => "CANDIDATE_LEVEL_HELD", FailedPrecondition, "notice 4.1",
            "该考生已持有该职业同等级或更高等级的有效证书", "the candidate holds a certificate of this level or a higher one";
        /// Excluded for misconduct.
        Banned { until: Date } => "CANDIDATE_BANNED", FailedPrecondition, "notice 4.2",
            "该考生因违纪被禁止参加考核，至 {until} 止", "the candidate is excluded for misconduct until {until}";
        /// The same citizen id on the roster already.
        OnRoster => "CANDIDATE_ON_ROSTER", AlreadyExists, "notice 4.1",
            "该考生已在名册中", "the candidate is on the roster already";
        /// A citizen id is given at birth.
        NotBorn => "CANDIDATE_NOT_BORN", InvalidArgument, "GB 11643",
            "身份证号码的出生日期晚于今天", "the birth date in the citizen id is still to come";
        /// Too young to work, hence to be certified.
        UnderAge { age: i16, on: Date } => "CANDIDATE_UNDER_AGE", FailedPrecondition, "standards template 2023 rule 5a",
            "考生在 {on} 未满 {age} 周岁", "the candidate is under {age} on {on}";
        /// The roster is still open.
        NotLocked => "ROSTER_NOT_LOCKED", FailedPrecondition, "notice 4.3",
            "考核计划尚有未完成的场次，名册未锁定", "the plan has sessions to come, its roster is not locked";
        /// Not a token from an earlier page.
        PageToken => "ROSTER_PAGE_TOKEN", InvalidArgument, "platform",
            "翻页标记无效", "the page token is not one of ours";
    }
}

rejections! {
    /// Why what happened in a room is not recorded.
    pub enum ConductRejection {
        /// Nothing happens before the plan is reported.
        NotReported => "PLAN_NOT_REPORTED", FailedPrecondition, "notice 4.1",
            "考核计划尚未报送", "the exam plan is not reported yet";
        /// The last session is over.
        RosterLocked => "ROSTER_LOCKED", FailedPrecondition, "notice 4.3",
            "名册已锁定，不能再修改", "the roster is locked and cannot be changed";
        /// Not a session of this plan.
        SessionUnknown => "SESSION_NOT_FOUND", NotFound, "platform",
            "考核计划中没有该场次", "the plan has no such session";
        /// Its hour has not come.
        TooEarly { day: Date, hour: String } => "SESSION_NOT_YET", FailedPrecondition, "notice 4.2",
            "该场次于 {day} {hour} 开始", "the session begins on {day} at {hour}";
        /// It is still going on.
        NotOver { day: Date, hour: String } => "SESSION_NOT_OVER", FailedPrecondition, "notice 4.2",
            "该场次于 {day} {hour} 结束", "the session ends on {day} at {hour}";
        /// It is over.
        Completed => "SESSION_COMPLETED", FailedPrecondition, "notice 4.2",
            "该场次已结束", "the session is completed";
        /// Not a candidate of this plan.
        CandidateUnknown => "CANDIDATE_NOT_FOUND", NotFound, "platform",
            "名册中没有该考生", "the roster has no such candidate";
        /// Nobody to record.
        CallEmpty => "ATTENDANCE_CALL_EMPTY", InvalidArgument, "platform",
            "考生名单不能为空", "at least one candidate is required";
        /// More than one call takes.
        CallTooLarge { limit: usize } => "ATTENDANCE_CALL_TOO_LARGE", InvalidArgument, "platform",
            "一次最多 {limit} 名考生", "a call takes at most {limit} candidates";
        /// The same candidate twice in one call.
        TwiceInCall { other: usize } => "ATTENDANCE_TWICE_IN_CALL", InvalidArgument, "platform",
            "与第 {other} 行（从 0 起）是同一考生", "the same candidate as in row {other}, counted from 0";
        /// Void comes from misconduct alone.
        AttendanceUnknown => "ATTENDANCE_UNKNOWN", InvalidArgument, "notice 4.2",
            "考勤应为到考或缺考；违纪另行记录", "attendance is present or absent; misconduct is recorded by itself";
        /// One of three tiers.
        TierUnknown => "MISCONDUCT_TIER_UNKNOWN", InvalidArgument, "notice 4.2",
            "没有这个违纪等级", "there is no such tier of misconduct";
        /// Said once already.
        MisconductRecorded => "MISCONDUCT_RECORDED", AlreadyExists, "platform",
            "该考生在该场次的这一违纪等级已有记录", "this tier of misconduct is on record for the candidate in that session";
        /// Somebody is unaccounted for.
        AttendanceMissing { part: ExamPart, missing: usize } => "SESSION_ATTENDANCE_MISSING", FailedPrecondition, "notice 4.2",
            "{part:#}尚有 {missing} 名考生没有考勤记录", "{missing} candidates have no attendance in the part {part}";
    }
}
