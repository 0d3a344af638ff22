use kernel::{rejection::FaultList, rejections};

use super::*;

rejections! {
    /// Refusals to try the mapping with.
    pub enum Sample {
        /// Wrong in itself.
        Digits => "DIGITS", InvalidArgument, "GB 11643 6", "校验码错误", "wrong check digit";
        /// Too young.
        TooYoung { age: u8 } => "TOO_YOUNG", FailedPrecondition, "notice 4.1",
            "年龄 {age} 岁，不符合规定", "{age} is too young";
        /// Not there.
        Absent => "ABSENT", NotFound, "platform", "未找到", "not found";
    }
}

#[test]
fn a_wrong_request_leads_and_all_faults_are_told_in_both_languages() {
    let mut faults = FaultList::default();
    faults.add("roster[3].birth_date", &Sample::TooYoung { age: 15 });
    faults.add("roster[4].citizen_id", &Sample::Digits);
    let status = refuse(&faults.finish().expect_err("two faults"));

    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(status.message(), "wrong check digit");
    let details = status.get_error_details();
    let info = details.error_info().expect("always there");
    assert_eq!(
        (info.reason.as_str(), info.domain.as_str()),
        ("DIGITS", "luban")
    );
    assert_eq!(info.metadata["rule"], "GB 11643 6");
    assert_eq!(info.metadata["codes"], "TOO_YOUNG,DIGITS");
    let localized = details.localized_message().expect("always there");
    assert_eq!(
        (localized.locale.as_str(), localized.message.as_str()),
        ("zh-CN", "校验码错误")
    );

    let fields = &details
        .bad_request()
        .expect("faults with fields")
        .field_violations;
    let seen: Vec<_> = fields
        .iter()
        .map(|field| (&*field.field, &*field.reason))
        .collect();
    assert_eq!(
        seen,
        [
            ("roster[3].birth_date", "TOO_YOUNG"),
            ("roster[4].citizen_id", "DIGITS")
        ]
    );
    assert_eq!(fields[1].description, "校验码错误 / wrong check digit");

    let unmet = &details.precondition_failure().expect("one").violations;
    assert_eq!(
        (&*unmet[0].r#type, &*unmet[0].subject),
        ("notice 4.1", "TOO_YOUNG")
    );
}

#[test]
fn more_faults_than_there_is_room_for_are_named_and_counted_and_the_answer_arrives() {
    for (count, named) in [(1, 1), (5, 5), (40, 40), (500, 40)] {
        let mut faults = FaultList::default();
        for row in 0..count {
            faults.add(
                format!("candidates[{row}].citizen_id"),
                &Sample::TooYoung { age: 15 },
            );
        }
        let status = refuse(&faults.finish().expect_err("faults"));
        let header = status.details().len().div_ceil(3) * 4;
        assert!(header < 7 * 1024, "{header} bytes for {count} faults");

        let details = status.get_error_details();
        let info = details.error_info().expect("always there");
        assert_eq!(info.metadata["faults"], count.to_string());
        let told = &details.bad_request().expect("faults").field_violations;
        assert_eq!(info.metadata["codes"].split(',').count(), told.len());
        assert!(told.len() >= named, "{} of {count} are named", told.len());
        assert!(!told[0].description.is_empty());
        for (row, violation) in told.iter().enumerate() {
            let field = format!("candidates[{row}].citizen_id");
            assert_eq!(
                (&violation.field, &*violation.reason),
                (&field, "TOO_YOUNG")
            );
        }
    }
}

#[test]
fn a_rule_that_forbids_names_itself() {
    let status = Status::from(Error::refused(Sample::TooYoung { age: 15 }));
    assert_eq!(status.code(), Code::FailedPrecondition);
    let details = status.get_error_details();
    assert!(details.bad_request().is_none());
    let unmet = &details.precondition_failure().expect("one").violations;
    assert_eq!(
        unmet[0].description,
        "年龄 15 岁，不符合规定 / 15 is too young"
    );
}

#[test]
fn each_kind_has_one_code_and_one_http_status() {
    let status = refuse(&Sample::Absent.into());
    assert_eq!(status.code(), Code::NotFound);
    assert_eq!(http(status.code()), StatusCode::NOT_FOUND);
    assert_eq!(
        http(code(RejectionKind::Unauthenticated)),
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(http(code(RejectionKind::Aborted)), StatusCode::CONFLICT);
}

#[test]
fn a_failure_tells_its_name_and_whether_to_try_again_and_nothing_else() {
    let cause = anyhow::anyhow!("row 17 of Zhang San").context("reading the roster");
    let away = Error::Unavailable {
        what: "registry",
        source: anyhow::anyhow!("gone"),
    };
    for (failure, code, reason, again) in [
        (Error::Internal(cause), Code::Internal, "INTERNAL", false),
        (away, Code::Unavailable, "SERVICE_UNAVAILABLE", true),
        (
            Error::Database(sqlx::Error::PoolTimedOut),
            Code::Unavailable,
            "SERVICE_UNAVAILABLE",
            true,
        ),
    ] {
        let status = Status::from(failure);
        let details = status.get_error_details();
        let info = details.error_info().expect("always there");
        assert_eq!(
            (status.code(), info.reason.as_str(), info.domain.as_str()),
            (code, reason, "luban")
        );
        assert!(info.metadata.is_empty());
        assert!(details.localized_message().is_some());
        assert_eq!(details.retry_info().is_some(), again, "{reason}");
    }
    assert_eq!(failure(Code::Internal).message(), "internal error");
    let info = failure(Code::Aborted).get_details_error_info();
    assert_eq!(info.expect("always there").reason, "TRY_AGAIN");
}

#[test]
fn the_chain_names_every_cause_but_repeats_no_value_of_the_database() {
    let decode = sqlx::Error::ColumnDecode {
        index: "level".to_owned(),
        source: "unknown level: 37010219900307001X".into(),
    };
    let error = Error::Internal(anyhow::Error::new(decode).context("reading a plan"));
    assert_eq!(
        Chain(&error).to_string(),
        "internal: reading a plan: column level does not decode"
    );
}
