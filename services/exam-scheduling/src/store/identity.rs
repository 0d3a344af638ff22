//! Who somebody is, sealed: number, salt and name in one value.
//!
//! They lie together because they are read together, and because a salt beside an open commitment
//! would give the person away. Inside: number, salt in hexadecimal, name, a line each; no number
//! and no name contains a line end.

use kernel::person_name::PersonName;
use kernel::rejection::Rejection;
use platform::Result;
use platform::crypto::{Place, Vault};
use platform::error::readable;

use super::known;
use crate::domain::canonical::Salt;

/// A person as a sealed identity says: by citizen id or by card number.
pub(crate) struct Identity<Number> {
    pub(crate) number: Number,
    pub(crate) salt: Salt,
    pub(crate) name: PersonName,
}

/// Seals an identity for its place.
pub(super) fn seal(
    vault: &Vault,
    place: Place,
    number: &str,
    salt: &Salt,
    name: &PersonName,
) -> Vec<u8> {
    let salt = hex::encode(salt.as_bytes());
    let length = number.len() + salt.len() + name.reveal().len() + 2;
    let mut lines = zeroize::Zeroizing::new(String::with_capacity(length));
    for part in [number, "\n", &salt, "\n", name.reveal()] {
        lines.push_str(part);
    }
    vault.seal(place, lines.as_bytes())
}

/// Reads an identity that was opened.
pub(crate) fn read<Number, R: Rejection>(
    plain: &[u8],
    parse: impl Fn(&str) -> Result<Number, R>,
) -> Result<Identity<Number>> {
    let text = known("identity", std::str::from_utf8(plain).ok())?;
    let mut lines = text.splitn(3, '\n');
    let mut line = || known("identity", lines.next());
    let number = readable("number of a person", parse(line()?))?;
    let mut salt = [0; 16];
    known("salt", hex::decode_to_slice(line()?, &mut salt).ok())?;
    let name = readable("name of a person", PersonName::parse(line()?))?;
    Ok(Identity {
        number,
        salt: Salt::from_bytes(salt),
        name,
    })
}
