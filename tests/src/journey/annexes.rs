//! What the college hands in: annexes 1 and 2 of the notice filled in, and its documents.

use bytes::Bytes;
use proto::common::v1 as common;
use proto::review::v1 as review;

/// The occupation of the story.
pub(super) const OCCUPATION: &str = "电工";
/// Its code in the edition of 2015.
pub(super) const ELECTRICIAN: &str = "6-31-01-03";
const EDITION: u32 = 2015;

/// It, as the contract has it.
pub(super) fn electrician() -> common::OccupationRef {
    common::OccupationRef {
        edition: EDITION,
        code: ELECTRICIAN.to_owned(),
    }
}

/// 电工, levels five and four: what is applied for and what is granted.
pub(super) fn scope() -> common::OccupationScope {
    let levels = [common::Level::Five, common::Level::Four];
    common::OccupationScope {
        occupation: Some(electrician()),
        trade: String::new(),
        levels: levels.map(i32::from).to_vec(),
    }
}

/// Annex 1 (社会培训评价组织基本情况表).
pub(super) fn basic_form() -> review::BasicForm {
    let occupation = review::AppliedOccupation {
        scope: Some(scope()),
        basis: common::BasisKind::NationalStandard.into(),
        experience_years: 8,
        persons_evaluated: 2600,
    };
    review::BasicForm {
        legal_representative: "示例校长".to_owned(),
        registered_capital_yuan: 30_000_000,
        contact_name: "示例联系人".to_owned(),
        contact_position: "技能评价处处长".to_owned(),
        contact_phone: "0631-0000001".to_owned(),
        contact_email: "pingjia@example.org".to_owned(),
        occupations: vec![occupation],
        strengths: "开设电气自动化专业二十年，参与省级技能竞赛命题与裁判工作（示例）。".to_owned(),
        site_and_equipment:
            "理论机考考场2间120机位；电工实训考场4间，视频监控与信号屏蔽齐全（示例）。".to_owned(),
        staff: "专职工作人员6人，考评员24人，督导员4人，专家9人（示例）。".to_owned(),
        integrity_pledge: true,
        evaluation_department: "技能评价处".to_owned(),
        conditions: Some(review::basic_form::Conditions::School(school())),
    }
}

/// The major in which the college trains for the occupation, up to the level of a technician.
pub(super) fn school() -> review::SchoolConditions {
    let major = review::Major {
        name: "电气自动化设备安装与维修".to_owned(),
        training_level: review::TrainingLevel::Technician.into(),
        occupations: vec![electrician()],
    };
    review::SchoolConditions {
        majors: vec![major],
    }
}

/// Annex 2 (社会培训评价组织职业技能等级认定工作方案), all seven headings.
pub(super) fn work_plan() -> review::WorkPlan {
    review::WorkPlan {
        overall_plan: "每年组织认定4批次，首年计划评价300人。".to_owned(),
        organization_and_duties: "设技能评价处，下设考务、质量管理、证书管理三岗。".to_owned(),
        occupations_and_basis:
            "电工五级、四级，依据电工国家职业技能标准（2018年版），题库自建并定期更新。".to_owned(),
        process_and_rules: "报名审核、编制计划、考务组织、阅卷评分、结果公示、上传审核、颁发证书。"
            .to_owned(),
        content_and_method:
            "理论知识考试采用机考，技能考核采用现场实操，均为百分制，皆达60分为合格。".to_owned(),
        safeguards: "经费、人员、场地、安全、应急处置与档案保障。".to_owned(),
        other: "接受社会监督。".to_owned(),
    }
}

/// The documents of the six groups of materials (notice 3.1), the names of their files, and what
/// each is for.
pub(super) const MATERIALS: [(review::DocumentKind, &str, &str); 12] = [
    (
        review::DocumentKind::SignedBasicForm,
        "附件1-基本情况表（签章）.pdf",
        "通知三（一）1",
    ),
    (
        review::DocumentKind::WorkPlan,
        "附件2-工作方案.pdf",
        "通知三（一）2",
    ),
    (
        review::DocumentKind::LegalPersonCertificate,
        "法人登记证书.pdf",
        "通知三（一）3",
    ),
    (
        review::DocumentKind::OnPostRecord,
        "人员在岗在职记录.pdf",
        "通知三（一）4",
    ),
    (
        review::DocumentKind::SocialInsurance,
        "社保材料.pdf",
        "附件1 注4",
    ),
    (
        review::DocumentKind::ExaminerCards,
        "考评员资质证明.pdf",
        "通知三（一）4",
    ),
    (
        review::DocumentKind::SupervisorCards,
        "督导员资质证明.pdf",
        "通知三（一）4",
    ),
    (
        review::DocumentKind::ExpertTeam,
        "专家团队名单.pdf",
        "通知一（三）",
    ),
    (
        review::DocumentKind::SiteTenure,
        "场地权属证明.pdf",
        "附件1 注3",
    ),
    (
        review::DocumentKind::FacilitiesAndEquipment,
        "场地设施设备清单.pdf",
        "通知三（一）5",
    ),
    (
        review::DocumentKind::IdentityAndMonitoring,
        "身份识别与监控设备证明.pdf",
        "通知一（四）",
    ),
    (
        review::DocumentKind::CreditReport,
        "信用报告.pdf",
        "通知三（一）6",
    ),
];

/// A PDF of one page with one line of text, such as any viewer opens.
pub(super) fn pdf(line: &str) -> Bytes {
    let content = format!("BT /F1 18 Tf 72 720 Td ({line}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!(
            "<< /Length {} >>\nstream\n{content}\nendstream",
            content.len()
        ),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut parts = vec!["%PDF-1.4\n".to_owned()];
    let mut table = parts[0].len();
    let mut offsets = Vec::new();
    for (number, object) in (1..).zip(&objects) {
        let part = format!("{number} 0 obj\n{object}\nendobj\n");
        offsets.push(format!("{table:010} 00000 n \n"));
        table += part.len();
        parts.push(part);
    }
    let (size, offsets) = (objects.len() + 1, offsets.concat());
    parts.push(format!("xref\n0 {size}\n0000000000 65535 f \n{offsets}"));
    parts.push(format!(
        "trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"
    ));
    parts.concat().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_of_the_cross_reference_table_points_at_its_object() {
        let file = String::from_utf8(pdf("sample").to_vec()).expect("ASCII");
        let table = file
            .rsplit("startxref\n")
            .next()
            .and_then(|end| end.lines().next());
        let table: usize = table
            .and_then(|number| number.parse().ok())
            .expect("a number");
        assert!(file[table..].starts_with("xref\n"));
        for (index, entry) in file[table..].lines().skip(3).take(5).enumerate() {
            let offset: usize = entry[..10].parse().expect("ten digits");
            assert!(file[offset..].starts_with(&format!("{} 0 obj", index + 1)));
        }
    }
}
