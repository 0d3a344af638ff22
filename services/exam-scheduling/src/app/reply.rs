//! What callers are shown.

use jiff::civil::Time;
use kernel::identity_document::Document;
use kernel::ids::SessionId;
use kernel::person_name::PersonName;
use kernel::rejection::{Fault, Faults};
use platform::contract::{deadline_message, level_message, occupation_message, person_message};
use proto::common::v1::PersonRef;
use proto::exam::v1 as contract;

use crate::domain::avoidance::Avoidance;
use crate::domain::clash::Warning;
use crate::domain::conduct::{Attendance, MisconductTier};
use crate::domain::plan::{Plan, Report, Stage, Subject};
use crate::domain::roster::{Candidate, Person, TicketNumber};
use crate::domain::session::{ExamPart, Session, Staff, StaffRole};
use crate::domain::standing::Matter;
use crate::store::identity::Identity;
use crate::store::remark::{Occasion, Remark};

/// How much of its staff a plan shows. Replies of commands show no more than is needed to
/// recognise somebody: whoever has to read the names asks for the plan, and leaves a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// Names and card numbers.
    Whole,
    /// Masked names, no card numbers.
    Masked,
}

/// A plan.
pub(super) fn plan(plan: &Plan, names: Names) -> contract::ExamPlan {
    let report = plan.report_made();
    let state = match plan.stage {
        Stage::Draft => contract::PlanState::Draft,
        Stage::Reported(_) => contract::PlanState::Reported,
        Stage::Reopened(..) => contract::PlanState::Reopened,
        Stage::Awaiting(..) => contract::PlanState::AwaitingConsent,
        Stage::Withdrawn(_) => contract::PlanState::Withdrawn,
        Stage::Held(..) => contract::PlanState::Held,
    };
    contract::ExamPlan {
        plan_id: plan.id.to_string(),
        organization_id: plan.organization_id.to_string(),
        organization_code: report
            .map(|report| report.organization_code.to_string())
            .unwrap_or_default(),
        state: state.into(),
        process: plan.process.clone(),
        subjects: plan.subjects.iter().map(subject).collect(),
        sessions: plan
            .sessions
            .iter()
            .map(|one| session(one, names))
            .collect(),
        candidates: plan.candidates,
        receipt: match &plan.stage {
            Stage::Reported(report) | Stage::Held(report, _) => {
                Some(receipt(report, plan.candidates))
            }
            _ => None,
        },
        plan_hash: report
            .map(|report| report.plan_hash.as_bytes().to_vec().into())
            .unwrap_or_default(),
        warnings: report
            .map(|report| report.warnings.iter().map(warning).collect())
            .unwrap_or_default(),
    }
}

fn receipt(report: &Report, candidates: u32) -> contract::PlanReceipt {
    contract::PlanReceipt {
        receipt_id: report.receipt_id.to_string(),
        received_on: report.received_on.to_string(),
        deadline: Some(deadline_message(&report.deadline)),
        candidates,
        plan_hash: report.plan_hash.as_bytes().to_vec().into(),
        consented_on: report
            .consented_on
            .map(|day| day.to_string())
            .unwrap_or_default(),
    }
}

/// What was said about a plan; the words are shown to those who have to deal with it.
pub(super) fn remark(remark: &Remark, words: String) -> contract::PlanRemark {
    let (occasion, matter) = match remark.occasion {
        Occasion::Returned(of) => (contract::PlanOccasion::Returned, matter(of)),
        Occasion::Reopened => (contract::PlanOccasion::Reopened, NO_MATTER),
        Occasion::Withdrawn => (contract::PlanOccasion::Withdrawn, NO_MATTER),
        Occasion::StaffReplaced => (contract::PlanOccasion::StaffReplaced, NO_MATTER),
    };
    contract::PlanRemark {
        said_on: remark.said_on.to_string(),
        occasion: occasion.into(),
        matter: matter.into(),
        text: words,
    }
}

const NO_MATTER: contract::PlanMatter = contract::PlanMatter::Unspecified;

fn matter(matter: Matter) -> contract::PlanMatter {
    match matter {
        Matter::Process => contract::PlanMatter::Process,
        Matter::Subjects => contract::PlanMatter::Subjects,
        Matter::Sessions => contract::PlanMatter::Sessions,
        Matter::Venues => contract::PlanMatter::Venues,
        Matter::Staff => contract::PlanMatter::Staff,
        Matter::Roster => contract::PlanMatter::Roster,
    }
}

/// A tier of misconduct.
pub(super) fn tier(tier: MisconductTier) -> contract::MisconductTier {
    match tier {
        MisconductTier::PartVoid => contract::MisconductTier::PartVoid,
        MisconductTier::Cheating => contract::MisconductTier::Cheating,
        MisconductTier::AllVoid => contract::MisconductTier::AllVoid,
        MisconductTier::Banned => contract::MisconductTier::Banned,
    }
}

/// An hour as messages write it.
pub(super) fn hour(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

fn warning(warning: &Warning) -> contract::PlanWarning {
    match warning {
        Warning::StaffNotRotated {
            session,
            staff,
            times,
        } => contract::PlanWarning {
            code: "STAFF_NOT_ROTATED".to_owned(),
            field: format!("sessions[{session}].staff[{staff}]"),
            text_zh: format!("该考评员此前已连续 {times} 次在本机构考评，应当轮换"),
            text_en: format!(
                "the examiner worked at {times} exams of this organisation in a row before this one"
            ),
        },
    }
}

pub(super) fn subject(subject: &Subject) -> contract::PlanSubject {
    contract::PlanSubject {
        occupation: Some(occupation_message(&subject.occupation)),
        trade: subject.trade.clone(),
        level: level_message(subject.level).into(),
    }
}

fn session(session: &Session, names: Names) -> contract::ExamSession {
    contract::ExamSession {
        session_id: session.id.to_string(),
        part: part(session.part).into(),
        held_on: session.held_on.to_string(),
        starts_at: hour(session.starts_at),
        ends_at: hour(session.ends_at),
        site: session.site.clone(),
        room: session.room.clone(),
        seats: session.seats,
        division_code: session.division.to_string(),
        staff: session.staff.iter().map(|one| staff(one, names)).collect(),
        completed: session.completed,
    }
}

fn staff(staff: &Staff, names: Names) -> contract::SessionStaff {
    let role = match staff.role {
        StaffRole::Invigilator => contract::StaffRole::Invigilator,
        StaffRole::Examiner => contract::StaffRole::Examiner,
        StaffRole::QualitySupervisor => contract::StaffRole::QualitySupervisor,
    };
    let (card_number, name) = match names {
        Names::Whole => (
            staff.card.reveal().to_owned(),
            staff.name.reveal().to_owned(),
        ),
        Names::Masked => (String::new(), staff.name.masked()),
    };
    contract::SessionStaff {
        role: role.into(),
        card_number,
        name,
        avoidance: staff.avoidance.as_ref().map(avoidance),
    }
}

fn avoidance(declared: &Avoidance) -> contract::Avoidance {
    contract::Avoidance {
        taught_subjects: declared.taught.iter().copied().collect(),
        relative_on_roster: declared.relative,
    }
}

pub(super) fn part(part: ExamPart) -> contract::ExamPart {
    match part {
        ExamPart::Theory => contract::ExamPart::Theory,
        ExamPart::Skill => contract::ExamPart::Skill,
        ExamPart::Review => contract::ExamPart::Review,
    }
}

/// Somebody who came onto the roster.
pub(super) fn admitted(
    person: &Person,
    ticket: &TicketNumber,
    warned: Option<&Faults>,
) -> contract::AdmittedCandidate {
    let warnings = warned.into_iter().flat_map(Faults::all).map(noticed);
    contract::AdmittedCandidate {
        candidate_id: person.id.to_string(),
        ticket_number: ticket.to_string(),
        masked_name: PersonName::masked(&person.name),
        warnings: warnings.collect(),
    }
}

fn noticed(fault: &Fault) -> contract::PlanWarning {
    contract::PlanWarning {
        code: fault.code.to_owned(),
        field: fault.field.clone().unwrap_or_default(),
        text_zh: fault.chinese.clone(),
        text_en: fault.english.clone(),
    }
}

/// An admission ticket: the person, and where to be when.
pub(super) fn ticket(
    plan: &Plan,
    candidate: &Candidate,
    person: &Identity<Document>,
    seats: &[(SessionId, u32)],
) -> contract::AdmissionTicket {
    // In the order of the plan, which is that of the parts.
    let sittings = plan.sessions.iter().filter_map(|session| {
        let (_, seat) = seats.iter().find(|(id, _)| *id == session.id)?;
        Some(contract::Sitting {
            session_id: session.id.to_string(),
            part: part(session.part).into(),
            held_on: session.held_on.to_string(),
            starts_at: session.starts_at.strftime("%H:%M").to_string(),
            ends_at: session.ends_at.strftime("%H:%M").to_string(),
            site: session.site.clone(),
            room: session.room.clone(),
            seat: *seat,
        })
    });
    contract::AdmissionTicket {
        candidate_id: candidate.id.to_string(),
        ticket_number: candidate.ticket.to_string(),
        name: person.name.reveal().to_owned(),
        masked_document_number: person.number.masked(),
        subject: candidate.subject,
        sittings: sittings.collect(),
    }
}

/// An entry of a locked roster, with the person.
pub(super) fn entry(
    plan: &Plan,
    candidate: &Candidate,
    person: &Identity<Document>,
) -> contract::RosterEntry {
    let attendance = plan.outcome(candidate).into_iter().map(|(of, attendance)| {
        let attendance = match attendance {
            Attendance::Present => contract::Attendance::Present,
            Attendance::Absent => contract::Attendance::Absent,
            Attendance::Void => contract::Attendance::Void,
        };
        contract::PartAttendance {
            part: part(of).into(),
            attendance: attendance.into(),
        }
    });
    let PersonRef {
        citizen_id,
        document,
    } = person_message(&person.number);
    contract::RosterEntry {
        candidate_id: candidate.id.to_string(),
        ticket_number: candidate.ticket.to_string(),
        name: person.name.reveal().to_owned(),
        citizen_id,
        document,
        subject: candidate.subject,
        attendance: attendance.collect(),
        salt: person.salt.as_bytes().to_vec().into(),
    }
}
