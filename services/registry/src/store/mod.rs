//! Rows of the register. Finders of records that belong to somebody demand a scope; what everybody
//! may see says so in its name.

pub(crate) mod body;
pub(crate) mod code;
pub(crate) mod directory;
pub(crate) mod organization;
