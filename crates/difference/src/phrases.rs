//! What every face says of a change, in the same words.

use super::{Aspect, Change, Verdict, sides};

impl Verdict {
    /// All of them, the worst first.
    pub const ALL: [Self; 4] = [Self::Breaks, Self::Weakens, Self::Changes, Self::Improves];

    /// `breaks`, `weakens`, `changes`, `improves`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Breaks => "breaks",
            Self::Weakens => "weakens",
            Self::Changes => "changes",
            Self::Improves => "improves",
        }
    }
}

impl Change {
    /// Whether the value is the same, and comes from another place.
    pub(crate) fn is_moved(&self) -> bool {
        self.before.text == self.after.text
    }

    /// Whose clients, in words; empty for LiteLLM as a whole.
    pub fn whose(&self) -> String {
        sides::clients(&self.clients)
    }

    /// The heading that a change is under: whose clients it affects.
    pub fn heading(&self) -> String {
        if self.aspect == Aspect::Setting {
            return "settings".to_owned();
        }
        let whose = self.whose();
        let whose = if whose.is_empty() { "LiteLLM".to_owned() } else { whose };
        if self.sentinels { format!("{whose}, to the sentinels") } else { whose }
    }

    /// What it is about, in a few words.
    pub fn title(&self) -> String {
        match self.aspect {
            Aspect::Setting => self.setting.clone(),
            aspect if self.setting.starts_with("ssl_") || self.setting.contains("timeout") => {
                format!("{} ({})", aspect.name(), self.setting)
            }
            aspect => aspect.name().to_owned(),
        }
    }
}
