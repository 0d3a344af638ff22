//! The hash table: from what opens a door to a record.
//!
//! Digests are already as good as random, so part of a digest is the hash, and the key lies outside
//! this process' reach for whoever would want to choose collisions. 128 bits of it are kept: among
//! the hundred million doors of a large province two are alike with a probability of 10⁻²³.
//!
//! Open addressing with linear probing in one flat array a shard: twenty bytes a door and no
//! pointer. A shard grows by a quarter when it is four fifths full, which takes milliseconds, since
//! there are many; one large table would stop everybody for seconds. The same tag may be there
//! several times: one person has several certificates.

/// The first 128 bits of a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag([u32; 4]);

impl Tag {
    /// The tag of a digest.
    ///
    /// # Errors
    /// When it is shorter than a tag.
    pub(super) fn of(digest: &[u8]) -> anyhow::Result<Self> {
        let words = digest.first_chunk::<16>();
        let words = words.ok_or_else(|| anyhow::anyhow!("a digest too short"))?;
        let word = |index: usize| {
            let word = words[4 * index..].first_chunk();
            u32::from_le_bytes(*word.expect("four of sixteen bytes"))
        };
        Ok(Self([word(0), word(1), word(2), word(3)]))
    }

    fn shard(self) -> usize {
        usize::from(self.0[0].to_le_bytes()[0])
    }

    /// Where to begin among so many slots: evenly spread without a division.
    fn home(self, slots: usize) -> usize {
        let product = u64::from(self.0[1]) * slots as u64;
        usize::try_from(product >> 32).expect("below the number of slots")
    }
}

/// How many tables there are in fact.
const SHARDS: usize = 256;
/// Slots of the smallest shard that has any.
const SMALLEST: usize = 16;
/// In place of a record's number: nothing is here.
const EMPTY: u32 = u32::MAX;

#[derive(Clone, Copy)]
struct Slot {
    tag: Tag,
    record: u32,
}

const FREE: Slot = Slot {
    tag: Tag([0; 4]),
    record: EMPTY,
};

/// A multimap from tags to numbers of records.
pub(super) struct Table(Vec<Shard>);

#[derive(Clone, Default)]
struct Shard {
    slots: Vec<Slot>,
    used: usize,
}

impl Table {
    /// An empty table with room for so many doors.
    pub(super) fn with_room_for(doors: usize) -> Self {
        let mut shard = Shard::default();
        // Shards are not filled quite evenly; one that is fuller grows.
        shard.resize(doors.div_ceil(SHARDS) * 5 / 4);
        Self(vec![shard; SHARDS])
    }

    /// Adds a door, unless it is there.
    pub(super) fn insert(&mut self, tag: Tag, record: u32) {
        assert_ne!(
            record, EMPTY,
            "as many records as there are numbers for them"
        );
        let shard = &mut self.0[tag.shard()];
        if shard.get(tag).all(|known| known != record) {
            shard.insert(Slot { tag, record });
        }
    }

    /// The records that a tag leads to.
    pub(super) fn get(&self, tag: Tag) -> impl Iterator<Item = u32> + '_ {
        self.0[tag.shard()].get(tag)
    }

    /// Bytes taken.
    pub(super) fn bytes(&self) -> usize {
        let slots: usize = self.0.iter().map(|shard| shard.slots.capacity()).sum();
        slots * size_of::<Slot>()
    }
}

impl Shard {
    fn get(&self, tag: Tag) -> impl Iterator<Item = u32> + '_ {
        let (before, from) = self.slots.split_at(tag.home(self.slots.len()));
        from.iter()
            .chain(before)
            .take_while(|slot| slot.record != EMPTY)
            .filter(move |slot| slot.tag == tag)
            .map(|slot| slot.record)
    }

    fn insert(&mut self, slot: Slot) {
        if self.used * 5 >= self.slots.len() * 4 {
            self.resize((self.slots.len() * 5 / 4).max(SMALLEST));
        }
        self.place(slot);
    }

    /// There is a free slot; see [`Shard::insert`].
    fn place(&mut self, slot: Slot) {
        let home = slot.tag.home(self.slots.len());
        let (before, from) = self.slots.split_at_mut(home);
        let free = from.iter_mut().chain(before);
        let free = free.into_iter().find(|slot| slot.record == EMPTY);
        *free.expect("a shard is never full") = slot;
        self.used += 1;
    }

    fn resize(&mut self, slots: usize) {
        let old = std::mem::replace(&mut self.slots, vec![FREE; slots]);
        self.used = 0;
        for slot in old.into_iter().filter(|slot| slot.record != EMPTY) {
            self.place(slot);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// Few shards, few homes: much meets.
    fn crowded(number: u8) -> Tag {
        let mut digest = [0; 16];
        digest[0] = number % 2;
        digest[7] = number % 8 * 32;
        digest[15] = number;
        Tag::of(&digest).expect("long enough")
    }

    #[test]
    fn a_door_takes_twenty_bytes() {
        assert_eq!(size_of::<Slot>(), 20);
    }

    #[test]
    fn an_empty_table_leads_nowhere() {
        assert_eq!(Table::with_room_for(0).get(crowded(1)).count(), 0);
    }

    proptest! {
        #[test]
        fn whatever_was_put_in_is_found_and_nothing_else(
            doors in prop::collection::vec((0_u8..=255, 0_u32..40), 0..400),
            room in 0_usize..300,
        ) {
            let mut table = Table::with_room_for(room);
            let mut model = BTreeMap::<u8, BTreeSet<u32>>::new();
            for (number, record) in doors {
                table.insert(crowded(number), record);
                model.entry(number).or_default().insert(record);
            }
            for number in 0..=255 {
                let mut found: Vec<_> = table.get(crowded(number)).collect();
                found.sort_unstable();
                let expected: Vec<_> = model.get(&number).into_iter().flatten().copied().collect();
                prop_assert_eq!(found, expected);
            }
        }
    }
}
