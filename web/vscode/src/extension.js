// Starts `redproof lsp` for YAML and .env files. All else is the server's.
"use strict";
const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

/** @type {LanguageClient | undefined} */
let client;

/** How the server is started. */
function server() {
  const settings = vscode.workspace.getConfiguration("redproof");
  return { command: settings.get("path", "redproof"), args: ["lsp", ...settings.get("arguments", [])] };
}

async function start() {
  const { command, args } = server();
  client = new LanguageClient(
    "redproof",
    "Redproof",
    { command, args },
    {
      documentSelector: [
        { scheme: "file", language: "yaml" },
        { scheme: "file", pattern: "**/{.env,*.env,.env.*}" },
      ],
      synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher("**/{*.yaml,*.yml,*.json,*.toml,.env,*.env,Dockerfile*}") },
    },
  );
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    const choice = await vscode.window.showErrorMessage(
      `Redproof does not start: ${error instanceof Error ? error.message : error}. Install it (pip install redproof), or set redproof.path.`,
      "Open settings",
    );
    if (choice) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "redproof.path");
    }
  }
}

async function stop() {
  const running = client;
  client = undefined;
  await running?.stop();
}

/** @param {vscode.ExtensionContext} context */
async function activate(context) {
  const restart = async () => {
    await stop();
    await start();
  };
  context.subscriptions.push(
    vscode.commands.registerCommand("redproof.restart", restart),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("redproof.path") || change.affectsConfiguration("redproof.arguments")) {
        void restart();
      }
    }),
  );
  await start();
}

module.exports = { activate, deactivate: stop };
