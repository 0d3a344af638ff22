//! What waits in results, by name; for whom and since when, the view `platform.desk` says
//! (`migrations/0002_desk.sql`).

use kernel::ids::{BatchId, CertificateId, PlanId, RevocationId, RevocationOrderId};
use platform::desk::{Desk, Kind};
use platform::inquiry::OBJECTIONS_ON_DESK;
use platform::unit::Journal;

/// The desk of results.
pub fn desk(journal: Journal) -> Desk {
    Desk::new(journal, KINDS.into_iter().chain(OBJECTIONS_ON_DESK))
}

/// What waits beside inquiries.
const KINDS: [Kind; 16] = [
    Kind::of::<PlanId>(
        "batch_to_open",
        "已办结计划待建立成绩批次",
        "open the batch of a plan that was held",
    ),
    Kind::of::<BatchId>("scores_to_record", "成绩待录入", "record scores"),
    Kind::of::<BatchId>(
        "results_to_show",
        "认定结果待公示",
        "show the results to the public",
    ),
    Kind::of::<BatchId>(
        "results_notice_to_confirm",
        "认定结果公示待第二人确认",
        "open a public notice of results as the second person",
    ),
    Kind::of::<BatchId>(
        "score_change_to_confirm",
        "成绩更正待第二人确认",
        "confirm changed scores as the second person",
    ),
    Kind::of::<BatchId>(
        "results_to_upload",
        "公示无异议，结果待上传",
        "upload results whose public notice is over",
    ),
    Kind::of::<BatchId>(
        "results_returned_by_city",
        "市级审核已退回，结果待更正",
        "answer what the city's review gave back",
    ),
    Kind::of::<BatchId>(
        "results_returned_by_province",
        "省级审核已退回，结果待更正",
        "answer what the province's review gave back",
    ),
    Kind::of::<BatchId>("results_to_review", "认定结果待审核", "review results"),
    Kind::of::<BatchId>(
        "review_to_confirm",
        "审核意见待第二人确认",
        "confirm a review as the second person",
    ),
    Kind::of::<BatchId>(
        "certificates_to_issue",
        "审核通过，证书待颁发",
        "issue certificates",
    ),
    Kind::of::<BatchId>(
        "issuance_to_confirm",
        "颁证待第二人确认",
        "confirm an issuance as the second person",
    ),
    Kind::of::<CertificateId>(
        "correction_to_confirm",
        "证书更正待第二人确认",
        "confirm the correction of a certificate as the second person",
    ),
    Kind::of::<CertificateId>(
        "reissue_to_confirm",
        "证书补发待第二人确认",
        "confirm the re-issue of a certificate as the second person",
    ),
    Kind::of::<RevocationOrderId>(
        "revocation_ordered",
        "中心要求撤销的证书待撤销",
        "revoke certificates as the centre ordered",
    ),
    Kind::of::<RevocationId>(
        "revocation_to_confirm",
        "证书撤销待第二人确认",
        "confirm the revocation of a certificate as the second person",
    ),
];
