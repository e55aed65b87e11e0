//! Keyword arguments, and what Python says when they do not fit.

mod name;

use std::collections::HashMap;

use super::exception::{PyResult, Raise, Stop};
use super::integer::Integer;
use super::{Data, Dict, Origin, Text, Value};
use facts::{Signature, fingerprint};

pub use name::Name;

/// One keyword argument, with the values that it took precedence over.
#[derive(Clone, Debug)]
pub struct Arg {
    /// The value.
    pub value: Value,
    /// What lost to it, nearest first.
    pub overrode: Vec<Value>,
}

impl From<Value> for Arg {
    fn from(value: Value) -> Self {
        Self { value, overrode: vec![] }
    }
}

/// `**kwargs`: a Python `dict` with string keys.
#[derive(Clone, Debug, Default)]
pub struct Kwargs {
    arguments: Vec<(Name, Arg)>,
    /// One bit for each name that was ever there: most names that are asked for were not.
    ever: u64,
    /// Where each argument stands, once there are [`MANY`].
    places: HashMap<Name, usize>,
    /// Values that were taken out because something else replaces them, by name.
    replaced: Vec<(&'static str, Value)>,
}

/// From so many on, arguments are looked up by hash: a hostile config may hold any number.
const MANY: usize = 64;

fn bit(fingerprint: u32) -> u64 {
    1 << (fingerprint % 64)
}

impl Kwargs {
    /// No arguments.
    pub fn new() -> Self {
        Self::default()
    }

    /// No arguments yet, with room for so many.
    pub fn with_room(count: usize) -> Self {
        Self { arguments: Vec::with_capacity(count), ..Self::default() }
    }

    /// The argument of this name.
    #[inline] // The fingerprint of a name in the code is then worked out once for all.
    pub fn arg(&self, name: &str) -> Option<&Arg> {
        self.place_of(name, fingerprint(name)).map(|at| &self.arguments[at].1)
    }

    /// `kwargs.get(name)`.
    #[inline]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.arg(name).map(|arg| &arg.value)
    }

    /// `kwargs.get(name)` where it is not `None`.
    #[inline]
    pub fn given(&self, name: &str) -> Option<&Value> {
        self.get(name).filter(|value| !value.is_none())
    }

    /// `name in kwargs`
    #[inline]
    pub fn contains(&self, name: &str) -> bool {
        self.arg(name).is_some()
    }

    /// `kwargs[name] = value`; the value that stood there counts as overridden.
    pub fn insert(&mut self, name: impl Into<Name>, arg: impl Into<Arg>) {
        let (name, mut arg) = (name.into(), arg.into());
        match self.place_of(&name, name.fingerprint) {
            Some(at) => {
                let slot = &mut self.arguments[at].1;
                // The same value taken twice from the same place overrides nothing.
                if slot.value.origin != arg.value.origin {
                    arg.overrode.push(slot.value.clone());
                }
                arg.overrode.append(&mut slot.overrode);
                *slot = arg;
            }
            None => self.push(name, arg),
        }
    }

    /// `kwargs[name] = value` of a name that is not there yet.
    pub fn append(&mut self, name: &'static str, arg: impl Into<Arg>) {
        debug_assert!(!self.contains(name), "{name}");
        self.push(name.into(), arg.into());
    }

    /// `kwargs[name] = value` where the new value is only another form of the old one.
    pub fn convert(&mut self, name: &str, value: Value) {
        match self.place(name) {
            Some(at) => self.arguments[at].1.value = value,
            None => self.push(Name::written(name), value.into()),
        }
    }

    /// `kwargs.pop(name, None)`
    pub fn pop(&mut self, name: &str) -> Option<Arg> {
        let at = self.place(name)?;
        let argument = self.arguments.remove(at).1;
        self.note_places();
        Some(argument)
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.place_of(name, fingerprint(name))
    }

    fn place_of(&self, name: &str, fingerprint: u32) -> Option<usize> {
        if self.ever & bit(fingerprint) == 0 {
            return None;
        }
        if self.arguments.len() < MANY {
            let mut names = self.arguments.iter();
            return names.position(|(key, _)| key.fingerprint == fingerprint && **key == *name);
        }
        self.places.get(name).copied()
    }

    fn push(&mut self, name: Name, arg: Arg) {
        self.ever |= bit(name.fingerprint);
        if self.arguments.len() >= MANY {
            self.places.insert(name.clone(), self.arguments.len());
        }
        self.arguments.push((name, arg));
        if self.arguments.len() == MANY {
            self.note_places();
        }
    }

    fn note_places(&mut self) {
        if !self.places.is_empty() {
            self.places.clear();
        }
        if self.arguments.len() >= MANY {
            let names = self.arguments.iter().enumerate();
            self.places.extend(names.map(|(at, (name, _))| (name.clone(), at)));
        }
    }

    /// Takes an argument out because something else replaces it, and remembers its value.
    pub fn replace(&mut self, name: &'static str) -> Option<Value> {
        let value = self.pop(name)?.value;
        self.replaced.push((name, value.clone()));
        Some(value)
    }

    /// The values of this name that something else replaces.
    pub fn replaced<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Value> {
        let named = self.replaced.iter().filter(move |(replaced, _)| *replaced == name);
        named.map(|(_, value)| value)
    }

    /// `kwargs.update(other)`
    pub fn update(&mut self, other: Kwargs) {
        self.arguments.reserve(other.len());
        for (name, arg) in other.arguments {
            self.insert(name, arg);
        }
    }

    /// The arguments in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Name, &Arg)> {
        self.arguments.iter().map(|(name, arg)| (name, arg))
    }

    /// Only the arguments that `keep` names.
    #[must_use]
    pub fn filter(&self, mut keep: impl FnMut(&str) -> bool) -> Self {
        let arguments = self.arguments.iter().filter(|(name, _)| keep(name)).cloned().collect();
        let (ever, replaced) = (self.ever, self.replaced.clone());
        let mut kept = Self { arguments, ever, places: HashMap::new(), replaced };
        kept.note_places();
        kept
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.arguments.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.arguments.is_empty()
    }

    /// The arguments of `f(**dict)`.
    ///
    /// # Errors
    /// `TypeError` when a key is not a string.
    pub fn from_dict(dict: &Dict) -> PyResult<Self> {
        let mut kwargs = Self::new();
        for entry in &dict.entries {
            let Data::Str(name) = &entry.key.data else {
                return Err(Stop::raise("TypeError", "keywords must be strings")
                    .because_of(&entry.key.origin));
            };
            kwargs.insert(name.clone(), entry.value.clone());
        }
        Ok(kwargs)
    }
}

/// `dict.update(value)`, as LiteLLM does with what the config holds.
///
/// # Errors
/// `TypeError` and `ValueError` as Python raises them for what is not a mapping.
pub fn dict_update(target: &mut Vec<(Value, Value)>, value: &Value) -> PyResult<()> {
    let stop =
        |class: &str, message: String| Err(Stop::raise(class, message).because_of(&value.origin));
    if let (true, Data::Dict(dict)) = (target.is_empty(), &value.data) {
        // Its keys differ.
        target.extend(dict.entries.iter().map(|one| (one.key.clone(), one.value.clone())));
        return Ok(());
    }
    let known = target.iter().enumerate();
    let mut places: HashMap<DictKey, usize> =
        known.filter_map(|(at, (key, _))| Some((DictKey::of(key)?, at))).collect();
    let mut put = |key: &Value, item: &Value| {
        let next = target.len();
        let at = DictKey::of(key).map_or(next, |key| *places.entry(key).or_insert(next));
        match target.get_mut(at) {
            Some((_, slot)) => *slot = item.clone(),
            None => target.push((key.clone(), item.clone())),
        }
    };
    let pairs: Vec<Value> = match &value.data {
        Data::Dict(dict) => {
            for entry in &dict.entries {
                put(&entry.key, &entry.value);
            }
            return Ok(());
        }
        Data::List(items) | Data::Tuple(items) | Data::Set(items) => items.to_vec(),
        Data::Str(text) => text.chars().map(|c| char_value(c, &value.origin)).collect(),
        Data::Unknown(why) => return Err(Stop::Unknown(why.to_string())),
        _ => {
            let name = value.type_name().unwrap_or("object");
            return stop("TypeError", format!("'{name}' object is not iterable"));
        }
    };
    for (at, pair) in pairs.iter().enumerate() {
        let items: Vec<Value> = match &pair.data {
            Data::List(items) | Data::Tuple(items) | Data::Set(items) => items.to_vec(),
            Data::Str(text) => text.chars().map(|c| char_value(c, &pair.origin)).collect(),
            Data::Dict(dict) => dict.entries.iter().map(|entry| entry.key.clone()).collect(),
            _ => {
                let message = format!(
                    "cannot convert dictionary update sequence element #{at} to a sequence"
                );
                return stop("TypeError", message);
            }
        };
        let [key, item] = items.as_slice() else {
            let length = items.len();
            let message = format!(
                "dictionary update sequence element #{at} has length {length}; 2 is required"
            );
            return stop("ValueError", message);
        };
        put(key, item);
    }
    Ok(())
}

fn char_value(c: char, origin: &Origin) -> Value {
    Value::new(Data::Str(c.to_string().into()), origin.clone())
}

/// What makes two keys the same to a `dict`; only text and numbers occur as keys that matter.
#[derive(PartialEq, Eq, Hash)]
enum DictKey {
    None,
    Bool(bool),
    Int(Integer),
    Str(Text),
}

impl DictKey {
    fn of(key: &Value) -> Option<Self> {
        match &key.data {
            Data::Str(text) => Some(Self::Str(text.clone())),
            Data::Int(number) => Some(Self::Int(number.clone())),
            Data::Bool(flag) => Some(Self::Bool(*flag)),
            Data::None => Some(Self::None),
            _ => None,
        }
    }
}

/// Some of the arguments of a call.
#[derive(Clone, Debug)]
pub struct Part<'k> {
    all: &'k Kwargs,
    /// Which of them, by place.
    here: Vec<bool>,
}

impl<'k> Part<'k> {
    /// All of them.
    pub fn whole(all: &'k Kwargs) -> Self {
        Self { all, here: vec![true; all.len()] }
    }

    /// The argument of this name.
    pub fn arg(&self, name: &str) -> Option<&'k Arg> {
        let place = self.all.place(name).filter(|place| self.here[*place])?;
        Some(&self.all.arguments[place].1)
    }

    /// `kwargs.get(name)`.
    pub fn get(&self, name: &str) -> Option<&'k Value> {
        self.arg(name).map(|arg| &arg.value)
    }

    /// `kwargs.get(name)` where it is not `None`.
    pub fn given(&self, name: &str) -> Option<&'k Value> {
        self.get(name).filter(|value| !value.is_none())
    }

    /// As [`Kwargs::replaced`].
    pub fn replaced(&self, name: &'k str) -> impl Iterator<Item = &'k Value> {
        self.all.replaced(name)
    }

    /// The arguments in order.
    pub fn iter(&self) -> impl Iterator<Item = (&'k Name, &'k Arg)> {
        let here = self.all.iter().zip(&self.here).filter(|(_, here)| **here);
        here.map(|(argument, _)| argument)
    }

    /// Splits these between a function's own parameters and its `**kwargs`.
    ///
    /// # Errors
    /// As [`bind`].
    pub fn bind(mut self, signature: &Signature) -> PyResult<(Self, Self)> {
        let mut own = Self { all: self.all, here: vec![false; self.here.len()] };
        let places = own.here.iter_mut().zip(&mut self.here);
        for ((own, rest), (name, _)) in places.zip(&self.all.arguments) {
            if *rest && name.is_of(signature) {
                (*own, *rest) = (true, false);
            }
        }
        match signature.kwargs {
            true => Ok((own, self)),
            false => nothing_else(signature, self.iter()).map(|()| (own, self)),
        }
    }
}

/// Whether a function takes these arguments.
///
/// # Errors
/// As [`bind`].
pub fn check(signature: &Signature, kwargs: &Kwargs) -> PyResult<()> {
    let unnamed = kwargs.iter().filter(|(name, _)| !name.is_of(signature));
    if signature.kwargs {
        // What it takes by name is asked all the same.
        unnamed.for_each(drop);
        return Ok(());
    }
    // All are asked for, even where one is refused.
    let unnamed: Vec<_> = unnamed.collect();
    nothing_else(signature, unnamed.into_iter())
}

/// Splits keyword arguments between a function's own parameters and its `**kwargs`.
///
/// # Errors
/// `TypeError` for the first argument that fits neither.
pub fn bind(signature: &Signature, kwargs: Kwargs) -> PyResult<(Kwargs, Kwargs)> {
    let Kwargs { arguments, ever, places: _, replaced } = kwargs;
    let mut own = Vec::with_capacity(arguments.len());
    let mut rest = Vec::with_capacity(arguments.len());
    for argument in arguments {
        let part = if argument.0.is_of(signature) { &mut own } else { &mut rest };
        part.push(argument);
    }
    if !signature.kwargs {
        nothing_else(signature, rest.iter().map(|(name, arg)| (name, arg)))?;
    }
    let part = |arguments, replaced| {
        let mut part = Kwargs { arguments, ever, places: HashMap::new(), replaced };
        part.note_places();
        part
    };
    Ok((part(own, replaced.clone()), part(rest, replaced)))
}

fn nothing_else<'k>(
    signature: &Signature,
    mut rest: impl Iterator<Item = (&'k Name, &'k Arg)>,
) -> PyResult<()> {
    let Some((name, arg)) = rest.next() else { return Ok(()) };
    let mut stop = unexpected(signature.qualname, name, &arg.value);
    if let Stop::Raised(exception) = &mut stop {
        // Python names the first; the others would be refused after it.
        exception.origins.extend(rest.map(|(_, arg)| arg.value.origin.clone()));
    }
    Err(stop)
}

/// Python's `TypeError` for an argument that a function does not take.
pub fn unexpected(qualname: &str, name: &str, value: &Value) -> Stop {
    let message = format!("{qualname}() got an unexpected keyword argument '{name}'");
    let stop =
        Stop::raise("TypeError", message).for_reason(Raise::UnexpectedArgument(name.to_owned()));
    stop.because_of(&value.origin)
}

/// Python's `TypeError` for an argument given by position and by name.
pub fn given_twice(qualname: &str, name: &str, value: &Value) -> Stop {
    let message = format!("{qualname}() got multiple values for argument '{name}'");
    let stop =
        Stop::raise("TypeError", message).for_reason(Raise::RepeatedArgument(name.to_owned()));
    stop.because_of(&value.origin)
}

/// Python's `TypeError` for an argument given twice by name. `function` as Python shows it:
/// `redis.client.Redis`.
pub fn multiple_values(function: &str, name: &str, value: &Value) -> Stop {
    let message = format!("{function}() got multiple values for keyword argument '{name}'");
    let stop =
        Stop::raise("TypeError", message).for_reason(Raise::RepeatedArgument(name.to_owned()));
    stop.because_of(&value.origin)
}
