//! The shape of `component.toml`. Strings marked *rendered* are Jinja templates over the same
//! variables as the files.

mod environment;

use std::collections::BTreeMap;

use semver::Version;
use serde::Deserialize;

pub use self::environment::{EnvLine, Environment};

/// What a component is, needs and adds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Spec {
    /// The name the user types; also the folder's name.
    pub name: String,
    /// Whether it is added to a project or is one.
    #[serde(default)]
    pub kind: Kind,
    /// One line for `rwx infra list`.
    pub summary: String,
    /// The text of `rwx infra info`.
    #[serde(default)]
    pub about: String,
    /// Crates that the project must have already, with the minor versions of 0.x that the templates
    /// serve, newest first. For each, the templates see its name in the project and `<name>_minor`.
    #[serde(default)]
    pub requires: BTreeMap<String, Vec<u64>>,
    /// Switches that the user sets with `--set NAME=true|false`.
    #[serde(default, rename = "option")]
    pub options: Vec<OptionSpec>,
    /// The module that the rendered files make up.
    pub module: Option<Module>,
    /// The route that the component answers on by default.
    pub route: Option<String>,
    /// Where the rendered files go.
    pub files: Files,
    /// Dependencies that the rendered files use.
    #[serde(default, rename = "dependency")]
    pub dependencies: Vec<Dependency>,
    /// The field in the project's settings struct.
    pub settings: Option<SettingsField>,
    /// The statements that put the component's routes into the router that is served.
    pub router: Option<RouterWiring>,
    /// Lines for the environment sample file.
    pub environment: Option<Environment>,
    /// The chapter in the README of a new project.
    pub chapter: Option<Chapter>,
    /// Compose services.
    #[serde(default, rename = "service")]
    pub services: Vec<Service>,
    /// What the user does next.
    #[serde(default, rename = "step")]
    pub steps: Vec<Step>,
    /// What behaves otherwise than in earlier versions.
    #[serde(default, rename = "changed")]
    pub changes: Vec<Changed>,
}

/// Whether a component is added to a project or makes a new one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Added to a project.
    #[default]
    Component,
    /// Makes a new project.
    Project,
}

/// A switch of the component.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OptionSpec {
    /// The name in `--set NAME=…` and in the templates.
    pub name: String,
    /// Its value when the user says nothing.
    pub default: bool,
    /// True to be on by default in a new project, whatever `default` says.
    #[serde(default)]
    pub in_new: bool,
    /// An option above this one, without which it cannot be on.
    pub needs: Option<String>,
    /// One line for `rwx infra info`.
    pub about: String,
}

/// The module in the user's crate.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Module {
    /// Its name when the user gives none with `--module`.
    pub name: String,
}

/// Where rendered files go.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Files {
    /// Folder beside the root of the crate that gets the module, *rendered*; without a module,
    /// below the package's directory.
    pub into: String,
    /// Template name → options that must all be on.
    #[serde(default)]
    pub when: BTreeMap<String, Conditions>,
    /// Template name → file name in the project, where they differ.
    #[serde(default)]
    pub rename: BTreeMap<String, String>,
    /// Name that a template had in an earlier version → its name now: the owner's file follows,
    /// with her edits.
    #[serde(default)]
    pub renamed: BTreeMap<String, String>,
}

/// One option that must be on, or several.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "an option, or a list of options")]
pub enum Conditions {
    /// As `"tests"`.
    One(String),
    /// As `["tests", "metrics"]`.
    All(Vec<String>),
}

impl Conditions {
    /// The options, of which there may be one.
    pub fn options(&self) -> &[String] {
        match self {
            Self::One(option) => std::slice::from_ref(option),
            Self::All(options) => options,
        }
    }
}

/// A dependency of the rendered files. Several of one name add their features up, each under its
/// own condition.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Dependency {
    /// The package's name.
    pub name: String,
    /// The version requirement for a new entry, *rendered*.
    pub version: String,
    /// Features that must be on.
    #[serde(default)]
    pub features: Vec<String>,
    /// Feature → what code takes out of the crate only with it, besides a module that is called
    /// like it; a method has a dot.
    #[serde(default)]
    pub names: BTreeMap<String, Vec<String>>,
    /// Features that turn all of `features` on.
    #[serde(default)]
    pub implied_by: Vec<String>,
    /// False to write `default-features = false` in a new entry.
    #[serde(default = "yes")]
    pub default_features: bool,
    /// True for a dev-dependency.
    #[serde(default)]
    pub dev: bool,
    /// Option that must be on.
    pub when: Option<String>,
}

/// A field for the project's settings struct. All strings are *rendered*; `path` is the module's
/// path from the file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingsField {
    /// The field's name.
    pub name: String,
    /// The field's type.
    pub r#type: String,
    /// Doc comment of the field.
    pub doc: String,
    /// An expression that makes the value and ends in `?`, for functions whose error type takes any
    /// error.
    pub fallible: String,
    /// A path to a function without arguments that makes the value or ends the process.
    pub infallible: String,
    /// An expression that makes the value without the environment, for tests and defaults.
    pub default: String,
}

/// The statements that wire the router. All are *rendered*; `hub`, `app`, `served`, `config`,
/// `signal` and `path` name what is at hand.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouterWiring {
    /// Name of the variable that the first statement binds.
    pub binding: String,
    /// Makes the value of `binding` out of the expression `config`.
    pub start: String,
    /// Rebinds `app`, the router about to be served, to an extended `served`.
    pub merge: String,
    /// The future that the server ends at, made of `signal`, the owner's.
    pub stop: Option<String>,
}

/// A chapter of a README.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chapter {
    /// Its heading.
    pub title: String,
    /// What stands below, *rendered*.
    pub text: String,
}

/// A compose service.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// The key of a new entry.
    pub name: String,
    /// Image names that count as this service already running.
    pub images: Vec<String>,
    /// The entry's body: YAML indented by two spaces a level.
    pub body: String,
    /// Words in the text of such a service that show that it asks for a password.
    #[serde(default)]
    pub passwords: Vec<String>,
    /// Named volumes that the body uses.
    #[serde(default)]
    pub volumes: Vec<String>,
    /// Option that must be on.
    pub when: Option<String>,
}

/// Something for the user to do next, *rendered*.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What to do: a first line, then lines to type or paste.
    pub text: String,
    /// True to say it after an update too. Else it is said then only when its option is new.
    #[serde(default)]
    pub update: bool,
    /// Option that must be on.
    pub when: Option<String>,
}

/// Something that an update changes for those who come from an earlier version.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changed {
    /// The first version of rwx that has it.
    pub since: Version,
    /// What it is, in one line, *rendered*.
    pub text: String,
}

impl Spec {
    /// The names of all options that some part of the component is conditional on.
    pub fn conditions(&self) -> impl Iterator<Item = &str> {
        let environment = self.environment.iter().flat_map(|environment| &environment.lines);
        let parts = self.dependencies.iter().map(|part| &part.when);
        let parts = parts.chain(environment.map(|part| &part.when));
        let parts = parts.chain(self.services.iter().map(|part| &part.when));
        let parts = parts.chain(self.steps.iter().map(|part| &part.when));
        let files = self.files.when.values().flat_map(Conditions::options);
        parts.flatten().chain(files).map(String::as_str)
    }
}

fn yes() -> bool {
    true
}
