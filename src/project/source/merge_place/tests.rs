use super::super::serve::Serve;
use super::super::testing::{at, package};

/// The first line of the statement before which the router can be extended, and the router there.
fn merge_place(files: &[(&str, &str)]) -> Option<(String, String)> {
    let package = package(files);
    let merge = match package.serve("axum") {
        Serve::Site(site) => site.merge,
        Serve::ByHand { merge, .. } => merge,
        Serve::Several(served) => served.into_iter().find_map(|one| one.merge),
        Serve::Missing => None,
    };
    let merge = merge?;
    Some((at(&package, &merge.place).lines().next().unwrap_or_default().to_owned(), merge.router))
}

fn in_main(body: &str) -> Option<(String, String)> {
    let text = format!(
        "use axum::{{Router, routing::get}};\nfn app() -> Router {{ x() }}\nasync fn main() {{\n\
        {body}\n}}\n"
    );
    merge_place(&[("src/main.rs", &text)])
}

fn check(body: &str, statement: &str, router: &str) {
    assert_eq!(in_main(body), Some((statement.to_owned(), router.to_owned())), "{body}");
}

#[test]
fn a_router_that_is_wrapped_is_extended_before_that() {
    for wrap in [
        "let app = NormalizePathLayer::trim_trailing_slash().layer(app);",
        "let app = tower::ServiceBuilder::new().layer(x).service(app);",
        "let app = Layer::layer(&x, app);",
        "let app = app.into_make_service();",
        "let app = ServiceExt::<Request>::into_make_service(app.layer(x));",
    ] {
        check(
            &format!(
                "let app = Router::new();\nlet l = bind();\n{wrap}\naxum::serve(l, app).await;"
            ),
            wrap,
            "app",
        );
    }
    let twice = "let r = Router::new();\nlet a = Wrap::new(r);\nlet b = Wrap::new(a);\n\
        axum::serve(l, b).await;";
    check(twice, "let a = Wrap::new(r);", "r");
}

#[test]
fn a_router_without_a_name_is_extended_where_it_is_made() {
    check("axum::serve(l, app()).await;", "axum::serve(l, app()).await;", "app()");
    check(
        "axum::serve(l, app().into_make_service()).await;",
        "axum::serve(l, app().into_make_service()).await;",
        "app()",
    );
    check(
        "let s = app().into_make_service();\naxum::serve(l, s).await;",
        "let s = app().into_make_service();",
        "app()",
    );
    check(
        "let s = Wrap::new(Router::new().layer(x));\naxum::serve(l, s).await;",
        "let s = Wrap::new(Router::new().layer(x));",
        "Router::new().layer(x)",
    );
}

#[test]
fn loops_closures_macros_and_tasks_are_left() {
    let app = "let app = Router::new();";
    check(
        &format!("{app}\nloop {{ axum::serve(l(), app.clone()).await; }}"),
        "loop { axum::serve(l(), app.clone()).await; }",
        "app",
    );
    check(
        &format!("{app}\nrun(|| axum::serve(l(), app.clone()));"),
        "run(|| axum::serve(l(), app.clone()));",
        "app",
    );
    check(
        &format!(
            "{app}\nfor l in all {{\nlet app = app.clone();\n\
            spawn(async move {{ axum::serve(l, app).await }});\n}}"
        ),
        "for l in all {",
        "app",
    );
    check(
        "loop { axum::serve(l(), app()).await; }",
        "loop { axum::serve(l(), app()).await; }",
        "app()",
    );
    check(
        "for x in y { axum::serve(l(), Router::new().layer(x)).await; }",
        "for x in y { axum::serve(l(), Router::new().layer(x)).await; }",
        "Router::new().layer(x)",
    );
    check(
        "loop {\nlet x = y();\naxum::serve(l(), Router::new().layer(x)).await;\n}",
        "axum::serve(l(), Router::new().layer(x)).await;",
        "Router::new().layer(x)",
    );
    for server in [
        "tokio::select! { r = axum::serve(l, app) => r?, _ = stop() => {} }",
        "tokio::join!(axum::serve(l, app.clone()).into_future(), work());",
        "spawn(async move { axum::serve(l, app).await });",
    ] {
        check(&format!("{app}\n{server}"), server, "app");
    }
    check("tokio::join!(axum::serve(l, app()));", "tokio::join!(axum::serve(l, app()));", "app()");
}

#[test]
fn other_servers_are_looked_through() {
    let app = "let app = Router::new();";
    let tls = "axum_server::bind_rustls(a, c).serve(app.into_make_service()).await;";
    check(&format!("{app}\n{tls}"), tls, "app");
    check(
        &format!("{app}\nlet s = axum_server::bind(a);\ns.serve(app.into_make_service()).await;"),
        "s.serve(app.into_make_service()).await;",
        "app",
    );
    check(&format!("{app}\nlambda_http::run(app).await;"), "lambda_http::run(app).await;", "app");
    let accept = "loop {\nlet socket = accept();\nlet tower = app.clone();\nspawn(async move {\n\
        let service = service_fn(move |r| tower.clone().call(r));\nhyper_util::server::conn::auto::Builder::new(e).serve_connection(socket, service).await;\n});\n}";
    check(&format!("{app}\n{accept}"), "loop {", "app");
    let shuttle = "#[shuttle_runtime::main]\nasync fn main() -> ShuttleAxum {\n\
        let app = axum::Router::new();\nOk(app.into())\n}";
    assert_eq!(
        merge_place(&[("src/main.rs", shuttle)]),
        Some(("Ok(app.into())".to_owned(), "app".to_owned()))
    );
}

#[test]
fn two_servers_of_one_router_have_one_place() {
    let arms = "if tls {\naxum_server::bind_rustls(a, c).serve(app.into_make_service()).await;\n} \
        else {\naxum::serve(l, app).await;\n}";
    let text =
        format!("use axum::Router;\nasync fn main() {{\nlet app = Router::new();\n{arms}\n}}\n");
    let package = package(&[("src/main.rs", &text)]);
    let Serve::Site(site) = package.serve("axum") else { panic!("no site") };
    assert_eq!(at(&package, &site.place), arms);
    assert_eq!(site.merge.map(|merge| merge.place), Some(site.place));
}

#[test]
fn a_router_that_does_not_show_has_no_place() {
    for body in [
        "let app = other::app();\naxum::serve(l, app).await;",
        "tonic::transport::Server::builder().add_service(x).serve(a).await;",
        "axum::serve(l, x.into_make_service()).await;",
        "let app = app.clone();\nlet app = wrap(app);\naxum::serve(l, app).await;",
    ] {
        assert_eq!(in_main(body), None, "{body}");
    }
    let parameter = "pub async fn run(app: App) { axum::serve(l, app).await; }";
    assert_eq!(merge_place(&[("src/lib.rs", parameter)]), None);
}
