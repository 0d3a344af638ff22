//! A city's quota: two to eight organisations in the pilot (notice 3.4: 择优遴选 2-8 家).
//!
//! The eight caps what a city selects; fewer than two only warns. The province has none. An
//! organisation counts from the confirmation of its first selection on, until an objection is
//! upheld, it withdraws, or the day comes from which its filing is withdrawn: what the notice counts
//! is organisations that take part, so a place that becomes free can be given again.

use kernel::division::DivisionCode;
use kernel::pilot::Pilot;

use super::refusal::QuotaRejection;

/// How a city stands to its quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CityQuota {
    /// The city.
    pub division: DivisionCode,
    /// Organisations selected there.
    pub selected: u32,
}

impl CityQuota {
    /// Whether the city may select one more.
    ///
    /// # Errors
    /// When it has as many as it may have.
    pub fn takes_one_more(&self, pilot: &Pilot) -> Result<(), QuotaRejection> {
        match pilot.city_quota_most {
            Some(most) if self.selected >= u32::from(most) => {
                Err(QuotaRejection::Exhausted { most })
            }
            _ => Ok(()),
        }
    }

    /// What deserves attention: no place left, or fewer than there should be.
    pub fn warning(&self, pilot: &Pilot) -> Option<QuotaRejection> {
        let (least, selected) = (pilot.city_quota_least, self.selected);
        if selected < u32::from(least) {
            return Some(QuotaRejection::BelowLeast { least, selected });
        }
        self.takes_one_more(pilot).err()
    }
}

#[cfg(test)]
mod tests {
    use kernel::rejection::Rejection;

    use super::super::samples::weihai;
    use super::*;

    #[test]
    fn two_to_eight_and_no_limit_once_the_pilot_is_closed() {
        let pilot = Pilot::supplied();
        let closed = Pilot {
            city_quota_most: None,
            ..pilot.clone()
        };
        for (selected, warning, full) in [
            (0, Some("CITY_QUOTA_BELOW_LEAST"), false),
            (1, Some("CITY_QUOTA_BELOW_LEAST"), false),
            (2, None, false),
            (7, None, false),
            (8, Some("CITY_QUOTA_EXHAUSTED"), true),
            (9, Some("CITY_QUOTA_EXHAUSTED"), true),
        ] {
            let division = weihai();
            let quota = CityQuota { division, selected };
            let code = quota.warning(&pilot).map(|warning| warning.code());
            assert_eq!(code, warning, "{selected}");
            assert_eq!(quota.takes_one_more(&pilot).is_err(), full, "{selected}");
            assert!(quota.takes_one_more(&closed).is_ok());
        }
    }
}
