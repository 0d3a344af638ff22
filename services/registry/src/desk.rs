//! What waits in the register, by name; for whom and by when, the view `platform.desk` says
//! (`migrations/0007_desk.sql`).

use kernel::ids::{ChangeId, MeasureId, MessageId, OrganizationId, ProposalId, RightId};
use platform::desk::{Desk, Kind};
use platform::unit::Journal;

use crate::domain::people::CardId;

/// The desk of the register.
pub fn desk(journal: Journal) -> Desk {
    Desk::new(journal, KINDS)
}

const KINDS: [Kind; 11] = [
    Kind::of::<OrganizationId>(
        "contact_to_give",
        "对外联系方式待填报",
        "say where the public reaches the organisation",
    ),
    Kind::of::<OrganizationId>(
        "rules_to_publish",
        "考务、质量、证书管理办法和收费标准待公开",
        "publish the rules on exam affairs, quality, certificates and fees",
    ),
    Kind::of::<RightId>(
        "right_to_renew",
        "评价资格即将到期，需继续开展评价的应申请续期",
        "apply for a new term of a right that is about to end",
    )
    .until_due(),
    Kind::of::<CardId>(
        "card_to_renew",
        "证卡即将到期，待换发后登记",
        "record the new card of somebody whose card is about to end",
    ),
    Kind::of::<MeasureId>(
        "rectification_to_report",
        "限期整改待完成并报告",
        "put right what was found and report it",
    ),
    Kind::of::<MeasureId>(
        "rectification_to_accept",
        "整改情况待验收",
        "look at a rectification and accept it",
    ),
    Kind::of::<ChangeId>(
        "change_to_decide",
        "机构变更待审核",
        "decide a change of an organisation's entry",
    ),
    Kind::of::<OrganizationId>(
        "measure_to_confirm",
        "监管措施待第二人确认",
        "confirm a measure as the second person",
    ),
    Kind::of::<MessageId>(
        "letter_undelivered",
        "消息邮件无法送达，请电话通知",
        "tell an organisation by telephone what no letter could",
    ),
    Kind::of::<OrganizationId>(
        "organization_to_publish",
        "已报省评价机构待列入目录公布",
        "publish the directory with an organisation that was reported",
    ),
    Kind::of::<ProposalId>(
        "parameter_to_confirm",
        "试点参数调整待第二人确认",
        "confirm a change of a pilot parameter as the second person",
    ),
];
