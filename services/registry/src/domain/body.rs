//! Bodies (单位) and their enrolment, the head of annex 1.

use kernel::credit_code::UnifiedSocialCreditCode;
use kernel::division::DivisionCode;
use kernel::ids::OrganizationId;
use kernel::rejection::{FaultList, Faults};
use kernel::rejections;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use super::divisions::Divisions;
use super::organization::OrganizationFact;

rejections! {
    /// Why a body is not enrolled or not found.
    pub enum BodyRejection {
        /// No such body, or not the caller's to see.
        BodyNotFound => "BODY_NOT_FOUND", NotFound, "platform",
            "未找到该单位", "no such body";
        /// A body is enrolled once.
        BodyEnrolledAlready => "BODY_ENROLLED_ALREADY", AlreadyExists, "notice 3.2",
            "该统一社会信用代码的单位已登记", "a body with this unified social credit code is enrolled already";
        /// Kind of body (机构性质) of annex 1.
        BodyKindUnknown => "BODY_KIND_UNKNOWN", InvalidArgument, "notice 1",
            "机构性质应为企业、行业协会、高等院校、技工院校或民办职业培训机构",
            "the kind of body is one of the five of the notice";
        /// Affiliation decides where a body may apply.
        AffiliationUnknown => "AFFILIATION_UNKNOWN", InvalidArgument, "notice 3.2",
            "隶属关系应为省属、市属或民办", "the affiliation is provincial, city or private";
        /// A private training institution is neither the province's nor a city's.
        AffiliationOfPrivateTraining => "AFFILIATION_OF_PRIVATE_TRAINING", InvalidArgument, "notice 3.2",
            "民办职业培训机构的隶属关系应为民办",
            "a private training institution has the affiliation private";
        /// Seats are current cities of the province.
        DivisionUnknown => "DIVISION_UNKNOWN", InvalidArgument, "notice 1.1",
            "不是山东省现行设区的市的区划代码", "not the code of a current city of Shandong";
        /// A city enrols bodies of its own area.
        DivisionOfAnotherCentre => "DIVISION_OF_ANOTHER_CENTRE", PermissionDenied, "notice 3.2",
            "只能登记本市的单位", "a city centre enrols bodies of its own city only";
        /// Letting in a code that does not check is an officer's decision.
        CreditCodeVouchedByCentre => "CREDIT_CODE_VOUCHED_BY_CENTRE", PermissionDenied, "GB 32100-2015 check character",
            "校验不符的统一社会信用代码只能由职业技能鉴定（指导）中心核实后录入",
            "only a centre enrols a body whose credit code does not check";
        /// A code that checks needs nobody's word.
        CreditCodeChecks => "CREDIT_CODE_CHECKS", InvalidArgument, "GB 32100-2015 check character",
            "该统一社会信用代码校验相符，无需说明理由", "this credit code checks, so no reason is given for it";
        /// Another reason changes nothing about a code that stays.
        CreditCodeUnchanged => "CREDIT_CODE_UNCHANGED", InvalidArgument, "GB 32100-2015 check character",
            "统一社会信用代码未变，无需另行说明理由", "the credit code stays, so no reason is given for it";
        /// What is assessed stays as it is.
        BodyUnderAssessment => "BODY_UNDER_ASSESSMENT", FailedPrecondition, "notice 3.2",
            "该单位的申报正在评估，退回更正或办结前不能修改登记信息",
            "an application of this body is being assessed; it is corrected once that is given back or over";
        /// Whoever is registered has its changes reviewed.
        BodyRegistered => "BODY_REGISTERED", FailedPrecondition, "notice 3.4",
            "该单位已是评价机构，登记信息通过变更申请修改",
            "this body is an evaluation organisation, whose entry is changed by request";
        /// Who acts for a body enrols no other.
        CallerHasBody => "CALLER_HAS_BODY", PermissionDenied, "platform",
            "该账号已代表一个单位，不能再登记其他单位",
            "this account acts for a body already and enrols no other";
    }
}

/// Kind of body (机构性质).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum BodyKind {
    /// 企业
    Enterprise,
    /// 行业协会
    IndustryAssociation,
    /// 高等院校
    HigherEducation,
    /// 技工院校
    TechnicianCollege,
    /// 民办职业培训机构
    PrivateTraining,
}

/// To whom a body belongs (隶属关系).
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Affiliation {
    /// 省属
    Provincial,
    /// 市属
    City,
    /// 民办
    Private,
}

/// A body as it enrolled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// `org_…`.
    pub organization_id: OrganizationId,
    /// 单位名称
    pub name: String,
    /// 统一社会信用代码; one that does not check, an officer vouched for.
    pub credit_code: UnifiedSocialCreditCode,
    /// 机构性质
    pub kind: BodyKind,
    /// 隶属关系
    pub affiliation: Affiliation,
    /// Seat: a city of the province.
    pub division: DivisionCode,
    /// 地址
    pub address: String,
    /// 注册登记机构
    pub registration_authority: String,
}

/// Who enrols or corrects a body.
#[derive(Debug, Clone, Copy)]
pub enum Enroller {
    /// An officer of this city.
    CityCentre(DivisionCode),
    /// An officer of the province.
    ProvinceCentre,
    /// Somebody who acts for a body that is enrolled.
    OfAnotherBody,
    /// The body itself; when it enrols, it has no id yet.
    NewBody,
}

/// Whether a body may be enrolled. `vouched_for` says that a reason was given for a credit code
/// that does not check.
///
/// # Errors
/// Every fault at once.
pub fn enroll(
    body: &Body,
    by: Enroller,
    vouched_for: bool,
    divisions: &Divisions,
) -> Result<Vec<OrganizationFact>, Faults> {
    judge(body, by, vouched_for, divisions)?;
    Ok(vec![OrganizationFact::BodyEnrolled {
        organization_id: body.organization_id,
        kind: body.kind,
        division: body.division,
        credit_code_vouched_for: vouched_for,
    }])
}

/// What keeps a body as it is enrolled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bound {
    /// An application of it is being assessed.
    pub by_application: bool,
    /// It is an evaluation organisation.
    pub as_organization: bool,
}

/// Whether what is enrolled of a body may be corrected to this. `vouched_for` says that a reason was
/// given for another credit code that does not check; nothing happens where nothing changes.
///
/// # Errors
/// Every fault at once.
pub fn correct(
    enrolled: &Body,
    corrected: &Body,
    bound: Bound,
    (by, vouched_for): (Enroller, bool),
    divisions: &Divisions,
) -> Result<Vec<OrganizationFact>, Faults> {
    let mut faults = FaultList::default();
    if bound.as_organization {
        faults.refuse(&BodyRejection::BodyRegistered);
    } else if bound.by_application {
        faults.refuse(&BodyRejection::BodyUnderAssessment);
    }
    let same_code = enrolled.credit_code == corrected.credit_code;
    if !same_code && !vouched_for {
        faults.take("unified_social_credit_code", corrected.credit_code.check());
    }
    if same_code && vouched_for && corrected.credit_code.check().is_err() {
        faults.add("credit_code_reason", &BodyRejection::CreditCodeUnchanged);
    }
    if let Err(wrong) = judge(corrected, by, vouched_for, divisions) {
        faults.extend(wrong);
    }
    faults.finish()?;
    if enrolled == corrected {
        return Ok(Vec::new());
    }
    Ok(vec![OrganizationFact::BodyCorrected {
        organization_id: corrected.organization_id,
        kind: corrected.kind,
        division: corrected.division,
        former_division: enrolled.division,
        credit_code_vouched_for: vouched_for,
    }])
}

fn judge(
    body: &Body,
    by: Enroller,
    vouched_for: bool,
    divisions: &Divisions,
) -> Result<(), Faults> {
    let mut faults = FaultList::default();
    faults.require(
        divisions.is_current_city(body.division),
        "division_code",
        &BodyRejection::DivisionUnknown,
    );
    faults.require(
        body.kind != BodyKind::PrivateTraining || body.affiliation == Affiliation::Private,
        "affiliation",
        &BodyRejection::AffiliationOfPrivateTraining,
    );
    match by {
        Enroller::CityCentre(city) if city != body.division => {
            faults.add("division_code", &BodyRejection::DivisionOfAnotherCentre);
        }
        Enroller::OfAnotherBody => faults.refuse(&BodyRejection::CallerHasBody),
        Enroller::CityCentre(_) | Enroller::ProvinceCentre | Enroller::NewBody => {}
    }
    if vouched_for {
        judge_vouching(body, by, &mut faults);
    }
    faults.finish()
}

fn judge_vouching(body: &Body, by: Enroller, faults: &mut FaultList) {
    let field = "credit_code_reason";
    faults.require(
        body.credit_code.check().is_err(),
        field,
        &BodyRejection::CreditCodeChecks,
    );
    faults.require(
        matches!(by, Enroller::CityCentre(_) | Enroller::ProvinceCentre),
        field,
        &BodyRejection::CreditCodeVouchedByCentre,
    );
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn body() -> Body {
        Body {
            organization_id: OrganizationId::from_uuid(Uuid::from_u128(1)),
            name: "威海示例技师学院（示例）".to_owned(),
            credit_code: UnifiedSocialCreditCode::synthetic("12", "371000", 1),
            kind: BodyKind::TechnicianCollege,
            affiliation: Affiliation::City,
            division: DivisionCode::parse("371000").expect("a division"),
            address: "威海市示例路 1 号".to_owned(),
            registration_authority: "威海市示例登记机关".to_owned(),
        }
    }

    #[test]
    fn a_body_of_a_current_city_is_enrolled() {
        assert_eq!(
            enroll(&body(), Enroller::NewBody, false, &Divisions::supplied())
                .map(|facts| facts.len()),
            Ok(1)
        );
    }

    #[test]
    fn an_officer_vouches_for_a_code_that_does_not_check_and_for_no_other() {
        let unchecked = Body {
            credit_code: UnifiedSocialCreditCode::admit("91350100M000100Y44").expect("its form"),
            ..body()
        };
        let weihai = Enroller::CityCentre(body().division);
        let refused = |body: &Body, by| {
            let enrolled = enroll(body, by, true, &Divisions::supplied());
            enrolled.err().map_or(Vec::new(), |faults| faults.codes())
        };
        assert_eq!(refused(&unchecked, weihai), [""; 0]);
        assert_eq!(refused(&unchecked, Enroller::ProvinceCentre), [""; 0]);
        let by_itself = refused(&unchecked, Enroller::NewBody);
        assert_eq!(by_itself, ["CREDIT_CODE_VOUCHED_BY_CENTRE"]);
        assert_eq!(refused(&body(), weihai), ["CREDIT_CODE_CHECKS"]);
    }

    #[test]
    fn a_body_is_corrected_while_nobody_assesses_it() {
        let corrected = Body {
            kind: BodyKind::PrivateTraining,
            affiliation: Affiliation::Private,
            ..body()
        };
        let by_itself = (Enroller::NewBody, false);
        let divisions = Divisions::supplied();
        let correct =
            |corrected: &Body, bound| correct(&body(), corrected, bound, by_itself, &divisions);
        let facts = correct(&corrected, Bound::default()).expect("free");
        assert_eq!(facts.len(), 1);
        let nothing = correct(&body(), Bound::default()).expect("free");
        assert!(nothing.is_empty());
        let assessed = Bound {
            by_application: true,
            ..Bound::default()
        };
        let refused = correct(&corrected, assessed).expect_err("assessed");
        assert_eq!(refused.codes(), ["BODY_UNDER_ASSESSMENT"]);
        let registered = Bound {
            as_organization: true,
            ..assessed
        };
        let other_code = Body {
            credit_code: UnifiedSocialCreditCode::admit("91350100M000100Y44").expect("its form"),
            affiliation: Affiliation::City,
            ..corrected
        };
        let refused = correct(&other_code, registered).expect_err("all of it");
        assert_eq!(
            refused.codes(),
            [
                "BODY_REGISTERED",
                "CREDIT_CODE_CHECK",
                "AFFILIATION_OF_PRIVATE_TRAINING"
            ]
        );
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let withdrawn = Body {
            division: DivisionCode::parse("371200").expect("a division"),
            kind: BodyKind::PrivateTraining,
            ..body()
        };
        let officer = Enroller::CityCentre(DivisionCode::parse("370200").expect("a division"));
        let faults =
            enroll(&withdrawn, officer, false, &Divisions::supplied()).expect_err("refused");
        assert_eq!(
            faults.codes(),
            [
                "DIVISION_UNKNOWN",
                "AFFILIATION_OF_PRIVATE_TRAINING",
                "DIVISION_OF_ANOTHER_CENTRE"
            ],
        );
    }
}
