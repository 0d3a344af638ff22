//! Measures on organisations, as messages write them.

use jiff::civil::Date;
use kernel::ids::RightId;
use kernel::measure::{
    Measure, MeasureForm, MeasureGround, MeasureKind, MeasureOrder, MeasureRejection,
    OngoingBatches,
};
use kernel::rejection::{FaultList, Rejection};
use proto::common::v1 as common;

use super::date;

/// The fields of a request that order a measure, by their names in the contract.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "documented in the contract")]
pub struct GivenMeasure<'a> {
    pub kind: i32,
    pub grounds: &'a [i32],
    pub effective_on: &'a str,
    pub due_on: &'a str,
    pub right_ids: &'a [String],
    pub ongoing_batches: i32,
}

impl GivenMeasure<'_> {
    /// The measure that is ordered, or notes all that is wrong with it.
    pub fn read(&self, today: Date, faults: &mut FaultList) -> Option<MeasureOrder> {
        let due_given = !self.due_on.is_empty();
        let batches_given = self.ongoing_batches != 0;
        let form = MeasureForm {
            kind: faults.take("kind", kind(self.kind)),
            grounds: rows(self.grounds, "grounds", |given| ground(*given), faults),
            effective_on: faults.take("effective_on", date(self.effective_on)),
            due_on: if due_given {
                faults.take("due_on", date(self.due_on))
            } else {
                None
            },
            due_given,
            rights: rows(
                self.right_ids,
                "right_ids",
                |given| RightId::parse(given),
                faults,
            ),
            ongoing_batches: if batches_given {
                faults.take("ongoing_batches", ongoing_batches(self.ongoing_batches))
            } else {
                None
            },
            batches_given,
        };
        form.read(today, faults)
    }
}

/// Rows of a list: more than there are grounds, or rights of an organisation.
const MOST_ROWS: usize = 100;

fn rows<T, V, R: Rejection>(
    given: &[T],
    field: &str,
    read: impl Fn(&T) -> Result<V, R>,
    faults: &mut FaultList,
) -> Vec<Option<V>> {
    if given.len() > MOST_ROWS {
        let limit = MOST_ROWS;
        faults.add(field, &MeasureRejection::ListTooLong { limit });
    }
    let rows = given.iter().take(MOST_ROWS).enumerate();
    rows.map(|(index, given)| faults.take(format!("{field}[{index}]"), read(given)))
        .collect()
}

fn kind(given: i32) -> Result<MeasureKind, MeasureRejection> {
    match common::MeasureKind::try_from(given) {
        Ok(common::MeasureKind::Talk) => Ok(MeasureKind::Talk),
        Ok(common::MeasureKind::Rectification) => Ok(MeasureKind::Rectification),
        Ok(common::MeasureKind::Suspension) => Ok(MeasureKind::Suspension),
        Ok(common::MeasureKind::Withdrawal) => Ok(MeasureKind::Withdrawal),
        Ok(common::MeasureKind::Unspecified) | Err(_) => Err(MeasureRejection::KindUnknown),
    }
}

fn ongoing_batches(given: i32) -> Result<OngoingBatches, MeasureRejection> {
    match common::OngoingBatches::try_from(given) {
        Ok(common::OngoingBatches::Continue) => Ok(OngoingBatches::Continue),
        Ok(common::OngoingBatches::Hold) => Ok(OngoingBatches::Hold),
        Ok(common::OngoingBatches::Unspecified) | Err(_) => Err(MeasureRejection::BatchesMissing),
    }
}

/// Grounds of the kernel beside those of the contract.
const GROUNDS: [(MeasureGround, common::MeasureGround); 15] = [
    (
        MeasureGround::FalseMaterials,
        common::MeasureGround::FalseMaterials,
    ),
    (
        MeasureGround::BeyondScope,
        common::MeasureGround::BeyondScope,
    ),
    (MeasureGround::RightsLent, common::MeasureGround::RightsLent),
    (
        MeasureGround::ConditionsLost,
        common::MeasureGround::ConditionsLost,
    ),
    (
        MeasureGround::PapersLeaked,
        common::MeasureGround::PapersLeaked,
    ),
    (
        MeasureGround::ResultsForged,
        common::MeasureGround::ResultsForged,
    ),
    (
        MeasureGround::CertificatesSold,
        common::MeasureGround::CertificatesSold,
    ),
    (
        MeasureGround::DataMisused,
        common::MeasureGround::DataMisused,
    ),
    (
        MeasureGround::UnlawfulFees,
        common::MeasureGround::UnlawfulFees,
    ),
    (
        MeasureGround::FalseAdvertising,
        common::MeasureGround::FalseAdvertising,
    ),
    (
        MeasureGround::RulesNotPublished,
        common::MeasureGround::RulesNotPublished,
    ),
    (
        MeasureGround::SupervisionRefused,
        common::MeasureGround::SupervisionRefused,
    ),
    (MeasureGround::NoActivity, common::MeasureGround::NoActivity),
    (
        MeasureGround::NotRectified,
        common::MeasureGround::NotRectified,
    ),
    (MeasureGround::Other, common::MeasureGround::Other),
];

fn ground(given: i32) -> Result<MeasureGround, MeasureRejection> {
    let known = GROUNDS
        .iter()
        .find(|(_, message)| i32::from(*message) == given);
    known
        .map(|(ground, _)| *ground)
        .ok_or(MeasureRejection::GroundUnknown)
}

/// The kind of a measure, for a message.
pub fn measure_kind_message(kind: MeasureKind) -> common::MeasureKind {
    match kind {
        MeasureKind::Talk => common::MeasureKind::Talk,
        MeasureKind::Rectification => common::MeasureKind::Rectification,
        MeasureKind::Suspension => common::MeasureKind::Suspension,
        MeasureKind::Withdrawal => common::MeasureKind::Withdrawal,
    }
}

/// A ground, for a message.
pub fn measure_ground_message(ground: MeasureGround) -> common::MeasureGround {
    let known = GROUNDS.iter().find(|(known, _)| *known == ground);
    known.map_or(common::MeasureGround::Unspecified, |(_, message)| *message)
}

/// What belongs to the kind of a measure, for the fields of a message: the day by which it is due,
/// the rights that rest, and what becomes of exams held before.
pub fn measure_terms(measure: &Measure) -> (String, Vec<String>, common::OngoingBatches) {
    let unspecified = common::OngoingBatches::Unspecified;
    match measure {
        Measure::Talk | Measure::Withdrawal => (String::new(), Vec::new(), unspecified),
        Measure::Rectification { due_on } => (due_on.to_string(), Vec::new(), unspecified),
        Measure::Suspension {
            rights,
            ongoing_batches,
        } => {
            let rights = rights.iter().map(ToString::to_string).collect();
            let batches = match ongoing_batches {
                OngoingBatches::Continue => common::OngoingBatches::Continue,
                OngoingBatches::Hold => common::OngoingBatches::Hold,
            };
            (String::new(), rights, batches)
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn every_ground_of_the_contract_is_one_of_the_kernels() {
        for number in 1..=15 {
            let read = ground(number).expect("a ground of the contract");
            assert_eq!(i32::from(measure_ground_message(read)), number);
        }
        for number in [-1, 0, 16] {
            assert_eq!(ground(number), Err(MeasureRejection::GroundUnknown));
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_once() {
        let given = GivenMeasure {
            kind: 9,
            grounds: &[0],
            effective_on: "tomorrow",
            due_on: "1 May",
            right_ids: &["org_1".to_owned()],
            ongoing_batches: 7,
        };
        let mut faults = FaultList::default();
        assert!(given.read(date(2020, 9, 1), &mut faults).is_none());
        let expected = [
            "MEASURE_KIND_UNKNOWN",
            "MEASURE_GROUND_UNKNOWN",
            "DATE_MALFORMED",
            "DATE_MALFORMED",
            "ID_PREFIX",
            "MEASURE_BATCHES_MISSING",
        ];
        assert_eq!(faults.finish().expect_err("six faults").codes(), expected);
    }

    #[test]
    fn a_measure_is_written_as_it_was_read() {
        let right = "right_00000000000000000000000001".to_owned();
        let given = GivenMeasure {
            kind: common::MeasureKind::Suspension.into(),
            grounds: &[common::MeasureGround::PapersLeaked.into()],
            effective_on: "2020-09-01",
            due_on: "",
            right_ids: std::slice::from_ref(&right),
            ongoing_batches: common::OngoingBatches::Continue.into(),
        };
        let mut faults = FaultList::default();
        let order = given
            .read(date(2020, 9, 1), &mut faults)
            .expect("a suspension");
        assert!(faults.is_empty());
        let terms = measure_terms(&order.measure);
        assert_eq!(
            terms,
            (String::new(), vec![right], common::OngoingBatches::Continue)
        );
    }
}
