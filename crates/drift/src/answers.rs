//! What the endpoints answer, read with care: a proxy may be of any release.

use serde_json::Value as Json;

/// An endpoint that is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// `/cache/ping`
    pub path: &'static str,
    /// Asking it writes: `/cache/ping` sets a key in Redis.
    pub writes: bool,
}

/// All that are asked, of every release: those that one lacks answer 404.
pub const ENDPOINTS: [Endpoint; 7] = [
    Endpoint { path: "/health/readiness", writes: false },
    Endpoint { path: "/health/readiness/details", writes: false },
    Endpoint { path: "/cache/ping", writes: true },
    Endpoint { path: "/cache/redis/info", writes: false },
    Endpoint { path: "/cache/settings", writes: false },
    Endpoint { path: "/coordination_redis/settings", writes: false },
    Endpoint { path: "/router/settings", writes: false },
];

/// An endpoint's answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Whose.
    pub endpoint: Endpoint,
    /// The HTTP status.
    pub status: u16,
    /// The body; null where it is not JSON.
    pub body: Json,
}

/// The answers of one proxy.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers(pub Vec<Answer>);

impl Answers {
    fn answer(&self, path: &str) -> Option<&Answer> {
        self.0.iter().find(|answer| answer.endpoint.path == path)
    }

    /// The body of an answer that succeeded.
    pub(crate) fn body(&self, path: &str) -> Option<&Json> {
        self.answer(path).filter(|answer| answer.status == 200).map(|answer| &answer.body)
    }

    /// Whether the key was refused.
    pub(crate) fn refused(&self, path: &str) -> bool {
        self.answer(path).is_some_and(|answer| matches!(answer.status, 400 | 401 | 403))
    }

    /// LiteLLM's release.
    pub fn release(&self) -> Option<String> {
        let paths = ["/health/readiness/details", "/health/readiness"];
        let told = |path| self.body(path)?["litellm_version"].as_str();
        paths.into_iter().find_map(told).map(str::to_owned)
    }

    /// The class of the response cache, as `litellm.cache.type` has it: `Some(None)` without one.
    #[allow(clippy::option_option, reason = "not told, and no cache, are two things")]
    pub(crate) fn cache_type(&self) -> Option<Option<String>> {
        if let Some(ping) = self.body("/cache/ping") {
            return Some(ping["cache_type"].as_str().map(str::to_owned));
        }
        let paths = ["/health/readiness/details", "/health/readiness"];
        let cache = paths.into_iter().find_map(|path| self.body(path)?.get("cache"));
        if let Some(cache) = cache {
            // 1.80.0 gives more than the word for a semantic cache.
            return Some(cache.as_str().or_else(|| cache["type"].as_str()).map(str::to_owned));
        }
        let said = self.answer("/cache/ping")?.body.to_string();
        said.contains("Cache not initialized").then_some(None)
    }

    /// A part of what `/cache/ping` tells: also where Redis fails, which is a 503 with the same inside.
    fn ping(&self, part: &str) -> Option<Json> {
        let body = &self.answer("/cache/ping")?.body;
        let inner = body["error"]["message"].as_str();
        let told = inner.and_then(|text| serde_json::from_str::<Json>(text).ok());
        Some(read(&told.as_ref().unwrap_or(body)[part]))
    }

    /// The arguments of `Cache` that `/cache/ping` tells.
    pub(crate) fn cache_params(&self) -> Option<Json> {
        let params = self.ping("litellm_cache_params")?;
        params.as_object().is_some_and(|params| !params.is_empty()).then_some(params)
    }

    /// The arguments of the Redis client that `/cache/ping` tells.
    pub(crate) fn redis_kwargs(&self) -> Option<Json> {
        let params = self.ping("health_check_cache_params")?;
        params.get("redis_kwargs").filter(|kwargs| kwargs.is_object()).cloned()
    }

    /// The names of the cache's settings that are stored, or come from the environment.
    pub(crate) fn stored_cache_settings(&self) -> Vec<String> {
        let values =
            self.body("/cache/settings").and_then(|body| body["current_values"].as_object());
        // The page's own choice between a node, a cluster and sentinels follows from the others.
        let set = values.into_iter().flatten();
        let set = set.filter(|(name, value)| *name != "redis_type" && !value.is_null());
        set.map(|(name, _)| name.clone()).collect()
    }
}

/// A value that some releases give as JSON in a text.
fn read(value: &Json) -> Json {
    let text = value.as_str().and_then(|text| serde_json::from_str(text).ok());
    text.unwrap_or_else(|| value.clone())
}
