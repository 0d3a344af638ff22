//! Why a judgement is not taken, and why without it nobody is selected.

kernel::rejections! {
    /// Why an officer's judgement is not taken or wanting.
    pub enum JudgementRejection {
        /// The subject is none of the notice.
        SubjectUnknown => "JUDGEMENT_SUBJECT_UNKNOWN", InvalidArgument, "notice 1",
            "应指明所判断的申报条件", "a judgement is of one of the conditions of the notice";
        /// Not asked of this kind of body.
        OfAnotherKind { chinese: &'static str, english: String } => "JUDGEMENT_OF_ANOTHER_KIND", FailedPrecondition, "notice 1.6 and 2",
            "对{chinese}无此项申报条件", "this condition is not asked of a body of the kind {english}";
        /// A condition still to be judged.
        Missing { chinese: &'static str, english: String } => "JUDGEMENT_MISSING", FailedPrecondition, "notice 1",
            "申报条件尚未判断：{chinese}", "a condition is still to be judged: {english}";
        /// A condition that is not met.
        NotMet { chinese: &'static str, english: String } => "JUDGEMENT_NOT_MET", FailedPrecondition, "notice 1",
            "申报条件不符合：{chinese}", "a condition is not met: {english}";
    }
}
