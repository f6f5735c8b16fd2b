//! The ports that a service publishes on the host, in every form that compose knows.

use std::ops::RangeInclusive;

use super::interpolation::{fill, split};
use super::yaml::{Mapping, Node, Value};

/// A port, or a range of them, of a container that is published on the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Port {
    /// The address on the host; nothing for all of them.
    pub ip: Option<String>,
    /// Where on the host.
    pub host: HostPort,
    /// The ports in the container.
    pub target: RangeInclusive<u16>,
    /// True for UDP.
    pub udp: bool,
}

/// A port of the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostPort {
    /// These.
    Ports(RangeInclusive<u16>),
    /// The one that a variable without a default names.
    Variable(String),
    /// One that docker chooses at each start.
    Any,
}

impl Port {
    /// Where on the host the container's `port` is, over TCP; nothing where it is not published.
    pub fn of(&self, port: u16) -> Option<HostPort> {
        if self.udp || !self.target.contains(&port) {
            return None;
        }
        Some(match &self.host {
            HostPort::Ports(ports) if ports.clone().count() == self.target.clone().count() => {
                let host = ports.start() + (port - self.target.start());
                HostPort::Ports(host..=host)
            }
            HostPort::Ports(_) => HostPort::Any,
            other => other.clone(),
        })
    }

    /// True when both cannot be published at once.
    pub fn clashes_with(&self, other: &Self) -> bool {
        let (HostPort::Ports(own), HostPort::Ports(others)) = (&self.host, &other.host) else {
            return false;
        };
        let is_same_address = match (self.address(), other.address()) {
            (Some(own), Some(other)) => own == other,
            _ => true,
        };
        let overlap = own.start() <= others.end() && others.start() <= own.end();
        self.udp == other.udp && is_same_address && overlap
    }

    /// The one address of the host on which it is published; nothing for all of them.
    pub fn address(&self) -> Option<&str> {
        self.ip.as_deref().filter(|ip| !["0.0.0.0", "::", ""].contains(ip))
    }
}

/// The ports that the list `node` publishes; what is none of compose's forms publishes nothing.
pub(super) fn published(node: &Node) -> Vec<Port> {
    let Value::Sequence(items) = &node.value else { return Vec::new() };
    items.iter().filter_map(port).collect()
}

/// The port that `item` of such a list publishes.
pub(super) fn port(item: &Node) -> Option<Port> {
    match &item.value {
        Value::Scalar(text) => short(text),
        Value::Mapping(mapping) => long(mapping),
        _ => None,
    }
}

/// Ports that a container has for others, `6379` or `6379-6380/tcp`.
pub(super) fn exposed(text: &str) -> Option<RangeInclusive<u16>> {
    range(fill(text).text.split('/').next()?)
}

/// `[[IP:]HOST:]CONTAINER[/PROTOCOL]`
fn short(text: &str) -> Option<Port> {
    let (text, protocol) = match split(text, '/')[..] {
        [_] => (text, "tcp".to_owned()),
        [ref before @ .., last] => {
            (&text[..before.iter().map(|part| part.len() + 1).sum::<usize>() - 1], fill(last).text)
        }
        [] => return None,
    };
    let parts = split(text, ':');
    let (target, before) = parts.split_last()?;
    let (host, ip) = match before.split_last() {
        None => (HostPort::Any, String::new()),
        Some((host, ip)) => (host_port(host)?, fill(&ip.join(":")).text),
    };
    let target = range(&fill(target).text)?;
    Some(Port { ip: address(&ip), host, target, udp: protocol.eq_ignore_ascii_case("udp") })
}

/// `{ target, published, host_ip, protocol }`
fn long(mapping: &Mapping) -> Option<Port> {
    let text = |key| mapping.get(key).and_then(Node::as_str);
    let filled = |key| text(key).map(|text| fill(text).text);
    let host = text("published").map_or(Some(HostPort::Any), host_port)?;
    let udp = filled("protocol").is_some_and(|protocol| protocol.eq_ignore_ascii_case("udp"));
    Some(Port {
        ip: address(&filled("host_ip").unwrap_or_default()),
        host,
        target: range(&filled("target")?)?,
        udp,
    })
}

fn address(text: &str) -> Option<String> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    (!bare.is_empty()).then(|| bare.to_owned())
}

fn host_port(text: &str) -> Option<HostPort> {
    let filled = fill(text);
    Some(match filled.unknown.into_iter().next() {
        Some(name) => HostPort::Variable(name),
        None if filled.text.is_empty() || filled.text == "0" => HostPort::Any,
        None => HostPort::Ports(range(&filled.text)?),
    })
}

/// `80` or `80-90`
fn range(text: &str) -> Option<RangeInclusive<u16>> {
    let (first, last) = text.trim().split_once('-').unwrap_or((text.trim(), text.trim()));
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    (first <= last).then_some(first..=last)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ports of `ports: […]` as `IP HOST>TARGET[/udp]`.
    fn read(list: &str) -> Vec<String> {
        let document = super::super::yaml::parse(&format!("ports: {list}")).unwrap();
        let ports = published(document.roots[0].as_mapping().unwrap().get("ports").unwrap());
        let shown = |range: &RangeInclusive<u16>| format!("{}-{}", range.start(), range.end());
        let host = |port: &Port| match &port.host {
            HostPort::Ports(ports) => shown(ports),
            HostPort::Variable(name) => name.clone(),
            HostPort::Any => "any".to_owned(),
        };
        let one = |port: &Port| {
            let ip = port.ip.clone().unwrap_or_else(|| "*".to_owned());
            format!(
                "{ip} {}>{}{}",
                host(port),
                shown(&port.target),
                if port.udp { "/udp" } else { "" }
            )
        };
        ports.iter().map(one).collect()
    }

    #[test]
    fn every_form_is_known() {
        for (list, wanted) in [
            ("[80]", "* any>80-80"),
            ("[\"8080:80\"]", "* 8080-8080>80-80"),
            ("[\"127.0.0.1:8080:80\"]", "127.0.0.1 8080-8080>80-80"),
            ("[\"127.0.0.1::80\"]", "127.0.0.1 any>80-80"),
            ("[\"[::1]:8080:80\"]", "::1 8080-8080>80-80"),
            ("[\"::1:8080:80\"]", "::1 8080-8080>80-80"),
            ("[\"8080-8085:80-85/udp\"]", "* 8080-8085>80-85/udp"),
            ("[\"${PORT:-6390}:6379/tcp\"]", "* 6390-6390>6379-6379"),
            ("[\"${IP:-127.0.0.1}:${PORT:?none}:6379\"]", "127.0.0.1 PORT>6379-6379"),
            ("[$PORT:6379]", "* PORT>6379-6379"),
            ("[{target: 80}]", "* any>80-80"),
            (
                "[{target: 80, published: \"8080\", host_ip: 127.0.0.1}]",
                "127.0.0.1 8080-8080>80-80",
            ),
            (
                "[{target: 80, published: 8080-8090, protocol: udp, mode: host}]",
                "* 8080-8090>80-80/udp",
            ),
        ] {
            assert_eq!(read(list), [wanted], "{list}");
        }
        assert!(read("[web, \"a:b\", \"99999:1\", \"9-1:80\", ~, []]").is_empty());
        assert!(read("web").is_empty());
    }

    #[test]
    fn the_host_s_port_of_a_container_s_one() {
        let port = |text| short(text).unwrap();
        assert_eq!(port("8080-8082:80-82").of(81), Some(HostPort::Ports(8081..=8081)));
        assert_eq!(port("8080-8082:80").of(80), Some(HostPort::Any));
        assert_eq!(port("8080:80").of(81), None);
        assert_eq!(port("8080:80/udp").of(80), None);
    }

    #[test]
    fn ports_clash_on_one_address_and_protocol() {
        let clash = |one, other| short(one).unwrap().clashes_with(&short(other).unwrap());
        assert!(clash("6379:6379", "127.0.0.1:6379:1"));
        assert!(clash("0.0.0.0:6379:6379", "127.0.0.1:6379:1"));
        assert!(clash("6370-6380:1-11", "6379:6379"));
        assert!(!clash("6379:6379", "6379:6379/udp"));
        assert!(!clash("10.0.0.1:6379:6379", "127.0.0.1:6379:6379"));
        assert!(!clash("6379", "6379:6379"));
    }
}
