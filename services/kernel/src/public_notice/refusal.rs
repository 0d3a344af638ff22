//! What a public notice declines, by name.

use jiff::civil::Date;

crate::rejections! {
    /// Why a public notice declines a command.
    pub enum NoticeRejection {
        /// A notice of nothing.
        Empty => "NOTICE_EMPTY", InvalidArgument, "notice 3.4 and 4.3",
            "公示内容不能为空", "a public notice has at least one row";
        /// The same row twice.
        RowTwice => "NOTICE_ROW_TWICE", InvalidArgument, "platform",
            "公示内容中有重复的行", "a row is on the public notice twice";
        /// A row is named by one to a hundred characters.
        RowKey => "NOTICE_ROW_KEY", InvalidArgument, "platform",
            "公示行的标识应为 1 至 100 个字符", "the key of a row has 1 to 100 characters";
        /// No such row.
        RowUnknown => "NOTICE_ROW_UNKNOWN", NotFound, "platform",
            "公示中没有这一行", "there is no such row on the public notice";
        /// The row's fate is settled.
        RowClosed => "NOTICE_ROW_CLOSED", FailedPrecondition, "notice 3.4 and 4.3",
            "该行公示已结束", "the public notice is closed for this row";
        /// Nothing on the notice is open any more.
        Closed => "NOTICE_CLOSED", FailedPrecondition, "notice 3.4 and 4.3",
            "公示已结束", "the public notice is closed";
        /// The period in which objections are taken is over.
        PeriodOver { ended: Date } => "NOTICE_PERIOD_OVER", FailedPrecondition, "notice 3.4 and 4.3",
            "公示期已于 {ended} 届满", "the period of the public notice ended with {ended}";
        /// A day before the row was shown.
        BeforeOpening { opened: Date } => "NOTICE_BEFORE_OPENING", FailedPrecondition, "platform",
            "公示于 {opened} 开始，日期不能早于该日", "the public notice opened on {opened}, an earlier day is not possible";
        /// The objection has been raised already.
        ObjectionExists => "OBJECTION_EXISTS", AlreadyExists, "platform",
            "该异议已登记", "the objection is on record already";
        /// No such objection on this notice.
        ObjectionUnknown => "OBJECTION_UNKNOWN", NotFound, "platform",
            "公示中没有该异议", "there is no such objection on the public notice";
        /// The objection has been decided.
        ObjectionResolved => "OBJECTION_RESOLVED", FailedPrecondition, "notice 3.4 and 4.3",
            "该异议已处理", "the objection has been decided already";
        /// A restart needs a change.
        Unchanged => "NOTICE_ROW_UNCHANGED", InvalidArgument, "platform",
            "该行内容未变更，无须重新公示", "the row has not changed, so its notice does not start again";
    }
}
