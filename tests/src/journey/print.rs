//! How the story is set: short lines, and papers in frames as people were shown them.
//!
//! Chinese characters are two columns wide. Terminals agree on that for the characters used here;
//! whatever they do not agree on stays out of the frames.

use std::io::Write;

use anyhow::Result;

/// Columns of a line of text; inside a frame there is a little less room.
const LINE: usize = 90;
const INSIDE: usize = 84;

/// Where the story is written.
pub(super) struct Page<'a>(&'a mut (dyn Write + Send + Sync));

impl<'a> Page<'a> {
    /// A page on this output.
    pub(super) fn new(out: &'a mut (dyn Write + Send + Sync)) -> Self {
        Self(out)
    }

    /// The heading of an act.
    pub(super) fn act(&mut self, chinese: &str, english: &str) -> Result<()> {
        Ok(writeln!(self.0, "\n━━ {chinese} · {english} ━━")?)
    }

    /// A new day.
    pub(super) fn day(&mut self, date: &str, weekday: &str) -> Result<()> {
        Ok(writeln!(self.0, "\n{date} {weekday}")?)
    }

    /// What happens by itself.
    pub(super) fn event(&mut self, text: &str) -> Result<()> {
        self.hanging("  ", text)
    }

    /// Who does what under which rule.
    pub(super) fn deed(&mut self, who: &str, what: &str, rule: &str) -> Result<()> {
        self.hanging("  ", &format!("{who}：{what}〔{rule}〕"))
    }

    /// What comes of it.
    pub(super) fn result(&mut self, text: &str) -> Result<()> {
        self.hanging("      → ", text)
    }

    /// What was refused.
    pub(super) fn refusal(&mut self, text: &str) -> Result<()> {
        self.hanging("      ✗ ", text)
    }

    /// More about what was refused or came.
    pub(super) fn detail(&mut self, text: &str) -> Result<()> {
        self.hanging("        ", text)
    }

    /// A paper in a frame; what is too long goes on in the next line.
    pub(super) fn paper(&mut self, title: &str, lines: &[String]) -> Result<()> {
        let rest = (INSIDE + 2).saturating_sub(width(title) + 4);
        writeln!(self.0, "    ┌─ {title} {}─┐", "─".repeat(rest))?;
        for line in lines.iter().flat_map(|line| wrap(line, INSIDE)) {
            let fill = " ".repeat(INSIDE.saturating_sub(width(&line)));
            writeln!(self.0, "    │ {line}{fill} │")?;
        }
        Ok(writeln!(self.0, "    └{}┘", "─".repeat(INSIDE + 2))?)
    }

    fn hanging(&mut self, lead: &str, text: &str) -> Result<()> {
        let indent = " ".repeat(width(lead) + 2);
        for (index, line) in wrap(text, LINE - width(&indent)).iter().enumerate() {
            writeln!(self.0, "{}{line}", if index == 0 { lead } else { &indent })?;
        }
        Ok(())
    }
}

/// Rows of cells as lines with aligned columns.
pub(super) fn table(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            rows.iter()
                .filter_map(|row| row.get(column))
                .map(|cell| width(cell))
                .max()
        })
        .map(Option::unwrap_or_default)
        .collect();
    let pad = |(cell, wide): (&String, &usize)| {
        format!("{cell}{}", " ".repeat(wide.saturating_sub(width(cell))))
    };
    let line = |row: &Vec<String>| {
        row.iter()
            .zip(&widths)
            .map(pad)
            .collect::<Vec<_>>()
            .join("  ")
    };
    rows.iter()
        .map(|row| line(row).trim_end().to_owned())
        .collect()
}

/// Columns that a text takes.
fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

/// Two columns for Chinese characters, their punctuation and full-width forms.
fn columns(character: char) -> usize {
    match character {
        '\u{2e80}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe4f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}' => 2,
        _ => 1,
    }
}

/// Breaks a line where it becomes too wide.
fn wrap(line: &str, limit: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = line;
    while width(rest) > limit {
        let cut = last_break(rest, limit);
        lines.push(rest[..cut].trim_end().to_owned());
        rest = rest[cut..].trim_start();
    }
    lines.push(rest.to_owned());
    lines
}

/// The last place within the limit where a line may be broken. Chinese text may be broken anywhere
/// but before a mark that closes or after one that opens, other text after spaces and commas.
fn last_break(line: &str, limit: usize) -> usize {
    const CLOSING: &str = "，。；：、）〕》」”\"}]";
    const OPENING: &str = "（〔《「“";
    let (mut used, mut best, mut widest, mut before) = (0, 0, 0, 'x');
    for (at, next) in line.char_indices() {
        let after_separator = matches!(before, ' ' | ',' | '、');
        let chinese = columns(before) == 2 || columns(next) == 2;
        let forbidden = CLOSING.contains(next) || OPENING.contains(before);
        if at > 0 && (after_separator || (chinese && !forbidden)) {
            best = at;
        }
        widest = at;
        used += columns(next);
        if used > limit {
            break;
        }
        before = next;
    }
    // A word longer than a line is cut.
    if best > 0 { best } else { widest }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paper_has_a_straight_edge() {
        let mut out = Vec::new();
        let text = "公示自 2020-05-29 开始，经 5 个工作日，至 2020-06-05 当日结束（公示开始当日不计）；不计周末 2 天。";
        Page::new(&mut out)
            .paper("公示", &[text.to_owned(), "短".to_owned()])
            .expect("a vector");
        let set = String::from_utf8(out).expect("text");
        assert!(set.lines().count() > 4, "the long line was wrapped");
        assert!(set.lines().all(|line| width(line) == INSIDE + 8), "{set}");
    }

    #[test]
    fn no_line_begins_with_a_closing_mark() {
        for limit in 10..40 {
            for line in wrap("一二三四五，六七八九十。甲乙丙丁、戊己（庚辛）壬癸", limit)
            {
                assert!(!line.starts_with(['，', '。', '、', '）']), "{line}");
                assert!(!line.ends_with('（'), "{line}");
                assert!(width(&line) <= limit);
            }
        }
    }

    #[test]
    fn words_and_dates_stay_whole_and_long_ones_are_cut() {
        assert_eq!(
            wrap("至 2020-07-14 当日结束", 16),
            ["至 2020-07-14 当", "日结束"]
        );
        assert_eq!(
            wrap("至 2020-07-14 当日结束", 12),
            ["至", "2020-07-14", "当日结束"]
        );
        assert_eq!(
            wrap(r#"{"one":"1","two":"2"}"#, 15),
            [r#"{"one":"1","#, r#""two":"2"}"#]
        );
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
    }

    #[test]
    fn columns_stand_under_each_other() {
        let rows = [
            vec!["张*".to_owned(), "1".to_owned()],
            vec!["欧**娜".to_owned(), "2".to_owned()],
        ];
        assert_eq!(table(&rows), ["张*     1", "欧**娜  2"]);
    }
}
