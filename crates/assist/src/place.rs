//! What keys and values belong to a place.

use deployment::manifest::SECTIONS;
use facts::catalogue::{self, Field, Kind, Section};

use super::Form;
use super::outline::{EntryId, Name, Outline};

/// What is in a mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keys {
    /// The sections of LiteLLM's config.
    Config,
    /// The fields of a section; for the environment, variables.
    Section(Section),
    /// `host` and `port` of a cluster's node.
    Node,
    /// `name`, and `value` or `valueFrom`, of a container's variable.
    ContainerVariable,
}

/// What a value is for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Slot {
    /// A field of a section.
    Field(&'static Field, Section),
    /// An element of a field's list.
    Element(&'static Field),
    /// The name of a container's variable.
    VariableName,
    /// A variable's value.
    Variable(String),
    /// A `NAME=value` of a compose file.
    Assignment,
    /// Any other text of a config: it may name a variable.
    Other,
}

/// Keys of Helm values and manifests under which a list of variables stands.
const CONTAINER_VARIABLES: [&str; 3] = ["env", "extraEnvVars", "extraEnv"];

/// What is in the mapping that an entry holds.
pub(super) fn keys(outline: &Outline<'_>, id: EntryId, form: Form) -> Option<Keys> {
    let entry = &outline.entries[id];
    if entry.is_item() {
        return element_keys(outline, entry.parent, form);
    }
    if is_variables(outline, id) {
        return Some(Keys::Section(Section::Environment));
    }
    if form != Form::Config {
        return None;
    }
    match config_path(outline, id)?.as_slice() {
        [] => Some(Keys::Config),
        path => section(path).map(Keys::Section),
    }
}

/// What is in the mappings of the list that an entry holds.
pub(super) fn element_keys(outline: &Outline<'_>, list: EntryId, form: Form) -> Option<Keys> {
    let entry = &outline.entries[list];
    let name = entry.key_name()?;
    if CONTAINER_VARIABLES.contains(&name) {
        return Some(Keys::ContainerVariable);
    }
    match keys(outline, entry.parent, form)? {
        Keys::Section(section) => {
            let field = catalogue::find(name, section)?;
            (field.kind == Kind::Nodes).then_some(Keys::Node)
        }
        _ => None,
    }
}

/// What the value of an entry is for.
pub(super) fn slot(outline: &Outline<'_>, id: EntryId, form: Form) -> Option<Slot> {
    let entry = &outline.entries[id];
    let other = (form == Form::Config).then_some(Slot::Other);
    match &entry.name {
        Name::Document => None,
        Name::Item(_) => element_slot(outline, entry.parent, form),
        Name::Key(name) => match keys(outline, entry.parent, form) {
            // What is there is not a text that one writes.
            Some(Keys::Section(Section::Environment)) if is_base64(outline, entry.parent) => None,
            Some(Keys::Section(Section::Environment)) => Some(Slot::Variable(name.clone())),
            Some(Keys::Section(section)) => {
                catalogue::find(name, section).map(|field| Slot::Field(field, section)).or(other)
            }
            Some(Keys::ContainerVariable) if name == "name" => Some(Slot::VariableName),
            Some(Keys::ContainerVariable) if name == "value" => {
                let name = outline.child(entry.parent, "name")?.value.as_ref()?;
                Some(Slot::Variable(outline.scalar_text(name).to_owned()))
            }
            Some(Keys::ContainerVariable) => None,
            _ => other,
        },
    }
}

/// What an element of the list that an entry holds is for.
pub(super) fn element_slot(outline: &Outline<'_>, list: EntryId, form: Form) -> Option<Slot> {
    let entry = &outline.entries[list];
    if is_service_environment(outline, list) {
        return Some(Slot::Assignment);
    }
    let other = (form == Form::Config).then_some(Slot::Other);
    match (entry.key_name(), keys(outline, entry.parent, form)) {
        (Some(name), Some(Keys::Section(section))) => {
            catalogue::find(name, section).map(Slot::Element).or(other)
        }
        _ => other,
    }
}

/// Whether an entry of a manifest holds variables, by name.
fn is_variables(outline: &Outline<'_>, id: EntryId) -> bool {
    let entry = &outline.entries[id];
    let helm = entry.key_name() == Some("envVars") && is_document(outline, entry.parent);
    helm || is_service_environment(outline, id) || is_object_data(outline, id)
}

/// Whether an entry holds the keys of a `ConfigMap` or Secret that keeps variables: no config
/// is in it.
fn is_object_data(outline: &Outline<'_>, id: EntryId) -> bool {
    let fits = match outline.entries[id].key_name() {
        Some("data") => is_kind(outline, id, "ConfigMap") || is_kind(outline, id, "Secret"),
        Some("stringData") => is_kind(outline, id, "Secret"),
        _ => false,
    };
    fits && !outline.children(id).any(|(_, child)| child.embeds)
}

/// Whether an entry is a Secret's `data`, whose values are base64.
fn is_base64(outline: &Outline<'_>, id: EntryId) -> bool {
    outline.entries[id].key_name() == Some("data") && is_kind(outline, id, "Secret")
}

/// Whether an entry is in an object of this kind.
fn is_kind(outline: &Outline<'_>, id: EntryId, kind: &str) -> bool {
    let named = outline.child(outline.entries[id].parent, "kind");
    let value = named.and_then(|named| named.value.as_ref());
    value.is_some_and(|value| outline.scalar_text(value) == kind)
}

/// Whether an entry is the `environment` of a compose file's service.
fn is_service_environment(outline: &Outline<'_>, id: EntryId) -> bool {
    let entry = &outline.entries[id];
    let services = outline.entries[outline.entries[entry.parent].parent].key_name();
    entry.key_name() == Some("environment") && services == Some("services")
}

fn is_document(outline: &Outline<'_>, id: EntryId) -> bool {
    outline.entries[id].name == Name::Document
}

/// The steps from LiteLLM's config to an entry, which may be within a manifest; none for the config
/// itself.
fn config_path(outline: &Outline<'_>, id: EntryId) -> Option<Vec<Name>> {
    let mut ids: Vec<EntryId> = outline.ancestors(id).collect();
    ids.reverse();
    let names = || ids.iter().map(|id| &outline.entries[*id].name);
    let is_section = |name: &Name| matches!(name, Name::Key(name) if SECTIONS.contains(&&**name));
    match names().position(is_section) {
        Some(start) => Some(names().skip(start).cloned().collect()),
        None => is_config(outline, id).then(Vec::new),
    }
}

fn is_config(outline: &Outline<'_>, id: EntryId) -> bool {
    let has = |name: &&str| outline.child(id, name).is_some();
    let entry = &outline.entries[id];
    let foreign = ["apiVersion", "kind", "services", "proxy_config", "image"];
    entry.embeds
        || SECTIONS.iter().any(has)
        || entry.key_name() == Some("proxy_config")
        || (entry.name == Name::Document
            && !foreign.iter().any(has)
            && !outline.entries.iter().any(|entry| entry.embeds))
}

fn section(path: &[Name]) -> Option<Section> {
    let names: Option<Vec<&str>> = path
        .iter()
        .map(|name| match name {
            Name::Key(name) => Some(name.as_str()),
            Name::Document | Name::Item(_) => None,
        })
        .collect();
    let path = names?.join(".");
    Section::ALL.into_iter().find(|section| section.path() == path)
}
