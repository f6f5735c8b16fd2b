use std::collections::BTreeMap;

use super::super::testing::package;

fn servers(text: &str) -> Vec<String> {
    let package = package(&[("src/main.rs", text)]);
    package.servers("axum").iter().map(|server| server.name().to_owned()).collect()
}

fn in_main(body: &str) -> Vec<String> {
    servers(&format!("async fn main() {{ {body} }}"))
}

#[test]
fn servers_are_known_by_their_paths() {
    for (body, name) in [
        ("axum::serve(l, app).await;", "axum::serve"),
        ("axum_server::bind(a).serve(app).await;", "axum_server::bind"),
        (
            "axum_server::tls_rustls::bind_rustls(a, c).serve(app).await;",
            "axum_server::tls_rustls::bind_rustls",
        ),
        ("axum_server::from_tcp_rustls(l, c).serve(app).await;", "axum_server::from_tcp_rustls"),
        (
            "hyper_util::server::conn::auto::Builder::new(e);",
            "hyper_util::server::conn::auto::Builder::new",
        ),
        (
            "use hyper_util::server::conn::auto; auto::Builder::new(e);",
            "hyper_util::server::conn::auto::Builder::new",
        ),
        (
            "use hyper::server::conn::http1; http1::Builder::new();",
            "hyper::server::conn::http1::Builder::new",
        ),
        ("warp::serve(x).run(a).await;", "warp::serve"),
        (
            "use tonic::transport::Server; Server::builder().serve(a).await;",
            "tonic::transport::Server::builder",
        ),
        ("actix_web::HttpServer::new(|| x).bind(a);", "actix_web::HttpServer::new"),
        ("poem::Server::new(l).run(x).await;", "poem::Server::new"),
        ("salvo::Server::new(l).serve(x).await;", "salvo::Server::new"),
        ("lambda_http::run(app).await;", "lambda_http::run"),
        ("tokio::select! { _ = axum_server::bind(a).serve(app) => {} }", "axum_server::bind"),
        ("use axum_server as web; web::bind(a);", "axum_server::bind"),
    ] {
        assert_eq!(in_main(body), [name], "{body}");
    }
    for text in [
        "#[shuttle_runtime::main] async fn main() -> ShuttleAxum { x() }",
        "use shuttle_runtime as s; #[s::main] async fn main() -> ShuttleAxum { x() }",
    ] {
        assert_eq!(servers(text), ["shuttle_runtime::main"]);
    }
}

#[test]
fn what_only_looks_like_a_server_is_none() {
    for body in [
        "axum_server::tls_rustls::RustlsConfig::from_pem_file(c, k).await;",
        "hyper::client::conn::http1::Builder::new();",
        "tonic::transport::Endpoint::new(a);",
        "mine.serve(app); // axum_server::bind",
        "let text = \"warp::serve\";",
        "mod warp { pub fn serve() {} } warp::serve();",
        "use axum_server::bind;",
    ] {
        assert_eq!(in_main(body), Vec::<String>::new(), "{body}");
    }
    assert!(
        servers("#[cfg(test)] mod tests { fn f() { warp::serve(x); join!(warp::serve(y)); } }")
            .is_empty()
    );
    assert!(
        servers("mod warp { pub fn serve() {} } mod a { fn f() { super::warp::serve(); } }")
            .is_empty()
    );
}

#[test]
fn a_crate_of_another_name_is_known() {
    let mut package =
        package(&[("src/main.rs", "async fn main() { web::bind(a).serve(x).await; }")]);
    assert!(package.servers("axum").is_empty());
    package.set_renamed(BTreeMap::from([("web".to_owned(), "axum_server".to_owned())]));
    assert_eq!(package.servers("axum").len(), 1);
}
