use super::*;
use crate::edit::RefusalKind;
use crate::edit::rust::testing::{anchor, assert_laws, edited, formatted};

fn wiring(settings: Option<&'static str>, drain: bool) -> Mount<'static> {
    Mount {
        axum: "axum",
        at: Anchor::default(),
        router: "app",
        settings,
        after_settings: vec!["let hub = ws::start(settings.ws.clone());".into()],
        before_serve: vec!["let app = app.merge(ws::router(hub.clone()));".into()],
        before_state: Vec::new(),
        behind_router: None,
        servers: vec![0],
        around_signal: drain.then(|| ["hub.after(".into(), ")".into()]),
    }
}

/// `wiring` of the first server in `source`.
fn at<'a>(source: &str, wiring: &Mount<'a>) -> Mount<'a> {
    Mount { at: anchor(source), ..wiring.clone() }
}

fn check(source: &str, wiring: &Mount, expected: &str) {
    let wiring = at(source, wiring);
    assert_laws(source, |text| mount(text, &wiring));
    assert_eq!(edited(source, |text| mount(text, &wiring)), expected);
    if !source.contains('\r') {
        assert_eq!(formatted(source), source);
        assert_eq!(formatted(expected), expected);
    }
}

fn refusal(source: &str, wiring: &Mount) -> String {
    let refusal = mount(source, &at(source, wiring)).unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::Unsafe);
    refusal.reason
}

#[test]
fn statements_go_around_the_serve_statement() {
    let source = "\
#[tokio::main]
async fn main() -> Result<()> {
    let settings = Settings::from_env()?; // reads .env
    let app = Router::new();
    let listener = bind().await?;

    // Runs until it is stopped.
    axum::serve(listener, app)
        .with_graceful_shutdown(stop())
        .await?;
    Ok(())
}
";
    let expected = "\
#[tokio::main]
async fn main() -> Result<()> {
    let settings = Settings::from_env()?; // reads .env
    let hub = ws::start(settings.ws.clone());
    let app = Router::new();
    let listener = bind().await?;

    let app = app.merge(ws::router(hub.clone()));
    // Runs until it is stopped.
    axum::serve(listener, app)
        .with_graceful_shutdown(hub.after(stop()))
        .await?;
    Ok(())
}
";
    check(source, &wiring(Some("settings"), true), expected);
    let crlf = |text: &str| text.replace('\n', "\r\n");
    check(&crlf(source), &wiring(Some("settings"), true), &crlf(expected));
}

#[test]
fn without_settings_everything_stands_before_serve() {
    let source = "fn main() {\n    run(async {\n        log();\n        serve(listener, app.clone()).await.unwrap()\n    });\n}\n\nuse axum::serve;\n";
    let expected = "fn main() {\n    run(async {\n        log();\n        let hub = ws::start(settings.ws.clone());\n        let app = app.merge(ws::router(hub.clone()));\n        serve(listener, app.clone()).await.unwrap()\n    });\n}\n\nuse axum::serve;\n";
    check(source, &wiring(None, false), expected);
}

#[test]
fn settings_may_be_a_parameter() {
    let source = "async fn run(settings: Settings) -> R {\n    axum::serve(l(), app).await\n}\n";
    let expected = "async fn run(settings: Settings) -> R \
        {\n    let hub = ws::start(settings.ws.clone());\n    let app = app.merge(ws::router(hub.clone()));\n    axum::serve(l(), app).await\n}\n";
    check(source, &wiring(Some("settings"), false), expected);
    assert_eq!(
        refusal(source, &wiring(Some("settings"), true)),
        "the server has no signal to end at"
    );
    assert_eq!(
        refusal(source, &wiring(Some("config"), false)),
        "no binding `config` before this in the function"
    );
}

#[test]
fn the_signal_may_stand_on_a_variable_and_be_a_block() {
    let source = "async fn run() \
        {\n    let server = axum::serve(l, app).tcp_nodelay(true);\n    let server = server.with_graceful_shutdown(async {\n        stop().await;\n    });\n    server.await.unwrap();\n}\n";
    let expected = "async fn run() \
        {\n    let hub = ws::start(settings.ws.clone());\n    let app = app.merge(ws::router(hub.clone()));\n    let server = axum::serve(l, app).tcp_nodelay(true);\n    let server = server.with_graceful_shutdown(hub.after(async {\n        stop().await;\n    }));\n    server.await.unwrap();\n}\n";
    check(source, &wiring(None, true), expected);
    for elsewhere in ["other.with_graceful_shutdown(stop());", "end(server, stop());", ""] {
        let source = format!(
            "async fn run() {{\n    let server = axum::serve(l, app);\n    {elsewhere}\n}}\n"
        );
        assert_eq!(
            refusal(&source, &wiring(None, true)),
            "the server has no signal to end at",
            "{elsewhere}"
        );
    }
}

#[test]
fn another_statement_is_not_the_one_that_was_meant() {
    let source = "fn a() {\n    log();\n    axum::serve(l, app).await;\n}\n";
    let wiring = at(source, &wiring(None, false));
    for other in ["fn a() {\n    axum::serve(l, app).await;\n}\n", "fn a() {}\n", ""] {
        let refusal = mount(other, &wiring).unwrap_err();
        assert_eq!(refusal.reason, "the statement that serves has changed", "{other}");
    }
    let more = format!("mod ws;\nstruct A {{\n    a: u8,\n}}\n{source}");
    assert!(edited(&more, |text| mount(text, &wiring)).contains("    let app = app.merge("));
}

#[test]
fn a_router_without_a_name_is_extended_where_it_stands() {
    let plain = wiring(None, false);
    let of = |router: &'static str| Mount {
        router,
        after_settings: Vec::new(),
        before_serve: vec!["let hub = start();".into()],
        behind_router: Some(".merge(ws::router(hub.clone()))".into()),
        ..plain.clone()
    };
    for (router, serve, expected) in [
        (
            "app()",
            "axum::serve(l, app()).await;",
            "axum::serve(l, app().merge(ws::router(hub.clone()))).await;",
        ),
        (
            "app()?",
            "axum::serve(l, app()?.x()).await?;",
            "axum::serve(l, app()?.merge(ws::router(hub.clone())).x()).await?;",
        ),
        (
            "Router::new()\n            .route(\"/some\", get(some_handler))\n            .layer(some_layer)",
            "axum::serve(\n        l,\n        Router::new()\n            .route(\"/some\", get(some_handler))\n            .layer(some_layer),\n    )\n    .await;",
            "axum::serve(\n        l,\n        Router::new()\n            .route(\"/some\", get(some_handler))\n            .layer(some_layer)\n            .merge(ws::router(hub.clone())),\n    )\n    .await;",
        ),
    ] {
        let source = format!("async fn a() {{\n    {serve}\n}}\n");
        let expected = format!("async fn a() {{\n    let hub = start();\n    {expected}\n}}\n");
        check(&source, &of(router), &expected);
        let crlf = |text: &str| text.replace('\n', "\r\n");
        let router = crlf(router);
        check(&crlf(&source), &Mount { router: &router, ..of("") }, &crlf(&expected));
    }
    let twice = "async fn a() {\n    axum::serve(app(), app()).await;\n}\n";
    assert_eq!(refusal(twice, &of("app()")), "the router is not in the statement just once");
}

#[test]
fn a_router_in_a_chain_is_extended_on_a_line_of_its_own() {
    let source = "fn a() {\n    let app = Router::new() // all\n        .route(\"/\", get(root)) // root\n        .into_make_service();\n    axum::serve(l, app).await;\n}\n";
    let router = "Router::new() // all\n        .route(\"/\", get(root))";
    let syntax = Syntax::parse(source).unwrap();
    let start = source.find("let app").unwrap();
    let range = start..source.find("    axum").unwrap() - 1;
    let wiring = Mount {
        at: Anchor::at(source, &syntax, &range).unwrap(),
        router,
        after_settings: Vec::new(),
        before_serve: Vec::new(),
        behind_router: Some(".merge(ws())".into()),
        ..wiring(None, false)
    };
    let edited = edited(source, |text| mount(text, &wiring));
    assert!(edited.contains("// root\n        .merge(ws())\n        .into_make"), "{edited}");
    assert_laws(source, |text| mount(text, &wiring));
}

#[test]
fn the_statement_must_begin_its_line() {
    let bare = wiring(None, false);
    assert_eq!(
        refusal("fn a() { axum::serve(l, app).await; }", &bare),
        "the statement does not begin its line"
    );
}

#[test]
fn statements_that_stand_already_need_nothing() {
    let source = "fn a() {\n    let app = app.merge(ws::router(\n        hub.clone(),\n    ));\n    axum::serve(l, app).await;\n}\n";
    assert!(mount(source, &at(source, &wiring(None, false))).unwrap().is_empty());
    for other in
        ["let app = wrap!(ws::router(hub));", "let app = app.nest(\"/live\", ws::router());"]
    {
        let source = format!(
            "fn a() {{\n    {other} // ws::router(hub)\n    axum::serve(l, app).await;\n}}\n"
        );
        let wiring = at(&source, &wiring(None, false));
        assert!(!mount(&source, &wiring).unwrap().is_empty(), "{other}");
    }
}

#[test]
fn a_result_that_would_not_parse_is_refused() {
    let broken =
        Mount { before_serve: vec!["let app = app.merge(;".into()], ..wiring(None, false) };
    let reason = refusal("fn a() {\n    axum::serve(l, app).await;\n}\n", &broken);
    assert!(reason.starts_with("the result of the edit would not parse: "), "{reason}");
}

/// The line before which the hub is started.
fn line_after_the_hub(lines: &str) -> String {
    let source = format!(
        "async fn main() -> Result<()> {{\n    let settings = read();\n{lines}    axum::serve(l, app).await?;\n    Ok(())\n}}\n"
    );
    let wiring = Mount {
        before_state: vec!["let hub = start(settings.ws.clone());".into()],
        after_settings: Vec::new(),
        ..wiring(Some("settings"), false)
    };
    let wiring = at(&source, &wiring);
    assert_laws(&source, |text| mount(text, &wiring));
    let edited = edited(&source, |text| mount(text, &wiring));
    let after = edited.split("let hub = start(settings.ws.clone());\n").nth(1).unwrap();
    after.lines().next().unwrap().trim().to_owned()
}

#[test]
fn the_state_of_the_router_comes_after_what_goes_before_it() {
    let merge = "let app = app.merge(ws::router(hub.clone()));";
    for (lines, next) in [
        ("    let state = State {};\n    let app = router(state);\n", "let state = State {};"),
        (
            "    let a = A {};\n    let l = listen()?;\n    let b = B {};\n    let app = router(b, a);\n",
            "let a = A {};",
        ),
        (
            "    let s = S {}; // s\n    let app = Router::new();\n    let app = app.with_state(s);\n",
            "let s = S {}; // s",
        ),
        ("    let pool = connect().await;\n    let app = router(pool);\n", merge),
        ("    let pool = connect()?;\n    let app = router(pool);\n", merge),
        (
            "    let pool = connect()?;\n    let s = S { pool };\n    let app = router(s);\n",
            "let s = S { pool };",
        ),
        ("    let s = S {};\n    load();\n    let app = router(s);\n", merge),
        ("    let app = router(settings);\n", merge),
        ("    let other = S {};\n    let app = router();\n", merge),
    ] {
        assert_eq!(line_after_the_hub(lines), next, "{lines}");
    }
}
