//! The editor of READMEs: a chapter at the end.

use std::ops::Range;

use super::lines::{append_block, end_of};
use super::{Edit, Outcome, Refusal};

/// Adds the chapter `title` with its `text` at the end of `source`, unless there is one of this
/// title.
///
/// # Errors
/// Unsafe when a fence stays open, as the chapter would be shown as code.
pub fn add_chapter(source: &str, title: &str, text: &str) -> Outcome {
    if !find(source, title).is_empty() {
        return Ok(Edit::default());
    }
    let edit = append_block(source, &format!("## {title}\n\n{}", text.trim()));
    if differ_by(&edit.apply(source), source, title) && find(&edit.apply(source), title).len() == 1
    {
        return Ok(edit);
    }
    Err(Refusal::not_safe(
        source.len()..source.len(),
        format!("the file would have no chapter `{title}` with it added"),
    ))
}

/// Where the headings of chapters called `title` stand.
pub fn find(source: &str, title: &str) -> Vec<Range<usize>> {
    let all = headings(source).into_iter();
    all.filter(|place| name(&source[place.clone()]) == Some(title)).collect()
}

/// True when `with` has the chapter `title`, and both texts have the same others.
pub fn differ_by(with: &str, without: &str, title: &str) -> bool {
    let others = |source: &'_ str| -> Vec<String> {
        let all = headings(source).into_iter().map(|place| source[place].trim_end().to_owned());
        all.filter(|heading| name(heading) != Some(title)).collect()
    };
    find(without, title).is_empty() && others(with) == others(without)
}

/// The lines, without their endings, that are headings with a `#`.
fn headings(source: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut fence: Option<&str> = None;
    let mut at = 0;
    while at < source.len() {
        let end = end_of(source, at);
        let line = source[at..end].trim_end();
        let mark = ["```", "~~~"].into_iter().find(|mark| line.trim_start().starts_with(mark));
        match (fence, mark) {
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, Some(mark)) => fence = Some(mark),
            (None, None) if line.starts_with('#') => found.push(at..at + line.len()),
            _ => {}
        }
        at = end;
    }
    found
}

/// What the heading `line` of a chapter says.
fn name(line: &str) -> Option<&str> {
    Some(line.strip_prefix("## ")?.trim().trim_end_matches('#').trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(source: &str) -> String {
        add_chapter(source, "Chat", "Hello.\n").unwrap().apply(source)
    }

    #[test]
    fn a_chapter_comes_last_and_once() {
        assert_eq!(added(""), "## Chat\n\nHello.\n");
        assert_eq!(added("# a\n"), "# a\n\n## Chat\n\nHello.\n");
        assert_eq!(added("# a\r\n"), "# a\r\n\r\n## Chat\r\n\r\nHello.\r\n");
        for there in ["## Chat\n", "## Chat ##\nx\n", "x\n##   Chat  \r\n"] {
            assert_eq!(added(there), there);
        }
        assert_eq!(added(&added("# a")), "# a\n\n## Chat\n\nHello.");
    }

    #[test]
    fn code_is_no_heading() {
        let source = "```sh\n## Chat\n```\n~~~\n```\n## Chat\n~~~\n";
        assert!(find(source, "Chat").is_empty());
        assert_eq!(find(&added(source), "Chat").len(), 1);
        assert!(add_chapter("```\nopen\n", "Chat", "Hello.").is_err());
    }

    #[test]
    fn texts_that_differ_in_another_chapter_differ_by_more() {
        let with = added("## a\n");
        assert!(differ_by(&with, "## a\n", "Chat"));
        assert!(!differ_by(&with, "## b\n", "Chat") && !differ_by(&with, &with, "Chat"));
    }
}
