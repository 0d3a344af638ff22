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

fn name(text: &str) -> PersonName {
    PersonName::parse(text).expect("a name")
}

fn correction(certificate: &Certificate) -> Correction {
    let (current, corrected) = (name("示例"), name("示例例"));
    let (reason, salt) = (written("漏录一字"), "00".to_owned());
    let proposed = certificate.propose_correction(&current, &corrected, &reason, salt);
    proposed.expect("a correction")
}

#[test]
fn a_correction_makes_the_next_version_and_keeps_the_number() {
    let mut certificate = certificate();
    let number = certificate.number;
    let fact = certificate
        .correct(proposal(2), "示*例".to_owned(), [2; 32])
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
fn a_correction_changes_the_name() {
    let (same, reason) = (name("示例"), written("漏录一字"));
    let proposed = certificate().propose_correction(&same, &same, &reason, String::new());
    let refused = proposed.err().expect("nothing to correct");
    assert_eq!(refused.codes(), ["CORRECTION_UNCHANGED"]);
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
        .correct(proposal(5), String::new(), [0; 32])
        .expect_err("revoked");
    let proposed = certificate.propose_revocation(reason, &written("查实"), String::new());
    for refused in [again, corrected, proposed.err().expect("revoked")] {
        assert_eq!(refused.codes(), ["CERTIFICATE_REVOKED"]);
    }
}

#[test]
fn what_is_confirmed_is_the_change_of_the_certificate_as_it_stands() {
    let mut certificate = certificate();
    let correction = correction(&certificate);
    let proposed = correction.hash_over(&certificate);
    assert_eq!(correction.hash_over(&certificate), proposed);
    let fact = certificate
        .correct(proposal(2), "示*".to_owned(), [2; 32])
        .expect("in force");
    certificate.apply(&fact);
    assert_ne!(correction.hash_over(&certificate), proposed);
}
