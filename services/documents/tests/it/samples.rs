//! Made-up values for every document.

use documents::{
    AssessmentRecord, BasicForm, Certificate, Certificates, DocumentCheck, Draw, DrawnSubject,
    FilingReceipt, Finding, FormOccupation, Heading, InspectionAnnouncement, Opinion, Panel,
    PublicNoticeSheet, QrCode, ReceiptScope, ScoreRow, ScoreSheet, SitePhoto, Visit,
};

const NAME: &str = "威海示例技师学院";
const HASH: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

pub(crate) fn receipt() -> FilingReceipt {
    FilingReceipt {
        receipt_number: "rct_00000000000000000000000001".to_owned(),
        organization_name: NAME.to_owned(),
        credit_code: "12371000MB2874632X".to_owned(),
        organization_kind: "技工院校".to_owned(),
        organization_code: "S000037100001".to_owned(),
        area: "威海市".to_owned(),
        scopes: vec![
            ReceiptScope {
                name: "电工".to_owned(),
                code: "6-31-01-03".to_owned(),
                levels: "五级/初级工、四级/中级工".to_owned(),
            },
            ReceiptScope {
                name: "焊工（电焊工）".to_owned(),
                code: "6-18-02-04".to_owned(),
                levels: "五级/初级工".to_owned(),
            },
        ],
        authority: "威海市职业技能鉴定中心".to_owned(),
        issued_on: "2020-05-27".to_owned(),
    }
}

pub(crate) fn notice() -> PublicNoticeSheet {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    PublicNoticeSheet {
        title: "社会培训评价组织职业技能等级认定试点遴选结果公示".to_owned(),
        headings: Vec::new(),
        opened_on: "2020-05-18".to_owned(),
        ends_on: "2020-05-25".to_owned(),
        explanation: "公示开始当日不计，共 5 个工作日".to_owned(),
        columns: texts(&["单位名称", "机构性质", "职业（工种）", "等级", "评价区域"]),
        rows: vec![texts(&[
            NAME,
            "技工院校",
            "电工（6-31-01-03）",
            "五级/初级工、四级/中级工",
            "威海市",
        ])],
        objection_contact: "威海市职业技能鉴定中心，0631-0000000".to_owned(),
        snapshot_hash: HASH.to_owned(),
        authority: "威海市职业技能鉴定中心".to_owned(),
    }
}

fn headings() -> Vec<Heading> {
    let line = |(name, text): (&str, &str)| Heading {
        name: name.to_owned(),
        text: text.to_owned(),
    };
    let lines = [
        ("评价机构", NAME),
        ("机构代码", "S000037100001"),
        ("考核计划", "plan_00000000000000000000000001"),
        ("考核日期", "2020-07-04、2020-07-05"),
    ];
    lines.map(line).into()
}

pub(crate) fn result_notice() -> PublicNoticeSheet {
    let row = |cells: [&str; 6]| cells.map(str::to_owned).into();
    PublicNoticeSheet {
        title: format!("{NAME}职业技能等级认定结果公示"),
        headings: headings(),
        columns: [
            "姓名",
            "准考证号",
            "证件号码",
            "职业名称",
            "工种/职业方向",
            "等级",
        ]
        .map(str::to_owned)
        .into(),
        rows: vec![
            row([
                "示**甲",
                "2020000000001",
                "370099********0017",
                "电工",
                "--",
                "五级/初级工",
            ]),
            row([
                "示**乙",
                "2020000000002",
                "370099********002X",
                "焊工",
                "电焊工",
                "四级/中级工",
            ]),
        ],
        objection_contact: "威海示例技师学院质量督导办公室，0631-0000002".to_owned(),
        authority: NAME.to_owned(),
        ..notice()
    }
}

pub(crate) fn scores() -> ScoreSheet {
    let row = |[ticket_number, name, subject, theory, skill, outcome]: [&str; 6]| ScoreRow {
        ticket_number: ticket_number.to_owned(),
        name: name.to_owned(),
        document_number: "370099********0017".to_owned(),
        subject: subject.to_owned(),
        theory: theory.to_owned(),
        skill: skill.to_owned(),
        review: "--".to_owned(),
        outcome: outcome.to_owned(),
    };
    ScoreSheet {
        batch: "batch_00000000000000000000000001".to_owned(),
        headings: headings(),
        rows: vec![
            row([
                "2020000000001",
                "示例甲一",
                "电工 五级/初级工",
                "86",
                "91",
                "合格",
            ]),
            row([
                "2020000000002",
                "示例乙二",
                "焊工（电焊工） 四级/中级工",
                "60（保留）",
                "75",
                "合格",
            ]),
            row([
                "2020000000003",
                "示例丙三",
                "电工 五级/初级工",
                "缺考",
                "58",
                "不合格",
            ]),
        ],
        organization: NAME.to_owned(),
    }
}

/// What the QR code of [`certificate`] leads to.
pub(crate) const LINK: &str =
    "https://query.example.invalid/token?token=00112233445566778899aabbccddeeff";

pub(crate) fn certificate() -> Certificate {
    Certificate {
        number: "S000037100001205000001".to_owned(),
        name: "示例甲一".to_owned(),
        document_type: "居民身份证".to_owned(),
        document_number: "370099199003070017".to_owned(),
        occupation: "电工".to_owned(),
        trade: "--".to_owned(),
        level: "五级/初级工".to_owned(),
        organization: NAME.to_owned(),
        issued_on: "2020-07-20".to_owned(),
        version: 1,
        photo: None,
        qr_code: QrCode::of(LINK).expect("short"),
        certificate_query: "https://zscx.osta.org.cn https://query.example.invalid".to_owned(),
        organization_query: "https://pjjg.osta.org.cn".to_owned(),
    }
}

/// Everything as long as it can be, with a photo.
pub(crate) fn long_certificate() -> Certificate {
    Certificate {
        name: "示例阿卜杜热合曼·买买提伊敏江·吐尔逊".to_owned(),
        occupation: "工业机器人系统操作员与智能制造单元装调运维一体化作业人员".to_owned(),
        trade: "加工中心操作调整工（五轴联动复杂曲面方向）".to_owned(),
        level: "一级/高级技师".to_owned(),
        organization:
            "山东省示例现代装备制造与智能控制职业技能人才培训评价促进协会（威海示例分支机构）"
                .to_owned(),
        version: 2,
        photo: Some(photo()),
        ..certificate()
    }
}

/// A picture of one inch, in blue.
fn photo() -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 25, 35);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().expect("a header");
    let pixels = [0x30, 0x60, 0xc0].repeat(25 * 35);
    writer.write_image_data(&pixels).expect("a picture");
    writer.finish().expect("an end");
    file
}

pub(crate) fn certificates(certificates: Vec<Certificate>) -> Certificates {
    Certificates { certificates }
}

pub(crate) fn form() -> BasicForm {
    BasicForm {
        application: "app_00000000000000000000000001".to_owned(),
        name: NAME.to_owned(),
        address: "威海市示例路 1 号".to_owned(),
        credit_code: "12371000MB2874632X".to_owned(),
        registration_authority: "威海市事业单位登记管理局".to_owned(),
        kind: "技工院校".to_owned(),
        legal_representative: "示例甲".to_owned(),
        registered_capital: "5000000 元".to_owned(),
        contact_name: "示例乙".to_owned(),
        contact_position: "主任".to_owned(),
        contact_phone: "0631-0000001".to_owned(),
        contact_email: "office@example.invalid".to_owned(),
        occupations: vec![FormOccupation {
            name: "电工".to_owned(),
            code: "6-31-01-03".to_owned(),
            basis: "国家职业技能标准".to_owned(),
            experience_years: 10,
            persons_evaluated: 1200,
            levels: "五级/初级工、四级/中级工".to_owned(),
        }],
        strengths: "建校二十年。\n*参与*编写教材 #3 部。".to_owned(),
        site_and_equipment: "标准化理论考场两间，电工实训场地一处。".to_owned(),
        staff: "专职人员六名，考评员九名。".to_owned(),
    }
}

pub(crate) fn assessment() -> AssessmentRecord {
    let finding = |subject: &str, in_order| Finding {
        subject: subject.to_owned(),
        in_order,
        remark: if in_order {
            ""
        } else {
            "应急预案未附演练记录"
        }
        .to_owned(),
    };
    let opinion = |expert: &str, in_favour| Opinion {
        expert: expert.to_owned(),
        in_favour,
        opinion: "师资充足，题库资源符合要求。".to_owned(),
    };
    AssessmentRecord {
        application: "app_00000000000000000000000001".to_owned(),
        organization_name: NAME.to_owned(),
        organization_kind: "技工院校".to_owned(),
        authority: "威海市职业技能鉴定中心".to_owned(),
        submitted_on: "2020-05-11".to_owned(),
        documents: vec![DocumentCheck {
            on: "2020-05-12".to_owned(),
            passed: false,
            items: vec![
                finding("法人登记证书", true),
                finding("应急处置预案", false),
            ],
            counts: false,
        }],
        panels: vec![Panel {
            on: "2020-05-13".to_owned(),
            passed: true,
            convened: "专家从专家库中随机抽取。".to_owned(),
            opinions: vec![
                opinion("ZJ001", true),
                opinion("ZJ002", true),
                opinion("ZJ003", false),
            ],
            counts: true,
            seed: "07".repeat(32),
        }],
        visits: vec![Visit {
            on: "2020-05-14".to_owned(),
            passed: true,
            visitors: vec!["ZJ001".to_owned(), "ZX014".to_owned()],
            findings: vec![finding("理论考场", true), finding("信号屏蔽", true)],
            counts: true,
            conclusion: "场地设备满足评价要求。".to_owned(),
            photos: vec![SitePhoto {
                subject: "理论考场".to_owned(),
                sha256: HASH.to_owned(),
            }],
        }],
        judgements: vec![finding("主体专业范围", true)],
        as_of: "2020-05-15".to_owned(),
    }
}

pub(crate) fn inspection() -> InspectionAnnouncement {
    InspectionAnnouncement {
        title: "评价机构“双随机、一公开”抽查公告".to_owned(),
        inspection: "insp_00000000000000000000000001".to_owned(),
        authority: "威海市职业技能鉴定中心".to_owned(),
        subjects: "威海市职业技能鉴定中心备案的评价机构".to_owned(),
        matters: vec!["评价范围执行情况".to_owned(), "收费标准公示情况".to_owned()],
        from_on: "2020-09-10".to_owned(),
        until_on: "2020-09-30".to_owned(),
        subjects_total: 8,
        inspectors_total: 12,
        lists_hash: HASH.to_owned(),
        frozen_on: "2020-09-04".to_owned(),
        share_percent: 5,
        count: 1,
        draws: vec![
            Draw {
                commitment: HASH.to_owned(),
                committed_on: "2020-09-01".to_owned(),
                seed: "07".repeat(32),
                drawn_on: "2020-09-08".to_owned(),
                reason: String::new(),
            },
            Draw {
                commitment: HASH.to_owned(),
                committed_on: "2020-09-09".to_owned(),
                seed: String::new(),
                drawn_on: String::new(),
                reason: "检查人员因病不能参加".to_owned(),
            },
        ],
        as_of: "2020-09-09".to_owned(),
        drawn: vec![DrawnSubject {
            organization_name: NAME.to_owned(),
            organization_code: "S000037100001".to_owned(),
            inspectors: vec!["JC003".to_owned(), "JC011".to_owned()],
            outcome: "未发现问题".to_owned(),
        }],
    }
}
