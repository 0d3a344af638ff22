//! Why a document is not printed.

kernel::rejections! {
    /// Why a document is not printed.
    pub enum PrintRejection {
        /// Which character is not said: it may be of a name.
        CharacterMissing => "PRINT_CHARACTER_MISSING", FailedPrecondition, "platform",
            "文件中有打印字体没有的字符，无法打印，请更正所填内容", "the document has a character that the fonts do not have; please correct what was filled in";
        /// Others are printed first.
        Busy => "PRINTING_BUSY", ResourceExhausted, "platform",
            "打印任务较多，请稍后再试", "too much is being printed at present; please try again later";
    }
}
