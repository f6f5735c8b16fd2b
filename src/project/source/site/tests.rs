use super::super::testing::serve;

#[test]
fn what_shuttle_gets_is_a_router_where_nothing_else_is_given_back() {
    let of = |body: &str| {
        let main = format!(
            "use axum::Router;\n#[shuttle_runtime::main]\nasync fn main() -> ShuttleAxum {{\n{body}\n}}\n"
        );
        serve(&[("src/main.rs", &main)])
    };
    assert_eq!(of("let r = Router::new();\nOk(r.into())"), Ok("r".to_owned()));
    assert_eq!(
        of("if x { return Err(y()); }\nOk(app().into())\n}\nfn app() -> Router { z()"),
        Ok("app()".to_owned())
    );
    let by_hand = "shuttle_runtime::main serves here, which is for you to extend @ main";
    for body in ["let r = Router::new();\nif x { return Ok(r.into()); }\nOk(r.into())", "run()"] {
        assert_eq!(of(body), Err(by_hand.to_owned()), "{body}");
    }
}

#[test]
fn nothing_is_started_before_the_runtime_is() {
    let of = |body: &str| {
        let main =
            format!("use axum::Router;\nfn main() {{\nlet app = Router::new();\n{body}\n}}\n");
        serve(&[("src/main.rs", &main)])
    };
    let early = "the router is taken before the runtime runs @ axum::serve";
    for (body, expected) in [
        (
            "let app = app.into_make_service();\nrt.block_on(async {\naxum::serve(l, app).await\n})",
            Err(early),
        ),
        (
            "std::thread::spawn(move || rt.block_on(async {\naxum::serve(l, app).await\n}))",
            Err(early),
        ),
        ("rt.block_on(async {\naxum::serve(l, app).await\n})", Ok("app")),
        (
            "rt.block_on(async {\nspawn(async move { axum::serve(l, app).await }).await\n})",
            Ok("app"),
        ),
        ("axum::serve(l, app)", Ok("app")),
    ] {
        assert_eq!(of(body), expected.map(str::to_owned).map_err(str::to_owned), "{body}");
    }
}
