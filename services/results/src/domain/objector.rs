//! Who may object to a row of a public notice (异议人): anybody of an age to act, by name, and once.
//! An objection holds its row, so one person without new grounds could else hold it for ever.

use jiff::civil::Date;
use kernel::citizen_id::CitizenId;

use super::rejection::ResultNoticeRejection;

/// Below it nobody acts for oneself (民法总则 article 20).
const AGE_TO_ACT: i16 = 8;

/// Where an objection stands that the same person raised to the same row before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Earlier {
    /// Nobody has decided it yet.
    Open,
    /// It was dismissed or upheld.
    Decided,
}

/// Whether somebody is of an age to object.
///
/// # Errors
/// When the person is too young, or not born yet.
pub fn of_age(objector: &CitizenId, today: Date) -> Result<(), ResultNoticeRejection> {
    if objector.age_on(today) < AGE_TO_ACT {
        return Err(ResultNoticeRejection::ObjectorTooYoung { age: AGE_TO_ACT });
    }
    Ok(())
}

/// Whether somebody may object to a row, to which the same person may have objected earlier.
///
/// # Errors
/// When so, whatever became of it.
pub fn once(earlier: Option<Earlier>) -> Result<(), ResultNoticeRejection> {
    match earlier {
        None => Ok(()),
        Some(Earlier::Open) => Err(ResultNoticeRejection::ObjectionOpen),
        Some(Earlier::Decided) => Err(ResultNoticeRejection::ObjectionDecided),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::rejection::Rejection;

    use super::*;

    const TODAY: Date = date(2020, 9, 11);

    #[test]
    fn whoever_objects_is_of_an_age_to_act() {
        let code = |born| {
            let objector = CitizenId::synthetic("370099", born, 1);
            of_age(&objector, TODAY).err().map(|refused| refused.code())
        };
        assert_eq!(code(date(2012, 9, 11)), None, "eight today");
        for born in [date(2012, 9, 12), date(2020, 9, 1), date(2031, 1, 1)] {
            assert_eq!(code(born), Some("RESULT_OBJECTOR_TOO_YOUNG"));
        }
    }

    #[test]
    fn a_person_objects_once() {
        let code = |earlier| once(earlier).err().map(|refused| refused.code());
        assert_eq!(code(None), None);
        assert_eq!(code(Some(Earlier::Open)), Some("RESULT_OBJECTION_OPEN"));
        let decided = Some(Earlier::Decided);
        assert_eq!(code(decided), Some("RESULT_OBJECTION_DECIDED"));
    }
}
