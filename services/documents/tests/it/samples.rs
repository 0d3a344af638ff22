//! Made-up values for every document.

use documents::{
    AssessmentRecord, BasicForm, DocumentCheck, Draw, DrawnSubject, FilingReceipt, Finding,
    FormOccupation, InspectionAnnouncement, Opinion, Panel, PublicNoticeSheet, ReceiptScope,
    SitePhoto, Visit,
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
