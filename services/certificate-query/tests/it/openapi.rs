//! What machines are told of the JSON door is what they find there.

use hyper::StatusCode;
use kernel::ids::ResultId;
use kernel::query_key::QueryKey;
use proto::results::v1::{CandidateStage, CandidateStageFact, IndexPurpose};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::setup::{HOLDER, NUMBER, World, corrected, document, doors_of, issued, name, revoked};

const OTHER: &str = "S000037100001215000002";
const TICKET: &str = "37100000001";

/// The document that is served.
struct Contract(Value);

impl Contract {
    async fn of(world: &World) -> Self {
        let served = world.door.get("/api/v1/openapi.json").await;
        assert_eq!(served.status, StatusCode::OK);
        assert_eq!(served.header("content-type"), Some("application/json"));
        assert_eq!(served.header("cache-control"), Some("public, max-age=3600"));
        Self(served.json())
    }

    /// Asks, and holds the answer against what is said of it.
    async fn ask(&self, world: &World, path: &str, question: Value) -> Value {
        let reply = world
            .door
            .post(path, "application/json", question.to_string())
            .await;
        let told = &self.0["paths"][path]["post"]["responses"][reply.status.as_str()];
        assert!(told.is_object(), "{path} may answer {}", reply.status);
        for header in told["headers"].as_object().into_iter().flatten() {
            let name = header.0.to_lowercase();
            assert!(reply.header(&name).is_some(), "{path}: {name}");
        }
        let schema = &told["content"]["application/json"]["schema"];
        self.holds(schema, &reply.json(), path);
        reply.json()
    }

    fn holds(&self, schema: &Value, value: &Value, at: &str) {
        if let Some(reference) = schema["$ref"].as_str() {
            let pointer = reference.strip_prefix('#').expect("of this document");
            let named = self.0.pointer(pointer).expect("there is such a schema");
            return self.holds(named, value, at);
        }
        if let Some(allowed) = schema["enum"].as_array() {
            assert!(allowed.contains(value), "{at}: {value}");
        }
        match schema["type"].as_str().expect("a type") {
            "string" => assert!(value.is_string(), "{at}"),
            "integer" => assert!(value.is_u64(), "{at}"),
            "array" => {
                for element in value.as_array().expect(at) {
                    self.holds(&schema["items"], element, at);
                }
            }
            "object" => self.holds_fields(schema, value, at),
            other => panic!("{at}: a type {other}"),
        }
    }

    fn holds_fields(&self, schema: &Value, value: &Value, at: &str) {
        let fields = value.as_object().expect(at);
        for required in schema["required"].as_array().expect("a list") {
            let required = required.as_str().expect("a name");
            assert!(fields.contains_key(required), "{at}: {required}");
        }
        assert_eq!(schema["additionalProperties"], false, "{at} is told whole");
        for (field, value) in fields {
            let at = format!("{at}.{field}");
            self.holds(&schema["properties"][field], value, &at);
        }
    }
}

#[tokio::test]
async fn every_answer_is_as_the_document_says() {
    let world = World::start().await;
    let contract = Contract::of(&world).await;
    let indexer = world.results.indexer();
    let first = issued(NUMBER, HOLDER, &indexer);
    let other = issued(OTHER, HOLDER, &indexer);
    for fact in [
        &first,
        &corrected(&first, "王正确", &indexer),
        &other,
        &revoked(&other),
    ] {
        world.tell(fact).await;
    }
    let stage = CandidateStageFact {
        result_id: ResultId::from_uuid(Uuid::now_v7()).to_string(),
        stage: CandidateStage::InPublicNotice.into(),
        since: "2020-06-15".to_owned(),
        until: "2020-06-22".to_owned(),
        blind_indexes: doors_of(
            IndexPurpose::TicketAndName,
            &QueryKey::ticket_and_name(TICKET, &name(HOLDER)),
            &indexer,
        ),
    };
    world.tell_stage(&stage).await;
    world.until("corrected", NUMBER, HOLDER).await;
    world.until("revoked", OTHER, HOLDER).await;

    let verify = "/api/v1/certificates:verify";
    for (number, holder, status) in [
        (NUMBER, HOLDER, "corrected"),
        (NUMBER, "王正确", "valid"),
        (OTHER, HOLDER, "revoked"),
        ("1234567890123456", HOLDER, "not_found"),
    ] {
        let question = json!({ "number": number, "name": holder });
        let told = contract.ask(&world, verify, question).await;
        assert_eq!(told["status"], status);
    }
    let by_document = json!({ "document_number": document().reveal(), "name": HOLDER });
    let find = "/api/v1/certificates:find";
    let told = contract.ask(&world, find, by_document).await;
    assert_eq!(told["certificates"].as_array().map(Vec::len), Some(2));
    let stage = "/api/v1/candidates:stage";
    platform::testing::eventually("the stage", async || {
        let question = json!({ "ticket_number": TICKET, "name": HOLDER });
        let told = contract.ask(&world, stage, question).await;
        (told["status"] == "in_progress").then_some(())
    })
    .await;

    let paths = contract.0["paths"].as_object().expect("paths");
    assert_eq!(paths.len(), 4);
    for path in paths.keys() {
        let told = contract.ask(&world, path, json!({})).await;
        assert!(told["faults"].is_array(), "{path}");
        let told = contract.ask(&world, path, json!([])).await;
        assert_eq!(told["faults"][0]["code"], "BODY_MALFORMED", "{path}");
    }
}
