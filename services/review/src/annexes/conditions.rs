//! What a kind of body states, as it is written. Every field that is missing is told at once;
//! conditions of which a part cannot be read are not judged further.

use jiff::civil::Date;
use kernel::credit_code::UnifiedSocialCreditCode;
use kernel::occupation::OccupationRef;
use kernel::rejection::FaultList;
use platform::contract::{self, FieldRejection, line, text};
use proto::common::v1 as common;
use proto::review::v1 as review;
use proto::review::v1::basic_form::Conditions as Given;

use super::reading::MOST_PEOPLE;
use crate::domain::refusal::ApplicationRejection;
use crate::domain::{
    Association, Conditions, Major, MemberUnit, SelfEvaluation, TrainedOccupation, TrainingLevel,
};
use crate::scopes::{self, rows};

/// Characters of a name or a number.
const LINE: usize = 200;
/// Characters of a text that an officer judges.
const TEXT: usize = 5_000;

/// The conditions, if every part of them can be read.
pub(super) fn parse(given: Option<&Given>, faults: &mut FaultList) -> Option<Conditions> {
    match given {
        None => {
            faults.add("basic_form.conditions", &FieldRejection::Required);
            None
        }
        Some(Given::Enterprise(given)) => enterprise(given, faults).map(Conditions::Enterprise),
        Some(Given::IndustryAssociation(given)) => {
            association(given, faults).map(Conditions::IndustryAssociation)
        }
        Some(Given::School(given)) => {
            let field = "basic_form.school.majors";
            all(&given.majors, field, faults, major).map(Conditions::School)
        }
        Some(Given::PrivateTraining(given)) => {
            let field = "basic_form.private_training.occupations";
            let trained = all(&given.occupations, field, faults, trained_occupation);
            trained.map(Conditions::PrivateTraining)
        }
    }
}

fn enterprise(
    given: &review::EnterpriseConditions,
    faults: &mut FaultList,
) -> Option<SelfEvaluation> {
    const AT: &str = "basic_form.enterprise";
    let number = faults.take(
        format!("{AT}.filing_number"),
        line(&given.filing_number, LINE),
    );
    let authority = faults.take(format!("{AT}.authority"), line(&given.authority, LINE));
    let valid_from = day(&given.valid_from, &format!("{AT}.valid_from"), faults);
    let valid_until = day(&given.valid_until, &format!("{AT}.valid_until"), faults);
    let scopes = all(
        &given.scopes,
        &format!("{AT}.scopes"),
        faults,
        |scope, field, faults| scopes::scope(Some(scope), field, faults),
    );
    Some(SelfEvaluation {
        number: number?,
        authority: authority?,
        valid_from: valid_from?,
        valid_until: valid_until?,
        scopes: scopes?,
    })
}

fn association(
    given: &review::AssociationConditions,
    faults: &mut FaultList,
) -> Option<Association> {
    const AT: &str = "basic_form.industry_association";
    let main_business = text(&given.main_business, TEXT);
    let main_business = faults.take(format!("{AT}.main_business"), main_business);
    let units = format!("{AT}.member_units");
    let member_units = all(&given.member_units, &units, faults, member_unit);
    Some(Association {
        main_business: main_business?,
        member_units: member_units?,
    })
}

fn member_unit(
    given: &review::MemberUnit,
    field: &str,
    faults: &mut FaultList,
) -> Option<MemberUnit> {
    let name = faults.take(format!("{field}.name"), line(&given.name, LINE));
    // One that does not check is for the officer to judge who judges the member units.
    let credit_code = faults.take(
        format!("{field}.unified_social_credit_code"),
        UnifiedSocialCreditCode::admit(&given.unified_social_credit_code),
    );
    let member_since = day(
        &given.member_since,
        &format!("{field}.member_since"),
        faults,
    );
    let agreement = faults.take(format!("{field}.agreement"), line(&given.agreement, LINE));
    // Empty where it has no end.
    let agreement_until = if given.agreement_until.is_empty() {
        Some(None)
    } else {
        let until = format!("{field}.agreement_until");
        day(&given.agreement_until, &until, faults).map(Some)
    };
    let capability = text(&given.capability, TEXT);
    let capability = faults.take(format!("{field}.capability"), capability);
    let occupations = occupations(&given.occupations, field, faults);
    Some(MemberUnit {
        name: name?,
        credit_code: credit_code?,
        member_since: member_since?,
        agreement: agreement?,
        agreement_until: agreement_until?,
        capability: capability?,
        occupations: occupations?,
    })
}

fn major(given: &review::Major, field: &str, faults: &mut FaultList) -> Option<Major> {
    let name = faults.take(format!("{field}.name"), line(&given.name, LINE));
    let training_level = faults.take(
        format!("{field}.training_level"),
        training_level(given.training_level()),
    );
    let occupations = occupations(&given.occupations, field, faults);
    Some(Major {
        name: name?,
        training_level: training_level?,
        occupations: occupations?,
    })
}

fn training_level(given: review::TrainingLevel) -> Result<TrainingLevel, FieldRejection> {
    match given {
        review::TrainingLevel::Intermediate => Ok(TrainingLevel::Intermediate),
        review::TrainingLevel::Senior => Ok(TrainingLevel::Senior),
        review::TrainingLevel::Technician => Ok(TrainingLevel::Technician),
        review::TrainingLevel::HigherVocational => Ok(TrainingLevel::HigherVocational),
        review::TrainingLevel::Undergraduate => Ok(TrainingLevel::Undergraduate),
        review::TrainingLevel::Unspecified => Err(FieldRejection::Required),
    }
}

fn trained_occupation(
    given: &review::TrainedOccupation,
    field: &str,
    faults: &mut FaultList,
) -> Option<TrainedOccupation> {
    let occupation = faults.take(
        format!("{field}.occupation"),
        contract::occupation(given.occupation.as_ref()),
    );
    let trade = scopes::trade(&given.trade, field, faults);
    let persons_trained = given.persons_trained;
    faults.require(
        persons_trained > 0,
        format!("{field}.persons_trained"),
        &FieldRejection::Required,
    );
    let limit = MOST_PEOPLE;
    faults.require(
        persons_trained <= limit,
        format!("{field}.persons_trained"),
        &ApplicationRejection::NumberTooLarge { limit },
    );
    Some(TrainedOccupation {
        occupation: occupation?,
        trade: trade?,
        persons_trained,
    })
}

fn occupations(
    given: &[common::OccupationRef],
    field: &str,
    faults: &mut FaultList,
) -> Option<Vec<OccupationRef>> {
    let field = format!("{field}.occupations");
    all(given, &field, faults, |row, field, faults| {
        faults.take(field, contract::occupation(Some(row)))
    })
}

/// All rows of a list that may not be empty, if each can be read.
fn all<T, R>(
    given: &[T],
    field: &str,
    faults: &mut FaultList,
    read: impl Fn(&T, &str, &mut FaultList) -> Option<R>,
) -> Option<Vec<R>> {
    faults.require(!given.is_empty(), field, &FieldRejection::Required);
    let rows = rows(given, field, faults).iter().enumerate();
    // Each row is read, also those after one that cannot be.
    let read: Vec<_> = rows
        .map(|(index, row)| read(row, &format!("{field}[{index}]"), faults))
        .collect();
    let read: Option<Vec<_>> = read.into_iter().collect();
    read.filter(|rows| !rows.is_empty())
}

fn day(given: &str, field: &str, faults: &mut FaultList) -> Option<Date> {
    faults.take(field, contract::date(given))
}
