//! Packages for tests, written as a list of files.

use super::{Package, Place, Root, RootKind, Serve};

/// A package of these files: `src/lib.rs`, `src/main.rs` and the files of `tests/` are its roots.
pub(super) fn package(files: &[(&str, &str)]) -> Package {
    let roots = files.iter().filter_map(|(file, _)| {
        let kind = match *file {
            "src/lib.rs" => RootKind::Lib,
            "src/main.rs" => RootKind::Bin,
            file if file.starts_with("tests/") => RootKind::Other,
            _ => return None,
        };
        Some(Root { file: (*file).to_owned(), kind, name: "demo".to_owned() })
    });
    let roots = roots.collect();
    Package::new(
        files.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect(),
        roots,
    )
}

/// The text at `place`.
pub(super) fn at<'p>(package: &'p Package, place: &Place) -> &'p str {
    &package.text(&place.file).unwrap()[place.range.clone()]
}

/// The router at which a package of these files is extended, or why it is not and where.
pub(super) fn serve(files: &[(&str, &str)]) -> Result<String, String> {
    let package = package(files);
    match package.serve("axum") {
        Serve::Site(site) => Ok(site.router),
        Serve::ByHand { reason, at: place, .. } => {
            Err(format!("{reason} @ {}", at(&package, &place)))
        }
        Serve::Several(served) => {
            let places: Vec<&str> = served.iter().map(|one| at(&package, &one.at)).collect();
            Err(format!("several @ {}", places.join(", ")))
        }
        Serve::Missing => Err("missing".to_owned()),
    }
}
