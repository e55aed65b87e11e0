//! What comes onto the page and goes off it.

use redproof_messages::{Ask, AskHeld, Belongs, Checked, File, Misplaced, Texts};

use super::{App, Msg};
use crate::files::Part;
use crate::intake::{self, Choice, Given};
use crate::toast::{REDO, Toast, UNDO};
use crate::views::{Live, View};
use crate::workspace::{CONFIG, ENVIRONMENT, Key, Workspace, is_dotenv};

/// What was on the page.
#[derive(Clone)]
pub(crate) struct Before {
    workspace: Workspace,
    /// Whether its certificates were put away with it.
    certificates: bool,
}

impl Before {
    /// Files that others take the place of: the certificates of one's own go too.
    fn put_away(workspace: &Workspace) -> Self {
        Self { workspace: workspace.clone(), certificates: !workspace.is_untouched() }
    }
}

/// Files that others took the place of.
pub(super) struct Away {
    before: Before,
    /// What stands beside the config in their place.
    beside: Vec<(Key, String)>,
}

impl Away {
    fn of(before: Before, now: &Workspace) -> Self {
        Self { before, beside: beside(now) }
    }
}

/// The files beside the first config, with what they hold.
fn beside(workspace: &Workspace) -> Vec<(Key, String)> {
    let others = workspace.files.iter().filter(|file| file.key != CONFIG);
    others.map(|file| (file.key, file.text.clone())).collect()
}

impl App {
    /// Where the text of an example was replaced by the user's, the rest of the example goes too: it says
    /// nothing of the user's deployment.
    pub(super) fn begin_own(&mut self, key: Key) {
        let Some(example) = self.workspace.example else { return };
        let emptied = self.workspace.get(key).is_none_or(|file| file.text.trim().is_empty());
        if key != CONFIG && emptied {
            return;
        }
        let others = self.workspace.files.iter().filter(|file| file.key != key);
        let others: Vec<Key> =
            others.filter(|file| !file.text.is_empty()).map(|file| file.key).collect();
        for other in &others {
            self.set_text(*other, "");
        }
        let before = Workspace::of_example(example).on_releases_of(&self.workspace);
        self.workspace.example = None;
        self.away = Some(Away::of(Before::put_away(&before), &self.workspace));
        self.hello = false;
        if !others.is_empty() {
            let said = "You started your own files. The example was put away.";
            self.toast_with_restore(said, before);
        }
    }

    /// Where the editor's undo brought the config back that was put away, the files beside it come back too, unless
    /// those that took their place were changed since; gives whether they did.
    pub(super) fn bring_back(&mut self, key: Key) -> bool {
        let config = |workspace: &Workspace| workspace.get(CONFIG).map(|file| file.text.clone());
        let is_back = |away: &mut Away| {
            key == CONFIG
                && config(&away.before.workspace) == config(&self.workspace)
                && away.beside == beside(&self.workspace)
        };
        let Some(away) = self.away.take_if(is_back) else { return false };
        self.toast = None;
        self.put_back(away.before);
        true
    }

    /// Says something, with what brings a workspace back.
    fn toast_with_restore(&mut self, text: &str, workspace: Workspace) {
        self.toast_with(text, UNDO, Before { workspace, certificates: false });
    }

    fn toast_with(&mut self, text: &str, label: &'static str, before: Before) {
        let before = Box::new(before);
        let restore = self.host.link.callback(move |()| Msg::Restore(label, before.clone()));
        let choices = vec![(label, restore)];
        self.toast = Some(Toast { text: text.to_owned(), choices, ..Toast::default() });
    }

    /// Brings a workspace back; what there was in its place can be had again.
    pub(super) fn restore(&mut self, label: &str, before: Before) {
        self.then.clicked = true;
        let now = Before { workspace: self.workspace.clone(), ..before };
        self.put_back(before);
        let (said, next) = if label == UNDO { ("Undone.", REDO) } else { ("Redone.", UNDO) };
        self.toast_with(said, next, now);
    }

    fn put_back(&mut self, before: Before) {
        if before.certificates {
            self.host.ask(&Ask::Certificates(AskHeld::BringBack), |_| {});
        }
        self.replace(before.workspace);
    }

    /// Offers what is on the page to be brought back, once other files are in its place.
    pub(super) fn put_away(&mut self, text: &str) {
        let before = Before::put_away(&self.workspace);
        if before.certificates {
            self.host.ask(&Ask::Certificates(AskHeld::PutAway), |_| {});
        }
        if self.workspace.files.iter().any(|file| !file.text.trim().is_empty()) {
            self.toast_with(text, UNDO, before);
        }
    }

    /// Makes room for other files; `said` where there was something.
    pub(super) fn start_over(&mut self, said: &str) {
        self.put_away(said);
        self.hello = false;
        self.replace(Workspace::empty());
    }

    /// Puts a text in place of a file's; its editor's undo brings the old one back.
    pub(super) fn set_text(&mut self, key: Key, text: &str) {
        if let Some(file) = self.workspace.get_mut(key) {
            text.clone_into(&mut file.text);
        }
        if let Some(editor) = self.editor(key) {
            editor.set_text(text);
        }
    }

    /// Puts the texts of a fresh start in place of all files: those of another deployment say nothing of it.
    pub(super) fn begin(&mut self, config: String, env: String) {
        let before = Before::put_away(&self.workspace);
        let file = |name: &str, text| File { name: name.to_owned(), text };
        let files = vec![file("config.yaml", config), file(".env", env)];
        let fresh =
            Workspace::of(Texts { files, ..Texts::default() }).on_releases_of(&self.workspace);
        if before.certificates {
            self.put_away("Your files were put away.");
        }
        self.hello = false;
        self.replace(fresh);
        self.away = Some(Away::of(before, &self.workspace));
    }

    /// Of a folder's files, has another way checked in which a config runs.
    pub(super) fn choose_run(&mut self, at: usize) {
        let Some(runs) = self.current().and_then(|checked| checked.runs.get(at)).cloned() else {
            return;
        };
        let Some(key) = self.workspace.key(runs.config) else { return };
        self.workspace.deployment = runs.name;
        self.choose_config(key);
    }

    /// Notes which of a folder's files are configs.
    pub(super) fn note_configs(&mut self, checked: &Checked) {
        if !self.workspace.folder {
            return;
        }
        for runs in &checked.runs {
            let key = self.workspace.key(runs.config);
            if let Some(file) = key.and_then(|key| self.workspace.get_mut(key)) {
                file.is_config = true;
            }
        }
    }

    /// Has the files joined as a folder's, or all of them taken for the environment.
    pub(super) fn set_folder(&mut self, folder: bool) {
        let before = self.workspace.clone();
        self.workspace.folder = folder;
        let said = if folder {
            "The deployment decides which files set the environment."
        } else {
            "Every file sets the environment now."
        };
        self.toast_with_restore(said, before);
        self.check();
    }

    /// Has another config checked.
    pub(super) fn choose_config(&mut self, key: Key) {
        self.workspace.config = key;
        if self.lower == key {
            self.lower = ENVIRONMENT;
        }
        self.reveal(Part::File(key));
        self.check();
    }

    /// Puts other files in place of those on the page.
    pub(super) fn replace(&mut self, workspace: Workspace) {
        self.workspace = workspace;
        self.away = None;
        self.then.edits.clear();
        let keys: Vec<Key> = self.workspace.files.iter().map(|file| file.key).collect();
        self.editors.retain(|(key, _)| keys.contains(key));
        self.opened = vec![CONFIG, ENVIRONMENT];
        for file in self.workspace.files.clone() {
            // Its own undo brings back more than its last step.
            if let Some(editor) = self.editor(file.key).filter(|one| one.text() != file.text) {
                editor.set_text(&file.text);
            }
        }
        self.lower = ENVIRONMENT;
        self.notice = String::new();
        self.asked = None;
        self.live = Live::default();
        self.then.to_top = true;
        self.check();
    }

    /// Takes files that were given.
    pub(super) fn take(&mut self, given: Given) {
        if !given.configs.is_empty() && !self.workspace.is_untouched() {
            let update =
                given.count() == 1
                    && self.workspace.files.iter().any(|file| {
                        file.name == given.configs[0].name && file.name != "config.yaml"
                    });
            if !update {
                self.part = Part::Result;
                self.then.to_top = true;
                self.then.focus = Some(intake::QUESTION.to_owned());
                self.asked = Some(given);
                return;
            }
        }
        let fresh = !given.configs.is_empty() && self.workspace.is_untouched();
        self.take_in(given, fresh);
    }

    pub(super) fn decide(&mut self, choice: Choice) {
        self.then.clicked = true;
        let Some(given) = self.asked.take() else { return };
        match choice {
            Choice::Cancel => {}
            Choice::Add => self.take_in(given, false),
            Choice::Replace => {
                let before = Before::put_away(&self.workspace);
                self.put_away("Your files were put away.");
                self.take_in(given, true);
                self.away = Some(Away::of(before, &self.workspace));
            }
        }
    }

    /// Takes files in; `fresh` in place of all that are there.
    pub(super) fn take_in(&mut self, given: Given, fresh: bool) {
        let told = given.told();
        self.hello &= given.is_nothing();
        // With a config, the verdict on it is what was asked for.
        let alone = given.configs.is_empty();
        let Given { configs, mut environment, beside, certificates, releases, unused, .. } = given;
        let folder = configs.len() + environment.len() + beside.len() > 1 && !configs.is_empty();
        environment.extend(beside);
        let put_away = self.workspace.example;
        if fresh || (put_away.is_some() && !environment.is_empty()) {
            // The releases of another deployment say nothing of this one.
            self.replace(Workspace::of_files(configs, environment));
            self.lower = self.workspace.runs_it().unwrap_or(ENVIRONMENT);
            self.opened.push(self.lower);
            if let Some(example) = put_away {
                let text = "You started your own files. The example was put away.";
                self.toast_with_restore(text, Workspace::of_example(example));
            }
        } else {
            self.workspace.folder |= folder;
            let kinds = configs.into_iter().map(|file| (file, true));
            let kinds = kinds.chain(environment.into_iter().map(|file| (file, false)));
            let mut shown = None;
            for (file, is_config) in kinds {
                shown = Some(self.take_file(file, is_config));
            }
            if let Some(key) = shown {
                self.reveal(Part::File(key));
            }
        }
        self.workspace.unused.extend(unused);
        if let Some((_, litellm, redis_py)) = releases {
            for (chosen, named) in
                [(&mut self.workspace.litellm, litellm), (&mut self.workspace.redis_py, redis_py)]
            {
                if !named.is_empty() {
                    *chosen = named;
                }
            }
        }
        if !certificates.is_empty() {
            for (name, bytes) in certificates {
                self.host.ask(&Ask::Certificates(AskHeld::Hold { name, bytes }), |_| {});
            }
            if alone {
                self.turn(Some(View::Certificates));
            }
        }
        self.notice = told;
        self.forget_example();
        self.check();
    }

    /// Takes one file in: in place of one of its name, else of an empty one of its kind, else beside
    /// the others.
    fn take_file(&mut self, file: File, is_config: bool) -> Key {
        let same = self.workspace.files.iter().find(|one| one.name == file.name);
        let place = if is_config { CONFIG } else { ENVIRONMENT };
        let empty = self
            .workspace
            .get(place)
            .filter(|one| one.text.trim().is_empty() && (is_config || is_dotenv(&file.name)));
        let Some(key) = same.or(empty).map(|one| one.key) else {
            return self.workspace.add(file, is_config);
        };
        self.set_text(key, &file.text);
        if let Some(one) = self.workspace.get_mut(key).filter(|_| is_config) {
            one.name = file.name;
        }
        key
    }

    /// Puts a text that is in the wrong place where it belongs.
    pub(super) fn put_right(&mut self, misplaced: &Misplaced) {
        self.then.clicked = true;
        let Some(key) = self.workspace.key(misplaced.file) else { return };
        let Some(text) = self.workspace.get(key).map(|file| file.text.clone()) else { return };
        let before = self.workspace.clone();
        if let Some(inner) = &misplaced.text {
            self.set_text(key, inner);
            self.toast_with_restore("The rest of the text was put away.", before);
            self.check();
            return;
        }
        self.set_text(key, "");
        // One of that name keeps its own text.
        let mut name = misplaced.name.clone();
        let is_full = |name: &str| {
            let mut files = self.workspace.files.iter();
            files.any(|file| file.name == name && !file.text.trim().is_empty())
        };
        if is_full(&name) {
            name = format!("pasted-{}", name.trim_start_matches('.'));
        }
        let file = File { name, text };
        match misplaced.to {
            Belongs::Certificates => {
                let (name, bytes) = (file.name, file.text.into_bytes());
                self.host.ask(&Ask::Certificates(AskHeld::Hold { name, bytes }), |_| {});
                self.turn(Some(View::Certificates));
            }
            Belongs::Errors | Belongs::Nowhere => {
                self.error = Some(file.text);
                self.show(Msg::AskError);
            }
            to => {
                let key = self.take_file(file, to == Belongs::Config);
                self.reveal(Part::File(key));
            }
        }
        self.workspace.example = None;
        self.toast_with_restore("Moved to the right place.", before);
        self.check();
    }

    /// Takes a file off the page.
    pub(super) fn close(&mut self, key: Key) {
        if key <= ENVIRONMENT {
            return;
        }
        let Some(file) = self.workspace.get(key).cloned() else { return };
        let before = self.workspace.clone();
        self.workspace.files.retain(|one| one.key != key);
        self.editors.retain(|(other, _)| *other != key);
        self.opened.retain(|other| *other != key);
        if self.workspace.config == key {
            self.workspace.config = CONFIG;
        }
        self.toast_with_restore(&format!("Closed {}.", file.name), before);
        self.then.clicked = true;
        self.notice = String::new();
        self.reveal(Part::File(ENVIRONMENT));
        self.check();
    }
}
