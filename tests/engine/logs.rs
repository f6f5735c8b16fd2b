//! What the log says. Run alone: what is logged elsewhere has no reader.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use crate::ws::testing::Server;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_refused_page_is_logged_with_its_origin_the_host_and_what_to_set() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber =
        tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    let server = Server::start();
    let refused = server.open("/ann", &[("origin", "https://app.example")]).await;
    assert_eq!(refused.err(), Some(403));
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let line = text.lines().find(|line| line.contains("refused")).expect("it is logged");
    let host = server.address.to_string();
    for part in [
        "https://app.example",
        &host,
        "WS_ALLOWED_ORIGINS",
        "X-Forwarded-Host",
        "WS_TRUSTED_PROXIES",
    ] {
        assert!(line.contains(part), "{part} in {line}");
    }
}
