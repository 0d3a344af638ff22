//! Who takes part, each with a subject of their own: the rule of two persons knows people by it.

use kernel::{division::DivisionCode, ids::OrganizationId};
use platform::access::{Caller, Role};

/// Weihai (威海市).
pub(super) const WEIHAI: &str = "371000";

/// Somebody who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    /// First clerk of the college.
    CollegeA,
    /// Second clerk of the college.
    CollegeB,
    /// First officer of the city centre.
    CityA,
    /// Second officer of the city centre.
    CityB,
    /// First officer of the provincial centre.
    ProvinceA,
    /// Second officer of the provincial centre.
    ProvinceB,
    /// Who publishes for the department.
    Department,
    /// Anybody.
    Public,
}

impl Who {
    /// How the story calls them: role and organisation.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::CollegeA => "学院经办人甲",
            Self::CollegeB => "学院经办人乙",
            Self::CityA => "威海市中心甲",
            Self::CityB => "威海市中心乙",
            Self::ProvinceA => "省中心甲",
            Self::ProvinceB => "省中心乙",
            Self::Department => "省厅发布人",
            Self::Public => "社会公众",
        }
    }

    fn role(self) -> Role {
        match self {
            Self::CollegeA | Self::CollegeB => Role::Organization,
            Self::CityA | Self::CityB => Role::CityCentre,
            Self::ProvinceA | Self::ProvinceB => Role::ProvinceCentre,
            Self::Department => Role::Department,
            Self::Public => Role::Public,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::CollegeA => "clerk-a",
            Self::CollegeB => "clerk-b",
            Self::CityA => "weihai-a",
            Self::CityB => "weihai-b",
            Self::ProvinceA => "province-a",
            Self::ProvinceB => "province-b",
            Self::Department => "department",
            Self::Public => "public",
        }
    }
}

/// The people of one journey.
#[derive(Debug, Clone)]
pub(super) struct Cast {
    journey: u32,
    organization: Option<OrganizationId>,
}

impl Cast {
    /// The people of a journey whose college has still to enrol.
    pub(super) fn new(journey: u32) -> Self {
        Self {
            journey,
            organization: None,
        }
    }

    /// From now on the clerks' tokens name their college.
    pub(super) fn enrolled(&mut self, organization: OrganizationId) {
        self.organization = Some(organization);
    }

    /// Who calls, as a token says it; `None` for the public, who has none.
    pub(super) fn caller(&self, who: Who) -> Option<Caller> {
        let of_college = who.role() == Role::Organization;
        let subject = match who {
            Who::Public => return None,
            // Every journey has a college of its own.
            _ if of_college => format!("journey-{}-{}", self.journey, who.name()),
            _ => format!("journey-{}", who.name()),
        };
        let weihai = DivisionCode::parse(WEIHAI).expect("a city of Shandong");
        Some(Caller {
            subject,
            role: who.role(),
            division: (who.role() == Role::CityCentre).then_some(weihai),
            organization: self.organization.filter(|_| of_college),
        })
    }
}
