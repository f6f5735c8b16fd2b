//! `mod NAME;` in a crate root.

use std::ops::Range;

use syn::ext::IdentExt;
use syn::{Item, ItemMod, Visibility};

use super::lines::{comment_block, line_tail};
use super::syntax::{Syntax, checked};
use crate::edit::lines::{end_of, is_first, start_of};
use crate::edit::{Edit, Outcome, line_ending};

/// Declares the module `name` in a crate root, with `visibility` `""` or `"pub"`.
///
/// The line joins the group of `mod` lines that suits it best: in its place where the group is
/// sorted as rustfmt sorts, behind the last line otherwise. Without any group it stands before the
/// first item. A module of that name, inline or not, makes the edit empty.
///
/// # Errors
/// Malformed when `source` does not parse.
pub fn declare_module(source: &str, name: &str, visibility: &str) -> Outcome {
    let syntax = Syntax::parse(source)?;
    let declared = |item: &Item| matches!(item, Item::Mod(module) if module.ident.unraw() == name);
    if syntax.file.items.iter().any(declared) {
        return Ok(Edit::default());
    }
    let line = if visibility.is_empty() {
        format!("mod {name};")
    } else {
        format!("{visibility} mod {name};")
    };
    let groups = groups(source, &syntax);
    let edit = match best_group(&groups, visibility) {
        Some(group) => join(source, &syntax, group, name, &line),
        None => open(source, &syntax, &line),
    };
    checked(source, edit)
}

/// One `mod name;` line.
struct Declaration {
    name: String,
    public: bool,
    anchor: bool,
    range: Range<usize>,
}

/// The runs of `mod name;` lines that rustfmt sorts as one: nothing, not even an empty line,
/// between them.
fn groups(source: &str, syntax: &Syntax) -> Vec<Vec<Declaration>> {
    let mut groups: Vec<Vec<Declaration>> = Vec::new();
    let mut adjacent = false;
    for item in &syntax.file.items {
        let Item::Mod(module) = item else {
            adjacent = false;
            continue;
        };
        if module.content.is_some() || keeps_its_place(module) {
            adjacent = false;
            continue;
        }
        let declaration = declaration(syntax, module);
        match groups.last_mut() {
            Some(group) if adjacent && touches(source, group, &declaration) => {
                group.push(declaration)
            }
            _ => groups.push(vec![declaration]),
        }
        adjacent = true;
    }
    groups
}

fn declaration(syntax: &Syntax, module: &ItemMod) -> Declaration {
    Declaration {
        name: module.ident.unraw().to_string(),
        public: matches!(module.vis, Visibility::Public(_)),
        anchor: !module.attrs.iter().any(|attribute| attribute.path().is_ident("cfg")),
        range: syntax.range(module),
    }
}

/// rustfmt never moves these.
fn keeps_its_place(module: &ItemMod) -> bool {
    module.attrs.iter().any(|attribute| attribute.path().is_ident("macro_use"))
}

fn touches(source: &str, group: &[Declaration], next: &Declaration) -> bool {
    let end = group.last().map_or(0, |last| last.range.end);
    source[end..next.range.start].matches('\n').count() <= 1
}

/// The group with the most lines of the wanted visibility, the later of equals; groups that hold
/// nothing but conditional modules (`#[cfg(test)] mod tests;`) stay alone.
fn best_group<'a>(
    groups: &'a [Vec<Declaration>],
    visibility: &str,
) -> Option<&'a Vec<Declaration>> {
    let alike = |group: &&Vec<Declaration>| {
        group
            .iter()
            .filter(|member| member.anchor && member.public != visibility.is_empty())
            .count()
    };
    groups.iter().filter(|group| group.iter().any(|member| member.anchor)).max_by_key(alike)
}

fn join(source: &str, syntax: &Syntax, group: &[Declaration], name: &str, line: &str) -> Edit {
    let sorted = group.is_sorted_by(|a, b| a.name <= b.name);
    let next = if sorted { group.iter().find(|member| member.name.as_str() > name) } else { None };
    if let Some(next) = next {
        return Edit::insertion(
            above(source, syntax, next),
            format!("{line}{}", line_ending(source)),
        );
    }
    let last = if sorted { group.last() } else { group.iter().rfind(|member| member.anchor) };
    let end = last.map_or(syntax.start(), |last| last.range.end);
    let at = line_tail(source, end).unwrap_or(end);
    Edit::insertion(at, format!("{}{line}", line_ending(source)))
}

/// The place above `next` and the comment on it. A comment that opens the file is about all of it.
fn above(source: &str, syntax: &Syntax, next: &Declaration) -> usize {
    let (start, floor) = (next.range.start, below_header(source, syntax));
    let own_line = start_of(source, start);
    if own_line < floor || !is_first(source, start) {
        return start;
    }
    let comments = comment_block(source, own_line, floor);
    if comments == syntax.start() { own_line } else { comments }
}

/// The first `mod` line of a root: above the first item that is not `extern crate`, an empty line
/// around it.
fn open(source: &str, syntax: &Syntax, line: &str) -> Edit {
    let eol = line_ending(source);
    let (header_end, floor) = (header_end(syntax), below_header(source, syntax));
    let Some(first) = syntax.file.items.iter().find(|item| !matches!(item, Item::ExternCrate(_)))
    else {
        return append(source, header_end, line);
    };
    let start = syntax.range(first).start;
    let own_line = start_of(source, start);
    if own_line < floor || !is_first(source, start) {
        return Edit::insertion(start, format!("{line}{eol}{eol}"));
    }
    let comments = comment_block(source, own_line, floor);
    let licence = comments == syntax.start() && matches!(first, Item::Use(_));
    let at =
        if licence || source[comments..own_line].trim().is_empty() { own_line } else { comments };
    let gap = if at > syntax.start() && ends_header(source, header_end, at) { eol } else { "" };
    Edit::insertion(at, format!("{gap}{line}{eol}{eol}"))
}

/// True when the header's last line stands directly above `at`, so that an empty line has to part
/// them.
fn ends_header(source: &str, header_end: usize, at: usize) -> bool {
    header_end > 0 && source[header_end..at].matches('\n').count() <= 1
}

/// A root without items: behind its attributes and comments.
fn append(source: &str, header_end: usize, line: &str) -> Edit {
    let eol = line_ending(source);
    let text = source.trim_end();
    if text.trim_start_matches('\u{feff}').is_empty() {
        return Edit::insertion(source.len(), format!("{line}{eol}"));
    }
    let ended = if source.ends_with('\n') { "" } else { eol };
    let gap = if source[text.len().max(header_end)..].matches('\n').count() > 1 { "" } else { eol };
    Edit::insertion(source.len(), format!("{ended}{gap}{line}{eol}"))
}

/// End of the inner attributes, inner docs and `extern crate` items that open the file; 0 without
/// any.
fn header_end(syntax: &Syntax) -> usize {
    let attributes = syntax.file.attrs.iter().map(|attribute| syntax.range(attribute).end);
    let items = syntax.file.items.iter().take_while(|item| matches!(item, Item::ExternCrate(_)));
    attributes.chain(items.map(|item| syntax.range(item).end)).max().unwrap_or(0)
}

/// Start of the line below the header, or of the file where it has none.
fn below_header(source: &str, syntax: &Syntax) -> usize {
    match header_end(syntax) {
        0 => syntax.start(),
        end => end_of(source, end),
    }
}

#[cfg(test)]
mod tests;
