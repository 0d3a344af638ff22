//! Re-sits: a passed part is kept for a time, and for as many re-sits as the department says.

use proto::exam::v1 as exam;
use proto::exam::v1::ExamPart::{Skill, Theory};
use proto::results::v1 as pb;
use proto::results::v1::ResultState as State;

use crate::neighbours::seal_of;
use crate::setup::{Setup, clerk_a, codes, refused, setup};

impl Setup {
    /// Another plan is held on a day: everybody comes to the skill part alone.
    async fn resat_on(&self, day: &'static str) -> pb::Batch {
        {
            let mut world = self.played.world();
            world.held_on = day;
            for entry in &mut world.roster {
                entry.attendance = vec![exam::PartAttendance {
                    part: Skill.into(),
                    attendance: exam::Attendance::Present.into(),
                }];
            }
            let sealed = seal_of(&world.roster);
            world.stated = sealed;
        }
        self.hear_of_a_plan().await;
        self.open(&clerk_a()).await.expect("opened")
    }
}

#[tokio::test]
async fn who_failed_one_part_keeps_the_other_for_one_re_sit() {
    let setup = setup().await;
    let (first, _) = setup.shown().await;
    let failed = setup.rows(&first).await[2].clone();
    let batch = setup.resat_on("2020-09-05").await.batch_id;
    let row = setup.rows(&batch).await[2].clone();
    let theory = &row.parts[0];
    assert_eq!((theory.part(), theory.score), (Theory, Some(100)));
    assert_eq!(theory.kept_from, failed.result_id);
    let kept = refused(setup.record(&batch, &[(2, Theory, 90)]).await);
    assert_eq!(codes(&kept), ["SCORE_PART_KEPT"]);

    let scores: Vec<_> = (0..5).map(|number| (number, Skill, 59)).collect();
    setup.record(&batch, &scores).await.expect("recorded");
    let recorded = setup.record(&batch, &[(3, Skill, 88), (0, Skill, 88)]);
    recorded.await.expect("recorded");
    setup.open_notice(&batch).await.expect("one passed");
    let states: Vec<_> = setup
        .rows(&batch)
        .await
        .iter()
        .map(pb::Result::state)
        .collect();
    let failed = State::NotPassed;
    assert_eq!(
        states,
        [failed, failed, failed, State::InPublicNotice, failed],
        "the third passes with the theory of the first exam, and who sat the skill part alone \
         without such a pass does not"
    );

    let again = setup.resat_on("2020-11-07").await.batch_id;
    assert_eq!(setup.rows(&again).await[2].parts.len(), 1, "kept once");
}

#[tokio::test]
async fn a_passed_part_is_kept_for_a_year() {
    let setup = setup().await;
    setup.shown().await;
    let batch = setup.resat_on("2021-07-05").await.batch_id;
    assert_eq!(setup.rows(&batch).await[2].parts.len(), 1);
}
