//! Refusals about rounds, quotas, and what an organisation may apply for beside what it holds.

use jiff::civil::Date;

kernel::rejections! {
    /// Why a round is not opened, or takes nothing.
    pub enum RoundRejection {
        /// No such round, or none of the caller's.
        NotFound => "ROUND_NOT_FOUND", NotFound, "platform",
            "未找到该遴选批次", "there is no such round";
        /// The province reads all rounds, and closes its own alone.
        NotOwn => "ROUND_NOT_OWN", PermissionDenied, "notice 5",
            "该遴选批次由其他职业技能鉴定（指导）中心管理", "this round is another centre's";
        /// An application belongs to a round of the authority where it files.
        OfAnotherAuthority => "ROUND_OF_ANOTHER_AUTHORITY", FailedPrecondition, "notice 3.2",
            "该遴选批次不属于所选的申报机构", "this round is of another filing authority than the one chosen";
        /// The window is still to open.
        NotOpenYet { from: Date } => "ROUND_NOT_OPEN_YET", FailedPrecondition, "notice 5",
            "该遴选批次自 {from} 起受理申报", "this round takes applications from {from} on";
        /// The window is over.
        Over { until: Date } => "ROUND_OVER", FailedPrecondition, "notice 5",
            "该遴选批次的申报已于 {until} 截止", "this round took applications until {until}";
        /// Its centre closed it.
        Closed => "ROUND_CLOSED", FailedPrecondition, "notice 5",
            "该遴选批次已停止受理", "this round takes no applications any more";
        /// What was handed in stays in its round.
        Fixed => "ROUND_FIXED", FailedPrecondition, "notice 5",
            "申报提交后不能更换遴选批次", "an application that was handed in stays in its round";
        /// Nobody could have handed in then.
        InThePast { today: Date } => "ROUND_IN_THE_PAST", InvalidArgument, "notice 5",
            "受理起始日期不能早于今日 {today}", "a round does not begin before today, {today}";
        /// A day that nobody plans for is a slip of the pen; without an end, a round has none.
        TooFar { latest: Date } => "ROUND_DAY_TOO_FAR", InvalidArgument, "platform",
            "遴选批次的日期不能晚于 {latest}", "no day of a round is later than {latest}";
        /// The window ends before it begins.
        Window => "ROUND_WINDOW", InvalidArgument, "notice 5",
            "受理截止日期不能早于起始日期", "a round does not end before it begins";
        /// Selections before everybody has handed in.
        Deadline => "ROUND_DEADLINE", InvalidArgument, "notice 5",
            "遴选完成日期不能早于受理日期", "selections are not due before the window ends";
        /// A way of assessing that is none.
        AssessmentUnknown => "ROUND_ASSESSMENT_UNKNOWN", InvalidArgument, "notice 3.4",
            "技术评估方式应为材料核验、专家论证或现场考察", "an assessment is a document check, an expert panel or a site visit";
        /// A page begins where another one of the same list ended.
        PageToken => "ROUND_PAGE_TOKEN", InvalidArgument, "platform",
            "page_token 应取自上一页的答复", "a page_token is taken from the response before";
    }
}

kernel::rejections! {
    /// Why an application does not go with what its organisation holds.
    pub enum PurposeRejection {
        /// The purpose is none.
        Unknown => "PURPOSE_UNKNOWN", InvalidArgument, "platform",
            "申报类型应为首次申报、扩项或续期", "an application is for a first selection, an extension or a renewal";
        /// It has its code already.
        SelectedAlready => "SELECTED_ALREADY", FailedPrecondition, "notice 3.4",
            "该单位已经遴选确定，应申请扩项或续期", "this organisation is selected already: it applies for an extension or a renewal";
        /// It has no code yet.
        NotSelectedYet => "NOT_SELECTED_YET", FailedPrecondition, "notice 3.4",
            "该单位尚不是评价机构，应首次申报", "this body is no evaluation organisation yet: it applies for its first selection";
        /// Its filing was withdrawn.
        FilingWithdrawn => "FILING_WITHDRAWN", FailedPrecondition, "notice 6.2",
            "该单位的备案已取消，不能申报", "the filing of this organisation was withdrawn, so it cannot apply";
        /// One organisation, one filing authority.
        AnotherAuthority => "FILED_ELSEWHERE", FailedPrecondition, "notice 3.2",
            "该单位已在其他机构备案，扩项、续期应向原备案机构申请", "this organisation is filed with another authority, which is where it applies";
        /// What is held is renewed, not granted a second time.
        HeldAlready => "OCCUPATION_HELD_ALREADY", FailedPrecondition, "notice 2",
            "所列等级中有该职业（工种）已经取得的，扩项只填写尚未取得的等级",
            "this occupation is held at one of these levels already; an extension names those that are not held";
        /// What has no end needs no new one.
        WithoutTerm => "OCCUPATION_WITHOUT_TERM", FailedPrecondition, "notice 3.4",
            "该职业（工种）的评价资格没有规定有效期，无需续期", "this occupation is held without a term, so there is nothing to renew";
        /// Nothing to renew.
        NotHeld => "OCCUPATION_NOT_HELD", FailedPrecondition, "notice 2",
            "该职业（工种）或等级尚未取得，不能续期", "this occupation is not held at these levels, so there is nothing to renew";
    }
}

kernel::rejections! {
    /// What a city's quota forbids, and what it only warns of.
    pub enum QuotaRejection {
        /// The city has selected as many as it may.
        Exhausted { most: u16 } => "CITY_QUOTA_EXHAUSTED", FailedPrecondition, "notice 3.4",
            "该市试点评价机构已达 {most} 家上限", "this city has selected {most} organisations, and may not select more in the pilot";
        /// The city has selected fewer than it should.
        BelowLeast { least: u16, selected: u32 } => "CITY_QUOTA_BELOW_LEAST", FailedPrecondition, "notice 3.4",
            "该市应遴选不少于 {least} 家机构，现有 {selected} 家", "this city is to select at least {least} organisations, and has {selected}";
    }
}

kernel::rejections! {
    /// Why a field of an annex is not given back, or not taken again.
    pub enum CorrectionRejection {
        /// No field of the annexes has this path.
        PathUnknown => "FIELD_PATH_UNKNOWN", InvalidArgument, "platform",
            "申报表中没有该项", "the annexes have no such field";
        /// The field is named twice, or with a part of it.
        FieldTwice => "FIELD_RETURNED_TWICE", InvalidArgument, "platform",
            "同一项重复退回", "the same field is given back twice";
        /// It was given back and is still what it was.
        NotCorrected => "FIELD_NOT_CORRECTED", FailedPrecondition, "notice 3.4",
            "退回的内容尚未更正", "a field that was given back is still what it was";
    }
}
