//! The directory of evaluation organisations, as the department publishes it (notice 3.4).

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::OrganizationId;
use kernel::level::Level;
use kernel::occupation::OccupationRef;
use kernel::rejections;
use serde::Serialize;

use super::organization::standing::Standing;

rejections! {
    /// Why the directory is not published.
    pub enum DirectoryRejection {
        /// An empty directory tells nobody anything.
        DirectoryEmpty => "DIRECTORY_EMPTY", FailedPrecondition, "notice 3.4",
            "尚无各地报送的评价机构可供公布", "no organisation has been reported yet";
        /// An edition that is the last once more tells nobody anything.
        DirectoryUnchanged => "DIRECTORY_UNCHANGED", FailedPrecondition, "notice 3.4",
            "自上一期公布以来，评价机构目录没有变化", "nothing has changed since the edition published last";
        /// No such organisation in the edition published last.
        DirectoryEntryNotFound => "DIRECTORY_ENTRY_NOT_FOUND", NotFound, "notice 3.4",
            "评价机构目录中没有该机构", "no such organisation in the directory";
        /// What is searched for is one that can be.
        StandingUnknown => "STANDING_UNKNOWN", InvalidArgument, "platform",
            "状态应为正常、部分暂停、暂停或取消备案",
            "the standing is active, partly suspended, suspended or withdrawn";
        /// A page token comes from an earlier page.
        PageTokenMalformed => "PAGE_TOKEN_MALFORMED", InvalidArgument, "platform",
            "page_token 应取自上一页", "page_token has to come from the page before";
    }
}

/// What is searched for in the directory; all that is given has to be met.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// Where it filed.
    pub filing_division: Option<DivisionCode>,
    /// A city in which it has a right that holds.
    pub city: Option<DivisionCode>,
    /// An occupation that the same right is for.
    pub occupation: Option<OccupationRef>,
    /// A level that the same right is for.
    pub level: Option<Level>,
    /// Part of its name.
    pub name: Option<String>,
    /// Whether it may work today.
    pub standing: Option<Standing>,
}

/// What happened to the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum DirectoryFact {
    /// An edition was published.
    DirectoryPublished {
        /// Its running number.
        edition: u32,
        /// Organisations in it.
        organizations: u32,
        /// Day of publication.
        on: Date,
    },
}

/// The edition published last, and who is in it.
#[derive(Debug, Clone, Default)]
pub struct Edition {
    /// Its running number; none before the first.
    pub number: u32,
    /// Organisations in it.
    pub organizations: BTreeSet<OrganizationId>,
}

/// Publishes the next edition with these organisations.
///
/// # Errors
/// When there is nothing to publish, or nothing that is not published.
pub fn publish(
    last: &Edition,
    organizations: &BTreeSet<OrganizationId>,
    on: Date,
) -> Result<DirectoryFact, DirectoryRejection> {
    if organizations.is_empty() {
        return Err(DirectoryRejection::DirectoryEmpty);
    }
    if *organizations == last.organizations {
        return Err(DirectoryRejection::DirectoryUnchanged);
    }
    Ok(DirectoryFact::DirectoryPublished {
        edition: last.number + 1,
        organizations: u32::try_from(organizations.len()).unwrap_or(u32::MAX),
        on,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn editions_are_numbered_and_never_empty() {
        let on = date(2020, 6, 11);
        let some = |ids: &[u128]| {
            let ids = ids.iter().copied().map(Uuid::from_u128);
            ids.map(OrganizationId::from_uuid).collect::<BTreeSet<_>>()
        };
        let last = Edition {
            number: 1,
            organizations: some(&[1, 2]),
        };
        for changed in [some(&[1]), some(&[1, 3]), some(&[1, 2, 3])] {
            let DirectoryFact::DirectoryPublished {
                edition,
                organizations,
                ..
            } = publish(&last, &changed, on).expect("published");
            assert_eq!((edition, organizations as usize), (2, changed.len()));
        }
        let refused = |organizations| publish(&last, &some(organizations), on).err();
        assert_eq!(refused(&[]), Some(DirectoryRejection::DirectoryEmpty));
        let unchanged = Some(DirectoryRejection::DirectoryUnchanged);
        assert_eq!(refused(&[2, 1]), unchanged);
    }
}
