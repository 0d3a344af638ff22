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

const UNDER_ASSESSMENT: [ApplicationState; 2] =
    [ApplicationState::Submitted, ApplicationState::DecisionProposed];

impl Application {
    pub(super) fn record_document_check(
        &self,
        id: AssessmentId,
        items: &[DocumentCheckItem],
    ) -> Result<Vec<Fact>, Faults> {
        self.require(&UNDER_ASSESSMENT)?;
        let passed = items.iter().all(|item| item.in_order);
        let assessment = Assessment { id, passed };
        Ok(vec![Fact::DocumentCheckRecorded { assessment, items: items.len() }])
    }

    pub(super) fn record_expert_panel(
        &self,
        id: AssessmentId,
        opinions: &[ExpertOpinion],
    ) -> Result<Vec<Fact>, Faults> {
        self.require(&UNDER_ASSESSMENT)?;
        let in_favour = judge_expert_panel(opinions)?;
        let experts = opinions.len();
        let assessment = Assessment { id, passed: in_favour > experts / 2 };
        Ok(vec![Fact::ExpertPanelRecorded { assessment, experts, in_favour }])
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
            assessment: Assessment { id, passed: visit.passed },
            visited_on: visit.visited_on,
            visitors: visit.visitor_numbers.len(),
        }])
    }
}
