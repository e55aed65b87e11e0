//! What happens to the page.

use std::rc::Rc;

use redproof_messages::{At, Edit, FixedAll, Misplaced, Preview, Releases};

use super::files::Before;
use crate::bridge::Editor;
use crate::engine::Heard;
use crate::files::Part;
use crate::intake::{Choice, Given};
use crate::json::Json;
use crate::views::View;
use crate::workspace::Key;

/// What happens.
pub(crate) enum Msg {
    /// A file's text is now this; whether all of the old one was replaced.
    Text(Key, String, bool),
    /// A file's editor is there.
    Ready(Key, Rc<Editor>),
    /// The engine says something.
    Heard(Heard),
    /// The releases that can be chosen.
    Releases(Releases),
    /// The engine is to start again.
    Restart,
    /// Files were dropped or opened: names and bytes; those that can't be taken, and why.
    Dropped(Vec<(String, Vec<u8>)>, Vec<(String, String)>),
    /// They are of these kinds.
    Given(Given),
    /// What is to be done with a config among them.
    Decide(Choice),
    /// A text that is in the wrong place is to go where it belongs.
    Move(Misplaced),
    /// The files are to make room for new ones.
    New,
    /// The user wants to paste a config of their own.
    PasteOwn,
    /// The introduction is to go.
    CloseHello,
    /// What was there before is to come back, by the button of this label.
    Restore(&'static str, Box<Before>),
    /// A file is to be taken off the page.
    Close(Key),
    /// Another config is to be checked.
    CheckConfig(Key),
    /// Of a folder's files, this way in which a config runs is to be checked, a place in the list.
    Run(usize),
    /// Whether the files are to be a folder's: else all of them set the environment.
    Folder(bool),
    /// Another LiteLLM release was chosen; empty for automatic.
    Litellm(String),
    /// Another redis-py release was chosen; empty for the one that LiteLLM ships.
    RedisPy(String),
    /// Both are to be these.
    Pair(String, String),
    /// An example was chosen, by its place in the list.
    Example(usize),
    /// A finding's fix was asked for.
    Fix(usize),
    /// What a finding's fix changes is to be shown; or no more.
    Preview(Option<usize>),
    /// It is this.
    Previewed(u32, usize, Option<Preview>),
    /// All safe fixes were asked for.
    FixAll,
    /// They are these.
    FixedAll(FixedAll),
    /// Edits are to be made.
    Edit(Vec<Edit>),
    /// What the line at the bottom offers to take back is to be taken back.
    TakeBack,
    /// The last step of these files is to be taken back.
    Undo(Vec<Key>),
    /// The config and the environment are to be these texts.
    Begin(String, String),
    /// A place is to be shown.
    Follow(At),
    /// The same: the file's number, from and to.
    FollowFile(u32, u32, u32),
    /// Edges of the map are pointed at, or none.
    Light(Vec<usize>),
    /// These edges of the map and these lines are to be lit, and the first line shown.
    Lit(Vec<usize>, Vec<At>),
    /// The problems that a chip of the verdict is about are to be shown alone; or all again.
    Filter(Option<usize>),
    /// A finding of the list is to be shown, and gets the keyboard.
    ShowProblem(usize),
    /// Lines are to be lit, and the first shown.
    Lines(Vec<At>),
    /// A line of a text is pointed at, from here to there in UTF-16 code units; or none.
    Point(Key, Option<(u32, u32)>),
    /// Another part of the page is to be shown.
    Show(Part),
    /// Another view of the result is to be shown; `None` is the check.
    View(Option<View>),
    /// The connections are to be tested.
    Test,
    /// The same, from the address: it names the view already.
    Shown(Option<View>),
    /// The dialog that shares is to be opened.
    Share,
    /// The palette is to be opened.
    Palette,
    /// The sheet of keys is to be opened.
    Keys,
    /// The field for error texts is to be shown, and gets the keyboard.
    AskError,
    /// What was found is to be copied as Markdown.
    CopyReport,
    /// It is this.
    Report(String),
    /// The text is to be kept in this browser, or not.
    Drafts(bool),
    /// A live test has news.
    Live(u32, Json),
    /// A picture of the map is to be made: `svg` or `png`.
    Picture(&'static str),
    /// Something is to be said at the bottom.
    Say(String),
    /// What was said at the bottom is to go.
    CloseToast,
    /// The theme is to be `light`, `dark`, or the system's: empty.
    Theme(&'static str),
    /// The next of these.
    NextTheme,
    /// Long lines are to wrap, or not any more.
    Wrap,
    /// The environment's pane is to be folded away, or unfolded.
    Fold,
}
