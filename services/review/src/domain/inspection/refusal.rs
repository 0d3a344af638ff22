//! Everything that inspections decline, by name.

use jiff::civil::Date;

kernel::rejections! {
    /// Why an inspection is not planned, drawn or recorded so.
    pub enum InspectionRejection {
        /// No such inspection, or none that the caller may see.
        NotFound => "INSPECTION_NOT_FOUND", NotFound, "platform",
            "未找到该检查", "there is no such inspection";
        /// An inspection is its centre's.
        NotInspectingCentre => "NOT_INSPECTING_CENTRE", PermissionDenied, "notice 6.2",
            "该检查由制定计划的中心组织实施，本中心不能办理", "only the centre that planned the inspection can do this";
        /// The inspection is not where the command needs it to be.
        State { chinese: &'static str, english: String } => "INSPECTION_STATE", FailedPrecondition, "notice 6.2",
            "该检查当前状态为“{chinese}”，不能进行此操作", "the inspection is {english}, so this cannot be done";
        /// A page begins where another one of the same list ended.
        PageToken => "INSPECTION_PAGE_TOKEN", InvalidArgument, "platform",
            "page_token 应取自上一页的答复", "a page_token is taken from the response before";
    }
}

kernel::rejections! {
    /// Why a list of matters is not published, or nothing is planned on it.
    pub enum MatterRejection {
        /// Nothing was published under this number.
        ListNotFound => "MATTER_LIST_NOT_FOUND", NotFound, "notice 6.2",
            "未找到该检查事项清单", "there is no such list of matters";
        /// Without a list nothing may be inspected.
        NoList => "MATTER_LIST_MISSING", FailedPrecondition, "notice 6.2",
            "尚未公布检查事项清单，不能制定检查计划", "no list of matters has been published, so nothing can be planned";
        /// A code is short and plain.
        CodeMalformed => "MATTER_CODE_MALFORMED", InvalidArgument, "platform",
            "事项代码应为 1 至 20 个大写字母、数字或连字符", "the code of a matter has 1 to 20 capitals, digits and hyphens";
        /// A code stands for one matter.
        CodeTwice => "MATTER_TWICE", InvalidArgument, "platform",
            "同一检查事项重复列出", "the same matter is there twice";
        /// The list does not have it.
        Unknown => "MATTER_UNKNOWN", FailedPrecondition, "notice 6.2",
            "现行检查事项清单没有该事项", "the list of matters in force does not have this one";
    }
}

kernel::rejections! {
    /// Why a plan or its lists do not stand.
    pub enum PlanningRejection {
        /// Nobody inspects yesterday.
        FromPast { today: Date } => "INSPECTION_FROM_PAST", InvalidArgument, "notice 6.2",
            "检查开始日期不能早于今日 {today}", "an inspection does not begin before today, {today}";
        /// The period ends after it begins, and soon enough.
        Period { days: i32 } => "INSPECTION_PERIOD", InvalidArgument, "notice 6.2",
            "检查截止日期不得早于开始日期，检查期不得超过 {days} 日", "an inspection ends on or after its first day and lasts {days} days at most";
        /// The last day is over.
        PeriodOver { until: Date } => "INSPECTION_PERIOD_OVER", FailedPrecondition, "notice 6.2",
            "检查期已于 {until} 结束", "the period of the inspection ended on {until}";
        /// Only the province reaches over all.
        WholeProvince => "INSPECTION_WHOLE_PROVINCE", PermissionDenied, "notice 6.2",
            "只有省级中心可以在全省范围抽取检查对象", "only the provincial centre draws from the whole province";
        /// Fewer than the setting is too few, more than all there is not.
        Share { least: u8 } => "INSPECTION_SHARE", InvalidArgument, "notice 6.2",
            "抽查比例应在 {least}% 至 100% 之间", "the share lies between {least} and 100 percent";
        /// Nobody to inspect.
        NoOrganizations => "INSPECTION_WITHOUT_ORGANIZATIONS", FailedPrecondition, "notice 6.2",
            "没有可供抽取的评价机构", "there is no organisation to draw from";
        /// More than a list can hold.
        ListTooLong { limit: usize } => "INSPECTION_LIST_TOO_LONG", FailedPrecondition, "platform",
            "名录超过 {limit} 条", "a list has more than {limit} entries";
        /// Two inspect together, and neither has an interest.
        InspectorsTooFew { name: String, least: usize, found: usize } => "INSPECTORS_TOO_FEW", FailedPrecondition, "notice 6.2",
            "对“{name}”无利害关系的检查人员只有 {found} 人，至少应有 {least} 人", "{name} needs at least {least} inspectors without a conflict of interest, and there are {found}";
        /// What was asked of the registry was about other organisations than are there by now.
        ListsChanged => "INSPECTION_LISTS_CHANGED", Aborted, "platform",
            "检查对象名录刚刚发生变化，请重试", "the organisations have just changed; please try again";
    }
}

kernel::rejections! {
    /// Why nothing is drawn anew.
    pub enum RedrawRejection {
        /// The organisation is not among those drawn.
        NotDrawn => "INSPECTION_NOT_DRAWN", FailedPrecondition, "notice 6.2",
            "该机构不在本次检查的抽取结果中", "the organisation is not among those drawn";
        /// The inspector was not drawn for it.
        NotItsInspector => "INSPECTION_NOT_ITS_INSPECTOR", FailedPrecondition, "notice 6.2",
            "该人员不是该机构的检查人员", "the person is not an inspector of the organisation";
        /// What was inspected stays inspected.
        Recorded => "REDRAW_AFTER_RESULT", FailedPrecondition, "notice 6.2",
            "该机构的检查结果已经录入，不能重新抽取", "the result is recorded, so nothing is drawn anew";
        /// Whoever may draw until the result is liked does not draw at random.
        UsedUp { limit: u16 } => "REDRAWS_USED_UP", ResourceExhausted, "notice 6.2",
            "同一次检查重新抽取不得超过 {limit} 次", "an inspection has at most {limit} redraws";
        /// The list is used up.
        NobodyLeft => "REDRAW_NOBODY_LEFT", FailedPrecondition, "notice 6.2",
            "冻结的名录中已没有可供重新抽取的对象", "nobody is left on the frozen list to draw from";
    }
}

kernel::rejections! {
    /// Why a result is not recorded, or results are not published.
    pub enum ResultRejection {
        /// Nothing recorded yet, or not the caller's to see.
        NotFound => "INSPECTION_RESULT_NOT_FOUND", NotFound, "platform",
            "未找到该检查结果", "there is no such result";
        /// Once recorded, it stands.
        Recorded => "INSPECTION_RESULT_RECORDED", FailedPrecondition, "notice 6.2",
            "该机构的检查结果已经录入", "the result was recorded before";
        /// Whoever inspects was drawn for it.
        NotOwn => "INSPECTION_NOT_DRAWN_FOR", PermissionDenied, "notice 6.2",
            "您不是抽取的该机构检查人员，不能录入检查结果", "you were not drawn to inspect this organisation, so you cannot record its result";
        /// Inspections happen in their period, and results come after.
        Day { from: Date, until: Date } => "INSPECTION_DAY", InvalidArgument, "notice 6.2",
            "检查日期应在 {from} 至 {until} 之间", "the day of the inspection lies between {from} and {until}";
        /// The period has still to come.
        TooEarly { from: Date } => "INSPECTION_NOT_BEGUN", FailedPrecondition, "notice 6.2",
            "检查自 {from} 开始，现在不能录入结果", "the inspection begins on {from}, so there is no result yet";
        /// The outcome is one of the eight.
        OutcomeUnknown => "INSPECTION_OUTCOME_UNKNOWN", InvalidArgument, "notice 6.2",
            "检查结果应为规定的八类之一", "the outcome is one of the eight";
        /// A matter that the inspection does not have.
        MatterUnknown => "INSPECTION_MATTER_UNKNOWN", FailedPrecondition, "notice 6.2",
            "本次检查没有该事项", "the inspection does not have this matter";
        /// A matter without a finding.
        MatterMissing { code: String } => "INSPECTION_MATTER_MISSING", FailedPrecondition, "notice 6.2",
            "缺少检查事项 {code} 的检查情况", "the finding on matter {code} is missing";
        /// No problem is no problem, and a problem is somewhere.
        OutcomeContradicts => "INSPECTION_OUTCOME_CONTRADICTS", FailedPrecondition, "notice 6.2",
            "检查结果与各事项检查情况不一致", "the outcome contradicts the findings on the matters";
        /// All are published together.
        Missing { missing: usize } => "INSPECTION_RESULTS_MISSING", FailedPrecondition, "notice 6.2",
            "尚有 {missing} 家机构未录入检查结果，不能公开", "the results of {missing} organisations are missing, so nothing is published";
    }
}
