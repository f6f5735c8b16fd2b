//! Where a service of the compose file is to be reached once it runs: what the texts of a component
//! say of it.

use std::collections::BTreeMap;

use minijinja::{Value, context};

use super::commands::Commands;
use super::services::Seen;
use crate::component::Service;
use crate::edit::compose::{HostPort, Port, publishing};
use crate::project::Tree;

/// A service as the user finds it.
#[derive(Debug, Clone)]
pub(super) struct Outlook {
    /// The component's name for it.
    of: String,
    /// Its key in the compose file.
    name: String,
    /// The compose file that has it; nothing where none does.
    file: Option<String>,
    /// Where a program on this machine reaches it.
    host: Host,
    /// The port at which other services reach it; nothing for a service that has none.
    port: Option<u16>,
    /// True when it asks for a password.
    has_password: bool,
    /// Host and port in texts that stay, whatever becomes of the service later.
    told: String,
}

/// Where a program on the machine reaches a service.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Host {
    /// At this host and port, in which a shell may have variables to fill in.
    At(String),
    /// At a port that docker knows.
    Asked,
    /// Nowhere: it publishes no port.
    Nowhere,
}

impl Outlook {
    /// The service that no compose file has, as it would be with this `body`.
    pub(super) fn missing(service: &Service, body: &str) -> Self {
        let port = publishing(body).into_iter().next();
        let host = port.as_ref().map_or(Host::Nowhere, |port| Host::of(port, *port.target.start()));
        let port = port.map(|port| *port.target.start());
        let name = service.name.clone();
        let told = host.plain().unwrap_or_default().to_owned();
        Self { of: name.clone(), name, file: None, host, port, has_password: false, told }
    }

    /// The service that is there, among those that docker reads with the compose file at `path`.
    pub(super) fn of(service: &Service, path: &str, seen: &Seen) -> Self {
        let bare = Self::missing(service, &service.body);
        let view = &seen.view;
        let usual = bare.port.and_then(|wanted| {
            Some((view.ports.iter().find(|port| port.of(wanted).is_some())?, wanted))
        });
        // One that listens elsewhere publishes that.
        let other =
            || view.ports.iter().find(|port| !port.udp).map(|port| (port, *port.target.start()));
        let (host, port) = match usual.or_else(other) {
            _ if view.is_on_host => (
                bare.port.map_or(Host::Nowhere, |port| Host::At(format!("127.0.0.1:{port}"))),
                bare.port,
            ),
            Some((port, target)) => (Host::of(port, target), Some(target)),
            None => (Host::Nowhere, bare.port),
        };
        let has_password = service.passwords.iter().any(|word| has_word(&view.text, word));
        let told = host.plain().map_or(bare.told.clone(), str::to_owned);
        Self {
            name: view.name.clone(),
            file: Some(path.to_owned()),
            host,
            port,
            has_password,
            told,
            ..bare
        }
    }

    /// What templates see: `name`, `is_there`, `up`, `address` and `inside` as words of a command,
    /// empty where there is none, `has_password`, and `told`, the address in texts that stay.
    fn value(&self, commands: &Commands<'_>, tree: &Tree) -> Value {
        let compose = self.file.as_ref().map(|file| commands.compose(tree, file));
        let up = compose
            .as_ref()
            .map(|compose| format!("{compose} up -d {}", crate::shell::quoted(&self.name)));
        let port = self.port.unwrap_or_default();
        let asked = compose.map(|compose| {
            format!("$({compose} port {} {port})", crate::shell::quoted(&self.name))
        });
        let address = match &self.host {
            Host::At(address) => address.clone(),
            Host::Asked => asked.unwrap_or_default(),
            Host::Nowhere => String::new(),
        };
        context! {
            name => self.name.clone(),
            is_there => self.file.is_some(),
            up => up.unwrap_or_default(),
            address,
            has_password => self.has_password,
            inside => format!("{}:{port}", self.name),
            told => self.told.clone(),
        }
    }
}

impl Host {
    /// Host and port, where they are known without asking.
    fn plain(&self) -> Option<&str> {
        match self {
            Self::At(address) if !address.contains('$') => Some(address),
            _ => None,
        }
    }

    /// Where the container's port `target`, which `port` publishes, is on this machine.
    fn of(port: &Port, target: u16) -> Self {
        let ip = match port.address() {
            Some(ip) if ip.contains(':') => format!("[{ip}]"),
            Some(ip) => ip.to_owned(),
            None => "127.0.0.1".to_owned(),
        };
        match port.of(target) {
            Some(HostPort::Ports(ports)) => Self::At(format!("{ip}:{}", ports.start())),
            Some(HostPort::Variable(name)) => Self::At(format!("{ip}:${name}")),
            Some(HostPort::Any) => Self::Asked,
            None => Self::Nowhere,
        }
    }
}

/// True when `text` has `word` with nothing of a longer one around it.
fn has_word(text: &str, word: &str) -> bool {
    let goes_on = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        !text[..at].ends_with(goes_on) && !text[at + word.len()..].starts_with(goes_on)
    })
}

/// The services as the templates see them, by the component's names.
pub(super) fn values(
    outlooks: &[Outlook],
    commands: &Commands<'_>,
    tree: &Tree,
) -> BTreeMap<String, Value> {
    outlooks.iter().map(|outlook| (outlook.of.clone(), outlook.value(commands, tree))).collect()
}
