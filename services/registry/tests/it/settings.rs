//! What all services go by is changed by the department, on record, from a day on.

use kernel::reference::Reference;
use platform::access::{Caller, Role};
use proto::common::v1::{Confirmation, Level, Proposal};
use proto::registry::v1::catalogue_service_server::CatalogueService;
use proto::registry::v1::parameter_value::Value;
use proto::registry::v1::settings_service_server::SettingsService;
use proto::registry::v1::{
    ConfirmParameterChangeRequest, ConfirmParameterChangeResponse, DeadlineRule,
    ExplainDeadlineRequest, ImportCalendarYearRequest, ImportCalendarYearResponse,
    ListCalendarYearsRequest, ListParametersRequest, Parameter, ParameterLevels, ParameterValue,
    ProposeParameterChangeRequest, Unlimited,
};
use tonic::Status;

use crate::setup::{Setup, codes, from, setup, violations};

pub(crate) fn department(subject: &str) -> Caller {
    Caller {
        subject: subject.to_owned(),
        role: Role::Department,
        division: None,
        organization: None,
    }
}

/// The quota is to be lifted from the last day of June on.
pub(crate) fn lifting(request_id: &str) -> ProposeParameterChangeRequest {
    ProposeParameterChangeRequest {
        request_id: request_id.to_owned(),
        parameter: "city_quota_most".to_owned(),
        value: Some(ParameterValue {
            value: Some(Value::Unlimited(Unlimited {})),
        }),
        effective_from: "2020-06-30".to_owned(),
        reason: "试点总结评估结束".to_owned(),
        source: "示例文号〔2020〕1号".to_owned(),
    }
}

impl Setup {
    pub(crate) async fn propose_change(
        &self,
        request: ProposeParameterChangeRequest,
    ) -> Result<Proposal, Status> {
        let asked = from(&department("first"), request);
        let reply = self.registry.propose_parameter_change(asked).await?;
        Ok(reply.into_inner().proposal.expect("a proposal"))
    }

    async fn confirm_change(
        &self,
        subject: &str,
        parameter: &str,
        proposal: &Proposal,
    ) -> Result<ConfirmParameterChangeResponse, Status> {
        let request = ConfirmParameterChangeRequest {
            request_id: format!("confirm-{subject}-{}", proposal.proposal_id),
            parameter: parameter.to_owned(),
            confirmation: Some(Confirmation {
                proposal_id: proposal.proposal_id.clone(),
                content_hash: proposal.content_hash.clone(),
            }),
        };
        let asked = from(&department(subject), request);
        let reply = self.registry.confirm_parameter_change(asked).await?;
        Ok(reply.into_inner())
    }

    async fn quota_on(&self, day: &str) -> Parameter {
        let asked = ListParametersRequest { on: day.to_owned() };
        let asked = from(&Caller::public(), asked);
        let reply = self.registry.list_parameters(asked).await.expect("told");
        let mut all = reply.into_inner().parameters.into_iter();
        all.find(|parameter| parameter.name == "city_quota_most")
            .expect("it is there")
    }

    async fn import_year(
        &self,
        request: ImportCalendarYearRequest,
    ) -> Result<ImportCalendarYearResponse, Status> {
        let asked = from(&department("clerk"), request);
        let reply = self.registry.import_calendar_year(asked).await?;
        Ok(reply.into_inner())
    }
}

fn number(number: u32) -> Value {
    Value::Number(number)
}

#[tokio::test]
async fn two_persons_of_the_department_lift_the_quota_from_a_day_on() {
    let setup = setup().await;
    let proposal = setup.propose_change(lifting("p1")).await.expect("proposed");
    let refused = setup
        .confirm_change("first", "city_quota_most", &proposal)
        .await;
    assert_eq!(
        codes(&refused.err().expect("the same person")),
        ["SAME_PERSON"]
    );
    let other = setup
        .confirm_change("second", "panel_least", &proposal)
        .await;
    assert_eq!(
        codes(&other.err().expect("of another parameter")),
        ["PROPOSAL_NOT_FOUND"]
    );
    let confirmed = setup
        .confirm_change("second", "city_quota_most", &proposal)
        .await;
    let change = confirmed.expect("confirmed").change.expect("a change");
    assert_eq!(
        (change.effective_from.as_str(), change.decided_on.as_str()),
        ("2020-06-30", "2020-05-18")
    );

    let before = setup.quota_on("2020-06-29").await;
    assert!(before.value.expect("a value").value == Some(number(8)));
    let lifted = setup.quota_on("2020-06-30").await;
    assert!(matches!(
        lifted.value.expect("a value").value,
        Some(Value::Unlimited(_))
    ));
    assert!(lifted.supplied.expect("a value").value == Some(number(8)));
    assert_eq!(lifted.changes.len(), 1);
    assert_eq!(lifted.changes[0].reason, "试点总结评估结束");

    // The others are told the whole of it.
    let told: Vec<String> = sqlx::query_scalar(
        "select kind from platform.fact where published_version is not null order by recorded_at",
    )
    .fetch_all(&setup.platform.pool)
    .await
    .expect("read");
    assert_eq!(told, ["reference_changed"]);
    let again = setup.propose_change(lifting("p2")).await.err();
    assert_eq!(codes(&again.expect("it is")), ["SETTING_UNCHANGED"]);
}

#[tokio::test]
async fn everything_wrong_with_a_change_is_told_at_once_and_nothing_is_left() {
    let setup = setup().await;
    let request = ProposeParameterChangeRequest {
        value: Some(ParameterValue {
            value: Some(number(70_000)),
        }),
        effective_from: "2020-6-30".to_owned(),
        reason: " ".to_owned(),
        source: "号".repeat(201),
        ..lifting("p1")
    };
    let refused = setup.propose_change(request).await.err().expect("refused");
    let told = violations(&refused);
    let told: Vec<_> = told
        .iter()
        .map(|(field, code)| (field.as_str(), code.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("effective_from", "DATE_MALFORMED"),
            ("value", "PARAMETER_OUT_OF_BOUNDS"),
            ("reason", "FIELD_REQUIRED"),
            ("source", "FIELD_TOO_LONG"),
        ]
    );
    let of = |parameter: &str, value: Option<Value>, day: &str| ProposeParameterChangeRequest {
        parameter: parameter.to_owned(),
        value: Some(ParameterValue { value }),
        effective_from: day.to_owned(),
        ..lifting(parameter)
    };
    let levels = |levels: &[i32]| {
        let levels = levels.to_vec();
        Some(Value::Levels(ParameterLevels { levels }))
    };
    let special = [Level::Five.into(), Level::Special.into()];
    for (request, expected) in [
        (
            of("nobody", Some(number(1)), "2020-06-30"),
            "PARAMETER_UNKNOWN",
        ),
        (of("panel_least", None, "2020-06-30"), "FIELD_REQUIRED"),
        (
            of("levels", Some(number(3)), "2020-06-30"),
            "PARAMETER_KIND",
        ),
        (
            of("levels", levels(&[]), "2020-06-30"),
            "PARAMETER_WITHOUT_LEVELS",
        ),
        (of("levels", levels(&[99]), "2020-06-30"), "LEVEL_UNKNOWN"),
        (
            of("levels", levels(&special), "2020-06-30"),
            "PARAMETER_LEVEL_WITHOUT_CODE",
        ),
        (
            of(
                "panel_least",
                Some(Value::Unlimited(Unlimited {})),
                "2020-06-30",
            ),
            "PARAMETER_NOT_UNLIMITED",
        ),
        (
            of("city_quota_most", Some(number(1)), "2020-06-30"),
            "PARAMETER_QUOTA_UPSIDE_DOWN",
        ),
        (
            of("city_quota_most", Some(number(9)), "2020-05-17"),
            "SETTING_IN_THE_PAST",
        ),
    ] {
        let refused = setup.propose_change(request).await.err().expect("refused");
        assert_eq!(codes(&refused), [expected]);
    }
    for table in ["platform.fact", "platform.proposal", "parameter_change"] {
        let query = sqlx::AssertSqlSafe(format!("select count(*) from {table}"));
        let rows: i64 = sqlx::query_scalar(query)
            .fetch_one(&setup.platform.pool)
            .await
            .expect("count");
        assert_eq!(rows, 0, "{table}");
    }
}

#[tokio::test]
async fn a_change_decided_in_between_voids_what_was_proposed() {
    let setup = setup().await;
    let quota = setup.propose_change(lifting("p1")).await.expect("proposed");
    let panel = ProposeParameterChangeRequest {
        parameter: "panel_least".to_owned(),
        value: Some(ParameterValue {
            value: Some(number(5)),
        }),
        ..lifting("p2")
    };
    let panel = setup.propose_change(panel).await.expect("proposed");
    let (one, other) = tokio::join!(
        setup.confirm_change("second", "city_quota_most", &quota),
        setup.confirm_change("third", "panel_least", &panel),
    );
    let outcomes = [one.is_ok(), other.is_ok()];
    assert_eq!(outcomes.iter().filter(|done| **done).count(), 1);
    let refused = one.err().or(other.err()).expect("one of them");
    assert_eq!(codes(&refused), ["CONTENT_CHANGED"]);
}

fn year_2027(request_id: &str, file: &str) -> ImportCalendarYearRequest {
    ImportCalendarYearRequest {
        request_id: request_id.to_owned(),
        year: 2027,
        file: file.as_bytes().to_vec().into(),
        source: "国办发明电（示例）".to_owned(),
        dry_run: false,
    }
}

#[tokio::test]
async fn a_year_is_tried_and_then_imported_and_counts_at_once() {
    let setup = setup().await;
    let explain = async || {
        let request = ExplainDeadlineRequest {
            rule: DeadlineRule::ResultNotice.into(),
            from: "2026-12-29".to_owned(),
            as_of: String::new(),
        };
        let asked = from(&Caller::public(), request);
        setup.registry.explain_deadline(asked).await
    };
    let file = "date,kind\n2027-01-01,off\n2027-01-03,worked\n";
    let tried = ImportCalendarYearRequest {
        dry_run: true,
        ..year_2027("c1", file)
    };
    let tried = setup.import_year(tried).await.expect("it could be");
    assert!(tried.changed);
    let refused = explain().await.err().expect("not yet");
    assert_eq!(codes(&refused), ["CALENDAR_YEAR_MISSING"]);

    let imported = setup
        .import_year(year_2027("c2", file))
        .await
        .expect("done");
    assert_eq!(imported.calendar_version, tried.calendar_version);
    let deadline = explain().await.expect("counted").into_inner().deadline;
    // 30 and 31 December, the Sunday worked, then Monday and Tuesday.
    assert_eq!(deadline.expect("a deadline").date, "2027-01-05");
    let again = setup
        .import_year(year_2027("c3", file))
        .await
        .expect("done");
    assert!(!again.changed);

    let asked = from(&Caller::public(), ListCalendarYearsRequest {});
    let listed = setup.registry.list_calendar_years(asked).await;
    let listed = listed.expect("told").into_inner();
    assert_eq!(listed.calendar_version, imported.calendar_version);
    assert_eq!(listed.years.last().map(|year| year.year), Some(2027));
    let rows: i64 = sqlx::query_scalar("select count(*) from calendar_import")
        .fetch_one(&setup.platform.pool)
        .await
        .expect("count");
    assert_eq!(rows, 1);
}

#[tokio::test]
async fn a_year_may_come_as_a_workbook_with_days_as_excel_has_them() {
    let setup = setup().await;
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let day = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    for (row, (number, kind)) in (1..).zip([(1, "放假"), (3, "上班")]) {
        let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2027, 1, number).expect("a day");
        sheet
            .write_with_format(row, 0, &date, &day)
            .expect("written");
        sheet.write(row, 1, kind).expect("written");
    }
    for (column, name) in (0..).zip(["日期", "类型"]) {
        sheet.write(0, column, name).expect("written");
    }
    let request = ImportCalendarYearRequest {
        file: book.save_to_buffer().expect("a workbook").into(),
        ..year_2027("c1", "")
    };
    let imported = setup.import_year(request).await.expect("imported");
    let year = imported.year.expect("a year");
    assert_eq!(year.off, ["2027-01-01"]);
    assert_eq!(year.worked, ["2027-01-03"]);
}

#[tokio::test]
async fn a_file_with_faults_is_told_all_of_them_and_changes_nothing() {
    let setup = setup().await;
    let request = year_2027("c1", "date,kind\n2027-01-02,off\n2028-01-03,x\n");
    let refused = setup.import_year(request).await.err().expect("refused");
    let told = violations(&refused);
    let told: Vec<_> = told
        .iter()
        .map(|(field, code)| (field.as_str(), code.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("file.rows[2].date", "CALENDAR_DAY_OFF_ON_WEEKEND"),
            ("file.rows[3].kind", "CALENDAR_FILE_KIND"),
            ("file.rows[3].date", "CALENDAR_DAY_OUTSIDE_YEAR"),
        ]
    );
    let over = ImportCalendarYearRequest {
        year: 2019,
        ..year_2027("c2", "date,kind\n2019-01-01,off\n")
    };
    let refused = setup.import_year(over).await.err().expect("over");
    assert_eq!(codes(&refused), ["SETTING_IN_THE_PAST"]);
    for year in [0, 999, 10_000, u32::MAX] {
        let request = ImportCalendarYearRequest {
            year,
            ..year_2027(&format!("y{year}"), "date,kind\n")
        };
        let refused = setup.import_year(request).await.err().expect("no year");
        assert_eq!(codes(&refused), ["DATE_MALFORMED"]);
    }
    let known = setup.platform.journal.reference().await.expect("read");
    assert_eq!(*known, Reference::supplied());
}
