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
    for refused in [again, corrected] {
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
    let fact = all[0].correct(proposal(2), "示*".to_owned(), [2; 32]);
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
        .correct(proposal(2), "示*".to_owned(), [2; 32])
        .expect("in force");
    certificate.apply(&fact);
    assert_ne!(correction.hash_over(&certificate), proposed);
}
