//! What a command is remembered by, so that asking twice is asking once.

use std::sync::Arc;

use kernel::rejection::{FaultList, Faults};
use kernel::rejections;
use proto::Command;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::access::{Caller, Role};
use crate::crypto::{Place, Vault};
use crate::error::Error;

rejections! {
    /// Why a request id is not taken.
    pub enum RequestRejection {
        /// Every command carries an id of its caller's choice.
        RequestIdMissing => "REQUEST_ID_MISSING", InvalidArgument, "platform",
            "缺少请求编号 request_id", "a request_id is required";
        /// Ids are for machines: no spaces, no lines, no other script.
        RequestIdMalformed => "REQUEST_ID_MALFORMED", InvalidArgument, "platform",
            "请求编号 request_id 应为 1 至 128 个可见 ASCII 字符，不含空格",
            "a request_id is 1 to 128 visible ASCII characters without spaces";
        /// An id stands for one content.
        RequestIdReused => "REQUEST_ID_REUSED", AlreadyExists, "platform",
            "该请求编号已用于内容不同的请求",
            "this request id was used before for a request with another content";
    }
}

/// Longest request id, in characters.
const LONGEST_REQUEST_ID: usize = 128;

/// Where every command carries its id.
const FIELD: &str = "request_id";

/// What was read of a command, or all that is wrong with it. Its request id is judged here, with
/// the rest: nobody should learn of it only when everything else is mended.
///
/// # Errors
/// The faults of the form and of the request id, together.
pub fn parsed<C: Command, T>(command: &C, read: Result<T, Faults>) -> Result<T, Error> {
    let mut faults = FaultList::default();
    judge_id(command, &mut faults);
    let read = read.map_err(|refused| faults.extend(refused));
    faults.finish()?;
    read.map_err(|()| unreachable!("a form that was not read has faults"))
}

/// Notes what is wrong with a command's request id. First of all: where there are more faults than
/// an answer holds, the last ones are only counted.
pub fn judge_id(command: &impl Command, faults: &mut FaultList) {
    faults.take(FIELD, parse(command.request_id()));
}

fn parse(id: &str) -> Result<&str, RequestRejection> {
    if id.is_empty() {
        Err(RequestRejection::RequestIdMissing)
    } else if id.len() > LONGEST_REQUEST_ID || !id.bytes().all(|byte| byte.is_ascii_graphic()) {
        Err(RequestRejection::RequestIdMalformed)
    } else {
        Ok(id)
    }
}

/// A command and the key under which it is remembered. Ids of different callers never meet.
pub(super) struct Request {
    vault: Arc<Vault>,
    subject: String,
    asked_as: String,
    method: String,
    id: String,
    /// What facts name the command by. The caller's id is free text, which could hold anything.
    pub(super) reference: Uuid,
    /// Keyed, since a plain hash of what was asked about a person is undone by guessing.
    body_digest: [u8; 32],
}

impl Request {
    pub(super) fn new<C: Command>(
        vault: Arc<Vault>,
        caller: &Caller,
        command: &C,
        body_hash: [u8; 32],
    ) -> Result<Self, Error> {
        let id = parse(command.request_id()).map_err(|refused| Faults::at(FIELD, &refused))?;
        let body_digest = vault.digest("request body", &[&body_hash]);
        // Everybody without a token shares one subject, so there the content keeps ids apart.
        let subject = match caller.role {
            Role::Public => format!("public:{}", hex::encode(body_digest)),
            _ => caller.subject.clone(),
        };
        Ok(Self {
            vault,
            subject,
            asked_as: asked_as(caller),
            method: C::full_name(),
            id: id.to_owned(),
            reference: Uuid::now_v7(),
            body_digest,
        })
    }

    /// Whether this is the first time. A twin still under way is waited for.
    pub(super) async fn note(&self, connection: &mut PgConnection) -> Result<bool, Error> {
        let inserted = sqlx::query!(
            "insert into platform.request_log
                 (subject, asked_as, method, request_id, reference, body_digest)
             values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
            self.subject,
            self.asked_as,
            self.method,
            self.id,
            self.reference,
            &self.body_digest[..],
        )
        .execute(connection)
        .await?;
        Ok(inserted.rows_affected() == 1)
    }

    /// The reply that is remembered, if there is one.
    pub(super) async fn reply<R: prost::Message + Default>(
        &self,
        connection: &mut PgConnection,
    ) -> Result<Option<R>, Error> {
        let row = sqlx::query!(
            "select reference, body_digest, reply from platform.request_log
             where subject = $1 and asked_as = $2 and method = $3 and request_id = $4",
            self.subject,
            self.asked_as,
            self.method,
            self.id,
        )
        .fetch_optional(connection)
        .await?;
        let Some(row) = row else { return Ok(None) };
        if row.body_digest != self.body_digest {
            let reused = RequestRejection::RequestIdReused;
            return Err(Faults::at(FIELD, &reused).into());
        }
        let sealed = row
            .reply
            .ok_or_else(|| anyhow::anyhow!("an answered command has no reply"))?;
        let plain = self.vault.unseal(place(row.reference), &sealed).await?;
        let reply = R::decode(plain.as_slice()).map_err(anyhow::Error::from)?;
        Ok(Some(reply))
    }

    pub(super) async fn remember(
        &self,
        connection: &mut PgConnection,
        reply: &[u8],
    ) -> Result<(), Error> {
        sqlx::query!(
            "update platform.request_log set reply = $5
             where subject = $1 and asked_as = $2 and method = $3 and request_id = $4",
            self.subject,
            self.asked_as,
            self.method,
            self.id,
            self.vault.seal(place(self.reference), reply),
        )
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// In which place somebody asked. Who changes role, division or organisation keeps the subject, and
/// is not given again what the former place could see.
fn asked_as(caller: &Caller) -> String {
    let division = caller.division.map(|division| division.to_string());
    let organization = caller
        .organization
        .map(|organization| organization.to_string());
    let parts = [
        Some(caller.role.as_str().to_owned()),
        division,
        organization,
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Replies can hold what only their caller may read, so they are sealed in place.
fn place(reference: Uuid) -> Place {
    Place {
        table: "platform.request_log",
        row: reference,
        column: "reply",
    }
}
