//! The proxies of the manual, as it says to set them up: each is started, and clients talk through
//! it.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod support;

use std::ffi::OsStr;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::OnceLock;

use support::cargo::build;
use support::recipe::section;
use support::service::Service;
use support::{Scratch, clients, succeed};

/// A program that ends with its test.
struct Proxy(Child);

impl Drop for Proxy {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// A new project's service and manual.
fn service() -> (Service, String) {
    static BUILT: OnceLock<(PathBuf, String)> = OnceLock::new();
    let (binary, manual) = BUILT.get_or_init(|| {
        let folder = Scratch::empty();
        folder.rwx(&["new", "app", "--with", "websocket", "--set", "redis=false"]).expect(0);
        let project = folder.below("app");
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("proxied-service");
        std::fs::copy(build(&project, 8, "app"), &kept).unwrap();
        (kept, project.read("src/ws/README.md"))
    });
    let variables = [("WS_TRUSTED_PROXIES", "127.0.0.1"), ("WS_MAX_CONNECTIONS_PER_IP", "1")];
    (Service::start(binary, &variables), manual.clone())
}

fn free_port() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string()
}

/// The block of code under `heading`, with the service at hand for the one at port 3000.
fn configuration(manual: &str, heading: &str, service: &Service) -> String {
    let section = section(manual, heading);
    let block = section.split("```").nth(1).unwrap();
    let (_, code) = block.split_once('\n').unwrap();
    let address = service.base.trim_start_matches("ws://").trim_end_matches("/ws");
    assert_eq!(code.matches("127.0.0.1:3000").count(), 1, "{code}");
    code.replace("127.0.0.1:3000", address)
}

#[track_caller]
fn clients_pass(port: &str, more: &[&str]) {
    let url = format!("ws://127.0.0.1:{port}/ws");
    let args: Vec<&OsStr> =
        [url.as_str()].into_iter().chain(more.iter().copied()).map(OsStr::new).collect();
    clients::holds("proxied.mjs", &args);
}

#[test]
fn nginx_lets_clients_through() {
    let (folder, (service, manual), port) = (Scratch::empty(), service(), free_port());
    let server = configuration(&manual, "nginx", &service)
        .replace("listen 80", &format!("listen 127.0.0.1:{port}"));
    let base = "error_log stderr;\npid nginx.pid;\nevents {}\n";
    let paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {kind};\n"));
    let http = format!("http {{\naccess_log off;\n{}{server}}}\n", paths.concat());
    folder.write("nginx.conf", (base.to_owned() + &http).as_bytes());
    let nginx = || {
        let mut nginx = Command::new("nginx");
        nginx.arg("-p").arg(folder.path()).args(["-c", "nginx.conf", "-e", "stderr"]);
        nginx
    };
    succeed(nginx().arg("-t"));
    let _proxy = Proxy(nginx().args(["-g", "daemon off; master_process off;"]).spawn().unwrap());
    clients_pass(&port, &["tells-address"]);
}

#[test]
fn caddy_lets_clients_through() {
    let (folder, (service, manual), port) = (Scratch::empty(), service(), free_port());
    let site = configuration(&manual, "Caddy", &service);
    let site = site.replace("app.example.com", &format!("http://127.0.0.1:{port}"));
    folder.write("Caddyfile", format!("{{\nadmin off\n}}\n{site}").as_bytes());
    let mut caddy = Command::new("caddy");
    caddy.current_dir(folder.path()).env("HOME", folder.path()).args([
        "run",
        "--config",
        "Caddyfile",
    ]);
    let _proxy = Proxy(caddy.spawn().unwrap());
    clients_pass(&port, &[]);
}

#[test]
fn vite_lets_clients_through() {
    let (folder, (service, manual), port) = (Scratch::empty(), service(), free_port());
    folder.write("vite.config.mjs", configuration(&manual, "Vite", &service).as_bytes());
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/client");
    assert!(
        scripts.join("node_modules/vite").is_dir(),
        "npm packages are missing: run bash tests/run.sh"
    );
    let mut vite = Command::new("node");
    vite.current_dir(scripts).arg("vite.mjs").arg(folder.path().join("vite.config.mjs")).arg(&port);
    let _proxy = Proxy(vite.spawn().unwrap());
    clients_pass(&port, &[]);
}
