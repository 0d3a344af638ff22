//! Facts as the journal takes them: name, areas, record, and the message for the others.
//!
//! Of a result the others are told its stage and nothing more; of a certificate the whole of what
//! the public may know. People are found by keyed digests alone, made here for every key in use.

use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::division::DivisionCode;
use kernel::ids::ProposalId;
use kernel::query_key::QueryKey;
use platform::contract;
use platform::crypto::BlindIndexer;
use platform::facts::Record;
use prost::Message;
use proto::results::v1 as results;
use serde::Serialize;

use crate::convert;
use crate::domain::batch::{Batch, BatchFact};
use crate::domain::certificate::{
    Certificate, CertificateFact, OrderFact, RevocationFact, RevocationReason,
};
use crate::domain::person::Person;
use crate::domain::result::{CandidateResult, Change, ResultFact, Showing};
use crate::domain::review::ReviewLevel;

/// A fact of a batch. Others are told of objections; what else concerns them are the rows.
pub(crate) fn of_batch(batch: &Batch, fact: &BatchFact) -> Record {
    let kind = match fact {
        BatchFact::BatchOpened { .. } => "batch_opened",
        BatchFact::ScoresRecorded { .. } => "scores_recorded",
        BatchFact::PublicNoticeProposed { .. } => "public_notice_proposed",
        BatchFact::PublicNoticeOpened { .. } => "public_notice_opened",
        BatchFact::NobodyPassed { .. } => "nobody_passed",
        BatchFact::ScoreChangeProposed { .. } => "score_change_proposed",
        BatchFact::ScoresChanged { .. } => "scores_changed",
        BatchFact::ObjectionRaised { .. } => "objection_raised",
        BatchFact::ObjectionResolved { .. } => "objection_resolved",
        BatchFact::PublicNoticeRecounted { .. } => "public_notice_recounted",
        BatchFact::NoticeRowsConcluded { .. } => "notice_rows_concluded",
        BatchFact::ResultsUploaded { .. } => "results_uploaded",
        BatchFact::ReviewProposed { .. } => "review_proposed",
        BatchFact::ReviewConfirmed { .. } => "review_confirmed",
        BatchFact::IssuanceProposed { .. } => "issuance_proposed",
        BatchFact::CertificatesIssued { .. } => "certificates_issued",
    };
    Record {
        kind,
        schema_version: 1,
        areas: batch.areas(),
        payload: json(fact),
        message: batch_message(batch, fact),
    }
}

fn batch_message(batch: &Batch, fact: &BatchFact) -> Option<Vec<u8>> {
    let BatchFact::ObjectionRaised { objection, .. } = fact else {
        return None;
    };
    let message = results::ResultObjectionRaised {
        objection_id: objection.to_string(),
        batch_id: batch.id.to_string(),
        organization_id: batch.organization.to_string(),
        plan_id: batch.plan.to_string(),
    };
    Some(message.encode_to_vec())
}

/// The kind under which the public query hears of a candidate.
const STAGE_CHANGED: &str = "candidate_stage_changed";

/// A fact of a result. Its record carries the salted hash of the row as it is afterwards, and its
/// own name, since all that changes a stage leaves under one.
#[derive(Serialize)]
struct ResultPayload<'a> {
    what: &'static str,
    #[serde(flatten)]
    fact: &'a ResultFact,
    content_hash: ContentHash,
}

/// A fact of a result; told where it changes the candidate's stage, for which it takes the name.
pub(crate) fn of_result(
    batch: &Batch,
    change: &Change,
    candidate: Option<&Person>,
    indexer: &BlindIndexer,
    today: Date,
) -> Record {
    let what = match &change.fact {
        ResultFact::ResultOpened { .. } => "result_opened",
        ResultFact::ScoresRecorded { .. } => "scores_recorded",
        ResultFact::ResultNotPassed { .. } => "result_not_passed",
        ResultFact::ResultShown { .. } => "result_shown",
        ResultFact::ResultScoresChanged { .. } => "result_scores_changed",
        ResultFact::ResultNoticeMoved { .. } => "result_notice_moved",
        ResultFact::ResultNoticeConcluded {} => "result_notice_concluded",
        ResultFact::ResultTakenOut { .. } => "result_taken_out",
        ResultFact::ResultUploaded { .. } => "result_uploaded",
        ResultFact::ResultApproved { .. } => "result_approved",
        ResultFact::ResultReturned { .. } => "result_returned",
        ResultFact::ResultResubmitted { .. } => "result_resubmitted",
        ResultFact::ResultCertified { .. } => "result_certified",
    };
    let content_hash = change.result.content_hash();
    let payload = ResultPayload {
        what,
        fact: &change.fact,
        content_hash,
    };
    let message = stage(&change.fact)
        .zip(candidate)
        .map(|((stage, until), candidate)| {
            let message = results::CandidateStageFact {
                result_id: change.result.id.to_string(),
                stage: stage.into(),
                until: until.map(|until| until.to_string()).unwrap_or_default(),
                blind_indexes: ticket_doors(&change.result, candidate, indexer),
                since: today.to_string(),
            };
            message.encode_to_vec()
        });
    let kind = if message.is_some() {
        STAGE_CHANGED
    } else {
        what
    };
    Record {
        kind,
        schema_version: 1,
        areas: batch.areas(),
        payload: json(&payload),
        message,
    }
}

/// The stage that a fact brings the candidate to, where it does.
pub(crate) fn stage(fact: &ResultFact) -> Option<(results::CandidateStage, Option<Date>)> {
    use results::CandidateStage as Stage;
    Some(match fact {
        ResultFact::ResultShown { until, .. } | ResultFact::ResultNoticeMoved { until } => {
            (Stage::InPublicNotice, Some(*until))
        }
        ResultFact::ResultScoresChanged { shown, .. } => match shown {
            Some(Showing { until, .. }) => (Stage::InPublicNotice, Some(*until)),
            None => (Stage::Ended, None),
        },
        ResultFact::ResultUploaded {
            to: ReviewLevel::City,
        } => (Stage::InCityReview, None),
        ResultFact::ResultUploaded {
            to: ReviewLevel::Province,
        }
        | ResultFact::ResultApproved {
            level: ReviewLevel::City,
            ..
        } => (Stage::InProvinceReview, None),
        ResultFact::ResultApproved {
            level: ReviewLevel::Province,
            ..
        } => (Stage::Approved, None),
        ResultFact::ResultTakenOut { .. } | ResultFact::ResultCertified { .. } => {
            (Stage::Ended, None)
        }
        // Not shown yet, not passed, or still on the level where the candidate is known to be.
        ResultFact::ResultOpened { .. }
        | ResultFact::ScoresRecorded { .. }
        | ResultFact::ResultNotPassed { .. }
        | ResultFact::ResultNoticeConcluded {}
        | ResultFact::ResultReturned { .. }
        | ResultFact::ResultResubmitted { .. } => return None,
    })
}

/// A fact of a certificate that nobody outside is told: a proposal.
pub(crate) fn of_proposal(certificate: &Certificate, fact: &CertificateFact) -> Record {
    certificate_record(certificate, fact, None)
}

/// A fact of a certificate, with all that the public may be told after it.
pub(crate) fn of_certificate(
    event: results::CertificateEvent,
    certificate: &Certificate,
    fact: &CertificateFact,
    holder: &Person,
    indexer: &BlindIndexer,
    canonical_leaf: Vec<u8>,
) -> Record {
    let message = results::CertificateFact {
        event: event.into(),
        certificate_id: certificate.id.to_string(),
        number: certificate.number.to_string(),
        version: certificate.version,
        supersedes: certificate.version - 1,
        status: convert::status_word(certificate.status).into(),
        blind_indexes: certificate_doors(certificate, holder, indexer),
        qr_token_hash: certificate.qr_token_hash.to_vec().into(),
        masked_name: certificate.masked_name.clone(),
        masked_document_number: certificate.masked_document_number.clone(),
        occupation: Some(contract::occupation_message(
            &certificate.subject.occupation,
        )),
        occupation_name: certificate.subject.occupation_name.clone(),
        trade: certificate.subject.trade.clone(),
        level: contract::level_message(certificate.subject.level).into(),
        organization_name: certificate.organization_name.clone(),
        issued_on: certificate.issued_on.to_string(),
        status_since: certificate.status_since.to_string(),
        public_reason: certificate
            .public_reason
            .map_or("", RevocationReason::as_str)
            .to_owned(),
        lineage: Some(lineage(certificate)),
        canonical_leaf: canonical_leaf.into(),
    };
    certificate_record(certificate, fact, Some(message.encode_to_vec()))
}

/// A fact of a revocation. Nobody outside is told before it is carried out.
pub(crate) fn of_revocation(areas: &[DivisionCode], fact: &RevocationFact) -> Record {
    let kind = match fact {
        RevocationFact::RevocationProposed { .. } => "revocation_proposed",
        RevocationFact::HolderHeard { .. } => "holder_heard",
        RevocationFact::RevocationAbandoned {} => "revocation_abandoned",
        RevocationFact::CertificatesRevoked { .. } => "certificates_revoked",
    };
    Record {
        kind,
        schema_version: 1,
        areas: areas.to_vec(),
        payload: json(fact),
        message: None,
    }
}

/// A fact of a centre's order to revoke. The organisation has it on its desk.
pub(crate) fn of_order(areas: &[DivisionCode], fact: &OrderFact) -> Record {
    let kind = match fact {
        OrderFact::RevocationOrdered { .. } => "revocation_ordered",
        OrderFact::RevocationOrderLifted {} => "revocation_order_lifted",
    };
    Record {
        kind,
        schema_version: 1,
        areas: areas.to_vec(),
        payload: json(fact),
        message: None,
    }
}

fn certificate_record(
    certificate: &Certificate,
    fact: &CertificateFact,
    message: Option<Vec<u8>>,
) -> Record {
    let kind = match fact {
        CertificateFact::CertificateIssued { .. } => "certificate_issued",
        CertificateFact::CorrectionProposed { .. } => "correction_proposed",
        CertificateFact::CertificateCorrected { .. } => "certificate_corrected",
        CertificateFact::ReissueProposed { .. } => "reissue_proposed",
        CertificateFact::CertificateReissued { .. } => "certificate_reissued",
        CertificateFact::CertificateRevoked { .. } => "certificate_revoked",
    };
    let areas = certificate.areas.clone();
    Record {
        kind,
        schema_version: 1,
        areas,
        payload: json(fact),
        message,
    }
}

fn lineage(certificate: &Certificate) -> results::CertificateLineage {
    let lineage = &certificate.lineage;
    let review =
        |review: Option<ProposalId>| review.map(|review| review.to_string()).unwrap_or_default();
    results::CertificateLineage {
        organization_id: lineage.organization.to_string(),
        organization_code: lineage.organization_code.to_string(),
        right_id: lineage.right.to_string(),
        organization_version: lineage.organization_version,
        plan_id: lineage.plan.to_string(),
        batch_id: lineage.batch.to_string(),
        result_id: lineage.result.to_string(),
        public_notice_id: lineage.public_notice.to_string(),
        city_review_id: review(lineage.city_review),
        province_review_id: review(lineage.province_review),
        issuance_id: lineage.issuance.to_string(),
    }
}

fn ticket_doors(
    result: &CandidateResult,
    candidate: &Person,
    indexer: &BlindIndexer,
) -> Vec<results::BlindIndex> {
    let key = QueryKey::ticket_and_name(&result.ticket_number, &candidate.name);
    doors(results::IndexPurpose::TicketAndName, &key, indexer)
}

fn certificate_doors(
    certificate: &Certificate,
    holder: &Person,
    indexer: &BlindIndexer,
) -> Vec<results::BlindIndex> {
    let number = QueryKey::number_and_name(&certificate.number, &holder.name);
    let document = QueryKey::document_and_name(&holder.document.number(), &holder.name);
    let mut all = doors(results::IndexPurpose::NumberAndName, &number, indexer);
    all.extend(doors(
        results::IndexPurpose::DocumentAndName,
        &document,
        indexer,
    ));
    all
}

fn doors(
    purpose: results::IndexPurpose,
    key: &QueryKey,
    indexer: &BlindIndexer,
) -> Vec<results::BlindIndex> {
    let index = indexer.index(key.purpose(), &key.parts()).into_iter();
    index
        .map(|index| results::BlindIndex {
            purpose: purpose.into(),
            key_id: index.key_id,
            digest: index.digest.to_vec().into(),
        })
        .collect()
}

fn json(payload: &impl Serialize) -> String {
    serde_json::to_string(payload).expect("plain values are JSON")
}
