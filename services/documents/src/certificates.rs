//! The certificate itself (职业技能等级证书), by the national reference style (人社鉴发〔2021〕1号).

use serde::Serialize;

use crate::{Document, Picture, QrCode};

/// Certificates, a page each: one, or those of a batch for the print shop.
#[derive(Clone, Serialize)]
pub struct Certificates {
    /// In the order of their pages.
    pub certificates: Vec<Certificate>,
}

/// A certificate.
#[derive(Clone, Serialize)]
pub struct Certificate {
    /// 证书编号
    pub number: String,
    /// 姓名
    pub name: String,
    /// 证件类型
    pub document_type: String,
    /// 证件号码
    pub document_number: String,
    /// 职业名称
    pub occupation: String,
    /// 工种/职业方向; `--` where there is none.
    pub trade: String,
    /// 职业技能等级, such as 三级/高级工.
    pub level: String,
    /// 评价机构, as it is filed.
    pub organization: String,
    /// 发证日期
    pub issued_on: String,
    /// Its version; above 1 it was corrected or issued anew.
    pub version: u32,
    /// The holder's photo (PNG or JPEG); without one there is a frame to paste it in.
    #[serde(serialize_with = "is_there")]
    pub photo: Option<Vec<u8>>,
    /// Leads to the answer of the public query about this certificate.
    pub qr_code: QrCode,
    /// 证书信息查询网址
    pub certificate_query: String,
    /// 评价机构信息查询网址
    pub organization_query: String,
}

impl Document for Certificates {
    const TEMPLATE: &'static str = include_str!("../templates/certificates.typ");

    /// The photos, by the number of their page.
    fn pictures(&self) -> Vec<Picture> {
        let pages = self.certificates.iter().enumerate();
        pages
            .filter_map(|(page, certificate)| {
                Some(Picture {
                    name: format!("photo-{page}"),
                    content: certificate.photo.clone()?,
                })
            })
            .collect()
    }
}

#[expect(clippy::ref_option, reason = "serde hands fields on like this")]
fn is_there<S: serde::Serializer>(photo: &Option<Vec<u8>>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_bool(photo.is_some())
}
