//! What waits in review, by name; for whom and by when, the view `platform.desk` says
//! (`migrations/0010_desk.sql`).

use kernel::ids::{
    AlertId, ApplicationId, CityReportId, ConsultationId, InspectionId, MeasureId, PanelId,
};
use platform::desk::{Desk, Kind};
use platform::inquiry::{COMPLAINTS_ON_DESK, OBJECTIONS_ON_DESK};
use platform::unit::Journal;

/// The desk of review.
pub fn desk(journal: Journal) -> Desk {
    let inquiries = OBJECTIONS_ON_DESK.into_iter().chain(COMPLAINTS_ON_DESK);
    Desk::new(journal, KINDS.into_iter().chain(inquiries))
}

/// What waits beside inquiries.
const KINDS: [Kind; 20] = [
    Kind::of::<ApplicationId>(
        "application_to_hand_in",
        "申报材料尚未提交",
        "fill in the application and hand it in",
    ),
    Kind::of::<ApplicationId>(
        "application_to_correct",
        "申报材料已退回，待补正后重新提交",
        "correct what was given back and hand the application in again",
    ),
    Kind::of::<ApplicationId>(
        "application_to_check",
        "申报材料待核验",
        "check the documents of an application",
    ),
    Kind::of::<ApplicationId>(
        "application_to_decide",
        "申报待评估并提出遴选意见",
        "assess an application and propose a decision",
    ),
    Kind::of::<ApplicationId>(
        "selection_to_confirm",
        "遴选意见待第二人确认",
        "confirm a selection as the second person",
    ),
    Kind::of::<ApplicationId>(
        "rejection_to_confirm",
        "不予遴选意见待第二人确认",
        "confirm, as the second person, that an applicant is not selected",
    ),
    Kind::of::<PanelId>("panel_to_draw", "专家组待抽取", "draw an expert panel"),
    Kind::of::<PanelId>(
        "opinion_to_give",
        "专家论证意见待出具",
        "give or record the opinions of an expert panel",
    ),
    Kind::of::<ApplicationId>(
        "filing_to_report",
        "备案机构待报省",
        "report a filed organisation to the province",
    ),
    Kind::of::<CityReportId>(
        "city_report_to_correct",
        "报省材料已退回，待更正",
        "correct a report to the province",
    ),
    Kind::of::<CityReportId>(
        "city_report_to_record",
        "城市报省材料待登记",
        "record a city's report",
    ),
    Kind::of::<ConsultationId>(
        "consultation_to_answer",
        "跨区域协商待答复",
        "answer a consultation about work in the city",
    ),
    Kind::of::<ConsultationId>(
        "consultation_to_decide",
        "跨区域申请待提出决定意见",
        "propose a decision about work elsewhere",
    ),
    Kind::of::<ConsultationId>(
        "cross_area_to_confirm",
        "跨区域决定待第二人确认",
        "confirm a decision about work elsewhere as the second person",
    ),
    Kind::of::<InspectionId>(
        "inspection_to_freeze",
        "双随机检查名录待冻结",
        "freeze the lists of an inspection",
    ),
    Kind::of::<InspectionId>(
        "inspection_to_draw",
        "双随机检查待抽取",
        "draw an inspection",
    ),
    Kind::of::<InspectionId>(
        "inspection_to_carry_out",
        "检查待实施并录入结果",
        "inspect who was drawn and record the results",
    ),
    Kind::of::<InspectionId>(
        "inspection_to_publish",
        "检查结果待公开",
        "publish the results of an inspection",
    ),
    Kind::of::<MeasureId>(
        "measure_to_confirm",
        "监管措施待第二人确认",
        "confirm a measure as the second person",
    ),
    Kind::of::<AlertId>("alert_to_handle", "风险预警待处置", "handle a risk alert"),
];
