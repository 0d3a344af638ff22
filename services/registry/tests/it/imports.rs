//! Editions of the catalogue and codes in use elsewhere, out of spreadsheets.

use jiff::civil::date;
use platform::access::{Caller, Role};
use platform::testing::province_officer;
use proto::common::v1::OccupationRef;
use proto::common::v1::SheetFault;
use proto::registry::v1::catalogue_service_client::CatalogueServiceClient;
use proto::registry::v1::catalogue_service_server::{CatalogueService, CatalogueServiceServer};
use proto::registry::v1::organization_service_client::OrganizationServiceClient;
use proto::registry::v1::organization_service_server::OrganizationServiceServer;
use proto::registry::v1::{
    CatalogueEdition, CatalogueEditionHeader, CheckOccupationRequest, CheckOccupationResponse,
    ImportCatalogueEditionRequest, ImportCatalogueEditionResponse, ImportReservedCodesRequest,
    ImportReservedCodesResponse, ListCatalogueEditionsRequest, ListOccupationsRequest,
    ReservedCodesHeader, import_catalogue_edition_request, import_reserved_codes_request,
};
use tonic::service::interceptor::InterceptedService;
use tonic::{Request, Status};

use crate::setup::{Setup, codes, from, setup, violations};

const COLUMNS: &str = "code,name,standard_year,trades,access_type,levels,succeeds\n";

/// The official edition of 2022, as far as it goes here.
fn edition_of_2022() -> String {
    format!(
        "{COLUMNS}6-31-01-03,电工,2018,,,5;4;3;2;1,2015:6-31-01-03\n\
         4-07-05-04,消防设施操作员,2019,,全部,,\n"
    )
}

fn of_2022(request_id: &str) -> CatalogueEditionHeader {
    CatalogueEditionHeader {
        request_id: request_id.to_owned(),
        edition: 2022,
        in_force_from: "2020-06-01".to_owned(),
        source: "示例文号〔2020〕2号".to_owned(),
        dry_run: false,
    }
}

/// A service as the access layer hands calls on to it.
pub(crate) fn called_by<S>(
    caller: Caller,
    service: S,
) -> InterceptedService<S, impl FnMut(Request<()>) -> Result<Request<()>, Status> + Clone> {
    InterceptedService::new(service, move |mut request: Request<()>| {
        request.extensions_mut().insert(caller.clone());
        Ok(request)
    })
}

fn department() -> Caller {
    Caller {
        subject: "clerk".to_owned(),
        role: Role::Department,
        division: None,
        organization: None,
    }
}

impl Setup {
    async fn import_edition(
        &self,
        header: CatalogueEditionHeader,
        file: &[u8],
    ) -> Result<ImportCatalogueEditionResponse, Status> {
        use import_catalogue_edition_request::Part;
        let service = CatalogueServiceServer::new(self.registry.clone());
        let content = file.chunks(100).map(|piece| piece.to_vec().into());
        let parts = [Part::Header(header)].into_iter();
        let parts: Vec<_> = parts
            .chain(content.map(Part::Content))
            .map(|part| ImportCatalogueEditionRequest { part: Some(part) })
            .collect();
        CatalogueServiceClient::new(called_by(department(), service))
            .import_catalogue_edition(futures::stream::iter(parts))
            .await
            .map(tonic::Response::into_inner)
    }

    async fn import_codes(
        &self,
        header: ReservedCodesHeader,
        file: &[u8],
    ) -> Result<ImportReservedCodesResponse, Status> {
        use import_reserved_codes_request::Part;
        let service = OrganizationServiceServer::new(self.registry.clone());
        let file = Part::Content(file.to_vec().into());
        let parts = [Part::Header(header), file];
        let parts = parts.map(|part| ImportReservedCodesRequest { part: Some(part) });
        OrganizationServiceClient::new(called_by(province_officer("officer"), service))
            .import_reserved_codes(futures::stream::iter(parts))
            .await
            .map(tonic::Response::into_inner)
    }

    async fn check(&self, edition: u32, code: &str, on: &str) -> CheckOccupationResponse {
        let request = CheckOccupationRequest {
            occupation: Some(OccupationRef {
                edition,
                code: code.to_owned(),
            }),
            trade: String::new(),
            on: on.to_owned(),
        };
        let asked = from(&Caller::public(), request);
        let reply = self.registry.check_occupation(asked).await;
        reply.expect("an answer").into_inner()
    }

    async fn editions(&self) -> Vec<CatalogueEdition> {
        let asked = from(&Caller::public(), ListCatalogueEditionsRequest {});
        let reply = self.registry.list_catalogue_editions(asked).await;
        reply.expect("told").into_inner().editions
    }

    /// Rows and facts that there are, and commands that are remembered.
    async fn traces(&self) -> (i64, i64, i64) {
        let rows = sqlx::query_as(
            "select (select count(*) from catalogue_import) + (select count(*) from reserved_code),
                 (select count(*) from platform.fact), (select count(*) from platform.request_log)",
        );
        rows.fetch_one(&self.platform.pool).await.expect("counted")
    }
}

fn told(faults: &[SheetFault]) -> Vec<(u32, &str, &str)> {
    let told = faults.iter();
    told.map(|fault| (fault.row, fault.column.as_str(), fault.code.as_str()))
        .collect()
}

#[tokio::test]
async fn an_edition_is_tried_and_then_imported_and_is_in_force_from_its_day_on() {
    let setup = setup().await;
    let before = setup.traces().await;
    let tried = CatalogueEditionHeader {
        dry_run: true,
        ..of_2022("tried")
    };
    let tried = setup
        .import_edition(tried, edition_of_2022().as_bytes())
        .await;
    let tried = tried.expect("it could be");
    assert!(tried.faults.is_empty());
    assert_eq!((tried.added, tried.removed, tried.altered), (2, 0, 0));
    assert_eq!(setup.traces().await, before);
    assert_eq!(setup.editions().await.len(), 1);

    let imported = setup
        .import_edition(of_2022("1"), edition_of_2022().as_bytes())
        .await;
    let imported = imported.expect("imported").edition.expect("an edition");
    assert_eq!((imported.edition, imported.occupations), (2022, 2));
    let again = setup
        .import_edition(of_2022("1"), edition_of_2022().as_bytes())
        .await;
    assert_eq!(again.expect("as before").added, 2);

    let old = setup.check(2015, "6-31-01-03", "2020-05-31").await;
    assert!(old.evaluable && !old.superseded);
    let successors = &old.occupation.as_ref().expect("known").successors;
    assert_eq!((successors.len(), successors[0].edition), (1, 2022));
    // A right under the edition before goes on; a new one is given under the one in force.
    let old = setup.check(2015, "6-31-01-03", "2020-06-01").await;
    assert!(old.evaluable && old.superseded);
    let new = setup.check(2022, "6-31-01-03", "2020-06-01").await;
    assert!(new.evaluable && !new.superseded);
    assert_eq!(new.levels.len(), 5);
    let closed = setup.check(2022, "4-07-05-04", "2020-06-01").await;
    assert_eq!(closed.reason, "OCCUPATION_ACCESS_TYPE");

    let editions = setup.editions().await;
    let days = editions.iter().map(|known| known.in_force_until.as_str());
    assert_eq!(days.collect::<Vec<_>>(), ["2020-05-31", ""]);
    assert_eq!(editions[1].source, "示例文号〔2020〕2号");
    assert_eq!(editions[1].file_sha256.len(), 32);
    setup.platform.clock.set(date(2020, 6, 1).at(9, 0, 0, 0));
    let asked = from(&Caller::public(), ListOccupationsRequest::default());
    let listed = setup.registry.list_occupations(asked).await;
    assert_eq!(listed.expect("told").into_inner().occupations.len(), 2);
}

#[tokio::test]
async fn all_that_is_wrong_is_told_and_nothing_is_left() {
    let setup = setup().await;
    let before = setup.traces().await;
    let file = format!("{COLUMNS}6-31-01,,,,,,\n6-31-01-03,电工,18,,,九,2022:6-31-01-03\n");
    let expected = [
        (2, "code", "OCCUPATION_CODE_SHAPE"),
        (2, "name", "FIELD_REQUIRED"),
        (3, "standard_year", "CATALOGUE_STANDARD_YEAR"),
        (3, "levels", "LEVEL_UNKNOWN"),
        (3, "succeeds", "CATALOGUE_SUCCEEDS_UNKNOWN"),
    ];
    let tried = CatalogueEditionHeader {
        dry_run: true,
        ..of_2022("tried")
    };
    let tried = setup
        .import_edition(tried, file.as_bytes())
        .await
        .expect("told");
    assert!(tried.edition.is_none());
    assert_eq!(told(&tried.faults), expected);
    assert!(
        tried
            .faults
            .iter()
            .all(|fault| !fault.text_zh.is_empty() && !fault.text_en.is_empty())
    );
    let refused = setup.import_edition(of_2022("1"), file.as_bytes()).await;
    let refused = violations(&refused.err().expect("refused"));
    let refused = refused.iter().map(|(field, code)| {
        let (row, column) = sheet::place(field);
        (row, column, code.as_str())
    });
    assert_eq!(refused.collect::<Vec<_>>(), expected);

    let header = CatalogueEditionHeader {
        request_id: String::new(),
        edition: 70_000,
        in_force_from: "2020-6-1".to_owned(),
        source: " ".to_owned(),
        dry_run: false,
    };
    let refused = setup.import_edition(header, b"never read").await;
    let expected = [
        "REQUEST_ID_MISSING",
        "OCCUPATION_EDITION",
        "DATE_MALFORMED",
        "FIELD_REQUIRED",
    ];
    assert_eq!(codes(&refused.err().expect("refused")), expected);
    let large = vec![b'x'; 5 * 1024 * 1024];
    let refused = setup.import_edition(of_2022("2"), &large).await;
    assert_eq!(
        codes(&refused.err().expect("too large")),
        ["SHEET_TOO_LARGE"]
    );
    assert_eq!(setup.traces().await, before);
}

#[tokio::test]
async fn an_edition_in_use_keeps_its_day_and_what_organisations_have_rights_to() {
    let setup = setup().await;
    setup.registered(1).await;
    let of_2015 = |request_id: &str, from: &str, dry_run| CatalogueEditionHeader {
        edition: 2015,
        in_force_from: from.to_owned(),
        dry_run,
        ..of_2022(request_id)
    };
    let without = format!("{COLUMNS}6-18-02-04,焊工,2018,电焊工,,,\n");
    for dry_run in [true, false] {
        let header = of_2015("1", "2020-06-01", dry_run);
        let reply = setup.import_edition(header, without.as_bytes()).await;
        let told = match reply {
            Ok(reply) => reply.faults.into_iter().map(|fault| fault.code).collect(),
            Err(refused) => codes(&refused),
        };
        assert_eq!(
            told,
            ["CATALOGUE_EDITION_IN_FORCE", "CATALOGUE_OCCUPATION_IN_USE"]
        );
    }
    let corrected = format!("{COLUMNS}6-31-01-03,电工（示例）,2018,,,,\n");
    let header = of_2015("2", "2015-07-29", false);
    let reply = setup.import_edition(header, corrected.as_bytes()).await;
    let reply = reply.expect("corrected");
    assert_eq!((reply.added, reply.altered), (0, 1));
    assert!(reply.removed > 50);
    let corrected = setup.check(2015, "6-31-01-03", "2020-05-18").await;
    assert_eq!(
        corrected.basis_name,
        "电工（示例）国家职业技能标准（2018年版）"
    );
}

#[tokio::test]
async fn codes_of_a_file_are_set_aside_all_or_none() {
    let setup = setup().await;
    let header = |request_id: &str, dry_run| ReservedCodesHeader {
        request_id: request_id.to_owned(),
        reason: "在原系统使用".to_owned(),
        dry_run,
    };
    let file = "机构代码,机构名称\nS000037100001,示例一\nS000037100003,示例二\n".as_bytes();
    let tried = setup.import_codes(header("1", true), file).await;
    assert_eq!(tried.expect("it could be").reserved, 2);
    let before = setup.traces().await;
    let wrong = "organization_code\nS000037100001\nS000037100001\nY000037100001\nx\n".as_bytes();
    let tried = setup
        .import_codes(header("1", true), wrong)
        .await
        .expect("told");
    assert_eq!(
        told(&tried.faults),
        [
            (3, "organization_code", "ORGANIZATION_CODE_TWICE"),
            (4, "organization_code", "ORGANIZATION_CODE_NOT_OURS"),
            (5, "organization_code", "ORGANIZATION_CODE_LENGTH"),
        ]
    );
    let refused = setup.import_codes(header("1", false), wrong).await;
    assert_eq!(codes(&refused.err().expect("refused")).len(), 3);
    assert_eq!(setup.traces().await, before);

    for _ in 0..2 {
        let reply = setup.import_codes(header("1", false), file).await;
        assert_eq!(reply.expect("reserved").reserved, 2);
    }
    let other = setup
        .import_codes(header("1", false), b"organization_code\nS000037100009\n")
        .await;
    assert_eq!(
        codes(&other.err().expect("another file")),
        ["REQUEST_ID_REUSED"]
    );
    setup.registered(1).await;
    let given = b"organization_code\nS000037100001\nS000037100002\n";
    let tried = setup
        .import_codes(header("2", true), given)
        .await
        .expect("told");
    assert_eq!(
        told(&tried.faults),
        [(3, "organization_code", "ORGANIZATION_CODE_GIVEN")]
    );
}
