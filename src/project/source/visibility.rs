//! Whether a field of the settings can be read where the package serves.

use syn::{Path, Visibility};

use super::package::{Package, Place};
use super::settings::Settings;
use crate::edit::rust::{segments, structs};

impl Package {
    /// True when code at `place` may read a field of `settings` that is as visible as the last one.
    pub fn can_read(&self, settings: &Settings, place: &Place) -> bool {
        let Some(Ok(syntax)) = self.syntax(&settings.place.file) else { return false };
        let own = structs(&syntax.file)
            .into_iter()
            .find(|item| syntax.range(&item.ident) == settings.place.range);
        let Some(last) = own.and_then(|item| item.fields.iter().last()) else { return true };
        let homes = self.modules_around(&settings.place);
        self.modules_around(place)
            .iter()
            .all(|reader| homes.iter().any(|home| is_visible(&last.vis, home, reader)))
    }

    /// The modules that `place` is in, one for each crate that compiles the file: the crate's index
    /// and the path.
    fn modules_around(&self, place: &Place) -> Vec<(usize, Vec<String>)> {
        let inline = self.inline_modules(place);
        let modules = self.modules_of(&place.file);
        modules.map(|module| (module.root, [module.path.as_slice(), &inline].concat())).collect()
    }
}

/// True when what is declared in the module `home` with this visibility can be seen in `reader`.
fn is_visible(
    visibility: &Visibility,
    home: &(usize, Vec<String>),
    reader: &(usize, Vec<String>),
) -> bool {
    let within = match visibility {
        Visibility::Public(_) => return true,
        Visibility::Inherited => Some(home.1.clone()),
        Visibility::Restricted(restricted) => reach(&restricted.path, &home.1),
    };
    home.0 == reader.0 && within.is_some_and(|within| reader.1.starts_with(&within))
}

/// The module that `pub(path)`, written in the module `home`, reaches.
fn reach(path: &Path, home: &[String]) -> Option<Vec<String>> {
    let segments = segments(path);
    let (first, rest) = segments.split_first()?;
    match first.as_str() {
        "crate" => Some(rest.to_vec()),
        "self" if rest.is_empty() => Some(home.to_vec()),
        "super" if rest.is_empty() => Some(home[..home.len().saturating_sub(1)].to_vec()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::settings::SettingsFact;
    use super::super::testing::package;
    use super::*;

    fn can_read(visibility: &str, reader: &str) -> bool {
        let settings = format!(
            "pub struct Settings {{ {visibility} port: u16 }} impl Settings \
            {{ pub fn load() -> Self {{ Self {{ port: 1 }} }} }}"
        );
        let main = format!("mod a; fn here() {{}} {reader}");
        let files = [
            ("src/main.rs", main.as_str()),
            ("src/a/mod.rs", "mod config;"),
            ("src/a/config.rs", &settings),
        ];
        let package = package(&files);
        let SettingsFact::Found(found) = package.settings() else { panic!("no settings") };
        let at = main.rfind("here").unwrap();
        package.can_read(&found, &Place { file: "src/main.rs".to_owned(), range: at..at + 4 })
    }

    #[test]
    fn a_field_is_read_where_its_visibility_reaches() {
        assert!(can_read("pub", ""));
        assert!(can_read("pub(crate)", ""));
        for hidden in ["", "pub(super)", "pub(self)", "pub(in crate::a)"] {
            assert!(!can_read(hidden, ""), "{hidden}");
        }
        let inline = |visibility: &str, reader: &str| {
            let text = format!(
                "mod a {{ pub struct Settings {{ {visibility} port: u16 }} fn load() {{ Settings {{ port: 1 }}; }} {reader} }}"
            );
            let package = package(&[("src/main.rs", &text)]);
            let SettingsFact::Found(found) = package.settings() else { panic!("no settings") };
            let at = text.rfind("here").unwrap();
            package.can_read(&found, &Place { file: "src/main.rs".to_owned(), range: at..at + 4 })
        };
        assert!(inline("", "mod b { fn here() {} }"));
        assert!(inline("pub(super)", "} fn f() { fn here() {}"));
        assert!(!inline("", "} fn f() { fn here() {}"));
    }
}
