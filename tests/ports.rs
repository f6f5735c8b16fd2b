//! Law of ports: whatever the compose files publish, in whatever form, a service that is added
//! publishes nothing that clashes.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use std::fmt::Write as _;
use std::path::PathBuf;

use proptest::prelude::*;
use proptest::sample::select;
use rwx::component;
use rwx::plan::{Choices, add};
use rwx::project::{Project, Tree};
use support::plans::drawn;

/// The port that the service takes where it is free.
const WANTED: u16 = 6379;

/// What one service publishes, and how it says so.
#[derive(Debug, Clone)]
struct Published {
    ip: Option<&'static str>,
    first: u16,
    count: u16,
    udp: bool,
    form: Form,
    place: Place,
}

#[derive(Debug, Clone, Copy)]
enum Form {
    Short,
    Default,
    Long,
    Merged,
}

/// Where the service stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Own,
    Override,
    Included,
}

impl Published {
    fn written(&self) -> String {
        let Self { ip, first, count, udp, form, .. } = self;
        let range = |first: u16| {
            if *count == 1 { first.to_string() } else { format!("{first}-{}", first + count - 1) }
        };
        let (host, target, protocol) = (range(*first), range(80), if *udp { "udp" } else { "tcp" });
        match form {
            Form::Long => {
                let ip = ip.map_or_else(String::new, |ip| format!(", host_ip: \"{ip}\""));
                format!(
                    "ports: [{{target: \"{target}\", published: \"{host}\", protocol: {protocol}{ip}}}]"
                )
            }
            Form::Default => {
                format!("ports: [\"{}${{A:-{host}}}:{target}/{protocol}\"]", self.short_ip())
            }
            Form::Merged => {
                format!("<<: {{ports: [\"{}{host}:{target}/{protocol}\"]}}", self.short_ip())
            }
            Form::Short => format!("ports: [\"{}{host}:{target}/{protocol}\"]", self.short_ip()),
        }
    }

    fn short_ip(&self) -> String {
        let bracketed =
            |ip: &str| if ip.contains(':') { format!("[{ip}]:") } else { format!("{ip}:") };
        self.ip.map_or_else(String::new, bracketed)
    }

    /// True when 127.0.0.1:`port` over TCP cannot be published beside it.
    fn takes(&self, port: u16) -> bool {
        let is_here = self.ip.is_none_or(|ip| ["127.0.0.1", "0.0.0.0", "::"].contains(&ip));
        is_here && !self.udp && (self.first..self.first + self.count).contains(&port)
    }
}

fn published() -> impl Strategy<Value = Published> {
    let ip = select(vec![
        None,
        Some("127.0.0.1"),
        Some("0.0.0.0"),
        Some("10.0.0.1"),
        Some("::1"),
        Some("::"),
    ]);
    let form = select(vec![Form::Short, Form::Default, Form::Long, Form::Merged]);
    let place = select(vec![Place::Own, Place::Override, Place::Included]);
    (ip, WANTED - 2..WANTED + 4, 1..4_u16, any::<bool>(), form, place).prop_map(
        |(ip, first, count, udp, form, place)| Published { ip, first, count, udp, form, place },
    )
}

fn tree(all: &[Published]) -> Tree {
    let services = |wanted: Place| {
        let mut text = "services:\n  x: {image: x}\n".to_owned();
        for (index, published) in
            all.iter().enumerate().filter(|(_, published)| published.place == wanted)
        {
            let _ = writeln!(text, "  s{index}:\n    image: s\n    {}", published.written());
        }
        text
    };
    let mut tree = Tree::default();
    tree.put("Cargo.toml", "[package]\nname = \"app\"\n\n[dependencies]\naxum = \"0.8\"\n");
    tree.put("src/main.rs", "fn main() {}\n");
    tree.put("compose.yaml", format!("include: [infra/more.yaml]\n{}", services(Place::Own)));
    tree.put("compose.override.yaml", services(Place::Override));
    tree.put("infra/more.yaml", services(Place::Included).replace("  x: {image: x}\n", ""));
    tree
}

proptest! {
    #![proptest_config(drawn(40))]

    #[test]
    fn the_first_free_port_is_published_and_told(all in proptest::collection::vec(published(), 0..6)) {
        let tree = tree(&all);
        let project = Project::of(PathBuf::new(), String::new(), tree.clone()).unwrap();
        let plan = add(&project, &component::find("websocket").unwrap(), &Choices::default()).unwrap();
        let after = plan.applied(&tree);
        let text = after.text("compose.yaml").unwrap().unwrap();
        let free = (WANTED..).find(|port| !all.iter().any(|published| published.takes(*port))).unwrap();
        let line = format!("- \"127.0.0.1:{free}:{WANTED}\"");
        prop_assert!(text.contains(&line), "no {line} in {text}");
        let sample = after.text(".env.example").unwrap().unwrap();
        prop_assert!(sample.contains(&format!("redis://127.0.0.1:{free};")), "{sample}");
        let steps = plan.steps.join("\n");
        prop_assert!(steps.contains(&format!("WS_REDIS_URL=redis://127.0.0.1:{free} ")), "{steps}");
        // Another service that goes, or comes, is no reason to move it.
        for edited in [text.replace("  s0:", "  z:"), format!("{text}\nx-new: {{}}\n")] {
            let mut tree = after.clone();
            tree.put("compose.yaml", edited);
            tree.put("compose.override.yaml", "services: {}\n");
            let project = Project::of(PathBuf::new(), String::new(), tree).unwrap();
            let again = add(&project, &component::find("websocket").unwrap(), &Choices::default()).unwrap();
            prop_assert!(again.is_empty(), "{:?}", again.changes.iter().map(|change| &change.path).collect::<Vec<_>>());
        }
    }
}
