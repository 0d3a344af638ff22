//! The six groups of materials (notice 3.1) and what a file of them may be.

use kernel::content_hash::ContentHash;
use kernel::ids::MaterialId;
use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoEnumIterator, IntoStaticStr};

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
    /// Its group.
    pub group: MaterialGroup,
    /// What it is.
    pub media_type: MediaType,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256 over its content.
    pub sha256: ContentHash,
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
