//! The replicas that the addresses of a neighbour stand for at present.
//!
//! An address may be a name with several replicas behind it, and other ones after an upgrade, as a
//! headless service of Kubernetes is. Names are looked up again and again; each replica found has a
//! channel of its own, kept for as long as it is among them. A name that cannot be looked up keeps
//! the replicas it had, and until it was looked up once, it stands for itself.

use std::{
    collections::BTreeMap,
    io,
    net::SocketAddr,
    sync::{Arc, PoisonError, RwLock, Weak},
    time::Duration,
};

use futures::future::BoxFuture;
use http::Uri;
use tonic::transport::{Channel, Endpoint};

/// Pause between two looks. A replica that leaves still answers for some seconds more, and one that
/// is gone costs a try at the next.
pub(super) const AGAIN: Duration = Duration::from_secs(5);

/// Finds the addresses behind the name in an address.
pub(super) type LookUp = fn(Uri) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>>;

/// One neighbour's replicas, as of the last look.
#[derive(Debug)]
pub(super) struct Replicas(RwLock<Arc<[Channel]>>);

impl Replicas {
    /// Follows names for as long as somebody calls. Needs a tokio runtime.
    pub(super) fn follow(names: Vec<Endpoint>, look_up: LookUp, again: Duration) -> Arc<Self> {
        let themselves = names.iter().map(Endpoint::connect_lazy).collect();
        let replicas = Arc::new(Self(RwLock::new(themselves)));
        tokio::spawn(keep_looking(
            Arc::downgrade(&replicas),
            names,
            look_up,
            again,
        ));
        replicas
    }

    pub(super) fn now(&self) -> Arc<[Channel]> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn become_these(&self, channels: Arc<[Channel]>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = channels;
    }
}

async fn keep_looking(
    replicas: Weak<Replicas>,
    names: Vec<Endpoint>,
    look_up: LookUp,
    again: Duration,
) {
    let mut found: Vec<BTreeMap<SocketAddr, Channel>> = vec![BTreeMap::new(); names.len()];
    loop {
        let mut others = false;
        for (name, known) in names.iter().zip(&mut found) {
            let addresses = look_up(name.uri().clone()).await.unwrap_or_default();
            // No address is no answer: all replicas at once do not go for good.
            if !addresses.is_empty() {
                others |= take(name, known, &addresses);
            }
        }
        let Some(replicas) = replicas.upgrade() else {
            return;
        };
        if others {
            let of_name = |(name, known): (&Endpoint, &BTreeMap<_, Channel>)| {
                let itself = known.is_empty().then(|| name.connect_lazy());
                known.values().cloned().chain(itself).collect::<Vec<_>>()
            };
            replicas.become_these(names.iter().zip(&found).flat_map(of_name).collect());
        }
        drop(replicas);
        tokio::time::sleep(again).await;
    }
}

/// Makes channels for new addresses and forgets those that are gone; whether there were any.
fn take(
    name: &Endpoint,
    known: &mut BTreeMap<SocketAddr, Channel>,
    addresses: &[SocketAddr],
) -> bool {
    let before = known.len();
    known.retain(|address, _| addresses.contains(address));
    let mut others = known.len() < before;
    for address in addresses {
        if !known.contains_key(address) {
            known.insert(*address, super::to(name, *address).connect_lazy());
            others = true;
        }
    }
    others
}

/// Asks the system.
pub(super) fn by_name(uri: Uri) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> {
    Box::pin(async move {
        let host = uri.host().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let port = uri.port_u16().unwrap_or(80);
        Ok(tokio::net::lookup_host((host, port)).await?.collect())
    })
}
