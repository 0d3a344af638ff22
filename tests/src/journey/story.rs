//! What all acts share: the people, the days, the desk, and the page on which it is told.

use std::{fs, io::Write, path::PathBuf};

use anyhow::{Context, Result, ensure};
use jiff::civil::{Date, Time};
use kernel::certificate_number::CertificateNumber;

use super::{
    calendar::{self, ClockFile, Dates, MORNING},
    cast::{Cast, Who},
    clients::Call,
    desk::{Desk, Refusal},
    outcome::{Heard, Outcome},
    papers,
    people::{self, Candidate, Fate},
    print::Page,
    settings::Config,
    verify::Query,
};

/// A journey under way.
pub(super) struct Story<'a> {
    /// Running number of the journey.
    pub(super) number: u32,
    /// On which day what is done.
    pub(super) dates: Dates,
    /// Who takes part.
    pub(super) cast: Cast,
    /// Who is examined.
    pub(super) candidates: Vec<Candidate>,
    /// Who asks for certificates over HTTP.
    pub(super) query: Query,
    /// Where it is told.
    pub(super) page: Page<'a>,
    /// What has come of it so far.
    pub(super) outcome: Outcome,
    desk: Desk,
    clock: ClockFile,
    papers: PathBuf,
}

impl<'a> Story<'a> {
    /// Opens the story on its first day.
    pub(super) fn open(
        config: &Config,
        number: u32,
        first_day: Date,
        out: &'a mut (dyn Write + Send + Sync),
    ) -> Result<Self> {
        Ok(Self {
            number,
            dates: Dates::from(first_day)?,
            cast: Cast::new(number),
            candidates: people::candidates(number),
            query: Query::new(&config.http, &config.services)?,
            page: Page::new(out),
            outcome: Outcome::default(),
            desk: Desk::new(config)?,
            clock: ClockFile::new(config.clock.business_time_file.clone()),
            papers: config.papers.directory.clone(),
        })
    }

    /// What it is about, and who is who.
    pub(super) fn introduce(&mut self) -> Result<()> {
        let title = format!(
            "鲁人社字〔2020〕50号 · 从申报到证书 · 第 {} 次行程",
            self.number
        );
        let people = [
            "学院经办人甲、乙    威海示例技师学院（示例），市属技工院校",
            "威海市中心甲、乙    威海市职业技能鉴定（指导）中心",
            "本轮市中心甲、乙    另一市的中心，受理六家单位的申报",
            "省中心甲、乙        山东省职业技能鉴定指导中心",
            "省厅发布人          山东省人力资源和社会保障厅",
            "社会公众            任何人，无需登录",
            "“通知”指鲁人社字〔2020〕50号；所有人员、证件号码均为合成数据。",
        ];
        self.page.paper(&title, &people.map(str::to_owned))
    }

    /// The certificate that is asked for again later.
    pub(super) fn end_with(&mut self, number: &CertificateNumber, holder: String) {
        self.outcome.certificate = number.to_string();
        self.outcome.holder = holder;
        self.query.page().clone_into(&mut self.outcome.page);
    }

    /// Keeps what was printed, to be looked at; gives where.
    pub(super) fn keep(&self, name: &str, content: &[u8]) -> Result<String> {
        let path = self.papers.join(name);
        fs::create_dir_all(&self.papers)
            .and_then(|()| fs::write(&path, content))
            .with_context(|| format!("keeping {}", path.display()))?;
        Ok(path.display().to_string())
    }

    /// The morning of a day comes.
    pub(super) fn day(&mut self, date: Date) -> Result<()> {
        self.page
            .day(&date.to_string(), &calendar::weekday(date)?)?;
        self.clock.advance(date.to_datetime(MORNING))
    }

    /// A later hour of a day comes.
    pub(super) fn hour(&mut self, date: Date, time: Time) -> Result<()> {
        self.page.event(&time.strftime("%H:%M").to_string())?;
        self.clock.advance(date.to_datetime(time))
    }

    /// Request id of a step: the same whenever the step is asked again.
    pub(super) fn id(&self, step: &str) -> String {
        format!("journey-{}/{step}", self.number)
    }

    /// Somebody does something under a rule; it is told, done and answered.
    pub(super) async fn deed<C: Call>(
        &mut self,
        who: Who,
        what: &str,
        rule: &str,
        call: C,
    ) -> Result<C::Reply> {
        self.page.deed(who.title(), what, rule)?;
        self.ask(who, call).await
    }

    /// Somebody tries something that a rule forbids; the refusal is told.
    pub(super) async fn attempt<C: Call>(
        &mut self,
        who: Who,
        what: &str,
        call: C,
        code: &'static str,
    ) -> Result<Refusal> {
        let refusal = self.desk.refused(&self.cast, who, call, code).await?;
        self.page
            .deed(who.title(), what, &papers::rule(&refusal.rule))?;
        self.page
            .refusal(&format!("{}：{}", refusal.code, refusal.text))?;
        for field in &refusal.fields {
            self.page.detail(field)?;
        }
        self.outcome.kinds.refusals.push(code);
        Ok(refusal)
    }

    /// Like [`Story::deed`], where the service has to hear of something from a neighbour first and
    /// says `not_yet` until it has.
    pub(super) async fn deed_once_heard<C: Call>(
        &mut self,
        who: Who,
        what: &str,
        rule: &str,
        call: C,
        not_yet: &str,
    ) -> Result<C::Reply> {
        self.page.deed(who.title(), what, rule)?;
        self.desk.once_heard(&self.cast, who, call, not_yet).await
    }

    /// Asks without telling.
    pub(super) async fn ask<C: Call>(&self, who: Who, call: C) -> Result<C::Reply> {
        self.desk.ask(&self.cast, who, call).await
    }

    /// Reads until what is read is what is waited for.
    pub(super) async fn until<C: Call, T>(
        &self,
        who: Who,
        call: C,
        seen: impl Fn(C::Reply) -> Result<T, String>,
    ) -> Result<T> {
        self.desk.until(&self.cast, who, call, seen).await
    }

    /// What was heard so far besides answers.
    pub(super) fn heard(&self) -> Heard {
        self.desk.heard()
    }

    /// How many candidates there are who pass.
    pub(super) fn passed(&self) -> usize {
        self.candidates
            .iter()
            .filter(|candidate| candidate.passes())
            .count()
    }

    /// The candidate to whom something happens that happens to one only.
    pub(super) fn whose(&self, fate: Fate) -> usize {
        let found = self
            .candidates
            .iter()
            .position(|candidate| candidate.fate == fate);
        found.expect("every fate is somebody's")
    }
}

/// Compares what the platform says with what the story says.
#[expect(
    clippy::needless_pass_by_value,
    reason = "so that a comparison reads without signs"
)]
pub(super) fn expect<T>(what: &str, came: T, expected: T) -> Result<()>
where
    T: PartialEq + std::fmt::Debug,
{
    ensure!(
        came == expected,
        "{what}: expected {expected:?}, came {came:?}"
    );
    Ok(())
}

/// For [`Story::until`]: there, or what is seen instead.
pub(super) fn reached<T>(
    there: bool,
    found: T,
    seen: impl FnOnce() -> String,
) -> Result<T, String> {
    if there { Ok(found) } else { Err(seen()) }
}
