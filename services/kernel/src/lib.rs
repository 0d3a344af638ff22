//! Meaning that two or more services must agree on, and nothing else: identifiers, numbers,
//! levels, working days, public notices, draws, pilot parameters, the rule of two persons. Pure; no
//! I/O, no clock.
//!
//! Every type is parsed once, at the edge, and is right from then on: the field is private, the
//! parse is the only way in, and what it declines it declines by name (see [`rejection`]).
//! Personal data ([`citizen_id`], [`identity_document`], [`person_name`], [`card_number`]) has one way
//! out, called `reveal`; it cannot be printed, logged or serialised by accident. Everything that depends on the day takes the day as
//! an argument, and everything that depends on public holidays takes a
//! [`Calendar`](working_day::Calendar).

mod ascii;
pub mod card_number;
pub mod certificate_number;
pub mod citizen_id;
pub mod contact;
pub mod content_hash;
pub mod credit_code;
pub mod division;
pub mod draw;
pub mod identity_document;
pub mod ids;
pub mod inquiry;
pub mod level;
pub mod measure;
pub mod occupation;
pub mod organization_code;
pub mod person_name;
pub mod pilot;
pub mod public_notice;
pub mod query_key;
mod recognised;
pub mod reference;
pub mod rejection;
pub mod two_persons;
pub mod typed;
pub mod working_day;
pub mod written;
