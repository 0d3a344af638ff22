//! Replies of the gRPC contract as JSON.

use std::sync::LazyLock;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use prost::{Message, Name};
use prost_reflect::{DescriptorPool, DynamicMessage, SerializeOptions};

use super::Unanswered;
use crate::error::Result;

static CONTRACT: LazyLock<DescriptorPool> = LazyLock::new(|| {
    DescriptorPool::decode(proto::DESCRIPTOR_SET).expect("the contract was compiled with us")
});

/// A message of the contract, written as JSON: fields by the names of the proto files, enumerations
/// by theirs, and a field that says nothing is there too, so that every entry has the same shape.
pub struct Json<M>(pub M);

impl<M: Message + Name> IntoResponse for Json<M> {
    fn into_response(self) -> Response {
        match write(&self.0) {
            Ok(body) => {
                let json = HeaderValue::from_static("application/json");
                ([(header::CONTENT_TYPE, json)], body).into_response()
            }
            Err(error) => Unanswered::from(error).into_response(),
        }
    }
}

fn write<M: Message + Name>(message: &M) -> Result<Vec<u8>> {
    let descriptor = CONTRACT
        .get_message_by_name(&M::full_name())
        .ok_or_else(|| anyhow::anyhow!("{} is not in the contract", M::full_name()))?;
    let mut dynamic = DynamicMessage::new(descriptor);
    dynamic
        .transcode_from(message)
        .map_err(anyhow::Error::from)?;
    let options = SerializeOptions::new()
        .use_proto_field_name(true)
        .skip_default_fields(false);
    let mut body = serde_json::Serializer::new(Vec::new());
    dynamic
        .serialize_with_options(&mut body, &options)
        .map_err(anyhow::Error::from)?;
    Ok(body.into_inner())
}
