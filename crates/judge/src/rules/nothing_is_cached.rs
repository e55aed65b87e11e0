use super::case::{raises, silent};
use super::targets::placed;
use super::{Check, Context, Example};
use base::finding::{Finding, Safety, Severity};
use base::rule::{Aspect, Category, Rule};
use base::spelling::nearest;
use facts::catalogue::CALL_TYPES;
use python::{Data, Origin, Value};
use serde_json::json;
use serving::Caching;
use serving::caching::{CallType, Covered, Kept, Mode, Prefix, Store, Write};
use simulate::outcome::Knowable;
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP805",
    name: "nothing-is-cached",
    category: Category::Reliability,
    aspects: &[Aspect::Cached],
    severity: Severity::Error,
    summary: "The cache is on, and no answer is ever served from it.",
    why: "`/cache/ping` says `healthy`, and each request still goes to the model. The proxy calls the async \
        functions: `supported_call_types` must name `acompletion`, `completion` is for Python programs. A \
        `mode` that LiteLLM does not know counts as `default_off`. A `ttl` of 0 or less is refused by Redis \
        for each answer. A `namespace` that is not text raises a `TypeError` on each use.",
    ..Rule::CONFIG
};

/// A config with a Redis cache and these further settings of it.
macro_rules! cache {
    ($more:literal) => {
        concat!(
            "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: localhost\n    port: 6379\n",
            $more
        )
    };
}

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
    supported_call_types: [completion, embedding]
",
    ),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
    supported_call_types: [completion, embedding, acompletion, aembedding]
",
    ),
    cases: &[
        // So people turn answers off, and keep Redis for the rest.
        raises(cache!("    supported_call_types: []\n"))
            .says(&["no answer is cached"])
            .severity(Severity::Hint),
        raises(cache!("    supported_call_types: [moderation]\n")).severity(Severity::Error),
        raises(cache!("    supported_call_types: [completion, aembedding]\n"))
            .says(&["`acompletion`"])
            .severity(Severity::Warning)
            .path("litellm_settings.cache_params.supported_call_types")
            .fixed(cache!("    supported_call_types: [completion, aembedding, acompletion]\n")),
        raises(cache!("    supported_call_types: [acompletion, aembeding]\n"))
            .says(&["`aembeding`", "`aembedding`"])
            .severity(Severity::Warning),
        raises(cache!("    mode: defualt_on\n"))
            .says(&["`default_off`"])
            .severity(Severity::Error)
            .fixed(cache!("    mode: default_on\n")),
        raises(cache!("    ttl: 0\n")).severity(Severity::Error),
        raises(cache!("    ttl: -1\n")).severity(Severity::Error),
        raises(cache!("    namespace: 5\n"))
            .says(&["not text"])
            .severity(Severity::Error)
            .fixed(cache!("    namespace: \"5\"\n")),
        // What is left out on purpose is not a fault.
        silent(cache!("    supported_call_types: [aembedding]\n")),
        silent(cache!("    supported_call_types: [acompletion, completion]\n")),
        silent(cache!("    mode: default_off\n")),
        silent(cache!("    ttl: 60\n    namespace: prod\n")),
        silent(
            "litellm_settings:\n  cache_params:\n    type: local\n    supported_call_types: []\n",
        ),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some(caching) = context.serving().map(|serving| &serving.caching) else {
        return vec![];
    };
    if matches!(caching.store, Store::Nowhere | Store::Unknown(_)) {
        return vec![];
    }
    let single = [namespace, mode, lifetime, never_served, write];
    let found: Vec<Finding> = single.iter().filter_map(|find| find(context, caching)).collect();
    // One reason is enough.
    if found.is_empty() { call_types(context, caching) } else { found }
}

/// A finding at a setting of the cache.
fn at(context: &Context<'_>, origin: &Origin, message: String) -> Finding {
    let span = context.span_of(origin);
    placed(context, RULE.at(span, message), span)
}

fn namespace(context: &Context<'_>, caching: &Caching) -> Option<Finding> {
    let Knowable::Known(Some(Prefix::Raises(origin))) = &caching.prefix else {
        return None;
    };
    let message = "`namespace` is not text: each use of Redis by key raises a TypeError, and nothing is cached.";
    let found = at(context, origin, message.to_owned()).label("not text");
    let text = context.span_of(origin).and_then(|span| context.written(span));
    let fix = text.filter(|_| !found.path.is_empty()).and_then(|text| {
        let operation = Operation::Replace { path: found.path.clone(), value: json!(text) };
        context.fix("Quote the namespace", Safety::Unsafe, &[operation])
    });
    Some(found.help("Quote it.").fix(fix))
}

fn mode(context: &Context<'_>, caching: &Caching) -> Option<Finding> {
    let Mode::OptIn { origin, meant: false } = &caching.mode else {
        return None;
    };
    let found = at(
        context,
        origin,
        "LiteLLM does not know this mode, and takes it for `default_off`: only requests that ask for it are cached."
            .to_owned(),
    );
    let fix = (!found.path.is_empty())
        .then(|| Operation::Replace { path: found.path.clone(), value: json!("default_on") })
        .and_then(|operation| context.fix("Write default_on", Safety::Unsafe, &[operation]));
    Some(found.help("Write `default_on`, or `default_off` if that is meant.").fix(fix))
}

fn lifetime(context: &Context<'_>, caching: &Caching) -> Option<Finding> {
    let message = match &caching.lifetime.kept {
        Kept::NoTime(seconds) => {
            format!("Redis refuses to keep a key for {seconds} seconds: no answer is cached.")
        }
        Kept::Raises(exception) => format!("No answer is written to the cache: {exception}."),
        Kept::Seconds(_) | Kept::Unknown(_) => return None,
    };
    let found = at(context, &caching.lifetime.origin, message);
    Some(found.help("Write the number of seconds that an answer is kept, or leave it out."))
}

fn never_served(context: &Context<'_>, caching: &Caching) -> Option<Finding> {
    let origin = caching.never_served.as_ref()?;
    let message =
        "Answers are written to the cache, and none is served from it: `cache_responses` is off.";
    let found = at(context, origin, message.to_owned());
    Some(found.help("Remove `cache_responses`, or set it to `true`."))
}

fn write(context: &Context<'_>, caching: &Caching) -> Option<Finding> {
    let Write::Never(origin) = &caching.write else {
        return None;
    };
    let message = "`redis_flush_size` is not a number: no answer is ever written.";
    Some(at(context, origin, message.to_owned()).help("Remove `redis_flush_size`."))
}

fn call_types(context: &Context<'_>, caching: &Caching) -> Vec<Finding> {
    let Some(listed) = &caching.call_types else {
        return vec![];
    };
    let Data::List(items) = &listed.data else {
        return vec![];
    };
    let names: Vec<&str> = items.iter().filter_map(|item| item.as_str()).collect();
    let any = CallType::ALL.iter().any(|call| caching.covers(*call) == Covered::Yes);
    // The sync names of what the proxy calls by its async one.
    let missing: Vec<&str> = CallType::ALL
        .iter()
        .filter(|call| matches!(caching.covers(**call), Covered::NotListed(_)))
        .map(|call| call.function())
        .filter(|function| function.strip_prefix('a').is_some_and(|sync| names.contains(&sync)))
        .collect();
    let mut found = vec![];
    if !missing.is_empty() || !any {
        found.push(unlisted(context, listed, &missing, any));
    }
    for item in items.iter() {
        let Some(name) = item.as_str().filter(|name| !CALL_TYPES.contains(name)) else { continue };
        let Some(meant) = nearest(name, CALL_TYPES) else { continue };
        found.push(
            at(context, &item.origin, format!("LiteLLM has no call type `{name}`."))
                .path("litellm_settings.cache_params.supported_call_types")
                .severity(Severity::Warning)
                .help(format!("Write `{meant}`, if that is meant.")),
        );
    }
    found
}

/// Whether some or all of what the proxy calls is not in the list.
fn unlisted(context: &Context<'_>, listed: &Value, missing: &[&str], any: bool) -> Finding {
    let empty = listed.as_list().is_some_and(<[Value]>::is_empty);
    let origin = &listed.origin;
    let functions: Vec<String> = missing.iter().map(|function| format!("`{function}`")).collect();
    let functions = functions.join(", ");
    let message = match (any, missing.is_empty()) {
        (false, true) => {
            "`supported_call_types` names nothing that the proxy calls: no answer is cached."
                .to_owned()
        }
        (false, false) => format!(
            "Nothing is cached: the proxy calls {functions}, and `supported_call_types` does not name it."
        ),
        (true, _) => format!(
            "The proxy calls {functions}, and `supported_call_types` does not name it: such answers are not cached."
        ),
    };
    let path = "litellm_settings.cache_params.supported_call_types";
    let added = missing
        .iter()
        .map(|function| Operation::Append { path: path.to_owned(), value: json!(function) });
    let operations: Vec<Operation> = added.collect();
    let found = at(context, origin, message).path(path).severity(match (any, empty) {
        (true, _) => Severity::Warning,
        (false, true) => Severity::Hint,
        (false, false) => Severity::Error,
    });
    if operations.is_empty() {
        return found
            .help("Name `acompletion` and what else is to be cached, or leave the list out.");
    }
    let fix = context.fix(format!("Add {}", missing.join(", ")), Safety::Unsafe, &operations);
    found.help(format!("Add {functions}.")).fix(fix)
}
