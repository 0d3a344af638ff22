//! Papers as people are shown them: public notices, receipts, certificates, the ledger.

use kernel::level::Level;
use proto::common::v1 as common;
use proto::{exam::v1 as exam, results::v1 as results, review::v1 as review};

use super::{annexes::OCCUPATION, print::table};

/// A public notice (公示), word for word.
pub(super) fn public_notice(notice: &common::PublicNotice) -> Vec<String> {
    let ends = notice.ends.clone().unwrap_or_default();
    let mut lines = vec![notice.title.clone(), String::new()];
    lines.push(format!("公示期：{} 至 {}", notice.opened_on, ends.date));
    let rows: Vec<Vec<String>> = notice.rows.iter().map(row).collect();
    match rows.as_slice() {
        // One row alone reads better as a list.
        [cells] => lines.extend(cells.iter().map(|cell| format!("· {cell}"))),
        rows => lines.extend(table(rows)),
    }
    lines.push(format!("异议受理：{}", notice.objection_contact));
    lines.extend(deadline(&ends));
    lines.push(format!(
        "公示内容 SHA-256：{}",
        short(&notice.snapshot_hash)
    ));
    lines
}

fn row(row: &common::PublicNoticeRow) -> Vec<String> {
    let mut cells = row.cells.clone();
    cells.push(row_state(row.state()).to_owned());
    cells
}

/// A state of a row, for people.
pub(super) fn row_state(state: common::PublicNoticeRowState) -> &'static str {
    use common::PublicNoticeRowState as State;
    match state {
        State::Unspecified => "",
        State::Open => "公示中",
        State::Held => "有异议",
        State::Concluded => "无异议",
        State::Upheld => "异议成立",
        State::Withdrawn => "已撤回",
    }
}

/// A result in cells: ticket, name, level, each part, and whether it is a pass.
pub(super) fn outcome(result: &results::Result) -> Vec<String> {
    use results::ResultState::NotPassed;
    let mut cells = vec![
        result.ticket_number.clone(),
        result.masked_name.clone(),
        level_name(result.level()).to_owned(),
    ];
    cells.extend(result.parts.iter().map(part));
    let passed = result.state() != NotPassed;
    cells.push(if passed { "合格" } else { "不合格" }.to_owned());
    cells
}

fn part(part: &results::PartScore) -> String {
    let name = match part.part() {
        exam::ExamPart::Theory => "理论",
        exam::ExamPart::Skill => "技能",
        other => other.as_str_name(),
    };
    match (part.attendance(), part.score) {
        (exam::Attendance::Absent, _) => format!("{name} 缺考"),
        (exam::Attendance::Void, _) => format!("{name} 违纪无效"),
        (_, Some(score)) => format!("{name} {score}"),
        (_, None) => format!("{name} --"),
    }
}

/// The receipt of a filing (回执).
pub(super) fn filing_receipt(receipt: &review::FilingReceipt, organization: &str) -> Vec<String> {
    let mut lines = vec![
        format!("{organization}："),
        "经遴选确定为职业技能等级认定试点评价机构，现予备案。".to_owned(),
        format!("机构代码：{}", receipt.organization_code),
    ];
    lines.extend(
        receipt
            .scopes
            .iter()
            .map(|scope| format!("评价范围：{}", scope_line(scope))),
    );
    lines.push(format!("评价地域：{}", receipt.filing_division));
    lines.push(format!("回执编号：{}", receipt.receipt_id));
    lines.push(format!("出具日期：{}", receipt.issued_on));
    lines
}

/// The receipt of a plan that arrived in time.
pub(super) fn plan_receipt(receipt: &exam::PlanReceipt) -> Vec<String> {
    let mut lines = vec![
        format!("回执编号：{}", receipt.receipt_id),
        format!(
            "收到日期：{}    考生人数：{}",
            receipt.received_on, receipt.candidates
        ),
    ];
    lines.extend(deadline(&receipt.deadline.clone().unwrap_or_default()));
    lines.push(format!("计划内容 SHA-256：{}", short(&receipt.plan_hash)));
    lines
}

/// A deadline with every day that was looked at.
pub(super) fn deadline(deadline: &common::Deadline) -> Vec<String> {
    let days: Vec<String> = deadline.days.iter().map(counted_day).collect();
    vec![deadline.explanation_zh.clone(), days.join("  ")]
}

fn counted_day(day: &common::CountedDay) -> String {
    use common::DayKind as Kind;
    let date = day.date.get(5..).unwrap_or(&day.date);
    match day.kind() {
        Kind::Working => format!("{date}({})", day.counted),
        Kind::MakeUp => format!("{date}({},调休上班)", day.counted),
        Kind::Weekend => format!("{date}周末"),
        Kind::Holiday => format!("{date}放假"),
        Kind::Unspecified => date.to_owned(),
    }
}

/// An occupation with its levels on one line.
pub(super) fn scope_line(scope: &common::OccupationScope) -> String {
    let occupation = scope.occupation.clone().unwrap_or_default();
    let levels: Vec<&str> = scope.levels().map(level_name).collect();
    let common::OccupationRef { edition, code } = occupation;
    format!(
        "{OCCUPATION} {code}（{edition}年版大典）{}",
        levels.join("、")
    )
}

/// A level of the contract by its name on certificates.
pub(super) fn level_name(level: common::Level) -> &'static str {
    match level {
        common::Level::Five => Level::Five.chinese(),
        common::Level::Four => Level::Four.chinese(),
        other => other.as_str_name(),
    }
}

/// A level of ours as the contract has it.
pub(super) fn level(level: Level) -> common::Level {
    match level {
        Level::Five => common::Level::Five,
        _ => common::Level::Four,
    }
}

/// A rule as refusals cite it, for Chinese readers: `notice 4.1` is 通知四（一）.
pub(super) fn rule(cited: &str) -> String {
    const NUMERALS: [&str; 7] = ["零", "一", "二", "三", "四", "五", "六"];
    let numeral = |digit: &str| {
        digit
            .parse()
            .ok()
            .and_then(|index: usize| NUMERALS.get(index))
    };
    let number = cited.strip_prefix("notice ").unwrap_or_default();
    let (part, item) = number.split_once('.').unwrap_or((number, ""));
    match (numeral(part), numeral(item)) {
        (Some(part), Some(item)) => format!("通知{part}（{item}）"),
        (Some(part), None) if item.is_empty() => format!("通知{part}"),
        _ if cited == "platform" => "平台规则".to_owned(),
        _ => cited
            .replace("national standards", "国家职业技能标准")
            .replace(
                "standards template 2023 rule ",
                "国家职业标准编制技术规程（2023年版）",
            ),
    }
}

/// The beginning of a hash, which is enough to recognise it.
pub(super) fn short(hash: &[u8]) -> String {
    format!("{}…", hex::encode(&hash[..hash.len().min(8)]))
}
