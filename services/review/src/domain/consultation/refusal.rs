//! What is declined about work outside the filing area.

use jiff::civil::Date;
use kernel::occupation::OccupationRef;

kernel::rejections! {
    /// Why a consultation is not opened, answered, decided or found.
    pub enum ConsultationRejection {
        /// No such consultation, or none that the caller has a part in.
        NotFound => "CONSULTATION_NOT_FOUND", NotFound, "platform",
            "未找到该跨区域协商", "there is no such consultation";
        /// No such evaluation organisation, or one that is filed elsewhere.
        OrganizationNotFound => "RECOMMENDED_ORGANIZATION_NOT_FOUND", NotFound, "notice 3.4",
            "本市没有备案该评价机构", "no such evaluation organisation is filed with this city";
        /// Nobody is sent elsewhere who may not work at home.
        OrganizationSuspended => "RECOMMENDED_ORGANIZATION_SUSPENDED", FailedPrecondition, "notice 3.4 and 6.2",
            "该评价机构已被暂停，不能跨区域开展评价", "the organisation is suspended, so it cannot work elsewhere";
        /// Nor who is no evaluation organisation any more.
        OrganizationWithdrawn => "RECOMMENDED_ORGANIZATION_WITHDRAWN", FailedPrecondition, "notice 3.4 and 6.2",
            "该评价机构的备案已取消，不能跨区域开展评价", "the filing of the organisation was withdrawn, so it cannot work elsewhere";
        /// One at a time: the province decides on what the cities were asked.
        Open => "CONSULTATION_OPEN", AlreadyExists, "notice 3.4",
            "该评价机构尚有未决定的跨区域协商", "a consultation about this organisation waits for its decision";
        /// Those consulted are cities of the province.
        AreaNotCity => "CONSULTED_AREA_NOT_CITY", InvalidArgument, "notice 3.4",
            "协商地区应为本省设区的市", "what is consulted is a city of the province";
        /// It works in its filing area already.
        AreaOwn => "CONSULTED_AREA_OWN", InvalidArgument, "notice 3.4",
            "申报地本市无须协商", "the filing city needs no consultation";
        /// A city is asked once.
        AreaTwice => "CONSULTED_AREA_TWICE", InvalidArgument, "platform",
            "同一城市重复列出", "the same city is there twice";
        /// It has the right there already.
        AreaHeld => "CROSS_AREA_HELD", FailedPrecondition, "notice 3.4",
            "该评价机构在该市已有所列职业（工种）的评价资格", "the organisation may evaluate this occupation in that city already";
        /// An occupation is a row of its own.
        ScopeTwice => "CROSS_AREA_SCOPE_TWICE", InvalidArgument, "platform",
            "同一职业（工种）重复列出", "the same occupation and trade is there twice";
        /// Nobody does elsewhere what they may not do at home.
        ScopeNotHeld { occupation: OccupationRef } => "CROSS_AREA_SCOPE_NOT_HELD", FailedPrecondition, "notice 3.4",
            "该评价机构在申报地没有这一职业（工种）或等级的评价资格：{occupation}", "the organisation has no such right where it is filed: {occupation}";
        /// Nor what is suspended at home.
        ScopeSuspended { occupation: OccupationRef } => "CROSS_AREA_SCOPE_SUSPENDED", FailedPrecondition, "notice 3.4 and 6.2",
            "该评价机构在申报地的这一评价资格已被暂停：{occupation}", "the organisation's right to this where it is filed is suspended: {occupation}";
        /// A city says yes or no.
        AnswerUnknown => "CONSULTATION_ANSWER_UNKNOWN", InvalidArgument, "notice 3.4",
            "答复应为同意或不同意", "the answer is agreed or disagreed";
        /// The filing city reads the consultation, but nobody asked it.
        CityNotConsulted => "CITY_NOT_CONSULTED", PermissionDenied, "notice 3.4",
            "本市不是被协商的城市", "this city is not one of those consulted";
        /// A city answers once.
        Answered => "CONSULTATION_ANSWERED", FailedPrecondition, "notice 3.4",
            "本市已答复", "this city has answered already";
        /// The due day is over; silence counts.
        AnswerLate { due: Date } => "CONSULTATION_ANSWER_LATE", FailedPrecondition, "notice 3.4",
            "答复期限 {due} 已过，按未答复记录", "answers were due by {due}; silence is on record";
        /// The province decides when all were heard.
        AnswersOutstanding { due: Date } => "CONSULTATION_ANSWERS_OUTSTANDING", FailedPrecondition, "notice 3.4",
            "尚有城市未答复，答复期限为 {due}", "a city has still to answer, by {due}";
        /// It was decided.
        Decided => "CONSULTATION_DECIDED", FailedPrecondition, "notice 3.4",
            "该跨区域协商已作出决定", "the consultation was decided before";
        /// A decision leaves no city out.
        DecisionMissing { division: kernel::division::DivisionCode } => "CROSS_AREA_DECISION_MISSING", InvalidArgument, "notice 3.4",
            "未对 {division} 作出决定", "nothing is decided about {division}";
        /// A decision is about those that were consulted.
        DecisionNotConsulted => "CROSS_AREA_DECISION_NOT_CONSULTED", InvalidArgument, "notice 3.4",
            "该市不是被协商的城市", "that city was not consulted";
        /// A refusal, and a grant that a city disagreed with, are reasoned.
        DecisionReasons => "CROSS_AREA_DECISION_REASONS", InvalidArgument, "notice 3.4",
            "不予同意的，以及城市不同意而仍予同意的，应说明理由", "reasons are required for a refusal, and for a grant that the city disagreed with";
        /// Only what is granted comes to an end.
        EndWithoutGrant => "CROSS_AREA_END_WITHOUT_GRANT", InvalidArgument, "platform",
            "不予同意的不填终止日期", "what is not granted has no last day";
        /// Work does not end before it is decided.
        EndPast { today: Date } => "CROSS_AREA_END_PAST", InvalidArgument, "platform",
            "终止日期不能早于今日 {today}", "the last day cannot be before today, {today}";
        /// There is no work in that city that could come to its end.
        NotGranted => "CROSS_AREA_NOT_GRANTED", FailedPrecondition, "notice 3.4",
            "该评价机构在该市没有跨区域评价资格", "work in that city is not granted";
        /// An ending shortens.
        EndNotEarlier { until: Date } => "CROSS_AREA_END_NOT_EARLIER", FailedPrecondition, "platform",
            "该市的跨区域评价已定于 {until} 终止", "work in that city ends on {until} already";
        /// A page begins where another one of the same list ended.
        PageToken => "CONSULTATION_PAGE_TOKEN", InvalidArgument, "platform",
            "page_token 应取自上一页的答复", "a page_token is taken from the response before";
    }
}
