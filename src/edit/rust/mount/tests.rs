use super::*;
use crate::edit::RefusalKind;
use crate::edit::rust::testing::{assert_laws, edited, formatted};

fn wiring(settings: Option<&'static str>, drain: bool) -> Mount<'static> {
    Mount {
        axum: "axum",
        settings,
        after_settings: vec!["let hub = ws::start(settings.ws.clone());".into()],
        before_serve: vec!["let app = app.merge(ws::router(hub.clone()));".into()],
        before_state: Vec::new(),
        around_signal: drain.then(|| ["hub.after(".into(), ")".into()]),
    }
}

fn check(source: &str, wiring: &Mount, expected: &str) {
    assert_laws(source, |text| mount(text, wiring));
    assert_eq!(edited(source, |text| mount(text, wiring)), expected);
    if !source.contains('\r') {
        assert_eq!(formatted(source), source);
        assert_eq!(formatted(expected), expected);
    }
}

fn refusal(source: &str, wiring: &Mount) -> String {
    let refusal = mount(source, wiring).unwrap_err();
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
        "no binding `config` before axum::serve in this function"
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
fn the_crate_may_have_another_name() {
    let source = "fn a() {\n    web::serve(l, app).await;\n}\n";
    let renamed = Mount { axum: "web", ..wiring(None, false) };
    assert!(!mount(source, &renamed).unwrap().is_empty());
    assert_eq!(refusal(source, &wiring(None, false)), "no call of axum::serve");
}

#[test]
fn comments_strings_and_tests_are_no_anchor() {
    let decoys = "// axum::serve(l, app);\nconst A: &str = \"axum::serve(l, app)\";\n#[cfg(test)]\n\
        mod tests {\n    fn f() { axum::serve(l, app); }\n}\n";
    assert_eq!(refusal(decoys, &wiring(None, false)), "no call of axum::serve");
    let source = format!("{decoys}fn a() {{\n    axum::serve(l, app).await;\n}}\n");
    assert!(
        edited(&source, |text| mount(text, &wiring(None, false)))
            .contains("    let app = app.merge(")
    );
}

#[test]
fn uncertain_places_are_refused() {
    let bare = wiring(None, false);
    let twice = "fn a() {\n    axum::serve(l, app).await;\n    axum::serve(l, app).await;\n}\n";
    assert_eq!(refusal(twice, &bare), "axum::serve is called more than once");
    let in_macro =
        "fn a() {\n    tokio::select! {\n        _ = axum::serve(l, app) => {}\n    }\n}\n";
    assert_eq!(refusal(in_macro, &bare), "axum::serve is called inside a macro");
    let in_loop = "fn a() {\n    loop {\n        axum::serve(l, app).await;\n    }\n}\n";
    assert_eq!(refusal(in_loop, &bare), "axum::serve is called in a closure or a loop");
    assert_eq!(
        refusal("fn a() { axum::serve(l, app).await; }", &bare),
        "the statement does not begin its line"
    );
}

#[test]
fn statements_that_stand_already_need_nothing() {
    let source = "fn a() {\n    let app = app.merge(ws::router(\n        hub.clone(),\n    ));\n    axum::serve(l, app).await;\n}\n";
    assert!(mount(source, &wiring(None, false)).unwrap().is_empty());
    for other in
        ["let app = wrap!(ws::router(hub));", "let app = app.nest(\"/live\", ws::router());"]
    {
        let source = format!(
            "fn a() {{\n    {other} // ws::router(hub)\n    axum::serve(l, app).await;\n}}\n"
        );
        assert!(!mount(&source, &wiring(None, false)).unwrap().is_empty(), "{other}");
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
