//! How much each of very many has used of its budget, in a fixed amount of memory.
//!
//! A budget refills steadily, so all there is to know of somebody is when the debt will be paid off:
//! one moment (the "theoretical arrival time" of GCRA). Moments lie in rows of cells, and whoever
//! asks has one cell in each row, chosen by a hash. Two may share a cell, hardly ever in every row:
//! the least debt of the cells is that of the one who asks, or a little more. Nothing grows, nothing
//! is evicted, nobody waits for a lock, and a flood of sources finds no memory to fill.

use std::sync::atomic::{AtomicU64, Ordering};

/// Rows of cells.
const ROWS: usize = 2;

/// Debts of very many, in microseconds until they are paid off.
pub(super) struct Sketch {
    rows: [Box<[AtomicU64]>; ROWS],
}

impl Sketch {
    /// A sketch of so many cells a row, as a power of two.
    pub(super) fn new(bits: u32) -> Self {
        let row = || (0..1_u64 << bits).map(|_| AtomicU64::new(0)).collect();
        Self {
            rows: [row(), row()],
        }
    }

    /// What somebody owes at a moment.
    pub(super) fn debt(&self, who: u64, now: u64) -> u64 {
        let cells = self.cells(who).map(|cell| cell.load(Ordering::Relaxed));
        let paid_off = cells.into_iter().min().unwrap_or_default();
        paid_off.saturating_sub(now)
    }

    /// Adds to what somebody owes, and says what that comes to.
    pub(super) fn charge(&self, who: u64, amount: u64, now: u64) -> u64 {
        let charged = self.cells(who).map(|cell| {
            let add = |paid_off: u64| Some(paid_off.max(now).saturating_add(amount));
            let before = cell
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, add)
                .expect("there is always a sum");
            before.max(now) + amount
        });
        charged.into_iter().min().unwrap_or_default() - now
    }

    fn cells(&self, who: u64) -> [&AtomicU64; ROWS] {
        let mut hash = who;
        self.rows.each_ref().map(|row| {
            hash = mixed(hash);
            let mask = row.len() as u64 - 1;
            &row[usize::try_from(hash & mask).expect("below the length of a row")]
        })
    }
}

/// Spreads every bit over all others (the finisher of SplitMix64).
fn mixed(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_debt_grows_by_what_is_charged_and_is_paid_off_by_time() {
        let sketch = Sketch::new(10);
        assert_eq!(sketch.charge(7, 100, 1000), 100);
        assert_eq!(sketch.charge(7, 100, 1050), 150);
        assert_eq!(sketch.debt(7, 1100), 100);
        assert_eq!(sketch.debt(7, 5000), 0);
        assert_eq!(sketch.charge(7, 100, 5000), 100);
        assert_eq!(sketch.debt(8, 5000), 0);
    }

    #[test]
    fn many_others_hardly_add_to_what_one_owes() {
        let sketch = Sketch::new(16);
        for other in 0..6_000 {
            sketch.charge(other, 100, 0);
        }
        let blamed = (1_000_000..1_010_000).filter(|one| sketch.debt(*one, 0) > 0);
        let share = blamed.count();
        assert!(share < 200, "{share} of ten thousand who never asked");
    }
}
