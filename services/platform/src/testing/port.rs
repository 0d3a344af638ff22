//! Ports for servers that somebody will look for again after they were killed.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU16, Ordering};

/// Below the ports that the system gives to outgoing connections. One of those would else take
/// the port of a server that is down for a moment; with everybody trying to reconnect there, it
/// can even end up connected to itself.
const FIRST: u16 = 10_000;
const COUNT: u16 = 16_000;

static NEXT: AtomicU16 = AtomicU16::new(0);

/// A port on the loopback where nobody listens, given to nobody else in this process.
///
/// # Panics
/// When all are taken.
pub fn free_port() -> u16 {
    // Another test's process looks elsewhere first.
    let start = std::process::id().wrapping_mul(97) % u32::from(COUNT);
    let start = u16::try_from(start).expect("less than a u16");
    for _ in 0..COUNT {
        let port = FIRST + (start + NEXT.fetch_add(1, Ordering::Relaxed) % COUNT) % COUNT;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
    panic!("no free port from {FIRST} on")
}
