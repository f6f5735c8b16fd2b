//! Rendered code in the layout of the project's own rustfmt.

use super::versions::Versions;
use crate::plan::merge::fed;
use crate::project::Project;

/// Gives those of `files` that are written or merged the layout that the project has for them.
/// False where rustfmt cannot.
pub(super) fn lay_out(project: &Project, files: &mut [Versions<'_>]) -> bool {
    let is_asked = |file: &&mut Versions<'_>| project.has_layout(&file.path) && is_touched(file);
    let mut asked: Vec<&mut Versions<'_>> = files.iter_mut().filter(is_asked).collect();
    if asked.is_empty() {
        return true;
    }
    let bases = asked
        .iter()
        .map(|file| (file.path.as_str(), file.base.as_ref().map_or("", |base| &*base.text)));
    let texts: Vec<(&str, &str)> =
        asked.iter().map(|file| (file.path.as_str(), file.template)).chain(bases).collect();
    let mut laid_out = project.laid_out(&texts);
    let bases = laid_out.split_off(asked.len());
    let is_done = laid_out.iter().all(Option::is_some);
    for ((file, template), base) in asked.iter_mut().zip(laid_out).zip(bases) {
        (file.laid_out, file.laid_out_base) = (template, base);
    }
    is_done
}

/// True unless `file` stays as the owner has it.
fn is_touched(file: &Versions<'_>) -> bool {
    let Some(yours) = file.yours else { return true };
    let is_current =
        file.base.as_ref().is_some_and(|base| base.is_sure && base.text == fed(file.template));
    file.is_renamed() || !is_current && fed(yours) != fed(file.template)
}
