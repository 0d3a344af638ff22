//! Complaints (投诉举报) about evaluation organisations: what came of one.

use strum::{EnumString, IntoStaticStr};

/// What came of a complaint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum ComplaintOutcome {
    /// It is so (属实).
    Substantiated,
    /// A part of it is so (部分属实).
    PartlySubstantiated,
    /// It is not so, or cannot be shown (不属实).
    Unsubstantiated,
}

impl ComplaintOutcome {
    /// Name for machines, as stored.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Whether a measure on the organisation may follow.
    pub fn is_founded(self) -> bool {
        self != Self::Unsubstantiated
    }
}

kernel::rejections! {
    /// Why a complaint is not taken or closed; beside the inquiry's own refusals.
    pub enum ComplaintRejection {
        /// Nobody answers for what is no evaluation organisation.
        OrganizationNotFound => "COMPLAINT_ORGANIZATION_NOT_FOUND", NotFound, "notice 6.2",
            "未找到该评价机构", "there is no such evaluation organisation";
        /// One of the three.
        OutcomeMissing => "COMPLAINT_OUTCOME_MISSING", InvalidArgument, "notice 6.2",
            "应说明投诉举报属实、部分属实或不属实", "whether the complaint is substantiated, in whole or in part, has to be said";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measure_follows_from_what_is_so_if_only_in_part() {
        assert!(ComplaintOutcome::Substantiated.is_founded());
        assert!(ComplaintOutcome::PartlySubstantiated.is_founded());
        assert!(!ComplaintOutcome::Unsubstantiated.is_founded());
        let read = ComplaintOutcome::PartlySubstantiated.name().parse();
        assert_eq!(read, Ok(ComplaintOutcome::PartlySubstantiated));
    }
}
