//! The centre's technical assessment (技术评估, notice 3.4): documents, experts, site.
//!
//! Each can be done again while the application is under assessment; the newest counts. One that
//! is done after a decision was proposed changes what the decision rests on, and so voids it.

use kernel::rejection::{FaultList, Faults};

use super::assessment::{judge_checked, judge_panel, judge_site, judge_visited, judge_visitors};
use super::refusal::{SelectionRejection, words};
use super::{
    Application, ApplicationState, Assessment, AssessmentId, Context, Delegation,
    DocumentCheckItem, Fact, Particulars, SiteVisit,
};

const UNDER_ASSESSMENT: [ApplicationState; 2] = [
    ApplicationState::Submitted,
    ApplicationState::DecisionProposed,
];

impl Application {
    pub(super) fn record_assessment(
        &self,
        id: AssessmentId,
        particulars: &Particulars,
        delegation: &Delegation,
        context: &Context<'_>,
    ) -> Result<Vec<Fact>, Faults> {
        self.require_under_assessment()?;
        self.judge_particulars(particulars, delegation, context)?;
        let passed = particulars.passed();
        let assessment = Assessment { id, passed };
        let fact = match particulars {
            Particulars::DocumentCheck(items) => Fact::DocumentCheckRecorded {
                assessment,
                items: items.len(),
            },
            Particulars::ExpertPanel(opinions) => Fact::ExpertPanelRecorded {
                assessment,
                experts: opinions.len(),
                in_favour: opinions.iter().filter(|opinion| opinion.in_favour).count(),
            },
            Particulars::SiteVisit(visit) => Fact::SiteVisitRecorded {
                assessment,
                visited_on: visit.visited_on,
                visitors: visit.visitor_numbers.len(),
                photos: visit.photos.iter().map(|photo| photo.id).collect(),
            },
        };
        Ok(vec![fact])
    }

    pub(super) fn require_under_assessment(&self) -> Result<(), Faults> {
        self.require(&UNDER_ASSESSMENT)
    }

    /// Much of this was told with the form already; what is on record does not rest on that.
    fn judge_particulars(
        &self,
        particulars: &Particulars,
        delegation: &Delegation,
        context: &Context<'_>,
    ) -> Result<(), Faults> {
        let mut faults = FaultList::default();
        match particulars {
            Particulars::DocumentCheck(items) => self.judge_documents(items, &mut faults),
            Particulars::ExpertPanel(opinions) => judge_panel(opinions, context.pilot, &mut faults),
            Particulars::SiteVisit(visit) => {
                judge_visited(visit.visited_on, context.today, &mut faults);
                self.judge_visit_follows(visit, &mut faults);
                judge_visitors(&visit.visitor_numbers, context.pilot, &mut faults);
                delegation.judge(visit, self, context, &mut faults);
                let items: Vec<_> = visit.items.iter().cloned().map(Some).collect();
                judge_site(&items, visit.passed, &mut faults);
            }
        }
        faults.finish()
    }

    /// A check is of every document handed in, and of none that was not.
    fn judge_documents(&self, items: &[DocumentCheckItem], faults: &mut FaultList) {
        let known: Vec<_> = items.iter().cloned().map(Some).collect();
        judge_checked(&known, faults);
        for (index, item) in items.iter().enumerate() {
            let Some(document) = item.document else {
                continue;
            };
            let (chinese, english) = (document.chinese(), words(document.name()));
            let handed_in = self.materials.contains_key(&document);
            let missing = SelectionRejection::DocumentNotHandedIn { chinese, english };
            faults.require(handed_in, format!("items[{index}].document"), &missing);
        }
        for document in self.materials.keys() {
            let checked = items.iter().any(|item| item.document == Some(*document));
            let (chinese, english) = (document.chinese(), words(document.name()));
            let missing = SelectionRejection::DocumentNotChecked { chinese, english };
            faults.require(checked, "items", &missing);
        }
    }

    /// A visit between a return and the correction is as good as any; one before there was an
    /// application is none.
    fn judge_visit_follows(&self, visit: &SiteVisit, faults: &mut FaultList) {
        if let Some(submitted_on) = self.first_submitted_on {
            faults.require(
                visit.visited_on >= submitted_on,
                "visited_on",
                &SelectionRejection::SiteVisitBeforeApplication { submitted_on },
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use jiff::civil::Date;

    use super::super::samples::{
        DAY, act, ascertained_for, assessed, check, electrician, give_back, hand_in, material,
        opened, opinions, panel, record, round, submitted, visit,
    };
    use super::super::{Command, DocumentKind, HandingIn, Holdings, SiteVisit};
    use super::*;

    fn assess(particulars: &Particulars) -> Result<Application, Faults> {
        let mut application = submitted();
        record(&mut application, 1, particulars)?;
        Ok(application)
    }

    #[test]
    fn one_item_that_is_not_in_order_fails_the_document_check() {
        for (in_order, passed) in [(&[true, true], true), (&[true, false], false)] {
            let application = assess(&check(in_order)).expect("under assessment");
            let check = application.assessments.document_check;
            assert_eq!(check.expect("just recorded").passed, passed);
        }
    }

    #[test]
    fn a_check_is_of_every_document_handed_in_and_of_none_else() {
        let refused = |change: fn(&mut Vec<DocumentCheckItem>)| {
            let Particulars::DocumentCheck(mut items) = check(&[true]) else {
                panic!("a document check");
            };
            change(&mut items);
            let refused = assess(&Particulars::DocumentCheck(items));
            refused.expect_err("to be refused").codes()
        };
        assert_eq!(
            refused(|items| drop(items.remove(0))),
            ["DOCUMENT_NOT_CHECKED"]
        );
        let twice = refused(|items| items.push(items[0].clone()));
        assert_eq!(twice, ["DOCUMENT_CHECKED_TWICE"]);
        let other = refused(|items| {
            items.push(DocumentCheckItem {
                document: Some(DocumentKind::TrainingLicence),
                ..items[0].clone()
            });
        });
        assert_eq!(other, ["DOCUMENT_NOT_HANDED_IN"]);
    }

    #[test]
    fn a_visit_looks_at_every_item_and_passes_with_all_in_order() {
        let refused = |change: fn(&mut SiteVisit)| {
            let mut visit = visit();
            change(&mut visit);
            let refused = assess(&Particulars::SiteVisit(visit));
            refused.expect_err("to be refused").codes()
        };
        assert_eq!(
            refused(|visit| drop(visit.items.pop())),
            ["SITE_ITEM_MISSING"]
        );
        let twice = refused(|visit| visit.items.push(visit.items[0].clone()));
        assert_eq!(twice, ["SITE_ITEM_TWICE"]);
        let lacking = refused(|visit| visit.items[0].in_order = false);
        assert_eq!(lacking, ["SITE_ITEM_NOT_IN_ORDER"]);
    }

    #[test]
    fn the_majority_of_an_odd_panel_decides() {
        for (in_favour, passed) in [
            (&[true, true, false][..], true),
            (&[true, false, false][..], false),
            (&[true, true, true, false, false][..], true),
        ] {
            let application = assess(&panel(in_favour)).expect("odd and large enough");
            let panel = application.assessments.expert_panel;
            assert_eq!(panel.expect("just recorded").passed, passed);
        }
        for in_favour in [&[][..], &[true], &[true, true], &[true, true, true, false]] {
            let refused = assess(&panel(in_favour)).expect_err("no panel");
            assert_eq!(refused.codes(), ["PANEL_SIZE"]);
        }
    }

    #[test]
    fn an_expert_has_one_voice_however_the_number_is_typed() {
        for typed in ["E0", "e0", "Ｅ０", "E 0"] {
            let mut opinions = opinions(&[true, true, true]);
            typed.clone_into(&mut opinions[2].expert_number);
            let refused = assess(&Particulars::ExpertPanel(opinions)).expect_err("twice");
            assert_eq!(refused.codes(), ["EXPERT_TWICE"], "{typed}");
            let field = refused.leading().field.as_deref();
            assert_eq!(field, Some("opinions[2].expert_number"));
        }
    }

    #[test]
    fn a_visit_took_place_and_by_two_people() {
        let codes = |visit: SiteVisit| {
            let refused = assess(&Particulars::SiteVisit(visit));
            refused.expect_err("to be refused").codes()
        };
        let visitors = |numbers: &[&str]| SiteVisit {
            visitor_numbers: numbers.iter().copied().map(str::to_owned).collect(),
            ..visit()
        };
        assert!(assess(&Particulars::SiteVisit(visit())).is_ok());
        let tomorrow = SiteVisit {
            visited_on: DAY + 1.day(),
            ..visit()
        };
        assert_eq!(codes(tomorrow), ["SITE_VISIT_IN_FUTURE"]);
        for day in [DAY - 1.day(), Date::MIN] {
            let early = SiteVisit {
                visited_on: day,
                ..visit()
            };
            assert_eq!(codes(early), ["SITE_VISIT_BEFORE_APPLICATION"], "{day}");
        }
        assert_eq!(codes(visitors(&["V1"])), ["VISITORS_TOO_FEW"]);
        let one_person = ["VISITOR_TWICE", "VISITORS_TOO_FEW"];
        assert_eq!(codes(visitors(&["V1", "V1"])), one_person);
        assert_eq!(codes(visitors(&["V1", "ｖ１"])), one_person);
    }

    #[test]
    fn a_visit_before_a_correction_counts() {
        let mut application = submitted();
        give_back(&mut application, &[DocumentKind::CreditReport]).expect("under assessment");
        let corrected = Command::StoreMaterial(material(DocumentKind::CreditReport, 40));
        act(&mut application, corrected, DAY).expect("given back");
        let later = DAY + 2.days();
        hand_in(&mut application, later).expect("corrected");
        assert_eq!(application.submitted_on, Some(later));
        let visit = Particulars::SiteVisit(visit());
        record(&mut application, 1, &visit).expect("on the day of the first submission");
    }

    #[test]
    fn a_draft_is_not_assessed() {
        let visit = Particulars::SiteVisit(visit());
        let refused = record(&mut opened(), 1, &visit).expect_err("a draft");
        assert_eq!(refused.codes(), ["APPLICATION_STATE"]);
        assert!(refused.leading().chinese.contains("草稿"));
    }

    #[test]
    fn documents_that_go_back_are_checked_anew_and_the_site_is_not() {
        let mut application = assessed();
        give_back(&mut application, &[DocumentKind::CreditReport]).expect("under assessment");
        assert_eq!(application.assessments.document_check, None);
        assert_eq!(application.assessments.expert_panel, None);
        assert!(application.assessments.site_visit.is_some());
    }

    #[test]
    fn a_site_that_was_visited_for_other_occupations_is_visited_anew() {
        let mut application = assessed();
        give_back(&mut application, &[DocumentKind::CreditReport]).expect("under assessment");
        let again = material(DocumentKind::CreditReport, 90);
        act(&mut application, Command::StoreMaterial(again), DAY).expect("given back");
        let mut fewer = electrician();
        fewer.levels.pop_last();
        let (round, holdings) = (round(), Holdings::none(application.organization));
        let handing_in = HandingIn {
            round: &round,
            holdings: &holdings,
            ascertained: &ascertained_for(&application, &[fewer]),
        };
        act(&mut application, Command::Submit(handing_in), DAY).expect("corrected");
        assert_eq!(application.assessments.site_visit, None);
    }
}
