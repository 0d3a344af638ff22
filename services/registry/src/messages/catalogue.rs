//! The catalogue for messages.

use jiff::civil::Date;
use platform::contract::occupation_message;
use proto::registry::v1 as contract;

use crate::domain::catalogue::{Catalogue, CatalogueEdition, Occupation};
use crate::store::catalogue::Import;

/// An occupation, with what the catalogue knows about it elsewhere.
pub(crate) fn occupation(catalogue: &Catalogue, row: &Occupation) -> contract::Occupation {
    let successors = catalogue.successors(&row.occupation);
    contract::Occupation {
        occupation: Some(occupation_message(&row.occupation)),
        name: row.name.clone(),
        trades: row.trades.clone(),
        access_type_trades: catalogue.access_type_trades(&row.occupation),
        verified: row.verified,
        standard_year: row.standard_year.unwrap_or_default().into(),
        note: row.note.clone(),
        succeeds: row.succeeds.iter().map(occupation_message).collect(),
        successors: successors.iter().map(occupation_message).collect(),
    }
}

/// An edition, and where it is from.
pub(crate) fn edition(
    edition: &CatalogueEdition,
    until: Option<Date>,
    import: Option<&Import>,
) -> contract::CatalogueEdition {
    let occupations = u32::try_from(edition.occupations.len()).unwrap_or(u32::MAX);
    let from = contract::CatalogueEdition {
        edition: edition.edition.year().into(),
        in_force_from: edition.in_force_from.to_string(),
        in_force_until: until.map(|until| until.to_string()).unwrap_or_default(),
        occupations,
        ..contract::CatalogueEdition::default()
    };
    match import {
        None => from,
        Some(import) => contract::CatalogueEdition {
            source: import.source.clone(),
            imported_on: import.on.to_string(),
            file_sha256: import.file.as_bytes().to_vec().into(),
            ..from
        },
    }
}
