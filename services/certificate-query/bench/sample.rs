//! Certificates and their holders, all invented, each made from its number alone: whoever asks
//! about one need not be told what was generated.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use kernel::certificate_number::CertificateNumber;
use kernel::citizen_id::CitizenId;
use kernel::person_name::PersonName;

/// Organisations that issue.
const ORGANIZATIONS: u32 = 400;
/// Years in which they do.
const YEARS: u32 = 10;
/// Levels that they certify.
const LEVELS: u32 = 5;

const FAMILIES: [&str; 16] = [
    "赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈", "褚", "卫", "蒋", "沈", "韩", "杨",
];
const GIVEN: [&str; 16] = [
    "示", "例", "晓", "东", "海", "明", "文", "秀", "英", "建", "国", "志", "强", "丽", "春", "平",
];

/// Occupations that are certified, by the edition of 2015.
const OCCUPATIONS: [(&str, &str); 3] = [
    ("6-31-01-03", "电工"),
    ("4-03-02-01", "中式烹调师"),
    ("6-18-02-04", "焊工"),
];

/// The certificate of this number, counted from 0.
#[derive(Clone, Copy)]
pub(crate) struct Sample(pub(crate) u32);

impl Sample {
    /// 证书编号, as it is typed.
    pub(crate) fn number(self) -> String {
        let (year, level) = (self.year() % 100, self.level());
        let sequence = self.0 / (ORGANIZATIONS * YEARS * LEVELS) + 1;
        format!("{}{year:02}{level}{sequence:06}", self.organization())
    }

    /// The holder's name, as it is typed.
    pub(crate) fn name(self) -> String {
        let letter = |shift: u32| (self.0.wrapping_mul(0x9e37_79b1) >> shift) as usize % 16;
        [FAMILIES[letter(28)], GIVEN[letter(24)], GIVEN[letter(20)]].concat()
    }

    /// The same, as the platform knows it.
    pub(crate) fn certificate_number(self) -> CertificateNumber {
        CertificateNumber::parse(&self.number()).expect("made by the rule")
    }

    pub(crate) fn holder(self) -> PersonName {
        PersonName::parse(&self.name()).expect("made of letters")
    }

    /// The holder's document.
    pub(crate) fn document(self) -> CitizenId {
        let birth = date(1960, 1, 1) + i64::from(self.0 % 15_000).days();
        let sequence = u16::try_from(self.0 / 15_000 % 1000).expect("three digits");
        CitizenId::synthetic("370099", birth, sequence)
    }

    /// Code of who issued it.
    pub(crate) fn organization(self) -> String {
        let number = self.0 % ORGANIZATIONS;
        format!("S000037{:02}{:04}", number % 11 + 1, number / 11 + 1)
    }

    pub(crate) fn organization_name(self) -> String {
        format!("示例评价机构第{:03}号", self.0 % ORGANIZATIONS)
    }

    /// Code and name of what it certifies.
    pub(crate) fn occupation(self) -> (&'static str, &'static str) {
        OCCUPATIONS[self.0 as usize % OCCUPATIONS.len()]
    }

    /// The digit of the level.
    pub(crate) fn level(self) -> char {
        let level = self.0 / (ORGANIZATIONS * YEARS) % LEVELS + 1;
        char::from_digit(level, 10).expect("a digit")
    }

    pub(crate) fn issued_on(self) -> Date {
        let first = date(2020, 3, 1).with().year(self.year()).build();
        first.expect("a day of every year") + i64::from(self.0 % 200).days()
    }

    /// What the QR code holds.
    pub(crate) fn token(self) -> [u8; 16] {
        let (one, other) = (mixed(self.0.into()), mixed(u64::from(self.0) << 32));
        (u128::from(one) << 64 | u128::from(other)).to_be_bytes()
    }

    fn year(self) -> i16 {
        let year = self.0 / ORGANIZATIONS % YEARS;
        2020 + i16::try_from(year).expect("a few years")
    }
}

/// Numbers that look random, and are the same in every run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// A number below another.
    pub(crate) fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let upper = mixed(self.0) >> 32;
        let scaled = (upper * u64::from(limit)) >> 32;
        u32::try_from(scaled).expect("below the limit")
    }
}

/// The finisher of SplitMix64.
fn mixed(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
