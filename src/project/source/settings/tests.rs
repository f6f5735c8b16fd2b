use super::super::testing::{at, package};
use super::*;
use crate::project::source::Serve;

const LOAD: &str = "impl Settings { fn load() -> Result<Self, E> { Ok(Self { port: 1 }) } }";

fn fact(files: &[(&str, &str)]) -> Result<(String, Fill), String> {
    let package = package(files);
    match package.settings() {
        SettingsFact::Found(settings) => Ok((settings.name, settings.fill)),
        SettingsFact::Unfit { reason, at: place } => {
            Err(format!("{reason} @ {}", at(&package, &place)))
        }
        SettingsFact::Missing => Err("missing".to_owned()),
    }
}

fn in_main(source: &str) -> Result<(String, Fill), String> {
    fact(&[("src/main.rs", source)])
}

fn found(source: &str) -> Settings {
    match package(&[("src/main.rs", source)]).settings() {
        SettingsFact::Found(settings) => settings,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_ways_to_fill_settings_are_told_apart() {
    let literal = format!("#[derive(Debug, Clone)] struct Settings {{ port: u16 }} {LOAD}");
    assert_eq!(in_main(&literal), Ok(("Settings".into(), Fill::Literal)));
    let loaded =
        "#[derive(Deserialize)] struct Config { port: u16 } fn f() { envy::from_env::<Config>() }";
    assert_eq!(in_main(loaded), Ok(("Config".into(), Fill::Deserialize)));
    let clap = "#[derive(clap::Parser)] struct Args { port: u16 }";
    assert_eq!(in_main(clap), Ok(("Args".into(), Fill::Clap)));
    assert_eq!(in_main("struct Other { port: u16 }"), Err("missing".into()));
    assert_eq!(in_main("struct Config;"), Err("missing".into()));
    let idle = "#[derive(Deserialize)] struct Config { port: u16 }";
    assert_eq!(in_main(idle), Err("nothing in this package fills `Config` @ Config".into()));
}

#[test]
fn attributes_follow_the_derives() {
    let attributes = |source: &str| found(source).attributes("from_env", "X::default()");
    assert!(attributes(&format!("struct Settings {{ port: u16 }} {LOAD}")).is_empty());
    let both = format!("#[derive(Serialize, Deserialize)] struct Settings {{ port: u16 }} {LOAD}");
    assert_eq!(attributes(&both), ["#[serde(skip, default = \"from_env\")]"]);
    let written =
        format!("#[cfg_attr(x, derive(serde::Serialize))] struct Settings {{ port: u16 }} {LOAD}");
    assert_eq!(attributes(&written), ["#[serde(skip)]"]);
    assert_eq!(
        attributes("#[derive(Parser)] struct Cli { #[arg(long)] p: u16 }"),
        ["#[arg(skip = X::default())]"]
    );
    assert_eq!(
        attributes("#[derive(Parser)] struct Cli { #[clap(long)] p: u16 }"),
        ["#[clap(skip = X::default())]"]
    );
}

#[test]
fn derives_that_look_at_fields_are_unfit() {
    for derive in ["Envconfig", "TypedBuilder", "sqlx::FromRow", "Hash", "Copy", "ToSchema"] {
        let source = format!("#[derive(Debug, {derive})] struct Settings {{ port: u16 }} {LOAD}");
        let name = derive.rsplit(':').next().unwrap();
        let expected = format!(
            "`Settings` derives {name}, which needs to know what the new field is @ Settings"
        );
        assert_eq!(in_main(&source), Err(expected));
    }
}

#[test]
fn uses_that_a_field_would_break_are_unfit() {
    let source = format!("struct Settings {{ port: u16 }} {LOAD}");
    let pattern = "use demo::Settings; fn f() { let Settings { port } = s; }";
    assert_eq!(
        fact(&[("src/main.rs", &source), ("tests/a.rs", pattern)]),
        Err("this pattern lists every field of `Settings`: end it in `..` @ Settings { port }"
            .into())
    );
    let constant = format!("{source} const A: Settings = Settings {{ port: 1 }};");
    assert_eq!(
        in_main(&constant),
        Err("this `Settings` is a constant or stands in a `const fn`, which can read nothing @ \
            Settings { port: 1 }"
            .into())
    );
    let foreign =
        format!("{source} mod b {{ use other::Settings; fn f() {{ Settings {{ x: 1 }} }} }}");
    assert!(
        in_main(&foreign)
            .unwrap_err()
            .starts_with("`Settings` is here another crate's type of the same name")
    );
}

#[test]
fn a_derived_default_reads_no_environment() {
    let rest = "impl Settings \
        { fn load() -> Result<Self, E> { Ok(Self { port: 1, ..Default::default() }) } }";
    let derived = format!("#[derive(Default)] struct Settings {{ port: u16 }} {rest}");
    let reason = "this `Settings` may take the new field from a default, which reads nothing";
    assert!(in_main(&derived).unwrap_err().starts_with(reason));
    let written = format!(
        "struct Settings {{ port: u16 }} {LOAD} fn f() {{ Settings {{ ..Settings::load() }} }}"
    );
    assert_eq!(in_main(&written), Ok(("Settings".into(), Fill::Literal)));
}

#[test]
fn one_struct_must_stand_out() {
    let twice =
        format!("mod a {{ struct Settings {{ a: u8 }} }} struct Settings {{ port: u16 }} {LOAD}");
    assert_eq!(in_main(&twice), Err("`Settings` is defined more than once @ Settings".into()));
    let several = format!(
        "struct Settings {{ port: u16 }} {LOAD} struct Config {{ a: u8 }} fn f() \
        {{ Config {{ a: 1 }} }}"
    );
    assert_eq!(
        in_main(&several),
        Err("`Config` is one of several structs that may be the settings @ Config".into())
    );
    let part = format!(
        "struct Settings {{ port: Option<ServerConfig> }} {LOAD} struct ServerConfig {{ a: u8 }} \
        fn f() {{ ServerConfig {{ a: 1 }} }}"
    );
    assert_eq!(in_main(&part), Ok(("Settings".into(), Fill::Literal)));
    let whole = "#[derive(Deserialize)] struct All { server: ServerConfig } \
        #[derive(Deserialize)] struct ServerConfig { a: u8 } fn f() { toml::from_str::<All>(x) }";
    assert_eq!(in_main(whole), Ok(("All".into(), Fill::Deserialize)));
    let with_cli =
        format!("struct Settings {{ port: u16 }} {LOAD} #[derive(Parser)] struct Cli {{ a: u8 }}");
    assert_eq!(in_main(&with_cli), Ok(("Settings".into(), Fill::Literal)));
}

#[test]
fn every_file_with_a_literal_is_named() {
    let source = format!("pub struct Settings {{ port: u16 }} {LOAD}");
    let package = package(&[
        ("src/lib.rs", &source),
        ("tests/a.rs", "fn f() { demo::Settings { port: 1 }; }"),
        ("tests/b.rs", "fn f() { demo::Settings { ..x }; }"),
    ]);
    let SettingsFact::Found(settings) = package.settings() else { panic!("no settings") };
    assert_eq!(settings.literals, ["src/lib.rs", "tests/a.rs"]);
}

/// The settings binding of a main function, with the text of its statement.
fn binding(extra: &str, body: &str) -> Option<(String, String)> {
    let main = format!(
        "use axum::Router;\n#[derive(Clone, Default)] struct Settings {{ port: u16 }} {LOAD} \
        {extra}\nasync fn main() {{ {body} let app = Router::new(); axum::serve(l, app).await; }}"
    );
    let package = package(&[("src/main.rs", &main)]);
    let Serve::Site(site) = package.serve("axum") else { panic!("no site in {main}") };
    let SettingsFact::Found(settings) = package.settings() else { panic!("no settings") };
    let found = package.settings_binding(&site, &settings)?;
    Some((found.name, at(&package, &found.place).to_owned()))
}

#[test]
fn certain_bindings_are_found() {
    for body in [
        "let s = Settings::load().unwrap();",
        "let s = crate::Settings::load().context(\"x\")?;",
        "let s = Settings::load().await.unwrap_or_else(|e| exit(e));",
        "let s: Settings = envy::from_env()?;",
        "let s = envy::from_env::<Settings>().expect(\"x\");",
        "let s = Arc::new(Settings::load()?);",
        "let s: Arc<Settings> = get();",
        "let s = Settings { port: 1 };",
        "let s = match Settings::load() { Ok(s) => s, Err(e) => return };",
    ] {
        assert_eq!(binding("", body), Some(("s".into(), body.into())));
    }
    let body = "let s = settings()?;";
    let settings = "fn settings() -> anyhow::Result<Settings> { x() }";
    assert_eq!(binding(settings, body), Some(("s".into(), body.into())));
    let twice = "let s = Settings::load()?; let s = Arc::new(s);";
    assert_eq!(binding("", twice), Some(("s".into(), "let s = Arc::new(s);".into())));
}

#[test]
fn uncertain_bindings_are_not() {
    for body in [
        "let s = Settings::default();",
        "",
        "let s = Settings::load();",
        "let s = other::settings()?;",
        "let s = Settings::load()?; let s = s.port();",
        "let s = Settings::load()?; let (s, port) = split(s);",
        "let port = Settings::load()?.port;",
        "let Settings { port, .. } = Settings::load()?;",
    ] {
        assert_eq!(binding("", body), None, "{body}");
    }
}

#[test]
fn a_parameter_can_hold_the_settings() {
    let source = format!(
        "use axum::Router; pub struct Settings {{ port: u16 }} {LOAD} pub async fn run(config: \
        &Settings) {{ let app = Router::new(); axum::serve(l, app).await; }}"
    );
    let package = package(&[("src/lib.rs", &source)]);
    let (Serve::Site(site), SettingsFact::Found(settings)) =
        (package.serve("axum"), package.settings())
    else {
        panic!("nothing found")
    };
    let found = package.settings_binding(&site, &settings).unwrap();
    assert_eq!((found.name.as_str(), at(&package, &found.place)), ("config", "config: &Settings"));
}
