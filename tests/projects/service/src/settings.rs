use anyhow::Context;

/// What the service needs to know.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Port to listen on.
    pub port: u16,
    /// Name to greet with.
    pub name: String,
}

impl Settings {
    pub fn from_env() -> anyhow::Result<Self> {
        let port = std::env::var("PORT").unwrap_or_else(|_| "3000".to_owned());
        Ok(Self {
            port: port.parse().context("PORT is not a number")?,
            name: std::env::var("NAME").unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_cloned() {
        let settings = Settings { port: 1, name: "a".to_owned() };
        assert_eq!(settings.clone().port, 1);
    }
}
