//! Who somebody is.

use kernel::citizen_id::CitizenId;
use kernel::person_name::PersonName;

/// A name with its citizen number. Neither prints itself.
#[derive(Clone)]
pub struct Person {
    /// 姓名
    pub name: PersonName,
    /// 证件号码
    pub citizen_id: CitizenId,
}
