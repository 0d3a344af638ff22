//! Every refusal of this service, in tables: name, kind, rule, Chinese, English.

use jiff::civil::Date;
use kernel::rejections;

rejections! {
    /// Why a batch is not opened, or not there.
    pub enum BatchRejection {
        /// Not heard of, not locked, or another organisation's: answered alike.
        PlanNotFound => "LOCKED_PLAN_NOT_FOUND", NotFound, "notice 4.3",
            "未找到考生名册已锁定的考核计划", "there is no such plan with a locked roster";
        /// A plan has one batch.
        Exists => "BATCH_EXISTS", AlreadyExists, "platform",
            "该考核计划已建立成绩批次", "the plan has its batch of results already";
        /// No such batch, or another's.
        NotFound => "BATCH_NOT_FOUND", NotFound, "platform",
            "未找到该成绩批次", "no such batch of results";
        /// What was fetched is not what was locked.
        RosterMismatch => "ROSTER_MISMATCH", FailedPrecondition, "notice 4.1",
            "所取得的考生名册与锁定时不一致", "the roster as fetched is not the one that was locked";
        /// Tokens are not made up.
        Page => "PAGE_MALFORMED", InvalidArgument, "platform",
            "page_token 应取自同一列表的上一次响应",
            "a page_token comes from the response before, of the same list";
    }
}

rejections! {
    /// Why scores are refused.
    pub enum ScoreRejection {
        /// A call has 1 to 500 scores.
        Count { limit: usize } => "SCORES_COUNT", InvalidArgument, "platform",
            "每次录入 1 至 {limit} 条成绩", "a call records 1 to {limit} scores";
        /// Whole points from 0 to 100.
        OutOfRange { given: u32 } => "SCORE_OUT_OF_RANGE", InvalidArgument, "national standards 1.9",
            "成绩应为 0 至 100 的整数，收到 {given}", "scores are whole points from 0 to 100, not {given}";
        /// A cell with something else.
        NotWhole => "SCORE_NOT_WHOLE", InvalidArgument, "national standards 1.9",
            "成绩应为 0 至 100 的整数", "scores are whole points from 0 to 100";
        /// A row that says nobody's scores.
        TicketMissing => "TICKET_MISSING", InvalidArgument, "notice 4.1",
            "应填写准考证号", "the ticket number is missing";
        /// A row that slipped.
        NameDiffers => "SCORE_NAME_DIFFERS", InvalidArgument, "notice 4.1",
            "姓名与名册中该准考证号的姓名不一致", "the name is not the one of this ticket number on the roster";
        /// No part named.
        PartUnknown => "SCORE_PART_UNKNOWN", InvalidArgument, "notice 4.1",
            "没有这个考核科目", "there is no such part of an exam";
        /// The ticket is not of this batch.
        TicketUnknown => "TICKET_UNKNOWN", InvalidArgument, "notice 4.1",
            "本批次中没有该准考证号", "no candidate of the batch has this ticket number";
        /// The same ticket and part twice in one call.
        Twice => "SCORE_TWICE", InvalidArgument, "platform",
            "同一考生同一科目的成绩重复", "the same part of the same candidate is there twice";
        /// The candidate was not examined in this part.
        PartNotExamined => "SCORE_PART_NOT_EXAMINED", FailedPrecondition, "notice 4.1",
            "该考生未参加此科目考核", "the candidate was not to be examined in this part";
        /// 缺考
        PartAbsent => "SCORE_PART_ABSENT", FailedPrecondition, "notice 4.2",
            "该考生此科目缺考，不能录入成绩", "the candidate was absent from this part";
        /// 违纪
        PartVoid => "SCORE_PART_VOID", FailedPrecondition, "notice 4.2",
            "该考生此科目因违纪无效，不能录入成绩", "the part is void for misconduct";
        /// 补考: passed before, and kept.
        PartKept => "SCORE_PART_KEPT", FailedPrecondition, "platform",
            "该考生此科目沿用以前合格的成绩，不能录入成绩", "an earlier pass of this part is kept; it is not scored again";
        /// The row is reviewed, certified, or not scored yet.
        NotChangeable => "SCORE_NOT_CHANGEABLE", FailedPrecondition, "notice 4.3",
            "录入结束后、审核以前或退回以后，才能更正成绩", "scores are changed after the scoring, before a review or after a return";
        /// The very same score.
        Unchanged => "SCORE_UNCHANGED", InvalidArgument, "notice 4.3",
            "更正后的成绩与原成绩相同", "the changed score is the one that is there";
        /// Somebody objected, and is not passed over.
        Objected => "SCORE_CHANGE_WHILE_OBJECTED", FailedPrecondition, "notice 4.3",
            "该考生的公示异议尚未处理完毕，不能更正成绩", "an objection to the row is open; it is decided first";
        /// The public notice has been opened, or nobody passed.
        ScoringClosed => "SCORING_CLOSED", FailedPrecondition, "notice 4.3",
            "成绩录入已结束", "scoring has ended";
        /// A part has no score yet.
        Missing { parts: usize } => "SCORES_MISSING", FailedPrecondition, "notice 4.3",
            "尚有 {parts} 个科目成绩未录入", "{parts} parts have no score yet";
    }
}

rejections! {
    /// Why a public notice of results declines; beside the kernel's own refusals.
    pub enum ResultNoticeRejection {
        /// A batch is shown once.
        AlreadyOpen => "RESULT_NOTICE_ALREADY_OPEN", FailedPrecondition, "notice 4.3",
            "该批次已公示，或因无人合格已结束", "the batch has had its public notice, or was closed because nobody passed";
        /// People must know whom to turn to.
        ContactMissing => "OBJECTION_CONTACT_MISSING", InvalidArgument, "notice 4.3",
            "应填写异议受理联系方式", "where objections go has to be said";
        /// No such notice.
        NotFound => "RESULT_NOTICE_NOT_FOUND", NotFound, "platform",
            "未找到该公示", "no such public notice";
        /// An objection says what it is about.
        GroundsMissing => "RESULT_OBJECTION_GROUNDS_MISSING", InvalidArgument, "notice 4.3",
            "应写明异议事由", "an objection gives its grounds";
        /// A changed score says why.
        ChangeReasonMissing => "SCORE_CHANGE_REASON_MISSING", InvalidArgument, "notice 4.3",
            "更正成绩应写明理由", "changing a score gives its reason";
        /// Either one row or all of them.
        RowAndSession => "OBJECTION_ROW_AND_SESSION", InvalidArgument, "notice 4.3",
            "对整场考核提出异议时不应再填写准考证号", "an objection is either to a row or to the session as a whole";
        /// Decided in writing.
        ReasonMissing => "RESULT_OBJECTION_REASON_MISSING", InvalidArgument, "notice 4.3",
            "异议处理应有书面理由", "the decision on an objection gives its reason";
    }
}

rejections! {
    /// Why results do not move on.
    pub enum ReviewRejection {
        /// Nothing whose notice has ended.
        NothingToUpload => "NOTHING_TO_UPLOAD", FailedPrecondition, "notice 4.3",
            "没有公示期满且无异议的结果可上传", "no result has come through its public notice";
        /// No such result, or another's.
        ResultNotFound => "RESULT_NOT_FOUND", NotFound, "platform",
            "未找到该成绩", "no such result";
        /// The step is not the next one of this row.
        WrongState => "RESULT_STATE", FailedPrecondition, "notice 4.3",
            "该成绩当前状态不允许此操作", "the result is not where this step begins";
        /// A level is named.
        LevelMissing => "REVIEW_LEVEL_MISSING", InvalidArgument, "notice 4.3",
            "应说明审核层级", "which review it is has to be said";
        /// The city reviews as the city, the province as the province.
        LevelForeign => "REVIEW_LEVEL_FOREIGN", PermissionDenied, "notice 4.3",
            "只能办理本级审核", "a centre reviews on its own level only";
        /// No row waits on this level.
        NothingToReview => "NOTHING_TO_REVIEW", FailedPrecondition, "notice 4.3",
            "没有待本级审核的成绩", "no result waits for this review";
        /// A row given back must be one that waits here.
        ReturnedNotInReview => "RETURNED_NOT_IN_REVIEW", InvalidArgument, "notice 4.3",
            "退回的成绩不在本级待审范围内", "the result given back does not wait for this review";
        /// The list has an end.
        TooManyReturned { limit: usize } => "RETURNED_TOO_MANY", InvalidArgument, "platform",
            "一次最多退回 {limit} 条成绩", "a review gives back at most {limit} results";
        /// The same row twice.
        ReturnedTwice => "RETURNED_TWICE", InvalidArgument, "platform",
            "同一成绩重复退回", "the same result is given back twice";
        /// Giving back says why.
        ReturnReasonMissing => "RETURN_REASON_MISSING", InvalidArgument, "notice 4.3",
            "退回应说明理由", "giving a result back needs a reason";
        /// Handing in again says what was done.
        AnswerMissing => "RESUBMISSION_ANSWER_MISSING", InvalidArgument, "notice 4.3",
            "重新上报应说明处理情况", "handing in again says what was done";
    }
}

rejections! {
    /// Why no certificate is issued.
    pub enum IssuanceRejection {
        /// No row has passed every review.
        NothingToIssue => "NOTHING_TO_ISSUE", FailedPrecondition, "notice 4.3",
            "没有审核通过、待颁发证书的成绩", "no result has passed every review and waits for a certificate";
        /// The register says no, for the exam day or for today.
        RightNotHeld { on: Date, zh: String, en: String } => "RIGHT_NOT_HELD", FailedPrecondition, "notice 3.4",
            "机构在 {on} 不具备该职业（工种）等级的评价资格：{zh}", "the organisation did not hold the right on {on}: {en}";
        /// The day changed between the register's answer and the issue.
        DayChanged => "RIGHT_ANSWER_OUTDATED", Aborted, "notice 3.4",
            "资格核验结果已过当日，请重试", "the answer about the right is of another day, please try again";
        /// 999999 numbers are given.
        NumbersUsedUp => "CERTIFICATE_NUMBERS_USED_UP", ResourceExhausted, "人社鉴发〔2019〕2号 positions 17-22",
            "该机构本年度该等级的证书序列号已用尽", "the numbers of this organisation, year and level are used up";
        /// No ledger for this organisation, or another's.
        LedgerNotFound => "NUMBER_LEDGER_NOT_FOUND", NotFound, "platform",
            "未找到该机构的证书编号台账", "no ledger of numbers for this organisation";
        /// A year of four digits and a level that has a code.
        LedgerKey => "NUMBER_LEDGER_KEY", InvalidArgument, "人社鉴发〔2019〕2号",
            "年份应为四位数，等级应为有编码的等级", "the year has four digits and the level is one with a code";
    }
}

rejections! {
    /// Why a certificate is not corrected or revoked.
    pub enum CertificateRejection {
        /// No such certificate, or another's.
        NotFound => "CERTIFICATE_NOT_FOUND", NotFound, "platform",
            "未找到该证书", "no such certificate";
        /// Revoked for good.
        Revoked => "CERTIFICATE_REVOKED", FailedPrecondition, "notice 4.4",
            "该证书已撤销", "the certificate is revoked";
        /// What is given is what stands there, or nothing is given.
        Unchanged => "CORRECTION_UNCHANGED", InvalidArgument, "notice 4.4",
            "更正应填写与原内容不同的姓名或证件号码", "a correction gives a name or a document number other than the one that is there";
        /// A correction, re-issue or revocation says why.
        ReasonMissing => "CERTIFICATE_REASON_MISSING", InvalidArgument, "notice 6.3",
            "更正、补发或撤销应写明理由", "a correction, re-issue or revocation gives its reason";
        /// One certificate, one batch, or one organisation.
        RevocationTarget => "REVOCATION_TARGET", InvalidArgument, "notice 6.3",
            "应在证书编号、成绩批次、评价机构中选填一项", "one of certificate number, batch and organisation has to be named";
        /// Nothing of it is in force.
        NothingToRevoke => "NOTHING_TO_REVOKE", FailedPrecondition, "notice 6.3",
            "没有可撤销的有效证书", "there is no certificate in force to revoke";
        /// Not under way, or another side's.
        RevocationNotFound => "REVOCATION_NOT_FOUND", NotFound, "platform",
            "未找到待确认的撤销事项", "no such revocation is under way";
        /// No such order, or another's; or, to be lifted, not open any more.
        OrderNotFound => "REVOCATION_ORDER_NOT_FOUND", NotFound, "platform",
            "未找到该撤销要求", "no such order to revoke";
        /// The centre ordered it.
        Ordered => "REVOCATION_ORDERED", FailedPrecondition, "notice 6.3",
            "鉴定（指导）中心要求撤销的证书，不能放弃撤销", "the centre ordered the revocation, so it cannot be given up";
        /// Who is not concerned is not heard.
        NotOfRevocation => "REVOCATION_WITHOUT_CERTIFICATE", InvalidArgument, "notice 6.3",
            "该证书不在此次撤销范围内", "the revocation is not about this certificate";
        /// Nobody loses a certificate unheard.
        HearingOpen { until: Date } => "REVOCATION_HEARING_OPEN", FailedPrecondition, "notice 6.3",
            "持证人可于 {until} 前陈述申辩，期满或均已听取意见后方可撤销",
            "holders are heard until {until}; certificates are revoked after that, or once each of them was heard";
        /// Said something, or has nothing to say.
        StatementMissing => "REVOCATION_STATEMENT_MISSING", InvalidArgument, "notice 6.3",
            "应记录持证人的陈述申辩，或注明其放弃", "what the holder said is recorded, or that they have nothing to say";
        /// 谁发证、谁负责.
        IssuerInCharge => "REVOCATION_ISSUER_IN_CHARGE", FailedPrecondition, "notice 6.3",
            "发证机构仍在册，应由其自行撤销；机构被取消备案的，由省中心撤销",
            "the issuer revokes its certificates; the provincial centre does so where the issuer is withdrawn";
        /// Nothing of the batch is in force.
        NothingToPrint => "NOTHING_TO_PRINT", FailedPrecondition, "notice 4.4",
            "该批次没有有效证书可打印", "no certificate of the batch is in force";
        /// PDF or PNG.
        FormatUnknown => "CERTIFICATE_FORMAT_UNKNOWN", InvalidArgument, "platform",
            "没有这种文件格式", "there is no such format of a file";
        /// One of the categories.
        CategoryMissing => "REVOCATION_CATEGORY_MISSING", InvalidArgument, "notice 6.3",
            "应选择撤销原因类别", "the category of the revocation has to be named";
    }
}

rejections! {
    /// Why it is not told what people hold.
    pub enum HoldingRejection {
        /// More than one call takes.
        TooMany { limit: usize } => "HOLDINGS_TOO_MANY", InvalidArgument, "platform",
            "一次最多查询 {limit} 人", "a call asks about at most {limit} people";
    }
}
