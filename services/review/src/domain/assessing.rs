//! The centre's technical assessment (技术评估, notice 3.4): documents, experts, site.
//!
//! Each can be done again while the application is under assessment; the newest counts. One that
//! is done after a decision was proposed changes what the decision rests on, and so voids it.

use kernel::rejection::Faults;

use super::assessment::judge_expert_panel;
use super::{
    Application, ApplicationState, Assessment, AssessmentId, Context, DocumentCheckItem,
    ExpertOpinion, Fact, SiteVisit,
};

const UNDER_ASSESSMENT: [ApplicationState; 2] = [
    ApplicationState::Submitted,
    ApplicationState::DecisionProposed,
];

impl Application {
    pub(super) fn record_document_check(
        &self,
        id: AssessmentId,
        items: &[DocumentCheckItem],
    ) -> Result<Vec<Fact>, Faults> {
        self.require(&UNDER_ASSESSMENT)?;
        let passed = items.iter().all(|item| item.in_order);
        let assessment = Assessment { id, passed };
        Ok(vec![Fact::DocumentCheckRecorded {
            assessment,
            items: items.len(),
        }])
    }

    pub(super) fn record_expert_panel(
        &self,
        id: AssessmentId,
        opinions: &[ExpertOpinion],
    ) -> Result<Vec<Fact>, Faults> {
        self.require(&UNDER_ASSESSMENT)?;
        let in_favour = judge_expert_panel(opinions)?;
        let experts = opinions.len();
        let assessment = Assessment {
            id,
            passed: in_favour > experts / 2,
        };
        Ok(vec![Fact::ExpertPanelRecorded {
            assessment,
            experts,
            in_favour,
        }])
    }

    pub(super) fn record_site_visit(
        &self,
        id: AssessmentId,
        visit: &SiteVisit,
        context: &Context<'_>,
    ) -> Result<Vec<Fact>, Faults> {
        self.require(&UNDER_ASSESSMENT)?;
        visit.judge(context.today)?;
        Ok(vec![Fact::SiteVisitRecorded {
            assessment: Assessment {
                id,
                passed: visit.passed,
            },
            visited_on: visit.visited_on,
            visitors: visit.visitor_numbers.len(),
        }])
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::super::samples::{
        DAY, act, assessed, assessment_id, items, opened, opinions, submitted, visit,
    };
    use super::super::{Command, MaterialGroup};
    use super::*;

    fn panel(in_favour: &[bool]) -> Result<Application, Faults> {
        let mut application = submitted();
        let opinions = opinions(in_favour);
        act(
            &mut application,
            Command::RecordExpertPanel(assessment_id(1), &opinions),
            DAY,
        )?;
        Ok(application)
    }

    #[test]
    fn one_item_that_is_not_in_order_fails_the_document_check() {
        for (in_order, passed) in [(vec![true, true], true), (vec![true, false], false)] {
            let mut application = submitted();
            let items = items(&in_order);
            let command = Command::RecordDocumentCheck(assessment_id(1), &items);
            act(&mut application, command, DAY).expect("under assessment");
            let check = application
                .assessments
                .document_check
                .expect("just recorded");
            assert_eq!(check.passed, passed);
        }
    }

    #[test]
    fn the_majority_of_an_odd_panel_decides() {
        for (in_favour, passed) in [
            (&[true, true, false][..], true),
            (&[true, false, false][..], false),
            (&[true, true, true, false, false][..], true),
        ] {
            let application = panel(in_favour).expect("odd and large enough");
            assert_eq!(
                application
                    .assessments
                    .expert_panel
                    .expect("recorded")
                    .passed,
                passed
            );
        }
        for in_favour in [&[][..], &[true], &[true, true], &[true, true, true, false]] {
            assert_eq!(
                panel(in_favour).expect_err("no panel").codes(),
                ["PANEL_SIZE"]
            );
        }
    }

    #[test]
    fn an_expert_has_one_voice() {
        let mut opinions = opinions(&[true, true, true]);
        "E0".clone_into(&mut opinions[2].expert_number);
        let command = Command::RecordExpertPanel(assessment_id(1), &opinions);
        let refused = act(&mut submitted(), command, DAY).expect_err("an expert twice");
        assert_eq!(refused.codes(), ["EXPERT_TWICE"]);
        assert_eq!(
            refused.leading().field.as_deref(),
            Some("opinions[2].expert_number")
        );
    }

    #[test]
    fn a_visit_took_place_and_by_two_people() {
        let visited = |visit: SiteVisit| {
            act(
                &mut submitted(),
                Command::RecordSiteVisit(assessment_id(1), &visit),
                DAY,
            )
        };
        assert!(visited(visit()).is_ok());
        let tomorrow = SiteVisit {
            visited_on: DAY + 1.day(),
            ..visit()
        };
        assert_eq!(
            visited(tomorrow).expect_err("tomorrow").codes(),
            ["SITE_VISIT_IN_FUTURE"]
        );
        let alone = SiteVisit {
            visitor_numbers: vec!["V1".to_owned()],
            ..visit()
        };
        assert_eq!(
            visited(alone).expect_err("alone").codes(),
            ["VISITORS_TOO_FEW"]
        );
        let same = SiteVisit {
            visitor_numbers: vec!["V1".to_owned(); 2],
            ..visit()
        };
        assert_eq!(
            visited(same).expect_err("one person").codes(),
            ["VISITOR_TWICE", "VISITORS_TOO_FEW"]
        );
    }

    #[test]
    fn a_draft_is_not_assessed() {
        let command = Command::RecordSiteVisit(assessment_id(1), &visit());
        let refused = act(&mut opened(), command, DAY).expect_err("a draft");
        assert_eq!(refused.codes(), ["APPLICATION_STATE"]);
        assert!(refused.leading().chinese.contains("草稿"));
    }

    #[test]
    fn documents_that_go_back_are_checked_anew_and_the_site_is_not() {
        let mut application = assessed();
        let groups = vec![MaterialGroup::Credit];
        act(&mut application, Command::Return { groups }, DAY).expect("under assessment");
        assert_eq!(application.assessments.document_check, None);
        assert_eq!(application.assessments.expert_panel, None);
        assert!(application.assessments.site_visit.is_some());
    }
}
