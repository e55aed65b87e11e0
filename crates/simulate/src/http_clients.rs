//! The HTTP clients that LiteLLM makes at start-up: each opens the files of authorities and of a client certificate
//! that variables and settings name (`httpx.create_ssl_context`).

use facts::Behaviour;
use python::{Data, PyException, PyResult, Raise, Stop, Value};

use super::process::Process;
use super::sections::section;
use crate::outcome::Opened;

/// Providers whose models are asked through one client: `openai_compatible_providers` of LiteLLM 1.60.0 to 1.63.7, `azure`
/// and `openai` themselves.
const OPENAI_CLIENT: [&str; 30] = [
    "ai21",
    "ai21_chat",
    "anyscale",
    "azure",
    "azure_ai",
    "azure_text",
    "cerebras",
    "codestral",
    "custom_openai",
    "deepinfra",
    "deepseek",
    "empower",
    "fireworks_ai",
    "friendliai",
    "galadriel",
    "github",
    "groq",
    "hosted_vllm",
    "litellm_proxy",
    "lm_studio",
    "mistral",
    "nvidia_nim",
    "openai",
    "perplexity",
    "sambanova",
    "text-completion-openai",
    "together_ai",
    "volcengine",
    "xai",
    "xinference",
];

/// How names of `openai`'s own models begin.
const OPENAI_MODELS: [&str; 6] = ["gpt-", "o1", "o3", "chatgpt-", "text-embedding-", "ft:gpt-"];

/// What importing `proxy_server` makes: the clients of `LicenseCheck` (`HTTPHandler`) and of `JWTHandler`. The environment is
/// the process's, before the config sets any of it.
///
/// # Errors
/// `FileNotFoundError`, where no file is there.
pub(super) fn imported(process: &Process<'_>) -> PyResult<()> {
    let variable = |name: &str| {
        let value = process.import_environ(name)?;
        value.as_str().is_some_and(|text| !text.is_empty()).then_some(value)
    };
    let authorities = variable("SSL_CERT_FILE");
    let verify = process.import_environ("SSL_VERIFY");
    let is_path = !process.pair.behaves(Behaviour::SslVerifyVariableMayBeBoolean);
    if let Some(verify) = verify.filter(|_| is_path) {
        // Any text is the path of a file or folder; the client certificate is then not looked at.
        open(process, "SSL_VERIFY", &verify)?;
    } else {
        if let Some(file) = authorities.as_ref().filter(|_| is_path) {
            open(process, "SSL_CERT_FILE", file)?;
        }
        if let Some(certificate) = variable("SSL_CERTIFICATE") {
            open(process, "SSL_CERTIFICATE", &certificate)?;
        }
    }
    authorities.map_or(Ok(()), |file| open(process, "SSL_CERT_FILE", &file))
}

/// `InitalizeOpenAISDKClient.set_client`, for each model as the router gets it.
///
/// # Errors
/// `FileNotFoundError`, where no file is there.
pub(super) fn of_models(process: &Process<'_>, config: &Value) -> PyResult<()> {
    if process.pair.behaves(Behaviour::ModelClientsAreMadeOnUse) {
        return Ok(());
    }
    let models = section(config, "model_list").and_then(Value::as_list).unwrap_or_default();
    if !models.iter().any(has_openai_client) {
        return Ok(());
    }
    let verify = process.ssl_verify.as_ref();
    match verify.map(|verify| &verify.data) {
        None | Some(Data::Bool(true)) => {
            // The process's own: what the config sets of it does not count.
            let file = process.import_environ("SSL_CERT_FILE");
            file.map_or(Ok(()), |file| open(process, "SSL_CERT_FILE", &file))
        }
        Some(Data::Str(_)) => verify.map_or(Ok(()), |verify| open(process, "ssl_verify", verify)),
        Some(_) => Ok(()),
    }
}

fn has_openai_client(model: &Value) -> bool {
    let params = model.as_dict().and_then(|model| model.get("litellm_params")?.as_dict());
    let Some(name) = params.and_then(|params| params.get("model")?.as_str()) else { return false };
    let given = params.and_then(|params| params.get("custom_llm_provider")?.as_str());
    match (given, name.split_once('/')) {
        (Some(provider), _) | (None, Some((provider, _))) => OPENAI_CLIENT.contains(&provider),
        (None, None) => OPENAI_MODELS.iter().any(|start| name.starts_with(start)),
    }
}

/// `ssl.create_default_context(cafile=…)`, `load_cert_chain`. Whether a file is there is known only where none is: elsewhere
/// it is noted what its lack would raise. An empty name is none.
fn open(process: &Process<'_>, setting: &'static str, file: &Value) -> PyResult<()> {
    let Some(path) = file.as_str().filter(|path| !path.is_empty()) else { return Ok(()) };
    let (class, message) = ("FileNotFoundError", "[Errno 2] No such file or directory");
    // A switch is meant, and no file has such a name.
    let is_switch = ["true", "false"].iter().any(|switch| path.eq_ignore_ascii_case(switch));
    if process.has_no_files() || is_switch {
        return Err(Stop::raise(class, message).because_of(&file.origin));
    }
    process.opens(Opened {
        setting,
        path: path.to_owned(),
        whether: format!("whether {path} can be read"),
        missing: PyException {
            class: class.to_owned(),
            message: message.to_owned(),
            origins: vec![file.origin.clone()],
            reason: Raise::Other,
        },
        origin: file.origin.clone(),
    });
    Ok(())
}
