//! The six groups of materials (notice 3.1), the documents in them, and what a file may be.

use kernel::content_hash::ContentHash;
use kernel::ids::MaterialId;
use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoEnumIterator, IntoStaticStr};

use super::BodyKind;
use super::refusal::MaterialRejection;

/// Largest file taken, in bytes: 20 MiB, a scan of some fifty pages.
pub const LARGEST_MATERIAL: u64 = 20 * 1024 * 1024;

/// A group of materials (notice 3.1).
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    EnumIter,
    EnumString,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum MaterialGroup {
    /// 1. 社会培训评价组织基本情况表
    BasicForm,
    /// 2. 社会培训评价组织职业技能等级认定工作方案
    WorkPlan,
    /// 3. 法人登记证书复印件
    LegalRegistration,
    /// 4. 管理人员、工作人员在岗在职记录，考评员、督导员有效资质证明
    Staff,
    /// 5. 满足评价要求的场地、设施、设备等有效证明
    SiteAndEquipment,
    /// 6. 信用报告或诚信承诺
    Credit,
}

impl MaterialGroup {
    /// Name for machines, as stored.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Name in Chinese, for refusals.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::BasicForm => "基本情况表",
            Self::WorkPlan => "工作方案",
            Self::LegalRegistration => "法人登记证书",
            Self::Staff => "人员在岗记录与资质证明",
            Self::SiteAndEquipment => "场地设施设备证明",
            Self::Credit => "信用报告或诚信承诺",
        }
    }
}

/// What a file is, within its group.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    EnumIter,
    EnumString,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DocumentKind {
    /// 基本情况表签字盖章扫描件
    SignedBasicForm,
    /// 工作方案
    WorkPlan,
    /// 法人登记证书复印件
    LegalPersonCertificate,
    /// 技能人才自主评价备案证明
    SelfEvaluationFiling,
    /// 单位会员入会证明与合作协议
    MemberUnitAgreement,
    /// 办学许可证
    TrainingLicence,
    /// 管理人员、工作人员在岗在职记录
    OnPostRecord,
    /// 社保材料
    SocialInsurance,
    /// 劳务合同
    LabourContract,
    /// 合作协议
    CooperationAgreement,
    /// 聘书
    LetterOfAppointment,
    /// 考评员有效资质证明
    ExaminerCards,
    /// 督导员有效资质证明
    SupervisorCards,
    /// 专家团队名单与证明
    ExpertTeam,
    /// 场地权属或租赁证明
    SiteTenure,
    /// 场地、设施、设备清单与证明
    FacilitiesAndEquipment,
    /// 身份识别、信号屏蔽、音频视频监控设备证明
    IdentityAndMonitoring,
    /// 信用报告
    CreditReport,
    /// 诚信承诺书
    IntegrityPledge,
}

impl DocumentKind {
    /// Name for machines, as stored.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Name in Chinese, for refusals.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::SignedBasicForm => "基本情况表签字盖章扫描件",
            Self::WorkPlan => "工作方案",
            Self::LegalPersonCertificate => "法人登记证书复印件",
            Self::SelfEvaluationFiling => "技能人才自主评价备案证明",
            Self::MemberUnitAgreement => "单位会员入会证明与合作协议",
            Self::TrainingLicence => "办学许可证",
            Self::OnPostRecord => "管理人员、工作人员在岗在职记录",
            Self::SocialInsurance => "社保材料",
            Self::LabourContract => "劳务合同",
            Self::CooperationAgreement => "合作协议",
            Self::LetterOfAppointment => "聘书",
            Self::ExaminerCards => "考评员有效资质证明",
            Self::SupervisorCards => "督导员有效资质证明",
            Self::ExpertTeam => "专家团队名单与证明",
            Self::SiteTenure => "场地权属或租赁证明",
            Self::FacilitiesAndEquipment => "场地、设施、设备清单与证明",
            Self::IdentityAndMonitoring => "身份识别、信号屏蔽、音频视频监控设备证明",
            Self::CreditReport => "信用报告",
            Self::IntegrityPledge => "诚信承诺书",
        }
    }

    /// The group it belongs to.
    pub fn group(self) -> MaterialGroup {
        match self {
            Self::SignedBasicForm => MaterialGroup::BasicForm,
            Self::WorkPlan => MaterialGroup::WorkPlan,
            Self::LegalPersonCertificate
            | Self::SelfEvaluationFiling
            | Self::MemberUnitAgreement
            | Self::TrainingLicence => MaterialGroup::LegalRegistration,
            Self::OnPostRecord
            | Self::SocialInsurance
            | Self::LabourContract
            | Self::CooperationAgreement
            | Self::LetterOfAppointment
            | Self::ExaminerCards
            | Self::SupervisorCards
            | Self::ExpertTeam => MaterialGroup::Staff,
            Self::SiteTenure | Self::FacilitiesAndEquipment | Self::IdentityAndMonitoring => {
                MaterialGroup::SiteAndEquipment
            }
            Self::CreditReport | Self::IntegrityPledge => MaterialGroup::Credit,
        }
    }
}

/// Documents of which any one suffices.
pub type Alternatives = &'static [DocumentKind];

/// What a body of this kind hands in: of each entry one document.
pub fn required_documents(kind: BodyKind) -> Vec<Alternatives> {
    use DocumentKind as D;
    let proof_of_kind: Option<Alternatives> = match kind {
        BodyKind::Enterprise => Some(&[D::SelfEvaluationFiling]),
        BodyKind::IndustryAssociation => Some(&[D::MemberUnitAgreement]),
        BodyKind::PrivateTraining => Some(&[D::TrainingLicence]),
        BodyKind::HigherEducation | BodyKind::TechnicianCollege => None,
    };
    let of_all: [Alternatives; 12] = [
        &[D::SignedBasicForm],
        &[D::WorkPlan],
        &[D::LegalPersonCertificate],
        &[D::OnPostRecord],
        &[
            D::SocialInsurance,
            D::LabourContract,
            D::CooperationAgreement,
            D::LetterOfAppointment,
        ],
        &[D::ExaminerCards],
        &[D::SupervisorCards],
        &[D::ExpertTeam],
        &[D::SiteTenure],
        &[D::FacilitiesAndEquipment],
        &[D::IdentityAndMonitoring],
        &[D::CreditReport, D::IntegrityPledge],
    ];
    let mut required: Vec<_> = of_all.into_iter().chain(proof_of_kind).collect();
    required.sort_unstable();
    required
}

/// What a file may be: what offices and scanners produce.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumIter, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
pub enum MediaType {
    /// PDF.
    #[strum(serialize = "application/pdf")]
    Pdf,
    /// PNG image.
    #[strum(serialize = "image/png")]
    Png,
    /// JPEG image.
    #[strum(serialize = "image/jpeg")]
    Jpeg,
    /// Text document, a ZIP archive inside.
    #[strum(serialize = "application/vnd.openxmlformats-officedocument.wordprocessingml.document")]
    Docx,
    /// Spreadsheet, a ZIP archive inside.
    #[strum(serialize = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")]
    Xlsx,
}

impl MediaType {
    /// The registered name.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// How names of such files end.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
        }
    }

    /// Whether it can be a photo.
    pub fn is_picture(self) -> bool {
        matches!(self, Self::Png | Self::Jpeg)
    }

    /// The type with this name.
    ///
    /// # Errors
    /// When it is none of those that are taken.
    pub fn parse(name: &str) -> Result<Self, MaterialRejection> {
        Self::iter()
            .find(|media_type| media_type.name().eq_ignore_ascii_case(name.trim()))
            .ok_or(MaterialRejection::TypeNotAllowed)
    }

    /// Whether the content is what it was declared to be, `recognised` being the name that its
    /// first bytes answer to.
    ///
    /// # Errors
    /// `MATERIAL_TYPE_MISMATCH` when it is something else or nothing known.
    pub fn matches(self, recognised: Option<&str>) -> Result<(), MaterialRejection> {
        if recognised == Some(self.name()) {
            return Ok(());
        }
        Err(MaterialRejection::TypeMismatch {
            declared: self.name(),
        })
    }
}

/// A file that was stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Material {
    /// Identifies it.
    pub id: MaterialId,
    /// What it is.
    pub document: DocumentKind,
    /// What its bytes are.
    pub media_type: MediaType,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256 over its content.
    pub sha256: ContentHash,
    /// Of a scan of annex 1: fingerprint of the applicant as it was enrolled when it was stored.
    pub head: Option<ContentHash>,
}

#[cfg(test)]
mod tests {
    use kernel::rejection::Rejection;

    use super::*;

    #[test]
    fn only_the_named_types_are_taken() {
        for media_type in MediaType::iter() {
            assert_eq!(MediaType::parse(media_type.name()), Ok(media_type));
        }
        for name in [
            "",
            "application/zip",
            "text/html",
            "application/x-msdownload",
        ] {
            let refused = MediaType::parse(name).expect_err("not on the list");
            assert_eq!(refused.code(), "MATERIAL_TYPE_NOT_ALLOWED");
        }
    }

    #[test]
    fn a_file_is_what_its_bytes_say_and_not_what_it_is_called() {
        assert!(MediaType::Pdf.matches(Some("application/pdf")).is_ok());
        for recognised in [Some("image/png"), Some("application/zip"), None] {
            let refused = MediaType::Pdf.matches(recognised).expect_err("no PDF");
            assert_eq!(refused.code(), "MATERIAL_TYPE_MISMATCH");
        }
    }
}
