//! Everything that this service declines, by name.

use jiff::civil::Date;

mod condition;
mod judgement;
mod photo;
mod resource;
mod round;

pub use condition::ConditionRejection;
pub use judgement::JudgementRejection;
pub use photo::PhotoRejection;
pub use resource::ResourceRejection;
pub use round::{CorrectionRejection, PurposeRejection, QuotaRejection, RoundRejection};

kernel::rejections! {
    /// Why an application is not taken.
    pub enum ApplicationRejection {
        /// No such application, or none that the caller may see.
        NotFound => "APPLICATION_NOT_FOUND", NotFound, "platform",
            "未找到该申报", "there is no such application";
        /// The applicant is not enrolled, or is not the caller's own organisation.
        ApplicantNotFound => "APPLICANT_NOT_FOUND", NotFound, "platform",
            "未找到该申报单位", "there is no such applicant";
        /// The province reads all applications, but assesses and decides its own alone.
        NotFilingAuthority => "NOT_FILING_AUTHORITY", PermissionDenied, "notice 3.4",
            "该申报由受理申报的职业技能鉴定（指导）中心办理，本中心不能办理", "only the centre with which the application is filed can do this";
        /// The application is not where the command needs it to be.
        State { chinese: &'static str, english: String } => "APPLICATION_STATE", FailedPrecondition, "notice 3.2",
            "该申报当前状态为“{chinese}”，不能进行此操作", "the application is {english}, so this cannot be done";
        /// Somebody else was faster.
        Changed => "APPLICATION_CHANGED", Aborted, "platform",
            "该申报已被他人更改，请重新查看后再办理", "somebody has changed the application in the meantime; please look at it again";
        /// One after the other: what an organisation holds is known before more is decided.
        Undecided => "APPLICATION_UNDECIDED", AlreadyExists, "notice 2",
            "该单位有尚未办结的申报，不能再次提交", "an application of this organisation is still undecided, so another one cannot be handed in";
        /// A draft that is not used is taken back, or used.
        DraftsTooMany { limit: u32 } => "DRAFTS_TOO_MANY", ResourceExhausted, "platform",
            "同一单位在同一受理机构的申报草稿不得超过 {limit} 份，请使用或撤回已有草稿", "an organisation has at most {limit} drafts with one filing authority; use one of them, or withdraw it";
        /// Where a body files follows from what it is.
        FilingDivisionNotAllowed => "FILING_DIVISION_NOT_ALLOWED", FailedPrecondition, "notice 3.2",
            "该单位不能在此申报：省属单位在省级或所在设区的市申报，其他单位在所在设区的市申报",
            "this body cannot file there: provincial bodies file with the province or the city of their seat, all others with the city of their seat";
        /// At most three occupations.
        TooManyOccupations { limit: usize, given: usize } => "TOO_MANY_OCCUPATIONS", InvalidArgument, "notice 2",
            "每个评价机构试点评价职业（工种）不得超过 {limit} 个，连同已取得的共 {given} 个", "an evaluation organisation has at most {limit} occupations in the pilot, not {given}, with those it holds";
        /// An occupation is a row of its own.
        OccupationTwice => "OCCUPATION_TWICE", InvalidArgument, "platform",
            "同一职业（工种）重复填写", "the same occupation and trade is there twice";
        /// The pilot evaluates levels five to three.
        LevelNotInPilot { chinese: &'static str, english: &'static str } => "LEVEL_NOT_IN_PILOT", InvalidArgument, "notice 2",
            "试点期间原则考评五级、四级、三级，不包括{chinese}", "the pilot evaluates levels five, four and three, not this one: {english}";
        /// The standard has no such level.
        LevelWithoutBasis { chinese: &'static str, english: &'static str } => "LEVEL_WITHOUT_BASIS", FailedPrecondition, "notice 2",
            "该职业的标准或评价规范没有{chinese}", "the standard or specification of this occupation does not have this level: {english}";
        /// The catalogue says what an occupation is evaluated by.
        BasisOther => "BASIS_NOT_IN_CATALOGUE", FailedPrecondition, "notice 2",
            "该职业的评价依据与目录不符（国家职业技能标准或备案的评价规范）", "the catalogue names another basis for this occupation";
        /// More rows than anybody fills in.
        ListTooLong { limit: usize, given: usize } => "LIST_TOO_LONG", InvalidArgument, "platform",
            "最多填写 {limit} 行，收到 {given} 行", "a list has at most {limit} rows, not {given}";
        /// A number that nobody can mean.
        NumberTooLarge { limit: u32 } => "NUMBER_TOO_LARGE", InvalidArgument, "platform",
            "数值不得超过 {limit}", "the number is at most {limit}";
        /// The three promises were not made.
        PledgeMissing => "PLEDGE_MISSING", FailedPrecondition, "notice annex 1.6",
            "未作出诚信承诺", "the integrity pledge was not made";
        /// A page begins where another one of the same list ended.
        PageToken => "APPLICATION_PAGE_TOKEN", InvalidArgument, "platform",
            "page_token 应取自上一页的答复", "a page_token is taken from the response before";
    }
}

kernel::rejections! {
    /// Why the catalogue does not vouch for an occupation. The codes are the registry's.
    pub enum OccupationRejection {
        /// The catalogue does not have it.
        Unknown => "OCCUPATION_UNKNOWN", FailedPrecondition, "notice 2",
            "职业分类大典中没有该职业，不能申报", "the catalogue has no such occupation";
        /// Access-type qualifications (准入类) are outside the evaluation.
        AccessType => "OCCUPATION_ACCESS_TYPE", FailedPrecondition, "notice 2",
            "该职业（工种）属于准入类职业资格，不纳入评价范围", "this is an access-type qualification, which is not evaluated";
        /// Only skill-type occupations (技能类) are evaluated.
        NotSkillType => "OCCUPATION_NOT_SKILL_TYPE", FailedPrecondition, "notice 2",
            "该职业不是技能类职业，不能申报", "this occupation is not of the skill type";
        /// Neither a national standard nor a filed specification.
        WithoutBasis => "OCCUPATION_WITHOUT_BASIS", FailedPrecondition, "notice 2",
            "该职业没有国家职业技能标准，也没有备案的评价规范，不能申报", "this occupation has neither a national standard nor a filed specification";
        /// The occupation has no such trade or specialization.
        TradeUnknown => "TRADE_UNKNOWN", FailedPrecondition, "notice 2",
            "该职业没有这一工种或职业方向", "this occupation has no such trade or specialization";
        /// Rights go on under the edition that they were given in; new ones are not given in it.
        Superseded => "OCCUPATION_EDITION_NOT_IN_FORCE", FailedPrecondition, "notice 2",
            "该版职业分类大典当日未施行，请按现行版本申报", "this edition of the catalogue is not in force; apply by the one that is";
        /// A reason that this program does not know yet.
        NotEvaluable => "OCCUPATION_NOT_EVALUABLE", FailedPrecondition, "notice 2",
            "该职业（工种）不能申报", "this occupation cannot be applied for";
    }
}

kernel::rejections! {
    /// Why a material is not taken or given back.
    pub enum MaterialRejection {
        /// Nothing of what would suffice.
        Missing { chinese: String, english: String } => "MATERIAL_MISSING", FailedPrecondition, "notice 3.1",
            "缺少申报材料：{chinese}", "a material is missing: {english}";
        /// A document that was given back and not handed in again.
        NotCorrected { chinese: &'static str, english: String } => "MATERIAL_NOT_CORRECTED", FailedPrecondition, "notice 3.1",
            "退回的材料尚未更正：{chinese}", "a material given back was not handed in again: {english}";
        /// A scan that shows another annex 1 than the one that is handed in.
        SignedFormOutdated => "SIGNED_FORM_OUTDATED", FailedPrecondition, "notice annex 1",
            "基本情况表在签字盖章扫描件上传后已修改，请重新打印、签字盖章并上传", "annex 1 was changed since its signed scan was stored; print, sign, seal and store it again";
        /// No such file, or none that the caller may see.
        NotFound => "MATERIAL_NOT_FOUND", NotFound, "platform",
            "未找到该材料", "there is no such material";
        /// The document is none that the notice asks for.
        DocumentUnknown => "MATERIAL_DOCUMENT_UNKNOWN", InvalidArgument, "notice 3.1",
            "应指明六类申报材料中的一种材料", "a file is one of the documents in the six groups of materials";
        /// The document is named twice.
        DocumentTwice => "MATERIAL_DOCUMENT_TWICE", InvalidArgument, "platform",
            "同一种材料重复列出", "the same document is there twice";
        /// What was never handed in cannot be corrected.
        NotHandedIn { chinese: &'static str, english: String } => "MATERIAL_NOT_HANDED_IN", FailedPrecondition, "notice 3.1",
            "该材料未曾提交，不能退回：{chinese}", "a document that was not handed in cannot be given back: {english}";
        /// More than the limit.
        TooLarge { limit: u64 } => "MATERIAL_TOO_LARGE", InvalidArgument, "platform",
            "文件超过 {limit} 字节的上限", "the file is larger than {limit} bytes";
        /// No bytes at all.
        Empty => "MATERIAL_EMPTY", InvalidArgument, "platform",
            "文件内容为空", "the file is empty";
        /// A type that is not taken.
        TypeNotAllowed => "MATERIAL_TYPE_NOT_ALLOWED", InvalidArgument, "platform",
            "只接受 PDF、PNG、JPEG、DOCX 和 XLSX 文件", "only PDF, PNG, JPEG, DOCX and XLSX files are taken";
        /// The content is something else than declared.
        TypeMismatch { declared: &'static str } => "MATERIAL_TYPE_MISMATCH", InvalidArgument, "platform",
            "文件内容与声明的类型 {declared} 不符", "the content is not what it was declared to be, {declared}";
    }
}

kernel::rejections! {
    /// Why an assessment or a selection is not taken.
    pub enum SelectionRejection {
        /// A panel is odd and not too small.
        PanelSize { least: usize, given: usize } => "PANEL_SIZE", InvalidArgument, "notice 3.4",
            "论证专家应为不少于 {least} 人的单数，收到 {given} 人", "a panel is an odd number of at least {least} experts, not {given}";
        /// Each expert has one voice.
        ExpertTwice => "EXPERT_TWICE", InvalidArgument, "notice 3.4",
            "同一专家重复列出", "an expert is on the panel twice";
        /// A visit that has not taken place.
        SiteVisitInFuture { today: Date } => "SITE_VISIT_IN_FUTURE", InvalidArgument, "notice 3.4",
            "考察日期不能晚于今日 {today}", "a site visit cannot be later than today, {today}";
        /// Nobody visits a body that has not applied.
        SiteVisitBeforeApplication { submitted_on: Date } => "SITE_VISIT_BEFORE_APPLICATION", FailedPrecondition, "notice 3.4",
            "考察日期不能早于申报之日 {submitted_on}", "a site visit cannot be earlier than the application, {submitted_on}";
        /// Nobody visits alone.
        VisitorsTooFew { least: usize, given: usize } => "VISITORS_TOO_FEW", InvalidArgument, "notice 3.4",
            "现场考察人员不得少于 {least} 人，收到 {given} 人", "at least {least} people visit a site, not {given}";
        /// The same visitor again.
        VisitorTwice => "VISITOR_TWICE", InvalidArgument, "notice 3.4",
            "同一考察人员重复列出", "a visitor is there twice";
        /// Nobody of that number was in a pool that day.
        VisitorUnknown => "VISITOR_UNKNOWN", FailedPrecondition, "notice 3.4 and 6.2",
            "考察当日本中心和省级人员库中没有该考察人员", "on that day no pool of this centre's or the province's had such a visitor";
        /// A conflict of interest.
        VisitorConflicted { chinese: &'static str, english: &'static str } => "VISITOR_CONFLICT", FailedPrecondition, "notice 3.4 and 6.2",
            "该考察人员应当回避：{chinese}", "the visitor has a conflict of interest: {english}";
        /// A document is an item of its own.
        DocumentCheckedTwice => "DOCUMENT_CHECKED_TWICE", InvalidArgument, "notice 3.1",
            "同一材料重复核验", "the same document is checked twice";
        /// Nobody checks what is not there.
        DocumentNotHandedIn { chinese: &'static str, english: String } => "DOCUMENT_NOT_HANDED_IN", FailedPrecondition, "notice 3.1",
            "未提交该材料：{chinese}", "this document was not handed in: {english}";
        /// Every document handed in is checked.
        DocumentNotChecked { chinese: &'static str, english: String } => "DOCUMENT_NOT_CHECKED", FailedPrecondition, "notice 3.1",
            "尚未核验材料：{chinese}", "a document is not checked: {english}";
        /// One of the items of notice 1.4.
        SiteItemUnknown => "SITE_ITEM_UNKNOWN", InvalidArgument, "notice 1.4",
            "没有这一考察项目", "there is no such item of a site visit";
        /// An item is looked at once.
        SiteItemTwice => "SITE_ITEM_TWICE", InvalidArgument, "notice 1.4",
            "同一考察项目重复填写", "the same item is there twice";
        /// Every item is looked at.
        SiteItemMissing { chinese: &'static str, english: String } => "SITE_ITEM_MISSING", InvalidArgument, "notice 1.4",
            "缺少考察项目：{chinese}", "an item of the site visit is missing: {english}";
        /// Conditions are met by all items.
        SiteItemNotInOrder => "SITE_ITEM_NOT_IN_ORDER", InvalidArgument, "notice 1.4",
            "有不符合项的，不能认定符合条件", "with an item that is not in order, the conditions are not met";
        /// A way of assessing that is still to be done.
        AssessmentMissing { chinese: &'static str, english: String } => "ASSESSMENT_MISSING", FailedPrecondition, "notice 3.4",
            "尚未完成技术评估：{chinese}", "an assessment is missing: {english}";
        /// A way of assessing with a negative end.
        AssessmentNotPassed { chinese: &'static str, english: String } => "ASSESSMENT_NOT_PASSED", FailedPrecondition, "notice 3.4",
            "技术评估未通过：{chinese}", "an assessment was not passed: {english}";
        /// Nothing granted.
        GrantEmpty => "GRANT_EMPTY", InvalidArgument, "notice 3.4",
            "遴选范围不能为空", "a selection grants at least one occupation";
        /// More than applied for.
        GrantExceedsApplication => "GRANT_EXCEEDS_APPLICATION", FailedPrecondition, "notice 3.4",
            "遴选范围超出申报范围", "what is granted exceeds what was applied for";
        /// Granted twice.
        GrantTwice => "GRANT_TWICE", InvalidArgument, "platform",
            "同一职业（工种）重复列出", "the same occupation and trade is granted twice";
        /// What was assessed was assessed of what it was when it handed in.
        ApplicantChanged => "APPLICANT_CHANGED", FailedPrecondition, "notice 3.1 and 3.4",
            "申报单位的登记信息在提交后已更正，应退回申报单位重新提交", "the applicant was corrected since it handed in, so the application is given back and handed in again";
        /// No such public notice.
        PublicNoticeNotFound => "PUBLIC_NOTICE_NOT_FOUND", NotFound, "platform",
            "未找到该公示", "there is no such public notice";
    }
}

kernel::rejections! {
    /// Why a receipt is not shown, or a report not taken.
    pub enum FilingRejection {
        /// The application has no receipt yet.
        ReceiptNotIssued => "RECEIPT_NOT_ISSUED", NotFound, "notice 3.4",
            "该申报尚未出具回执", "no receipt has been issued for the application";
        /// The registry speaks of another selection than the one on record.
        SelectionMismatch => "SELECTION_MISMATCH", FailedPrecondition, "platform",
            "登记结果与遴选记录不一致", "what was registered is not the selection on record";
        /// A report of nothing.
        ReportEmpty => "REPORT_EMPTY", InvalidArgument, "notice 3.4",
            "报送名单不能为空", "a report names at least one application";
        /// More than one command can carry.
        ReportTooLarge { limit: usize } => "REPORT_TOO_LARGE", InvalidArgument, "platform",
            "一次报送不得超过 {limit} 家", "a report names at most {limit} applications";
        /// The same application again.
        ReportApplicationTwice => "REPORT_APPLICATION_TWICE", InvalidArgument, "platform",
            "同一申报重复列出", "an application is on the report twice";
        /// It stands on an earlier report.
        ReportApplicationReported => "REPORT_APPLICATION_REPORTED", FailedPrecondition, "notice 3.4",
            "该申报已报送", "the application was reported before";
        /// No such report.
        ReportNotFound => "REPORT_NOT_FOUND", NotFound, "platform",
            "未找到该报送", "there is no such report";
        /// The province has it already.
        ReportRecorded => "REPORT_RECORDED", FailedPrecondition, "notice 3.4",
            "该报送已登记", "the report was recorded before";
        /// The city has it for correction.
        ReportReturned => "REPORT_RETURNED", FailedPrecondition, "notice 3.4",
            "该报送已退回补正", "the report is given back for correction";
        /// There is nothing to correct.
        ReportNotReturned => "REPORT_NOT_RETURNED", FailedPrecondition, "notice 3.4",
            "该报送未被退回", "the report was not given back";
        /// Every application was taken off.
        ReportWithdrawn => "REPORT_WITHDRAWN", FailedPrecondition, "notice 3.4",
            "该报送已撤回", "the report was withdrawn";
        /// The application is not on it.
        ReportWithoutApplication => "REPORT_WITHOUT_APPLICATION", InvalidArgument, "notice 3.4",
            "该申报不在报送名单中", "the application is not on the report";
        /// Nothing was found wrong with the application.
        ReportWithoutFault => "REPORT_WITHOUT_FAULT", InvalidArgument, "notice 3.4",
            "该申报没有待补正的问题", "nothing is to be put right about the application";
        /// A fault without an answer.
        ReportFaultLeft { application: kernel::ids::ApplicationId } => "REPORT_FAULT_LEFT", InvalidArgument, "notice 3.4",
            "申报 {application} 的问题尚未补正", "the fault of application {application} is not put right";
        /// A page begins where another one of the same list ended.
        ReportPageToken => "REPORT_PAGE_TOKEN", InvalidArgument, "platform",
            "page_token 应取自上一页的答复", "a page_token is taken from the response before";
    }
}

/// A name for machines, as people read it in English.
pub(super) fn words(name: &str) -> String {
    name.replace('_', " ")
}
