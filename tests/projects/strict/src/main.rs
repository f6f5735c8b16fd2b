//! A service whose owner takes no warning.
#![deny(warnings)]

mod routes;

use std::error::Error;

#[tokio::main(flavor = "multi_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 3000)).await?;
    let app = routes::all();
    axum::serve(listener, app).await?;
    Ok(())
}
