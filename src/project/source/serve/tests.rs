use super::super::testing::{at, package, serve};
use super::*;
use crate::edit::rust::Context;

/// A main function of these lines in which a listener is bound.
fn main_of(body: &str) -> String {
    format!("use axum::{{Router, routing::get}};\nasync fn main() {{\n{body}\n}}\n")
}

fn serve_main(body: &str) -> Result<String, String> {
    serve(&[("src/main.rs", &main_of(body))])
}

#[test]
fn bindings_that_show_to_be_routers_are_sites() {
    for body in [
        "let app = Router::new().route(\"/\", get(root)).with_state(state);\naxum::serve(l, \
        app).await;",
        "let app = axum::Router::new();\nlet app = app.layer(cors);\naxum::serve(l, \
        app.clone()).await;",
        "let app: Router = build();\naxum::serve(l, app.into_make_service()).await;",
        "let (app, _): (Router, OpenApi) = build();\naxum::serve(l, app).await;",
        "let (app, api) = OpenApiRouter::new().split_for_parts();\naxum::serve(l, app).await;",
        "let mut app = Router::new();\nif x { app = app.layer(y); }\naxum::serve(l, app).await;",
        "let base = Router::new();\nlet app = if x { base.layer(y) } else { base };\n\
        axum::serve(l, app).await;",
        "let app = Router::new();\ntokio::spawn(async move {\naxum::serve(l, app).await;\n});",
        "let app = Router::new();\naxum::serve(l, \
        app.layer(t).into_make_service_with_connect_info::<SocketAddr>()).await;",
        "let app = ApiRouter::new().finish_api(&mut api).layer(x);\naxum::serve(l, app).await;",
    ] {
        assert_eq!(serve_main(body), Ok("app".to_owned()), "{body}");
    }
}

#[test]
fn functions_of_the_package_are_followed() {
    let main = main_of("let app = routes::create(state).await?;\naxum::serve(l, app).await;");
    for routes in [
        "use axum::Router;\npub async fn create(s: S) -> anyhow::Result<Router> { todo() }",
        "pub async fn create(s: S) -> Result<axum::Router<()>, E> { todo() }",
        "type One = Two;\ntype Two = axum::Router;\npub async fn create(s: S) -> Option<One> \
        { todo() }",
        "use axum::*;\npub async fn create(s: S) -> Result<Router, E> { todo() }",
        "type App = axum::Router;\ntype AppResult<T> = Result<T, E>;\npub async fn create(s: S) \
        -> AppResult<App> { todo() }",
    ] {
        let files = [("src/main.rs", &*format!("mod routes;\n{main}")), ("src/routes.rs", routes)];
        assert_eq!(serve(&files), Ok("app".to_owned()), "{routes}");
    }
    let main = "mod app;\nasync fn main() { let r = app::App::router(); axum::serve(l, r).await; }";
    let app = "use axum::Router as R; struct App; impl App { fn router() -> R { x() } } impl \
        Other { fn router() -> u8 { 1 } }";
    assert_eq!(serve(&[("src/main.rs", main), ("src/app.rs", app)]), Ok("r".to_owned()));
    let library = "pub fn app() -> axum::Router { x() }";
    let main = "async fn main() { let app = demo::app(); axum::serve(l, app).await; }";
    assert_eq!(serve(&[("src/main.rs", main), ("src/lib.rs", library)]), Ok("app".to_owned()));
}

#[test]
fn a_parameter_can_be_served() {
    let run = "use axum::Router;\npub async fn run(app: Router) { axum::serve(l, app).await; }";
    assert_eq!(serve(&[("src/lib.rs", run)]), Ok("app".to_owned()));
    let run = "pub async fn run(app: App) { axum::serve(l, app).await; }";
    assert_eq!(
        serve(&[("src/lib.rs", run)]),
        Err("`app` is not certain to be a router: the parameter is of another type @ app: App"
            .to_owned())
    );
}

#[test]
fn other_services_are_left_to_the_hand() {
    let uncertain = |reason: &str| Err(format!("`app` is not certain to be a router: {reason}"));
    for (body, expected) in [
        (
            "let app = wrap().into_make_service();\naxum::serve(l, app).await;",
            uncertain("this function is not one of this package @ wrap"),
        ),
        (
            "let app = NormalizePathLayer::trim_trailing_slash().layer(wrap());\n\
            axum::serve(l, app).await;",
            uncertain("this function is not one of this package @ wrap"),
        ),
        (
            "let app = Steer::new(x, y);\naxum::serve(l, app).await;",
            uncertain("this function is not one of this package @ Steer::new"),
        ),
        (
            "let app = Router::new().boxed();\naxum::serve(l, app).await;",
            uncertain("what `.boxed()` gives does not show here @ boxed"),
        ),
        (
            "let app = match x { A => a(), B => b() };\naxum::serve(l, app).await;",
            uncertain("its type does not show here @ match x { A => a(), B => b() }"),
        ),
        (
            "axum::serve(l, wrap()).await;",
            Err(
                "what axum::serve gets is not certain to be a router: this function is not one of \
                this package @ wrap"
                    .into(),
            ),
        ),
    ] {
        assert_eq!(serve_main(body), expected, "{body}");
    }
}

#[test]
fn places_that_are_not_certain_are_left_to_the_hand() {
    let again =
        "`app` is not certain to be a router: its name is bound again on the way to it @ app";
    for (body, expected) in [
        (
            "let app = Router::new();\nown! { _ = axum::serve(l, app) => {} }",
            Err("axum::serve is called inside a macro @ serve".into()),
        ),
        (
            "let app = Router::new();\ntokio::select! { app = f() => axum::serve(l, app) }",
            Err("axum::serve is called inside a macro @ serve".into()),
        ),
        (
            "loop { let app = Router::new(); axum::serve(l, app.clone()).await; }",
            Err("axum::serve is called in a closure or a loop @ axum::serve".into()),
        ),
        (
            "run(|| axum::serve(l, Router::new()));",
            Err("axum::serve is called in a closure or a loop @ axum::serve".into()),
        ),
        (
            "spawn(async { axum::serve(l, Router::new()).await });",
            Err("it stands in an async block without `move` @ axum::serve".into()),
        ),
        (
            "let app = Router::new();\nif let Some(app) = x { axum::serve(l, app).await; }",
            Err(again.to_owned()),
        ),
        ("let app = Router::new();\nrun(|app| axum::serve(l, app));", Err(again.to_owned())),
        (
            "let mut app = Router::new();\nif x { app = app.layer(y);\naxum::serve(l, app).await; }",
            Ok("app".to_owned()),
        ),
        (
            "let mut app = Router::new();\naxum::serve(l, app.clone()).await; app = Router::new();",
            Err("`app` is changed on the way to it @ axum::serve".into()),
        ),
        (
            "axum::serve(a, app);\naxum::serve(b, app);",
            Err("several @ axum::serve, axum::serve".into()),
        ),
        (
            "let app = Router::new(); let b = Router::new();\naxum::serve(a, app);\naxum::serve(b, b);",
            Err("several @ axum::serve, axum::serve".into()),
        ),
        ("axum::Server::bind(&a).serve(app.into_make_service()).await;", Err("missing".into())),
    ] {
        assert_eq!(serve_main(body), expected, "{body}");
    }
}

#[test]
fn a_server_that_answers_by_a_closure_is_not_the_one() {
    let redirect = "let to = move |uri: Uri| async move { x() };\n\
        axum::serve(l, to.into_make_service()).await;";
    let main = format!("{redirect}\nlet app = Router::new();\naxum::serve(l, app).await;");
    assert_eq!(serve_main(&main), Ok("app".to_owned()));
    assert!(serve_main(redirect).is_err());
    let other = "let to = to();\naxum::serve(l, to.into_make_service()).await;\n\
        let app = Router::new();\naxum::serve(l, app).await;";
    assert_eq!(serve_main(other), Err("several @ axum::serve, axum::serve".to_owned()));
}

#[test]
fn another_crates_router_is_not_ours() {
    let main = "use salvo::Router;\nasync fn main() \
        { let app = Router::new(); axum::serve(l, app).await; }";
    let expected = "`app` is not certain to be a router: this function is not one of this package \
        @ Router::new";
    assert_eq!(serve(&[("src/main.rs", main)]), Err(expected.to_owned()));
    let main = "mod routes; use other::routes;\nasync fn main() \
        { let app = api::create(); axum::serve(l, app).await; }";
    let routes = "pub fn create() -> axum::Router { x() }";
    let expected = "`app` is not certain to be a router: this function is not one of this package \
        @ api::create";
    assert_eq!(
        serve(&[("src/main.rs", main), ("src/routes.rs", routes)]),
        Err(expected.to_owned())
    );
}

#[test]
fn only_shipped_code_counts() {
    let test = "async fn f() { axum::serve(l, app).await; }";
    assert_eq!(
        serve(&[("tests/api.rs", test), ("src/orphan.rs", test)]),
        Err("missing".to_owned())
    );
    let main = main_of("let app = Router::new();\naxum::serve(l, app).await;");
    assert_eq!(serve(&[("tests/api.rs", test), ("src/main.rs", &main)]), Ok("app".to_owned()));
}

#[test]
fn a_function_that_serves_several_routers_is_left_to_the_hand() {
    let run = "async fn run(app: axum::Router) { axum::serve(l, app).await; }";
    let once = format!("{run} async fn main() {{ run(x()).await; other::run(y()).await; }}");
    assert_eq!(serve(&[("src/main.rs", &once)]), Ok("app".to_owned()));
    let tested = format!(
        "{run} async fn main() {{ run(x()).await; }} #[cfg(test)] mod tests \
        {{ fn t() {{ run(y()); }} }}"
    );
    assert_eq!(serve(&[("src/main.rs", &tested)]), Ok("app".to_owned()));
    let expected = "`run` around it is called more than once @ axum::serve";
    for body in ["join!(run(x()), run(y()));", "run(x()).await; run(y()).await;"] {
        let twice = format!("{run} async fn main() {{ {body} }}");
        assert_eq!(serve(&[("src/main.rs", &twice)]), Err(expected.to_owned()), "{body}");
    }
    let server = format!("pub {run}");
    for (user, is_once) in [
        ("mod server; async fn main() { join!(server::run(x()), server::run(y())); }", false),
        (
            "mod server; use server::run as go; async fn main() \
            { go(x()).await; crate::server::run(y()).await; }",
            false,
        ),
        (
            "mod server; async fn main() \
            { join!(server::run(x()), client.run(y()), client::run(z()), s! { fn run() {} }); }",
            true,
        ),
    ] {
        let expected = if is_once { Ok("app".to_owned()) } else { Err(expected.to_owned()) };
        assert_eq!(serve(&[("src/main.rs", user), ("src/server.rs", &server)]), expected, "{user}");
    }
}

#[test]
fn the_site_tells_what_an_insertion_may_do() {
    let source = "use axum::Router;\nasync fn run() -> anyhow::Result<()> \
        {\n    let app = Router::new();\n    info!(hub = 1);\n    axum::serve(l, app).await?;\n    Ok(())\n}\n";
    let package = package(&[("src/lib.rs", source)]);
    let Serve::Site(site) = package.serve("axum") else { panic!("no site") };
    assert_eq!(at(&package, &site.place), "axum::serve(l, app).await?;");
    assert_eq!(
        (site.function.as_str(), site.context, site.has_signal),
        ("run", Context::Fallible, false)
    );
    assert!(site.names.contains("hub") && !site.names.contains("ws_hub"));
}

#[test]
fn functions_of_the_workspace_are_followed() {
    let main = "use api_http::create_router;\nasync fn main() \
        { let app = create_router(s); axum::serve(l, app).await; }";
    let mut package = package(&[("src/main.rs", main)]);
    assert!(matches!(package.serve("axum"), Serve::ByHand { .. }));
    let library =
        [("src/lib.rs", "use axum::Router; pub fn create_router(s: S) -> Router { x() }")];
    package.add_sibling("api_http", super::super::testing::package(&library));
    assert!(matches!(package.serve("axum"), Serve::Site(_)));
}
