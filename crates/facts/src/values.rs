//! Values that `Router.__init__` keeps, and that requests fail on later: `truth/values` has what the real router did.

use crate::{Behaviour, Pair};

/// When it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Each request fails.
    EachRequest,
    /// A request that fails is not tried again, and no fallback is asked: this is raised instead.
    FailedRequest,
}

/// The kinds of values that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Text that `float()` reads.
    NumberText,
    /// Other text.
    Text,
    /// A number below 0.
    Negative,
    /// A number that is not whole.
    Fraction,
    /// `true`
    True,
    /// `false`
    False,
    /// 0
    Zero,
    /// Another whole number.
    Whole,
    /// A list that holds something.
    List,
    /// A list that holds nothing.
    EmptyList,
    /// A mapping that holds something.
    Map,
    /// A mapping that holds nothing.
    EmptyMap,
    /// Text that is empty.
    EmptyText,
}

/// What the router trips over.
#[derive(Debug)]
pub struct Trip {
    /// The parameter of `Router.__init__`.
    pub name: &'static str,
    /// What it is given.
    pub given: &'static [Class],
    /// When.
    pub when: When,
    /// Whether the router that is written in Rust trips as well.
    pub rust: bool,
    /// What is raised, `TYPE` for the value's type in Python; empty where that differs by release.
    pub raises: &'static str,
}

use Class::{
    EmptyList, EmptyMap, EmptyText, False, Fraction, List, Map, Negative, NumberText, Text, True,
    Whole, Zero,
};

/// All of them, the same on each release whose router knows the parameter and is written in the same language.
pub static TRIPS: &[Trip] = &[
    Trip {
        name: "num_retries",
        given: &[NumberText, Text, EmptyText, List, EmptyList, Map, EmptyMap],
        when: When::FailedRequest,
        rust: false,
        raises: "TypeError: '>' not supported between instances of 'TYPE' and 'int'",
    },
    Trip {
        name: "num_retries",
        given: &[Fraction],
        when: When::FailedRequest,
        rust: false,
        raises: "TypeError: 'float' object cannot be interpreted as an integer",
    },
    Trip {
        name: "timeout",
        given: &[Text],
        when: When::EachRequest,
        rust: true,
        raises: "could not convert string to float",
    },
    Trip { name: "timeout", given: &[List, Map], when: When::EachRequest, rust: true, raises: "" },
    Trip {
        name: "default_max_parallel_requests",
        given: &[NumberText, Text, List, Map],
        when: When::EachRequest,
        rust: true,
        raises: "not supported between instances of",
    },
    Trip {
        name: "default_max_parallel_requests",
        given: &[Negative],
        when: When::EachRequest,
        rust: true,
        raises: "",
    },
    Trip {
        name: "model_group_retry_policy",
        given: &[True, False, Zero, Negative, Fraction, Whole],
        when: When::FailedRequest,
        rust: true,
        raises: "TypeError: argument of type 'TYPE' is not iterable",
    },
    Trip {
        name: "plugins",
        given: &[NumberText, Text, Map],
        when: When::EachRequest,
        rust: false,
        raises: "AttributeError: 'str' object has no attribute 'run'",
    },
    Trip {
        name: "plugins",
        given: &[List],
        when: When::EachRequest,
        rust: true,
        raises: "AttributeError: 'str' object has no attribute 'run'",
    },
];

/// What the router makes of a value later; `None` where nothing is known to go wrong.
pub fn trip(name: &str, class: Class, pair: Pair) -> Option<&'static Trip> {
    let rust = pair.behaves(Behaviour::RustRouter);
    TRIPS
        .iter()
        .find(|trip| trip.name == name && trip.given.contains(&class) && (trip.rust || !rust))
}

/// Values in `litellm_settings` that start-up keeps and requests fail on: `truth/values/settings.json`, the same on
/// both releases that were asked.
pub static SETTINGS: &[Trip] = &[
    Trip {
        name: "request_timeout",
        given: &[Text],
        when: When::EachRequest,
        rust: false,
        raises: "could not convert string to float",
    },
    Trip {
        name: "request_timeout",
        given: &[List, Map],
        when: When::EachRequest,
        rust: false,
        raises: "float() argument must be a string or a real number, not 'TYPE'",
    },
    Trip {
        name: "num_retries",
        given: &[NumberText, Text, List, EmptyList, Map, EmptyMap],
        when: When::FailedRequest,
        rust: false,
        raises: "TypeError: '>' not supported between instances of 'TYPE' and 'int'",
    },
    Trip {
        name: "num_retries",
        given: &[Fraction],
        when: When::FailedRequest,
        rust: false,
        raises: "TypeError: 'float' object cannot be interpreted as an integer",
    },
    Trip {
        name: "model_alias_map",
        given: &[True, Negative, Whole, Fraction],
        when: When::EachRequest,
        rust: false,
        raises: "TypeError: argument of type 'TYPE' is not iterable",
    },
];

/// What a request makes of a value in `litellm_settings`; `None` where nothing is known to go wrong.
pub fn setting_trip(name: &str, class: Class, pair: Pair) -> Option<&'static Trip> {
    let rust = pair.behaves(Behaviour::RustRouter);
    SETTINGS
        .iter()
        .find(|trip| trip.name == name && trip.given.contains(&class) && (trip.rust || !rust))
}

/// Values in `general_settings` that start-up keeps and each request fails on, with what brought that:
/// `truth/values/general.json`.
pub static GENERAL: &[(Option<Behaviour>, Trip)] = &[
    (
        Some(Behaviour::RequestSizeIsParsed),
        Trip {
            name: "max_request_size_mb",
            given: &[Text, EmptyText, List, EmptyList, Map, EmptyMap],
            when: When::EachRequest,
            rust: true,
            raises: "",
        },
    ),
    (
        None,
        Trip {
            name: "litellm_key_header_name",
            given: &[True, False, Zero, Negative, Whole, Fraction, List, EmptyList, Map, EmptyMap],
            when: When::EachRequest,
            rust: true,
            raises: "",
        },
    ),
    (
        Some(Behaviour::UserHeaderNameIsChecked),
        Trip {
            name: "user_header_name",
            given: &[True, False, Zero, Negative, Whole, Fraction, List, EmptyList, Map, EmptyMap],
            when: When::EachRequest,
            rust: true,
            raises: "Expected user_header_name to be a str but got <class 'TYPE'>",
        },
    ),
];

/// What a request makes of a value in `general_settings`; `None` where nothing is known to go wrong.
pub fn general_trip(name: &str, class: Class, pair: Pair) -> Option<&'static Trip> {
    let found = GENERAL.iter().find(|(since, trip)| {
        trip.name == name
            && trip.given.contains(&class)
            && since.is_none_or(|behaviour| pair.behaves(behaviour))
    });
    found.map(|(_, trip)| trip)
}
