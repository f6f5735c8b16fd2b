//! What a compose file says of its services: what they run, what they publish, and which other
//! files bring more.

use std::ops::{Range, RangeInclusive};

use super::super::Refusal;
use super::image;
use super::interpolation::fill;
use super::ports::{self, Port};
use super::services::{entries, lookup, resolve, section};
use super::yaml::{self, Mapping, Node, Value};

/// A compose file, through aliases and merges; the documents of one file are read as one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct View {
    /// Its services, in order.
    pub services: Vec<ServiceView>,
    /// The keys of its named volumes.
    pub volumes: Vec<String>,
    /// The files that `include` brings, relative to the file's folder; nothing for one that a
    /// variable names.
    pub includes: Vec<Option<String>>,
}

/// A service of a compose file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceView {
    /// Its key.
    pub name: String,
    /// Where the key stands.
    pub at: Range<usize>,
    /// What it runs.
    pub image: Image,
    /// What it publishes on the host.
    pub ports: Vec<Port>,
    /// What it has for other containers.
    pub exposed: Vec<RangeInclusive<u16>>,
    /// True when it has no network of its own: its ports are the host's.
    pub is_on_host: bool,
    /// What it takes over from another service.
    pub extends: Option<Extends>,
    /// All that is written of it.
    pub text: String,
}

/// What a service runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Image {
    /// An image of this name, without registry host, tag and digest.
    Named(String),
    /// An image that is built, and of this name where it has one.
    Built(String),
    /// An image that the variables of this text name.
    Variable(String),
    /// Nothing that this file says.
    Unsaid,
}

/// A service that another one takes over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extends {
    /// Its key.
    pub service: String,
    /// The file that holds it, relative to the file's folder; nothing for the same one.
    pub file: Option<String>,
}

/// Reads `source`.
///
/// # Errors
/// Malformed when `source` is no YAML. Unsafe when it holds a key twice.
pub fn view(source: &str) -> Result<View, Refusal> {
    let document = yaml::parse(source)?;
    let mut view = View::default();
    for root in &document.roots {
        let services =
            section(root, "services").map(|services| entries(root, services)).unwrap_or_default();
        view.services.extend(
            services.into_iter().map(|(key, node)| Reader { source, root }.service(key, node)),
        );
        view.volumes.extend(super::services::keys(root, "volumes").into_iter().map(str::to_owned));
        view.includes.extend(Reader { source, root }.includes());
    }
    Ok(view)
}

struct Reader<'n> {
    source: &'n str,
    root: &'n Node,
}

impl<'n> Reader<'n> {
    fn get(&self, mapping: &'n Mapping, key: &str) -> Option<&'n Node> {
        resolve(self.root, lookup(self.root, mapping, key)?)
    }

    fn text(&self, mapping: &'n Mapping, key: &str) -> Option<&'n str> {
        self.get(mapping, key)?.as_str()
    }

    fn service(&self, key: &Node, node: &'n Node) -> ServiceView {
        let name = key.as_str().unwrap_or_default().to_owned();
        let empty = ServiceView {
            name,
            at: key.span.clone(),
            image: Image::Unsaid,
            ports: Vec::new(),
            exposed: Vec::new(),
            is_on_host: false,
            extends: None,
            text: String::new(),
        };
        let Some(node) = resolve(self.root, node) else { return empty };
        let Some(mapping) = node.as_mapping() else { return empty };
        ServiceView {
            image: self.image(mapping),
            ports: self.get(mapping, "ports").map(ports::published).unwrap_or_default(),
            exposed: self.texts(mapping, "expose").into_iter().filter_map(ports::exposed).collect(),
            is_on_host: self.text(mapping, "network_mode") == Some("host"),
            extends: self.extends(mapping),
            text: self.source.get(node.span.clone()).unwrap_or_default().to_owned(),
            ..empty
        }
    }

    fn image(&self, mapping: &'n Mapping) -> Image {
        let is_built = lookup(self.root, mapping, "build").is_some();
        let Some(text) = self.text(mapping, "image") else {
            return if is_built { Image::Built(String::new()) } else { Image::Unsaid };
        };
        match image::name(text) {
            name if is_built => Image::Built(name),
            name if name.is_empty() => Image::Variable(text.to_owned()),
            name => Image::Named(name),
        }
    }

    fn extends(&self, mapping: &'n Mapping) -> Option<Extends> {
        let node = self.get(mapping, "extends")?;
        if let Some(service) = node.as_str() {
            return Some(Extends { service: service.to_owned(), file: None });
        }
        let mapping = node.as_mapping()?;
        let file = self.text(mapping, "file").map(|file| fill(file).text);
        Some(Extends { service: self.text(mapping, "service")?.to_owned(), file })
    }

    /// The scalars of a list.
    fn texts(&self, mapping: &'n Mapping, key: &str) -> Vec<&'n str> {
        let Some(Node { value: Value::Sequence(items), .. }) = self.get(mapping, key) else {
            return Vec::new();
        };
        items.iter().filter_map(|item| resolve(self.root, item)?.as_str()).collect()
    }

    fn includes(&self) -> Vec<Option<String>> {
        let list = self.root.as_mapping().and_then(|top| self.get(top, "include"));
        let Some(Node { value: Value::Sequence(items), .. }) = list else { return Vec::new() };
        let one = |item: &'n Node| match resolve(self.root, item).map(|item| &item.value) {
            Some(Value::Scalar(path)) => vec![path.as_str()],
            Some(Value::Mapping(mapping)) => {
                let one = self.text(mapping, "path").into_iter();
                one.chain(self.texts(mapping, "path")).collect()
            }
            _ => Vec::new(),
        };
        let known = |path: &str| {
            Some(fill(path)).filter(|path| path.unknown.is_empty()).map(|path| path.text)
        };
        items.iter().flat_map(one).map(known).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn services(source: &str) -> Vec<ServiceView> {
        view(source).unwrap().services
    }

    #[test]
    fn the_image_is_known_unless_a_build_or_a_variable_makes_it() {
        for (service, image) in [
            ("image: docker.io/library/queue:7", Image::Named("queue".to_owned())),
            ("image: ${IMAGE:-queue:7}", Image::Named("queue".to_owned())),
            ("image: ${IMAGE}", Image::Variable("${IMAGE}".to_owned())),
            ("build: .", Image::Built(String::new())),
            ("build: .\n    image: my/queue", Image::Built("my/queue".to_owned())),
            ("extends: base", Image::Unsaid),
        ] {
            assert_eq!(
                services(&format!("services:\n  a:\n    {service}"))[0].image,
                image,
                "{service}"
            );
        }
    }

    #[test]
    fn documents_aliases_and_merges_are_read_as_one() {
        let source = "x-p: &p [\"1:2\"]\nx-a: &a {ports: *p, network_mode: host}\nservices:\n  a: {<<: *a, expose: [3, \"4-5\"]}\n\
                      ---\nservices:\n  b: ~\nvolumes:\n  v:\n";
        let view = view(source).unwrap();
        assert_eq!(
            view.services.iter().map(|service| service.name.as_str()).collect::<Vec<_>>(),
            ["a", "b"]
        );
        let first = &view.services[0];
        assert_eq!((first.ports.len(), first.is_on_host), (1, true));
        assert_eq!(first.exposed, [3..=3, 4..=5]);
        assert_eq!(view.volumes, ["v"]);
        assert_eq!(&source[view.services[1].at.clone()], "b");
    }

    #[test]
    fn what_other_files_bring_is_named() {
        let source = "include:\n  - a.yml\n  - path: [b.yml, c.yml]\n    env_file: x\n  - path: ${D:-d}.yml\n  - $E/e.yml\n\
                      services:\n  a: {extends: {file: f.yml, service: b}}\n  c: {extends: a}\n";
        let view = view(source).unwrap();
        let known = |path: &str| Some(path.to_owned());
        assert_eq!(
            view.includes,
            [known("a.yml"), known("b.yml"), known("c.yml"), known("d.yml"), None]
        );
        let extends = |service: &str, file: Option<&str>| {
            Some(Extends { service: service.to_owned(), file: file.map(str::to_owned) })
        };
        assert_eq!(view.services[0].extends, extends("b", Some("f.yml")));
        assert_eq!(view.services[1].extends, extends("a", None));
    }
}
