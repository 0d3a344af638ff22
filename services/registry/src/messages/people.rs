//! People, resources and pools as the contract's messages.

use jiff::civil::Date;
use kernel::ids::PersonId;
use kernel::rejection::Rejection;
use platform::contract::{level_message, occupation_message};
use proto::registry::v1 as contract;

use crate::domain::people::assignment::AssignmentVerdict;
use crate::domain::people::card::{Card, CardKind};
use crate::domain::people::engagement::{Engagement, PersonRole, Proof};
use crate::domain::people::home::Home;
use crate::domain::people::person::Person;
use crate::domain::people::pool::{Member, PoolEntry, Tie};
use crate::domain::people::resources::Resources;
use crate::domain::people::sanction::Sanction;
use crate::domain::site::Site;

/// Characters of a card's number that are shown to everybody.
const SHOWN_OF_A_NUMBER: usize = 3;

/// What identifies a human, as a caller is shown it.
pub(crate) struct Shown {
    pub(crate) name: String,
    pub(crate) citizen_id: String,
    /// In the order of the cards.
    pub(crate) card_numbers: Vec<String>,
    /// In the order of the sanctions; empty texts for those who need not know.
    pub(crate) grounds: Vec<String>,
}

/// The number of a card for people who must recognise it without learning it.
pub(crate) fn masked_number(number: &str) -> String {
    let hidden = number.chars().count().saturating_sub(SHOWN_OF_A_NUMBER);
    let shown = number.chars().skip(hidden);
    "*".repeat(hidden).chars().chain(shown).collect()
}

/// A person.
pub(crate) fn person(person: &Person, version: u64, shown: Shown) -> contract::Person {
    let (organization_id, pool_division) = match person.home {
        Home::Organization(organization) => (organization.to_string(), String::new()),
        Home::Pool(division) => (String::new(), division.to_string()),
    };
    let cards = person.cards.iter().zip(shown.card_numbers);
    let sanctions = person.sanctions.iter().zip(shown.grounds);
    contract::Person {
        person_id: person.id.to_string(),
        organization_id,
        pool_division,
        name: shown.name,
        citizen_id: shown.citizen_id,
        engagements: person.engagements.iter().map(engagement).collect(),
        pool_entry: person.pool_entry.as_ref().map(pool_entry),
        cards: cards.map(|(one, number)| card(one, number)).collect(),
        version,
        sanctions: sanctions
            .map(|(one, grounds)| sanction(one, grounds))
            .collect(),
    }
}

fn sanction(sanction: &Sanction, grounds: String) -> contract::Sanction {
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let duties = sanction.duties.iter();
    contract::Sanction {
        sanction_id: sanction.id.to_string(),
        duties: duties.map(|duty| role(*duty).into()).collect(),
        grounds,
        from: sanction.from.to_string(),
        until: day(sanction.until),
        imposed_by: sanction.imposed_by.to_string(),
        lifted_on: day(sanction.lifted_on),
    }
}

fn engagement(engagement: &Engagement) -> contract::Engagement {
    let until = engagement.until.map(|until| until.to_string());
    contract::Engagement {
        role: role(engagement.role).into(),
        full_time: engagement.full_time,
        on_post_from: engagement.from.to_string(),
        on_post_until: until.unwrap_or_default(),
        position: engagement.position.clone(),
        proof: proof(engagement.proof).into(),
    }
}

fn pool_entry(entry: &PoolEntry) -> contract::PoolEntry {
    contract::PoolEntry {
        number: entry.number.to_string(),
        fields: entry.fields.clone(),
        occupations: entry.occupations.iter().map(occupation_message).collect(),
        employer_name: entry.employer_name.clone(),
        employer_credit_code: employer(entry),
        rank: entry.rank.clone(),
    }
}

fn employer(entry: &PoolEntry) -> String {
    let code = entry.employer.as_ref();
    code.map(ToString::to_string).unwrap_or_default()
}

fn card(card: &Card, number: String) -> contract::Card {
    let levels = card.levels.iter();
    let revoked = card.revoked_on.map(|revoked| revoked.to_string());
    contract::Card {
        card_id: card.id.to_string(),
        number,
        kind: card_kind(card.kind).into(),
        occupations: card.occupations.iter().map(occupation_message).collect(),
        levels: levels.map(|level| level_message(*level).into()).collect(),
        valid_from: card.valid_from.to_string(),
        valid_until: card.valid_until.to_string(),
        issuer: card.issuer.clone(),
        revoked_on: revoked.unwrap_or_default(),
        revocation_reason: card.revocation_reason.clone(),
    }
}

/// What an organisation has.
pub(crate) fn resources(resources: &Resources) -> contract::DescribeResourcesResponse {
    let roles = resources.roles().into_iter().map(|(of, count)| {
        let role = role(of).into();
        contract::RoleCount {
            role,
            people: count.people,
            full_time: count.full_time,
        }
    });
    let cards = resources
        .cards()
        .into_iter()
        .map(|((kind, scope), holders)| {
            let (occupation, level) = scope.unzip();
            contract::CardCount {
                kind: card_kind(kind).into(),
                occupation: occupation.as_ref().map(occupation_message),
                level: level
                    .map(|level| level_message(level).into())
                    .unwrap_or_default(),
                holders,
            }
        });
    let examiners = resources
        .examiners()
        .into_iter()
        .map(|((occupation, level), people)| contract::ExaminerCount {
            occupation: Some(occupation_message(&occupation)),
            level: level_message(level).into(),
            people,
        });
    let people = resources.people();
    contract::DescribeResourcesResponse {
        people: people.people,
        full_time_people: people.full_time,
        roles: roles.collect(),
        cards: cards.collect(),
        examiners: examiners.collect(),
        sites: resources.sites.iter().map(site_in_use).collect(),
        digest: resources.digest().as_bytes().to_vec().into(),
    }
}

/// A site as part of an answer about many: whoever wants to change one reads its version there.
fn site_in_use(site: &Site) -> contract::Site {
    super::site::site(site, 0)
}

/// Somebody who may be drawn.
pub(crate) fn pool_member(member: &Member, masked_name: String) -> contract::PoolMember {
    let entry = &member.entry;
    contract::PoolMember {
        person_id: member.person_id.to_string(),
        number: entry.number.to_string(),
        masked_name,
        fields: entry.fields.clone(),
        occupations: entry.occupations.iter().map(occupation_message).collect(),
        employer_name: entry.employer_name.clone(),
        employer_credit_code: employer(entry),
        ties: member.ties.iter().map(tie).collect(),
    }
}

fn tie(tie: &Tie) -> contract::PoolMemberTie {
    let until = tie.until.map(|until| until.to_string());
    contract::PoolMemberTie {
        organization_id: tie.organization_id.to_string(),
        credit_code: tie.credit_code.to_string(),
        role: role(tie.role).into(),
        from: tie.from.to_string(),
        until: until.unwrap_or_default(),
    }
}

/// Whether somebody may be assigned.
pub(crate) fn verdict(
    verdict: &Result<PersonId, AssignmentVerdict>,
) -> contract::AssignmentVerdict {
    match verdict {
        Ok(person) => contract::AssignmentVerdict {
            assignable: true,
            person_id: person.to_string(),
            ..contract::AssignmentVerdict::default()
        },
        Err(refused) => contract::AssignmentVerdict {
            reason: refused.code().to_owned(),
            reason_zh: refused.chinese(),
            reason_en: refused.english(),
            ..contract::AssignmentVerdict::default()
        },
    }
}

fn role(role: PersonRole) -> contract::PersonRole {
    match role {
        PersonRole::Manager => contract::PersonRole::Manager,
        PersonRole::Staff => contract::PersonRole::Staff,
        PersonRole::Examiner => contract::PersonRole::Examiner,
        PersonRole::SeniorExaminer => contract::PersonRole::SeniorExaminer,
        PersonRole::Invigilator => contract::PersonRole::Invigilator,
        PersonRole::InternalSupervisor => contract::PersonRole::InternalSupervisor,
        PersonRole::ExternalSupervisor => contract::PersonRole::ExternalSupervisor,
        PersonRole::Expert => contract::PersonRole::Expert,
        PersonRole::Inspector => contract::PersonRole::Inspector,
    }
}

fn proof(proof: Proof) -> contract::ProofOfEmployment {
    match proof {
        Proof::SocialInsurance => contract::ProofOfEmployment::SocialInsurance,
        Proof::Contract => contract::ProofOfEmployment::Contract,
        Proof::CooperationAgreement => contract::ProofOfEmployment::CooperationAgreement,
        Proof::LetterOfAppointment => contract::ProofOfEmployment::LetterOfAppointment,
    }
}

fn card_kind(kind: CardKind) -> contract::CardKind {
    match kind {
        CardKind::Examiner => contract::CardKind::Examiner,
        CardKind::SeniorExaminer => contract::CardKind::SeniorExaminer,
        CardKind::Invigilator => contract::CardKind::Invigilator,
        CardKind::QualitySupervisor => contract::CardKind::QualitySupervisor,
        CardKind::Enforcement => contract::CardKind::Enforcement,
    }
}

#[cfg(test)]
mod tests {
    use super::masked_number;

    #[test]
    fn of_a_card_number_the_last_three_characters_are_shown() {
        assert_eq!(masked_number("R37200001"), "******001");
        assert_eq!(masked_number("R371"), "*371");
    }
}
