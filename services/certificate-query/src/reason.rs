//! Why a certificate was revoked, in words. Facts carry a code; the public reads a sentence.

/// A reason in both languages.
pub(crate) struct Reason {
    pub(crate) chinese: &'static str,
    pub(crate) english: &'static str,
}

/// The words of a reason's code. One that is newer than this service is shown as "on record":
/// better little than wrong.
pub(crate) fn reason(code: &str) -> Reason {
    let (chinese, english) = match code {
        "false_materials" => ("申报材料或身份不实", "false materials or identity"),
        "cheating" => ("事后查实考试作弊", "cheating found afterwards"),
        "issued_in_error" => ("错误颁发", "issued by mistake"),
        "organization_breach" => (
            "评价机构违规评价",
            "the organisation broke the rules of evaluation",
        ),
        _ => (
            "原因已记录在案，可向颁发机构查询",
            "on record with the issuer",
        ),
    };
    Reason { chinese, english }
}
