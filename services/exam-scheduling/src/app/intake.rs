//! Rows for a roster: marked, judged, entered. What a call and a file have in common.

use std::collections::HashMap;

use anyhow::anyhow;
use jiff::civil::Date;
use kernel::identity_document::Document;
use kernel::ids::{CandidateId, PlanId};
use platform::Result;
use platform::crypto::BlindIndex;
use platform::unit::Unit;
use sqlx::PgConnection;
use zeroize::Zeroizing;

use super::App;
use super::holdings::Holdings;
use crate::domain::eligibility::Conditions;
use crate::domain::intake::{Intake, Judged, Known, Source};
use crate::domain::plan::Plan;
use crate::domain::roster::{Applicant, Person, TicketNumber};
use crate::store;
use crate::store::roster::NewCandidate;

/// What the blind indexes of this service are for: finding a person on rosters again.
const CANDIDATE: &str = "exam.candidate";
/// And finding out whether a row says what it said before.
const ROW: &str = "exam.roster_row";

type Digest = [u8; 32];

/// What persons and rows are found by, under each key in use, the active one first.
#[derive(Default)]
pub(super) struct Marks {
    persons: HashMap<Document, Vec<Digest>>,
    rows: HashMap<CandidateId, Vec<Digest>>,
}

impl App {
    /// Judges rows, with everybody held off who could admit one of the same persons meanwhile.
    pub(super) async fn judge_rows(
        &self,
        unit: &mut Unit,
        plan: &Plan,
        (rows, holdings): (Vec<Applicant>, Holdings),
        source: Source,
    ) -> Result<(Vec<Judged>, Marks)> {
        let marks = self.marks(&rows)?;
        let today = unit.today();
        let mut known = known(unit.connection(), plan.id, &marks, today).await?;
        known.holdings = holdings;
        let until = plan.claims_count_until(&self.rules, today);
        let conditions = conditions(unit.connection(), plan, until).await?;
        let intake = Intake {
            rules: &self.rules,
            conditions: &conditions,
            known: &known,
            today,
            source,
        };
        Ok((plan.judge(rows, &intake)?, marks))
    }

    /// Enters persons on the roster, each under a ticket number of its own.
    pub(super) async fn enter(
        &self,
        unit: &mut Unit,
        plan: PlanId,
        persons: &[Person],
        marks: &Marks,
    ) -> Result<HashMap<CandidateId, TicketNumber>> {
        let today = unit.today();
        let draw = || TicketNumber::new(today, rand::random_range(0..TicketNumber::NUMBERS));
        let key_id = self.indexer.active_key_id();
        let new = persons.iter().map(|person| {
            let first = |digests: Option<&Vec<Digest>>| digests?.first().copied();
            let digest = first(marks.persons.get(&person.document))?;
            let key_id = key_id.to_owned();
            Some(NewCandidate {
                person,
                index: BlindIndex { key_id, digest },
                content: first(marks.rows.get(&person.id))?,
            })
        });
        let new: Option<Vec<_>> = new.collect();
        let new = new.ok_or_else(|| anyhow!("a candidate was not indexed"))?;
        let vault = self.journal.vault();
        store::roster::insert(unit.connection(), vault, plan, &new, draw).await
    }

    fn marks(&self, rows: &[Applicant]) -> Result<Marks> {
        let (persons, contents) = (self.indexer.purpose(CANDIDATE), self.indexer.purpose(ROW));
        let mut marks = Marks::default();
        for row in rows {
            let Some(document) = &row.document else {
                continue;
            };
            let of_person = persons.digests(&[&document.key()]);
            marks.persons.insert(document.clone(), of_person);
            let Some(name) = &row.name else { continue };
            let claim = serde_json::to_string(&row.claim).map_err(anyhow::Error::from)?;
            let claim = Zeroizing::new(claim);
            let subject = row.subject.map(|subject| subject.to_string());
            let content = contents.digests(&[
                &document.written(),
                name.reveal(),
                subject.as_deref().unwrap_or_default(),
                &claim,
                row.group.into(),
                &row.programme,
            ]);
            marks.rows.insert(row.id, content);
        }
        Ok(marks)
    }
}

/// The conditions of each subject of a plan on a day.
pub(super) async fn conditions(
    connection: &mut PgConnection,
    plan: &Plan,
    on: Date,
) -> Result<Vec<Conditions>> {
    let mut conditions = Vec::with_capacity(plan.subjects.len());
    for subject in &plan.subjects {
        let (occupation, level) = (subject.occupation, subject.level);
        let standard = store::eligibility::in_force(connection, occupation, level, on).await?;
        conditions.push(Conditions::in_force(standard, level, on));
    }
    Ok(conditions)
}

/// What is known of the persons of some rows, under whatever key it was noted.
async fn known(
    connection: &mut PgConnection,
    plan: PlanId,
    marks: &Marks,
    today: Date,
) -> Result<Known> {
    let indexes: Vec<_> = marks
        .persons
        .values()
        .flatten()
        .map(|digest| digest.to_vec())
        .collect();
    store::candidacy::lock_persons(connection, &indexes).await?;
    let enrolled = store::roster::enrolled(connection, plan, &indexes).await?;
    let elsewhere = store::candidacy::elsewhere(connection, plan, &indexes, today).await?;
    let banned = store::candidacy::banned(connection, &indexes).await?;

    let of_person = marks.persons.iter().flat_map(|(document, digests)| {
        digests
            .iter()
            .map(move |digest| (digest.as_slice(), document))
    });
    let persons: HashMap<&[u8], &Document> = of_person.collect();
    let person = |index: &[u8]| persons.get(index).copied().cloned();
    let of_row = marks
        .rows
        .iter()
        .flat_map(|(row, digests)| digests.iter().map(move |digest| (digest.as_slice(), *row)));
    let rows: HashMap<&[u8], CandidateId> = of_row.collect();
    let mut known = Known::default();
    for one in enrolled {
        known.unchanged.extend(rows.get(one.content.as_slice()));
        let enrolled = person(&one.index).map(|document| (document, one.id));
        known.enrolled.extend(enrolled);
    }
    let elsewhere = elsewhere.into_iter();
    known.elsewhere = elsewhere
        .filter_map(|(index, subject)| Some((person(&index)?, subject)))
        .collect();
    let banned = banned.into_iter();
    known.banned = banned
        .filter_map(|(index, until)| Some((person(&index)?, until)))
        .collect();
    Ok(known)
}
