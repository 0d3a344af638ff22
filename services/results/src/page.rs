//! Pages of long lists: how one is asked for, and where the next begins.

use kernel::rejection::Faults;
use platform::contract::page_size;

use crate::domain::rejection::BatchRejection;

/// A page: what follows a key, so much of it.
pub(crate) struct Page {
    /// The id of what is paged. A token of something else is none of this.
    of: String,
    /// The last key of the page before.
    pub(crate) after: String,
    pub(crate) size: usize,
}

impl Page {
    /// The first page, of the usual size.
    pub(crate) fn first(of: &impl ToString) -> Self {
        Self {
            of: of.to_string(),
            after: String::new(),
            size: page_size(0) as usize,
        }
    }

    /// The page that a request asks for.
    ///
    /// # Errors
    /// When the token is not one of this list.
    pub(crate) fn parse(of: &str, size: u32, token: &str) -> Result<Self, Faults> {
        let after = match token {
            "" => Some(String::new()),
            token => after(of, token),
        };
        Ok(Self {
            of: of.to_owned(),
            after: after.ok_or_else(|| Faults::at("page_token", &BatchRejection::Page))?,
            size: page_size(size) as usize,
        })
    }

    /// Cuts what follows, of which one more than fits tells that there is more, to the page, and
    /// gives the token of the next one; empty at the end.
    pub(crate) fn cut<T>(&self, rows: &mut Vec<T>, key: impl Fn(&T) -> &str) -> String {
        let more = rows.len() > self.size;
        rows.truncate(self.size);
        let last = rows.last().filter(|_| more);
        last.map(|last| hex::encode(format!("{} {}", self.of, key(last))))
            .unwrap_or_default()
    }
}

/// The key in a token of this list.
fn after(of: &str, token: &str) -> Option<String> {
    let text = String::from_utf8(hex::decode(token).ok()?).ok()?;
    let (list, key) = text.split_once(' ')?;
    let known = list == of && !key.contains(char::is_control);
    known.then(|| key.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_begins_where_this_one_ends() {
        let mut rows = vec!["01", "02", "03"];
        let page = Page::parse("batch_1", 2, "").expect("the first");
        let token = page.cut(&mut rows, |row| row);
        assert_eq!(rows, ["01", "02"]);
        let page = Page::parse("batch_1", 2, &token).expect("the next");
        assert_eq!((page.after.as_str(), page.size), ("02", 2));
        assert_eq!(page.cut(&mut vec!["03"], |row| row), "");
    }

    #[test]
    fn a_page_is_asked_for_with_a_token_of_this_list() {
        let elsewhere = Page::first(&"notice_1").cut(&mut vec!["0"; 101], |row| row);
        let nul = hex::encode("batch_1 \0");
        for token in ["01x", "ff", "3031", &elsewhere, &nul] {
            let refused = Page::parse("batch_1", 1, token).err().expect("refused");
            assert_eq!(refused.codes(), ["PAGE_MALFORMED"], "{token}");
        }
    }
}
