//! `redproof lsp`: the language server, over standard input and output.
//!
//! One thread, one loop: a check takes milliseconds. What an editor holds of a config counts; the
//! files that deploy it are read from disk, again at each save.

mod actions;
mod capabilities;
mod checked;
mod hints;
mod language;
mod outline;
mod positions;
mod publish;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ls_types::notification::{
    DidChangeTextDocument, DidChangeWatchedFiles, DidCloseTextDocument, DidOpenTextDocument,
    DidSaveTextDocument, Notification as _, PublishDiagnostics,
};
use ls_types::request::{
    CodeActionRequest, Completion, DocumentSymbolRequest, GotoDefinition, HoverRequest,
    InlayHintRequest, Request as _,
};
use ls_types::{InitializeParams, PublishDiagnosticsParams, Uri};
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, Response};
use serde::de::DeserializeOwned;

use crate::Ending;
use crate::args::LspArgs;
use crate::output::Failure;
use checked::Workspace;
use positions::Encoding;

/// Serves until the editor ends it.
///
/// # Errors
/// When the settings can't be used, or the editor does not keep to the protocol.
pub(crate) fn run(args: &LspArgs) -> Result<Ending, Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::Said(format!("lsp: {error}"));
    let (connection, threads) = Connection::stdio();
    let (id, params) = connection.initialize_start().map_err(|error| failed(&error))?;
    let params: InitializeParams =
        serde_json::from_value(params).map_err(|error| failed(&error))?;
    let encoding = Encoding::of(&params);
    let answer = serde_json::json!({
        "capabilities": capabilities::of(encoding),
        "serverInfo": { "name": "redproof", "version": env!("CARGO_PKG_VERSION") },
    });
    connection.initialize_finish(id, answer).map_err(|error| failed(&error))?;
    let mut server = Server {
        connection: &connection,
        workspace: Workspace::new(&args.surroundings, folders(&params)),
        texts: BTreeMap::new(),
        published: vec![],
        encoding,
    };
    server.check_all();
    let ended = server.listen();
    drop(connection);
    threads.join().map_err(|error| failed(&error))?;
    ended.map_err(|error| failed(&error))?;
    Ok(Ending::Clean)
}

/// The folders that the editor has open.
fn folders(params: &InitializeParams) -> Vec<PathBuf> {
    let folders = params.workspace_folders.iter().flatten().map(|folder| &folder.uri);
    #[expect(deprecated, reason = "older editors send it alone")]
    let root = params.root_uri.iter();
    let mut paths: Vec<PathBuf> = folders.chain(root).filter_map(path).collect();
    paths.sort();
    paths.dedup();
    paths
}

/// The file that a URI names.
fn path(uri: &Uri) -> Option<PathBuf> {
    uri.to_file_path().map(std::borrow::Cow::into_owned)
}

struct Server<'a> {
    connection: &'a Connection,
    workspace: Workspace,
    /// What the editor holds, by file.
    texts: BTreeMap<PathBuf, String>,
    /// The files that have findings in the editor.
    published: Vec<PathBuf>,
    encoding: Encoding,
}

impl Server<'_> {
    fn listen(&mut self) -> Result<(), lsp_server::ProtocolError> {
        while let Ok(message) = self.connection.receiver.recv() {
            match message {
                Message::Request(request) => {
                    if self.connection.handle_shutdown(&request)? {
                        return Ok(());
                    }
                    let response = self.answer(request);
                    self.send(Message::Response(response));
                }
                Message::Notification(notification) => self.take(notification),
                Message::Response(_) => {}
            }
        }
        Ok(())
    }

    /// The editor may be gone: then the loop ends by itself.
    fn send(&self, message: Message) {
        let _ = self.connection.sender.send(message);
    }

    fn answer(&self, request: Request) -> Response {
        let Request { id, method, params } = request;
        let result = match method.as_str() {
            HoverRequest::METHOD => self.with(params, Self::hover),
            Completion::METHOD => self.with(params, Self::complete),
            CodeActionRequest::METHOD => self.with(params, Self::actions),
            DocumentSymbolRequest::METHOD => self.with(params, Self::symbols),
            GotoDefinition::METHOD => self.with(params, Self::definition),
            InlayHintRequest::METHOD => self.with(params, Self::hints),
            _ => {
                let code = ErrorCode::MethodNotFound as i32;
                return Response::new_err(id, code, format!("{method} is not served"));
            }
        };
        match result {
            Ok(result) => Response::new_ok(id, result),
            Err(error) => Response::new_err(id, ErrorCode::InvalidParams as i32, error.to_string()),
        }
    }

    fn with<P: DeserializeOwned, R: serde::Serialize>(
        &self,
        params: serde_json::Value,
        answer: impl FnOnce(&Self, &P) -> Option<R>,
    ) -> Result<serde_json::Value, serde_json::Error> {
        let params: P = serde_json::from_value(params)?;
        serde_json::to_value(answer(self, &params))
    }

    fn take(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        match method.as_str() {
            DidOpenTextDocument::METHOD => {
                let Some(params) = read::<ls_types::DidOpenTextDocumentParams>(params) else {
                    return;
                };
                self.changed(&params.text_document.uri, params.text_document.text);
            }
            DidChangeTextDocument::METHOD => {
                let Some(params) = read::<ls_types::DidChangeTextDocumentParams>(params) else {
                    return;
                };
                // The whole text comes with each change: the last one counts.
                let Some(change) = params.content_changes.into_iter().next_back() else { return };
                self.changed(&params.text_document.uri, change.text);
            }
            DidCloseTextDocument::METHOD => {
                let Some(params) = read::<ls_types::DidCloseTextDocumentParams>(params) else {
                    return;
                };
                if let Some(path) = path(&params.text_document.uri) {
                    self.texts.remove(&path);
                }
                self.check_all();
            }
            DidSaveTextDocument::METHOD | DidChangeWatchedFiles::METHOD => self.check_all(),
            _ => {}
        }
    }

    fn changed(&mut self, uri: &Uri, text: String) {
        let Some(path) = path(uri) else { return };
        self.texts.insert(path.clone(), text);
        self.workspace.check(&path, &self.texts);
        self.publish();
    }

    fn check_all(&mut self) {
        if let Err(error) = self.workspace.check_all(&self.texts) {
            self.send(Message::Notification(Notification::new(
                "window/logMessage".to_owned(),
                serde_json::json!({ "type": 1, "message": error.to_string() }),
            )));
        }
        self.publish();
    }

    /// Gives the editor what is found now, and takes back what is not found any more.
    fn publish(&mut self) {
        let found = publish::by_file(&self.workspace, &self.texts, self.encoding);
        let gone = self.published.iter().filter(|path| !found.contains_key(*path));
        let empty = gone.map(|path| (path, vec![]));
        let messages: Vec<Message> = found
            .iter()
            .map(|(path, found)| (path, found.clone()))
            .chain(empty)
            .filter_map(|(path, diagnostics)| {
                let uri = Uri::from_file_path(path)?;
                let params = PublishDiagnosticsParams { uri, diagnostics, version: None };
                let method = PublishDiagnostics::METHOD.to_owned();
                Some(Message::Notification(Notification::new(method, params)))
            })
            .collect();
        for message in messages {
            self.send(message);
        }
        self.published = found.into_keys().collect();
    }

    /// The text of a file, as the editor holds it.
    fn text(&self, path: &Path) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }
}

fn read<P: DeserializeOwned>(params: serde_json::Value) -> Option<P> {
    serde_json::from_value(params).ok()
}
