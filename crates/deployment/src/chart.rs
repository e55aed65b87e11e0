//! A chart that is deployed, and the files of its values.

use crate::environment::Pin;
use crate::paths;

/// A chart that is deployed.
#[derive(Clone, Debug)]
pub(crate) struct ChartRelease {
    /// Where it is said.
    pub(crate) file: usize,
    /// `HelmRelease litellm`, where its values are there too.
    pub(crate) title: String,
    /// The files of its values, the later over the earlier.
    pub(crate) values: Vec<ValuesFile>,
    /// What its version says.
    pub(crate) pin: Option<Pin>,
    /// The Flux source that has its version.
    pub(crate) source: Option<String>,
}

/// Which file holds values.
#[derive(Clone, Debug)]
pub(crate) struct ValuesFile {
    path: String,
    /// The path starts at a folder that is not known: the end of it tells.
    ends: bool,
}

impl ValuesFile {
    /// `values/litellm.yaml` from the folder of a file; `$values/litellm.yaml` from any.
    pub(crate) fn of(from: &str, path: &str) -> Option<Self> {
        if path.contains("://") || path.is_empty() {
            return None;
        }
        Some(match path.strip_prefix('$').and_then(|path| path.split_once('/')) {
            Some((_, path)) => Self { path: path.to_owned(), ends: true },
            None => Self { path: paths::join(paths::folder(from), path), ends: false },
        })
    }

    /// Whether a file is meant: what a template fills in may be anything.
    pub(crate) fn is(&self, plain: &str) -> bool {
        let whole = |path: &str| match self.ends {
            true => format!("/{}", path.trim_start_matches('/')),
            false => paths::plain(path),
        };
        let Some((start, rest)) = self.path.split_once("{{") else {
            let path = whole(&self.path);
            return if self.ends { plain.ends_with(&path) } else { plain == path };
        };
        let end = rest.rsplit_once("}}").map_or("", |(_, end)| end);
        let start = whole(start);
        let starts = if self.ends { plain.contains(&start) } else { plain.starts_with(&start) };
        starts && plain.ends_with(end)
    }
}
