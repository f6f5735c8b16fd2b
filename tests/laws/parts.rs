//! What projects are put together from: shapes of each file that are seen in the wild.

/// The lines of `[dependencies]` and what follows.
pub(crate) const DEPENDENCIES: &[&str] = &[
    "axum = \"0.8\"\ntokio = { version = \"1\", features = [\"full\"] }\n",
    "axum={ version = \"0.7\" }\ntokio = \"1\"\nserde   = \"1\"\n",
    "axum.version = \"0.8\"\naxum.features = [\"macros\"]\ntokio.version = \"1\"\n",
    "anyhow = \"1\"\n\n[dependencies.axum]\nversion = \"0.8\" # the web\ndefault-features = false\n\n[dependencies.tokio]\nversion = \"1\"\n",
    "tokio = { version = \"1\", features = [\n    \"full\", # all\n] }\naxum = { version = \"0.8\", features = [\"ws\"] }\ntracing = \"0.1\"\n",
    "axum = { version = \"0.8\", features = [\"macros\"] }\ntokio = { version = \"1\", features = [\n    \"macros\",\n    \"net\"\n] }\n\n[dev-dependencies]\ntokio = { version = \"1\", features = [\"test-util\"] }\n",
    "axum = \"0\"\nfutures-util = { version = \"0.2\" }\ntokio = { version = \"1\", default-features = false }\n\n[dev-dependencies]\ntower = \"0.5\"\n",
    "web = { package = \"axum\", version = \"0.8\" }\ntokio = \"1\"\n",
    "axum = \"0.6\"\n",
    "axum = { version = \"0.8\", optional = true }\n",
    "[features]\ndefault = []\n",
    "axum = { version = \"0.8\"\n",
];

/// A settings struct, and the statement of `main` that makes it.
pub(crate) const SETTINGS: &[(&str, &str)] = &[
    ("", ""),
    (
        "struct Settings {\n    port: u16,\n}\n\nimpl Settings {\n    fn load() -> Self {\n        Self {\n            port: 3000,\n        }\n    }\n}\n",
        "let settings = Settings::load();",
    ),
    (
        "#[derive(Debug, Clone, PartialEq)]\npub struct Config {\n    pub port: u16, // last\n}\n\nimpl Config {\n    pub fn from_env() -> anyhow::Result<Self> {\n        let port = 3000;\n        Ok(Config {\n            port,\n        })\n    }\n}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn settings() {\n        let _ = super::Config {\n            port: 1,\n        };\n    }\n}\n",
        "let settings = Config::from_env().unwrap();\n    let port = settings.port;\n    drop(settings);",
    ),
    (
        "#[derive(serde::Deserialize)]\n#[serde(deny_unknown_fields)]\nstruct Settings {\n    port: u16,\n}\n",
        "let settings: Settings = envy::from_env().unwrap();",
    ),
    (
        "#[derive(clap::Parser)]\nstruct Args {\n    #[arg(long)]\n    port: u16,\n}\n",
        "let args = <Args as clap::Parser>::parse();",
    ),
    (
        "struct Settings {\n    port: u16,\n}\n\nfn port(Settings { port }: Settings) -> u16 {\n    port\n}\n\nfn load() -> Settings {\n    Settings {\n        port: 3000,\n    }\n}\n",
        "let settings = load();",
    ),
];

/// The statements of `main` that make and serve the router.
pub(crate) const ROUTERS: &[&str] = &[
    "let app = axum::Router::new();\n    axum::serve(listener, app).await.unwrap();",
    "let app = axum::Router::new().route(\"/\", axum::routing::get(index));\n    axum::serve(\n        listener,\n        app.into_make_service(),\n    )\n    .with_graceful_shutdown(stop())\n    .await\n    .unwrap();\n    println!(\"bye\");",
    "let hub = 1;\n    let app: axum::Router = routes(hub);\n    axum::serve(listener, app).await.unwrap()",
    "axum::serve(listener, axum::Router::new()).await.unwrap();",
    "let app = axum::Router::new();\n    tokio::select! {\n        _ = axum::serve(listener, app) => {}\n        _ = stop() => {}\n    }",
    "let app = axum::Router::new().route(\"/ws\", axum::routing::get(index));\n    axum::serve(listener, app).await.unwrap();",
    "// axum::serve(listener, app)\n    println!(\"axum::serve\");",
    "let app = axum::Router::new();\n    axum::serve(listener, app.clone()).await.unwrap();\n    axum::serve(listener, app).await.unwrap();",
    "let app = axum::Router::new(;",
];

/// What stands above `main`.
pub(crate) const HEADS: &[&str] = &[
    "",
    "//! A service.\n\n",
    "#![deny(warnings)]\n\nmod zoo;\nmod api;\n\n",
    "use std::net::SocketAddr;\n\n",
    "/* mod ws; */\nmod api {\n    pub mod ws {}\n}\n\n",
    "mod ws {}\n\n",
];

/// A compose file.
pub(crate) const COMPOSE: &[Option<&str>] = &[
    None,
    Some("services:\n  db:\n    image: postgres:17\n"),
    Some("# nothing yet\n"),
    Some("services:\n    cache:\n        image: valkey/valkey:8\n"),
    Some(
        "volumes:\n    data: {}\nservices:\n    db: &db\n        image: \"postgres:17\"\n    other: *db\n# end\n",
    ),
    Some("services: { db: { image: postgres } }\n"),
    Some("services: {}\n"),
    Some("services:\n  db:\n    image: postgres:17\n    command: |+\n      run\n\n\n"),
    Some("services:\n  db:\n    image: postgres:17\n\nvolumes:\n  db-data:\n"),
    Some("services:\n- db\n"),
    Some("services:\n  db:\n   image: x\n  y\n"),
];

/// An environment sample.
pub(crate) const SAMPLE: &[Option<&str>] = &[
    None,
    Some("PORT=3000\n"),
    Some("# WS_REDIS_URL=\nexport NAME = \"a\n b\"\n"),
    Some("WS_HEARTBEAT_INTERVAL=10\n\n# end"),
    Some("what\n"),
];
