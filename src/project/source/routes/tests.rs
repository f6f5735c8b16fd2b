use super::super::testing::{at, package};

fn routes_at(files: &[(&str, &str)], path: &str) -> Vec<String> {
    let package = package(files);
    let routes = package.routes_at(path);
    routes
        .iter()
        .map(|route| format!("{} {} {}", route.path, route.place.file, at(&package, &route.place)))
        .collect()
}

fn in_main(body: &str, path: &str) -> Vec<String> {
    let source = format!("fn main() {{ {body} }}");
    routes_at(&[("src/main.rs", &source)], path)
}

#[test]
fn routes_nests_and_services_count() {
    for call in ["route", "route_service", "nest", "nest_service"] {
        let body = format!("Router::new().{call}(\"/ws\", x);");
        assert_eq!(in_main(&body, "/ws"), ["/ws src/main.rs \"/ws\""], "{call}");
    }
    assert_eq!(
        in_main("Router::new().route(r\"/ws/:room\", any(x));", "/ws"),
        ["/ws/:room src/main.rs r\"/ws/:room\""]
    );
}

#[test]
fn other_routes_and_texts_do_not() {
    for body in [
        "Router::new().route(\"/\", x).route(\"/{id}\", x).route(\"/{*path}\", x).route(\"/wss\", \
        x);",
        "Router::new().nest(\"/api\", Router::new().route(\"/ws\", x));",
        "client.get(\"/ws\"); // .route(\"/ws\", x)",
        "let api = Router::new().route(\"/ws\", x); Router::new().nest(\"/api\", api.layer(y));",
    ] {
        assert!(in_main(body, "/ws").is_empty(), "{body}");
    }
    assert!(
        routes_at(&[("tests/a.rs", "fn f() { Router::new().route(\"/ws\", x); }")], "/ws")
            .is_empty()
    );
}

#[test]
fn nesting_is_composed() {
    let body = "let api = Router::new().route(\"/ws\", x); let app = Router::new().nest(\"/api\", \
        Router::new().merge(api));";
    assert_eq!(in_main(body, "/api/ws"), ["/api/ws src/main.rs \"/ws\""]);
    assert!(in_main(body, "/ws").is_empty());
    let shadowed =
        "let app = Router::new().route(\"/ws\", x); let app = Router::new().nest(\"/api\", app);";
    assert_eq!(in_main(shadowed, "/api/ws"), ["/api/ws src/main.rs \"/ws\""]);
}

#[test]
fn nesting_is_composed_over_files() {
    let main = "mod chat; fn app() -> Router \
        { Router::new().nest(\"/v1\", Router::new().nest(\"/chat\", chat::routes(s))) }";
    let chat = "pub fn routes(s: S) -> Router { Router::new().route(\"/ws\", any(x)) }";
    let files = [("src/main.rs", main), ("src/chat.rs", chat)];
    assert!(routes_at(&files, "/ws").is_empty());
    assert_eq!(routes_at(&files, "/v1/chat/ws"), ["/v1/chat/ws src/chat.rs \"/ws\""]);
    let merged = "mod chat; fn app() -> Router { Router::new().merge(chat::routes(s)) }";
    assert_eq!(
        routes_at(&[("src/main.rs", merged), ("src/chat.rs", chat)], "/ws"),
        ["/ws src/chat.rs \"/ws\""]
    );
    let unknown = "mod chat; fn app() -> Router { combine!(chat::routes(s)) }";
    assert_eq!(
        routes_at(&[("src/main.rs", unknown), ("src/chat.rs", chat)], "/ws"),
        ["/ws src/chat.rs \"/ws\""]
    );
}

#[test]
fn routers_that_nest_each_other_end() {
    let main = "fn a() { Router::new().nest(\"/x\", b()).route(\"/ws\", x) } fn b() \
        { Router::new().nest(\"/y\", a()) }";
    assert!(routes_at(&[("src/main.rs", main)], "/ws").is_empty());
}

#[test]
fn nesting_is_composed_through_reexports_and_constants() {
    let files = [
        (
            "src/main.rs",
            "mod a; mod b; const V1: &str = \"/v1\"; fn app() \
            { Router::new().nest(V1, a::router()).merge(b::router()) }",
        ),
        ("src/a.rs", "mod routes; pub use routes::router;"),
        ("src/a/routes.rs", "pub fn router() -> Router { Router::new().route(\"/ws\", any(x)) }"),
        ("src/b.rs", "pub fn router() -> Router { Router::new() }"),
    ];
    assert!(routes_at(&files, "/ws").is_empty());
    assert_eq!(routes_at(&files, "/v1/ws"), ["/v1/ws src/a/routes.rs \"/ws\""]);
}

#[test]
fn constants_and_documented_paths_count() {
    let main = "mod paths; fn main() { Router::new().route(paths::SOCKET, any(x)); }";
    let files = [("src/main.rs", main), ("src/paths.rs", "pub const SOCKET: &str = \"/ws\";")];
    assert_eq!(routes_at(&files, "/ws"), ["/ws src/main.rs paths::SOCKET"]);
    let documented =
        "#[utoipa::path(get, path = \"/ws\")]\nasync fn x() {}\nfn main() { routes!(x); }";
    assert_eq!(routes_at(&[("src/main.rs", documented)], "/ws"), ["/ws src/main.rs \"/ws\""]);
}

#[test]
fn functions_of_the_same_name_are_told_apart() {
    let main = "mod a; mod b; fn app() -> Router \
        { Router::new().nest(\"/a\", a::routes()).merge(other(b::routes())) }";
    let a = "pub fn routes() -> Router { Router::new().route(\"/x\", any(x)) }";
    let b = "pub fn routes() -> Router { Router::new().route(\"/ws\", any(x)) }";
    let files = [("src/main.rs", main), ("src/a.rs", a), ("src/b.rs", b)];
    assert_eq!(routes_at(&files, "/ws"), ["/ws src/b.rs \"/ws\""]);
    assert!(routes_at(&files, "/a/ws").is_empty());
}
