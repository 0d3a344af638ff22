//! Whether somebody may be assigned to a duty at an exam or an inspection: known to the
//! organisation, on post, not barred, with a card that says so.

use jiff::civil::Date;
use kernel::ids::{OrganizationId, PersonId};
use kernel::level::Level;
use kernel::occupation::OccupationRef;
use kernel::rejections;

use super::card::Card;
use super::engagement::PersonRole;
use super::home::Home;
use super::person::Person;

/// Most assignments of one question.
pub const MOST_ASSIGNMENTS: usize = 500;

rejections! {
    /// Why a question about assignments is no question.
    pub enum QuestionRejection {
        /// Nobody to judge.
        AssignmentsMissing => "ASSIGNMENTS_MISSING", InvalidArgument, "platform",
            "至少填写一项任务", "at least one assignment is required";
        /// The list has an end.
        TooManyAssignments { limit: usize } => "ASSIGNMENTS_TOO_MANY", InvalidArgument, "platform",
            "一次最多 {limit} 项", "a call takes at most {limit} assignments";
        /// By card or by id.
        PersonUnclear => "ASSIGNMENT_PERSON_UNCLEAR", InvalidArgument, "platform",
            "应填写证卡编号或人员标识中的一项，且只填一项",
            "somebody is named by the number of a card or by id, exactly one of them";
    }
}

rejections! {
    /// Why somebody may not be assigned.
    pub enum AssignmentVerdict {
        /// Not one of the organisation's people. Those of others are as unknown as nobody's.
        PersonUnknown => "PERSON_UNKNOWN", FailedPrecondition, "notice 4.1",
            "本机构没有登记该人员", "the organisation has no such person enlisted";
        /// The card is somebody else's.
        NameOther => "PERSON_NAME_OTHER", FailedPrecondition, "notice 4.1",
            "姓名与证卡登记不符", "the name is not that of the card's holder";
        /// Not in this duty, or not on this day.
        NotOnPost { on: Date } => "PERSON_NOT_ON_POST", FailedPrecondition, "notice 3.1",
            "该人员于 {on} 未任该职", "the person does not have this duty on {on}";
        /// 责任追究
        Sanctioned { on: Date } => "PERSON_SANCTIONED", FailedPrecondition, "notice 6.3",
            "该人员于 {on} 被限制承担该项工作", "the person is barred from this duty on {on}";
        /// No card at all.
        CardMissing => "CARD_MISSING", FailedPrecondition, "notice 3.1",
            "该人员没有登记资质证", "the person has no card on record";
        /// A card for something else.
        CardKind => "CARD_KIND", FailedPrecondition, "notice 3.1",
            "该证卡不适用于该项工作", "the card is for another duty";
        /// Taken back.
        CardRevoked => "CARD_REVOKED", FailedPrecondition, "notice 3.1",
            "该证卡已注销", "the card is revoked";
        /// Too early.
        CardNotYetValid { from: Date } => "CARD_NOT_YET_VALID", FailedPrecondition, "notice 3.1",
            "该证卡自 {from} 起有效", "the card is valid from {from}";
        /// Too late.
        CardExpired { until: Date } => "CARD_EXPIRED", FailedPrecondition, "notice 3.1",
            "该证卡有效期至 {until}", "the card was valid until {until}";
        /// For other occupations.
        CardOccupation => "CARD_OCCUPATION", FailedPrecondition, "notice 3.1",
            "该证卡不含该职业", "the card is not for this occupation";
        /// For other levels.
        CardLevel => "CARD_LEVEL", FailedPrecondition, "notice 3.1",
            "该证卡不含该等级", "the card is not for this level";
    }
}

/// What somebody is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// What.
    pub role: PersonRole,
    /// What is examined, where that matters.
    pub subject: Option<(OccupationRef, Level)>,
    /// When.
    pub on: Date,
}

impl Duty {
    /// Whether a card is asked for. An invigilator needs none, nor does an expert; the notice asks
    /// for valid cards of examiners and supervisors (notice 3.1), the law for those of inspectors.
    fn needs_card(&self) -> bool {
        use PersonRole::{
            Examiner, ExternalSupervisor, Inspector, InternalSupervisor, SeniorExaminer,
        };
        matches!(
            self.role,
            Examiner | SeniorExaminer | InternalSupervisor | ExternalSupervisor | Inspector
        )
    }

    /// Whether an entry answers for the duty at an organisation's exam: one of its own, or one of
    /// somebody whom a centre sends.
    fn may_be_done_by(&self, person: &Person, organization: OrganizationId) -> bool {
        match person.home {
            Home::Organization(home) => home == organization,
            Home::Pool(_) => {
                person.home.has_role(self.role)
                    || self.role.is_same_duty(PersonRole::ExternalSupervisor)
            }
        }
    }

    /// Whether a card is one for this. Whoever shows any card may invigilate.
    fn is_named_by(&self, card: &Card) -> bool {
        card.kind.is_for(self.role) || !self.needs_card()
    }

    fn allows_occupation(&self, card: &Card) -> bool {
        let subject = self.subject.filter(|_| card.kind.is_by_occupation());
        subject.is_none_or(|(occupation, _)| card.occupations.contains(&occupation))
    }

    fn allows_level(&self, card: &Card) -> bool {
        let subject = self.subject.filter(|_| card.kind.is_by_occupation());
        subject.is_none_or(|(_, level)| card.levels.contains(&level))
    }
}

/// Who is meant.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// Entries of the human, at whichever homes.
    pub entries: &'a [&'a Person],
    /// The cards with the number by which the human was named.
    pub cards: Option<&'a [&'a Card]>,
    /// Whether the name that was given is that of an entry, where one was given.
    pub same_name: bool,
}

/// Whether the human may do it at an organisation's exam.
///
/// # Errors
/// The first reason why not, from who it is to what the card says.
pub fn judge(
    organization: OrganizationId,
    named: Named<'_>,
    duty: &Duty,
) -> Result<PersonId, AssignmentVerdict> {
    let on = duty.on;
    let here = named.entries.iter();
    let here: Vec<_> = here
        .filter(|person| duty.may_be_done_by(person, organization))
        .collect();
    if here.is_empty() {
        return Err(AssignmentVerdict::PersonUnknown);
    }
    if !named.same_name {
        return Err(AssignmentVerdict::NameOther);
    }
    let on_post = here.iter().find(|person| person.is_on_post(duty.role, on));
    let person = on_post.ok_or(AssignmentVerdict::NotOnPost { on })?;
    if person.is_barred(duty.role, on) {
        return Err(AssignmentVerdict::Sanctioned { on });
    }
    match named.cards {
        Some(cards) => judge_cards(cards.to_vec(), duty)?,
        None if duty.needs_card() => judge_cards(person.cards.iter().collect(), duty)?,
        None => {}
    }
    Ok(person.id)
}

/// Whether one of the cards says so.
///
/// # Errors
/// The first thing that none of them has: kind, then dates, occupation, level.
fn judge_cards(mut left: Vec<&Card>, duty: &Duty) -> Result<(), AssignmentVerdict> {
    type Condition = fn(&Duty, &Card) -> bool;
    type Otherwise = fn(&Card) -> AssignmentVerdict;
    let conditions: [(Condition, Otherwise); 6] = [
        (Duty::is_named_by, |_| AssignmentVerdict::CardKind),
        (
            |duty, card| card.revoked_on.is_none_or(|revoked| duty.on < revoked),
            |_| AssignmentVerdict::CardRevoked,
        ),
        (
            |duty, card| card.valid_from <= duty.on,
            |card| AssignmentVerdict::CardNotYetValid {
                from: card.valid_from,
            },
        ),
        (
            |duty, card| duty.on <= card.valid_until,
            |card| AssignmentVerdict::CardExpired {
                until: card.valid_until,
            },
        ),
        (Duty::allows_occupation, |_| {
            AssignmentVerdict::CardOccupation
        }),
        (Duty::allows_level, |_| AssignmentVerdict::CardLevel),
    ];
    let mut last = *left.last().ok_or(AssignmentVerdict::CardMissing)?;
    for (holds, otherwise) in conditions {
        left.retain(|card| holds(duty, card));
        // What is told is told of the newest card that had come so far.
        last = *left.last().ok_or_else(|| otherwise(last))?;
    }
    Ok(())
}
