//! Business time: what decides deadlines, always in Shandong's offset of +08:00.
//!
//! Production knows the real clock alone. In demo and test mode the time stands in a file, so
//! that years pass in minutes for all services together: it is replaced by rename
//! (`scripts/clock`) and read again at each use. It never goes backwards for anybody who has seen
//! a later time, or a deadline that passed could come back.
//!
//! System time is another matter (tokens, leases, retries, ids): for that, `jiff::Timestamp::now`.

use std::{
    fs,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::Context;
use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, DateTime},
    tz::Offset,
};

use crate::{Error, Result, config};

/// China has one offset and no summer time since 1992.
const OFFSET: Offset = Offset::constant(8);

/// Tells the business time. Clones share what they have seen.
#[derive(Debug, Clone)]
pub struct BusinessClock(Source);

#[derive(Debug, Clone)]
enum Source {
    Real,
    File(Arc<FileTime>),
}

#[derive(Debug)]
struct FileTime {
    path: PathBuf,
    latest: Mutex<DateTime>,
}

impl BusinessClock {
    /// The clock that the settings ask for.
    pub fn new(settings: &config::Clock) -> Self {
        settings
            .business_time_file
            .clone()
            .map_or_else(Self::real, Self::file)
    }

    /// The real time.
    pub fn real() -> Self {
        Self(Source::Real)
    }

    /// The time that stands in a file, such as `2020-05-18T09:00:00`.
    pub fn file(path: PathBuf) -> Self {
        let latest = Mutex::new(DateTime::MIN);
        Self(Source::File(Arc::new(FileTime { path, latest })))
    }

    /// The business time now.
    ///
    /// # Errors
    /// `Unavailable` when the file is missing or does not hold a time.
    pub fn now(&self) -> Result<DateTime> {
        match &self.0 {
            Source::Real => Ok(OFFSET.to_datetime(Timestamp::now())),
            Source::File(file) => file.now(),
        }
        .map(kept)
    }

    /// The business day.
    ///
    /// # Errors
    /// As for [`BusinessClock::now`].
    pub fn today(&self) -> Result<Date> {
        Ok(self.now()?.date())
    }
}

/// The time as the database keeps it, in whole microseconds: a fact read again has the same hash.
fn kept(time: DateTime) -> DateTime {
    let nanoseconds = time.subsec_nanosecond() % 1000;
    time.saturating_sub(SignedDuration::from_nanos(nanoseconds.into()))
}

impl FileTime {
    fn now(&self) -> Result<DateTime> {
        let given = self.read().map_err(|source| Error::Unavailable {
            what: "the business clock",
            source,
        })?;
        // A poisoned lock still holds a whole date.
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        if given < *latest {
            tracing::error!(%given, kept = %latest, "business time went backwards");
        }
        *latest = given.max(*latest);
        Ok(*latest)
    }

    fn read(&self) -> anyhow::Result<DateTime> {
        let path = self.path.display();
        let text = fs::read_to_string(&self.path).with_context(|| format!("reading {path}"))?;
        text.trim_end()
            .parse()
            .with_context(|| format!("the time in {path}"))
    }
}

/// A clock for tests, on a file of its own that vanishes with it.
#[cfg(any(test, feature = "testing"))]
#[derive(Debug)]
pub struct TestClock {
    folder: tempfile::TempDir,
    clock: BusinessClock,
}

#[cfg(any(test, feature = "testing"))]
impl TestClock {
    const FILE: &str = "business-time";

    /// A clock that stands at a time.
    pub fn at(time: DateTime) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let clock = BusinessClock::file(folder.path().join(Self::FILE));
        let test_clock = Self { folder, clock };
        test_clock.set(time);
        test_clock
    }

    /// Moves the clock, by rename as `scripts/clock` does.
    pub fn set(&self, time: DateTime) {
        let next = self.folder.path().join("next");
        fs::write(&next, time.to_string()).expect("the temporary folder is ours");
        fs::rename(next, self.path()).expect("the temporary folder is ours");
    }

    /// The clock to hand on.
    pub fn clock(&self) -> BusinessClock {
        self.clock.clone()
    }

    /// The file, for another process.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join(Self::FILE)
    }
}

#[cfg(test)]
mod tests {
    use jiff::{Span, civil::date};

    use super::*;

    fn morning(day: i8) -> DateTime {
        date(2020, 5, day).at(9, 0, 0, 0)
    }

    #[test]
    fn the_real_clock_shows_the_time_of_shandong() {
        let shown = BusinessClock::real().now().expect("always there");
        let real = OFFSET.to_timestamp(shown).expect("in range");
        assert!(Timestamp::now().duration_since(real).abs().as_secs() < 5);
        assert_eq!(OFFSET.to_datetime(Timestamp::UNIX_EPOCH).hour(), 8);
    }

    #[test]
    fn the_file_is_read_again_at_each_use() {
        let clock = TestClock::at(morning(18));
        assert_eq!(clock.clock().now().expect("set"), morning(18));
        clock.set(morning(25));
        assert_eq!(clock.clock().today().expect("set"), date(2020, 5, 25));
    }

    #[test]
    fn a_time_seen_is_never_taken_back() {
        let clock = TestClock::at(morning(25));
        clock.clock().now().expect("set");
        clock.set(morning(18));
        assert_eq!(clock.clock().now().expect("set"), morning(25));
        clock.set(morning(25) + Span::new().seconds(1));
        assert_eq!(clock.clock().now().expect("set").second(), 1);
    }

    #[test]
    fn without_its_file_or_with_nonsense_in_it_the_clock_is_unavailable() {
        let clock = TestClock::at(morning(18));
        fs::write(clock.path(), "next Tuesday").expect("ours");
        assert!(matches!(
            clock.clock().now(),
            Err(Error::Unavailable { .. })
        ));
        fs::remove_file(clock.path()).expect("ours");
        assert!(matches!(
            clock.clock().now(),
            Err(Error::Unavailable { .. })
        ));
    }
}
