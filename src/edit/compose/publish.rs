//! Where a service that is not in a file yet is to be reached on the host.

use super::ports::{self, HostPort, Port};
use super::yaml::{self, Node, Value};

/// What a service of this `body` publishes.
pub fn publishing(body: &str) -> Vec<Port> {
    items(body).iter().filter_map(ports::port).collect()
}

/// `body` with `port`, one of those that it publishes, at the host's port `host`; as it is where it
/// names the port in no way that is known.
pub fn with_host_port(body: &str, port: &Port, host: u16) -> String {
    let HostPort::Ports(old) = &port.host else { return body.to_owned() };
    let wanted = Port { host: HostPort::Ports(host..=host), ..port.clone() };
    let (old, new) = (
        format!("{}:{}", old.start(), port.target.start()),
        format!("{host}:{}", port.target.start()),
    );
    for item in items(body).iter().filter(|item| ports::port(item).as_ref() == Some(port)) {
        let written = &body[item.span.clone()];
        let changed = format!(
            "{}{}{}",
            &body[..item.span.start],
            written.replacen(&old, &new, 1),
            &body[item.span.end..]
        );
        if publishing(&changed).contains(&wanted) {
            return changed;
        }
    }
    body.to_owned()
}

/// The items of the list `ports`.
fn items(body: &str) -> Vec<Node> {
    let root = yaml::parse(body).ok().and_then(|document| document.roots.into_iter().next());
    let list = root.as_ref().and_then(|root| root.as_mapping()?.get("ports"));
    match list.map(|list| &list.value) {
        Some(Value::Sequence(items)) => items.clone(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_port_of_the_host_takes_the_place_of_the_first() {
        let body = "image: a\nports:\n  - \"127.0.0.1:6379:6379\" # here\n  - 80:80\n";
        let ports = publishing(body);
        assert_eq!(ports.len(), 2);
        assert_eq!(with_host_port(body, &ports[0], 6380), body.replace("1:6379", "1:6380"));
        assert_eq!(with_host_port(body, &ports[1], 81), body.replace("80:80", "81:80"));
        let variable = "ports: [\"${PORT:-1}:1\"]";
        assert_eq!(with_host_port(variable, &publishing(variable)[0], 2), variable);
        assert!(publishing("image: a").is_empty() && publishing("[").is_empty());
    }
}
