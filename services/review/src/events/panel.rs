//! What is on record of expert panels. Nothing of it is anybody else's.

use kernel::division::DivisionCode;
use platform::facts::{IntoRecord, Record};

use super::outgoing::internal;
use crate::domain::panel::PanelFact;

/// A fact of a panel with the area that hears of it: where the application is filed.
pub(crate) struct PanelRecord<'a> {
    /// Where it is filed.
    pub(crate) filing_division: DivisionCode,
    /// The fact.
    pub(crate) fact: &'a PanelFact,
}

impl<'a> PanelRecord<'a> {
    /// The facts of one panel.
    pub(crate) fn all(filing_division: DivisionCode, facts: &'a [PanelFact]) -> Vec<Self> {
        let record = |fact| Self {
            filing_division,
            fact,
        };
        facts.iter().map(record).collect()
    }
}

impl IntoRecord for PanelRecord<'_> {
    fn record(&self) -> Record {
        let kind = match self.fact {
            PanelFact::PanelPlanned { .. } => "panel_planned",
            PanelFact::PanelDrawn { .. } => "panel_drawn",
            PanelFact::PanelConvened { .. } => "panel_convened",
            PanelFact::ExpertExcused { .. } => "expert_excused",
            PanelFact::OpinionRecorded { .. } => "opinion_recorded",
            PanelFact::PanelClosed { .. } => "panel_closed",
            PanelFact::PanelDissolved { .. } => "panel_dissolved",
        };
        internal(kind, self.filing_division, self.fact)
    }
}
