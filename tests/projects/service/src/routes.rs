use axum::extract::State;
use axum::routing::get;
use axum::Router;

#[derive(Clone)]
pub struct AppState {
    pub name: String,
}

pub fn router(state: AppState) -> Router {
    Router::new().route("/", get(index)).with_state(state)
}

async fn index(State(state): State<AppState>) -> String {
    state.name
}
