//! What `results` tells: certificates, and how far candidates are.
//!
//! A fact holds the whole of what the public may be told, so applying one is writing it down, and
//! applying it twice changes nothing. A status that is not understood is an error and never read
//! as "valid": the fact goes to quarantine, and the data's age shows that one is missing.

use std::str::FromStr;
use std::sync::Arc;

use jiff::civil::Date;
use kernel::certificate_number::CertificateNumber;
use kernel::ids::{CertificateId, ResultId};
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::rejection::Faults;
use platform::bus::Subscription;
use platform::error::readable;
use platform::inbox::Handler;
use platform::unit::Unit;
use platform::{Result, contract};
use prost::Message;
use proto::common::v1::Fact;
use proto::results::v1::{CandidateStage, CandidateStageFact, CertificateFact, CertificateStatus};

use crate::SERVICE;
use crate::index::store::{
    Doors, PURPOSES_OF_A_CANDIDATE, PURPOSES_OF_A_CERTIFICATE, candidate, certificate,
};
use crate::index::{Certificate, Organization, Stage, Standing, Subject};

/// The service whose certificates are answered for.
pub const OWNER: &str = "results";

/// Certificates: what the public index is made of.
pub const CERTIFICATES: Subscription = Subscription {
    listener: SERVICE,
    owner: OWNER,
    aggregate_kind: "certificate",
};
/// Candidates who have no certificate yet.
pub const RESULTS: Subscription = Subscription {
    listener: SERVICE,
    owner: OWNER,
    aggregate_kind: "result",
};

/// Writes certificates into the index.
pub struct Certificates;

impl Handler for Certificates {
    async fn apply(&self, unit: &mut Unit, fact: &Fact) -> Result<()> {
        match fact.kind.as_str() {
            "certificate_issued"
            | "certificate_corrected"
            | "certificate_reissued"
            | "certificate_revoked"
            | "certificate_reindexed" => {
                let fact = CertificateFact::decode(fact.payload.clone());
                put_certificate(unit, fact.map_err(anyhow::Error::from)?).await
            }
            _ => Ok(()),
        }
    }
}

/// Writes down how far candidates are.
pub struct Stages;

impl Handler for Stages {
    /// Whatever happened to a result: what leaves is the stage that it brings the candidate to.
    async fn apply(&self, unit: &mut Unit, fact: &Fact) -> Result<()> {
        let fact = CandidateStageFact::decode(fact.payload.clone());
        put_stage(unit, &fact.map_err(anyhow::Error::from)?).await
    }
}

async fn put_certificate(unit: &mut Unit, fact: CertificateFact) -> Result<()> {
    certificate::put(unit.connection(), &version(fact)?).await
}

fn version(fact: CertificateFact) -> Result<certificate::VersionRow> {
    let id = read(CertificateId::parse(&fact.certificate_id))?;
    let status_since = date(&fact.status_since)?;
    let standing = standing(&fact, status_since)?;
    let lineage = fact.lineage.unwrap_or_default();
    let code = read(EvaluationOrganizationCode::parse(
        &lineage.organization_code,
    ))?;
    let certificate = Certificate {
        number: read(CertificateNumber::parse(&fact.number))?.to_string(),
        holder: fact.masked_name,
        document_number: fact.masked_document_number,
        subject: Arc::new(Subject {
            occupation: read(contract::occupation(fact.occupation.as_ref()))?,
            occupation_name: fact.occupation_name,
            trade: fact.trade,
            level: read(contract::level(fact.level))?,
        }),
        organization: Arc::new(Organization {
            code: code.to_string(),
            name: fact.organization_name,
        }),
        issued_on: date(&fact.issued_on)?,
        standing,
    };
    Ok(certificate::VersionRow {
        certificate_id: id.uuid(),
        version: i32::try_from(fact.version).map_err(anyhow::Error::from)?,
        certificate,
        status_since,
        qr_token_hash: fact.qr_token_hash.to_vec(),
        doors: Doors::of(&fact.blind_indexes, PURPOSES_OF_A_CERTIFICATE)?,
        lineage: lineage.encode_to_vec(),
        canonical_leaf: fact.canonical_leaf.to_vec(),
    })
}

fn standing(fact: &CertificateFact, since: Date) -> Result<Standing> {
    match fact.status() {
        CertificateStatus::Valid => Ok(Standing::Valid),
        CertificateStatus::Suspended => Ok(Standing::Suspended { since }),
        CertificateStatus::Revoked => Ok(Standing::Revoked {
            on: since,
            reason: fact.public_reason.clone(),
        }),
        CertificateStatus::Unspecified => {
            Err(anyhow::anyhow!("a certificate of unknown status").into())
        }
    }
}

async fn put_stage(unit: &mut Unit, fact: &CandidateStageFact) -> Result<()> {
    let stage = match fact.stage() {
        CandidateStage::InPublicNotice => Stage::InPublicNotice.name(),
        CandidateStage::InCityReview => Stage::InCityReview.name(),
        CandidateStage::InProvinceReview => Stage::InProvinceReview.name(),
        CandidateStage::Approved => Stage::Approved.name(),
        CandidateStage::Ended => candidate::ENDED,
        CandidateStage::Unspecified => {
            return Err(anyhow::anyhow!("a candidate at an unknown stage").into());
        }
    };
    let row = candidate::StageRow {
        result_id: read(ResultId::parse(&fact.result_id))?.uuid(),
        stage,
        since: date(&fact.since)?,
        until: if fact.until.is_empty() {
            None
        } else {
            Some(date(&fact.until)?)
        },
        doors: Doors::of(&fact.blind_indexes, PURPOSES_OF_A_CANDIDATE)?,
    };
    candidate::put(unit.connection(), &row).await
}

/// A value that the owner's own rules let through; if ours do not, one of the two is wrong.
fn read<T, R: Into<Faults>>(value: Result<T, R>) -> Result<T> {
    readable("fact", value)
}

fn date(text: &str) -> Result<Date> {
    Ok(Date::from_str(text).map_err(anyhow::Error::from)?)
}
