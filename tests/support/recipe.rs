//! The recipes of the manual that is rendered into a project: each block of code goes where its
//! first line says.

use super::Scratch;

/// A block of code of a recipe.
struct Block {
    /// Its first line: `handler.rs, at the end`.
    place: String,
    code: String,
}

/// The owner's project, in which recipes are followed.
pub struct Kitchen<'a> {
    pub project: &'a Scratch,
    /// The file in which the hub is started and the router served.
    pub server: &'a str,
    /// The root of the crate that has the module.
    pub root: &'a str,
}

impl Kitchen<'_> {
    /// Does what the recipe under `heading` says.
    #[track_caller]
    pub fn follow(&self, heading: &str) {
        let blocks = blocks(&section(&self.project.read("src/ws/README.md"), heading));
        assert!(!blocks.is_empty(), "{heading} has no code");
        for block in &blocks {
            self.put(block);
        }
    }

    #[track_caller]
    fn put(&self, block: &Block) {
        let (file, how) =
            block.place.split_once(", ").unwrap_or_else(|| panic!("no place: {}", block.place));
        if how == "a file of your crate" {
            return self.add_file(file, &block.code);
        }
        let path = match file {
            "where the hub is started" | "where the router is served" => self.server.to_owned(),
            file => format!("src/ws/{file}"),
        };
        let text = self.project.read(&path);
        let target = how.split('`').nth(1).unwrap_or_default();
        let new = match how.split(" `").next().unwrap() {
            "at the end" => text + "\n" + &block.code,
            "in" => insert_into(&text, target, &block.code),
            "after" => insert_after(&text, target, &block.code),
            "instead of" => replace(&text, target, &block.code),
            _ => panic!("no such place: {}", block.place),
        };
        self.project.write(&path, new.as_bytes());
    }

    /// Adds a module to the crate.
    pub fn add_file(&self, file: &str, code: &str) {
        self.project.write(&format!("src/{file}"), code.as_bytes());
        let module = file.trim_end_matches(".rs");
        let root = self.project.read(self.root);
        let head_end = root.find("\n\n").unwrap() + 1;
        let (head, rest) = root.split_at(head_end);
        self.project.write(self.root, format!("{head}\npub mod {module};\n{rest}").as_bytes());
    }
}

/// The text below a heading, up to the next one.
#[track_caller]
pub fn section(readme: &str, heading: &str) -> String {
    let start = format!("\n### {heading}\n");
    let (_, text) = readme.split_once(&start).unwrap_or_else(|| panic!("there is no {heading:?}"));
    let end = [text.find("\n### "), text.find("\n## ")].into_iter().flatten().min();
    text[..end.unwrap_or(text.len())].to_owned()
}

/// The blocks of Rust and TypeScript in a text.
fn blocks(text: &str) -> Vec<Block> {
    let fences = text.split("```").skip(1).step_by(2);
    let code =
        fences.filter_map(|fence| fence.strip_prefix("rust\n").or(fence.strip_prefix("ts\n")));
    let block = |code: &str| {
        let (place, code) = code.split_once('\n').unwrap();
        Block { place: place.trim_start_matches("// ").to_owned(), code: code.to_owned() }
    };
    code.map(block).collect()
}

fn indent_of(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}

fn indented(code: &str, indent: &str) -> Vec<String> {
    code.lines()
        .map(|line| if line.is_empty() { String::new() } else { format!("{indent}{line}") })
        .collect()
}

/// The line with `target`, which must be the only one.
#[track_caller]
fn find(lines: &[&str], target: &str) -> usize {
    let found: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].contains(target)).collect();
    assert_eq!(found.len(), 1, "{target:?} is on one line of\n{}", lines.join("\n"));
    found[0]
}

/// The line that closes what the line `at` opens.
fn end_of(lines: &[&str], at: usize) -> usize {
    let indent = indent_of(lines[at]);
    let is_end =
        |line: &str| line.strip_prefix(indent).is_some_and(|rest| rest.starts_with(['}', ')']));
    let is_whole = lines[at].ends_with(';') || lines[at].ends_with("{}");
    if is_whole { at } else { at + lines[at..].iter().position(|line| is_end(line)).unwrap() }
}

fn insert_into(text: &str, target: &str, code: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let at = find(&lines, target);
    let indent =
        format!("{}{}", indent_of(lines[at]), if text.contains("\n    ") { "    " } else { "  " });
    splice(&lines, end_of(&lines, at), 0, &indented(code, &indent))
}

fn insert_after(text: &str, target: &str, code: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let at = find(&lines, target);
    let end = at + lines[at..].iter().position(|line| line.ends_with(';')).unwrap();
    splice(&lines, end + 1, 0, &indented(code, indent_of(lines[at])))
}

/// Replaces an item with its comment and attributes, or a part of a line.
fn replace(text: &str, target: &str, code: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let at = find(&lines, target);
    if !lines[at].trim_start().starts_with(target) {
        return text.replace(target, code.trim_end());
    }
    let is_above =
        |line: &&str| line.trim_start().starts_with("///") || line.trim_start().starts_with("#[");
    let above = lines[..at].iter().rev().take_while(|line| is_above(line)).count();
    let removed = above + 1 + end_of(&lines, at) - at;
    splice(&lines, at - above, removed, &indented(code, indent_of(lines[at])))
}

fn splice(lines: &[&str], at: usize, removed: usize, code: &[String]) -> String {
    let kept = |lines: &[&str]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    let code: String = code.iter().map(|line| format!("{line}\n")).collect();
    kept(&lines[..at]) + &code + &kept(&lines[at + removed..])
}
