
#[cfg(test)]
mod jwt_tests {
    use super::super::testing::{self, Server};
    use super::super::{Tokens, WsConfig};
    use super::*;

    fn jwt(secret: &[u8], expires_in: i64) -> String {
        let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
        let claims = serde_json::json!({"sub": "ann", "exp": now.saturating_add_signed(expires_in)});
        let key = jsonwebtoken::EncodingKey::from_secret(secret);
        format!("Bearer {}", jsonwebtoken::encode(&Default::default(), &claims, &key).unwrap())
    }

    #[tokio::test]
    async fn a_jwt_of_ours_is_good_until_it_ends_and_tokens_of_programs_are_too() {
        let tokens = Tokens::parse("bot:a-token-of-a-program").unwrap();
        let server = Server::with(WsConfig { auth: Auth::Bearer, tokens, ..testing::config() });
        let path = "ROUTE";
        let good = jwt(b"for tests", 600);
        let client = server.open_at(path, &[("authorization", &good)]).await.unwrap();
        assert_eq!(client.welcome["client_id"], "ann");
        let program = "Bearer a-token-of-a-program";
        let client = server.open_at(path, &[("authorization", program)]).await.unwrap();
        assert_eq!(client.welcome["client_id"], "bot");
        for bad in [jwt(b"of another", 600), jwt(b"for tests", -600), "Bearer nonsense".to_owned()] {
            let refused = server.open_at(path, &[("authorization", &bad)]).await;
            assert_eq!(refused.err(), Some(401), "{bad}");
        }
    }
}
