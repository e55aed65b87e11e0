//! The files that a config's `include` names.

use python::Value;

use crate::environment::NamedText;
use crate::intake::looks_like_config;
use crate::model::World;
use crate::paths;

/// The section that names them.
pub(crate) const INCLUDE: &str = "include";

/// The files that a config includes, as it names them.
pub(crate) fn names(root: &Value) -> Vec<&str> {
    let listed = root.as_dict().and_then(|root| root.get(INCLUDE)).and_then(Value::as_list);
    listed.unwrap_or(&[]).iter().filter_map(Value::as_str).collect()
}

/// Whether a document has nothing but the names of files, one of which is a config's part.
pub(crate) fn is_list_of(files: &[NamedText], world: &World, own: &str, root: &Value) -> bool {
    let only = root.as_dict().is_some_and(|root| root.entries.len() == 1);
    let part = |name: &&str| {
        let file = world.file(&paths::join(paths::folder(own), name));
        file.and_then(|file| files.get(file)).is_some_and(|file| looks_like_config(&file.text))
    };
    only && names(root).iter().any(part)
}
