//! Reading variables of the environment, with errors that say what to write instead.

use std::fmt;
use std::time::Duration;

/// A variable of the environment holds a value that is not allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    variable: &'static str,
    value: String,
    allowed: &'static str,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (variable, value, allowed) = (self.variable, &self.value, self.allowed);
        write!(f, "{variable} is {value:?}: it must be {allowed}")
    }
}

impl std::error::Error for ConfigError {}

/// Reads typed values by the name of their variable; a wrong one is read as its default, and the
/// first is kept as the error.
pub(super) struct Env<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
    pub(super) error: Option<ConfigError>,
}

impl<'a> Env<'a> {
    pub(super) fn new(lookup: &'a dyn Fn(&str) -> Option<String>) -> Self {
        let error = None;
        Self { lookup, error }
    }

    /// The value without the spaces around it; an empty one is none.
    pub(super) fn text(&self, variable: &'static str) -> Option<String> {
        let value = (self.lookup)(variable)?;
        let value = value.trim();
        (!value.is_empty()).then(|| value.to_owned())
    }

    pub(super) fn count(&mut self, variable: &'static str, default: usize) -> usize {
        const ALLOWED: &str = "a whole number from 1 to 1000000000";
        let in_range = |count: &usize| (1..=1_000_000_000).contains(count);
        let parse = |value: &str| value.parse().ok().filter(in_range);
        self.parse(variable, ALLOWED, parse).unwrap_or(default)
    }

    pub(super) fn rate(&mut self, variable: &'static str, default: u32) -> u32 {
        const ALLOWED: &str = "a whole number from 0 (no limit) to 1000000";
        let parse = |value: &str| value.parse().ok().filter(|rate| *rate <= 1_000_000);
        self.parse(variable, ALLOWED, parse).unwrap_or(default)
    }

    pub(super) fn count_or_off(&mut self, variable: &'static str, default: usize) -> usize {
        const ALLOWED: &str = "a whole number from 0 (off) to 1000000";
        let parse = |value: &str| value.parse().ok().filter(|count| *count <= 1_000_000);
        self.parse(variable, ALLOWED, parse).unwrap_or(default)
    }

    pub(super) fn seconds(&mut self, variable: &'static str, default: u64) -> Duration {
        const ALLOWED: &str = "a number of seconds from 0.001 to 86400";
        self.seconds_from(0.001, ALLOWED, variable, default)
    }

    pub(super) fn seconds_or_off(&mut self, variable: &'static str, default: u64) -> Duration {
        const ALLOWED: &str = "a number of seconds from 0 (off) to 86400";
        self.seconds_from(0.0, ALLOWED, variable, default)
    }

    fn seconds_from(
        &mut self,
        least: f64,
        allowed: &'static str,
        variable: &'static str,
        default: u64,
    ) -> Duration {
        let in_range = |seconds: &f64| (least..=86_400.0).contains(seconds);
        let parse = |value: &str| value.parse().ok().filter(in_range);
        let seconds = self.parse(variable, allowed, parse);
        seconds.map_or(Duration::from_secs(default), Duration::from_secs_f64)
    }

    /// A value that no error repeats.
    pub(super) fn secret<T>(
        &mut self,
        variable: &'static str,
        allowed: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let value = self.parse(variable, allowed, parse);
        if let Some(error) = self
            .error
            .as_mut()
            .filter(|error| error.variable == variable)
        {
            "a secret".clone_into(&mut error.value);
        }
        value
    }

    pub(super) fn list<T>(
        &mut self,
        variable: &'static str,
        allowed: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Vec<T> {
        let parse_all = |value: &str| value.split(',').map(|entry| parse(entry.trim())).collect();
        self.parse(variable, allowed, parse_all).unwrap_or_default()
    }

    /// What `parse` makes of the value, if there is one.
    pub(super) fn parse<T>(
        &mut self,
        variable: &'static str,
        allowed: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let value = self.text(variable)?;
        let parsed = parse(&value);
        if parsed.is_none() {
            let error = ConfigError {
                variable,
                value,
                allowed,
            };
            self.error.get_or_insert(error);
        }
        parsed
    }
}
