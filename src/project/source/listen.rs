//! Where the program listens, as far as its code says it in literals.

use syn::Expr;

use super::literal::Literals;
use super::package::Package;
use super::serve::{Serve, has_word};
use crate::edit::rust::{Frame, Imports, Listener, in_test, walk};

/// What the types are called whose `bind` opens a listener.
const LISTENERS: [&str; 3] = ["TcpListener", "axum_server", "Server"];

impl Package {
    /// Host and port at which a client on the same machine reaches the program, where its code says
    /// them in literals and is clear on which counts; `axum` is the crate's name in the project's
    /// code.
    pub fn listens_on(&self, axum: &str) -> Option<String> {
        let mut found: Vec<(&str, Option<String>)> = Vec::new();
        for (file, syntax) in self.parsed_where(|text| text.contains("bind")) {
            if !self.is_shipped(file) {
                continue;
            }
            let imports = Imports::of(&syntax.file);
            let mut calls = BindCalls { imports: &imports, found: Vec::new() };
            walk(&syntax.file, &mut calls);
            for (frames, address) in calls.found {
                let literals = Literals { package: self, imports: &imports, frames: &frames };
                let address = address.and_then(|address| literals.text(address));
                found.push((file, address.and_then(|address| for_clients(&address))));
            }
        }
        let all = common(found.iter().map(|(_, address)| address.as_ref()));
        all.or_else(|| {
            // Another listener is for something else.
            let serving = match self.serve(axum) {
                Serve::Site(site) => site.place.file,
                Serve::ByHand { at, .. } => at.file,
                Serve::Several(_) | Serve::Missing => return None,
            };
            common(
                found
                    .iter()
                    .filter(|(file, _)| *file == serving)
                    .map(|(_, address)| address.as_ref()),
            )
        })
    }
}

/// What all of `addresses` are, where they are one and known.
fn common<'a>(mut addresses: impl Iterator<Item = Option<&'a String>>) -> Option<String> {
    let first = addresses.next()??;
    addresses.all(|other| other == Some(first)).then(|| first.clone())
}

/// Where a client reaches a program that listens on `address`.
fn for_clients(address: &str) -> Option<String> {
    let (host, port) = address.rsplit_once(':')?;
    let port: u16 = port.parse().ok().filter(|port| *port != 0)?;
    let is_host = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
    let host = match host {
        "0.0.0.0" | "[::]" => "127.0.0.1",
        host if !host.is_empty() && host.chars().all(is_host) => host,
        _ => return None,
    };
    Some(format!("{host}:{port}"))
}

/// The calls of `bind`, each with what stands around it and its address; no address where clients
/// need more than that.
struct BindCalls<'ast, 'i> {
    imports: &'i Imports,
    found: Vec<(Vec<Frame<'ast>>, Option<&'ast Expr>)>,
}

impl<'ast> Listener<'ast> for BindCalls<'ast, '_> {
    fn expression(&mut self, frames: &[Frame<'ast>], expression: &'ast Expr) {
        let Expr::Call(call) = expression else { return };
        let Expr::Path(function) = &*call.func else { return };
        let path = self.imports.resolve(&function.path);
        let [.., owner, name] = &path[..] else { return };
        if in_test(frames) || !LISTENERS.contains(&owner.as_str()) || !name.starts_with("bind") {
            return;
        }
        // Others, as `bind_rustls`, speak TLS.
        let address = call.args.first().filter(|_| name == "bind");
        self.found.push((frames.to_vec(), address));
    }

    fn macro_call(&mut self, frames: &[Frame<'ast>], call: &'ast syn::Macro) {
        let tokens = call.tokens.to_string();
        if !in_test(frames)
            && LISTENERS.iter().any(|owner| has_word(&tokens, owner))
            && has_word(&tokens, "bind")
        {
            self.found.push((frames.to_vec(), None));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::package;

    fn listens(main: &str, more: &[(&str, &str)]) -> Option<String> {
        let head = "use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};\nuse \
            tokio::net::TcpListener;\n";
        let main = format!("{head}mod net;\n{main}");
        let files = [&[("src/main.rs", main.as_str()), ("src/net.rs", "")][..], more].concat();
        package(&files).listens_on("axum")
    }

    fn bound(address: &str) -> Option<String> {
        listens(
            &format!(
                "const PORT: u16 = 8_080;\nasync fn main() \
                {{ let l = TcpListener::bind({address}).await; }}"
            ),
            &[],
        )
    }

    #[test]
    fn an_address_in_literals_is_known_in_every_form() {
        for (address, wanted) in [
            ("\"127.0.0.1:8080\"", "127.0.0.1:8080"),
            ("\"0.0.0.0:8080\".parse::<SocketAddr>()?", "127.0.0.1:8080"),
            ("\"[::]:8080\".to_string()", "127.0.0.1:8080"),
            ("\"localhost:8080\"", "localhost:8080"),
            ("&(\"10.0.0.5\", 80)", "10.0.0.5:80"),
            ("(Ipv4Addr::UNSPECIFIED, PORT)", "127.0.0.1:8080"),
            ("(Ipv6Addr::LOCALHOST, 80)", "[::1]:80"),
            ("SocketAddr::from(([0, 0, 0, 0], 3000u16))", "127.0.0.1:3000"),
            ("SocketAddr::new(IpAddr::V4(Ipv4Addr::new(127, 0, 0, 1)), PORT)", "127.0.0.1:8080"),
            ("SocketAddr::from((Ipv4Addr::LOCALHOST, 80))", "127.0.0.1:80"),
            ("format!(\"0.0.0.0:{PORT}\")", "127.0.0.1:8080"),
            ("format!(\"{}:{}\", \"127.0.0.1\", PORT)", "127.0.0.1:8080"),
        ] {
            assert_eq!(bound(address).as_deref(), Some(wanted), "{address}");
        }
        for unknown in [
            "\"127.0.0.1:0\"",
            "address",
            "config.address()",
            "std::env::var(\"A\").unwrap_or_else(|_| \"127.0.0.1:80\".to_string())",
            "format!(\"{}:{}\", host, PORT)",
            "format!(\"{:?}\", PORT)",
            "(\"0.0.0.0\", port)",
        ] {
            assert_eq!(bound(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn names_lead_to_their_literals() {
        let bind = |before: &str| {
            let code = format!(
                "async fn main() {{ {before} {{ let l = TcpListener::bind(addr).await; }} }}"
            );
            listens(
                &code,
                &[(
                    "src/net.rs",
                    "pub const HOST: &str = \"0.0.0.0\";\npub static PORT: u16 = 90;",
                )],
            )
        };
        for (before, wanted) in [
            ("let addr = \"127.0.0.1:80\";", Some("127.0.0.1:80")),
            ("let addr: SocketAddr = \"127.0.0.1:80\".parse().unwrap();", Some("127.0.0.1:80")),
            (
                "let port = 80; let addr = SocketAddr::from(([0, 0, 0, 0], port));",
                Some("127.0.0.1:80"),
            ),
            ("let addr = \"127.0.0.1:80\"; let addr = pick(addr);", None),
            ("let addr = format!(\"{}:{}\", net::HOST, net::PORT);", Some("127.0.0.1:90")),
            ("#[cfg(unix)] let addr = \"127.0.0.1:80\";", None),
            ("let (addr, other) = (\"127.0.0.1:80\", 1);", None),
            ("let addr = addr;", None),
        ] {
            assert_eq!(bind(before).as_deref(), wanted, "{before}");
        }
        let parameter =
            "const addr: &str = \"127.0.0.1:80\"; fn run(addr: &str) { TcpListener::bind(addr); }";
        assert_eq!(listens(parameter, &[]), None);
    }

    #[test]
    fn the_listener_that_counts_is_the_one_that_is_served() {
        let metrics =
            "pub async fn run() { tokio::net::TcpListener::bind(\"127.0.0.1:9000\").await; }";
        let serve = "async fn main() { let app = axum::Router::new(); let l = TcpListener::bind(\"127.0.0.1:80\").await; \
                     axum::serve(l, app).await; }";
        assert_eq!(listens(serve, &[("src/net.rs", metrics)]).as_deref(), Some("127.0.0.1:80"));
        assert_eq!(listens("", &[("src/net.rs", metrics)]).as_deref(), Some("127.0.0.1:9000"));
        let tls = "async fn main() { axum_server::bind_rustls(addr, tls).serve(app).await; }";
        assert_eq!(listens(tls, &[]), None);
        let in_test = format!(
            "#[cfg(test)] mod tests {{ fn f() {{ TcpListener::bind(\"127.0.0.1:0\"); }} }} {serve}"
        );
        assert_eq!(listens(&in_test, &[]).as_deref(), Some("127.0.0.1:80"));
        assert_eq!(
            listens("fn main() { spawn!(TcpListener::bind(\"127.0.0.1:80\")); }", &[]),
            None
        );
    }
}
