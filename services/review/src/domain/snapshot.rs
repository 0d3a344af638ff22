//! What the public is shown of a selection (公示内容): frozen, and named by its hash.

use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::public_notice::RowKey;
use kernel::rejection::Faults;
use kernel::working_day::{Deadline, DeadlineRule};
use serde::{Deserialize, Serialize};

use super::{Application, BodyKind, Context, OccupationScope};

/// A public notice exactly as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Heading.
    pub title: String,
    /// First day shown.
    pub opened_on: Date,
    /// Last day, with its computation.
    pub ends: Deadline,
    /// Key of the only row: the application's id.
    pub row_key: RowKey,
    /// What the row shows, in reading order: name, kind, occupations, levels, area.
    pub cells: Vec<String>,
    /// Where objections go: to the centre that decided.
    pub objection_contact: String,
}

impl Snapshot {
    /// Headings of what a row shows.
    pub const COLUMNS: [&str; 5] = ["单位名称", "机构性质", "职业（工种）", "等级", "评价区域"];

    /// Name of the area, which a row shows last.
    pub fn area(&self) -> &str {
        self.cells.last().map_or("", String::as_str)
    }

    /// The bytes that are kept and hashed.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("texts, dates and a deadline always serialise")
    }

    /// The hash under which everybody speaks of what was shown.
    pub fn hash(&self) -> ContentHash {
        ContentHash::of_bytes(self.to_json().as_bytes())
    }
}

impl Application {
    /// What the public is to be shown of this selection, were it opened today. `area` is the name
    /// of the division where the application is filed.
    ///
    /// # Errors
    /// When the period reaches a year without a calendar.
    pub fn snapshot(
        &self,
        granted: &[OccupationScope],
        area: &str,
        objection_contact: &str,
        context: &Context<'_>,
    ) -> Result<Snapshot, Faults> {
        let ends = context.deadline(DeadlineRule::SelectionNotice, context.today)?;
        Ok(Snapshot {
            title: "社会培训评价组织职业技能等级认定试点遴选结果公示".to_owned(),
            opened_on: context.today,
            ends,
            row_key: self.row_key(),
            cells: vec![
                self.name().to_owned(),
                self.kind().map_or("", BodyKind::chinese).to_owned(),
                self.named(granted, shown_occupation),
                self.named(granted, |name, scope| {
                    format!("{name}：{}", shown_levels(scope))
                }),
                area.to_owned(),
            ],
            objection_contact: objection_contact.to_owned(),
        })
    }

    /// The key of its only row: its id.
    pub fn row_key(&self) -> RowKey {
        RowKey::parse(&self.id.to_string()).expect("an id is a short text without blanks")
    }

    /// The name that the catalogue gave an occupation applied for.
    pub fn occupation_name(&self, scope: &OccupationScope) -> &str {
        let mut rows = self.occupations.iter();
        let row = rows.find(|row| row.scope.occupation == scope.occupation);
        row.map_or("", |row| row.name.as_str())
    }

    /// The scopes granted, each shown with the name that the catalogue gave it.
    fn named(
        &self,
        granted: &[OccupationScope],
        show: impl Fn(&str, &OccupationScope) -> String,
    ) -> String {
        let shown: Vec<String> = granted
            .iter()
            .map(|scope| show(self.occupation_name(scope), scope))
            .collect();
        shown.join("；")
    }
}

fn shown_occupation(name: &str, scope: &OccupationScope) -> String {
    let code = scope.occupation.code;
    if scope.trade.is_empty() {
        format!("{name}（{code}）")
    } else {
        format!("{name}（{code}，{}）", scope.trade)
    }
}

fn shown_levels(scope: &OccupationScope) -> String {
    let levels: Vec<&str> = scope.levels.iter().map(|level| level.chinese()).collect();
    levels.join("、")
}
