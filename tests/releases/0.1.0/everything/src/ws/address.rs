//! The address of a client, past the proxies that are trusted to tell it.

use axum::extract::ConnectInfo;
use axum::http::request::Parts;

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// The header by which a proxy says for whom it asks.
const FORWARDED: &str = "x-forwarded-for";

/// One address, or a network as `10.0.0.0/8`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u32,
}

impl Network {
    /// Reads an address, or an address, `/` and the length of a prefix.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/').unzip();
        let address: IpAddr = address.unwrap_or(text).parse().ok()?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Some(longest), |prefix| prefix.parse().ok())?;
        (prefix <= longest).then_some(Self { address, prefix })
    }

    fn contains(&self, address: IpAddr) -> bool {
        let (difference, bits) = match (self.address, address) {
            (IpAddr::V4(net), IpAddr::V4(ip)) => (u128::from(u32::from(net) ^ u32::from(ip)), 32),
            (IpAddr::V6(net), IpAddr::V6(ip)) => (u128::from(net) ^ u128::from(ip), 128),
            _ => return false,
        };
        difference.checked_shr(bits - self.prefix).unwrap_or(0) == 0
    }
}

/// Whose place a connection takes: the address of the client; in IPv6 its /64, which one household
/// has. None without `into_make_service_with_connect_info::<SocketAddr>()`.
pub(super) fn of(parts: &Parts, proxies: &[Network]) -> Option<IpAddr> {
    let peer = peer(parts)?;
    let is_proxy = |address: &IpAddr| contains(proxies, *address);
    if !is_proxy(&peer) {
        return Some(subnet(peer));
    }
    // Each proxy adds its peer at the end: the last hop that is none of ours is the client, and
    // what is before it the client may have invented.
    let headers = parts.headers.get_all(FORWARDED).iter();
    let hops = headers.flat_map(|value| value.to_str().unwrap_or_default().split(','));
    let hops: Vec<Option<IpAddr>> = hops.map(|hop| parse_hop(hop.trim())).collect();
    let mut hops = hops.into_iter().rev();
    let client = hops.find(|hop| !hop.as_ref().is_some_and(is_proxy));
    Some(subnet(client.flatten().unwrap_or(peer)))
}

/// Why the limit for an address does not count the address of this client, if it does not.
pub(super) fn warning(parts: &Parts, proxies: &[Network]) -> Option<&'static str> {
    let Some(peer) = peer(parts) else {
        return Some(
            "client addresses are not known, so WS_MAX_CONNECTIONS_PER_IP has no effect: serve \
             the router with into_make_service_with_connect_info::<SocketAddr>()",
        );
    };
    let is_forwarded = parts.headers.contains_key(FORWARDED);
    (is_forwarded && !contains(proxies, peer)).then_some(
        "X-Forwarded-For comes from an address that WS_TRUSTED_PROXIES does not name, so \
         WS_MAX_CONNECTIONS_PER_IP counts all clients of that proxy as one",
    )
}

fn peer(parts: &Parts) -> Option<IpAddr> {
    let ConnectInfo(peer) = parts.extensions.get::<ConnectInfo<SocketAddr>>()?;
    Some(peer.ip().to_canonical())
}

fn contains(networks: &[Network], address: IpAddr) -> bool {
    networks.iter().any(|network| network.contains(address))
}

fn parse_hop(hop: &str) -> Option<IpAddr> {
    let with_port = hop.parse().map(|address: SocketAddr| address.ip());
    let address: IpAddr = hop.parse().or(with_port).ok()?;
    Some(address.to_canonical())
}

fn subnet(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(ip) => Ipv6Addr::from(u128::from(ip) & u128::MAX << 64).into(),
    }
}
