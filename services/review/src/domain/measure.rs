//! Measures on organisations (监管措施): what an inspection, a complaint or a risk alert leads to.
//!
//! One person of the centre with which the organisation filed proposes a measure, a second one
//! confirms it, and the registry is told. Whatever it follows from has to be about the organisation,
//! and to have found something.

use std::collections::BTreeSet;
use std::fmt;

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::division::DivisionCode;
use kernel::ids::{
    AlertId, ComplaintId, IdRejection, InspectionId, MeasureId, OrganizationId, RightId,
};
use kernel::measure::{Measure, MeasureKind, MeasureOrder, MeasureRejection};
use kernel::rejection::{FaultList, Faults};
use serde::Serialize;

kernel::rejections! {
    /// Why no measure is taken on an organisation.
    pub enum MeasuringRejection {
        /// No such measure, or none that the caller may see.
        NotFound => "MEASURE_NOT_FOUND", NotFound, "platform",
            "未找到该监管措施", "there is no such measure";
        /// No such organisation, or none that the caller may see.
        OrganizationNotFound => "MEASURE_ORGANIZATION_NOT_FOUND", NotFound, "platform",
            "未找到该评价机构", "there is no such evaluation organisation";
        /// Who filed it answers for it.
        NotFilingAuthority => "MEASURE_NOT_FILING_AUTHORITY", PermissionDenied, "notice 6.2",
            "监管措施由备案的职业技能鉴定（指导）中心决定，本中心不能决定", "only the centre with which the organisation filed decides about measures";
        /// What is named is neither an inspection nor a complaint nor an alert.
        OriginUnknown => "MEASURE_ORIGIN_UNKNOWN", InvalidArgument, "notice 6.2",
            "监管措施应注明所依据的检查、投诉举报或风险预警的编号", "a measure names the inspection, complaint or risk alert that it follows from";
        /// It is not there, or about somebody else.
        OriginNotFound => "MEASURE_ORIGIN_NOT_FOUND", FailedPrecondition, "notice 6.2",
            "未找到针对该机构的检查结果、投诉举报或风险预警", "there is no such inspection, complaint or risk alert about the organisation";
        /// Nothing was found, so nothing follows.
        OriginUnfounded => "MEASURE_ORIGIN_UNFOUNDED", FailedPrecondition, "notice 6.2",
            "所依据的事项未发现问题，不能采取监管措施", "what it follows from has found no problem, so there is no measure";
        /// What rests is a right of the organisation.
        RightUnknown => "MEASURE_RIGHT_UNKNOWN", FailedPrecondition, "notice 6.2",
            "该评价机构在措施生效之日没有此项评价资格", "the organisation has no such right on the first day of the measure";
        /// Nobody plans further ahead.
        DayTooFar { until: Date } => "MEASURE_DAY_TOO_FAR", InvalidArgument, "platform",
            "日期不能晚于 {until}", "the day cannot be later than {until}";
        /// What is decided stays decided.
        Decided => "MEASURE_DECIDED", FailedPrecondition, "notice 6.2",
            "该监管措施已经决定", "the measure was decided before";
        /// A page begins where another one of the same list ended.
        PageToken => "MEASURE_PAGE_TOKEN", InvalidArgument, "platform",
            "page_token 应取自上一页的答复", "a page_token is taken from the response before";
    }
}

/// What a measure follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The result of an inspection.
    Inspection(InspectionId),
    /// A complaint.
    Complaint(ComplaintId),
    /// A risk alert.
    Alert(AlertId),
}

impl Origin {
    /// Reads the id of whichever it is.
    ///
    /// # Errors
    /// When it is none of them.
    pub fn parse(text: &str) -> Result<Self, MeasuringRejection> {
        let unknown = |_: IdRejection| MeasuringRejection::OriginUnknown;
        match text.split_once('_') {
            Some((InspectionId::PREFIX, _)) => InspectionId::parse(text).map(Self::Inspection),
            Some((ComplaintId::PREFIX, _)) => ComplaintId::parse(text).map(Self::Complaint),
            Some((AlertId::PREFIX, _)) => AlertId::parse(text).map(Self::Alert),
            _ => return Err(MeasuringRejection::OriginUnknown),
        }
        .map_err(unknown)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inspection(id) => id.fmt(formatter),
            Self::Complaint(id) => id.fmt(formatter),
            Self::Alert(id) => id.fmt(formatter),
        }
    }
}

impl Serialize for Origin {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What the origin of a measure says of the organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// It is not there, or not about the organisation.
    Missing,
    /// It has found nothing, or not yet.
    Unfounded,
    /// It has found something.
    Founded,
}

/// A measure on an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrganizationMeasure {
    /// Identifies it.
    pub id: MeasureId,
    /// The organisation.
    pub organization: OrganizationId,
    /// What it follows from.
    pub origin: Origin,
    /// The measure, its grounds and its first day.
    pub order: MeasureOrder,
    /// The centre that decides.
    pub decided_by: DivisionCode,
    /// Day of the decision; none before.
    pub decided_on: Option<Date>,
}

/// Something that happened to a measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum MeasureFact {
    /// The first person proposed it.
    MeasureProposed {
        /// The measure.
        measure: MeasureId,
        /// The organisation.
        organization: OrganizationId,
        /// What it follows from.
        origin: Origin,
        /// The kind.
        kind: MeasureKind,
        /// Hash of all of it.
        content_hash: ContentHash,
        /// The centre that decides.
        decided_by: DivisionCode,
        /// The day.
        on: Date,
    },
    /// The second person confirmed it. Published.
    MeasureDecided {
        /// The measure as it was decided.
        decided: OrganizationMeasure,
    },
}

impl OrganizationMeasure {
    /// First person: the measure, if the centre may take it and there is a cause. `rights` are those
    /// that the organisation has on its first day, as the registry answered.
    ///
    /// # Errors
    /// All reasons why it may not be taken.
    pub fn propose(
        self,
        reason: &str,
        centre: Option<DivisionCode>,
        cause: Cause,
        rights: &BTreeSet<RightId>,
        today: Date,
    ) -> Result<(Self, MeasureFact), Faults> {
        self.is_of(centre)?;
        judge_cause(cause)?;
        self.judge_terms(rights, today)?;
        let fact = MeasureFact::MeasureProposed {
            measure: self.id,
            organization: self.organization,
            origin: self.origin,
            kind: self.order.measure.kind(),
            content_hash: self.content_hash(reason),
            decided_by: self.decided_by,
            on: today,
        };
        Ok((self, fact))
    }

    /// Second person: it is decided.
    ///
    /// # Errors
    /// When it was before, or its cause is gone, or its first day is over by now.
    pub fn decide(
        &self,
        centre: Option<DivisionCode>,
        cause: Cause,
        rights: &BTreeSet<RightId>,
        today: Date,
    ) -> Result<MeasureFact, Faults> {
        self.is_of(centre)?;
        if self.decided_on.is_some() {
            return Err(MeasuringRejection::Decided.into());
        }
        judge_cause(cause)?;
        let mut faults = FaultList::default();
        if self.unknown(rights).next().is_some() {
            faults.refuse(&MeasuringRejection::RightUnknown);
        }
        if self.order.effective_on < today {
            faults.refuse(&MeasureRejection::EffectiveInPast { today });
        }
        faults.finish()?;
        let decided_on = Some(today);
        let decided = Self {
            decided_on,
            ..self.clone()
        };
        Ok(MeasureFact::MeasureDecided { decided })
    }

    /// Changes the measure by what happened.
    pub fn apply(&mut self, fact: &MeasureFact) {
        match fact {
            MeasureFact::MeasureProposed { .. } => {}
            MeasureFact::MeasureDecided { decided } => self.decided_on = decided.decided_on,
        }
    }

    /// Hash of all that two persons agree on.
    pub fn content_hash(&self, reason: &str) -> ContentHash {
        let bytes = serde_json::to_vec(&(self, reason)).expect("ids and dates always serialise");
        ContentHash::of_bytes(&bytes)
    }

    fn judge_terms(&self, rights: &BTreeSet<RightId>, today: Date) -> Result<(), Faults> {
        let mut faults = FaultList::default();
        let until = today.saturating_add(1.year());
        let too_far = MeasuringRejection::DayTooFar { until };
        let effective_on = self.order.effective_on;
        faults.require(effective_on <= until, "effective_on", &too_far);
        match &self.order.measure {
            Measure::Rectification { due_on } => {
                faults.require(*due_on <= until, "due_on", &too_far);
            }
            Measure::Suspension { .. } | Measure::Talk | Measure::Withdrawal => {}
        }
        for index in self.unknown(rights) {
            let field = format!("right_ids[{index}]");
            faults.add(field, &MeasuringRejection::RightUnknown);
        }
        faults.finish()
    }

    /// Places of the rights that it names and that are not among these.
    fn unknown(&self, rights: &BTreeSet<RightId>) -> impl Iterator<Item = usize> {
        let named = match &self.order.measure {
            Measure::Suspension { rights: named, .. } => Some(named),
            Measure::Talk | Measure::Rectification { .. } | Measure::Withdrawal => None,
        };
        let named = named.into_iter().flatten().enumerate();
        named
            .filter(|(_, right)| !rights.contains(right))
            .map(|(index, _)| index)
    }

    fn is_of(&self, centre: Option<DivisionCode>) -> Result<(), Faults> {
        if centre == Some(self.decided_by) {
            Ok(())
        } else {
            Err(MeasuringRejection::NotFilingAuthority.into())
        }
    }
}

fn judge_cause(cause: Cause) -> Result<(), Faults> {
    match cause {
        Cause::Founded => Ok(()),
        Cause::Missing => Err(Faults::at("origin_id", &MeasuringRejection::OriginNotFound)),
        Cause::Unfounded => Err(Faults::at(
            "origin_id",
            &MeasuringRejection::OriginUnfounded,
        )),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::measure::{MeasureGround, OngoingBatches};
    use uuid::Uuid;

    use super::super::samples::{organization, weihai};
    use super::*;

    const TODAY: Date = date(2020, 9, 1);

    fn talk() -> OrganizationMeasure {
        OrganizationMeasure {
            id: MeasureId::from_uuid(Uuid::from_u128(1)),
            organization: organization(),
            origin: Origin::Inspection(InspectionId::from_uuid(Uuid::from_u128(2))),
            order: MeasureOrder {
                measure: Measure::Talk,
                grounds: [MeasureGround::UnlawfulFees].into(),
                effective_on: TODAY,
            },
            decided_by: weihai(),
            decided_on: None,
        }
    }

    #[test]
    fn a_measure_is_the_filing_centres_and_has_a_cause() {
        let propose = |centre, cause| {
            let rights = BTreeSet::new();
            let proposed = talk().propose("收费超过公布标准", centre, cause, &rights, TODAY);
            proposed.map_err(|refused| refused.codes())
        };
        assert!(propose(Some(weihai()), Cause::Founded).is_ok());
        for centre in [None, Some(DivisionCode::PROVINCE)] {
            let refused = propose(centre, Cause::Founded).expect_err("another centre");
            assert_eq!(refused, ["MEASURE_NOT_FILING_AUTHORITY"]);
        }
        for (cause, code) in [
            (Cause::Missing, "MEASURE_ORIGIN_NOT_FOUND"),
            (Cause::Unfounded, "MEASURE_ORIGIN_UNFOUNDED"),
        ] {
            assert_eq!(
                propose(Some(weihai()), cause).expect_err("no cause"),
                [code]
            );
        }
    }

    #[test]
    fn it_is_about_rights_that_there_are_and_days_that_somebody_plans_for() {
        let [own, foreign] = [8, 9].map(|number| RightId::from_uuid(Uuid::from_u128(number)));
        let propose = |measure, effective_on| {
            let mut ordered = talk();
            ordered.order.measure = measure;
            ordered.order.effective_on = effective_on;
            let (centre, rights) = (Some(weihai()), [own].into());
            let proposed = ordered.propose("收费", centre, Cause::Founded, &rights, TODAY);
            proposed.err().map(|refused| refused.codes())
        };
        let suspension = |rights: &[RightId]| Measure::Suspension {
            rights: rights.iter().copied().collect(),
            ongoing_batches: OngoingBatches::Hold,
        };
        let (last, far) = (date(2021, 9, 1), date(2021, 9, 2));
        assert_eq!(propose(suspension(&[own]), last), None);
        assert_eq!(propose(suspension(&[]), last), None);
        assert_eq!(
            propose(suspension(&[own, foreign]), Date::MAX),
            Some(vec!["MEASURE_DAY_TOO_FAR", "MEASURE_RIGHT_UNKNOWN"])
        );
        let rectification = Measure::Rectification { due_on: far };
        assert_eq!(
            propose(rectification, TODAY),
            Some(vec!["MEASURE_DAY_TOO_FAR"])
        );
    }

    #[test]
    fn it_is_decided_once_and_before_it_holds() {
        let mut measure = talk();
        let late = measure.decide(
            Some(weihai()),
            Cause::Founded,
            &BTreeSet::new(),
            date(2020, 9, 2),
        );
        assert_eq!(
            late.expect_err("a day late").codes(),
            ["MEASURE_EFFECTIVE_IN_PAST"]
        );
        let decided = measure.decide(Some(weihai()), Cause::Founded, &BTreeSet::new(), TODAY);
        measure.apply(&decided.expect("in time"));
        assert_eq!(measure.decided_on, Some(TODAY));
        let again = measure.decide(Some(weihai()), Cause::Founded, &BTreeSet::new(), TODAY);
        assert_eq!(again.expect_err("again").codes(), ["MEASURE_DECIDED"]);
    }

    #[test]
    fn two_persons_agree_on_the_words_too() {
        assert_ne!(talk().content_hash("收费"), talk().content_hash("超收"));
    }

    #[test]
    fn an_origin_is_read_as_it_is_written() {
        let id = Uuid::from_u128(7);
        for origin in [
            Origin::Inspection(InspectionId::from_uuid(id)),
            Origin::Complaint(ComplaintId::from_uuid(id)),
            Origin::Alert(AlertId::from_uuid(id)),
        ] {
            assert_eq!(Origin::parse(&origin.to_string()), Ok(origin));
        }
        for other in [
            "",
            "insp",
            "insp_",
            "org_00000000000000000000000001",
            "cmp_１",
        ] {
            assert_eq!(
                Origin::parse(other),
                Err(MeasuringRejection::OriginUnknown),
                "{other}"
            );
        }
    }
}
