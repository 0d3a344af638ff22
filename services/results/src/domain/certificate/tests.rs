use jiff::civil::date;
use kernel::citizen_id::CitizenId;
use kernel::person_name::PersonName;
use uuid::Uuid;

use super::*;
use crate::domain::samples::{
    TODAY, approved, batch, code, notice, proposal, right, subjects, written,
};

fn certificate() -> Certificate {
    let (batch, result, right, subjects) = (batch(), approved(1, 0), right(), subjects());
    let level = subjects[0].level;
    let (certificate, _) = Certificate::issue(&NewCertificate {
        id: CertificateId::from_uuid(Uuid::from_u128(9)),
        number: CertificateNumber::compose(&code(), 2020, level, 1).expect("a number"),
        batch: &batch,
        result: &result,
        subject: &subjects[0],
        right: &right,
        public_notice: notice(),
        issuance: proposal(1),
        issued_on: TODAY,
        qr_token_hash: [1; 32],
    });
    certificate
}

fn person(name: &str) -> Person {
    Person {
        name: PersonName::parse(name).expect("a name"),
        document: citizen_id(1).into(),
    }
}

fn citizen_id(sequence: u16) -> CitizenId {
    CitizenId::synthetic("370099", date(1990, 3, 7), sequence)
}

fn propose(
    certificate: &Certificate,
    name: Option<&str>,
    sequence: Option<u16>,
) -> Result<Correction, Faults> {
    let corrected = Corrected {
        name: name.map(|name| PersonName::parse(name).expect("a name")),
        document: sequence.map(|sequence| citizen_id(sequence).into()),
    };
    let (reason, salt) = (written("漏录一字"), "00".to_owned());
    certificate.propose_correction(&person("示例"), &corrected, &reason, salt)
}

fn correction(certificate: &Certificate) -> Correction {
    propose(certificate, Some("示例例"), None).expect("a correction")
}

#[test]
fn a_correction_makes_the_next_version_and_keeps_the_number() {
    let mut certificate = certificate();
    let number = certificate.number;
    let fact = certificate
        .correct(proposal(2), &person("示例例"), [2; 32])
        .expect("in force");
    certificate.apply(&fact);
    assert_eq!((certificate.version, certificate.number), (2, number));
    assert_eq!(
        (certificate.masked_name.as_str(), certificate.qr_token_hash),
        ("示*例", [2; 32])
    );
    assert!(
        !serde_json::to_string(&fact)
            .expect("a fact is JSON")
            .contains('例')
    );
}

#[test]
fn a_correction_changes_what_it_names_and_leaves_the_rest() {
    let certificate = certificate();
    let unchanged = ["CORRECTION_UNCHANGED"; 2];
    for (name, sequence, faults) in [
        (None, None, 1),
        (Some("示例"), None, 1),
        (None, Some(1), 1),
        (Some("示例"), Some(2), 1),
        (Some("示例"), Some(1), 2),
    ] {
        let refused = propose(&certificate, name, sequence).err();
        let refused = refused.expect("nothing to correct");
        assert_eq!(refused.codes(), unchanged[..faults]);
    }
    for (name, sequence) in [(None, Some(2)), (Some("示例例"), None)] {
        let proposed = propose(&certificate, name, sequence).expect("a correction");
        let holder = proposed.holder().unwrap_or_else(|_| panic!("a holder"));
        assert_eq!(holder.name.reveal(), name.unwrap_or("示例"));
        let right = citizen_id(sequence.unwrap_or(1));
        assert!(holder.document.reveal() == right.reveal());
    }
}

#[test]
fn a_re_issue_makes_the_next_version_and_changes_nothing_but_the_token() {
    let mut certificate = certificate();
    let before = certificate.clone();
    let reason = written("遗失");
    let reissue = certificate.propose_reissue(&reason, "00".to_owned());
    let reissue = reissue.unwrap_or_else(|_| panic!("in force"));
    let proposed = reissue.hash_over(&certificate);
    let fact = certificate.reissue(proposal(2), [2; 32]).expect("in force");
    certificate.apply(&fact);
    assert_ne!(reissue.hash_over(&certificate), proposed);
    let expected = Certificate {
        version: 2,
        qr_token_hash: [2; 32],
        ..before
    };
    assert_eq!(certificate, expected);
}

#[test]
fn a_revoked_certificate_stays_revoked() {
    let mut certificate = certificate();
    let reason = RevocationReason::Cheating;
    let fact = certificate
        .revoke(proposal(3), reason, TODAY)
        .expect("in force");
    certificate.apply(&fact);
    assert_eq!(certificate.status, CertificateStatus::Revoked);
    assert_eq!(
        (certificate.version, certificate.public_reason),
        (1, Some(reason))
    );

    let again = certificate
        .revoke(proposal(4), reason, TODAY)
        .expect_err("revoked");
    let corrected = certificate
        .correct(proposal(5), &person("示例"), [0; 32])
        .expect_err("revoked");
    let reissued = certificate.reissue(proposal(6), [0; 32]);
    let reissued = reissued.expect_err("revoked");
    let proposed = certificate.propose_reissue(&written("遗失"), String::new());
    let proposed = proposed.err().expect("revoked");
    for refused in [again, corrected, reissued, proposed] {
        assert_eq!(refused.codes(), ["CERTIFICATE_REVOKED"]);
    }
    let (grounds, salt) = (written("查实"), String::new());
    let proposed = Revocation::propose(&[certificate], reason, &grounds, salt);
    assert_eq!(proposed.err(), Some(CertificateRejection::Revoked));
}

#[test]
fn a_revocation_is_of_certificates_in_force_and_of_them_as_they_stand() {
    let (reason, grounds) = (RevocationReason::Cheating, written("查实"));
    let nothing = Revocation::propose(&[], reason, &grounds, String::new());
    assert_eq!(nothing.err(), Some(CertificateRejection::NothingToRevoke));
    let mut all = [certificate()];
    let revocation = Revocation::propose(&all, reason, &grounds, String::new());
    let revocation = revocation.expect("in force");
    let proposed = revocation.hash_over(&all);
    let fact = all[0].correct(proposal(2), &person("示例例"), [2; 32]);
    all[0].apply(&fact.expect("in force"));
    assert_ne!(revocation.hash_over(&all), proposed);
}

#[test]
fn nobody_loses_a_certificate_before_being_heard_or_the_time_for_it_is_over() {
    let heard = |waiting, today| Revocation::heard(TODAY, waiting, today);
    assert_eq!(heard(0, TODAY), Ok(()));
    let early = CertificateRejection::HearingOpen { until: TODAY };
    assert_eq!(heard(1, TODAY), Err(early));
    let tomorrow = TODAY.tomorrow().expect("a day");
    assert_eq!(heard(1, tomorrow), Ok(()));
}

#[test]
fn what_is_confirmed_is_the_change_of_the_certificate_as_it_stands() {
    let mut certificate = certificate();
    let correction = correction(&certificate);
    let proposed = correction.hash_over(&certificate);
    assert_eq!(correction.hash_over(&certificate), proposed);
    let fact = certificate
        .correct(proposal(2), &person("示例例"), [2; 32])
        .expect("in force");
    certificate.apply(&fact);
    assert_ne!(correction.hash_over(&certificate), proposed);
}
