//! Requests made from the contract: something plausible in each field.

use kernel::credit_code::UnifiedSocialCreditCode;
use kernel::ids::{self, OrganizationId};
use prost_reflect::{
    DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, ReflectMessage, Value,
};
use uuid::Uuid;

/// What ids begin with in a field whose name ends like this.
const PREFIXES: [(&str, &str); 34] = [
    ("alert_id", ids::AlertId::PREFIX),
    ("application_id", ids::ApplicationId::PREFIX),
    ("batch_id", ids::BatchId::PREFIX),
    ("candidate_id", ids::CandidateId::PREFIX),
    ("card_id", "card"),
    ("certificate_id", ids::CertificateId::PREFIX),
    ("change_id", ids::ChangeId::PREFIX),
    ("city_report_id", ids::CityReportId::PREFIX),
    ("complaint_id", ids::ComplaintId::PREFIX),
    ("consultation_id", ids::ConsultationId::PREFIX),
    ("inquiry_id", ids::ObjectionId::PREFIX),
    ("objection_id", ids::ObjectionId::PREFIX),
    ("inspection_id", ids::InspectionId::PREFIX),
    ("origin_id", ids::InspectionId::PREFIX),
    ("reference_id", ids::InspectionId::PREFIX),
    ("material_id", ids::MaterialId::PREFIX),
    ("measure_id", ids::MeasureId::PREFIX),
    ("message_id", ids::MessageId::PREFIX),
    ("organization_id", OrganizationId::PREFIX),
    ("panel_id", ids::PanelId::PREFIX),
    ("person_id", ids::PersonId::PREFIX),
    ("plan_id", ids::PlanId::PREFIX),
    ("photo_id", "photo"),
    ("public_notice_id", ids::PublicNoticeId::PREFIX),
    ("result_id", ids::ResultId::PREFIX),
    ("proposal_id", ids::ProposalId::PREFIX),
    ("revocation_id", ids::RevocationId::PREFIX),
    ("revocation_order_id", ids::RevocationOrderId::PREFIX),
    ("right_id", ids::RightId::PREFIX),
    ("room_id", ids::RoomId::PREFIX),
    ("round_id", ids::RoundId::PREFIX),
    ("sanction_id", ids::SanctionId::PREFIX),
    ("session_id", ids::SessionId::PREFIX),
    ("site_id", ids::SiteId::PREFIX),
];

/// What is only asked for where something else is the case.
const LEFT_EMPTY: [&str; 18] = [
    "Assignment.person_id",
    "HandleAlertRequest.reference_id",
    "PersonRef.document",
    "ProposeCorrectionRequest.corrected_document",
    "RosterCandidate.document",
    "PublishRulesRequest.fees",
    "MeasureRequest.due_on",
    "MeasureRequest.ongoing_batches",
    "MeasureRequest.right_ids",
    "OrderRevocationRequest.batch_id",
    "OrderRevocationRequest.organization_id",
    "PrintCertificatesRequest.after_number",
    "ProposeCorrectionRequest.corrected_document_number",
    "ProposeRevocationRequest.batch_id",
    "ProposeRevocationRequest.organization_id",
    "RaiseObjectionRequest.whole_session",
    "RecordHearingRequest.waived",
    "RecordObjectionRequest.whole_session",
];

/// A message with something plausible in each field; of alternatives, the first.
pub(crate) fn filled(descriptor: MessageDescriptor) -> DynamicMessage {
    let mut message = DynamicMessage::new(descriptor);
    for field in message.descriptor().fields() {
        let alternative = field.containing_oneof();
        let is_another = alternative.is_some_and(|one| one.fields().next() != Some(field.clone()));
        if is_another
            || LEFT_EMPTY
                .iter()
                .any(|name| field.full_name().ends_with(name))
        {
            continue;
        }
        let value = if field.is_list() {
            Value::List(several(&field))
        } else {
            plausible(&field)
        };
        message.set_field(&field, value);
    }
    message
}

/// The elements of a list: one, as many as a rule asks for, or one of each kind of item.
fn several(field: &FieldDescriptor) -> Vec<Value> {
    let numbered =
        |count: u8| (1..=count).map(|number| Value::String(format!("WH-ZJ-{number:03}")));
    match (field.name(), field.kind()) {
        ("visitor_numbers", _) => numbered(2).collect(),
        ("expert_numbers", _) => numbered(3).collect(),
        (_, Kind::Message(message)) => match message.get_field_by_name("item") {
            Some(item) => one_of_each(message, &item),
            None => vec![plausible(field)],
        },
        _ => vec![plausible(field)],
    }
}

fn one_of_each(message: MessageDescriptor, item: &FieldDescriptor) -> Vec<Value> {
    let Kind::Enum(items) = item.kind() else {
        return vec![Value::Message(filled(message))];
    };
    let kinds = items.values().filter(|kind| kind.number() != 0);
    let with = |kind: i32| {
        let mut element = filled(message.clone());
        element.set_field(item, Value::EnumNumber(kind));
        Value::Message(element)
    };
    kinds.map(|kind| with(kind.number())).collect()
}

fn plausible(field: &FieldDescriptor) -> Value {
    match (field.name(), field.kind()) {
        (_, Kind::Message(message)) => Value::Message(filled(message)),
        (_, Kind::Enum(kinds)) => Value::EnumNumber(match kinds.name() {
            // Neither an apprentice's, nor what came in by itself.
            "Level" | "InquiryChannel" => 2,
            _ => 1,
        }),
        (_, Kind::Bool) => Value::Bool(true),
        ("content", Kind::Bytes) => Value::Bytes(b"%PDF-1.4\n%%EOF\n".as_slice().into()),
        (_, Kind::Bytes) => Value::Bytes(vec![0; 32].into()),
        ("number", Kind::String) if field.full_name().starts_with("luban.results.") => {
            Value::String("S000037100001204000001".to_owned())
        }
        (name, Kind::String) => Value::String(text(name)),
        (_, Kind::Uint64 | Kind::Fixed64) => Value::U64(1),
        (_, Kind::Int64 | Kind::Sint64) => Value::I64(1),
        (_, Kind::Int32 | Kind::Sint32) => Value::I32(1),
        ("edition", _) => Value::U32(2015),
        ("year", _) => Value::U32(2020),
        // Of a panel.
        ("size", _) => Value::U32(3),
        _ => Value::U32(1),
    }
}

/// A text that a field of this name could have.
fn text(name: &str) -> String {
    let singular = name.trim_end_matches('s');
    let text = match name {
        "request_id" | "entry_id" => return Uuid::now_v7().to_string(),
        _ if name.ends_with("citizen_id") => "11010519491231002X",
        _ if singular.ends_with("_id") => return typed(prefix(singular), Uuid::now_v7()),
        _ if name.contains("division") || name == "area" => "371000",
        _ if name.ends_with("credit_code") => {
            return UnifiedSocialCreditCode::synthetic("12", "371000", 1).to_string();
        }
        _ if name.ends_with("phone") => "0631-0000001",
        _ if name.ends_with("email") => "sample@example.org",
        "page_token" => "",
        "effective_on" => "2026-12-31",
        "starts_at" => "09:00",
        "ends_at" => "11:00",
        "code" => "6-31-01-03",
        "number" | "card_number" => "WHK000101",
        "media_type" => "image/png",
        _ if is_day(name) => "2020-06-01",
        _ => "示例说明",
    };
    text.to_owned()
}

fn is_day(name: &str) -> bool {
    let ends = ["on", "from", "until", "day"];
    ends.iter().any(|end| name.ends_with(end))
}

/// What ids in a field of this name begin with.
pub(crate) fn prefix(name: &str) -> &'static str {
    let known = PREFIXES.iter().find(|(end, _)| name.ends_with(end));
    let known = known.unwrap_or_else(|| panic!("{name}: say here what its ids begin with"));
    known.1
}

pub(crate) fn typed(prefix: &str, id: Uuid) -> String {
    let text = OrganizationId::from_uuid(id).to_string();
    let (_, body) = text.split_once('_').expect("a prefix and a body");
    format!("{prefix}_{body}")
}

/// Sets a field by its path.
pub(crate) fn set(message: &mut DynamicMessage, path: &str, value: Value) {
    match path.split_once('.') {
        None => message.set_field_by_name(path, value),
        Some((first, rest)) => {
            let inner = message
                .get_field_by_name_mut(first)
                .expect("a field of the contract");
            set(inner.as_message_mut().expect("a message"), rest, value);
        }
    }
}
