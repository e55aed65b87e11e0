//! JSON patches (RFC 6902) of kustomizations that change a `ConfigMap` or a Secret.

use std::collections::BTreeMap;

use crate::environment::Variable;
use crate::intake::Doc;
use crate::model::{Key, Object};
use crate::tree::{at, entries, items, text};
use python::Value;

/// Which objects a patch is for.
pub(super) struct Target {
    kind: Option<String>,
    name: Option<String>,
    /// Labels or annotations choose them, which are not followed.
    pub(super) selects: bool,
}

impl Target {
    /// What a patch says of it.
    pub(super) fn of(doc: &Doc<'_>, patch: &Value) -> Option<Self> {
        let target = at(patch, &["target"])?;
        let part = |key: &str| at(target, &[key]).map(|one| doc.raw_text(one));
        let selectors = ["labelSelector", "annotationSelector"];
        let selects = selectors.iter().any(|key| at(target, &[key]).is_some());
        Some(Self { kind: part("kind"), name: part("name"), selects })
    }

    /// Whether it may be an object: names are expressions of which those of letters alone are followed.
    pub(super) fn fits(&self, object: &Object) -> bool {
        let own = if object.secret { "Secret" } else { "ConfigMap" };
        let plain =
            |name: &str| !name.contains(|c: char| !c.is_ascii_alphanumeric() && !"-._".contains(c));
        let of_kind = match &self.kind {
            Some(kind) => kind == own,
            // A patch without a kind is for an object that it names.
            None => self.name.is_some(),
        };
        of_kind && self.name.as_ref().is_none_or(|name| *name == object.name || !plain(name))
    }

    /// Whether it certainly is.
    pub(super) fn is_certain(&self, object: &Object) -> bool {
        !self.selects && self.name.as_ref().is_none_or(|name| *name == object.name)
    }
}

/// Applies the operations of a patch. What can't be followed makes unknown what it may change.
pub(super) fn apply(doc: &Doc<'_>, object: &mut Object) {
    for operation in items(Some(&doc.root)) {
        let (Some(op), Some(path)) = (text(operation, "op"), text(operation, "path")) else {
            continue;
        };
        let parts: Vec<String> = path
            .split('/')
            .skip(1)
            .map(|part| part.replace("~1", "/").replace("~0", "~"))
            .collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let value = at(operation, &["value"]);
        match (op, &parts[..]) {
            ("test", _) => {}
            ("remove", ["data" | "stringData", key]) => {
                object.keys.remove(*key);
            }
            ("remove", ["data" | "stringData"]) => object.keys.clear(),
            ("add" | "replace", [section @ ("data" | "stringData"), key]) => {
                let key_of = key_of(doc, value, object.secret && *section == "data");
                object.keys.insert((*key).to_owned(), key_of);
            }
            ("add" | "replace", [section @ ("data" | "stringData")]) => {
                let encoded = object.secret && *section == "data";
                let keys = entries(value).iter().filter_map(|entry| {
                    Some((entry.key.as_str()?.to_owned(), key_of(doc, Some(&entry.value), encoded)))
                });
                object.keys = keys.collect();
            }
            (_, ["data" | "stringData", ..]) => unknown(doc, operation, object),
            _ => {}
        }
    }
}

fn key_of(doc: &Doc<'_>, value: Option<&Value>, encoded: bool) -> Key {
    let span = value.and_then(|value| doc.span(value));
    let text = value.and_then(Value::as_str).map(str::to_owned);
    let text = text.and_then(|text| match encoded {
        true => String::from_utf8(base::base64::bytes(&text)?).ok(),
        false => Some(text),
    });
    let variable = match text {
        Some(text) => Variable::known(&text, span),
        None => Variable::unknown("a value that is not text", span),
    };
    let range = value.filter(|_| !encoded).and_then(|value| doc.config(value));
    Key { variable, range, path: None }
}

/// An object of which a patch that is not followed may change each key.
pub(super) fn unknown(doc: &Doc<'_>, patch: &Value, object: &mut Object) {
    let why = "what a patch that is not followed here makes of it";
    let span = doc.span(patch);
    let keys = std::mem::take(&mut object.keys);
    let keep = |(name, key): (String, Key)| {
        // The config is read as it is written.
        let variable = Variable::unknown(why, span);
        let key = if key.range.is_some() || key.path.is_some() {
            key
        } else {
            Key { variable, range: None, path: None }
        };
        (name, key)
    };
    object.keys = keys.into_iter().map(keep).collect::<BTreeMap<_, _>>();
    object.open = true;
}
