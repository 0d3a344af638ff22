//! Why somebody may not be examined, and why rules are not entered. No text says anything of a
//! person that the rule does not say of everybody.

use jiff::civil::Date;
use kernel::rejections;

rejections! {
    /// Why a claim is not enough.
    pub enum EligibilityRejection {
        /// Nothing is claimed.
        ClaimMissing => "ELIGIBILITY_CLAIM_MISSING", InvalidArgument, "national standards 1.9 (申报条件)",
            "应填写所依据的申报条件", "a candidate claims one of the rules of the level";
        /// Not one of the rules of the level on that day.
        RuleUnknown { version: String } => "ELIGIBILITY_RULE_UNKNOWN", InvalidArgument, "national standards 1.9 (申报条件)",
            "该等级在“{version}”中没有这一申报条件", "the level has no such rule in {version}";
        /// Nobody is admitted on hearsay.
        PledgeMissing => "ELIGIBILITY_PLEDGE_MISSING", FailedPrecondition, "national standards 1.9 (申报条件)",
            "考生未签署申报材料真实性承诺书", "the candidate has not signed the pledge that the claim is true";
        /// No such school.
        EducationUnknown => "ELIGIBILITY_EDUCATION_UNKNOWN", InvalidArgument, "national standards 1.9 (申报条件)",
            "没有这种毕业院校类别", "there is no such kind of school";
        /// No such rank.
        TitleRankUnknown => "ELIGIBILITY_TITLE_RANK_UNKNOWN", InvalidArgument, "national standards 1.9 (申报条件)",
            "职称级别应为初级、中级或高级", "the rank of a title is junior, middle or senior";
        /// No such group.
        GroupUnknown => "CANDIDATE_GROUP_UNKNOWN", InvalidArgument, "notice 6.1",
            "没有这个重点群体类别", "there is no such group of candidates";
        /// Younger than the rule asks.
        TooYoung { age: u8, on: Date } => "ELIGIBILITY_TOO_YOUNG", FailedPrecondition, "national standards 1.9 (申报条件)",
            "申报条件要求在 {on} 年满 {age} 周岁", "the rule asks for an age of {age} on {on}";
        /// Not worked long enough.
        WorkYearsShort { years: u8 } => "ELIGIBILITY_WORK_YEARS_SHORT", FailedPrecondition, "national standards 1.9 (申报条件)",
            "申报条件要求累计工作满 {years} 年", "the rule asks for {years} years of work";
        /// Nobody works as a child.
        WorkYearsImpossible { age: i16 } => "ELIGIBILITY_WORK_YEARS_IMPOSSIBLE", FailedPrecondition, "labour law article 15",
            "累计工作年限超过年满 {age} 周岁以来的年数", "more years of work than have passed since the age of {age}";
        /// No apprenticeship.
        ApprenticeshipMissing => "ELIGIBILITY_APPRENTICESHIP_MISSING", FailedPrecondition, "national standards 1.9 (申报条件)",
            "申报条件要求学徒期满", "the rule asks for a completed apprenticeship";
        /// No certificate.
        CertificateMissing { level: &'static str } => "ELIGIBILITY_CERTIFICATE_MISSING", FailedPrecondition, "national standards 1.9 (申报条件)",
            "申报条件要求已取得{level}证书", "the rule asks for a certificate of {level}";
        /// Our register has none of that number for this person.
        CertificateNotHeld => "ELIGIBILITY_CERTIFICATE_NOT_HELD", FailedPrecondition, "national standards 1.9 (申报条件)",
            "本系统中没有该考生的这一证书", "the register has no such certificate of the candidate";
        /// Revoked.
        CertificateNotInForce => "ELIGIBILITY_CERTIFICATE_NOT_IN_FORCE", FailedPrecondition, "national standards 1.9 (申报条件)",
            "该证书已撤销", "the certificate is revoked";
        /// A certificate below that.
        CertificateTooLow { level: &'static str } => "ELIGIBILITY_CERTIFICATE_TOO_LOW", FailedPrecondition, "national standards 1.9 (申报条件)",
            "申报条件要求的证书等级为{level}", "the rule asks for a certificate of {level} or higher";
        /// Not held long enough.
        CertificateTooRecent { years: u8, on: Date } => "ELIGIBILITY_CERTIFICATE_TOO_RECENT", FailedPrecondition, "national standards 1.9 (申报条件)",
            "到 {on} 取得证书未满 {years} 年", "on {on} the certificate is not held for {years} years";
        /// No school.
        SchoolingMissing => "ELIGIBILITY_SCHOOLING_MISSING", FailedPrecondition, "national standards 1.9 (申报条件)",
            "申报条件要求毕业证书", "the rule asks for a school";
        /// Another school.
        SchoolingOfOtherKind => "ELIGIBILITY_SCHOOLING_OTHER", FailedPrecondition, "national standards 1.9 (申报条件)",
            "毕业院校类别不符合申报条件", "the rule asks for another kind of school";
        /// Not finished, and not in the last year.
        NotGraduated { on: Date } => "ELIGIBILITY_NOT_GRADUATED", FailedPrecondition, "national standards 1.9 (申报条件)",
            "毕业日期晚于申报条件允许的 {on}", "graduation is later than the rule allows, which is {on}";
        /// Finished not long enough ago.
        GraduatedTooRecently { years: u8, on: Date } => "ELIGIBILITY_GRADUATED_TOO_RECENTLY", FailedPrecondition, "national standards 1.9 (申报条件)",
            "到 {on} 毕业未满 {years} 年", "on {on} graduation is not {years} years ago";
        /// No title.
        TitleMissing => "ELIGIBILITY_TITLE_MISSING", FailedPrecondition, "national standards 1.9 (申报条件)",
            "申报条件要求职称或专业技术人员职业资格", "the rule asks for a professional title";
        /// A title of a lower rank.
        TitleTooLow => "ELIGIBILITY_TITLE_TOO_LOW", FailedPrecondition, "national standards 1.9 (申报条件)",
            "职称级别低于申报条件的要求", "the rule asks for a title of a higher rank";
        /// Not held long enough.
        TitleTooRecent { years: u8, on: Date } => "ELIGIBILITY_TITLE_TOO_RECENT", FailedPrecondition, "national standards 1.9 (申报条件)",
            "到 {on} 取得职称未满 {years} 年", "on {on} the title is not held for {years} years";
        /// Nobody is certified before birth or in the future.
        DayImpossible => "ELIGIBILITY_DAY_IMPOSSIBLE", InvalidArgument, "platform",
            "日期早于出生日期或晚于今天", "the day is before birth or still to come";
    }
}

rejections! {
    /// Why the rules of a standard are not entered.
    pub enum StandardRejection {
        /// A level that nobody could enter is none.
        RulesMissing => "ELIGIBILITY_RULES_MISSING", InvalidArgument, "national standards 1.9 (申报条件)",
            "至少应有一条申报条件", "a level has at least one rule";
        /// The list has an end.
        TooManyRules { limit: usize } => "ELIGIBILITY_TOO_MANY_RULES", InvalidArgument, "platform",
            "申报条件最多 {limit} 条", "there are at most {limit} rules";
        /// Which of the two is claimed?
        RuleTwice { other: usize } => "ELIGIBILITY_RULE_TWICE", InvalidArgument, "platform",
            "与第 {other} 条（从 0 起）的编号重复", "the same id as rule {other}, counted from 0";
        /// More years than anybody lives.
        YearsOutOfRange { limit: u32 } => "ELIGIBILITY_YEARS_OUT_OF_RANGE", InvalidArgument, "platform",
            "年数应为 0 至 {limit}", "a number of years is 0 to {limit}";
        /// A school has to be one of some.
        SchoolsMissing => "ELIGIBILITY_SCHOOLS_MISSING", InvalidArgument, "platform",
            "应列明毕业院校类别", "which schools are asked for is missing";
        /// What was examined by other rules stays as it was.
        InThePast => "ELIGIBILITY_RULES_IN_THE_PAST", FailedPrecondition, "platform",
            "申报条件不得追溯生效", "rules do not take effect in the past";
        /// Entered once already.
        SetAlready => "ELIGIBILITY_RULES_SET", AlreadyExists, "platform",
            "该职业等级自该日起的申报条件已录入", "the rules of this occupation and level from that day on are entered already";
    }
}
