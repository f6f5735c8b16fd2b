//! Names of container images.

use super::interpolation::fill;

/// The name in an image reference: without registry host, tag and digest, variables replaced by
/// their defaults.
pub(super) fn name(reference: &str) -> String {
    let reference = fill(reference).text;
    let reference = reference.split('@').next().unwrap_or_default();
    let path = match reference.split_once('/') {
        Some((host, path))
            if host.is_empty() || host == "localhost" || host.contains(['.', ':']) =>
        {
            path
        }
        _ => reference,
    };
    let tag = path.rfind('/').unwrap_or(0);
    let end = path[tag..].find(':').map_or(path.len(), |colon| tag + colon);
    let path = &path[..end];
    // A mirror has docker's own images in a folder of this name.
    path.rsplit_once("library/").map_or(path, |(_, name)| name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn host_tag_and_digest_go() {
        for reference in [
            "nginx",
            "nginx:7-alpine",
            "docker.io/library/nginx@sha256:00",
            "localhost:5000/nginx:7",
            "localhost/nginx",
            "${REGISTRY}/nginx:${TAG:-7}",
            "${REGISTRY:-ghcr.io}/nginx",
            "${IMAGE:-nginx:7}",
            "${IMAGE:-${OTHER:-nginx}}",
            "public.ecr.aws/docker/library/nginx",
            "nginx:${TAG",
        ] {
            assert_eq!(name(reference), "nginx", "{reference}");
        }
        assert_eq!(name("ghcr.io/valkey/valkey:8"), "valkey/valkey");
        assert_eq!(name("nginx/nginx-extra"), "nginx/nginx-extra");
        assert_eq!(name(""), "");
    }
}
