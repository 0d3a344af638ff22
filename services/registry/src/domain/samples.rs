//! One organisation and what it does, for the tests of the rules.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use kernel::credit_code::UnifiedSocialCreditCode;
use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, MeasureId, OrganizationId, RightId, SelectionId};
use kernel::level::Level;
use kernel::measure::{Measure as Terms, MeasureGround, MeasureOrder, OngoingBatches};
use kernel::occupation::OccupationRef;
use kernel::organization_code::EvaluationOrganizationCode;
use strum::IntoEnumIterator;
use uuid::Uuid;

use super::body::{Affiliation, Body, BodyKind};
use super::organization::measure::{Measure, Progress};
use super::organization::registering::{Purpose, Selection};
use super::organization::{Organization, OrganizationStatus};
use super::right::{GrantBasis, GrantedScope, Right, Use, Wanted};
use super::rules::{Fee, Part, Rulebook, RulesKind, Subject, Version};

/// Day of registration.
pub(crate) const TODAY: Date = date(2020, 6, 8);

/// Where it filed.
pub(crate) fn weihai() -> DivisionCode {
    DivisionCode::parse("371000").expect("a division")
}

pub(crate) fn scope(occupation: &str) -> GrantedScope {
    GrantedScope {
        occupation: OccupationRef::parse(occupation).expect("an occupation"),
        trade: String::new(),
        levels: BTreeSet::from([Level::Five, Level::Four]),
    }
}

pub(crate) fn selection() -> Selection {
    Selection {
        purpose: Purpose::First,
        selection_id: SelectionId::from_uuid(Uuid::from_u128(1)),
        application_id: ApplicationId::from_uuid(Uuid::from_u128(2)),
        organization_id: OrganizationId::from_uuid(Uuid::from_u128(3)),
        filing_division: weihai(),
        granted: vec![scope("2015:6-31-01-03")],
    }
}

/// The right of electricians, levels 5 and 4, for three years.
pub(crate) fn right() -> Right {
    Right {
        right_id: RightId::from_uuid(Uuid::from_u128(4)),
        scope: scope("2015:6-31-01-03"),
        division: weihai(),
        valid_from: TODAY,
        valid_until: Some(date(2023, 6, 7)),
        ended_levels: BTreeMap::new(),
        basis: GrantBasis::Selection(selection().selection_id),
        goes_on_from: None,
    }
}

pub(crate) fn body() -> Body {
    Body {
        organization_id: selection().organization_id,
        name: "威海示例技师学院（示例）".to_owned(),
        credit_code: UnifiedSocialCreditCode::synthetic("12", "371000", 1),
        kind: BodyKind::TechnicianCollege,
        affiliation: Affiliation::City,
        division: weihai(),
        address: "威海市示例路 1 号".to_owned(),
        registration_authority: "威海市示例登记机关".to_owned(),
    }
}

pub(crate) fn organization() -> Organization {
    Organization {
        organization_id: selection().organization_id,
        code: EvaluationOrganizationCode::for_shandong("10", 2).expect("a code"),
        filing_division: weihai(),
        status: OrganizationStatus::Registered,
        selection_id: selection().selection_id,
        application_id: selection().application_id,
        rights: vec![right()],
        measures: Vec::new(),
        registered_on: TODAY,
    }
}

/// A measure decided and in force today.
pub(crate) fn measure(terms: Terms) -> Measure {
    Measure {
        measure_id: MeasureId::from_uuid(Uuid::from_u128(6)),
        order: MeasureOrder {
            measure: terms,
            grounds: BTreeSet::from([MeasureGround::BeyondScope]),
            effective_on: TODAY,
        },
        decided_by: weihai(),
        decided_on: TODAY,
        origin: None,
        progress: Progress::default(),
    }
}

/// A suspension of these rights, or of all.
pub(crate) fn suspension(
    rights: impl IntoIterator<Item = RightId>,
    ongoing_batches: OngoingBatches,
) -> Measure {
    measure(Terms::Suspension {
        rights: rights.into_iter().collect(),
        ongoing_batches,
    })
}

/// An exam of electricians, level 5, planned for 4 July.
pub(crate) fn wanted() -> Wanted {
    Wanted {
        occupation: right().scope.occupation,
        trade: String::new(),
        level: Level::Five,
        division: DivisionCode::parse("371002").expect("a district"),
        on: date(2020, 7, 4),
        purpose: Use::Plan,
    }
}

/// A fee for the theory of each level.
pub(crate) fn fees() -> Vec<Fee> {
    let fee = |level| Fee {
        subject: Subject {
            occupation: right().scope.occupation,
            trade: String::new(),
            level,
        },
        part: Part::Theory,
        fen: 12_000,
    };
    vec![fee(Level::Five), fee(Level::Four)]
}

/// Rules of all kinds, published today.
pub(crate) fn rulebook() -> Rulebook {
    let version = |kind| Version {
        kind,
        version: 1,
        in_force_from: TODAY,
        charged: match kind {
            RulesKind::Fees => fees().into_iter().map(|fee| fee.subject).collect(),
            _ => BTreeSet::new(),
        },
    };
    Rulebook(RulesKind::iter().map(version).collect())
}
