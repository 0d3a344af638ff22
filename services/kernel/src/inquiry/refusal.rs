//! What an inquiry declines, by name.

use jiff::civil::Date;

crate::rejections! {
    /// Why an inquiry does not go on so.
    pub enum InquiryRejection {
        /// It has its outcome.
        Closed => "INQUIRY_CLOSED", FailedPrecondition, "notice 3.4 and 4.3",
            "该事项已办结", "this has been closed";
        /// A complaint is taken up first.
        NotTakenUp => "INQUIRY_NOT_TAKEN_UP", FailedPrecondition, "notice 6.2",
            "该投诉举报尚未受理", "this complaint has not been taken up yet";
        /// Once is enough.
        TakenUp => "INQUIRY_TAKEN_UP", FailedPrecondition, "notice 6.2",
            "该事项已受理", "this has been taken up already";
        /// One question at a time.
        AskedAlready => "INQUIRY_ASKED_ALREADY", FailedPrecondition, "platform",
            "已向机构提问，尚未答复", "the organisation was asked and has not answered yet";
        /// Nobody asked.
        NothingAsked => "INQUIRY_NOTHING_ASKED", FailedPrecondition, "platform",
            "没有待答复的问题", "there is no question that waits for an answer";
        /// Whoever was asked has time to answer.
        AnswerAwaited { due: Date } => "INQUIRY_ANSWER_AWAITED", FailedPrecondition, "platform",
            "机构可于 {due} 前答复，期满或答复后方可办结", "the organisation has time to answer until {due}; this is closed after that or after its answer";
        /// An outcome rests on something.
        WithoutFinding => "INQUIRY_WITHOUT_FINDING", FailedPrecondition, "notice 3.4 and 4.3",
            "尚无调查核实记录，不能办结", "without a finding on record this cannot be closed";
    }
}

crate::rejections! {
    /// Why somebody does not bring something forward by name.
    pub enum PartyRejection {
        /// A child that cannot act for itself does not object by itself; and nobody does before birth.
        TooYoung { age: i16 } => "PARTY_TOO_YOUNG", InvalidArgument, "civil law general provisions article 20",
            "提出人应年满 {age} 周岁", "whoever brings something forward is at least {age} years old";
        /// Somebody can be told the outcome.
        Phone => "PARTY_PHONE", InvalidArgument, "platform",
            "联系电话应含 7 至 20 位数字", "a telephone number has 7 to 20 digits";
        /// One row, one person, one objection at a time.
        ObjectionOpen => "OBJECTION_OPEN", AlreadyExists, "notice 3.4 and 4.3",
            "您对该条公示内容的异议正在处理", "your objection to this row is being looked into";
        /// What was decided is decided.
        ObjectionDecided => "OBJECTION_DECIDED", FailedPrecondition, "notice 3.4 and 4.3",
            "您对该条公示内容的异议已有处理结果，不再重复受理",
            "your objection to this row has been decided and is not taken again";
    }
}
