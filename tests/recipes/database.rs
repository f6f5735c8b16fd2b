
#[cfg(test)]
mod database_tests {
    use super::super::testing::{self, Client, Server};
    use super::super::WsConfig;
    use super::*;

    async fn server(auth: Auth) -> Server {
        let server = Server::with(WsConfig { auth, ..testing::config() });
        let tables = "CREATE TABLE sessions (token TEXT, user_id TEXT, expires_at INTEGER);
            CREATE TABLE team_members (team TEXT, user_id TEXT);
            INSERT INTO sessions VALUES ('good', 'ann', unixepoch() + 600), ('old', 'ann', unixepoch() - 1);
            INSERT INTO team_members VALUES ('red', 'ann')";
        sqlx::raw_sql(tables).execute(&server.hub.context().pool).await.unwrap();
        server
    }

    async fn joins(client: &mut Client, room: &str) -> serde_json::Value {
        client.send(serde_json::json!({"type": "join_room", "room": room, "id": 1})).await;
        loop {
            let answer = client.next().await;
            if answer["id"] == 1 {
                return answer["code"].clone();
            }
        }
    }

    #[tokio::test]
    async fn a_session_is_good_until_it_ends() {
        let server = server(Auth::Cookie).await;
        let cookie = "theme=dark; session=good";
        let client = server.open_at("ROUTE", &[("cookie", cookie)]).await.unwrap();
        assert_eq!(client.welcome["client_id"], "ann");
        for bad in ["session=old", "session=other", "ws_token=good"] {
            assert_eq!(server.open_at("ROUTE", &[("cookie", bad)]).await.err(), Some(401), "{bad}");
        }
    }

    #[tokio::test]
    async fn a_room_of_a_team_is_for_its_members() {
        let server = server(Auth::None).await;
        let (mut ann, mut bob) = (server.connect("ann").await, server.connect("bob").await);
        assert!(joins(&mut ann, "team:red").await.is_null());
        assert_eq!(joins(&mut bob, "team:red").await, "forbidden");
        assert_eq!(joins(&mut ann, "team:blue").await, "forbidden");
        assert!(joins(&mut bob, "lobby").await.is_null());
        sqlx::query("DROP TABLE team_members").execute(&server.hub.context().pool).await.unwrap();
        assert_eq!(joins(&mut ann, "team:red").await, "forbidden", "where nobody can say, nobody may");
    }
}
