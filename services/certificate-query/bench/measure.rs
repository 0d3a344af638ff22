//! What is run, in which order, and what is told of it.
//!
//! In every round all servers are asked, one after another, forwards and backwards in turn, so that
//! whatever else the machine does hits all of them; a ratio is the median of the rounds' ratios.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::ensure;
use clap::Args;

use crate::load::{self, Protocol, Tally, Target};

/// Where the servers are, and what they know.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Certificates of the query.
    #[arg(long)]
    certificates: u32,
    #[arg(long)]
    http: SocketAddr,
    #[arg(long)]
    grpc: SocketAddr,
    /// Certificates of the other query, which knows fewer.
    #[arg(long)]
    few: u32,
    #[arg(long)]
    few_http: SocketAddr,
    /// The process that answers with a constant.
    #[arg(long)]
    noop_http: SocketAddr,
    #[arg(long)]
    noop_grpc: SocketAddr,
    /// A web server that answers with a constant.
    #[arg(long)]
    nginx: SocketAddr,
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Seconds of a run.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..))]
    seconds: u64,
}

/// A server, and what came of its runs.
struct Measured {
    name: &'static str,
    target: Target,
    rates: Vec<f64>,
    tally: Tally,
}

/// Positions in the list of servers.
const HTTP_NOOP: usize = 0;
const HTTP_VERIFY: usize = 1;
const HTTP_FEW: usize = 2;
const NGINX: usize = 3;
const GRPC_NOOP: usize = 4;
const GRPC_VERIFY: usize = 5;

impl Arguments {
    fn servers(&self) -> Vec<Measured> {
        let all = self.certificates;
        [
            ("HTTP, a constant", self.noop_http, Protocol::Http, all),
            ("HTTP, verify", self.http, Protocol::Http, all),
            (
                "HTTP, verify, few known",
                self.few_http,
                Protocol::Http,
                self.few,
            ),
            ("HTTP, nginx, a constant", self.nginx, Protocol::Http, all),
            ("gRPC, a constant", self.noop_grpc, Protocol::Grpc, all),
            ("gRPC, verify", self.grpc, Protocol::Grpc, all),
        ]
        .map(|(name, address, protocol, certificates)| Measured {
            name,
            target: Target {
                address,
                protocol,
                certificates,
            },
            rates: Vec::new(),
            tally: Tally::default(),
        })
        .into()
    }
}

/// Runs everything and tells the figures.
pub(crate) async fn measure(arguments: Arguments) -> anyhow::Result<()> {
    let time = Duration::from_secs(arguments.seconds);
    let mut servers = arguments.servers();
    for round in 0..arguments.rounds {
        let mut order: Vec<_> = servers.iter_mut().collect();
        if round % 2 == 1 {
            order.reverse();
        }
        for server in order {
            let (tally, rate) = load::closed_loop(server.target, time).await?;
            ensure!(
                tally.failed == 0,
                "{}: {} of {} answers were not the certificate",
                server.name,
                tally.failed,
                tally.latencies.len()
            );
            server.rates.push(rate);
            server.tally.add(tally);
        }
    }
    let mut out = io::stdout();
    table(&mut out, &mut servers)?;
    Ok(figures(&mut out, &servers)?)
}

fn table(out: &mut impl Write, servers: &mut [Measured]) -> io::Result<()> {
    writeln!(
        out,
        "{:<24} {:>10} {:>9} {:>9} {:>9}",
        "", "a second", "p50 ms", "p99 ms", "p99.9 ms"
    )?;
    for server in servers {
        let rate = median(server.rates.clone());
        let [p50, p99, p999] = [0.5, 0.99, 0.999].map(|share| server.tally.quantile(share));
        writeln!(
            out,
            "{:<24} {rate:>10.0} {p50:>9.3} {p99:>9.3} {p999:>9.3}",
            server.name
        )?;
    }
    Ok(())
}

fn figures(out: &mut impl Write, servers: &[Measured]) -> io::Result<()> {
    let rate = |which: usize| median(servers[which].rates.clone());
    let ratio = |one: usize, other: usize| {
        let pairs = servers[one].rates.iter().zip(&servers[other].rates);
        median(pairs.map(|(one, other)| one / other).collect())
    };
    for (key, value) in [
        ("http_noop_rps", rate(HTTP_NOOP)),
        ("http_verify_rps", rate(HTTP_VERIFY)),
        ("grpc_noop_rps", rate(GRPC_NOOP)),
        ("grpc_verify_rps", rate(GRPC_VERIFY)),
        ("nginx_rps", rate(NGINX)),
    ] {
        writeln!(out, "{key}: {value:.0}")?;
    }
    for (key, value) in [
        ("http_ratio", ratio(HTTP_VERIFY, HTTP_NOOP)),
        ("grpc_ratio", ratio(GRPC_VERIFY, GRPC_NOOP)),
        ("nginx_ratio", ratio(HTTP_VERIFY, NGINX)),
        ("growth_ratio", ratio(HTTP_VERIFY, HTTP_FEW)),
    ] {
        writeln!(out, "{key}: {value:.3}")?;
    }
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}
