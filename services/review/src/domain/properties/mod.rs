//! What no order of commands can bring about, over all applications of several bodies in one city, and
//! what the registry's own rules make of them: more than three occupations of one of them, a level
//! held by two rights, more organisations than the city may select, a code given twice, or two
//! undecided applications of one.
//!
//! What the database guards (one undecided application of a body, facts heard once and in order) is
//! guarded here by the [`town`], as it is there by an index and the inbox.

mod town;

use std::collections::BTreeSet;

use kernel::level::Level;
use proptest::prelude::*;

use super::{ApplicationState, Purpose};
use town::{BODIES, OCCUPATIONS, QUOTA, Town, Wanted};

/// What happens next, about one body.
#[derive(Debug, Clone)]
enum Step {
    Draft(Purpose, Wanted),
    HandIn,
    Propose,
    Confirm,
    Object,
    Uphold,
    Withdraw,
    Reject,
    Days(i16),
    /// The registry follows the oldest selection that it has still to hear of.
    Register,
    /// Review hears the registry's oldest fact that it has still to hear of.
    Hear,
    /// Levels of one of its rights, or all of it, from so many days on.
    GiveUp(usize, Vec<Level>, i16),
    /// Of one of the occupations, in another city.
    WorkElsewhere(usize),
    /// From so many days on.
    LoseFiling(i16),
}

fn step() -> impl Strategy<Value = Step> {
    let purposes = prop_oneof![
        3 => Just(Purpose::First),
        4 => Just(Purpose::Extension),
        2 => Just(Purpose::Renewal),
    ];
    let all = vec![Level::Five, Level::Four, Level::Three];
    let some = prop::sample::subsequence(all.clone(), 0..=2);
    let levels = prop::sample::subsequence(all, 1..=3);
    let wanted = prop::collection::btree_map(0..OCCUPATIONS.len(), levels, 1..4);
    prop_oneof![
        6 => (purposes, wanted).prop_map(|(purpose, wanted)| Step::Draft(purpose, wanted)),
        6 => Just(Step::HandIn),
        6 => Just(Step::Propose),
        6 => Just(Step::Confirm),
        1 => Just(Step::Object),
        1 => Just(Step::Uphold),
        1 => Just(Step::Withdraw),
        1 => Just(Step::Reject),
        5 => (1_i16..9).prop_map(Step::Days),
        1 => (60_i16..240).prop_map(Step::Days),
        5 => Just(Step::Register),
        5 => Just(Step::Hear),
        2 => (0..6_usize, some, 0_i16..30)
            .prop_map(|(right, levels, days)| Step::GiveUp(right, levels, days)),
        1 => (0..OCCUPATIONS.len()).prop_map(Step::WorkElsewhere),
        1 => (0_i16..30).prop_map(Step::LoseFiling),
    ]
}

/// The way of an application that nothing stops.
const WAY: [Step; 6] = [
    Step::HandIn,
    Step::Propose,
    Step::Confirm,
    Step::Days(8),
    Step::Register,
    Step::Hear,
];

fn wanted(occupations: &[usize], levels: &[Level]) -> Wanted {
    let levels = levels.to_vec();
    let wanted = occupations.iter().map(|number| (*number, levels.clone()));
    wanted.collect()
}

fn walk(town: &mut Town, body: usize, steps: &[Step]) {
    for step in steps {
        town.take(body, step);
        town.holds_what_it_may();
    }
}

/// An application for this, all its way.
fn apply(town: &mut Town, body: usize, purpose: Purpose, wanted: Wanted) {
    walk(town, body, &[Step::Draft(purpose, wanted)]);
    walk(town, body, &WAY);
}

proptest! {
    #[test]
    fn no_order_of_commands_grants_more_than_there_is(
        steps in prop::collection::vec((0..BODIES, step()), 0..160),
    ) {
        let mut town = Town::new();
        for (body, step) in steps {
            walk(&mut town, body, &[step]);
        }
    }
}

#[test]
fn the_walk_reaches_what_it_is_about() {
    let mut town = Town::new();
    let five = [Level::Five];
    for body in 0..BODIES {
        apply(&mut town, body, Purpose::First, wanted(&[0, 1], &five));
        apply(&mut town, body, Purpose::Extension, wanted(&[2], &five));
    }
    assert_eq!(town.selected(), usize::from(QUOTA));
    assert_eq!(town.occupations(0), 3);
    assert_eq!(town.occupations(2), 0);
    assert_eq!(town.state(1), Some(ApplicationState::Filed));
}

#[test]
fn what_one_right_gives_up_another_does_not() {
    let mut town = Town::new();
    let five = [Level::Five];
    apply(&mut town, 0, Purpose::First, wanted(&[0], &five));
    // Level five is held already, so that an extension by both is none.
    let both = [Level::Five, Level::Four];
    apply(&mut town, 0, Purpose::Extension, wanted(&[0], &both));
    assert_eq!(town.rights(0), 1);
    apply(&mut town, 0, Purpose::Extension, wanted(&[0], &both[1..]));
    apply(&mut town, 0, Purpose::Extension, wanted(&[1, 2], &five));
    assert_eq!(town.rights(0), 4);
    walk(
        &mut town,
        0,
        &[Step::GiveUp(1, vec![], 0), Step::Hear, Step::Days(2)],
    );
    apply(&mut town, 0, Purpose::Extension, wanted(&[3], &five));
    assert_eq!(town.occupations(0), 3, "level five is held as before");
}

#[test]
fn work_elsewhere_ends_with_the_right_at_home() {
    let mut town = Town::new();
    let five = [Level::Five];
    apply(&mut town, 0, Purpose::First, wanted(&[0, 1, 2], &five));
    walk(&mut town, 0, &[Step::WorkElsewhere(0), Step::Hear]);
    assert_eq!(town.rights(0), 4);
    walk(
        &mut town,
        0,
        &[Step::GiveUp(0, vec![], 0), Step::Hear, Step::Days(2)],
    );
    apply(&mut town, 0, Purpose::Extension, wanted(&[3], &five));
    assert_eq!(town.occupations(0), 3);
    assert_eq!(town.rights(0), 3);
}

#[test]
fn a_code_is_not_given_again_after_a_withdrawal() {
    let mut town = Town::new();
    let five = [Level::Five];
    for body in 0..BODIES {
        apply(&mut town, body, Purpose::First, wanted(&[0], &five));
        let gone = [Step::LoseFiling(0), Step::Hear, Step::Days(1)];
        walk(&mut town, body, &gone);
    }
    assert_eq!(town.codes().len(), BODIES, "each place was free again");
    let distinct: BTreeSet<_> = town.codes().iter().collect();
    assert_eq!(distinct.len(), BODIES);
}
