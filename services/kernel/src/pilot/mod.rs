//! Pilot parameters (试点参数): the numbers behind the rules, as the department may change them.
//!
//! What the notice fixes, and what it leaves open, stands in `data/pilot.toml`: each parameter with
//! its value, its bounds, where it is from, and whether that is our reading. The department may
//! decide otherwise from a day on; [`Parameters`] are what was supplied and all that was decided,
//! and [`Parameters::on`] says what holds on a day, as a [`Pilot`] with a field for each.
//!
//! A rule takes the [`Pilot`] of the business day as an argument, as it does with the day itself.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::level::Level;

mod parameter;
mod parameters;

pub use parameter::{Parameter, ParameterRejection, Unit, Value};
pub use parameters::{Change, Parameters};

/// What holds on one day. `None` is a limit that is lifted. The source of each stands in
/// `data/pilot.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pilot {
    /// 试点评价等级: levels that are evaluated.
    pub levels: BTreeSet<Level>,
    /// 每个评价机构评价职业数上限: occupations of one organisation, over all grants.
    pub occupations_per_organization: Option<u16>,
    /// 同一职业的各工种是否分别计数: whether trades of one occupation count for themselves.
    pub trades_count_as_occupations: bool,
    /// 每市遴选机构数下限: fewer only warn.
    pub city_quota_least: u16,
    /// 每市遴选机构数上限: selections of a city; lifted when the pilot is closed.
    pub city_quota_most: Option<u16>,
    /// 评价机构备案有效期: years for which a right is given.
    pub right_term_years: Option<u16>,

    /// 申报材料核验期限: from handing in to the centre's check.
    pub application_check_working_days: u8,
    /// 退回材料补正期限: from the return to handing in again.
    pub application_correction_working_days: u8,
    /// 专职工作人员数下限.
    pub full_time_staff_least: u16,
    /// 每个申报职业各等级的考评员数下限.
    pub examiners_per_occupation_least: u16,
    /// 专家团队人数下限.
    pub expert_team_least: u16,
    /// 专家论证组人数下限; always an odd number.
    pub panel_least: u16,
    /// 现场考察人数下限.
    pub visitors_least: u16,
    /// 专家、检查人员利害关系回溯年限.
    pub conflict_years: u16,
    /// 遴选结果公示期.
    pub selection_notice_working_days: u8,
    /// 被异议单位答复期限.
    pub objection_answer_working_days: u8,
    /// 异议处理期限.
    pub objection_working_days: u8,
    /// 各市向省报送遴选结果期限: from the receipt on.
    pub city_report_working_days: u8,
    /// 城市报送材料补正期限.
    pub city_report_correction_working_days: u8,
    /// 跨区域协商答复期限.
    pub consultation_working_days: u8,

    /// 考核计划提前报送.
    pub plan_hand_in_working_days: u8,
    /// 报送日与考核日之间是否须留足完整工作日.
    pub plan_hand_in_strict: bool,
    /// 认定结果公示期.
    pub notice_working_days: u8,
    /// 认定结果公示是否显示完整姓名.
    pub result_notice_full_names: bool,
    /// 公示期满后上传认定结果期限.
    pub result_upload_working_days: u8,
    /// 每级审核认定结果期限.
    pub result_review_working_days: u8,
    /// 审核退回的认定结果更正期限.
    pub result_correction_working_days: u8,
    /// 撤销证书前听取持证人陈述申辩期限.
    pub revocation_hearing_working_days: u8,
    /// 合格科目成绩保留年限.
    pub resit_years: u16,
    /// 同一合格科目成绩可用于补考的次数上限.
    pub resits_most: u16,

    /// 双随机抽查比例, in percent; rounded up.
    pub inspection_share_percent: u8,
    /// 每次抽查机构数下限.
    pub inspection_least: u16,
    /// 同一机构每年被随机抽查次数上限.
    pub inspections_per_year_most: u16,
    /// 每家被抽查机构的检查人员数.
    pub inspectors_per_subject: u16,
    /// 同一次抽查重新抽取次数上限.
    pub inspection_redraws_most: u16,
    /// 抽查结果报告期限.
    pub inspection_report_working_days: u8,
    /// 抽查结果公开期限.
    pub inspection_publish_working_days: u8,
    /// 限期整改期限.
    pub rectification_working_days: u8,
    /// 投诉举报受理决定期限.
    pub complaint_acceptance_working_days: u8,
    /// 投诉举报办理期限.
    pub complaint_working_days: u8,
    /// 风险预警处置期限.
    pub risk_alert_working_days: u8,
    /// 机构信息变更审核期限.
    pub change_review_working_days: u8,
}

impl Pilot {
    /// What holds as long as nobody decided otherwise.
    pub fn supplied() -> Self {
        Parameters::supplied().on(jiff::civil::Date::MIN)
    }
}

#[cfg(test)]
mod tests;
