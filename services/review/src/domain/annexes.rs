//! Annexes 1 and 2 of the notice as the applicant fills them in.
//!
//! They come whole or not at all: every required field is asked for whenever they are saved, so that
//! what is handed in is complete. The contact is people and the texts may name people, so
//! neither is part of the aggregate, and no fact can hold them.

use serde::{Deserialize, Serialize};

use super::Conditions;

kernel::typed_ids! {
    /// Both annexes as they were filled in once; filling them in again makes others.
    FormId("form"),
}

/// The people that annex 1 names. Personal data: it does not serialise and is not printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Contact {
    /// 法定代表人
    pub legal_representative: String,
    /// 联系人
    pub name: String,
    /// 职务
    pub position: String,
    /// 联系电话
    pub phone: String,
    /// 电子邮箱
    pub email: String,
}

/// What annex 1 (社会培训评价组织基本情况表) says beside contact and occupations.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// 注册资金, in whole yuan.
    pub registered_capital_yuan: u64,
    /// 三、组织优势、专业优势等情况
    pub strengths: String,
    /// 四、场地设备等情况
    pub site_and_equipment: String,
    /// 五、专职人员和考评人员等情况
    pub staff: String,
    /// 六、诚信承诺: the three promises are made.
    pub integrity_pledge: bool,
    /// 专门负责认定工作的内部机构
    pub evaluation_department: String,
}

/// Annex 2 (社会培训评价组织职业技能等级认定工作方案), by its seven headings.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkPlan {
    /// 一、总体规划、工作计划
    pub overall_plan: String,
    /// 二、组织机构及职责
    pub organization_and_duties: String,
    /// 三、开展评价的职业（工种）、等级、申报条件、依据的标准及题库资源
    pub occupations_and_basis: String,
    /// 四、评价流程及考核工作规则
    pub process_and_rules: String,
    /// 五、评价内容及方式
    pub content_and_method: String,
    /// 六、开展评价工作的各项保障
    pub safeguards: String,
    /// 七、其他; the only heading that may stay empty.
    pub other: String,
}

/// Both annexes, without the table of occupations.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Annexes {
    /// The people annex 1 names.
    pub contact: Contact,
    /// The rest of annex 1.
    pub form: Form,
    /// What the notice asks of the kind of body; none as long as that is a fault.
    pub conditions: Option<Conditions>,
    /// Annex 2.
    pub work_plan: WorkPlan,
}
