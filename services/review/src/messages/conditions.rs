//! What a kind of body states, as messages write it.

use kernel::occupation::OccupationRef;
use platform::contract::occupation_message;
use proto::common::v1 as common;
use proto::review::v1 as review;
use proto::review::v1::basic_form::Conditions as Message;

use crate::domain::{
    Association, Conditions, Major, MemberUnit, SelfEvaluation, TrainedOccupation, TrainingLevel,
};

/// The conditions of a kind of body.
pub(super) fn message(conditions: Conditions) -> Message {
    match conditions {
        Conditions::Enterprise(filing) => Message::Enterprise(enterprise(filing)),
        Conditions::IndustryAssociation(stated) => {
            Message::IndustryAssociation(association(stated))
        }
        Conditions::School(majors) => Message::School(review::SchoolConditions {
            majors: majors.into_iter().map(major).collect(),
        }),
        Conditions::PrivateTraining(trained) => {
            Message::PrivateTraining(review::PrivateTrainingConditions {
                occupations: trained.into_iter().map(trained_occupation).collect(),
            })
        }
    }
}

fn enterprise(filing: SelfEvaluation) -> review::EnterpriseConditions {
    review::EnterpriseConditions {
        filing_number: filing.number,
        authority: filing.authority,
        valid_from: filing.valid_from.to_string(),
        valid_until: filing.valid_until.to_string(),
        scopes: filing.scopes.iter().map(super::scope).collect(),
    }
}

fn association(stated: Association) -> review::AssociationConditions {
    review::AssociationConditions {
        main_business: stated.main_business,
        member_units: stated.member_units.into_iter().map(member_unit).collect(),
    }
}

fn member_unit(unit: MemberUnit) -> review::MemberUnit {
    let until = unit.agreement_until;
    review::MemberUnit {
        name: unit.name,
        unified_social_credit_code: unit.credit_code.to_string(),
        member_since: unit.member_since.to_string(),
        agreement: unit.agreement,
        agreement_until: until.map(|day| day.to_string()).unwrap_or_default(),
        capability: unit.capability,
        occupations: occupations(&unit.occupations),
    }
}

fn major(major: Major) -> review::Major {
    let training_level = match major.training_level {
        TrainingLevel::Intermediate => review::TrainingLevel::Intermediate,
        TrainingLevel::Senior => review::TrainingLevel::Senior,
        TrainingLevel::Technician => review::TrainingLevel::Technician,
        TrainingLevel::HigherVocational => review::TrainingLevel::HigherVocational,
        TrainingLevel::Undergraduate => review::TrainingLevel::Undergraduate,
    };
    review::Major {
        name: major.name,
        training_level: training_level.into(),
        occupations: occupations(&major.occupations),
    }
}

fn trained_occupation(trained: TrainedOccupation) -> review::TrainedOccupation {
    review::TrainedOccupation {
        occupation: Some(occupation_message(&trained.occupation)),
        trade: trained.trade,
        persons_trained: trained.persons_trained,
    }
}

fn occupations(occupations: &[OccupationRef]) -> Vec<common::OccupationRef> {
    occupations.iter().map(occupation_message).collect()
}
