//! Commands that the user is told to type: they work in the folder where her shell is.

use std::path::PathBuf;

use super::services::override_of;
use crate::project::manifest::Manifest;
use crate::project::source::{Package, RootKind, Serve};
use crate::project::tree::{Tree, join, parent};
use crate::project::{COMPOSE_NAMES, Project, Target};
use crate::shell;

/// The commands for one project.
pub(super) struct Commands<'a> {
    project: &'a Project,
}

impl<'a> Commands<'a> {
    pub(super) fn new(project: &'a Project) -> Self {
        Self { project }
    }

    /// What leads to the package, where the shell is outside of the project; the other commands are
    /// typed after it.
    pub(super) fn go(&self) -> Option<String> {
        let Project { shell, root, .. } = self.project;
        if shell.starts_with(root) {
            return None;
        }
        let place = self.place();
        let short = place.strip_prefix(shell).unwrap_or(&place).to_string_lossy();
        Some(format!("cd {}", shell::path(&short)))
    }

    /// The folder in which the commands are typed.
    fn place(&self) -> PathBuf {
        let Project { shell, root, folder, .. } = self.project;
        if shell.starts_with(root) { shell.clone() } else { root.join(folder) }
    }

    /// The options that make cargo take the package where it would take another.
    fn selecting(&self) -> String {
        let Project { shell, root, folder, name, at_hand, .. } = self.project;
        let is_at_hand =
            if shell.starts_with(root) { at_hand.as_ref() == Some(folder) } else { true };
        if is_at_hand && !self.has_other_defaults() {
            String::new()
        } else {
            format!(" -p {}", shell::quoted(name))
        }
    }

    /// True for the package at the root of a workspace that builds others there.
    fn has_other_defaults(&self) -> bool {
        let manifest = self.project.manifest().ok().and_then(|text| Manifest::parse("", text).ok());
        let defaults = manifest
            .and_then(|manifest| manifest.workspace)
            .map(|workspace| workspace.default_members);
        defaults.is_some_and(|defaults| {
            !defaults.is_empty() && !defaults.iter().any(|member| member == ".")
        })
    }

    /// `rwx WHAT` for the package, in the folder where the shell is now.
    pub(super) fn rwx(&self, what: &str) -> String {
        let Project { shell, root, folder, name, at_hand, .. } = self.project;
        if !shell.starts_with(root) {
            let place = self.place();
            let short = place.strip_prefix(shell).unwrap_or(&place).to_string_lossy();
            return format!("rwx -C {} {what}", shell::path(&short));
        }
        if at_hand.as_ref() == Some(folder) {
            return format!("rwx {what}");
        }
        format!("rwx {what} -p {}", shell::quoted(name))
    }

    /// `rwx WHAT` for the package, in the folder where the other commands are typed.
    pub(super) fn rwx_there(&self, what: &str) -> String {
        if self.go().is_some() { format!("rwx {what}") } else { self.rwx(what) }
    }

    /// `cargo WHAT` for the package.
    pub(super) fn cargo(&self, what: &str) -> String {
        format!("cargo {what}{}", self.selecting())
    }

    /// What runs the program that serves; empty for a package without one.
    pub(super) fn cargo_run(&self, package: &Package, axum: &str) -> String {
        let bins = &self.project.bins;
        let run = self.cargo("run");
        let serving = serving(bins, package, axum);
        let default = self.project.default_run.as_deref();
        match (bins.as_slice(), default, serving) {
            ([], ..) => String::new(),
            ([_], ..) | (_, Some(_), None) => run,
            (_, Some(default), Some(serving)) if serving.binary == default => run,
            (_, _, Some(serving)) => format!("{run} --bin {}", shell::quoted(&serving.binary)),
            (_, None, None) => format!("{run} --bin NAME"),
        }
    }

    /// `docker compose` for the file at `path`, which it may find by itself.
    pub(super) fn compose(&self, tree: &Tree, path: &str) -> String {
        if self.is_found(tree, path) {
            return "docker compose".to_owned();
        }
        let shown = |path: &str| shell::path_from(&self.place(), &self.project.root, path);
        let more = override_of(tree, path)
            .map_or_else(String::new, |path: String| format!(" -f {}", shown(&path)));
        format!("docker compose -f {}{more}", shown(path))
    }

    /// True when the compose file at `path` is the first that docker finds: in the folder or in
    /// those above it.
    fn is_found(&self, tree: &Tree, path: &str) -> bool {
        let place = self.place();
        let Ok(here) = place.strip_prefix(&self.project.root) else { return false };
        let mut folder = crate::project::tree::slashed(here);
        loop {
            if let Some(first) = COMPOSE_NAMES
                .iter()
                .map(|name| join(&folder, name))
                .find(|path| tree.contains(path))
            {
                return first == path;
            }
            if folder.is_empty() {
                return false;
            }
            folder = parent(&folder).to_owned();
        }
    }
}

/// The binary that serves, as far as the code tells.
fn serving<'b>(bins: &'b [Target], package: &Package, axum: &str) -> Option<&'b Target> {
    let (file, function) = match package.serve(axum) {
        Serve::Site(site) => (site.place.file, Some(site.function)),
        Serve::ByHand { at, .. } => (at.file, None),
        Serve::Several(_) | Serve::Missing => return None,
    };
    let roots: Vec<_> =
        package.modules_of(&file).filter_map(|module| package.roots().get(module.root)).collect();
    let mut own = bins
        .iter()
        .filter(|bin| roots.iter().any(|root| root.kind == RootKind::Bin && root.file == bin.path));
    if let (Some(bin), None) = (own.next(), own.next()) {
        return Some(bin);
    }
    // What the library serves is served by the one binary that names the function.
    let function = function?;
    let mut callers = bins
        .iter()
        .filter(|bin| package.text(&bin.path).is_some_and(|text| text.contains(&function)));
    callers.next().filter(|_| callers.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(project: &Project, shell: &str, at_hand: Option<&str>) -> Project {
        Project {
            shell: PathBuf::from(shell),
            at_hand: at_hand.map(str::to_owned),
            ..project.clone()
        }
    }

    const WORKSPACE: (&str, &str) = ("Cargo.toml", "[workspace]\nmembers = [\"api\"]\n");

    #[test]
    fn cargo_is_told_the_package_where_it_would_take_another() {
        let member = Project::of_files(
            "api",
            &[WORKSPACE, ("api/Cargo.toml", "[package]\nname = \"api\"\n")],
        );
        let check =
            |shell, at_hand| Commands::new(&standing(&member, shell, at_hand)).cargo("check");
        assert_eq!(check("/p", Some("")), "cargo check -p api");
        assert_eq!(check("/p/core", Some("core")), "cargo check -p api");
        assert_eq!(check("/p/api/src", Some("api")), "cargo check");
        assert_eq!(check("/elsewhere", None), "cargo check");
        let root = "[package]\nname = \"app\"\n[workspace]\n";
        let root = |more: &str| {
            let project = Project::of_files("", &[("Cargo.toml", &format!("{root}{more}"))]);
            Commands::new(&standing(&project, "/p", Some(""))).cargo("check")
        };
        assert_eq!(root(""), "cargo check");
        assert_eq!(root("default-members = [\"a\"]\n"), "cargo check -p app");
        assert_eq!(root("default-members = [\".\", \"a\"]\n"), "cargo check");
    }

    #[test]
    fn rwx_is_told_the_package_where_it_would_take_another() {
        let member = Project::of_files(
            "api",
            &[WORKSPACE, ("api/Cargo.toml", "[package]\nname = \"api\"\n")],
        );
        let update =
            |shell, at_hand| Commands::new(&standing(&member, shell, at_hand)).rwx("infra update");
        assert_eq!(update("/p", Some("")), "rwx infra update -p api");
        assert_eq!(update("/p/api", Some("api")), "rwx infra update");
        assert_eq!(update("/", None), "rwx -C p/api infra update");
    }

    #[test]
    fn a_shell_elsewhere_goes_to_the_package_first() {
        let member = Project::of_files(
            "a b",
            &[WORKSPACE, ("a b/Cargo.toml", "[package]\nname = \"api\"\n")],
        );
        let go = |shell: &str| Commands::new(&standing(&member, shell, None)).go();
        assert_eq!(go("/p"), None);
        assert_eq!(go("/").as_deref(), Some("cd p/'a b'"));
        assert_eq!(go("/x").as_deref(), Some("cd /p/'a b'"));
    }

    #[test]
    fn docker_is_told_the_file_that_it_does_not_find() {
        let app = ("Cargo.toml", "[package]\nname = \"app\"\n");
        let files = [
            app,
            ("compose.yaml", ""),
            ("docker-compose.yml", ""),
            ("x/compose.yml", ""),
            ("x/dev.yml", ""),
        ];
        let over = [&files[..], &[("x/compose.override.yml", "")]].concat();
        let up = |files: &[(&str, &str)], shell: &str, path: &str| {
            let project = standing(&Project::of_files("", files), shell, Some(""));
            Commands::new(&project).compose(&project.tree, path)
        };
        assert_eq!(up(&files, "/p", "compose.yaml"), "docker compose");
        assert_eq!(up(&files, "/p/src", "compose.yaml"), "docker compose");
        assert_eq!(up(&files, "/p/x", "x/compose.yml"), "docker compose");
        assert_eq!(up(&files, "/p/x", "compose.yaml"), "docker compose -f /p/compose.yaml");
        assert_eq!(up(&files, "/p", "docker-compose.yml"), "docker compose -f docker-compose.yml");
        assert_eq!(up(&files, "/p", "x/dev.yml"), "docker compose -f x/dev.yml");
        assert_eq!(
            up(&over, "/p", "x/compose.yml"),
            "docker compose -f x/compose.yml -f x/compose.override.yml"
        );
        assert_eq!(up(&files, "/", "compose.yaml"), "docker compose");
    }
}
