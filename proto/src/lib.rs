//! The contract of the platform: messages and services of its five packages.
//!
//! Generated from `proto/luban/**`; the comments there are the documentation. The descriptor set
//! carries the access rule of every method and feeds reflection, the access layer and the tests.

#![expect(
    missing_docs,
    unused_qualifications,
    clippy::allow_attributes,
    clippy::pedantic,
    reason = "generated code, documented in the proto files"
)]

/// The whole contract as a serialised `FileDescriptorSet`, method options included.
pub const DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptor_set.bin"));

pub mod common {
    pub mod v1 {
        tonic::include_proto!("luban.common.v1");
    }
}

pub mod registry {
    pub mod v1 {
        tonic::include_proto!("luban.registry.v1");
    }
}

pub mod review {
    pub mod v1 {
        tonic::include_proto!("luban.review.v1");
    }
}

pub mod exam {
    pub mod v1 {
        tonic::include_proto!("luban.exam.v1");
    }
}

pub mod results {
    pub mod v1 {
        tonic::include_proto!("luban.results.v1");
    }
}

pub mod certificate {
    pub mod v1 {
        tonic::include_proto!("luban.certificate.v1");
    }
}

/// A request that changes something: it carries an id chosen by its caller, so that asking twice is
/// the same as asking once.
pub trait Command: prost::Message + prost::Name {
    /// The id.
    fn request_id(&self) -> &str;
}

include!(concat!(env!("OUT_DIR"), "/commands.rs"));
