//! Who takes part, each with a subject of their own: the rule of two persons knows people by it.

use std::{borrow::Cow, collections::HashMap};

use kernel::{division::DivisionCode, ids::OrganizationId};
use platform::access::{Caller, Role};

use super::applicants;

/// Weihai (威海市).
pub(super) const WEIHAI: &str = "371000";

/// Somebody who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
    /// First officer of the centre that holds a round.
    RoundA,
    /// Second officer of that centre.
    RoundB,
    /// A clerk of one of the six applicants of that round, by its seat.
    Applicant(u16),
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
            Self::RoundA => "本轮市中心甲",
            Self::RoundB => "本轮市中心乙",
            Self::Applicant(seat) => applicants::of(seat).name,
            Self::Department => "省厅发布人",
            Self::Public => "社会公众",
        }
    }

    fn role(self) -> Role {
        match self {
            Self::CollegeA | Self::CollegeB | Self::Applicant(_) => Role::Organization,
            Self::CityA | Self::CityB | Self::RoundA | Self::RoundB => Role::CityCentre,
            Self::ProvinceA | Self::ProvinceB => Role::ProvinceCentre,
            Self::Department => Role::Department,
            Self::Public => Role::Public,
        }
    }

    fn name(self) -> Cow<'static, str> {
        let name = match self {
            Self::Applicant(seat) => return format!("applicant-{seat}").into(),
            Self::RoundA => "round-a",
            Self::RoundB => "round-b",
            Self::CollegeA => "clerk-a",
            Self::CollegeB => "clerk-b",
            Self::CityA => "weihai-a",
            Self::CityB => "weihai-b",
            Self::ProvinceA => "province-a",
            Self::ProvinceB => "province-b",
            Self::Department => "department",
            Self::Public => "public",
        };
        name.into()
    }

    /// Who acts for the same organisation, by one of them.
    fn organization(self) -> Self {
        match self {
            Self::CollegeB => Self::CollegeA,
            other => other,
        }
    }
}

/// The people of one journey.
#[derive(Debug, Clone)]
pub(super) struct Cast {
    journey: u32,
    organizations: HashMap<Who, OrganizationId>,
}

impl Cast {
    /// The people of a journey in which nobody has enrolled yet.
    pub(super) fn new(journey: u32) -> Self {
        Self {
            journey,
            organizations: HashMap::new(),
        }
    }

    /// From now on the tokens of those who act for an organisation name it.
    pub(super) fn enrolled(&mut self, who: Who, organization: OrganizationId) {
        self.organizations.insert(who, organization);
    }

    /// Who calls, as a token says it; `None` for the public, who has none.
    pub(super) fn caller(&self, who: Who) -> Option<Caller> {
        let subject = match (who, who.role()) {
            (Who::Public, _) => return None,
            // Every journey has organisations of its own.
            (_, Role::Organization) => format!("journey-{}-{}", self.journey, who.name()),
            _ => format!("journey-{}", who.name()),
        };
        let division = match who {
            Who::CityA | Who::CityB => Some(WEIHAI),
            Who::RoundA | Who::RoundB => Some(applicants::city(self.journey).0),
            _ => None,
        };
        Some(Caller {
            subject,
            role: who.role(),
            division: division.map(|code| DivisionCode::parse(code).expect("a city of Shandong")),
            organization: self.organizations.get(&who.organization()).copied(),
        })
    }
}
