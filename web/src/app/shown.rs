//! What of the page shows, lights up and has the keyboard.

use redproof_messages::{Answer, Ask, At};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::{App, Msg};
use crate::files::Part;
use crate::toast::Toast;
use crate::views::View;
use crate::workspace::Key;
use crate::{bridge, problems};

impl App {
    /// What happens to that; gives whether the page is to be drawn again.
    pub(super) fn show(&mut self, message: Msg) -> bool {
        match message {
            Msg::Preview(None) => self.preview = None,
            Msg::Preview(Some(finding)) => {
                let (link, revision) = (self.host.link.clone(), self.revision);
                self.host.ask(&Ask::Preview { finding }, move |answer| {
                    if let Answer::Preview(preview) = answer {
                        link.send_message(Msg::Previewed(revision, finding, preview));
                    }
                });
                return false;
            }
            Msg::Previewed(revision, finding, preview) => {
                // The text may have gone on.
                let preview = preview.filter(|_| revision == self.revision);
                self.preview = preview.map(|preview| (finding, preview));
            }
            Msg::Follow(at) => {
                let Some(key) = self.workspace.key(at.file) else { return false };
                self.follow(key, at.from, at.to);
            }
            Msg::FollowFile(file, from, to) => {
                let key = u16::try_from(file).ok().and_then(|file| self.workspace.key(file));
                let Some(key) = key else { return false };
                self.follow(key, from, to);
            }
            Msg::Light(edges) => self.light(edges),
            Msg::Filter(chip) => self.filter(chip),
            Msg::Lit(edges, places) => {
                let known = self.shown().map_or(0, |checked| checked.map.edges.len());
                self.lit = edges.into_iter().filter(|edge| *edge < known).collect();
                self.light_lines(&places, true);
            }
            Msg::ShowProblem(at) => {
                // It may be one that the chosen chip is not about.
                self.filter = None;
                self.then.focus = Some(problems::id(at));
            }
            Msg::Lines(places) => {
                self.light_lines(&places, true);
                return false;
            }
            Msg::Point(key, place) => {
                let lit = place.map_or_else(Vec::new, |place| self.edges_of(key, place));
                return std::mem::replace(&mut self.lit, lit) != self.lit;
            }
            Msg::Show(part) => self.reveal(part),
            Msg::View(view) => self.turn(view),
            Msg::Shown(view) => {
                self.view = view;
                if view.is_some() {
                    self.part = Part::Result;
                }
            }
            Msg::Share => self.shares += 1,
            Msg::Palette => self.palettes += 1,
            Msg::Keys => self.sheets += 1,
            Msg::AskError => {
                self.turn(None);
                self.then.focus = Some("error-text".to_owned());
            }
            Msg::CopyReport => {
                let link = self.host.link.clone();
                self.host.ask(&Ask::Report, move |answer| {
                    if let Answer::Report(report) = answer {
                        link.send_message(Msg::Report(report));
                    }
                });
                return false;
            }
            Msg::Report(report) => {
                let link = self.host.link.clone();
                wasm_bindgen_futures::spawn_local(async move {
                    let said = if bridge::copy(&report).await {
                        "The report was copied as Markdown, without secrets."
                    } else {
                        "The browser blocked copying."
                    };
                    link.send_message(Msg::Say(said.to_owned()));
                });
                return false;
            }
            Msg::Picture(kind) => {
                let link = self.host.link.clone();
                wasm_bindgen_futures::spawn_local(async move {
                    link.send_message(Msg::Say(bridge::picture(kind).await));
                });
                return false;
            }
            Msg::Say(text) => self.toast = Some(Toast { text, ..Toast::default() }),
            Msg::CloseToast => {
                self.toast = None;
                self.then.clicked = true;
            }
            message @ (Msg::Theme(_) | Msg::NextTheme | Msg::Wrap | Msg::Fold) => {
                self.look(&message);
            }
            // The other ones are told to the page itself.
            _ => return false,
        }
        true
    }

    /// Shows a view of the result, and has the address name it.
    pub(super) fn turn(&mut self, view: Option<View>) {
        if self.view != view {
            bridge::name_view(view.map_or("", View::name));
        }
        self.view = view;
        self.part = Part::Result;
    }

    /// Has the page look otherwise.
    fn look(&mut self, message: &Msg) {
        match message {
            Msg::Theme(name) => {
                bridge::set_theme(name);
                (*name).clone_into(&mut self.looks.theme);
            }
            Msg::NextTheme => {
                let next = match self.looks.theme.as_str() {
                    "" => "light",
                    "light" => "dark",
                    _ => "",
                };
                self.look(&Msg::Theme(next));
            }
            Msg::Wrap => {
                self.looks.wraps = !self.looks.wraps;
                bridge::set_wraps(self.looks.wraps);
            }
            _ => self.looks.folded = !self.looks.folded,
        }
    }

    /// Has the problems that a chip is about shown alone, and what lacks it lit; once more, all again.
    fn filter(&mut self, chip: Option<usize>) {
        self.filter = chip.filter(|_| self.filter != chip);
        let chips = self.shown().map(|checked| &checked.verdict.chips);
        let chip = self.filter.and_then(|at| chips?.get(at));
        self.light(chip.map_or(vec![], |chip| chip.edges.clone()));
    }

    /// Lights edges, and the lines that made them.
    fn light(&mut self, edges: Vec<usize>) {
        let places: Vec<At> = edges
            .iter()
            .filter_map(|edge| self.shown()?.map.edges.get(*edge))
            .flat_map(|edge| edge.places.clone())
            .collect();
        self.light_lines(&places, false);
        self.lit = edges;
    }

    fn light_lines(&self, places: &[At], show: bool) {
        for (key, editor) in &self.editors {
            let number = self.workspace.number(*key);
            let own = places.iter().filter(|at| Some(at.file) == number);
            editor.light(own.map(|at| at.from).collect(), show);
        }
    }

    /// Shows a part, and of files that share a pane this one.
    pub(super) fn reveal(&mut self, part: Part) {
        self.part = part;
        if let Part::File(key) = part {
            if key != self.workspace.config {
                self.looks.folded = false;
                self.lower = key;
            }
            if !self.opened.contains(&key) {
                self.opened.push(key);
            }
        }
    }

    pub(super) fn follow(&mut self, key: Key, from: u32, to: u32) {
        self.reveal(Part::File(key));
        self.followed = Some((key, from, to));
    }
}

/// Shows the result from its top.
pub(super) fn to_top() {
    if let Some(result) = element("result") {
        result.set_scroll_top(0);
    }
}

/// Says whether the result is still that of an older text.
pub(super) fn busy(yes: bool) {
    if let Some(result) = element("result") {
        // An attribute of this name can be set.
        let _ = result.set_attribute("aria-busy", if yes { "true" } else { "false" });
    }
}

fn element(id: &str) -> Option<Element> {
    web_sys::window()?.document()?.get_element_by_id(id)
}

/// Gives an element the keyboard, where what had it is gone.
pub(super) fn keep_keyboard(id: &str) {
    if is_lost() {
        give_keyboard(id);
    }
    // On a narrow page, it may be in the part that does not show.
    if is_lost() {
        give_keyboard("parts");
    }
}

fn is_lost() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    let active = document.and_then(|document| document.active_element());
    active.is_none_or(|active| active.tag_name() == "BODY")
}

/// Gives an element the keyboard.
pub(super) fn give_keyboard(id: &str) {
    if let Some(found) = element(id).and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        let _ = found.focus();
    }
}
