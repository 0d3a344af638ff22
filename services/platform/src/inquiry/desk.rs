//! What waits of inquiries, by name; who waits for what, the view `platform.inquiry_desk` says.

use kernel::ids::{ComplaintId, LeadId, ObjectionId};

use crate::desk::Kind;

/// What waits where there are public notices.
pub const OBJECTIONS_ON_DESK: [Kind; 4] = [
    Kind::of::<ObjectionId>(
        "objection_to_decide",
        "异议待核实处理",
        "look into an objection and decide it",
    ),
    Kind::of::<ObjectionId>(
        "objection_to_respond_to",
        "异议事项待答复说明",
        "answer what was asked about an objection",
    ),
    Kind::of::<LeadId>(
        "lead_to_close",
        "线索待核查办结",
        "look into a lead and close it",
    ),
    Kind::of::<LeadId>(
        "lead_to_respond_to",
        "线索事项待答复说明",
        "answer what was asked about a lead",
    ),
];

/// What waits where organisations are complained about.
pub const COMPLAINTS_ON_DESK: [Kind; 3] = [
    Kind::of::<ComplaintId>(
        "complaint_to_accept",
        "投诉举报待决定是否受理",
        "accept a complaint or decline it",
    ),
    Kind::of::<ComplaintId>(
        "complaint_to_answer",
        "投诉举报待办结答复",
        "look into a complaint and answer it",
    ),
    Kind::of::<ComplaintId>(
        "complaint_to_respond_to",
        "投诉举报事项待答复说明",
        "answer what was asked about a complaint",
    ),
];
