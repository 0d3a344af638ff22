//! The code by which somebody asks about what they brought forward: told once, kept as a digest.

use kernel::typed::normalise_number;

use crate::crypto::Vault;

/// Crockford's alphabet in capitals: what is read aloud and typed from paper.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 20 characters are 100 bits: nobody comes upon one by trying.
const LENGTH: usize = 20;
const GROUP: usize = 4;

/// A new code, in groups of four.
pub(super) fn make() -> String {
    let random: [u8; LENGTH] = rand::random();
    let text: Vec<u8> = random
        .iter()
        .map(|byte| ALPHABET[usize::from(byte % 32)])
        .collect();
    let groups = text.chunks(GROUP).map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join("-")
}

/// What a code is found by; `None` for what cannot be one. Typed as people type: groups, capitals
/// and the letters that look like digits do not matter.
pub(super) fn digest(vault: &Vault, typed: &str) -> Option<[u8; 32]> {
    let code = normalise_number(typed);
    let known = |character: u8| ALPHABET.contains(&character);
    (code.len() == LENGTH && code.bytes().all(known))
        .then(|| vault.digest("inquiry receipt", &[code.as_bytes()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_twenty_characters_in_groups_and_never_the_same() {
        let code = make();
        assert_eq!(code.len(), 24);
        assert_eq!(normalise_number(&code).len(), LENGTH);
        assert_eq!(code.matches('-').count(), 4);
        assert_ne!(code, make());
    }
}
