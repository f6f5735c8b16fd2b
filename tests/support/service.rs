//! The binary of a generated project, running.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use super::clients::{self, with_many_sockets};

/// A running service, killed at the end of the test.
pub struct Service {
    pub child: Child,
    /// Where clients connect: `ws://127.0.0.1:PORT/ws`.
    pub base: String,
}

impl Service {
    /// Starts `binary` on a free port with these variables and waits for the line that names the
    /// port.
    #[track_caller]
    pub fn start(binary: &Path, variables: &[(&str, &str)]) -> Self {
        let mut command = with_many_sockets(binary.as_os_str());
        command.env("PORT", "0").env("HOST", "127.0.0.1").envs(variables.iter().copied());
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let line = lines.find(|line| line.contains("http://")).expect("the service says its port");
        // The pipe is read on, so that the service can write its log to the end.
        std::thread::spawn(move || lines.for_each(drop));
        let address = line.split("http://").nth(1).unwrap();
        let address: String =
            address.chars().take_while(|c| c.is_ascii_digit() || ".:".contains(*c)).collect();
        Self { child, base: format!("ws://{address}/ws") }
    }

    /// Its process.
    pub fn pid(&self) -> String {
        self.child.id().to_string()
    }

    /// Runs a script of `tests/client` against this service.
    #[track_caller]
    pub fn holds(&self, script: &str, args: &[&str]) {
        let args: Vec<&OsStr> =
            [self.base.as_str()].into_iter().chain(args.iter().copied()).map(OsStr::new).collect();
        clients::holds(script, &args);
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended by itself, as a test wanted.
        let _ = self.child.kill();
        self.child.wait().unwrap();
    }
}
