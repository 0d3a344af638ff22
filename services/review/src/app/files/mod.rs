//! Files: what applicants hand in, and photos of site visits.
//!
//! One comes in as a stream: recognised before its first byte is kept, cleaned where it is a photo,
//! measured, hashed and sealed on the way, never whole in memory. Its record is made once its
//! content is in the store; what no record names is taken away after a while. It is read again the
//! same way.

mod clean;
mod download;
mod name;
mod photo;
mod recognise;
mod seal;
mod store;
mod tidy;
mod upload;

pub use store::Materials;
pub use tidy::MaterialSweep;

pub(crate) use download::Download;
pub(crate) use photo::PhotoUpload;
pub(crate) use upload::Upload;
