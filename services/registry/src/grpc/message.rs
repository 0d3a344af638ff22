//! Messages to organisations over gRPC.

use kernel::contact::{ContactRejection, email};
use kernel::ids::MessageId;
use kernel::rejection::{FaultList, Faults};
use platform::Error;
use platform::access::caller;
use platform::contract::{FieldRejection, line, page_size, page_token};
use platform::unit::parsed;
use proto::registry::v1::message_service_server::MessageService;
use proto::registry::v1::{
    ListMessagesRequest, ListMessagesResponse, MarkReadRequest, MarkReadResponse, Message,
    SetMailAddressRequest, SetMailAddressResponse,
};
use tonic::{Request, Response, Status};

use super::Registry;
use crate::domain::message::{MOST_READ, MessageRejection};
use crate::store::message::Found;

/// Characters of an e-mail address (RFC 5321, 4.5.3.1).
const ADDRESS: usize = 254;

#[tonic::async_trait]
impl MessageService for Registry {
    async fn list_messages(
        &self,
        request: Request<ListMessagesRequest>,
    ) -> Result<Response<ListMessagesResponse>, Status> {
        let (caller, request) = (caller(&request), request.get_ref());
        let mut faults = FaultList::default();
        let refused = MessageRejection::PageToken;
        let before = page_token(&request.page_token, MessageId::parse, &refused, &mut faults);
        faults.finish().map_err(Error::from)?;
        let size = page_size(request.page_size);
        let page = self.app.inbox(caller, request.unread_only, before, size);
        let page = page.await?;
        Ok(Response::new(ListMessagesResponse {
            messages: page.messages.iter().map(message).collect(),
            unread: page.unread,
            next_page_token: page.next.map(|id| id.to_string()).unwrap_or_default(),
            mailed: page.mailed,
        }))
    }

    async fn mark_read(
        &self,
        request: Request<MarkReadRequest>,
    ) -> Result<Response<MarkReadResponse>, Status> {
        let (caller, request) = (caller(&request), request.get_ref());
        let ids = parsed(request, ids(&request.message_ids))?;
        let reply = self.app.mark_read(caller, request, &ids).await?;
        Ok(Response::new(reply))
    }

    async fn set_mail_address(
        &self,
        request: Request<SetMailAddressRequest>,
    ) -> Result<Response<SetMailAddressResponse>, Status> {
        let (caller, request) = (caller(&request), request.get_ref());
        let address = parsed(request, address(&request.address))?;
        let set = self
            .app
            .set_mail_address(caller, request, address.as_deref());
        Ok(Response::new(set.await?))
    }
}

fn ids(given: &[String]) -> Result<Vec<MessageId>, Faults> {
    let mut faults = FaultList::default();
    let field = "message_ids";
    faults.require(!given.is_empty(), field, &FieldRejection::Required);
    if given.len() > MOST_READ {
        let limit = MOST_READ;
        return Err(Faults::at(field, &MessageRejection::ListTooLong { limit }));
    }
    let read = given.iter().enumerate();
    let ids = read
        .filter_map(|(index, id)| faults.take(format!("{field}[{index}]"), MessageId::parse(id)))
        .collect();
    faults.finish()?;
    Ok(ids)
}

/// An address to which letters can be written, if one is given.
fn address(given: &str) -> Result<Option<String>, Faults> {
    if given.trim().is_empty() {
        return Ok(None);
    }
    let line = line(given, ADDRESS).map_err(|refused| Faults::at("address", &refused))?;
    let address = email(&line).map_err(|refused| Faults::at("address", &refused))?;
    let unusable = |_| Faults::at("address", &ContactRejection::EmailMalformed);
    address.parse::<lettre::Address>().map_err(unusable)?;
    Ok(Some(address))
}

fn message(found: &Found) -> Message {
    let words = found.kind.words();
    Message {
        message_id: found.id.to_string(),
        kind: found.kind.name().to_owned(),
        title_zh: words.title_zh.to_owned(),
        title_en: words.title_en.to_owned(),
        body_zh: words.body_zh.to_owned(),
        body_en: words.body_en.to_owned(),
        subject_id: found.subject.clone(),
        told_on: found.told_on.to_string(),
        read_on: found.read_on.map(|day| day.to_string()).unwrap_or_default(),
    }
}
