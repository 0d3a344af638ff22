//! A foreign record is answered like one that does not exist: every method that names a record, for
//! every role that sees only a part of the province.
//!
//! Requests are made from the contract: each field gets something plausible, so that a call comes as
//! far as looking for the record. It is made twice, with the id of a record that is there, which is
//! another's, and with an id that nothing has; whoever could tell the answers apart would know what
//! exists.

use jiff::SignedDuration;
use kernel::division::DivisionCode;
use kernel::ids::OrganizationId;
use platform::access::{Caller, Role};
use prost_reflect::{MethodDescriptor, Value};
use proto::common::v1::MethodAccess;
use tests::harness::Service;
use tonic::{Code, Status};
use tonic_types::StatusExt;
use uuid::Uuid;

use crate::doors::{Door, doors, issuer, reason_of};
use crate::plausible::{filled, prefix, set, typed};
use crate::walked::{Walked, walked};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// These look at something else first, which nobody has.
const AFTER_SOMETHING_ELSE: [&str; 1] = ["CreateApplication"];

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_record_is_answered_like_none_by_every_method() {
    let walked = walked().await;
    let issuer = issuer(walked);
    let mut compared = 0;
    let mut told_apart = Vec::new();
    let mut unseen = Vec::new();
    let mut without_record = Vec::new();
    for door in doors(walked) {
        let Some(resource) = Resource::of(&door.method) else {
            continue;
        };
        let Some(existing) = resource.existing(walked, door.server).await else {
            without_record.push(format!("{} {}", door.server.name(), resource.name));
            continue;
        };
        let missing = resource.missing(&existing);
        let roles = door.rule.roles.iter().copied();
        for role in roles.filter(|role| sees_a_part(*role)) {
            let token = issuer.mint(&stranger(role), HOUR).expect("a token");
            let foreign = resource.ask(&door, &token, &existing).await;
            let none = resource.ask(&door, &token, &missing).await;
            let line = format!("{} as {}: {foreign:?}", door.path, role.as_str());
            if foreign != none {
                told_apart.push(format!("{line}, but none: {none:?}"));
            } else if foreign.0 != Code::NotFound {
                unseen.push(line);
            }
            compared += 1;
        }
    }
    assert!(compared > 80, "only {compared} calls were compared");
    assert!(told_apart.is_empty(), "told apart: {told_apart:#?}");
    unseen.retain(|line| {
        !AFTER_SOMETHING_ELSE
            .iter()
            .any(|method| line.contains(method))
    });
    assert!(
        unseen.is_empty(),
        "the record was not looked for: {unseen:#?}"
    );
    assert!(
        without_record.is_empty(),
        "no record to ask for: {without_record:#?}"
    );
}

/// The field of a request that names a record, or several of a kind.
struct Resource {
    /// Path of the field, such as `header.application_id`.
    path: String,
    /// Its last part, of one record: the name of columns.
    name: String,
}

impl Resource {
    /// None where the method names no record, or where records are everybody's.
    fn of(method: &MethodDescriptor) -> Option<Self> {
        let pool = method.parent_pool();
        let access = pool.get_extension_by_name("luban.common.v1.access")?;
        let access = method
            .options()
            .get_extension(&access)
            .as_message()?
            .clone();
        let access: MethodAccess = access.transcode_to().expect("the option's message");
        let last = access.resource.rsplit('.').next()?;
        let name = last.strip_suffix('s').unwrap_or(last).to_owned();
        // An area is no record, and the feed of an aggregate is not for those who see a part.
        let is_record = name.ends_with("_id") || name == "number";
        if access.scope() != proto::common::v1::Scope::Own || !is_record || name == "aggregate_id" {
            return None;
        }
        let path = access.resource;
        Some(Self { path, name })
    }

    /// A record that is there, as requests name it.
    async fn existing(&self, walked: &Walked, server: Service) -> Option<String> {
        let mut connection = walked
            .platform
            .records(server)
            .connect()
            .await
            .expect("a database");
        // Of what is looked into, a journey has objections.
        let column = match self.name.as_str() {
            "inquiry_id" => "objection_id",
            name => name,
        };
        let tables: Vec<String> = sqlx::query_scalar(
            "select format('%I.%I', table_schema, table_name) from information_schema.columns
             where column_name = $1 and table_schema <> 'platform' order by 1",
        )
        .bind(column)
        .fetch_all(&mut connection)
        .await
        .expect("look for tables");
        for table in tables {
            let query =
                format!("select {column}::text from {table} where {column} is not null limit 1");
            let found: Option<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(query))
                .fetch_optional(&mut connection)
                .await
                .expect("look for a record");
            if let Some(found) = found {
                return Some(self.written(&found));
            }
        }
        None
    }

    /// As requests write what tables keep.
    fn written(&self, kept: &str) -> String {
        match Uuid::try_parse(kept) {
            Ok(id) => typed(prefix(&self.name), id),
            Err(_) => kept.to_owned(),
        }
    }

    /// What nothing is called. A number is that of a certificate never issued.
    fn missing(&self, existing: &str) -> String {
        if self.name == "number" {
            format!("{}999999", &existing[..existing.len() - 6])
        } else {
            typed(prefix(&self.name), Uuid::now_v7())
        }
    }

    /// What a caller is told: code, reason and every fault.
    async fn ask(&self, door: &Door, token: &str, id: &str) -> (Code, String, Vec<String>) {
        let mut request = filled(door.method.input());
        let one = Value::String(id.to_owned());
        let several = !self.path.ends_with(&self.name);
        let value = if several { Value::List(vec![one]) } else { one };
        set(&mut request, &self.path, value);
        match door.call(Some(token), request).await {
            Ok(()) => (Code::Ok, String::new(), Vec::new()),
            Err(status) => (status.code(), reason_of(&status), faults(&status, id)),
        }
    }
}

/// Roles to which a part of the province exists and the rest does not.
fn sees_a_part(role: Role) -> bool {
    matches!(
        role,
        Role::CityCentre
            | Role::Organization
            | Role::Expert
            | Role::QualitySupervisor
            | Role::Inspector
    )
}

/// Somebody of another city and another organisation than those of the journey.
fn stranger(role: Role) -> Caller {
    Caller {
        subject: format!("stranger-{}", role.as_str()),
        role,
        division: DivisionCode::parse("370200").ok(),
        organization: (role == Role::Organization)
            .then(|| OrganizationId::from_uuid(Uuid::now_v7())),
    }
}

fn faults(status: &Status, id: &str) -> Vec<String> {
    let details = status.get_error_details();
    let faults = details
        .bad_request()
        .map(|faults| &faults.field_violations[..]);
    let faults = faults.unwrap_or_default().iter();
    let told =
        faults.map(|fault| format!("{} {} {}", fault.field, fault.reason, fault.description));
    // An answer may repeat what was asked about.
    told.chain([status.message().to_owned()])
        .map(|text| text.replace(id, "the id"))
        .collect()
}
