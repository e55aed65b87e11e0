//! The files on the page: a config, and those that set its environment.

use redproof_messages::{File, Texts};

use crate::examples::{EXAMPLES, Example};

/// The key of a file: it stays the same while the file is on the page.
pub(crate) type Key = u32;

/// A file on the page.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OpenFile {
    pub key: Key,
    pub name: String,
    pub text: String,
    /// Whether it is a config of LiteLLM, of which one is checked.
    pub is_config: bool,
}

/// The files, and the releases asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Workspace {
    pub files: Vec<OpenFile>,
    /// The config that is checked.
    pub config: Key,
    /// Empty for automatic.
    pub litellm: String,
    /// Empty for the one that LiteLLM's image ships.
    pub redis_py: String,
    /// Whether the files are a folder's: what runs the config, and with which of them, is worked out.
    /// Else all that are not config set the environment.
    pub folder: bool,
    /// Of a folder's, what runs the config; empty for the first that does.
    pub deployment: String,
    /// The example that nobody has changed yet.
    pub example: Option<usize>,
    /// Names of files that were given and are not used.
    pub unused: Vec<String>,
    next: Key,
}

/// The key of the first config, which is always there.
pub(crate) const CONFIG: Key = 0;

/// The key of the file that sets the environment, which is always there.
pub(crate) const ENVIRONMENT: Key = 1;

impl Workspace {
    /// An example, by its place in the list.
    pub(crate) fn of_example(place: usize) -> Self {
        let files = EXAMPLES.get(place).map(Example::files).unwrap_or_default();
        Self { example: Some(place), ..Self::of(Texts { files, ..Texts::default() }) }
    }

    /// Texts, the config first.
    pub(crate) fn of(texts: Texts) -> Self {
        let mut workspace = Self {
            litellm: texts.litellm,
            redis_py: texts.redis_py,
            folder: texts.folder,
            deployment: texts.deployment,
            ..Self::default()
        };
        for (at, file) in texts.files.into_iter().enumerate() {
            workspace.add(file, at == 0);
        }
        for name in ["config.yaml", ".env"].into_iter().skip(workspace.files.len()) {
            let file = File { name: name.to_owned(), text: String::new() };
            workspace.add(file, name == "config.yaml");
        }
        workspace
    }

    /// Texts that were kept, and which of them are configs beside the first; those of an example are one.
    pub(crate) fn of_kept((texts, configs): (Texts, Vec<usize>)) -> Self {
        let example = EXAMPLES.iter().position(|one| one.files() == texts.files);
        let mut workspace = Self { example, ..Self::of(texts) };
        for at in configs {
            if let Some(file) = workspace.files.get_mut(at) {
                file.is_config = true;
            }
        }
        workspace
    }

    /// Files that were given: the first config is checked. With a config, they are a folder's.
    pub(crate) fn of_files(configs: Vec<File>, mut others: Vec<File>) -> Self {
        let folder = !configs.is_empty();
        let mut configs = configs.into_iter();
        let blank = |name: String| File { name, text: String::new() };
        let config = configs.next().unwrap_or_else(|| blank("config.yaml".to_owned()));
        // That of the config's own folder, if there is one.
        let own = match config.name.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/.env"),
            None => ".env".to_owned(),
        };
        let dotenv = others
            .iter()
            .position(|file| file.name == own)
            .or_else(|| others.iter().position(|file| !folder && is_dotenv(&file.name)));
        let dotenv = dotenv.map_or_else(|| blank(own), |at| others.remove(at));
        let files = vec![config, dotenv];
        let mut workspace = Self::of(Texts { files, folder, ..Texts::default() });
        for config in configs {
            workspace.add(config, true);
        }
        for file in others {
            workspace.add(file, false);
        }
        workspace
    }

    /// Nothing yet.
    pub(crate) fn empty() -> Self {
        Self::of(Texts::default())
    }

    /// The same with the releases of another one.
    pub(crate) fn on_releases_of(self, other: &Self) -> Self {
        Self { litellm: other.litellm.clone(), redis_py: other.redis_py.clone(), ..self }
    }

    /// Adds a file; its key.
    pub(crate) fn add(&mut self, file: File, is_config: bool) -> Key {
        let key = self.next;
        self.next += 1;
        self.files.push(OpenFile { key, name: file.name, text: file.text, is_config });
        key
    }

    /// What is checked: the config that is chosen, then all that is not a config; of a folder, all others.
    pub(crate) fn texts(&self) -> Texts {
        let files =
            self.checked().map(|file| File { name: file.name.clone(), text: file.text.clone() });
        Texts {
            files: files.collect(),
            litellm: self.litellm.clone(),
            redis_py: self.redis_py.clone(),
            folder: self.folder,
            deployment: self.deployment.clone(),
        }
    }

    fn checked(&self) -> impl Iterator<Item = &OpenFile> {
        self.in_order().filter(|file| self.folder || !file.is_config || file.key == self.config)
    }

    /// The files as they are kept: the config that is checked, what sets the environment, the others.
    pub(crate) fn in_order(&self) -> impl Iterator<Item = &OpenFile> {
        let place = |file: &&OpenFile| match file.key {
            key if key == self.config => 0,
            ENVIRONMENT => 1,
            _ => 2,
        };
        (0..3).flat_map(move |at| self.files.iter().filter(move |file| place(file) == at))
    }

    /// The number that a file goes by in [`Self::texts`].
    pub(crate) fn number(&self, key: Key) -> Option<u16> {
        let at = self.checked().position(|file| file.key == key)?;
        u16::try_from(at).ok()
    }

    /// The key of the file of a number.
    pub(crate) fn key(&self, number: u16) -> Option<Key> {
        self.checked().nth(usize::from(number)).map(|file| file.key)
    }

    pub(crate) fn get(&self, key: Key) -> Option<&OpenFile> {
        self.files.iter().find(|file| file.key == key)
    }

    pub(crate) fn get_mut(&mut self, key: Key) -> Option<&mut OpenFile> {
        self.files.iter_mut().find(|file| file.key == key)
    }

    /// Of a folder's files, the first that may say what runs the config, unless there is a `.env`.
    pub(crate) fn runs_it(&self) -> Option<Key> {
        let dotenv = self.get(ENVIRONMENT).is_some_and(|file| !file.text.trim().is_empty());
        let others = self.files.iter().filter(|file| !file.is_config && file.key != ENVIRONMENT);
        others.filter(|_| !dotenv).map(|file| file.key).next()
    }

    /// Whether the user wrote nothing: it is an example, or empty.
    pub(crate) fn is_untouched(&self) -> bool {
        let blank = self.files.iter().all(|file| file.text.trim().is_empty());
        blank || self.example.is_some()
    }
}

/// Whether a file of this name is a `.env`.
pub(crate) fn is_dotenv(name: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or(name);
    name.starts_with(".env") || name.rsplit_once('.').is_some_and(|(_, end)| end == "env")
}
