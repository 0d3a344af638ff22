//! The random token of a certificate's QR code: 128 bits that cannot be guessed, so that it needs
//! no name beside it.

use kernel::rejections;
use kernel::typed::normalise;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

rejections! {
    /// Why a token is not looked for.
    pub enum TokenRejection {
        /// It is not what a QR code holds.
        TokenMalformed => "QR_TOKEN_MALFORMED", InvalidArgument, "notice 4.4",
            "二维码内容应为 32 位十六进制字符，请重新扫描证书上的二维码",
            "the content of the QR code has 32 hexadecimal digits; scan the one on the certificate again";
    }
}

/// A token as a QR code holds it. Whoever has it may see the certificate, so it cannot be printed.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Token([u8; 16]);

impl Token {
    /// Reads what was scanned, or what stands at its end: the code holds the address of the form with
    /// the token.
    ///
    /// # Errors
    /// When it is no token.
    pub fn parse(typed: &str) -> Result<Self, TokenRejection> {
        let mut bytes = [0; 16];
        let typed = normalise(typed);
        let token = typed.rsplit("TOKEN=").next().unwrap_or_default();
        hex::decode_to_slice(token, &mut bytes).map_err(|_| TokenRejection::TokenMalformed)?;
        Ok(Self(bytes))
    }

    /// What is asked about.
    pub(crate) fn target(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(self.0))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_with_spaces_and_in_any_case_and_nothing_else_is_one() {
        let typed = "00ff 11ee 22dd 33cc 44BB 55AA 6699 7788";
        let token = Token::parse(typed).unwrap_or_else(|_| panic!("a token"));
        assert_eq!(
            hex::encode(token.bytes()),
            "00ff11ee22dd33cc44bb55aa66997788"
        );
        let scanned = "https://query.example/token?token=00ff11ee22dd33cc44bb55aa66997788";
        assert!(Token::parse(scanned).is_ok_and(|read| read.0 == token.0));
        for typed in [
            "",
            "https://query.example/token?token=",
            "00ff",
            &"0".repeat(33),
            &"g".repeat(32),
            &"é".repeat(16),
        ] {
            assert!(Token::parse(typed).is_err(), "{typed}");
        }
    }
}
