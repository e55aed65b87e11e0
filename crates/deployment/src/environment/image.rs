//! Container image names, which tell the LiteLLM release.

use base::source::Span;

/// A container image that runs LiteLLM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// As it is written: `ghcr.io/berriai/litellm:main-v1.80.0-stable`.
    pub name: String,
    /// The release that the digest is known to be, else that the tag names: `1.80.0`; `None` for `latest` and
    /// the like.
    pub release: Option<String>,
    /// Where it is written.
    pub span: Option<Span>,
}

impl Image {
    /// Reads an image's name; `None` when it is not an image of LiteLLM's.
    pub fn parse(name: &str, span: Option<Span>) -> Option<Self> {
        let name = name.trim();
        let (path, tag) = split(name);
        let last = path.rsplit('/').next().unwrap_or(path);
        last.to_ascii_lowercase().contains("litellm").then(|| Self {
            name: name.to_owned(),
            // Where both are there, the digest is what runs.
            release: digest_release(name).or_else(|| tag.and_then(release)),
            span,
        })
    }
}

/// The path and the tag of an image's name; a digest is left out.
fn split(name: &str) -> (&str, Option<&str>) {
    let name = name.split('@').next().unwrap_or(name);
    let slash = name.rfind('/').map_or(0, |at| at + 1);
    match name[slash..].find(':') {
        Some(colon) => (&name[..slash + colon], Some(&name[slash + colon + 1..])),
        None => (name, None),
    }
}

/// The release that an image's digest is known to be.
fn digest_release(name: &str) -> Option<String> {
    let (_, digest) = name.split_once('@')?;
    facts::release_of_digest(digest).map(|release| release.to_string())
}

/// `1.80.0` of `main-v1.80.0-stable`, `v1.80.0.rc.1`, `1.80.0-nightly`.
fn release(tag: &str) -> Option<String> {
    let is_boundary = |before: &str| !before.ends_with(|c: char| c.is_ascii_digit() || c == '.');
    let starts = tag
        .char_indices()
        .filter(|(_, c)| c.is_ascii_digit())
        .map(|(at, _)| at)
        .filter(|at| is_boundary(&tag[..*at]));
    for start in starts {
        let rest = &tag[start..];
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let numbers: Vec<&str> = rest[..end].split('.').take(3).collect();
        if numbers.len() == 3 && numbers.iter().all(|number| !number.is_empty()) {
            return Some(numbers.join("."));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::Image;

    fn release_of(name: &str) -> Option<String> {
        Image::parse(name, None).expect("a LiteLLM image").release
    }

    #[test]
    fn the_tag_names_the_release() {
        for name in [
            "ghcr.io/berriai/litellm:main-v1.80.0-stable",
            "ghcr.io/berriai/litellm-database:main-v1.80.0-stable.1",
            "docker.litellm.ai/berriai/litellm:v1.80.0",
            "localhost:5000/litellm:1.80.0",
            "litellm/litellm:v1.80.0.rc.1",
            "ghcr.io/berriai/litellm:main-v1.80.0-nightly@sha256:abc",
        ] {
            assert_eq!(release_of(name).as_deref(), Some("1.80.0"), "{name}");
        }
    }

    #[test]
    fn a_known_digest_names_it_whatever_the_tag() {
        let digest = "sha256:468c25f35f3e5ec4e414974f00deab93337b1b4d9953cabcfd3722e59415f834";
        for name in ["litellm@", "litellm:main-stable@", "litellm:v1.80.0-stable@"] {
            let name = format!("ghcr.io/berriai/{name}{digest}");
            assert_eq!(release_of(&name).as_deref(), Some("1.97.0"), "{name}");
        }
    }

    #[test]
    fn a_moving_tag_names_none() {
        for name in [
            "ghcr.io/berriai/litellm:main-latest",
            "ghcr.io/berriai/litellm:main-stable",
            "ghcr.io/berriai/litellm",
            "localhost:5000/litellm",
            "ghcr.io/berriai/litellm@sha256:0123",
        ] {
            assert_eq!(release_of(name), None, "{name}");
        }
    }

    #[test]
    fn other_images_are_not_litellm() {
        for name in ["redis:7.4.0", "postgres:16", "litellm.example.com/redis:7"] {
            assert_eq!(Image::parse(name, None), None, "{name}");
        }
    }
}
