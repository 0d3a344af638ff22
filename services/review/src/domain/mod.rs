//! The rules by which an applicant becomes an evaluation organisation. Pure: no I/O and no clock;
//! the day and the calendar come in with the [`Context`], a neighbour's answers with the command.
//!
//! - [`Application`] (申报) is the aggregate of the whole way: draft, materials, technical
//!   assessment, decision, public notice, receipt, report.
//! - [`Round`] (遴选批次) says when applications are taken and what they need; [`CityQuota`] and
//!   [`Holdings`] how much there is to grant, over all applications of a city and of a body.
//! - [`Resources`] are what an applicant had to evaluate with on the day of handing in.
//! - [`CityReport`] (城市报省) gathers filed applications of one city for the province.
//! - [`inspection`] (双随机检查) looks after those that were selected.
//! - [`risk`] (风险预警) is what stands out about an organisation.
//! - [`OrganizationMeasure`] (监管措施) is what an inspection may lead to.
//! - [`Command`] is what can be asked of an application, [`Fact`] what can happen to it.
//! - [`refusal`] is everything that the service declines, by name.
//!
//! Nothing here is personal data: the people whom annex 1 names stay beside the aggregate.

mod applicant;
mod application;
mod assessing;
mod assessment;
mod city_report;
mod command;
mod complaint;
mod conditions;
pub mod consultation;
mod correcting;
mod delegation;
mod drafting;
mod ending;
mod fact;
mod filing;
mod holdings;
pub mod inspection;
mod judgement;
mod material;
mod measure;
mod objecting;
mod occupation;
pub mod panel;
mod photo;
mod pool;
#[cfg(test)]
mod properties;
mod purpose;
mod quota;
pub mod refusal;
mod resources;
pub mod risk;
mod round;
#[cfg(test)]
pub(crate) mod samples;
mod selecting;
mod snapshot;
mod submitting;
#[cfg(test)]
mod tests;
mod upholding;

pub use applicant::{Affiliation, Applicant, BodyKind};
pub use application::{Application, ApplicationState, HeldMaterial, Selection};
pub use assessment::{
    Assessment, AssessmentId, AssessmentKind, Assessments, DocumentCheckItem, ExpertOpinion,
    Particulars, SiteFinding, SiteItem, SiteVisit, judge_checked, judge_site, judge_visited,
    judge_visitors,
};
pub use city_report::{
    CityReport, CityReportFact, CityReportState, Returned, judge_listed, judge_once, report_due,
};
pub use command::{Ascertained, Command, Confirming, Context, HandingIn, Room};
pub use complaint::{ComplaintOutcome, ComplaintRejection};
pub use conditions::{
    Association, Conditions, Major, MemberUnit, SelfEvaluation, TrainedOccupation, TrainingLevel,
};
pub use correcting::{FieldPath, judge_returned, judge_returned_fields};
pub use delegation::Delegation;
pub use drafting::{FormId, Opening, SavedForm};
pub use fact::Fact;
pub use holdings::{Held, Holdings, Pending};
pub use judgement::{Finding, Judgement, JudgementId, JudgementSubject, Judgements};
pub use material::{
    Alternatives, DocumentKind, LARGEST_MATERIAL, Material, MaterialGroup, MediaType,
    required_documents,
};
pub use measure::{Cause, MeasureFact, MeasuringRejection, OrganizationMeasure, Origin};
pub use occupation::{AppliedOccupation, Basis, Catalogued, OccupationScope, RequestedOccupation};
pub use photo::{LARGEST_PHOTO, MOST_PHOTOS, Photo, PhotoId, named_photos};
pub use pool::{ConflictGround, PoolMember, Tie};
pub use purpose::Purpose;
pub use quota::CityQuota;
pub use resources::{ExamDevice, ExamRoom, ExamRoomKind, ExamSite, Examiners, Resources};
pub use round::{OpenRound, Round, RoundFact, RoundState};
pub use selecting::{Decision, judge_granted};
pub use snapshot::Snapshot;
