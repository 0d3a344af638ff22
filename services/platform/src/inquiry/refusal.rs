//! What is declined here, by name, beside the rules' own refusals.

kernel::rejections! {
    /// Why an inquiry is not there, or not the caller's.
    pub enum InquiryRejection {
        /// No such inquiry, or none that the caller may see.
        NotFound => "INQUIRY_NOT_FOUND", NotFound, "platform",
            "未找到该事项", "there is no such inquiry";
        /// The province sees what a city looks into, and acts only on its own.
        CentreForeign => "INQUIRY_CENTRE_FOREIGN", PermissionDenied, "notice 3.4 and 4.3",
            "该事项由受理的职业技能鉴定（指导）中心办理，本中心不能办理", "only the centre that looks into it can do this";
        /// Codes are given, not made up; one that is none is answered like an unknown one.
        ReceiptUnknown => "INQUIRY_RECEIPT_UNKNOWN", NotFound, "platform",
            "未找到该查询码对应的事项", "no inquiry has this receipt code";
        /// Whoever had a hand in it does not answer for it.
        Involved => "INQUIRY_ANSWERER_INVOLVED", PermissionDenied, "notice 4.3",
            "参与所涉事项的人员不得代表机构答复，应由未参与人员答复",
            "whoever had a hand in the matter does not answer for the organisation; somebody else does";
        /// Only leads are closed by a note alone.
        NotALead => "INQUIRY_NOT_A_LEAD", FailedPrecondition, "platform",
            "仅线索可直接办结", "only a lead is closed like this";
        /// Nobody stands for it by name.
        Anonymous => "INQUIRY_ANONYMOUS", FailedPrecondition, "platform",
            "该事项为匿名提出", "this was brought forward without a name";
        /// Personal data is opened for something.
        PurposeMissing => "INQUIRY_PURPOSE_MISSING", InvalidArgument, "platform",
            "应说明查看身份信息的用途", "what the identity is opened for has to be said";
        /// One of the ways in which things come in.
        ChannelMissing => "INQUIRY_CHANNEL_MISSING", InvalidArgument, "platform",
            "应说明提出方式（来信、来访、来电等）", "how it came in has to be said: by letter, in person, by telephone";
        /// What came in came in.
        ReceivedInFuture => "INQUIRY_RECEIVED_IN_FUTURE", InvalidArgument, "platform",
            "收到日期不能晚于今日", "it cannot have come in after today";
        /// Dismissed or upheld.
        OutcomeMissing => "OBJECTION_OUTCOME_MISSING", InvalidArgument, "notice 3.4 and 4.3",
            "应说明异议成立或不成立", "an objection is either dismissed or upheld";
        /// No such kind.
        KindUnknown => "INQUIRY_KIND_UNKNOWN", InvalidArgument, "platform",
            "没有这一事项类别", "there is no such kind of inquiry";
        /// A page begins where another one of the same list ended.
        PageToken => "INQUIRY_PAGE_TOKEN", InvalidArgument, "platform",
            "page_token 应取自上一页的答复", "a page_token is taken from the response before";
    }
}

kernel::rejections! {
    /// Why a file is not taken as evidence.
    pub enum EvidenceRejection {
        /// Nothing in it.
        Empty => "EVIDENCE_EMPTY", InvalidArgument, "platform",
            "文件内容为空", "the file is empty";
        /// More than fits a message.
        TooLarge { limit: usize } => "EVIDENCE_TOO_LARGE", InvalidArgument, "platform",
            "文件超过 {limit} 字节的上限", "the file is larger than {limit} bytes";
        /// A picture or a PDF.
        Type => "EVIDENCE_TYPE", InvalidArgument, "platform",
            "只接受 PDF、PNG 和 JPEG 文件", "only PDF, PNG and JPEG files are taken";
        /// A shelf has an end.
        TooMany { limit: i64 } => "EVIDENCE_TOO_MANY", ResourceExhausted, "platform",
            "每一事项最多提交 {limit} 个文件", "an inquiry has at most {limit} files";
        /// No such file, or none that the caller may see.
        NotFound => "EVIDENCE_NOT_FOUND", NotFound, "platform",
            "未找到该文件", "there is no such file";
    }
}
