//! `AdmissionReview` of admission.k8s.io/v1: what is asked, and what is answered.

use redproof_core::finding::Severity;
use redproof_core::visible::visible;
use serde::Serialize;
use serde_json::Value as Json;

use super::judge::Found;

/// Longer warnings are cut by the API server.
const LONGEST_WARNING: usize = 240;
/// So many warnings; more say less.
const MOST_WARNINGS: usize = 8;

/// What the API server asks.
pub(super) struct Asked {
    uid: String,
    pub(super) kind: String,
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) operation: String,
    pub(super) object: Json,
    /// What it was before; null for a new one.
    pub(super) old_object: Json,
}

impl Asked {
    /// Reads a review.
    ///
    /// # Errors
    /// Why it is none.
    pub(super) fn read(body: &[u8]) -> Result<Self, &'static str> {
        let mut review: Json = serde_json::from_slice(body).map_err(|_| "this is not JSON")?;
        let is = |key: &str, value: &str| review[key] == value;
        if !is("apiVersion", "admission.k8s.io/v1") || !is("kind", "AdmissionReview") {
            return Err("an AdmissionReview of admission.k8s.io/v1 is expected");
        }
        let mut request = review["request"].take();
        let text = |key: &Json| key.as_str().unwrap_or_default().to_owned();
        let uid = text(&request["uid"]);
        if uid.is_empty() {
            return Err("the request has no uid");
        }
        Ok(Self {
            uid,
            kind: text(&request["kind"]["kind"]),
            namespace: text(&request["namespace"]),
            name: text(&request["name"]),
            operation: text(&request["operation"]),
            object: request["object"].take(),
            old_object: request["oldObject"].take(),
        })
    }

    /// Whether there is something to judge: an object that comes in or changes, and that may have to
    /// do with LiteLLM.
    pub(super) fn matters(&self) -> bool {
        let comes = matches!(self.operation.as_str(), "CREATE" | "UPDATE");
        let goes = self.object["metadata"]["deletionTimestamp"].is_string();
        comes && !goes && {
            let text = self.object.to_string().to_ascii_lowercase();
            ["litellm", "redis_", "cache_params", "router_settings"]
                .iter()
                .any(|word| text.contains(word))
        }
    }

    /// The review that answers.
    pub(super) fn reply<'a>(&'a self, answer: &'a Answer) -> Review<'a> {
        let status = answer.refused.as_deref().map(|message| Failed {
            status: "Failure",
            code: 403,
            reason: "Forbidden",
            message,
        });
        let annotations = Some(answer.codes.join(",")).filter(|codes| !codes.is_empty());
        Review {
            api_version: "admission.k8s.io/v1",
            kind: "AdmissionReview",
            response: Response {
                uid: &self.uid,
                allowed: status.is_none(),
                status,
                warnings: &answer.warnings,
                audit_annotations: annotations.map(|findings| Annotations { findings }),
            },
        }
    }
}

/// The review that answers, as admission.k8s.io/v1 has it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Review<'a> {
    api_version: &'static str,
    kind: &'static str,
    response: Response<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Response<'a> {
    uid: &'a str,
    allowed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Failed<'a>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    warnings: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    audit_annotations: Option<Annotations>,
}

#[derive(Serialize)]
struct Failed<'a> {
    status: &'static str,
    code: u16,
    reason: &'static str,
    message: &'a str,
}

#[derive(Serialize)]
struct Annotations {
    findings: String,
}

/// What is answered.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// Why the object may not come in.
    pub(super) refused: Option<String>,
    pub(super) warnings: Vec<String>,
    /// The rules of all findings.
    pub(super) codes: Vec<&'static str>,
}

impl Answer {
    /// What follows from what was found in an object, and in what it was before.
    pub(super) fn of(new: &[Found], old: &[Found], fail_on: Severity) -> Self {
        let was = |found: &Found| old.iter().any(|one| one.is_same(found));
        let is_new_error = |found: &&Found| found.severity >= fail_on && !was(found);
        let why: Vec<String> =
            new.iter().filter(is_new_error).map(|found| format!("- {}", found.text)).collect();
        let refused = (!why.is_empty())
            .then(|| format!("LiteLLM would not run as configured:\n{}", why.join("\n")));
        let warns = |found: &&Found| !is_new_error(found) && found.severity > Severity::Hint;
        let warning = |found: &Found| {
            let before = if was(found) { "as before: " } else { "" };
            cut(&format!("{before}{}", found.text))
        };
        let mut codes: Vec<&str> = new.iter().map(|found| found.code).collect();
        codes.sort_unstable();
        codes.dedup();
        Self {
            refused,
            warnings: new.iter().filter(warns).map(warning).take(MOST_WARNINGS).collect(),
            codes,
        }
    }
}

/// One line, short enough, that acts on no terminal: warnings travel as headers.
pub(super) fn cut(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = visible(&line);
    if line.chars().count() <= LONGEST_WARNING {
        return line.to_string();
    }
    line.chars().take(LONGEST_WARNING - 1).chain(['…']).collect()
}
