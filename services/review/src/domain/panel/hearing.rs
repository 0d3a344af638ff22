//! A panel is heard, expert by expert.

use jiff::civil::Date;
use kernel::ids::PersonId;
use kernel::rejection::Faults;

use super::super::refusal::ApplicationRejection;
use super::super::{Application, Context, PoolMember};
use super::refusal::PanelRejection;
use super::{Candidate, Panel, PanelFact, PanelState, Voice};

impl Panel {
    /// Records an opinion; with the last one the panel closes.
    ///
    /// # Errors
    /// When the panel is not sitting, the documents have changed, or the expert is not on it or
    /// has given an opinion.
    pub fn hear(
        &self,
        number: &str,
        in_favour: bool,
        by_expert: bool,
        application: &Application,
        context: &Context<'_>,
    ) -> Result<Vec<PanelFact>, Faults> {
        application.require_assessing(context)?;
        self.require_state(PanelState::Sitting, PanelRejection::NotSitting)?;
        self.require_current(application)?;
        let member = self
            .member(number)
            .ok_or_else(|| Faults::at("expert_number", &PanelRejection::NotMember))?;
        if member.voice.is_some() {
            return Err(Faults::at("expert_number", &PanelRejection::OpinionGiven));
        }
        let voice = Voice {
            in_favour,
            on: context.today,
            by_expert,
        };
        let number = member.expert.number.clone();
        let mut facts = vec![PanelFact::OpinionRecorded { number, voice }];
        let mut heard = self.clone();
        heard.apply_all(&facts);
        facts.extend(heard.close(context.today));
        Ok(facts)
    }

    /// The end of a panel of which every member was heard.
    fn close(&self, on: Date) -> Option<PanelFact> {
        let sitting = self.members.iter().filter(|member| member.sits());
        let voices: Option<Vec<_>> = sitting.map(|member| member.voice).collect();
        let voices = voices?;
        Some(PanelFact::PanelClosed {
            experts: voices.len(),
            in_favour: voices.iter().filter(|voice| voice.in_favour).count(),
            on,
        })
    }

    /// Excuses a member who has given no opinion; another steps in: of a panel that was drawn the
    /// next rank, of one that was named whoever is named; only somebody who is in the pools today.
    ///
    /// # Errors
    /// When the panel is not sitting, the expert is not on it or has given an opinion, or nobody
    /// can step in.
    pub fn excuse(
        &self,
        number: &str,
        named: Option<&str>,
        pool: &[PoolMember],
        application: &Application,
        context: &Context<'_>,
    ) -> Result<PanelFact, Faults> {
        application.require_assessing(context)?;
        self.require_state(PanelState::Sitting, PanelRejection::NotSitting)?;
        let member = self
            .member(number)
            .ok_or_else(|| Faults::at("expert_number", &PanelRejection::NotMember))?;
        if member.voice.is_some() {
            return Err(Faults::at("expert_number", &PanelRejection::OpinionGiven));
        }
        let (replacement, passed_over) = self
            .replacement(named, pool)
            .map_err(|rejection| Faults::at("replacement_number", &rejection))?;
        Ok(PanelFact::ExpertExcused {
            number: member.expert.number.clone(),
            replacement,
            passed_over,
            on: context.today,
        })
    }

    /// Who steps in, and whose turn it was before: who is passed over is on record with who is not,
    /// since all ranks are known once the seed is.
    fn replacement(
        &self,
        named: Option<&str>,
        pool: &[PoolMember],
    ) -> Result<(Candidate, Vec<String>), PanelRejection> {
        let serves = |candidate: &Candidate| {
            let mut pool = pool.iter();
            pool.any(|member| member.person == candidate.person)
        };
        let seed = self.draw.and_then(|draw| draw.seed);
        match (seed, named) {
            (Some(_), Some(_)) => Err(PanelRejection::ReplacementDrawn),
            (None, None) => Err(PanelRejection::ReplacementMissing),
            (None, Some(named)) => {
                let candidate = self.candidate(named)?;
                if !serves(&candidate) {
                    // As for somebody whom the pools never had.
                    Err(PanelRejection::ExpertUnknown)
                } else if self.has(candidate.person) {
                    // Whoever was excused does not come back.
                    Err(PanelRejection::NobodyLeft)
                } else {
                    Ok((candidate, Vec::new()))
                }
            }
            (Some(seed), None) => {
                let mut passed_over = Vec::new();
                for next in self.ranked(&seed).filter(|next| !self.has(next.person)) {
                    if serves(next) {
                        return Ok((next.clone(), passed_over));
                    }
                    passed_over.push(next.number.clone());
                }
                Err(PanelRejection::NobodyLeft)
            }
        }
    }

    /// Whether somebody sits on it and has the application to judge: nobody reads on about what was
    /// given back, taken back or decided.
    pub fn has_to_judge(&self, person: PersonId, application: &Application) -> bool {
        let mut sitting = self.members.iter().filter(|member| member.sits());
        self.is_open()
            && sitting.any(|member| member.expert.person == person)
            && application.require_under_assessment().is_ok()
            && self.require_current(application).is_ok()
    }

    /// Lets an expert speak for nobody else.
    ///
    /// # Errors
    /// When the number is another's than the person's whom the subject of the token names.
    pub fn judge_own(&self, number: &str, subject: &str) -> Result<(), Faults> {
        let own = self.member(number).is_some_and(|member| {
            PersonId::parse(subject).is_ok_and(|person| member.expert.person == person)
        });
        if own {
            Ok(())
        } else {
            Err(Faults::at("expert_number", &PanelRejection::NotMember))
        }
    }

    /// Ends a panel that has not ended; whatever became of the application.
    ///
    /// # Errors
    /// When it has, or the centre is another.
    pub fn dissolve(&self, context: &Context<'_>) -> Result<PanelFact, Faults> {
        if context.centre != Some(self.filing_division) {
            Err(ApplicationRejection::NotFilingAuthority.into())
        } else if self.is_open() {
            Ok(PanelFact::PanelDissolved { on: context.today })
        } else {
            Err(PanelRejection::Ended.into())
        }
    }

    pub(super) fn require_state(
        &self,
        state: PanelState,
        otherwise: PanelRejection,
    ) -> Result<(), Faults> {
        if self.state == state {
            Ok(())
        } else if self.is_open() {
            Err(otherwise.into())
        } else {
            Err(PanelRejection::Ended.into())
        }
    }

    /// Nobody is heard about documents that are no longer there.
    pub(super) fn require_current(&self, application: &Application) -> Result<(), Faults> {
        if self.documents == application.documents_hash() {
            Ok(())
        } else {
            Err(PanelRejection::Outdated.into())
        }
    }
}
