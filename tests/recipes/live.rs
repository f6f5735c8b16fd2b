
#[cfg(test)]
mod tests {
    use super::*;
    use crate::ws::testing::Server;

    #[tokio::test]
    async fn who_is_signed_in_connects_under_her_own_name_and_others_do_not() {
        let hub = Server::start().hub;
        let server = Server::serve(hub.clone(), routes(hub));
        let client = server.open_at("/live", &[("x-user", "ann")]).await.unwrap();
        assert_eq!(client.welcome["client_id"], "ann");
        assert_eq!(server.open_at("/live", &[]).await.err(), Some(401));
    }

    #[tokio::test]
    async fn the_layer_checks_the_origin_there_too() {
        let hub = Server::start().hub;
        let server = Server::serve(hub.clone(), routes(hub));
        let headers = [("x-user", "ann"), ("origin", "https://elsewhere.example")];
        assert_eq!(server.open_at("/live", &headers).await.err(), Some(403));
    }
}
