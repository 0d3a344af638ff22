//! What an applicant prints, signs and seals.

use serde::Serialize;

use crate::Document;

/// Annex 1 (社会培训评价组织基本情况表).
#[derive(Debug, Clone, Serialize)]
pub struct BasicForm {
    /// Number of the application.
    pub application: String,
    /// 单位名称
    pub name: String,
    /// 地址
    pub address: String,
    /// 统一社会信用代码
    pub credit_code: String,
    /// 注册登记机构
    pub registration_authority: String,
    /// 机构性质, as the form names it.
    pub kind: String,
    /// 法定代表人
    pub legal_representative: String,
    /// 注册资金, with its unit.
    pub registered_capital: String,
    /// 联系人
    pub contact_name: String,
    /// 职务
    pub contact_position: String,
    /// 联系电话
    pub contact_phone: String,
    /// 电子邮箱
    pub contact_email: String,
    /// The table of section two.
    pub occupations: Vec<FormOccupation>,
    /// 三、组织优势、专业优势等情况
    pub strengths: String,
    /// 四、场地设备等情况
    pub site_and_equipment: String,
    /// 五、专职人员和考评人员等情况
    pub staff: String,
}

/// A row of the table of occupations.
#[derive(Debug, Clone, Serialize)]
pub struct FormOccupation {
    /// 职业（工种）名称
    pub name: String,
    /// 职业编码
    pub code: String,
    /// 有无职业标准或评价规范
    pub basis: String,
    /// 评价经历时间, in years.
    pub experience_years: u32,
    /// 已评价人数
    pub persons_evaluated: u32,
    /// 评价等级范围
    pub levels: String,
}

impl Document for BasicForm {
    const TEMPLATE: &'static str = include_str!("../templates/basic_form.typ");
}
