//! The decision (遴选确定, notice 3.4): proposed, confirmed, shown to the public, final.

use kernel::content_hash::ContentHash;
use kernel::public_notice::{OpenNotice, PublicNotice, RowState};
use kernel::rejection::{FaultList, Faults};
use serde::Serialize;

use super::refusal::SelectionRejection;
use super::{
    Applicant, Application, ApplicationState, Ascertained, Assessments, Confirming, Context, Fact,
    FormId, Holdings, Judgements, OccupationScope, Purpose, Resources, Room,
};

/// What two persons decide.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision<'a> {
    /// Select, with this scope (遴选确定).
    Select(&'a [OccupationScope]),
    /// Do not select, for this reason (不予遴选).
    Reject(&'a str),
}

/// All that a decision rests on; two persons who agree on its hash agree on all of it.
#[derive(Serialize)]
struct Content<'a> {
    application: kernel::ids::ApplicationId,
    organization: kernel::ids::OrganizationId,
    applicant: Option<&'a Applicant>,
    filing_division: kernel::division::DivisionCode,
    purpose: Purpose,
    form: FormId,
    materials: Vec<ContentHash>,
    resources: Option<&'a Resources>,
    assessments: &'a Assessments,
    judgements: &'a Judgements,
    decision: &'a Decision<'a>,
}

impl Application {
    /// Hash of a decision and what it rests on, as things are now.
    pub fn decision_hash(&self, decision: &Decision<'_>) -> ContentHash {
        let content = Content {
            application: self.id,
            organization: self.organization,
            applicant: self.applicant.as_ref(),
            filing_division: self.filing_division,
            purpose: self.purpose,
            form: self.form,
            materials: self
                .materials
                .values()
                .map(|material| material.sha256)
                .collect(),
            resources: self.resources.as_ref(),
            assessments: &self.assessments,
            judgements: &self.judgements,
            decision,
        };
        let bytes = serde_json::to_vec(&content).expect("ids, texts and hashes always serialise");
        ContentHash::of_bytes(&bytes)
    }

    pub(super) fn propose_selection(
        &self,
        granted: Vec<OccupationScope>,
        holdings: &Holdings,
        found: &Ascertained,
        context: &Context<'_>,
    ) -> Result<Vec<Fact>, Faults> {
        self.require(&[
            ApplicationState::Submitted,
            ApplicationState::DecisionProposed,
        ])?;
        self.require_ascertained(found)?;
        let mut faults = FaultList::default();
        self.judge_selection(&granted, holdings, context, &mut faults);
        self.judge_upheld(&granted, found, context, &mut faults);
        faults.finish()?;
        let content_hash = self.decision_hash(&Decision::Select(&granted));
        Ok(vec![Fact::SelectionProposed {
            granted,
            content_hash,
        }])
    }

    /// Two decisions at once about one organisation or one city come one after the other, since
    /// what they take from is under lock.
    pub(super) fn confirm_selection(
        &self,
        command: Confirming<'_>,
        context: &Context<'_>,
    ) -> Result<Vec<Fact>, Faults> {
        self.require(&[ApplicationState::DecisionProposed])?;
        let Confirming {
            selection,
            notice,
            granted,
            snapshot,
            room: Room { holdings, quota },
            found,
        } = command;
        self.require_ascertained(found)?;
        let mut faults = FaultList::default();
        self.judge_selection(&granted, holdings, context, &mut faults);
        self.judge_upheld(&granted, found, context, &mut faults);
        let quota = quota.filter(|_| self.purpose == Purpose::First);
        if let Some(Err(full)) = quota.map(|quota| quota.takes_one_more(context.pilot)) {
            faults.refuse(&full);
        }
        faults.finish()?;
        let opening = OpenNotice {
            id: notice,
            period: snapshot.ends.clone(),
            snapshot_hash: snapshot.hash(),
            rows: vec![self.row_key()],
        };
        let notice = PublicNotice::open(opening)?;
        Ok(vec![Fact::PublicNoticeOpened {
            selection,
            granted,
            notice,
        }])
    }

    /// Nothing happens before the last day is over, or while an objection is open.
    pub(super) fn conclude_public_notice(
        &self,
        context: &Context<'_>,
    ) -> Result<Vec<Fact>, Faults> {
        self.require(&[ApplicationState::InPublicNotice])?;
        let Some(selection) = &self.selection else {
            return Err(self.wrong_state().into());
        };
        let events = selection.notice.tick(context.today);
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let mut concluded = selection.notice.clone();
        concluded.apply_all(&events);
        let mut facts = vec![Fact::PublicNoticeConcluded {
            notice: concluded.id(),
            events,
        }];
        if concluded.row_state(&self.row_key()) == Some(RowState::Concluded) {
            facts.push(Fact::OrganizationSelected {
                application: self.id,
                selection: selection.id,
                organization: self.organization,
                filing_division: self.filing_division,
                purpose: self.purpose,
                granted: selection.granted.clone(),
                notice: concluded.id(),
                snapshot_hash: concluded.snapshot_hash(),
                on: context.today,
            });
        }
        Ok(facts)
    }

    /// What still runs is counted with the calendar as it is now; asked again, nothing changes.
    pub(super) fn recount_public_notice(&self, context: &Context<'_>) -> Result<Vec<Fact>, Faults> {
        self.require(&[ApplicationState::InPublicNotice])?;
        let Some(selection) = &self.selection else {
            return Err(self.wrong_state().into());
        };
        let events = selection.notice.recount(context.calendar)?;
        let recounted = (!events.is_empty()).then(|| Fact::PublicNoticeChanged {
            notice: selection.notice.id(),
            events,
        });
        Ok(recounted.into_iter().collect())
    }

    fn judge_selection(
        &self,
        granted: &[OccupationScope],
        holdings: &Holdings,
        context: &Context<'_>,
        faults: &mut FaultList,
    ) {
        let named: Vec<_> = granted.iter().map(Some).collect();
        judge_granted(&named, faults);
        for (index, scope) in granted.iter().enumerate() {
            let field = format!("granted[{index}]");
            let applied = self.occupations.iter().any(|row| row.scope.covers(scope));
            faults.require(
                applied,
                &field,
                &SelectionRejection::GrantExceedsApplication,
            );
            // What is renewed may run out while that is decided.
            if self.purpose == Purpose::Extension {
                holdings.judge_scope(self.purpose, scope, &field, context, faults);
            }
        }
        if let Some(kind) = self.kind() {
            self.judgements.judge(kind, faults);
        }
        self.assessments.judge(&self.required, faults);
        let division = Some(self.filing_division);
        holdings.judge_purpose(self.purpose, division, context.today, faults);
        holdings.judge_room(granted.iter(), "granted", context, faults);
    }
}

/// Notes that nothing is granted, and what is granted twice; `granted` as far as it can be read.
pub fn judge_granted(granted: &[Option<&OccupationScope>], faults: &mut FaultList) {
    let field = "granted";
    faults.require(!granted.is_empty(), field, &SelectionRejection::GrantEmpty);
    for (index, scope) in granted.iter().enumerate() {
        let Some(scope) = scope else { continue };
        let mut earlier = granted[..index].iter().flatten();
        let twice = earlier.any(|earlier| earlier.is_about_the_same(scope));
        let field = format!("granted[{index}]");
        faults.require(!twice, field, &SelectionRejection::GrantTwice);
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::level::Level;

    use super::super::samples::{
        DAY, act, ascertained, assessed, check, confirming, electrician, holder, judged, on,
        organization, proposed, record, scope, shown, submitted, weihai,
    };
    use super::super::{AssessmentKind, CityQuota, Command, Snapshot, samples};
    use super::*;

    fn propose(application: &mut Application, granted: Vec<OccupationScope>) -> Vec<&'static str> {
        let proposed = samples::propose(application, granted);
        proposed
            .err()
            .map(|refused| refused.codes())
            .unwrap_or_default()
    }

    #[test]
    fn nothing_is_proposed_before_all_three_assessments_are_passed() {
        assert_eq!(
            propose(judged(&mut submitted()), vec![electrician()]),
            ["ASSESSMENT_MISSING"; 3]
        );
        let mut application = assessed();
        record(&mut application, 9, &check(&[false])).expect("under assessment");
        assert_eq!(
            propose(&mut application, vec![electrician()]),
            ["ASSESSMENT_NOT_PASSED"]
        );
    }

    #[test]
    fn a_round_may_do_with_fewer_and_what_was_not_passed_still_counts() {
        let mut application = submitted();
        judged(&mut application);
        application.required = [AssessmentKind::DocumentCheck].into();
        let missing = propose(&mut application, vec![electrician()]);
        assert_eq!(missing, ["ASSESSMENT_MISSING"]);
        record(&mut application, 1, &check(&[true])).expect("under assessment");
        assert_eq!(propose(&mut application, vec![electrician()]), [""; 0]);
        let panel = samples::panel(&[false, false, true]);
        record(&mut application, 2, &panel).expect("under assessment");
        let against = propose(&mut application, vec![electrician()]);
        assert_eq!(against, ["ASSESSMENT_NOT_PASSED"]);
    }

    /// What a confirmation is refused for, with these holdings and so many selected in the city.
    fn confirm(application: &Application, holdings: &Holdings, selected: u32) -> Vec<&'static str> {
        let snapshot = application.snapshot(&[electrician()], "威海市", "0531", &on(DAY));
        let snapshot = snapshot.expect("2020 is stored");
        let found = ascertained(application);
        let mut command = confirming(&snapshot, holdings, &found);
        let division = weihai();
        command.room.quota = Some(CityQuota { division, selected });
        let decided = application.decide(Command::ConfirmSelection(command), &on(DAY));
        decided
            .err()
            .map(|refused| refused.codes())
            .unwrap_or_default()
    }

    #[test]
    fn the_ninth_selection_of_a_city_is_refused_and_an_extension_takes_no_place() {
        let (application, nothing) = (proposed(), Holdings::none(organization()));
        assert_eq!(confirm(&application, &nothing, 7), [""; 0]);
        assert_eq!(confirm(&application, &nothing, 8), ["CITY_QUOTA_EXHAUSTED"]);
        let extension = Application {
            purpose: Purpose::Extension,
            ..application
        };
        assert_eq!(confirm(&extension, &holder(&["6-18-02-04"]), 8), [""; 0]);
    }

    #[test]
    fn a_fourth_occupation_over_all_grants_is_refused() {
        let extension = Application {
            purpose: Purpose::Extension,
            ..proposed()
        };
        let three = holder(&["6-18-02-04", "4-03-02-01", "4-03-02-02"]);
        assert_eq!(confirm(&extension, &three, 1), ["TOO_MANY_OCCUPATIONS"]);
        let mut gone = three;
        gone.withdraw(DAY);
        assert_eq!(confirm(&extension, &gone, 1), ["FILING_WITHDRAWN"]);
    }

    #[test]
    fn a_grant_is_a_part_of_what_was_applied_for() {
        assert_eq!(
            propose(&mut assessed(), vec![scope("6-31-01-03", &[Level::Five])]),
            [""; 0]
        );
        for granted in [
            scope("6-31-01-03", &[Level::Five, Level::Three]),
            scope("6-18-02-04", &[Level::Five]),
            OccupationScope {
                trade: "电缆工".to_owned(),
                ..electrician()
            },
        ] {
            assert_eq!(
                propose(&mut assessed(), vec![granted]),
                ["GRANT_EXCEEDS_APPLICATION"]
            );
        }
        assert_eq!(propose(&mut assessed(), Vec::new()), ["GRANT_EMPTY"]);
        assert_eq!(
            propose(&mut assessed(), vec![electrician(); 2]),
            ["GRANT_TWICE"]
        );
    }

    #[test]
    fn an_assessment_after_the_proposal_changes_what_it_rests_on() {
        let mut application = proposed();
        let granted = [electrician()];
        let decision = Decision::Select(&granted);
        let before = application.decision_hash(&decision);
        assert_eq!(application.decision_hash(&decision), before);
        record(&mut application, 9, &check(&[true])).expect("under assessment");
        assert_ne!(application.decision_hash(&decision), before);
        assert_eq!(application.state, ApplicationState::DecisionProposed);
    }

    #[test]
    fn the_public_is_shown_who_where_and_what() {
        let snapshot = proposed().snapshot(&[electrician()], "威海市", "0531-00000000", &on(DAY));
        let snapshot = snapshot.expect("2020 is stored");
        assert_eq!(
            snapshot.cells,
            [
                "威海示例技师学院",
                "技工院校",
                "电工（6-31-01-03）",
                "电工：五级/初级工、四级/中级工",
                "威海市"
            ]
        );
        assert_eq!(snapshot.objection_contact, "0531-00000000");
        let read: Snapshot = serde_json::from_str(&snapshot.to_json()).expect("as written");
        assert_eq!(read.hash(), snapshot.hash());
    }

    #[test]
    fn a_public_notice_lasts_five_working_days_and_ends_by_itself() {
        let mut application = shown();
        for day in 18..=25 {
            let facts = act(
                &mut application,
                Command::ConcludePublicNotice,
                date(2020, 5, day),
            );
            assert_eq!(facts.expect("in its notice"), [], "the {day}th");
        }
        let facts = act(
            &mut application,
            Command::ConcludePublicNotice,
            date(2020, 5, 26),
        );
        let facts = facts.expect("over");
        assert!(matches!(
            &facts[..],
            [Fact::PublicNoticeConcluded { .. }, Fact::OrganizationSelected { granted, .. }]
                if *granted == [electrician()]
        ));
        assert_eq!(application.state, ApplicationState::Selected);
    }

    #[test]
    fn a_notice_that_reaches_a_year_without_a_calendar_is_not_opened() {
        let last = date(2026, 12, 31);
        let refused = proposed().snapshot(&[electrician()], "威海市", "0531", &on(last));
        assert_eq!(
            refused.expect_err("2027 is not stored").codes(),
            ["CALENDAR_YEAR_MISSING"]
        );
    }
}
