//! Messages to organisations (消息): which of the things that happen an organisation is told, and in
//! which words. A message names the record to look at and nobody in it.

use kernel::division::DivisionCode;
use kernel::ids::{MeasureId, OrganizationId, TypedId};
use kernel::measure::Measure as Terms;
use kernel::rejections;
use strum::{EnumIter, EnumString, IntoStaticStr};

use super::organization::OrganizationFact;
use super::organization::measure::Measure;

rejections! {
    /// Why messages are not listed or noted as read.
    pub enum MessageRejection {
        /// No such message to this organisation.
        NotFound => "MESSAGE_NOT_FOUND", NotFound, "platform",
            "未找到该条消息", "no such message";
        /// A page begins where another one of the same list ended.
        PageToken => "MESSAGE_PAGE_TOKEN", InvalidArgument, "platform",
            "page_token 应取自上一页的答复", "a page_token is taken from the response before";
        /// More than anybody reads at once.
        ListTooLong { limit: usize } => "MESSAGE_LIST_TOO_LONG", InvalidArgument, "platform",
            "一次最多标记 {limit} 条消息", "at most {limit} messages are noted as read at once";
    }
}

/// Messages that are noted as read at once, at most.
pub const MOST_READ: usize = 500;

/// What an organisation is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum MessageKind {
    /// Its application was given back.
    ApplicationReturned,
    /// It is not selected.
    ApplicationRejected,
    /// Its selection is shown to the public.
    SelectionShown,
    /// An objection was upheld, and its application is assessed anew.
    SelectionOverturned,
    /// It is withdrawn, and with it ends what it applied for.
    ApplicationLapsed,
    /// It has its code.
    OrganizationRegistered,
    /// It has further rights.
    RightsGranted,
    /// Its rights have a new term.
    RightsRenewed,
    /// Rights of its end.
    RightsEnded,
    /// Its head is called in.
    TalkOrdered,
    /// It has to put something right.
    RectificationOrdered,
    /// There is more time for it.
    RectificationPostponed,
    /// What it put right was not accepted.
    RectificationReturned,
    /// What it put right was accepted.
    RectificationAccepted,
    /// Rights of its rest.
    RightsSuspended,
    /// They hold again.
    RightsResumed,
    /// It is an evaluation organisation no longer.
    OrganizationWithdrawn,
    /// A change of its entry holds.
    ChangeApproved,
    /// A change of its entry does not.
    ChangeDeclined,
    /// It is asked about an objection, a lead or a complaint.
    QuestionAsked,
    /// Cities are consulted about its work there.
    ConsultationOpened,
    /// It may not work in some of them.
    ConsultationRefused,
}

/// A message in words: what happened, and what is to be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// What happened, in Chinese.
    pub title_zh: &'static str,
    /// What happened, in English.
    pub title_en: &'static str,
    /// What is to be done, in Chinese.
    pub body_zh: &'static str,
    /// What is to be done, in English.
    pub body_en: &'static str,
}

const fn words(
    [title_zh, title_en]: [&'static str; 2],
    [body_zh, body_en]: [&'static str; 2],
) -> Words {
    Words {
        title_zh,
        title_en,
        body_zh,
        body_en,
    }
}

/// For what needs no answer.
const TO_BE_KNOWN: [&str; 2] = [
    "详情请登录系统查看。",
    "Please look at the record for what was decided.",
];

impl MessageKind {
    /// Name for machines, as stored.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The message in words.
    #[expect(
        clippy::too_many_lines,
        reason = "one arm for each kind, and nothing but arms"
    )]
    pub fn words(self) -> Words {
        match self {
            Self::ApplicationReturned => words(
                ["申报材料已退回", "Your application was given back"],
                [
                    "请登录系统查看退回原因，在规定期限内补正后重新提交。",
                    "Please see what was given back and why, correct it in time and hand it in again.",
                ],
            ),
            Self::ApplicationRejected => words(
                ["申报未予遴选", "Your application was not selected"],
                [
                    "请登录系统查看决定及理由。",
                    "Please look at the decision and its reason.",
                ],
            ),
            Self::SelectionShown => words(
                [
                    "遴选结果已开始公示",
                    "Your selection is shown to the public",
                ],
                [
                    "公示期内如有异议，将通知贵单位答复说明。",
                    "Should anybody object, you will be asked for an answer.",
                ],
            ),
            Self::SelectionOverturned => words(
                [
                    "公示异议成立，申报重新评估",
                    "An objection was upheld; your application is assessed anew",
                ],
                [
                    "公示的遴选结果不再有效，请登录系统查看申报进展。",
                    "The selection that was shown does not stand; please follow your application.",
                ],
            ),
            Self::ApplicationLapsed => words(
                ["申报已终结", "Your application has lapsed"],
                [
                    "备案已取消，扩项、续期申报随之终结。",
                    "Your filing is withdrawn, so there is nothing left to extend or to renew.",
                ],
            ),
            Self::OrganizationRegistered => words(
                ["已赋予机构代码并备案", "You have your organisation code"],
                [
                    "请填报对外联系方式，公开考务、质量、证书管理办法和收费标准后，方可报送考核计划。",
                    "Please give a contact and publish your rules and fees; without them no exam plan is taken.",
                ],
            ),
            Self::RightsGranted => words(
                ["已新增评价职业（工种）或地区", "You have further rights"],
                TO_BE_KNOWN,
            ),
            Self::RightsRenewed => words(
                ["评价资格已延续", "Your rights have a new term"],
                TO_BE_KNOWN,
            ),
            Self::RightsEnded => words(["部分评价资格已终止", "Rights of yours end"], TO_BE_KNOWN),
            Self::TalkOrdered => words(
                ["约谈通知", "You are called in for a talk"],
                [
                    "请登录系统查看约谈事由，并与备案的鉴定中心联系。",
                    "Please look at the grounds and get in touch with the centre you filed with.",
                ],
            ),
            Self::RectificationOrdered => words(
                ["限期整改通知", "You are told to put something right"],
                [
                    "请登录系统查看整改要求，在期限内完成并报告整改情况。",
                    "Please see what is to be put right, do so by the day that is set and report it.",
                ],
            ),
            Self::RectificationPostponed => words(
                [
                    "整改期限遇休息日顺延",
                    "Your rectification is due on the next working day",
                ],
                [
                    "请登录系统查看新的整改期限。",
                    "Please look at the day by which it is due now.",
                ],
            ),
            Self::RectificationReturned => words(
                ["整改未通过验收", "Your rectification was not accepted"],
                [
                    "请登录系统查看原因，在新的期限内完成整改并再次报告。",
                    "Please see why, put it right by the day that is set now and report it again.",
                ],
            ),
            Self::RectificationAccepted => words(
                ["整改已通过验收", "Your rectification was accepted"],
                TO_BE_KNOWN,
            ),
            Self::RightsSuspended => words(
                ["评价资格已暂停", "Rights of yours are suspended"],
                [
                    "暂停期间不得开展相应评价活动，请登录系统查看事由和已考核批次的处理方式。",
                    "Nothing is evaluated by them meanwhile; please see the grounds and what becomes of exams held before.",
                ],
            ),
            Self::RightsResumed => {
                words(["评价资格恢复", "Suspended rights hold again"], TO_BE_KNOWN)
            }
            Self::OrganizationWithdrawn => words(
                ["备案已取消", "Your filing is withdrawn"],
                [
                    "自生效之日起不得再开展评价活动，请登录系统查看事由。",
                    "From its first day on nothing may be evaluated; please see the grounds.",
                ],
            ),
            Self::ChangeApproved => {
                words(["机构变更已通过", "Your change was approved"], TO_BE_KNOWN)
            }
            Self::ChangeDeclined => words(
                ["机构变更未通过", "Your change was declined"],
                ["请登录系统查看理由。", "Please look at the reason."],
            ),
            Self::QuestionAsked => words(
                ["有事项请贵单位答复说明", "You are asked for an answer"],
                [
                    "请登录系统查看所询问的事项，在规定期限内答复。",
                    "Please look at the question and answer it in time.",
                ],
            ),
            Self::ConsultationOpened => words(
                [
                    "跨区域开展评价已启动协商",
                    "Cities are consulted about your work there",
                ],
                TO_BE_KNOWN,
            ),
            Self::ConsultationRefused => words(
                [
                    "部分地区未同意跨区域开展评价",
                    "Work in some of the cities is not granted",
                ],
                TO_BE_KNOWN,
            ),
        }
    }
}

/// A message to an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    /// To whom.
    pub organization: OrganizationId,
    /// What happened.
    pub kind: MessageKind,
    /// The record to look at, as people write its id.
    pub subject: String,
    /// The centre that it came about at, where that is not the one it belongs to by its entry.
    pub area: Option<DivisionCode>,
}

impl Telling {
    /// A message about a record.
    pub fn new(organization: OrganizationId, kind: MessageKind, subject: impl TypedId) -> Self {
        Self {
            organization,
            kind,
            subject: subject.to_string(),
            area: None,
        }
    }

    /// What an organisation is told of something that happened to it here, if it is.
    pub fn of(fact: &OrganizationFact) -> Option<Self> {
        use OrganizationFact as Fact;
        let told = |to: OrganizationId, kind| Some(Self::new(to, kind, to));
        let about = |to, kind, measure: MeasureId| Some(Self::new(to, kind, measure));
        match fact {
            Fact::OrganizationRegistered {
                organization_id, ..
            } => told(*organization_id, MessageKind::OrganizationRegistered),
            Fact::RightsGranted {
                organization_id, ..
            } => told(*organization_id, MessageKind::RightsGranted),
            Fact::RightsRenewed {
                organization_id, ..
            } => told(*organization_id, MessageKind::RightsRenewed),
            Fact::RightsEnded {
                organization_id, ..
            } => told(*organization_id, MessageKind::RightsEnded),
            Fact::MeasureImposed {
                organization_id,
                measure,
                ..
            }
            | Fact::OrganizationWithdrawn {
                organization_id,
                measure,
                ..
            } => {
                let kind = kind_of_measure(measure);
                Some(Self::new(*organization_id, kind, measure.measure_id))
            }
            Fact::RectificationPostponed {
                organization_id,
                measure_id,
                ..
            } => about(
                *organization_id,
                MessageKind::RectificationPostponed,
                *measure_id,
            ),
            Fact::RectificationReturned {
                organization_id,
                measure_id,
                ..
            } => about(
                *organization_id,
                MessageKind::RectificationReturned,
                *measure_id,
            ),
            Fact::RectificationAccepted {
                organization_id,
                measure_id,
                ..
            } => about(
                *organization_id,
                MessageKind::RectificationAccepted,
                *measure_id,
            ),
            Fact::RightsResumed {
                organization_id,
                measure_id,
                ..
            } => about(*organization_id, MessageKind::RightsResumed, *measure_id),
            Fact::ChangeDecided {
                organization_id,
                change_id,
                approved,
                ..
            } => {
                let kind = if *approved {
                    MessageKind::ChangeApproved
                } else {
                    MessageKind::ChangeDeclined
                };
                Some(Self::new(*organization_id, kind, *change_id))
            }
            // What it does itself it knows, and its report to the province is the city's.
            Fact::BodyEnrolled { .. }
            | Fact::BodyCorrected { .. }
            | Fact::MessagesRead { .. }
            | Fact::MailAddressSet { .. }
            | Fact::OrganizationReported { .. }
            | Fact::RectificationReported { .. }
            | Fact::RulesPublished { .. }
            | Fact::ContactChanged { .. }
            | Fact::ChangeRequested { .. } => None,
        }
    }
}

fn kind_of_measure(measure: &Measure) -> MessageKind {
    match measure.order.measure {
        Terms::Talk => MessageKind::TalkOrdered,
        Terms::Rectification { .. } => MessageKind::RectificationOrdered,
        Terms::Suspension { .. } => MessageKind::RightsSuspended,
        Terms::Withdrawal => MessageKind::OrganizationWithdrawn,
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn every_message_says_in_both_languages_what_happened_and_what_to_do() {
        for kind in MessageKind::iter() {
            assert_eq!(kind.name().parse(), Ok(kind));
            let words = kind.words();
            for text in [words.title_zh, words.body_zh] {
                assert!(!text.is_ascii() && !text.contains('\n'), "{kind:?}");
            }
            for text in [words.title_en, words.body_en] {
                assert!(text.is_ascii() && text.len() > 10, "{kind:?}");
            }
        }
    }
}
