//! What the engine of the layer must stand, tried in a generated project with a handler that does
//! what handlers should not.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod support;

use std::path::Path;

use support::Scratch;
use support::cargo::cargo;

/// The modules of `tests/engine` that hold tests.
const MODULES: [&str; 6] = ["handlers", "load", "logs", "memory", "misuse", "transports"];

/// What those need beside what the project has.
const DEPENDENCIES: &str = r#"
[dev-dependencies.bytes]
version = "1"

[dev-dependencies.h2]
version = "0.4"

[dev-dependencies.http]
version = "1"

[dev-dependencies.rcgen]
version = "0.14"
default-features = false
features = ["crypto", "ring"]

[dev-dependencies.rustls-pki-types]
version = "1"

[dev-dependencies.tokio-rustls]
version = "0.26"
default-features = false
features = ["ring", "tls12"]
"#;

/// A message whose field is read by code that panics, put behind the last of a client's.
const VARIANT: &str = r#"    Pong,
    /// Cannot be read.
    Panic {
        /// It.
        #[serde(deserialize_with = "super::handler::read_panic")]
        field: u8,
    },
}

/// A message from"#;

#[test]
fn it_holds_whatever_handlers_clients_and_transports_do() {
    let folder = Scratch::empty();
    folder
        .rwx(&[
            "new",
            "app",
            "--with",
            "websocket",
            "--set",
            "redis=false",
            "--set",
            "metrics=true",
        ])
        .expect(0);
    let project = folder.below("app");
    project.rewrite("Cargo.toml", "features = [\"ws\"]", "features = [\"http2\", \"ws\"]");
    project.write("Cargo.toml", (project.read("Cargo.toml") + DEPENDENCIES).as_bytes());
    project.write("src/ws/handler.rs", source("handler").as_bytes());
    project.rewrite("src/ws/messages.rs", "    Pong,\n}\n\n/// A message from", VARIANT);
    let mut library = project.read("src/lib.rs");
    for module in MODULES {
        project.write(&format!("src/{module}.rs"), source(module).as_bytes());
        library += &format!("\n#[cfg(test)]\nmod {module};\n");
    }
    project.write("src/lib.rs", library.as_bytes());
    for module in MODULES {
        // What a test of memory measures is the whole process's.
        let threads = if module == "memory" { "1" } else { "4" };
        let filter = format!("{module}::");
        cargo(&project, 8, &["test", "--lib", &filter, "--", "--test-threads", threads]);
    }
}

fn source(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/engine");
    std::fs::read_to_string(folder.join(name).with_extension("rs")).unwrap()
}
