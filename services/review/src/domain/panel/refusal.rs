//! What is declined about expert panels.

kernel::rejections! {
    /// Why a panel is not planned, drawn, heard or found.
    pub enum PanelRejection {
        /// No such panel, or none that the caller has a part in.
        NotFound => "PANEL_NOT_FOUND", NotFound, "platform",
            "未找到该专家论证组", "there is no such expert panel";
        /// One at a time.
        Open => "PANEL_OPEN", AlreadyExists, "notice 3.4",
            "该申报已有尚未结束的专家论证组", "the application has an expert panel that has not ended";
        /// Too few are left to draw from.
        PoolTooSmall { left: usize, size: usize } => "PANEL_POOL_TOO_SMALL", FailedPrecondition, "notice 6.2",
            "专家库回避后仅余 {left} 人，不足 {size} 人", "after exclusions {left} experts are left, fewer than {size}";
        /// Nobody of that number may be drawn today.
        ExpertUnknown => "PANEL_EXPERT_UNKNOWN", FailedPrecondition, "notice 6.2",
            "专家库中没有可以参加论证的该专家", "the pool has no such expert who may sit on a panel";
        /// A conflict of interest.
        ExpertConflicted { chinese: &'static str, english: &'static str } => "PANEL_EXPERT_CONFLICT", FailedPrecondition, "notice 6.2",
            "该专家应当回避：{chinese}", "the expert has a conflict of interest: {english}";
        /// It was drawn.
        NotPlanned => "PANEL_NOT_PLANNED", FailedPrecondition, "notice 6.2",
            "该专家论证组不在待抽取状态", "the panel does not wait for its draw";
        /// It is not convened yet, or has ended.
        NotSitting => "PANEL_NOT_SITTING", FailedPrecondition, "notice 3.4",
            "该专家论证组不在论证中", "the panel is not sitting";
        /// It has ended.
        Ended => "PANEL_ENDED", FailedPrecondition, "notice 3.4",
            "该专家论证组已结束", "the panel has ended";
        /// The expert is not on it.
        NotMember => "PANEL_NOT_MEMBER", FailedPrecondition, "notice 3.4",
            "该专家不是论证组成员", "the expert is not on the panel";
        /// An opinion is given once.
        OpinionGiven => "PANEL_OPINION_GIVEN", FailedPrecondition, "notice 3.4",
            "该专家已提出意见", "the expert has given an opinion";
        /// The documents have changed since.
        Outdated => "PANEL_OUTDATED", FailedPrecondition, "notice 3.4",
            "申报材料已变更，应解散后重新组织论证", "the documents have changed since the panel was convened; dissolve it and convene another";
        /// A panel that was drawn goes by ranks.
        ReplacementDrawn => "PANEL_REPLACEMENT_DRAWN", InvalidArgument, "notice 6.2",
            "抽取产生的论证组按抽取次序递补，不能指定", "on a panel that was drawn the next rank steps in, nobody is named";
        /// A panel that was named has nobody in waiting.
        ReplacementMissing => "PANEL_REPLACEMENT_MISSING", InvalidArgument, "notice 6.2",
            "应指定递补专家", "whoever steps in is to be named";
        /// Nobody is left who could step in.
        NobodyLeft => "PANEL_NOBODY_LEFT", FailedPrecondition, "notice 6.2",
            "已无可以递补的专家", "nobody is left who could step in";
        /// A panel may not be as large.
        TooLarge { limit: usize } => "PANEL_TOO_LARGE", InvalidArgument, "platform",
            "论证专家不得超过 {limit} 人", "a panel has at most {limit} experts";
    }
}
