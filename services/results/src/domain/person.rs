//! Who somebody is.

use kernel::identity_document::Document;
use kernel::person_name::PersonName;

/// A name with its document. Neither prints itself.
#[derive(Clone)]
pub struct Person {
    /// 姓名
    pub name: PersonName,
    /// 证件
    pub document: Document,
}
