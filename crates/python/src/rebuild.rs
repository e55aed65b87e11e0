//! A value made anew, with another meaning of its parts.

use std::collections::HashMap;
use std::sync::Arc;

use base::source::Span;

use super::{Data, Dict, Entry, Origin, Value};

/// What becomes of a value's parts.
pub trait Rebuild {
    /// What a value that holds no others becomes.
    fn leaf(&self, value: &Value) -> Data {
        value.data.clone()
    }

    /// Where a part is.
    fn span(&self, span: Span) -> Span {
        span
    }
}

impl Value {
    /// The value, rebuilt. Aliases stay shared: a collection is gone through once, however often it is
    /// referred to. Keys keep their data.
    #[must_use]
    pub fn rebuilt(&self, by: &impl Rebuild) -> Self {
        rebuilt(self, by, &mut HashMap::new())
    }
}

fn moved(origin: &Origin, by: &impl Rebuild) -> Origin {
    match origin {
        Origin::Config(span) => Origin::Config(by.span(*span)),
        other => other.clone(),
    }
}

fn rebuilt(value: &Value, by: &impl Rebuild, done: &mut HashMap<*const (), Data>) -> Value {
    let origin = moved(&value.origin, by);
    let Some(identity) = value.identity() else {
        return Value::new(by.leaf(value), origin);
    };
    if let Some(data) = done.get(&identity) {
        return Value::new(data.clone(), origin);
    }
    let mut list = |items: &[Value]| -> Arc<Vec<Value>> {
        Arc::new(items.iter().map(|item| rebuilt(item, by, done)).collect())
    };
    let data = match &value.data {
        Data::List(items) => Data::List(list(items)),
        Data::Tuple(items) => Data::Tuple(list(items)),
        Data::Set(items) => Data::Set(list(items)),
        Data::Dict(dict) => {
            let entries = dict.entries.iter().map(|entry| Entry {
                key: Value::new(entry.key.data.clone(), moved(&entry.key.origin, by)),
                value: rebuilt(&entry.value, by, done),
                overwritten: entry.overwritten.iter().map(|span| by.span(*span)).collect(),
                merged: entry.merged.map(|span| by.span(span)),
            });
            Data::Dict(Arc::new(Dict { entries: entries.collect() }))
        }
        other => other.clone(),
    };
    done.insert(identity, data.clone());
    Value::new(data, origin)
}
