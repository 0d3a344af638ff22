//! Why a body does not meet what the notice asks of its kind.

use jiff::civil::Date;

kernel::rejections! {
    /// Why the conditions of a kind of body are not met.
    pub enum ConditionRejection {
        /// Each kind of body states its own conditions.
        OfAnotherKind { chinese: &'static str, english: String } => "CONDITIONS_OF_ANOTHER_KIND", InvalidArgument, "notice 1.6 and 2",
            "机构性质为{chinese}，应填写该类机构的申报条件", "the body is of the kind {english}, and states the conditions of that kind";
        /// A filing that ends before it begins.
        FilingPeriod => "SELF_EVALUATION_PERIOD", InvalidArgument, "notice 1.6",
            "自主评价备案的截止日期不能早于起始日期", "the filing of self-evaluation cannot end before it begins";
        /// No filing in force, no application.
        FilingNotInForce { today: Date } => "SELF_EVALUATION_NOT_IN_FORCE", FailedPrecondition, "notice 1.6",
            "企业须先取得技能人才自主评价资质，该备案在 {today} 不在有效期内",
            "an enterprise needs the status of evaluating its own people, and this filing is not in force on {today}";
        /// An enterprise applies within its filing.
        OutsideFiling => "OUTSIDE_SELF_EVALUATION", FailedPrecondition, "notice 2",
            "企业应在本企业技能人才自主评价备案范围之内申报（职业、工种及等级）",
            "an enterprise applies within the occupations, trades and levels of its own filing";
        /// A member unit is somebody else.
        MemberUnitIsApplicant => "MEMBER_UNIT_IS_APPLICANT", FailedPrecondition, "notice 1.6",
            "单位会员不能是申报协会本身", "a member unit is not the association itself";
        /// The same member unit again.
        MemberUnitTwice => "MEMBER_UNIT_TWICE", InvalidArgument, "notice 1.6",
            "同一单位会员重复填写", "the same member unit is there twice";
        /// A membership that has not begun.
        MemberLater { today: Date } => "MEMBERSHIP_IN_FUTURE", FailedPrecondition, "notice 1.6",
            "入会日期不能晚于今日 {today}", "a membership cannot begin later than today, {today}";
        /// An agreement that is over.
        AgreementOver { today: Date } => "MEMBER_AGREEMENT_EXPIRED", FailedPrecondition, "notice 1.6",
            "与单位会员的协议在 {today} 已到期", "the agreement with the member unit is over on {today}";
        /// Nobody to do the work.
        WithoutMemberUnit => "OCCUPATION_WITHOUT_MEMBER_UNIT", FailedPrecondition, "notice 1.6",
            "该职业没有能够承担评价工作的单位会员", "no member unit does the work for this occupation";
        /// A school applies within its main majors.
        WithoutMajor => "OCCUPATION_WITHOUT_MAJOR", FailedPrecondition, "notice 2",
            "院校应在本校的主体专业（工种）范围内申报，该职业没有对应专业",
            "a school applies within its main majors, and none of them trains for this occupation";
        /// A school is not above the level to which it trains.
        LevelAboveTraining { chinese: &'static str, english: &'static str } => "LEVEL_ABOVE_TRAINING", FailedPrecondition, "notice 2",
            "认定等级不得超过学校的培养层次，该职业最高可申报{chinese}",
            "a school evaluates no level above that to which it trains; here the highest is {english}";
        /// An institution applies within its main training.
        NotTrained => "OCCUPATION_NOT_TRAINED", FailedPrecondition, "notice 2",
            "民办职业培训机构应在本机构开展的主要培训职业（工种）范围内申报",
            "a private training institution applies within the occupations for which it mainly trains";
    }
}
