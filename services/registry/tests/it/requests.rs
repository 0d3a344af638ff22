//! What holds for every command.

use platform::testing::province_officer;
use proto::registry::v1::body_service_server::BodyService;
use proto::registry::v1::directory_service_server::DirectoryService;
use proto::registry::v1::organization_service_server::OrganizationService;
use tonic::Request;

use crate::setup::{from, setup, violations};

#[tokio::test]
async fn an_empty_command_of_every_kind_is_told_all_it_lacks_and_its_request_id() {
    fn empty<T: Default>() -> Request<T> {
        from(&province_officer("officer"), T::default())
    }
    let registry = setup().await.registry;
    let enrolment = registry.enroll_body(empty()).await.err();
    let reservation = registry.reserve_organization_codes(empty()).await.err();
    let publication = registry.publish_directory(empty()).await.err();
    for (refused, expected) in [
        (
            enrolment,
            vec![
                "request_id",
                "name",
                "unified_social_credit_code",
                "kind",
                "affiliation",
                "division_code",
                "address",
                "registration_authority",
            ],
        ),
        (
            reservation,
            vec!["request_id", "organization_codes", "reason"],
        ),
        (publication, vec!["request_id"]),
    ] {
        let told = violations(&refused.expect("refused"));
        let fields: Vec<_> = told.iter().map(|(field, _)| field).collect();
        assert_eq!(fields, expected);
        assert_eq!(
            told.first().map(|(_, code)| code.as_str()),
            Some("REQUEST_ID_MISSING")
        );
    }
}
