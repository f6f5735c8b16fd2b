//! What a template may be at most. The engine recurses along an expression, and folds its constants
//! at a cost that grows with the square of its length; the project's own templates may come from
//! anywhere: what is too much is refused before it is parsed.

use std::ops::Range;

/// The most bytes of a template.
const MOST: usize = 256 << 10;
/// The most bytes of one tag with all that is between its braces.
const LONGEST_TAG: usize = 1000;
/// The most branches of all conditions of a template.
const MOST_BRANCHES: usize = 500;

/// What is too much in `template`, and where; nothing when all is within bounds.
pub(super) fn excess(template: &str) -> Option<(Range<usize>, &'static str)> {
    if template.len() > MOST {
        return Some((0..0, "it is larger than 256 KiB"));
    }
    if let Some((at, _)) = template.match_indices("elif").nth(MOST_BRANCHES) {
        return Some((at..at + "elif".len(), "it has more than 500 branches"));
    }
    long_tag(template).map(|at| (at, "this tag is longer than 1,000 bytes"))
}

/// The opening of the first tag that is too long.
fn long_tag(template: &str) -> Option<Range<usize>> {
    let mut at = 0;
    while let Some(found) = template[at..].find("{") {
        let start = at + found;
        let rest = &template[start..];
        let len = match rest.as_bytes().get(1) {
            Some(b'#') => rest.find("#}").map_or(rest.len(), |end| end + 2),
            Some(b'%') if is_tag(rest, "raw") => raw_len(rest),
            Some(b'%') => tag_len(rest, b'%'),
            Some(b'{') => tag_len(rest, b'}'),
            _ => 1,
        };
        if len > LONGEST_TAG && matches!(rest.as_bytes()[1], b'{' | b'%') && !is_tag(rest, "raw") {
            return Some(start..start + 2);
        }
        at = start + len;
    }
    None
}

/// The length of the tag that `rest` begins with, up to `close` and a brace: those in strings and
/// brackets do not end it.
fn tag_len(rest: &str, close: u8) -> usize {
    let bytes = rest.as_bytes();
    let (mut at, mut open) = (2, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            _ if open == 0 && *byte == close && bytes.get(at + 1) == Some(&b'}') => return at + 2,
            b'"' | b'\'' => at = string_end(bytes, at),
            b'(' | b'[' | b'{' => open += 1,
            b')' | b']' | b'}' => open -= 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// Where the string ends that begins at `start`.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() && bytes[at] != bytes[start] {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at
}

/// The length of the raw block that `rest` begins with.
fn raw_len(rest: &str) -> usize {
    let end = rest.match_indices("{%").find(|(at, _)| is_tag(&rest[*at..], "endraw"));
    end.map_or(rest.len(), |(at, _)| at + tag_len(&rest[at..], b'%'))
}

/// True when `rest` begins with the tag `name`, which takes no arguments.
fn is_tag(rest: &str, name: &str) -> bool {
    let inner =
        rest.strip_prefix("{%").map(|inner| inner.trim_start_matches(['-', '+']).trim_start());
    let behind = inner.and_then(|inner| inner.strip_prefix(name)).map(str::trim_start);
    behind.is_some_and(|behind| behind.trim_start_matches(['-', '+']).starts_with("%}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_ends_where_the_engine_ends_it() {
        let len = |tag: &str| tag_len(tag, if tag.starts_with("{%") { b'%' } else { b'}' });
        for tag in [
            "{{ a }}",
            "{{ '}}' ~ \"\\\"}}\" }}",
            "{{ {'a': {'b': 1}}|x }}",
            "{% if a[{}] -%}",
            "{{ a",
        ] {
            assert_eq!(
                len(&format!("{tag} }}}} %}}")),
                tag.len().max(if tag == "{{ a" { 7 } else { 0 }),
                "{tag}"
            );
        }
    }

    #[test]
    fn what_would_overflow_is_refused_wherever_it_hides() {
        let chain = format!("{{{{ a{} }}}}", "|upper".repeat(1000));
        assert_eq!(
            excess(&format!(
                "text {{% raw %}}{chain}{{%- endraw -%}} {{# {chain} #}} {{{{ a }}}} }}}}"
            )),
            None
        );
        for hidden in [
            chain.clone(),
            format!("{{% raw %}}{{#{{% endraw %}}{chain}#}}"),
            format!("{{{{ '}}}}{{#' }}}}{chain}"),
            format!("{{{{ {{'a': {{}}}}{} }}}}", "|upper".repeat(1000)),
            format!("{{% if a %}}{}{{% endif %}}", "{% elif a %}".repeat(501)),
            "x".repeat(MOST + 1),
        ] {
            assert!(excess(&hidden).is_some(), "{}", &hidden[..40]);
        }
    }

    #[test]
    fn rwx_s_own_templates_are_within_bounds() {
        for component in crate::component::all().unwrap() {
            assert!(component.templates.iter().all(|template| excess(&template.source).is_none()));
        }
    }
}
