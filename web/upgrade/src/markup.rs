//! HTML, with every text escaped.

use std::fmt::Write as _;

use redproof_core::source::Span;

/// HTML that is being written.
#[derive(Default)]
pub(crate) struct Markup(String);

impl Markup {
    /// An element that holds what `inside` writes. The name and the class are ours, not the user's.
    pub(crate) fn element(&mut self, name: &str, class: &str, inside: impl FnOnce(&mut Self)) {
        let _ = write!(self.0, "<{name} class=\"{class}\">");
        inside(self);
        let _ = write!(self.0, "</{name}>");
    }

    /// An element that holds a text.
    pub(crate) fn text_element(&mut self, name: &str, class: &str, text: &str) {
        self.element(name, class, |inside| inside.text(text));
    }

    /// A paragraph, what stands between backticks as code.
    pub(crate) fn prose(&mut self, class: &str, text: &str) {
        self.element("p", class, |paragraph| {
            for (at, part) in text.split('`').enumerate() {
                if at % 2 == 1 {
                    paragraph.text_element("code", "", part);
                } else {
                    paragraph.text(part);
                }
            }
        });
    }

    /// A button that leads to a place in the texts; the page listens for it.
    pub(crate) fn place(&mut self, span: Span, text: &str) {
        let Span { source, start, end } = span;
        let _ = write!(
            self.0,
            "<button type=\"button\" class=\"place\" data-place=\"{} {start} {end}\">",
            source.0
        );
        self.text(text);
        self.0.push_str("</button>");
    }

    /// A text.
    pub(crate) fn text(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                _ => self.0.push(character),
            }
        }
    }

    /// The whole.
    pub(crate) fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Markup;

    #[test]
    fn texts_are_escaped() {
        let mut markup = Markup::default();
        markup.prose("why", "<img src=x onerror='alert(1)'> & `a<b`");
        assert_eq!(
            markup.finish(),
            "<p class=\"why\">&lt;img src=x onerror=&#39;alert(1)&#39;&gt; &amp; \
             <code class=\"\">a&lt;b</code></p>"
        );
    }
}
