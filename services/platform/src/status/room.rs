//! How much of a refusal is told.
//!
//! The details of a status travel as one header, in base64, and most gRPC clients take 8 KiB of
//! headers and no more: whoever is sent more sees a broken connection and not one of the faults.
//! So the faults share the room there is. Each is named by field and code as long as that fits;
//! what is left goes to their texts, first come first served. The number of all is told as well.

use kernel::rejection::{Fault, Faults, RejectionKind};
use tonic_types::{FieldViolation, LocalizedMessage};

use super::CHINESE;

/// What the details may take, in bytes before base64, so that 8 KiB are left with room for the
/// message and the headers beside them.
const DETAILS: usize = 5 * 1024;
/// What goes beside the faults: names of types, domain, keys.
const FRAME: usize = 320;
/// Tags and lengths of a violation.
const TAGS: usize = 12;

/// A fault as it is told.
pub(super) struct Told<'a> {
    pub(super) fault: &'a Fault,
    /// With its texts.
    in_full: bool,
}

/// As many faults as there is room for, in their order.
pub(super) fn share<'a>(faults: &'a Faults, leading: &Fault) -> Vec<Told<'a>> {
    let mut room = DETAILS.saturating_sub(FRAME + leading.rule.len() + leading.chinese.len());
    let mut told = Vec::new();
    for fault in faults.all() {
        // The first is named in any case, and has its texts before others have their names.
        let first = told.is_empty();
        if !take(&mut room, name_length(fault)) && !first {
            break;
        }
        let in_full = first && take(&mut room, text_length(fault));
        told.push(Told { fault, in_full });
    }
    for told in told.iter_mut().skip(1) {
        told.in_full = take(&mut room, text_length(told.fault));
    }
    told
}

fn take(room: &mut usize, bytes: usize) -> bool {
    let left = room.checked_sub(bytes);
    *room = left.unwrap_or(*room);
    left.is_some()
}

fn name_length(fault: &Fault) -> usize {
    let field = fault.field.as_ref().map_or(0, String::len);
    // The code stands in the list of all codes too.
    field + 2 * fault.code.len() + TAGS
}

fn text_length(fault: &Fault) -> usize {
    let both = fault.chinese.len() + fault.english.len() + TAGS;
    let as_violation = both + fault.chinese.len() + CHINESE.len();
    match fault.kind {
        RejectionKind::FailedPrecondition => {
            as_violation + both + fault.rule.len() + fault.code.len()
        }
        _ => as_violation,
    }
}

impl Told<'_> {
    /// Whether it goes among the unmet preconditions, too. A name without a text has its place
    /// beside the field.
    pub(super) fn is_precondition(&self) -> bool {
        self.fault.kind == RejectionKind::FailedPrecondition
            && (self.in_full || self.fault.field.is_none())
    }

    /// Whatever can be shown beside a field is, and so is all that is wrong with the request.
    pub(super) fn violation(&self) -> Option<FieldViolation> {
        let fault = self.fault;
        if fault.field.is_none() && fault.kind != RejectionKind::InvalidArgument {
            return None;
        }
        let field = fault.field.clone().unwrap_or_default();
        let mut violation = FieldViolation::new(field, self.both());
        fault.code.clone_into(&mut violation.reason);
        if self.in_full {
            let localized = LocalizedMessage::new(CHINESE, fault.chinese.clone());
            violation.localized_message = Some(localized);
        }
        Some(violation)
    }

    /// The texts, where they are told.
    pub(super) fn both(&self) -> String {
        if self.in_full {
            format!("{} / {}", self.fault.chinese, self.fault.english)
        } else {
            String::new()
        }
    }
}
