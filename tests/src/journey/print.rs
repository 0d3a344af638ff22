//! How the story is set: short lines, and papers in frames as people were shown them.
//!
//! Chinese characters are two columns wide. Terminals agree on that for the characters used here;
//! whatever they do not agree on stays out of the frames.

use std::io::Write;

use anyhow::Result;

/// Columns inside a frame.
const INSIDE: usize = 84;

/// Where the story is written.
pub(super) struct Page<'a>(&'a mut (dyn Write + Send + Sync));

impl<'a> Page<'a> {
    /// A page on this output.
    pub(super) fn new(out: &'a mut (dyn Write + Send + Sync)) -> Self {
        Self(out)
    }

    /// A plain line.
    pub(super) fn line(&mut self, text: &str) -> Result<()> {
        Ok(writeln!(self.0, "{text}")?)
    }

    /// The heading of an act.
    pub(super) fn act(&mut self, chinese: &str, english: &str) -> Result<()> {
        Ok(writeln!(self.0, "\n━━ {chinese} · {english} ━━")?)
    }

    /// A new day.
    pub(super) fn day(&mut self, date: &str, weekday: &str) -> Result<()> {
        Ok(writeln!(self.0, "\n{date} {weekday}")?)
    }

    /// Who does what under which rule.
    pub(super) fn deed(&mut self, who: &str, what: &str, rule: &str) -> Result<()> {
        Ok(writeln!(self.0, "  {who}：{what}〔{rule}〕")?)
    }

    /// What comes of it.
    pub(super) fn result(&mut self, text: &str) -> Result<()> {
        Ok(writeln!(self.0, "      → {text}")?)
    }

    /// What was refused.
    pub(super) fn refusal(&mut self, text: &str) -> Result<()> {
        Ok(writeln!(self.0, "      ✗ {text}")?)
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
}

/// Rows of cells as lines with aligned columns.
pub(super) fn table(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let widths: Vec<usize> = (0..columns)
        .map(|column| rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell)).max())
        .map(Option::unwrap_or_default)
        .collect();
    let pad = |(cell, wide): (&String, &usize)| {
        format!("{cell}{}", " ".repeat(wide.saturating_sub(width(cell))))
    };
    let line = |row: &Vec<String>| row.iter().zip(&widths).map(pad).collect::<Vec<_>>().join("  ");
    rows.iter().map(|row| line(row).trim_end().to_owned()).collect()
}

/// Columns that a text takes.
fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

/// Two columns for Chinese characters, their punctuation and full-width forms.
fn columns(character: char) -> usize {
    match character {
        '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}'
        | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' => 2,
        _ => 1,
    }
}

/// Breaks a line where it becomes too wide: at a space if there is one, else anywhere, as Chinese
/// text allows, but never before a mark that closes.
fn wrap(line: &str, limit: usize) -> Vec<String> {
    const CLOSING: &str = "，。；：、）〕》」";
    let mut lines = Vec::new();
    let mut rest = line;
    while width(rest) > limit {
        let mut used = 0;
        let fitting = rest.char_indices().find_map(|(at, character)| {
            used += columns(character);
            (used > limit).then_some(at)
        });
        let mut cut = fitting.unwrap_or(rest.len());
        if let Some(space) = rest[..cut].rfind(' ').filter(|space| *space > cut / 2) {
            cut = space;
        }
        while let Some(last) = rest[..cut].chars().next_back()
            && rest[cut..].starts_with(|next| CLOSING.contains(next))
        {
            cut -= last.len_utf8();
        }
        lines.push(rest[..cut].trim_end().to_owned());
        rest = rest[cut..].trim_start();
    }
    lines.push(rest.to_owned());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paper_has_a_straight_edge() {
        let mut out = Vec::new();
        let text = "公示自 2020-05-29 开始，经 5 个工作日，至 2020-06-05 当日结束（公示开始当日不计）；不计周末 2 天。";
        Page::new(&mut out).paper("公示", &[text.to_owned(), "短".to_owned()]).expect("a vector");
        let set = String::from_utf8(out).expect("text");
        assert!(set.lines().count() > 4, "the long line was wrapped");
        assert!(set.lines().all(|line| width(line) == INSIDE + 8), "{set}");
    }

    #[test]
    fn no_line_begins_with_a_closing_mark() {
        for limit in 10..40 {
            for line in wrap("一二三四五，六七八九十。甲乙丙丁、戊己（庚辛）壬癸", limit) {
                assert!(!line.starts_with(['，', '。', '、', '）']), "{line}");
                assert!(width(&line) <= limit);
            }
        }
    }

    #[test]
    fn columns_stand_under_each_other() {
        let rows = [vec!["张*".to_owned(), "1".to_owned()], vec!["欧**娜".to_owned(), "2".to_owned()]];
        assert_eq!(table(&rows), ["张*     1", "欧**娜  2"]);
    }
}
