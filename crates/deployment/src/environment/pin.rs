//! Requirements and lock files of Python projects: which LiteLLM and which redis-py they install.

use serde_json::Value as Json;

/// A package whose release matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Package {
    /// `litellm`
    Litellm,
    /// `redis`
    RedisPy,
}

/// What a file says of a package's release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// The package.
    pub package: Package,
    /// The one release that it allows; `None` where it leaves that open.
    pub release: Option<String>,
    /// Which releases it allows, as pip reads it: `>=5`. Empty where it allows all.
    pub allows: String,
    /// As it is written: `redis>=5`.
    pub written: String,
    /// Where: `requirements.txt:3`.
    pub place: String,
}

/// The names of files that may pin releases, the most exact first.
pub const PIN_FILES: [&str; 6] = [
    "uv.lock",
    "poetry.lock",
    "Pipfile.lock",
    "constraints.txt",
    "requirements.txt",
    "pyproject.toml",
];

impl Package {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Litellm => "LiteLLM",
            Self::RedisPy => "redis-py",
        }
    }

    /// By its name in the index, however it is spelled.
    fn of(name: &str) -> Option<Self> {
        match name.trim().to_ascii_lowercase().as_str() {
            "litellm" => Some(Self::Litellm),
            "redis" => Some(Self::RedisPy),
            _ => None,
        }
    }
}

/// Whether a file of this name may pin releases.
pub(super) fn is_pin_file(name: &str) -> bool {
    PIN_FILES.contains(&name.rsplit(['/', '\\']).next().unwrap_or(name))
}

/// What a file pins, by its name.
pub fn pins(name: &str, text: &str) -> Vec<Pin> {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let found = match file {
        "uv.lock" | "poetry.lock" => in_lock(text),
        "Pipfile.lock" => in_pipfile(text),
        "pyproject.toml" => in_pyproject(text),
        _ => in_requirements(text),
    };
    let pins = found.into_iter().map(|found| Pin {
        package: found.package,
        release: found.release,
        allows: found.allows,
        written: shown(&found.written),
        place: format!("{name}:{}", found.line),
    });
    agreed(pins.collect())
}

struct Found {
    package: Package,
    release: Option<String>,
    allows: String,
    written: String,
    line: usize,
}

/// A package that is named several times, for several platforms, with different releases, is left
/// open.
fn agreed(mut pins: Vec<Pin>) -> Vec<Pin> {
    for package in [Package::Litellm, Package::RedisPy] {
        let mut releases: Vec<_> =
            pins.iter().filter(|pin| pin.package == package).map(|pin| &pin.release).collect();
        releases.dedup();
        if releases.len() > 1 {
            for pin in pins.iter_mut().filter(|pin| pin.package == package) {
                pin.release = None;
            }
        } else if let Some(first) = pins.iter().position(|pin| pin.package == package) {
            let mut at = 0;
            pins.retain(|pin| {
                at += 1;
                pin.package != package || at == first + 1
            });
        }
    }
    pins
}

/// `redis==5.3.1`, one requirement a line, as pip reads it.
fn in_requirements(text: &str) -> Vec<Found> {
    let mut found = vec![];
    for (at, line) in text.lines().enumerate() {
        // A comment starts the line, or follows white space.
        let comment = line.char_indices().find(|(at, c)| {
            *c == '#' && line[..*at].chars().next_back().is_none_or(char::is_whitespace)
        });
        let line = comment.map_or(line, |(start, _)| &line[..start]).trim();
        let requirement = line.split(';').next().unwrap_or(line);
        let requirement = requirement.split(" --").next().unwrap_or(requirement);
        let written = requirement.trim_end_matches('\\').trim().to_owned();
        let Some(Requirement { package, release, allows }) = self::requirement(&written) else {
            continue;
        };
        found.push(Found { package, release, allows, written, line: at + 1 });
    }
    found
}

/// A requirement such as `redis[hiredis]==5.3.1`, read.
pub struct Requirement {
    /// The package.
    pub package: Package,
    /// The one release that it allows; `None` where it leaves that open.
    pub release: Option<String>,
    /// What it allows: `==5.3.1`.
    pub allows: String,
}

/// Reads a requirement of LiteLLM or redis-py.
pub fn requirement(written: &str) -> Option<Requirement> {
    let end = written
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
        .unwrap_or(written.len());
    let (name, rest) = written.split_at(end);
    let package = Package::of(name)?;
    let rest = rest.trim_start();
    let rest = match rest.strip_prefix('[') {
        Some(extras) => extras.split_once(']').map_or("", |(_, rest)| rest),
        None => rest,
    };
    let rest = rest.split(';').next().unwrap_or(rest);
    let rest = rest.trim().trim_start_matches('(').trim_end_matches(')');
    let release = rest.split(',').find_map(exact).map(str::to_owned);
    Some(Requirement { package, release, allows: rest.trim().to_owned() })
}

/// `dependencies = ["litellm[proxy]==1.80.0"]`, and poetry's `litellm = "1.80.0"`.
fn in_pyproject(text: &str) -> Vec<Found> {
    let mut found = vec![];
    let mut poetry = false;
    for (at, line) in text.lines().enumerate() {
        let line_number = at + 1;
        let content = line.trim();
        if content.starts_with('[') && !content.starts_with("[\"") && content.ends_with(']') {
            poetry = content.starts_with("[tool.poetry");
        }
        if poetry && let Some((name, rest)) = content.split_once('=') {
            let Some(package) = Package::of(name) else { continue };
            let version = rest.split('"').find(|part| {
                part.starts_with(|c: char| c.is_ascii_digit() || "=^~><*".contains(c))
            });
            let version = version.unwrap_or("");
            let bare = version.starts_with(|c: char| c.is_ascii_digit()) && !version.contains('*');
            let release =
                if bare { Some(version.to_owned()) } else { exact(version).map(str::to_owned) };
            let written = format!("{} {version}", package.name());
            let allows = of_poetry(version);
            found.push(Found { package, release, allows, written, line: line_number });
            continue;
        }
        for quoted in line.split(['"', '\'']).skip(1).step_by(2) {
            let names_only = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            if quoted.chars().all(names_only) {
                continue;
            }
            if let Some(Requirement { package, release, allows }) = requirement(quoted) {
                let written = quoted.to_owned();
                found.push(Found { package, release, allows, written, line: line_number });
            }
        }
    }
    found
}

/// Poetry's own constraints, as pip would say them: `^1.70` is `>=1.70,<2`, `~1.70` is `>=1.70,<1.71`.
fn of_poetry(version: &str) -> String {
    let each = version.split(',').map(str::trim).map(|part| {
        let (caret, Some(lowest)) = (
            part.starts_with('^'),
            part.strip_prefix(['^', '~']).filter(|low| !low.starts_with('=')),
        ) else {
            return part.trim_matches('*').to_owned();
        };
        let numbers: Vec<u32> = lowest.split('.').map_while(|one| one.parse().ok()).collect();
        // What a caret keeps: all up to the first number that is not zero.
        let kept = match caret {
            true => numbers.iter().position(|one| *one > 0).unwrap_or(0),
            false => numbers.len().min(2).saturating_sub(1),
        };
        let next = numbers.iter().take(kept + 1).enumerate();
        let next: Vec<String> =
            next.map(|(at, one)| (one + u32::from(at == kept)).to_string()).collect();
        format!(">={lowest},<{}", next.join("."))
    });
    each.collect::<Vec<_>>().join(",")
}

/// A requirement as it may be shown: where a package comes from may hold a token.
fn shown(requirement: &str) -> String {
    let specifier = |c: char| c.is_ascii_alphanumeric() || "-_.[],()<>=!~* ".contains(c);
    match requirement.find(|c| !specifier(c)) {
        Some(end) => format!("{} …", requirement[..end].trim_end()),
        None => requirement.to_owned(),
    }
}

/// The release of `==5.3.1` or `===5.3.1`; a wild card allows several.
fn exact(specifier: &str) -> Option<&str> {
    let release = specifier.trim().strip_prefix("==")?;
    let release = release.strip_prefix('=').unwrap_or(release).trim();
    (!release.contains('*') && release.starts_with(|c: char| c.is_ascii_digit())).then_some(release)
}

/// `[[package]]` tables with `name` and `version`: uv and poetry.
fn in_lock(text: &str) -> Vec<Found> {
    let mut found = vec![];
    let mut package = None;
    for (at, line) in text.lines().enumerate() {
        if line.starts_with('[') {
            package = None;
            continue;
        }
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        let value = value.trim().trim_matches(['"', '\'']);
        match (key.trim_end(), package) {
            ("name", _) => package = Package::of(value),
            ("version", Some(package)) => found.push(Found {
                package,
                release: Some(value.to_owned()),
                allows: format!("=={value}"),
                written: format!("{} {value}", package.name()),
                line: at + 1,
            }),
            _ => {}
        }
    }
    found
}

/// `{"default": {"redis": {"version": "==5.3.1"}}}`
fn in_pipfile(text: &str) -> Vec<Found> {
    let Ok(lock) = serde_json::from_str::<Json>(text) else {
        return vec![];
    };
    let packages = [("litellm", Package::Litellm), ("redis", Package::RedisPy)];
    packages
        .into_iter()
        .filter_map(|(name, package)| {
            let written = lock.get("default")?.get(name)?.get("version")?.as_str()?;
            let key = format!("\"{name}\"");
            let is_key = |line: &str| {
                let rest = line.trim_start().strip_prefix(key.as_str());
                rest.is_some_and(|rest| rest.trim_start().starts_with(':'))
            };
            let line = text.lines().position(is_key).map_or(1, |at| at + 1);
            let release = exact(written).map(str::to_owned);
            let allows = written.trim_matches('*').to_owned();
            Some(Found { package, release, allows, written: format!("{name}{written}"), line })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Package, pins};

    fn releases(name: &str, text: &str) -> Vec<(Package, Option<String>, String)> {
        pins(name, text).into_iter().map(|pin| (pin.package, pin.release, pin.place)).collect()
    }

    #[test]
    fn what_poetry_allows_is_said_as_pip_does() {
        for (poetry, pip) in [
            ("^1.70", ">=1.70,<2"),
            ("^1.70.3", ">=1.70.3,<2"),
            ("^0.5.1", ">=0.5.1,<0.6"),
            ("~1.70", ">=1.70,<1.71"),
            ("~1.70.3", ">=1.70.3,<1.71"),
            ("~5", ">=5,<6"),
            (">=1.70,<2", ">=1.70,<2"),
            ("~=5.2", "~=5.2"),
            ("*", ""),
        ] {
            assert_eq!(super::of_poetry(poetry), pip, "{poetry}");
        }
    }

    #[test]
    fn requirements_pin_by_two_equal_signs() {
        for (line, release) in [
            ("redis==5.3.1", Some("5.3.1")),
            ("Redis == 5.3.1  # pinned", Some("5.3.1")),
            ("redis[hiredis]==5.3.1 ; python_version > '3.8'", Some("5.3.1")),
            ("redis==5.3.1 --hash=sha256:abc \\", Some("5.3.1")),
            ("redis>=5,==5.3.1", Some("5.3.1")),
            ("redis===5.3.1", Some("5.3.1")),
            ("redis (==5.3.1)", Some("5.3.1")),
            ("redis>=5", None),
            ("redis~=5.3", None),
            ("redis==5.*", None),
            ("redis", None),
            ("redis @ https://example.com/redis-5.3.1.whl", None),
        ] {
            let text = format!("# all\n-r other.txt\n{line}\n");
            let expected = (
                Package::RedisPy,
                release.map(str::to_owned),
                "deploy/requirements.txt:3".to_owned(),
            );
            assert_eq!(releases("deploy/requirements.txt", &text), [expected], "{line}");
        }
        for line in ["redisvl==0.4.1", "redis-py-cluster==2.0", "#redis==5.3.1", "fakeredis==1"] {
            assert_eq!(releases("requirements.txt", line), [], "{line}");
        }
    }

    #[test]
    fn lock_files_name_releases() {
        let uv = "version = 1\n\n[[package]]\nname = \"litellm\"\nversion = \"1.80.0\"\ndependencies = [\n    { name = \"redis\" },\n]\n\n[package.metadata]\nversion = \"9\"\n\n[[package]]\nname = \"redis\"\nversion = \"5.3.1\"\n";
        let expected = [
            (Package::Litellm, Some("1.80.0".to_owned()), "uv.lock:5".to_owned()),
            (Package::RedisPy, Some("5.3.1".to_owned()), "uv.lock:15".to_owned()),
        ];
        assert_eq!(releases("uv.lock", uv), expected);
        let pipfile = "{\n  \"default\": {\n    \"redis\": {\n      \"version\": \"==6.4.0\"\n    }\n  }\n}\n";
        let expected = [(Package::RedisPy, Some("6.4.0".to_owned()), "Pipfile.lock:3".to_owned())];
        assert_eq!(releases("Pipfile.lock", pipfile), expected);
        assert_eq!(releases("Pipfile.lock", "{"), []);
    }

    #[test]
    fn releases_that_differ_by_platform_are_left_open() {
        let forked =
            "redis==5.3.1; python_version < '3.9'\nredis==6.0.0; python_version >= '3.9'\n";
        let found = releases("requirements.txt", forked);
        assert!(found.len() == 2 && found.iter().all(|(_, release, _)| release.is_none()));
        let same = "redis==5.3.1; python_version < '3.9'\nredis==5.3.1; python_version >= '3.9'\n";
        assert_eq!(releases("requirements.txt", same).len(), 1);
    }
}
