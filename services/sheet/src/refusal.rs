//! Why a spreadsheet, or a cell of it, is not taken. No text repeats what a cell holds.

use kernel::rejections;

rejections! {
    /// Why a file is not read.
    pub enum SheetRejection {
        /// More bytes than are taken.
        TooLarge { limit: usize } => "SHEET_TOO_LARGE", InvalidArgument, "platform",
            "文件不能超过 {limit} KiB", "the file has at most {limit} KiB";
        /// Neither of the two forms.
        Unreadable => "SHEET_UNREADABLE", InvalidArgument, "platform",
            "文件应为 UTF-8 编码的 CSV，或 XLSX 工作簿（旧版 XLS 请另存为 XLSX）",
            "the file has to be CSV in UTF-8 or an XLSX workbook; save an old XLS as XLSX";
        /// Under a password.
        Encrypted => "SHEET_ENCRYPTED", InvalidArgument, "platform",
            "文件设有密码，请取消密码后再上传", "the file is under a password; remove it first";
        /// Begins as XLSX and does not go on so.
        Damaged => "SHEET_DAMAGED", InvalidArgument, "platform",
            "XLSX 文件已损坏或不完整", "the XLSX file is damaged or incomplete";
        /// A small file that unpacks to a large one.
        UnpacksTooLarge { limit: u64 } => "SHEET_UNPACKS_TOO_LARGE", InvalidArgument, "platform",
            "文件解压后不能超过 {limit} KiB", "the file unpacks to at most {limit} KiB";
        /// More rows than are taken.
        TooManyRows { limit: usize } => "SHEET_TOO_MANY_ROWS", InvalidArgument, "platform",
            "文件不能超过 {limit} 行", "the file has at most {limit} rows";
        /// A second sheet would be lost.
        SeveralSheets => "SHEET_SEVERAL", InvalidArgument, "platform",
            "工作簿只能有一张有内容的工作表", "only one sheet of the workbook may have content";
        /// The first row names the columns.
        ColumnMissing { field: &'static str, chinese: &'static str } => "SHEET_COLUMN_MISSING",
            InvalidArgument, "platform",
            "首行应有列名“{chinese}”（{field}）", "the first row has to name the column {field} ({chinese})";
        /// A column that nobody reads would be lost.
        ColumnUnknown { number: usize } => "SHEET_COLUMN_UNKNOWN", InvalidArgument, "platform",
            "第 {number} 列的列名无法识别", "column {number} has a name that is not known";
        /// Which of the two is meant?
        ColumnTwice { field: &'static str, chinese: &'static str } => "SHEET_COLUMN_TWICE",
            InvalidArgument, "platform",
            "列名“{chinese}”（{field}）出现两次", "the column {field} ({chinese}) is there twice";
        /// No row below the columns.
        Empty => "SHEET_EMPTY", InvalidArgument, "platform",
            "文件中没有数据行", "there is no row below the names of the columns";
    }
}

rejections! {
    /// Why a cell is not read.
    pub enum CellRejection {
        /// What a formula yields depends on who opens the file.
        Formula => "SHEET_FORMULA", InvalidArgument, "platform",
            "单元格含有公式，请粘贴为数值", "the cell has a formula; paste its value";
        /// Such as #N/A.
        ErrorValue => "SHEET_ERROR_VALUE", InvalidArgument, "platform",
            "单元格是错误值", "the cell has an error for a value";
        /// Of merged cells only the first one has the value.
        Merged => "SHEET_MERGED_CELLS", InvalidArgument, "platform",
            "不能使用合并单元格", "cells may not be merged";
        /// Excel keeps fifteen digits of a number and makes the others zero.
        NumberRounded => "SHEET_NUMBER_ROUNDED", InvalidArgument, "platform",
            "数字超过 15 位已被表格软件舍入，请将单元格设为文本后重新填写",
            "a number of more than 15 digits has been rounded; enter it as text";
        /// Longer than any value.
        TooLong { limit: usize } => "SHEET_CELL_TOO_LONG", InvalidArgument, "platform",
            "单元格不能超过 {limit} 个字符", "the cell has at most {limit} characters";
        /// A value that nobody would read.
        WithoutColumn { number: usize } => "SHEET_CELL_WITHOUT_COLUMN", InvalidArgument, "platform",
            "第 {number} 列没有列名", "column {number} has no name";
    }
}
