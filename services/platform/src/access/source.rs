//! Where a call comes from.
//!
//! The address of the connection, or, where that is a proxy of ours, the last address in
//! `X-Forwarded-For` that is not: whatever stands before it was written by a stranger.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

use http::HeaderMap;
use serde::{Deserialize, Deserializer, de};

/// The header in which proxies note for whom they ask.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// Who asks, as far as limits are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source(IpAddr);

impl Source {
    /// The source at an address.
    pub fn at(address: IpAddr) -> Self {
        Self(address.to_canonical())
    }

    /// Who asks over a connection from `peer` with these headers.
    pub fn of(peer: Option<SocketAddr>, headers: &HeaderMap, proxies: &[Network]) -> Self {
        let peer = peer.map_or(Ipv4Addr::UNSPECIFIED.into(), |peer| peer.ip());
        let mut source = Self::at(peer);
        let noted = headers.get_all(FORWARDED_FOR).iter().rev();
        let noted = noted.filter_map(|value| value.to_str().ok());
        for address in noted.flat_map(|value| value.rsplit(',')) {
            if !proxies.iter().any(|proxy| proxy.contains(source.0)) {
                break;
            }
            match address.trim().parse() {
                Ok(address) => source = Self::at(address),
                Err(_) => break,
            }
        }
        source
    }

    /// The address; of an IPv6 one the part that names the subscriber.
    pub fn address(self) -> u64 {
        self.prefix(32, 64)
    }

    /// The network around it: /24, or /56.
    pub fn network(self) -> u64 {
        self.prefix(24, 56)
    }

    fn prefix(self, of_v4: u32, of_v6: u32) -> u64 {
        match self.0 {
            // Outside of what an IPv6 address in use begins with.
            IpAddr::V4(address) => u64::from(address.to_bits() >> (32 - of_v4)),
            IpAddr::V6(address) => {
                let subscriber = (address.to_bits() >> 64) as u64;
                subscriber >> (64 - of_v6)
            }
        }
    }
}

/// A network: `192.0.2.0/24`, `2001:db8::/32`, or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: u128,
    hosts: u32,
}

impl Network {
    fn contains(self, address: IpAddr) -> bool {
        let differing = bits(address) ^ self.address;
        differing.checked_shr(self.hosts).unwrap_or(0) == 0
    }
}

/// One space for both kinds of addresses.
fn bits(address: IpAddr) -> u128 {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text} is no network, such as 192.0.2.0/24");
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let whole: u32 = if address.is_ipv4() { 32 } else { 128 };
        let length = length.map_or(Ok(whole), str::parse).map_err(|_| wrong())?;
        let hosts = whole.checked_sub(length).ok_or_else(wrong)?;
        Ok(Self {
            address: bits(address),
            hosts,
        })
    }
}

impl<'de> Deserialize<'de> for Network {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(peer: &str, noted: &[&str]) -> String {
        let proxies = ["10.0.0.0/8", "2001:db8::/32"].map(|text| text.parse().expect("a network"));
        let mut headers = HeaderMap::new();
        for value in noted {
            headers.append(FORWARDED_FOR, value.parse().expect("a header"));
        }
        let peer = SocketAddr::new(peer.parse().expect("an address"), 1);
        Source::of(Some(peer), &headers, &proxies).0.to_string()
    }

    #[test]
    fn a_stranger_cannot_say_that_it_is_somebody_else() {
        assert_eq!(source("192.0.2.7", &["198.51.100.1"]), "192.0.2.7");
        assert_eq!(source("::ffff:192.0.2.7", &[]), "192.0.2.7");
    }

    #[test]
    fn behind_our_proxies_it_is_the_last_address_that_is_none_of_ours() {
        for (noted, expected) in [
            (vec!["198.51.100.1"], "198.51.100.1"),
            (vec!["203.0.113.9, 198.51.100.1"], "198.51.100.1"),
            (vec!["203.0.113.9, 198.51.100.1, 10.2.3.4"], "198.51.100.1"),
            (
                vec!["203.0.113.9", "198.51.100.1", "2001:db8::1"],
                "198.51.100.1",
            ),
            (vec!["nonsense"], "10.1.1.1"),
            (vec![], "10.1.1.1"),
        ] {
            assert_eq!(source("10.1.1.1", &noted), expected, "{noted:?}");
        }
    }

    #[test]
    fn a_network_is_one_of_24_or_56_bits() {
        let at = |text: &str| Source::at(text.parse().expect("an address"));
        assert_eq!(at("192.0.2.7").network(), at("192.0.2.250").network());
        assert_ne!(at("192.0.2.7").network(), at("192.0.3.7").network());
        assert_ne!(at("192.0.2.7").address(), at("192.0.2.8").address());
        assert_eq!(
            at("2001:db8:1:2::1").address(),
            at("2001:db8:1:2:3::").address()
        );
        assert_eq!(
            at("2001:db8:1:2::").network(),
            at("2001:db8:1:ff::").network()
        );
        assert_ne!(
            at("2001:db8:1:2::").network(),
            at("2001:db8:1:102::").network()
        );
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in ["", "a", "10.0.0.0/33", "10.0.0.0/x", "::/129"] {
            text.parse::<Network>().expect_err(text);
        }
        let all: Network = "::/0".parse().expect("all there is");
        assert!(all.contains("192.0.2.1".parse().expect("an address")));
    }
}
